"""A tree that is written as SymPy's expressions has the values of the tree, by code that shares nothing with it."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symmix.components import Components, Undefined
from symmix.errors import ExactnessError, StatementError
from symmix.evaluation import EXACT, Evaluation, Incomparable, Point, Singular
from symmix.language.outward import Outward, symbols_of
from symmix.terms import nodes as t
from symmix.terms.meanings import Names
from tests.trees import any_expressions

SIZES = {"k": 2, "h": 3, "n": 2}


def drawn(names: Names, seed: int) -> dict[str, Any]:
    random = Random(seed)
    found = {}
    for name, symbol in sorted(names.symbols.items()):
        shape = tuple(1 if size == "1" else SIZES[size] for size in symbol.axes) or (1, 1)
        entries = [Fraction(random.randint(-3, 3), random.randint(1, 2)) for _ in range(int(np.prod(shape)))]
        found[name] = np.array(entries, dtype=object).reshape(shape)
    return found


def in_sympys_terms(array: Any, symbol: t.Symbol) -> Any:
    if len(symbol.axes) > 2:
        return {place: array[place] for place in np.ndindex(*array.shape)}
    return array.tolist() if symbol.axes else array[0, 0]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)
@given(any_expressions(depth=2), st.integers(0, 9))
def test_sympys_components_of_what_is_written_are_the_values_of_the_tree(tree: t.Expression, seed: int) -> None:
    names = Names.of([tree])
    values, symbols = drawn(names, seed), symbols_of(names)
    given_values = {symbols[name]: in_sympys_terms(values[name], names.symbols[name]) for name in values}
    given_values |= {symbols[size]: SIZES[size] for size in names.sizes}
    try:
        wanted = Evaluation(Point(SIZES, values), {}, EXACT).value(tree)
        found = Components(given_values, {}).rows(Outward(symbols)(tree))
    except (Singular, Undefined, Incomparable, ExactnessError, StatementError):
        assume(False)  # noqa: FBT003 - it divides by zero, or is no polynomial where one is needed
    assert [list(map(Fraction, map(str, row))) for row in found] == np.asarray(wanted).tolist()
