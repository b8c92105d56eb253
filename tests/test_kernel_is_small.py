"""The kernel stands alone: the standard library suffices to import it and to decide with it.

The same holds for the tree, for what trees mean, for the search, and for deciding statements.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import symmix

ROOT = Path(symmix.__file__).parent
FOLDER = ROOT / "kernel"
KERNEL = sorted(f"kernel.{path.stem}" for path in FOLDER.glob("*.py") if path.stem != "__init__")
ABOVE = sorted(
    f"{path.parent.name}.{path.stem}"
    for folder in ("terms", "search", "deciding")
    for path in (ROOT / folder).glob("*.py")
    if path.stem != "__init__"
)
MODULES = [*KERNEL, *ABOVE, "divisions", "meaning", "rates", "verdict"]

BLOCKED = """
import sys

class Blocker:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in sys.stdlib_module_names and top != "symmix":
            raise ImportError("blocked: " + name)
        return None

sys.meta_path.insert(0, Blocker())
before = set(sys.modules)
"""

DECIDES = """
from symmix.deciding import Frame, decide
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import entry, ones
from symmix.kernel.products import Tensor
from symmix.kernel.questions import Question
from symmix.search.cofactors import find_cofactors
from symmix.search.witnesses import find_witness
from symmix.terms import nodes, statements
from symmix.terms.codec import document, theorem_of
from symmix.terms.documents import require_theorem

P = Tensor("P", ("n", "n"))
rows = Hypothesis(entry(P, "i", "j").sum("j") - ones(i="n"), ("i",))
both = (entry(P, "i", "j") * entry(P, "j", "k")).sum("j", "k") - ones(i="n")
print(find_cofactors(both, [rows], frozenset()).holds, find_witness(Question((both,))) is not None)
A, B = (nodes.Symbol(name, ("n", "n")) for name in "AB")
claim = statements.Identity(nodes.Multiply((A, B)), nodes.Multiply((B, A)))
theorem = theorem_of(document(statements.Theorem("x", statements.Setting(), (("", claim),), (), ())))
print(decide(claim, Frame.of(theorem.setting, require_theorem(theorem).names)).word)
print(sorted({name.partition(".")[0] for name in sys.modules.keys() - before} - sys.stdlib_module_names))
"""


def run(program: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
    )


@pytest.mark.parametrize("blocked", ["sympy", "numpy", "hypothesis"])
def test_the_blocker_blocks(blocked: str) -> None:
    result = run(BLOCKED + f"import {blocked}")
    assert result.returncode == 1
    assert f"ImportError: blocked: {blocked}" in result.stderr


@pytest.mark.parametrize("module", MODULES)
def test_each_module_can_be_imported_first_and_with_the_standard_library_alone(module: str) -> None:
    result = run(BLOCKED + f"import symmix.{module}")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("options", [(), ("-O",), ("-OO",)])
def test_decides_with_the_standard_library_alone(options: tuple[str, ...]) -> None:
    result = run(BLOCKED + DECIDES, *options)
    assert result.returncode == 0, result.stderr
    decided, word, loaded = result.stdout.splitlines()
    assert decided == "True True"
    assert word == "refuted"
    assert ast.literal_eval(loaded) == ["symmix"]


@pytest.mark.parametrize("module", MODULES)
def test_nothing_there_is_left_to_a_bare_assert(module: str) -> None:
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def test_small_enough_to_be_read_in_one_sitting() -> None:
    lines = {path.stem: len(path.read_text(encoding="utf-8").splitlines()) for path in FOLDER.glob("*.py")}
    lines.pop("check", None)  # a second checker, which shares nothing with the rest
    assert sum(lines.values()) <= 1500, lines
    assert {"scalars", "networks", "calculus", "cofactors", "questions", "distributions", "positivity"} <= lines.keys()
