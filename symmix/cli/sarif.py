"""What came of derivations as SARIF 2.1.0 (OASIS), which code hosts and editors show beside the lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from symmix import __version__
from symmix.checking import Report
from symmix.checking.report import Finding, shortened

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_RULES = {
    "refuted": ("error", "A step that fails at sizes and entries that are given"),
    "shapes do not fit": ("error", "Sides or terms of different shapes"),
    "not understood": ("error", "A line that is not read"),
    "undecided": ("warning", "A step that is neither proved nor refuted"),
    "defect": ("error", "A defect of symmix"),
}


def document(reports: Sequence[Report]) -> Mapping[str, Any]:
    """Return the document: a result for each line that is not proved; without any, all is proved."""
    results = [
        _result(finding, report)
        for report in reports
        for finding in report.findings
        if finding.word != "proved" or finding.disagreement or finding.defect
    ]
    rules = [{"id": _id(word), "shortDescription": {"text": text}} for word, (_, text) in _RULES.items()]
    driver = {"name": "symmix", "version": __version__, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _id(word: str) -> str:
    return word.replace(" ", "-")


def _result(finding: Finding, report: Report) -> Mapping[str, Any]:
    word = "defect" if finding.disagreement or finding.defect else finding.word
    region = {"startLine": max(finding.line, 1), "startColumn": max(finding.column, 1)}
    place = {"artifactLocation": {"uri": quote(PurePath(report.name).as_posix())}, "region": region}
    return {
        "ruleId": _id(word),
        "level": _RULES[word][0],
        "message": {"text": "\n".join(_told(finding))},
        "locations": [{"physicalLocation": place}],
    }


def _told(finding: Finding) -> list[str]:
    """Return what is wrong, in the words of the report."""
    point = ", ".join(f"{name} = {value}" for name, value in (*finding.sizes.items(), *finding.entries.items()))
    sides = ", ".join(f"{name} {value}" for name, value in finding.values.items())
    required, arrived, remedy = finding.problem or ("", "", "")
    told = {
        finding.word: finding.text,
        "at": f"{point}: {sides}" if finding.values else "",
        "left - right": shortened(finding.left_over),
        "likely cause": f"{finding.cause}; proved is {finding.mended}" if finding.cause else "",
        "missing": finding.missing,
        "required": required,
        "arrived": arrived,
        "help": remedy,
        "the second checker says": finding.disagreement,
        "defect": finding.defect,
    }
    return [f"{label}: {text}" for label, text in told.items() if text] or [finding.word]
