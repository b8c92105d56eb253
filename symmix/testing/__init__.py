"""For those who test: strategies that draw cases, and checks of somebody else's implementation.

    probe_mixing(mix)          what a function mix(x, y) does: pairing, ratio, labels, backward pass
    check_train_step(step, model, x, y)
                               whether a training step as it stands mixes labels as it mixes features
    check_mixup_step(step)     whether step(z, y, W, b, lam, partner) is right, and in which convention
    check_gradient_is(derived, function)
                               whether somebody's backward pass gives a gradient that was derived
    explain_degeneracy(...)    whether mixup at a head degenerates into regression
    theorems("proofs/")        a test for pytest that decides and confirms all theorems of a folder

Each has a twin ``assert_*`` for tests. Everything here knows NumPy and `symmix.numeric`; torch and JAX are imported
only with ``framework="torch"`` or ``framework="jax"``. The names are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symmix.testing.confirmed import assert_confirmed, assert_proved, theorems
    from symmix.testing.degeneracy import (
        Degeneracy,
        assert_degenerate,
        assert_not_degenerate,
        explain_degeneracy,
    )
    from symmix.testing.finding import Finding
    from symmix.testing.gradient_is import GradientReport, assert_gradient_is, check_gradient_is
    from symmix.testing.mixing import MixingReport, assert_mixing, assert_not_mixing, probe_mixing
    from symmix.testing.step import StepReport, assert_mixup_step, check_mixup_step
    from symmix.testing.train_step import assert_train_step, check_train_step
    from symmix.testing.train_step_report import TrainStepReport

_HOME = {
    "Degeneracy": "degeneracy",
    "Finding": "finding",
    "GradientReport": "gradient_is",
    "MixingReport": "mixing",
    "StepReport": "step",
    "TrainStepReport": "train_step_report",
    "assert_confirmed": "confirmed",
    "assert_degenerate": "degeneracy",
    "assert_gradient_is": "gradient_is",
    "assert_mixing": "mixing",
    "assert_mixup_step": "step",
    "assert_not_degenerate": "degeneracy",
    "assert_not_mixing": "mixing",
    "assert_proved": "confirmed",
    "assert_train_step": "train_step",
    "check_gradient_is": "gradient_is",
    "check_mixup_step": "step",
    "check_train_step": "train_step",
    "explain_degeneracy": "degeneracy",
    "probe_mixing": "mixing",
    "theorems": "confirmed",
}

__all__ = [
    "Degeneracy",
    "Finding",
    "GradientReport",
    "MixingReport",
    "StepReport",
    "TrainStepReport",
    "assert_confirmed",
    "assert_degenerate",
    "assert_gradient_is",
    "assert_mixing",
    "assert_mixup_step",
    "assert_not_degenerate",
    "assert_not_mixing",
    "assert_proved",
    "assert_train_step",
    "check_gradient_is",
    "check_mixup_step",
    "check_train_step",
    "explain_degeneracy",
    "probe_mixing",
    "theorems",
]

if not TYPE_CHECKING:  # to a type checker a module with __getattr__ has every name

    def __getattr__(name: str) -> object:
        """Load a public name from its module."""
        if name not in _HOME:
            raise AttributeError(f"module 'symmix.testing' has no attribute {name!r}")
        return getattr(import_module(f"symmix.testing.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
