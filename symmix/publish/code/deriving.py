"""From an expression to code: its normal form is planned, the plan is decided to be the formula, and then printed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from keyword import iskeyword
from typing import Any

from symmix.errors import NotationError, StatementError, UnsupportedError, within
from symmix.gradients import gradient
from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.networks import Expression
from symmix.language import Gradient
from symmix.objectives import Objective
from symmix.plans import Named, Node, Plan, Result
from symmix.printing.text import text
from symmix.publish.code.dialects import DIALECTS
from symmix.publish.code.factoring import PREFERENCES, Factoring, Preference, contraction
from symmix.publish.code.formulas import BATCH, Batched, Formulas
from symmix.publish.code.loading import loaded
from symmix.publish.code.module import written
from symmix.publish.code.ordering import Ordering
from symmix.publish.code.scalars import data
from symmix.rewriting import substitute
from symmix.setting import Setting
from symmix.terms import nodes as t
from symmix.terms.codec import encoded
from symmix.terms.documents import require_setting
from symmix.terms.meanings import Names
from symmix.terms.wellformed import require_well_formed

MOST = 400  # terms of a result: more are not factored in reasonable time
_LARGE, _MIDDLE, _SMALL = 4096.0, 512.0, 64.0


@dataclass(frozen=True)
class Code:
    """A function as text, with the plan that it was printed from; ``str`` is the text of the module.

    Attributes
    ----------
    source
        The module: one function, in NumPy, torch or JAX.
    name, framework
        What the function is called, and the library.
    digest
        The SHA-256 of the statement that it computes.
    plan
        What is computed, as data: arrays and scalars by their names in the formula.
    arguments
        The names of the function's parameters by those of the formula, in their order.
    """

    source: str
    name: str
    framework: str
    digest: str
    plan: Plan
    arguments: Mapping[str, str]

    def __str__(self) -> str:
        return self.source

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The function itself; its library has to be installed."""
        return loaded(self.source, f"symmix_code_{self.digest[:12]}", self.name)


def code(
    *expressions: Any,
    by: Sequence[Any] = (),
    where: Mapping[Any, Any] | None = None,
    framework: str = "numpy",
    name: str = "",
    batch: Iterable[Any] = (),
) -> Code:
    """Return a function of named arrays that computes expressions, or the gradient of one: code, never evidence.

    Vectors have one axis. What terms have in common is computed once, and products are multiplied in a cheap order.
    Which sizes are large is guessed: first those that no symbol of ``by`` has, as samples, and last those that only
    such symbols have. Before it is printed, the plan is decided to be the formula.

    Parameters
    ----------
    expressions
        Scalars or matrices of the language, derivatives, expectations; with ``by`` one scalar or an `Objective`.
    by
        The vectors or matrices to differentiate by: one result for each, in its shape.
    where
        Symbols of the expressions with what they stand for: computed first. They are held constant in derivatives.
    framework
        "numpy", "torch" or "jax".
    name
        What the function is called; "gradient" or "formula" otherwise.
    batch
        Symbols that have one array for each sample, along a first axis, scalars among them: a ratio of each sample is a
        vector. The objective is summed over the samples, and gradients by such a symbol keep the axis.

    Raises
    ------
    UnsupportedError
        If there is nothing to compute, or it is too large to be planned.
    StatementError, DimensionError, NotationError
        If an expression is not understood.

    Examples
    --------
    >>> from symmix.notation import W, b, y, z
    >>> from symmix.objectives import squared_norm
    >>> print(str(code(squared_norm(y - W * z - b) / 2, by=[W])).splitlines()[-2].strip())
    dW: Array = np.outer(b + W @ z - y, z)
    """
    if framework not in DIALECTS:
        raise UnsupportedError(f"a framework among {', '.join(DIALECTS)}", repr(framework), "name one of them")
    wanted, definitions = _wanted(expressions, by)
    theorem = _Formulas(wanted, {**definitions, **(where or {})}, [_name(symbol) for symbol in batch])
    plan, formulas, digest = theorem.plan(), theorem.formulas, theorem.digest
    chosen = name or ("gradient" if all(r.by for r in plan.results) else "formula")
    if not chosen.isidentifier() or iskeyword(chosen):
        raise NotationError("a name of Python for the function", repr(name), "write one of letters, digits and _")
    source, names = written(plan, DIALECTS[framework], chosen, formulas, digest, theorem.batch.size)
    symbols = (*plan.arrays, *plan.scalars)
    return Code(source, chosen, framework, digest, plan, {symbol: names.of(symbol) for symbol in symbols})


