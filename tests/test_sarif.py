"""SARIF says of each line that is not proved where it stands and why, as its schema wants it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symmix.checking.report import Finding, Report
from symmix.cli import main, sarif

TEXT = """let A: n x n, B: n x m, C: n x n
A A = A A
A C = C A
A B = B A
(A + C)^T = A^T + D
"""


def printed(capsys: pytest.CaptureFixture[str], *paths: Path) -> tuple[int, dict[str, Any]]:
    code = main(["check", *map(str, paths), "--sarif"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return code, found


def test_each_line_that_is_not_proved_is_a_result_at_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a file.txt"
    file.write_text(TEXT)
    code, document = printed(capsys, file)
    assert code == 2
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    known = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    found = [(result["ruleId"], result["level"]) for result in run["results"]]
    assert found == [("refuted", "error"), ("shapes-do-not-fit", "error"), ("not-understood", "error")]
    assert {rule for rule, _ in found} <= known
    lines = TEXT.splitlines()
    for result, line in zip(run["results"], (3, 4, 5), strict=True):
        (place,) = result["locations"]
        physical = place["physicalLocation"]
        assert physical["artifactLocation"]["uri"].endswith("a%20file.txt")
        assert physical["region"]["startLine"] == line
        assert 1 <= physical["region"]["startColumn"] <= len(lines[line - 1])
        assert result["message"]["text"]
    assert "factors exchanged" in run["results"][0]["message"]["text"]


def test_where_all_is_proved_there_is_no_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("let A: n x n, B: n x n\ntr(A B) = tr(B A)\n")
    code, document = printed(capsys, tmp_path / "one.txt", tmp_path / "two.txt")
    assert (code, document["runs"][0]["results"]) == (0, [])


@pytest.mark.parametrize(("word", "level"), [("undecided", "warning"), ("refuted", "error")])
def test_a_defect_is_one_whatever_the_verdict(word: Any, level: str) -> None:
    plain = Finding(1, 1, word, "A = B")
    odd = Finding(1, 1, word, "A = B", defect="RecursionError")
    lied = Finding(1, 1, "proved", "A = B", disagreement="it does not follow")
    results = sarif.document([Report([plain, odd, lied], name="x.txt")])["runs"][0]["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        (word, level),
        ("defect", "error"),
        ("defect", "error"),
    ]


def test_a_function_has_no_lines(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "math:sqrt", "--sarif"]) == 2
    assert "--sarif with files of derivations" in capsys.readouterr().err
