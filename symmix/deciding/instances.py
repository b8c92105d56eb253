"""Instances of what is assumed of functions for all arguments, in which their values are symbols.

An instance takes symbols, sums and values that occur in the arguments of a statement, or 0, for what takes all values.
It may speak of values at arguments that the statement does not mention: which of these are let in, a few at a time, is
what attempts differ in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations, islice, product

from symmix.deciding.explicit import Functional, Tree, plainly
from symmix.deciding.frame import Frame
from symmix.kernel.networks import Expression
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.functions import ALGEBRA, instance, rewritten
from symmix.verdict import Instance

MAX_TUPLES = 400  # of arguments that are looked at for one hypothesis
MAX_NEW = 4  # values that the statement does not mention, and pairs of such, that are let in
MAX_SETS = 6  # of inequalities that are tried with one choice of these
MAX_ATTEMPTS = 16  # in all
MAX_EQUATIONS = 24  # that are used at once, the shortest ones


@dataclass
class Values:
    """The values of functions that have a symbol, and their arguments, without functions in them."""

    frame: Frame
    symbols: dict[t.Symbol, t.Apply] = field(default_factory=dict)
    arguments: list[tuple[t.Function, t.Expression, Expression, t.Symbol]] = field(default_factory=list)

    def put_into(self, tree: Tree) -> Tree:
        """Return a tree with symbols for values of functions; new values get new symbols."""

        def change(node: Node) -> Node | None:
            return self._symbol(node, rewritten(node.argument, change)) if isinstance(node, t.Apply) else None

        found: Tree = rewritten(tree, change)
        return found

    def _symbol(self, value: t.Apply, argument: t.Expression) -> t.Symbol:
        """Return the symbol of a value: one for arguments that are the same multiplied out."""
        form = self.frame.array(argument).expression
        divides = bool(self.frame.meaning.reciprocals)
        for function, known, other, symbol in self.arguments:
            if function != value.function:
                continue
            if other == form or (divides and self.frame.goal(known, argument).is_zero):
                return symbol
        found = t.Symbol(f"value {len(self.symbols)}", value.function.target)
        self.symbols[found] = value
        self.arguments.append((value.function, argument, form, found))
        return found

    def copy(self) -> Values:
        """Return these values, to which others may be added."""
        return Values(self.frame, dict(self.symbols), list(self.arguments))


@dataclass(frozen=True)
class Taken:
    """An instance, and what it says: that the body vanishes."""

    stated: Instance
    body: t.Expression


@dataclass(frozen=True)
class _Known:
    """What hypothesis ``number`` says at some arguments, in so many terms, and of which values besides."""

    number: int
    law: s.Everywhere
    at: tuple[t.Expression, ...]
    terms: int
    needs: frozenset[t.Symbol]


@dataclass(frozen=True)
class Pool:
    """The instances of a statement's hypotheses that are looked at."""

    statement: Functional
    first: Values
    known: tuple[_Known, ...]

    @classmethod
    def of(cls, statement: Functional, frame: Frame) -> Pool:
        """Look at the hypotheses of a statement."""
        first = Values(frame)
        first.put_into(plainly(statement))
        return cls(statement, first, tuple(_known(statement, first)))

    def attempts(self) -> Iterator[tuple[Values, list[Taken]]]:
        """Run through sets of instances: without values that the statement does not mention, then with some."""
        yield self.first, []
        yield from (self.taken(some) for some in islice(self._sets(), MAX_ATTEMPTS))

    def _sets(self) -> Iterator[list[_Known]]:
        own = frozenset[t.Symbol]()
        singles = Counter(one.needs for one in self.known if len(one.needs) == 1)
        pairs = Counter(one.needs for one in self.known if len(one.needs) == 2)
        chosen = [
            *(some for some, _ in singles.most_common(MAX_NEW)),
            *(some for some, _ in pairs.most_common(MAX_NEW)),
        ]
        for needs in (own, *chosen):
            equations, others = self._allowed(needs)
            sets = [some for count in range(min(len(others), 2) + 1) for some in combinations(others, count)]
            for some in dict.fromkeys([*sets[:MAX_SETS], tuple(others)]):
                if (equations or some) and (not needs or any(one.needs for one in (*equations, *some))):
                    yield [*equations, *some]

    def taken(self, chosen: Sequence[_Known]) -> tuple[Values, list[Taken]]:
        """Return instances, what is not negative in them being the square of a symbol."""
        values, found, roots = self.first.copy(), list[Taken](), 0
        for one in chosen:
            body = values.put_into(instance(one.law, one.at))
            root = t.Symbol(f"root {roots}") if one.law.sign == ">=" else None
            roots += root is not None
            at = Instance(one.number, tuple(zip(one.law.symbols, one.at, strict=True)), root)
            found.append(Taken(at, body if root is None else minus_square(body, root)))
        return values, found

    def equations(self, most: int) -> list[t.Expression]:
        """Return the shortest instances that say that something is 0, functions in them."""
        found = sorted((one for one in self.known if one.law.sign == "="), key=lambda one: one.terms)
        return [instance(one.law, one.at) for one in found[:most]]

    def _allowed(self, needs: frozenset[t.Symbol]) -> tuple[list[_Known], list[_Known]]:
        """Return the equations, and the others, that speak of no more values than these."""
        found = sorted((one for one in self.known if one.needs <= needs), key=lambda one: one.terms)
        equations = [one for one in found if one.law.sign == "="]
        return equations[:MAX_EQUATIONS], [one for one in found if one.law.sign == ">="]


