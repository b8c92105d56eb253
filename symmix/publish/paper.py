"""A LaTeX export: a fragment for each theorem, the macros, the sources, and a document with all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symmix.notation import Entry, legend, lookup
from symmix.printing.latex import LatexPrinter
from symmix.printing.prose import Prose, title
from symmix.printing.symbols import PAPER, SIZE
from symmix.publish.bibliography import bibtex, latex_entry, names, sources
from symmix.publish.classes import Page, plain_document
from symmix.publish.givens import sizes, stated, symbols, verdict_as_text
from symmix.publish.introducing import in_words
from symmix.publish.macros import macros
from symmix.publish.markup import LatexMarkup
from symmix.publish.reach import decided, for_sizes
from symmix.publish.sheet import Sheet, many, sheet
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome

DOCUMENT, SUFFIX, MACROS, SOURCES = "theorems.tex", ".tex", "symmix-macros.tex", "references.bib"
Chapters = Mapping[str, Sequence[str]]

_PREAMBLE = r"""\documentclass[11pt]{article}
\usepackage[a4paper,margin=28mm]{geometry}
\usepackage{amsmath,amssymb,amsthm,array,bm,graphicx,xcolor,microtype,booktabs,longtable}
\usepackage[colorlinks,allcolors=black]{hyperref}
\newtheorem{theorem}{Theorem}[section]
\newtheorem{claim}[theorem]{Claim}
\renewcommand{\labelitemi}{$\bullet$}
\allowdisplaybreaks
\emergencystretch=3em
\setcounter{tocdepth}{1}
\numberwithin{equation}{section}
"""


def files(
    outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "", page: Page | None = None
) -> dict[str, str]:
    """Return the files of an export by name.

    Parameters
    ----------
    outcomes
        The theorems, run.
    chapters
        Titles with the ids of their theorems; theorems of no chapter come last.
    heading
        The document's title; without it one is made up.
    page
        What it is to be printed on: the class of a document, its columns and their width.
    """
    sheets = written(outcomes, page)
    fragments = {f"{s.outcome.script.id}.tex": s.text for s in sheets}
    inputs = {s.outcome.script.id: rf"\input{{{s.outcome.script.id}}}" for s in sheets}
    whole = _document(sheets, chapters, heading, rf"\input{{{MACROS.removesuffix('.tex')}}}", inputs, page)
    return {DOCUMENT: whole, MACROS: macros(), SOURCES: bibtex(), **fragments}


def single(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "", page: Page | None = None) -> str:
    """Return the document with everything in it, for a pipe."""
    sheets = written(outcomes, page)
    return _document(sheets, chapters, heading, macros(), {s.outcome.script.id: s.text for s in sheets}, page)


def written(outcomes: Sequence[Outcome], page: Page | None = None) -> list[Sheet]:
    """Return the theorems as LaTeX."""
    titles = {outcome.script.id: title(outcome.script.id) for outcome in outcomes}
    markup = LatexMarkup((page or Page()).line, names())
    return [sheet(outcome, markup, titles, list(sources())) for outcome in outcomes]


# -- the document ---


def _document(
    sheets: Sequence[Sheet],
    chapters: Chapters,
    heading: str,
    macro_lines: str,
    bodies: Mapping[str, str],
    page: Page | None,
) -> str:
    grouped = by_chapter([s.outcome for s in sheets], chapters)
    if page is not None and page != Page():  # tables over several pages are for one wide column
        sections = {_prose()(n): [bodies[o.script.id] for o in found] for n, found in grouped.items()}
        ending = _bibliography([s.outcome for s in sheets])
        return plain_document(page, heading or made_up(grouped), macro_lines, sections, ending)
    parts = [_PREAMBLE + macro_lines, rf"\title{{{heading or made_up(grouped)}}}", r"\author{}\date{}"]
    parts += [
        r"\begin{document}",
        r"\maketitle",
        _abstract([s.outcome for s in sheets]),
        _table(grouped),
        r"\tableofcontents",
    ]
    parts.append(_notation([s.outcome for s in sheets]))
    for name, outcomes in grouped.items():
        parts.append(rf"\section{{{_prose()(name)}}}")
        parts += [bodies[outcome.script.id] for outcome in outcomes]
    parts += [_bibliography([s.outcome for s in sheets]), r"\end{document}"]
    return "\n".join(part for part in parts if part) + "\n"


def by_chapter(outcomes: Sequence[Outcome], chapters: Chapters) -> dict[str, list[Outcome]]:
    """Return the outcomes by the title of their chapter; those of none are called Theorems."""
    grouped: dict[str, list[Outcome]] = {}
    for name, ids in chapters.items():
        found = [outcome for outcome in outcomes if outcome.script.id in ids]
        if found:
            grouped[name] = found
    placed = {outcome.script.id for found in grouped.values() for outcome in found}
    rest = [outcome for outcome in outcomes if outcome.script.id not in placed]
    return {**grouped, "Theorems": rest} if rest else grouped


def made_up(grouped: Mapping[str, Sequence[Outcome]]) -> str:
    """Return a title that says something."""
    outcomes = [outcome for found in grouped.values() for outcome in found]
    if len(outcomes) == 1:
        return title(outcomes[0].script.id)
    if "Theorems" not in grouped:
        return "The gradient of manifold mixup, term by term: what holds in every dimension, and what does not"
    return f"{len(outcomes)} statements, {decided(outcomes)}"


def _prose(outcome: Outcome | None = None) -> Prose:
    """Return what writes words, about a theorem in its own symbols."""
    if outcome is None:
        return Prose(PAPER, LatexMarkup().escape)
    printer = LatexPrinter(PAPER, outcome.spelling)
    return Prose(PAPER, LatexMarkup().escape, symbols=in_words(outcome, printer))


def summary(outcomes: Sequence[Outcome]) -> str:
    """Return what was decided, in numbers."""
    words = [outcome.verdict.word for outcome in outcomes]
    verdicts = ", ".join(f"{words.count(word)} {word}" for word in ("proved", "refuted", "undecided") if word in words)
    claims = sum(len(outcome.claims) for outcome in outcomes)
    misses = sum(len(outcome.near_misses) for outcome in outcomes)
    steps = sum(len(chain) for outcome in outcomes for chain in outcome.steps)
    return (
        f"{many(len(outcomes), 'statement')} ({verdicts}), with {many(claims, 'claim')} and {many(steps, 'step')} of "
        f"derivations. Each claim and each step is decided {for_sizes(outcomes)} and all real entries, by comparing "
        "normal forms, by cofactors of the hypotheses, or by a point. Near misses, one slip away from a claim, stand "
        f"beside them with the points at which they fail: {misses} in all. What is printed is what was decided; the "
        "formulas are written from the statements themselves."
    )


def _abstract(outcomes: Sequence[Outcome]) -> str:
    return f"\\begin{{abstract}}\\noindent\n{summary(outcomes)}\n\\end{{abstract}}"


def _table(grouped: Mapping[str, Sequence[Outcome]]) -> str:
    rows = []
    for name, outcomes in grouped.items():
        rows.append(rf"\addlinespace\multicolumn{{4}}{{@{{}}l}}{{\itshape {_prose()(name)}}}\\*")
        for outcome in outcomes:
            label = outcome.script.id
            cells = (
                rf"\ref{{sx:{label}}}",
                rf"\hyperref[sx:{label}]{{{title(label)}}}",
                _prose(outcome)(outcome.script.summary),
            )
            rows.append(" & ".join((*cells, _prose()(verdict_as_text(outcome)))) + r"\\")
    widths = (0.25, 0.4, 0.19)
    columns = "l" + "".join(rf">{{\raggedright\arraybackslash}}p{{{width}\linewidth}}" for width in widths)
    table = _longtable(columns, "& Theorem & Statement & Verdict", rows)
    return f"{{\\footnotesize\\setlength{{\\tabcolsep}}{{4pt}}\n{table}}}"


def _notation(outcomes: Sequence[Outcome]) -> str:
    printer, rows = LatexPrinter(PAPER), []
    for name, axes, entry in _legend_of(outcomes):
        if "'" not in name:
            shape = r" \times ".join(printer.name(size, SIZE) for size in axes if axes != SIZE and size != ONE_SIZE)
            meaning = _prose()(entry.meaning)
            rows.append(rf"${printer.name(name, axes)}$ & {f'${shape}$' if shape else ''} & {meaning}\\")
    if not rows:
        return ""
    table = _longtable("lll", "symbol & size & meaning", rows)
    words = "A prime marks the second sample of a pair. Vectors are columns."
    return f"\\section*{{Notation}}\n{words}\n\n{{\\small\n{table}}}"


def _legend_of(outcomes: Sequence[Outcome]) -> list[tuple[str, tuple[str, ...], Entry]]:
    """Return the symbols and sizes that are the legend's own, in its order; a namesake of a user's is not explained."""
    found: dict[str, tuple[str, tuple[str, ...], Entry]] = {}
    for outcome in outcomes:
        trees = stated(outcome.document)
        named = [(size, SIZE) for size in sizes(trees)] + [(symbol.name, symbol.axes) for symbol in symbols(trees)]
        for name, axes in named:
            entry = lookup(name)
            if entry is not None and outcome.setting.reader.symbols.get(name) == entry.symbol:
                found[name] = name, axes, entry
    order = [entry.name for entry in legend()]
    return sorted(found.values(), key=lambda line: order.index(line[0]))


def _longtable(columns: str, head: str, rows: Sequence[str]) -> str:
    """Return a table that may go over several pages."""
    top = f"\\toprule\n{head}\\\\\n\\midrule\n\\endhead\n\\bottomrule\n\\endfoot"
    body = "\n".join(rows)
    return f"\\begin{{longtable}}{{@{{}}{columns}@{{}}}}\n{top}\n{body}\n\\end{{longtable}}"


def _bibliography(outcomes: Sequence[Outcome]) -> str:
    cited = {key for outcome in outcomes for key in outcome.script.source}
    entries = [latex_entry(key) for key in sources() if key in cited]
    if not entries:
        return ""
    body = "\n\n".join(entries)
    return f"\\begin{{thebibliography}}{{{len(entries)}}}\n{body}\n\\end{{thebibliography}}"
