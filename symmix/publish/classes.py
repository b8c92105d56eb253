"""What theorems are printed on: the class of a LaTeX document, its columns, and how wide they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from symmix.errors import UsageError

_POINTS = {"pt": 1.0, "mm": 72.27 / 25.4, "cm": 72.27 / 2.54, "in": 72.27, "pc": 12.0}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")
_NARROW = 25.0  # em, below which a heading is better ragged
_LEAST, _MOST = 15.0, 100.0  # em in a line


@dataclass(frozen=True)
class _Class:
    """A class as most of its authors use it: what its document begins with, and the points of a column of text."""

    preamble: str
    em: float
    widths: Mapping[int, float]  # by the number of columns
    twocolumn: str = ""  # the option for two columns
    margin: float = 3.0  # em that a display leaves free: it may stand in a list


_CLASSES: Mapping[str, _Class] = {
    "article": _Class(
        "\\documentclass[%s11pt]{article}\n\\usepackage[a4paper,margin=%s]{geometry}",
        10.95,
        {1: 438.0, 2: 239.0},
        "twocolumn,",
    ),
    "amsart": _Class("\\documentclass[%s10pt]{amsart}", 10.0, {1: 360.0, 2: 175.0}, "twocolumn,", 3.6),
    "IEEEtran": _Class("\\documentclass[%sjournal]{IEEEtran}", 10.0, {2: 252.0, 1: 516.0}),
    "neurips": _Class(
        "\\documentclass[%s10pt,letterpaper]{article}  % for your own: \\usepackage{neurips_...} instead of these two\n"
        "\\usepackage[textwidth=5.5in,textheight=9in]{geometry}\\usepackage{times}",
        10.0,
        {1: 397.48},
    ),
    "beamer": _Class("\\documentclass[%s11pt]{beamer}\n\\usefonttheme[onlymath]{serif}", 9.25, {1: 307.28}),
}
NAMES = tuple(_CLASSES)


@dataclass(frozen=True)
class Page:
    """A document class with its columns; the width is that of a column, in points, if it is not the class's own."""

    name: str = "article"
    columns: int = 1
    width: float | None = None

    @property
    def em(self) -> float:
        """The size of the type in points."""
        return 10.0 if self.name == "article" and self.columns == 2 else _CLASSES[self.name].em

    @property
    def column(self) -> float:
        """The width of a column in points."""
        return self.width or _CLASSES[self.name].widths[self.columns]

    @property
    def line(self) -> float:
        """How wide a display may be, in em."""
        return round(self.column / self.em - _CLASSES[self.name].margin, 2)


def page(name: str | None = None, columns: int | None = None, width: str | None = None) -> Page:
    """Return what to print on; what is not given is as the class has it.

    >>> page("amsart").line, page(columns=2).line, page(width="84mm").line
    (32.4, 20.9, 18.83)
    """
    name = name or "article"
    offered = _CLASSES[name].widths
    columns = columns or next(iter(offered))
    if columns not in offered:
        others = [other for other in NAMES if columns in _CLASSES[other].widths]
        raise UsageError(
            f"{' or '.join(map(str, offered))} column for the class {name}",
            f"--columns {columns}",
            f"leave out --columns, or take another class: {', '.join(others)}",
        )
    given = Page(name, columns)
    return given if width is None else Page(name, columns, _points(width, given.em))


def _points(width: str, em: float) -> float:
    """Return a length in points."""
    match = _LENGTH.fullmatch(width.strip())
    units = {**_POINTS, "em": em}
    if match is None or match[2] not in units:
        raise UsageError(
            f"a width in {', '.join(units)}", f"--width {width}", "write a number with its unit: --width 84mm"
        )
    points = float(match[1]) * units[match[2]]
    if not _LEAST <= points / em <= _MOST:
        raise UsageError(
            f"a width between {_LEAST * em:.0f} and {_MOST * em:.0f} pt",
            f"--width {width}, which is {points:.0f} pt",
            r"ask LaTeX for the width of your column: \the\columnwidth",
        )
    return points


# -- a document of each ---


def plain_document(page: Page, title: str, macros: str, sections: Mapping[str, Sequence[str]], ending: str) -> str:
    """Return a document without tables: the theorems by section, each with a frame of its own in slides."""
    parts = [_preamble(page), macros, _title(page, title), r"\author{}\date{}", r"\begin{document}"]
    parts.append(r"\begin{frame}\titlepage\end{frame}" if page.name == "beamer" else r"\maketitle")
    for name, bodies in sections.items():
        ragged = r"\texorpdfstring{\raggedright}{}" if page.line < _NARROW else ""
        parts.append(rf"\section{{{ragged}{name}}}")
        parts += [_frame(body) if page.name == "beamer" else body for body in bodies]
    if ending:
        parts.append(_frame(ending) if page.name == "beamer" else ending)
    return "\n".join([*parts, r"\end{document}"]) + "\n"


def _frame(body: str) -> str:
    return f"\\begin{{frame}}[allowframebreaks=0.85]\\footnotesize\n{body}\n\\end{{frame}}"


def _title(page: Page, title: str) -> str:
    """Return the title, with none at the head of each page: it might be wider than that."""
    return rf"\title{'[]' if page.name in ('amsart', 'beamer') else ''}{{{title}}}"


def _preamble(page: Page) -> str:
    known = _CLASSES[page.name]
    options = known.twocolumn if page.columns == 2 else "onecolumn," if page.name == "IEEEtran" else ""
    lines = [known.preamble.replace("%s", options, 1)]
    if page.name == "article":
        lines = [lines[0].replace("%s", "18mm" if page.columns == 2 else "28mm")]
        lines[0] = lines[0].replace("11pt", "10pt") if page.columns == 2 else lines[0]
    if page.width is not None and page.name != "beamer":
        whole = page.width * page.columns + 10.0 * (page.columns - 1)
        lines.append(rf"\setlength{{\textwidth}}{{{whole:.2f}pt}}\setlength{{\columnsep}}{{10pt}}")
    lines.append(r"\usepackage{amsmath,amssymb,bm,graphicx,xcolor}" if page.name == "beamer" else _PACKAGES)
    if page.name == "IEEEtran":
        lines.insert(1, r"\let\proof\relax\let\endproof\relax")
    return "\n".join([*lines, _SETTINGS if page.name != "beamer" else _SLIDES])


_PACKAGES = r"""\usepackage{amsmath,amssymb,amsthm,bm,graphicx,xcolor}
\usepackage[colorlinks,allcolors=black]{hyperref}"""
_SETTINGS = r"""\newtheorem{theorem}{Theorem}
\newtheorem{claim}[theorem]{Claim}
\allowdisplaybreaks"""
_SLIDES = r"""\newcommand{\sxsmall}{\scriptsize}\newcommand{\sxsmaller}{\scriptsize}
\setbeamertemplate{navigation symbols}{}
\allowdisplaybreaks"""
