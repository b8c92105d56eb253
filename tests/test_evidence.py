"""The table of evidence: nothing is claimed that is not tested, and nothing is tested that is not claimed."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from proofs import EVIDENCE, KINDS
from symmix.catalogue import evidence, load
from symmix.cli import main
from tests.catalogue import SCRIPTS
from tests.evidence import CONFIRMED

HERE = Path(__file__).parent
# a test registers what it confirms when its module is imported, whichever tests are selected
for module in (path.stem for path in HERE.glob("test_*.py") if path != Path(__file__)):
    if "from tests.evidence import" in (HERE / f"{module}.py").read_text(encoding="utf-8"):
        import_module(f"tests.{module}")


def test_what_is_claimed_is_what_the_tests_register() -> None:
    assert {name: set(kinds) for name, kinds in EVIDENCE.items()} == CONFIRMED


def test_every_theorem_has_its_row_in_order() -> None:
    assert list(EVIDENCE) == list(SCRIPTS)
    for kinds in EVIDENCE.values():
        assert list(kinds) == [kind for kind in KINDS if kind in kinds]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_theorem_is_confirmed_on_components_and_on_arrays(name: str) -> None:
    assert EVIDENCE[name][0] == "components"
    assert len(EVIDENCE[name]) >= 2


def test_every_kind_is_used_and_explained() -> None:
    assert {kind for kinds in EVIDENCE.values() for kind in kinds} == KINDS.keys()
    assert all(KINDS.values())


def test_the_list_shows_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert text.count("      checked by: components, ") == len(SCRIPTS)
    assert main(["list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["theorems"]
    assert {row["id"]: tuple(row["checked by"]) for row in rows} == EVIDENCE
    assert main(["list", "--format", "markdown"]) == 0
    first, _, *lines = capsys.readouterr().out.splitlines()
    assert first.endswith("| checked by |")
    assert [line.rsplit(" | ", 1)[1] for line in lines] == [f"{', '.join(kinds)} |" for kinds in EVIDENCE.values()]


def test_nothing_is_known_of_somebody_elses_theorem(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = next(iter(SCRIPTS))
    copy = tmp_path / f"{name}.py"
    copy.write_text(SCRIPTS[name].path.read_text(encoding="utf-8"), encoding="utf-8")
    (script,) = load([copy])
    assert evidence(script) == ()
    assert main(["list", str(copy)]) == 0
    assert "checked by" not in capsys.readouterr().out
