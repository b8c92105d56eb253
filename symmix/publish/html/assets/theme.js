// Dark or light as it was chosen here before, set before anything is painted; without a choice the system decides.
"use strict";
try {
  const chosen = localStorage.getItem("symmix-theme");
  if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
} catch {
  // a browser that keeps nothing for pages from a folder: the system decides
}
