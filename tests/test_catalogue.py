"""The catalogue: what its table of contents says, its files keep, and every one is proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from symmix.catalogue import chapters, load, proofs_directory
from symmix.errors import StatementError, UsageError
from symmix.statements import Positivity
from symmix.theorems import Script
from symmix.verdict import Proved, Refuted
from tests.catalogue import EVERY, SCRIPTS, outcome

FILES = sorted(path for path in proofs_directory().glob("*.py") if not path.name.startswith("_"))
NEAR_MISSES = [(name, slip) for name, script in SCRIPTS.items() for slip in script.theorem.near_misses]


@pytest.fixture(params=SCRIPTS)
def script(request: pytest.FixtureRequest) -> Script:
    return SCRIPTS[request.param]


def test_the_chapters_list_exactly_the_files() -> None:
    listed = [name for ids in chapters().values() for name in ids]
    assert sorted(listed) == [path.stem for path in FILES]
    assert listed == list(SCRIPTS)
    assert len(set(listed)) == len(listed)
    assert all(chapters().values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_one_theorem_of_its_own_name(path: Path) -> None:
    (only,) = load([path])
    assert only.id == path.stem
    assert only.path == path
    content = path.read_text(encoding="utf-8")
    assert content.startswith('"""')
    assert content.endswith('if __name__ == "__main__":\n    prove(__file__)\n')
    assert "assert " not in content
    assert "import random" not in content


def test_a_theorem_says_what_it_answers_and_where_that_is_said(script: Script) -> None:
    assert (script.answers or script.quotes).strip()
    assert script.source
    assert all(key.strip() == key != "" for key in script.source)
    assert script.summary.endswith((".", ":")) or "." in script.summary
    assert len(script.documentation.split("\n\n")) >= 2  # the statement, then where it holds


@pytest.mark.parametrize("name", EVERY)
def test_a_theorem_is_proved_step_by_step(name: str) -> None:
    script = SCRIPTS[name]
    found = outcome(script.id)
    assert isinstance(found.verdict, Proved)
    assert all(isinstance(verdict, Proved) for verdict in found.claims.values())
    assert all(isinstance(verdict, Proved) for chain in found.steps for verdict in chain)


@pytest.mark.parametrize(("name", "slip"), NEAR_MISSES, ids=str)
def test_a_near_miss_is_refuted_by_a_point(name: str, slip: str) -> None:
    verdict = outcome(name).near_misses[slip]
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    values = list(verdict.witness.values.values())
    if isinstance(outcome(name).theorem.near_misses[slip], Positivity):
        assert values[0][0][0] < 0 or (outcome(name).theorem.near_misses[slip].strict and values[0][0][0] == 0)  # type: ignore[attr-defined]
        return
    assert values[0] != values[1] if len(values) == 2 else any(x for row in values[0] for x in row)


def test_what_is_selected() -> None:
    some = next(iter(SCRIPTS))
    assert [s.id for s in load(wanted=[some])] == [some]
    assert load(wanted=["no_such_theorem"]) == []
    assert [s.id for s in load([proofs_directory()])] == [path.stem for path in FILES]


def test_paths_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="does not exist"):
        load([tmp_path / "nothing.py"])
    with pytest.raises(UsageError, match=r"without any .py file"):
        load([tmp_path])
    (tmp_path / "text.rst").write_text("x = 1")
    with pytest.raises(UsageError, match="a Python file"):
        load([tmp_path / "text.rst"])
    (tmp_path / "broken.py").write_text("1 / 0")
    for _ in range(2):  # a script that failed is executed anew
        with pytest.raises(StatementError, match="ZeroDivisionError"):
            load([tmp_path / "broken.py"])
