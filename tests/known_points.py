"""Points that meet hypotheses that are not affine, by theorem: written down by hand, for the sizes of the tests."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import sympy as sp

from proofs import selective_mixup_resamples as selective
from proofs import softmax_hessian_is_a_sum_of_squares as softmax
from symmix.notation import Z, h, m, m2, n
from tests.oracle import Sizes

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
    count = sizes[softmax.K]
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


_KNOWN: Mapping[str, Callable[[Sizes], Sequence[Values]]] = {
    "mixup_shrinks_the_covariance": _equal_samples,
    "selective_mixup_resamples": _two_classes,
    "softmax_hessian_is_a_sum_of_squares": _on_the_simplex,
}
