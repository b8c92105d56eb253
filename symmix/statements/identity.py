"""Identities, and expressions that vanish where others do."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from symmix.kernel.membership import find_cofactors
from symmix.setting import Setting
from symmix.statements.base import NO_COFACTORS, Expressions, some
from symmix.verdict import Membership, NormalForm, Refuted, Undecided, Verdict, all_of


@dataclass(frozen=True)
class Identity:
    """``left = right``, wherever all of ``where`` vanish."""

    left: sp.Basic
    right: sp.Basic
    where: Expressions = ()

    def decide(self, setting: Setting) -> Verdict:
        """Compare normal forms; under hypotheses, find cofactors of the difference."""
        setting = setting.for_one_statement()
        left, _, rest = setting.difference(self.left, self.right)
        if rest.is_zero:
            return setting.proved(NormalForm(left))
        hypotheses = setting.hypotheses(self.where)
        found = find_cofactors(rest, hypotheses, setting.units) if hypotheses else None
        if found is not None:
            return setting.proved(Membership((self.left, self.right), tuple(self.where), found), hypotheses)
        witness = setting.find_witness([rest], hypotheses, {"left": self.left, "right": self.right})
        return Refuted(witness) if witness is not None else Undecided(NO_COFACTORS)


@dataclass(frozen=True)
class Vanishing:
    """Every one of ``expressions`` is zero wherever all of ``where`` vanish."""

    expressions: Expressions
    where: Expressions = ()

    def decide(self, setting: Setting) -> Verdict:
        """Find cofactors of each expression, or a point where the hypotheses hold and it does not vanish."""
        setting = setting.for_one_statement()
        return all_of([self._decide_one(expression, setting) for expression in some(self.expressions, "Vanishing")])

    def _decide_one(self, expression: sp.Basic, setting: Setting) -> Verdict:
        (goal,) = setting.hypotheses([expression])
        hypotheses = setting.hypotheses(self.where)
        found = find_cofactors(goal, hypotheses, setting.units)
        if found is not None:
            return setting.proved(Membership((expression,), tuple(self.where), found), hypotheses)
        witness = setting.find_witness([goal], hypotheses, {"value": expression})
        return Refuted(witness) if witness is not None else Undecided(NO_COFACTORS)
