"""Statements close to those that were decided wrongly once: each family varies one of their kinds."""

from __future__ import annotations

from random import Random
from typing import Any

import sympy as sp

from symmix.language import Entries, Gradient, Jacobian, expectation, quotient
from tests.fuzz.claims import Claim
from tests.fuzz.families import Family, words_for
from tests.fuzz.generator import Generator
from tests.fuzz.vocabulary import Vocabulary, squared_norm

_I, _J = sp.symbols("i j", integer=True)
_FACTS: tuple[dict[str, bool], ...] = (
    *({"positive": True}, {"nonnegative": True}, {"negative": True}, {"integer": True}, {"real": True}, {}),
    *({"nonzero": True, "real": True}, {"integer": True, "positive": True}, {"positive": True, "odd": True}),
)


def no_brackets(random: Random) -> Claim:
    """A bare expression where a list belongs."""
    words = words_for(random)
    generator, size = Generator(words), words.size()
    columns = random.choice([size, sp.S.One])
    left, right = generator.matrix(size, columns, 1), generator.matrix(size, columns, 1)
    zero = ((), *(((e, sp.ZeroMatrix(size, columns)),) for e in (left, right) if isinstance(e, sp.MatrixSymbol)))
    roll = random.random()
    if roll < 0.3:
        return Claim("no brackets", "vanishing", words.mat_add(left, words.mat_mul(-1, right)))
    if roll < 0.5:
        return Claim("no brackets", "equivalence", left, right, solutions=zero)
    if roll < 0.7:
        square = words.square(fresh=True)
        vector = words.column(square.shape[0])
        goal = random.choice([vector, -vector])
        met = (((square, sp.Identity(square.shape[0])),),)
        where = square - sp.Identity(square.shape[0])
        return Claim("no brackets", "identity", square * vector, goal, where=where, solutions=met)
    if roll < 0.85:
        return Claim("no brackets", "vanishing", generator.scalar(1))
    return Claim("no brackets", "vanishing", random.choice([left - left, sp.ZeroMatrix(size, columns)]))


def quotients_in_means(random: Random) -> Claim:
    """An expectation of what is no polynomial in what is random, openly or by definition."""
    words = words_for(random)
    xi, a, m1 = sp.Symbol("xi", real=True), sp.Symbol("a", real=True), sp.Symbol("m1", real=True)
    bottom = random.choice([1 + xi, xi, a + xi, 1 + xi**2, 1 + a])
    top = random.choice([sp.S.One, xi, a, a * xi])
    inner = quotient(top, bottom) if random.random() < 0.2 else words.mul(top, words.pow(bottom, -1))
    right = random.choice([inner, inner.subs(xi, m1), inner.xreplace({xi: m1}), m1 / (1 + xi)])
    if random.random() < 0.4:
        name = sp.Symbol("c_", real=True)
        return Claim("quotients in means", "identity", expectation(name, xi, {1: m1}), right, definitions={name: inner})
    return Claim("quotients in means", "identity", expectation(inner, xi, {1: m1}), right)


def one_sample(random: Random) -> Claim:
    """A hypothesis about one sample, and what follows for that sample alone."""
    words = words_for(random)
    size = words.size()
    matrix = words.matrix(size, size, fresh=True)
    e, w = words.column(size, fresh=True), words.column(size, fresh=True)
    zero, all_zero = ((e[_I, 0], 0),), ((e, sp.ZeroMatrix(size, 1)),)
    about_all = random.random() < 0.25
    where: Any = [e] if about_all else [e[_I, 0]]
    goal = random.choice(
        [
            words.entry(matrix * e, _I, 0),
            e[_I, 0] * w[_I, 0],
            e[_J, 0],
            words.entry(sp.HadamardProduct(e, w), _I, 0),
            sp.Sum(e[_J, 0] * w[_J, 0], (_J, 0, size - 1)) * e[_I, 0],
            sp.Sum(e[_J, 0] ** 2, (_J, 0, size - 1)),
            sp.Sum(sp.KroneckerDelta(_I, _J) * e[_J, 0], (_J, 0, size - 1)),
            sp.Sum(e[_I, 0], (_I, 0, size - 1)),
        ]
    )
    indices = {_I: size, _J: size} if _J in goal.free_symbols else {_I: size}
    return Claim(
        "one sample", "vanishing", [goal], where=where, indices=indices, solutions=(all_zero if about_all else zero,)
    )


