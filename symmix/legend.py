"""The legend as a table: every symbol with its shape, its LaTeX and its meaning, in one place.

Printers look names up here, and need no SymPy for it; :mod:`symmix.notation` makes SymPy's symbols of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

Axes = tuple[str, ...]  # the sizes of a symbol's axes; a scalar has none
SIZE: Axes = ("size",)  # the name is that of a size,
INDEX: Axes = ("index",)  # or of an index,
FUNCTION: Axes = ("function",)  # or of a function


@dataclass(frozen=True)
class Line:
    """One line of the legend: a name as it prints in plain text, and as it is called in Python."""

    name: str
    identifier: str
    axes: Axes
    latex: str
    meaning: str


_LINES = (
    # sizes
    Line("k", "k", SIZE, "k", "number of targets"),
    Line("h", "h", SIZE, "h", "number of features"),
    Line("p", "p", SIZE, "p", "number of encoder parameters"),
    Line("d", "d", SIZE, "d", "number of inputs"),
    Line("n", "n", SIZE, "n", "number of samples"),
    # scalars
    Line("lam", "lam", (), r"\lambda", "mixing ratio"),
    # a pair of samples
    Line("x", "x", ("d", "1"), "x", "input of the first sample"),
    Line("x'", "xp", ("d", "1"), "x'", "input of the second sample"),
    Line("y", "y", ("k", "1"), "y", "target of the first sample"),
    Line("y'", "yp", ("k", "1"), "y'", "target of the second sample"),
    Line("z", "z", ("h", "1"), "z", "features F(x)"),
    Line("z'", "zp", ("h", "1"), "z'", "features F(x')"),
    Line("z~", "zm", ("h", "1"), r"\tilde{z}", "features of the mixed input, F(lam x + (1 - lam) x')"),
    # the head G(z) = W z + b
    Line("W", "W", ("k", "h"), "W", "weights of the head"),
    Line("b", "b", ("k", "1"), "b", "bias of the head"),
    # the encoder F, seen through its parameters
    Line("theta", "theta", ("p", "1"), r"\theta", "parameters of the encoder"),
    Line("J", "J", ("h", "p"), "J", "Jacobian of z by theta"),
    Line("J'", "Jp", ("h", "p"), "J'", "Jacobian of z' by theta"),
    Line("J~", "Jm", ("h", "p"), r"\tilde{J}", "Jacobian of the features of the mixed input by theta"),
    # residuals
    Line("e", "e", ("k", "1"), "e", "residual of the first sample, y - G(z)"),
    Line("e'", "ep", ("k", "1"), "e'", "residual of the second sample, y' - G(z')"),
    Line("r", "r", ("k", "1"), "r", "mixed residual"),
    Line(
        "gap", "gap", ("h", "1"), r"\delta_{\lambda}", "interpolation gap of the encoder, lam z + (1 - lam) z' - F(x~)"
    ),
    # the ratio's moments, and other scalars
    Line("m", "m", (), r"\mu_1", "mean of the ratio, E lam"),
    Line("m2", "m2", (), r"\mu_2", "second moment of the ratio, E lam^2"),
    Line("c", "c", (), "c", "mixing strength, 2 E[lam (1 - lam)]"),
    Line("a", "a", (), "a", "parameter of the Beta or Dirichlet distribution of the ratio"),
    Line("s", "s", (), "s", "a scale"),
    Line("t", "t", (), "t", "a step"),
    Line("mu", "mu", (), r"\mu", "a second weight, not tied to the first"),
    Line("kappa", "kappa", (), r"\kappa", "weight decay"),
    # a data set, a row a sample
    Line("Y", "Y", ("n", "k"), "Y", "targets of all samples"),
    Line("Z", "Z", ("n", "h"), "Z", "features of all samples"),
    Line("E", "E", ("n", "k"), "E", "residuals of all samples, Y - Z W^T - 1 b^T"),
    Line("P", "P", ("n", "n"), "P", "pairing: P[i,j] is the share of sample j among the partners of sample i"),
    Line("e-", "ebar", ("k", "1"), r"\bar{e}", "mean residual"),
    Line("V", "variance", (), "V", "variance of the residuals, (1/n) sum |e_i|^2 - |e-|^2"),
    Line("ERM", "erm_loss", (), r"\mathrm{ERM}", "empirical risk, (1/2n) sum |e_i|^2"),
    Line("M", "mixed_loss", (), r"\bar{\ell}", "average mixup loss"),
    Line("JZ", "JZ", ("n", "h", "p"), "J", "Jacobians of all features by theta"),
    Line("i", "i", INDEX, "i", "a sample"),
    Line("j", "j", INDEX, "j", "a sample"),
    # objectives
    Line("L", "L", (), r"\mathcal{L}", "objective of the pair, to be maximised"),
)
_BY_NAME = {line.name: line for line in _LINES}
_BY_IDENTIFIER = {line.identifier: line for line in _LINES}


def legend() -> Iterator[Line]:
    """Run through the legend in its order."""
    yield from _LINES


def lookup(name: str) -> Line | None:
    """Return the legend's line for a name as it prints (``z'``) or as Python spells it (``zp``)."""
    return _BY_NAME.get(name) or _BY_IDENTIFIER.get(name)
