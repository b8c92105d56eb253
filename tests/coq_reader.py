"""A reader for the Coq text that symmix writes, the tests' own: what is printed is worked out, exactly, on numbers.

A space is that of vectors of fractions of one size, a linear map is a matrix, samples are counted, and an expectation
is a sum over finitely many numbers. What ``Spaces.v`` defines by a term (``sub``, ``move``, ``slope``, ``quadratic``)
is read from there, so that it means here what it means to Coq; what it assumes (``inner``, ``app``, ``sum``) is below.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache, reduce
from importlib.resources import files
from typing import Any

from tests.coq_grammar import (
    COMMANDS,
    Apply,
    Binder,
    Bound,
    Definition,
    Infix,
    Name,
    Negative,
    Number,
    Parser,
    Proposition,
    ReadError,
    Term,
    proposition,
    sentences,
)

# -- values ------------------------------------------------------------------------------------------------------------

Vector = tuple[Fraction, ...]
Env = Mapping[str, Any]
TIMES = tuple(map(Fraction, ("0", "2", "-2", "3", "1/2")))  # with 1 and -1 they decide up to degree 6 what is quadratic


@dataclass(frozen=True)
class Space:
    size: int


@dataclass(frozen=True)
class Samples:
    size: int


@dataclass(frozen=True)
class Maps:
    source: Space
    target: Space


@dataclass(frozen=True)
class Families:
    among: Samples
    of: Kind


Kind = Space | Samples | Maps | Families | str  # what a type is, with its sizes; a string is Coq's or the prelude's own


@dataclass(frozen=True)
class Sample:
    among: Samples
    place: int


@dataclass(frozen=True)
class Map:
    """A linear map as a matrix: a row for each component of its values."""

    rows: tuple[Vector, ...]

    @property
    def T(self) -> Map:  # noqa: N802 - as SymPy and NumPy call it
        return Map(tuple(zip(*self.rows, strict=True)))

    def applied(self, vector: Vector) -> Vector:
        return tuple(inner(row, vector) for row in self.rows)


@dataclass(frozen=True)
class Family:
    """A function of samples, by its values."""

    among: Samples
    members: tuple[Any, ...]


@dataclass(frozen=True)
class Law:
    """A normalised linear functional: numbers and their weights, which sum to one. No more is assumed of it."""

    weights: Mapping[Fraction, Fraction]

    def expect(self, function: Callable[[Fraction], Fraction]) -> Fraction:
        return sum((weight * number(function(value)) for value, weight in self.weights.items()), Fraction(0))


def number(value: Any) -> Fraction:
    if not isinstance(value, Fraction):
        raise ReadError(f"a number expected, not {value}")
    return value


def whole(value: Any) -> int:
    if not isinstance(value, Fraction) or value.denominator != 1 or value < 0:
        raise ReadError(f"a natural number expected, not {value}")
    return int(value)


def add(u: Vector, v: Vector) -> Vector:
    return tuple(x + y for x, y in zip(u, v, strict=True))


def scale(s: Fraction, u: Vector) -> Vector:
    return tuple(number(s) * x for x in u)


def inner(u: Vector, v: Vector) -> Fraction:
    return sum((x * y for x, y in zip(u, v, strict=True)), Fraction(0))


# What Spaces.v has as fields of records, and the maps that it gives together with their adjoints
PRIMITIVE: Mapping[str, Callable[..., Any]] = {
    "add": add,
    "scale": scale,
    "inner": inner,
    "app": Map.applied,
    "adj": lambda A, v: A.T.applied(v),
    "plus": lambda A, B: Map(tuple(add(u, v) for u, v in zip(A.rows, B.rows, strict=True))),
    "times": lambda s, A: Map(tuple(scale(s, row) for row in A.rows)),
    "outer": lambda a, b: Map(tuple(scale(x, b) for x in a)),
    "sum": lambda f: sum(map(number, f.members), Fraction(0)),
    "total": lambda f: reduce(add, f.members),
    "count": lambda n: Fraction(n.size),
    "expect": Law.expect,
}
ARITHMETIC: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": lambda base, exponent: base ** whole(exponent),
}


def built(kind: Kind, entries: Any) -> Any:
    """Return a value of a type from its entries, nested as deep as it has axes."""
    match kind:
        case "R":
            return Fraction(entries)
        case Space():
            return tuple(map(Fraction, entries))
        case Maps():
            return Map(tuple(tuple(map(Fraction, row)) for row in entries))
        case Families(among=among, of=of):
            return Family(among, tuple(built(of, part) for part in entries))
    raise ReadError(f"no entries make a value of the type {kind}")


# -- what the text says ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One equation, or inequation, for one choice of what is quantified around it.

    ``tangent f s`` is two: that f is quadratic, and that its slope is s. What says that a line is quadratic is one,
    between its values and those of the parabola, at some times.
    """

    relation: str
    chosen: tuple[Any, ...]
    left: Any
    right: Any


