"""What came of a derivation: a verdict for every line, in words, and as JSON data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

SCHEMA = "symmix-check/1"
MAX_SHOWN = 240  # characters of what is left over
Word = Literal["proved", "refuted", "shapes do not fit", "undecided", "not understood"]


@dataclass(frozen=True)
class Finding:
    """What came of one step, or of a line that is none.

    ``column`` is where the step stands, or what is wrong with it. ``values`` are those of both sides at the witness,
    ``left_over`` is left - right in normal form. ``cause`` is one slip, and ``mended`` the right side without it, which
    is proved. ``builds_on`` is a line before it that is wrong. ``missing`` says why something is undecided,
    ``problem`` what was required, what arrived and what to do. Defects of ours are a ``disagreement`` of the deciders
    and a ``defect``, an exception that nobody expected.
    """

    line: int
    column: int
    word: Word
    text: str
    reason: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    left_over: str = ""
    cause: str = ""
    mended: str = ""
    builds_on: int | None = None
    remark: str = ""
    missing: str = ""
    problem: tuple[str, str, str] | None = None
    assuming: Sequence[str] = ()
    disagreement: str = ""
    defect: str = ""

    def data(self) -> dict[str, Any]:
        """Return it as JSON data: what says nothing is left out."""
        found: dict[str, Any] = {"line": self.line, "column": self.column, "verdict": self.word, "text": self.text}
        for name in (
            "reason",
            "left_over",
            "cause",
            "mended",
            "builds_on",
            "remark",
            "missing",
            "disagreement",
            "defect",
        ):
            if getattr(self, name):
                found[name] = getattr(self, name)
        if self.values:
            found["witness"] = {"sizes": dict(self.sizes), "values": dict(self.entries), **self.values}
        if self.problem:
            found |= dict(zip(("required", "arrived", "help"), self.problem, strict=True))
        if self.assuming:
            found["assuming"] = list(self.assuming)
        return found


@dataclass(frozen=True)
class Report:
    """The findings of one text, in its order, with its lines, and the first wrong one that nobody explained, or 0."""

    findings: Sequence[Finding]
    lines: Sequence[str] = ()
    name: str = ""
    unexplained: int = 0

    def count(self, *words: Word) -> int:
        """Return how many findings there are of some kinds."""
        return sum(finding.word in words for finding in self.findings)

    @property
    def passed(self) -> bool:
        """Whether there is a step, every line was understood, and every step is proved by both deciders."""
        return bool(self.findings) and self.count("proved") == len(self.findings) and not self.disagreements

    @property
    def disagreements(self) -> Sequence[Finding]:
        """Where the second checker does not accept what the kernel decided."""
        return [finding for finding in self.findings if finding.disagreement]

    @property
    def defects(self) -> Sequence[Finding]:
        """Where something is wrong with symmix: deciders that disagree, or an exception that nobody expected."""
        return [finding for finding in self.findings if finding.disagreement or finding.defect]

    def data(self) -> dict[str, Any]:
        """Return it as JSON data."""
        found = [finding.data() for finding in self.findings]
        since = {"unexplained_from": self.unexplained} if self.unexplained else {}
        return {"name": self.name, "passed": self.passed, "findings": found, **since}

    def __str__(self) -> str:
        """Return the findings, one below the other."""
        width = max((len(finding.word) for finding in self.findings), default=0)
        lines = [line for finding in self.findings for line in _written(finding, self, width)]
        if self.unexplained:
            since = f"from line {self.unexplained} on, of wrong lines"
            lines.append(f"{since} it was not looked for what is left over, and for causes: --causes all looks for all")
        return "\n".join(lines)


def _written(finding: Finding, report: Report, width: int) -> Sequence[str]:
    place = f"{report.name}:{finding.line}" if report.name else f"line {finding.line}"
    reason = f"   # {finding.reason}" if finding.reason else ""
    lines = [f"{place}: {finding.word:<{width}}  {finding.text}{reason}"]
    if finding.problem is not None:
        lines += _problem(finding, report)
    if finding.values:
        point = [f"{name} = {value}" for name, value in (*finding.sizes.items(), *finding.entries.items())]
        sides = ", ".join(f"{name} {value}" for name, value in finding.values.items())
        lines.append(f"    at  {', '.join(point)}: {sides}" if point else f"    always: {sides}")
    told = (
        ("left - right", shortened(finding.left_over)),
        ("likely cause", f"{finding.cause}; proved is {finding.mended}" if finding.cause else ""),
        ("builds on", _built_on(finding.builds_on, report)),
        ("remark", finding.remark),
        ("missing", finding.missing),
        ("assuming", ", ".join(finding.assuming)),
        ("DEFECT", f"the second checker says: {finding.disagreement}" if finding.disagreement else ""),
    )
    return [*lines, *(f"    {label}  {text}" for label, text in told if text)]


def shortened(text: str) -> str:
    """Return what is left over as a line that people read: JSON has all of it."""
    if len(text) <= MAX_SHOWN:
        return text
    shown = text[:MAX_SHOWN].rsplit(" ", 1)[0].rstrip(" +-")
    return f"{shown} ... ({len(text)} characters; --json has all of them)"


def _built_on(line: int | None, report: Report) -> str:
    if line is None:
        return ""
    wrong = any(other.line == line and other.word in ("refuted", "shapes do not fit") for other in report.findings)
    return f"line {line}, which is {'wrong' if wrong else 'not proved'}"


def pointed(lines: Sequence[str], line: int, column: int) -> list[str]:
    """Return the part of a line that a column stands in, and below it a caret; empty where there is no such line."""
    shown = lines[line - 1] if 0 < line <= len(lines) else ""
    begin = max(0, column - 60)
    part = shown[begin : begin + 100].replace("\t", " ")
    return [f"    {part}", f"    {' ' * (column - 1 - begin)}^ column {column}"]


def _problem(finding: Finding, report: Report) -> list[str]:
    required, arrived, remedy = finding.problem or ("", "", "")
    return [
        *pointed(report.lines, finding.line, finding.column),
        f"    required: {required}",
        f"     arrived: {arrived}",
        f"        help: {remedy}",
    ]
