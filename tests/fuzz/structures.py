"""Plain statements that put nodes into each other: rows of matrices, arrays, averages of gradients, definitions."""

from __future__ import annotations

from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix
from sympy.tensor.array.expressions import ArraySymbol

from symmix.language import At, Entries, ForAll, Gradient, expectation, inverse, quotient
from tests.fuzz.claims import Claim
from tests.fuzz.families import Family, words_for
from tests.fuzz.generator import Generator
from tests.fuzz.rewriting import Rewriter, slipped
from tests.fuzz.vocabulary import squared_norm

_I, _J = sp.symbols("i j", integer=True)


def _slip(right: Any, random: Random) -> Any:
    return slipped(right, random) if random.random() < 0.35 else right


def rows_and_columns(random: Random) -> Claim:
    """A row or a column of a matrix, cut out."""
    words = words_for(random)
    size, width = words.size(), words.size()
    matrix, other = words.matrix(size, width, fresh=True), words.matrix(size, width, fresh=True)
    w = words.column(width, fresh=True)
    row = matrix[_I, :]
    inner = sp.Sum(matrix[_I, _J] * w[_J, 0], (_J, 0, width - 1))
    left, right = random.choice(
        [
            ((row * w)[0, 0], inner),
            (sp.MatMul(matrix[:, _I], other[:, _I].T), Entries(size, size, _products(matrix, other))),
            (sp.Trace(row.T * row), sp.Sum(matrix[_I, _J] ** 2, (_J, 0, width - 1))),
            (sp.Trace(row * other.T * matrix * row.T), sp.Trace(row.T * row * other.T * matrix)),
        ]
    )
    length = width if left.has(matrix[:, _I]) else size
    return Claim("rows and columns", "identity", left, _slip(right, random), indices={_I: length}, plain=True)


def _products(matrix: Any, other: Any) -> sp.Lambda:
    f, g = sp.symbols("f g", integer=True)
    return sp.Lambda((f, g), matrix[f, _I] * other[g, _I])


def arrays(random: Random) -> Claim:
    """A matrix that depends on a column of parameters: its Jacobian has three axes."""
    words = words_for(random)
    rows, columns, params = words.size(), words.size(), words.size()
    features, theta = words.matrix(rows, columns, fresh=True), words.column(params, fresh=True)
    other = words.matrix(rows, columns, fresh=True)
    slope = ArraySymbol("T", (rows, columns, params))
    f, g, o, zero = sp.symbols("f g o _", integer=True)
    body = (features - other)[f, g] * slope[f, g, o]
    inner = sp.Sum(body, (f, 0, rows - 1), (g, 0, columns - 1))
    loss = words.mul(sp.Rational(1, 2), sp.Trace(sp.MatMul(sp.Transpose(features - other), features - other)))
    left = Gradient(loss, theta, {features: slope})
    return Claim("arrays", "identity", left, _slip(Entries(params, 1, sp.Lambda((o, zero), inner)), random), plain=True)


def averaged_gradients(random: Random) -> Claim:
    """Averages of gradients and gradients of averages, replaced or not."""
    words = words_for(random)
    size = words.size()
    y, other, w = (words.column(size, fresh=True) for _ in range(3))
    matrix = words.matrix(size, size, fresh=True)
    xi, m1, m2 = sp.Symbol("xi", real=True), sp.Symbol("m1", real=True), sp.Symbol("m2", real=True)
    means = {1: m1, 2: m2}
    mixed = words.mat_add(words.mat_mul(xi, y), words.mat_mul(1 - xi, other))
    residual = words.mat_add(words.mat_mul(matrix, w), words.mat_mul(sp.S.NegativeOne, mixed))
    loss = words.mul(sp.Rational(1, 2), squared_norm(residual))
    inside = expectation(Gradient(loss, w), xi, means)
    outside = Gradient(expectation(loss, xi, means), w)
    target = words.mat_add(words.mat_mul(m1, y), words.mat_mul(1 - m1, other))
    by_hand = matrix.T * (matrix * w - target)
    left, right = random.sample([inside, outside, by_hand], 2)
    if random.random() < 0.3:
        left, right = At(left, {y: other}), At(right, {y: other})
    return Claim("averaged gradients", "identity", left, _slip(right, random), plain=True)


