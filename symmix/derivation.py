"""A chain of equalities: one expression and one reason a line, every line decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import sympy as sp

from symmix.display import Displayed
from symmix.errors import StatementError
from symmix.language import Reader
from symmix.setting import Setting
from symmix.statements import Identity
from symmix.statements.base import Hypotheses
from symmix.terms import statements as s
from symmix.verdict import Verdict


@dataclass(frozen=True)
class Step:
    """``= expression``, because of ``reason``; ``where`` are the hypotheses that this equality uses."""

    expression: sp.Basic
    reason: str
    where: Hypotheses = ()


@dataclass(frozen=True)
class Derivation(Displayed):
    """A chain ``start = ... = ...``.

    >>> from symmix.notation import W, z, zp
    >>> chain = Derivation(W * (z + zp)).equals(W * z + W * zp, by="W is linear")
    >>> [verdict.word for verdict in chain.decide(Setting())]
    ['proved']
    """

    start: sp.Basic
    steps: tuple[Step, ...] = ()

    def equals(self, expression: sp.Basic, by: str, where: Hypotheses = ()) -> Derivation:
        """Return the chain with one more equality, and the reason for it."""
        if not isinstance(by, str) or not by.strip():
            raise StatementError("a reason for each step", f"{by!r} for {expression}", 'write by="..."')
        return replace(self, steps=(*self.steps, Step(expression, by, where)))

    @property
    def end(self) -> sp.Basic:
        """The last expression."""
        return self.steps[-1].expression if self.steps else self.start

    def identities(self) -> list[Identity]:
        """Return the equality that each step states."""
        before = [self.start, *(step.expression for step in self.steps)]
        return [Identity(left, step.expression, step.where) for left, step in zip(before, self.steps, strict=False)]

    def tree(self, reader: Reader) -> s.Derivation:
        """Return the chain as a tree."""
        steps = [s.Step(reader.expression(x.expression), x.reason, reader.hypotheses(x.where)) for x in self.steps]
        return s.Derivation(reader.expression(self.start), tuple(steps))

    def decide(self, setting: Setting) -> list[Verdict]:
        """Decide every step, also behind one that fails."""
        return [identity.decide(setting) for identity in self.identities()]
