"""What became of a certificate: a report, and the command that prints it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .deciding import Decider
from .reading import (
    MAX_BYTES,
    MAX_WORK,
    Data,
    Meter,
    RejectedError,
    digest,
    list_of,
    parse,
    plain,
    reject,
    table_of,
    text_of,
)
from .text import lines
from .theorem import Statement, Theorem, require_news

CERTIFICATE = "symmix-certificate/2"
MANIFEST = "symmix-manifest/1"
FINE, REJECTED, USAGE = 0, 1, 2
USED = "usage: python3 -I checker [--show] DIR|FILE ..."


@dataclass(frozen=True)
class Result:
    """What became of one claim, step or near miss; ``met`` is whether a point is known at which its hypotheses hold."""

    role: str
    label: str
    accepted: bool
    reason: str = ""
    met: bool = True


@dataclass(frozen=True)
class Report:
    """What became of a certificate: it is accepted if all of its parts are, and none may be empty."""

    theorem: str
    digest: str
    accepted: bool
    reason: str = ""
    results: tuple[Result, ...] = ()
    work: int = 0

    @property
    def line(self) -> str:
        """What is printed of what was accepted."""
        names = {"claim": ("claim", "claims"), "step": ("step", "steps"), "near miss": ("near miss", "near misses")}
        counts = {role: sum(result.role == role for result in self.results) for role in names}
        shown = ", ".join(f"{counts[role]} {names[role][counts[role] != 1]}" for role in names)
        return f"CHECKED {self.theorem}: {shown}, for every size; statement {self.digest}"


def check(document: Data, limit: int = MAX_WORK) -> Report:
    """Check a certificate that is given as data; whatever is wrong with it is said in the report.

    A certificate is ``{"schema": "symmix-certificate/2", "statement": ..., "digest": ..., "text": ..., "evidence":
    {"reciprocals": {name: polynomial}, "inverses": {name: tree}, "claims": [...], "proofs": [[...]], "near_misses":
    [...]}}``; the text is for people, and not looked at.
    """
    try:
        return check_text(json.dumps(document), limit)
    except (TypeError, ValueError, RecursionError) as error:
        return Report("", "", accepted=False, reason=f"no JSON: {type(error).__name__}")


def check_text(text: str, limit: int = MAX_WORK) -> Report:
    """Check a certificate that is given as text."""
    meter, name, found = Meter(limit), "", ""
    results: list[Result] = []
    try:
        data = parse(text)
        if isinstance(data, dict) and data.get("schema") == "symmix-certificate/1":
            reject("a certificate of an old version; `symmix prove --certificates DIR` writes it anew")
        table_of(data, "a certificate", ("schema", "statement", "digest", "text", "evidence"))
        if data["schema"] != CERTIFICATE:
            reject(f"the schema {CERTIFICATE} is required")
        theorem = Theorem(data["statement"], meter)
        name, found = theorem.name, digest(data["statement"])
        if data["digest"] != found:
            reject(f"the digest is not that of the statement, {found}")
        results += _results(theorem, data["evidence"], meter)
        reason = next(filter(None, map(_complaint, results)), "")
    except RejectedError as error:
        reason = str(error)
    except RecursionError:
        reason = "nodes are nested too deep"
    return Report(name, found, not reason, reason, tuple(results), limit - max(meter.left, 0))


def check_statement(document: Data, evidence: Data, **names: Data) -> Result:
    """Decide the one claim of a statement document; ``reciprocals`` and ``inverses`` are names used in the evidence."""
    given = {"reciprocals": {}, "inverses": {}, "claims": [evidence], "proofs": [], "near_misses": [], **names}
    whole = {"schema": CERTIFICATE, "statement": document, "digest": digest(document), "text": {}, "evidence": given}
    report = check(whole)
    return report.results[0] if report.results else Result("claim", "", accepted=False, reason=report.reason)


def _complaint(result: Result) -> str:
    if result.accepted and result.met:
        return ""
    return f"{result.role} {result.label!a}: {result.reason or 'no point is known at which it says something'}"


def _results(theorem: Theorem, evidence: Data, meter: Meter) -> Iterator[Result]:
    table_of(evidence, "the evidence", ("reciprocals", "inverses", "claims", "proofs", "near_misses"))
    decider = Decider(theorem, evidence, meter)
    for (label, claim), found in _paired(theorem.claims, evidence["claims"], "claims"):
        require_news(claim)
        yield _decided(decider, "claim", label, claim, found)
    for proof, pieces in _paired(theorem.proofs, evidence["proofs"], "proofs"):
        for (label, step), found in _paired(proof, pieces, "steps"):
            yield _decided(decider, "step", label, step, found)
    for (label, miss), found in _paired(theorem.near_misses, evidence["near_misses"], "near misses"):
        yield _decided(decider, "near miss", label, miss, found)


def _paired(stated: Sequence[Any], evidence: Data, what: str) -> Iterable[tuple[Any, Data]]:
    return zip(stated, list_of(evidence, f"the evidence of the {what}", len(stated)), strict=True)


def _decided(decider: Decider, role: str, label: str, statement: Statement, evidence: Data) -> Result:
    """Decide one statement: a near miss has to be false, all else has to be true."""
    met = True
    try:
        point = table_of(evidence, "evidence").get("met")
        evidence = {key: value for key, value in evidence.items() if key != "met"}
        kind = evidence.get("kind")
        denial = statement.kind == "Fails"
        inner = statement.inner[0] if denial else statement
        if denial == (role == "near miss"):
            if kind is None:
                reject("evidence of some kind is required")
            decider.require_holds(inner, evidence)
            met = role == "step" or decider.is_met(inner, point)
        else:
            if evidence.pop("kind", None) != "witness":
                reject("a witness is required")
            decider.require_false(inner, evidence)
    except RejectedError as error:
        decider.meter.spend(0)  # where no work is left, nothing more is decided
        return Result(role, label, accepted=False, reason=str(error))
    return Result(role, label, accepted=True, met=met)


# -- the command ---


def manifest(files: Mapping[str, tuple[str, str]]) -> Data:
    """Return the manifest of a folder: for each file the name of its theorem and the digest of its statement."""
    return {"schema": MANIFEST, "files": {file: list(pair) for file, pair in sorted(files.items())}}


def _listed(folder: Path) -> dict[Path, tuple[str, str]]:
    """Return the certificates of a folder as its manifest lists them; a missing or an unlisted one is an error."""
    listing = folder / "manifest.json"
    if not listing.is_file():
        reject("there is no manifest.json, which says what belongs there; give the files, or write the folder anew")
    data = table_of(parse(listing.read_text(encoding="utf-8")), "a manifest", ("schema", "files"))
    files = table_of(data["files"], "files")
    differing = {path.name for path in folder.glob("*.json") if path != listing} ^ set(files)
    if data["schema"] != MANIFEST or differing:
        reject(f"manifest.json and the folder differ in: {', '.join(sorted(differing)) or 'the schema'}")
    pairs = {file: [text_of(part, "a name") for part in list_of(pair, file, 2)] for file, pair in files.items()}
    return {folder / file: (name, value) for file, (name, value) in pairs.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the certificates of folders and files; print a line for each, or with ``--show`` what it states."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    paths = [Path(argument) for argument in given if not argument.startswith("-")]
    if not paths or any(argument.startswith("-") and argument != "--show" for argument in given):
        _say(USED, sys.stderr)
        return USAGE
    fine = True
    for path in paths:
        try:
            files: Mapping[Path, tuple[str, str] | None] = _listed(path) if path.is_dir() else {path: None}
        except (RejectedError, OSError, UnicodeDecodeError) as error:
            _say(f"REJECTED {path}: {error}", sys.stderr)
            fine = False
            continue
        for file, expected in files.items():
            fine &= _checked(file, expected, show="--show" in given)
    return FINE if fine else REJECTED


def _checked(file: Path, expected: tuple[str, str] | None, *, show: bool) -> bool:
    try:
        if file.stat().st_size > MAX_BYTES:
            reject(f"a file of at most {MAX_BYTES} bytes is required")
        text = file.read_text(encoding="utf-8")
        report = check_text(text)
        if report.reason:
            reject(report.reason)
        if expected not in (None, (report.theorem, report.digest)):
            reject("it is not what manifest.json says")
    except (RejectedError, OSError, UnicodeDecodeError) as error:
        _say(f"REJECTED {file}: {error}", sys.stderr)
        return False
    _say(report.line, sys.stdout)
    for line in lines(Theorem(parse(text)["statement"], Meter(MAX_WORK))) if show else ():
        _say(f"    {line}", sys.stdout)
    return True


def _say(line: str, where: Any) -> None:
    where.write(plain(line) + "\n")
