"""A printed theorem and its statement side by side: each value that Coq's text has, and that SymPy's scalars give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random
from typing import Any

import numpy as np
import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix import Equivalence, Identity, Vanishing
from symmix.components import occurring
from symmix.language import ForAll
from symmix.language.derivatives import Gradient
from symmix.language.nodes import At, MatrixExpectation, MatrixQuotient, ScalarExpectation, ScalarQuotient
from tests.coq_grammar import Infix, Name, Proposition, ReadError, Term, applications
from tests.coq_reader import (
    Choice,
    Document,
    Env,
    Fact,
    Families,
    Family,
    Kind,
    Law,
    Sample,
    Samples,
    Space,
    built,
)
from tests.oracle import Point

# -- what was meant ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Values:
    """The values of expressions at a point, by SymPy's scalars, each worked out once."""

    point: Point
    known: dict[sp.Basic, Any] = field(default_factory=dict)

    def of(self, expression: sp.Basic) -> Any:
        """Return the entries of an expression, along the axes that are longer than 1."""
        if expression not in self.known:
            entries = self._entries(expression)
            shape = [1 + max(axis) for axis in zip(*entries, strict=True)]
            fractions = np.array([fraction(x) for x in entries.values()], dtype=object)
            self.known[expression] = fractions.reshape([size for size in shape if size > 1])
        return self.known[expression]

    def _entries(self, expression: sp.Basic) -> Mapping[tuple[int, ...], Any]:
        if isinstance(expression, ArraySymbol):
            return self.point.arrays[expression]
        explicit = self.point.explicit(expression)
        return {place: explicit[place] for place in product(*map(range, explicit.shape))}

    @cached_property
    def elsewhere(self) -> Values:
        """The values at another point of the same sizes."""
        scalars = {symbol: 2 * x + 1 for symbol, x in self.point.scalars.items()}
        matrices = {symbol: x.applyfunc(lambda entry: entry + 1) for symbol, x in self.point.matrices.items()}
        return Values(replace(self.point, scalars=scalars, matrices=matrices))


@dataclass(frozen=True)
class Original:
    """A statement and the values of what it is made of; nothing here knows the printer."""

    statement: Identity | Vanishing | Equivalence
    values: Values

    @property
    def equations(self) -> list[tuple[sp.Basic, sp.Basic]]:
        """What is said to be equal."""
        match self.statement:
            case Identity(left=left, right=right):
                return [(left, right)]
            case Vanishing(expressions=expressions):
                zeros = [*expressions]
            case Equivalence(left=left, right=right):
                zeros = [*left, *right]
        return [(expression, sp.ZeroMatrix(*getattr(expression, "shape", (1, 1)))) for expression in zeros]

    @cached_property
    def stated(self) -> list[sp.Basic]:
        """The expressions of the statement, and of the definitions that they use."""
        definitions, found = self.values.point.definitions, parts_of(self.statement)
        for expression in found:  # it grows on the way
            used = expression.atoms(sp.Symbol, sp.MatrixSymbol) & definitions.keys()
            found += sorted({definitions[symbol] for symbol in used} - {*found}, key=str)
        return found

    @cached_property
    def symbols(self) -> Mapping[str, sp.Basic]:
        """The symbols, by what their names have to look like in Coq."""
        point = self.values.point
        symbols = [s for s in occurring(self.stated, point.definitions) if s not in point.sizes]
        table = {str(s.name).replace("~", "_mixed").replace("+", "_plus").replace("-", "_mean"): s for s in symbols}
        assert len(table) == len(symbols), "two symbols of one name"
        return table

    @cached_property
    def moments(self) -> Mapping[str, Mapping[int, Fraction]]:
        """What is known of each random number, by the name of its law."""
        known: dict[str, dict[int, Fraction]] = {}
        for node in set().union(
            *(expression.atoms(ScalarExpectation, MatrixExpectation) for expression in self.stated)
        ):
            for degree, moment in node.moments.items():
                value = self.values.of(moment).item()
                stated = known.setdefault(f"law_{node.random.name}", {}).setdefault(degree, value)
                assert stated == value, "two laws of one name"
        return known

    @property
    def denominators(self) -> set[Fraction]:
        """What is divided by, but for numbers and sizes: the quotients of its values at two points.

        A number that it is multiplied by makes no difference to them, nor to where it is zero.
        """
        powers = set().union(*(expression.atoms(sp.Pow) for expression in self.stated))
        below = {factor for x in powers if x.exp.is_negative for factor in sp.Mul.make_args(x.base)}
        kept = set().union(*(expression.atoms(ScalarQuotient, MatrixQuotient) for expression in self.stated))
        below |= {factor for x in kept for factor in sp.Mul.make_args(x.args[1])}
        bases = {factor.as_base_exp()[0] for factor in below} - self.values.point.sizes.keys()
        bases |= {*getattr(self.statement, "provided", ())}
        points = (self.values, self.values.elsewhere)
        return {Fraction(*(values.of(base).item() for values in points)) for base in bases if not base.is_Number}


