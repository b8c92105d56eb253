"""Statements, hypotheses and conditions in words and formulas, for any printer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from symmix.printing.printer import Printer
from symmix.printing.signs import signed, without_sign
from symmix.printing.symbols import INDEX
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.meanings import samples_of
from symmix.verdict import Proved, Verdict

Chain = tuple[t.Expression | str, ...]  # expressions with signs between them: 0 <= lam <= 1
PERHAPS_OF_NOTHING = "proved, perhaps of nothing"


def wording(statement: s.Statement, printer: Printer) -> str:
    """Return a statement as one sentence without a full stop."""
    behind = where(getattr(statement, "where", ()), printer)
    match statement:
        case s.Identity(left=left, right=right):
            return f"{printer.print(left)} = {printer.print(right)}{behind}"
        case s.Vanishing(expressions=expressions):
            return zeros(expressions, printer) + behind
        case s.Equivalence(left=forth, right=back, provided=provided):
            given = f", given {' and '.join(f'{printer.print(e)} != 0' for e in provided)}" if provided else ""
            return f"{zeros(forth, printer)} if and only if {zeros(back, printer)}{given}{behind}"
        case s.Positivity(scalar=scalar, ranges=ranges, strict=strict):
            shown = ", ".join(_range(found, printer) for found in ranges)
            return f"{printer.print(scalar)} {'>' if strict else '>='} 0{' for ' if ranges else ''}{shown}{behind}"
        case s.Minimum(scalar=scalar, at=at):
            values = ", ".join(f"{printer.print(symbol)} = {printer.print(value)}" for symbol, value in at)
            return f"{printer.print(scalar)} is at least what it is at {values}{behind}"
        case s.Fails(statement=inner):
            return f"not always: {wording(inner, printer)}"


def _range(found: s.Range, printer: Printer) -> str:
    low, high = ("-oo" if found.low is None else found.low), ("oo" if found.high is None else found.high)
    return f"{low} < {printer.print(found.symbol)} < {high}"


def zeros(expressions: Sequence[s.Hypothesis], printer: Printer) -> str:
    """Return ``A = 0, for all i: B[i] = 0``; an equation at a sample that is the claim's says so."""
    return ", ".join(_zero(expression, printer) for expression in expressions)


def _zero(hypothesis: s.Hypothesis, printer: Printer) -> str:
    if isinstance(hypothesis, s.Everywhere):
        names = ", ".join(map(printer.print, hypothesis.symbols))
        left, right = _sides_of(hypothesis.body)
        return f"for all {names}: {printer.print(left)} {hypothesis.sign} {printer.print(right)}"
    if isinstance(hypothesis, s.ForAll):
        names = ", ".join(printer.name(index.name, INDEX) for index in hypothesis.indices)
        return f"for all {names}: {printer.print(hypothesis.body)} = 0"
    return f"{printer.print(hypothesis)} = 0"


def _sides_of(body: t.Expression) -> tuple[t.Expression, t.Expression]:
    """Return the sides of what is said of functions, which is a difference or compared with 0."""
    kept, taken = (
        [term if positive else without_sign(term) for term in body.terms if signed(term) != positive]
        if isinstance(body, t.Add)
        else []
        for positive in (True, False)
    )
    if not kept or not taken:
        return body, t.Number(Fraction(0))
    left, right = (side[0] if len(side) == 1 else t.Add(tuple(side)) for side in (kept, taken))
    return left, right


def where(hypotheses: Sequence[s.Hypothesis], printer: Printer) -> str:
    """Return the hypotheses as a clause, empty if there are none."""
    if not hypotheses:
        return ""
    here = dict.fromkeys(name for hypothesis in hypotheses for name in samples_of(hypothesis))
    at = f", at this {', '.join(printer.name(name, INDEX) for name in here)}" if here else ""
    return f" where {zeros(hypotheses, printer)}{at}"


# -- what is assumed ---


