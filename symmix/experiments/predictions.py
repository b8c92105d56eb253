"""Predictions: the right side of a claim, once the theorem is proved, at the numbers of the data."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from symmix.catalogue import load
from symmix.errors import StatementError
from symmix.evaluation import Evaluation, Point
from symmix.terms.statements import Identity
from symmix.theorems import Outcome
from symmix.verdict import Proved


@cache
def _proved(theorem: str) -> Outcome:
    (script,) = (script for script in load() if script.id == theorem)
    outcome = script.prove()
    if not isinstance(outcome.verdict, Proved):
        raise StatementError("a proved theorem to predict from", f"{theorem}, {outcome.verdict.word}", "prove it first")
    return outcome


def stated(theorem: str, label: str, sizes: Mapping[str, int], values: Mapping[str, Any]) -> Any:
    """Return the right side of a claimed identity, an array of floats; ``values`` by the names that are printed.

    The data are taken as the exact numbers that they are in floating point; nothing is rounded before the end.

    Raises
    ------
    StatementError
        If the theorem is not proved, or the claim is no identity.
    """
    outcome = _proved(theorem)
    claim = dict(outcome.document.claims).get(label)
    if not isinstance(claim, Identity):
        raise StatementError("a claimed identity", f"{label!r} of {theorem}", "predict from what is claimed")
    exact = {name: _exact(value) for name, value in values.items()}
    found = Evaluation(Point(sizes, exact), outcome.frame.names.definitions).value(claim.right)
    return np.vectorize(float, otypes=[float])(found)


def _exact(value: Any) -> Any:
    array = np.atleast_2d(np.asarray(value, dtype=float))
    return np.vectorize(Fraction, otypes=[object])(array)
