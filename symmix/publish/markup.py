"""The two formats of an export, as their building blocks: LaTeX and Markdown."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

from symmix.printing.inline import steadied
from symmix.printing.prose import in_mathematics, title
from symmix.printing.symbols import PAPER, WEB, Dialect

_LATEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}",
}  # fmt: skip
_FOUND = "What was found."  # heads what stands in the place of a proof where there is none
_ESCAPED = re.compile(r"\\([`*\[\]|])")


class Markup(ABC):
    """What a theorem on paper is made of; every method returns text that the next block can follow."""

    dialect: ClassVar[Dialect]
    line: float  # how wide a display may be, in em
    links_in_mathematics: ClassVar[bool] = True  # whether a reason can refer to a theorem
    has_tables: ClassVar[bool] = False  # or else rows are written as sentences

    @abstractmethod
    def escape(self, words: str) -> str:
        """Return words that mean nothing else in this format."""

    @abstractmethod
    def emphasised(self, words: str) -> str:
        """Return words that are set off."""

    @abstractmethod
    def cited(self, keys: Sequence[str]) -> str:
        """Return a citation of sources of the bibliography."""

    @abstractmethod
    def reference(self, identifier: str, link: str) -> str:
        """Return a reference to a theorem of the same export, by its label or where it is found."""

    @abstractmethod
    def comment(self, words: str) -> str:
        """Return what only a reader of the source sees."""

    @abstractmethod
    def quotation(self, words: str, source: str) -> str:
        """Return a displayed quotation."""

    @abstractmethod
    def statement(self, kind: str, name: str, identifier: str, body: str) -> str:
        """Return a theorem environment; ``kind`` is ``theorem``, or ``claim`` for what is not proved."""

    @abstractmethod
    def proof(self, body: str, *, proved: bool) -> str:
        """Return a proof environment; what proves nothing is a paragraph with another heading, and no sign ends it."""

    @abstractmethod
    def display(self, rows: Sequence[str], label: str = "") -> str:
        """Return rows of mathematics with one column of signs; those with a label have a number."""

    @abstractmethod
    def chain(self, rows: Sequence[str]) -> str:
        """Return the rows of a proof, which may go over several pages."""

    @abstractmethod
    def reason(self, words: str, *, below: bool = False, room: float = 0.0) -> str:
        """Return the reason of a step, for use in mathematics: to the right of it, or below in lines of some width."""

    @abstractmethod
    def listed(self, items: Sequence[str]) -> str:
        """Return a list with small type."""

    @abstractmethod
    def numbered(self, items: Sequence[str]) -> str:
        """Return the parts of a statement: (i), (ii), ..."""

    @abstractmethod
    def small(self, words: str) -> str:
        """Return a small line at the end."""

    def mentioned(self, identifier: str) -> str:
        """Return the title of a theorem where nothing can refer to it."""
        return f"“{title(identifier)}”"

    def tabled(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """Return a table; empty in a format that has none."""
        del head, rows
        return ""

    def heading(self, words: str) -> str:
        """Return words that begin a paragraph."""
        return self.emphasised(words)

    def finished(self, text: str) -> str:
        """Return the blocks as they go into a file."""
        return text.strip() + "\n"


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def ordinal(place: int) -> str:
    """Return (i), (ii), ... for 0, 1, ..."""
    return f"({_ROMAN[place]})" if place < len(_ROMAN) else f"({place + 1})"


_TALL = 6  # lines of a display that has to stay together
_LIMITS = 0.5  # lines that the limits of a sum add to its row
_NARROW = 25.0  # em, below which a paragraph with formulas in it is better ragged than stretched


class LatexMarkup(Markup):
    r"""Fragments for ``\input`` in a paper that loads amsmath.

    Parameters
    ----------
    line
        How wide a display may be, in em.
    names
        What to call sources by their key where the paper does not have them.
    """

    dialect = PAPER

    def __init__(self, line: float = 37.0, names: Mapping[str, str] | None = None) -> None:
        self.line, self._names = line, names or {}

    def escape(self, words: str) -> str:
        """Return words that TeX prints as they are; straight quotes become typographical."""
        escaped = "".join(_LATEX_SPECIAL.get(letter, letter) for letter in words)
        return re.sub(r'(^|[\s(])"', r"\1``", escaped).replace('"', "''").replace("“", "``").replace("”", "''")

    def emphasised(self, words: str) -> str:
        r"""Return ``\emph``."""
        return rf"\emph{{{words}}}"

    def cited(self, keys: Sequence[str]) -> str:
        r"""Return ``\sxcite``, which is ``\cite`` if the paper has the source."""
        return ", ".join(rf"\sxcite{{{key}}}{{{self._names.get(key, self.escape(key))}}}" for key in keys)

    def reference(self, identifier: str, link: str) -> str:
        r"""Return ``\sxref``, a reference if the paper has the theorem, and its title if not."""
        return rf"\sxref{{{identifier}}}{{{self.escape(link)}}}"

    def comment(self, words: str) -> str:
        """Return a comment line."""
        return "".join(f"% {line}\n" for line in words.splitlines())

    def quotation(self, words: str, source: str) -> str:
        r"""Return ``\sxanswers``."""
        return rf"\sxanswers{{{words}{source}}}"

    def statement(self, kind: str, name: str, identifier: str, body: str) -> str:
        """Return the environment with its label."""
        return f"\\begin{{sx{kind}}}[{{{name}}}]\\label{{sx:{identifier}}}\n{body}\n\\end{{sx{kind}}}"

    def proof(self, body: str, *, proved: bool) -> str:
        """Return the paper's proof."""
        if not proved:
            return f"\\par\\noindent\\textbf{{{_FOUND}}} {body}\n"
        return f"\\begin{{sxproof}}\n{body}\n\\end{{sxproof}}"

    def display(self, rows: Sequence[str], label: str = "") -> str:
        r"""Return a display, with a number for ``\cref{sx:...}`` if it has a label."""
        if len(rows) + _LIMITS * sum(r"\sum" in row for row in rows) > _TALL:  # a page, or a frame, can end in it
            numbered = r" \notag \\" if label else r" \\"
            star, mark = ("", rf"\label{{sx:{label}}}") if label else ("*", "")
            body = f"{numbered}\n".join([*rows[:-1], rows[-1] + mark])
            return f"\\begin{{align{star}}}\n{body}\n\\end{{align{star}}}"
        body = "\\begin{split}\n" + " \\\\\n".join(rows) + "\n\\end{split}"  # aligned is 10 pt wider than its rows
        if label:
            return f"\\begin{{equation}}\\label{{sx:{label}}}\n{body}\n\\end{{equation}}"
        return f"\\[\n{body}\n\\]"

    def chain(self, rows: Sequence[str]) -> str:
        """Return ``align*``."""
        body = " \\\\\n".join(rows)
        return f"\\begin{{align*}}\n{body}\n\\end{{align*}}"

    def reason(self, words: str, *, below: bool = False, room: float = 0.0) -> str:
        r"""Return ``\sxby``, ``\sxbelow``, or ``\sxbelowin`` with a width."""
        if room:
            return rf"\sxbelowin{{{room:.1f}em}}{{{words}}}"
        return rf"\sxbelow{{{words}}}" if below else rf"\sxby{{{words}}}"

    def listed(self, items: Sequence[str]) -> str:
        """Return ``itemize`` that rather stretches a line than overfills it."""
        body = "\n".join(rf"\item {item}" for item in items)
        return f"{{\\sxtogether\\begin{{itemize}}\\sxsmall\\sxloose\n{body}\n\\end{{itemize}}}}"

    def numbered(self, items: Sequence[str]) -> str:
        """Return ``enumerate`` with labels of its own."""
        body = "\n".join(rf"\item[\textup{{{ordinal(place)}}}] {item}" for place, item in enumerate(items))
        return f"\\begin{{enumerate}}\n{body}\n\\end{{enumerate}}"

    def small(self, words: str) -> str:
        r"""Return ``\sxcheck``."""
        return rf"\sxcheck{{{words}}}"

    def heading(self, words: str) -> str:
        """Return a run-in heading."""
        return rf"\par\medskip\noindent\emph{{{words}}}"

    def finished(self, text: str) -> str:
        """Return the blocks in a group, in which a line is rather stretched than overfilled."""
        comment, _, rest = text.strip().partition("\n\n")
        loose = r"\sxragged" if self.line < _NARROW else r"\sxeasy"
        return f"{comment}\n\n\\begingroup{loose}\n{steadied(rest, self.line).strip()}\n\\par\\endgroup\n"


