"""Proposes sums of squares: ``f = sum_a c_a |S_a|^2 + sum_i C_i . e_i`` with coefficients that are not negative.

Each product of ``f`` is cut in two halves, networks whose open ends are joined in it. Over halves with the same ends
``f`` is a quadratic form; its matrix is found by linear algebra, made symmetric under exchanges of ends of one
size, and decomposed as L D L^T. Nothing of it is trusted: the kernel multiplies the squares out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain, combinations, islice, permutations, product
from math import gcd, lcm

from symmix.kernel.networks import Expression
from symmix.kernel.products import Product
from symmix.kernel.scalars import ONE, ZERO, Polynomial, added
from symmix.search.elimination import System, quotient
from symmix.search.halves import Ends, choices, end, halves_of, square

_SIMPLE = ((1, 1), (-1, 1), (1, 2), (-1, 2), (1, 4), (-1, 4), (2, 1), (-2, 1), (1, 8), (-1, 8))
_CHOICES = 40  # sets of ends that are tried together,
_PAIRS = 120  # and pairs of halves in one of them
_EFFORT = 150_000  # tries of what the linear equations leave open, times the square of the number of pairs

Matrix = list[list[Polynomial]]
Signs = Callable[[Polynomial], bool]


@dataclass(frozen=True)
class Square:
    """``scale * |root|^2``, summed over the root's open ends."""

    scale: Polynomial
    root: Expression

    def over(self, free: Mapping[str, str]) -> Expression:
        """Multiply the square out; indices of the goal stay."""
        return (self.root * self.root).sum(*(i for i in self.root.free if i not in free)) * self.scale


@dataclass(frozen=True)
class Sum:
    """Squares that sum up to ``factor`` times a goal, up to ``rest``, which vanishes where the hypotheses hold."""

    squares: tuple[Square, ...]
    factor: Polynomial
    rest: Expression


def sums_of_squares(goal: Expression, relations: Sequence[Expression], is_nonnegative: Signs) -> Iterator[Sum | None]:
    """Run through sums of squares that are the goal, up to multiples of relations, which are zero.

    None comes wherever ends were tried without one: who looks for something else at the same time takes a turn there.
    ``is_nonnegative`` says of a coefficient whether it is known not to be negative.
    """
    support = dict.fromkeys(p for e in (goal, *relations) for p in e.terms)
    found = halves_of(list(support), goal.free)
    base = _Base(_system(relations), frozenset(goal.free))
    for halves in choices(found, set(support), goal.free):
        kinds = sorted(halves, key=lambda ends: (len(ends), ends))
        some = chain(*(combinations(kinds, many) for many in range(1, 4)), [kinds] if len(kinds) > 3 else [])
        blocks = {ends: _Block(ends, tuple(halves[ends])) for ends in kinds}
        for chosen in islice(some, _CHOICES):
            yield from _form(goal, base, [blocks[ends] for ends in chosen], is_nonnegative)
            yield None


def tried(goal: Expression, relations: Sequence[Expression]) -> str:
    """Return what a search that finds no sum of squares has tried."""
    support = list(dict.fromkeys(p for e in (goal, *relations) for p in e.terms))
    halves = [half for found in halves_of(support, goal.free).values() for half in found]
    degree = max((len(p) for half in halves for p in half.terms), default=0)
    return f"{len(halves)} roots of degree {degree} at most, up to {len(relations)} multiples of the hypotheses"


def sum_of_given(goal: Expression, relations: Sequence[Expression], roots: Sequence[Expression]) -> Iterator[Sum]:
    """Run through the one combination of given squares that is the goal, if there is one."""
    system = _system(relations)
    for root in roots:
        system.add(square(root, root, frozenset(goal.free)).terms)
    solved = system.solve(goal.terms)
    if solved is None:
        return
    factor, numbers = solved
    found = [Square(numbers[i], root) for i, root in enumerate(roots) if i in numbers]
    total = goal * factor
    for one in found:
        total = total - one.over(goal.free)
    yield Sum(tuple(found), factor, total)


def _system(relations: Sequence[Expression]) -> System:
    system = System(lambda x: len(x.terms) == 1, _rank)
    for relation in relations:
        system.add(relation.terms, told=False)
    return system


