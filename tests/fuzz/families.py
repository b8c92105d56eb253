"""Plain kinds of statement, true ones by construction and false ones by a slip: all are clearly in the language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix

from symmix.language import At, Gradient, Jacobian, expectation
from tests.fuzz.claims import Claim
from tests.fuzz.generator import Generator
from tests.fuzz.rewriting import Rewriter, slipped
from tests.fuzz.vocabulary import Vocabulary, squared_norm

Family = Callable[[Random], Claim]


def words_for(random: Random, *, odd: bool = False) -> Vocabulary:
    """Start a statement: half of them are built with SymPy's evaluation, half without."""
    return Vocabulary(random, raw=random.random() < 0.5, odd=odd)


def _expression(random: Random, words: Vocabulary) -> Any:
    generator = Generator(words)
    if random.random() < 0.5:
        return generator.scalar(random.randint(1, 3))
    columns = random.choice([sp.S.One, words.size()])
    return generator.matrix(words.size(), columns, random.randint(1, 3))


def _pair(random: Random, words: Vocabulary) -> tuple[Any, Any, bool | None]:
    """Return two sides that are equal, or were before a slip."""
    left = _expression(random, words)
    right = Rewriter(random)(left)
    if random.random() < 0.35:
        return left, slipped(right, random), None
    return left, right, True


def identity(random: Random) -> Claim:
    """An expression and what it is rewritten to."""
    left, right, expected = _pair(random, words_for(random))
    return Claim("identity", "identity", left, right, expected=expected, plain=True)


def odd_names(random: Random) -> Claim:
    """The same with names that look like something else, and with namesakes."""
    left, right, expected = _pair(random, words_for(random, odd=True))
    return Claim("odd names", "identity", left, right, expected=expected)


def unrelated(random: Random) -> Claim:
    """Two expressions of one shape that have nothing to do with each other."""
    words = words_for(random)
    generator, size = Generator(words), words.size()
    left, right = generator.matrix(size, sp.S.One, 2), generator.matrix(size, sp.S.One, 2)
    return Claim("unrelated", "identity", left, right, plain=True)


def vanishing(random: Random) -> Claim:
    """Differences that vanish, or fail to."""
    words = words_for(random)
    goals = []
    truth: bool | None = True
    for _ in range(random.randint(1, 2)):
        left, right, expected = _pair(random, words)
        minus = -1 * right if not isinstance(right, sp.MatrixExpr) else sp.MatMul(-1, right)
        goals.append(sp.MatAdd(left, minus) if isinstance(left, sp.MatrixExpr) else sp.Add(left, minus, evaluate=False))
        truth = truth and expected
    shown: Any = tuple(goals) if random.random() < 0.2 else goals
    return Claim("vanishing", "vanishing", shown, expected=truth, plain=True)


def samples(random: Random) -> Claim:
    """A statement about one sample, for every sample."""
    words = words_for(random)
    size, i = words.size(), sp.Symbol("i", integer=True)
    whole = Generator(words).matrix(size, sp.S.One, 2)
    other = Rewriter(random)(whole)
    if random.random() < 0.4:
        other = slipped(other, random)
    left, right = words.entry(whole, i, 0), words.entry(other, i, 0)
    return Claim("samples", "identity", left, right, indices={i: size}, plain=True)


def defined(random: Random) -> Claim:
    """A symbol stands for an expression, also below derivatives."""
    words = words_for(random)
    generator, size = Generator(words), words.size()
    name = words.column(size, fresh=True)
    wrt = words.column(words.size(), fresh=True)
    value = words.mat_add(words.mat_mul(words.matrix(size, wrt.shape[0]), wrt), generator.matrix(size, sp.S.One, 1))
    if name in value.atoms(sp.MatrixSymbol):
        value = words.mat_mul(words.matrix(size, wrt.shape[0]), wrt)
    loss = words.mul(sp.Rational(1, 2), squared_norm(name))
    if random.random() < 0.6:
        left, right = Gradient(loss, wrt), Gradient(loss.xreplace({name: value}), wrt)
    else:
        left = words.mat_mul(words.transpose(words.matrix(size, size)), name)
        right = left.xreplace({name: value})
    right = Rewriter(random, 0.3)(right)
    if random.random() < 0.35:
        right = slipped(right, random)
    return Claim("definitions", "identity", left, right, definitions={name: value}, plain=True)


