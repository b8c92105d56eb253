"""``symmix check FILE``: derivations in text, judged line by line."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from symmix import __version__
from symmix.checking import SCHEMA, Causes, Report, check_derivation
from symmix.checking.forms import contents
from symmix.cli import sarif
from symmix.cli.codes import DEFECT, FAILED, FINE, NOTHING, USAGE
from symmix.cli.terminal import progress
from symmix.errors import UsageError


def run(options: argparse.Namespace) -> int:
    """Check the files of the command line."""
    _require_no_others(options)
    reports = [_checked(Path(path), options.causes or "some") for path in options.target]
    progress("")
    if options.sarif:
        print(json.dumps(sarif.document(reports), indent=2))
    elif options.json:
        data = {"schema": SCHEMA, "symmix": __version__, "derivations": [report.data() for report in reports]}
        print(json.dumps(data, indent=2))
    else:
        for report in reports:
            if report.findings:
                print(report, end="\n\n")
        print(_summary(reports))
    for report in reports:
        for finding in report.defects:
            print(f"DEFECT {report.name}:{finding.line}: {finding.disagreement or finding.defect}", file=sys.stderr)
    return _code(reports)


def _require_no_others(options: argparse.Namespace) -> None:
    """Refuse options that are about functions."""
    for name, value in vars(options).items():
        if name not in ("command", "target", "json", "sarif", "seed", "causes") and value is not None:
            flag = "--" + name.replace("_", "-")
            raise UsageError("files, and --json, --sarif or --causes", f"{flag} with a derivation", "leave it out")


def _checked(path: Path, causes: Causes) -> Report:
    text = contents(path)
    if path.suffix == ".json" and '"symmix-certificate/' in text[:20_000]:
        raise UsageError("a derivation", f"{path}, a certificate", f"symmix verify {path}")

    def watch(done: int, of: int) -> None:
        progress(f"{path} [{done}/{of}]")

    return check_derivation(text, str(path), watch, form=path.suffix.removeprefix("."), causes=causes)


def _summary(reports: Sequence[Report]) -> str:
    proved = sum(report.count("proved") for report in reports)
    steps = sum(len(report.findings) for report in reports)
    names = ", ".join(report.name for report in reports if not report.passed)
    whole = f"{proved} of {steps} steps proved" + (f", in {len(reports)} files" if len(reports) > 1 else "")
    return f"FAILED {names}: {whole}" if names else f"PROVED {', '.join(report.name for report in reports)}: {whole}"


def _code(reports: Sequence[Report]) -> int:
    if any(report.defects for report in reports):
        return DEFECT
    if any(report.count("not understood") for report in reports):
        return USAGE
    if not any(report.findings for report in reports):
        return NOTHING
    return FINE if all(report.passed for report in reports) else FAILED
