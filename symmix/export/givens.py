"""What a theorem is about: its symbols with their shapes, Jacobians, moments, conditions, and what is divided by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.errors import NotationError
from symmix.export.display import Relation, Typesetter, enumerated
from symmix.export.latex import LatexPrinter
from symmix.export.symbols import shape_of
from symmix.language.nodes import Gradient, MatrixExpectation, ScalarExpectation
from symmix.notation import legend
from symmix.theorems import Outcome, Theorem, expressions_of
from symmix.verdict import Proved

Expressions = Iterable[sp.Basic]
Key = tuple[sp.Basic, sp.Basic | int, sp.Basic]  # symbol, variable, Jacobian; or random symbol, degree, moment
_RELATIONS = {sp.StrictGreaterThan: r"\gt", sp.GreaterThan: r"\ge", sp.StrictLessThan: r"\lt", sp.LessThan: r"\le"}


def stated(theorem: Theorem) -> list[sp.Basic]:
    """Return the expressions of the definitions, the claims and the proofs, in this order."""
    found = [side for pair in theorem.definitions.items() for side in pair]
    found += [e for claim in theorem.claims.values() for e in expressions_of(claim)]
    for derivation in theorem.derivations:
        found.append(derivation.start)
        found += [e for step in derivation.steps for e in (step.expression, *step.where)]
    return found


def symbols(some: Expressions) -> list[sp.Basic]:
    """Return the symbols of expressions in the order of the legend: sizes, scalars, vectors, matrices; no indices."""
    rank = {entry.symbol: place for place, entry in enumerate(legend())}
    found: set[sp.Basic] = set()
    for expression in some:
        arrays = expression.atoms(sp.MatrixSymbol, ArraySymbol)
        scalars = {s for s in expression.free_symbols if isinstance(s, sp.Symbol) and not isinstance(s, sp.Dummy)}
        scalars |= {s for array in arrays for size in array.shape for s in size.free_symbols}
        hidden = {array.args[0] for array in arrays if isinstance(array, ArraySymbol)}  # its name is a symbol too
        bound = {i for node in expression.atoms(sp.Sum, sp.Lambda) for i in node.atoms(sp.Symbol) if _is_index(i)}
        found |= arrays | (scalars - hidden - bound)
    return sorted(found, key=lambda s: (rank.get(s, len(rank)), str(s.name)))


def _is_index(symbol: sp.Symbol) -> bool:
    return bool(symbol.is_integer and not symbol.is_positive)


def is_size(symbol: sp.Basic) -> bool:
    """Whether a symbol is a size."""
    return bool(isinstance(symbol, sp.Symbol) and symbol.is_integer and symbol.is_positive)


def reject_homographs(theorem: Theorem, printer: LatexPrinter) -> None:
    """Refuse two symbols of a theorem that look the same on paper."""
    seen: dict[str, sp.Basic] = {}
    misses = [e for miss in theorem.near_misses.values() for e in expressions_of(miss)]
    for symbol in symbols([*stated(theorem), *misses]):
        other = seen.setdefault(printer.name(symbol), symbol)
        if other != symbol:
            raise NotationError(
                "a spelling of its own for each symbol of a theorem",
                f"{other.name} and {symbol.name}, both {printer.name(symbol)}",
                "rename one, or give it another spelling: Theorem(spelling={symbol: ...})",
            )


# -- in words ---


def shapes(some: Sequence[sp.Basic], setter: Typesetter, known: Sequence[sp.Basic] = ()) -> str:
    """Return ``y, y' in R^k, W in R^(k x h)`` for the symbols that are neither sizes nor known."""
    blackboard = r"\mathbb{R}"
    parts = []
    listed = [s for s in symbols(some) if s not in known and not is_size(s) and not s.is_integer]
    for shape, group in groupby(sorted(listed, key=_by_shape), key=shape_of):
        names = ", ".join(setter.printer.name(s) for s in group)
        sizes = [setter.printer.print(size) for size in shape if size != 1]
        exponent = "^{" + r"\times ".join(sizes) + "}" if sizes else ""
        parts.append(rf"${names} \in {blackboard}{exponent}$")
    return enumerated(parts) if parts else ""


def _by_shape(symbol: sp.Basic) -> tuple[int, str]:
    shape = shape_of(symbol)
    return sum(size != 1 for size in shape), str(shape)


def sizes(some: Sequence[sp.Basic], setter: Typesetter) -> str:
    """Return ``k, h, p >= 1``, empty without sizes."""
    names = [setter.printer.name(s) for s in symbols(some) if is_size(s)]
    return rf"${', '.join(names)} \ge 1$" if names else ""


def jacobians(some: Expressions, setter: Typesetter) -> dict[Key, str]:
    """Return the Jacobians that gradients go through: ``dz/dtheta = J``, by symbol, variable and Jacobian."""
    found: dict[Key, str] = {}
    for expression in some:
        for node in sorted(expression.atoms(Gradient), key=str):
            for symbol, jacobian in node.jacobians.items():
                names = setter.printer.name(symbol), setter.printer.name(node.wrt)
                write = setter.printer.name if isinstance(jacobian, ArraySymbol) else setter.printer.print
                found[symbol, node.wrt, jacobian] = rf"$\partial {names[0]}/\partial {names[1]} = {write(jacobian)}$"
    return found


def moments(some: Expressions, setter: Typesetter) -> dict[Key, str]:
    """Return the moments that expectations use, by random symbol, degree and value."""
    found: dict[Key, str] = {}
    for expression in some:
        for node in sorted(expression.atoms(ScalarExpectation, MatrixExpectation), key=str):
            for degree, value in node.moments.items():
                found[node.random, degree, value] = f"${_moment(node.random, degree, value, setter)}$"
    return found


def _moment(random: sp.Basic, degree: int, value: sp.Basic, setter: Typesetter) -> str:
    name = setter.printer.name(random)
    if not isinstance(value, sp.Lambda):
        power = f"^{{{degree}}}" if degree > 1 else ""
        return rf"\mathbb{{E}}[{name}{power}] = {setter.printer.print(value)}"
    width = len(value.variables) // degree
    indices = [setter.printer.print(i) for i in value.variables]
    entries = "".join(f"{name}_{{{' '.join(indices[d * width : (d + 1) * width])}}}" for d in range(degree))
    return rf"\mathbb{{E}}[{entries}] = {setter.printer.print(value.expr)}"


def conditions(outcome: Outcome, setter: Typesetter) -> list[str]:
    """Return the side conditions on scalars, and that what is divided by is not zero, as the verdicts say."""
    found = []
    for relation in outcome.theorem.conditions:
        sign = r"\ne" if isinstance(relation, sp.Unequality) else _RELATIONS.get(type(relation), "=")
        found.append(f"${setter.relation(Relation(relation.args[0], sign, relation.args[1]))}$")
    verdicts = [*outcome.claims.values(), *(verdict for chain in outcome.steps for verdict in chain)]
    assumed = dict.fromkeys(q for v in verdicts if isinstance(v, Proved) for q in v.assuming)
    return found + [rf"${setter.inline(outcome.setting.language.write_scalar(q))} \ne 0$" for q in assumed]
