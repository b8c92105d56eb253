"""What a check of a training step reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symmix.testing.finding import Finding, Judged


@dataclass(frozen=True)
class TrainStepReport(Judged):
    """Whether a training step mixes rightly; it has no truth value, ask for `passed`, `failed` or `undecided`.

    Attributes
    ----------
    findings
        The defects, each once; those that are remarks only do not make it fail.
    undecided
        What could not be decided, and why; nothing is called failed for it.
    sites
        What was looked at: the networks in whose place the spy stood, and how features are mixed there.
    calls
        How often the step was called.
    how
        "by a spy" or "by relations".
    seed
        From which seed.
    unseen
        What this check could not see.
    """

    findings: tuple[Finding, ...]
    undecided: tuple[str, ...]
    sites: tuple[str, ...]
    calls: int
    how: str
    seed: int
    unseen: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The word passed, failed or not decided; a remark is no failure."""
        if any(not finding.remark for finding in self.findings):
            return "failed"
        return "not decided" if self.undecided else "passed"

    @property
    def mixes(self) -> bool:
        """Whether samples were seen to meet in a network's features."""
        return any("are mixtures" in site for site in self.sites)

    def __str__(self) -> str:
        lines = [
            f"{self.verdict}: {self.calls} calls {self.how}, seed {self.seed}",
            *(f"  {line}" for finding in self.findings for line in str(finding).splitlines()),
            *(f"  not decided  {reason}" for reason in self.undecided),
            *(f"  site         {site}" for site in self.sites),
            *(f"  not seen     {gap}" for gap in self.unseen),
        ]
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "kind": "train step",
            "verdict": self.verdict,
            "findings": [finding.document() for finding in self.findings],
            "not decided": list(self.undecided),
            "sites": list(self.sites),
            "calls": self.calls,
            "how": self.how,
            "seed": self.seed,
            "not seen": list(self.unseen),
        }
