"""Exact rewriting of SymPy expressions by way of the kernel: the result is expanded and in normal form."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from symmix.setting import Setting


def substitute(expression: sp.Basic, definitions: Mapping[sp.Basic, sp.Basic]) -> sp.Basic:
    """Return the expression with symbols replaced by their definitions, multiplied out.

    Parameters
    ----------
    expression
        A scalar or matrix of the language.
    definitions
        Matrix symbols or scalars with what to put in their place, of the same shape.

    Raises
    ------
    StatementError
        If the definitions go round in a circle.

    Examples
    --------
    >>> from symmix.notation import W, b, e, y, z
    >>> substitute(y - W * z, {y: e + W * z + b})
    b + e
    """
    setting = Setting(definitions)
    return setting.sympy(setting.meaning(expression))
