"""What every kind of statement has in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import sympy as sp

from symmix.errors import StatementError
from symmix.setting import Setting
from symmix.verdict import Verdict

Expressions = Sequence[sp.Basic]
NO_COFACTORS = "cofactors: the hypotheses do not rewrite it to zero, and no point was found at which it fails"


class Statement(Protocol):
    """Anything that can be decided in a setting."""

    def decide(self, setting: Setting) -> Verdict:
        """Return the verdict, with its evidence."""


def some(expressions: Expressions, kind: str) -> Expressions:
    """Return the expressions; none at all would be proved by saying nothing."""
    if not expressions:
        raise StatementError(f"at least one expression in {kind}", "none", "state what is to vanish")
    return expressions
