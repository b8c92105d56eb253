"""The layers are enforced: which module may import what, and that the contracts say no."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import sympy

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "symmix").rglob("*.py"))

# The third-party packages of each module: the first line that matches counts.
THIRD_PARTY = {
    "symmix/publish/html/guides.py": frozenset({"markdown_it"}),  # comes with rich
    **dict.fromkeys(
        (
            "symmix/catalogue.py",
            "symmix/certifying/",
            "symmix/checker",
            "symmix/confirmation.py",
            "symmix/printing/",
            "symmix/publish/",
            "symmix/deciding/",
            "symmix/display.py",
            "symmix/divisions.py",
            "symmix/errors.py",
            "symmix/executing.py",
            "symmix/kernel/",
            "symmix/meaning.py",
            "symmix/rates.py",
            "symmix/search/",
            "symmix/terms/",
            "symmix/verdict.py",
        ),
        frozenset[str](),
    ),
    "symmix/__init__.py": set(),
    "symmix/numeric/": {"numpy"},
    "symmix/evaluation/": {"numpy"},
    "symmix/experiments/": {"numpy"},
    "symmix/confirming/searching.py": {"numpy", "hypothesis"},
    "symmix/confirming/functions.py": {"numpy"},
    "symmix/confirming/points.py": {"numpy"},
    "symmix/figures/computing/": {"numpy"},
    "symmix/figures/": {"matplotlib"},
    "symmix/testing/torch.py": {"numpy", "torch"},
    "symmix/testing/jax.py": {"numpy", "jax"},
    "symmix/testing/spy_torch": {"numpy", "torch"},
    "symmix/testing/relations_torch.py": {"numpy", "torch"},
    "symmix/testing/relations_jax.py": {"numpy", "jax"},
    "symmix/testing/confirmed.py": {"pytest"},
    "symmix/testing/": {"numpy", "hypothesis"},
    "symmix/cli/mcp.py": {"mcp"},
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


# What users write is made of SymPy's nodes; what reads or writes such nodes is symmix.language alone.
WRITTEN_BY_USERS = ("datasets", "moments", "notation", "objectives", "permutations")
CLASSES = {name for name, value in vars(sympy).items() if isinstance(value, type) and issubclass(value, sympy.Basic)}
ANNOTATIONS = {"Basic", "Expr", "MatrixExpr", "MatrixSymbol", "Symbol", "Rational", "Integer", "Tuple"}


def sympy_classes(source: str) -> set[str]:
    """Return the classes of SymPy's nodes that a module names."""
    tree = ast.parse(source)
    imports = [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    sympys = {alias.asname or alias.name for alias in imports if alias.name.startswith("sympy")}
    named = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in sympys
    }
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    named |= {alias.name for node in froms if str(node.module).startswith("sympy") for alias in node.names}
    return named & CLASSES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_ways_in_and_out_know_sympys_nodes(path: Path) -> None:
    name = path.relative_to(ROOT / "symmix").as_posix()
    if not name.startswith(("language/", "components/")) and name.removesuffix(".py") not in WRITTEN_BY_USERS:
        assert sympy_classes(path.read_text(encoding="utf-8")) <= ANNOTATIONS