Choice = Callable[[Kind], Iterable[Any]]


@dataclass(frozen=True)
class Document:
    """A file that has been read: definitions, those of the prelude among them, and theorems."""

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    theorems: Mapping[str, Proposition] = field(default_factory=dict)

    def environment(self, stated: Proposition, given: Callable[[str, Kind], Any]) -> Env:
        """Return the values of what a theorem quantifies at its front; each has to be of its type."""
        env: dict[str, Any] = {}
        for name, declared in (pair for binder in stated.binders for pair in binder.typed):
            env[name] = self._fitting(declared, given(name, self.kind(declared, env)), env)
        return env

    def facts(self, term: Term, env: Env, choose: Choice, chosen: tuple[Any, ...] = ()) -> Iterator[Fact]:
        """Run through the equations in a proposition, with all their choices."""
        match term:
            case Infix(operator="/\\" | "<->", left=left, right=right):
                yield from self.facts(left, env, choose, chosen)
                yield from self.facts(right, env, choose, chosen)
            case Infix(operator="=" | "<>" as relation, left=left, right=right):
                yield Fact(relation, chosen, *self._sides(left, right, env))
            case Bound(word="forall", binders=binders, body=body):
                for values in self._choices([pair for binder in binders for pair in binder.typed], env, choose):
                    yield from self.facts(body, {**env, **values}, choose, (*chosen, *values.values()))
            case Apply(function=Name("quadratic"), arguments=(line,)):
                yield self._quadratic(self.value(line, env), chosen)
            case Apply(function=Name("tangent"), arguments=(line, slope)):  # by tangent_slope and tangent_unique
                yield self._quadratic(self.value(line, env), chosen)
                yield Fact("=", chosen, self._called("slope", [self.value(line, env)]), self.value(slope, env))
            case _:
                raise ReadError(f"an equation expected, not {term}")

    def value(self, term: Term, env: Env) -> Any:
        """Return the value of a term."""
        match term:
            case Number(value=value):
                return Fraction(value)
            case Name(text=text) if text in env:
                return env[text]
            case Name(text=text):
                return self._called(text, [])
            case Negative(of=inside):
                return -number(self.value(inside, env))
            case Infix(operator=sign, left=left, right=right) if sign in ARITHMETIC:
                return ARITHMETIC[sign](number(self.value(left, env)), number(self.value(right, env)))
            case Apply(function=Name(text=text), arguments=arguments) if text not in env:
                return self._called(text, [self.value(argument, env) for argument in arguments])
            case Apply(function=function, arguments=arguments):
                return reduce(
                    _applied, (self.value(argument, env) for argument in arguments), self.value(function, env)
                )
            case Bound(word="fun", binders=(Binder(names=(name,), kind=kind),), body=body):
                return self._function(name, kind, body, env)
        raise ReadError(f"no value: {term}")

    def kind(self, declared: Term, env: Env) -> Kind:
        """Return what a type is, where its sizes are known."""
        match declared:
            case Name(text=text) if text in SORTS:
                return text
            case Name(text=text) if isinstance(size := env.get(text), Space | Samples):
                return size
            case Apply(function=Name("Linear"), arguments=(source, target)):
                ends = self.kind(source, env), self.kind(target, env)
                if isinstance(ends[0], Space) and isinstance(ends[1], Space):
                    return Maps(ends[0], ends[1])
            case Infix(operator="->", left=left, right=right):
                among = self.kind(left, env)
                if isinstance(among, Samples):
                    return Families(among, self.kind(right, env))
        raise ReadError(f"no type: {declared}")

    # -- equations ---

    def _sides(self, left: Term, right: Term, env: Env) -> tuple[Any, Any]:
        """Return the values of both sides; the zero of a space is on the right alone."""
        value = self.value(left, env)
        if right == Name("zero") and isinstance(value, tuple):
            return value, scale(Fraction(0), value)
        return value, self.value(right, env)

    def _quadratic(self, line: Any, chosen: tuple[Any, ...]) -> Fact:
        """Return the definition of ``quadratic``, for some t."""
        definition = self.definitions["quadratic"]
        env = {name: line for name, _ in definition.parameters}
        facts = [*self.facts(definition.body, env, lambda _: TIMES)]
        return Fact("quadratic", chosen, tuple(f.left for f in facts), tuple(f.right for f in facts))

    def _choices(self, typed: Sequence[tuple[str, Term]], env: Env, choose: Choice) -> Iterator[dict[str, Any]]:
        if not typed:
            yield {}
            return
        (name, declared), *rest = typed
        for value in choose(self.kind(declared, env)):
            for others in self._choices(rest, env, choose):
                yield {name: value, **others}

    # -- functions ---

    def _function(self, name: str, kind: Term | None, body: Term, env: Env) -> Any:
        """Return a function of samples by its values; one of a number remembers them."""
        if kind is None:
            return cache(lambda x: self.value(body, {**env, name: x}))
        among = self.kind(kind, env)
        if not isinstance(among, Samples):
            raise ReadError(f"a function of samples expected, not of {kind}")
        places = range(among.size)
        return Family(among, tuple(self.value(body, {**env, name: Sample(among, place)}) for place in places))

    def _called(self, name: str, values: Sequence[Any]) -> Any:
        """Return the value of a function of the prelude or the file; sizes in braces are learned from the values."""
        if name in PRIMITIVE:
            try:
                return PRIMITIVE[name](*values)
            except (AttributeError, TypeError, ValueError) as error:  # not of the right type, number or size
                raise ReadError(f"{name} of {values}") from error
        definition = self.definitions.get(name)
        if definition is None or len(values) != len(definition.parameters):
            raise ReadError(f"{name} of {len(values)} arguments is not defined")
        env: dict[str, Any] = {}
        for (parameter, declared), value in zip(definition.parameters, values, strict=True):
            env[parameter] = self._fitting(declared, value, env)
        for implicit, declared in definition.implicit:
            self._fitting(declared, env.get(implicit), env)
        return self._fitting(definition.result, self.value(definition.body, env), env)

    def _fitting(self, declared: Term, value: Any, env: dict[str, Any]) -> Any:
        """Return a value if it is of its type; a size that is not known yet is learned."""
        match declared, value:
            case Name("R" | "nat"), Fraction():
                fits = True
            case (Name("Expectation"), Law()) | (Name("Space"), Space()) | (Name("Samples"), Samples()):
                fits = True
            case Name(text=text), tuple() if text not in SORTS:
                fits = env.setdefault(text, Space(len(value))) == Space(len(value))
            case Name(text=text), Sample(among=among) if text not in SORTS:
                fits = env.setdefault(text, among) == among
            case Apply(function=Name("Linear"), arguments=(source, target)), Map(rows=rows):
                self._fitting(source, rows[0], env)
                self._fitting(target, tuple(row[0] for row in rows), env)
                fits = True
            case Infix(operator="->", left=Name("R"), right=Name("R")), _:
                fits = callable(value)
            case Infix(operator="->", left=Name(text=text), right=right), Family(among=among, members=members):
                fits = env.setdefault(text, among) == among
                for member in members:
                    self._fitting(right, member, env)
            case _:
                fits = False
        if not fits:
            raise ReadError(f"{value} is not of the type {declared}")
        return value


