"""Theorems: what they must have, and what is said when they fail."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import sympy as sp

from symmix import Derivation, Fails, Identity, Lemma, Positivity, Theorem, Vanishing, mix, theorem
from symmix.errors import StatementError
from symmix.executing import module
from symmix.language import ForAll, expectation
from symmix.notation import W, b, e, ep, k, lam, m, m2, n, s, y, yp, z, zp
from symmix.publish.report import document, report
from symmix.statements import Equivalence, Statement
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved, Refuted, Undecided

GOOD = Identity(W * (z + zp), W * z + W * zp)
P, Q = sp.MatrixSymbol("P", n, n), sp.MatrixSymbol("Q", n, n)
FALSE = {"swapped": Identity(mix(e, ep), mix(ep, e))}


def outcome(stated: Theorem) -> Outcome:
    @theorem(answers="a question")
    def stated_here() -> Theorem:
        """Something is so."""
        return stated

    return stated_here.prove()


def met(stated: Theorem) -> bool:
    verdict = outcome(stated).claims[""]
    assert isinstance(verdict, Proved)
    return verdict.met


def test_a_theorem_has_a_near_miss() -> None:
    with pytest.raises(StatementError, match="at least one near miss"):
        Theorem(claim=GOOD, near_misses={})


def test_a_theorem_claims_something() -> None:
    with pytest.raises(StatementError, match="at least one claim"):
        Theorem(claim={}, near_misses=FALSE)


def test_a_proof_has_a_step() -> None:
    with pytest.raises(StatementError, match="at least one step"):
        outcome(Theorem(claim=GOOD, near_misses=FALSE, proof=Derivation(e)))


def test_a_theorem_is_said_in_words() -> None:
    with pytest.raises(StatementError, match="a docstring that says the statement in words"):

        @theorem(answers="a question")
        def bare() -> Theorem:
            return Theorem(claim=GOOD, near_misses=FALSE)


def of_nothing() -> Theorem:
    """Something is so."""
    raise AssertionError


@pytest.mark.parametrize(("unnamed", "arrived"), [(of_nothing, "of_nothing"), ("is it so?", "'is it so?'")])
def test_what_a_theorem_answers_is_said_by_name(unnamed: object, arrived: str) -> None:
    with pytest.raises(StatementError) as caught:
        theorem(*[unnamed])  # type: ignore[arg-type]
    assert (caught.value.required, caught.value.arrived, caught.value.remedy) == (
        "what a theorem answers, by name",
        f"@theorem at {arrived}",
        'write @theorem(answers="...")',
    )


def test_what_a_script_states_wrongly_is_said_once_with_its_line(tmp_path: Path) -> None:
    script = tmp_path / "bare.py"
    script.write_text('from symmix import theorem\n\n\n@theorem\ndef bare():\n    """It is so."""\n', encoding="utf-8")
    with pytest.raises(StatementError) as caught:
        module(script)
    said = str(caught.value)
    assert said.startswith(f"      in: {script}, line 4: @theorem\n")
    assert said.count("required:") == said.count("arrived:") == 1


def test_a_script_knows_its_words_and_its_file() -> None:
    @theorem(answers="a question", source=["one", "two"])
    def something_holds() -> Theorem:
        """It holds,
        in two lines.

        And here is more.
        """
        return Theorem(claim=GOOD, near_misses=FALSE)

    assert isinstance(something_holds, Script)
    assert something_holds.id == "something_holds"
    assert something_holds.summary == "It holds, in two lines."
    assert something_holds.documentation.endswith("And here is more.")
    assert something_holds.source == ("one", "two")
    assert something_holds.path.name == "test_theorems.py"
    assert something_holds.theorem is something_holds.theorem


@pytest.mark.parametrize(
    ("near_misses", "found"),
    [
        ({"true": GOOD}, "it is proved"),
        ({**FALSE, "true": Fails(FALSE["swapped"])}, "it is proved"),
        ({"undecided": Vanishing([sp.Trace(P)], where=[P**2])}, "it is undecided"),
    ],
    ids=["proved", "one of two", "undecided"],
)
def test_a_near_miss_that_is_not_refuted_leaves_the_theorem_undecided(
    near_misses: Mapping[str, Statement], found: str
) -> None:
    verdict = outcome(Theorem(claim=GOOD, near_misses=near_misses)).verdict
    assert isinstance(verdict, Undecided)
    assert found in verdict.missing


def test_every_claim_counts_and_so_does_every_step() -> None:
    bad = Identity(W * (z + zp), W * z)
    assert outcome(Theorem(claim={"a": GOOD, "b": GOOD}, near_misses=FALSE)).verdict.word == "proved"
    assert isinstance(outcome(Theorem(claim={"a": GOOD, "b": bad}, near_misses=FALSE)).verdict, Refuted)
    start, end = GOOD.left, GOOD.right
    slip = Derivation(start).equals(2 * W * z, by="a slip").equals(end, by="a slip that makes up for it")
    found = outcome(Theorem(claim=GOOD, near_misses=FALSE, proof=[Derivation(start).equals(end, by="expand"), slip]))
    assert [[verdict.word for verdict in chain] for chain in found.steps] == [["proved"], ["refuted", "refuted"]]
    assert isinstance(found.verdict, Refuted)


def test_an_error_while_a_theorem_is_stated_is_shown_with_its_place() -> None:
    def broken() -> Theorem:
        """Something is so."""
        raise ZeroDivisionError("by hand")

    with pytest.raises(StatementError, match=r"ZeroDivisionError in broken: by hand(.|\n)*test_theorems.py, line \d+"):
        theorem(answers="?")(broken).prove()


@pytest.mark.parametrize(
    ("proof", "message"),
    [
        (Derivation(e + ep).equals(2 * e, by="slip"), "from one side of a claimed identity to the other"),
        (Derivation(GOOD.left).equals(GOOD.right, by="b = 0", where=[b]), "hypotheses of the claim alone"),
        (
            Derivation(GOOD.left).equals(GOOD.left, by="nothing").equals(GOOD.right, by="expand"),
            "two sides that differ",
        ),
    ],
    ids=["other ends", "a hypothesis of its own", "a step that states nothing"],
)
def test_a_proof_of_something_else_is_refused(proof: Derivation, message: str) -> None:
    with pytest.raises(StatementError, match=message):
        outcome(Theorem(claim=GOOD, near_misses=FALSE, proof=proof))


@pytest.mark.parametrize(
    ("claim", "message"),
    [
        (Identity(e, e), "two sides that differ"),
        (Vanishing([e], where=[e]), "not its own hypothesis"),
        (Identity(e, ep, where=[e - ep]), "not its own hypothesis"),
        (Identity(e, ep, where=[ep - e]), "not its own hypothesis"),
        (Identity(expectation(lam**2, lam, {1: m, 2: m2}), m2), "no given moment"),
        (Identity(m, expectation(lam, lam, {1: m})), "no given moment"),
    ],
    ids=str,
)
def test_a_claim_that_states_nothing_is_refused(claim: Statement, message: str) -> None:
    with pytest.raises(StatementError, match=message) as caught:
        outcome(Theorem(claim=claim, near_misses=FALSE))
    assert "test_theorems.py, stated_here, the claim" in str(caught.value)


@pytest.mark.parametrize("claim", [sp.Eq(e, ep), e, True, None, "e = e'", [GOOD]])
def test_what_is_no_statement_is_refused_with_what_to_write(claim: object) -> None:
    with pytest.raises(StatementError, match=r"a statement as (the claim|near miss)(.|\n)*write Identity"):
        Theorem(claim=claim, near_misses=FALSE)  # type: ignore[arg-type]
    with pytest.raises(StatementError, match=r"a statement as near miss 'slip'(.|\n)*write Identity"):
        Theorem(claim=GOOD, near_misses={"slip": claim})  # type: ignore[dict-item]


def test_what_is_proved_of_nothing_makes_no_theorem() -> None:
    empty = Identity(W.T * e, 2 * W.T * e, where=[e, e - sp.OneMatrix(k, 1)])
    found = outcome(Theorem(claim=empty, near_misses=FALSE))
    assert isinstance(found.verdict, Undecided)
    assert "perhaps of nothing" in found.verdict.missing
    assert document(found)["claims"][0]["hypotheses_met"] is False


def test_a_point_that_a_user_gives_meets_what_the_search_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    A = sp.MatrixSymbol("A", n, n)
    projection = Identity(A * A * A, A, where=[A * A - A])
    monkeypatch.setattr("symmix.search.witnesses._ATTEMPTS_GIVEN", 0)
    given: dict[sp.Basic, object] = {n: 2, A: [[1, 0], [0, 0]]}
    false = {"every matrix": Fails(projection)}
    assert isinstance(outcome(Theorem(claim=projection, near_misses=false)).claims[""], Proved)
    assert not met(Theorem(claim=projection, near_misses=false))
    assert met(Theorem(claim=projection, near_misses=false, point=given))
    assert outcome(Theorem(claim=projection, near_misses=false, point=given)).verdict.word == "proved"
    beside = {**given, A: [[1, 1], [1, 0]]}
    assert not met(Theorem(claim=projection, near_misses=false, point=beside))


def test_what_a_statement_divides_by_is_reported() -> None:
    found = outcome(Theorem(claim=Identity(W * (z / s + zp), W * z / s + W * zp), near_misses=FALSE))
    assert "  assuming  s != 0" in report(found).splitlines()
    assert document(found)["claims"][0]["assuming"] == ["s != 0"]


def test_a_wrong_step_is_found_at_its_place() -> None:
    wrong = Theorem(
        claim=Identity(W * (z + zp), W * z + W * zp, where=[y - yp, b]),
        proof=Derivation(W * (z + zp))
        .equals(W * z + W * zp + b, by="multiply out", where=[y - yp])
        .equals(W * (zp + z) + b, by="collect W")
        .equals(W * z + W * zp, by="forget b", where=[b]),
        near_misses=FALSE,
    )
    *lines, blank, digest = report(outcome(wrong)).splitlines()
    assert blank == ""
    assert re.fullmatch("  statement sha256 [0-9a-f]{64}", digest)  # and nobody who decided it: it is not proved
    points = [line for line in lines if line.lstrip().startswith(("witness", "refuted"))]  # any point will do
    assert [line for line in lines if line not in points] == [
        "stated_here",
        "  Something is so.",
        "",
        "  for all   sizes k, h; real lam; z, z' in R^h; y, y', b in R^k; W in R^(k x h)",
        "  given     0 <= lam <= 1",
        "  claim     W (z + z') = W z + W z' where y - y' = 0, b = 0",
        "  proved    both sides have the same normal form, of 2 terms",
        "",
        "  proof     W (z + z')",
        "          = W z + W z' + b   multiply out where y - y' = 0   <- REFUTED",
        "            hypotheses  y - y' = 0",
        "            goal        W (z + z') = W z + W z' + b where y - y' = 0",
        "            left over   -b",
        "          = W (z + z') + b   collect W",
        "          = W z + W z'       forget b where b = 0",
        "",
        "  near miss swapped: lam e + (1 - lam) e' = (1 - lam) e + lam e'",
    ]
    assert re.fullmatch(r" {12}witness     at h = \d+, k = \d+, .*: left .*, right .*", points[0])
    assert re.fullmatch(r"  refuted   at k = \d+, lam = .*, e = .*, e' = .*: left .*, right .*", points[1])
    assert lines.index(points[0]) == lines.index("            left over   -b") + 1


def test_a_theorem_without_a_proof_reports_its_evidence() -> None:
    i, data = sp.Symbol("i"), sp.MatrixSymbol("E", n, k)
    everything = Theorem(
        claim={
            "vanishing": Vanishing([lam * e + b], where=[e, b]),
            "equivalence": Equivalence([lam * e], [e], provided=[lam]),
            "by hand": Equivalence([lam * e], [e], provided=[lam], back=lambda left: [left]),
            "positive": Positivity(lam * (1 - lam), {lam: (0, 1)}),
            "denial": Fails(FALSE["swapped"]),
            "samples": Vanishing([sp.OneMatrix(1, n) * data], where=[ForAll(i, data[i, :])]),
            "difference": Identity(W.T * e, W.T * ep, where=[e - ep]),
        },
        near_misses=FALSE,
        conditions=[lam > 0],
        lemmas=[Lemma("a lemma", "something is known", "somebody")],
    )
    found = outcome(everything)
    assert found.verdict.word == "proved"
    text = report(found)
    for line in (
        "  given     0 < lam <= 1",
        "  using     a lemma: something is known (somebody)",
        "  claim     vanishing: b + lam e = 0 where e = 0, b = 0",
        "  proved    a combination of the hypotheses as it stands",
        "  claim     equivalence: lam e = 0 if and only if e = 0, given lam != 0",
        "  claim     positive: lam (1 - lam) > 0 for 0 < lam < 1",
        "  claim     denial: not always: lam e + (1 - lam) e' = (1 - lam) e + lam e'",
    ):
        assert line in text.splitlines()
    plain = document(found)
    assert [claim["label"] for claim in plain["claims"]] == list(everything.claims)
    assert all(claim["verdict"] == "proved" for claim in plain["claims"])
    assert plain["claims"][4]["witness"]["values"]
    assert plain["lemmas"] == [{"name": "a lemma", "statement": "something is known", "source": "somebody"}]


def test_what_is_left_over_is_the_difference_as_it_stands() -> None:
    wrong = outcome(Theorem(claim=Identity(e / (n - 1), e / n), near_misses=FALSE))
    assert "            left over   1/(n (n - 1)) e" in report(wrong).splitlines()


def test_what_is_left_over_of_samples_names_no_index_twice() -> None:
    i, j = sp.symbols("i j", integer=True)
    data, pairs = sp.MatrixSymbol("E", n, k), sp.MatrixSymbol("P", n, n)
    stated = Theorem(claim=Identity(data[i, :], pairs[i, j] * data[j, :]), near_misses=FALSE, indices={i: n, j: n})
    assert (
        "            left over   [E[i,j1]]_{j1<k}^T + [-E[j,j1] P[i,j]]_{j1<k}^T"
        in report(outcome(stated)).splitlines()
    )


def test_a_step_shows_its_hypotheses() -> None:
    proof = Derivation(2 * e).equals(2 * ep, by="by hypothesis", where=[e - ep])
    shown = outcome(Theorem(claim=Identity(2 * e, 2 * ep, where=[e - ep]), near_misses=FALSE, proof=proof))
    assert "          = 2 e'   by hypothesis where e - e' = 0" in report(shown).splitlines()
    assert document(shown)["proof"][0]["steps"][0]["where"] == ["e - e' = 0"]
