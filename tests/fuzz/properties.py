"""Matrices with properties, polynomials in one scalar, factors that are cancelled; true ones and slips."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import sympy as sp

from tests.fuzz.claims import Claim
from tests.fuzz.families import Family, words_for
from tests.fuzz.rewriting import slipped
from tests.fuzz.vocabulary import Vocabulary

_WORDS = ("symmetric", "skew", "diagonal")


def _said(random: Random, words: Vocabulary, size: Any) -> dict[sp.MatrixSymbol, str]:
    found = {}
    for _ in range(random.randint(1, 3)):
        found[words.matrix(size, size, fresh=True)] = random.choice(_WORDS)
    return found


def with_properties(random: Random) -> Claim:
    """A product and its transpose, the factors turned round by their properties; or a trace, a form, a commutator."""
    words = words_for(random)
    size = words.size()
    said = _said(random, words, size)
    others = [words.matrix(size, size, fresh=True)] if random.random() < 0.4 else []
    factors = [random.choice([*said, *others]) for _ in range(random.randint(1, 4))]
    left = words.mat_mul(*factors)
    sign = (-1) ** sum(said.get(f) == "skew" for f in factors)
    turned = [f if f in said else words.transpose(f) for f in reversed(factors)]
    right = words.mat_mul(sign if random.random() < 0.8 else -sign, *turned)
    u, v = words.column(size, fresh=True), words.column(size, fresh=True)
    kind = random.randrange(4)
    if kind == 0:
        left = words.transpose(left)
    elif kind == 1:
        left, right = sp.Trace(left), sp.Trace(right)
    elif kind == 2:
        left, right = words.mat_mul(u.T, left, v), words.mat_mul(v.T, right, u)
    else:
        left, right = words.mat_add(left, right), words.transpose(words.mat_add(left, right))
    if random.random() < 0.25:
        right = slipped(right, random)
    occurring = {symbol: word for symbol, word in said.items() if left.has(symbol) or right.has(symbol)}
    return Claim("properties", "identity", left, right, properties=occurring)


def zero_by_properties(random: Random) -> Claim:
    """What is its own negative, if the properties are right; a hypothesis may say one of them."""
    words = words_for(random)
    size = words.size()
    a, b, c = (words.matrix(size, size, fresh=True) for _ in range(3))
    word = random.choice(_WORDS)
    goal = random.choice(
        [sp.Trace(a * b), sp.Trace(a * b * a * c), sp.Trace(b * b * b), sp.Trace(a * a * b * a), sp.Trace(b * b)]
    )
    said = {symbol: random.choice((word, "skew", "symmetric")) for symbol in (a, b, c) if goal.has(symbol)}
    where: list[Any] = []
    solutions: Any = ((),)
    if random.random() < 0.5 and b in said:
        sign = {"symmetric": -1, "skew": 1}.get(said.pop(b))
        if sign is not None:
            where = [words.mat_add(b, sign * b.T)]
            solutions = (((b, c - sign * c.T),),)
    return Claim("zero by properties", "vanishing", [goal], where=where, properties=said, solutions=solutions)


def one_scalar(random: Random) -> Claim:
    """A polynomial in one scalar, of which factors are repeated, with or without a little more, on a line."""
    words = words_for(random)
    x = words.symbol(fresh=True, real=True)
    form: Any = random.choice([1, 1, -1, sp.Rational(1, 3)])
    for _ in range(random.randint(1, 3)):
        factor = sum(random.randint(-3, 3) * x**k for k in range(random.randint(2, 3)))
        form = form * (factor if factor != 0 else 1) ** random.choice((1, 2, 2, 4))
    form = form + random.choice([0, 0, 1, -1, sp.Rational(1, 1000)])
    low, high = random.choice([(-sp.oo, sp.oo), (0, sp.oo), (-sp.oo, 1), (0, 1), (sp.Rational(-3, 2), 2), (1, sp.oo)])
    strict = random.random() < 0.5
    return Claim(
        "one scalar",
        "positivity" if strict else "nonnegative",
        sp.expand(form) if random.random() < 0.5 else form,
        ranges={x: (low, high)} if sp.sympify(form).has(x) else {},
    )


def cancelled(random: Random) -> Claim:
    """What vanishes times a factor, which conditions keep from zero or not."""
    words = words_for(random)
    facts = random.choice([{"positive": True}, {"nonnegative": True}, {"real": True}, {"negative": True}])
    x, y = words.symbol(fresh=True, **facts), words.symbol(fresh=True, real=True)
    c = [random.choice([-2, -1, 1, 1, 2, 3]) for _ in range(3)]
    factor = random.choice(
        [c[0] + c[1] * x, c[0] + c[1] * x + c[2] * x**2, c[0] + (x - y) ** 2, c[0] + c[1] * x * y**2]
    )
    v = words.column(words.size(), fresh=True)
    size = v.shape[0]
    if random.random() < 0.2:
        factor = c[0] + sp.Trace(v.T * v)
    where = [words.mat_mul(factor, v)]
    roots = [value for value in (Fraction(-c[0], c[1]), Fraction(0), Fraction(1)) if _is_fit(value, facts)]
    solutions: Any = (((v, sp.ZeroMatrix(size, 1)),), *(((x, sp.Rational(r.numerator, r.denominator)),) for r in roots))
    return Claim("cancelled", "vanishing", [v], where=where, solutions=solutions)


def _is_fit(value: Fraction, facts: dict[str, bool]) -> bool:
    return (
        ("positive" not in facts or value > 0)
        and ("nonnegative" not in facts or value >= 0)
        and ("negative" not in facts or value < 0)
    )


PROPERTIES: tuple[Family, ...] = (with_properties, zero_by_properties, one_scalar, cancelled)