@lru_cache(maxsize=1 << 12)
def _rank(product: Product) -> tuple[int, str]:
    """Return what is eliminated first: long products."""
    return len(product), str(product)


# -- the quadratic form ---


@dataclass(frozen=True)
class _Block:
    ends: Ends
    halves: tuple[Expression, ...]

    def pairs(self) -> list[tuple[int, int]]:
        size = range(len(self.halves))
        return [(a, b) for a in size for b in size if a <= b]

    @cached_property
    def turns(self) -> list[list[int]]:
        """What exchanges of ends of one size make of the halves, as far as they stay among them."""
        found, places = [], {half: self.halves.index(half) for half in self.halves}
        for order in permutations(range(len(self.ends))):
            if any(self.ends[a] != self.ends[b] for a, b in enumerate(order)):
                continue
            names = {end(a): end(b) for a, b in enumerate(order)}
            images = [half.rename(names) for half in self.halves]
            if all(image in places for image in images):
                found.append([places[image] for image in images])
        return found


@dataclass
class _Base:
    """Relations, eliminated, and the squares that were reduced by them, which many choices of blocks share."""

    system: System
    free: frozenset[str]
    known: dict[tuple[Expression, Expression], Mapping[Product, Polynomial]] = field(default_factory=dict)

    def square(self, one: Expression, other: Expression) -> Mapping[Product, Polynomial]:
        """Return a product of halves, both ways if they differ, up to the relations."""
        if (one, other) not in self.known:
            row = square(one, other, self.free) * (1 if one is other else 2)
            self.known[one, other] = self.system.reduced(row.terms)
        return self.known[one, other]


def _form(goal: Expression, base: _Base, blocks: Sequence[_Block], is_nonnegative: Signs) -> Iterator[Sum]:
    entries = sorted(
        ((n, a, b) for n, block in enumerate(blocks) for a, b in block.pairs()), key=lambda e: e[1] != e[2]
    )
    if len(entries) > _PAIRS:
        return
    system = base.system.copy()
    for n, a, b in entries:
        system.add(base.square(blocks[n].halves[a], blocks[n].halves[b]))
    solved = system.solve(goal.terms)
    if solved is None or not is_nonnegative(solved[0]):
        return
    factor, numbers = solved
    first = _matrices(numbers, entries, blocks)
    moves = [_matrices(found, entries, blocks) for found in system.nothing]
    moves = [m for m in moves if any(not x.is_zero for table in m for line in table for x in line)]
    for weights in islice(
        _weights([_steps(first, move, _content(goal)) for move in moves]), 1 + _EFFORT // len(entries) ** 2
    ):
        tables = first
        for weight, move in zip(weights, moves, strict=True):
            if not weight.is_zero:
                tables = [_plus(table, extra, weight) for table, extra in zip(tables, move, strict=True)]
        found = _decomposed(tables, blocks, is_nonnegative)
        if found is not None:
            squares, times = found
            total = goal * (factor * times)
            for one in squares:
                total = total - one.over(goal.free)
            yield Sum(tuple(squares), factor * times, total)
            return


def _content(goal: Expression) -> Fraction:
    """Return the largest number by which all coefficients are whole: what is tried scales with the goal."""
    numbers = [x for c in goal.terms.values() for x in c.terms.values()]
    return Fraction(gcd(*(x.numerator for x in numbers)) or 1, lcm(*(x.denominator for x in numbers)))


def _steps(first: Sequence[Matrix], move: Sequence[Matrix], unit: Fraction) -> list[Polynomial]:
    """Return by how much to move: simple numbers, and what makes an entry zero."""
    pairs = zip(chain(*chain(*first)), chain(*chain(*move)), strict=True)
    plain = [Polynomial.constant(unit * Fraction(n, d)) for n, d in _SIMPLE]
    exact = [-x * below for x, y in pairs if (below := y.reciprocal()) is not None]
    return list(dict.fromkeys(step for step in (*plain, *exact) if not step.is_zero))


