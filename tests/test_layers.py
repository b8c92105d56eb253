"""The layers are enforced: which module may import what, and that the contracts say no."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "symmix").rglob("*.py"))

# The third-party packages of each module: the first line that matches counts.
THIRD_PARTY = {
    "symmix/kernel/": set(),
    "symmix/errors.py": set(),
    "symmix/__init__.py": set(),
    "symmix/numeric/": {"numpy"},
    "symmix/testing/torch.py": {"numpy", "torch"},
    "symmix/testing/jax.py": {"numpy", "jax"},
    "symmix/testing/spy_torch": {"numpy", "torch"},
    "symmix/testing/relations_torch.py": {"numpy", "torch"},
    "symmix/testing/relations_jax.py": {"numpy", "jax"},
    "symmix/testing/": {"numpy", "hypothesis"},
    "symmix/cli/": {"sympy", "rich"},
    "symmix/": {"sympy"},
}


def imported_packages(source: str) -> set[str]:
    """Return the top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("symmix" if node.level else str(node.module).partition(".")[0])
    return found


def third_party(source: str) -> set[str]:
    return imported_packages(source) - sys.stdlib_module_names - {"symmix"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_imports_only_the_third_party_packages_of_its_layer(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    allowed = next(packages for prefix, packages in THIRD_PARTY.items() if name.startswith(prefix))
    assert third_party(path.read_text(encoding="utf-8")) <= allowed


@pytest.mark.parametrize(
    ("source", "packages"),
    [
        ("import os, six", {"six"}),
        ("from six.moves import range", {"six"}),
        ("def f():\n    import sympy.abc as abc", {"sympy"}),
        ("from . import six\nfrom symmix.errors import SymmixError\nfrom fractions import Fraction", set()),
    ],
)
def test_third_party_imports_are_found_wherever_they_stand(source: str, packages: set[str]) -> None:
    assert third_party(source) == packages


# One import against each arrow: the module that it is added to, the import, and the contract that breaks.
WRONG_WAY = [
    ("kernel/scalars.py", "import sympy", "The kernel decides with the standard library alone"),
    ("errors.py", "import rich", "The kernel decides with the standard library alone"),
    ("kernel/scalars.py", "from symmix.kernel import networks", "The kernel is read from scalars upwards"),
    ("kernel/membership.py", "from symmix.kernel import witness", "The kernel is read from scalars upwards"),
    ("kernel/scalars.py", "import symmix.notation", "The package is built in layers"),
    ("kernel/scalars.py", "from symmix import theorem", "The package is built in layers"),
    ("language/reader.py", "import symmix.notation", "The package is built in layers"),
    ("verdict.py", "import symmix.setting", "The package is built in layers"),
    ("catalogue.py", "import symmix.export.text", "The package is built in layers"),
    ("export/printer.py", "import symmix.cli", "The package is built in layers"),
    ("a_new_module.py", "", "The package is built in layers"),
    ("statements/identity.py", "import symmix.statements.fails", "The kinds of statement do not know each other"),
    ("export/latex.py", "import symmix.export.text", "What is exported stands on the printers"),
    (
        "export/coq/syntax.py",
        "import symmix.export.coq.context",
        "What is printed for Coq is built from its syntax upwards",
    ),
    ("export/coq/a_new_module.py", "", "What is printed for Coq is built from its syntax upwards"),
    ("numeric/__init__.py", "import sympy", "The numerical side knows NumPy and the errors alone"),
    ("numeric/__init__.py", "import symmix.kernel.scalars", "The numerical side knows NumPy and the errors alone"),
    ("numeric/__init__.py", "from symmix import gradient", "The numerical side knows NumPy and the errors alone"),
    ("testing/finding.py", "import symmix.kernel", "The checks know the numerical side alone"),
    ("testing/finding.py", "def f():\n    import sympy", "The checks know the numerical side alone"),
    ("gradients.py", "import symmix.numeric", "The symbolic side never computes with arrays"),
    ("setting.py", "def f():\n    import numpy", "The symbolic side never computes with arrays"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "import importlinter.cli as c; c.lint_imports_command()", "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    pytest.importorskip("importlinter", reason="the layers are linted where the dev extra is installed")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "symmix", tmp_path / "symmix", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_contracts_hold(copy: Path) -> None:
    run = lint_imports(copy)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(("module", "statement", "contract"), WRONG_WAY)
def test_import_against_an_arrow_breaks_its_contract(copy: Path, module: str, statement: str, contract: str) -> None:
    with (copy / "symmix" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{statement}\n")
    run = lint_imports(copy)
    assert run.returncode == 1
    assert f"{contract} BROKEN" in " ".join(run.stdout.split())
