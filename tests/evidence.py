"""Which test confirms which theorem or lemma, and how: a decorator that writes it down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from _pytest.mark.structures import ParameterSet

Test = TypeVar("Test", bound=Callable[..., Any])

CONFIRMED: dict[str, set[str]] = {}
LEMMAS: dict[str, set[str]] = {}


def confirms(theorem: str, *kinds: str) -> Callable[[Test], Test]:
    """Register a test as evidence, of some kinds, for a theorem."""

    def register(test: Test) -> Test:
        CONFIRMED.setdefault(theorem, set()).update(kinds)
        return test

    return register


def confirms_each(*kinds: str) -> Callable[[Test], Test]:
    """Register a parametrised test as evidence for every theorem that its parameter ``name`` runs over."""

    def register(test: Test) -> Test:
        for theorem in _names(test):
            confirms(theorem, *kinds)(test)
        return test

    return register


def _names(test: Callable[..., Any]) -> Iterator[str]:
    for mark in getattr(test, "pytestmark", ()):
        arguments, cases = mark.args
        if arguments == "name":
            yield from (str(case.values[0]) if isinstance(case, ParameterSet) else case for case in cases)
        elif arguments[0] == "name":
            yield from (case[0] for case in cases)


def confirms_lemma(lemma: str) -> Callable[[Test], Test]:
    """Register a test as evidence for a lemma."""

    def register(test: Test) -> Test:
        LEMMAS.setdefault(lemma, set()).add(test.__name__)
        return test

    return register
