"""The symbols of one random statement, and how its nodes are put together: with SymPy's evaluation or without."""

from __future__ import annotations

from random import Random
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix.language import At, Entries, Gradient

_SIZES = ("n", "d", "k")
_SCALARS = ("a", "b", "s", "tau", "lam", "mu", "x")
_MATRICES = "ABCDEFGHKPQRUVWXYZ"
_VECTORS = ("u", "v", "w", "y", "z", "e", "theta", "r", "v'")
# names that look like something else: a reciprocal, a sum, an index, a size, SymPy's own, Python's, a matrix's axes
_ODD = (
    "1/(1 + a)",
    "a + b",
    "i",
    "j",
    "n~1",
    "I",
    "E",
    "S",
    "lambda",
    "\N{DOWNWARDS ARROW}",
    "0",
    "n",
    "_i_1",
    "#0",
    "A[i, j]",
)
_FACTS: tuple[dict[str, bool], ...] = (
    {"real": True},
    {"real": True},
    {"real": True},
    {},
    {"positive": True},
    {"nonnegative": True},
    {"nonzero": True, "real": True},
    {"integer": True},
    {"negative": True},
    {"integer": True, "positive": True},
)


class Vocabulary:
    """Symbols that are drawn once and come back; ``raw`` keeps SymPy from evaluating what is put together."""

    def __init__(self, random: Random, *, raw: bool, odd: bool = False) -> None:
        self.random = random
        self.raw = raw
        self.odd = odd
        self.sizes = [sp.Symbol(name, integer=True, positive=True) for name in _SIZES[: random.randint(1, 3)]]
        if random.random() < 0.15:  # a size that is a number, beside open ones or alone
            self.sizes[-1] = sp.Integer(random.choice([2, 2, 3]))
        self._matrices: dict[tuple[Any, Any], list[sp.MatrixSymbol]] = {}
        self._names = [*_MATRICES]
        self._columns = [*_VECTORS]
        random.shuffle(self._names)
        random.shuffle(self._columns)
        self._scalars: list[sp.Symbol] = []
        self._scalar_names = [*_SCALARS]
        random.shuffle(self._scalar_names)
        self._indices = 0

    # -- symbols -------------------------------------------------------------------------------------------------------

    def size(self) -> Any:
        """Pick one of the sizes."""
        return self.random.choice(self.sizes)

    def matrix(self, rows: Any, columns: Any, *, fresh: bool = False) -> sp.MatrixSymbol:
        """Pick or draw a matrix symbol of a shape."""
        known = self._matrices.setdefault((rows, columns), [])
        if not fresh and known and self.random.random() < 0.7:
            return self.random.choice(known)
        names = self._columns if 1 in (rows, columns) and self._columns else self._names
        name = names.pop() if names else f"M{sum(map(len, self._matrices.values()))}"
        symbol = sp.MatrixSymbol(name, rows, columns)
        known.append(symbol)
        return symbol

    def column(self, rows: Any = None, *, fresh: bool = False) -> sp.MatrixSymbol:
        """Pick or draw a column."""
        return self.matrix(rows or self.size(), 1, fresh=fresh)

    def square(self, *, fresh: bool = False) -> sp.MatrixSymbol:
        """Pick or draw a square matrix symbol."""
        size = self.size()
        return self.matrix(size, size, fresh=fresh)

    def symbol(self, *, fresh: bool = False, **facts: bool) -> sp.Symbol:
        """Pick or draw a scalar symbol; with what SymPy is told of it, or with something at random."""
        if not fresh and not facts and self._scalars and self.random.random() < 0.7:
            return self.random.choice(self._scalars)
        odd = self.odd and self.random.random() < 0.3
        name = self.random.choice(_ODD) if odd or not self._scalar_names else self._scalar_names.pop()
        symbol = sp.Symbol(name, **(facts or self.random.choice(_FACTS)))
        self._scalars.append(symbol)
        return symbol

    def index(self) -> sp.Symbol:
        """Draw an index that is used for nothing else, but for other sums beside this one."""
        self._indices += 1
        kind = self.random.random()
        if kind < 0.1:
            return sp.Dummy("i", integer=True)
        if kind < 0.2:
            return sp.Symbol("ijfg"[self._indices % 4])  # without assumptions
        return sp.Symbol(f"i{self._indices}", integer=True)

    # -- putting nodes together ----------------------------------------------------------------------------------------

    def add(self, *parts: Any) -> Any:
        """Add scalars."""
        return sp.Add(*parts, evaluate=not self.raw)

    def mul(self, *parts: Any) -> Any:
        """Multiply scalars."""
        return sp.Mul(*parts, evaluate=not self.raw)

    def pow(self, base: Any, exponent: int) -> Any:
        """Raise a scalar to a whole power."""
        return sp.Pow(base, exponent, evaluate=not self.raw)

    def mat_add(self, *parts: Any) -> Any:
        """Add matrices."""
        return sp.MatAdd(*parts) if self.raw else sp.MatAdd(*parts).doit()

    def mat_mul(self, *parts: Any) -> Any:
        """Multiply matrices and scalars; SymPy's evaluation moves scalars to the front and cancels inverses."""
        if self.raw:
            return sp.MatMul(*parts)
        product = parts[0]
        for part in parts[1:]:
            product = product * part
        return product

    def transpose(self, matrix: Any) -> Any:
        """Transpose."""
        return sp.Transpose(matrix) if self.raw else matrix.T

    def entry(self, matrix: Any, row: Any, column: Any) -> Any:
        """Take an entry; SymPy's evaluation goes into sums and products."""
        if isinstance(matrix, sp.MatrixSymbol):
            return matrix[row, column]
        if self.raw or matrix.atoms(Entries, Gradient, At):  # of which SymPy knows no entries
            return MatrixElement(matrix, row, column)
        return matrix[row, column]

    def sum(self, body: Any, index: Any, size: Any, base: int = 0) -> Any:
        """Sum over a whole axis."""
        return sp.Sum(body, (index, base, size - 1 + base))

    def hadamard(self, *parts: Any) -> Any:
        """Multiply matrices entry by entry."""
        return sp.HadamardProduct(*parts)


def squared_norm(column: Any) -> Any:
    """Return the sum of the squared entries."""
    return sp.Trace(sp.MatMul(sp.Transpose(column), column))