def nested_averages(random: Random) -> Claim:
    """An average inside of an average, over another symbol or over the same one."""
    words = words_for(random)
    xi, zeta = sp.Symbol("xi", real=True), sp.Symbol("zeta", real=True)
    m1, m2, c1 = sp.symbols("m1 m2 c1", real=True)
    a = words.symbol(fresh=True, real=True)
    inner = expectation(words.mul(zeta, words.add(xi, a)), zeta, {1: c1})
    left, right = random.choice(
        [
            (expectation(words.mul(xi, inner), xi, {1: m1, 2: m2}), c1 * (m2 + a * m1)),
            (expectation(words.mul(xi, expectation(xi, xi, {1: m1})), xi, {1: m1, 2: m2}), m1**2),
            (expectation(words.pow(inner, 2), xi, {1: m1, 2: m2}), c1**2 * (m2 + 2 * a * m1 + a**2)),
            (words.mul(xi, expectation(xi, xi, {1: m1})), xi * m1),
        ]
    )
    return Claim("nested averages", "identity", left, _slip(right, random), plain=True)


def scalar_definitions(random: Random) -> Claim:
    """Scalars that stand for norms, and that build on each other."""
    words = words_for(random)
    size = words.size()
    v, w = words.column(size, fresh=True), words.column(size, fresh=True)
    loss, gap = sp.symbols("loss gap", real=True)
    a = words.symbol(fresh=True, real=True)
    definitions = {loss: words.mul(a, squared_norm(v - w)), gap: words.add(loss, squared_norm(v))}
    left, right = random.choice(
        [
            (gap, a * squared_norm(v) - 2 * a * sp.Trace(v.T * w) + a * squared_norm(w) + squared_norm(v)),
            (Gradient(gap, v), 2 * a * (v - w) + 2 * v),
            (Gradient(gap, w), 2 * a * (w - v)),
            (At(Gradient(gap, w), {w: v}), sp.ZeroMatrix(size, 1)),
            (words.mul(2, loss), gap + loss - squared_norm(v)),
        ]
    )
    right = _slip(Rewriter(random, 0.2)(right), random)
    return Claim("scalar definitions", "identity", left, right, definitions=definitions, plain=True)


def two_samples(random: Random) -> Claim:
    """Statements about two samples at a time, and hypotheses about one of them."""
    words = words_for(random)
    size = words.size()
    v, w = words.column(size, fresh=True), words.column(size, fresh=True)
    matrix = words.matrix(size, size, fresh=True)
    left, right = random.choice(
        [
            ((v * w.T)[_I, _J], v[_I, 0] * w[_J, 0]),
            ((matrix * matrix.T)[_I, _J], (matrix * matrix.T)[_J, _I]),
            (sp.KroneckerDelta(_I, _J) * v[_I, 0], sp.KroneckerDelta(_I, _J) * v[_J, 0]),
            (sp.KroneckerDelta(_I, _J) * v[_I, 0], sp.MatMul(DiagMatrix(v), sp.Identity(size))[_I, _J]),
            (v[_I, 0] * w[_J, 0], v[_J, 0] * w[_I, 0]),
            (sp.Sum(matrix[_I, _J] * v[_J, 0], (_J, 0, size - 1)), (matrix * v)[_I, 0]),
        ]
    )
    where: Any = [v[_I, 0] - v[_J, 0], w[_I, 0] - w[_J, 0]] if random.random() < 0.3 else []
    solutions: Any = (((v[_I, 0], v[_J, 0]), (w[_I, 0], w[_J, 0])),) if where else ((),)
    used = left.free_symbols | right.free_symbols | ({_I, _J} if where else set())
    indices = {index: size for index in (_I, _J) if index in used}
    return Claim(
        "two samples", "identity", left, _slip(right, random), where=where, indices=indices, solutions=solutions
    )


def from_one(random: Random) -> Claim:
    """Sums from 1 alone."""
    words = words_for(random)
    size = words.size()
    v, matrix = words.column(size, fresh=True), words.matrix(size, size, fresh=True)

    def total(body: Any, *indices: Any) -> Any:
        return sp.Sum(body, *((index, 1, size) for index in indices))

    left, right = random.choice(
        [
            (total(v[_I, 0] ** 2, _I), squared_norm(v)),
            (total(matrix[_I, _I], _I), sp.Trace(matrix)),
            (total(v[_I, 0] * matrix[_I, _J] * v[_J, 0], _I, _J), sp.Trace(v.T * matrix * v)),
            (total(sp.KroneckerDelta(_I, _J) * matrix[_I, _J], _I, _J), sp.Trace(matrix)),
        ]
    )
    return Claim("sums from 1", "identity", left, _slip(right, random), plain=True)