def deltas(random: Random) -> Claim:
    """Kronecker deltas of an index and something else: a number, a size, a scalar, an index over another size."""
    words = words_for(random)
    rows, columns = sp.symbols("n d", integer=True, positive=True)
    v, scalar = words.column(rows, fresh=True), sp.Symbol("a", real=True)
    other = random.choice([rows, scalar, sp.S.Zero, sp.S.One, rows - 1, _J, _J, columns])
    delta = sp.KroneckerDelta(_I, other, (0, 2)) if random.random() < 0.15 else sp.KroneckerDelta(_I, other)
    body = words.mul(delta, random.choice([v[_I, 0], sp.S.One]))
    left: Any = sp.Sum(body, (_I, 0, rows - 1))
    if other == _J:
        length = random.choice([rows, columns])
        left = sp.Sum(body, (_I, 0, rows - 1), (_J, 0, length - 1))
    whole = sp.Sum(v[_I, 0], (_I, 0, rows - 1))
    right = random.choice([sp.S.Zero, sp.S.One, v[0, 0], whole, rows, sp.Min(rows, columns) * 0 + columns])
    return Claim("deltas", "identity", left, right)


def assumptions(random: Random) -> Claim:
    """What SymPy knows of a symbol decides what follows from a hypothesis."""
    words = words_for(random)
    facts: dict[str, bool] = random.choice(_FACTS)
    tau = sp.Symbol(random.choice(["tau", "lam", "mu"]), **facts)
    size = words.size()
    v = words.column(size, fresh=True)
    factor = random.choice([1 + tau, tau, tau - 2, 1 - 2 * tau, tau + sp.Rational(1, 2), tau**2 - 4, 1 + tau**2])
    roots = [r for r in sp.solve(factor.subs(tau, sp.Symbol("t")), sp.Symbol("t")) if r.is_rational]
    zero = ((v, sp.ZeroMatrix(size, 1)),)
    ways = (zero, *(((tau, root),) for root in roots))
    if random.random() < 0.5:
        return Claim("assumptions", "vanishing", [v], where=[words.mat_mul(factor, v)], solutions=ways)
    square, root = random.choice([1, 4, 9]), random.choice([1, -1])
    value = root * int(sp.sqrt(square))
    both = (((tau, value),), ((tau, -value),))
    where = [words.add(words.pow(tau, 2), sp.Integer(-square))]
    return Claim("assumptions", "identity", tau, sp.Integer(value), where=where, solutions=both)


def silent_zeros(random: Random) -> Claim:
    """Derivatives by what nothing depends on, and second derivatives through a Jacobian that has none of its own."""
    words = words_for(random)
    size, params = words.size(), words.size()
    v, f, theta = (words.column(s, fresh=True) for s in (size, size, params))
    slope = words.matrix(size, params, fresh=True)
    loss = words.mul(sp.Rational(1, 2), squared_norm(v - f))
    if random.random() < 0.5:
        inner = random.choice([loss, words.symbol() * loss, sp.Trace(slope.T * slope)])
        right = random.choice([sp.ZeroMatrix(params, 1), slope.T * (f - v)])
        return Claim("silent zeros", "identity", Gradient(inner, theta), right)
    hessian = Jacobian(Gradient(loss, theta, {f: slope}), theta, {f: slope})
    right = random.choice([slope.T * slope, 2 * slope.T * slope, sp.ZeroMatrix(params, params)])
    return Claim("silent zeros", "identity", hessian, right)


