"""The one way in from SymPy: expressions, hypotheses, conditions and definitions of one theorem, as trees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, cast

import sympy as sp

from symmix.errors import DimensionError, NotationError, StatementError, SymmixError, UnsupportedError, within
from symmix.language.assumptions import conditions_of
from symmix.language.inert import shown
from symmix.language.nodes import ForAll, MatrixValue, ScalarValue
from symmix.language.refusals import sequence
from symmix.language.rules import RULES
from symmix.language.scopes import Around, Bound
from symmix.language.symbols import ARRAYS, MATRICES, SCALARS, Symbols
from symmix.language.translation import Translation
from symmix.meaning import Meaning
from symmix.notation import lookup
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.documents import PROPERTIES, independent_pairs
from symmix.terms.meanings import Names, Scope
from symmix.terms.wellformed import require_well_formed

_RELATIONS: Mapping[type, s.Sign] = {
    sp.StrictGreaterThan: ">",
    sp.GreaterThan: ">=",
    sp.StrictLessThan: "<",
    sp.LessThan: "<=",
    sp.Unequality: "!=",
}
_NONE: Mapping[sp.Symbol, sp.Basic] = MappingProxyType({})


class Reader:
    """Reads what one theorem says.

    A name has one meaning in all that a reader reads. What is a size, and which names bound indices must not take, may
    show in one statement and matter in another: ``survey`` looks at all of them before the first is read.

    Parameters
    ----------
    indices
        Sample indices with their sizes, "for every i". Others are inferred from the axes along which they are used.
    """

    def __init__(self, indices: Mapping[sp.Symbol, sp.Basic] = _NONE) -> None:
        self._symbols = Symbols(indices)
        self._definitions: t.Pairs = ()
        self._read: dict[object, t.Expression] = {}

    @property
    def symbols(self) -> dict[str, sp.Basic]:
        """The symbols, sizes and sample indices that were met, by name."""
        return self._symbols.by_name

    @property
    def indices(self) -> Mapping[str, str]:
        """The sample indices that are known, with their sizes."""
        return self._symbols.free

    def first(self, size: str) -> int:
        """Return where the sums over a size begin in this theorem, 0 or 1."""
        return self._symbols.first.get(size, 0)

    def survey(self, *things: object) -> None:
        """Look at what is about to be read: expressions, and sequences, mappings and data classes of them."""
        self._symbols.survey.look(*things)

    # -- expressions ---

    def expression(self, node: object) -> t.Expression:
        """Return the tree of an expression, which is well formed.

        Raises
        ------
        DimensionError, NotationError, StatementError, UnsupportedError
            Naming the subexpression that is not fully understood.
        """
        return self._expression(node, Around())

    def _expression(self, node: object, around: Around) -> t.Expression:
        try:
            self._symbols.survey.look(node, bound=around.bound)
            if isinstance(node, sp.Basic) and node in self._read and not around.bound:
                return self._read[node]
            translation = Translation(self._symbols, RULES)
            tree = translation.read(node, around)
            translation.require_sizes()
            self._require_well_formed(tree, translation, around)
            self._require_symmetric(translation)
        except SymmixError:
            raise
        except Exception as error:  # of foreign nodes anything may be wrong
            raise UnsupportedError(
                "an expression that SymPy's own constructors make",
                f"{shown(node)}, which cannot be taken apart: {shown(error)}",
                "build it from symbols by SymPy's operators; if you did, please report it",
            ) from error
        if not around.bound:
            self._read[node] = tree
        return tree

    def _require_well_formed(self, tree: t.Expression, translation: Translation, around: Around) -> None:
        """Refuse a tree that is not well formed, naming the SymPy expression that it comes from."""
        names = self._names()
        try:
            require_well_formed(tree, Scope(names, {**names.free, **around.indices}))
        except SymmixError:
            for part, source, inside in translation.records:
                try:
                    require_well_formed(part, Scope(names, {**names.free, **inside.indices}))
                except SymmixError as cause:
                    raise _in_sympys_words(cause, translation, source) from None
            raise  # not reached: the last record is the tree

    def _require_symmetric(self, translation: Translation) -> None:
        """Refuse sums over pairs in order whose terms change when the two indices are exchanged."""
        for body, (one, other), source, inside in translation.symmetric:
            indices = {**self._symbols.free, **inside.indices}
            names = Names.of([body], (t.Index(*pair) for pair in indices.items()), self._definitions)
            term = Meaning(names).array(body).expression
            if term.rename({one: other, other: one}) != term:
                raise UnsupportedError(
                    "a sum over i < j of what is the same for (i, j) and (j, i)",
                    f"{body}, in {shown(source)}",
                    "sum (f(i, j) + f(j, i))/2, or over all pairs with i != j: symmix.language.distinct",
                )

    def _names(self) -> Names:
        """Return what is known of names; that each has one meaning is looked after where they are entered."""
        return Names(free=dict(self._symbols.free), definitions=dict(self._definitions))

    def _free(self) -> tuple[t.Index, ...]:
        return tuple(t.Index(name, size) for name, size in self._symbols.free.items())

    def expressions(self, nodes: object, role: str) -> tuple[t.Expression, ...]:
        """Return the trees of a list of expressions; ``role`` says what they are, for the error."""
        given = sequence(nodes, role)
        self.survey(given)
        return tuple(self.expression(node) for node in given)

    def sides(self, left: object, right: object) -> tuple[t.Expression, t.Expression]:
        """Return the two sides of an identity; a bare 0 for a matrix is refused."""
        self.survey(left, right)
        trees = self.expression(left), self.expression(right)
        for tree, other in (trees, trees[::-1]):
            if isinstance(tree, t.Number) and other.shape != t.SCALAR:
                raise StatementError(
                    f"two sides of one shape: {shown(left)}, {shown(right)}",
                    f"the number {tree} and a matrix of shape {other.shape}",
                    f"write sympy.ZeroMatrix({', '.join(other.shape)})" if tree.value == 0 else "write the matrix",
                )
        return trees

    # -- hypotheses and conditions ---

    def hypotheses(self, nodes: object) -> tuple[s.Hypothesis, ...]:
        """Return a list of hypotheses; each says that an expression vanishes, here or for all samples."""
        if isinstance(nodes, ForAll):
            raise StatementError("a list of hypotheses", shown(nodes), "put brackets around it")
        given = sequence(nodes, "hypotheses")
        self.survey(given)
        return tuple(self._for_all(node) if isinstance(node, ForAll) else self.expression(node) for node in given)

    def _for_all(self, given: ForAll) -> s.ForAll | s.Everywhere:
        if isinstance(given.body, sp.Basic) and given.body.has(ScalarValue, MatrixValue):
            return self._everywhere(given)
        bound: dict[sp.Basic, Bound] = {}
        for index, size in self._bound_by(given):
            if index in self._symbols.survey.sizes:
                raise NotationError("an index that is no size", f"{index} in {shown(given.body)}", "rename the index")
            name = self._symbols.fresh(index, {b.name for b in bound.values()})
            bound[index] = Bound(name, None if size is None else self._symbols.size(size, given.body))
        body = self._expression(given.body, Around(bound))
        open_ones = [str(index) for index, b in bound.items() if b.size is None]
        if open_ones:
            raise DimensionError(
                "indices that are used along an axis, in ForAll",
                f"{', '.join(open_ones)} in {shown(given.body)}",
                "leave them out, or give the size: ForAll((i, n), ...)",
            )
        return s.ForAll(tuple(t.Index(b.name, cast("str", b.size)) for b in bound.values()), body)

    def _everywhere(self, given: ForAll) -> s.Everywhere:
        """Return what is said of functions for all arguments: an equation, or a relation between scalars."""
        variables = given.indices if isinstance(given.indices, list | tuple | sp.Tuple) else (given.indices,)
        symbols = [self.expression(variable) for variable in variables]
        if not all(isinstance(symbol, t.Symbol) for symbol in symbols):
            raise StatementError(
                "scalars or matrix symbols that take all values", shown(given.indices), "write ForAll((x, y), ...)"
            )
        sides = [given.body]
        if isinstance(given.body, sp.GreaterThan | sp.LessThan):
            sides = [given.body.gts, given.body.lts]
        more, *less = [self.expression(side) for side in sides]
        negative = [t.Multiply((t.Number(Fraction(-1)), side)) for side in less if side != t.Number(Fraction(0))]
        body = t.Add((more, *negative)) if negative else more
        return s.Everywhere(cast("tuple[t.Symbol, ...]", tuple(symbols)), ">=" if less else "=", body)

    def _bound_by(self, given: ForAll) -> list[tuple[sp.Symbol, sp.Basic | None]]:
        """Return the indices of a ForAll: one, several, an index with its size, or several of these."""
        indices = given.indices if isinstance(given.indices, list | tuple | sp.Tuple) else (given.indices,)
        if len(indices) == 2 and isinstance(indices[1], sp.Symbol) and indices[1] in self._symbols.survey.sizes:
            indices = (tuple(indices),)
        pairs = [tuple(one) if isinstance(one, list | tuple | sp.Tuple) else (one, None) for one in indices]
        symbols = [pair[0] for pair in pairs if pair]
        wrong = any(len(pair) != 2 or type(pair[0]) not in SCALARS for pair in pairs)
        if wrong or not pairs or len(set(symbols)) != len(symbols):
            raise StatementError(
                "different indices in ForAll", shown(given.indices), "write ForAll(i, ...), ForAll((i, j), ...)"
            )
        return [(pair[0], pair[1]) for pair in pairs]

    def condition(self, relation: Any) -> s.Condition:
        """Return a condition between two scalars."""
        sign = _RELATIONS.get(type(relation))
        if sign is None:
            raise StatementError(
                "a condition of the form a > b, a >= b, a < b, a <= b or Ne(a, b) between scalars",
                shown(relation),
                "split it into such conditions; if SymPy evaluated it, drop the assumptions of its symbols",
            )
        self.survey(relation)
        return s.Condition(self.expression(relation.lhs), sign, self.expression(relation.rhs))

    def conditions(self, relations: object) -> tuple[s.Condition, ...]:
        """Return a list of conditions between scalars."""
        given = sequence(relations, "conditions")
        self.survey(given)
        return tuple(self.condition(relation) for relation in given)

    # -- settings ---

    def definitions(self, mapping: object) -> t.Pairs:
        """Return definitions in the order of their use: each behind those that it builds on."""
        if not isinstance(mapping, Mapping):
            raise UnsupportedError("definitions by symbol", shown(mapping), "write definitions={symbol: expression}")
        self.survey(mapping)
        for symbol in _in_order(mapping):
            with within(f"the definition of {symbol}"):
                self._definitions += (self._definition(symbol, mapping[symbol]),)
        self._read.clear()
        return self._definitions

    def _definition(self, symbol: sp.Basic, given: object) -> tuple[t.Symbol, t.Expression]:
        scalar = type(symbol) in SCALARS
        tree = self._symbols.quantity(symbol) if scalar else self._symbols.matrix(symbol)
        if tree is None or (symbol.is_integer and symbol.is_positive):
            raise StatementError(
                "sizes that are left open",
                f"a definition of the size {symbol}",
                "use the size that you mean in the shapes of the symbols",
            )
        value = self.expression(given)
        if tree.shape != value.shape:
            raise DimensionError(
                f"a definition of {symbol} of shape {tree.shape}",
                f"{shown(given)} of shape {value.shape}",
                "define it with the shape that it has",
            )
        if scalar and (symbol.is_integer or (conditions_of(symbol) and self._has_entries(value))):
            raise StatementError(
                "a defined symbol of which nothing else is assumed",
                sp.srepr(symbol),
                "declare it with real=True: what it is follows from its definition",
            )
        return tree, value

    def _has_entries(self, tree: t.Expression) -> bool:
        names = self._names()
        return any(isinstance(node, t.Symbol) and bool(node.axes) for node in names.unfolded(tree))

    def properties(self, given: object) -> tuple[tuple[str, str], ...]:
        """Return which symbols have a property, by name."""
        if not isinstance(given, Mapping):
            raise StatementError('properties by symbol: {A: "symmetric"}', shown(given), "give a mapping")
        self.survey(*given)
        for symbol, word in given.items():
            if type(symbol) not in (*MATRICES, *ARRAYS) or word not in PROPERTIES:
                raise StatementError(
                    f"matrix symbols that are {' or '.join(PROPERTIES)}", f"{shown(symbol)}: {word!r}", "check both"
                )
        return tuple(sorted((self._symbols.matrix(symbol).name, word) for symbol, word in given.items()))

    def finished(
        self,
        definitions: t.Pairs,
        conditions: tuple[s.Condition, ...],
        roots: Iterable[Node],
        properties: tuple[tuple[str, str], ...] = (),
    ) -> s.Setting:
        """Return the setting of what was read: with what the assumptions of its symbols and the legend say."""
        roots = list(roots)
        values = [part for pair in definitions for part in pair]
        trees: list[Node] = [*roots, *values, *conditions]
        stated, whole = list(conditions), []
        symbols, used = _names_in(trees)
        scalars = [name for name, axes in symbols.items() if not axes]
        for name in scalars:  # what the legend mentions in a domain has the same domain
            symbol = self.symbols.get(name)
            if symbol is None:
                continue  # it was not read, so nothing is known of it
            more = conditions_of(symbol) + self._domain(symbol)
            stated += [condition for condition in more if condition not in stated]
            if symbol.is_integer:
                whole.append(name)
        indices = tuple(index for index in self._free() if index.name in used)
        pairs = independent_pairs(Names(definitions=dict(definitions)), [*stated, *roots])
        said = tuple(pair for pair in properties if pair[0] in symbols)
        return s.Setting(indices, definitions, tuple(stated), tuple(sorted(whole)), pairs, said)

    def _domain(self, symbol: sp.Basic) -> list[s.Condition]:
        """Return what the legend assumes of its own symbol."""
        entry = lookup(str(symbol.name))
        if entry is None or entry.symbol != symbol:
            return []
        return [self.condition(relation) for relation in entry.domain]


def read(expression: object) -> t.Expression:
    """Return the tree of an expression that stands for itself, in no theorem."""
    return Reader().expression(expression)


def _in_order(mapping: Mapping[sp.Basic, object]) -> list[sp.Basic]:
    """Return the defined symbols, each behind those that its definition mentions."""
    for symbol in mapping:
        if type(symbol) not in (*SCALARS, *MATRICES):
            raise UnsupportedError(
                "definitions of matrix symbols and scalar symbols",
                f"one of {shown(symbol)}",
                "define its factors; of an array, say what its entries satisfy",
            )
    uses = {
        symbol: {other for other in mapping if isinstance(value, sp.Basic) and value.has(other)}
        for symbol, value in mapping.items()
    }
    ordered: list[sp.Basic] = []
    while len(ordered) < len(uses):
        ready = [symbol for symbol, used in uses.items() if symbol not in ordered and used <= set(ordered)]
        if not ready:
            raise StatementError(
                "definitions that do not depend on themselves",
                f"a cycle among {sorted(str(symbol) for symbol in uses if symbol not in ordered)}",
                "define each symbol in terms of symbols that are not defined by it",
            )
        ordered += ready
    return ordered


def _names_in(trees: Iterable[Node]) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Return the symbols that occur, with their axes, and the indices that are used."""
    symbols: dict[str, tuple[str, ...]] = {}
    indices: set[str] = set()
    for node in (node for tree in trees for node in tree.walk()):
        match node:
            case t.Symbol(name=name, axes=axes):
                symbols[name] = axes
            case t.Entry(indices=used):
                indices.update(used)
            case t.Delta(first=first, second=second) | t.Slice(row=first, column=second):
                indices.update((first, second))
    return symbols, indices


def _in_sympys_words(error: SymmixError, translation: Translation, source: sp.Basic) -> SymmixError:
    """Return an error about trees as one about the SymPy expressions that they come from."""
    words = {str(tree): shown(node) for tree, node, _ in translation.records if "(" in str(tree)}
    trees = re.compile("|".join(re.escape(tree) for tree in sorted(words, reverse=True)) or r"\b\B")
    texts = [trees.sub(lambda found: words[found[0]], text) for text in (error.required, error.arrived, error.remedy)]
    if shown(source) not in texts[1]:
        texts[1] += f", in {shown(source)}"
    return type(error)(*texts)
