"""Arrays that carry a bound on their own error, for complex steps and for exactness.

A `Bounded` array follows an evaluation of a program on numbers of unit roundoff u and knows three things
about it: the computed `value`; a `size`, the sum of the absolute values of all terms that a full expansion
would add up; and the number N of `roundings` on the longest path. Then (Higham 2002, lemmas 3.1 and 3.3;
gamma_N = N u / (1 - N u))

    |value - truth| <= gamma_N size                                                                       (1)

by induction: for exact a', b' with |a'| <= A, |b'| <= B and errors gamma_M A, gamma_N B,

    a b:    |fl(a b) - a' b'| <= gamma_{M+N+1} A B          sizes multiply, roundings add
    a + b:  |fl(a + b) - (a' + b')| <= gamma_{max(M,N)+1} (A + B)    sizes add
    f(a):   |f(a) - f(a')| <= |f'| gamma_M A                size |f| + |f'| A, roundings M + 16

where 16 u is granted to the library's ``exp``, ``log``, ``tanh`` (tests hold it to 8 u against high
precision). A product that underflows loses at most half the smallest subnormal number, which is u times the
smallest normal number: so `tiny` is added to the size of each product, and (1) holds without exception down
to zero.

The size does not depend on the order of the sums, so the same bound holds for *any* program that adds up the
same terms, in any order or factored in any way, with no more roundings on a path.

Truth in a complex step. A complex value a + i b stands for the dual number a' + i b': a' the exact real
evaluation, b' the step times the exact derivative. Real and imaginary part have a size each, (A, A*) and (B,
B*). Complex arithmetic differs from dual arithmetic by terms of order b^2, and these are charged as error,
divided by u so that (1) covers them:

    product:  A B + A* B* / u        and  A B* + A* B,       roundings M + N + 2
    f:        |f| + |f'| A + |f''| A*^2 / 2u    and  |f'| A* + |f''| A A* + |f'''| A*^3 / 6u

with derivatives bounded in a neighbourhood that contains both points (Taylor with remainder along the
imaginary axis). Where the argument's error is too large for that neighbourhood the size is infinite, which
says "nothing known".

For exactness one more number is kept: every term is a multiple of 2^-bits. Sums and products of such terms
are exact, in any order, as long as size * 2^bits <= 2^p for a significand of p bits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from symmix.errors import UnsupportedError
from symmix.numeric.elementary import FUNCTIONS, LIBRARY_ROUNDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from symmix.numeric.arrays import Array

# Sizes are computed in float64 themselves; a relative slack of 2^-20 covers up to 2^30 roundings of theirs.
_SLACK = 1 + 2.0**-20
_MOST_ROUNDINGS = 2**30


def precision(dtype: np.dtype[Any]) -> tuple[float, float]:
    """Return unit roundoff and smallest normal number of a real or complex floating-point type.

    >>> precision(np.dtype(np.complex64)) == (2.0**-24, 2.0**-126)
    True
    """
    if dtype.kind not in "fc":
        raise UnsupportedError("floating-point entries", f"dtype {dtype}", "convert with astype(np.float64)")
    info = np.finfo(dtype)
    return float(info.eps) / 2, float(info.tiny)


class Bounded(NDArrayOperatorsMixin):
    """An array with a bound on its error; it runs through NumPy's sums, products, einsum, exp, log and tanh.

    Parameters
    ----------
    value
        What was computed, real or complex.
    size
        Bound on the sum of the absolute values of the terms of the real part, shaped like `value`.
    step_size
        The same for the imaginary part; None where it is zero.
    roundings
        The largest number of roundings on a path from the inputs.
    bits
        Every term is a multiple of ``2**-bits``; None where that is not known.
    """

    __slots__ = ("bits", "roundings", "size", "step_size", "value")

    def __init__(
        self,
        value: Array,
        size: Array,
        step_size: Array | None = None,
        roundings: int = 0,
        bits: int | None = None,
    ) -> None:
        self.value, self.size, self.step_size = value, size, step_size
        self.roundings, self.bits = roundings, bits

    @classmethod
    def exactly(cls, value: Array, bits: int | None = None) -> Bounded:
        """Wrap real numbers that are exact as they stand.

        >>> Bounded.exactly(np.array([-3.0])).size
        array([3.])
        """
        return cls(value, np.abs(value).astype(np.float64), None, 0, bits)

    @property
    def error(self) -> Array:
        """Bound on the error of the real part: ``gamma_N size``."""
        return self._gamma() * self.size

    @property
    def step_error(self) -> Array:
        """Bound on the error of the imaginary part: ``gamma_N step_size``, zero without a step."""
        return np.zeros(self.shape) if self.step_size is None else self._gamma() * self.step_size

    def _gamma(self) -> float:
        unit, _ = precision(self.value.dtype)
        grown = self.roundings * unit
        return float("inf") if grown >= 0.5 or self.roundings > _MOST_ROUNDINGS else _SLACK * grown / (1 - grown)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the value."""
        return self.value.shape

    @property
    def ndim(self) -> int:
        """Number of axes of the value."""
        return self.value.ndim

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the entries of the value."""
        return self.value.dtype

    @property
    def real(self) -> Array:
        """The real part as a plain array, a constant without error or derivative.

        For choosing a shift that does not matter, as in log-sum-exp.
        """
        return self.value.real

    def __repr__(self) -> str:
        return f"Bounded({self.value!r}, error={self.error!r})"

    def __array__(self, dtype: Any = None, copy: Any = None) -> Array:
        raise UnsupportedError(
            "operations that keep track of rounding",
            "a conversion of a bounded array to a plain one",
            "write the objective with + - * /, einsum, sum, exp, log, tanh; use .real for a constant shift",
        )

    def __getitem__(self, key: Any) -> Bounded:
        return self._map(lambda array: array[key])

    def _map(self, view: Callable[[Array], Array]) -> Bounded:
        stepped = None if self.step_size is None else view(np.broadcast_to(self.step_size, self.shape))
        size = view(np.broadcast_to(self.size, self.shape))
        return Bounded(view(self.value), size, stepped, self.roundings, self.bits)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Bounded:
        """Add up along axes, in any order."""
        out = self._map(lambda array: np.sum(array, axis=axis, keepdims=keepdims))
        terms = self.value.size // max(out.value.size, 1)
        out.roundings += max(terms - 1, 0)
        return out

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        name = ufunc.__name__
        if method == "__call__" and not options:
            if name in _OPERATIONS:
                return _OPERATIONS[name](*inputs)
            if name in FUNCTIONS:
                return _elementary(name, inputs[0])
        raise _unsupported(name)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if func is np.einsum and not kwargs:
            return _einsum(*args)
        if func is np.sum and isinstance(args[0], Bounded):
            return args[0].sum(*args[1:], **kwargs)
        raise _unsupported(func.__name__)


Operand: TypeAlias = Any
"""A `Bounded` array, or numbers that are exact as they stand."""


def _unsupported(name: str) -> UnsupportedError:
    return UnsupportedError(
        "an operation whose rounding is known: + - * /, square, einsum, sum, " + ", ".join(sorted(FUNCTIONS)),
        f"numpy.{name} on a bounded array",
        "rewrite the objective with these, or check it by exact differences",
    )


def dyadic_bits(value: Array) -> int | None:
    """Smallest b for which every entry is a multiple of ``2**-b``; None beyond 64 or if not finite.

    >>> dyadic_bits(np.array([0.375, 2.0])), dyadic_bits(np.array([0.1]))
    (3, 55)
    """
    exact = np.asarray(value, dtype=np.float64)
    if not np.all(np.isfinite(exact)):
        return None
    for bits in range(65):
        scaled = np.ldexp(exact, bits)
        if np.all(scaled == np.rint(scaled)):
            return bits
    return None


def _lift(operand: Operand, *, bits: bool) -> Bounded:
    if isinstance(operand, Bounded):
        return operand
    value = np.asarray(operand)
    if value.dtype.kind not in "iuf":
        raise UnsupportedError("real constants", f"dtype {value.dtype}", "perturb the variables only")
    return Bounded.exactly(value, dyadic_bits(value) if bits else None)


def _lift_all(operands: tuple[Operand, ...]) -> list[Bounded]:
    traced = all(operand.bits is not None for operand in operands if isinstance(operand, Bounded))
    return [_lift(operand, bits=traced) for operand in operands]


def _raw(operand: Operand) -> Any:
    return operand.value if isinstance(operand, Bounded) else operand


def _one_precision(value: Array, operands: tuple[Operand, ...]) -> None:
    """Refuse a constant that silently widens the type: the bound would follow the wrong roundoff."""
    for operand in operands:
        if isinstance(operand, Bounded) and precision(operand.value.dtype) != precision(value.dtype):
            raise UnsupportedError(
                "one precision throughout",
                f"{operand.value.dtype} that became {value.dtype}",
                "give constants as Python numbers or in the type of the variables",
            )


def _total(first: Array | None, second: Array | None) -> Array | None:
    if first is None or second is None:
        return first if second is None else second
    return first + second


def _linear(ufunc: Callable[..., Array]) -> Callable[..., Bounded]:
    def operation(*inputs: Operand) -> Bounded:
        value = ufunc(*map(_raw, inputs))
        _one_precision(value, inputs)
        a, b = _lift_all(inputs)
        bits = None if a.bits is None or b.bits is None else max(a.bits, b.bits)
        return Bounded(
            value, a.size + b.size, _total(a.step_size, b.step_size), max(a.roundings, b.roundings) + 1, bits
        )

    return operation


def _bilinear(
    value: Array, inputs: tuple[Operand, ...], product: Callable[[Array, Array], Array], terms: int
) -> Bounded:
    """Bound any bilinear operation that adds up `terms` products for each entry."""
    _one_precision(value, inputs)
    a, b = _lift_all(inputs)
    unit, tiny = precision(value.dtype)
    floor = 2 * terms * tiny
    size, stepped = product(a.size, b.size) + floor, None
    if a.step_size is not None:
        stepped = product(a.step_size, b.size) + floor
    if b.step_size is not None:
        stepped = _total(stepped, product(a.size, b.step_size) + floor)
    if a.step_size is not None and b.step_size is not None:
        size = size + product(a.step_size, b.step_size) / unit
    bits = None if a.bits is None or b.bits is None else a.bits + b.bits
    own = 1 if stepped is None else 2  # a complex product rounds twice, a real one once
    return Bounded(value, size, stepped, a.roundings + b.roundings + own + terms - 1, bits)


def _multiply(a: Operand, b: Operand) -> Bounded:
    return _bilinear(np.multiply(_raw(a), _raw(b)), (a, b), np.multiply, 1)


def _divide(a: Operand, b: Operand) -> Bounded:
    if isinstance(b, Bounded):
        return _multiply(a, _elementary("reciprocal", b))
    value = np.true_divide(_raw(a), b)
    _one_precision(value, (a,))
    scale = np.abs(np.asarray(b, dtype=np.float64))
    _, tiny = precision(value.dtype)
    stepped = None if a.step_size is None else a.step_size / scale + 2 * tiny
    shift = None if a.bits is None else dyadic_bits(1 / scale)
    powers = np.all(np.frexp(scale)[0] == 0.5)  # dividing by a power of two rounds nothing
    bits = a.bits + shift if powers and a.bits is not None and shift is not None else None
    return Bounded(value, a.size / scale + 2 * tiny, stepped, a.roundings + 3, bits)


def _negative(a: Bounded) -> Bounded:
    return Bounded(-a.value, a.size, a.step_size, a.roundings, a.bits)


def _einsum(subscripts: str, *operands: Operand) -> Bounded:
    if len(operands) != 2 or "->" not in subscripts:
        raise _unsupported("einsum with other than two operands, or without an explicit result")
    value = np.einsum(subscripts, *map(_raw, operands))
    inputs, result = subscripts.replace("...", "").split("->")
    summed = 1
    extents: dict[str, int] = {}
    for letters, operand in zip(inputs.split(","), operands, strict=True):
        shape = np.shape(_raw(operand))
        extents.update(zip(letters, shape[len(shape) - len(letters) :], strict=True))
    for letter, extent in extents.items():
        summed *= 1 if letter in result else extent
    return _bilinear(value, operands, lambda a, b: np.asarray(np.einsum(subscripts, a, b)), max(summed, 1))


def _elementary(name: str, a: Bounded) -> Bounded:
    function = FUNCTIONS[name]
    value = function.evaluate(a.value)
    unit, tiny = precision(value.dtype)
    step = np.zeros(()) if a.step_size is None else a.step_size
    d0, d1, d2, d3 = function.derivatives(a.value.real.astype(np.float64), a.error, step)
    with np.errstate(invalid="ignore", over="ignore"):  # infinity times zero is still "nothing known"
        size = d0 + d1 * a.size + d2 * step * step / (2 * unit) + tiny
        stepped = d1 * step + d2 * a.size * step + d3 * step**3 / (6 * unit) + tiny
    size, stepped = (np.where(np.isnan(known), np.inf, known) for known in (size, stepped))
    return Bounded(value, size, None if a.step_size is None else stepped, a.roundings + LIBRARY_ROUNDINGS)


_OPERATIONS: dict[str, Callable[..., Bounded]] = {
    "add": _linear(np.add),
    "subtract": _linear(np.subtract),
    "multiply": _multiply,
    "divide": _divide,
    "negative": _negative,
    "square": lambda a: _multiply(a, a),
}
