"""Names: one alphabet, so that names, numbers, indices and sizes cannot be confused, and no two names look alike.

A name is an ASCII letter, then letters, digits and ``_``, then accents: ``z_+``, ``e-``, ``u~``, ``z'``. A size is a
name or ``"1"``, or fixed: ``"2"`` ... ``"9"``. The position along an axis of size 1 is ``"0"``, along one of a fixed
size its number from 0 on; a whole axis is ``":"``.
"""

from __future__ import annotations

import re

from symmix.errors import NotationError

ONE_SIZE = "1"  # the size of an axis that is none
ONLY = "0"  # the position along such an axis
WHOLE = ":"  # a whole axis, in a slice
MAX_FIXED_SIZE = 9  # a larger one is as good as any: leave it open
MAX_NAME = 60  # letters; what is longer is no name but a text
AXES = ("row", "column")  # of what evidence is about, as certificates call them: no sample is called so

_PLACES = tuple(map(str, range(MAX_FIXED_SIZE)))
_FIXED = tuple(map(str, range(2, MAX_FIXED_SIZE + 1)))
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*[+~-]?'*")


def is_name(text: object) -> bool:
    """Whether something is a name."""
    return isinstance(text, str) and len(text) <= MAX_NAME and _NAME.fullmatch(text) is not None


def require_name(text: object, role: str) -> None:
    """Refuse what is no name; ``role`` says what it would be the name of."""
    if not is_name(text):
        raise NotationError(
            f"the name of {role}: an ASCII letter, then letters, digits and _, then accents + - ~ '"
            f" ({MAX_NAME} characters at most)",
            f"{text!r}",
            "rename it, lam for a Greek letter; how it looks on paper is said by Theorem(spelling={symbol: ...})",
        )


def is_size(text: object) -> bool:
    """Whether something is a size: a name, 1, or fixed."""
    return text == ONE_SIZE or is_name(text) or is_fixed(text)


def is_fixed(text: object) -> bool:
    """Whether something is a size that is a number, from 2 on: what is said of it is said of no other size."""
    return isinstance(text, str) and text in _FIXED


def is_position(text: object, size: str) -> bool:
    """Whether something is a position along an axis of a fixed size: its number, from 0 on."""
    return is_fixed(size) and isinstance(text, str) and text in _PLACES[: int(size)]
