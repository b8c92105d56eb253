"""What a Coq statement is about: the symbols that occur, their types, definitions, and what has to hold for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.export.coq.axes import outside, sizes_of
from symmix.export.coq.syntax import identifier, sample_names


class Law(sp.Symbol):  # type: ignore[misc]  # SymPy has no types
    """The distribution of a random scalar: what an expectation is taken with."""


@dataclass(frozen=True)
class Definition:
    """A defined symbol as a Coq function: of which symbols, and what it needs to hold."""

    name: str
    symbols: tuple[sp.Basic, ...]
    text: str
    premises: Mapping[str, frozenset[sp.Basic]]


@dataclass
class Context:
    """Collects, while one statement or definition is printed, what it depends on.

    Attributes
    ----------
    defined
        What symbols stand for.
    samples
        The sizes that count samples; all others are those of spaces.
    definitions
        The Coq definitions so far, each behind those that it uses.
    found, sizes, premises, lines
        The symbols and the sizes that occur in what was printed so far; what has to hold for it, with the symbols that
        occur there; and what was differentiated, with the proposition that it is quadratic.
    """

    defined: Mapping[sp.Basic, sp.Basic]
    samples: frozenset[sp.Basic]
    definitions: dict[sp.Basic, Definition] = field(default_factory=dict)
    found: set[sp.Basic] = field(default_factory=set)
    sizes: set[sp.Basic] = field(default_factory=set)
    premises: dict[str, frozenset[sp.Basic]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    _names: Iterator[str] = field(default_factory=sample_names)

    def inner(self) -> Context:
        """Return the context of a definition: it shares the definitions, and collects for itself."""
        return Context(self.defined, self.samples, self.definitions)

    def size(self, size: sp.Basic) -> str:
        """Return the name of a space, or of what samples are counted by."""
        if not isinstance(size, sp.Symbol) or identifier(size) != size.name:
            raise outside(size, "a size that is no symbol, or has a name that is taken")
        self.sizes.add(size)
        return str(size.name)

    def sample(self) -> str:
        """Return a name for a sample that no other has here."""
        return next(self._names)

    def ordered(self, symbols: Iterable[sp.Basic]) -> list[sp.Basic]:
        """Return symbols in order: maps, then vectors and families of them, then numbers, each by their names."""
        kinds = {symbol: self.type_of(symbol) for symbol in symbols}
        return sorted(kinds, key=lambda s: (kinds[s] == "R", "Linear" not in kinds[s], kinds[s], str(s.name)))

    def type_of(self, symbol: sp.Basic) -> str:
        """Return the type of a symbol: a function of samples, to numbers, vectors or linear maps."""
        if isinstance(symbol, Law):
            return "Expectation"
        shape = sizes_of(symbol)
        features = [self.size(size) for size in shape if size not in self.samples]
        if len(features) > 2:
            raise outside(symbol.name, f"the shape {shape}, which is neither that of vectors nor of maps")
        value = ["R", *features][-1] if len(features) < 2 else f"Linear {features[1]} {features[0]}"
        return " -> ".join([*(self.size(size) for size in shape if size in self.samples), value])

    def binders(self, symbols: Iterable[sp.Basic], around_sizes: str = "()") -> list[str]:
        """Return the binders of symbols and their sizes, those of one type together."""
        ordered = self.ordered(symbols)
        sizes = sorted(self.sizes.union(*map(sizes_of, ordered)), key=str)
        opening, closing = tuple(around_sizes)
        binders = []
        for kind, counted in (("Space", False), ("Samples", True)):
            names = [str(size) for size in sizes if (size in self.samples) is counted]
            binders += [f"{opening}{' '.join(names)} : {kind}{closing}"] if names else []
        types: dict[str, list[str]] = {}
        for symbol in ordered:
            types.setdefault(self.type_of(symbol), []).append(identifier(symbol))
        return [*binders, *(f"({' '.join(names)} : {kind})" for kind, names in types.items())]

    def require_distinct(self, symbols: Iterable[sp.Basic]) -> None:
        """Refuse two symbols that have one name in Coq: it would take them for one."""
        inner = (symbol for definition in self.definitions.values() for symbol in definition.symbols)
        everything = {*symbols, *inner, *self.definitions, *self.sizes}
        names = [identifier(symbol) for symbol in everything]
        for symbol in everything:
            if names.count(identifier(symbol)) > 1:
                raise outside(symbol.name, "a name that another symbol has in Coq, too")

    def depends(self, node: sp.Basic, symbol: sp.Basic) -> bool:
        """Whether a symbol occurs in an expression, definitions unfolded."""
        atoms = node.atoms(sp.Symbol, sp.MatrixSymbol, ArraySymbol)
        return symbol in atoms or any(self.depends(self.defined[a], symbol) for a in atoms if a in self.defined)
