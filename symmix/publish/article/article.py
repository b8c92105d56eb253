"""An article: sections with a standing setting each, theorems stated against it, one table of near misses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from symmix.printing.display import Formula
from symmix.publish.article import declared, misses, proofs, settings, statements, tables
from symmix.publish.article.pen import LABEL, Pen, pen
from symmix.publish.article.standing import Given, given, standing
from symmix.publish.bibliography import latex_entry, sources
from symmix.theorems import Outcome
from symmix.verdict import Proved

_PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[a4paper,margin=28mm]{geometry}
\usepackage{amsmath,amssymb,amsthm,array,bm,xcolor,microtype,booktabs,longtable,graphicx}
\usepackage[colorlinks,allcolors=black]{hyperref}
\newtheorem{theorem}{Theorem}
\newtheorem{lemma}[theorem]{Lemma}
\newtheorem{claim}[theorem]{Claim}
\theoremstyle{remark}
\newtheorem*{remark}{Remark}
\definecolor{sxown}{HTML}{0072B2}
\definecolor{sxcross}{HTML}{B8470B}
\allowdisplaybreaks
\raggedbottom
\emergencystretch=3em
\setlength{\LTpre}{6pt}\setlength{\LTpost}{6pt}
\setlength{\abovedisplayskip}{6pt plus 2pt minus 2pt}\setlength{\belowdisplayskip}{6pt plus 2pt minus 2pt}
\setlength{\abovedisplayshortskip}{2pt plus 2pt}\setlength{\belowdisplayshortskip}{4pt plus 2pt minus 2pt}
\newcommand{\sxcomix}{\bar{\lambda}}
"""


@dataclass(frozen=True)
class Section:
    """Theorems under one heading, or under none, with a standing setting of their own."""

    name: str
    outcomes: Sequence[Outcome]


@dataclass(frozen=True)
class Article:
    """What is to be written."""

    title: str
    sections: Sequence[Section]
    introduction: str = ""  # LaTeX, in front of all sections
    lemmas: frozenset[str] = frozenset()  # what is stated because others use it
    booklet: bool = False  # with a table of contents, remarks, a map and an index of symbols
    figures: Mapping[str, str] = field(default_factory=dict)  # captions by file name, by theorem


@dataclass(frozen=True)
class Written:
    """An article as text, and each formula in it with what it stands for."""

    text: str
    formulas: Sequence[tuple[Outcome, Formula]]


def references(article: Article) -> dict[str, str]:
    """Return how theorems of an article are referred to, by id."""
    return {
        outcome.script.id: rf"{_kind(outcome, article).capitalize()}~\ref{{{LABEL}{outcome.script.id}}}"
        for section in article.sections
        for outcome in section.outcomes
    }


def written(article: Article, macros: str, introduction: str = "") -> Written:
    """Return the article; ``macros`` defines the symbols, or reads the file that does."""
    known = references(article)
    sections = [(section, [pen(outcome, known) for outcome in section.outcomes]) for section in article.sections]
    pens = [one for _, found in sections for one in found]
    blocks = [rf"\title{{{article.title}}}\author{{}}\date{{}}", r"\begin{document}", r"\maketitle"]
    blocks += [introduction or article.introduction]
    for place, (section, found) in enumerate(sections):
        blocks += [rf"\section{{{section.name}}}" if section.name else ""]
        blocks += list(_section(found, article, place))
    blocks += list(_closing(pens, article))
    body = "\n".join(block for block in blocks if block)
    body = body.replace("@RATIO@", r" and $\sxcomix = 1-\sxmix$" if r"\sxcomix" in body else "", 1).replace(
        "@RATIO@", ""
    )
    text = f"{_PREAMBLE}{macros}\n{body}\n\\end{{document}}\n"
    return Written(text, [(one.outcome, formula) for one in pens for formula in one.formulas])


def _section(pens: Sequence[Pen], article: Article, place: int) -> Iterator[str]:
    shared = standing([one.outcome for one in pens])
    words = settings.setting(pens, shared, f"eq:setting{place + 1}")
    if words:
        yield f"\\paragraph{{Setting.}} {words}\n"
    for one in pens:
        yield from _theorem(one, shared, article)


def _theorem(one: Pen, shared: Given, article: Article) -> Iterator[str]:
    outcome = one.outcome
    name, kind = outcome.script.id, _kind(outcome, article)
    lines = [_lead(one), declared.own(given(outcome), shared, one), proofs.lemmas(one), statements.claims(one)]
    body = "\n".join(line for line in lines if line)
    yield f"% {name}: {outcome.verdict.word}; statement sha256 {outcome.digest}"
    yield f"\\begin{{{kind}}}[{proofs.title(one)}]\\label{{{LABEL}{name}}}\n{body}\n\\end{{{kind}}}"
    yield proofs.proof(one)
    yield tables.terms(one)
    paragraphs = outcome.script.documentation.split("\n\n")[1:]
    if article.booklet and paragraphs:
        yield f"\\begin{{remark}}\n{one.words(' '.join(paragraphs))}\n\\end{{remark}}"
    for file, caption in article.figures.items():
        if caption.startswith(f"{name}: "):
            yield _figure(file, one.words(caption.removeprefix(f"{name}: ")))


def _figure(file: str, caption: str) -> str:
    return (
        f"\\begin{{figure}}[!htb]\\centering\n\\includegraphics[width=0.9\\linewidth]{{{file}}}\n"
        f"\\caption{{{caption}}}\n\\end{{figure}}"
    )


def _lead(one: Pen) -> str:
    """Return the statement in words, as far as it is no formula that is displayed right below."""
    summary = one.outcome.script.summary
    words, _, behind = summary.partition(": ")
    said = words if behind and _is_formula(behind) else summary
    return "" if _is_formula(said) else one.words(said).rstrip(".:") + ":"


def _is_formula(words: str) -> bool:
    return any(sign in words for sign in (" = ", "^", " != ", " iff "))


def _kind(outcome: Outcome, article: Article) -> str:
    if not isinstance(outcome.verdict, Proved):
        return "claim"
    return "lemma" if outcome.script.id in article.lemmas else "theorem"


def _closing(pens: Sequence[Pen], article: Article) -> Iterator[str]:
    main = [one for one in pens if one.outcome.script.id not in article.lemmas]
    yield r"\section{What fails}" if article.booklet else ""
    yield misses.misses(main)
    yield r"\section{How this was checked}" if article.booklet else ""
    yield (r"" if article.booklet else r"\paragraph{How this was checked.} ") + tables.checked(pens)
    if article.booklet:
        yield r"\section{Which theorem uses which}" + "\n" + tables.map_of_uses(pens)
        yield r"\section{Symbols}" + "\n" + tables.symbols(pens)
    yield _bibliography(pens)
    yield (r"\appendix" if not article.booklet else "") + "\n" + tables.digests(pens)


def _bibliography(pens: Sequence[Pen]) -> str:
    cited = {key for one in pens for key in one.outcome.script.source}
    entries = [latex_entry(key) for key in sources() if key in cited]
    if not entries:
        return ""
    body = "\n".join(entries)
    return f"\\begin{{thebibliography}}{{{len(entries)}}}\\small\\setlength{{\\itemsep}}{{0pt}}\n{body}\n\\end{{thebibliography}}"
