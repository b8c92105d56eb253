"""Every statement of the catalogue on explicit components: SymPy's scalars, at small sizes, know nothing of the kernel.

Claims and steps hold at exact points (where they have hypotheses, at solutions of these), at two assignments of sizes
that are all different. What is refuted is refuted by the kernel's witness: hypotheses and conditions hold there, and
the sides have exactly the values that the witness states. Nothing is approximate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Fails, Identity, Minimum, Positivity, Theorem, Vanishing, manifold_mixup, squared_norm
from symmix.components import occurring
from symmix.language.nodes import MatrixValue, ScalarValue
from symmix.notation import W, d, e, ep, h, k, lam, n, p, theta, z
from symmix.statements import Statement
from symmix.verdict import Existence, Proved, Refuted, Witness
from tests.catalogue import SCRIPTS, outcome
from tests.known_points import known
from tests.oracle import Point, Sizes
from tests.points import Ground, everywhere, holds, rational, vanishes

pytestmark = pytest.mark.slow

K, layers = sp.symbols("K q", integer=True, positive=True)
SIZES: Sequence[Sizes] = (
    {k: 2, h: 3, p: 1, n: 4, d: 5, K: 5, layers: 4},
    {k: 4, h: 2, p: 5, n: 3, d: 3, K: 6, layers: 3},
)
each_size = pytest.mark.parametrize(
    "sizes", [pytest.param(SIZES[0], id="k < h"), pytest.param(SIZES[1], id="k > h", marks=pytest.mark.slow)]
)
mixup = manifold_mixup()
PROOFS = [name for name, script in SCRIPTS.items() if script.theorem.derivations]


def expressions(statement: Any) -> list[sp.Basic]:
    """Return everything that a statement mentions."""
    match statement:
        case Identity(left, right, where):
            return [left, right, *where]
        case Vanishing(expressions, where):
            return [*expressions, *where]
        case Equivalence(left, right, provided, where=where):
            return [*left, *right, *provided, *where]
        case Positivity(scalar, ranges, where):
            return [scalar, *ranges, *where]
    raise TypeError(statement)


def is_given(statement: Any) -> bool:
    """Whether all that a statement speaks of is given; functions that are not: see tests/test_functions.py."""
    if isinstance(statement, Fails):
        return is_given(statement.statement)
    parts = [] if isinstance(statement, Minimum) else expressions(statement)
    found = [getattr(part, "body", part) for part in parts]
    return not any(isinstance(part, sp.Basic) and part.has(ScalarValue, MatrixValue) for part in found)


CLAIMS = [(n, label) for n, script in SCRIPTS.items() for label, x in script.theorem.claims.items() if is_given(x)]
NEAR_MISSES = [
    (n, slip) for n, script in SCRIPTS.items() for slip, x in script.theorem.near_misses.items() if is_given(x)
]


def confirm(statement: Statement, ground: Ground) -> None:
    """Evaluate a statement that is claimed to hold at points of the given sizes."""
    match statement:
        case Identity(left, right, where):
            _confirm_identity(left, right, where, ground)
        case Vanishing(expressions, where):
            points = list(ground.on(where, expressions))
            assert points, "no point satisfies the hypotheses"
            assert all(vanishes(point, expressions) for point in points)
            if where:
                drawn = [ground.drawn(expressions, seed) for seed in range(3)]
                assert not all(vanishes(point, expressions) for point in drawn), (
                    "it vanishes without the hypotheses too"
                )
        case Equivalence():
            _confirm_equivalence(statement, ground)
        case Positivity(scalar, ranges) if ranges:
            for point in _grid(ranges):
                defined = replace(point, definitions=ground.definitions)
                assert defined.explicit(scalar)[0] > 0
        case Positivity(scalar, _, where):
            values = [point.explicit(scalar)[0] for point in ground.on(where, [scalar])]
            assert values, "no point satisfies the hypotheses"
            assert all(value > 0 or (value == 0 and not statement.strict) for value in values)
            assert any(values), "it is zero wherever it was looked at"
        case _:
            raise TypeError(statement)


def _confirm_identity(left: sp.Basic, right: sp.Basic, where: Sequence[sp.Basic], ground: Ground) -> None:
    points = list(ground.on(where, [left, right]))
    assert points, "no point satisfies the hypotheses"
    moving = False
    for point in points:
        for at in everywhere(point, ground.theorem, [left, right]):
            values = at.explicit(left), at.explicit(right)
            assert values[0] == values[1]
            moving = moving or any(values[0])
    if where and not moving:  # both are zero there: they should differ elsewhere
        point = ground.drawn([left, right])
        moving = point.explicit(left) != point.explicit(right)
    assert moving, "both sides are zero wherever they were compared"


def _confirm_equivalence(statement: Equivalence, ground: Ground) -> None:
    left, right, where, provided = statement.left, statement.right, statement.where, statement.provided
    mentioned = [*left, *right]
    forth = list(ground.on([*right, *where], mentioned, provided, enough=1))
    back = list(ground.on([*left, *where], mentioned, provided, enough=1))
    assert forth, "no point satisfies the right side"
    assert back, "no point satisfies the left side"
    assert all(vanishes(point, left) for point in forth)
    assert all(vanishes(point, right) for point in back)
    elsewhere = [(vanishes(point, left), vanishes(point, right)) for point in ground.on(where, mentioned, provided)]
    assert (False, False) in elsewhere
    assert set(elsewhere) <= {(False, False), (True, True)}


def _grid(ranges: Any) -> list[Point]:
    shares = [sp.Rational(1, 50), sp.Rational(1, 3), sp.Rational(1, 2), sp.Rational(6, 7), sp.Rational(49, 50)]
    axes = []
    for low, high in ranges.values():
        unbounded = [low + share / (1 - share) for share in shares]
        axes.append(unbounded if high == sp.oo else [low + share * (high - low) for share in shares])
    return [Point({}, dict(zip(ranges, values, strict=True))) for values in product(*axes)]


def confute(statement: Statement, witness: Witness, ground: Ground) -> None:
    """Evaluate a statement at the witness against it: its hypotheses hold, it does not; the values are as stated."""
    stated = [rational(rows) for rows in witness.values.values()]
    mentioned = expressions(statement)
    point = ground.at(witness, [*mentioned, *ground.theorem.conditions])
    relevant = set(occurring(mentioned, ground.definitions))
    conditions = [c for c in ground.theorem.conditions if set(occurring([c], ground.definitions)) <= relevant]
    assert all(holds(condition, point) for condition in conditions)
    match statement:
        case Identity(left, right, where):
            assert vanishes(point, where)
            assert [point.explicit(left), point.explicit(right)] == stated
            assert stated[0] != stated[1]
        case Vanishing(goals, where):
            assert vanishes(point, where)
            assert any([point.explicit(goal)] == stated for goal in goals)
            assert any(stated[0])
        case Equivalence(left, right, provided, where=where):
            assert vanishes(point, where)
            assert all(any(point.explicit(scalar)) for scalar in provided)
            assert vanishes(point, left) != vanishes(point, right)
            assert any([point.explicit(goal)] == stated for goal in [*left, *right])
            assert any(stated[0])
        case Positivity(scalar, ranges, where):
            assert vanishes(point, where)
            assert all(low < point.scalars[s] < high for s, (low, high) in ranges.items())
            assert [point.explicit(scalar)] == stated
            assert stated[0][0] < 0 or (statement.strict and stated[0][0] == 0)
        case _:
            raise TypeError(statement)


@each_size
@pytest.mark.parametrize(("name", "label"), CLAIMS)
def test_a_claim_holds_on_components(name: str, label: str, sizes: Sizes) -> None:
    theorem = SCRIPTS[name].theorem
    claim, ground = theorem.claims[label], Ground(theorem, sizes, known(name, sizes))
    if not isinstance(claim, Fails):
        confirm(claim, ground)
        return
    verdict = outcome(name).claims[label]
    assert isinstance(verdict, Proved)
    (evidence,) = verdict.evidence
    assert isinstance(evidence, Existence)
    confute(claim.statement, evidence.witness, ground)


@each_size
@pytest.mark.parametrize("name", PROOFS)
def test_every_step_of_a_proof_holds_on_components(name: str, sizes: Sizes) -> None:
    theorem = SCRIPTS[name].theorem
    for derivation in theorem.derivations:
        before = derivation.start
        for step in derivation.steps:
            confirm(Identity(before, step.expression, step.where), Ground(theorem, sizes, known(name, sizes)))
            before = step.expression


@pytest.mark.parametrize(("name", "slip"), NEAR_MISSES)
def test_a_near_miss_fails_at_its_witness_on_components(name: str, slip: str) -> None:
    verdict = outcome(name).near_misses[slip]
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    theorem = SCRIPTS[name].theorem
    confute(theorem.near_misses[slip], verdict.witness, Ground(theorem, SIZES[0]))


@pytest.mark.parametrize("sizes", SIZES, ids=["k < h", "k > h"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_all_sizes_of_a_theorem_are_different(name: str, sizes: Sizes) -> None:
    """Otherwise a transposition could go unseen."""
    theorem = SCRIPTS[name].theorem
    mentioned = [
        e
        for claim in theorem.claims.values()
        if not isinstance(claim, Fails) and is_given(claim)
        for e in expressions(claim)
    ]
    used = [sizes[s] for s in occurring(mentioned, theorem.definitions) if s in sizes]
    assert len(set(used)) == len(used)


# -- that the comparison says no ---

CORRUPTED: Mapping[str, Statement] = {
    "a sign": Identity(mixup.gradient(theta), -mixup.gradient(theta)),
    "a factor": Identity(squared_norm(z), 2 * squared_norm(z)),
    "a transpose": Identity(W.T * W, (W.T * W) * 2),
    "an identity that holds at the fit alone": Identity(mixup.gradient(z), 0 * z),
    "one hypothesis too few": Vanishing([mixup.gradient(z)], where=[e]),
    "no hypothesis is needed": Vanishing([0 * z], where=[e]),
    "nothing compared": Identity(z - z, 0 * z),
    "hypotheses that nothing satisfies": Identity(z, 2 * z, where=[sp.OneMatrix(1, 1) + 0 * z.T * z]),
    "one way only": Equivalence([mixup.gradient(z)], [e, ep], provided=[lam]),
    "the other way only": Equivalence([e, ep], [e], provided=[lam]),
    "not positive": Positivity(lam - sp.Rational(1, 4), {lam: (0, 1)}),
}


@pytest.mark.parametrize("slip", CORRUPTED)
def test_a_corrupted_claim_is_found(slip: str) -> None:
    theorem = Theorem(claim=CORRUPTED[slip], near_misses=CORRUPTED, definitions=mixup.definitions)
    with pytest.raises(AssertionError):
        confirm(theorem.claims[""], Ground(theorem, SIZES[0]))


@pytest.mark.parametrize("slip", ["quadratic in the residuals", "only one residual scaled"])
def test_a_corrupted_witness_is_found(slip: str) -> None:
    name = "gradient_shrinks_with_the_error"
    theorem, verdict = SCRIPTS[name].theorem, outcome(name).near_misses[slip]
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    ground = Ground(theorem, SIZES[0])
    confute(theorem.near_misses[slip], verdict.witness, ground)
    values = {side: tuple(tuple(x + 1 for x in row) for row in rows) for side, rows in verdict.witness.values.items()}
    with pytest.raises(AssertionError):
        confute(theorem.near_misses[slip], replace(verdict.witness, values=values), ground)
    with pytest.raises(AssertionError):
        confute(theorem.claims["encoder"], verdict.witness, ground)
