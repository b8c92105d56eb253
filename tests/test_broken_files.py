"""What cannot be read or stated fails by itself: the rest of a run is decided, reported, and written down."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from symmix.cli import main
from tests.test_readme import ROOT

GOOD = """
import sympy as sp

from symmix import Identity, Theorem, theorem

n = sp.Symbol("n", integer=True, positive=True)
A, B = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("B", n, n)


@theorem(answers="Does the trace commute?")
def traces_commute() -> Theorem:
    \"\"\"Traces commute.\"\"\"
    return Theorem(claim=Identity(sp.Trace(A * B), sp.Trace(B * A)), near_misses={"bare": Identity(A * B, B * A)})
"""
UNSTATED = GOOD.replace("traces_commute", "unstated").replace("return Theorem", "1 / 0\n    return Theorem")
FALSE = GOOD.replace("traces_commute", "wrong").replace("sp.Trace(A * B), sp.Trace(B * A)", "A * B, B * A")


def not_python(folder: Path) -> str:
    (folder / "broken.py").write_text("def (")
    return "broken.py"


def nothing_to_import(folder: Path) -> str:
    (folder / "broken.py").write_text("import there_is_no_such_module")
    return "broken.py"


def no_theorem(folder: Path) -> str:
    (folder / "broken.py").write_text("x = 1")
    return "broken.py"


def wrong_text(folder: Path) -> str:
    (folder / "broken.txt").write_text("theorem t: words\nclaim: Q = 1\n")
    return "broken.txt"


def not_stated(folder: Path) -> str:
    (folder / "unstated.py").write_text(UNSTATED)
    return "unstated"


KINDS = [not_python, nothing_to_import, no_theorem, wrong_text, not_stated]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_the_rest_is_decided_and_written_down(
    kind: Callable[[Path], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "proofs"
    folder.mkdir()
    (folder / "good.py").write_text(GOOD)
    name = kind(folder)
    report, certificates = tmp_path / "report.xml", tmp_path / "certificates"
    assert main(["prove", str(folder), "--junit", str(report), "--certificates", str(certificates)]) == 2
    printed = capsys.readouterr()
    last = printed.out.splitlines()[-1]
    assert last.startswith("FAILED")
    assert name in last
    assert "proved 1 of 2 theorems" in last
    assert "required" in printed.err
    suite = ET.fromstring(report.read_text(encoding="utf-8"))
    assert [suite.get(key) for key in ("tests", "errors", "failures")] == ["2", "1", "0"]
    assert {case.get("name"): [part.tag for part in case] for case in suite} == {"traces_commute": [], name: ["error"]}
    assert [file.name for file in certificates.glob("traces*")] == ["traces_commute.json"]

    assert main(["prove", str(folder), "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert [theorem["id"] for theorem in document["theorems"]] == ["traces_commute"]
    assert [Path(error["file"]).stem for error in document["errors"]] == [name.partition(".")[0]]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_alone_it_is_an_error_and_nothing_is_said_to_be_proved(
    kind: Callable[[Path], str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kind(tmp_path)
    assert main(["prove", *map(str, tmp_path.iterdir())]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("required") == 1


def test_in_pytest_a_file_that_cannot_be_read_is_a_failure_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(GOOD)
    wrong_text(tmp_path)
    (tmp_path / "test_it.py").write_text(
        'import symmix.testing\n\ntest_them = symmix.testing.theorems(".", confirm=False)\n'
    )
    (tmp_path / "good_too").mkdir()
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rA", "test_it.py"]
    ended = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=False
    )
    assert ended.returncode == 1
    assert "PASSED test_it.py::test_theorem[traces_commute]" in ended.stdout.replace("test_them[", "test_theorem[")
    assert "FAILED test_it.py::" in ended.stdout
    assert "broken.txt" in ended.stdout


def test_numbers_that_agree_with_a_refutation_confirm_no_theorem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "wrong.py").write_text(FALSE)
    assert main(["prove", str(tmp_path), "--confirm"]) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("CONFIRMED 1 of 2 theorems; numbers agree with what was decided of wrong: ")
    assert main(["prove", str(tmp_path / "wrong.py"), "--confirm"]) == 1
    assert capsys.readouterr().out.splitlines()[-1].startswith("numbers agree with what was decided of wrong: ")