def _wanted(expressions: Sequence[Any], by: Sequence[Any]) -> tuple[dict[str, tuple[str, Any]], dict[Any, Any]]:
    """Return what is computed, by the name of the result: the symbol it is differentiated by, and the expression."""
    if not expressions:
        raise UnsupportedError("an expression", "none", "give one")
    if not by:
        if any(isinstance(expression, Objective) for expression in expressions):
            raise UnsupportedError("symbols to differentiate the objective by", "none", "write by=[W, b]")
        found: dict[str, tuple[str, Any]] = {}
        for number, expression in enumerate(expressions):
            of = _name(expression.wrt) if type(expression) is Gradient else ""
            plain = f"d{of}" if of else "value"
            found[plain if plain not in found else f"{plain}_{number + 1}"] = (of, expression)
        return found, {}
    if len(expressions) > 1:
        raise UnsupportedError("one scalar to differentiate", f"{len(expressions)}", "ask for one at a time")
    (objective,) = expressions
    if not isinstance(objective, Objective):
        return {f"d{_name(symbol)}": (_name(symbol), Gradient(objective, symbol)) for symbol in by}, {}
    residuals = {s: v for s, v in objective.targets.items() if s in _inputs(objective)}
    derived = {symbol: substitute(gradient(objective, symbol), residuals) for symbol in by}
    found = {f"d{_name(symbol)}": (_name(symbol), value) for symbol, value in derived.items()}
    used = {name for value in derived.values() for name in map(_name, value.free_symbols)}
    return found, {s: v for s, v in objective.definitions.items() if _name(s) in used}


def _inputs(objective: Objective) -> set[Any]:
    """Return the targets that can be written by what is defined: a gap is not."""
    known = {_name(symbol) for symbol in objective.definitions}
    plain = {_name(s) for value in objective.definitions.values() for s in value.free_symbols}
    return {s for s, v in objective.targets.items() if {_name(x) for x in v.free_symbols} <= known | plain}


def _name(symbol: Any) -> str:
    return symbol if isinstance(symbol, str) else str(getattr(symbol, "name", symbol))


