"""Which theorems a command is about, and what came of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from symmix.catalogue import attempt, load
from symmix.cli.cache import Cache, proved
from symmix.cli.shown import Broken
from symmix.cli.working import each
from symmix.theorems import Outcome, Script


def selected(options: argparse.Namespace) -> list[Script]:
    """Return the theorems that were asked for; says so if there are none."""
    scripts = load(options.paths, options.k)
    _require_some(scripts, options)
    return scripts


def readable(options: argparse.Namespace) -> tuple[list[Script], list[Broken]]:
    """Return the theorems that were asked for, and the files that cannot be read; says so if there is neither."""
    scripts, broken = attempt(options.paths, options.k)
    if not broken:
        _require_some(scripts, options)
    return scripts, [Broken(str(path), "", str(error).lstrip()) for path, error in broken.items()]


def _require_some(scripts: Sequence[Script], options: argparse.Namespace) -> None:
    if not scripts:
        print(f"symmix: no theorem has an id with {' or '.join(options.k)} in it; see symmix list", file=sys.stderr)


def decided(scripts: Sequence[Script], cache: Cache | None = None, jobs: int = 1) -> list[Outcome]:
    """Return what comes of theorems, decided with all their evidence, or without it by what a cache has of them."""
    work = partial(proved, cache=cache, anew=cache is None)
    if min(jobs, len(scripts)) < 2:
        return list(each(work, scripts))
    from symmix.cli.sending import received, sent  # noqa: PLC0415  # for several jobs alone

    contents = each(partial(sent, work=work), scripts, jobs)
    return [received(script, content) for script, content in zip(scripts, contents, strict=True)]