def _weights(steps: Sequence[Sequence[Polynomial]]) -> Iterator[tuple[Polynomial, ...]]:
    """Run through choices of what is open: nothing first, then one at a time."""
    count = len(steps)
    yield (ZERO,) * count
    for many in range(1, min(count, 2) + 1):
        for places in combinations(range(count), many):
            for values in product(*(steps[place] for place in places)):
                chosen = dict(zip(places, values, strict=True))
                yield tuple(chosen.get(i, ZERO) for i in range(count))


def _matrices(
    numbers: Mapping[int, Polynomial], entries: Sequence[tuple[int, int, int]], blocks: Sequence[_Block]
) -> list[Matrix]:
    tables = [[[ZERO for _ in block.halves] for _ in block.halves] for block in blocks]
    for number, value in numbers.items():
        n, a, b = entries[number]
        tables[n][a][b] = tables[n][b][a] = value
    return [_averaged(table, block) for table, block in zip(tables, blocks, strict=True)]


def _averaged(table: Matrix, block: _Block) -> Matrix:
    """Make a matrix symmetric under the exchanges of ends."""
    turns, size = block.turns, range(len(table))
    share = Fraction(1, len(turns))

    def mean(a: int, b: int) -> Polynomial:
        parts = [x for turn in turns if not (x := table[turn[a]][turn[b]]).is_zero]
        return added(parts) * share if parts else ZERO

    return [[mean(a, b) for b in size] for a in size]


def _plus(table: Matrix, extra: Matrix, weight: Polynomial) -> Matrix:
    rows = zip(table, extra, strict=True)
    return [[x if y.is_zero else x + y * weight for x, y in zip(a, b, strict=True)] for a, b in rows]


def _decomposed(
    tables: Sequence[Matrix], blocks: Sequence[_Block], is_nonnegative: Signs
) -> tuple[list[Square], Polynomial] | None:
    """Decompose all matrices as L D L^T with D not negative, up to a common factor."""
    squares: list[Square] = []
    factor = ONE
    for table, block in zip(tables, blocks, strict=True):
        found = _ldl(table, block.halves, is_nonnegative)
        if found is None:
            return None
        own, times = found
        squares = [Square(s.scale * times, s.root) for s in squares]
        squares += [Square(s.scale * factor, s.root) for s in own]
        factor = factor * times
    return squares, factor


def _ldl(table: Matrix, halves: Sequence[Expression], is_nonnegative: Signs) -> tuple[list[Square], Polynomial] | None:
    rest = [list(line) for line in table]
    squares: list[Square] = []
    factor, left = ONE, list(range(len(table)))
    while left:
        live = [k for k in left if any(not rest[k][j].is_zero for j in left)]
        if not live:
            break
        pivots = [k for k in live if not rest[k][k].is_zero]
        if len(pivots) < len(live):
            return None  # a zero on the diagonal beside something that is not
        pivot = min(pivots, key=lambda k: ([*halves[k].terms] == [()], len(rest[k][k].terms)))  # a number comes last
        d = rest[pivot][pivot]
        if not is_nonnegative(d):
            return None
        shares = {j: quotient(rest[j][pivot], d) for j in left}
        if all(share is not None for share in shares.values()):
            lower = {j: share for j, share in shares.items() if share is not None}
            squares.append(Square(d, _combined(lower, halves)))
            rest = _less(rest, lower, d, ONE)
        else:  # d times the rest, without division
            column = {j: rest[j][pivot] for j in left}
            squares = [Square(s.scale * d, s.root) for s in squares]
            squares.append(Square(factor, _combined(column, halves)))
            rest = _less(rest, column, ONE, d)
            factor = factor * d
        left.remove(pivot)
    return [s for s in squares if not s.root.is_zero], factor


def _less(table: Matrix, column: Mapping[int, Polynomial], scale: Polynomial, times: Polynomial) -> Matrix:
    """Return times the matrix, less scale times the product of a column with itself, where it has both indices."""
    return [
        [x * times - column[i] * column[j] * scale if i in column and j in column else x for j, x in enumerate(line)]
        for i, line in enumerate(table)
    ]


def _combined(weights: Mapping[int, Polynomial], halves: Sequence[Expression]) -> Expression:
    parts = [halves[j] * weight for j, weight in weights.items() if not weight.is_zero]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total
