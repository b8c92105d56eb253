"""Evidence as plain data: numbers as text, lists and maps, in an order that does not change from run to run.

===============  ====================================================================================================
polynomial       ``[["1/2", {"lam": 2}], ...]``, the sum of coefficient times powers
network          ``{"free": {"row": "k"}, "terms": [[polynomial, [["W", ["row", 0]], ["z", [0]]]], ...]}``, the sum of
                 products of entries; an index is free (text) or summed (a number)
combination      ``{"multiplier": [[polynomial, power], ...], "terms": [{"multiplier": ..., "slots": {"row": "s"},
                 "factor": network, "of": ...}, ...]}``: multiplier times the goal is the sum, over all values of the
                 slots, of factor times multiplier times hypothesis
positive form    ``{"form": polynomial, "squares": [[polynomial, power], ...], "degrees": {"lam": 2}, "lifted": 0}``
point            ``{"sizes": {"n": 2}, "scalars": {"lam": "1/2"}, "entries": {"W": [["1", "0"]]}, "at": {"i": 0}}``,
                 entries as lists of lists, one level for each axis whose size is not 1
===============  ====================================================================================================

Nothing here decides anything; what reads it is :mod:`symmix.checker`, which shares no code with the kernel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Cofactors
from symmix.kernel.networks import Expression
from symmix.kernel.points import Entries, Model
from symmix.kernel.positivity import Interval, PositiveForm
from symmix.kernel.products import DELTA, Index, Product
from symmix.kernel.scalars import Polynomial

Data = Any  # what JSON can hold
Multiplier = Sequence[tuple[Polynomial, int]]
Names = Mapping[str, str]  # what the kernel's own names for indices, reciprocals and inverses are outside
LABELS = {ROW: "row", COLUMN: "column", DELTA: "="}


def polynomial_data(polynomial: Polynomial, labels: Names) -> Data:
    """Return a polynomial, its terms in the order of their powers."""
    named = (
        (c, {labels.get(name, name): exponent for name, exponent in powers}) for powers, c in polynomial.terms.items()
    )
    return sorted(([str(c), dict(sorted(powers.items()))] for c, powers in named), key=lambda term: str(term[::-1]))


def multiplier_data(multiplier: Multiplier, labels: Names) -> Data:
    """Return a product of powers."""
    return [[polynomial_data(base, labels), power] for base, power in multiplier if power]


def network_data(expression: Expression, labels: Names) -> Data:
    """Return an expression."""

    def label(index: Index) -> Index:
        return labels.get(index, index) if isinstance(index, str) else index

    def product_data(product: Product) -> Data:
        return [[labels.get(f.tensor.name, f.tensor.name), [label(i) for i in f.indices]] for f in product]

    terms = [[polynomial_data(c, labels), product_data(product)] for product, c in expression.terms.items()]
    return {
        "free": {str(label(index)): dim for index, dim in expression.free.items()},
        "terms": sorted(terms, key=lambda term: str(term[::-1])),
    }


def root_data(root: Expression, samples: Mapping[str, str], labels: Names) -> Data:
    """Return what is squared; its own indices, which the square is summed over, are called end 0, end 1, ..."""
    ends = [index for index in root.free if index not in samples]
    return network_data(root, {**labels, **{index: f"end {number}" for number, index in enumerate(ends)}})


def combination_data(
    cofactors: Cofactors,
    multiplier: Multiplier,
    sources: Iterable[tuple[Data, Multiplier]],
    labels: Names,
) -> Data:
    """Return cofactors; ``sources`` says which hypothesis each belongs to, and what that was multiplied by."""
    terms = []
    parts = zip(cofactors.factors, cofactors.slots, cofactors.hypotheses, sources, strict=True)
    for number, (factor, slots, hypothesis, (of, by)) in enumerate(parts):
        if factor.is_zero:
            continue
        names = {slot: f"{number}.{labels.get(i, i)}" for i, slot in zip(hypothesis.slots, slots, strict=True)}
        terms.append(
            {
                "of": of,
                "multiplier": multiplier_data(by, labels),
                "slots": {labels.get(i, i): names[slot] for i, slot in zip(hypothesis.slots, slots, strict=True)},
                "factor": network_data(factor, {**labels, **names}),
            }
        )
    return {"multiplier": multiplier_data(multiplier, labels), "terms": terms}


def positive_data(found: PositiveForm, ranges: Mapping[str, Interval], squares: Multiplier, labels: Names) -> Data:
    """Return a positive form and what the scalar was multiplied by to get it; ``squares`` is what came before."""
    lowest: dict[str, int] = {}
    highest: dict[str, int] = {}
    for powers in found.original.terms:
        for name, exponent in powers:
            lowest[name] = min(lowest.get(name, 0), exponent)
    shifts = {name: -(exponent // 2) for name, exponent in lowest.items() if exponent < 0}
    for powers in found.original.terms:
        exponents = dict(powers)
        for name in lowest:
            highest[name] = max(highest.get(name, 0), exponents.get(name, 0) + 2 * shifts.get(name, 0))
    bounded = {name: degree for name, degree in highest.items() if ranges[name].high is not None}
    return {
        "form": polynomial_data(found.form, labels),
        "squares": multiplier_data(
            [*squares, *((Polynomial.variable(name), s) for name, s in sorted(shifts.items()))], labels
        ),
        "degrees": dict(sorted(bounded.items())),
        "lifted": found.lifted,
    }


def point_data(point: Model, hidden: Iterable[str] = ()) -> Data:
    """Return a point; ``hidden`` are names of what is only defined at it."""
    scalars = {name: str(value) for name, value in sorted(point.scalars.items()) if name not in {*hidden}}
    entries = {
        tensor.name: _nested(table, [point.sizes[dim] for dim in tensor.dims], ())
        for tensor, table in sorted(point.entries.items())
        if tensor.name not in {*hidden}
    }
    sizes = dict(sorted(point.sizes.items()))
    return {"sizes": sizes, "scalars": scalars, "entries": entries, "at": dict(sorted(point.at.items()))}


def _nested(table: Entries, sizes: Sequence[int], position: tuple[int, ...]) -> Data:
    if not sizes:
        return str(table.get(position, 0))
    return [_nested(table, sizes[1:], (*position, i)) for i in range(sizes[0])]
