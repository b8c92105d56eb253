"""The kinds of statements, as users write them over SymPy expressions: read as trees, which are decided."""

from symmix.statements.base import Statement
from symmix.statements.equivalence import Equivalence
from symmix.statements.fails import Fails
from symmix.statements.identity import Identity, Vanishing
from symmix.statements.positivity import Minimum, Nonnegative, Positivity

__all__ = ["Equivalence", "Fails", "Identity", "Minimum", "Nonnegative", "Positivity", "Statement", "Vanishing"]