def names(random: Random) -> Claim:
    """Names that collide with names of symmix, or with each other."""
    words = words_for(random)
    size = words.size()
    v, w, mean = (words.column(size, fresh=True) for _ in range(3))
    a, b = sp.symbols("a b", real=True)
    roll = random.random()
    if roll < 0.25:
        bottom = random.choice([1 + a + b, 1 + a + b, a + b, 1 + a, a * b + 1])
        name, form = random.choice([(bottom - 1, 0), (bottom - 1, 0), (1 / bottom, 1), (bottom, 2)])
        namesake = sp.Symbol(str(name).replace("a + b + 1", "1 + a + b"), real=True)
        left = [1 / (1 + namesake), namesake, 1 / namesake][form]
        right = random.choice([1 / bottom, 1 / bottom, a / bottom])
        return Claim("names", "identity", left, right)
    if roll < 0.5:  # a moment's slot and an index of the same name
        slot = sp.Symbol("i", **random.choice([{}, {"integer": True}]))
        body = random.choice([v[_I, 0], v[slot, 0], v[_I, 0] * sp.S.Half])
        averaged = w[_I, 0] * sp.Sum(mean[_J, 0], (_J, 0, size - 1))
        left = sp.Sum(expectation(averaged, mean, {1: sp.Lambda((slot,), body)}), (_I, 0, size - 1))
        product = sp.Sum(w[_I, 0], (_I, 0, size - 1)) * sp.Sum(v[_J, 0], (_J, 0, size - 1))
        right = random.choice([product, size * sp.Sum(w[_I, 0] * v[_I, 0], (_I, 0, size - 1))])
        return Claim("names", "identity", left, right)
    if roll < 0.75:  # namesakes with other assumptions, and dummies
        one = sp.Symbol("a", **random.choice([{"real": True}, {}, {"positive": True}]))
        two = random.choice([sp.Symbol("a", integer=True), sp.Dummy("a", real=True), sp.Symbol("a", nonzero=True)])
        left, right = random.choice([(one, two), (one * two, one**2), (one - two, sp.S.Zero), (two * v, one * v)])
        return Claim("names", "identity", left, right)
    return _captured(random, words, v, w, size)


def _captured(random: Random, words: Vocabulary, v: Any, w: Any, size: Any) -> Claim:
    """Nested sums and functions of entries that use one index for two things."""
    bare = random.choice([_I, sp.Symbol("i"), sp.Dummy("i"), sp.Symbol("i", positive=True, integer=True)])
    inner = sp.Sum(v[bare, 0], (bare, 0, size - 1))
    left = sp.Sum(words.mul(w[_I, 0], inner), (_I, 0, size - 1))
    separate = words.mul(sp.Sum(w[_I, 0], (_I, 0, size - 1)), inner)
    joined = sp.Sum(v[_I, 0] * w[_I, 0], (_I, 0, size - 1))
    if random.random() < 0.4:
        function = Entries(size, size, sp.Lambda((_I, bare), v[_I, 0] * w[bare, 0])) if bare != _I else v * w.T
        left, separate = (
            sp.Sum(w[_I, 0] * sp.Trace(function), (_I, 0, size - 1)),
            joined * sp.Sum(w[_I, 0], (_I, 0, size - 1)),
        )
    return Claim("names", "identity", left, random.choice([separate, joined]))


def bases(random: Random) -> Claim:
    """Sums from 0 and sums from 1."""
    words = words_for(random)
    size = words.size()
    v, w = words.column(size, fresh=True), words.column(size, fresh=True)
    matrix = words.matrix(size, size)

    def total(base: int, body: Any) -> Any:
        return sp.Sum(body, (_I, base, size - 1 + base))

    body = random.choice([v[_I, 0], v[_I, 0] * w[_I, 0], sp.S.One])
    left, right = total(1, body), total(random.choice([0, 1]), body)
    if random.random() < 0.3:
        right = sp.Trace(matrix) if body == 1 else sp.Trace(w.T * v)
        left = total(1, matrix[_I, _I]) if body == 1 else total(1, v[_I, 0] * w[_I, 0])
    return Claim("bases", "identity", left, random.choice([right, right, 2 * right]))