SORTS = {"R", "nat", "Expectation", "Space", "Samples"}


def _applied(function: Any, value: Any) -> Any:
    if isinstance(function, Family) and isinstance(value, Sample) and function.among == value.among:
        return function.members[value.place]
    if callable(function):
        return function(number(value))
    raise ReadError(f"{function} cannot be applied to {value}")


# -- files -------------------------------------------------------------------------------------------------------------


def read(code: str) -> Document:
    """Read a file that the export wrote; whatever is no definition, theorem or known command is an error."""
    return _read(code, PRELUDE)


def _read(code: str, known: Mapping[str, Definition]) -> Document:
    definitions, theorems = dict(known), dict[str, Proposition]()
    for tokens in sentences(code):
        word, *rest = tokens
        if word not in {"Definition", "Theorem"}:
            if not COMMANDS.fullmatch(" ".join(tokens)):
                raise ReadError(f"an unknown command: {' '.join(tokens)}")
            continue
        name, parser = rest[0], Parser(rest[1:])
        if name == "proved":
            if "".join(rest[1:]) != f":=({','.join(theorems)})":
                raise ReadError(f"all theorems expected, not {' '.join(rest)}")
            continue
        if name in definitions or name in theorems or name in PRIMITIVE:
            raise ReadError(f"{name} is defined twice")
        if word == "Definition":
            definitions[name] = parser.definition()
        else:
            parser.take(":")
            theorems[name] = proposition(parser.term())
        parser.end()
    return Document(definitions, theorems)


SPACES = (files("symmix.publish.coq") / "Spaces.v").read_text(encoding="utf-8")
DEFINED = ("neg", "sub", "moment", "move", "move_map", "slope", "curvature", "quadratic", "tangent")
PRELUDE = _read(
    "\n".join(re.findall(rf"^Definition (?:{'|'.join(DEFINED)}) .*?\.$", SPACES, re.M | re.S)), {}
).definitions
if PRELUDE.keys() != {*DEFINED}:
    raise ReadError(f"Spaces.v does not define all of {DEFINED}")