def parts_of(statement: Identity | Vanishing | Equivalence) -> list[sp.Basic]:
    """Return the expressions that a statement is made of."""
    match statement:
        case Identity(left=left, right=right):
            stated = [left, right]
        case Vanishing(expressions=expressions):
            stated = [*expressions]
        case Equivalence(left=left, right=right, provided=provided):
            stated = [*left, *right, *provided]
    bodies = [given.body if isinstance(given, ForAll) else given for given in statement.where]
    return [sp.sympify(part) for part in (*stated, *bodies)]


def differentiated(node: sp.Basic) -> set[sp.Basic]:
    """Return what is differentiated in an expression, with the symbols replaced that are."""
    if isinstance(node, Gradient):
        return {node.differentiated}
    if isinstance(node, At):
        return {At(scalar, node.values) for scalar in differentiated(node.matrix)}
    return set().union(*(differentiated(part) for part in node.args))


def paired(value: Any, chosen: Iterable[Any]) -> Any:
    """Return entries at the chosen samples, or their inner product with the chosen vectors, from the last axis on."""
    for choice in reversed([*chosen]):
        if isinstance(choice, Family):
            value = np.asarray(np.sum(value * np.array(choice.members, dtype=object)))
            continue
        size = choice.among.size if isinstance(choice, Sample) else len(choice)
        axes = [axis for axis, length in enumerate(value.shape) if length == size]
        if not axes:
            raise ReadError(f"{choice} along an axis of {value.shape}")
        vector = [Fraction(place == choice.place) for place in range(size)] if isinstance(choice, Sample) else choice
        value = np.tensordot(value, np.array(vector, dtype=object), (axes[-1], 0))
    plain = np.asarray(value, dtype=object).tolist()
    return tuple(plain) if isinstance(plain, list) else plain


def law(moments: Mapping[int, Fraction]) -> Law:
    """Return the law on as many numbers as it takes that has the given moments, whatever these are.

    Weights may be negative: of an expectation the prelude asks no more than that it is linear, and 1 of 1.
    """
    stated = [moments[degree] for degree in range(1, len(moments) + 1)]
    numbers = [sp.Rational(2 * place + 1, place + 3) for place in range(len(moments) + 1)]
    powers = sp.Matrix([[x**degree for x in numbers] for degree in range(len(numbers))])
    right = [sp.Rational(x.numerator, x.denominator) for x in (Fraction(1), *stated)]
    weights = powers.LUsolve(sp.Matrix(right))
    return Law({fraction(x): fraction(weight) for x, weight in zip(numbers, weights, strict=True)})


def fraction(x: Any) -> Fraction:
    return Fraction(int(x.p), int(x.q))


# -- side by side ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Comparison:
    """A value that was printed, and the one that was meant."""

    what: str
    printed: Any
    meant: Any