def hypothesis(random: Random) -> Claim:
    """A hypothesis that says what a symbol is, in one of several forms."""
    words = words_for(random)
    generator, size = Generator(words), words.size()
    symbol = words.column(size, fresh=True)
    value = generator.matrix(size, sp.S.One, 1)
    if symbol in value.atoms(sp.MatrixSymbol):
        value = words.matrix(size, sp.S.One, fresh=True)
    carrier = words.mat_mul(words.matrix(words.size(), size), symbol)
    extra = generator.matrix(carrier.shape[0], sp.S.One, 1)
    left, right = words.mat_add(carrier, extra), words.mat_add(carrier.xreplace({symbol: value}), extra)
    if random.random() < 0.35:
        right = slipped(right, random)
    where = [words.mat_add(symbol, words.mat_mul(sp.S.NegativeOne, value))]
    shown: Any = where[0] if random.random() < 0.1 else where
    solutions = (((symbol, value),),)
    return Claim("hypothesis", "identity", left, right, where=shown, solutions=solutions, plain=shown is where)


def equivalence(random: Random) -> Claim:
    """Two systems, of which one is a combination of the other, or fails to be."""
    words = words_for(random)
    size = words.size()
    u, v = words.column(size, fresh=True), words.column(size, fresh=True)
    s = words.symbol(fresh=True, real=True)
    left: Any = [u, v]
    mixed = words.mat_add(u, words.mat_mul(s, v))
    right: Any = random.choice([[mixed, v], [mixed], [v, mixed], [words.mat_mul(s, u), v], [u, words.mat_mul(2, v)]])
    provided: Any = [s] if random.random() < 0.5 else []
    ways: list[Any] = [((u, sp.ZeroMatrix(size, 1)), (v, sp.ZeroMatrix(size, 1)))]
    ways += [((u, -s * v),), ((v, sp.ZeroMatrix(size, 1)),), ((s, 0), (v, sp.ZeroMatrix(size, 1))), ()]
    if random.random() < 0.3:
        left, right = right, left
    return Claim("equivalence", "equivalence", left, right, provided=provided, solutions=tuple(ways), plain=True)


def positivity(random: Random) -> Claim:
    """A polynomial or a quotient in a range."""
    x = sp.Symbol("x", **random.choice([{"real": True}, {"real": True}, {"positive": True}, {"integer": True}]))
    a = sp.Symbol("a", real=True)
    top = sum((random.randint(-2, 3) * x**power for power in range(3)), start=sp.S.Zero)
    form = random.choice([top, top / (1 + x), (x**2 + 1) * top, top + a**2 if random.random() < 0.3 else top * x])
    low, high = random.choice([(0, 1), (0, sp.oo), (1, 3), (sp.Rational(1, 2), 2), (0, 9)])
    ranges: dict[Any, Any] = dict.fromkeys(form.atoms(sp.Symbol), (low, high))
    if not ranges:
        ranges, form = {x: (low, high)}, x
    return Claim("positivity", "positivity", form, ranges=ranges, plain=True)


def jacobians(random: Random) -> Claim:
    """Gradients through a declared Jacobian, and what the chain rule says."""
    words = words_for(random)
    size, params = words.size(), words.size()
    z, y = words.column(size, fresh=True), words.column(size, fresh=True)
    weight = words.matrix(size, size)
    theta, slope = words.column(params, fresh=True), words.matrix(size, params, fresh=True)
    residual = words.mat_add(y, words.mat_mul(sp.S.NegativeOne, weight, z))
    loss = words.mul(sp.Rational(1, 2), squared_norm(residual))
    left = Gradient(loss, theta, {z: slope})
    pulled = words.mat_mul(words.transpose(slope), words.transpose(weight), residual)
    right = words.mat_mul(sp.S.NegativeOne, pulled)
    if random.random() < 0.4:
        right = words.mat_mul(words.transpose(slope), Gradient(loss, z))
    if random.random() < 0.3:
        right = slipped(right, random)
    if random.random() < 0.2:
        value = words.column(size, fresh=True)
        left, right = (
            At(left, {z: value}),
            right.xreplace({z: value}) if not right.atoms(Gradient) else At(right, {z: value}),
        )
    return Claim("jacobians", "identity", left, right, plain=True)


