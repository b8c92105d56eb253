"""``symmix prove``: decide theorems."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from symmix import __version__
from symmix.checker_text import manifest
from symmix.cli.codes import DEFECT, FAILED, FINE, NOTHING
from symmix.cli.files import reject_losses, write_whole
from symmix.cli.grammar import parser
from symmix.cli.running import guarded
from symmix.cli.selection import decided, selected
from symmix.confirmation import WAYS, Confirmation
from symmix.publish.report import conclusion, document, report
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved

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
    scripts = selected(options)
    if not scripts:
        return NOTHING
    if options.certificates is not None:
        reject_losses(options.certificates, [_certificate_name(script) for script in scripts], force=options.force)
    if options.junit is not None:
        reject_losses(options.junit.absolute().parent, [options.junit.name], force=options.force)
    outcomes = decided(scripts)
    begin = time.perf_counter()
    confirmations = _confirmed(outcomes, options)
    if options.json:
        print(json.dumps(_document(outcomes, confirmations), indent=2))
    else:
        verbose = options.verbose or len(outcomes) == 1
        _print_outcomes(outcomes, verbose=verbose)
        _print_confirmations(confirmations, begin, verbose=verbose)
    if options.certificates is not None:
        _write_certificates(outcomes, options.certificates)
    if options.junit is not None:
        from symmix.cli.junit import write_report  # noqa: PLC0415  # for continuous integration alone

        write_report(options.junit, outcomes, {c.id: c for c in confirmations}, force=True)
    return _code(outcomes, confirmations)


def _confirmed(outcomes: Sequence[Outcome], options: argparse.Namespace) -> list[Confirmation]:
    if not options.confirm:
        return []
    from symmix.cli.confirming import confirmed  # noqa: PLC0415  # it loads NumPy

    return confirmed(outcomes, options.seed)


def _document(outcomes: Sequence[Outcome], confirmations: Sequence[Confirmation]) -> dict[str, Any]:
    theorems: list[dict[str, Any]] = [document(outcome) for outcome in outcomes]
    for found, confirmation in zip(theorems, confirmations, strict=False):
        found["confirmation"] = confirmation.data()
    return {"symmix": __version__, "theorems": theorems}


def _print_confirmations(confirmations: Sequence[Confirmation], begin: float, *, verbose: bool) -> None:
    if confirmations:
        from symmix.cli.confirming import print_confirmations  # noqa: PLC0415  # it loads NumPy

        print_confirmations(confirmations, begin, verbose=verbose)


def _code(outcomes: Sequence[Outcome], confirmations: Sequence[Confirmation]) -> int:
    """Return the exit code; a disagreement of the deciders, or with numbers, is a defect of ours, and said so."""
    defects = [(c.id, row, remark) for c in confirmations for row, remark in c.disagreements if row.way != "numbers"]
    for name, row, remark in defects:
        print(f"DEFECT {name}: {WAYS[row.way][0]}: {remark}", file=sys.stderr)
    for outcome in outcomes:
        if outcome.disagreement:
            print(
                f"DEFECT {outcome.script.id}: kernel: proved; second checker: {outcome.disagreement}", file=sys.stderr
            )
    if defects or any(outcome.disagreement for outcome in outcomes):
        return DEFECT
    proved = all(isinstance(outcome.verdict, Proved) for outcome in outcomes)
    return FINE if proved and all(c.agrees for c in confirmations) else FAILED


def _write_certificates(outcomes: Sequence[Outcome], folder: Path) -> None:
    """Write the certificates of what was proved, and the folder's manifest; a theorem that was not has none."""
    proved = [outcome for outcome in outcomes if isinstance(outcome.verdict, Proved)]
    files = {_certificate_name(o.script): o.certificate() for o in proved}
    listed = {_certificate_name(o.script): (o.script.id, o.digest) for o in proved}
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


def _certificate_name(script: Script) -> str:
    return f"{script.id}.json"


def _print_outcomes(outcomes: Sequence[Outcome], *, verbose: bool) -> None:
    failed = [outcome for outcome in outcomes if not isinstance(outcome.verdict, Proved)]
    shown = outcomes if verbose else failed
    for outcome in shown:
        print(report(outcome), end="\n\n")
    if len(outcomes) == 1:
        print(conclusion(outcomes[0]))
        return
    from symmix.cli.table import print_table  # noqa: PLC0415  # drawing is for several theorems alone

    print_table(outcomes)
    proved = f"{len(outcomes) - len(failed)} of {len(outcomes)} theorems"
    both = " by the kernel, and anew by the second checker"
    print(
        f"PROVED {proved}{both}" if not failed else f"FAILED {', '.join(o.script.id for o in failed)}: proved {proved}"
    )
