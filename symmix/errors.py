"""Every error that symmix raises on purpose, in one family.

A message says what was required, what arrived, and what to do; the constructor asks for all three, so that none of
them is forgotten.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class SymmixError(Exception):
    """The root: ``except SymmixError`` catches every complaint of the package about its input.

    Parameters
    ----------
    required
        What the operation needs, as a clause: "two expressions over the same free indices".
    arrived
        What came instead, with the offending value or subexpression in it.
    remedy
        What the reader can do about it.
    """

    def __init__(self, required: str, arrived: str, remedy: str) -> None:
        self.required, self.arrived, self.remedy = required, arrived, remedy
        self.places: list[str] = []  # from the outside in, as "theorem x", "claim 'y'"
        super().__init__(required, arrived, remedy)

    def __str__(self) -> str:
        place = f"      in: {', '.join(self.places)}\n" if self.places else ""
        return f"{place}required: {self.required}\n arrived: {self.arrived}\n    help: {self.remedy}"


@contextmanager
def within(place: str) -> Iterator[None]:
    """Name the place in which an error arose."""
    try:
        yield
    except SymmixError as error:
        error.places.insert(0, place)
        raise


class DimensionError(SymmixError):
    """Two axes that had to be one and the same dimension are not."""


class UnsupportedError(SymmixError):
    """The expression is outside the language that the kernel can decide."""


class NotationError(SymmixError):
    """A name is unknown, defined twice, or used with another shape than it was declared with."""


class StatementError(SymmixError):
    """A theorem or proof script is not well-formed."""


class ExactnessError(SymmixError):
    """A floating-point comparison was asked for where the numbers are no longer exact."""


class UsageError(SymmixError):
    """A command line cannot be understood."""


class ImplementationError(SymmixError):
    """Somebody else's function cannot be checked as it stands."""


def place_of(error: Exception, *, ours: bool = False) -> str:
    """Return where somebody else's code went wrong, or ours: file, line, and what stands there."""
    if isinstance(error, SyntaxError) and error.filename is not None:
        return f"{error.filename}, line {error.lineno}: {(error.text or '').strip()}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not _is_librarys(frame.filename)] if not ours else []
    for frame in [*own[::-1], *frames[::-1]]:
        return f"{frame.filename}, line {frame.lineno}: {frame.line}"
    return "at no known place"


def _is_librarys(file: str) -> bool:
    """Whether a frame is Python's, a package's or ours, where the user can do nothing about it."""
    path = Path(file)
    return file.startswith("<") or "site-packages" in path.parts or path.is_relative_to(Path(__file__).parent)
