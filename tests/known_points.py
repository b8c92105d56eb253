"""Points that meet hypotheses that are not affine, by theorem: written down by hand, for the sizes of the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import sympy as sp

from proofs import lipschitz_heads_need_flat_classes as flat
from proofs import mixup_cross_entropy_minimiser_is_finite as finite
from proofs import mixup_thresholds_modes as thresholds
from proofs import random_layer_mixup_is_not_degenerate as layered
from proofs import selective_mixup_resamples as selective
from proofs import softmax_hessian_is_a_sum_of_squares as softmax
from proofs import verma_collapse_fails_for_free_heads as free
from symmix.notation import W, Y, Z, b, c, h, k, lam, m, m2, n, y, yp, z, zp
from tests.oracle import Sizes

K = softmax.K  # equal to that of every theorem on classes
Values = Mapping[sp.Basic, sp.ImmutableMatrix]


def known(name: str, sizes: Sizes) -> Sequence[Values]:
    """Return the values that are known for a theorem; nothing for most."""
    return _KNOWN[name](sizes) if name in _KNOWN else ()


def _column(*entries: sp.Expr | int) -> sp.ImmutableMatrix:
    return sp.ImmutableMatrix(len(entries), 1, entries)


def _two_classes(sizes: Sizes) -> Sequence[Values]:
    """The first ``n1`` samples, or the last, are of the first class; ``n1`` itself is drawn, so that it is set too."""
    count = sizes[n]
    halves: Values = {m: _column(sp.Rational(1, 2)), m2: _column(sp.Rational(1, 3))}
    split = [
        {selective.f: _column(*(int(sample < share) for sample in range(count))), selective.first: _column(share)}
        for share in range(1, count)
    ]
    return [{**values, **ratio} for ratio in ({}, halves) for values in split]


def _equal_samples(sizes: Sizes) -> Sequence[Values]:
    """All samples are equal, or they differ."""
    shape = sizes[n], sizes[h]
    return [{Z: sp.ImmutableMatrix(*shape, entry)} for entry in (lambda _, c: c - 2, lambda r, c: r * r - c)]


def _on_the_simplex(sizes: Sizes) -> Sequence[Values]:
    """Unit vectors without a zero, and directions along constants and across."""
    count = sizes[K]
    roots = {5: [1, 1, 1, 2, 3], 6: [1, 1, 1, 1, 1, 2]}[count]
    length = {5: 4, 6: 3}[count]
    rho = _column(*(sp.Rational(root, length) for root in roots))
    common = {
        softmax.rho: rho,
        softmax.s: rho.applyfunc(lambda x: x**2),
        softmax.tau: rho.applyfunc(lambda x: 1 / x),
    }
    directions = (_column(*range(count)), _column(*([3] * count)), _column(*(x**2 - 2 for x in range(count))))
    signs = (1, -1)
    return [{**common, softmax.v: sign * v} for v, sign in product(directions, signs)]


def _layers(sizes: Sizes) -> Sequence[Values]:
    """Differences and sums of rows, a fitted pair, and features that do not depend on the layer, or do."""
    count, targets, features = sizes[layered.q], sizes[k], sizes[h]
    weights = sp.ImmutableMatrix(targets, features, lambda r, c: r - 2 * c + r * c + 1)
    first, second, bias = _column(*range(features)), _column(*([2] * features)), _column(*range(targets))
    share = sp.Rational(2, 5)
    last = share * first + (1 - share) * second
    same = sp.ImmutableMatrix(count, features, lambda _, c: last[c])
    common = {
        layered.N: sp.ImmutableMatrix(count, count, lambda r, c: int(r == c) - int(c == r + 1)),
        layered.T: sp.ImmutableMatrix(count, count, lambda r, c: int(bool(c >= r))),
        W: weights,
        z: first,
        zp: second,
        b: bias,
        lam: _column(share),
        y: weights * first + bias,
        yp: weights * second + bias,
    }
    return [{**common, layered.H: rows} for rows in (same, same.applyfunc(lambda x: x**2 + 1))]


def _modes(sizes: Sizes) -> Sequence[Values]:
    """A mode that lives, at 4 above the threshold 6, and one that dies, at 3/5 of it."""
    rows, columns = sizes[n], sizes[k]
    u, v = _padded(rows, 1, -1), _padded(columns, 1, 1)
    (left, right, length) = {
        4: (_padded(rows, 0, 0, 1, -1), _padded(columns, 1, -1), 2),
        3: (_padded(rows, 1, 1, -2), _padded(columns, 1, -1, 2), 6),
    }[rows]
    upper = u * v.T / 2
    cut = upper + sp.Rational(3, 5) * left * right.T / length
    across = sp.ImmutableMatrix(1, sizes[h], lambda _, c: c + 1)
    return [
        {
            thresholds.X: 4 * upper,
            thresholds.G: cut,
            Y: 4 * upper + 6 * cut,
            thresholds.C: sp.ImmutableMatrix(sp.eye(rows) - u * u.T / 2 - left * left.T / (5 * length)),
            thresholds.u: u,
            thresholds.v: v,
            thresholds.dead: right,
            thresholds.U: u * across,
            thresholds.Q: v * across,
            thresholds.t: _column(6),
            thresholds.x: _column(4),
            c: _column(sp.Rational(1, 3)),
        }
    ]


def _padded(count: int, *entries: int) -> sp.ImmutableMatrix:
    return _column(*entries, *([0] * (count - len(entries))))


def _level_logits(sizes: Sizes) -> Sequence[Values]:
    """Logits whose largest one carries all mass, or where all do; ratios at which two samples are level."""
    (full, *_), count = _on_the_simplex(sizes), sizes[K]
    below = _column(*range(count))
    logits = [
        {finite.rho: mass, finite.sigma: sigma, finite.top: _column(3), finite.v: sigma.applyfunc(lambda x: 3 - x**2)}
        for mass, sigma in ((full[softmax.rho], below), (_padded(count, 1), below), (full[softmax.rho], 0 * below))
    ]
    half = sp.Rational(1, 2)
    level = [
        {finite.f: _column(moved), finite.g: _column(moved), lam: _column(ratio)}
        for moved, ratio in ((1, half), (0, half / 3))
    ]
    return [{**one, **other} for one in logits for other in level]


def _on_chords(sizes: Sizes) -> Sequence[Values]:
    """Points on all chords."""
    del sizes
    corners = (free.FIRST, free.SECOND, free.B, free.C)
    shares = (sp.Rational(1, 3), sp.Rational(3, 4))
    return [
        {
            lam: _column(share),
            **{
                at: _column(share * x + (1 - share) * y)
                for at, x, y in zip((free.z1, free.z2), one, other, strict=True)
            },
        }
        for one, other, share in product(corners, corners, shares)
    ]


def _around_a_line(sizes: Sizes) -> Sequence[Values]:
    """A point beside the middle of a line."""
    count, targets = sizes[h], sizes[k]
    common = {
        flat.a: _padded(count, 0),
        flat.ap: _padded(count, 2),
        flat.b: _padded(count, 1, 1),
        y: _padded(targets, 0),
        yp: _padded(targets, 3),
        flat.L: _column(5),
        flat.q: _column(sp.Rational(1, 2)),
        flat.s: _column(1),
    }
    return [common]


_KNOWN: Mapping[str, Callable[[Sizes], Sequence[Values]]] = {
    "mixup_shrinks_the_covariance": _equal_samples,
    "selective_mixup_resamples": _two_classes,
    "softmax_hessian_is_a_sum_of_squares": _on_the_simplex,
    "random_layer_mixup_is_not_degenerate": _layers,
    "mixup_thresholds_modes": _modes,
    "mixup_cross_entropy_minimiser_is_finite": _level_logits,
    "verma_collapse_fails_for_free_heads": _on_chords,
    "lipschitz_heads_need_flat_classes": _around_a_line,
}
