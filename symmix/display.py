"""What notebooks and terminals ask of an object: LaTeX, Markdown or text. Whoever can draw it registers itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from symmix.errors import UnsupportedError

Draw = Callable[[object], str]
Page = Callable[[object], str | None]


class _Drawing(NamedTuple):
    latex: Draw
    plain: Draw
    markdown: Page


class _Pager(Protocol):
    """What IPython writes on."""

    def text(self, words: str, /) -> None: ...


_registered: list[_Drawing] = []


def _no_page(_: object) -> None:
    """Leave everything to LaTeX."""


def register(latex: Draw, plain: Draw = repr, markdown: Page = _no_page) -> None:
    """Let objects be drawn by functions; the last to register draw.

    Parameters
    ----------
    latex
        Returns LaTeX between dollar signs.
    plain
        Returns text for a terminal.
    markdown
        Returns Markdown for what is more than a formula, and None for everything else.
    """
    _registered.append(_Drawing(latex, plain, markdown))


class Displayed:
    """An object that a notebook shows as mathematics."""

    def _repr_latex_(self) -> str:
        if not _registered:
            raise UnsupportedError("a printer that has registered", "none", "import symmix, which registers its own")
        return _registered[-1].latex(self)

    def _repr_markdown_(self) -> str | None:
        return _registered[-1].markdown(self) if _registered else None


class Result(Displayed):
    """What came out of deciding: printed, it is the report that a terminal shows, and its repr is all that it holds."""

    def __str__(self) -> str:
        return _registered[-1].plain(self) if _registered else repr(self)

    def _repr_pretty_(self, pager: _Pager, _cycle: object, /) -> None:
        """Show the report in IPython, too."""
        pager.text(str(self))
