"""What is printed for Coq is read back: each side of each statement has the value that SymPy's scalars give it.

Coq shows that what is printed is true; here it is seen to be what was stated. No side, premise or hypothesis that is
printed is left out. The conditions of a theorem (``s > 0``) have nothing to be compared with: they are not printed.
The statement is SymPy's, as the script has it: what lies between, the tree and the printer, is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Theorem, Vanishing, theorem
from symmix.language import ForAll
from symmix.notation import E, P, d, h, i, j, k, n, p
from symmix.publish import coq
from symmix.statements import Statement
from symmix.theorems import Script
from tests.catalogue import SCRIPTS, outcome
from tests.coq_beside import Comparison, Original, SideBySide, Values, drawn, parts_of
from tests.coq_reader import (
    read,
)
from tests.oracle import Point
from tests.slow import slow_but
from tests.test_coq import IN_PART, WHOLE

i_ = sp.Symbol("i_", integer=True)
q = sp.Symbol("q", integer=True, positive=True)
SIZES = ({h: 2, k: 4, n: 3, p: 5, d: 6, q: 3}, {h: 3, k: 5, n: 2, p: 4, d: 6, q: 2})


# -- the catalogue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A claim or a near miss of the catalogue, and where it stands in what was printed."""

    script: Script
    label: str
    statement: Identity | Vanishing | Equivalence
    code: str
    name: str

    def differences(self, case: int = 0) -> list[Comparison]:
        """Return in what the text and the statement differ, for every free sample, at the sizes of a case."""
        document = read(self.code)
        symbols = set().union(*(expression.free_symbols for expression in parts_of(self.statement)))
        free = [index for index in self.script.theorem.indices if index in symbols]
        found: list[Comparison] = []
        for places in product(*(range(SIZES[case][self.script.theorem.indices[index]]) for index in free)):
            original = Original(self.statement, values(self.script, case, tuple(zip(free, places, strict=True))))
            beside = SideBySide(document, document.theorems[self.name], original)
            found += [one for one in beside.comparisons if one.printed != one.meant]
        return found


@cache
def printed(script: Script) -> list[Printed]:
    """Return all that is printed of a theorem: claims are in one file, each near miss has its own."""
    decided = outcome(script.id) if script.id in SCRIPTS else script.prove()
    one, theorem, name = coq.printed(decided), script.theorem, script.id
    missed = [label for label in theorem.near_misses if f"near miss, {label}" not in one.outside]
    files = [f"{name}__near_miss_{place}.v" for place in range(1, len(missed) + 1)]
    assert [*one.files] == [f"{name}.v", *files]
    claims = [
        Printed(script, label, stated(theorem.claims[label]), one.files[f"{name}.v"], f"claim_{place}")
        for place, label in enumerate(one.claims, start=1)
    ]
    near_misses = [
        Printed(script, f"near miss, {label}", stated(theorem.near_misses[label]), one.files[file], "near_miss_1")
        for label, file in zip(missed, files, strict=True)
    ]
    return [*claims, *near_misses]


def stated(statement: Statement) -> Identity | Vanishing | Equivalence:
    """Return a statement of a kind that is printed."""
    assert isinstance(statement, Identity | Vanishing | Equivalence)
    return statement


@cache
def values(script: Script, case: int, at: tuple[tuple[sp.Symbol, int], ...]) -> Values:
    """Return a theorem's point, with fractions for all symbols."""
    random, theorem = Random(case), script.theorem
    expressions = [expression for one in printed(script) for expression in parts_of(one.statement)]
    anywhere = dict.fromkeys(theorem.indices, 0)
    point = Point.drawn(SIZES[case], *expressions, at=anywhere, definitions=theorem.definitions)

    def entry(*_: Any) -> sp.Rational:
        x = drawn(random)
        return sp.Rational(x.numerator, x.denominator)

    scalars = {symbol: entry() for symbol in point.scalars}
    matrices = {symbol: x.applyfunc(entry) for symbol, x in point.matrices.items()}
    arrays = {symbol: {place: entry() for place in table} for symbol, table in point.arrays.items()}
    return Values(replace(point, scalars=scalars, matrices=matrices, arrays=arrays, at=dict(at)))


