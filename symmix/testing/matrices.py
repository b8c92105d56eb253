"""Mixing matrices: what is read off the features of one draw, and what can be wrong with them.

Given its ratio and pairing, mixing is linear: ``x~ = A x``. The features fed in are ``x = [I | R]`` with R known, so
that the first columns of what comes out are A, and the others, which must be A R, show whether it was linear.

Rounding. An entry of A comes from 0, 1 and the ratio; ``lam x + (1-lam) x'`` and ``x' + lam (x - x')`` take at most
four roundings on terms no larger than ``2 (|x| + |x'|)``. So an honest entry is within `ROUNDINGS` units u of the ideal
one times that size, u being the unit roundoff of what came out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding

ROUNDINGS = 16


def slack(*arrays: Array) -> float:
    """Return what an entry of size 1 may be off by: `ROUNDINGS` units of the coarsest type.

    >>> slack(np.zeros(1)) == 16 * 2.0**-53
    True
    """
    units = [float(np.finfo(array.dtype).eps) / 2 for array in arrays if array.dtype.kind == "f"]
    return ROUNDINGS * max(units, default=2.0**-53)


def require_wide(array: Array, what: str) -> None:
    """Refuse half precision: three decimal digits cannot tell lam^2 from lam, nor 1 - lam from its neighbour.

    >>> require_wide(np.zeros(1, np.float32), "the features")
    """
    if array.dtype == np.float16:
        raise ImplementationError(
            f"{what} in float32 or float64",
            "half precision (float16 or bfloat16)",
            "switch autocast or .half() off for the check; precision is not what is checked",
        )


@dataclass(frozen=True)
class Mixing:
    """The mixing matrix of one draw, row by row.

    Attributes
    ----------
    matrix
        A, with what may be rounding of a zero set to zero: who is in a row.
    raw
        A as it was read: what is multiplied with.
    partner
        The other sample in each row; the sample itself where no other is in it; -1 where there are several.
    own
        The weight of the sample itself.
    """

    matrix: Array
    raw: Array
    partner: Array
    own: Array

    @property
    def alone(self) -> Array:
        """Rows in which no other sample is: mixed with itself, or the ratio is 1."""
        return np.asarray(self.partner == np.arange(len(self.partner)))


def read_matrix(matrix: Array, tolerance: float) -> Mixing:
    """Read partners and weights off a mixing matrix.

    >>> read_matrix(np.array([[0.75, 0.25], [0.0, 1.0]]), 1e-15).partner
    array([1, 1])
    """
    raw = matrix.astype(np.float64)
    clean = np.where(np.abs(raw) <= tolerance, 0.0, raw)
    others = (clean != 0) & ~np.eye(len(clean), dtype=bool)
    count = others.sum(axis=1)
    partner = np.where(count == 1, others.argmax(axis=1), np.where(count == 0, np.arange(len(clean)), -1))
    return Mixing(clean, raw, partner, np.diagonal(clean).copy())


def check_features(x: Array, out: Array, ways: int) -> tuple[Mixing, list[Finding]]:
    """Read the mixing matrix off the features of one draw; `x` is [I | R] with samples in rows.

    >>> x = np.array([[1.0, 0.0, 0.5], [0.0, 1.0, 0.25]])
    >>> mixing, findings = check_features(x, (x + x[::-1]) / 2, 2)
    >>> mixing.own, findings
    (array([0.5, 0.5]), [])
    """
    samples, tolerance = len(x), slack(out)
    mixing = read_matrix(out[:, :samples], tolerance)
    expected = mixing.raw @ x[:, samples:]
    size = 2 * ((mixing.raw != 0) @ np.abs(x[:, samples:])) + 1
    off = np.abs(out[:, samples:] - expected) > tolerance * size
    if off.any():
        return mixing, [_not_linear(x, out, expected, off)]
    return mixing, check_rows(mixing, ways, tolerance)


def _not_linear(x: Array, out: Array, expected: Array, off: Array) -> Finding:
    if (columns := _permuted_features(x, out)) is not None:
        moved = int(np.argmax(columns != np.arange(len(columns))))
        return Finding(
            "permutation over the wrong axis",
            f"features are mixed with other features of the same sample instead of with other samples: "
            f"feature {moved} with feature {columns[moved]}; the permutation indexes axis 1",
        )
    row, column = (int(i) for i in np.argwhere(off)[0])
    return Finding(
        "not a mixture of samples",
        f"row {row}: feature {len(x) + column} is {out[row, len(x) + column]:.6g}, but the weights that the other "
        f"features have there give {expected[row, column]:.6g}; what is done to the features is not linear, or "
        "differs from feature to feature",
    )


def _permuted_features(x: Array, out: Array) -> Array | None:
    """Find the feature q(j) with ``out_j = lam x_j + (1-lam) x_q(j)`` for every feature j; None if there is none."""
    found = np.arange(x.shape[1])
    tolerance = slack(out) * 8
    for column in range(x.shape[1]):
        wanted = out[:, column, None] - x
        slope = x[:, column, None] - x
        square = np.einsum("ij,ij->j", slope, slope)
        ratio = np.divide(np.einsum("ij,ij->j", slope, wanted), square, out=np.zeros_like(square), where=square > 0)
        fits = np.all(np.abs(wanted - ratio * slope) <= tolerance, axis=0)
        if not fits.any():
            return None
        found[column] = int(np.argmax(fits))
    return found if np.any(found != np.arange(x.shape[1])) else None


def check_rows(mixing: Mixing, ways: int, tolerance: float) -> list[Finding]:
    """Check that rows are convex weights on at most `ways` samples.

    >>> check_rows(read_matrix(np.array([[0.5, 0.25], [0.0, 1.0]]), 1e-15), 2, 1e-15)[0].name
    'rows do not sum to one'
    """
    matrix, found = mixing.matrix, []
    many = (matrix != 0).sum(axis=1)
    if np.any(many > ways):
        row = int(np.argmax(many > ways))
        inplace = _uses_mixed_partner(matrix, row, tolerance)
        found.append(
            Finding(
                "mixed in place" if inplace is not None else "too many samples in a row",
                f"row {row} mixes {many[row]} samples where at most {ways} are expected: {_row(matrix[row])}"
                + (
                    f"; row {inplace}, its partner, had been overwritten by its own mixture"
                    if inplace is not None
                    else ""
                ),
            )
        )
    if np.any(matrix < 0):
        row = int(np.argmax((matrix < 0).any(axis=1)))
        found.append(Finding("negative weights", f"row {row}: {_row(matrix[row])}; lam is outside [0, 1]"))
    total = matrix.sum(axis=1)
    if np.any(np.abs(total - 1) > tolerance * (many + 1)):
        row = int(np.argmax(np.abs(total - 1) > tolerance * (many + 1)))
        found.append(
            Finding(
                "rows do not sum to one",
                f"row {row} sums to {total[row]:.6g}: {_row(matrix[row])}",
                "affine_head_suffices",
            )
        )
    return found


def _uses_mixed_partner(matrix: Array, row: int, tolerance: float) -> int | None:
    """Find a row j for which ``row i = s e_i + t row j``: the partner was read after it had been mixed."""
    own = np.eye(len(matrix))[row]
    for other in range(len(matrix)):
        if other == row or (matrix[other] != 0).sum() < 2:
            continue
        basis = np.stack([own, matrix[other]], axis=1)
        weights = np.linalg.lstsq(basis, matrix[row], rcond=None)[0]
        if np.all(np.abs(basis @ weights - matrix[row]) <= tolerance * len(matrix)):
            return other
    return None


def _row(weights: Array) -> str:
    return " + ".join(f"{weight:.4g} x[{sample}]" for sample, weight in enumerate(weights) if weight) or "nothing"
