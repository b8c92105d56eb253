"""Rewritings of random expressions that change no value, and slips that do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from tests.kernel_strategies import BOUND, DELTA, FREE, SHAPES, Atom, Scalar, Term, Written


def rewritten(written: Written, random: Random, steps: int = 6) -> Written:
    """Apply random rewritings, none of which uses the kernel."""
    for _ in range(steps):
        written = random.choice(_REWRITINGS)(written, random)
    return written


def _on_one_term(written: Written, random: Random) -> tuple[list[Term], Term]:
    others = list(written.terms)
    return others, others.pop(random.randrange(len(others)))


def _fresh(written: Written, random: Random) -> str:
    taken = {index for term in written.terms for index in written.dims_of(term)}
    return next(
        name
        for name in (f"{random.choice('abijkpz')}{random.randrange(10**6)}" for _ in range(99))
        if name not in taken
    )


def _substituted(atoms: Sequence[Atom], names: Mapping[str, str]) -> tuple[Atom, ...]:
    return tuple((name, tuple(names.get(i, i) for i in indices)) for name, indices in atoms)


def rename_bound(written: Written, random: Random) -> Written:
    others, term = _on_one_term(written, random)
    taken = list(term.inner)
    names = dict(zip(taken, random.sample(taken, len(taken)), strict=True))  # a permutation may clash on the way
    if random.random() < 0.5:
        names = {index: _fresh(written, random) for index in taken}
    if len(set(names.values())) < len(names):
        return written
    bound = [(names[index], dim) for index, dim in term.bound]
    random.shuffle(bound)
    return replace(written, terms=(*others, replace(term, atoms=_substituted(term.atoms, names), bound=tuple(bound))))


def shuffle(written: Written, random: Random) -> Written:
    terms_ = [replace(t, atoms=tuple(random.sample(t.atoms, len(t.atoms)))) for t in written.terms]
    random.shuffle(terms_)
    return replace(written, terms=tuple(terms_))


def insert_delta(written: Written, random: Random) -> Written:
    """``F[i] = sum_j delta[i,j] F[j]`` for some occurrences of i."""
    others, term = _on_one_term(written, random)
    dims = written.dims_of(term)
    if not dims or len(term.bound) > 5:
        return written
    old, new = random.choice(list(dims)), _fresh(written, random)
    atoms = tuple(
        (name, tuple(new if i == old and random.random() < 0.5 else i for i in indices)) for name, indices in term.atoms
    )
    link: Atom = (DELTA, random.choice([(old, new), (new, old)]))
    return replace(written, terms=(*others, Term(term.scalar, (*atoms, link), (*term.bound, (new, dims[old])))))


def contract_delta(written: Written, random: Random) -> Written:
    """``sum_j delta[i,j] F[j] = F[i]``."""
    others, term = _on_one_term(written, random)
    for place, (name, indices) in enumerate(term.atoms):
        if name == DELTA and indices[0] != indices[1]:
            for gone, kept in (indices, indices[::-1]):
                if gone in term.inner:
                    rest = _substituted(term.atoms[:place] + term.atoms[place + 1 :], {gone: kept})
                    bound = tuple(pair for pair in term.bound if pair[0] != gone)
                    return replace(written, terms=(*others, Term(term.scalar, rest, bound)))
    return written


def insert_one(written: Written, random: Random) -> Written:
    """Multiply by ``delta[i,i]``, or by ``sum_k 1 / n``."""
    others, term = _on_one_term(written, random)
    dims = written.dims_of(term)
    if dims and random.random() < 0.5:
        index = random.choice(list(dims))
        changed = replace(term, atoms=(*term.atoms, (DELTA, (index, index))))
    elif len(term.bound) <= 5:
        scalar = tuple((c, _times(powers, "n", -1)) for c, powers in term.scalar)
        changed = Term(scalar, term.atoms, (*term.bound, (_fresh(written, random), "n")))
    else:
        return written
    return replace(written, terms=(*others, changed))


def _times(powers: tuple[tuple[str, int], ...], name: str, exponent: int) -> tuple[tuple[str, int], ...]:
    table = dict(powers)
    table[name] = table.get(name, 0) + exponent
    return tuple(table.items())


def split_coefficient(written: Written, random: Random) -> Written:
    """``c F = p F + (c - p) F``."""
    others, term = _on_one_term(written, random)
    if len(written.terms) > 6:
        return written
    part: Scalar = ((Fraction(random.randint(-3, 3), 2), random.choice([(), (("lam", 1),), (("n", 1),)])),)
    rest = (*term.scalar, (-part[0][0], part[0][1]))
    return replace(written, terms=(*others, replace(term, scalar=part), replace(term, scalar=rest)))


def add_and_subtract(written: Written, random: Random) -> Written:
    """Add a product of two vectors' sums, and subtract it with other names."""
    c = Fraction(random.randint(1, 5), 3)
    if len(written.terms) > 6 or any(dim == "m" for _, dim in written.free):
        return written
    one = Term(((c, (("lam", 1),)),), (("x", ("q",)), ("x", ("r",))), (("q", "n"), ("r", "n")))
    two = Term(((-c, (("lam", 1),)),), (("x", ("r",)), ("x", ("t",))), (("t", "n"), ("r", "n")))
    return replace(written, terms=(one, *written.terms, two))


_REWRITINGS = [rename_bound, shuffle, insert_delta, contract_delta, insert_one, split_coefficient, add_and_subtract]


# -- slips: one slot or one coefficient is another ---------------------------------------------------------------------


def slipped(written: Written, random: Random) -> Written:
    """Change one index slot to another index of the term, or one coefficient."""
    others, term = _on_one_term(written, random)
    dims = written.dims_of(term)
    slots = [(a, s) for a, (_, indices) in enumerate(term.atoms) for s in range(len(indices))]
    if slots and random.random() < 0.8:
        a, s = random.choice(slots)
        name, indices = term.atoms[a]
        alternatives = [i for i in dims if dims[i] == dims[indices[s]] and i != indices[s]]
        if alternatives:
            changed = (*indices[:s], random.choice(alternatives), *indices[s + 1 :])
            atoms = (*term.atoms[:a], (name, changed), *term.atoms[a + 1 :])
            return replace(written, terms=(*others, replace(term, atoms=atoms)))
    (c, powers), *more = term.scalar
    return replace(written, terms=(*others, replace(term, scalar=((c + 1, powers), *more))))


def random_pair(random: Random) -> tuple[Written, Written]:
    """Draw one small product and another that is near it: its indices drawn anew, or one slip away, or rewritten."""
    free = random.choice(FREE)
    pools = {dim: [i for i, d in (*BOUND.items(), *free) if d == dim] for dim in ("n", "m")}
    kinds = random.choice([("x", "A"), ("A",), ("W", "u", DELTA), ("T", "x"), ("A", DELTA), ("B", "A", "x")])
    chosen = [(name, SHAPES.get(name, ("n", "n"))) for name in random.choices(kinds, k=random.randint(1, 3))]

    def once() -> Written:
        atoms = tuple((name, tuple(random.choice(pools[dim][:4]) for dim in dims)) for name, dims in chosen)
        used = {index for _, indices in atoms for index in indices}
        bound = tuple((index, dim) for index, dim in BOUND.items() if index in used)
        scalar: Scalar = ((Fraction(1), (("lam", 1),)),)
        return Written(free, (Term(scalar, atoms, bound),))

    one = once()
    return one, random.choice([once(), once(), slipped(one, random), rewritten(one, random, steps=3)])
