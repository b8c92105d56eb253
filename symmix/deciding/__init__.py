"""Deciding statements: each kind in its own way and with its own evidence, all of it checked by the kernel.

==================  ==============================================  ===========================================
statement           evidence when it holds                          evidence when it does not
==================  ==============================================  ===========================================
``Identity``        the common normal form; cofactors under ``where``  sizes, exact entries, both values
``Vanishing``       cofactors: ``A = sum_i C_i . e_i``              a point where the ``e_i`` vanish and A does not
``Equivalence``     cofactors both ways                             a point where one side vanishes alone
``Positivity``      positive coefficients, also in pieces; squares  a point of the range
``Minimum``         a sum of squares, up to the hypotheses          a point with a smaller value
any of functions   instances without functions, proved             a point with explicit functions
``Fails``           the witness against the statement               none: the statement was proved, and is not empty
==================  ==============================================  ===========================================

Statements come as trees that are well formed (:mod:`symmix.terms.documents`). Standard library only.
"""

from symmix.deciding.decide import decide
from symmix.deciding.frame import Frame
from symmix.deciding.implication import Hints, Shown

__all__ = ["Frame", "Hints", "Shown", "decide"]
