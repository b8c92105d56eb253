// The figures: curves and numbers from FORMULAS, which hold what the theorems say. Nothing is computed here but
// lengths of vectors, places on the screen, and paths that follow a gradient.
"use strict";

const SVG = "http://www.w3.org/2000/svg";
const MARGIN = { left: 54, right: 28, top: 22, bottom: 42 };
const BARE = { left: 8, right: 8, top: 22, bottom: 26 }; // without numbers at the axes
const WIDEST = 560;
const NARROWEST = 200;

// The encoder of the figures: a straight line from one sample to the other, or one that is bent.
const START = [[0], [0]];
const END = [[1], [0]];
const HEAD = [[1, 0]]; // sees the first of two features
const FIRST = [[1, 0, 0, 0], [0, 1, 0, 0]]; // Jacobians of z and z' by both features, which are the parameters here
const SECOND = [[0, 0, 1, 0], [0, 0, 0, 1]];
const COMPANION = 0.25; // the marked path begins at (s, s/4)

const settings = {};

function length(column) {
  return Math.sqrt(column.reduce((sum, [x]) => sum + x * x, 0));
}

function encoded(t, kappa) {
  return [FORMULAS.encoderSeen.value({ t, kappa })[0], FORMULAS.encoderUnseen.value({ t, kappa })[0]];
}

// The values of all symbols in the plane, at one ratio, bend and error of both samples.
function plane({ ratio, curvature, error }) {
  const symbols = {
    "lam": ratio, "W": HEAD, "e": [[error]], "e'": [[error]], "J": FIRST, "J'": SECOND, "z": START, "z'": END,
    "z~": encoded(1 - ratio, curvature),
  };
  return { ...symbols, "gap": FORMULAS.gap.value(symbols) };
}

function line(ratio, e, other) {
  const m2 = (ratio * ratio + (1 - ratio) * (1 - ratio)) / 2; // lam and 1 - lam, each with probability 1/2
  return { "lam": ratio, "W": [[1]], "e": [[e]], "e'": [[other]], "J": [[1, 0]], "J'": [[0, 1]], "m": 0.5, "m2": m2 };
}

function averaged(values) {
  return [FORMULAS.averageFirst.value(values)[0], FORMULAS.averageSecond.value(values)[0]];
}

// -- drawing ---

function node(tag, attributes, ...inside) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

class Axes {
  static drawn = 0;
  constructor(x, y, label, { width, height, logarithmic = false, margin = MARGIN, names = ["", ""] }) {
    Object.assign(this, { x, y, width, height, logarithmic, margin, clip: `clip${(Axes.drawn += 1)}` });
    this.svg = node("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": label });
    const [left, right, top, bottom] = [this.margin.left, width - this.margin.right, this.margin.top, height - this.margin.bottom];
    const box = { x: left, y: top, width: right - left, height: bottom - top };
    this.add("clipPath", { id: this.clip }, node("rect", box));
    this.add("rect", { ...box, class: "axis" });
    this.words((left + right) / 2, height - 6, names[0], "middle");
    this.words(left, top - 8, names[1], "start");
  }
  add(tag, attributes, ...inside) {
    const made = node(tag, attributes, ...inside);
    this.svg.append(made);
    return made;
  }
  words(x, y, text, anchor = "start", kind = "") {
    if (text) this.add("text", { x, y, "text-anchor": anchor, class: kind }, text);
  }
  at(x, y) {
    const share = (value, [low, high]) =>
      this.logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    const across = this.margin.left + share(x, this.x) * (this.width - this.margin.left - this.margin.right);
    const down = this.height - this.margin.bottom - share(y, this.y) * (this.height - this.margin.top - this.margin.bottom);
    return [across, down];
  }
  tick(x, text) {
    this.words(this.at(x, this.y[0])[0], this.height - this.margin.bottom + 16, text, "middle", "soft");
  }
  side(y, text) {
    this.words(this.margin.left - 6, this.at(this.x[0], y)[1] + 4, text, "end", "soft");
  }
  curve(points, kind) {
    const places = points.filter(([x, y]) => !this.logarithmic || (x > 0 && y > 0)).map(([x, y]) => this.at(x, y));
    const d = places.map(([x, y], i) => `${i ? "L" : "M"}${x.toFixed(2)} ${y.toFixed(2)}`).join("");
    return this.add("path", { d, class: kind, "clip-path": `url(#${this.clip})` });
  }
  dot(x, y, kind = "dot", radius = 5) {
    const [cx, cy] = this.at(x, y);
    this.add("circle", { cx, cy, r: radius, class: kind });
  }
  cross(x, y) {
    const [cx, cy] = this.at(x, y);
    this.add("path", { d: `M${cx - 6} ${cy - 6}L${cx + 6} ${cy + 6}M${cx - 6} ${cy + 6}L${cx + 6} ${cy - 6}`, class: "ink" });
  }
  name(x, y, text, dx, dy, anchor = "start") {
    const [cx, cy] = this.at(x, y);
    this.words(cx + dx, cy + dy, text, anchor);
  }
}

