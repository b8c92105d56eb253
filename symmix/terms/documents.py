"""Which statements and theorems are well formed: what states nothing is refused, and so is what says too much."""

from __future__ import annotations

from collections.abc import Iterable

from symmix.errors import DimensionError, NotationError, StatementError, UnsupportedError, within
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.functions import require_bound_alone, require_law, require_no_value, speaks_of_functions
from symmix.terms.meanings import Names, Scope, names_of, roots_of
from symmix.terms.names import AXES, ONE_SIZE
from symmix.terms.wellformed import require_scalar, require_well_formed

SIGNS = (">", ">=", "<", "<=", "!=")
PROPERTIES = ("symmetric", "skew", "diagonal")


def require_setting(setting: s.Setting, names: Names) -> Scope:
    """Return the scope in which the statements of a well-formed setting stand."""
    closed = Scope(names, {})
    before: set[str] = set()
    for symbol, value in setting.definitions:
        with within(f"the definition of {symbol}"):
            _require_definition(symbol, value, before, closed)
        before.add(symbol.name)
    for condition in setting.conditions:
        with within(f"the condition {condition.left} {condition.sign} {condition.right}"):
            if condition.sign not in SIGNS:
                raise StatementError(f"one of {SIGNS}", repr(condition.sign), "split it into such conditions")
            require_scalar(condition.left, closed, "in a condition")
            require_scalar(condition.right, closed, "in a condition")
    for name in setting.whole:
        if names.symbols.get(name) is None or names.symbols[name].axes or names.symbols[name] in names.definitions:
            raise StatementError("whole numbers among the scalars that are not defined", name, "leave it out")
    _require_properties(setting.properties, names)
    return Scope(names, dict(names.free))


def _require_properties(properties: tuple[tuple[str, str], ...], names: Names) -> None:
    """Refuse properties of what has no axes of one size, or is defined, and two properties of one symbol."""
    if list(properties) != sorted(dict(properties).items()):
        raise StatementError("one property for each symbol", f"{properties}", "leave one out, or use a hypothesis")
    for name, word in properties:
        symbol = names.symbols.get(name)
        axes = symbol.axes if symbol is not None else ()
        twice = len(axes) > len(set(axes)) and (word != "diagonal" or len(axes) == 2) and ONE_SIZE not in axes
        if symbol in names.definitions:
            raise StatementError(f"properties of what has no definition, and {name} has one", word, "leave it out")
        if word not in PROPERTIES or not twice:
            kinds = (
                "a square matrix" if word == "diagonal" else "a square matrix, or an array with two axes of one size,"
            )
            raise StatementError(f"{kinds} that is {word}", f"{name} {axes}", f"known are {', '.join(PROPERTIES)}")


def _require_definition(symbol: t.Symbol, value: t.Expression, before: set[str], scope: Scope) -> None:
    """Refuse a definition that is not of its symbol's shape, or that uses what is defined behind it, or itself."""
    if len(symbol.axes) not in (0, 2) or symbol.name in before:
        raise StatementError("one definition of a scalar or matrix symbol", f"{symbol}", "define it once")
    shape = require_well_formed(value, scope)
    require_no_value(value, "definitions by what is known")
    if shape != symbol.shape:
        raise DimensionError(
            f"a definition of the shape {symbol.shape}", f"{value} of shape {shape}", "check its shape"
        )
    for node in value.walk():
        if isinstance(node, t.Symbol) and node in scope.names.definitions and node.name not in before:
            raise StatementError(
                "definitions that use symbols defined before them, and not themselves",
                f"{node} in the definition of {symbol}",
                "define each symbol in terms of symbols that are not defined by it",
            )


