"""The kinds of statements, each decided in its own way and with its own evidence.

==================  ==============================================  ===========================================
statement           evidence when it holds                          evidence when it does not
==================  ==============================================  ===========================================
``Identity``        the common normal form; cofactors under ``where``  sizes, exact entries, both values
``Vanishing``       cofactors: ``A = sum_i C_i . e_i``              a point where the ``e_i`` vanish and A does not
``Equivalence``     cofactors both ways                             a point where one side vanishes alone
``Positivity``      a form with positive coefficients               a point of the range
``Fails``           the witness against the statement               none: the statement was proved
==================  ==============================================  ===========================================
"""

from symmix.statements.base import Statement
from symmix.statements.equivalence import Equivalence
from symmix.statements.fails import Fails
from symmix.statements.identity import Identity, Vanishing
from symmix.statements.positivity import Positivity

__all__ = ["Equivalence", "Fails", "Identity", "Positivity", "Statement", "Vanishing"]