class _Formulas:
    """The formulas of one function: read, worked out, planned."""

    def __init__(self, wanted: Mapping[str, tuple[str, Any]], where: Mapping[Any, Any], batch: Sequence[str]) -> None:
        self.setting = Setting()
        reader = self.setting.reader
        reader.survey(*(expression for _, expression in wanted.values()), *where.keys(), *where.values())
        self.by = {name: by for name, (by, _) in wanted.items()}
        self.trees: dict[str, t.Expression] = {}
        for name, (_, expression) in wanted.items():
            with within(f"result {name}"):
                self.trees[name] = reader.expression(expression)
        self.where: dict[str, t.Expression] = {}
        for symbol, value in where.items():
            named = reader.expression(symbol)
            if not isinstance(named, t.Symbol):
                raise StatementError("symbols that are defined on the way", f"{symbol}", "name a symbol")
            self.where[named.name] = reader.expression(value)
        roots = [*self.trees.values(), *self.where.values()]
        setting = self.setting.tree(roots)
        self.names = Names.of([*setting.conditions, *roots], setting.indices, setting.definitions)
        scope = require_setting(setting, self.names)
        for root in roots:
            require_well_formed(root, scope)
        self.frame = self.setting.framed(setting, self.names)
        self.arrays = {name: self.frame.array(tree) for name, tree in {**self.where, **self.trees}.items()}
        self._require_few_terms()
        self.batch = self._batch(batch)
        self._weights: dict[str, float] = {}

    def _require_few_terms(self) -> None:
        for name, array in self.arrays.items():
            if len(array.expression.terms) > MOST:
                terms = len(array.expression.terms)
                raise UnsupportedError(
                    f"at most {MOST} terms", f"{terms} in {name}", "name a part of it, where={r: ...}"
                )

    def _batch(self, names: Sequence[str]) -> Batched:
        """Return what has an axis for the samples: the symbols that are named, and what is defined by them."""
        known = self.names.symbols
        for name in names:
            if name not in known or name in self.names.sizes or name in self.where:
                several = ", ".join(sorted(n for n in known if n not in self.where and n not in self.names.sizes))
                raise StatementError(f"symbols with one value for each sample, of {several}", name, "name others")
        inverses = self.frame.meaning.inverses
        if not names:
            return Batched(None, (), inverses)
        size = self._free("samples", "_")
        rests = {name: self._free(f"{name}'", "'") for name in names if not known[name].axes}
        self._require_no_divisor(rests)
        grown = list(names)
        for name in self._ordered_where():
            if Batched(size, grown, inverses, rests).depends(self.arrays[name].expression):
                if not known[name].axes:
                    remedy = "write it out, or make it an argument and give it to the batch"
                    raise UnsupportedError("numbers on the way that all samples share", name, remedy)
                grown.append(name)
        return Batched(size, grown, inverses, rests)

    def _free(self, name: str, mark: str) -> str:
        """Return a name that nothing has."""
        while name in self.names.symbols or name in self.names.sizes or name in self.names.free:
            name += mark
        return name

    def _require_no_divisor(self, scalars: Iterable[str]) -> None:
        """Refuse a scalar of each sample that something is divided by."""
        for polynomial in self.frame.meaning.reciprocals.values():
            for name in polynomial.names.intersection(scalars):
                remedy = f"name the quotient with a symbol of its own, and give it to the batch instead of {name}"
                raise UnsupportedError("scalars of the batch that nothing is divided by", f"1/({polynomial})", remedy)

    def _ordered_where(self) -> list[str]:
        """Return the names that are defined on the way, each after those that it needs."""
        found: list[str] = []
        left = dict(self.where)
        while left:
            ready = [n for n, v in left.items() if not any(self.names.depends(v, other) for other in left)]
            if not ready:
                raise StatementError("definitions that go round in no circle", ", ".join(left), "take one out")
            found += ready
            left = {n: v for n, v in left.items() if n not in ready}
        return found

    # -- planning ---

    def plan(self) -> Plan:
        """Return how everything is computed."""
        formulas, nodes = min((self._planned(prefer) for prefer in PREFERENCES), key=lambda found: found[2])[:2]
        for name, node in nodes.items():
            formulas.require_same(node, self._over(name), self._axes(name))
        results = tuple(
            Result(name, self.by[name], nodes[name], tuple(self._terms(name, formulas))) for name in self.trees
        )
        where = {**self._rests(nodes.values()), **{name: nodes[name] for name in self._ordered_where()}}
        reciprocals = {name: data(q) for name, q in self.frame.meaning.reciprocals.items()}
        plan = Plan({}, (), results, where, reciprocals)
        return replace(plan, arrays=self._arguments(plan), scalars=self._scalars(plan))

    def _rests(self, nodes: Iterable[Node]) -> dict[str, Node]:
        """Return 1 minus each scalar of the samples, where it is used."""
        used = {part.name for node in nodes for part in node.walk() if isinstance(part, Named)}
        return {name: node for name, (_, node) in self.batch.definitions.items() if name in used}

    def _planned(self, prefer: Preference) -> tuple[Formulas, dict[str, Node], float]:
        """Return plans, and about what they cost."""
        formulas = Formulas(Factoring(self._weight, self.batch.size, prefer), self.batch)
        planned = {name: formulas.node(self._over(name), self._axes(name)) for name in self.arrays}
        ordering = Ordering(self._weight, planned.values(), self.batch.size)
        nodes = {name: ordering.ordered(node) for name, node in planned.items()}
        return formulas, nodes, ordering.cost(nodes.values())

    def _over(self, name: str) -> Expression:
        if name in self.where and name not in self.batch.names:
            return self.arrays[name].expression  # one for all samples, which no sum is over
        return self.batch.expression(self.arrays[name].expression, kept=self._kept(name))

    def _kept(self, name: str) -> bool:
        """Whether a result has one array for each sample."""
        if self.batch.size is None or (by := self.by.get(name, "")):
            return self.batch.size is not None and by in self.batch.names
        return name in self.batch.names or name not in self.where

    def _axes(self, name: str) -> tuple[str, ...]:
        """Return the axes of a result in their order: samples of the batch, sample indices, rows, columns."""
        free = self.arrays[name].expression.free
        named = sorted(index for index in free if index not in (ROW, COLUMN))
        return (*([BATCH] if self._kept(name) else []), *named, *(slot for slot in (ROW, COLUMN) if slot in free))

    def _weight(self, size: str) -> float:
        if size not in self._weights:
            self._weights[size] = self._weighed(size)
        return self._weights[size]

    def _weighed(self, size: str) -> float:
        """Return about how large a size is: samples are many, what only parameters have is small."""
        if size.isdigit():
            return float(size)
        inside = {axis for by in self.by.values() if by in self.names.symbols for axis in self.names.symbols[by].axes}
        data = {axis for name, s in self.names.symbols.items() if name not in self.by.values() for axis in s.axes}
        if size == self.batch.size or (inside and size not in inside):
            return _LARGE
        return _MIDDLE if not inside or size in data else _SMALL

    def _terms(self, name: str, formulas: Formulas) -> Iterable[tuple[Any, Node, str]]:
        """Yield the terms of a result, each with its coefficient, its product, and how it reads."""
        over, axes = self._over(name), self._axes(name)
        plain = self.arrays[name]
        texts: dict[object, str] = {}
        for product, c in plain.expression.terms.items():
            alone = Expression(plain.expression.free, [(c, product)])
            moved = self.batch.expression(alone, kept=self._kept(name))
            texts |= dict.fromkeys(moved.terms, text(self.setting.sympy(Array(alone, plain.rows, plain.columns))))
        for product, c in over.terms.items():
            yield data(c), contraction(formulas.product(product), axes, over.free), texts.get(product, "")

    def _arguments(self, plan: Plan) -> dict[str, tuple[str, ...]]:
        """Return the arrays that are used and not defined on the way, in the order in which they are written."""
        nodes = [node for root in plan.roots for node in root.walk()]
        terms = [node for result in plan.results for _, term, _ in result.terms for node in term.walk()]
        defined = self.where.keys() | self.batch.definitions.keys()
        used = {n.name: n.axes for n in (*nodes, *terms) if isinstance(n, Named) and n.name not in defined}
        return {name: used[name] for name in self._written() if name in used}

    def _scalars(self, plan: Plan) -> tuple[str, ...]:
        used = {name for c in plan.coefficients for powers, _ in c for name, _ in powers} - self.names.sizes
        return tuple(name for name in self._written() if name in used - plan.known_scalars)

    def _written(self) -> list[str]:
        roots = [*self.trees.values(), *self.where.values()]
        return list(dict.fromkeys(n.name for root in roots for n in root.walk() if isinstance(n, t.Symbol)))

    # -- what is said about it ---

    @property
    def formulas(self) -> dict[str, str]:
        """How each result reads, and what is defined on the way."""
        rests = {name: reads for name, (reads, _) in self.batch.definitions.items()}
        return {**rests, **{name: text(tree) for name, tree in {**self.where, **self.trees}.items()}}

    @property
    def digest(self) -> str:
        """The SHA-256 of the formulas, with the shapes of their symbols."""
        symbols = sorted((name, list(symbol.axes)) for name, symbol in self.names.symbols.items())
        trees = [[name, encoded(tree)] for name, tree in {**self.where, **self.trees}.items()]
        document = json.dumps([symbols, trees], separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(document.encode()).hexdigest()