def assumption(tree: t.Expression, printer: Printer) -> str:
    """Return what a division or an inverse assumes."""
    if isinstance(tree, t.Inverse):
        return f"{printer.print(tree.of)} has an inverse"
    left, right = unequal(tree)
    return f"{printer.print(left)} != {'0' if right is None else printer.print(right)}"


def unequal(tree: t.Expression) -> tuple[t.Expression, t.Expression | None]:
    """Return two sides that are not equal where an expression is not zero: c and 1 for 1 - c; None for a bare zero."""
    sides = _difference(tree)
    if sides is None:
        return tree, None
    return sides[::-1] if isinstance(sides[0], t.Number) else sides


def _difference(tree: t.Expression) -> tuple[t.Expression, t.Expression] | None:
    """Return the a and b of a - b."""
    terms = tree.terms if isinstance(tree, t.Add) else ()
    kept, taken = [x for x in terms if not signed(x)], [without_sign(x) for x in terms if signed(x)]
    return (kept[0], taken[0]) if len(kept) == len(taken) == 1 else None


def assumptions(verdicts: Iterable[Verdict]) -> tuple[t.Expression, ...]:
    """Return what proved statements divide by and invert, each once."""
    return tuple(dict.fromkeys(q for v in verdicts if isinstance(v, Proved) for q in v.assuming))


def word(verdict: Verdict) -> str:
    """Return a verdict in words."""
    return PERHAPS_OF_NOTHING if isinstance(verdict, Proved) and not verdict.met else verdict.word


def chains(conditions: Sequence[s.Condition]) -> list[Chain]:
    """Return conditions, two bounds as one, ``0 <= lam <= 1``; what another implies is left out."""
    found: list[Chain] = []
    left = [c for c in conditions if not any(_implies(other, c) for other in conditions if other != c)]
    while left:
        one = left.pop(0)
        other = next((c for c in left if one.left == c.left and _is_bound(one, ">") and _is_bound(c, "<")), None)
        if other is None:
            found.append(_told(one))
        else:
            left.remove(other)
            found.append((one.right, one.sign.replace(">", "<"), one.left, other.sign, other.right))
    return _linked(found)


def _told(condition: s.Condition) -> Chain:
    """Return a condition as one says it: m^2 <= m2 for m2 - m^2 >= 0."""
    sides = _difference(condition.left)
    if sides is None or condition.sign not in (">", ">=") or condition.right != t.Number(Fraction(0)):
        return condition.left, condition.sign, condition.right
    if isinstance(sides[1], t.Number):
        return sides[0], condition.sign, sides[1]
    return sides[1], condition.sign.replace(">", "<"), sides[0]


def _linked(found: Sequence[Chain]) -> list[Chain]:
    """Return chains with those that go on where another ends behind it: m^2 <= m2 <= m."""
    linked: list[Chain] = []
    for chain in found:
        rising = str(chain[1]).startswith("<")
        place = next((n for n, c in enumerate(linked) if rising and str(c[1])[0] == "<" and c[-1] == chain[0]), None)
        if place is None:
            linked.append(chain)
        else:
            linked[place] = (*linked[place], *chain[1:])
    return linked


def _implies(one: s.Condition, other: s.Condition) -> bool:
    """Whether a bound by a number implies another on the same side."""
    if one.left != other.left or not isinstance(one.right, t.Number) or not isinstance(other.right, t.Number):
        return False
    gap = one.right.value - other.right.value
    above = _is_bound(one, ">") and (_is_bound(other, ">") or other.sign == "!=")
    below = _is_bound(one, "<") and (_is_bound(other, "<") or other.sign == "!=")
    tighter = gap if above else -gap
    return (above or below) and (tighter > 0 or (tighter == 0 and "=" not in one.sign))


def _is_bound(condition: s.Condition, sign: str) -> bool:
    return condition.sign.startswith(sign) and isinstance(condition.right, t.Number)
