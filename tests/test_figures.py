"""Every number of a picture has a source: it equals what exact rationals, SymPy or the theorem itself say.

Nothing here needs Matplotlib; what is drawn of these numbers is looked at in test_figures_drawn.py, and the figures of
a data set in test_figures_averages.py.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symmix.figures import FIGURES, Series
from symmix.figures.computing import curves, gradient_floor, stationary_line
from symmix.figures.numbers import Numbers
from symmix.notation import W, b, lam, m, m2, p, s, y, yp, z, zm, zp
from symmix.notation import theta as parameters
from symmix.numeric.ratios import beta_moment
from tests.catalogue import SCRIPTS
from tests.exact_arrays import agree, fractions, matrix, point

ROOT = Path(__file__).parent.parent
Exact = Any
"""A rational, or an array of them."""

named = pytest.mark.parametrize("name", FIGURES)
LAM = Fraction(3, 4)


def numbers(name: str) -> Any:
    """Return what a picture shows."""
    return FIGURES[name].numbers()


# -- all of them ---


@named
def test_the_theorems_of_a_figure_are_theorems_of_the_catalogue(name: str) -> None:
    figure = FIGURES[name]
    assert figure.theorems
    assert set(figure.theorems) <= set(SCRIPTS)
    assert figure.name == name
    assert figure.title


@named
def test_the_caption_is_plain_text_and_names_each_theorem(name: str) -> None:
    caption = FIGURES[name].caption
    assert all(theorem in caption for theorem in FIGURES[name].theorems)
    assert not set(caption) & set("\\$\n")
    assert caption.isascii()
    assert caption.endswith(".")
    assert "  " not in caption


@named
def test_each_array_says_where_it_comes_from(name: str) -> None:
    found = FIGURES[name].data()
    assert all(isinstance(series, Series) and series.source for series in found.values())
    assert set(found) == {field.name for field in fields(numbers(name))}
    assert all(np.isfinite(series.values).all() for series in found.values() if series.values.dtype.kind != "U")


@named
def test_numbers_are_not_written_to(name: str) -> None:
    shown: Numbers = numbers(name)
    for field, series in shown.named().items():
        with pytest.raises(ValueError, match="read-only"):
            series.values[...] = 0
        with pytest.raises(FrozenInstanceError):
            setattr(shown, field, series.values)


@named
def test_numbers_are_the_same_each_time(name: str) -> None:
    again = FIGURES[name].compute().named()
    assert all(np.array_equal(series.values, again[key].values) for key, series in numbers(name).named().items())


# -- the loop that nobody sees ---


def curve(C: Exact, x: Fraction) -> Exact:
    """Return a point of a Bezier curve by repeated mixing of control points, de Casteljau's way."""
    points = [C[:, i] for i in range(C.shape[1])]
    while len(points) > 1:
        points = [(1 - x) * first + x * second for first, second in pairwise(points)]
    return points[0]


STRAIGHT, LOOPED, HEAD = fractions(curves.STRAIGHT), fractions(curves.LOOPED), fractions(curves.HEAD)


def gap(C: Exact, ratio: Fraction) -> Exact:
    """Return what an encoder fails to interpolate between x = 0 and x' = 1."""
    return ratio * curve(C, Fraction(0)) + (1 - ratio) * curve(C, Fraction(1)) - curve(C, 1 - ratio)


def test_the_curves_are_the_encoders() -> None:
    shown = numbers("unseen-loop")
    for C, drawn in zip((STRAIGHT, LOOPED), shown.curves, strict=True):
        exact = [curve(C, Fraction(j, 128)) for j in range(129)]
        assert (fractions(drawn) == np.array(exact)).all()
    assert (shown.ends == shown.curves[:, [0, -1]]).all()


def test_one_encoder_is_straight_and_the_other_one_crosses_itself() -> None:
    straight, looped = numbers("unseen-loop").curves
    assert not gap(STRAIGHT, LAM).any()
    assert not straight[:, 1].any()
    steps = np.diff(looped, axis=0)
    turned = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.ptp(turned) > np.pi
    crossings = [
        (i, j) for i in range(128) for j in range(i + 2, 128) if _cross(*looped[i : i + 2], *looped[j : j + 2])
    ]
    assert len(crossings) == 1


