"""``prove --confirm``, ``--junit`` and the line for pytest: what they print, write and return."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from symmix.catalogue import load
from symmix.cli import main, shown
from symmix.confirmation import Confirmation, Remark, by_numbers
from symmix.errors import StatementError
from symmix.testing import assert_confirmed, assert_proved, theorems
from symmix.theorems import Outcome
from tests.cli_scripts import TRUE, run, write

FALSE = "W * z - 2 * W * zp"


def confirmed(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["prove", "--confirm", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_numbers_stand_behind_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = confirmed(capsys, str(write(tmp_path)))
    assert (code, err) == (0, "")
    *_, proved, title, components, arrays, search, empty, conclusion = out.splitlines()
    assert proved == "PROVED mine"
    assert title.startswith("mine: ")
    assert title.endswith(" cases, seed 0")
    assert components.startswith(
        "  SymPy at explicit sizes: 7 cases, 4 of 4 statements, 1 of 1 near misses fail; k = 2"
    )
    assert arrays.startswith("  exact arrays: 7 cases, 4 of 4 statements, 1 of 1 near misses fail; k = 2")
    assert search.startswith("  Hypothesis: ")
    assert empty == ""
    assert conclusion.startswith("CONFIRMED mine: ")


def test_a_script_takes_the_options_of_the_command(tmp_path: Path) -> None:
    found = run(str(write(tmp_path)), "--confirm", "--seed", "3")
    assert found.returncode == 0, found.stderr
    assert "\nPROVED mine\n" in found.stdout
    assert ", seed 3, " in found.stdout.splitlines()[-1]
    assert run(str(tmp_path / "mine.py"), "--nonsense").returncode == 2


def test_several_theorems_have_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "first"), write(tmp_path, "second")
    code, out, _ = confirmed(capsys, str(tmp_path))
    assert code == 0
    assert "SymPy at explicit sizes: cases" in out
    assert out.splitlines()[-1].startswith("CONFIRMED 2 of 2 theorems: ")


def test_processes_share_the_work_and_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("first", "second", "third", "fourth"):
        write(tmp_path, name)
    code, out, _ = confirmed(capsys, str(tmp_path), "--json", "--jobs", "2")
    assert code == 0
    rows = [theorem["confirmation"]["ways"] for theorem in json.loads(out)["theorems"]]
    assert rows[0] == rows[1] == rows[2] == rows[3]
    assert [row["way"] for row in rows[0]] == ["SymPy at explicit sizes", "exact arrays", "Hypothesis"]


def test_what_is_refuted_fails_and_its_refutation_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = confirmed(capsys, str(write(tmp_path, right=FALSE)))
    assert code == 1
    assert "REFUTED mine" in out
    assert "DISAGREES" not in out


def test_a_contradiction_is_a_defect(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def contradicted(outcome: Outcome, seed: int) -> Confirmation:
        found = by_numbers(outcome, seed)
        first, *others = found.rows
        return replace(
            found, rows=(replace(first, disagreements=(Remark("the claim", "another value", "k = 1"),)), *others)
        )

    path = write(tmp_path)
    monkeypatch.setattr(shown, "by_numbers", contradicted)
    code, out, err = confirmed(capsys, str(path))
    assert code == 3
    assert "    DISAGREES: the claim: another value, at k = 1\n" in out
    assert "NOT CONFIRMED mine: " in out
    assert err == "DEFECT mine: SymPy at explicit sizes: the claim: another value, at k = 1\n"


def test_a_report_for_continuous_integration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "right"), write(tmp_path, "wrong", right=FALSE)
    report = tmp_path / "out" / "report.xml"
    report.parent.mkdir()
    code, _, _ = confirmed(capsys, str(tmp_path), "--junit", str(report))
    assert code == 1
    suite = ElementTree.parse(report).getroot()
    assert suite.attrib | {"name": "symmix", "tests": "2", "failures": "1"} == suite.attrib
    right, wrong = suite
    assert right.attrib["name"] == "right"
    assert "SymPy at explicit sizes: 7 cases" in (right.findtext("system-out") or "")
    failure = wrong.find("failure")
    assert failure is not None
    assert failure.attrib["message"] == "wrong is refuted"
    assert "refuted" in (failure.text or "")
    assert main(["prove", str(tmp_path / "right.py"), "--junit", str(report)]) == 2
    assert "files that do not exist yet" in capsys.readouterr().err


# -- pytest ---


def test_a_theorem_is_asserted(tmp_path: Path) -> None:
    (right,) = load([write(tmp_path)])
    assert assert_confirmed(right).agrees
    assert assert_confirmed(right).rows == right.confirm().rows
    (wrong,) = load([write(tmp_path, "wrong", right=FALSE)])
    with pytest.raises(AssertionError, match=r"wrong: the claim is refuted") as caught:
        assert_proved(wrong)
    assert "near miss the sign" in str(caught.value)
    with pytest.raises(StatementError, match="decorated with @theorem"):
        assert_confirmed(right.state)  # type: ignore[arg-type]


TESTS = '''"""The theorems of this repository."""

import symmix.testing

test_theorems = symmix.testing.theorems("proofs/", expected_failures={"known": "it is not true yet"})
'''


@pytest.mark.slow
def test_one_line_runs_the_theorems_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "proofs"
    folder.mkdir()
    write(folder, "right"), write(folder, "wrong", right=FALSE), write(folder, "known", right=FALSE)
    (tmp_path / "test_proofs.py").write_text(TESTS)
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rxP", "-p", "no:cacheprovider", "test_proofs.py"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.returncode == 1
    assert "1 failed, 1 passed, 1 xfailed" in found.stdout
    assert "XFAIL test_proofs.py::test_theorems[known] - it is not true yet" in found.stdout
    assert (
        "E       AssertionError: wrong: the claim is refuted" in found.stdout or "wrong: the claim is" in found.stdout
    )
    assert "confirmed.py" not in found.stdout  # nothing of ours in the traceback
    assert "SymPy at explicit sizes: 7 cases" in found.stdout
    assert "warning" not in found.stdout


def test_an_expected_failure_has_to_be_a_theorem(tmp_path: Path) -> None:
    path = write(tmp_path, right=TRUE)
    with pytest.raises(StatementError, match="expected failures by the ids of theorems"):
        theorems(path, expected_failures={"nothing": "?"})
