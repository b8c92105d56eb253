"""Two systems of equations with the same solutions: cofactors both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symmix.errors import StatementError
from symmix.kernel.networks import Expression, constant
from symmix.kernel.witness import Condition
from symmix.language import Array
from symmix.setting import Setting
from symmix.statements.base import Expressions, some
from symmix.statements.implication import Combine, Implication, Proof
from symmix.verdict import BothDirections, Refuted, Undecided, Verdict


@dataclass(frozen=True)
class Equivalence:
    """``left`` all vanish if and only if ``right`` all vanish, given that ``provided`` (scalars) do not.

    Both ways are searched, the way from left to right also by the adjugate matrix where the left expressions are scalar
    combinations of the right ones. Where the search does not get there, a user shows the way: ``forth`` receives one
    symbol for each right expression and returns one combination of them for each left expression A; ``back`` the
    other way round. A combination has to equal A, or ``factor * B`` with the product of ``provided`` as factor; a
    scalar combination for an expression that is not scalar has to equal ``factor * |B|^2``, which is as good over the
    reals. ``where`` holds in both directions.
    """

    left: Expressions
    right: Expressions
    provided: Expressions = ()
    forth: Combine | None = None
    back: Combine | None = None
    where: Expressions = ()

    def decide(self, setting: Setting) -> Verdict:
        """Find and check the cofactors both ways, or a point where one side vanishes alone."""
        setting = setting.for_one_statement()
        for scalar in self.provided:
            if setting.scalar(scalar).is_zero:
                raise StatementError("scalars that can differ from zero", f"{scalar}, which is 0", "leave it out")
        left = setting.hypotheses(some(self.left, "Equivalence"))
        right = setting.hypotheses(some(self.right, "Equivalence"))
        given = setting.hypotheses(self.where)
        provided = tuple(setting.scalar(scalar) for scalar in self.provided)
        from_right = Implication(left, right, given, provided, scaled=False, setting=setting)
        from_left = Implication(right, left, given, provided, scaled=True, setting=setting)
        forward = from_right.by_hand(self.right, self.forth) if self.forth else from_right.searched()
        backward = self._backward(from_left, forward)
        if forward is not None and backward is not None:
            factor = Array(constant(backward.factor))
            evidence = BothDirections(forward.ways, backward.ways, factor, backward.squared)
            return setting.proved(evidence, given)
        open_ways = [] if backward is not None else [(right, left, self.right)]
        open_ways += [] if forward is not None else [(left, right, self.left)]
        return self._refute(open_ways, given, setting)

    def _backward(self, implication: Implication, forward: Proof | None) -> Proof | None:
        if self.back is not None:
            return implication.by_hand(self.left, self.back)
        found = implication.by_adjugate(forward.ways) if forward is not None else None
        return found or implication.searched()

    def _refute(
        self,
        open_ways: Sequence[tuple[Sequence[Expression], Sequence[Expression], Expressions]],
        given: Sequence[Expression],
        setting: Setting,
    ) -> Verdict:
        nonzero = [Condition(setting.scalar(s), "!=") for s in self.provided]
        for goals, hypotheses, shown in open_ways:
            for goal, expression in zip(goals, shown, strict=True):
                sides = {"value": expression}
                witness = setting.find_witness([goal], [*hypotheses, *given], sides, nonzero)
                if witness is not None:
                    return Refuted(witness)
        return Undecided("cofactors in one direction, or a point where one side vanishes alone; see forth and back")
