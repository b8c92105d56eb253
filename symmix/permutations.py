"""A batch that is mixed with a uniform permutation of itself: the moments of the permutation matrix, counted once."""

from __future__ import annotations

import sympy as sp

from symmix.notation import i, j, n
from symmix.stating import Lemma

_f, _g = sp.symbols("f g", integer=True)
_same = sp.KroneckerDelta

PERMUTATION = {
    1: sp.Lambda((i, j), 1 / n),
    2: sp.Lambda(
        (i, j, _f, _g),
        (_same(i, _f) * _same(j, _g) + (1 - _same(i, _f)) * (1 - _same(j, _g)) * (1 / (n - 1))) / n,
    ),
}
"""E P[i,j] and E P[i,j] P[f,g] of a uniform permutation matrix P; to be given to `symmix.language.expectation`."""

PERMUTATION_MOMENTS = Lemma(
    "permutation_moments",
    "a uniform permutation matrix has E P[i,j] = 1/n and E P[i,j] P[f,g] = 1/n if (i,j) = (f,g),"
    " 1/(n(n-1)) if i != f and j != g, and 0 otherwise",
    "counting: (n-1)! and (n-2)! permutations of n!",
)
"""What a theorem is given that uses them."""
