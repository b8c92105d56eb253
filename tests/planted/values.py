"""Both sides of a step as arrays of exact rationals, from the definitions; nothing is shared with symmix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import count, product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.planted.grammar import Part, UnsupportedError

Array = NDArray[np.object_]  # two axes, of Fractions or Duals; a scalar is 1 x 1
_TAGS = count(1)


class ShapeError(Exception):
    """The shapes of two parts do not fit."""


class SingularError(Exception):
    """The inverse of something that has none at this point."""


class Dual:
    """``value + slope * eps`` with eps^2 = 0; what has different tags are different eps, the larger one outside."""

    __slots__ = ("slope", "tag", "value")

    def __init__(self, value: Any, slope: Any, tag: int) -> None:
        self.value, self.slope, self.tag = value, slope, tag

    def _both(self, other: Any) -> tuple[Any, Any, Any, Any, int]:
        tag = max(self.tag, other.tag if isinstance(other, Dual) else 0)
        return (*_taken(self, tag), *_taken(other, tag), tag)

    def __add__(self, other: Any) -> Dual:
        a, da, b, db, tag = self._both(other)
        return Dual(a + b, da + db, tag)

    def __mul__(self, other: Any) -> Dual:
        a, da, b, db, tag = self._both(other)
        return Dual(a * b, da * b + a * db, tag)

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope, self.tag)

    def __sub__(self, other: Any) -> Dual:
        a, da, b, db, tag = self._both(other)
        return Dual(a - b, da - db, tag)

    def __rsub__(self, other: Any) -> Dual:
        return Dual(-self.value, -self.slope, self.tag).__add__(other)

    def __truediv__(self, other: Any) -> Dual:
        a, da, b, db, tag = self._both(other)
        return Dual(a / b, (da * b - a * db) / (b * b), tag)

    def __rtruediv__(self, other: Any) -> Dual:
        return Dual(other, Fraction(0), self.tag).__truediv__(self)

    __radd__ = __add__
    __rmul__ = __mul__


def _taken(number: Any, tag: int) -> tuple[Any, Any]:
    if isinstance(number, Dual) and number.tag == tag:
        return number.value, number.slope
    return number, Fraction(0)


def _plain(number: Any) -> Fraction:
    while isinstance(number, Dual):
        number = number.value
    return Fraction(number)


@dataclass(frozen=True)
class World:
    """A point: sizes, values, definitions, declared derivatives, values of free indices, explicit distributions."""

    sizes: Mapping[str, int]
    values: Mapping[str, Array]
    definitions: Mapping[str, Part] = field(default_factory=dict)
    derivatives: Mapping[tuple[str, str], Part] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    laws: Mapping[str, list[tuple[Fraction, Array]]] = field(default_factory=dict)

    def having(self, values: Mapping[str, Array]) -> World:
        """Return the point with other values, some of them in the place of definitions."""
        kept = {name: part for name, part in self.definitions.items() if name not in values}
        return replace(self, values={**self.values, **values}, definitions=kept)

    def at(self, indices: Mapping[str, int]) -> World:
        return replace(self, indices={**self.indices, **indices})

    def size(self, word: str) -> int:
        return int(word) if word.isdigit() else self.sizes[word]

    def tuples(self, ranges: tuple[str, ...]) -> Iterator[dict[str, int]]:
        names, sizes = zip(*(text.split("<") for text in ranges), strict=True)
        for at in product(*(range(self.size(size)) for size in sizes)):
            yield dict(zip(names, at, strict=True))


def scalar(number: Any) -> Array:
    return filled((1, 1), lambda *_: number)


def filled(shape: tuple[int, int], entry: Any) -> Array:
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        found[place] = entry(*place)
    return found


def constant(shape: tuple[int, int], number: int) -> Array:
    return filled(shape, lambda *_: Fraction(number))


def identity(size: int) -> Array:
    return filled((size, size), lambda i, j: Fraction(int(i == j)))


def inverse(of: Array) -> Array:
    """Return the inverse by elimination."""
    if of.shape[0] != of.shape[1]:
        raise ShapeError(f"inverse of {of.shape}")
    size = len(of)
    rows: Any = np.concatenate([of, identity(size)], axis=1)
    for at in range(size):
        pivot = next((row for row in range(at, size) if _plain(rows[row, at]) != 0), None)
        if pivot is None:
            raise SingularError
        rows[[at, pivot]] = rows[[pivot, at]]
        one = rows[at, at]
        rows[at] = np.array([entry / one for entry in rows[at]], dtype=object)
        for row in range(size):
            if row != at:
                rows[row] = rows[row] - rows[at] * rows[row, at]  # the array first, which then spreads
    return np.array(rows[:, size:], dtype=object)


def times(left: Array, right: Array) -> Array:
    if left.shape == (1, 1) or right.shape == (1, 1):
        return np.array(left * right, dtype=object)
    if left.shape[1] != right.shape[0]:
        raise ShapeError(f"{left.shape} by {right.shape}")
    return np.array(left @ right, dtype=object)


def same(left: Array, right: Array) -> Array:
    if left.shape != right.shape:
        raise ShapeError(f"{left.shape} beside {right.shape}")
    return left


def value(part: Part, world: World) -> Array:
    """Return a part's value at a point."""
    return _KINDS[part.kind](part, world)


