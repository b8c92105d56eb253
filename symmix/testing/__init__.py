"""For those who test: strategies that draw cases, and checks of somebody else's implementation.

    probe_mixing(mix)          what a function mix(x, y) does: pairing, ratio, labels, backward pass
    check_train_step(step, model, x, y)
                               whether a training step as it stands mixes labels as it mixes features
    check_mixup_step(step)     whether step(z, y, W, b, lam, partner) is right, and in which convention
    explain_degeneracy(...)    whether mixup at a head degenerates into regression

Each has a twin ``assert_*`` for tests. Everything here knows NumPy and `symmix.numeric`; torch and JAX are imported
only with ``framework="torch"`` or ``framework="jax"``.
"""

from symmix.testing.degeneracy import (
    Degeneracy,
    assert_degenerate,
    assert_not_degenerate,
    explain_degeneracy,
)
from symmix.testing.finding import Finding
from symmix.testing.mixing import MixingReport, assert_mixing, assert_not_mixing, probe_mixing
from symmix.testing.step import StepReport, assert_mixup_step, check_mixup_step
from symmix.testing.train_step import assert_train_step, check_train_step
from symmix.testing.train_step_report import TrainStepReport

__all__ = [
    "Degeneracy",
    "Finding",
    "MixingReport",
    "StepReport",
    "TrainStepReport",
    "assert_degenerate",
    "assert_mixing",
    "assert_mixup_step",
    "assert_not_degenerate",
    "assert_not_mixing",
    "assert_train_step",
    "check_mixup_step",
    "check_train_step",
    "explain_degeneracy",
    "probe_mixing",
]
