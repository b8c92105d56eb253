"""Statements that are false, as theorems: the witness is the proof."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from symmix.deciding import Hints
from symmix.errors import StatementError
from symmix.language import Reader
from symmix.statements.base import Statement
from symmix.terms import statements as s


@dataclass(frozen=True)
class Fails(Statement):
    """The statement is false: there is a point at which it fails. The witness is the proof.

    It is refuted only where the statement is proved, and not of nothing.
    """

    statement: Statement

    def tree(self, reader: Reader) -> s.Fails:
        """Return the statement as a tree."""
        if not isinstance(self.statement, Statement) or isinstance(self.statement, Fails):
            raise StatementError("a statement that fails", repr(self.statement), "write Fails(Identity(...))")
        return s.Fails(cast("s.Identity", self.statement.tree(reader)))

    def hints(self, reader: Reader) -> Hints:
        """Return those of the statement."""
        return self.statement.hints(reader)
