"""Why something holds, in formulas: a combination of the hypotheses with their cofactors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from math import prod
from operator import and_
from typing import Any

from symmix.divisions import Multiplier
from symmix.kernel.arrays import COLUMN, ROW, Array, aligned
from symmix.kernel.cofactors import Cofactors, Hypothesis
from symmix.kernel.networks import Expression as Network
from symmix.kernel.networks import constant, entry
from symmix.kernel.networks import zeros as zero
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import ONE, Polynomial
from symmix.language.standing import stand_in
from symmix.printing.signs import minus
from symmix.setting import Setting
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.names import ONE_SIZE, ONLY
from symmix.verdict import Bounded, Instantiated, Membership, Pieces, Positive, Square, Turned, Way

SQUARES = "a sum of squares vanishes only where each of them does"
TURNED = "square matrices that are inverse to each other on one side are so on the other"


def combined(evidence: Membership, setting: Setting) -> t.Expression:
    """Return what is a combination of the hypotheses: the difference of the sides, its square, times a factor."""
    sides, way = evidence.difference, evidence.way
    whole = sides[0] if len(sides) == 1 else minus(*sides)
    if way.squared:
        whole = t.Power(whole, 2) if whole.shape == t.SCALAR else t.Trace(t.Multiply((t.Transpose(whole), whole)))
    cleared = [(q, power * (2 if way.squared else 1)) for q, power in setting.clearing(*sides)]
    whole = _times([*cleared, *([(way.factor, 1)] if way.factor != ONE else [])], whole, setting)
    more = tuple(_square(square, way.cofactors.goal.free, setting) for square in way.squares)
    return t.Add((whole, *more)) if more else whole


def factor(ways: Sequence[Way], setting: Setting) -> t.Expression:
    """Return the factors of some ways, multiplied with each other."""
    whole = prod(dict.fromkeys(way.factor for way in ways), start=ONE)
    written: t.Expression = setting.written(Array(constant(whole)))
    return written


def instantiated(evidence: Instantiated, write: Callable[[t.Expression], str]) -> str:
    """Return at which arguments hypotheses about functions were used."""
    used = [", ".join(f"{write(symbol)} = {write(value)}" for symbol, value in one.at) for one in evidence.instances]
    taken = ", and at ".join(dict.fromkeys(used))
    return (
        f"an instance of what is assumed for all arguments, at {taken}"
        if used
        else "the fact that a function has one value at each argument"
    )


def bounded(evidence: Bounded, setting: Setting) -> tuple[t.Expression, t.Expression]:
    """Return what is bounded, times its factor, and the squares and multiples of hypotheses that it is the sum of."""
    sides, found = evidence.difference, evidence.sum
    whole = sides[0] if len(sides) == 1 else minus(*sides)
    rest = _combination(found.rest, evidence.hypotheses, setting)
    zero = isinstance(rest, t.Zeros) or rest == t.Number(Fraction(0))
    before: Multiplier = (*setting.clearing(*sides, even=True), *found.factor)
    scales = [square.scale for square in found.squares]
    if zero:
        before, *scales = _without_common([before, *scales])
    pairs = zip(scales, found.squares, strict=True)
    terms = [_square(replace(square, scale=scale), found.rest.goal.free, setting) for scale, square in pairs]
    terms += [] if zero and terms else list(rest.terms) if isinstance(rest, t.Add) else [rest]
    return _times(before, whole, setting), terms[0] if len(terms) == 1 else t.Add(tuple(terms))


def _without_common(products: Sequence[Multiplier]) -> list[Multiplier]:
    """Divide products of powers by what they have in common."""
    counts = [Counter[Polynomial]() for _ in products]
    for count, product in zip(counts, products, strict=True):
        for base, power in product:
            count[base] += power
    common = reduce(and_, counts)
    return [tuple((count - common).items()) for count in counts]


def _square(square: Square, samples: Mapping[str, str], setting: Setting) -> t.Expression:
    return _times(square.scale, _norm(square.root, samples, setting), setting)


def positive(evidence: Positive | Pieces) -> tuple[str, str, str]:
    """Return what is said before a polynomial, the polynomial as in a comment, and what is said of it."""
    if isinstance(evidence, Positive):
        return "all coefficients of ", _spelled(evidence.form.form), " are positive, for positive arguments"
    line, cuts = evidence.line, ", ".join(map(str, evidence.points))
    where = f"on each part of {line}, cut at {cuts}," if cuts else f"on {line}"
    before = f"{where} all coefficients are positive of "
    if evidence.square == ONE:
        return before, _spelled(evidence.original), ""
    return f"{before}the second factor of ", f"({_spelled(evidence.square)})^2 ({_spelled(evidence.rest)})", ""


def _spelled(polynomial: Polynomial) -> str:
    return str(polynomial).replace("**", "^").replace("*", " ")


def _times(scale: Sequence[tuple[Polynomial, int]], whole: t.Expression, setting: Setting) -> t.Expression:
    factors = []
    for base, power in scale:
        written: t.Expression = setting.written(Array(constant(base)))
        factors.append(written if power == 1 else t.Power(written, power))
    if not factors:
        return whole
    return factors[0] if whole == t.Number(Fraction(1)) and len(factors) == 1 else t.Multiply((*factors, whole))


def _norm(root: Network, samples: Mapping[str, str], setting: Setting) -> t.Expression:
    """Return the squared norm of a root; one with more than two ends is multiplied out."""
    ends = [index for index in root.free if index not in samples]
    if len(ends) > 2:
        whole: t.Expression = setting.written(Array((root * root).sum(*ends)))
        return whole
    names = dict(zip(ends, (ROW, COLUMN), strict=False))
    sizes = [*(root.free[end] for end in ends), None, None]
    written: t.Expression = setting.written(Array(root.rename(names), sizes[0], sizes[1]))
    if written.shape == t.SCALAR:
        return written if written == t.Number(Fraction(1)) else t.Power(written, 2)
    product = t.Multiply((t.Transpose(written), written))
    return product if product.shape == t.SCALAR else t.Trace(product)


def combination(evidence: Membership, setting: Setting) -> t.Expression:
    """Return ``sum_i C_i . e_i``; what inverses satisfy by themselves counts as zero and is left out."""
    more = [_matrix(turned.hypothesis.expression, setting) for turned in evidence.way.turned]
    stated = [*evidence.hypotheses, *(None for _ in evidence.relations), *more]
    return _combination(evidence.way.cofactors, stated, setting)


def turned(ways: Iterable[Way], setting: Setting, write: Callable[[t.Expression], str]) -> str:
    """Return a sentence on the products of square matrices that are turned round; empty if none is."""
    used: dict[Turned, None] = {}
    for way in ways:  # theirs are the last cofactors
        pairs = zip(reversed(way.turned), reversed(way.cofactors.factors), strict=False)
        used |= dict.fromkeys(x for x, factor in pairs if not factor.is_zero)
    written = [[write(_matrix(given.expression, setting)) for given in (x.stated, x.hypothesis)] for x in used]
    found = [f"where {stated} vanishes, so does {follows}" for stated, follows in written]
    return f"{TURNED}: {'; '.join(found)}" if found else ""


def _matrix(expression: Network, setting: Setting) -> t.Expression:
    rows, columns = (expression.free.get(axis) for axis in (ROW, COLUMN))
    written: t.Expression = setting.written(Array(expression, rows, columns))
    return written


def _combination(found: Cofactors, hypotheses: Sequence[s.Hypothesis | None], setting: Setting) -> t.Expression:
    total = zero(found.goal.free)
    standing: dict[str, s.Hypothesis] = {}
    for factor, slots, given, stated in zip(found.factors, found.slots, found.hypotheses, hypotheses, strict=False):
        if stated is None:
            continue
        axes = _axes(given, stated)
        kept = [slot for slot, size in axes if size != ONE_SIZE]
        tensor = Tensor(
            _name(stated, [size for _, size in axes], setting, standing), tuple(given.expression.free[x] for x in kept)
        )
        renamed = dict(zip(given.slots, slots, strict=True))
        cleared = prod((base**power for base, power in setting.clearing_of(stated)), start=ONE)
        term = (factor * entry(tensor, *(renamed[slot] for slot in kept))).sum(*slots) * cleared
        total, term = aligned([total, term])
        total = total + term
    written: t.Expression = _replaced(_matrix(total, setting), standing)
    for name in standing:
        del setting.reader.symbols[name]
    return written


def _axes(given: Hypothesis, stated: s.Hypothesis) -> list[tuple[str, str]]:
    """Return the axes of what stands for a hypothesis, with their sizes: rows, columns, what it is said for all of."""
    free = given.expression.free
    over = [index.name for index in stated.indices] if isinstance(stated, s.ForAll) else []
    shape = [(axis, free[axis] if axis in given.slots else ONE_SIZE) for axis in (ROW, COLUMN)]
    if over:
        shape = [(axis, size) for axis, size in shape if size != ONE_SIZE]
    axes = [*shape, *((name, free[name]) for name in over)]
    return axes if len(axes) > 1 else [*axes, ("", ONE_SIZE)]


def _name(stated: s.Hypothesis, sizes: list[str], setting: Setting, standing: dict[str, s.Hypothesis]) -> str:
    """Return the name of what stands for a hypothesis; a matrix stands for itself."""
    if isinstance(stated, t.Symbol) and stated.axes:
        return stated.name
    name = stand_in(setting.reader, sizes)
    standing[name] = stated
    return name


def _replaced(part: Any, standing: Mapping[str, s.Hypothesis]) -> Any:
    """Return a part of a tree with hypotheses for what stands for them."""
    match part:
        case t.Entry(of=t.Symbol(name=name), indices=indices) if name in standing:
            return _entry(standing[name], indices)
        case t.Symbol(name=name, axes=axes) if name in standing:
            return _whole(standing[name], axes)
        case t.Transpose(of=of):
            inner = _replaced(of, standing)
            return inner.of if isinstance(inner, t.Transpose) else t.Transpose(inner)
        case tuple():
            return tuple(_replaced(item, standing) for item in part)
        case Node():
            return type(part)(*(_replaced(item, standing) for item in part.parts))
    return part


def _entry(stated: s.Hypothesis, indices: tuple[str, ...]) -> t.Expression:
    stated = s.vanishing(stated)
    if not isinstance(stated, s.ForAll):
        return stated if stated.shape == t.SCALAR else t.Entry(stated, indices)
    over, shape = stated.indices, stated.body.shape
    names = iter(indices)
    place = tuple(ONLY if size == ONE_SIZE else next(names) for size in shape)
    body: t.Expression = _renamed(stated.body, dict(zip((index.name for index in over), names, strict=False)))
    return body if shape == t.SCALAR else t.Entry(body, place)


def _whole(stated: s.Hypothesis, axes: tuple[str, ...]) -> t.Expression:
    """Return a hypothesis as the matrix of its entries: its own axes, then those of what it is said for all of."""
    stated = s.vanishing(stated)
    if not isinstance(stated, s.ForAll):
        return stated
    names = [index.name for index in stated.indices]
    match stated.body:  # the rows or columns of a matrix, all of them
        case t.Slice(of=of, row=row) if [row] == names:
            return t.Transpose(of)
        case t.Slice(of=of, column=column) if [column] == names:
            return of
        case t.Entry(of=of, indices=indices) if indices == (*names, ONLY)[:2] and of.shape == axes:
            return of
    own = iter([label for label in ("row", "column") if label not in names])
    labels = [next(own) for size in stated.body.shape if size != ONE_SIZE] + names
    bound = [t.Index(label, size) for label, size in zip(labels, axes, strict=False)]
    return t.ByEntries(bound[0], bound[1] if len(bound) > 1 else None, _entry(stated, tuple(labels)))


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    """Return a part of a tree with other names for indices."""
    match part:
        case t.Entry(of=of, indices=indices):
            return t.Entry(_renamed(of, names), tuple(names.get(index, index) for index in indices))
        case t.Delta(first=first, second=second):
            return t.Delta(names.get(first, first), names.get(second, second))
        case t.Slice(of=of, row=row, column=column):
            return t.Slice(_renamed(of, names), names.get(row, row), names.get(column, column))
        case tuple():
            return tuple(_renamed(item, names) for item in part)
        case Node():
            return type(part)(*(_renamed(item, names) for item in part.parts))
    return part
