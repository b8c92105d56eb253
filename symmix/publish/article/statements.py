"""A theorem's claims as numbered displays: a formula, its number, and beside it what it is and when it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symmix.printing.breaking import broken
from symmix.printing.display import Relation, enumerated, relations
from symmix.printing.layout import width
from symmix.publish.article.pen import LINE, Pen
from symmix.terms import nodes as t
from symmix.terms import statements as s

_GAP = 2.0  # between a formula and the words beside it, in em
_NUMBER = 3.0  # what a number and its distance take


@dataclass(frozen=True)
class Row:
    """The lines of one claim, and the words that belong to it."""

    lines: Sequence[str]
    words: str


def claims(pen: Pen) -> str:
    """Return all claims of a theorem as one aligned display, a number each."""
    labelled = pen.outcome.document.claims
    rows = [row(claim, label if len(labelled) > 1 else "", pen) for label, claim in labelled]
    beside = any(found.words and _fits(found) for found in rows)
    body, name = [], pen.outcome.script.id
    for number, found in enumerate(rows):
        end = "." if number == len(rows) - 1 else ","
        label = rf"\label{{eq:{name}:{number + 1}}}"
        body.append(_written(found, end, label))
    environment = ("alignat", "{2}") if beside else ("align", "")
    joined = " \\\\\n".join(body)
    return f"\\begin{{{environment[0]}}}{environment[1]}\n{joined}\n\\end{{{environment[0]}}}"


def _written(found: Row, end: str, label: str) -> str:
    *lines, last = found.lines
    ahead = [rf"{line} \notag" for line in lines]
    if not found.words:
        return " \\\\\n".join([*ahead, last + end + label])
    words = rf"\text{{{found.words}{end}}}"
    if _fits(found):
        return " \\\\\n".join([*ahead, rf"{last} &\qquad& {words}{label}"])
    return " \\\\*\n".join([*ahead, rf"{last} \notag", rf"&\qquad {words}{label}"])


def _fits(found: Row) -> bool:
    return max(map(_line, found.lines)) + _GAP + text_width(found.words) + _NUMBER <= LINE


def _line(line: str) -> float:
    return width(line.replace(r"\text{not in general: }", "mmmmmmmm"))


def text_width(words: str) -> float:
    """Return about how wide words with formulas are, in em."""
    pieces = words.split("$")
    plain = "".join(pieces[::2]).replace(r"\emph{", "").replace("}", "")
    return 0.46 * len(plain) + sum(width(formula) for formula in pieces[1::2])


def row(claim: s.Statement, label: str, pen: Pen, *, fails: bool = False) -> Row:
    """Return a claim as lines of an aligned display, with its words."""
    match claim:
        case s.Fails(statement=inner):
            return row(inner, label, pen, fails=True)
        case s.Identity(left=left, right=right):
            sign = r"\ne" if fails else "="
            lines = pen.narrow(LINE - _NUMBER).rows([Relation(left, sign, right)])
        case s.Vanishing(expressions=expressions):
            lines = _vanishing(expressions, pen, fails=fails)
        case s.Equivalence():
            lines = _equivalence(claim, pen, fails=fails)
        case _:
            lines = pen.narrow(LINE - _NUMBER).rows(relations(claim))
    general = "in general" if fails and isinstance(claim, s.Identity) else ""
    return Row(lines, _words(claim, label, general, pen))


def _vanishing(expressions: Sequence[t.Expression], pen: Pen, *, fails: bool) -> list[str]:
    ahead = r"\text{not in general: }" if fails else ""
    prints = [pen.setter.printer.print(expression) for expression in expressions]
    chain = " = ".join([*prints, "0"])
    if width(chain) <= LINE - _NUMBER - 6 * fails:
        pen.inline_all(expressions, prints)
        return [f"&{ahead}{chain}"]
    rows = pen.narrow(LINE - _NUMBER - 6 * fails).rows([Relation(x, "=", None) for x in expressions], pack=False)
    return [rows[0].replace("&", f"&{ahead}", 1) if fails else rows[0], *rows[1:]]


def _equivalence(claim: s.Equivalence, pen: Pen, *, fails: bool) -> list[str]:
    ahead = r"\text{not in general: }" if fails else ""
    sides = [[pen.setter.printer.print(x) for x in side] for side in (claim.left, claim.right)]
    left, right = (" = ".join([*prints, "0"]) for prints in sides)
    whole = rf"{left} \iff {right}"
    if width(whole) <= LINE - _NUMBER - 6 * fails:
        for expressions, prints in zip((claim.left, claim.right), sides, strict=True):
            pen.inline_all(expressions, prints)
        return [f"&{ahead}{whole}"]
    return [*(f"&{ahead}{line}" for line in _chain(claim.left, pen)), *_iff(claim.right, pen)]


def _iff(expressions: Sequence[t.Expression], pen: Pen) -> list[str]:
    first, *rest = _chain(expressions, pen)
    return [rf"&\qquad{{}}\iff {first}", *(rf"&\qquad\qquad {line}" for line in rest)]


def _chain(expressions: Sequence[t.Expression], pen: Pen) -> Iterator[str]:
    """Run through lines that say that expressions are zero: in one chain if it fits, else a line each."""
    prints = [pen.setter.printer.print(x) for x in expressions]
    chain = " = ".join([*prints, "0"])
    if width(chain) <= LINE - 6:
        pen.inline_all(expressions, prints)
        yield chain
        return
    for expression, latex in zip(expressions, prints, strict=True):
        lines = broken(latex, LINE - 8)
        pen.inline_all([expression], [" \\\\\n".join([lines[0], *(f"&\\quad {{}}{line}" for line in lines[1:])])])
        yield from (*lines[:-1], f"{lines[-1]} = 0")


def _words(claim: s.Statement, label: str, general: str, pen: Pen) -> str:
    """Return what stands beside a claim: what it is, and when it holds."""
    name = rf"\emph{{{pen.words(label)}}}" if label else ""
    when = [general] if general else []
    if where := getattr(claim, "where", ()):
        when.append(("" if label.startswith(("where", "at ")) else "where ") + pen.hypotheses(where))
    if isinstance(claim, s.Equivalence) and claim.provided:
        when.append("if " + enumerated([rf"${pen.inline(x)} \ne 0$" for x in claim.provided]))
    if isinstance(claim, s.Positivity) and claim.ranges:
        when.append(f"for {enumerated([_range(found, pen) for found in claim.ranges])}")
    return ", ".join(([name] if name else []) + when)


def _range(found: s.Range, pen: Pen) -> str:
    name, least = pen.setter.printer.print(found.symbol), pen.inline(t.Number(found.low))
    if found.high is None:
        return rf"${name} \gt {least}$"
    return rf"${least} \lt {name} \lt {pen.inline(t.Number(found.high))}$"
