"""What a Coq statement is about: the symbols that occur, their types, definitions, and what has to hold for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from symmix.publish.coq.axes import outside, sizes_of
from symmix.publish.coq.syntax import identifier, sample_names
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names


@dataclass(frozen=True)
class Law:
    """The distribution of a random scalar: what an expectation is taken with."""

    of: str

    @property
    def name(self) -> str:
        """Its name, which no symbol may have."""
        return f"law_{self.of}"


Quantified = t.Symbol | Law


@dataclass(frozen=True)
class Definition:
    """A defined symbol as a Coq function: of which symbols, and what it needs to hold."""

    name: str
    symbols: tuple[Quantified, ...]
    text: str
    premises: Mapping[str, frozenset[Quantified]]


@dataclass
class Context:
    """Collects, while one statement or definition is printed, what it depends on.

    Attributes
    ----------
    names
        What the names of the theorem mean.
    samples
        The sizes that count samples; all others are those of spaces.
    whole
        The scalars that are whole numbers.
    definitions
        The Coq definitions so far by the names of their symbols, each behind those that it uses.
    found, sizes, premises, lines
        The symbols and the sizes that occur in what was printed so far; what has to hold for it, with the symbols that
        occur there; and what was differentiated, with the proposition that it is quadratic.
    free, bound
        The samples that the statement quantifies, as Coq names them; and the symbols that an expectation binds.
    """

    names: Names
    samples: frozenset[str]
    whole: frozenset[str] = frozenset()
    definitions: dict[str, Definition] = field(default_factory=dict)
    found: set[Quantified] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)
    premises: dict[str, frozenset[Quantified]] = field(default_factory=dict)
    lines: dict[str, str] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    _samples: Iterator[str] = field(default_factory=sample_names)

    def inner(self) -> Context:
        """Return the context of a definition: it shares the definitions, and collects for itself."""
        return Context(self.names, self.samples, self.whole, self.definitions, bound=self.bound)

    def size(self, size: str) -> str:
        """Return the name of a space, or of what samples are counted by."""
        if identifier(size) != size:
            raise outside(size, "a size whose name is taken in Coq")
        self.sizes.add(size)
        return size

    def sample(self) -> str:
        """Return a name for a sample that no other has here."""
        return next(self._samples)

    def counted(self, sizes: Iterable[str]) -> list[bool]:
        """Return of each size whether it counts samples."""
        return [size in self.samples for size in sizes]

    def ordered(self, symbols: Iterable[Quantified]) -> list[Quantified]:
        """Return symbols in order: maps, then vectors and families of them, then numbers, each by their names."""
        kinds = {symbol: self.type_of(symbol) for symbol in symbols}
        return sorted(kinds, key=lambda s: (kinds[s] == "R", "Linear" not in kinds[s], kinds[s], s.name))

    def type_of(self, symbol: Quantified) -> str:
        """Return the type of a symbol: a function of samples, to numbers, vectors or linear maps."""
        if isinstance(symbol, Law):
            return "Expectation"
        shape = sizes_of(symbol)
        features = [self.size(size) for size in shape if size not in self.samples]
        if len(features) > 2:
            raise outside(symbol, f"the axes {', '.join(shape)}, which are neither those of vectors nor of maps")
        value = ["R", *features][-1] if len(features) < 2 else f"Linear {features[1]} {features[0]}"
        return " -> ".join([*(self.size(size) for size in shape if size in self.samples), value])

    def binders(self, symbols: Iterable[Quantified], around_sizes: str = "()") -> list[str]:
        """Return the binders of symbols and their sizes, those of one type together."""
        ordered = self.ordered(symbols)
        sizes = sorted(self.sizes.union(*(sizes_of(s) for s in ordered if isinstance(s, t.Symbol))))
        opening, closing = tuple(around_sizes)
        binders = []
        for kind, counted in (("Space", False), ("Samples", True)):
            names = [size for size in sizes if (size in self.samples) is counted]
            binders += [f"{opening}{' '.join(names)} : {kind}{closing}"] if names else []
        types: dict[str, list[str]] = {}
        for symbol in ordered:
            types.setdefault(self.type_of(symbol), []).append(identifier(symbol.name))
        return [*binders, *(f"({' '.join(names)} : {kind})" for kind, names in types.items())]

    def require_distinct(self, symbols: Iterable[Quantified]) -> None:
        """Refuse two symbols that have one name in Coq: it would take them for one."""
        symbols = [*symbols, *(one for definition in self.definitions.values() for one in definition.symbols)]
        everything = {(isinstance(symbol, Law), symbol.name) for symbol in symbols}
        everything |= {(False, name) for name in (*self.definitions, *self.sizes, *self.bound)}
        taken = [identifier(name) for _, name in everything]
        for _, name in sorted(everything):
            if taken.count(identifier(name)) > 1:
                raise outside(name, "a name that another symbol has in Coq, too")

    def has(self, tree: Node, *kinds: type[t.Expression]) -> bool:
        """Whether nodes of some kinds occur in a tree, definitions unfolded."""
        return any(isinstance(node, kinds) for node in self.names.unfolded(tree))
