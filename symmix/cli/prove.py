"""``symmix prove``: decide theorems."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from symmix import __version__
from symmix.checker_text import manifest
from symmix.cli.cache import users_cache
from symmix.cli.codes import DEFECT, FAILED, FINE, NOTHING, USAGE
from symmix.cli.files import reject_losses, write_whole
from symmix.cli.grammar import parser
from symmix.cli.levels import evidence_name
from symmix.cli.running import guarded
from symmix.cli.selection import readable
from symmix.cli.shown import Broken, Shown, tried
from symmix.cli.working import each
from symmix.confirmation import WAYS

MANIFEST = "manifest.json"


def prove(path: str | Path) -> NoReturn:
    """Decide the theorems of a file as ``symmix prove FILE`` does, and exit with its code.

    It ends a proof script that may be run by itself::

        if __name__ == "__main__":
            prove(__file__)

    Options of the command follow the script: ``python mine.py --confirm``.
    """
    is_run = bool(sys.argv[0]) and Path(sys.argv[0]).resolve() == Path(path).resolve()
    options = parser().parse_args(["prove", *(sys.argv[1:] if is_run else []), "--", str(path)])
    raise SystemExit(guarded(lambda: run(options)))


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    places, unread = readable(options)
    if not places and not unread:
        return NOTHING
    if options.certificates is not None:
        reject_losses(options.certificates, [f"{place.id}.json" for place in places], force=options.force)
    if options.junit is not None:
        reject_losses(options.junit.absolute().parent, [options.junit.name], force=options.force)
    alone = len(places) == 1 and not unread  # decided anew, with a report: sooner than anything is looked up
    verbose = options.verbose or alone
    cache = None if options.no_cache or alone else users_cache()
    seed = options.seed if options.confirm else None
    certify = options.certificates is not None
    work = partial(tried, cache=cache, verbose=verbose, as_data=options.json, certify=certify, seed=seed)
    begin = time.perf_counter()
    found = list(each(work, places, options.jobs))
    theorems = [one for one in found if isinstance(one, Shown)]
    broken = [*unread, *(one for one in found if isinstance(one, Broken))]
    if options.json and theorems:
        print(json.dumps(_document(theorems, broken), indent=2))
    elif theorems:
        _print(theorems, broken, verbose=verbose)
        if options.confirm:
            from symmix.cli.confirming import print_confirmations  # noqa: PLC0415  # with --confirm alone

            confirmations = [theorem.confirmation for theorem in theorems if theorem.confirmation]
            unproved = [theorem.id for theorem in theorems if not theorem.proved]
            print_confirmations(confirmations, unproved, begin, verbose=verbose)
    if options.certificates is not None:
        _write_certificates(theorems, options.certificates)
    if options.junit is not None:
        from symmix.cli.junit import write_report  # noqa: PLC0415  # for continuous integration alone

        write_report(options.junit, theorems, broken, force=True)
    for one in broken:
        print(f"symmix: {one.error}", file=sys.stderr)
    return max(_code(theorems), USAGE) if broken else _code(theorems)


def _document(theorems: Sequence[Shown], broken: Sequence[Broken]) -> dict[str, Any]:
    found: list[dict[str, Any]] = [dict(theorem.document) for theorem in theorems]
    for document, theorem in zip(found, theorems, strict=True):
        if theorem.confirmation is not None:
            document["confirmation"] = theorem.confirmation.data()
    errors = [{"file": one.file, "id": one.id, "error": one.error} for one in broken]
    return {"symmix": __version__, "theorems": found, **({"errors": errors} if errors else {})}


def _code(theorems: Sequence[Shown]) -> int:
    """Return the exit code; a disagreement of the deciders, or with numbers, is a defect of ours, and said so."""
    compared = [theorem.confirmation for theorem in theorems if theorem.confirmation]
    defects = [(c.id, row, remark) for c in compared for row, remark in c.disagreements if row.way != "numbers"]
    for name, row, remark in defects:
        print(f"DEFECT {name}: {WAYS[row.way][0]}: {remark}", file=sys.stderr)
    for theorem in theorems:
        if theorem.disagreement:
            print(f"DEFECT {theorem.id}: kernel: proved; second checker: {theorem.disagreement}", file=sys.stderr)
    if defects or any(theorem.disagreement for theorem in theorems):
        return DEFECT
    return FINE if all(theorem.proved and theorem.agrees for theorem in theorems) else FAILED


def _print(theorems: Sequence[Shown], broken: Sequence[Broken], *, verbose: bool) -> None:
    failed = [theorem.id for theorem in theorems if not theorem.proved]
    failed += [one.id or one.file for one in broken]
    for theorem in theorems:
        if verbose or not theorem.proved:
            print(theorem.report, end="\n\n")
    if len(theorems) == 1 and not broken:
        print(theorems[0].conclusion)
        return
    from symmix.cli.table import print_table  # noqa: PLC0415  # drawing is for several theorems alone

    print_table(theorems)
    whole = len(theorems) + len(broken)
    proved = f"{whole - len(failed)} of {whole} theorems"
    before = sum(theorem.remembered for theorem in theorems)
    earlier = f", {before} of them in an earlier run (cached)," if before else ","
    both = f" by the kernel{earlier} and anew by the second checker"
    print(f"FAILED {', '.join(failed)}: proved {proved}" if failed else f"PROVED {proved}{both}")


def _write_certificates(theorems: Sequence[Shown], folder: Path) -> None:
    """Write the certificates of what was proved, with what numbers say of it, and the folder's manifest."""
    proved = [theorem for theorem in theorems if theorem.proved]
    files = {f"{theorem.id}.json": theorem.certificate for theorem in proved}
    beside = [theorem.confirmation for theorem in proved if theorem.confirmation and theorem.agrees]
    files |= {evidence_name(found.id): json.dumps(found.data(), indent=1) + "\n" for found in beside}
    listed = {f"{theorem.id}.json": (theorem.id, theorem.digest) for theorem in proved}
    contents = json.dumps(manifest({**_listed(folder), **listed}), indent=1) + "\n"
    write_whole(folder, {**files, MANIFEST: contents}, force=True)  # what would be lost was refused before
    print(f"symmix: {len(proved)} certificates in {folder}; symmix verify {folder} checks them", file=sys.stderr)


def _listed(folder: Path) -> dict[str, tuple[str, str]]:
    """Return what the manifest of a folder lists and is still there: certificates may be added to others."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"].items()
        return {file: (name, digest) for file, (name, digest) in files if (folder / file).is_file()}
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return {}  # none, or none that can be read: `symmix verify` names what it does not list
