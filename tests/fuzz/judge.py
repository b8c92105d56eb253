"""Whether a verdict may be given: proved must be true at every point tried, refuted false at the witness."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import sympy as sp

from tests.fuzz.algebra import Meaningless, Undefined, Value
from tests.fuzz.claims import Claim, listed
from tests.fuzz.components import Index, Matrix, Scope, matrix
from tests.fuzz.forms import violations
from tests.fuzz.moments import possible
from tests.fuzz.points import as_rows, drawn, entries_for, fits, holds, made, meets, number_for, vanishes

POINTS = 8
_DRAWS = 12
Rows = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Answer:
    """What a decider said; ``word`` is proved, refuted, undecided, refused, crash or late.

    A denial (``Fails``) that is proved has a witness; one that is refuted, none.
    """

    word: str
    met: bool = True
    detail: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    scalars: Mapping[str, Fraction] = field(default_factory=dict)
    entries: Mapping[str, Rows] = field(default_factory=dict)
    values: Mapping[str, Rows] = field(default_factory=dict)
    at: Mapping[str, int] = field(default_factory=dict)


Decider = Callable[[Claim], Answer]


def judged(claim: Claim, answer: Answer, random: Random) -> str:
    """Return what is wrong with an answer, or nothing."""
    if answer.word in {"crash", "late"}:
        return f"{answer.word}: {answer.detail}"
    if answer.word not in {"proved", "refuted"}:
        return ""
    reason = next(violations(claim), "")
    if reason:
        return f"{answer.word}, but to be refused: {reason}"
    holds_here = (answer.word == "proved") != claim.denied
    try:
        return _against_proof(claim, answer, random) if holds_here else _against_witness(claim, answer, random)
    except Meaningless as error:
        return f"{answer.word}, but without a meaning: {error}"


def _against_proof(claim: Claim, answer: Answer, random: Random) -> str:
    if claim.empty and (answer.met or claim.denied):
        return "proved from hypotheses that contradict each other, and said to be met"
    for _ in range(POINTS):
        scope = drawn(claim, random)
        try:
            if scope is not None and not true_at(claim, scope):
                return f"proved, but false at {shown(claim, scope)}"
        except Undefined:
            continue
    return ""


def true_at(claim: Claim, scope: Scope) -> bool:
    """Whether the claim's conclusion holds at a point."""
    if claim.kind == "identity":
        left, right = (matrix(sp.sympify(goal), scope) for goal in claim.goals)
        return left == right
    if claim.kind == "vanishing":
        return all(vanishes(sp.sympify(goal), scope) for goal in claim.goals)
    if claim.kind == "positivity":
        value = matrix(sp.sympify(claim.left), scope)[0][0]
        return bool(value > 0)  # type: ignore[operator]
    if claim.kind == "nonnegative":
        return bool(matrix(sp.sympify(claim.left), scope)[0][0] >= 0)  # type: ignore[operator]
    if claim.kind == "minimum":
        there = dict([claim.right])
        here, least = (matrix(e, scope)[0][0] for e in (claim.left, claim.left.xreplace(there)))
        return bool(here >= least)  # type: ignore[operator]
    forth, back = (all(vanishes(e, scope) for e in listed(side)) for side in (claim.left, claim.right))
    return forth == back


def shown(claim: Claim, scope: Scope) -> str:
    """Write a point out."""
    symbols = claim.symbols
    named = {str(s): scope.values.get(s) for s in sorted([*symbols.scalars, *symbols.tensors], key=str)}
    lines = [f"{name} = {_plain(value)}" for name, value in named.items() if value is not None]
    return ", ".join([*lines, *(f"{i} at {index.position}" for i, index in scope.samples.items())])


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "[" + "; ".join(" ".join(map(str, row)) for row in value) + "]"
    return str(value)


# -- witnesses ---------------------------------------------------------------------------------------------------------


_TRUE = "the statement is true"


def _against_witness(claim: Claim, answer: Answer, random: Random) -> str:
    """Read the witness as it is reported, and evaluate everything there; what it leaves open must not matter."""
    why, met = "no point", False
    for _ in range(_DRAWS if _leaves_open(claim, answer) else 1):
        reasons = [_judged_at(claim, answer, scope) for scope in _points(claim, answer, random)]
        met = met or "" in reasons
        why = next((reason for reason in reasons if reason), why)
        if "" not in reasons and _TRUE in reasons:
            met, why = False, _TRUE
            break
    if met:
        return ""
    return f"refuted, but {why} at the witness {dict(answer.scalars)} {dict(answer.entries)} {dict(answer.sizes)}"