function range(from, to, steps) {
  return Array.from({ length: steps + 1 }, (_, i) => from + ((to - from) * i) / steps);
}

function show(key, value) {
  const output = document.getElementById(key);
  output.value = Number.isInteger(value) ? String(value) : value.toPrecision(4);
  output.dataset.value = String(value);
}

function room(name, share, parts = 1) {
  const across = document.getElementById(`${name}-drawing`).clientWidth;
  const width = Math.max(NARROWEST, Math.min(WIDEST, across < 560 ? across : (across - 16) / parts));
  return { width, height: Math.round(width * share) };
}

function draw(name, panels, legend) {
  const lines = legend.map(([text, kind]) => {
    const line = node("svg", { viewBox: "0 0 28 10", "aria-hidden": "true" }, node("path", { d: "M0 5h28", class: kind }));
    const item = document.createElement("li");
    item.append(line, text);
    return item;
  });
  const list = Object.assign(document.createElement("ul"), { className: "legend" });
  list.append(...lines);
  document.getElementById(`${name}-drawing`).replaceChildren(...panels.map((panel) => panel.svg), list);
}

// -- the three figures ---

function drawEncoders() {
  const { ratio, curvature } = settings;
  const values = plane(settings);
  const label = "Two encoders in the feature plane: a straight one and a bent one with the same two ends.";
  const axes = new Axes([-0.45, 1.45], [-0.2, 0.85], label, {
    ...room("encoders", 0.6), margin: BARE, names: ["what the head sees", "what it does not see"],
  });
  const bent = range(0, 1, 160).map((t) => encoded(t, curvature).map(([x]) => x));
  axes.curve([[0, 0], [1, 0]], "own dashed");
  axes.curve(bent, "cross");
  const mixed = encoded(1 - ratio, curvature).map(([x]) => x);
  axes.curve([[1 - ratio, 0], [mixed[0], 0], mixed], "ink thin dotted");
  axes.dot(0, 0);
  axes.dot(1, 0);
  axes.dot(1 - ratio, 0, "dot", 4);
  axes.cross(...mixed);
  axes.name(0, 0, "z", -10, 4, "end");
  axes.name(1, 0, "z′", 10, 4);
  axes.name(1 - ratio, 0, "λz + (1−λ)z′", 0, 20, "middle");
  axes.name(mixed[0], mixed[1], "F(x̃)", 0, -12, "middle");
  draw("encoders", [axes], [["straight encoder", "own dashed"], ["bent encoder", "cross"], ["the gap", "ink thin dotted"]]);
  const residual = FORMULAS.mixedResidual.value(values)[0][0];
  const input = FORMULAS.inputResidual.value(values)[0][0];
  show("loss", (residual * residual) / 2);
  show("gradient", length(FORMULAS.gradient.value(values)));
  show("gap", HEAD[0][0] * values.gap[0][0] + HEAD[0][1] * values.gap[1][0]);
  show("inputLoss", (input * input) / 2);
  show("inputGradient", length(FORMULAS.inputGradient.value(values)));
}

function drawFloor() {
  const { ratio, curvature, error } = settings;
  const names = ["error s, smaller to the right", "length of the gradient"];
  const label = "Length of the gradient against the error: manifold mixup falls with it, input mixup has a floor.";
  const axes = new Axes([1, 2 ** -10], [2 ** -12, 4], label, { ...room("floor", 0.62), logarithmic: true, names });
  const at = (s, kappa) => plane({ ratio, curvature: kappa, error: s });
  const manifold = (s) => length(FORMULAS.gradient.value(at(s, curvature)));
  const input = (s) => length(FORMULAS.inputGradient.value(at(s, curvature)));
  const flat = (s) => length(FORMULAS.inputGradient.value(at(s, 0)));
  const errors = range(0, 10, 80).map((power) => 2 ** -power);
  for (const s of [1, 2 ** -5, 2 ** -10]) axes.tick(s, { 1: "1", [2 ** -5]: "1/32", [2 ** -10]: "1/1024" }[s]);
  for (const [y, text] of [[1, "1"], [2 ** -5, "1/32"], [2 ** -10, "1/1024"]]) {
    axes.curve([[1, y], [2 ** -10, y]], "grid");
    axes.side(y, text);
  }
  axes.curve(errors.map((s) => [s, flat(s)]), "own dashed");
  axes.curve(errors.map((s) => [s, manifold(s)]), "ink");
  axes.curve(errors.map((s) => [s, input(s)]), "cross");
  if (error > 0) for (const value of [manifold(error), input(error)]) if (value > 2 ** -12) axes.dot(error, value);
  draw("floor", [axes], [
    ["input mixup, bent encoder", "cross"], ["input mixup, straight encoder", "own dashed"], ["manifold mixup", "ink"],
  ]);
  show("floorManifold", manifold(error));
  show("floorInput", input(error));
  show("floorFlat", flat(error));
  show("floorFloor", input(0));
}

