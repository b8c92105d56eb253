"""The dictionary between SymPy symbols and kernel tensors, and the two directions that share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.errors import DimensionError, NotationError, StatementError, UnsupportedError
from symmix.kernel.calculus import Template, substitute, substitute_scalars
from symmix.kernel.networks import Expression, Tensor
from symmix.kernel.scalars import Polynomial
from symmix.language.array import COLUMN, ROW, Array, as_coefficient
from symmix.language.reader import Reader
from symmix.language.writer import Writer


@dataclass
class Language:
    """Reads and writes SymPy expressions, and keeps the dictionary between both sides.

    One language serves one theorem: a name has one meaning in it, and a second symbol of the same name is an error.
    ``indices`` declares free sample indices with their sizes ("for every i"). ``reciprocals`` collects the
    denominators that were met, ``nonzero`` all scalars that were divided by. ``quantities`` are the scalar symbols
    whose definition holds tensor entries, such as a loss; they are tensors without axes.
    """

    indices: Mapping[sp.Symbol, sp.Symbol] = field(default_factory=dict)
    symbols: dict[str, sp.Basic] = field(default_factory=dict)
    reciprocals: dict[str, Polynomial] = field(default_factory=dict)
    nonzero: set[Polynomial] = field(default_factory=set)
    templates: list[Template] = field(default_factory=list)
    scalar_definitions: dict[str, Polynomial] = field(default_factory=dict)
    quantities: frozenset[sp.Symbol] = frozenset()
    _sizes: set[str] = field(default_factory=set)

    # -- reading ---------------------------------------------------------------------------------------------------

    def read(self, expression: sp.Basic) -> Array:
        """Return the kernel's form of a SymPy scalar or matrix expression.

        Raises
        ------
        UnsupportedError, DimensionError, NotationError
            Naming the offending subexpression.
        """
        scope = {self.index_name(i): self.size(n, i) for i, n in self.indices.items()}
        return Reader(self, {name: dim for name, dim in scope.items() if dim is not None}).read(expression)

    def scalar(self, expression: sp.Basic) -> Polynomial:
        """Return a scalar without tensor entries as a coefficient."""
        array = self.read(expression)
        return as_coefficient(array.expression, expression)

    def tensor(self, symbol: sp.Basic) -> Tensor:
        """Return the kernel's tensor for a matrix or array symbol."""
        if symbol in self.quantities:
            self.declare(str(symbol.name), symbol)
            return Tensor(str(symbol.name), ())
        if not isinstance(symbol, sp.MatrixSymbol | ArraySymbol):
            raise UnsupportedError("a matrix symbol", f"{symbol} ({type(symbol).__name__})", "declare a MatrixSymbol")
        self.declare(str(symbol.name), symbol)
        dims = [self.size(size, symbol) for size in symbol.shape]
        return Tensor(str(symbol.name), tuple(dim for dim in dims if dim is not None))

    def template(self, symbol: sp.Basic, value: sp.Basic) -> Template:
        """Return the definition ``symbol := value`` for substitution."""
        tensor, array = self.tensor(symbol), self.read(value)
        shape = tuple(self.size(size, symbol) for size in getattr(symbol, "shape", (1, 1)))
        if shape != (array.rows, array.columns):
            raise DimensionError(
                f"a definition of {symbol} of shape {tuple(size or '1' for size in shape)}",
                f"{value} of shape {array.shape}",
                "define it with the shape that it has",
            )
        slots = tuple(index for index, dim in zip((ROW, COLUMN), shape, strict=True) if dim is not None)
        return Template(tensor, slots, array.expression)

    @property
    def sizes(self) -> frozenset[str]:
        """The names that were used as sizes: a witness gives them whole numbers."""
        return frozenset(self._sizes)

    def index_name(self, symbol: sp.Symbol) -> str:
        """Return the kernel's name of an index; SymPy's dummies share names and differ by number."""
        if isinstance(symbol, sp.Dummy):
            return f"{symbol.name}~{symbol.dummy_index}"
        return str(symbol.name)

    def declare(self, name: str, symbol: sp.Basic) -> None:
        """Enter a symbol into the dictionary; a second meaning for its name is an error."""
        known = self.symbols.setdefault(name, symbol)
        if known != symbol:
            raise NotationError(
                f"one meaning for the name {name!r}",
                f"{sp.srepr(known)} and {sp.srepr(symbol)}",
                "rename one of the two symbols",
            )

    def size(self, size: sp.Basic, context: sp.Basic) -> str | None:
        """Return the kernel's name of a size, None for 1."""
        size = sp.S(size)
        if size == 1:
            return None
        if not isinstance(size, sp.Symbol):
            raise UnsupportedError(
                "a size that is a symbol, or 1",
                f"{size} in {context}",
                "use a symbolic size: what is proved for every size holds for yours",
            )
        self.declare(size.name, size)
        self._sizes.add(str(size.name))
        return str(size.name)

    def reciprocal(self, denominator: Polynomial) -> Polynomial:
        """Return 1/denominator as a coefficient, and remember that it must not be zero."""
        denominator = denominator.substitute(self.scalar_definitions)
        self.nonzero.add(denominator)
        inverse = denominator.reciprocal()
        if inverse is not None:
            return inverse
        name = f"1/({denominator})"
        self.reciprocals[name] = denominator
        return Polynomial.variable(name)

    def cleared(self, expression: Expression) -> Expression:
        """Multiply by the denominators until none is left; zero exactly when the expression is, where they are not."""
        for name, denominator in self.reciprocals.items():
            powers = [dict(p).get(name, 0) for c in expression.terms.values() for p in c.terms]
            highest = max(powers, default=0)
            if highest:
                image = {d: denominator ** (highest - d) for d in range(highest + 1)}
                expression = expression.map_coefficients(
                    {p: c.map_powers(name, image) for p, c in expression.terms.items()}
                )
        return expression

    # -- definitions ---

    def define(self, definitions: Mapping[sp.Basic, sp.Basic]) -> None:
        """Enter definitions of matrix symbols and scalars; they may build on each other, not on themselves."""
        self.quantities = _quantities(definitions)
        scalars = {s: v for s, v in definitions.items() if isinstance(s, sp.Symbol) and s not in self.quantities}
        self.scalar_definitions = _resolved({str(s.name): self.scalar(v) for s, v in scalars.items()})
        self.templates = [self.template(s, v) for s, v in definitions.items() if s not in scalars]
        _reject_cycles({t.tensor.name: {x.name for x in t.body.tensors} for t in self.templates})

    def unfolded(self, array: Array) -> Array:
        """Replace what is defined by its definition until nothing defined is left."""
        expression = array.expression
        while expression.tensors & {t.tensor for t in self.templates}:
            expression = substitute(expression, self.templates)
        return replace(array, expression=substitute_scalars(expression, self.scalar_definitions))

    # -- writing ---------------------------------------------------------------------------------------------------

    def write(self, array: Array) -> sp.Basic:
        """Return a SymPy expression that reads back as the given array."""
        return Writer(self).write(array)

    def write_scalar(self, polynomial: Polynomial) -> sp.Expr:
        """Return a coefficient as a SymPy expression, factored, with ``1 - lam`` rather than ``lam - 1``."""
        total = sp.Add(*(self._term(powers, c) for powers, c in polynomial.terms.items()))
        if len(polynomial.terms) < 2:
            return total
        numerator, denominator = sp.fraction(sp.together(total))
        lead, factors = sp.factor_list(numerator)
        flips = sum(exponent for base, exponent in factors if _prefers_flip(base))
        powers = [(-base if _prefers_flip(base) else base) ** exponent for base, exponent in factors]
        return sp.Mul((-1) ** flips * lead, *powers) / denominator

    def _term(self, powers: Sequence[tuple[str, int]], c: Fraction) -> sp.Expr:
        bases = [
            1 / self.write_scalar(self.reciprocals[name]) if name in self.reciprocals else self._symbol(name)
            for name, _ in powers
        ]
        powered = [base**exponent for base, (_, exponent) in zip(bases, powers, strict=True)]
        return sp.Mul(sp.Rational(c.numerator, c.denominator), *powered)

    def _symbol(self, name: str) -> sp.Symbol:
        return self.symbols.setdefault(name, sp.Symbol(name))


