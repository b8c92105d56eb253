"""Why a statement holds or fails, in a paragraph of a page."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from symmix.printing.display import Relation
from symmix.printing.text import text
from symmix.printing.wording import PERHAPS_OF_NOTHING
from symmix.publish.evidence import SQUARES, bounded, combination, combined, factor, instantiated, positive, turned
from symmix.publish.html.elements import element
from symmix.publish.html.formulas import Formulas
from symmix.publish.reach import all_components, for_size
from symmix.terms import nodes as t
from symmix.verdict import (
    BothDirections,
    Bounded,
    Components,
    Existence,
    Instantiated,
    Membership,
    NormalForm,
    Pieces,
    Positive,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Way,
)

_SHORT = 6  # lines of a formula that is not folded


def why(verdict: Verdict, formulas: Formulas) -> str:
    """Return why a claim holds, or does not."""
    match verdict:
        case Proved(evidence=evidence, met=met):
            beware = f"{PERHAPS_OF_NOTHING.capitalize()}: no point was found at which the hypotheses hold."
            return ("" if met else element("p", beware)) + "".join(_evidence(x, formulas) for x in evidence)
        case Refuted(witness=witness) if witness is not None:
            return element("p", f"Refuted {formulas.point(witness)}.")
        case Undecided(missing=missing):
            return element("p", f"Undecided; missing: {formulas.prose(missing)}.")
    return element("p", "Refuted: the statement that was to fail holds.")


def is_plain(verdict: Verdict) -> bool:
    """Whether a claim holds since both sides are the same, multiplied out: that is said of all such claims at once."""
    match verdict:
        case Proved(evidence=(NormalForm(),), met=True):
            return True
    return False


def _evidence(evidence: object, formulas: Formulas) -> str:  # noqa: PLR0911 - one for each kind
    match evidence:
        case NormalForm():
            return element("p", "Multiplied out, entry by entry, both sides are the same sum.")
        case Membership():
            return f"{_turned([evidence.way], formulas)}{_cofactors(evidence, formulas)}"
        case Components(finite=finite):
            return element("p", f"{for_size(formulas.outcome).capitalize()}: {all_components(finite)}.")
        case Instantiated():
            return element("p", f"This is {formulas.prose(instantiated(evidence, text))}.")
        case Bounded():
            relation = Relation(*_sides(bounded(evidence, formulas.outcome.setting)))
            return element("details", element("summary", "A sum of squares:"), formulas.block(relation), open=True)
        case BothDirections():
            turns = _turned([*evidence.forward, *evidence.backward], formulas)
            return f"{turns}{element('p', _ways(evidence, formulas))}"
        case Positive() | Pieces():
            before, polynomial, after = positive(evidence)
            return element("p", f"{before[0].upper()}{before[1:]}{formulas.prose(polynomial)}{after}.")
    return element("p", f"It fails {formulas.point(evidence.witness)}.") if isinstance(evidence, Existence) else ""


def _sides(pair: tuple[t.Expression, t.Expression]) -> tuple[t.Expression, str, t.Expression]:
    return pair[0], "=", pair[1]


def _turned(ways: Iterable[Way], formulas: Formulas) -> str:
    turns = turned(ways, formulas.outcome.setting, formulas.inline)
    return element("p", f"{turns[0].upper()}{turns[1:]}.") if turns else ""


def _cofactors(evidence: Membership, formulas: Formulas) -> str:
    """Return an expression as a combination of the hypotheses, in which every term vanishes."""
    left, right = (side(evidence, formulas.outcome.setting) for side in (combined, combination))
    assumed = evidence.way.squared and left == right
    shown = formulas.block(Relation(left, "=", None if assumed else right))
    words = "Where the hypotheses hold, every term vanishes in" if evidence.hypotheses else "By what an inverse is,"
    if evidence.way.squared:
        because = "it is assumed that" if assumed else f"{words[0].lower()}{words[1:]}"
        words = f"{SQUARES.capitalize()}, and {because}"
    short = shown.count('class="line"') <= _SHORT
    return element("details", element("summary", words), shown, open=short)


def _ways(evidence: BothDirections, formulas: Formulas) -> str:
    common = factor(evidence.backward, formulas.outcome.setting)
    times = "each" if common == t.Number(Fraction(1)) else f"{formulas.inline(common)} times each"
    sides = (evidence.backward, evidence.forward)
    back, forth = (", or its square," if any(way.squared for way in ways) else "" for ways in sides)
    return (
        f"Each expression on the left{forth} is a combination of those on the right, and {times} expression on the "
        f"right{back} is a combination of those on the left."
    )