class MarkdownMarkup(Markup):
    """Markdown with mathematics that GitHub, MathJax and KaTeX read.

    Inside a paragraph a backslash stands before letters only: Markdown takes it away before punctuation. A display has
    no dollar signs in it, and a dollar sign stands beside no star: GitHub would see the end of a formula, or none.
    """

    dialect = WEB
    line: float = 46.0
    links_in_mathematics = False
    has_tables = True

    def __init__(self, sources: Mapping[str, str] | None = None, titles: Mapping[str, str] | None = None) -> None:
        self._sources, self._titles = sources or {}, titles or {}

    def escape(self, words: str) -> str:
        """Return words without emphasis, code, tags, links or mathematics of their own."""
        return re.sub(r"([\\`*_\[\]$|])", r"\\\1", words).replace("<", "&lt;").replace(">", "&gt;")

    def emphasised(self, words: str) -> str:
        """Return words between stars; with formulas in them they stay plain."""
        return words if "$" in words else f"*{words}*"

    def cited(self, keys: Sequence[str]) -> str:
        """Return links to the sources at the end of the page."""
        return f"({'; '.join(f'[{self._sources.get(key, key)}](#sources)' for key in keys)})"

    def reference(self, identifier: str, link: str) -> str:
        """Return a link to the theorem."""
        return f"[{self._named(identifier)}]({link})"

    def mentioned(self, identifier: str) -> str:
        """Return the title of a theorem in quotation marks."""
        return f"“{self._named(identifier)}”"

    def _named(self, identifier: str) -> str:
        return self.escape(self._titles.get(identifier, title(identifier)))

    def comment(self, words: str) -> str:
        """Return a comment of HTML."""
        return f"<!-- {words.strip()} -->\n".replace("\n\n", "\n")

    def quotation(self, words: str, source: str) -> str:
        """Return a block quotation."""
        return f"> {words}{source}\n"

    def statement(self, kind: str, name: str, identifier: str, body: str) -> str:
        """Return a heading with an anchor, and the statement below it."""
        return f'<a id="{identifier}"></a>\n\n## {kind.capitalize()} ({name})\n\n{body}'

    def proof(self, body: str, *, proved: bool) -> str:
        """Return the proof with its sign at the end."""
        return f"\n**Proof.** {body}\n\n$\\square$\n" if proved else f"\n**{_FOUND}** {body}\n"

    def display(self, rows: Sequence[str], label: str = "") -> str:
        """Return a display of its own paragraph."""
        del label
        body = " \\\\\n".join(rows)
        return f"\n$$\n\\begin{{aligned}}\n{body}\n\\end{{aligned}}\n$$\n"

    def chain(self, rows: Sequence[str]) -> str:
        """Return a display."""
        return self.display(rows)

    def reason(self, words: str, *, below: bool = False, room: float = 0.0) -> str:
        """Return text inside of mathematics, its formulas outside of it."""
        del below, room
        return in_mathematics(_ESCAPED.sub(r"\1", words).replace("&lt;", "<").replace("&gt;", ">"))

    def listed(self, items: Sequence[str]) -> str:
        """Return a list."""
        return "\n" + "\n".join(f"- {item}" for item in items) + "\n"

    def numbered(self, items: Sequence[str]) -> str:
        """Return paragraphs with numbers."""
        return "\n" + "\n\n".join(f"{ordinal(place)} {item}" for place, item in enumerate(items)) + "\n"

    def tabled(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
        """Return a table."""
        lines = [head, ["---"] * len(head), *rows]
        return "\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"

    def small(self, words: str) -> str:
        """Return a small line."""
        return f"<sub>{words}</sub>"

    def finished(self, text: str) -> str:
        """Return the blocks with an empty line around each display, and never two."""
        apart = re.sub(r"\s*\$\$\n(.*?)\n\$\$\s*", r"\n\n$$\n\1\n$$\n\n", text, flags=re.DOTALL)
        return re.sub(r"\n{3,}", "\n\n", apart).strip() + "\n"
