"""Evidence as plain data: numbers as text, lists and maps, in an order that does not change from run to run.

===============  ====================================================================================================
polynomial       ``[["1/2", {"lam": 2}], ...]``, the sum of coefficient times powers
network          ``{"free": {"row": "k"}, "terms": [[polynomial, [["W", ["row", 0]], ["z", [0]]]], ...]}``, the sum of
                 products of entries; an index is free (text) or summed (a number)
combination      ``{"multiplier": [[polynomial, power], ...], "terms": [{"multiplier": ..., "slots": {"row": "s"},
                 "factor": network, "of": ...}, ...]}``: multiplier times the goal is the sum, over all values of the
                 slots, of factor times multiplier times hypothesis
positive form    ``{"form": polynomial, "squares": [[polynomial, power], ...], "degrees": {"lam": 2}, "lifted": 0}``
===============  ====================================================================================================

Nothing here decides anything; what reads it is ``check``, which shares no code with the kernel, this module included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from symmix.kernel.membership import Cofactors
from symmix.kernel.networks import Expression
from symmix.kernel.positivity import Interval, PositiveForm
from symmix.kernel.products import Index, Product
from symmix.kernel.scalars import Polynomial

Data = Any  # what JSON can hold
Multiplier = Sequence[tuple[Polynomial, int]]


def polynomial_data(polynomial: Polynomial) -> Data:
    """Return a polynomial, its terms in the order of their powers."""
    return [[str(c), dict(powers)] for powers, c in sorted(polynomial.terms.items())]


def multiplier_data(multiplier: Multiplier) -> Data:
    """Return a product of powers."""
    return [[polynomial_data(base), power] for base, power in multiplier if power]


def network_data(expression: Expression, labels: Mapping[str, str]) -> Data:
    """Return an expression; ``labels`` are the names to give to free indices, for readers outside."""

    def label(index: Index) -> Index:
        return labels.get(index, index) if isinstance(index, str) else index

    def product_data(product: Product) -> Data:
        return [[f.tensor.name, [label(i) for i in f.indices]] for f in product]

    terms = [[polynomial_data(c), product_data(product)] for product, c in expression.terms.items()]
    return {
        "free": {str(label(index)): dim for index, dim in expression.free.items()},
        "terms": sorted(terms, key=lambda term: str(term[::-1])),
    }


def combination_data(
    cofactors: Cofactors,
    multiplier: Multiplier,
    sources: Iterable[tuple[Data, Multiplier]],
    labels: Mapping[str, str],
) -> Data:
    """Return cofactors; ``sources`` says which hypothesis each belongs to, and what that was multiplied by."""
    terms = []
    parts = zip(cofactors.factors, cofactors.slots, cofactors.hypotheses, sources, strict=True)
    for number, (factor, slots, hypothesis, (of, by)) in enumerate(parts):
        if factor.is_zero:
            continue
        names = {
            slot: f"{number}.{labels.get(index, index)}" for index, slot in zip(hypothesis.free, slots, strict=True)
        }
        terms.append(
            {
                "of": of,
                "multiplier": multiplier_data(by),
                "slots": {labels.get(i, i): names[slot] for i, slot in zip(hypothesis.free, slots, strict=True)},
                "factor": network_data(factor, {**labels, **names}),
            }
        )
    return {"multiplier": multiplier_data(multiplier), "terms": terms}


def positive_data(found: PositiveForm, ranges: Mapping[str, Interval], squares: Multiplier) -> Data:
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
        "form": polynomial_data(found.form),
        "squares": multiplier_data([*squares, *((Polynomial.variable(name), s) for name, s in sorted(shifts.items()))]),
        "degrees": dict(sorted(bounded.items())),
        "lifted": found.lifted,
    }
