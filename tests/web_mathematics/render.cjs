// Draws formulas with KaTeX and with MathJax, both set to accept no error and no unknown command.
//
// Reads {"formulas": [[latex, display], ...]} from stdin, writes {"failures": [[place, program, message], ...]}.

const katex = require("katex");
const { mathjax } = require("mathjax-full/js/mathjax.js");
const { TeX } = require("mathjax-full/js/input/tex.js");
const { SerializedMmlVisitor } = require("mathjax-full/js/core/MmlTree/SerializedMmlVisitor.js");
const { liteAdaptor } = require("mathjax-full/js/adaptors/liteAdaptor.js");
const { RegisterHTMLHandler } = require("mathjax-full/js/handlers/html.js");
const { STATE } = require("mathjax-full/js/core/MathItem.js");
require("mathjax-full/js/input/tex/ams/AmsConfiguration.js");
require("mathjax-full/js/input/tex/boldsymbol/BoldsymbolConfiguration.js");

RegisterHTMLHandler(liteAdaptor());
const input = new TeX({
  packages: ["base", "ams", "boldsymbol"],
  formatError: (_, error) => { throw new Error(error.message); },
});
const page = mathjax.document("", { InputJax: input });
const visitor = new SerializedMmlVisitor();

const programs = {
  KaTeX: (latex, display) => {
    katex.renderToString(latex, { displayMode: display, throwOnError: true, strict: "error", trust: false });
  },
  MathJax: (latex, display) => {
    const tree = visitor.visitTree(page.convert(latex, { display, end: STATE.CONVERT }));
    if (tree.includes("merror")) throw new Error("an error in its output");
  },
};

let text = "";
process.stdin.setEncoding("utf8");
process.stdin.on("data", (chunk) => { text += chunk; });
process.stdin.on("end", () => {
  const failures = [];
  JSON.parse(text).formulas.forEach(([latex, display], place) => {
    for (const [program, draw] of Object.entries(programs)) {
      try {
        draw(latex, display);
      } catch (error) {
        failures.push([place, program, String(error.message)]);
      }
    }
  });
  process.stdout.write(JSON.stringify({ failures }));
});