def test_a_module_that_walks_sympys_nodes_is_found() -> None:
    assert sympy_classes("import sympy as sp\nisinstance(x, sp.MatMul)") == {"MatMul"}
    assert sympy_classes("from sympy import Trace\nTrace(x)") == {"Trace"}


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
    ("kernel/scalars.py", "import sympy", "Trees are decided and certified with the standard library alone"),
    ("errors.py", "import rich", "Trees are decided and certified with the standard library alone"),
    ("terms/nodes.py", "import sympy", "Trees are decided and certified with the standard library alone"),
    ("terms/nodes.py", "import symmix.terms.codec", "The tree is read from its names upwards"),
    ("deciding/frame.py", "import symmix.deciding.identity", "Each kind of statement is decided by itself"),
    ("meaning.py", "import symmix.language", "The package is built in layers"),
    ("display.py", "import symmix.publish.notebook", "The package is built in layers"),
    ("theorems.py", "def f():\n    import symmix.cli", "The package is built in layers"),
    ("kernel/scalars.py", "from symmix.kernel import networks", "The kernel is read from scalars upwards"),
    ("kernel/cofactors.py", "from symmix.kernel import questions", "The kernel is read from scalars upwards"),
    ("kernel/scalars.py", "import symmix.notation", "The package is built in layers"),
    ("kernel/scalars.py", "from symmix import theorem", "The package is built in layers"),
    ("language/reader.py", "import symmix.setting", "The package is built in layers"),
    ("verdict.py", "import symmix.setting", "The package is built in layers"),
    ("catalogue.py", "import symmix.publish.report", "The package is built in layers"),
    ("printing/printer.py", "import symmix.cli", "The package is built in layers"),
    ("a_new_module.py", "", "The package is built in layers"),
    ("statements/identity.py", "import symmix.statements.fails", "The kinds of statement do not know each other"),
    ("printing/latex.py", "import symmix.printing.text", "Printers stand on how symbols are spelled"),
    ("printing/glyphs.py", "import symmix.printing.mathml", "Printers stand on how symbols are spelled"),
    ("publish/html/graph.py", "import symmix.publish.html.theorem", "The site is built from elements upwards"),
    ("publish/html/a_new_module.py", "", "The site is built from elements upwards"),
    (
        "publish/coq/syntax.py",
        "import symmix.publish.coq.context",
        "What is printed for Coq is built from its syntax upwards",
    ),
    ("publish/coq/a_new_module.py", "", "What is printed for Coq is built from its syntax upwards"),
    ("components/cells.py", "import symmix.terms.nodes", "Components are SymPy's alone"),
    ("components/cells.py", "import symmix.language.reader", "Components are SymPy's alone"),
    ("evaluation/points.py", "import symmix.kernel.points", "Trees become arrays without SymPy and the kernel"),
    ("evaluation/points.py", "import sympy", "Trees become arrays without SymPy and the kernel"),
    ("confirming/sides.py", "import symmix.confirming.confirm", "What is confirmed stands on its parts"),
    ("theorems.py", "import symmix.confirming", "The symbolic side never computes with arrays"),
    ("numeric/__init__.py", "import sympy", "The numerical side knows NumPy and the errors alone"),
    ("numeric/__init__.py", "import symmix.kernel.scalars", "The numerical side knows NumPy and the errors alone"),
    ("numeric/__init__.py", "from symmix import gradient", "The numerical side knows NumPy and the errors alone"),
    ("testing/finding.py", "import symmix.kernel", "The checks know the numerical side alone"),
    ("testing/finding.py", "def f():\n    import sympy", "The checks know the numerical side alone"),
    ("testing/finding.py", "import symmix.figures", "The checks know the numerical side alone"),
    ("figures/catalogue.py", "import symmix.catalogue", "The figures know the numerical side alone"),
    ("figures/computing/curves.py", "import sympy", "The figures know the numerical side alone"),
    ("figures/computing/curves.py", "import symmix.figures.drawing", "Pictures are computed before they are drawn"),
    ("figures/numbers.py", "import symmix.figures.catalogue", "Pictures are computed before they are drawn"),
    ("publish/paper.py", "import symmix.figures", "The symbolic side never computes with arrays"),
    ("publish/paper.py", "import matplotlib", "The symbolic side never computes with arrays"),
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


@pytest.mark.slow
@pytest.mark.parametrize(("module", "statement", "contract"), WRONG_WAY)
def test_import_against_an_arrow_breaks_its_contract(copy: Path, module: str, statement: str, contract: str) -> None:
    with (copy / "symmix" / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{statement}\n")
    run = lint_imports(copy)
    assert run.returncode == 1
    assert f"{contract} BROKEN" in " ".join(run.stdout.split())