def require_statement(statement: s.Statement, scope: Scope) -> None:
    """Refuse a statement that is not well formed, or that states nothing."""
    require_bound_alone([statement], scope.names)
    if isinstance(statement, s.Equivalence | s.Minimum) and speaks_of_functions(statement):
        kind = type(statement).__name__
        raise UnsupportedError("functions in identities and inequalities", f"one in {kind}", "state it in these")
    match statement:
        case s.Identity(left=left, right=right, where=where):
            _require_two_sides(left, right, scope)
            _require_hypotheses(where, scope)
        case s.Vanishing(expressions=expressions, where=where):
            _require_some(expressions, "Vanishing", scope)
            _require_hypotheses(where, scope)
        case s.Equivalence(left=left_ones, right=right_ones, provided=provided, where=where):
            _require_some(left_ones, "Equivalence", scope)
            _require_some(right_ones, "Equivalence", scope)
            if left_ones == right_ones:
                raise StatementError("two sides that differ", f"{left_ones} on both", "state what was meant")
            for scalar in provided:
                require_scalar(scalar, scope, "that is not zero")
            _require_hypotheses(where, scope)
        case s.Positivity(scalar=scalar, ranges=ranges, where=where):
            _require_number(scalar, scope)
            _require_ranges(ranges, scope)
            _require_hypotheses(where, scope)
        case s.Minimum(scalar=scalar, at=at, where=where):
            _require_number(scalar, scope)
            require_well_formed(t.At(scalar, at), scope)
            _require_hypotheses(where, scope)
        case s.Fails(statement=inner):
            require_statement(inner, scope)


def _require_number(scalar: t.Expression, scope: Scope) -> None:
    """Refuse what is no scalar; it may have entries in it."""
    shape = require_well_formed(scalar, scope)
    if shape != t.SCALAR:
        raise DimensionError("a scalar in an inequality", f"{scalar} of shape {shape}", "write v^T M v for a matrix M")


def _require_two_sides(left: t.Expression, right: t.Expression, scope: Scope) -> None:
    shapes = require_well_formed(left, scope), require_well_formed(right, scope)
    if shapes[0] != shapes[1]:
        raise StatementError(
            "two sides of one shape",
            f"{left} of shape {shapes[0]}, and {right} of shape {shapes[1]}",
            "transpose a side, or check the shapes of its symbols",
        )
    if left == right:
        raise StatementError(
            "two sides that differ",
            f"{left} on both: it states nothing",
            "if SymPy cancelled something, keep it by symmix.language.quotient or inverse",
        )


def _require_some(expressions: tuple[t.Expression, ...], kind: str, scope: Scope) -> None:
    if not expressions:
        raise StatementError(f"at least one expression in {kind}", "none", "state what is to vanish")
    for expression in expressions:
        require_well_formed(expression, scope)


def _require_hypotheses(where: tuple[s.Hypothesis, ...], scope: Scope) -> None:
    for hypothesis in where:
        if isinstance(hypothesis, s.ForAll):
            require_well_formed(hypothesis.body, scope.within(hypothesis.indices))
        elif isinstance(hypothesis, s.Everywhere):
            require_law(hypothesis, scope, require_well_formed)
        else:
            require_well_formed(hypothesis, scope)


def _require_ranges(ranges: tuple[s.Range, ...], scope: Scope) -> None:
    for found in ranges:
        symbol = found.symbol
        if isinstance(symbol, t.Symbol) and (symbol.axes or symbol in scope.names.definitions):
            raise StatementError("ranges of scalar symbols without a definition", f"{found.symbol}", "leave it out")
        if found.low is not None and found.high is not None and not found.low < found.high:
            raise StatementError("a range with points in it", f"{found}", "give the lower bound first")
    if len({found.symbol for found in ranges}) != len(ranges):
        raise StatementError("one range for each symbol", f"{ranges}", "leave one out")


def require_theorem(theorem: s.Theorem) -> Scope:
    """Refuse a theorem that is not well formed; return the scope of its statements.

    Raises
    ------
    DimensionError, NotationError, StatementError, UnsupportedError
        Naming the claim, step, near miss or definition, and the node.
    """
    setting = theorem.setting
    names = names_of(theorem)
    _require_no_rates_of(frozenset(setting.whole), theorem)
    _require_own_names(names)
    scope = require_setting(setting, names)
    require_bound_alone(roots_of(theorem), names, setting.whole)
    pairs = independent_pairs(names, roots_of(theorem))
    if setting.independent != pairs:
        raise StatementError(f"the independent pairs {pairs}", f"{setting.independent}", "list them")
    for label, claim in theorem.claims:
        with within(f"claim {label!r}" if label else "the claim"):
            require_statement(claim, scope)
            require_news(claim)
    for proof in theorem.proofs:
        require_leads_somewhere(proof, [claim for _, claim in theorem.claims])
        for number, identity in enumerate(proof.identities(), 1):
            with within(f"step {number} of the proof"):
                require_statement(identity, scope)
    for slip, miss in theorem.near_misses:
        with within(f"near miss {slip!r}"):
            require_statement(miss, scope)
    return scope


