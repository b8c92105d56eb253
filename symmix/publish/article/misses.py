"""The near misses of all theorems in one table: of which theorem, which slip, where it fails, and with which values."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from symmix.printing.display import enumerated
from symmix.printing.symbols import SIZE
from symmix.publish import givens
from symmix.publish.article.declared import declared, maps
from symmix.publish.article.pen import LABEL, Pen
from symmix.publish.article.proofs import at, entries, values
from symmix.publish.article.standing import given
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.functions import bound_in, functions_of
from symmix.verdict import Refuted, Verdict, Witness


@dataclass(frozen=True)
class _Row:
    """One near miss with its verdict."""

    pen: Pen
    slip: str
    statement: s.Statement
    verdict: Verdict

    @property
    def witness(self) -> Witness | None:
        """The point at which it fails, if there is one to show."""
        return self.verdict.witness if isinstance(self.verdict, Refuted) else None

    @cached_property
    def values(self) -> Mapping[str, str]:
        """Sizes, scalars and entries of the witness, as LaTeX by LaTeX."""
        return {} if self.witness is None else values(self.witness, self.statement, self.pen)


_COMMON = 3  # how often a value has to occur to be the usual one


def misses(pens: Sequence[Pen], *, wide: bool) -> str:
    """Return the table, empty without near misses; ``wide`` leaves room for points of many coordinates."""
    rows = [row for pen in pens for row in _of(pen)]
    if not rows:
        return ""
    usual = _usual(rows)
    body = "\n".join(_row(row, usual) for row in rows)
    shown = [f"${name} = {value}$" for name, value in usual.items() if value != "0"]
    caption = (
        "One slip away from the theorems: each of these statements is false, and a point at which it fails is given, "
        "with its two sides there. Unless a row says otherwise, "
        f"{', '.join(['sizes are $1$', *shown])}, and all else is $0$."
    )
    head = r"of & slip & at & left & right"
    widths = ("0.325", "0.37") if wide else ("0.41", "0.36")
    slip, point = (rf">{{\raggedright\arraybackslash}}p{{{share}\linewidth}}" for share in widths)
    columns = rf"@{{}}l{slip}{point}rr@{{}}"
    return (
        f"\\par{{\\scriptsize\\setlength{{\\tabcolsep}}{{4pt}}\\renewcommand{{\\arraystretch}}{{0.95}}\n"
        f"\\begin{{longtable}}{{{columns}}}\n\\caption{{{caption}}}\\label{{{LABEL}misses}}\\\\\n"
        f"\\toprule {head}\\\\\\midrule\\endfirsthead\n\\toprule {head}\\\\\\midrule\\endhead\n"
        f"\\bottomrule\\endfoot\n{body}\n\\end{{longtable}}\n{_declared(pens)}}}"
    )


def _of(pen: Pen) -> Iterator[_Row]:
    verdicts = pen.outcome.near_misses.values()
    for (slip, statement), verdict in zip(pen.outcome.document.near_misses, verdicts, strict=True):
        yield _Row(pen, slip, statement, verdict)


def _declared(pens: Sequence[Pen]) -> str:
    """Return a paragraph on the symbols that only near misses have; empty if there are none."""
    found = []
    for pen in pens:
        document = pen.outcome.document
        names = pen.outcome.frame.names
        stated = [statement for _, statement in document.near_misses]
        spoken = {node for statement in stated for node in names.unfolded(statement)}
        symbols = givens.symbols([node for node in spoken if isinstance(node, t.Symbol)])
        bound = bound_in(stated)
        free = [x for x in symbols if x not in bound and x not in names.definitions]
        functions = functions_of(node for node in spoken if isinstance(node, t.Function))
        claimed = functions_of(claim for _, claim in document.claims)
        own = list(declared([x for x in free if x not in given(pen.outcome).symbols], pen))
        own += maps([x for x in functions if x not in claimed], pen)
        if own:
            found.append(rf"of~\ref{{{LABEL}{pen.outcome.script.id}}}, {enumerated(own)}")
    words = "; ".join(found)
    return f"\\noindent Symbols that only these statements have: {words}.\\par" if found else ""


def _usual(rows: Sequence[_Row]) -> Mapping[str, str]:
    """Return the most frequent value of each symbol, if it is a frequent one and not zero."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.witness is not None and not row.witness.at:
            write = row.pen.setter.inline_printer.name
            sized = {write(name, SIZE) for name in row.witness.sizes}
            for name, value in row.values.items():
                if name not in sized:
                    counts[name][value] += 1
    found = {}
    for name, counted in sorted(counts.items()):
        value, count = counted.most_common(1)[0]
        share = 2 if name.startswith((r"\sxV", r"\sxM", r"\sxW")) else 3
        least = max(_COMMON, len(rows) // 20)
        if value != "0" and count >= least and share * count >= counted.total() and "matrix" not in value:
            found[name] = value
    return found


def _row(row: _Row, usual: Mapping[str, str]) -> str:
    label = rf"\ref{{{LABEL}{row.pen.outcome.script.id}}}"
    match row.verdict:
        case Refuted(witness=witness) if witness is not None:
            left, right = map(_level, _sides(witness))
            where = _level(at(row.values, usual))
        case Refuted():
            left, right, where = "", "", "its denial is proved"
        case _:
            left, right, where = "", "", row.verdict.word
    strut = r"\rule[-1ex]{0pt}{3.1ex}" if "smallmatrix" in where + left + right else ""
    return rf"{label} & {strut}{row.pen.words(row.slip)} & {where} & {left} & {right}\\"


def _level(latex: str) -> str:
    """Return LaTeX with fractions that are as high as the line."""
    return re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"\1/\2", latex)


def _sides(witness: Witness) -> tuple[str, str]:
    shown = [f"${entries(rows)}$" for rows in witness.values.values()]
    return (shown[0], shown[1]) if len(shown) == 2 else (shown[0] if shown else "", "$0$")
