"""Fixed sizes, component by component: what no general law says may hold for 2 x 2 matrices, and is a finite check.

Along axes of a fixed size every index takes its values, one after the other: an entry of a tensor becomes a tensor of
its own over the axes that are left, a Kronecker delta and a unit vector a number. What vanishes then for all entries is
proved for this size, and for no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product as cartesian
from math import prod

from symmix.deciding.consequence import Known
from symmix.deciding.squares import by_squares
from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Hypothesis
from symmix.kernel.networks import Expression
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor, turns
from symmix.kernel.scalars import Polynomial
from symmix.terms.names import is_fixed
from symmix.verdict import Finite, Part, Way

MAX_PRODUCTS = 6_000  # of components, for goal and hypotheses together
_COMBINED = 8  # components of hypotheses beyond which they are not combined

Places = Mapping[Index, int]


def by_components(goal: Hypothesis, known: Known) -> Finite | str:
    """Return why a goal vanishes at its fixed sizes, or what keeps that from being seen; "" without such sizes."""
    expressions = [goal.expression, *(h.expression for h in known.hypotheses)]
    if not any(is_fixed(dim) for e in expressions for dim in e.dims):
        return ""
    if any(is_fixed(dim) for h in known.hypotheses for dim in h.samples.values()):
        return "components under hypotheses about a sample of a fixed number of them"
    if sum(map(_count, expressions)) > MAX_PRODUCTS:
        return f"components: there are more than {MAX_PRODUCTS} products of them"
    given = [
        (Part(number, {i: (h.expression.free[i], place) for i, place in at.items()}), part)
        for number, h in enumerate(known.hypotheses)
        for at, part in components(h)
    ]
    within = replace(known, hypotheses=tuple(part for _, part in given))
    ways = []
    for _, part in components(goal):
        way: object = within.rewritten(part) or within.squared(part)
        if way is None and 0 < len(given) <= _COMBINED:
            way = within.combined(part)
            way = way if isinstance(way, Way) else by_squares(part, within)
        if not isinstance(way, Way):
            return "cofactors by components" if given else "a point at which a component differs"
        ways.append(way)
    return Finite(tuple(ways), tuple(part for part, _ in given))


def components(stated: Hypothesis) -> Iterator[tuple[Mapping[str, int], Hypothesis]]:
    """Yield what an expression says at each place of its free indices over fixed sizes: row, column, and others."""
    expression = stated.expression
    free = {index: expression.free[index] for index in (ROW, COLUMN, *expression.free) if index in expression.free}
    fixed = {index: int(dim) for index, dim in free.items() if is_fixed(dim)}
    left = {index: dim for index, dim in free.items() if index not in fixed}
    for position in cartesian(*map(range, fixed.values())):
        at = dict(zip(fixed, position, strict=True))
        raw = (term for product, c in expression.terms.items() for term in _spread(product, c, at))
        yield at, Hypothesis(Expression(left, raw), tuple(slot for slot in stated.slots if slot in left))


def _spread(product: Product, c: Polynomial, at: Mapping[str, int]) -> Iterator[tuple[Polynomial, Sequence[Factor]]]:
    """Yield a product once for all values of its summed indices over fixed sizes."""
    summed = _summed(product)
    for position in cartesian(*map(range, summed.values())):
        places: dict[Index, int] = dict([*at.items(), *zip(summed, position, strict=True)])
        turned = [_turned(factor, places) for factor in product]
        factors = [_placed(factor, places) for factor, _ in turned]
        if None not in factors:
            sign = prod(sign for _, sign in turned)
            yield c * sign, [factor for factor in factors if isinstance(factor, Factor)]


def _turned(factor: Factor, places: Places) -> tuple[Factor, int]:
    """Return a factor with its places in their order where a symmetry allows that, and a sign: 0 if both are there."""
    fixed = [is_fixed(dim) for dim in factor.tensor.dims]
    kept = [(o, s) for o, s in turns(factor.tensor) if all(k == at or fixed[at] for at, k in enumerate(o))]
    found: dict[tuple[int, ...], set[tuple[tuple[Index, ...], int]]] = {}
    for order, sign in kept:
        indices = tuple(factor.indices[k] for k in order)
        at = tuple(places[i] for i, is_number in zip(indices, fixed, strict=True) if is_number)
        found.setdefault(at, set()).add((indices, sign))
    least = sorted(found[min(found)], key=str)
    return Factor(factor.tensor, least[0][0]), least[0][1] if len({sign for _, sign in least}) == 1 else 0


def _placed(factor: Factor, places: Places) -> Factor | int | None:
    """Return a component of a factor over the indices that are left; of a delta or a unit vector 1, or None for 0."""
    tensor, indices = factor
    fixed = [places[i] if is_fixed(dim) else None for i, dim in zip(indices, tensor.dims, strict=True)]
    if tensor.name == DELTA:
        return factor if fixed[0] is None else (1 if fixed[0] == fixed[1] else None)
    if tensor.name.isdigit():
        return 1 if fixed == [int(tensor.name)] else None
    if all(place is None for place in fixed):
        return factor
    kept = [slot for slot, place in enumerate(fixed) if place is None]
    name = f"{tensor.name}[{','.join(':' if place is None else str(place) for place in fixed)}]"
    own = Tensor(name, tuple(tensor.dims[slot] for slot in kept), tensor.symmetry)
    return Factor(own, tuple(indices[slot] for slot in kept))


def _summed(product: Product) -> dict[Index, int]:
    """Return the summed indices of a product over fixed sizes, with these."""
    pairs = ((i, dim) for f in product for i, dim in zip(f.indices, f.tensor.dims, strict=True))
    return {i: int(dim) for i, dim in pairs if is_fixed(dim) and isinstance(i, int)}


def _count(expression: Expression) -> int:
    """Return how many products of components there are, or how many components if these are more."""
    positions = prod(int(dim) for dim in expression.free.values() if is_fixed(dim))
    return positions * max(1, sum(prod(_summed(product).values()) for product in expression.terms))
