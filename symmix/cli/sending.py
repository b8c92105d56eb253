"""What another process decided of a theorem, on its way here: the verdicts with all their evidence, as bytes.

The theorem itself stays where it is: each process states it from its own script, and the same script states the same.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

from symmix.deciding.whole import Verdicts
from symmix.kernel.networks import Expression
from symmix.kernel.scalars import Polynomial
from symmix.terms.base import Node
from symmix.theorems import Outcome, Script


def sent(script: Script, work: Callable[[Script], Outcome]) -> bytes:
    """Return what came of a theorem as bytes for the process that asked."""
    found = work(script)
    verdicts = Verdicts(found.claims, found.steps, found.near_misses)
    content = io.BytesIO()
    _Sender(content).dump((verdicts, found.certified, found.disagreement, found.seconds))
    return content.getvalue()


def received(script: Script, content: bytes) -> Outcome:
    """Return the outcome of a theorem, which is stated here, by the verdicts that a process of our own sent."""
    return script.stated().outcome(script, *pickle.loads(content))  # noqa: S301 - never from a file


class _Sender(pickle.Pickler):
    """Leaves out what is remembered of hashes: those of text differ from process to process."""

    def reducer_override(self, thing: Any) -> Any:
        if isinstance(thing, Node):
            return type(thing), thing.parts
        if isinstance(thing, Polynomial | Expression):
            parts: Any = thing.__reduce_ex__(pickle.HIGHEST_PROTOCOL)
            make, of, (_, slots), *_ = parts
            return make, of, (None, {**slots, "_hash": None})
        return NotImplemented
