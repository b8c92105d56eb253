"""The near misses of all theorems in one table: of which theorem, which slip, where it fails, and with which values."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from symmix.printing.symbols import SIZE
from symmix.publish.article.pen import LABEL, Pen
from symmix.publish.article.proofs import at, entries, values
from symmix.verdict import Refuted, Verdict, Witness

_COMMON = 3  # how often a value has to occur to be the usual one


def misses(pens: Sequence[Pen], size: str) -> str:
    """Return the table in type of a size, empty without near misses."""
    rows = [(pen, slip, verdict) for pen in pens for slip, verdict in pen.outcome.near_misses.items()]
    if not rows:
        return ""
    usual = _usual(rows)
    body = "\n".join(_row(pen, slip, verdict, usual) for pen, slip, verdict in rows)
    shown = [f"${name} = {value}$" for name, value in usual.items() if value != "0"]
    caption = (
        "One slip away from the theorems: each of these statements is false, and a point at which its two sides "
        f"differ is given. Unless a row says otherwise, {', '.join(['sizes are $1$', *shown])}, and all else is $0$."
    )
    head = r"of & slip & at & left & right"
    columns = (
        r"@{}l>{\raggedright\arraybackslash}p{0.325\linewidth}>{\raggedright\arraybackslash}p{0.34\linewidth}rr@{}"
    )
    return (
        f"\\par{{\\{size}\\setlength{{\\tabcolsep}}{{4pt}}\\renewcommand{{\\arraystretch}}{{0.95}}\n"
        f"\\begin{{longtable}}{{{columns}}}\n\\caption{{{caption}}}\\label{{{LABEL}misses}}\\\\\n"
        f"\\toprule {head}\\\\\\midrule\\endfirsthead\n\\toprule {head}\\\\\\midrule\\endhead\n"
        f"\\bottomrule\\endfoot\n{body}\n\\end{{longtable}}}}"
    )


def _usual(rows: Sequence[tuple[Pen, str, Verdict]]) -> Mapping[str, str]:
    """Return the most frequent value of each symbol, if it is a frequent one and not zero."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for pen, _, verdict in rows:
        if isinstance(verdict, Refuted) and verdict.witness is not None:
            sized = {pen.setter.inline_printer.name(name, SIZE) for name in verdict.witness.sizes}
            for name, value in values(verdict.witness, pen).items():
                if name not in sized and not verdict.witness.at:
                    counts[name][value] += 1
    found = {}
    for name, counted in sorted(counts.items()):
        value, count = counted.most_common(1)[0]
        share = 2 if name.startswith((r"\sxV", r"\sxM", r"\sxW")) else 3
        least = max(_COMMON, len(rows) // 20)
        if value != "0" and count >= least and share * count >= counted.total() and "matrix" not in value:
            found[name] = value
    return found


def _row(pen: Pen, slip: str, verdict: Verdict, usual: Mapping[str, str]) -> str:
    label = rf"\ref{{{LABEL}{pen.outcome.script.id}}}"
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            left, right = map(_level, _sides(witness))
            where = _level(at(witness, pen, usual))
        case Refuted():
            left, right, where = "", "", "its denial is proved"
        case _:
            left, right, where = "", "", verdict.word
    return rf"{label} & {pen.words(slip)} & {where} & {left} & {right}\\"


def _level(latex: str) -> str:
    """Return LaTeX with fractions that are as high as the line."""
    return re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"\1/\2", latex)


def _sides(witness: Witness) -> tuple[str, str]:
    shown = [f"${entries(rows)}$" for rows in witness.values.values()]
    return (shown[0], shown[1]) if len(shown) == 2 else (shown[0] if shown else "", "$0$")
