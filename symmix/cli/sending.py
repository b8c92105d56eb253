"""What another process decided of a theorem, on its way here: the outcome with all its evidence, as bytes.

Nothing is stated or decided anew for what is printed. The script alone stays there, since functions cannot be sent:
who asks for the theorem as it was written has its file executed here, and the same file states the same.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from symmix.catalogue import Place
from symmix.kernel.networks import Expression
from symmix.kernel.scalars import Polynomial
from symmix.terms.base import Node
from symmix.theorems import Outcome, Script, Theorem


def sent(script: Script, work: Callable[[Script], Outcome]) -> bytes:
    """Return what came of a theorem as bytes for the process that asked."""
    found = work(script)
    _ = found.meanings, found.spelling, found.parts  # remembered, and sent along: they are made of what stays here
    content = io.BytesIO()
    _Sender(content, pickle.HIGHEST_PROTOCOL).dump(found)
    return content.getvalue()


def received(content: bytes) -> Outcome:
    """Return the outcome of a theorem that a process of our own sent."""
    found: Outcome = pickle.loads(content)  # noqa: S301 - never from a file
    return found


@dataclass(frozen=True)
class _Elsewhere:
    """States a theorem that another process has stated already."""

    path: Path
    name: str

    def __call__(self) -> Theorem:
        return Place(self.path, self.name).script().state()


class _Sender(pickle.Pickler):
    """Sends scripts by what they say, and leaves out what is remembered of hashes: those of text differ elsewhere."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Node):
            return type(thing), thing.parts
        if isinstance(thing, Polynomial | Expression):
            parts: Any = thing.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
            make, of, (_, slots), *_ = parts
            return make, of, (None, {**slots, "_hash": None})
        if isinstance(thing, Script):
            known = {field.name: getattr(thing, field.name) for field in fields(thing)}
            known |= {"state": _Elsewhere(thing.path, thing.id), "words": thing.documentation, "file": thing.path}
            return Script, tuple(known.values())
        return NotImplemented
