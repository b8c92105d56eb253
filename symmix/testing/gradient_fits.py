"""What explains a wrong gradient where no slip does: its precision, a factor that is fitted, a term too many."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from math import isclose

import numpy as np

from symmix.numeric.arrays import Array
from symmix.plans import ONE, Coefficient, Combination, Named, Node, Result
from symmix.testing.mistakes import explains
from symmix.testing.plan_edits import times
from symmix.testing.plan_values import Case
from symmix.testing.plan_words import words

Pairs = Sequence[tuple[Case, Array]]
SMALLEST = 2.0**-20  # of a factor, whose difference from 0 is rounding otherwise


def precision(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield that a gradient of float64 has numbers of float32 or float16 alone, and is as accurate as those."""
    for kind, name in ((np.float16, "half precision"), (np.float32, "single precision")):
        eps = float(np.finfo(kind).eps)
        with np.errstate(over="ignore"):
            converted = all(c.dtype == np.float64 and np.array_equal(c, c.astype(kind)) for _, c in pairs)
        if converted and all(np.all(np.abs(c - x.expected(result)) <= x.allowed(result, eps)) for x, c in pairs):
            yield name, f"every entry is a number of {kind.__name__}: it is computed in {name}, and converted"
            return


def fitted(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield that the gradient, or a summand of it, has a factor of its own in each case, or that there is one more."""
    if not result.node.sizes:
        return
    rests = [claimed - case.expected(result) for case, claimed in pairs]
    known = [case.expected(result) for case, _ in pairs]
    if ratios := _ratios(known, [claimed for _, claimed in pairs]):
        yield "wrong factor", f"it is {_in_words(ratios, pairs)} times the derived one"
    for coefficient, node in _summands(result.node):
        values = [case.values.coefficient(coefficient) * case.values.of(node) for case, _ in pairs]
        if ratios := _ratios(values, rests):
            said = f"{words(Combination(((coefficient, node),)))} is {_in_words([x + 1 for x in ratios], pairs)} times"
            yield "wrong factor", f"{said} the derived one"
    yield from _cut(result, pairs)
    plan = pairs[0][0].plan
    for name, axes in {**plan.arrays, **{n: node.sizes for n, node in plan.where.items()}}.items():
        if axes == result.node.sizes:
            values = [case.values.of(Named(name, axes)) for case, _ in pairs]
            if ratios := _ratios(values, rests):
                yield "additional term", f"{_in_words(ratios, pairs)} times {name} is added to the derived one"


def _cut(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield that some entries are zero and all others right, as a mask leaves them, or that they end at a bound."""
    zero = total = 0
    bounds: set[float] = set()
    for case, claimed in pairs:
        expected = case.expected(result)
        right = np.abs(claimed - expected) <= case.allowed(result, float(np.finfo(np.float64).eps))
        off = claimed[~right]
        bounds |= set(np.abs(off).tolist())
        if np.any(np.abs(expected[~right]) <= np.abs(off)) or np.any(expected[~right] * off < 0):
            return
        zero, total = zero + off.size, total + claimed.size
    if bounds == {0.0}:
        yield "part is cut", f"{zero} of {total} entries are zero, all others right: a mask that the formula has not"
    elif len(bounds) == 1:
        yield "clipped gradient", f"entries beyond {bounds.pop():g} are cut off there, all others are right"


def by_case(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield that each derived term has a factor of its own in each case, where there are entries enough to tell."""
    found = []
    for case, claimed in pairs:
        columns = [np.ravel(case.values.coefficient(c) * case.values.of(node)) for c, node, _ in result.terms]
        if 2 * len(columns) > claimed.size:
            return
        matrix = np.stack(columns, axis=1)
        fit, _, rank, _ = np.linalg.lstsq(matrix, np.ravel(claimed), rcond=None)
        if rank < len(columns) or not explains(matrix @ fit, np.ravel(claimed)):
            return
        found.append(fit.tolist())
    ratios = {reads: [float(fit[i]) for fit in found] for i, (_, _, reads) in enumerate(result.terms)}
    off = {reads: factors for reads, factors in ratios.items() if not np.allclose(factors, 1, rtol=1e-9)}
    yield "wrong factor", "; ".join(f"the term {reads} is {_in_words(x, pairs)} times" for reads, x in off.items())


def _summands(node: Node) -> Iterator[tuple[Coefficient, Node]]:
    """Yield the summands of a sum that may be multiplied by a coefficient."""
    outer = ONE
    while isinstance(node, Combination) and len(node.terms) == 1:
        coefficient, node = node.terms[0]
        outer = times(outer, coefficient)
    for coefficient, term in node.terms if isinstance(node, Combination) else ():
        yield times(outer, coefficient), term


def _ratios(values: Sequence[Array], wanted: Sequence[Array]) -> list[float]:
    """Return by what each array is multiplied to be what is wanted; none if that is not so."""
    found = []
    for value, target in zip(values, wanted, strict=True):
        size = float(np.sum(value * value))
        ratio = float(np.sum(value * target)) / size if size else 0.0
        found.append(ratio if abs(ratio) > SMALLEST else 0.0)
        if not explains(found[-1] * value, np.asarray(target)):
            return []
    return found if any(found) else []


def _in_words(ratios: Sequence[float], pairs: Pairs) -> str:
    """Return a factor as a number, as a formula of one size or scalar, or by its values."""

    def is_(formula: Callable[[Case], float]) -> bool:
        with np.errstate(all="ignore"):
            return all(isclose(formula(c), x, rel_tol=1e-9) for (c, _), x in zip(pairs, ratios, strict=True))

    number = Fraction(ratios[0]).limit_denominator(64)
    if is_(lambda _: float(number)):
        return str(number)
    plan = pairs[0][0].plan
    for name in (size for size in plan.sizes if not size.isdigit()):
        for said, formula in _of_size(name):
            if is_(lambda case, f=formula, n=name: f(case.sizes[n])):  # type: ignore[misc]
                return said
    for name in plan.scalars:
        for power in (-4, -3, -2, -1, 1, 2, 3, 4):
            if is_(lambda case, n=name, p=power: case.scalars[n] ** p):  # type: ignore[misc]
                return name if power == 1 else f"{name}^{power}"
    return f"another number in each case ({', '.join(f'{x:.6g}' for x in dict.fromkeys(ratios))})"


def _of_size(name: str) -> Iterator[tuple[str, Callable[[int], float]]]:
    yield f"1/sqrt({name})", lambda n: n**-0.5
    yield f"sqrt({name})", lambda n: n**0.5
    yield f"1/{name}", lambda n: 1 / n
    yield name, float
    yield f"1/{name}^2", lambda n: n**-2.0
    yield f"{name}^2", lambda n: float(n * n)
    yield f"{name}/({name} - 1)", lambda n: n / (n - 1)
    yield f"({name} - 1)/{name}", lambda n: (n - 1) / n
