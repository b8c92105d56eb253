"""Symbols that stand for something in what is written: for a hypothesis, in a combination of hypotheses."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.language.reader import Reader


def stand_in(reader: Reader, sizes: Sequence[str]) -> str:
    """Return the name of a new symbol of the theorem, which has the given axes and will be replaced."""
    name = f"standing{len(reader.symbols):03}"  # of one length: SymPy sorts by it
    axes = [sp.S.One if size == "1" else reader.symbols[size] for size in sizes]
    reader.symbols[name] = sp.MatrixSymbol(name, *axes) if len(axes) == 2 else ArraySymbol(name, tuple(axes))
    return name
