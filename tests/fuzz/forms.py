"""Which statements have to be refused, whatever they would evaluate to: each reason is a sentence of the contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef
from sympy.matrices.expressions.matexpr import MatrixElement
from sympy.tensor.array.expressions import ArrayElement, ArraySymbol
from sympy.tensor.indexed import Indexed

from symmix.language import At, Gradient
from tests.fuzz.claims import Claim, listed
from tests.fuzz.components import Scope
from tests.fuzz.evaluator import MatrixExpectation, ScalarExpectation
from tests.fuzz.moments import has_distribution, means_of

_FOREIGN = (sp.Derivative, sp.Integral, sp.Limit, sp.Product, sp.Piecewise, AppliedUndef, Indexed)
Definitions = Mapping[sp.Basic, sp.Basic]


def states_nothing(claim: Claim) -> bool:
    """Whether a claim may be refused because there is nothing to say: equal sides, or a goal that is a hypothesis."""
    return (claim.kind == "identity" and claim.left == claim.right) or bool(set(claim.goals) & set(listed(claim.where)))


def violations(claim: Claim) -> Iterator[str]:
    """Run through the reasons for which a claim has to be refused."""
    if claim.refuse:
        yield claim.refuse
        return  # the parts need not be SymPy's
    bases: dict[sp.Basic, set[int]] = {}
    for part in claim.parts():
        if not isinstance(part, sp.Basic):
            if not isinstance(part, int):
                yield f"not an expression of SymPy: {part!r}"
            continue
        if not isinstance(part, sp.Expr | sp.MatrixExpr | sp.MatrixBase) and part not in claim.conditions:
            yield f"not an expression: {part}"
    for node in claim.nodes:
        yield from _of_node(node, claim.definitions)
        if isinstance(node, sp.Sum):
            _note_bases(node, bases)
    if any(len(found) > 1 for found in bases.values()):
        yield "sums from 0 and from 1 over one axis"
    yield from _of_moments(claim)


def _of_moments(claim: Claim) -> Iterator[str]:
    for node in means_of(claim):
        if node.moments.get(0, sp.S.One) != 1:
            yield "a moment of degree 0 that is not 1"
        numbers = all(isinstance(value, sp.Rational) for value in node.moments.values())
        if numbers and not has_distribution(node, Scope({})):
            yield "moments that no distribution has"


def _of_node(node: Any, definitions: Definitions) -> Iterator[str]:
    if isinstance(node, sp.Symbol) and (node.is_commutative is False or node.is_extended_real is False):
        yield f"the symbol {node} is not a real number"
    if isinstance(node, sp.Symbol) and node.is_finite is False:
        yield f"the symbol {node} is infinite"
    if isinstance(node, sp.Number | sp.NumberSymbol) and not isinstance(node, sp.Rational):
        yield f"the number {node}"
    if node in (sp.I, sp.zoo) or isinstance(node, _FOREIGN):
        yield f"outside the language: {node}"
    if isinstance(node, Gradient):
        yield from _of_derivative(node, definitions)
    elif isinstance(node, At) and set(node.values) & set(definitions):
        yield "a replacement of what is defined"
    elif isinstance(node, ScalarExpectation | MatrixExpectation) and node.random in definitions:
        yield "an expectation over what is defined"


def _of_derivative(node: Any, definitions: Definitions) -> Iterator[str]:
    moving = {node.wrt, *node.jacobians}
    if moving & set(definitions):
        yield "a derivative by what is defined"
    elif not node.constant and not depends(node.differentiated, moving, definitions):
        yield f"nothing depends on {node.wrt} in {node.differentiated}"
    for inner in _inside(node.differentiated, definitions):
        same = inner.wrt in moving
        for value in inner.jacobians.values():
            constant = isinstance(value, sp.MatrixSymbol | ArraySymbol) and value not in moving
            if same and constant and value not in definitions:
                yield f"the declared Jacobian {value} is differentiated as if it were constant"


def _inside(node: sp.Basic, definitions: Definitions) -> Iterator[Any]:
    for inner in sp.preorder_traversal(node):
        if inner in definitions:
            yield from _inside(definitions[inner], definitions)
        elif isinstance(inner, Gradient):
            yield inner


def depends(node: sp.Basic, moving: set[sp.Basic], definitions: Definitions) -> bool:
    """Whether any of these symbols occurs once definitions are unfolded, and replacements and averages made."""
    if node in moving:
        return True
    if node in definitions:
        return depends(definitions[node], moving, definitions)
    if isinstance(node, sp.MatrixSymbol | ArraySymbol):
        return False
    if isinstance(node, At):
        values = any(depends(value, moving, definitions) for value in node.values.values())
        return values or depends(node.matrix, moving - set(node.values), definitions)
    if isinstance(node, ScalarExpectation | MatrixExpectation):
        given = any(depends(value, moving, definitions) for value in node.moments.values())
        return given or depends(node.averaged, moving - {node.random}, definitions)
    if isinstance(node, Gradient):
        declared = any(depends(value, moving, definitions) for value in node.jacobians.values())
        return declared or depends(node.differentiated, moving, definitions)
    return any(depends(arg, moving, definitions) for arg in node.args)


def _note_bases(node: Any, bases: dict[sp.Basic, set[int]]) -> None:
    used = {
        symbol
        for inner in node.function.atoms(MatrixElement, ArrayElement)
        for arg in inner.args
        for symbol in arg.atoms(sp.Symbol)
    }
    for _, low, high in node.limits:
        if (low.free_symbols | high.free_symbols) & {index for index, _, _ in node.limits}:
            return  # one index beyond the other
    for symbol, low, high in node.limits:
        if symbol in used and not isinstance(symbol, sp.Dummy):  # SymPy's own sums have dummies
            bases.setdefault(sp.expand(high - low + 1), set()).add(int(low))
