"""What is averaged over stands in a claim inside of its averages alone: which value would be meant elsewhere?"""

from __future__ import annotations

import pytest
import sympy as sp

from symmix import Equivalence, Fails, Identity, Nonnegative, Setting, Vanishing
from symmix.errors import SymmixError
from symmix.language import At, expectation
from symmix.statements import Statement
from symmix.verdict import Proved

a, b, lam = sp.symbols("a b lam", real=True)
HALF = {1: sp.Rational(1, 2)}


@pytest.mark.parametrize(
    "claim",
    [
        Identity(expectation(lam * a, lam, HALF), lam * a),  # the average forgotten on one side
        Identity(expectation(lam, lam, HALF) * a + lam * b, a / 2 + lam * b),
        Vanishing([a, expectation(lam, lam, HALF) - lam]),
        Nonnegative(expectation(lam, lam, HALF) * a**2 - lam * a**2),
        Fails(Identity(expectation(lam, lam, HALF), lam)),
        Equivalence([expectation(lam * a, lam, HALF)], [lam * a]),
    ],
    ids=str,
)
def test_what_is_averaged_over_stands_in_no_claim_outside_of_its_average(claim: Statement) -> None:
    with pytest.raises(SymmixError, match="lam outside of one"):
        claim.decide(Setting())


def test_definitions_are_unfolded_for_it_and_replaced_or_other_symbols_are_none_of_it() -> None:
    behind = Setting(definitions={b: lam * a})
    with pytest.raises(SymmixError, match="lam outside of one"):
        Identity(expectation(b, lam, HALF), b).decide(behind)
    assert isinstance(Identity(expectation(b, lam, HALF), a / 2).decide(Setting(definitions={b: lam * a})), Proved)
    replaced = Identity(expectation(lam * a, lam, HALF), At(lam * a, {lam: sp.Rational(1, 2)}))
    assert isinstance(replaced.decide(Setting()), Proved)
    assert isinstance(Identity(expectation(lam * a, lam, HALF), a / 2, where=[lam]).decide(Setting()), Proved)
