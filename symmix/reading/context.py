"""What is declared at a line of a text: each declaration makes a new context, and a line keeps its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from symmix.reading.words import FORMS, MISS
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import independent_pairs, require_setting, require_statement
from symmix.terms.meanings import Names, samples_of
from symmix.terms.names import ONE_SIZE, is_fixed

# words of the grammar, and functions: never names of symbols
KEYWORDS = frozenset({"where", "given", "for", "if", "with", "constant", "is", "in", "o", "at"})
FUNCTIONS = frozenset({"tr", "diag", "delta", "I"})
_LINES = {  # what begins a line, as it is written
    "let": "let W: k x h, z: h, lam, G: h -> k",
    "given": "given A = 0, or given s != 0",
    "random": "random lam: E[lam] = m",
    "not": "not always: A B = B A",
    "near": FORMS[MISS],
    **FORMS,
}
MARKS = ("sum_", "E_", "I_")  # what begins with one of these is no name of a symbol either


def is_reserved(name: str) -> bool:
    """Whether a name means something in the grammar, so that nothing else can be called so."""
    return name in KEYWORDS or name in FUNCTIONS or name.startswith(MARKS)


def undeclared(name: str, context: Context) -> str:
    """Return what to do about a name that is not declared: if it is several of them in one, to put spaces between.

    A bracket at its end says that it is written like a function.
    """
    if name in _LINES:
        return f"write {_LINES[name]}"
    several = _several(name.rstrip("("), context)
    if name.startswith("sum_"):
        return "write sum_{i<n}, with the index and its size in braces"
    if several:
        return f"write {' '.join(several)}, with spaces between"
    if name.endswith("("):
        return (
            f"there is no function {name[:-1]}: name its value, let s, and say what is known of it, given s^2 = 2; or"
            f" declare one of which nothing is known, let {name[:-1]}: h -> k"
        )
    known = [other for other in context.symbols if other.lower() == name.lower()]
    if known:
        return f"declare it before this line, or write {known[0]}, which is declared"
    return f"declare it before this line: let {name}: k x h, or let {name} for a scalar; or define it, {name} := ..."


def _several(name: str, context: Context) -> list[str]:
    """Return declared names that a name consists of, as few as possible; none if it does not."""
    found: dict[int, list[str]] = {0: []}  # what a beginning of a length consists of
    for end in range(1, len(name) + 1):
        ways = [[*found[at], name[at:end]] for at in found if context.is_value(name[at:end])]
        if ways:
            found[end] = min(ways, key=len)
    return found.get(len(name), [])


@dataclass(frozen=True)
class Dependence:
    """``d of/d by`` is ``value``: what a derivative by ``by`` has to know of ``of``."""

    of: t.Symbol
    by: t.Symbol
    value: t.Expression


@dataclass(frozen=True)
class Context:
    """What names mean, what they stand for, and what is assumed, at one place of a text."""

    symbols: Mapping[str, t.Symbol] = field(default_factory=lambda: MappingProxyType({}))
    indices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    definitions: t.Pairs = ()
    hypotheses: tuple[s.Hypothesis, ...] = ()
    conditions: tuple[s.Condition, ...] = ()
    whole: tuple[str, ...] = ()
    properties: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dependences: tuple[Dependence, ...] = ()
    moments: Mapping[str, tuple[t.Moment, ...]] = field(default_factory=lambda: MappingProxyType({}))
    more_sizes: frozenset[str] = frozenset()  # that are in no shape
    functions: Mapping[str, t.Function] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def sizes(self) -> frozenset[str]:
        """The open sizes that occur in shapes."""
        axes = (
            {size for symbol in self.symbols.values() for size in symbol.axes}
            | set(self.indices.values())
            | {size for function in self.functions.values() for size in (*function.source, *function.target)}
            | self.more_sizes
        )
        return frozenset(size for size in axes if size != ONE_SIZE and not is_fixed(size))

    def theorem(self, statement: s.Statement, name: str = "line") -> s.Theorem:
        """Return a statement as a theorem of its own, with what is declared, as far as it matters to it."""
        used = self._used(statement)
        definitions = tuple(pair for pair in self.definitions if pair[0].name in used)
        free = tuple(t.Index(index, size) for index, size in self.indices.items() if index in used)
        names = Names.of([*self.conditions, statement], free, definitions)
        setting = s.Setting(
            free,
            definitions,
            self.conditions,
            tuple(sorted(name for name in self.whole if name in names.symbols)),
            independent_pairs(names, [*self.conditions, statement]),
            tuple(sorted((name, word) for name, word in self.properties.items() if name in names.symbols)),
        )
        return s.Theorem(name, setting, (("", statement),), (), ())

    def _used(self, statement: s.Statement) -> set[str]:
        """Return the names of symbols and indices that occur in a statement or a condition, definitions unfolded."""
        names = Names(definitions=dict(self.definitions))
        roots = (statement, *self.conditions)
        nodes = (node for root in roots for node in names.unfolded(root))
        used = {node.name for node in nodes if isinstance(node, t.Symbol)}
        values = (value for symbol, value in self.definitions if symbol.name in used)
        return used.union(*map(samples_of, (*roots, *values)))

    def require(self, statement: s.Statement) -> None:
        """Refuse a statement that is not well formed here."""
        setting = self.theorem(statement).setting
        roots = [*setting.conditions, statement]
        names = Names.of(roots, setting.indices, setting.definitions, setting.properties)
        require_statement(statement, require_setting(setting, names))

    def defined(self, symbol: t.Symbol) -> t.Expression | None:
        """Return what a symbol is defined as, or None."""
        return dict(self.definitions).get(symbol)

    def knows(self, name: str) -> bool:
        """Whether a name is declared."""
        return any(name in known for known in (self.symbols, self.indices, self.sizes, self.functions))

    def is_value(self, name: str) -> bool:
        """Whether a name stands for something that is multiplied: a symbol, or a size as a number."""
        return name in self.symbols or name in self.sizes

    def taken(self, name: str) -> bool:
        """Whether a name means something already, here or in the grammar."""
        return self.knows(name) or is_reserved(name)

    def jacobians(self, by: t.Symbol) -> t.Pairs:
        """Return what is declared to depend on a symbol, with its derivatives, in the order of the declarations."""
        return tuple((found.of, found.value) for found in self.dependences if found.by == by)
