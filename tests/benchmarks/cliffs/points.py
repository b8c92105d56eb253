"""Statements that are decided by a point, or need one at which their hypotheses hold."""

from __future__ import annotations

from functools import cache
from random import Random

import sympy as sp

from symmix import Identity
from tests.benchmarks.cliffs.sums import matrix, n, rows

k = sp.Symbol("k", integer=True, positive=True)
ZERO = sp.Integer(0)


@cache
def elementary(degree: int, seed: int) -> sp.Expr:
    """Return an elementary symmetric polynomial of eigenvalues in traces of powers, by Newton's identities."""
    if degree == 0:
        return sp.Integer(1)
    a = matrix("A", seed)
    terms = (
        (-1) ** (power - 1) * elementary(degree - power, seed) * sp.Trace(a**power) for power in range(1, degree + 1)
    )
    return sp.expand(sum(terms) / degree)


def vanishing_symmetric(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State that e_k is 0, which is false from n = k on; or, true by Newton's next identity, e_k = e_k."""
    terms = sum(
        (-1) ** i * elementary(size - 1 - i, seed) * sp.Trace(matrix("A", seed) ** (i + 1)) for i in range(size)
    )
    return Identity(elementary(size, seed), ZERO) if slip else Identity(size * elementary(size, seed), terms)


def chained(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State x_k = A_k ... A_1 x_0 where each x_(i+1) = A_(i+1) x_i, in any order; or twice that."""
    random = Random(seed)
    names = random.sample(range(10 * size), size + 1)
    x = [matrix(f"x{name}_", seed, n, 1) for name in names]
    a = [matrix(f"A{name}_", seed) for name in names[1:]]
    given = [x[i + 1] - a[i] * x[i] for i in range(size)]
    random.shuffle(given)
    whole = sp.MatMul(*reversed(a), x[0])
    return Identity(x[-1], 2 * whole if slip else whole, where=given)


def frames(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State that a frame maps coordinates without changing lengths, of several frames; or that two are the same."""
    frame = [matrix(f"U{i}_", seed, n, k) for i in range(size)]
    given = [u.T * u - sp.Identity(k) for u in frame]
    c = matrix("c", seed, k, 1)
    first, last = frame[seed % size], frame[(seed + 1) % size]
    if slip:
        return Identity(first, last, where=given)
    return Identity(c.T * first.T * first * c, c.T * c, where=given)


def unrelated(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State that one of several orthogonal pairs is orthogonal, the other way round; or that two of two pairs are."""
    x = [matrix(f"x{i}_", seed, n, 1) for i in range(size)]
    y = [matrix(f"y{i}_", seed, n, 1) for i in range(size)]
    one = seed % size
    other = (one + 1) % size if slip else one
    given = [left.T * right for left, right in zip(x, y, strict=True)]
    return Identity(2 * y[other].T * x[one], sp.ZeroMatrix(1, 1), where=given)


ROWS = {
    **rows("elementary symmetric polynomials", vanishing_symmetric, (4, 5, 6, 7), 2.9, 3.6),
    **rows("chained hypotheses", chained, (10, 20, 40), 1.2, 1.2),
    **rows("orthonormal frames", frames, (2, 4, 8), 0.8, 0.8),
    **rows("unrelated hypotheses", unrelated, (4, 8, 16), 1.1, 1.0),
}