def _prefers_flip(base: sp.Expr) -> bool:
    """Whether a factor such as ``lam - 1`` reads better with the other sign; sizes (integers) stay as ``n - 1``."""
    constant_term = base.as_coeff_Add()[0]
    return bool(constant_term < 0) and not all(s.is_integer for s in base.free_symbols)


def _quantities(definitions: Mapping[sp.Basic, sp.Basic]) -> frozenset[sp.Symbol]:
    """Return the scalar symbols whose definitions hold tensor entries, also by way of each other."""
    found: frozenset[sp.Basic] = frozenset()
    while True:
        grown = frozenset(
            s
            for s, value in definitions.items()
            if isinstance(s, sp.Symbol) and (value.has(sp.MatrixSymbol, ArraySymbol) or value.free_symbols & found)
        )
        if grown == found:
            return found
        found = grown


def _resolved(definitions: Mapping[str, Polynomial]) -> dict[str, Polynomial]:
    """Unfold scalar definitions in each other until none is left."""
    _reject_cycles({name: set(value.names) for name, value in definitions.items()})
    resolved = dict(definitions)
    for _ in definitions:
        resolved = {name: value.substitute(resolved) for name, value in resolved.items()}
    return resolved


def _reject_cycles(uses: Mapping[str, set[str]]) -> None:
    remaining = dict(uses)
    while remaining:
        ready = [name for name, used in remaining.items() if not used & remaining.keys()]
        if not ready:
            raise StatementError(
                "definitions that do not depend on themselves",
                f"a cycle among {sorted(remaining)}",
                "define each symbol in terms of symbols that are not defined by it",
            )
        for name in ready:
            del remaining[name]
