"""Evidence: levels come from a run or from what one left on disk; and every lemma has a test."""

from __future__ import annotations

import json
import re
from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from symmix.cli import main
from symmix.confirmation import CHECKER, KERNEL, WAYS
from symmix.statements import Fails
from tests import test_agreement_mystery, test_agreement_scalars
from tests.catalogue import SCRIPTS

ON_LEMMAS = (test_agreement_mystery, test_agreement_scalars)


def test_every_lemma_has_a_numerical_test_of_its_own() -> None:
    """No decider looks at a lemma, nor does ``--confirm``."""
    used = {lemma.name for script in SCRIPTS.values() for lemma in script.theorem.lemmas}
    marks = [mark for module in ON_LEMMAS for test in vars(module).values() for mark in getattr(test, "pytestmark", ())]
    assert used == {mark.args[0] for mark in marks if mark.name == "lemma"}


# -- what the list shows ---


DECIDED = [KERNEL, CHECKER]
NUMBERS = [WAYS[way] for way in ("components", "arrays", "numbers", "hypothesis")]


@cache
def listed(*arguments: str) -> str:
    with redirect_stdout(StringIO()) as shown:
        assert main(["list", *arguments]) == 0
    return shown.getvalue()


def shown(levels: list[tuple[str, str]]) -> str:
    return ", ".join(name for name, _ in levels)


@pytest.mark.slow
@pytest.mark.usefixtures("proved_once")
def test_the_list_shows_what_this_run_decided_with_its_legend() -> None:
    text = listed()
    assert re.findall(r"^      evidence: (.*)$", text, flags=re.MULTILINE) == [shown(DECIDED)] * len(SCRIPTS)
    legend = "".join(f"  {name}: {how}\n" for name, how in DECIDED)
    assert text.endswith(f"\nEvidence\n\n{legend}")
    document = json.loads(listed("--json"))
    assert document["evidence"] == dict(DECIDED)
    assert all(row["evidence"] == [name for name, _ in DECIDED] for row in document["theorems"])


@pytest.mark.slow
@pytest.mark.usefixtures("proved_once")
def test_the_table_shows_the_same() -> None:
    legend, _, table = listed("--format", "markdown").partition("\n\n")
    assert legend.splitlines() == [f"- *{name}*: {how}" for name, how in DECIDED]
    first, _, *lines = table.splitlines()
    assert first.endswith("| verdict | evidence |")
    assert [line.rsplit(" | ", 1)[1] for line in lines] == [f"{shown(DECIDED)} |"] * len(SCRIPTS)


def test_numbers_are_levels_where_they_were_compared(tmp_path: Path) -> None:
    name, folder = "gradient_vanishes_at_fit", tmp_path / "certificates"
    assert f"evidence: {shown([*DECIDED, *NUMBERS])}\n" in listed("-k", name, "--confirm")
    with redirect_stdout(StringIO()):
        assert main(["prove", "-k", name, "--confirm", "--certificates", str(folder)]) == 0
    assert main(["verify", str(folder)]) == 0
    assert f"evidence: {shown([*DECIDED, *NUMBERS])}\n" in listed("-k", name, "--certificates", str(folder))
    left = folder / "evidence" / f"{name}.json"
    left.write_text(left.read_text().replace('"digest": "', '"digest": "0'))
    assert f"evidence: {shown(DECIDED)}\n" in listed("-k", name, f"--certificates={folder}")


@pytest.mark.slow
@pytest.mark.usefixtures("proved_once")
def test_the_list_counts_near_misses_and_shows_the_witness_of_what_fails() -> None:
    verdicts = re.findall(r"^      verdict: (.*)$", listed(), flags=re.MULTILINE)
    rows = json.loads(listed("--json"))["theorems"]
    for script, row, line in zip(SCRIPTS.values(), rows, verdicts, strict=True):
        assert row["near misses refuted"] == row["near misses"] == len(script.theorem.near_misses)
        assert re.match(rf"proved(, (given|assuming) [^;]*)?; {row['near misses']} near misses refuted", line)
        failing = [label for label, claim in script.theorem.claims.items() if isinstance(claim, Fails)]
        assert list(row["witnesses"]) == [label for label in failing if f"; witness ({label}) at " in line] == failing
        assert line.count("; witness ") == len(failing)


def test_a_witness_is_shown_in_short() -> None:
    text = listed("-k", "printed_product_needs_brackets")
    assert "; witness (as printed) at h = 1, lam = 1/5, y = 1, else 0: left 0, right 1/5\n" in text
    row = listed("-k", "printed_product_needs_brackets", "--format", "markdown").splitlines()[-1]
    assert "| proved; 3 near misses refuted; witness (as printed) at h = 1, lam = 1/5, y = 1, else 0: left 0" in row


def test_somebody_elses_theorem_has_the_same_levels(tmp_path: Path) -> None:
    name = "gradient_vanishes_at_fit"
    copy = tmp_path / f"{name}.py"
    copy.write_text(SCRIPTS[name].path.read_text(encoding="utf-8"), encoding="utf-8")
    assert f"      evidence: {shown([*DECIDED, *NUMBERS])}\n" in listed(str(copy), "--confirm")


def test_what_is_not_proved_has_no_level_of_evidence(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(WRONG, encoding="utf-8")
    text = listed(str(tmp_path / "wrong.py"))
    assert (
        "      verdict: refuted; 1 of 2 near misses refuted; witness at k = 1, e' = 1, else 0: left 0, right 1\n"
        in text
    )
    assert "evidence" not in text.lower()
    assert listed(str(tmp_path / "wrong.py"), "--format", "markdown").startswith("| theorem | ")


WRONG = '''"""A theorem that is false."""

from symmix import Identity, Theorem, theorem
from symmix.notation import W, e, ep


@theorem(answers="are all residuals equal?")
def residuals_are_equal() -> Theorem:
    """Both residuals are equal."""
    return Theorem(
        claim=Identity(e, ep),
        near_misses={"no miss": Identity(W.T * (e + ep), W.T * e + W.T * ep), "a miss": Identity(e + ep, e)},
    )
'''