def _cross(a: Exact, b: Exact, c: Exact, d: Exact) -> bool:
    """Whether the segments ab and cd cross."""

    def side(first: Exact, second: Exact, third: Exact) -> float:
        one, other = second - first, third - first
        return float(one[0] * other[1] - one[1] * other[0])

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def test_both_encoders_fit_the_same_targets_and_differ_where_the_head_does_not_see() -> None:
    straight, looped = fractions(numbers("unseen-loop").ends)
    at = {lam: LAM, z: straight[0], zp: straight[1], y: HEAD @ straight[0], yp: HEAD @ straight[1]}
    moved = {sp.MatrixSymbol(v, z.shape[0], 1): looped[i] - straight[i] for i, v in enumerate(("v", "v'"))}
    assert all(shift.any() for shift in moved.values())
    assert not any((HEAD @ shift).any() for shift in moved.values())
    found = agree(
        "loss_ignores_flatness",
        point("loss_ignores_flatness", {**at, **moved, W: HEAD, b: fractions(curves.BIAS)}),
        {"unseen directions": Fraction(0)},
    )
    assert not found  # these shifts are unseen: no slip shows here


@pytest.mark.parametrize("C", [STRAIGHT, LOOPED], ids=["straight", "looped"])
def test_every_gradient_of_manifold_mixup_is_zero_by_the_theorem(C: Exact) -> None:
    ends = [curve(C, Fraction(x)) for x in (0, 1)]
    values = {z: ends[0], zp: ends[1], y: HEAD @ ends[0], yp: HEAD @ ends[1], W: HEAD, b: fractions(curves.BIAS)}
    theorem = SCRIPTS["gradient_vanishes_at_fit"].theorem
    claim: Any = theorem.claims[""]
    gradients = [gradient for gradient in claim.expressions if not gradient.has(parameters)]
    assert len(gradients) == 4  # by z, z', W and b: that by the encoder's parameters goes through the first two
    for j in range(0, 65, 16):
        at = point("gradient_vanishes_at_fit", {**values, lam: Fraction(j, 64)}, {p: 1})
        assert not any(any(at.explicit(gradient)) for gradient in gradients)


def test_manifold_mixup_has_neither_loss_nor_gradient_at_any_ratio() -> None:
    shown = numbers("unseen-loop")
    assert (shown.ratios == np.linspace(0, 1, 65)).all()
    assert shown.manifold_losses.shape == shown.manifold_gradients.shape == (2, 65)
    assert not shown.manifold_losses.any()
    assert not shown.manifold_gradients.any()


def test_input_mixup_pays_for_the_gap_that_the_head_sees() -> None:
    shown = numbers("unseen-loop")
    for C, losses in zip((STRAIGHT, LOOPED), shown.input_losses, strict=True):
        for ratio, loss in zip(shown.ratios, losses, strict=True):
            seen = HEAD @ gap(C, Fraction(ratio))
            assert Fraction(loss) == seen @ seen / 2
    assert shown.input_losses[1].max() > 0.3


def test_the_gradient_of_input_mixup_is_that_of_its_definition() -> None:
    shown = numbers("unseen-loop")
    C = sp.ImmutableMatrix(2, 4, sp.symbols("c:8"))
    w, bias, x = sp.ImmutableMatrix(1, 2, sp.symbols("w:2")), sp.Symbol("b"), sp.Symbol("x")
    basis = sp.ImmutableMatrix([sp.binomial(3, k) * x**k * (1 - x) ** (3 - k) for k in range(4)])
    loss = ((1 - x) * 0 + x * sp.Rational(3, 2) - (w * C * basis)[0] - bias) ** 2 / 2
    unknown = [*C, *w, bias]
    slopes = [sp.diff(loss, symbol) for symbol in unknown]
    for control, norms in zip((STRAIGHT, LOOPED), shown.input_gradients, strict=True):
        given = dict(zip(unknown, [*matrix(control), *matrix(HEAD), sp.Integer(0)], strict=True))
        squares = sp.lambdify(x, sum(slope.subs(given) ** 2 for slope in slopes))
        exact = [squares(Fraction(1 - ratio)) for ratio in shown.ratios]
        assert np.allclose(norms, np.sqrt(np.array(exact, dtype=float)), rtol=1e-14, atol=0)


def test_the_marked_mixtures_are_those_of_the_marked_ratio() -> None:
    shown = numbers("unseen-loop")
    assert Fraction(float(shown.ratio)) == LAM
    for C, mixed, through in zip((STRAIGHT, LOOPED), shown.mixed_features, shown.features_of_mixture, strict=True):
        assert (fractions(mixed) == LAM * curve(C, Fraction(0)) + (1 - LAM) * curve(C, Fraction(1))).all()
        assert (fractions(through) == curve(C, 1 - LAM)).all()


