"""The names of one theorem, met in SymPy: symbols, sizes, sample indices, and fresh names for what is bound.

SymPy's symbols are told apart as objects: by name, assumptions and class, dummies by number. A name has one meaning; a
bound index whose name means something else gets another name, so that nothing is captured.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import chain, count

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.errors import DimensionError, NotationError, UnsupportedError
from symmix.language.assumptions import require_index, require_real, require_size
from symmix.language.inert import shown
from symmix.language.nodes import OwnIndex
from symmix.language.survey import Survey
from symmix.notation import LegendArray, LegendMatrix, LegendSymbol
from symmix.terms import nodes as t
from symmix.terms.names import MAX_FIXED_SIZE, is_size, require_name

SCALARS = (sp.Symbol, sp.Dummy, LegendSymbol)  # exactly these: a subclass may mean anything
MATRICES = (sp.MatrixSymbol, LegendMatrix)
ARRAYS = (ArraySymbol, LegendArray)
INDICES = (*SCALARS, OwnIndex)


class Symbols:
    """Everything that has a name in one theorem.

    ``by_name`` are the symbols, sizes and sample indices that were met, ``free`` the sample indices with their sizes,
    ``first`` where the sums over each size begin, 0 or 1.
    """

    def __init__(self, indices: Mapping[sp.Symbol, sp.Basic]) -> None:
        if not isinstance(indices, Mapping):
            raise UnsupportedError("sample indices with their sizes", shown(indices), "write indices={i: n}")
        self.by_name: dict[str, sp.Basic] = {}
        self.sizes: dict[str, None] = {}
        self.free: dict[str, str] = {}
        self.first: dict[str, int] = {}
        self.survey = Survey()
        self._bound: set[str] = set()
        self._numbers: dict[str, None] = {}  # sizes that are used as numbers
        for index, size in indices.items():
            if type(index) not in SCALARS:
                raise UnsupportedError("a symbol as index", shown(index), "declare a Symbol")
            self.free_index(index, self.size(size, index), index)

    # -- what has a name ---

    def size(self, size: object, context: object) -> str:
        """Return the name of a size, "1", or one that is fixed, "2"; ``context`` is for the error."""
        if isinstance(size, sp.Integer | int) and not isinstance(size, bool):
            number = str(int(size))  # SymPy takes long to print
            if is_size(number):
                return number
        if type(size) not in SCALARS:
            raise UnsupportedError(
                f"a size that is a symbol, or a number from 1 to {MAX_FIXED_SIZE}",
                f"{shown(size)} in {shown(context)}",
                "use a symbolic size: what is proved for every size holds for yours",
            )
        require_size(size)
        name = self._enter(size, "a size")
        if name in self.free or name in self._numbers:
            raise two_meanings(name, f"a size, in {shown(context)}, and an index or a scalar")
        self.sizes[name] = None
        return name

    def scalar(self, symbol: sp.Symbol) -> t.Symbol | t.Size:
        """Return a scalar symbol; a size as a number is a Size."""
        name = str(symbol.name)
        if name in self.free:
            raise two_meanings(name, "an index, and a scalar: an index stands inside square brackets only")
        if name in self.sizes or symbol in self.survey.sizes:
            require_size(symbol, as_number=True)
            return t.Size(self.size(symbol, symbol))
        require_real(symbol)
        if symbol.is_integer and symbol.is_positive and name not in self._numbers:
            return t.Size(self.size(symbol, symbol))  # a positive whole number is as good as a size
        self._numbers[self._enter(symbol, "a symbol")] = None
        return t.Symbol(name)

    def quantity(self, symbol: sp.Symbol) -> t.Symbol | None:
        """Return a scalar symbol that is to be defined or averaged over, or None if it is a size."""
        if symbol not in self.survey.sizes and str(symbol.name) not in self.sizes:
            self._numbers[self._enter(symbol, "a symbol")] = None
        found = self.scalar(symbol)
        return found if isinstance(found, t.Symbol) else None

    def matrix(self, symbol: sp.Basic) -> t.Symbol:
        """Return a matrix or array symbol."""
        axes = tuple(self.size(size, symbol) for size in symbol.shape)
        return t.Symbol(self._enter(symbol, "a symbol"), axes)

    def free_index(self, index: sp.Symbol, size: str, context: object) -> str:
        """Return the name of a sample index, which is used along an axis of a size."""
        require_index(index)
        name = str(index.name)
        if name in self.sizes or name in self._numbers:
            raise two_meanings(name, f"an index, in {shown(context)}, and a size or a scalar")
        self._enter(index, "an index")
        known = self.free.setdefault(name, size)
        if known != size:
            raise DimensionError(
                f"one size for the index {name}",
                f"{known!r} and {size!r} in {shown(context)}",
                "use another index, or check the order of the factors",
            )
        return name

    def is_free(self, index: sp.Basic) -> bool:
        """Whether a symbol is a sample index whose size is known."""
        name = str(index.name)
        return name in self.free and self.by_name[name] == index

    def start(self, size: str, low: int, context: object) -> None:
        """Take note of where a sum over a size begins; over one size all begin at the same number."""
        known = self.first.setdefault(size, low)
        if known != low:
            raise NotationError(
                f"sums over {size} that all begin at {known}, as others of this theorem do",
                shown(context),
                f"number the samples from {known} everywhere",
            )

    def _enter(self, symbol: sp.Basic, role: str) -> str:
        name = str(symbol.name)
        require_name(name, role)
        if name in self._bound:
            raise two_meanings(name, f"an index that is bound, and {role}")
        known = self.by_name.setdefault(name, symbol)
        if known != symbol:
            raise two_meanings(name, f"{_told_apart(known)} and {_told_apart(symbol)}")
        return name

    # -- what is bound ---

    def fresh(self, symbol: sp.Symbol, around: set[str], first: int = 0) -> str:
        """Return a name for an index that is bound, from ``first`` on: its own, unless that means something else."""
        require_index(symbol, first)
        own = str(symbol.name)
        if isinstance(symbol, sp.Dummy):
            own = re.sub(r"[^A-Za-z0-9_]|^[^A-Za-z]+|^Dummy_\d+$", "", own) or "i"
        require_name(own, "an index")
        stem = own.rstrip("'+-~")
        taken = around | self.by_name.keys() | self.survey.names
        candidates = chain((own,), (f"{stem}{number}" for number in count(1)))
        name = next(name for name in candidates if name not in taken)
        if not isinstance(symbol, OwnIndex):  # what we wrote, we can write anew
            self._bound.add(name)
        return name


def _told_apart(symbol: sp.Basic) -> str:
    """Return a symbol with what parts it from a namesake."""
    legend = " of symmix.notation" if isinstance(symbol, LegendSymbol | LegendMatrix | LegendArray) else ""
    return f"{sp.srepr(symbol)}{legend}"


def two_meanings(name: str, meanings: str) -> NotationError:
    """Return the error for a name that means two things."""
    return NotationError(f"one meaning for the name {name!r}", meanings, "rename one of the two")
