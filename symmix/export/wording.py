"""Statements in words and formulas, for any printer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatch

import sympy as sp

from symmix.errors import UnsupportedError
from symmix.export.printer import Printer
from symmix.statements import Equivalence, Fails, Identity, Positivity, Statement, Vanishing


@singledispatch
def wording(statement: Statement, printer: Printer) -> str:
    """Return a statement as one sentence without a full stop."""
    raise UnsupportedError("a kind of statement that symmix knows", type(statement).__name__, f"see {printer}")


@wording.register
def _(statement: Identity, printer: Printer) -> str:
    return f"{printer.print(statement.left)} = {printer.print(statement.right)}" + where(statement.where, printer)


@wording.register
def _(statement: Vanishing, printer: Printer) -> str:
    return zeros(statement.expressions, printer) + where(statement.where, printer)


@wording.register
def _(statement: Equivalence, printer: Printer) -> str:
    given = f", given {' and '.join(f'{printer.print(s)} != 0' for s in statement.provided)}" * bool(statement.provided)
    sides = f"{zeros(statement.left, printer)} if and only if {zeros(statement.right, printer)}"
    return sides + given + where(statement.where, printer)


@wording.register
def _(statement: Positivity, printer: Printer) -> str:
    ranges = ", ".join(f"{low} < {printer.print(s)} < {high}" for s, (low, high) in statement.ranges.items())
    return f"{printer.print(statement.scalar)} > 0 for {ranges}"


@wording.register
def _(statement: Fails, printer: Printer) -> str:
    return f"not always: {wording(statement.statement, printer)}"


def zeros(expressions: Sequence[sp.Basic], printer: Printer) -> str:
    """Return ``A = 0, B = 0``."""
    return ", ".join(f"{printer.print(expression)} = 0" for expression in expressions)


def where(hypotheses: Sequence[sp.Basic], printer: Printer) -> str:
    """Return the hypotheses as a clause, empty if there are none."""
    return f" where {zeros(hypotheses, printer)}" if hypotheses else ""
