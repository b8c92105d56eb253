"""A claim and a slip, decided by the kernel and anew by the second checker."""

from __future__ import annotations

from typing import Any

from symmix import Theorem, theorem
from symmix.certifying.document import spelled
from symmix.checker import Report, check_text
from symmix.theorems import Outcome
from symmix.verdict import Proved, Refuted


def decided_by_both(claim: Any, slip: Any, **parts: Any) -> tuple[Outcome, Report]:
    """Prove a claim, refute a slip, and have both checked from the certificate alone."""

    def case() -> Theorem:
        """A case of a test."""
        return Theorem(claim=claim, near_misses={"slip": slip}, **parts)

    outcome = theorem(answers="does it hold?")(case).prove()
    assert isinstance(outcome.claims[""], Proved), outcome.claims
    assert isinstance(outcome.near_misses["slip"], Refuted), outcome.near_misses
    assert outcome.disagreement == ""
    assert outcome.certified is not None
    report = check_text(spelled(outcome.certified))
    assert report.accepted, report.reason
    return outcome, report
