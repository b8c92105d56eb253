"""The axes of an expression: features are a space, samples are summed over; and the ways to look along an axis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from symmix.errors import UnsupportedError
from symmix.printing.text import text
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.names import ONE_SIZE, WHOLE


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
Env = Mapping[str, str]  # what stands for a symbol that has moved, and the names of the samples in scope

UNIT, OPEN = View(Look.UNIT), View(Look.OPEN)
NUMBER: Views = (UNIT, UNIT)


def at(sample: str) -> View:
    """Take one sample."""
    return View(Look.AT, sample)


def fed(vector: str) -> View:
    """Pair with a vector."""
    return View(Look.FED, vector)


def outside(node: object, why: str) -> UnsupportedError:
    """Return the error for what the fragment does not have: ``why`` names it."""
    shown = text(node) if isinstance(node, t.Expression) else f"{node}"
    return UnsupportedError("inner products, linear maps, samples and expectations", shown, why)


def sizes_of(node: t.Expression) -> tuple[str, ...]:
    """Return the sizes of an expression, or of an array, that are not 1; a scalar has none."""
    axes = node.axes if isinstance(node, t.Symbol) else node.shape
    return tuple(size for size in axes if size != ONE_SIZE)


def sample_sizes(theorem: s.Theorem) -> frozenset[str]:
    """Return the sizes that count samples: of sample indices, of columns of ones, of rows that are picked out."""
    found = {index.size for index in theorem.setting.indices}
    for node in _stated(theorem):
        match node:
            case s.ForAll(indices=indices):
                found |= {index.size for index in indices}
            case t.Ones(rows=rows, columns=columns):
                found |= {rows, columns}
            case t.Slice(of=of, row=row, column=column):
                taken = zip(of.shape, (row, column), strict=True)
                found |= {size for size, place in taken if place != WHOLE}
            case t.Symbol(axes=(first, _, _, *_)):
                found.add(first)
    return frozenset(found - {ONE_SIZE})


def _stated(theorem: s.Theorem) -> Iterator[Node]:
    """Run through all nodes of the definitions, the claims and the near misses."""
    roots: list[Node] = [part for pair in theorem.setting.definitions for part in pair]
    roots += [statement for _, statement in (*theorem.claims, *theorem.near_misses)]
    for root in roots:
        yield from root.walk()
