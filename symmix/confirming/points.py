"""Points for the statements of a theorem: where the hypotheses hold, at sizes that are all different; and witnesses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, cycle, islice, product
from random import Random
from typing import Any

import numpy as np

from symmix.evaluation import Point
from symmix.kernel.networks import constant
from symmix.kernel.points import Model, fixed_size
from symmix.kernel.questions import Condition, Question
from symmix.search.general import general_point
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.functions import coefficients
from symmix.terms.meanings import Names
from symmix.theorems import Outcome

Sizes = Mapping[str, int]
_LENGTHS = ((2, 3, 4, 5, 1, 6, 7), (3, 4, 2, 1, 5, 7, 6), (4, 2, 3, 5, 1, 6, 7), (1, 2, 3, 4, 5, 6, 7))
_SMALL = ((2, 3, 1, 4, 5, 6, 7), (3, 1, 2, 4, 5, 7, 6), (1, 2, 3, 4, 5, 6, 7), (2, 1, 3, 4, 6, 5, 7))
_LARGE = [Fraction(sign * size) for size in (2, 3, 10, 100, 1000) for sign in (1, -1)]
_RATIOS = [Fraction(top, below) for below in (3, 5, 7) for top in range(-2 * below, 2 * below) if top % below]


@dataclass(frozen=True)
class Wanted:
    """What a point has to meet for a statement to say something there: hypotheses, and what is not zero or in range."""

    statement: Node
    where: tuple[s.Hypothesis, ...] = ()
    nonzero: tuple[t.Expression, ...] = ()
    ranges: tuple[s.Range, ...] = ()


@dataclass(frozen=True)
class Subject:
    """What a statement is about, definitions unfolded: sizes in their order, sample indices, symbols, those defined.

    It is ``costly`` where evaluations stand inside of evaluations: those are many.
    """

    sizes: tuple[str, ...]
    indices: frozenset[str]
    symbols: tuple[t.Symbol, ...]
    defined: frozenset[str]
    costly: bool

    @classmethod
    def of(cls, statement: Node, names: Names) -> Subject:
        """Look at a statement."""
        nodes = list(names.unfolded(statement))
        symbols = dict.fromkeys(symbol for node in nodes for symbol in _symbols_in(node))
        derivatives = [node for node in nodes if isinstance(node, t.Gradient | t.Jacobian)]
        inner = (n for node in derivatives for n in names.unfolded(node.of))
        means = sum(isinstance(node, t.Expectation) for node in nodes)
        return cls(
            tuple(dict.fromkeys(name for node in nodes for name in _sizes_in(node))),
            frozenset(name for node in nodes for name in _indices_in(node)),
            tuple(symbol for symbol in symbols if symbol not in names.definitions),
            frozenset(symbol.name for symbol in symbols if symbol in names.definitions),
            any(isinstance(node, t.Gradient | t.Jacobian) for node in inner) or means + bool(derivatives) > 1,
        )


@dataclass
class Ground:
    """Where the statements of one theorem are looked at."""

    outcome: Outcome
    _questions: dict[Wanted, Question] = field(default_factory=dict)
    _subjects: dict[Node, Subject] = field(default_factory=dict)

    def subject(self, statement: Node) -> Subject:
        """Return what a statement is about."""
        if statement not in self._subjects:
            self._subjects[statement] = Subject.of(statement, self.outcome.frame.names)
        return self._subjects[statement]

    def lengths(self, statement: Node) -> Iterator[Sizes]:
        """Run through sizes that are all different, those of the statement first, so the smallest."""
        names = self.outcome.frame.names
        subject = self.subject(statement)
        ordered = [*subject.sizes, *sorted(names.sizes - {*subject.sizes})]
        for lengths in _SMALL if subject.costly else _LENGTHS:
            more = range(len(lengths) + 1, len(ordered) + 1)
            yield dict(zip(ordered, [*lengths, *more], strict=False))

    def point(self, question: Question, symbols: Sequence[t.Symbol], sizes: Sizes, seed: int) -> Point | None:
        """Return a point of these sizes, or None where none was found."""
        random = Random(seed)  # noqa: S311 - a reproducible search, not a secret
        model = general_point(question, sizes, random)
        return None if model is None else self.from_model(model, symbols, sizes, random)

    def from_model(
        self,
        model: Model,
        symbols: Sequence[t.Symbol],
        sizes: Sizes,
        random: Random,
        values: Mapping[str, Any] | None = None,
    ) -> Point:
        """Return a point of the kernel's, with values for these symbols; what it leaves open is drawn."""
        names, frame = self.outcome.frame.names, self.outcome.frame
        model = frame.settled(model)
        lengths = {**sizes, **dict.fromkeys(sorted(names.sizes - sizes.keys()), 1), **model.sizes}
        ratios = cycle(random.sample(_RATIOS, len(_RATIOS)))
        found: dict[str, Any] = {}
        scalars = dict(model.scalars)
        for symbol in symbols:
            name = symbol.name
            own = frame.meaning.tensor(symbol)
            table = model.entries.get(own)
            if not symbol.axes and name in model.scalars:
                found[name] = np.full((1, 1), model.scalars[name], dtype=object)
            elif table is None and values is not None:
                found[name] = values[name]
            elif not symbol.axes:
                scalars[name] = self._open(name, Model(lengths, scalars), ratios)
                found[name] = np.full((1, 1), scalars[name], dtype=object)
            else:
                shape = tuple(fixed_size(size) or lengths[size] for size in symbol.axes)
                found[name] = _filled(shape, _entry(symbol, table, random))
            if name in names.properties:
                drawn = {place: Fraction(found[name][place]) for place in np.ndindex(*found[name].shape)}
                proper = frame.settled(Model(lengths, {}, {own: drawn})).entries[own]
                found[name] = _filled(found[name].shape, _entry(symbol, proper, random))
        return Point(lengths, found, model.at)

    def _open(self, name: str, model: Model, ratios: Iterator[Fraction]) -> Fraction:
        """Return a value for a scalar that the kernel leaves open, as one that is averaged: as conditions say."""
        frame = self.outcome.frame
        known = {name, *model.scalars, *model.sizes}
        said = [c for c in map(frame.condition, frame.setting.conditions) if name in c.names and c.names <= known]
        drawn = []
        for value in chain(islice(ratios, len(_RATIOS)), _LARGE):
            drawn.append(value)
            at = Model(model.sizes, {**model.scalars, name: value})
            if all(condition.holds(at) for condition in said):
                return value
        return drawn[0]

    def question(self, wanted: Wanted) -> Question:
        """Return what the kernel has to find a point for."""
        if wanted not in self._questions:
            frame = self.outcome.frame
            nonzero = [Condition(frame.meaning.same_sign(frame.meaning.scalar(e)), "!=") for e in wanted.nonzero]
            inside = [frame.condition(condition) for condition in _inside(wanted.ranges)]
            hypotheses = frame.hypotheses(wanted.where)
            question = frame.question([constant(1)], hypotheses, wanted.statement, [*nonzero, *inside])
            self._questions[wanted] = question
        return self._questions[wanted]

    def everywhere(self, point: Point, statement: Node) -> Iterator[Point]:
        """Run through the values of the sample indices that a statement is about and the point leaves open."""
        used, free = self.subject(statement).indices, self.outcome.frame.names.free
        free = {name: size for name, size in free.items() if name in used and name not in point.at}
        for places in product(*(range(point.length(size)) for size in free.values())):
            yield point.placed(dict(zip(free, places, strict=True)))


