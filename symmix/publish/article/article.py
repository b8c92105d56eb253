"""An article: sections with a standing setting each, theorems stated against it, one table of near misses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from symmix.printing.display import Formula
from symmix.publish import telling
from symmix.publish.article import (
    cofactors,
    declared,
    maps,
    misses,
    proofs,
    settings,
    statements,
    tables,
    told,
)
from symmix.publish.article.pen import LABEL, Pen, pen
from symmix.publish.article.standing import Given, given, standing
from symmix.publish.authored import marked
from symmix.publish.bibliography import latex_entry, sources
from symmix.publish.markup import LatexMarkup
from symmix.publish.reach import decided
from symmix.publish.telling import Picture
from symmix.theorems import Outcome
from symmix.verdict import Proved

_PREAMBLE = r"""\documentclass[10pt]{article}
\usepackage[a4paper,margin=21mm,top=18mm,bottom=20mm,footskip=8mm]{geometry}
\usepackage{mathtools,amssymb,amsthm,array,bm,xcolor,microtype,booktabs,longtable,multicol,graphicx}
\usepackage[colorlinks,allcolors=black]{hyperref}
\newtheoremstyle{statement}{5pt}{4pt}{\itshape}{}{\bfseries}{.}{.5em}{}
\theoremstyle{statement}
\newtheorem{theorem}{Theorem}
\newtheorem{lemma}[theorem]{Lemma}
\newtheorem{claim}[theorem]{Claim}
\newtheoremstyle{aside}{3pt}{3pt}{\small}{}{\itshape}{.}{.5em}{}
\theoremstyle{aside}
\newtheorem*{remark}{Remark}
\makeatletter\renewenvironment{proof}[1][\proofname]{\par\pushQED{\qed}\normalfont\topsep2pt\trivlist
  \item[\hskip\labelsep\itshape #1.]\ignorespaces}{\popQED\endtrivlist\@endpefalse}\makeatother
\definecolor{sxown}{HTML}{0072B2}
\definecolor{sxcross}{HTML}{B8470B}
\allowdisplaybreaks
\raggedbottom
\emergencystretch=3em
\setlength{\LTcapwidth}{0.94\textwidth}\setlength{\LTpre}{4pt}\setlength{\LTpost}{1pt}
\setlength{\jot}{2pt}
\setlength{\abovedisplayskip}{5pt plus 2pt minus 2pt}\setlength{\belowdisplayskip}{5pt plus 2pt minus 2pt}
\setlength{\abovedisplayshortskip}{1pt plus 2pt}\setlength{\belowdisplayshortskip}{4pt plus 2pt minus 2pt}
\newcommand{\sxcomix}{\bar{\lambda}}
\newcommand{\sxby}[1]{{\color[HTML]{555555}\parbox[t]{16em}{\raggedright\footnotesize\strut #1\strut}}}
\newcommand{\sxneed}[1]{\par\penalty0\ifdim\dimexpr\pagegoal-\pagetotal<#1\relax\newpage\fi}
\makeatletter\renewcommand*{\l@section}[2]{\@dottedtocline{1}{0em}{1.6em}{#1}{#2}}\makeatother
\newcommand{\sxasked}[1]{{\upshape\small\color[HTML]{555555}#1}}
"""


@dataclass(frozen=True)
class Section:
    """Theorems under one heading, or under none, with a standing setting of their own."""

    name: str
    outcomes: Sequence[Outcome]
    text: str = ""  # that tells them, see symmix.publish.telling


@dataclass(frozen=True)
class Article:
    """What is to be written."""

    title: str
    sections: Sequence[Section]
    introduction: str = ""  # text written by hand, see symmix.publish.article.introduction
    lemmas: frozenset[str] = frozenset()  # what is stated because others use it
    booklet: bool = False  # with a table of contents, remarks, a map and an index of symbols
    pictures: Sequence[Picture] = ()
    told: bool = False  # the introduction is the whole text, see symmix.publish.article.told


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


def written(article: Article, macros: str, opening: str = "") -> Written:
    """Return the article; ``macros`` defines the symbols, or reads the file that does; the opening is LaTeX."""
    known = references(article)
    sections = [(section, [pen(outcome, known) for outcome in section.outcomes]) for section in article.sections]
    pens = [one for _, found in sections for one in found]
    below = (
        rf"\\[1ex]\normalsize {len(pens)} theorems, {decided([pen.outcome for pen in pens])}" if article.booklet else ""
    )
    blocks = [r"\begin{document}", rf"\begin{{center}}\Large {article.title}{below}\end{{center}}"]
    if article.booklet:
        blocks += [r"\tableofcontents", rf"\section*{{Introduction}}{chr(10)}{opening}" if opening else ""]
    elif article.told:
        blocks += list(_told(pens, article, known))
    elif opening:
        blocks += [f"\\begin{{quote}}\\small\n{opening}\n\\end{{quote}}"]
    for place, (section, found) in enumerate([] if article.told else sections):
        blocks += [rf"\sxneed{{60mm}}\section{{{section.name}}}" if section.name else ""]
        parts = _section(found, article, place, section.text, known)
        blocks += [_with_partner("\n".join(block for block in parts if block))]
    blocks += list(_closing(pens, article))
    body = settings.said_once("\n".join(block for block in blocks if block))
    text = f"{_PREAMBLE}{macros}\n{body}\n\\end{{document}}\n"
    return Written(text, [(one.outcome, formula) for one in pens for formula in one.formulas])


def _section(pens: Sequence[Pen], article: Article, place: int, text: str, known: Mapping[str, str]) -> Iterator[str]:
    shared = standing([one.outcome for one in pens])
    words = settings.setting(pens, shared, f"eq:setting{place + 1}")
    if words:
        yield f"\\paragraph{{Setting.}} {words}\n"

    def whole(one: Pen, _: Sequence[str] = ()) -> str:
        return "\n".join(block for block in _theorem(one, shared, article) if block)

    if text:
        yield from told.blocks(text, {one.outcome.script.id: one for one in pens}, {}, known, whole)
    else:
        yield from map(whole, pens)


def _with_partner(section: str) -> str:
    """Return a section that says what the ratio leaves to the partner, where it first speaks of the ratio."""
    words = r" and $\sxcomix = 1-\sxmix$" if r"\sxcomix" in section else ""
    return section.replace("@RATIO@", words, 1).replace("@RATIO@", "")


def _told(pens: Sequence[Pen], article: Article, known: Mapping[str, str]) -> Iterator[str]:
    """Run through a text that says where theorems and figures stand."""
    writers = {one.outcome.script.id: one for one in pens}
    yield r"\small"
    shown = {Path(x.file).stem: (x.file, x.caption, x.theorem) for x in article.pictures}
    yield from told.blocks(article.introduction, writers, shown, known)


def _theorem(one: Pen, shared: Given, article: Article) -> Iterator[str]:
    outcome = one.outcome
    name, kind = outcome.script.id, _kind(outcome, article)
    lines = [
        _asked(one) if kind != "lemma" else "",
        proofs.lead(one),
        declared.own(given(outcome), shared, one),
        proofs.lemmas(one),
        statements.claims(one),
    ]
    body = "\n".join(line for line in lines if line)
    yield f"% {name}: {outcome.verdict.word}; statement sha256 {outcome.digest}"
    yield f"\\begin{{{kind}}}[{proofs.title(one)}]\\label{{{LABEL}{name}}}\n{body}\n\\end{{{kind}}}"
    yield proofs.proof(one, shortly=kind == "lemma")
    yield tables.terms(one)
    paragraphs = outcome.script.documentation.split("\n\n")[1:]
    if article.booklet and paragraphs:
        yield f"\\begin{{remark}}\n{one.words(' '.join(paragraphs))}\n\\end{{remark}}"
    yield from (_figure(picture, one) for picture in article.pictures if picture.theorem == name)


def _figure(picture: Picture, one: Pen) -> str:
    return (
        f"\\begin{{figure}}[!htb]\\centering\n\\includegraphics[width=0.9\\linewidth]{{{picture.file}}}\n"
        f"\\caption{{{one.words(picture.caption)} (Theorem~\\ref{{{LABEL}{picture.theorem}}})}}\n\\end{{figure}}"
    )


def _asked(one: Pen) -> str:
    """Return what the theorem answers, before it: exact text in quotation marks, or a question; with sources."""
    script = one.outcome.script
    known = [key for key in script.source if key in sources()]
    first, others = (known[:1], known[1:]) if script.quotes else ([], known)
    parts = [marked(script.quotes, LatexMarkup().escape)] if script.quotes else []
    parts += [rf"\cite{{{first[0]}}}"] if first else []
    parts += [one.words(script.answers)] if script.answers else []
    parts += [rf"(cf.~\cite{{{','.join(others)}}})"] if others else []
    return f"\\sxasked{{{' '.join(parts)}}}" if parts else ""


def _kind(outcome: Outcome, article: Article) -> str:
    if not isinstance(outcome.verdict, Proved):
        return "claim"
    return "lemma" if outcome.script.id in article.lemmas else "theorem"


def _closing(pens: Sequence[Pen], article: Article) -> Iterator[str]:
    main = [one for one in pens if one.outcome.script.id not in article.lemmas]
    yield r"\sxneed{40mm}\section{What fails}" if article.booklet else ""
    yield "" if article.told else misses.misses(main, wide=article.booklet)
    yield r"\sxneed{40mm}\section{How this was checked}" if article.booklet else ""
    yield ("" if article.booklet else r"\paragraph{How this was checked.} ") + tables.checked(
        pens, main, "claim" if article.told else "numbered claim"
    )
    yield tables.digests(pens) if article.booklet else ""
    if article.booklet:
        yield r"\appendix"
        yield r"\sxneed{60mm}\section{Which theorem uses which}" + "\n" + maps.theorem_map(pens)
        yield r"\sxneed{60mm}\section{Symbols}" + "\n" + tables.symbols(pens)
        yield _appendix(pens)
    yield _bibliography(pens, article)
    yield "" if article.booklet else tables.digests(pens)


def _appendix(pens: Sequence[Pen]) -> str:
    """Return the cofactors, if there are any to show."""
    shown = cofactors.cofactors(pens)
    words = (
        "What vanishes under hypotheses is a combination of them. These are the combinations, the difference of the "
        "sides of a claim on the left; cofactors that take more than two lines stand in the certificates."
    )
    return f"\\sxneed{{40mm}}\\section{{Cofactors}}\n{words}\n\n{{\\footnotesize\n{shown}\n}}" if shown else ""


def _bibliography(pens: Sequence[Pen], article: Article) -> str:
    shown = [] if article.told else [one for one in pens if one.outcome.script.id not in article.lemmas]
    cited = {key for one in shown for key in one.outcome.script.source}
    cited |= telling.cited(article.introduction).union(*(telling.cited(section.text) for section in article.sections))
    entries = [latex_entry(key) for key in sources() if key in cited]
    if not entries:
        return ""
    body = "\n".join(entries)
    return (
        "\\begingroup\\renewcommand{\\section}[2]{\\paragraph{#2}}\n"
        f"\\begin{{thebibliography}}{{{len(entries)}}}\\footnotesize\\setlength{{\\itemsep}}{{-2pt}}\\setlength{{\\parsep}}{{0pt}}"
        f"\n{body}\n\\end{{thebibliography}}\\endgroup"
    )
