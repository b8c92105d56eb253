"""Inequalities, minima, and statements under several hypotheses that have to be combined; true ones and slips."""

from __future__ import annotations

from random import Random
from typing import Any

import sympy as sp

from tests.fuzz.claims import Claim
from tests.fuzz.families import Family, words_for
from tests.fuzz.generator import Generator
from tests.fuzz.rewriting import Rewriter, slipped
from tests.fuzz.vocabulary import Vocabulary, squared_norm


def _squares(random: Random, words: Vocabulary, generator: Generator) -> Any:
    """Return a sum of multiples of squared norms, of which some may be negative."""
    scales = [sp.S.One, sp.Integer(2), sp.Rational(1, 3), words.size(), words.symbol(fresh=True, positive=True)]
    scales += [words.symbol(fresh=True, nonnegative=True)]
    odd = [sp.S.NegativeOne, words.symbol(fresh=True, real=True), words.symbol(fresh=True, nonzero=True, real=True)]
    terms = []
    for _ in range(random.randint(1, 2)):
        column = generator.matrix(words.size(), sp.S.One, random.randint(0, 1))
        fine = random.random() < 0.75
        terms.append(words.mul(random.choice(scales if fine else odd), squared_norm(column)))
    return words.add(*terms) if len(terms) > 1 else terms[0]


def inequality(random: Random) -> Claim:
    """A sum of squares, multiplied out, that is never negative, or positive with a number more."""
    words = words_for(random)
    form = _squares(random, words, Generator(words))
    strict = random.random() < 0.3
    if strict:
        form = words.add(form, random.choice([sp.S.One, sp.Rational(1, 2), sp.S.Zero, -sp.S.One]))
    form = Rewriter(random, 0.3)(form)
    if random.random() < 0.3:
        form = slipped(form, random)
    return Claim("inequality", "positivity" if strict else "nonnegative", form, plain=False)


def bounded_where(random: Random) -> Claim:
    """A form in a symbol of which a hypothesis says what it is, so that it is a sum of squares, or is not."""
    words = words_for(random)
    size = words.size()
    u, v = words.column(size, fresh=True), words.column(size, fresh=True)
    value = words.mat_mul(words.matrix(size, size), v)
    scale = random.choice([1, 2, sp.Rational(1, 2), -1])
    cross = sp.Trace(sp.MatMul(u.T, value)) if random.random() < 0.5 else sp.Trace(sp.MatMul(u.T, v))
    form = words.add(words.mul(scale, cross), words.mul(random.choice([0, 1, -1]), squared_norm(u)))
    if form == 0:
        form = cross
    where = [words.mat_add(u, words.mat_mul(sp.S.NegativeOne, value))]
    return Claim("bounded where", "nonnegative", form, where=where, solutions=(((u, value),),))


def minimum(random: Random) -> Claim:
    """Least squares, with and without a ridge, at what is stationary, or at something else."""
    words = words_for(random)
    rows, size = words.size(), words.size()
    w, best = words.column(size, fresh=True), words.column(size, fresh=True)
    design, ridge = words.matrix(rows, size, fresh=True), words.symbol(fresh=True, positive=True)
    residual = words.column(rows, fresh=True)
    target = words.mat_add(words.mat_mul(design, best), residual)
    loss = squared_norm(words.mat_add(words.mat_mul(design, w), words.mat_mul(sp.S.NegativeOne, target)))
    normal = words.mat_mul(words.transpose(design), residual)
    solutions: Any = (((residual, sp.ZeroMatrix(rows, 1)),), ((design, sp.ZeroMatrix(rows, size)),))
    slip = random.random()
    if slip < 0.2:
        normal = words.mat_mul(words.transpose(design), target)
        solutions = (((residual, -design * best),),)
    elif slip < 0.4:
        loss = words.add(loss, words.mul(-ridge if slip < 0.3 else ridge, squared_norm(w)))
    elif slip < 0.5:
        loss = words.mul(-1, loss)
    return Claim("minimum", "minimum", loss, [w, best], where=[normal], solutions=solutions)


def several(random: Random) -> Claim:
    """Symbols that are said to be something, by sums of these hypotheses: they have to be combined."""
    words = words_for(random)
    size = words.size()
    u, v, w = (words.column(size, fresh=True) for _ in range(3))
    first, second = words.matrix(size, size), words.matrix(size, size)
    one = words.mat_add(v, words.mat_mul(sp.S.NegativeOne, first, u))
    two = words.mat_add(w, words.mat_mul(sp.S.NegativeOne, second, v))
    a, b, c, e = random.choice([(1, 0, 0, 1), (1, 1, 0, 1), (1, 1, 1, -1), (2, 1, 1, 1), (1, 0, 3, 2), (1, 2, 2, 4)])
    where = [words.mat_add(words.mat_mul(a, one), words.mat_mul(b, two))]
    where += [words.mat_add(words.mat_mul(c, one), words.mat_mul(e, two))]
    carrier = words.matrix(words.size(), size)
    left, right = words.mat_mul(carrier, w), words.mat_mul(carrier, second, first, u)
    if random.random() < 0.35:
        right = slipped(right, random)
    random.shuffle(where)
    solutions = (((v, first * u), (w, second * first * u)),)
    return Claim("several", "identity", left, right, where=where, solutions=solutions, plain=True)


BOUNDS: tuple[Family, ...] = (inequality, bounded_where, minimum, several)
