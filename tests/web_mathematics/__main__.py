"""Draw every formula with KaTeX and MathJax, and count: ``python -m tests.web_mathematics``.

Both programs come from npm into a temporary folder, in the versions of ``package.json``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from symmix.catalogue import load
from tests.web_mathematics.formulas import Formula, against_github, everywhere

HERE = Path(__file__).parent
WRONG = [r"\bm{x}", r"\unknowncommand", r"x^{a}^{b}", r"\frac{1}", r"{", r"\text{a $b$}}"]


def drawn(formulas: list[Formula], folder: Path) -> list[tuple[Formula, str]]:
    """Return the formulas that one of the programs does not draw, with what it says."""
    given = json.dumps({"formulas": [[formula.latex, formula.display] for formula in formulas]})
    run = subprocess.run(
        ["node", "render.cjs"], cwd=folder, input=given, capture_output=True, text=True, encoding="utf-8", check=True
    )
    failures = json.loads(run.stdout)["failures"]
    return [(formulas[place], f"{program}: {message}") for place, program, message in failures]


def install(folder: Path) -> None:
    """Install the programs into a folder."""
    for name in ("package.json", "render.cjs"):
        shutil.copy(HERE / name, folder / name)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)


def main() -> int:
    """Return 0 if every formula is drawn, and 1 if one is not."""
    missing = [command for command in ("node", "npm") if shutil.which(command) is None]
    if missing:
        print(f"{' and '.join(missing)} missing: install nodejs and npm", file=sys.stderr)
        return 2
    formulas = list(dict.fromkeys(everywhere([script.prove() for script in load()])))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install(folder)
        said = {formula for formula, _ in drawn([Formula(latex, display=False, where="") for latex in WRONG], folder)}
        unnoticed = [latex for latex in WRONG if Formula(latex, display=False, where="") not in said]
        failures = drawn(formulas, folder)
    failures += [(formula, words) for formula in formulas if (words := against_github(formula))]
    for formula, words in failures:
        print(f"{formula.where}: {words}\n    {formula.latex}", file=sys.stderr)
    for latex in unnoticed:
        print(f"drawn without a complaint: {latex}", file=sys.stderr)
    print(f"{len(formulas)} formulas drawn by KaTeX and by MathJax, {len(failures)} failures")
    return 1 if failures or unnoticed else 0


if __name__ == "__main__":
    raise SystemExit(main())
