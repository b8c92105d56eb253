"""What the catalogue says is exported as text, and the text is proved anew: the same statements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from symmix.catalogue import load
from symmix.checking import check_derivation
from symmix.cli import main
from symmix.deciding import Frame
from symmix.deciding.functions import with_symbols
from symmix.deciding.instances import Values
from symmix.publish.plain import written
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.textual import scripts_of
from symmix.theorems import Script, Stated

SCRIPTS = {script.id: script for script in load()}
NAMES = sorted(SCRIPTS)


def exported(name: str, folder: Path) -> Script:
    (folder / f"{name}.txt").write_text(written(SCRIPTS[name]), encoding="utf-8")
    (found,) = scripts_of(folder / f"{name}.txt")
    return found


def sides(statement: s.Statement) -> Iterator[t.Expression]:
    """Run through the expressions of a statement."""
    match statement:
        case s.Fails(statement=inner):
            yield from sides(inner)
        case s.Identity(left=left, right=right):
            yield from (left, right)
        case s.Vanishing(expressions=expressions):
            yield from expressions
        case s.Equivalence(left=forth, right=back, provided=provided):
            yield from (*forth, *back, *provided)
        case s.Positivity(scalar=scalar) | s.Minimum(scalar=scalar):
            yield scalar


def kind(statement: s.Statement) -> type:
    """Return the kind of a statement; that something is 0 is one, however it was said."""
    inner = statement.statement if isinstance(statement, s.Fails) else statement
    is_zero = isinstance(inner, s.Identity) and str(inner.right).split("_")[0] == "0"
    return s.Vanishing if is_zero else type(inner)


def statements(stated: Stated) -> list[tuple[str, s.Statement]]:
    theorem = stated.document
    steps = [
        (step.reason, identity) for p in theorem.proofs for step, identity in zip(p.steps, p.identities(), strict=True)
    ]
    return [*theorem.claims, *steps, *theorem.near_misses]


def same(one: t.Expression, other: t.Expression, frame: Frame) -> bool:
    """Whether two expressions have one normal form, in one frame."""
    return one == other or frame.goal(one, other).is_zero


@pytest.mark.parametrize(
    "name", [name if place % 8 == 0 else pytest.param(name, marks=pytest.mark.slow) for place, name in enumerate(NAMES)]
)
def test_every_theorem_is_exported_as_text_that_is_proved(name: str, tmp_path: Path) -> None:
    script = exported(name, tmp_path)
    before, after = SCRIPTS[name].stated(), script.stated()
    assert script.summary == SCRIPTS[name].summary
    assert script.said["source"] == SCRIPTS[name].said["source"]
    for part in ("indices", "conditions", "whole", "independent", "properties"):
        assert getattr(after.document.setting, part) == getattr(before.document.setting, part)
    assert [symbol for symbol, _ in after.document.setting.definitions] == [
        symbol for symbol, _ in before.document.setting.definitions
    ]
    assert after.document.lemmas == before.document.lemmas
    for (label, one), (other, another) in zip(statements(before), statements(after), strict=True):
        assert (label, kind(one)) == (other, kind(another))
        assert len(getattr(one, "where", ())) == len(getattr(another, "where", ()))
        pairs = list(zip(sides(one), sides(another), strict=False))  # a right side that is 0 is left out
        values = Values(before.frame)  # one symbol for each value of a function
        pairs = [(values.put_into(left), values.put_into(right)) for left, right in pairs]
        assert all(same(left, right, with_symbols(before.frame, [*values.symbols])) for left, right in pairs), label
    outcome = script.prove(after)
    assert outcome.verdict.word == "proved"
    assert not outcome.disagreement


@pytest.mark.parametrize("name", NAMES[::16])
def test_each_line_of_an_exported_theorem_is_proved_by_itself(name: str) -> None:
    report = check_derivation(written(SCRIPTS[name]))
    count = len(statements(SCRIPTS[name].stated()))
    assert len(report.findings) == count
    wrong = [f"{f.word}: {f.text} {f.problem} {f.missing}" for f in report.findings if f.word != "proved"]
    assert not [line for line in wrong if not line.startswith("undecided") or "point" not in line]


def test_the_command_writes_what_prove_and_check_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "text"
    assert main(["export", "--format", "text", "-k", "gradient_vanishes_at_fit", "-o", str(folder)]) == 0
    assert main(["check", str(folder / "gradient_vanishes_at_fit.txt")]) == 0
    assert main(["prove", str(folder), "--no-cache"]) == 0
    assert "PROVED gradient_vanishes_at_fit" in capsys.readouterr().out
