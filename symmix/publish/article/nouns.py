"""What the legend's symbols are called where they are declared: "the targets y and y'"."""

from __future__ import annotations

from collections.abc import Mapping

from symmix.notation import lookup
from symmix.terms import nodes as t
from symmix.theorems import Outcome

# By name without its prime, for a single symbol and for a pair; {} stands for the symbols with their shape.
_NOUNS: Mapping[str, tuple[str, str]] = {
    "lam": ("the mixing ratio {}@RATIO@", ""),
    "x": ("an input {}", "the inputs {}"),
    "y": ("the target {}", "the targets {}"),
    "z": ("the features {} from an encoder $F$", "the features {} from an encoder $F$"),
    "z~": ("the features {} of the mixed input", ""),
    "W": ("the weights {}", ""),
    "b": (r"the bias {} of the head $G(\sxz) = \sxW\sxz + \sxb$", ""),
    "theta": ("the parameters {} of the encoder $F$", ""),
    "J": ("the Jacobian {}", "the Jacobians {}"),
    "J~": ("the Jacobian {}", ""),
    "e": ("the residual {}", "the residuals {}"),
    "r": ("the mixed residual {}", ""),
    "gap": ("the interpolation gap {}", ""),
    "m": ("the mean {} of the ratio", ""),
    "m2": ("its second moment {}", ""),
    "c": ("the mixing strength {}", ""),
    "a": ("the parameter {} of the distribution", ""),
    "s": ("a scale {}", ""),
    "t": ("a step {}", ""),
    "mu": ("a second weight {}", ""),
    "kappa": ("the weight decay {}", ""),
    "Y": ("the targets {} of $n$ samples", ""),
    "Z": ("their features {} (a row for each)", ""),
    "E": ("the residuals {}", ""),
    "P": ("a pairing {}", ""),
    "e-": ("the mean residual {}", ""),
    "V": ("the variance {}", ""),
    "ERM": ("the empirical risk {}", ""),
    "M": ("the average mixup loss {}", ""),
    "JZ": ("the Jacobians {} of all features", ""),
    "L": ("the objective {}", ""),
}


def meaning(symbol: t.Symbol | t.Function, outcome: Outcome) -> str:
    """Return what a symbol or function means: as its theorem says, or the legend of its own symbols; else nothing."""
    if symbol.name in outcome.meanings:
        return outcome.meanings[symbol.name]
    entry = lookup(symbol.name)
    own = outcome.setting.reader.symbols.get(symbol.name)
    return entry.meaning if entry is not None and own == entry.symbol else ""


def noun(symbol: t.Symbol, outcome: Outcome, *, pair: bool) -> str:
    """Return what the legend's own symbol is called, with {} for it; nothing for other symbols."""
    entry = lookup(symbol.name)
    if symbol.name in outcome.meanings:
        return ""
    if entry is None or outcome.setting.reader.symbols.get(symbol.name) != entry.symbol:
        return ""
    one, two = _NOUNS.get(symbol.name.rstrip("'"), ("", ""))
    return two if pair else one