def hessians(random: Random) -> Claim:
    """Second derivatives of explicit functions."""
    words = words_for(random)
    size, rows = words.size(), words.size()
    w, y = words.column(size, fresh=True), words.column(rows, fresh=True)
    design, square = words.matrix(rows, size), words.matrix(size, size)
    residual = words.mat_add(words.mat_mul(design, w), words.mat_mul(sp.S.NegativeOne, y))
    loss, hessian = random.choice(
        [
            (words.mul(sp.Rational(1, 2), squared_norm(residual)), words.mat_mul(words.transpose(design), design)),
            (sp.Trace(sp.MatMul(w.T, square, w)), words.mat_add(square, words.transpose(square))),
            (sp.Trace(sp.MatMul(w.T, sp.HadamardProduct(w, w))), words.mat_mul(6, DiagMatrix(w))),
            (words.pow(squared_norm(w), 2), 4 * squared_norm(w) * sp.Identity(size) + 8 * w * w.T),
        ]
    )
    right = slipped(hessian, random) if random.random() < 0.35 else hessian
    return Claim("hessians", "identity", Jacobian(Gradient(loss, w), w), right, plain=True)


def moments(random: Random) -> Claim:
    """Expectations of polynomials in a random scalar, worked out by hand."""
    words = words_for(random)
    generator = Generator(words)
    xi = sp.Symbol(random.choice(["lam", "xi"]), real=True)
    means = {power: sp.Symbol(f"m{power}", real=True) for power in (1, 2, 3)}
    factors = [generator.scalar(1) for _ in range(3)]
    if any(xi.name in {symbol.name for symbol in factor.atoms(sp.Symbol)} for factor in factors):
        factors = [words.symbol(fresh=True, real=True), sp.S.One, squared_norm(words.column())]
    known = {0: sp.S.One, **means}
    averaged = words.add(*(words.mul(f, words.pow(xi, power)) for power, f in enumerate(factors)))
    right = words.add(*(words.mul(f, known[power]) for power, f in enumerate(factors)))
    if random.random() < 0.35:
        right = slipped(right, random)
    left = expectation(averaged, xi, means)
    if random.random() < 0.3:
        size = words.size()
        column = words.column(size)
        left, right = expectation(averaged * column, xi, means), words.mat_mul(right, column)
    return Claim("moments", "identity", left, right, plain=True)


def pairings(random: Random) -> Claim:
    """Expectations over a random matrix, whose moments are given entry by entry."""
    words = words_for(random)
    size = words.size()
    pairing, mean = words.matrix(size, size, fresh=True), words.matrix(size, size, fresh=True)
    v, s = words.column(size, fresh=True), words.symbol(fresh=True, real=True)
    i, j, f, g = sp.symbols("i j f g", integer=True)
    second = mean[i, j] * mean[f, g] + s**2 * sp.KroneckerDelta(i, f) * sp.KroneckerDelta(j, g)
    given = {1: sp.Lambda((i, j), mean[i, j]), 2: sp.Lambda((i, j, f, g), second)}
    moved = words.mat_mul(pairing, v)
    forms: list[tuple[Any, Any]] = [
        (expectation(moved, pairing, given), words.mat_mul(mean, v)),
        (expectation(squared_norm(moved), pairing, given), squared_norm(mean * v) + size * s**2 * squared_norm(v)),
        (expectation(sp.Trace(pairing), pairing, given), sp.Trace(mean)),
    ]
    left, right = random.choice(forms)
    if random.random() < 0.35:
        right = slipped(right, random)
    return Claim("pairings", "identity", left, right, plain=True)


def denied(random: Random) -> Claim:
    """The same kinds as near misses, which have to be false."""
    claim = random.choice([identity, vanishing, hypothesis, moments, samples])(random)
    return replace(claim, family="denied", denied=True, expected=None)


PLAIN: tuple[Family, ...] = (
    *(identity, identity, identity, unrelated, vanishing, samples, defined, hypothesis, equivalence, positivity),
    *(jacobians, hessians, moments, pairings, denied),
)
