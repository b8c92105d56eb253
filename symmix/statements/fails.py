"""Statements that are false, as theorems: the witness is the proof."""

from __future__ import annotations

from dataclasses import dataclass

from symmix.setting import Setting
from symmix.statements.base import Statement
from symmix.verdict import Existence, Proved, Refuted, Undecided, Verdict


@dataclass(frozen=True)
class Fails:
    """The statement is false: there is a point at which it fails. The witness is the proof."""

    statement: Statement

    def decide(self, setting: Setting) -> Verdict:
        """Decide the statement and turn the verdict round."""
        verdict = self.statement.decide(setting)
        match verdict:
            case Refuted(witness=witness) if witness is not None:
                return Proved((Existence(witness),))
            case Proved():
                return Refuted(None)
        return Undecided("a witness against the statement")