def _name(part: Part, world: World) -> Array:
    word = part.word
    if word in world.definitions:
        return value(world.definitions[word], world)
    if word in world.values:
        return world.values[word]
    if word in world.sizes:
        return scalar(Fraction(world.sizes[word]))
    raise UnsupportedError(f"{word} is unknown")


def _terms(part: Part, world: World) -> Array:
    found: Array | None = None
    for sign, term in zip(part.word, part.parts, strict=True):
        one = value(term, world)
        one = np.array(-one, dtype=object) if sign == "-" else one
        found = one if found is None else np.array(same(found, one) + one, dtype=object)
    assert found is not None
    return found


def _product(part: Part, world: World) -> Array:
    found = value(part.parts[0], world)
    for factor in part.parts[1:]:
        found = times(found, value(factor, world))
    return found


def _quotient(part: Part, world: World) -> Array:
    above, below = (value(one, world) for one in part.parts)
    if below.shape != (1, 1):
        raise ShapeError(f"division by {below.shape}")
    if _plain(below[0, 0]) == 0:
        raise SingularError
    return np.array(above / below[0, 0], dtype=object)


def _hadamard(part: Part, world: World) -> Array:
    left, right = (value(one, world) for one in part.parts)
    return np.multiply(same(left, right), right, dtype=object)


def _power(part: Part, world: World) -> Array:
    base = part.parts[0]
    if base.kind == "norm":
        inside = value(base.parts[0], world)
        if part.word != "2":
            raise UnsupportedError("another power of a norm")
        return scalar(np.sum(np.multiply(inside, inside, dtype=object)))
    found = one = value(base, world)
    if one.shape[0] != one.shape[1]:
        raise ShapeError(f"power of {one.shape}")
    for _ in range(int(part.word) - 1):
        found = times(found, one)
    return found


def _tr(part: Part, world: World) -> Array:
    inside = value(part.parts[0], world)
    if inside.shape[0] != inside.shape[1]:
        raise ShapeError(f"trace of {inside.shape}")
    return scalar(sum(inside.diagonal(), Fraction(0)))


def _diag(part: Part, world: World) -> Array:
    """Return a matrix for a column or a row, the column of its diagonal for a square matrix."""
    inside = value(part.parts[0], world)
    if 1 in inside.shape:
        entries = list(inside.flat)
        return filled((len(entries), len(entries)), lambda i, j: entries[i] if i == j else Fraction(0))
    if inside.shape[0] != inside.shape[1]:
        raise ShapeError(f"diagonal of {inside.shape}")
    return filled((len(inside), 1), lambda i, _: inside[i, i])


def _entry(part: Part, world: World) -> Array:
    def place(word: str, length: int) -> int:
        found = int(word) if word.isdigit() else world.indices[word]
        if found >= length:
            raise ShapeError(f"index {found} of {length}")
        return found

    of, names = part.parts[0], part.names
    if of.word == "delta":
        i, j = (int(name) if name.isdigit() else world.indices[name] for name in names)
        return scalar(Fraction(int(i == j)))
    inside = value(of, world)
    rows, columns = inside.shape
    if ":" in names:
        return inside[[place(names[0], rows)], :] if names[1] == ":" else inside[:, [place(names[1], columns)]]
    if len(names) == 1:
        if columns != 1:
            raise ShapeError("one index of a matrix")
        return scalar(inside[place(names[0], rows), 0])
    return scalar(inside[place(names[0], rows), place(names[1], columns)])


def _sum(part: Part, world: World) -> Array:
    values = [value(part.parts[0], world.at(at)) for at in world.tuples(part.names)]
    if values[0].shape != (1, 1):
        raise ShapeError(f"sum of {values[0].shape}")
    return scalar(sum((one[0, 0] for one in values), Fraction(0)))


