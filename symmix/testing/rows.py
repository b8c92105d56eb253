"""What can be wrong with the rows of a mixing matrix, and with features that have none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.finding import Finding
from symmix.testing.precision import Numbers
from symmix.testing.sources import Row, spread

ACROSS = "permutation over the wrong axis"
FEW_FEATURES = 600
"""Features among which permuted ones are looked for."""


def check_rows(rows: Sequence[Row], ways: int, tolerance: float) -> list[Finding]:
    """Check that rows are convex weights on at most `ways` samples.

    >>> check_rows([Row("mixup", 0, 1, np.array([0.5, 0.25]))], 2, 1e-15)[0].name
    'rows do not sum to one'
    """
    matrix = np.stack([row.shares for row in rows])
    allowed, found = 8 * tolerance, []
    whole = [number for number, row in enumerate(rows) if row.kind == "several"]
    many = [number for number in whole if (matrix[number] != 0).sum() > ways]
    if many:
        found.append(_too_many(matrix, many[0], ways, allowed))
    sure = np.array([row.sure for row in rows])
    negative = np.flatnonzero(sure & (matrix < -allowed).any(axis=1))
    if len(negative):
        row = int(negative[0])
        found.append(Finding("negative weights", f"row {row}: {_words(matrix[row])}; lam is outside [0, 1]"))
    total = matrix.sum(axis=1)
    read = np.array([row.kind in {"mixup", "several", "unmixed"} for row in rows])
    off = np.flatnonzero(read & (np.abs(total - 1) > allowed * (np.count_nonzero(matrix, axis=1) + 1)))
    if len(off):
        row = int(off[0])
        message = f"row {row} sums to {total[row]:.6g}: {_words(matrix[row])}"
        found.append(Finding("rows do not sum to one", message, "affine_head_suffices"))
    return found


def _too_many(matrix: Array, row: int, ways: int, tolerance: float) -> Finding:
    many = int(np.count_nonzero(matrix[row]))
    said = f"row {row} mixes {many} samples where at most {ways} are expected: {_words(matrix[row])}"
    written = _uses_mixed_partner(matrix, row, tolerance)
    if written is None:
        return Finding("too many samples in a row", said)
    return Finding("mixed in place", f"{said}; row {written}, its partner, had been overwritten by its own mixture")


def _uses_mixed_partner(matrix: Array, row: int, tolerance: float) -> int | None:
    """Find a row j for which ``row i = s e_i + t row j``: the partner was read after it had been mixed."""
    own = np.eye(len(matrix))[row] if len(matrix) == matrix.shape[1] else np.zeros(matrix.shape[1])
    for other in range(len(matrix)):
        if other == row or np.count_nonzero(matrix[other]) < 2:
            continue
        basis = np.stack([own, matrix[other]], axis=1)
        weights = np.linalg.lstsq(basis, matrix[row], rcond=None)[0]
        if np.all(np.abs(basis @ weights - matrix[row]) <= tolerance * len(matrix)):
            return other
    return None


def _words(weights: Array) -> str:
    return " + ".join(f"{weight:.4g} x[{sample}]" for sample, weight in enumerate(weights) if weight) or "nothing"


def cast_defect(flat: Array, out: Array) -> Finding | None:
    """Find that features in [0, 1] became zeros and ones: a cast to integers."""
    if not (np.all(np.isin(flat[0], (0.0, 1.0))) and np.all(np.isin(flat, (0.0, 1.0)))):
        return None
    name = str(out.dtype) if out.dtype.kind in "iu" else "integers"
    message = f"features in [0, 1] became {name} of 0 and 1: scale to 0..255 first (dtype='uint8'), or do not cast"
    return Finding(f"the mixture is cast to {name}", message)


def unread(rows: Sequence[Row], x: Array, flat: Array, numbers: Numbers) -> list[Finding]:
    """Name what was done to features that are no mixture of samples; nothing if all are."""
    strange = [number for number, row in enumerate(rows) if row.kind in {"unread", "replaced"}]
    if not strange:
        return []
    if flat.shape == x.shape and (columns := _permuted_features(x, flat, numbers.tolerance)) is not None:
        moved = int(np.argmax(columns != np.arange(len(columns))))
        return [
            Finding(
                ACROSS,
                f"features are mixed with other features of the same sample instead of with other samples: "
                f"feature {moved} with feature {columns[moved]}; the permutation indexes axis 1",
            )
        ]
    if all(row.kind != "unread" for row in rows):
        return []
    row = next(number for number in strange if rows[number].kind == "unread")
    return [
        Finding(
            "not a mixture of samples",
            f"row {row}: no weights on samples give what came back, the same for all features or one for each; what "
            "is done to the features is not linear, or differs from feature to feature",
        )
    ]


def _permuted_features(x: Array, out: Array, tolerance: float) -> Array | None:
    """Find the feature q(j) with ``out_j = lam x_j + (1-lam) x_q(j)`` for every feature j; None if there is none."""
    if x.shape[1] > FEW_FEATURES or len(x) < 3:
        return None
    found = np.arange(x.shape[1])
    for column in spread(found, FEW_FEATURES):
        wanted = out[:, column, None] - x[:, column, None]
        slope = x - x[:, column, None]
        square = np.einsum("ij,ij->j", slope, slope)
        ratio = np.divide(
            np.einsum("ij,ij->j", slope, wanted + 0 * slope), square, out=np.zeros(len(square)), where=square > 0
        )
        fits = np.all(np.abs(wanted - ratio * slope) <= 8 * tolerance, axis=0)
        fits[column] = bool(np.all(np.abs(wanted) <= 8 * tolerance))
        if not fits.any() or (not fits[column] and fits.sum() > 1):
            return None  # where several features fit, numbers are too coarse to tell
        found[column] = int(np.argmax(fits))
    return found if np.any(found != np.arange(x.shape[1])) else None
