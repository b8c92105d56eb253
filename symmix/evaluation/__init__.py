"""Statement trees on NumPy arrays: exact rational numbers, or floating-point numbers with a bound on their error.

A tree is evaluated by the definition of each node. Derivatives are differences of what is differentiated, which are
exact where it is a polynomial, and complex steps elsewhere; expectations are Newton's interpolation on whole numbers.
No rule of calculus is written down here.
"""

from symmix.evaluation.numbers import EXACT, ROUNDED, Singular
from symmix.evaluation.points import Point
from symmix.evaluation.trees import Evaluation, Incomparable

__all__ = ["EXACT", "ROUNDED", "Evaluation", "Incomparable", "Point", "Singular"]