def _cells(part: Part, world: World) -> Array:
    shape = tuple(world.size(text.split("<")[1]) for text in part.names)
    found = np.empty((*shape, 1)[:2], dtype=object)
    for at in world.tuples(part.names):
        inside = value(part.parts[0], world.at(at))
        if inside.shape != (1, 1):
            raise ShapeError(f"cells of {inside.shape}")
        found[(*at.values(), 0)[:2]] = inside[0, 0]
    return found


def _mean(part: Part, world: World) -> Array:
    found: Any = 0
    for weight, one in world.laws[part.word]:
        found = found + weight * value(part.parts[0], world.having({part.word: one}))
    return np.array(found, dtype=object)


def _replaced(part: Part, world: World) -> Array:
    new = {}
    for name, to in zip(part.names, part.parts[1:], strict=True):
        new[name] = value(to, world)
        if not _is_nought(to):
            same(world.values[name], new[name])
        else:
            new[name] = constant(world.values[name].shape, 0)
    return value(part.parts[0], world.having(new))


def _is_nought(part: Part) -> bool:
    while part.kind == "terms" and len(part.parts) == 1:
        part = part.parts[0]
    return part.kind == "number" and part.word == "0"


def _derivative(part: Part, world: World) -> Array:
    by, of = world.values[part.word], part.parts[0]
    if part.word in world.definitions:
        raise UnsupportedError("derivative by what is defined")
    slopes = {}
    shape: tuple[int, int] = (1, 1)
    for place in np.ndindex(*by.shape):
        tag = next(_TAGS)
        change = filled(by.shape, lambda *at, place=place: Fraction(int(at == place)))
        found = value(of, _moved(world, part.word, change, tag))
        shape = found.shape
        slopes[place] = np.array([_taken(entry, tag)[1] for entry in found.flat], dtype=object).reshape(shape)
    if by.shape == (1, 1):
        return slopes[0, 0]
    if shape == (1, 1):
        return filled(by.shape, lambda *place: slopes[place][0, 0])
    if shape[1] == by.shape[1] == 1:
        return filled((shape[0], by.shape[0]), lambda i, j: slopes[j, 0][i, 0])
    raise ShapeError(f"derivative of {shape} by {by.shape}")


def _moved(world: World, name: str, change: Array, tag: int) -> World:
    """Return the point with a symbol, and all that is declared to depend on it, moved by an eps."""
    moved = {name: change}
    for (of, by), jacobian in world.derivatives.items():
        if by == name:
            moved[of] = times(value(jacobian, world), change)
            same(world.values[of], moved[of])
    return world.having(
        {
            of: filled(slope.shape, lambda i, j, of=of, slope=slope: Dual(world.values[of][i, j], slope[i, j], tag))
            for of, slope in moved.items()
        }
    )


def _shape(word: str, world: World) -> tuple[int, int]:
    rows, _, columns = word.partition("x") if word not in world.sizes else (word, "", "")
    return world.size(rows), world.size(columns) if columns else 1


_KINDS = {
    "number": lambda part, _: scalar(Fraction(int(part.word))),
    "name": _name,
    "identity": lambda part, world: identity(world.size(part.word)),
    "ones": lambda part, world: constant(_shape(part.word, world), 1),
    "zeros": lambda part, world: constant(_shape(part.word, world), 0),
    "brackets": lambda part, world: value(part.parts[0], world),
    "terms": _terms,
    "product": _product,
    "quotient": _quotient,
    "hadamard": _hadamard,
    "power": _power,
    "inverse": lambda part, world: inverse(value(part.parts[0], world)),
    "T": lambda part, world: value(part.parts[0], world).T,
    "tr": _tr,
    "diag": _diag,
    "entry": _entry,
    "sum": _sum,
    "cells": _cells,
    "mean": _mean,
    "replaced": _replaced,
    "derivative": _derivative,
}


def equal(left: Part, right: Part, world: World) -> bool:
    """Return whether two sides have one value; a bare 0 has the shape of the other side."""
    if _is_nought(left) or _is_nought(right):
        other = value(right if _is_nought(left) else left, world)
        return all(_plain(entry) == 0 for entry in other.flat)
    one, two = value(left, world), value(right, world)
    return all(_plain(entry) == 0 for entry in np.subtract(same(one, two), two, dtype=object).flat)
