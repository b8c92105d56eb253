"""What names mean in one theorem, and where: symbols, sizes, sample indices, and the indices that are bound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from symmix.errors import DimensionError, NotationError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.names import ONE_SIZE, ONLY, WHOLE, is_fixed, require_name


@dataclass(frozen=True)
class Names:
    """What the names of one theorem mean: collected once, refused at the second meaning.

    ``symbols`` are all symbols by name, ``sizes`` those that are open, ``free`` the sample indices with their sizes,
    ``definitions`` what symbols stand for, ``properties`` which of them have a symmetry, ``jacobians`` the symbols that
    are Jacobians, by the variable's name, and ``functions`` those that are not given. Bound indices have their scope
    alone, and no name that means something else.
    """

    symbols: Mapping[str, t.Symbol] = field(default_factory=dict)
    sizes: frozenset[str] = frozenset()
    free: Mapping[str, str] = field(default_factory=dict)
    definitions: Mapping[t.Symbol, t.Expression] = field(default_factory=dict)
    properties: Mapping[str, str] = field(default_factory=dict)
    jacobians: Mapping[str, frozenset[str]] = field(default_factory=dict)
    functions: tuple[t.Function, ...] = ()

    @classmethod
    def of(
        cls,
        roots: Iterable[Node],
        free: Iterable[t.Index] = (),
        definitions: t.Pairs = (),
        properties: Iterable[tuple[str, str]] = (),
    ) -> Names:
        """Return the names of trees; a name with two meanings is an error."""
        indices: dict[str, str] = {}
        for index in free:
            if indices.setdefault(index.name, index.size) != index.size:
                raise _two_meanings(index.name, f"{indices[index.name]} and {index.size}, as a sample index")
        found = _Found(sizes=set(indices.values()))
        for root in (*roots, *(part for pair in definitions for part in pair)):
            for node in root.walk():
                found.enter(node)
        found.require_one_meaning_each(indices)
        jacobians = {by: frozenset(names) for by, names in found.jacobians.items()}
        functions = tuple(found.functions[name] for name in sorted(found.functions))
        named = (found.symbols, found.open_sizes, indices, dict(definitions), dict(properties))
        return cls(*named, jacobians, functions)

    def unfolded(self, tree: Node) -> Iterator[Node]:
        """Run through a tree and the definitions that it uses, each once."""
        seen: set[t.Symbol] = set()
        left = [tree]
        while left:
            for node in left.pop().walk():
                yield node
                if isinstance(node, t.Symbol) and node in self.definitions and node not in seen:
                    seen.add(node)
                    left.append(self.definitions[node])

    def held_constant(self, node: t.Derivative) -> frozenset[str]:
        """Return the symbols that a derivative does not move: scalars, and matrices that it is not told to depend."""
        inside = {part.name for part in self.unfolded(node.of) if isinstance(part, t.Symbol)}
        defined = {symbol.name for symbol in self.definitions}
        return frozenset(inside - defined - {node.by.name, *(symbol.name for symbol, _ in node.jacobians)})

    def depends(self, tree: Node, name: str) -> bool:
        """Whether a symbol or size occurs in a tree, definitions unfolded."""
        return any(isinstance(node, t.Size | t.Symbol) and node.name == name for node in self.unfolded(tree))


def roots_of(theorem: s.Theorem) -> list[Node]:
    """Return the trees of a theorem in which its names occur, besides its definitions."""
    labelled = [statement for _, statement in (*theorem.claims, *theorem.near_misses)]
    return [*theorem.setting.conditions, *labelled, *theorem.proofs]


def names_of(theorem: s.Theorem) -> Names:
    """Return what the names of a theorem mean."""
    setting = theorem.setting
    return Names.of(roots_of(theorem), setting.indices, setting.definitions, setting.properties)


def fixed_sizes(trees: Iterable[Node]) -> list[str]:
    """Return the sizes in trees that are numbers: what is said is said of these alone."""
    found = _Found(sizes=set())
    for node in (node for tree in trees for node in tree.walk()):
        found.enter(node)
    return sorted(filter(is_fixed, found.sizes))


def samples_of(tree: Node) -> tuple[str, ...]:
    """Return the indices in a tree that are bound by nothing in it: the claim's own samples."""
    used: dict[str, None] = {}
    bound: set[str] = {ONLY, WHOLE}
    for node in tree.walk():
        match node:
            case t.Entry(indices=indices):
                used.update(dict.fromkeys(indices))
            case t.Delta(first=first, second=second) | t.Slice(row=first, column=second):
                used.update(dict.fromkeys((first, second)))
            case t.Index(name=name):
                bound.add(name)
            case t.Moment(indices=names):
                bound.update(names)
    return tuple(name for name in used if name not in bound and not name.isdigit())


