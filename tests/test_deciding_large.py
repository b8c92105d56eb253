"""Identities that multiply out into too much: decided with sums kept whole, and never otherwise than multiplied out."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
import sympy as sp

from symmix import Identity, Setting, Vanishing, squared_norm
from symmix.deciding import layers
from symmix.language import Gradient
from symmix.verdict import NormalForm, Proved, Refuted
from tests.benchmarks.cliffs import sums

n = sp.Symbol("n", integer=True, positive=True)
A, B, C = (sp.MatrixSymbol(name, n, n) for name in "ABC")
x, y = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("y", n, 1)
I = sp.Identity(n)  # noqa: E741 - the field's name

FAMILIES: dict[str, tuple[Callable[..., Identity], int]] = {
    "a power of a sum": (sums.power, 12),
    "a residual network": (sums.residual_network, 7),
    "descent": (sums.descent, 3),
    "telescoping": (sums.telescoping, 9),
}


@pytest.mark.parametrize("name", FAMILIES)
def test_large_identities_are_decided(name: str) -> None:
    family, size = FAMILIES[name]
    proved, refuted = (family(size, 1, slip=slip).decide(Setting()) for slip in (False, True))
    assert isinstance(proved, Proved)
    assert isinstance(proved.evidence[0], NormalForm)
    assert proved.evidence[0].sums
    assert isinstance(refuted, Refuted)


def test_a_witness_names_the_symbols_of_the_statement_alone() -> None:
    verdict = sums.residual_network(12, 3, slip=True).decide(Setting())
    assert isinstance(verdict, Refuted)
    assert verdict.witness is not None
    assert {name[0] for name in verdict.witness.entries} <= {*"Vxy"}
    assert not [t for t in verdict.witness.model.entries if t.name.startswith("sum")]
    assert verdict.witness.values["left"] != verdict.witness.values["right"]


def test_a_large_expression_that_vanishes_is_decided_too() -> None:
    left, right = sums.power(12, 1), sums.power(12, 1, slip=True)
    assert Vanishing([left.left - left.right]).decide(Setting()).word == "proved"
    assert Vanishing([right.left - right.right]).decide(Setting()).word == "refuted"


def test_what_no_opening_shows_is_multiplied_out() -> None:
    symmetric = A + A.T
    assert Identity(sp.Trace(symmetric**6), 2 * sp.Trace(A * symmetric**5)).decide(Setting()).word == "proved"


def test_a_derivative_goes_through_the_sums_that_are_kept() -> None:
    inner = (A + B) * ((A + C) * x - y) - y
    right = (A + C).T * (A + B).T * inner
    assert Identity(Gradient(squared_norm(inner) / 2, x), right).decide(Setting()).word == "proved"
    by_a = Gradient(squared_norm(inner) / 2, A)
    slope = inner * ((A + C) * x - y).T + (A + B).T * inner * x.T
    assert Identity(by_a, slope).decide(Setting()).word == "proved"
    assert Identity(by_a, slope - inner * y.T).decide(Setting()).word == "refuted"


def random_matrix(random: Random, depth: int) -> sp.MatrixExpr:
    """Return a random expression of n x n matrices, with sums in products."""
    if not depth:
        return random.choice([A, B, A.T, B.T, I])
    parts = [random_matrix(random, depth - 1) for _ in range(2)]
    if random.random() < 0.5:
        return sp.MatAdd(parts[0], random.choice([1, -1, 2]) * parts[1])
    return random.choice([sp.MatMul(*parts), sp.MatPow(parts[0], 2), sp.Transpose(sp.MatMul(*parts))])


def rewritten(e: sp.Basic, random: Random) -> sp.Basic:
    """Return the expression with sums turned round, brackets opened here and there, and products transposed twice."""
    if isinstance(e, sp.MatAdd):
        parts = [rewritten(part, random) for part in e.args]
        random.shuffle(parts)
        return sp.MatAdd(*parts)
    if isinstance(e, sp.MatMul) and random.random() < 0.6:
        scale, factors = e.as_coeff_matrices()
        for place, factor in enumerate(factors):
            if isinstance(factor, sp.MatAdd) and random.random() < 0.7:
                before, after = factors[:place], factors[place + 1 :]
                return sp.MatAdd(*(scale * sp.MatMul(*before, part, *after) for part in factor.args))
    if isinstance(e, sp.MatPow) and random.random() < 0.6:
        return sp.MatMul(rewritten(e.base, random), rewritten(e.base, random))
    return e


@pytest.mark.parametrize("seed", range(30))
def test_layers_never_contradict_what_is_multiplied_out(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(seed)
    left = sp.MatMul(random_matrix(random, 2), random_matrix(random, 2), evaluate=False)
    right = rewritten(left, random)
    if seed % 3 == 2:
        right = right + random.choice([A, A * B, A.T * A - A * A.T, B * (A + B)])
    if left == right:
        right = sp.MatAdd(right, A, -1 * B)
    try:
        statement, twin = Identity(left, right), Identity(sp.Trace(left), sp.Trace(right))
        plain = [s.decide(Setting()).word for s in (statement, twin)]
    except Exception as error:  # noqa: BLE001 - what states nothing is refused either way
        pytest.skip(str(error)[:60])
    monkeypatch.setattr(layers, "MANY", 0)
    assert [s.decide(Setting()).word for s in (statement, twin)] == plain


def test_sums_that_are_one_up_to_sign_and_transposition_have_one_symbol() -> None:
    setting = Setting()
    tree = setting.reader.expression((A - B) * (B - A) * (A.T - B.T) * (2 * A - 2 * B).T)
    found = layers.Layers(setting.frame(Identity(A, B).tree(setting.reader)).names)
    product = found.array(tree)
    assert len(found.sums) == 1
    assert len(product.expression.terms) == 1
