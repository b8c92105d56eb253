// What the pages do: search, dark and light, derivations line by line, printing. Without it everything can be read.
"use strict";

for (const part of document.querySelectorAll(".scripted")) part.hidden = false;
for (const part of document.querySelectorAll(".unscripted")) part.hidden = true;

// -- dark and light ---

const theme = document.getElementById("theme");
const prefersDark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : prefersDark.matches;
}

function showTheme() {
  theme.setAttribute("aria-pressed", String(isDark()));
}

theme.addEventListener("click", () => {
  const chosen = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = chosen;
  try {
    localStorage.setItem("symmix-theme", chosen);
  } catch {
    // then the choice holds for this page
  }
  showTheme();
});
prefersDark.addEventListener("change", showTheme);
showTheme();

// -- search ---

const field = document.getElementById("search");
const results = document.getElementById("results");
const status = document.getElementById("found");
const MOST = 12;

function matching(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const ranked = ENTRIES.map((entry) => {
    const title = entry.title.toLowerCase();
    const all = `${title} ${entry.words.toLowerCase()}`;
    const found = words.every((word) => all.includes(word));
    return { entry, rank: found ? 1 + words.filter((word) => title.includes(word)).length : 0 };
  });
  return ranked.filter(({ rank }) => rank).sort((a, b) => b.rank - a.rank).map(({ entry }) => entry);
}

function resultOf(entry) {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.href = entry.address;
  link.append(Object.assign(document.createElement("strong"), { textContent: entry.title }));
  link.append(Object.assign(document.createElement("small"), { textContent: entry.summary }));
  item.append(link);
  return item;
}

function search() {
  const found = matching(field.value);
  results.replaceChildren(...found.slice(0, MOST).map(resultOf));
  results.hidden = !found.length;
  const more = found.length > MOST ? `, the first ${MOST} are shown` : "";
  status.textContent = field.value.trim() ? `${found.length} found${more}` : "";
}

field.addEventListener("input", search);
field.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" && !results.hidden) {
    event.preventDefault();
    results.querySelector("a").focus();
  }
});
results.addEventListener("keydown", (event) => {
  const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = event.target.closest("li")[step];
  (next ? next.querySelector("a") : field).focus();
});
document.querySelector("search").addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  field.value = "";
  search();
  field.focus();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest("search")) results.hidden = true;
});
field.addEventListener("focus", search);

// -- derivations, line by line ---

function button(words, action) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: words });
  made.addEventListener("click", action);
  return made;
}

for (const chain of document.querySelectorAll(".chain")) {
  const steps = [...chain.querySelectorAll("details.step")];
  const next = button("Next line", () => {
    const closed = steps.find((step) => !step.open);
    if (closed) closed.open = true;
  });
  const all = button("All lines", () => {
    const open = steps.some((step) => !step.open);
    for (const step of steps) step.open = open;
  });
  const show = () => {
    next.disabled = steps.every((step) => step.open);
    all.textContent = next.disabled ? "Fold" : "All lines";
  };
  for (const step of steps) step.addEventListener("toggle", show);
  const controls = Object.assign(document.createElement("p"), { className: "controls" });
  controls.append(next, all);
  chain.append(controls);
}

// -- what scrolls in itself can be scrolled by keys; what is folded is printed ---

function reachable() {
  for (const part of document.querySelectorAll(".formula, .scroll")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
    else if (!part.matches(".map")) part.removeAttribute("tabindex");
  }
}

document.addEventListener("toggle", reachable, true);
addEventListener("resize", reachable);
reachable();

let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open]):not(.script)")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});