@pytest.mark.parametrize("case", range(len(SIZES)))
@pytest.mark.parametrize("identifier", slow_but([*WHOLE, *IN_PART][::3], [*WHOLE, *IN_PART]))
def test_what_is_printed_is_what_was_stated(identifier: str, case: int) -> None:
    for one in printed(SCRIPTS[identifier]):
        assert one.differences(case) == [], one.label


@theorem(answers="Are hypotheses about one sample, and about all?")
def hypotheses_and_samples() -> Theorem:
    """A sample is fitted by what its partners' errors are."""
    row, other = (P * E)[i, :], E[j, :]
    return Theorem(
        claim={
            "all": Vanishing([row], where=[ForAll(j, other)]),
            "pairs": Identity(P[i, i] * E[i, :], E[i, :] / n, where=[ForAll((i_, j), P[i_, j] - 1 / n)]),
            "this one": Vanishing([P[i, i] * E[i, :]], where=[E[i, :]]),
        },
        near_misses={"this one alone": Vanishing([row], where=[E[i, :]])},
        indices={i: n},
    )


@pytest.mark.parametrize("case", range(len(SIZES)))
def test_hypotheses_about_one_sample_and_about_all_are_printed_as_such(case: int) -> None:
    assert len(printed(hypotheses_and_samples)) == 4
    for one in printed(hypotheses_and_samples):
        assert one.differences(case) == [], one.label


# -- what is printed wrongly is noticed, also where it is true ---------------------------------------------------------