# -- the floor ---


def bent(share: float) -> Exact:
    return STRAIGHT + Fraction(share) * (LOOPED - STRAIGHT)


def test_the_gradient_of_manifold_mixup_has_slope_one() -> None:
    shown = numbers("gradient-floor")
    assert (shown.errors == 2.0 ** -np.arange(13)).all()
    slopes = np.diff(np.log2(shown.manifold)) / np.diff(np.log2(shown.errors))
    assert (slopes == 1).all()
    slopes = np.diff(np.log(shown.slope_one)) / np.diff(np.log(shown.line_errors))
    assert np.allclose(slopes, 1, rtol=1e-12, atol=0)
    assert np.allclose(np.interp(shown.errors, shown.line_errors[::-1], shown.slope_one[::-1]), shown.manifold)


def test_the_slope_is_the_theorems() -> None:
    shown = numbers("gradient-floor")
    C = bent(1)
    ends = [curve(C, Fraction(x)) for x in (0, 1)]
    targets = [HEAD @ end - 1 for end in ends]
    for error, norm in zip(shown.errors, shown.manifold, strict=True):
        values = {z: ends[0], zp: ends[1], y: targets[0], yp: targets[1], lam: LAM, s: Fraction(error)}
        slope = LAM * norm * np.array([1, 0])  # of L by z: lam times that of the loss by z~, with the other sign
        at = point("gradient_shrinks_with_the_error", {**values, W: HEAD, b: fractions(curves.BIAS)}, {p: 1})
        pulled = -fractions(slope)
        missed = agree("gradient_shrinks_with_the_error", at, {"features": pulled})
        assert not missed  # its near misses are about the encoder's gradient


def test_the_floor_is_the_gap_pulled_back_by_the_head() -> None:
    shown = numbers("gradient-floor")
    for share, floor in zip(shown.bends, shown.floors, strict=True):
        pulled = HEAD.T @ (HEAD @ gap(bent(share), LAM))
        assert Fraction(float(floor)) ** 2 == pulled @ pulled
        assert floor != np.linalg.norm((HEAD @ gap(bent(share), LAM)).astype(float))  # |W gap| is another number
    assert (shown.floors[:-1] / shown.floors[1:] == 8).all()


def test_input_mixup_goes_down_to_the_floor_and_no_further() -> None:
    shown = numbers("gradient-floor")
    for share, norms, line, floor in zip(shown.bends, shown.through_input, shown.with_gap, shown.floors, strict=True):
        for error, norm in zip(shown.errors, norms, strict=True):
            r = LAM * -Fraction(error) + (1 - LAM) * -Fraction(error) + HEAD @ gap(bent(share), LAM)
            pulled = HEAD.T @ r
            assert Fraction(float(norm)) ** 2 == pulled @ pulled
        assert (norms > floor).all()
        assert np.allclose(norms - floor, shown.manifold, rtol=1e-10, atol=0)  # one sign: the two parts add up
        assert np.allclose(np.log(line[::8]), np.log(norms), rtol=0, atol=1e-12)
        assert np.allclose(shown.line_errors[::8], shown.errors)


@pytest.mark.parametrize("share", gradient_floor.BENDS)
def test_the_residual_with_the_gap_is_the_theorems(share: float) -> None:
    C, name = bent(share), "input_mixup_adds_the_interpolation_gap"
    ends = [curve(C, Fraction(x)) for x in (0, 1)]
    fitted = {z: ends[0], zp: ends[1], y: HEAD @ ends[0], yp: HEAD @ ends[1], zm: curve(C, 1 - LAM)}
    at = point(name, {**fitted, lam: LAM, W: HEAD, b: fractions(curves.BIAS)})
    seen = HEAD @ gap(C, LAM)
    near_misses = set(SCRIPTS[name].theorem.near_misses)
    assert agree(name, at, {"in general": seen, "at the fit": seen}) == near_misses


# -- the line at which one ratio stops ---


def test_the_velocity_is_the_gradient_of_the_definition() -> None:
    shown = numbers("stationary-line")
    e, ep, ratio, own, partner = sp.symbols("e e' lam z z'")
    loss = (ratio * (e - own) + (1 - ratio) * (ep - partner)) ** 2 / 2
    velocity = [sp.diff(loss, symbol).subs({own: 0, partner: 0}) for symbol in (own, partner)]
    exact = sp.ImmutableMatrix(2, 2, lambda i, j: sp.expand(velocity[i]).coeff((e, ep)[j]))
    at_one = exact.subs(ratio, sp.Rational(3, 4))
    average = exact.applyfunc(lambda entry: sp.integrate(sp.expand(entry), (ratio, 0, 1)))
    assert (shown.at_one_ratio == np.array(at_one.tolist(), dtype=float)).all()
    assert np.allclose(shown.on_average, np.array(average.tolist(), dtype=float), rtol=1e-15, atol=0)


