"""What notebooks ask of an object: its face in LaTeX or Markdown. Whoever can draw it registers itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from symmix.errors import UnsupportedError

Draw = Callable[[object], str]
Page = Callable[[object], str | None]


class _Drawing(NamedTuple):
    latex: Draw
    markdown: Page


_registered: list[_Drawing] = []


def _no_page(_: object) -> None:
    """Leave everything to LaTeX."""


def register(latex: Draw, markdown: Page = _no_page) -> None:
    """Let objects be drawn by functions; the last to register draw.

    Parameters
    ----------
    latex
        Returns LaTeX between dollar signs.
    markdown
        Returns Markdown for what is more than a formula, and None for everything else.
    """
    _registered.append(_Drawing(latex, markdown))


class Displayed:
    """An object that a notebook shows as mathematics."""

    def _repr_latex_(self) -> str:
        if not _registered:
            raise UnsupportedError("a printer that has registered", "none", "import symmix, which registers its own")
        return _registered[-1].latex(self)

    def _repr_markdown_(self) -> str | None:
        return _registered[-1].markdown(self) if _registered else None