def impossible(random: Random) -> Claim:
    """Moments that no distribution has, given as numbers or met by a witness only."""
    words = words_for(random)
    xi = sp.Symbol(random.choice(["xi", "lam"]), **random.choice([{"real": True}, {"real": True}, {"positive": True}]))
    m1, m2 = sp.symbols("m1 m2", real=True)
    roll = random.random()
    if roll < 0.35:
        given: dict[int, Any] = {1: sp.Integer(random.randint(-1, 2)), 2: sp.Integer(random.randint(-1, 4))}
        shift = random.choice([0, 1, 2])
        value = given[2] - 2 * shift * given[1] + shift**2
        left = expectation(words.pow(words.add(xi, -shift), 2), xi, given)
        return Claim("moments given", "identity", left, value + random.choice([0, 0, 1]))
    if roll < 0.6:
        zero = random.choice([((m2, 0), (m1, 0)), ((m1, 0),)])
        first, second = expectation(xi, xi, {1: m1}), expectation(xi**2, xi, {1: m1, 2: m2})
        goal, where = random.choice([(first, second), (second, first)])
        return Claim("moments given", "vanishing", [goal], where=[where], solutions=(zero,))
    if roll < 0.8:
        zeroth = {0: sp.Integer(random.choice([1, 2, 0])), 1: m1}
        return Claim("moments given", "identity", expectation(xi + 1, xi, zeroth), m1 + zeroth[0])
    variance = expectation(xi**2, xi, {1: m1, 2: m2}) - expectation(xi, xi, {1: m1}) ** 2
    return Claim("moments given", "identity", variance, random.choice([sp.S.NegativeOne, m2 - m1**2, m2 - m1]))


def contradictory(random: Random) -> Claim:
    """Hypotheses that no point meets: whatever follows from them is proved of nothing."""
    words = words_for(random)
    size = words.size()
    v, a = words.column(size, fresh=True), sp.Symbol("a", real=True)
    tau = sp.Symbol("tau", positive=True)
    where = random.choice(
        [[a, a - 1], [a**2 + 1], [sp.S.One], [squared_norm(v) + 1], [tau], [tau + 1], [a * a + 2], [2 * tau + 3]]
    )
    goal = random.choice([v, words.mat_mul(2, v)])
    return Claim("contradictory", "vanishing", [goal], where=where, empty=True, denied=random.random() < 0.2)


def cancelled(random: Random) -> Claim:
    """Inverses, quotients and powers, where SymPy cancels or where it does not."""
    words = words_for(random)
    size = words.size()
    matrix, other = words.matrix(size, size, fresh=True), words.matrix(size, size, fresh=True)
    s, u = words.symbol(fresh=True), words.symbol(fresh=True)
    inverse = sp.Inverse(matrix)
    left, right = random.choice(
        [
            (sp.MatMul(matrix, inverse), sp.Identity(size)),
            (sp.MatMul(inverse, matrix, other), other),
            (sp.Mul(s, u, sp.Pow(s, -1, evaluate=False), evaluate=False), u),
            (sp.Mul(s, sp.Pow(s, -2, evaluate=False), evaluate=False), sp.Pow(s, -1)),
            (words.pow(words.add(s, u), -1), words.add(words.pow(s, -1), words.pow(u, -1))),
            (words.pow(words.mul(s, u), -1), words.mul(words.pow(s, -1), words.pow(u, -1))),
            (words.mul(words.add(s, u), words.pow(words.add(s, u), -1)), sp.S.One),
            (sp.MatMul(matrix, other), sp.MatMul(other, matrix)),
            (sp.Pow(sp.Pow(s, 2, evaluate=False), -1, evaluate=False), sp.Pow(s, -2)),
            (sp.Pow(0, 0, evaluate=False), sp.S.One),
        ]
    )
    where, solutions = [], ((),)
    if random.random() < 0.08:  # the search for cofactors takes its time over these
        where, solutions = [matrix * other - sp.Identity(size)], (((other, inverse),),)  # type: ignore[assignment]
        left, right = random.choice([(other * matrix, sp.Identity(size)), (matrix * other * matrix, matrix)])
    return Claim("cancelled", "identity", left, right, where=where, solutions=solutions)