def _require_own_names(names: Names) -> None:
    """Refuse samples that are called as certificates call the axes of what their evidence is about."""
    for index in sorted(names.free.keys() & {*AXES}):
        raise NotationError("a sample index with another name", index, f"rename it: a certificate has a {index} itself")


def _require_no_rates_of(whole: frozenset[str], theorem: s.Theorem) -> None:
    """Refuse derivatives by whole numbers, and of them."""
    values = [value for _, value in theorem.setting.definitions]
    for node in (node for root in (*roots_of(theorem), *values) for node in root.walk()):
        if isinstance(node, t.Gradient) and not node.by.axes:
            moving = {node.by.name, *(symbol.name for symbol, _ in node.jacobians)}
            if moving & whole:
                raise StatementError(
                    "derivatives by scalars that take all values in between", f"{node}", "take a difference"
                )


def require_news(claim: s.Statement) -> None:
    """Refuse a claim that is its own hypothesis, or that repeats a given moment."""
    if isinstance(claim, s.Vanishing):
        repeated = next((e for e in claim.expressions if e in claim.where), None)
        if repeated is not None:
            raise StatementError("a claim that is not its own hypothesis", f"{repeated}", "claim what follows from it")
    if isinstance(claim, s.Identity) and repeats_moment(claim):
        raise StatementError(
            "a claim that is no given moment", f"{claim.left} = {claim.right}", "claim what follows from it"
        )


def repeats_moment(claim: s.Identity) -> bool:
    """Whether an equation says a given moment once more."""
    sides = ((claim.left, claim.right), (claim.right, claim.left))
    return any(
        isinstance(side, t.Expectation) and any(m.value == other and _is_of(side, m) for m in side.moments)
        for side, other in sides
    )


def _is_of(expectation: t.Expectation, moment: t.Moment) -> bool:
    """Whether an expectation is, as written, that of a moment: of a power of the random scalar."""
    power = expectation.of
    base, exponent = (power.base, power.exponent) if isinstance(power, t.Power) else (power, 1)
    return base == expectation.random and exponent == moment.degree


def require_leads_somewhere(proof: s.Derivation, claims: list[s.Statement]) -> None:
    """Refuse a chain whose ends are not the sides of a claim, or whose steps use what that claim does not assume."""
    if not proof.steps:
        raise StatementError("a proof with at least one step", "none", "add .equals(...), or leave the proof out")
    ends = {proof.start, proof.steps[-1].expression}
    about = [c for c in claims if isinstance(c, s.Identity) and {c.left, c.right} == ends]
    if not about:
        raise StatementError(
            "a proof that leads from one side of a claimed identity to the other",
            f"one from {proof.start} to {proof.steps[-1].expression}",
            "start and end it as the claim does, or claim that identity too",
        )
    allowed = {hypothesis for claim in about for hypothesis in claim.where}
    for step in proof.steps:
        extra = [hypothesis for hypothesis in step.where if hypothesis not in allowed]
        if extra:
            raise StatementError(
                "steps that use hypotheses of the claim alone",
                f"{extra[0]} in the step to {step.expression}",
                "assume it in the claim too, or leave it out",
            )


def independent_pairs(names: Names, roots: Iterable[Node]) -> tuple[tuple[str, str], ...]:
    """Return the random symbols, outer and inner, that nested expectations take for independent.

    They are where the moments of the inner one are free of the outer one; otherwise those are conditional moments.
    """
    found: set[tuple[str, str]] = set()
    given = list(roots)
    trees = (*given, *names.definitions.values())
    if not any(isinstance(node, t.Expectation) for tree in trees for node in tree.walk()):
        return ()
    for root in given:
        for outer in _expectations_in(names, root):
            for inner in _expectations_in(names, outer.of):
                free = not any(names.depends(moment.value, outer.random.name) for moment in inner.moments)
                if free and inner.random != outer.random:
                    found.add((outer.random.name, inner.random.name))
    return tuple(sorted(found))


def _expectations_in(names: Names, tree: Node) -> list[t.Expectation]:
    return [node for node in names.unfolded(tree) if isinstance(node, t.Expectation)]
