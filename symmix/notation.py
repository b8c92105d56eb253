"""The legend: every symbol with its shape, its LaTeX and its meaning, in one place.

Names follow the mathematics: a prime in print is a ``p`` in Python (``zp`` is z'), and matrices are upper case. The
legend's symbols are of classes of their own: a symbol of the same name that is made elsewhere is another one, and two
of one name do not go together in a theorem. What the legend assumes of ``lam`` is assumed of its own ``lam`` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol


class LegendSymbol(sp.Symbol):
    """A scalar, a size or an index of the legend; unequal to a namesake."""


class LegendMatrix(sp.MatrixSymbol):
    """A matrix of the legend; unequal to a namesake."""


class LegendArray(ArraySymbol):
    """An array of the legend; unequal to a namesake."""


@dataclass(frozen=True)
class Entry:
    """One line of the legend; ``domain`` holds what is always assumed of a scalar."""

    symbol: sp.Basic
    latex: str
    meaning: str
    domain: tuple[sp.Basic, ...] = ()

    @property
    def name(self) -> str:
        """The name that the symbol prints with in plain text."""
        return str(self.symbol.name)

    @property
    def shape(self) -> tuple[sp.Basic, ...]:
        """The shape; empty for a scalar."""
        return tuple(getattr(self.symbol, "shape", ()))


_LEGEND: dict[str, Entry] = {}


def _enter(symbol: sp.Basic, latex: str, meaning: str, *domain: sp.Basic) -> sp.Basic:
    _LEGEND[str(symbol.name)] = Entry(symbol, latex, meaning, domain)
    return symbol


def _size(name: str, meaning: str) -> sp.Symbol:
    return _enter(LegendSymbol(name, integer=True, positive=True), name, meaning)


def _vector(name: str, size: sp.Symbol, latex: str, meaning: str) -> sp.MatrixSymbol:
    return _enter(LegendMatrix(name, size, 1), latex, meaning)


def _matrix(name: str, rows: sp.Symbol, columns: sp.Symbol, latex: str, meaning: str) -> sp.MatrixSymbol:
    return _enter(LegendMatrix(name, rows, columns), latex, meaning)


# sizes
k = _size("k", "number of targets")
h = _size("h", "number of features")
p = _size("p", "number of encoder parameters")
d = _size("d", "number of inputs")
n = _size("n", "number of samples")

# scalars
_lam = LegendSymbol("lam", real=True)
lam = _enter(_lam, r"\lambda", "mixing ratio", _lam >= 0, _lam <= 1)

# a pair of samples
x = _vector("x", d, "x", "input of the first sample")
xp = _vector("x'", d, "x'", "input of the second sample")
y = _vector("y", k, "y", "target of the first sample")
yp = _vector("y'", k, "y'", "target of the second sample")
z = _vector("z", h, "z", "features F(x)")
zp = _vector("z'", h, "z'", "features F(x')")
zm = _vector("z~", h, r"\tilde{z}", "features of the mixed input, F(lam x + (1 - lam) x')")

# the head G(z) = W z + b
W = _matrix("W", k, h, "W", "weights of the head")
b = _vector("b", k, "b", "bias of the head")

# the encoder F, seen through its parameters
theta = _vector("theta", p, r"\theta", "parameters of the encoder")
J = _matrix("J", h, p, "J", "Jacobian of z by theta")
Jp = _matrix("J'", h, p, "J'", "Jacobian of z' by theta")
Jm = _matrix("J~", h, p, r"\tilde{J}", "Jacobian of the features of the mixed input by theta")

# residuals
e = _vector("e", k, "e", "residual of the first sample, y - G(z)")
ep = _vector("e'", k, "e'", "residual of the second sample, y' - G(z')")
r = _vector("r", k, "r", "mixed residual")


gap = _vector("gap", h, r"\delta_{\lambda}", "interpolation gap of the encoder, lam z + (1 - lam) z' - F(x~)")

# the ratio's moments; a distribution on [0, 1] has E lam^2 <= E lam, and E lam^2 >= (E lam)^2
_m, _m2 = LegendSymbol("m", real=True), LegendSymbol("m2", real=True)
_of_a_ratio = (_m >= 0, _m2 - _m**2 >= 0, _m - _m2 >= 0)
m = _enter(_m, r"\mu_1", "mean of the ratio, E lam", *_of_a_ratio)
m2 = _enter(_m2, r"\mu_2", "second moment of the ratio, E lam^2", *_of_a_ratio)
c = _enter(LegendSymbol("c", real=True), "c", "mixing strength, 2 E[lam (1 - lam)]")
a = _enter(LegendSymbol("a", real=True), "a", "parameter of the Beta or Dirichlet distribution of the ratio")
s = _enter(LegendSymbol("s", real=True), "s", "a scale")
t = _enter(LegendSymbol("t", real=True), "t", "a step")
mu = _enter(LegendSymbol("mu", real=True), r"\mu", "a second weight, not tied to the first")
kappa = _enter(LegendSymbol("kappa", real=True), r"\kappa", "weight decay")

# a data set, a row a sample
Y = _matrix("Y", n, k, "Y", "targets of all samples")
Z = _matrix("Z", n, h, "Z", "features of all samples")
E = _matrix("E", n, k, "E", "residuals of all samples, Y - Z W^T - 1 b^T")
P = _matrix("P", n, n, "P", "pairing: P[i,j] is the share of sample j among the partners of sample i")
ebar = _vector("e-", k, r"\bar{e}", "mean residual")
variance = _enter(LegendSymbol("V", real=True), "V", "variance of the residuals, (1/n) sum |e_i|^2 - |e-|^2")
erm_loss = _enter(LegendSymbol("ERM", real=True), r"\mathrm{ERM}", "empirical risk, (1/2n) sum |e_i|^2")
mixed_loss = _enter(LegendSymbol("M", real=True), r"\bar{\ell}", "average mixup loss")
JZ = _enter(LegendArray("JZ", (n, h, p)), "J", "Jacobians of all features by theta")
i, j = (_enter(LegendSymbol(name, integer=True), name, "a sample") for name in ("i", "j"))

# objectives
L = _enter(LegendSymbol("L", real=True), r"\mathcal{L}", "objective of the pair, to be maximised")


def legend() -> Iterator[Entry]:
    """Run through the legend in its order."""
    yield from _LEGEND.values()


def lookup(name: str) -> Entry | None:
    """Return the legend's line for a name as it prints (``z'``) or as Python spells it (``zp``)."""
    if name in _LEGEND:
        return _LEGEND[name]
    return _LEGEND.get(str(getattr(globals().get(name), "name", "")))
