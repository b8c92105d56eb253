"""What notebooks ask of an object: its face in LaTeX. Whoever can draw it registers, and is not known here."""

from __future__ import annotations

from collections.abc import Callable

from symmix.errors import UnsupportedError

Draw = Callable[[object], str]
_registered: list[Draw] = []


def register(draw: Draw) -> None:
    """Let objects be drawn by a function that returns LaTeX between dollar signs; the last to register draws."""
    _registered.append(draw)


class Displayed:
    """An object that a notebook shows as mathematics."""

    def _repr_latex_(self) -> str:
        if not _registered:
            raise UnsupportedError("a printer that has registered", "none", "import symmix, which registers its own")
        return _registered[-1](self)