@dataclass
class _Found:
    """Names on the way, before it is known that each has one meaning."""

    sizes: set[str]
    symbols: dict[str, t.Symbol] = field(default_factory=dict)
    bound: set[str] = field(default_factory=set)
    jacobians: dict[str, set[str]] = field(default_factory=dict)
    functions: dict[str, t.Function] = field(default_factory=dict)

    def enter(self, node: Node) -> None:
        match node:
            case t.Symbol(name=name, axes=axes):
                known = self.symbols.setdefault(name, node)
                if known != node:
                    raise _two_meanings(name, f"{known.axes or 'a scalar'} and {axes or 'a scalar'}, as shapes")
                self.sizes.update(axes)
            case t.Size(name=name):
                require_name(name, "a size")  # as a number; of a fixed size that is a Number
                self.sizes.add(name)
            case t.Identity(size=name):
                self.sizes.add(name)
            case t.Ones(rows=rows, columns=columns) | t.Zeros(rows=rows, columns=columns):
                self.sizes.update((rows, columns))
            case t.Index(name=name, size=size):
                self.bound.add(name)
                self.sizes.add(size)
            case t.Gradient(by=by, jacobians=pairs) | t.Jacobian(by=by, jacobians=pairs):
                self.jacobians.setdefault(by.name, set()).update(v.name for _, v in pairs if isinstance(v, t.Symbol))
            case t.Moment(indices=indices):
                self.bound.update(indices)
            case t.Function():
                self._enter_function(node)

    def _enter_function(self, node: t.Function) -> None:
        known = self.functions.setdefault(node.name, node)
        if known != node:
            raise _two_meanings(node.name, f"{known.parts[1:]} and {node.parts[1:]}, as axes")
        self.sizes.update((*node.source, *node.target))

    @property
    def open_sizes(self) -> frozenset[str]:
        """The sizes that are names."""
        return frozenset(size for size in self.sizes if size != ONE_SIZE and not is_fixed(size))

    def require_one_meaning_each(self, free: Mapping[str, str]) -> None:
        for name in self.open_sizes:
            require_name(name, "a size")
        for name in self.symbols:
            require_name(name, "a symbol")
        for name in self.functions:
            require_name(name, "a function")
        for name in (*free, *self.bound):
            require_name(name, "an index")
        roles = {
            "a size": self.sizes,
            "a symbol": set(self.symbols),
            "a function": set(self.functions),
            "a sample index": set(free),
            "a bound index": self.bound,
        }
        seen: dict[str, str] = {}
        for role, names in roles.items():
            for name in sorted(names):
                if name in seen:
                    raise _two_meanings(name, f"{seen[name]} and {role}")
                seen[name] = role


def _two_meanings(name: str, meanings: str) -> NotationError:
    return NotationError(f"one meaning for the name {name!r}", meanings, "rename one of the two")


@dataclass(frozen=True)
class Scope:
    """Where a node stands: the indices around it with their sizes, and what the names of the theorem mean."""

    names: Names
    indices: Mapping[str, str]
    depth: int = 0

    def within(self, indices: Iterable[t.Index]) -> Scope:
        """Return the scope inside of what binds the indices."""
        inner = dict(self.indices)
        for index in indices:
            if index.size == ONE_SIZE:
                raise DimensionError(
                    "an index over a size that is a name", f"{index}", 'leave it out: there is "0" alone'
                )
            if index.name in inner:
                raise NotationError(
                    "an index that is bound once", f"{index.name!r} inside of itself", "rename one of the two"
                )
            inner[index.name] = index.size
        return replace(self, indices=inner)
