"""The kernel stands alone: the standard library suffices to import it and to decide with it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import symmix.kernel

FOLDER = Path(symmix.kernel.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")

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
from symmix.kernel.membership import find_cofactors
from symmix.kernel.networks import entry, ones
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import Polynomial
from symmix.kernel.witness import Question, find_witness

P = Tensor("P", ("n", "n"))
rows = entry(P, "i", "j").sum("j") - ones(i="n")
both = (entry(P, "i", "j") * entry(P, "j", "k")).sum("j", "k") - ones(i="n")
print(find_cofactors(both, [rows], frozenset()).holds, find_witness(Question((both,))) is not None)
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
    result = run(BLOCKED + f"import symmix.kernel.{module}")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("options", [(), ("-O",), ("-OO",)])
def test_decides_with_the_standard_library_alone(options: tuple[str, ...]) -> None:
    result = run(BLOCKED + DECIDES, *options)
    assert result.returncode == 0, result.stderr
    decided, loaded = result.stdout.splitlines()
    assert decided == "True True"
    assert ast.literal_eval(loaded) == ["symmix"]


@pytest.mark.parametrize("module", MODULES)
def test_nothing_in_the_kernel_is_left_to_a_bare_assert(module: str) -> None:
    tree = ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert)]


def test_small_enough_to_be_read_in_one_sitting() -> None:
    """Without the second checker, which shares nothing with the rest and is there so that it need not be trusted."""
    deciding = [module for module in MODULES if module != "check"]
    lines = {module: len((FOLDER / f"{module}.py").read_text(encoding="utf-8").splitlines()) for module in deciding}
    assert sum(lines.values()) < 1800, lines
    assert {"scalars", "networks", "calculus", "membership", "witness", "positivity"} <= lines.keys()
