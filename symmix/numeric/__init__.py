"""NumPy only: objectives and gradients from their definitions, exact differences, grids, complex steps."""

from symmix.numeric.check import assert_gradient, check_gradient
from symmix.numeric.complex_step import complex_step, complex_step_along
from symmix.numeric.differences import exact_differences
from symmix.numeric.report import Failure, Report

__all__ = [
    "Failure",
    "Report",
    "assert_gradient",
    "check_gradient",
    "complex_step",
    "complex_step_along",
    "exact_differences",
]
