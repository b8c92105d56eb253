"""Which theorems a command is about, and what came of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from symmix.catalogue import load
from symmix.cli.working import each
from symmix.theorems import Outcome, Script


def selected(options: argparse.Namespace) -> list[Script]:
    """Return the theorems that were asked for; says so if there are none."""
    scripts = load(options.paths, options.k)
    if not scripts:
        print(f"symmix: no theorem has an id with {' or '.join(options.k)} in it; see symmix list", file=sys.stderr)
    return scripts


def decided(scripts: Sequence[Script]) -> list[Outcome]:
    """Prove theorems one after the other, with all their evidence."""
    return each(Script.prove, scripts)
