"""What SymPy keeps its hands off, and what may arrive: the base of the nodes that users write."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symmix.display import Displayed
from symmix.errors import UnsupportedError

DERIVATIVE = "differentiate a scalar f by a scalar or matrix symbol x: symmix.language.Gradient(f, x)"


class Inert(Displayed):
    """What keeps SymPy's hands off: adding two matrices works their parts out, and turns sums into cases."""

    def doit(self, **_hints: object) -> object:
        """Return the node as it is: the kernel works it out."""
        return self

    def _latex(self, _printer: object) -> str:
        """Return the node's LaTeX for the middle of what SymPy prints itself."""
        return self._repr_latex_().removeprefix(r"$\displaystyle ").removesuffix("$")


class InertScalar(Inert, sp.Expr):
    """A scalar that SymPy leaves as it is."""

    is_commutative = True

    def _eval_derivative(self, _by: sp.Basic) -> sp.Basic:
        """Refuse SymPy's own derivative: it does not know what depends on what."""
        raise UnsupportedError("a derivative that is not SymPy's", shown(self), DERIVATIVE)


class InertMatrix(Inert, sp.MatrixExpr):
    """A matrix that SymPy leaves as it is; by default of the shape of its first part."""

    @property
    def shape(self) -> tuple[sp.Basic, sp.Basic]:
        """The two sizes."""
        return shape_of(self.args[0])

    def _entry(self, i: sp.Expr, j: sp.Expr, **_hints: object) -> MatrixElement:
        """Return an entry as it is, ``Gradient(L, z)[i, 0]``: SymPy asks for it."""
        return MatrixElement(self, i, j)


# -- what arrives ---


def shown(thing: object, limit: int = 300) -> str:
    """Return something as a user would see it, for an error; whatever it is, this does not fail."""
    try:
        text = str(thing) if isinstance(thing, sp.Basic | sp.MatrixBase) else repr(thing)
    except Exception:  # noqa: BLE001 - the thing is foreign, and this is what tells of it
        text = "something that cannot be printed"
    return f"{text[:limit]}{'...' if len(text) > limit else ''}"


def with_kind(thing: object) -> str:
    """Return something as a user would see it, with what it is."""
    return f"{shown(thing)} ({type(thing).__name__})"


def shape_of(of: sp.Basic) -> tuple[sp.Basic, sp.Basic]:
    """Return the shape of a matrix; a scalar is 1 x 1."""
    return tuple(of.shape) if isinstance(of, sp.MatrixExpr) else (sp.S.One, sp.S.One)


def expression_of(thing: object, role: str) -> sp.Basic:
    """Return a SymPy expression or an exact number; nothing is parsed, nothing is rounded."""
    if isinstance(thing, sp.Expr | sp.MatrixExpr | sp.Lambda | sp.tensor.array.expressions.ArraySymbol):
        return thing
    if isinstance(thing, int | Fraction) and not isinstance(thing, bool):
        return sp.Rational(thing.numerator, thing.denominator)
    raise UnsupportedError(
        role, with_kind(thing), "build it from SymPy symbols and exact numbers; text is never evaluated"
    )


def pairs_of(given: object, role: str) -> sp.Tuple:
    """Return a mapping as pairs; of pairs already, themselves."""
    if given is None:
        return sp.Tuple()
    if isinstance(given, sp.Tuple) and all(isinstance(pair, sp.Tuple) and len(pair) == 2 for pair in given):
        return given
    if not isinstance(given, Mapping):
        raise UnsupportedError(f"{role} by symbol", shown(given), "write {z: J}")
    pairs = ((expression_of(symbol, role), expression_of(value, role)) for symbol, value in given.items())
    return sp.Tuple(*(sp.Tuple(*pair) for pair in pairs))
