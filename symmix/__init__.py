"""Gradients of mixup-type objectives: derived, decided in every dimension, and checked.

The public names are loaded when they are first used, so that ``import symmix.kernel`` needs neither SymPy nor NumPy.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from symmix import confirmation
from symmix.display import register

__version__ = "0.1.0"

if TYPE_CHECKING:
    from symmix.checking import check_derivation
    from symmix.cli.prove import prove
    from symmix.derivation import Derivation
    from symmix.errors import SymmixError
    from symmix.gradients import gradient, jacobian
    from symmix.objectives import Objective, erm, head, inner, input_mixup, manifold_mixup, mix, squared_norm
    from symmix.printing.latex import latex
    from symmix.printing.text import text
    from symmix.publish.code import code
    from symmix.publish.notebook import show
    from symmix.rewriting import substitute
    from symmix.setting import Setting
    from symmix.statements import Equivalence, Fails, Identity, Minimum, Nonnegative, Positivity, Vanishing
    from symmix.stating import Lemma
    from symmix.theorems import Theorem, theorem
    from symmix.verdict import Proved, Refuted, Undecided

_HOME = {
    "Derivation": "symmix.derivation",
    "Equivalence": "symmix.statements",
    "Fails": "symmix.statements",
    "Identity": "symmix.statements",
    "Lemma": "symmix.stating",
    "Objective": "symmix.objectives",
    "Minimum": "symmix.statements",
    "Nonnegative": "symmix.statements",
    "Positivity": "symmix.statements",
    "Proved": "symmix.verdict",
    "Refuted": "symmix.verdict",
    "Setting": "symmix.setting",
    "SymmixError": "symmix.errors",
    "Theorem": "symmix.theorems",
    "Undecided": "symmix.verdict",
    "Vanishing": "symmix.statements",
    "check_derivation": "symmix.checking",
    "code": "symmix.publish.code",
    "erm": "symmix.objectives",
    "gradient": "symmix.gradients",
    "head": "symmix.objectives",
    "inner": "symmix.objectives",
    "input_mixup": "symmix.objectives",
    "jacobian": "symmix.gradients",
    "latex": "symmix.printing.latex",
    "manifold_mixup": "symmix.objectives",
    "mix": "symmix.objectives",
    "prove": "symmix.cli.prove",
    "show": "symmix.publish.notebook",
    "squared_norm": "symmix.objectives",
    "substitute": "symmix.rewriting",
    "text": "symmix.printing.text",
    "theorem": "symmix.theorems",
}

__all__ = [
    "Derivation",
    "Equivalence",
    "Fails",
    "Identity",
    "Lemma",
    "Minimum",
    "Nonnegative",
    "Objective",
    "Positivity",
    "Proved",
    "Refuted",
    "Setting",
    "SymmixError",
    "Theorem",
    "Undecided",
    "Vanishing",
    "__version__",
    "check_derivation",
    "code",
    "erm",
    "gradient",
    "head",
    "inner",
    "input_mixup",
    "jacobian",
    "latex",
    "manifold_mixup",
    "mix",
    "prove",
    "show",
    "squared_norm",
    "substitute",
    "text",
    "theorem",
]


def _drawn(thing: object) -> str:
    """Draw an object in a notebook: the printers are loaded when the first one is shown."""
    shown: str = import_module(_HOME["show"]).show(thing)._repr_latex_()
    return shown


def _on_a_terminal(thing: object) -> str:
    """Return what a terminal shows of an object."""
    return repr(import_module(_HOME["show"]).show(thing))


def _on_a_page(thing: object) -> str | None:
    """Return what a notebook shows of more than a formula: everything about the outcome of a theorem."""
    page: str | None = import_module(_HOME["show"]).page(thing)
    return page


def _confirmed(outcome: object, seed: int) -> confirmation.Confirmation:
    """Confirm a theorem by numbers: NumPy is loaded when the first one is confirmed."""
    found: confirmation.Confirmation = import_module("symmix.confirming").confirm(outcome, seed)
    return found


register(_drawn, _on_a_terminal, _on_a_page)
confirmation.register(_confirmed)

if not TYPE_CHECKING:  # to a type checker a module with __getattr__ has every name

    def __getattr__(name: str) -> object:
        """Load a public name from its module."""
        if name not in _HOME:
            raise AttributeError(f"module 'symmix' has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
