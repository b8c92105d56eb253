"""Which theorems a command is about, and what came of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from symmix.catalogue import Place, located, places
from symmix.cli.cache import Cache, proved
from symmix.cli.shown import Broken
from symmix.cli.working import each
from symmix.theorems import Outcome


def selected(options: argparse.Namespace) -> list[Place]:
    """Return where the theorems stand that were asked for; says so if there are none."""
    found = located(options.paths, options.k)
    _require_some(found, options)
    return found


def readable(options: argparse.Namespace) -> tuple[list[Place], list[Broken]]:
    """Return where the theorems stand, and the files that cannot be read; says so if there is neither."""
    found, broken = places(options.paths, options.k)
    if not broken:
        _require_some(found, options)
    return found, [Broken(str(path), "", str(error).lstrip()) for path, error in broken.items()]


def _require_some(found: Sequence[Place], options: argparse.Namespace) -> None:
    if not found:
        print(f"symmix: no theorem has an id with {' or '.join(options.k)} in it; see symmix list", file=sys.stderr)


def decided(some: Sequence[Place], cache: Cache | None = None, jobs: int = 1) -> list[Outcome]:
    """Return what comes of theorems, decided with all their evidence, or without it by what a cache has of them."""
    work = partial(proved, cache=cache, anew=cache is None)
    if min(jobs, len(some)) < 2:
        return list(each(work, some))
    from symmix.cli.sending import received, sent  # noqa: PLC0415  # for several jobs alone

    contents = each(partial(sent, work=work), some, jobs)
    return [received(content) for content in contents]
