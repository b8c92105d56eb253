"""Expectations over a random scalar or matrix, which enter the kernel as linear maps on moments."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sympy as sp

from symmix.errors import StatementError
from symmix.kernel.calculus import scalar_moments, tensor_moments
from symmix.kernel.networks import Expression
from symmix.kernel.scalars import ONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symmix.language.reader import Reader


def expected(reader: Reader, inner: Expression, random: sp.Basic, moments: Mapping[int, sp.Basic]) -> Expression:
    """Return the expectation of an expression whose definitions are unfolded."""
    language = reader.language
    if isinstance(random, sp.Symbol):
        image = {0: ONE, **{power: language.scalar(value) for power, value in moments.items()}}
        language.declare(random.name, random)
        return scalar_moments(inner, str(random.name), image)
    tensor = language.tensor(random)
    templates = {degree: _moment(reader, degree, random, value) for degree, value in moments.items()}
    return tensor_moments(inner, tensor, templates)


def _moment(
    reader: Reader, degree: int, random: sp.MatrixSymbol, value: sp.Lambda
) -> tuple[tuple[str, ...], Expression]:
    """Read a moment; its slots are the indices of the first factor, the second, and so on."""
    axes = [size for size in random.shape if size != 1]
    if not isinstance(value, sp.Lambda) or len(value.variables) != degree * len(axes):
        raise StatementError(
            f"a Lambda of {degree * len(axes)} indices for the moment of degree {degree} of {random}",
            str(value),
            "give all indices of the first entry, then of the second",
        )
    dims = [reader.language.size(size, random) or "1" for size in axes] * degree
    slots = tuple(reader.language.index_name(index) for index in value.variables)
    return slots, reader.under(dict(zip(slots, dims, strict=True)), value.expr)
