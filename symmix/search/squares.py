"""Proposes sums of squares: ``f = sum_a c_a |S_a|^2 + sum_i C_i . e_i`` with coefficients that are not negative.

Each product of ``f`` is cut in two halves, networks whose open ends are joined in it. Over halves with the same ends
``f`` is a quadratic form; its matrix is found by linear algebra, made symmetric under exchanges of ends of one
size, and decomposed as L D L^T. Nothing of it is trusted: the kernel multiplies the squares out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import chain, combinations, islice, permutations, product
from math import gcd, lcm

from symmix.kernel.networks import Expression, delta, ones
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor, relabel
from symmix.kernel.scalars import ONE, ZERO, Polynomial, added
from symmix.metering import remembered
from symmix.search.elimination import System, quotient

_MOST = 10  # halves with the same ends
_ENDS = 4  # open ends of a half
_VARIANTS = 50  # halves with the same ends, of which some are chosen
_LONGEST = 8  # factors of a product that is cut
_SIMPLE = ((1, 1), (-1, 1), (1, 2), (-1, 2), (1, 4), (-1, 4), (2, 1), (-2, 1), (1, 8), (-1, 8))
_CHOICES = 40  # sets of ends that are tried together,
_PAIRS = 120  # and pairs of halves in one of them
_EFFORT = 150_000  # tries of what the linear equations leave open, times the square of the number of pairs

Ends = tuple[str, ...]  # the sizes of a half's open ends, sorted
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
    found = _halves(list(support), goal.free)
    plain = {ends: variants[:_MOST] for ends, variants in found.items()}
    linked = {ends: _linked(variants, set(support), goal.free)[:_MOST] for ends, variants in found.items()}
    base = _system(relations)
    for halves in (plain, _with_centred(plain, set(support), goal.free), *([linked] if linked != plain else [])):
        kinds = sorted(halves, key=lambda ends: (len(ends), ends))
        some = chain(*(combinations(kinds, many) for many in range(1, 4)), [kinds] if len(kinds) > 3 else [])
        blocks = {ends: _Block(ends, tuple(halves[ends])) for ends in kinds}
        for chosen in islice(some, _CHOICES):
            yield from _form(goal, base, [blocks[ends] for ends in chosen], is_nonnegative)
            yield None


def tried(goal: Expression, relations: Sequence[Expression]) -> str:
    """Return what a search that finds no sum of squares has tried."""
    support = list(dict.fromkeys(p for e in (goal, *relations) for p in e.terms))
    halves = [half for found in _halves(support, goal.free).values() for half in found]
    degree = max((len(p) for half in halves for p in half.terms), default=0)
    return f"{len(halves)} roots of degree {degree} at most, up to {len(relations)} multiples of the hypotheses"


def sum_of_given(goal: Expression, relations: Sequence[Expression], roots: Sequence[Expression]) -> Iterator[Sum]:
    """Run through the one combination of given squares that is the goal, if there is one."""
    system = _system(relations)
    for root in roots:
        system.add(_square(root, root, frozenset(goal.free)).terms)
    solved = system.solve(goal.terms)
    if solved is None:
        return
    factor, numbers = solved
    found = [Square(numbers[i], root) for i, root in enumerate(roots) if i in numbers]
    total = goal * factor
    for square in found:
        total = total - square.over(goal.free)
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


# -- halves ---


def _halves(support: Sequence[Product], free: Mapping[str, str]) -> dict[Ends, list[Expression]]:
    """Return the halves of products by their ends: those whose squares consist of products that are there."""
    known, kinds = set(support), {_tensors(p) for p in support}
    sizes = sorted({len(kind) // 2 for kind in kinds if len(kind) % 2 == 0})
    roots = {kind[::2] for kind in kinds if kind[::2] == kind[1::2]}
    found: dict[Ends, dict[Expression, None]] = {}
    seen = set[Product]()
    for whole in support:
        for half, ends in _cut(whole, sizes, roots):
            if half not in seen:
                seen.add(half)
                plain, target = Expression({**free, **ends}, [(ONE, half)]), tuple(sorted(ends.values()))
                if _squared_in([plain], known, free):  # whatever its ends are called
                    found.setdefault(target, {}).update(dict.fromkeys(_variants(plain, ends, target)))
    return {ends: [*variants] for ends, variants in found.items()}


def _tensors(factors: Sequence[Factor]) -> tuple[Tensor, ...]:
    """Return what a product is made of: the factors of one in normal form are sorted by this first."""
    return tuple([f.tensor for f in factors])


def _linked(halves: Sequence[Expression], known: set[Product], free: Mapping[str, str]) -> list[Expression]:
    """Return the first half, and those that have a product with one of them which is there, and so on."""
    found, left = list(halves[:1]), list(halves[1:_VARIANTS])
    for half in found:  # which grows
        near = [other for other in left if _square(half, other, frozenset(free)).terms.keys() <= known]
        found += near
        left = [other for other in left if other not in near]
    return found


def _squared_in(halves: Iterable[Expression], known: set[Product], free: Mapping[str, str]) -> list[Expression]:
    return [half for half in halves if not half.is_zero and _square(half, half, frozenset(free)).terms.keys() <= known]


def _with_centred(
    halves: Mapping[Ends, Sequence[Expression]], known: set[Product], free: Mapping[str, str]
) -> dict[Ends, list[Expression]]:
    """Add to the halves those less their means over an end, or over a diagonal: variances are sums of their squares."""
    found = {}
    for ends, own in halves.items():
        centred = [
            half - half.sum(_end(n)) * ones(**{_end(n): size}) * Polynomial.variable(size, -1)
            for half in own
            for n, size in enumerate(ends)
        ]
        if len(ends) == 2 and ends[0] == ends[1]:
            unit = delta(_end(0), _end(1), ends[0]) * Polynomial.variable(ends[0], -1)
            centred += [half - half.rename({_end(1): _end(0)}).sum(_end(0)) * unit for half in own]
        kept = _squared_in(dict.fromkeys(e for e in centred if not e.is_zero), known, free)
        found[ends] = [*own, *kept][: 2 * _MOST]
    return found


def _cut(
    whole: Product, sizes: Sequence[int], roots: set[tuple[Tensor, ...]]
) -> Iterator[tuple[Product, dict[str, str]]]:
    """Run through the halves of a product, of these sizes and made of what roots are, with their ends by name."""
    if len(whole) > _LONGEST or any(f.tensor.name == DELTA for f in whole):
        return
    for count in sizes:
        if count > len(whole) or len(whole) - count not in sizes:
            continue
        for places in combinations(range(len(whole)), count):
            one = [whole[i] for i in places]
            if _tensors(one) not in roots:
                continue
            outside = {i for place, f in enumerate(whole) if place not in places for i in f.indices}
            dims = {i: d for f in one for i, d in zip(f.indices, f.tensor.dims, strict=True) if isinstance(i, int)}
            cut = [i for i in dims if i in outside]
            if len(cut) <= _ENDS:
                names: dict[Index, Index] = {i: n for n, i in enumerate(dims)}
                names |= {i: _end(n) for n, i in enumerate(cut)}
                yield tuple([relabel(f, names) for f in one]), {_end(n): dims[i] for n, i in enumerate(cut)}


def _end(number: int) -> str:
    return f"\N{WHITE SQUARE}{number}"


def _variants(half: Expression, ends: Mapping[str, str], target: Ends) -> Iterator[Expression]:
    """Run through the ways to call the ends by the places of the target."""
    names = list(ends)
    for order in permutations(range(len(target)), len(names)):
        if all(ends[name] == target[place] for name, place in zip(names, order, strict=True)):
            yield half.rename({name: _end(place) for name, place in zip(names, order, strict=True)})


@remembered(1 << 12)
def _square(one: Expression, other: Expression, free: frozenset[str]) -> Expression:
    return (one * other).sum(*(i for i in one.free if i not in free))


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
            names = {_end(a): _end(b) for a, b in enumerate(order)}
            images = [half.rename(names) for half in self.halves]
            if all(image in places for image in images):
                found.append([places[image] for image in images])
        return found


def _form(goal: Expression, base: System, blocks: Sequence[_Block], is_nonnegative: Signs) -> Iterator[Sum]:
    system = base.copy()
    entries = sorted(
        ((n, a, b) for n, block in enumerate(blocks) for a, b in block.pairs()), key=lambda e: e[1] != e[2]
    )
    if len(entries) > _PAIRS:
        return
    for n, a, b in entries:
        row = _square(blocks[n].halves[a], blocks[n].halves[b], frozenset(goal.free)) * (1 if a == b else 2)
        system.add(row.terms)
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
            for square in squares:
                total = total - square.over(goal.free)
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
