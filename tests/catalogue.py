"""The theorems that come with symmix, each proved once for all tests of a run."""

from __future__ import annotations

from functools import cache

from symmix.catalogue import load
from symmix.theorems import Outcome

SCRIPTS = {script.id: script for script in load()}


@cache
def outcome(name: str) -> Outcome:
    """Return what the kernel decided about a theorem."""
    return SCRIPTS[name].prove()
