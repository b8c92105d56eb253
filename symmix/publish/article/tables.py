"""The tables of an article: terms by error and Jacobian, how it was checked, the symbols."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symmix.printing.latex import LatexPrinter
from symmix.publish.article.declared import shape
from symmix.publish.article.nouns import meaning
from symmix.publish.article.pen import LABEL, Pen
from symmix.publish.article.standing import given
from symmix.publish.reach import for_sizes
from symmix.publish.sheet import many
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import Proved, Refuted

SHORT = 12  # digits of a digest


def longtable(
    columns: str, head: str, rows: Sequence[str], caption: str = "", label: str = "", size: str = "footnotesize"
) -> str:
    """Return a small table that may go over several pages."""
    said = f"\\caption{{{caption}}}\\label{{{label}}}\\\\\n" if caption else ""
    body = "\n".join(rows)
    return (
        f"\\par{{\\{size}\\setlength{{\\tabcolsep}}{{4pt}}\n\\begin{{longtable}}{{@{{}}{columns}@{{}}}}\n{said}"
        f"\\toprule {head}\\\\\\midrule\\endfirsthead\n\\toprule {head}\\\\\\midrule\\endhead\n"
        f"\\bottomrule\\endfoot\n{body}\n\\end{{longtable}}}}"
    )


# -- terms by error and Jacobian ---


def terms(pen: Pen) -> str:
    """Return a small table of a sum with named parts: weights by whose error, and through whose Jacobian."""
    for _, claim in pen.outcome.document.claims:
        if pen.outcome.parts and isinstance(claim, s.Identity) and isinstance(claim.right, t.Add):
            cells = _cells(claim, pen)
            if cells:
                return _grid(cells, pen)
    return ""


Cells = Mapping[tuple[t.Expression, t.Expression], tuple[t.Expression, int]]


def _cells(claim: s.Identity, pen: Pen) -> Cells:
    """Return the weight of each term by its error and its Jacobian, with the place of its part; {} if unclear."""
    known = {value for node in claim.walk() if isinstance(node, t.Gradient) for _, value in node.jacobians}
    parts = [part.terms if isinstance(part, t.Add) else (part,) for part in pen.outcome.parts.values()]
    found: dict[tuple[t.Expression, t.Expression], tuple[t.Expression, int]] = {}
    for term in claim.right.terms if isinstance(claim.right, t.Add) else ():
        factors = term.factors if isinstance(term, t.Multiply) else (term,)
        scalars = [factor for factor in factors if factor.shape == t.SCALAR]
        through = [x.of for x in factors if isinstance(x, t.Transpose) and x.of in known]
        place = [number for number, part in enumerate(parts) if term in part]
        if len(through) != 1 or not scalars or not place or (factors[-1], through[0]) in found:
            return {}
        weight = scalars[0] if len(scalars) == 1 else t.Multiply(tuple(scalars))
        found[factors[-1], through[0]] = weight, place[0]
    return found


def _grid(cells: Cells, pen: Pen) -> str:
    errors, through = (list(dict.fromkeys(key[place] for key in cells)) for place in (0, 1))
    head = " & ".join(["", *(f"through ${pen.inline(x)}$" for x in through)])
    rows = []
    for error in errors:
        row = [rf"error ${pen.inline(error)}$"]
        for jacobian in through:
            weight, part = cells.get((error, jacobian), (None, 0))
            colour = ("own", "cross")[part] if part < 2 else ""
            row.append("" if weight is None else _coloured(pen.inline(weight), colour))
        rows.append(" & ".join(row) + r"\\")
    names = list(pen.outcome.parts)
    key = ", ".join(rf"{{\color{{sx{('own', 'cross')[n]}}}{name}}}" for n, name in enumerate(names[:2]))
    body = "\n".join(rows)
    return (
        f"\\noindent The weights of the terms by error and Jacobian ({key}):\\vspace{{-1ex}}\n"
        f"\\begin{{center}}\\small\n\\begin{{tabular}}{{@{{}}l{'c' * len(through)}@{{}}}}\\toprule\n"
        f"{head}\\\\\\midrule\n{body}\n\\bottomrule\\end{{tabular}}\n\\end{{center}}"
    )


def _coloured(latex: str, colour: str) -> str:
    return rf"{{\color{{sx{colour}}}${latex}$}}" if colour else f"${latex}$"


# -- how it was checked ---


def checked(pens: Sequence[Pen], shown: Sequence[Pen], noun: str = "numbered claim") -> str:
    """Return the paragraph on how the statements were checked, and what has to be trusted.

    The near misses of some theorems are shown, and these are counted.
    """
    outcomes = [pen.outcome for pen in pens]
    claims = [verdict for outcome in outcomes for verdict in outcome.claims.values()]
    steps = [verdict for outcome in outcomes for chain in outcome.steps for verdict in chain]
    slips = [verdict for pen in shown for verdict in pen.outcome.near_misses.values()]
    proved = sum(isinstance(verdict, Proved) for verdict in claims + steps)
    refuted = sum(isinstance(verdict, Refuted) for verdict in slips)
    derived = f" and {many(len(steps), 'step')} of derivations" if steps else ""
    twice = sum(outcome.certified is not None and not outcome.disagreement for outcome in outcomes)
    return (
        f"{_share(proved, len(claims + steps), many(len(claims), noun) + derived)} proved by machine, "
        f"{for_sizes(outcomes)} and all real entries: normal forms are compared, or cofactors of the hypotheses are "
        "found. "
        f"{_share(refuted, len(slips), many(len(slips), 'near miss', 'near misses'))} refuted at exact points. "
        f"{_share(twice, len(outcomes), many(len(outcomes), 'theorem'))} decided anew by a second program, which "
        "shares no code with the first, from the same statements and "
        "their certificates. Formulas are printed from the statements that were decided; titles, sentences and ideas "
        "of proofs are written by hand. What has to be trusted: that the statements say what is meant, that SymPy "
        "builds what its input says, and that the two programs do not err alike. "
        f"Table~\\ref{{{LABEL}digests}} has the beginnings of the SHA-256 digests of the statements; the whole ones "
        "are in the source of this text and in the certificates of \\texttt{symmix prove -{}-certificates}."
    )


def _share(found: int, total: int, words: str) -> str:
    """Return ``All 3 theorems are``, or ``Of 3 theorems, 2 are``."""
    if found < total:
        return f"Of {words}, {found} {'is' if found == 1 else 'are'}"
    return f"The {words.removeprefix('1 ')} is" if total == 1 else f"All {words} are"


def digests(pens: Sequence[Pen]) -> str:
    """Return the table of what was decided, with the first digits of the digests, two theorems in a row."""
    cells = [_digest(pen) for pen in pens]
    half = (len(cells) + 1) // 2
    pairs = [(cells[n], cells[n + half] if n + half < len(cells) else " & & ") for n in range(half)]
    beside = len(cells) > 3
    rows = [rf"{first} & {second}\\" for first, second in pairs] if beside else [rf"{cell}\\" for cell in cells]
    caption = (
        f"The theorems by their names for \\texttt{{symmix prove}}, and the first {SHORT} digits of the digests of "
        "their statements."
    )
    head = "no. & name & digest" + (" & no. & name & digest" if beside else "")
    columns = "rll" + (r"@{\hspace{1.5em}}rll" if beside else "")
    return longtable(columns, head, rows, caption, f"{LABEL}digests", "tiny")


def _digest(pen: Pen) -> str:
    name = pen.outcome.script.id.replace("_", r"\_")
    number = rf"\ref{{{LABEL}{pen.outcome.script.id}}}"
    return rf"{number} & \texttt{{{name}}} & \texttt{{{pen.outcome.digest[:SHORT]}}}"


# -- symbols ---

_INDEX = r"""The number behind a symbol is that of the theorem in which it stands first.
{\scriptsize
\begin{multicols}{3}\raggedright
\begin{list}{}{\setlength{\leftmargin}{1em}\setlength{\itemindent}{-1em}\setlength{\itemsep}{0pt}\setlength{\parsep}{0pt}}
%s
\end{list}
\end{multicols}}"""


def symbols(pens: Sequence[Pen]) -> str:
    """Return the index of symbols: what each is, its space, and the theorem in which it stands first."""
    found: dict[tuple[str, str, str], tuple[str, str, tuple[str, bool]]] = {}
    for pen in pens:
        for symbol in given(pen.outcome).symbols:
            name, space = f"${pen.setter.printer.name(symbol.name, symbol.axes)}$", f"${shape(symbol.axes, pen)}$"
            said = meaning(symbol, pen.outcome)
            if not symbol.name.endswith("'") and said:
                place = _place(LatexPrinter(names=pen.outcome.spelling).name(symbol.name, symbol.axes))
                found.setdefault((name, space, said), (pen.words(said), pen.outcome.script.id, place))
    ordered = sorted(found.items(), key=lambda item: item[1][2])
    lines = [
        rf"\item {name} in {space}, {words}, \ref{{{LABEL}{identifier}}}"
        for (name, space, _), (words, identifier, _) in ordered
    ]
    return _INDEX % "\n".join(lines)


def _place(latex: str) -> tuple[str, bool]:
    """Return where a symbol stands in an index: by its letters, Greek ones by their names, capitals behind."""
    letters = re.sub(r"\\(?:bm|math[a-z]+|bar|tilde)(?![a-z])|[^A-Za-z0-9]", "", latex)
    return letters.lower(), letters[:1].isupper()