def given_vanishing(random: Random) -> Claim:
    """What vanishes where a combination of it does, with factors that may or may not be zero."""
    words = words_for(random)
    generator, size = Generator(words), words.size()
    u, v = words.column(size, fresh=True), words.column(size, fresh=True)
    s = words.symbol(fresh=True, real=True)
    matrix = words.matrix(size, size, fresh=True)
    zero = ((u, sp.ZeroMatrix(size, 1)), (v, sp.ZeroMatrix(size, 1)))
    factor = generator.scalar(1)
    goal = random.choice([words.mat_mul(matrix, u), words.mat_mul(factor, u), words.mat_add(u, v), u, v])
    where = random.choice([[u], [u, v], [words.mat_add(u, v)], [words.mat_mul(s, u)], [words.mat_mul(matrix, u)]])
    ways: Any = (zero, ((u, -v),), ((s, 0),), ((u, sp.ZeroMatrix(size, 1)),), ((matrix, sp.ZeroMatrix(size, size)),))
    conditions = (sp.Ne(s, 0),) if random.random() < 0.3 and where[0].has(s) else ()
    return Claim("given vanishing", "vanishing", [goal], where=where, conditions=conditions, solutions=ways, plain=True)


def for_all(random: Random) -> Claim:
    """A hypothesis about all samples, where the same index may be the claim's own."""
    words = words_for(random)
    size = words.size()
    e, w = words.column(size, fresh=True), words.column(size, fresh=True)
    matrix = words.matrix(size, size, fresh=True)
    zero, symmetric = ((e, sp.ZeroMatrix(size, 1)),), ((matrix, matrix + matrix.T),)
    equal = ((e, sp.MatMul(e[_I, 0], sp.OneMatrix(size, 1))),)
    hypothesis, solution = random.choice(
        [
            (ForAll(_I, e[_I, 0]), zero),
            (ForAll(_J, e[_J, 0]), zero),
            (ForAll((_I, _J), matrix[_I, _J] - matrix[_J, _I]), symmetric),
            (ForAll(_J, e[_J, 0] - e[_I, 0]), equal),
            (ForAll(_J, w[_I, 0] * e[_J, 0]), random.choice([zero, ((w[_I, 0], 0),)])),
        ]
    )
    goal = random.choice(
        [
            words.entry(matrix * e, _I, 0),
            e[_I, 0] * w[_I, 0],
            matrix[_I, _I] - words.entry(matrix.T, _I, _I),
            words.entry(matrix * w - matrix.T * w, _I, 0),
            e[_I, 0] - e[_J, 0],
            w[_I, 0] * sp.Sum(e[_J, 0], (_J, 0, size - 1)),
        ]
    )
    indices = {_I: size, _J: size} if _J in goal.free_symbols else {_I: size}
    return Claim("for all", "vanishing", [goal], where=[hypothesis], indices=indices, solutions=(solution,), plain=True)


def kept(random: Random) -> Claim:
    """Inverses and quotients that nobody cancels before they are read, and derivatives that are meant to be zero."""
    words = words_for(random)
    size = words.size()
    one, two = words.matrix(size, size, fresh=True), words.matrix(size, size, fresh=True)
    v, s, t = words.column(size, fresh=True), words.symbol(fresh=True, real=True), words.symbol(fresh=True, real=True)
    left, right = random.choice(
        [
            (sp.MatMul(one, inverse(one)), sp.Identity(size)),
            (sp.MatMul(inverse(one), one, v), v),
            (inverse(sp.MatMul(one, two)), sp.MatMul(inverse(two), inverse(one))),
            (inverse(sp.Transpose(one)), sp.Transpose(inverse(one))),
            (inverse(sp.MatAdd(one, two)), sp.MatAdd(inverse(one), inverse(two))),
            (quotient(s, s), sp.S.One),
            (words.mul(quotient(s, t), t), s),
            (quotient(v, words.add(s, t)), words.mat_mul(words.pow(words.add(s, t), -1), v)),
            (Gradient(quotient(sp.Trace(v.T * v), s), v), quotient(2 * v, s)),
            (Gradient(sp.Trace(inverse(one)), one), sp.MatMul(-1, sp.Transpose(sp.MatMul(inverse(one), inverse(one))))),
            (Gradient(sp.Trace(one), v, constant=True), sp.ZeroMatrix(size, 1)),
        ]
    )
    return Claim("kept", "identity", left, _slip(right, random))


STRUCTURES: tuple[Family, ...] = (
    *(rows_and_columns, arrays, averaged_gradients, nested_averages, scalar_definitions, two_samples, from_one),
    *(given_vanishing, for_all, kept),
)