def _judged_at(claim: Claim, answer: Answer, scope: Scope) -> str:
    try:
        return _wrong_with(claim, answer, scope)
    except Undefined:
        return "something divides by zero there"


def _leaves_open(claim: Claim, answer: Answer) -> bool:
    known = {*answer.sizes, *answer.scalars, *answer.entries}
    symbols = claim.symbols.scalars | claim.symbols.tensors
    return any(str(symbol.name) not in known for symbol in symbols - set(claim.definitions) - set(claim.indices))


def _wrong_with(claim: Claim, answer: Answer, scope: Scope) -> str:
    for symbol, value in scope.values.items():
        if isinstance(symbol, sp.Symbol) and not fits(symbol, Fraction(value)):
            return f"{symbol} = {value} is not what SymPy assumes of it"
    for symbol, (low, high) in claim.ranges.items():
        if symbol in scope.values and not sp.sympify(low) < sp.Rational(str(scope.of(symbol))) < sp.sympify(high):
            return f"{symbol} is outside of its range"
    for tensor, word in claim.properties.items():
        rows = [[*row] for row in scope.of(tensor)] if tensor in scope.values else []
        half = 1 if word == "diagonal" else 2
        if made(rows, word) != [[half * x for x in row] for row in rows]:
            return f"{tensor} is not {word}"
    if not possible(claim, scope):
        return "the moments are those of no distribution"
    if not all(holds(relation, scope) for relation in claim.conditions):
        return "a condition does not hold"
    if not meets(claim, scope):
        return "a hypothesis does not hold"
    if true_at(claim, scope):
        return _TRUE
    return _misreported(claim, answer, scope)


def _misreported(claim: Claim, answer: Answer, scope: Scope) -> str:
    for symbol in claim.definitions:
        reported = answer.entries.get(str(symbol.name)) if isinstance(symbol, sp.MatrixSymbol) else None
        if reported is not None and _flat(reported) != _flat(scope.of(symbol)):
            return f"{symbol} is not as defined"
    if claim.kind != "identity":
        return ""
    for name, goal in (("left", claim.left), ("right", claim.right)):
        value = matrix(sp.sympify(goal), scope)
        if name in answer.values and _flat(answer.values[name]) != _flat(value):
            return f"the {name} side is {_plain(value)}, not {_plain([list(r) for r in answer.values[name]])}"
    return ""


def _flat(rows: Any) -> list[Value]:
    return [value for row in rows for value in row]


def _points(claim: Claim, answer: Answer, random: Random) -> Iterator[Scope]:
    """Run through the points that a witness may mean: what it leaves open may be anything."""
    scalars, tensors, sizes = claim.symbols.scalars, claim.symbols.tensors, claim.symbols.sizes
    values: dict[sp.Basic, Any] = {}
    for symbol in sorted(sizes, key=str):
        values[symbol] = answer.sizes.get(str(symbol.name), answer.scalars.get(str(symbol.name), 2))
    for symbol in sorted(scalars - sizes, key=str):
        given = answer.scalars.get(str(symbol.name), answer.sizes.get(str(symbol.name)))
        if given is None and symbol in claim.definitions:
            continue
        values[symbol] = given if given is not None else _open(symbol, random)
    plain = Scope(values)
    for tensor in sorted(tensors, key=str):
        if tensor in claim.definitions:
            continue
        values[tensor] = _table(tensor, plain, answer, random)
    positions = [
        [answer.at[str(i.name)]] if str(i.name) in answer.at else range(int(values.get(length, length)))
        for i, length in claim.indices.items()
    ]
    for picked in product(*positions):
        samples = {i: Index(position) for i, position in zip(claim.indices, picked, strict=True)}
        yield Scope(values, samples, samples, claim.definitions)


def _open(symbol: sp.Symbol, random: Random) -> Fraction:
    value = number_for(symbol, random)
    if value is None:
        raise Meaningless(f"no number can stand for {symbol}")
    return value


def _table(tensor: Any, scope: Scope, answer: Answer, random: Random) -> Matrix | Any:
    reported = answer.entries.get(str(tensor.name))
    if reported is None:
        return entries_for(tensor, scope, random)
    shape = [int(matrix(sp.sympify(length), scope)[0][0]) for length in tensor.shape]  # type: ignore[arg-type]
    places = list(product(*map(range, shape)))
    flat = _flat(reported)
    if len(flat) != len(places):
        raise Meaningless(f"the witness gives {len(flat)} entries to {tensor} of shape {shape}")
    table = dict(zip(places, flat, strict=True))
    return as_rows(table, shape) if isinstance(tensor, sp.MatrixSymbol) else table