@dataclass(frozen=True)
class SideBySide:
    """A printed theorem, and the statement that it was printed from."""

    document: Document
    stated: Proposition
    original: Original

    @property
    def comparisons(self) -> Iterator[Comparison]:
        """Run through premises, hypotheses and equations."""
        facts = zip(self._divisors, self._elsewhere._divisors, strict=True)
        quotients = {Fraction(one.left - one.right, other.left - other.right) for one, other in facts}
        yield Comparison("denominators", quotients, self.original.denominators)
        known = [(Name(name), x) for name, moments in self.original.moments.items() for x in moments.values()]
        yield Comparison("moments", self._moments, {(name, x, x) for name, x in known})
        yield from self._hypotheses
        yield from self._conclusion

    @cached_property
    def env(self) -> Env:
        """What is quantified at the front: the original's point."""
        point, symbols = self.original.values.point, self.original.symbols
        sizes = {str(size.name): x for size, x in point.sizes.items()}
        places = iter(point.at.values())  # free samples come in the theorem's order, under names of their own

        def given(name: str, kind: Kind) -> Any:
            match kind:
                case "Space":
                    return Space(sizes[name])
                case "Samples":
                    return Samples(sizes[name])
                case "Expectation":
                    return law(self.original.moments[name])
                case Samples():
                    return Sample(kind, next(places))
            symbol = symbols[name if name in symbols else name.removesuffix("_")]  # a word of Coq's has one more
            return built(kind, self.original.values.of(symbol).tolist())

        return self.document.environment(self.stated, given)

    def _facts(self, term: Term, choose: Choice) -> list[Fact]:
        return [*self.document.facts(term, self.env, choose)]

    # -- premises ---

    def _premises(self, sort: str) -> list[Term]:
        """Return the premises of one sort: on a moment, on a denominator, or a hypothesis."""

        def sort_of(term: Term) -> str:
            inequation = isinstance(term, Infix) and term.operator == "<>"
            return "denominator" if inequation else "moment" if any(applications(term, "moment")) else "hypothesis"

        return [term for term in self.stated.premises if sort_of(term) == sort]

    @property
    def _elsewhere(self) -> SideBySide:
        return replace(self, original=replace(self.original, values=self.original.values.elsewhere))

    @property
    def _divisors(self) -> list[Fact]:
        return [fact for term in self._premises("denominator") for fact in self._facts(term, every)]

    @property
    def _moments(self) -> set[tuple[Term, Fraction, Fraction]]:
        """The laws, the moments that they have, and what is said of these."""
        uses = [(use.arguments[0], term) for term in self._premises("moment") for use in applications(term, "moment")]
        return {(name, fact.left, fact.right) for name, term in uses for fact in self._facts(term, every)}

    @property
    def _hypotheses(self) -> Iterator[Comparison]:
        given, where = self._premises("hypothesis"), self.original.statement.where
        yield Comparison("hypotheses", len(given), len(where))
        for number, (term, expression) in enumerate(zip(given, where, strict=False), start=1):
            for fact in self._facts(term, every):
                yield Comparison(f"hypothesis {number}", difference(fact), self._meant(expression, fact.chosen))

    def _meant(self, hypothesis: sp.Basic | ForAll, chosen: tuple[Any, ...]) -> Any:
        """Return what a hypothesis says to vanish, for some samples if it is about all."""
        if not isinstance(hypothesis, ForAll):
            return paired(self.original.values.of(hypothesis), chosen)
        indices = hypothesis.indices if isinstance(hypothesis.indices, tuple) else (hypothesis.indices,)
        places = {index: sample.place for index, sample in zip(indices, chosen, strict=False)}
        point = self.original.values.point
        there = Values(replace(point, at={**point.at, **places}))
        return paired(there.of(hypothesis.body), chosen[len(indices) :])

    # -- equations ---

    @property
    def _conclusion(self) -> Iterator[Comparison]:
        equations = self.original.equations
        yield Comparison("equations", len(self.stated.parts), len(equations))
        if len(self.stated.parts) == len(equations):
            for part, sides in zip(self.stated.parts, equations, strict=True):
                yield from self._equation(part, *sides)

    def _equation(self, part: Term, left: sp.Basic, right: sp.Basic) -> Iterator[Comparison]:
        """Compare the sides; their slopes have to be of lines that are parabolas, and start at what is differentiated.

        Where that starts tells objectives apart whose slopes agree.
        """
        of = self.original.values.of
        means = left.atoms(MatrixExpectation) | right.atoms(MatrixExpectation)
        numbers = [of(mean.random).item() for mean in means][:1]  # one number is random, and has one value at the point
        facts = self._facts(part, any_of(Random("directions"), numbers))
        slopes, lines = ({use.arguments for use in applications(part, word)} for word in ("slope", "quadratic"))
        yield Comparison("slopes", slopes, lines)
        parabolas = [fact for fact in facts if fact.relation == "quadratic"]
        start = {of(scalar).item() for side in (left, right) for scalar in differentiated(side)}
        yield Comparison("what is differentiated", {fact.left[0] for fact in parabolas}, start)
        yield from (Comparison("a parabola", fact.left, fact.right) for fact in parabolas)
        equations = [fact for fact in facts if fact.relation == "="]
        assert len(equations) + len(parabolas) == len(facts) > len(parabolas)
        for fact in equations:
            yield Comparison("left", fact.left, paired(of(left), fact.chosen))
            yield Comparison("right", fact.right, paired(of(right), fact.chosen))


def difference(fact: Fact) -> Any:
    """Return left - right, of numbers or vectors."""
    assert fact.relation == "="
    if isinstance(fact.left, tuple):
        return tuple(x - y for x, y in zip(fact.left, fact.right, strict=True))
    return fact.left - fact.right


def every(kind: Kind) -> list[Any]:
    """Return all samples, or a basis of a space."""
    match kind:
        case Samples(size=size):
            return [Sample(kind, place) for place in range(size)]
        case Space(size=size):
            return [tuple(Fraction(place == one) for place in range(size)) for one in range(size)]
    raise ReadError(f"all of {kind}")


def any_of(random: Random, numbers: Iterable[Fraction] = ()) -> Choice:
    """Return what draws a direction, one vector or a family of them, but takes every sample, and the given numbers."""

    def choose(kind: Kind) -> list[Any]:
        match kind:
            case Space(size=size):
                return [tuple(drawn(random) for _ in range(size))]
            case Families(among=among, of=Space() as space):
                return [Family(among, tuple(choose(space)[0] for _ in range(among.size)))]
            case "R":
                return [*numbers]
        return every(kind)

    return choose


def drawn(random: Random) -> Fraction:
    """Return a fraction that is not zero, nor likely to be drawn again."""
    return random.choice((-1, 1)) * Fraction(random.randint(1, 19), random.choice((1, 2, 3, 5)))
