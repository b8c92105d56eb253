"""Errors of the language below, which speaks to users of Python, in the words of a text."""

from __future__ import annotations

import re

from symmix.errors import SymmixError

_WORDS = (
    ("or constant=True", "or (dL/dz constant), where 0 is meant"),
    (
        "declare a Jacobian for what depends on it: Gradient(scalar, by, {symbol: its Jacobian})",
        "declare what depends on it, dz/dtheta := J; or write (dL/dz constant) where 0 is meant",
    ),
    ("declare its Jacobian too", "declare its derivative too, dz/dtheta := J"),
    ("of two columns u, v take the scalar Trace(u.T*v)", "of two columns u, v take the scalar u^T v"),
    ("A = B + B.T, and take B; or say it as a hypothesis, A - A.T", "A := B + B^T, and take B; or: given A = A^T"),
    (
        "name it by a symbol, and state what that satisfies as a hypothesis",
        "name it by a scalar, let s, and write: given s = w^T S w, s != 0",
    ),
    ("if SymPy cancelled something, keep it by symmix.language.quotient or inverse", "write what was meant"),
    ("; squares=[...] shows what is squared", ""),
)
_ONE = re.compile(r"\((\w+),\)")  # a tuple of one
_SHAPE = re.compile(r"\('(\w+)', '(\w+)'(?:, '(\w+)')?\)")


def in_text(error: SymmixError) -> tuple[str, str, str]:
    """Return what an error says was required, what arrived and what to do, without any Python in it."""
    return reworded(error.required), reworded(error.arrived), reworded(error.remedy)


def reworded(said: str) -> str:
    """Return a sentence with what is Python in it written as in a text."""
    for python, text in _WORDS:
        said = said.replace(python, text)
    said = _ONE.sub(r"\1", said)
    return _SHAPE.sub(lambda found: " x ".join(filter(None, found.groups())), said)
