"""The theorems that come with symmix, each proved once for all tests of a run."""

from __future__ import annotations

from functools import cache

from symmix.catalogue import load
from symmix.theorems import Outcome, Script
from tests.slow import slow_but

SCRIPTS = {script.id: script for script in load()}
IDS = list(SCRIPTS)
EVERY = slow_but(IDS[::4], IDS)
"""All theorems as parameters of a test, of which a quick run takes every fourth."""
_prove = Script.prove  # also where a test lets commands show what is known here


@cache
def outcome(name: str) -> Outcome:
    """Return what the kernel decided about a theorem."""
    return _prove(SCRIPTS[name])
