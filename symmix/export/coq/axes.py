"""The axes of an expression: features are a space, samples are summed over; and the ways to look along an axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import sympy as sp
from sympy.matrices.expressions.slice import MatrixSlice
from sympy.tensor.array.expressions import ArraySymbol

from symmix.errors import UnsupportedError
from symmix.theorems import Theorem, expressions_of


class Look(Enum):
    """What becomes of an axis: it has size 1, one sample is taken, a vector is paired with it, or it stays open."""

    UNIT = "unit"
    AT = "at"
    FED = "fed"
    OPEN = "open"


@dataclass(frozen=True)
class View:
    """How one axis is looked at, and the sample or the vector that this takes."""

    look: Look
    text: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a vector is left."""
        return self.look is Look.OPEN


Views = tuple[View, View]  # of rows, of columns
Env = Mapping[sp.Basic, str]  # what stands for a symbol that has moved, and the names of the samples in scope

UNIT, OPEN = View(Look.UNIT), View(Look.OPEN)


def at(sample: str) -> View:
    """Take one sample."""
    return View(Look.AT, sample)


def fed(vector: str) -> View:
    """Pair with a vector."""
    return View(Look.FED, vector)


def outside(node: object, why: str) -> UnsupportedError:
    """Return the error for what the fragment does not have: ``why`` names it."""
    return UnsupportedError("inner products, linear maps, samples and expectations", f"{node}", why)


def sizes_of(node: sp.Basic) -> tuple[sp.Basic, ...]:
    """Return the sizes of an expression that are not 1; a scalar has none."""
    return tuple(size for size in getattr(node, "shape", None) or () if size != 1)


def sample_sizes(theorem: Theorem) -> frozenset[sp.Basic]:
    """Return the sizes that count samples: of free indices, of columns of ones, of rows that are picked out."""
    found = {*theorem.indices.values()}
    for expression in _stated(theorem):
        for node in expression.atoms(sp.OneMatrix):
            found |= {*node.shape}
        for node in expression.atoms(MatrixSlice):
            found |= {full for full, kept in zip(node.parent.shape, node.shape, strict=True) if full != kept}
        found |= {node.shape[0] for node in expression.atoms(ArraySymbol)}
    return frozenset(size for size in found if isinstance(size, sp.Symbol))


def _stated(theorem: Theorem) -> Iterator[sp.Basic]:
    yield from theorem.definitions.values()
    for statement in (*theorem.claims.values(), *theorem.near_misses.values()):
        yield from expressions_of(statement)
