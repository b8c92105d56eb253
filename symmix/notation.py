"""The symbols of the legend (:mod:`symmix.legend`), as SymPy has them.

Names follow the mathematics: a prime in print is a ``p`` in Python (``zp`` is z'), and matrices are upper case. The
legend's symbols are of classes of their own: a symbol of the same name that is made elsewhere is another one, and two
of one name do not go together in a theorem. What the legend assumes of ``lam`` is assumed of its own ``lam`` only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from sympy.tensor.array.expressions import ArraySymbol

from symmix.errors import NotationError
from symmix.legend import Line
from symmix.legend import lookup as looked_up


class LegendSymbol(sp.Symbol):
    """A scalar, a size or an index of the legend; unequal to a namesake."""


class LegendMatrix(sp.MatrixSymbol):
    """A matrix of the legend; unequal to a namesake."""

    def doit(self, **_hints: object) -> LegendMatrix:
        """Return the symbol: SymPy would take it apart, and make it anew."""
        return self


class LegendArray(ArraySymbol):
    """An array of the legend; unequal to a namesake."""


@dataclass(frozen=True)
class Entry(Line):
    """One line of the legend with its symbol; ``domain`` holds what is always assumed of a scalar."""

    symbol: sp.Basic
    domain: tuple[sp.Basic, ...] = ()

    @property
    def shape(self) -> tuple[sp.Basic, ...]:
        """The shape; empty for a scalar."""
        return tuple(getattr(self.symbol, "shape", ()))


_LEGEND: dict[str, Entry] = {}


def _line(name: str) -> Line:
    line = looked_up(name)
    if line is None:
        raise NotationError("a name of the legend", name, "enter it in symmix.legend")
    return line


def _enter(symbol: sp.Basic, *domain: sp.Basic) -> sp.Basic:
    line = _line(str(symbol.name))
    _LEGEND[line.name] = Entry(line.name, line.identifier, line.axes, line.latex, line.meaning, symbol, domain)
    return symbol


def _size(name: str) -> sp.Symbol:
    return _enter(LegendSymbol(name, integer=True, positive=True))


def _scalar(name: str) -> sp.Symbol:
    return _enter(LegendSymbol(name, real=True))


def _matrix(name: str) -> sp.MatrixSymbol:
    return _enter(LegendMatrix(name, *map(_axis, _line(name).axes)))


def _axis(size: str) -> sp.Symbol | int:
    return int(size) if size.isdigit() else _LEGEND[size].symbol


# sizes
k = _size("k")
h = _size("h")
p = _size("p")
d = _size("d")
n = _size("n")

# scalars
_lam = LegendSymbol("lam", real=True)
lam = _enter(_lam, _lam >= 0, _lam <= 1)

# a pair of samples
x = _matrix("x")
xp = _matrix("x'")
y = _matrix("y")
yp = _matrix("y'")
z = _matrix("z")
zp = _matrix("z'")
zm = _matrix("z~")

# the head G(z) = W z + b
W = _matrix("W")
b = _matrix("b")

# the encoder F, seen through its parameters
theta = _matrix("theta")
J = _matrix("J")
Jp = _matrix("J'")
Jm = _matrix("J~")

# residuals
e = _matrix("e")
ep = _matrix("e'")
r = _matrix("r")


gap = _matrix("gap")

# the ratio's moments; a distribution on [0, 1] has E lam^2 <= E lam, and E lam^2 >= (E lam)^2
_m, _m2 = LegendSymbol("m", real=True), LegendSymbol("m2", real=True)
_of_a_ratio = (_m >= 0, _m2 - _m**2 >= 0, _m - _m2 >= 0)
m = _enter(_m, *_of_a_ratio)
m2 = _enter(_m2, *_of_a_ratio)
c = _scalar("c")
a = _scalar("a")
s = _scalar("s")
t = _scalar("t")
mu = _scalar("mu")
kappa = _scalar("kappa")

# a data set, a row a sample
Y = _matrix("Y")
Z = _matrix("Z")
E = _matrix("E")
P = _matrix("P")
ebar = _matrix("e-")
variance = _scalar("V")
erm_loss = _scalar("ERM")
mixed_loss = _scalar("M")
JZ = _enter(LegendArray("JZ", (n, h, p)))
i, j = (_enter(LegendSymbol(name, integer=True)) for name in ("i", "j"))

# objectives
L = _scalar("L")


def legend() -> Iterator[Entry]:
    """Run through the legend in its order."""
    yield from _LEGEND.values()


def lookup(name: str) -> Entry | None:
    """Return the legend's line for a name as it prints (``z'``) or as Python spells it (``zp``)."""
    line = looked_up(name)
    return None if line is None else _LEGEND[line.name]
