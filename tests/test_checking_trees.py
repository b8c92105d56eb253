"""A theorem's document is checked as a derivation: each claim, each step, each near miss; hostile ones are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from symmix import check_derivation
from symmix.cli import main
from symmix.errors import SymmixError
from symmix.terms.codec import document
from tests.catalogue import EVERY, outcome

NAME = "gradient_vanishes_at_fit"


def tree(name: str = NAME) -> Any:
    return json.loads(json.dumps(document(outcome(name).document)))


@pytest.mark.parametrize("name", EVERY)
def test_the_document_of_a_theorem_is_checked_whole(name: str) -> None:
    found = outcome(name)
    report = check_derivation(json.dumps(tree(name)), form="json")
    assert len(report.findings) == len(found.claims) + sum(map(len, found.steps)) + len(found.near_misses)
    # where functions are Lipschitz, one claim takes more work than a line of a text is allowed
    beyond = {"lipschitz_heads_need_flat_classes": 1}.get(name, 0)
    assert report.count("proved") >= len(report.findings) - beyond
    assert report.count("refuted") == 0


def test_a_near_miss_in_the_place_of_a_claim_is_refuted() -> None:
    data = tree()
    data["claims"][0][1] = data["near_misses"][0][1]
    report = check_derivation(json.dumps(data), form="json")
    assert report.findings[0].word == "refuted"
    assert report.count("proved") == len(report.findings) - 1


def test_a_claim_in_the_place_of_a_near_miss_is_refuted() -> None:
    data = tree()
    data["near_misses"][0][1] = data["claims"][0][1]
    assert not check_derivation(json.dumps(data), form="json").passed


@pytest.mark.parametrize("text", ["", "[[[[", "[" * 100_000, "{}", "1e999", "null", '{"schema": "symmix-statement/2"}'])
def test_what_is_no_document_is_refused(text: str) -> None:
    with pytest.raises(SymmixError):
        check_derivation(text, form="json")


@pytest.mark.parametrize("key", ["symbols", "sizes", "definitions"])
def test_a_document_without_what_its_statements_need_is_refused(key: str) -> None:
    data = tree()
    data[key] = {} if isinstance(data[key], dict) else []
    with pytest.raises(SymmixError):
        check_derivation(json.dumps(data), form="json")


def test_the_command_reads_a_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fit.json"
    path.write_text(json.dumps(tree()), encoding="utf-8")
    assert main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert f"{path}:1: proved  dL/dtheta = 0, dL/dz = 0" in out
    assert "not always: dL/dtheta = 0 where e = 0   # where only the first point is fitted" in out
