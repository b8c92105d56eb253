"""The setting of a theorem: definitions, side conditions, sample indices, and the reader of what is stated in it.

Whatever a theorem states is read through its setting. The verdict is then about the symbols that are not defined, for
all their values that meet the conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import sympy as sp

from symmix.deciding import Frame
from symmix.divisions import Multiplier
from symmix.errors import StatementError
from symmix.kernel.arrays import Array
from symmix.kernel.points import Entries, Model
from symmix.kernel.products import Tensor
from symmix.language import Reader, Writer
from symmix.meaning import Meaning
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.documents import require_setting, require_statement
from symmix.terms.functions import require_bound_alone
from symmix.terms.meanings import Names
from symmix.terms.names import is_fixed
from symmix.terms.wellformed import require_well_formed


@dataclass
class Setting:
    """What holds throughout one theorem.

    Parameters
    ----------
    definitions
        Matrix symbols or scalars with what they stand for; they may build on each other, not on themselves.
    conditions
        Relations between scalars that all values meet: ``lam > 0``, ``Ne(v, 0)``. What SymPy assumes of a symbol, and
        what the legend states of its own (``0 <= lam <= 1``), is added.
    indices
        Sample indices with their sizes: what is said with one is said for every sample.
    point
        Values at which the hypotheses hold, for where the search finds none: sizes (whole numbers), scalars (rational
        numbers) and matrices (rows of rational numbers), by symbol.
    properties
        Which matrix symbols are "symmetric", "skew" or "diagonal", and which arrays one of the first two, under every
        exchange of two axes of one size: ``{A: "symmetric"}``. It means the same as the hypothesis ``A - A.T``.
    """

    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)
    conditions: Sequence[sp.Basic] = ()
    indices: Mapping[sp.Symbol, sp.Basic] = field(default_factory=dict)
    point: Mapping[sp.Basic, object] = field(default_factory=dict)
    properties: Mapping[sp.Basic, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = Reader(self.indices)
        self._definitions = self.reader.definitions(self.definitions)
        self._conditions = self.reader.conditions(self.conditions)
        self._properties = self.reader.properties(self.properties)
        if not isinstance(self.point, Mapping):
            raise StatementError("a point by symbol: {n: 2, v: [[1], [0]]}", repr(self.point), "give a mapping")
        self._frame: Frame | None = None
        self._writer = Writer(self.reader)

    def tree(self, roots: Iterable[Node]) -> s.Setting:
        """Return the setting of some statements as a tree, with everything that is assumed of their symbols."""
        return self.reader.finished(self._definitions, self._conditions, roots, self._properties)

    def frame(self, statement: s.Statement) -> Frame:
        """Return the frame of a single statement that was read here, once it is found well formed."""
        setting = self.tree([statement])
        names = Names.of([*setting.conditions, statement], setting.indices, setting.definitions, setting.properties)
        require_statement(statement, require_setting(setting, names))
        require_bound_alone([*setting.conditions, statement], names, setting.whole)
        return self.framed(setting, names)

    def framed(self, setting: s.Setting, names: Names) -> Frame:
        """Return the frame of a well-formed setting; from now on, normal forms are written in its terms."""
        given = self._given(names)
        self._frame = Frame.of(setting, names, given)
        meaning = self._frame.meaning
        self._writer = Writer(self.reader, meaning.reciprocals, meaning.inverses)
        if given is not None and self._frame.settled(given) != given:
            raise StatementError(
                f"a point with the properties {dict(names.properties)}", f"{given.entries}", "check it"
            )
        return self._frame

    def meaning(self, expression: sp.Basic) -> Array:
        """Return the normal form of an expression, definitions unfolded."""
        tree = self.reader.expression(expression)
        setting = self.tree([tree])
        names = Names.of([*setting.conditions, tree], setting.indices, setting.definitions, setting.properties)
        require_well_formed(tree, require_setting(setting, names))
        return self.framed(setting, names).array(tree)

    # -- out again ---

    def sympy(self, array: Array) -> sp.Basic:
        """Return a normal form as a SymPy expression."""
        return self._writer.write(array)

    def clearing(self, *sides: t.Expression, even: bool = False) -> Multiplier:
        """Return what an expression, or the difference of two, is multiplied by to clear its denominators."""
        return () if self._frame is None else self._frame.clearing(*sides, even=even)

    def clearing_of(self, stated: s.Hypothesis) -> Multiplier:
        """Return what a hypothesis is multiplied by to clear its denominators."""
        return () if self._frame is None else self._frame.clearing_of(stated)

    def written(self, array: Array) -> t.Expression:
        """Return a normal form as a tree."""
        return self.reader.expression(self.sympy(array))

    # -- a point that a user gives ---

    def _given(self, names: Names) -> Model | None:
        if not self.point:
            return None
        sizes: dict[str, int] = {}
        scalars: dict[str, Fraction] = {}
        entries: dict[Tensor, Entries] = {}
        named = {str(getattr(symbol, "name", symbol)): value for symbol, value in self.point.items()}
        sizes |= {size: int(size) for symbol in names.symbols.values() for size in symbol.axes if is_fixed(size)}
        entries |= {Tensor(str(p), (size,)): {(p,): Fraction(1)} for size, count in sizes.items() for p in range(count)}
        for name in names.sizes & named.keys():
            sizes[name] = _whole(name, named[name])
        for name, value in named.items():
            symbol = names.symbols.get(name)
            if symbol is None and name not in names.sizes:
                raise StatementError("a point of the symbols that occur", f"a value for {name}", "leave it out")
            if symbol in names.definitions:
                raise StatementError("a point without what is defined", f"a value for {name}", "leave it out")
            if symbol is not None and not symbol.axes:
                scalars[name] = _exact(name, value)
            elif symbol is not None:
                entries[Meaning(names).tensor(symbol)] = _entries(symbol, value, sizes)
        return Model(sizes, scalars, entries)


def _whole(name: str, value: object) -> int:
    if isinstance(value, int | sp.Integer) and not isinstance(value, bool) and int(value) >= 1:
        return int(value)
    raise StatementError(f"a whole number from 1 on for the size {name}", repr(value), "give one")


def _exact(name: str, value: object) -> Fraction:
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, int | Fraction):
        return Fraction(value)
    raise StatementError(f"a rational number for {name}", repr(value), "write sympy.Rational(1, 2) for 0.5")


def _entries(symbol: t.Symbol, value: object, sizes: Mapping[str, int]) -> Entries:
    """Return the entries of a matrix that is given by its rows, without axes of size 1."""
    rows = value.tolist() if isinstance(value, sp.MatrixBase) else value
    if not isinstance(rows, Sequence) or not all(isinstance(row, Sequence) for row in rows) or len(symbol.axes) != 2:
        raise StatementError(f"rows of rational numbers for {symbol}", repr(value), "write [[1, 0], [0, 1]]")
    shape = tuple(1 if size == "1" else sizes.get(size, 0) for size in symbol.axes)
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        raise StatementError(f"{shape[0]} rows of {shape[1]} numbers for {symbol}", repr(value), "give all its sizes")
    kept = [place for place, size in enumerate(symbol.axes) if size != "1"]
    return {
        tuple((i, j)[place] for place in kept): _exact(symbol.name, x)
        for i, row in enumerate(rows)
        for j, x in enumerate(row)
    }
