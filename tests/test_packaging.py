"""What a user gets: light imports, a version, an entry point, a wheel that carries its theorems and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distributions, entry_points, metadata, version
from pathlib import Path

import pytest

import symmix
from symmix.catalogue import load, proofs_directory

ROOT = Path(__file__).parent.parent
installed = pytest.mark.skipif(
    not list(distributions(name="symmix")), reason="only an installed package has metadata: pip install -e ."
)


def run(program: str, *options: str, path: str = str(ROOT)) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": path}
    command = [sys.executable, *options, "-c", program] if program else [sys.executable, *options]
    return subprocess.run(command, cwd=path, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("symmix", {"sympy", "numpy", "rich", "hypothesis"}),
        ("symmix.errors", {"sympy", "numpy", "rich", "hypothesis"}),
        ("symmix.search.witnesses", {"sympy", "numpy", "rich", "hypothesis"}),
        ("symmix.search.cofactors", {"sympy", "numpy", "rich", "hypothesis"}),
        ("symmix.numeric", {"sympy", "rich", "hypothesis"}),
        ("symmix.theorems", {"numpy", "rich", "hypothesis"}),
    ],
)
def test_import_loads_no_more_than_it_needs(module: str, absent: set[str]) -> None:
    result = run(f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))")
    assert result.returncode == 0, result.stderr
    assert not absent & set(json.loads(result.stdout))


def test_public_names_are_all_there() -> None:
    assert sorted(symmix.__all__) == dir(symmix)
    for name in symmix.__all__:
        assert getattr(symmix, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'simplify'"):
        _ = symmix.simplify  # type: ignore[attr-defined]


@installed
def test_version_is_the_same_everywhere() -> None:
    assert version("symmix") == symmix.__version__
    assert run("", "-m", "symmix", "--version").stdout == f"symmix {symmix.__version__}\n"


@installed
def test_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="symmix")
    assert command.value == "symmix.cli:main"


@installed
def test_metadata_says_what_is_needed() -> None:
    requirements = metadata("symmix").get_all("Requires-Dist") or []
    needed = {requirement for requirement in requirements if "extra ==" not in requirement}
    assert {re.split("[<>=]", name)[0] for name in needed} == {"numpy", "rich", "sympy"}


def test_typing_is_announced() -> None:
    assert (Path(symmix.__file__).parent / "py.typed").is_file()


@pytest.mark.slow
def test_scripts_run_without_assertions() -> None:
    result = run("", "-O", "-m", "symmix", "prove", "-k", "gradient_has_four_terms")
    assert result.stdout.splitlines()[-1] == "PROVED gradient_has_four_terms"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="the wheel is built where the dev extra is installed")
    folder = tmp_path_factory.mktemp("wheel")
    build = "import sys, hatchling.build as b; print(b.build_wheel(sys.argv[1]))"
    command = [sys.executable, "-c", build, str(folder)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / result.stdout.splitlines()[-1]


def test_wheel_carries_package_and_theorems_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    package = {p.relative_to(ROOT).as_posix() for p in (ROOT / "symmix").rglob("*") if p.is_file()}
    proofs = {f"symmix/proofs/{p.name}" for p in (ROOT / "proofs").glob("*.*")}
    assert names == {name for name in package if "__pycache__" not in name} | proofs
    assert "symmix/py.typed" in names


def test_wheel_proves_from_any_directory(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    source = (
        "import symmix.catalogue as c, json; print(json.dumps([str(c.proofs_directory()), [s.id for s in c.load()]]))"
    )
    result = run(source, path=str(site))
    directory, ids = json.loads(result.stdout)
    assert Path(directory) == site / "symmix" / "proofs"
    assert ids == [script.id for script in load()]
    assert Path(directory) != proofs_directory()
