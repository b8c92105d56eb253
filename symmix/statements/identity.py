"""Identities, and expressions that vanish where others do."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symmix.language import Reader
from symmix.statements.base import Expressions, Hypotheses, Statement
from symmix.terms import statements as s


@dataclass(frozen=True)
class Identity(Statement):
    """``left = right``, wherever all of ``where`` vanish.

    A hypothesis with a sample index is about that sample; ``ForAll(i, e[i, 0])`` is about all.
    """

    left: sp.Basic
    right: sp.Basic
    where: Hypotheses = ()

    def tree(self, reader: Reader) -> s.Identity:
        """Return the statement as a tree."""
        reader.survey(self)
        left, right = reader.sides(self.left, self.right)
        return s.Identity(left, right, reader.hypotheses(self.where))


@dataclass(frozen=True)
class Vanishing(Statement):
    """Every one of ``expressions`` is zero wherever all of ``where`` vanish."""

    expressions: Expressions
    where: Hypotheses = ()

    def tree(self, reader: Reader) -> s.Vanishing:
        """Return the statement as a tree."""
        reader.survey(self)
        expressions = reader.expressions(self.expressions, "Vanishing")
        return s.Vanishing(expressions, reader.hypotheses(self.where))