// The errors move by minus W times the features' gradients; W is 1 here.
function follow(field, start, steps, stride) {
  const points = [start];
  let [e, other] = start;
  for (let step = 0; step < steps; step += 1) {
    const [a, b] = field(e, other);
    const [c, d] = field(e - (stride / 2) * a, other - (stride / 2) * b);
    [e, other] = [e - stride * c, other - stride * d];
    points.push([e, other]);
  }
  return points;
}

function portrait(title, field, stationary) {
  const label = `${title}: the paths of the two errors.`;
  const size = { ...room("phase", 1, 2), names: ["e", "e′"] };
  const axes = new Axes([-1, 1], [-1, 1], label, size);
  axes.words(size.width - MARGIN.right, MARGIN.top - 8, title, "end");
  for (const x of [-1, 0, 1]) {
    axes.tick(x, String(x));
    axes.side(x, String(x));
  }
  for (const x of range(-1, 1, 8)) {
    for (const start of [[x, 1], [x, -1], [1, x], [-1, x]]) axes.curve(follow(field, start, 240, 0.1), "path");
  }
  if (stationary) axes.curve(stationary, "cross");
  return axes;
}

function drawPhase() {
  const { ratio, error } = settings;
  const start = [error, COMPANION * error];
  const flow = (e, other) => FORMULAS.flow.value(line(ratio, e, other)).map(([x]) => x);
  const mean = (e, other) => averaged(line(ratio, e, other)).map(([x]) => x);
  const panels = [
    portrait("one ratio", flow, stops(ratio)),
    portrait("averaged", mean, ratio === 0.5 ? stops(0.5) : null),
  ];
  for (const [panel, field] of [[panels[0], flow], [panels[1], mean]]) {
    panel.curve(follow(field, start, 600, 0.1), "own");
    panel.dot(...start, "dot", 4);
    panel.dot(0, 0);
    panel.name(0, 0, "fit", 8, 18);
  }
  draw("phase", panels, [
    ["paths of the errors", "path"], ["where they stop", "cross"], ["the marked path", "own"],
  ]);
  const values = line(ratio, ...start);
  show("phaseFixed", length(FORMULAS.flow.value(values)));
  show("phaseStationary", FORMULAS.stationary.value(values)[0][0]);
  show("phaseAveraged", length(averaged(values)));
  show("phaseVariance", values.m2 - values.m * values.m);
}

// The line through the fit on which the errors of the mixture cancel, as far as it lies in the square.
function stops(ratio) {
  const slope = (e, other) => FORMULAS.stationary.value(line(ratio, e, other))[0][0];
  const [a, b] = [slope(1, 0), slope(0, 1)];
  const reach = 1 / Math.max(Math.abs(a), Math.abs(b));
  return [[-b * reach, a * reach], [b * reach, -a * reach]];
}

// -- sliders: those of one name move together ---

const DRAWINGS = [drawEncoders, drawFloor, drawPhase];

function drawAll() {
  for (const drawing of DRAWINGS) drawing();
}

function valueOf(name, text) {
  if (name !== "error") return Number(text);
  return text === "0" ? 0 : 2 ** (Number(text) - 11); // from 2^-10 to 1
}

function move(name, text) {
  settings[name] = valueOf(name, text);
  for (const slider of document.querySelectorAll(`[data-slider="${name}"]`)) {
    slider.value = text;
    slider.setAttribute("aria-valuetext", String(settings[name]));
  }
  for (const output of document.querySelectorAll(`[data-shown="${name}"]`)) output.value = String(settings[name]);
}

for (const slider of document.querySelectorAll("[data-slider]")) {
  slider.addEventListener("input", () => {
    move(slider.dataset.slider, slider.value);
    drawAll();
  });
  move(slider.dataset.slider, slider.value);
}
drawAll();
addEventListener("resize", drawAll);
