"""What every kind of statement has in common: it is read as a tree, and the tree is decided."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import sympy as sp

from symmix.deciding import Hints, decide
from symmix.display import Displayed
from symmix.language import ForAll, Reader
from symmix.setting import Setting
from symmix.terms import statements as s
from symmix.verdict import Verdict

Expressions = Sequence[sp.Basic]
Hypotheses = Sequence[sp.Basic | ForAll]


class Statement(Displayed, ABC):
    """Anything that can be decided in a setting."""

    @abstractmethod
    def tree(self, reader: Reader) -> s.Statement:
        """Return the statement as a tree."""

    def hints(self, reader: Reader) -> Hints:  # noqa: ARG002 - most statements need none
        """Return what the user shows of why it holds."""
        return Hints()

    @property
    def components(self) -> Statement:
        """The statement over SymPy's expressions, at whose components one may look."""
        return self

    def decide(self, setting: Setting) -> Verdict:
        """Return the verdict, with its evidence.

        Raises
        ------
        SymmixError
            If the statement is not well formed; the message names the subexpression.
        """
        tree = self.tree(setting.reader)
        return decide(tree, setting.frame(tree), self.hints(setting.reader))
