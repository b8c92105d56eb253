"""Why something holds, in formulas: a combination of the hypotheses with their cofactors."""

from __future__ import annotations

import sympy as sp

from symmix.export.text import text
from symmix.kernel.networks import Expression, entry
from symmix.kernel.networks import zeros as zero
from symmix.kernel.products import Tensor
from symmix.language import Array
from symmix.language.array import COLUMN, ROW
from symmix.setting import Setting
from symmix.verdict import Membership


def combination(evidence: Membership, setting: Setting) -> tuple[sp.Basic, dict[sp.Basic, sp.Basic]]:
    """Return ``sum_i C_i . e_i``, and what stands for a hypothesis in it that is more than a symbol."""
    language, found = setting.language, evidence.cofactors
    total = zero(found.goal.free)
    standing: dict[sp.Basic, sp.Basic] = {}
    for factor, slots, e, shown in zip(found.factors, found.slots, found.hypotheses, evidence.hypotheses, strict=True):
        named = Tensor(f"({text(shown)})" if not isinstance(shown, sp.MatrixSymbol) else shown.name, _shape(e)[1])
        rows, columns = (language.symbols[e.free[axis]] if axis in e.free else 1 for axis in (ROW, COLUMN))
        symbol = language.symbols.setdefault(named.name, sp.MatrixSymbol(named.name, rows, columns))
        if symbol != shown:
            standing[symbol] = shown
        slot_of = dict(zip(e.free, slots, strict=True))
        total = total + (factor * entry(named, *(slot_of[axis] for axis in _shape(e)[0]))).sum(*slots)
    rows, columns = (found.goal.free.get(axis) for axis in (ROW, COLUMN))
    return language.write(Array(total, rows, columns)), standing


def _shape(e: Expression) -> tuple[list[str], tuple[str, ...]]:
    """Return the free indices of an expression and their sizes, rows first, then columns, then samples."""
    axes = sorted(e.free, key=lambda axis: ((ROW, COLUMN).index(axis) if axis in (ROW, COLUMN) else 2, axis))
    return axes, tuple(e.free[axis] for axis in axes)