def _known(statement: Functional, first: Values) -> Iterator[_Known]:
    """Run through instances, each once, that speak of two values at most which the statement does not mention."""
    values, forms = first.copy(), set[Expression]()
    for number, law in enumerate(statement.where):
        if not isinstance(law, s.Everywhere):
            continue
        choices = [_candidates(symbol, statement) for symbol in law.symbols]
        for at in islice(product(*choices), MAX_TUPLES):
            body = values.put_into(instance(law, at))
            needs = frozenset(n for n in body.walk() if isinstance(n, t.Symbol) and _is_new(n, first, values))
            if len(needs) > 2:
                continue
            form = values.frame.array(body).expression
            if not form.is_zero and form not in forms:
                forms |= {form, -form}
                yield _Known(number, law, at, len(form.terms), needs | _inside(needs, first, values))


def _is_new(symbol: t.Symbol, first: Values, values: Values) -> bool:
    return symbol in values.symbols and symbol not in first.symbols


def _inside(needs: frozenset[t.Symbol], first: Values, values: Values) -> frozenset[t.Symbol]:
    """Return the new values that the arguments of new values speak of."""
    arguments = [argument for _, argument, _, symbol in values.arguments if symbol in needs]
    found = {n for a in arguments for n in a.walk() if isinstance(n, t.Symbol) and _is_new(n, first, values)}
    return frozenset(found) | (_inside(frozenset(found), first, values) if found else frozenset())


def minus_square(body: t.Expression, root: t.Symbol) -> t.Expression:
    """Return what vanishes where a scalar is the square of its root."""
    return t.Add((body, t.Multiply((t.Number(Fraction(-1)), t.Power(root, 2)))))


def _candidates(symbol: t.Symbol, statement: Functional) -> list[t.Expression]:
    """Return what a bound symbol may stand for: arguments that occur, what is in them, values, and 0."""
    zero: t.Expression = t.Zeros(*symbol.axes) if symbol.axes else t.Number(Fraction(0))
    values = [node for node in plainly(statement).walk() if isinstance(node, t.Apply)]
    found = [value.argument for value in values]
    found += [part for value in values for node in _closed(value.argument) for part in _parts(node)]
    return [*(one for one in dict.fromkeys([*found, *values]) if one.shape == symbol.shape), zero]


def _parts(node: Node) -> list[t.Expression]:
    """Return a symbol, or a sum and where it begins: the sum of its first two terms, of three, and so on."""
    if isinstance(node, t.Add):
        return [node, *(t.Add(node.terms[:count]) for count in range(2, len(node.terms)))]
    return [node] if isinstance(node, t.Symbol) else []


def _closed(tree: t.Expression) -> Iterator[Node]:
    """Run through what is in an argument, but not inside of sums over indices and the like."""
    left: list[Node] = [tree]
    while left:
        node = left.pop()
        if isinstance(node, ALGEBRA):
            yield node
            left.extend(node.children())
