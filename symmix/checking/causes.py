"""Findings with their likely causes: one slip undone, with which the line is itself proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Literal

from symmix.checking.effort import CAUSE_WORK, EXPLAINING_WORK, TRY_WORK
from symmix.checking.judging import Judged, judged, may_hold
from symmix.checking.misfits import mended
from symmix.checking.report import Finding
from symmix.checking.slips import Mend, mend
from symmix.metering import Meter, TooMuchWork, allowed, spend
from symmix.printing.text import TextPrinter
from symmix.reading import Link, Stated
from symmix.terms import nodes as t
from symmix.terms import statements as s

_PRINTER = TextPrinter()
Causes = Literal["some", "all", "none"]  # for how many wrong lines causes are looked for
_WORK: dict[Causes, int] = {"some": EXPLAINING_WORK, "all": 10**18, "none": 0}


@dataclass
class Budget:
    """What all wrong lines of a text share: the work that explains them, and the line from which on there is none."""

    meter: Meter
    since: int = 0


_BUDGET: ContextVar[Budget] = ContextVar("budget")


@contextmanager
def explaining(causes: Causes) -> Iterator[Budget]:
    """Let what is found inside be explained."""
    budget = Budget(Meter(_WORK[causes]))
    token = _BUDGET.set(budget)
    try:
        yield budget
    finally:
        _BUDGET.reset(token)


def explained(finding: Finding, search: Callable[[Finding], Finding]) -> Finding:
    """Return a finding with what a search says more of it, unless that takes too much work, or there is none left."""
    budget = _BUDGET.get()
    if budget.since or budget.meter.left <= 0:
        budget.since = budget.since or finding.line
        return finding
    try:
        with allowed(CAUSE_WORK, of=budget.meter):
            return search(finding)
    except TooMuchWork:
        budget.since = finding.line if budget.meter.left <= 0 else 0
        return finding


def with_cause(
    finding: Finding,
    left: t.Expression,
    right: t.Expression,
    where: Link | Stated,
    missing: t.Expression | None = None,
    refuted: Judged | None = None,
) -> Finding:
    """Return the finding about two sides with the slip that the right one has, if one is found.

    ``missing`` is a term that may be missing of it, and ``refuted`` what has a point at which the sides differ.
    """
    means = {where.context.symbols[name]: moments for name, moments in where.context.moments.items()}
    means |= {node.random: node.moments for node in left.walk() if isinstance(node, t.Expectation)}
    return _named(finding, lambda: mend(right, missing, means, _proves(left, where, refuted)))


def with_cause_inside(finding: Finding, before: Link, link: Link) -> Finding:
    """Return the finding about a side whose own shapes do not fit with the slip that it has, if one is found."""
    left = before.expression
    if left is None:
        return finding
    shape = left.shape
    return _named(finding, lambda: mended(link, shape, _proves(left, link, None)))


def _proves(left: t.Expression, where: Link | Stated, refuted: Judged | None) -> Callable[[t.Expression], bool]:
    """Return whether a right side is proved to be the left one."""
    hypotheses: Sequence[s.Hypothesis] = where.where if isinstance(where, Link) else ()

    def proves(side: t.Expression) -> bool:
        if side == left or side.shape != left.shape:
            return side == left
        spend(TRY_WORK)
        if refuted is not None and not may_hold(left, side, refuted):
            return False
        return judged(s.Identity(left, side, tuple(hypotheses)), where.context).is_proved

    return proves


def _named(finding: Finding, search: Callable[[], Mend | None]) -> Finding:
    def named(bare: Finding) -> Finding:
        found = search()
        return bare if found is None else replace(bare, cause=found.slip, mended=_PRINTER.print(found.side))

    return explained(finding, named)
