"""The exact checker and the tree, which share nothing, call the same documents well formed."""

from __future__ import annotations

import copy
import json
import os
import random
from typing import Any

import pytest

from symmix.checker import Meter, RejectedError, Theorem, parse, require_news
from symmix.errors import SymmixError
from symmix.terms.codec import theorem_of
from symmix.terms.documents import require_theorem
from tests.catalogue import EVERY
from tests.test_checker import document_of, mutated, paths, value_at

ROUNDS = int(os.environ.get("SYMMIX_ROUNDS", "25"))


def refused_by_the_checker(statement: Any) -> str:
    try:
        for _, claim in Theorem(parse(json.dumps(statement)), Meter(10**6)).claims:
            require_news(claim)
    except RejectedError as error:
        return str(error)
    return ""


def refused_by_the_tree(statement: Any) -> str:
    try:
        require_theorem(theorem_of(statement))
    except SymmixError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", EVERY)
def test_the_checker_and_the_tree_refuse_the_same_documents(name: str) -> None:
    """Documents changed in a place or two; what only the checker refuses are labels that stand twice, and odd names."""
    rng = random.Random(name)
    original = document_of(name)["statement"]
    assert not refused_by_the_checker(original) + refused_by_the_tree(original)
    names = [*original["symbols"], *original["sizes"], "i", "j", "row"]
    for _ in range(ROUNDS):
        changed = copy.deepcopy(original)
        for _ in range(rng.choice([1, 1, 2])):
            path = rng.choice([p for p in paths(changed) if p])
            value_at(changed, path[:-1])[path[-1]] = mutated(value_at(changed, path), names, rng)
        checker, tree = refused_by_the_checker(changed), refused_by_the_tree(changed)
        alike = bool(checker) == bool(tree)
        assert alike or any(words in checker for words in ("labels that differ", "a name of letters"))
