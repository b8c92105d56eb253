"""The legend: every symbol with its shape, its LaTeX and its meaning, in one place.

Names follow the mathematics: a prime in print is a ``p`` in Python (``zp`` is z'), and matrices are upper case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp


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
    return _enter(sp.Symbol(name, integer=True, positive=True), name, meaning)


def _vector(name: str, size: sp.Symbol, latex: str, meaning: str) -> sp.MatrixSymbol:
    return _enter(sp.MatrixSymbol(name, size, 1), latex, meaning)


def _matrix(name: str, rows: sp.Symbol, columns: sp.Symbol, latex: str, meaning: str) -> sp.MatrixSymbol:
    return _enter(sp.MatrixSymbol(name, rows, columns), latex, meaning)


# sizes
k = _size("k", "number of targets")
h = _size("h", "number of features")
p = _size("p", "number of encoder parameters")
d = _size("d", "number of inputs")
n = _size("n", "number of samples")

# scalars
_lam = sp.Symbol("lam", real=True)
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


# objectives
L = _enter(sp.MatrixSymbol("L", 1, 1), r"\mathcal{L}", "objective of the pair, to be maximised")


def legend() -> Iterator[Entry]:
    """Run through the legend in its order."""
    yield from _LEGEND.values()


def lookup(name: str) -> Entry | None:
    """Return the legend's line for a name as it prints (``z'``) or as Python spells it (``zp``)."""
    if name in _LEGEND:
        return _LEGEND[name]
    return _LEGEND.get(str(getattr(globals().get(name), "name", "")))
