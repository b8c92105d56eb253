"""The catalogue's own numbers: what every theorem that defines something brings, right, and contradicted if changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from importlib import import_module
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symmix.confirming.bench import Bench
from symmix.deciding.whole import Verdicts
from symmix.theorems import Outcome
from tests.catalogue import SCRIPTS
from tests.slow import slow_but

DEFINING = [name for name, script in SCRIPTS.items() if script.theorem.definitions]
Numbers = Callable[..., Any]


def undecided(name: str) -> Outcome:
    """Return a theorem that was read, with nothing decided: numbers of definitions need no more."""
    script = SCRIPTS[name]
    return script.stated().outcome(script, Verdicts({}, [], {}), None, "", 0)


def found(outcome: Outcome) -> list[str]:
    bench = Bench(outcome)
    bench.look_at_numbers()
    assert bench.tallies["numbers"].cases
    return [str(remark) for remark in bench.tallies["numbers"].disagreements]


def function(given: Numbers | str) -> Numbers:
    if not isinstance(given, str):
        return given
    module, _, name = given.partition(":")
    of: Numbers = getattr(import_module(module), name)
    return of


def a_factor(right: Any) -> Any:
    return 2 * right


def a_sign(right: Any) -> Any:
    return -right


def one_entry(right: Any) -> Any:
    changed = right.copy()
    changed.reshape(-1)[-1] += 1
    return changed


def cases_moved_on(right: Any) -> Any:
    return np.roll(right, 1, axis=0)


MISTAKES = [a_factor, a_sign, one_entry, cases_moved_on]


@pytest.mark.parametrize("name", slow_but(DEFINING[::4], DEFINING))
def test_every_definition_comes_with_numbers_and_a_changed_function_is_contradicted(name: str) -> None:
    outcome = undecided(name)
    numbers = outcome.theorem.numbers
    assert {str(symbol) for symbol in numbers} == {str(symbol) for symbol in outcome.theorem.definitions}
    assert not found(outcome)
    for symbol, given in numbers.items():
        for mistake in MISTAKES:
            changed = planted(outcome, symbol, function(given), mistake)
            said = found(changed)
            assert any(line.startswith(f"the numbers of {symbol}: they are ") for line in said), (mistake, symbol)


def planted(outcome: Outcome, symbol: sp.Basic, right: Numbers, mistake: Callable[[Any], Any]) -> Outcome:
    @wraps(right)
    def wrong(**given: Any) -> Any:
        return mistake(np.asarray(right(**given)))

    other = replace(outcome.theorem, numbers={symbol: wrong})
    return replace(outcome, script=replace(outcome.script, state=lambda: other, file=outcome.script.path))