SLIPS = [
    pytest.param(
        "zero_gradient_does_not_imply_fit",
        "exactly when",
        {"scale (1 - lam) (e' W": "scale lam (e' W"},
        {"left"},
        id="another equation on one side of an equivalence",
    ),
    pytest.param(
        "zero_gradient_does_not_imply_fit",
        "exactly when",
        {"lam <> 0": "1 - lam <> 0"},
        {"denominators"},
        id="an equivalence given something else",
    ),
    pytest.param(
        "expected_gradient_vanishes_iff_fit",
        "by z",
        {"scale m2 (adj W": "scale m (adj W"},
        {"right"},
        id="another moment beside an expected gradient",
    ),
    pytest.param(
        "expected_gradient_vanishes_iff_fit",
        "by z",
        {"expect law_lam (fun lam => slope": "expect law_lam (fun lam => lam * slope"},
        {"left"},
        id="an expectation of something else",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {"add (scale lam (e W": "sub (scale lam (e W"},
        {"right"},
        id="a sign",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {
            "sub (sub (add": "sub (add",
            "z')))) b.": "z'))).",
            "sub (sub y": "sub y",
            "z)) b.": "z).",
            "z')) b.": "z').",
        },
        {"left", "right"},
        id="no bias on both sides, which is true as well",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {"(scale lam y) (scale (1 - lam) y')": "(scale (1 - lam) y) (scale lam y')"},
        {"left"},
        id="the targets are mixed the other way round, in a definition",
    ),
    pytest.param(
        "gradient_has_four_terms",
        "near miss, W for its transpose, at k = h",
        {"adj K (app A": "adj K (adj A"},
        {"right"},
        id="the adjoint for the map",
    ),
    pytest.param(
        "gradient_has_four_terms",
        "",
        {"move step z' (app J' dir)": "z'"},
        {"left"},
        id="the second feature stays where it is",
    ),
    pytest.param(
        "partner_error_moves_the_feature",
        "the feature gradient",
        {"(move step z dir) z'": "z (move step z' dir)"},
        {"left"},
        id="the other symbol moves",
    ),
    pytest.param(
        "partner_error_moves_the_feature",
        "where the second point is fitted",
        {"(e' W z' b y' = zero)": "(e W z b y = zero)"},
        {"hypothesis 1"},
        id="another hypothesis",
    ),
    pytest.param(
        "gradient_vanishes_at_fit",
        "",
        {"(e W z b y = zero) ->": ""},
        {"hypotheses", "hypothesis 1"},
        id="a hypothesis is lost",
    ),
    pytest.param(
        "gradient_vanishes_at_fit",
        "",
        {"(forall (dir : h), tangent (fun step => L W (move step z dir) z' b y y' lam) 0) /\\": ""},
        {"equations"},
        id="an equation is lost",
    ),
    pytest.param(
        "loss_ignores_flatness",
        "reparametrised features",
        {"app B (app A column)": "app A (app B column)"},
        {"hypothesis 1"},
        id="an inverse from the other side",
    ),
    pytest.param(
        "own_terms_are_regression_gradients",
        "the own terms",
        {"quadratic (fun step => l W (move step z (app J dir)) b y) /\\": ""},
        {"slopes", "what is differentiated"},
        id="nothing says that a line is quadratic",
    ),
    pytest.param(
        "own_terms_are_regression_gradients",
        "the regression gradient",
        {"move step z (app J dir)": "move step z (scale step (app J dir))"},
        {"left", "a parabola"},
        id="a line that is bent",
    ),
    pytest.param(
        "input_mixup_separates_for_affine_encoders",
        "four terms",
        {"outer row column": "outer (app A column) (adj A row)"},
        {"left"},
        id="another direction",
    ),
    pytest.param(
        "beta_moments",
        "Beta(a, q): cross",
        {"a + q + 1 <> 0 ->": ""},
        {"denominators"},
        id="a denominator that may be zero",
    ),
    pytest.param(
        "beta_moments",
        "the partner's own",
        {"moment law_lam 2 = (a + 1)": "moment law_lam 2 = (a + 2)"},
        {"moments"},
        id="another moment",
    ),
    pytest.param(
        "pair_average_is_erm_minus_variance",
        "",
        {"((count n) ^ 2)": "(count n)"},
        {"left"},
        id="a sum over all pairs, divided by the number of samples",
    ),
    pytest.param(
        "pair_average_is_erm_minus_variance",
        "near miss, one pair stands for all",
        {"(Z j)": "(Z i)"},
        {"left"},
        id="another sample",
    ),
    pytest.param(
        "mixing_graph_removes_dirichlet_energy",
        "row-stochastic",
        {"P i3 j3": "P j3 i3"},
        {"hypothesis 1"},
        id="columns for rows",
    ),
    pytest.param(
        "cross_terms_average_to_mean_residual_gradient",
        "all four",
        {"(app (JZ i1) dir)": "(app (JZ i1) (scale 2 dir))"},
        {"right"},
        id="features that move twice as far",
    ),
    pytest.param(
        "linear_head_mixup_is_erm",
        "bias",
        {"(move step b dir) Z Y": "(move step b (scale 2 dir)) Z Y"},
        {"left", "right"},
        id="twice the gradient on both sides, which is true as well",
    ),
    pytest.param(
        "folding_the_ratio_changes_nothing",
        "symmetric pairing",
        {"S_ j i + S_ i j": "S_ j i + S_ j i"},
        {"left"},
        id="a pairing that need not be symmetric",
    ),
    pytest.param(
        "temporal_linearization_gradient_at_fit",
        "last",
        {"(app W (add (scale lam z)": "(app W (add (scale lam z')"},
        {"what is differentiated"},
        id="another objective with the same derivative",
    ),
    pytest.param(
        "temporal_linearization_gradient_at_fit",
        "middle",
        {"(scale 2 z__plus)) dir": "(scale 2 z)) dir"},
        {"right"},
        id="another symbol",
    ),
]


@pytest.mark.parametrize(("identifier", "label", "slips", "noticed"), SLIPS)
def test_a_slip_is_noticed(identifier: str, label: str, slips: Mapping[str, str], noticed: set[str]) -> None:
    (one,) = (one for one in printed(SCRIPTS[identifier]) if one.label == label)
    code = " ".join(one.code.split())
    assert replace(one, code=code).differences() == []
    for right, wrong in slips.items():
        assert right in code
        code = code.replace(right, wrong)
    assert {difference.what for difference in replace(one, code=code).differences()} == noticed
