"""Expressions as they are written, random ones, and their value straight from the definition.

A :class:`Written` is a sum of products before any normal form. The kernel builds its expression from it; ``value`` here
is the naive sum over all values of all indices, and shares nothing with the kernel.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product as cartesian
from random import Random

from hypothesis import strategies as st

from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression, delta, entry, ones, zeros
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import Polynomial

SHAPES: dict[str, tuple[str, ...]] = {
    "s": (),
    "x": ("n",),
    "y": ("n",),
    "u": ("m",),
    "A": ("n", "n"),
    "B": ("n", "n"),
    "W": ("m", "n"),
    "T": ("n", "n", "n"),
    "R": ("m", "n", "m"),
}
TENSORS = {name: Tensor(name, dims) for name, dims in SHAPES.items()}
DELTA = "delta"

Scalar = tuple[tuple[Fraction, tuple[tuple[str, int], ...]], ...]  # a sum of coefficient * product of powers
Atom = tuple[str, tuple[str, ...]]  # a tensor or DELTA, and its indices
Entries = Mapping[str, Mapping[tuple[int, ...], Fraction]]


@dataclass(frozen=True)
class Term:
    """A scalar times atoms, summed over the bound indices."""

    scalar: Scalar
    atoms: tuple[Atom, ...]
    bound: tuple[tuple[str, str], ...]  # index, dimension

    @property
    def inner(self) -> dict[str, str]:
        return dict(self.bound)


@dataclass(frozen=True)
class Written:
    """A sum of terms over the same free indices."""

    free: tuple[tuple[str, str], ...]
    terms: tuple[Term, ...]

    def dims_of(self, term: Term) -> dict[str, str]:
        return dict(self.free) | term.inner


def everywhere(*expressions: Expression) -> tuple[Hypothesis, ...]:
    """Return hypotheses for all values of their free indices."""
    return tuple(Hypothesis(expression, tuple(expression.free)) for expression in expressions)


def at_the_sample(expression: Expression, *samples: str) -> Hypothesis:
    """Return a hypothesis about some samples, the claim's own."""
    return Hypothesis(expression, tuple(index for index in expression.free if index not in samples))


# -- the value, from the definition ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """Sizes (also their values as scalars), other scalars, entries."""

    sizes: Mapping[str, int]
    scalars: Mapping[str, Fraction]
    entries: Entries


def scalar_value(scalar: Scalar, at: Point) -> Fraction:
    total = Fraction(0)
    for coefficient, powers in scalar:
        product = coefficient
        for name, exponent in powers:
            base = Fraction(at.sizes[name]) if name in at.sizes else at.scalars[name]
            product *= base**exponent
        total += product
    return total


def value(written: Written, at: Point) -> dict[tuple[int, ...], Fraction]:
    """Sum over all values of all indices, for every position of the free indices in the order of their names."""
    free = sorted(written.free)
    totals = {}
    for position in cartesian(*(range(at.sizes[dim]) for _, dim in free)):
        outer = dict(zip((index for index, _ in free), position, strict=True))
        totals[position] = sum((_term_value(term, outer, at) for term in written.terms), start=Fraction(0))
    return totals


def _term_value(term: Term, outer: Mapping[str, int], at: Point) -> Fraction:
    scale = scalar_value(term.scalar, at)
    if not scale:
        return scale
    total: Fraction | int = 0
    names = [index for index, _ in term.bound]
    for chosen in cartesian(*(range(at.sizes[dim]) for _, dim in term.bound)):
        where = {**outer, **dict(zip(names, chosen, strict=True))}
        one: Fraction | int = 1
        for name, indices in term.atoms:
            if name == DELTA:
                factor: Fraction | int = int(where[indices[0]] == where[indices[1]])
            else:
                factor = at.entries[name].get(tuple([where[i] for i in indices]), 0)
            if not factor:
                break
            one = factor if one == 1 else one * factor
        else:
            total += one
    return scale * total


def random_point(
    random: Random, sizes: Mapping[str, int], reach: int = 50, names: Sequence[str] = tuple(SHAPES)
) -> Point:
    """Draw integer entries other than zero, and a ratio with a large denominator."""
    entries = {
        name: {
            position: Fraction(random.choice([-1, 1]) * random.randint(1, reach))
            for position in cartesian(*(range(sizes[dim]) for dim in SHAPES[name]))
        }
        for name in names
    }
    return Point(dict(sizes), {"lam": Fraction(random.randint(1, 996), 997), "c": Fraction(7, 3)}, entries)


# -- into the kernel ---------------------------------------------------------------------------------------------------


