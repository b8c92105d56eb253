"""The objectives are what the post and the papers say, at explicit points."""

from __future__ import annotations

import pytest
import sympy as sp

from symmix import Setting, erm, head, input_mixup, manifold_mixup, mix, squared_norm
from symmix.notation import J, Jm, Jp, W, b, d, e, ep, gap, h, k, lam, legend, lookup, n, p, theta, y, yp, z, zm, zp
from symmix.objectives import OBJECTIVES
from tests.oracle import Point

SIZES = {k: 2, h: 3}


def value(name: str, point: Point) -> sp.Expr:
    objective = OBJECTIVES[name]()
    setting = Setting(objective.definitions)
    return point.decided(setting, objective.symbol)[0, 0]


@pytest.mark.parametrize("ratio", [sp.S.Zero, sp.S.Half, sp.Rational(3, 4), sp.S.One])
def test_values_at_a_point(ratio: sp.Rational) -> None:
    point = Point({k: 2, h: 1}, {lam: ratio}, {
        W: sp.ImmutableMatrix([[1], [2]]), b: sp.ImmutableMatrix([0, 1]),
        z: sp.ImmutableMatrix([[1]]), zp: sp.ImmutableMatrix([[3]]), zm: sp.ImmutableMatrix([[-1]]),
        y: sp.ImmutableMatrix([5, 0]), yp: sp.ImmutableMatrix([1, 4]),
    })  # fmt: skip
    first = sp.ImmutableMatrix([5 - 1, 0 - 3])
    second = sp.ImmutableMatrix([1 - 3, 4 - 7])
    mixed = ratio * first + (1 - ratio) * second
    half = -sp.Rational(1, 2)
    assert value("erm", point) == half * (first.dot(first) + second.dot(second))
    assert value("manifold_mixup", point) == half * mixed.dot(mixed)
    target = ratio * point.matrices[y] + (1 - ratio) * point.matrices[yp]
    through = target - sp.ImmutableMatrix([-1, -1])
    assert value("input_mixup", point) == half * through.dot(through)


def test_residuals_and_targets_are_inverse_to_each_other() -> None:
    for make in (manifold_mixup, input_mixup, erm):
        objective = make()
        for target, solved in objective.targets.items():
            setting = Setting({**objective.definitions, gap: mix(z, zp) - zm})
            assert setting.meaning(solved) == setting.meaning(target)


def test_jacobians_have_the_shape_of_their_features() -> None:
    assert manifold_mixup().jacobians == erm().jacobians == {z: J, zp: Jp}
    assert input_mixup().jacobians == {zm: Jm}
    for make in (manifold_mixup, input_mixup, erm):
        for features, slope in make().jacobians.items():
            assert tuple(slope.shape) == (features.shape[0], theta.shape[0])


def test_names_are_those_of_the_command_line() -> None:
    assert [make().name for make in OBJECTIVES.values()] == list(OBJECTIVES)


def test_building_blocks() -> None:
    setting = Setting()
    assert setting.meaning(head(z)) == setting.meaning(W * z + b)
    assert setting.meaning(mix(e, ep)) == setting.meaning(lam * e + (1 - lam) * ep)
    assert setting.meaning(mix(e, e)) == setting.meaning(e)
    assert setting.meaning(mix(lam, lam)) == setting.meaning(lam)
    assert setting.meaning(squared_norm(e)) == setting.meaning((e.T * e)[0, 0])


def test_the_legend_is_found_by_either_name() -> None:
    for entry in legend():
        assert lookup(entry.name) is entry
        assert entry.meaning
        assert entry.latex
    spelled = {"zp": zp, "zm": zm, "Jm": Jm, "lam": lam, "ep": ep, "theta": theta}
    for name, symbol in spelled.items():
        found = lookup(name)
        assert found is not None
        assert found.symbol == symbol
    assert lookup("Entry") is lookup("_LEGEND") is lookup("nothing") is None


def test_the_legend_has_one_symbol_a_name() -> None:
    names = [entry.name for entry in legend()]
    assert len(set(names)) == len(names)
    assert {s.name for s in (k, h, p, d, n)} <= set(names)
    assert lookup("lam").domain == (lam >= 0, lam <= 1)  # type: ignore[union-attr]
