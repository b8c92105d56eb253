"""A theorem's claims as numbered displays: a formula, its number, and beside it or above it what it is and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symmix.printing.breaking import broken
from symmix.printing.display import NOT_EQUAL, Relation, enumerated, relations
from symmix.printing.layout import width
from symmix.publish.article.declared import positive
from symmix.publish.article.pen import LINE, Pen
from symmix.terms import nodes as t
from symmix.terms import statements as s

_DENIED = r"\text{not in general: }"
_SAID_BY_ITS_SIGN = ("exactly when", "if and only if")
_GAP = 2.0  # between a formula and the words beside it, in em
_NUMBER = 3.0  # what a number and its distance take
_NEXT = " \\\\\n"


@dataclass(frozen=True)
class Row:
    """The lines of one claim, the words that belong to it, and its label."""

    lines: Sequence[str]
    words: str
    label: str

    @property
    def beside(self) -> bool:
        """Whether there is room for the words beside the formula."""
        return len(self.lines) == 1 and _fit([self])


def claims(pen: Pen, only: Sequence[str] = ()) -> str:
    """Return all claims of a theorem, or those of some labels, a number each.

    The words of a claim stand beside its formula if there is room, neighbours of that kind aligned; else above it.
    """
    labelled = pen.outcome.document.claims
    rows = []
    for number, (label, claim) in enumerate(labelled, 1):
        if only and label not in only:
            continue
        name = f"eq:{pen.outcome.script.id}:{number}"
        rows.append(row(claim, label if len(labelled) > 1 else "", name, pen))
        _remember(claim, rows[-1], pen)
    if all(found.beside for found in rows) and _fit(rows):
        return _in_columns(rows)
    return _centred(rows)


def _fit(rows: Sequence[Row]) -> bool:
    """Whether words fit beside formulas, in a column each."""
    return _widest(rows) + _GAP + max(text_width(found.words) for found in rows) + _NUMBER <= LINE


def _widest(rows: Sequence[Row]) -> float:
    """Return how wide aligned formulas are: the widest part before a sign, and the widest behind."""
    parts = [line.replace(_DENIED, "mmmmmmmmmmm").partition("&") for found in rows for line in found.lines]
    return max(width(before) for before, _, _ in parts) + max(width(behind) for _, _, behind in parts)


def _remember(claim: s.Statement, found: Row, pen: Pen) -> None:
    """Remember a left side that takes more than a line: it is referred to where it stands again."""
    if isinstance(claim, s.Identity) and len(found.lines) > 1:
        pen.seen.setdefault(claim.left, found.label)


def _in_columns(rows: Sequence[Row]) -> str:
    """Return aligned formulas with their words in a column to the right."""
    lines = []
    for found in rows:
        end = _end(found, rows, ",")
        words = rf" &\qquad& \text{{{found.words}{end}}}" if found.words else end
        lines.append(rf"{found.lines[0]}{words}\label{{{found.label}}}")
    environment = ("alignat", "{2}") if any(found.words for found in rows) else ("align", "")
    return _display(*environment, _NEXT.join(lines))


def _centred(rows: Sequence[Row]) -> str:
    """Return centred formulas, each with its words beside or above it; those of the first may end the text before."""
    body, lead = "", ""
    for found in rows:
        label = rf"\label{{{found.label}}}"
        if found.beside:
            end = _end(found, rows, ",")
            words = rf"\qquad \text{{{found.words}{end}}}" if found.words else end
            body += (_NEXT if body else "") + found.lines[0].replace("&", "") + words + label
            continue
        words = f"{found.words[:1].upper()}{found.words[1:]}:" if found.words else ""
        inner = _NEXT.join(found.lines) + _end(found, rows, ";")
        formula = f"\\begin{{aligned}}\n{inner}\n\\end{{aligned}}" if len(found.lines) > 1 else inner.replace("&", "")
        if not body:
            lead = f"{words}\n" if words else ""
        else:
            body += f"\n\\shortintertext{{{words}}}\n" if words else _NEXT
        body += formula + label
    return lead + _display("gather", "", body)


def _end(found: Row, rows: Sequence[Row], sign: str) -> str:
    return "." if found is rows[-1] else sign


def _display(environment: str, argument: str, body: str) -> str:
    return f"\\begin{{{environment}}}{argument}\n{body}\n\\end{{{environment}}}"


def text_width(words: str) -> float:
    """Return about how wide words with formulas are, in em."""
    pieces = words.split("$")
    return 0.46 * len("".join(pieces[::2])) + sum(width(formula) for formula in pieces[1::2])


# -- one claim ---


def row(claim: s.Statement, label: str, name: str, pen: Pen, *, fails: bool = False) -> Row:
    """Return a claim as lines of an aligned display, with its words."""
    match claim:
        case s.Fails(statement=inner):
            return row(inner, label, name, pen, fails=True)
        case s.Identity(left=left, right=right):
            lines = _identity(left, r"\ne" if fails else "=", right, pen)
        case s.Vanishing(expressions=expressions):
            lines = _vanishing(expressions, pen, fails=fails)
        case s.Equivalence():
            lines = _equivalence(claim, pen, fails=fails)
        case _:
            lines = pen.narrow(LINE - _NUMBER).rows(relations(claim))
    label = "" if isinstance(claim, s.Equivalence) and label in _SAID_BY_ITS_SIGN else label
    denied = any(_DENIED in line for line in lines)
    return Row(lines, _words(claim, label, pen, fails=fails, general=fails and not denied), name)


def _identity(left: t.Expression, sign: str, right: t.Expression, pen: Pen) -> list[str]:
    """Return an equation; under-braces with their names make it no wider, and what was long is not repeated."""
    room = LINE - _NUMBER
    if left in pen.seen:
        ahead = rf"\text{{the left side of~\eqref{{{pen.seen[left]}}}}}"
        first, *rest = broken(pen.setter.printer.print(right), room - 10)
        pen.inline_all([right], [_NEXT.join([first, *(rf"&\quad {{}}{line}" for line in rest)])])
        return [f"{ahead} &{sign} {first}", *(rf"&\quad {{}}{line}" for line in rest)]
    plain = width(pen.setter.inline_printer.print(left)) + width(pen.setter.inline_printer.print(right)) + 1.5
    if plain > room:
        return pen.narrow(room).rows([Relation(left, sign, right)])
    first, second = pen.setter.printer.print(left), pen.setter.printer.print(right)
    pen.inline_all([left, right], [first, second])
    return [f"{first} &{sign} {second}"]


def _vanishing(expressions: Sequence[t.Expression], pen: Pen, *, fails: bool) -> list[str]:
    known = [rf"\text{{the left side of~\eqref{{{pen.seen[x]}}}}}" for x in expressions if x in pen.seen]
    if known and not fails:
        rest = [x for x in expressions if x not in pen.seen]
        return [f"{' = '.join(known)} &= 0{',' if rest else ''}", *(_vanishing(rest, pen, fails=False) if rest else [])]
    prints = [pen.setter.printer.print(expression) for expression in expressions]
    if width(" = ".join([*prints, "0"])) <= LINE - _NUMBER:
        pen.inline_all(expressions, prints)
        together = prints[0] if len(prints) == 1 else f"({', '.join(prints)})"  # not zero if one of them is not
        return [rf"{together} &\ne 0" if fails else f"{prints[0]} &= {' = '.join([*prints[1:], '0'])}"]
    if fails and len(expressions) == 1:
        return pen.narrow(LINE - _NUMBER).rows([Relation(expressions[0], NOT_EQUAL, None)])
    ahead, room = (_DENIED, LINE - _NUMBER - 7) if fails else ("", LINE - _NUMBER)
    rows = pen.narrow(room).rows([Relation(x, "=", None) for x in expressions], pack=False, between=",")
    first = rows[0].replace("&", f"&{ahead}", 1) if rows[0].startswith("&") else f"{ahead}{rows[0]}"
    return [first, *rows[1:]]


def _equivalence(claim: s.Equivalence, pen: Pen, *, fails: bool) -> list[str]:
    ahead, room = (_DENIED, LINE - _NUMBER - 7) if fails else ("", LINE - _NUMBER)
    sides = [[pen.setter.printer.print(x) for x in side] for side in (claim.left, claim.right)]
    left, right = (" = ".join([*prints, "0"]) for prints in sides)
    if width(rf"{left} \iff {right}") <= room:
        for expressions, prints in zip((claim.left, claim.right), sides, strict=True):
            pen.inline_all(expressions, prints)
        return [rf"{ahead}{sides[0][0]} &= {' = '.join([*sides[0][1:], '0'])} \iff {right}"]
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
    for number, (expression, latex) in enumerate(zip(expressions, prints, strict=True), 1):
        lines = broken(latex, LINE - 8)
        pen.inline_all([expression], [_NEXT.join([lines[0], *(rf"&\quad {{}}{line}" for line in lines[1:])])])
        end = "," if number < len(expressions) else ""
        yield from [lines[0], *(rf"\quad {{}}{line}" for line in lines[1:])][:-1]
        yield f"{lines[-1] if len(lines) == 1 else rf'{chr(92)}quad {{}}{lines[-1]}'} = 0{end}"


def _words(claim: s.Statement, label: str, pen: Pen, *, fails: bool, general: bool) -> str:
    """Return what stands beside a claim: what it is, and when it holds."""
    name = pen.words(label)
    when = ["in general"] if general else []
    if where := getattr(claim, "where", ()):
        ahead = "even where " if fails else "" if label.startswith(("where", "at ")) else "where "
        when.append(ahead + pen.hypotheses(where))
    if isinstance(claim, s.Equivalence) and claim.provided:
        needed = [x for x in claim.provided if not positive(x, pen)]
        when += ["if " + enumerated([rf"${pen.inline(x)} \ne 0$" for x in needed])] if needed else []
    if isinstance(claim, s.Positivity) and claim.ranges:
        when.append(f"for {pen.setter.ranges(claim.ranges)}")
    return ", ".join(([name] if name else []) + when)