def polynomial(scalar: Scalar) -> Polynomial:
    return Polynomial((tuple(sorted((n, e) for n, e in powers if e)), c) for c, powers in scalar)


def _atom(atom: Atom, dims: Mapping[str, str]) -> Expression:
    name, indices = atom
    if name == DELTA:
        return delta(indices[0], indices[1], dims[indices[0]])
    return entry(TENSORS[name], *indices)


def build(written: Written, random: Random | None = None) -> Expression:
    """Build the kernel's expression; with a source of randomness in a random order, summing as soon as one may."""
    total = zeros(dict(written.free))
    for term in written.terms:
        total = total + (_at_once(written, term) if random is None else _piecemeal(written, term, random))
    return total


def _at_once(written: Written, term: Term) -> Expression:
    dims = written.dims_of(term)
    product = ones(**dims)
    for atom in term.atoms:
        product = product * _atom(atom, dims)
    return product.sum(*term.inner) * polynomial(term.scalar)


def _piecemeal(written: Written, term: Term, random: Random) -> Expression:
    """Multiply partial products pairwise at random; sum over an index once only one partial product has it."""
    dims, left = written.dims_of(term), dict(term.bound)
    parts = [_atom(atom, dims) for atom in term.atoms] + [ones(**{index: dim}) for index, dim in written.free]
    parts.append(ones() * polynomial(term.scalar))
    parts += [ones(**{i: dim}) for i, dim in left.items() if not any(i in part.free for part in parts)]
    while len(parts) > 1 or left:
        random.shuffle(parts)
        for index in list(left):
            holders = [part for part in parts if index in part.free]
            if len(holders) == 1 and random.random() < 0.7:
                parts = [part for part in parts if part is not holders[0]] + [holders[0].sum(index)]
                del left[index]
        if len(parts) > 1:
            parts = [*parts[2:], parts[0] * parts[1]]
    return parts[0]


# -- random expressions ------------------------------------------------------------------------------------------------

FREE: list[tuple[tuple[str, str], ...]] = [
    (),
    (("a", "n"),),
    (("a", "n"), ("b", "m")),
    (("a", "n"), ("c", "n")),
]
BOUND = {"i": "n", "j": "n", "k": "n", "p": "m"}


@st.composite
def scalars(draw: st.DrawFn) -> Scalar:
    """Draw a Laurent polynomial in lam and n with one or two terms."""
    numbers = st.sampled_from([Fraction(1), Fraction(-1), Fraction(2), Fraction(1, 2), Fraction(-2, 3)])
    powers = st.sampled_from(
        [(), (), (("lam", 1),), (("lam", 2),), (("lam", -1),), (("n", 1),), (("n", -1),), (("lam", 1), ("n", 1))]
    )
    return tuple(draw(st.lists(st.tuples(numbers, powers), min_size=1, max_size=2)))


@st.composite
def terms(draw: st.DrawFn, free: tuple[tuple[str, str], ...], names: Sequence[str]) -> Term:
    """Draw up to four atoms over the free and a few bound indices; an index may occur any number of times."""
    pools: dict[str, list[str]] = {"n": ["i", "j", "k"], "m": ["p"]}
    for index, dim in free:
        pools[dim] = [*pools[dim], index]
    atoms: list[Atom] = []
    for name in draw(st.lists(st.sampled_from([*names, DELTA]), max_size=4)):
        dims = SHAPES[name] if name != DELTA else draw(st.sampled_from([("n", "n"), ("n", "n"), ("m", "m")]))
        atoms.append((name, tuple(draw(st.sampled_from(pools[dim])) for dim in dims)))
    used = {index for _, indices in atoms for index in indices}
    unused = draw(st.sampled_from([(), (), (), ("k",), ("p",)]))
    bound = tuple((index, dim) for index, dim in BOUND.items() if index in used or index in unused)
    return Term(draw(scalars()), tuple(atoms), bound)


@st.composite
def expressions(draw: st.DrawFn, max_terms: int = 3, names: Sequence[str] = tuple(SHAPES)) -> Written:
    """Draw a sum of up to three products."""
    free = draw(st.sampled_from(FREE))
    return Written(free, tuple(draw(st.lists(terms(free, names), min_size=1, max_size=max_terms))))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Written, Written]:
    """Draw two expressions over the same free indices and few tensors, so that they have a chance to be equal."""
    free = draw(st.sampled_from(FREE))
    names = draw(st.sampled_from([("x",), ("A",), ("A", "x"), ("W", "u"), ("T", "x"), ("s", "x")]))
    one, other = (tuple(draw(st.lists(terms(free, names), min_size=1, max_size=2))) for _ in range(2))
    return Written(free, one), Written(free, other)


seeds = st.integers(0, 2**32 - 1)
