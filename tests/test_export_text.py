"""What the catalogue says is exported as text, and the text is decided anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from symmix.catalogue import load
from symmix.checking import Finding, check_derivation
from symmix.cli import main
from symmix.publish.plain import written

SCRIPTS = {script.id: script for script in load()}
NAMES = sorted(SCRIPTS)
HINTS = ("forth=", "back=", "squares=", "point=")  # what a script shows, and no text says


def findings(name: str) -> list[Finding]:
    script = SCRIPTS[name]
    return list(check_derivation(written(script, script.stated().document)).findings)


@pytest.mark.parametrize(
    "name", [name if place % 8 == 0 else pytest.param(name, marks=pytest.mark.slow) for place, name in enumerate(NAMES)]
)
def test_every_theorem_is_exported_as_text_that_checks(name: str) -> None:
    found = findings(name)
    document = SCRIPTS[name].stated().document
    assert len(found) == len(document.claims) + len(document.near_misses) + sum(len(p.steps) for p in document.proofs)
    shown = any(hint in SCRIPTS[name].path.read_text(encoding="utf-8") for hint in HINTS)
    allowed = {"proved", "undecided"} if shown else {"proved"}
    wrong = [f"{f.word}: {f.text} {f.problem} {f.missing}" for f in found if f.word not in allowed or f.disagreement]
    assert not wrong


def test_the_command_writes_what_check_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "text"
    assert main(["export", "--format", "text", "-k", "gradient_vanishes_at_fit", "-o", str(folder)]) == 0
    assert main(["check", str(folder / "gradient_vanishes_at_fit.txt")]) == 0
    assert "PROVED" in capsys.readouterr().out