def foreign(random: Random) -> Claim:
    """What is no statement about real matrices at all, and has to be refused."""
    words = words_for(random)
    size = words.size()
    v, a = words.column(size, fresh=True), sp.Symbol("a", real=True)
    p, q = sp.symbols("P_ Q_", commutative=False)
    t = sp.Symbol("t", **random.choice([{"imaginary": True}, {"extended_real": False}, {"infinite": True}]))
    function = sp.Function("F")
    sides: tuple[Any, Any, str] = random.choice(
        [
            (p * q, q * p, "symbols that do not commute"),
            (p * q * a, a * p * q + 0 * p, "symbols that do not commute"),
            (t * t, t**2 + 0 * a, "a symbol that is not real"),
            (sp.Mul(t, a, evaluate=False), sp.Mul(a, t, evaluate=False), "a symbol that is not real"),
            (a + sp.Float(0.5), a + sp.S.Half, "a float"),
            (a * 0.1, a / 10, "a float"),
            (sp.Add(a, sp.oo, evaluate=False), sp.oo, "an infinity"),
            (sp.nan, sp.nan, "not a number"),
            (sp.Eq(a, a + 0 * v[0, 0], evaluate=False), sp.true, "a relation"),
            (sp.Eq(a, 1), sp.Eq(a, 1), "a relation"),
            ("a", a, "text"),
            ("a + 0", a, "text"),
            (sp.Derivative(a**2, a), 2 * a, "a derivative of SymPy's"),
            (sp.Sum(sp.Indexed("v", _I), (_I, 0, size - 1)), sp.Sum(sp.Indexed("v", _J), (_J, 0, size - 1)), "Indexed"),
            (function(a), function(a) + a - a, "a function without a rule"),
            (sp.I * a, a * sp.I, "the imaginary unit"),
            (None, a, "nothing at all"),
            ([v], [v], "a list where an expression belongs"),
            (0.5 * v, v / 2, "a float"),
            (sp.Tuple(a), sp.Tuple(a), "a Tuple"),
        ]
    )
    left, right, reason = sides
    roll = random.random()
    if roll < 0.15:
        return Claim("foreign", "vanishing", (e for e in [v - v]), refuse="a generator")
    if roll < 0.3:
        return Claim("foreign", "vanishing", [left], refuse=reason)
    if roll < 0.4:
        return Claim("foreign", "identity", v, 2 * v, where=[left], refuse=reason)
    if random.random() < 0.3:
        left, right = right, left
    return Claim("foreign", "identity", left, right, refuse=reason)


def conditioned(random: Random) -> Claim:
    """Conditions of the theorem, met or not by what the hypotheses leave."""
    words = words_for(random)
    size = words.size()
    v = words.column(size, fresh=True)
    a, b = sp.symbols("a b", real=True)
    relation = random.choice([a > 0, a >= 0, sp.Ne(a, 0), a < 1, sp.Ne(a, b), a <= b, sp.Ne(a * b, 0), a + b > 1])
    factor = random.choice([a, a - b, a + 1, a * b, 1 - a, a + b])
    zero = ((v, sp.ZeroMatrix(size, 1)),)
    root = {a: 0, a - b: b, a + 1: -1, a * b: 0, 1 - a: 1, a + b: -b}[factor]
    return Claim(
        "conditioned",
        "vanishing",
        [v],
        where=[words.mat_mul(factor, v)],
        conditions=(relation,),
        solutions=(zero, ((a, root),)),
    )


TRAPS: tuple[Family, ...] = (
    *(no_brackets, quotients_in_means, one_sample, deltas, assumptions, silent_zeros, names, bases, impossible),
    *(contradictory, cancelled, foreign, conditioned),
)