def test_on_average_the_matrix_is_the_theorems() -> None:
    name, cross = "expected_gradient_vanishes_iff_fit", beta_moment(Fraction(1), Fraction(1), 1, 1)
    one, uniform = fractions([[1]]), {m: Fraction(1, 2), m2: beta_moment(Fraction(1), Fraction(1), 2, 0)}
    found = numbers("stationary-line").on_average
    for e, ep in ((1, 0), (0, 1), (3, -2)):
        at = point(
            name,
            {y: fractions([e]), yp: fractions([ep]), z: 0 * one[0], zp: 0 * one[0], W: one, b: 0 * one[0], **uniform},
        )
        slopes = [uniform[m2] * e + cross * ep, cross * e + uniform[m2] * ep]
        agree(name, at, {"by z": slopes[0], "by z'": slopes[1]})
        assert np.allclose(found @ [e, ep], -np.array(slopes, dtype=float), rtol=1e-14, atol=1e-15)
    assert np.isclose(np.linalg.det(found), 1 / 12, rtol=1e-12)  # Var lam, not zero: one stationary point
    assert np.linalg.det(numbers("stationary-line").at_one_ratio) == 0


def test_the_gradient_is_zero_on_the_line_and_nowhere_else() -> None:
    shown, name = numbers("stationary-line"), "zero_gradient_does_not_imply_fit"
    claim: Any = SCRIPTS[name].theorem.claims["exactly when"]
    dz = claim.left[0]
    one = fractions([[1]])

    def slope(errors: Any) -> Any:
        e, ep = (fractions([value]) for value in errors)
        at = point(name, {y: e, yp: ep, z: 0 * one[0], zp: 0 * one[0], W: one, b: 0 * one[0], lam: LAM})
        return at.explicit(dz)[0]

    low, high = shown.stationary
    assert (shown.stationary[:, 1] == [1, -1]).all()
    for share in (0, 0.25, 0.5, 1):
        on_line = [Fraction(-1, 3), Fraction(1)] - Fraction(share) * fractions([Fraction(-2, 3), 2])
        assert slope(on_line) == 0
        assert np.allclose(on_line.astype(float), low + share * (high - low), rtol=0, atol=1e-15)
    for start in shown.starts:
        assert slope(start) != 0


def test_paths_at_one_ratio_end_on_the_line_and_on_average_at_the_fit() -> None:
    shown = numbers("stationary-line")
    normal = np.array([0.75, 0.25])
    ends = shown.paths_at_one_ratio[:, -1]
    assert np.abs(ends @ normal).max() < 1e-12
    assert (np.abs(ends).max(axis=1) > 0.01).all()  # none of them at the fit
    assert np.abs(shown.paths_on_average[:, -1]).max() < 1e-3
    assert (shown.marked_ends == [shown.paths_at_one_ratio[-1, -1], shown.paths_on_average[-1, -1]]).all()
    assert np.allclose(shown.marked_ends[0], [-1 / 4, 3 / 4], rtol=0, atol=1e-12)


def test_paths_are_the_solutions_of_the_flow() -> None:
    shown = numbers("stationary-line")
    decay = np.exp(-shown.times * 0.625)[None, :, None]  # |(lam, 1-lam)|^2
    v = np.array([0.75, 0.25])
    along = (shown.starts @ v)[:, None, None] * v / 0.625
    assert np.allclose(shown.paths_at_one_ratio, shown.starts[:, None] - (1 - decay) * along, rtol=0, atol=1e-13)
    both, against = (shown.starts @ u for u in (np.array([0.5, 0.5]), np.array([0.5, -0.5])))
    fast, slow = (
        np.multiply.outer(part, np.exp(-shown.times * rate)) for part, rate in ((both, 1 / 2), (against, 1 / 6))
    )
    assert np.allclose(shown.paths_on_average, np.stack([fast + slow, fast - slow], axis=2), rtol=0, atol=1e-13)


def test_paths_start_all_around() -> None:
    starts = numbers("stationary-line").starts
    assert (np.abs(starts).max(axis=1) == 1).all()
    assert len({tuple(start) for start in starts}) == len(starts) == 32
    assert (starts[-1] == stationary_line.MARKED).all()