def _entry(
    symbol: t.Symbol, table: Mapping[tuple[int, ...], Fraction] | None, random: Random
) -> Callable[[tuple[int, ...]], Fraction]:
    """Return the entries of a symbol by their places: those of the kernel's table, or drawn."""
    if table is None:
        return lambda _: Fraction(random.randint(-3, 3))
    kept = [axis for axis, size in enumerate(symbol.axes) if size != "1"]
    return lambda place: table.get(tuple(place[axis] for axis in kept), Fraction(0))


def _filled(shape: tuple[int, ...], entry: Callable[[tuple[int, ...]], Fraction]) -> Any:
    found = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        found[place] = entry(place)
    return found


def shown(point: Point) -> str:
    """Return a point in one line: ``h = 2, lam = 1/3, z = [1; -2]``."""
    parts = [f"{name} = {size}" for name, size in point.sizes.items() if not fixed_size(name)]
    parts += [f"{name} = {_entries(value)}" for name, value in point.values.items()]
    parts += [f"{name} = {place}" for name, place in point.at.items()]
    return ", ".join(parts)


def _entries(value: Any) -> str:
    if value.size == 1:
        return str(value.ravel()[0])
    if value.ndim > 2:
        return f"[{', '.join(map(_entries, value))}]"
    return f"[{'; '.join(' '.join(map(str, row)) for row in value.tolist())}]"


def _inside(ranges: Iterable[s.Range]) -> Iterator[s.Condition]:
    for given in ranges:
        if given.low is not None:
            yield s.Condition(given.symbol, ">", t.Number(given.low))
        if given.high is not None:
            yield s.Condition(given.symbol, "<", t.Number(given.high))


def _symbols_in(node: Node) -> Sequence[t.Symbol]:
    """Return what a point has values for: a symbol, and the coefficients of a function."""
    match node:
        case t.Symbol():
            return [node]
        case t.Function():
            return coefficients(node)
    return []


def _sizes_in(node: Node) -> Sequence[str]:
    match node:
        case t.Symbol(axes=axes):
            return [size for size in axes if not fixed_size(size)]
        case t.Size(name=name) | t.Identity(size=name) | t.Index(size=name):
            return [] if fixed_size(name) else [name]
        case t.Function(source=source, target=target):
            return [size for size in (*source, *target) if not fixed_size(size)]
        case t.Ones(rows=rows, columns=columns) | t.Zeros(rows=rows, columns=columns):
            return [size for size in (rows, columns) if not fixed_size(size)]
    return []


def _indices_in(node: Node) -> Sequence[str]:
    match node:
        case t.Entry(indices=indices):
            return indices
        case t.Delta(first=first, second=second) | t.Slice(row=first, column=second):
            return first, second
    return []


def wanted_for(statement: s.Statement) -> dict[str, Wanted]:
    """Return the kinds of points that a statement says something about."""
    match statement:
        case s.Equivalence(left=left, right=right, provided=provided, where=where):
            return {
                "where the right side vanishes": Wanted(statement, (*right, *where), provided),
                "where the left side vanishes": Wanted(statement, (*left, *where), provided),
                "elsewhere": Wanted(statement, where, provided),
            }
        case s.Positivity(ranges=ranges, where=where):
            return {"": Wanted(statement, where, (), ranges)}
        case s.Fails(statement=inner):
            return wanted_for(inner)
        case s.Identity(where=where) | s.Vanishing(where=where) | s.Minimum(where=where):
            return {"": Wanted(statement, where)}
