"""A theorem's own numerical definitions: NumPy functions that stand for defined symbols, called and looked after."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib import import_module
from math import prod
from typing import Any

import numpy as np

from symmix.errors import ExactnessError, ImplementationError, StatementError, SymmixError, place_of
from symmix.evaluation import EXACT, Evaluation
from symmix.numeric.arrays import Array
from symmix.numeric.bounded import Bounded
from symmix.terms import nodes as t
from symmix.terms.meanings import Names

_ACCENTS = {"'": "_prime", "~": "_tilde", "+": "_plus", "-": "_minus"}


def argument(name: str) -> str:
    """Return what a symbol is called as an argument.

    >>> argument("z'"), argument("u~")
    ('z_prime', 'u_tilde')
    """
    return "".join(_ACCENTS.get(letter, letter) for letter in name)


@dataclass(frozen=True)
class Own:
    """A function that stands for a defined symbol.

    It is called by name with arrays that carry the cases on their leading axis, then the declared axes that are not 1:
    a scalar is (cases,), a column (cases, h), a matrix (cases, k, h). It returns the symbol in the same way. A
    parameter that is called like a size receives the size.
    """

    symbol: t.Symbol
    function: Callable[..., Any]
    arguments: Mapping[str, t.Symbol | str]  # by the names of parameters; a size by its name

    @classmethod
    def of(cls, name: str, given: Callable[..., Any] | str, names: Names) -> Own:
        """Look at a function, or at the one that stands at ``module:name``.

        Raises
        ------
        StatementError
            If it stands for no defined symbol, or a parameter is called like no symbol and no size.
        """
        symbol = next((symbol for symbol in names.definitions if symbol.name == name), None)
        function = _found(given) if isinstance(given, str) else given
        if symbol is None or not callable(function):
            raise StatementError(
                "numbers of defined symbols, as functions: {L: loss}", f"{given!r} for {name}", "see definitions"
            )
        known: dict[str, t.Symbol | str] = {argument(size): size for size in names.sizes}
        known |= {argument(s.name): s for s in names.symbols.values() if s != symbol}
        found = {}
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind in (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL):
                continue
            if parameter.name in known:
                found[parameter.name] = known[parameter.name]
            elif parameter.default is inspect.Parameter.empty:
                raise StatementError(
                    f"parameters that are called like symbols of the theorem: {', '.join(sorted(known))}",
                    f"{parameter.name}, of the numbers of {name}",
                    "rename it; z' is z_prime, u~ is u_tilde",
                )
        return cls(symbol, function, found)

    def __call__(self, evaluation: Evaluation, _at: Mapping[str, int]) -> Array:
        """Return the symbol at a point, in the numbers of the evaluation."""
        return self.many([evaluation])[0]

    def many(self, evaluations: Sequence[Evaluation], *, twice: bool = False) -> list[Array]:
        """Return the symbol at points of the same sizes, all from one call; ``twice`` looks whether another one agrees.

        Evaluations may have cases of their own: steps of differences.

        Raises
        ------
        ImplementationError
            If the function fails, changes an argument, or returns something else than exact numbers of its shape.
        ExactnessError
            If it cannot take exact numbers: those with bounds may do.
        """
        first = evaluations[0]
        leads = [self._lead(evaluation) for evaluation in evaluations]
        given = {name: _given(evaluations, leads, of) for name, of in self.arguments.items()}
        kept = _copied(given)
        found = self._called(given)
        if twice:
            self._require_same(found, self._called(_copied(kept)))
        for name, value in kept.items():
            if isinstance(value, np.ndarray) and not np.array_equal(value, given[name]):
                raise self._wrong("arguments that are left as they are", f"{name}, changed in place", "work on a copy")
        shape = tuple(first.point.length(size) for size in self.symbol.axes if size != "1")
        if not isinstance(found, Bounded):
            found = self._exact(np.asarray(found))
        counts = [prod(lead) for lead in leads]
        if found.shape != (sum(counts), *shape):
            required = f"a result of shape {(sum(counts), *shape)}"
            raise self._wrong(required, f"shape {found.shape}", "keep the leading axis of cases")
        axes = tuple(first.point.length(size) for size in self.symbol.axes) or (1, 1)
        parts = np.split(_entries(found), np.cumsum(counts)[:-1])
        return [part.reshape(*lead, *axes) for lead, part in zip(leads, parts, strict=True)]

    def _lead(self, evaluation: Evaluation) -> tuple[int, ...]:
        """Return the axes of cases that the arguments have together."""
        used = [of for of in self.arguments.values() if isinstance(of, t.Symbol)]
        return np.broadcast_shapes(*(evaluation.symbol(of).shape[: -_own_axes(of)] for of in used))

    def _called(self, given: Mapping[str, Any]) -> Any:
        try:
            return self.function(**given)
        except SymmixError:
            raise
        except TypeError as error:
            if "ufunc" in str(error):  # NumPy has no exp of fractions
                raise ExactnessError("a function of exact numbers", str(error), "bounds are looked at") from error
            raise self._failed(error, given) from error
        except Exception as error:
            raise self._failed(error, given) from error

    def _require_same(self, found: Any, again: Any) -> None:
        """Refuse another answer to the same arguments; NaN is another matter."""
        one, other = (np.asarray(r.value if isinstance(r, Bounded) else r) for r in (found, again))
        if one.shape != other.shape or np.any((one != other) & (one == one)):  # noqa: PLR0124 - NaN is not itself
            raise self._wrong("a function of its arguments alone", "another result when called again", "draw nothing")

    def _exact(self, found: Array) -> Array:
        """Refuse floating-point numbers where exact ones went in."""
        if found.dtype.kind in "iu":
            return found.astype(object)
        if found.dtype == object and None in found.ravel():
            raise self._wrong("an array", "None", "return one")
        if found.dtype.kind == "c" or any(isinstance(x, complex | np.complexfloating) for x in found.ravel()):
            raise self._wrong("real numbers", "complex ones", "return the real part, if that is meant")
        if found.dtype == object:
            if any(isinstance(x, float | np.floating) and np.isnan(x) for x in found.ravel()):
                raise self._wrong("numbers", "NaN", "look at what is divided by what")
            if any(isinstance(x, float | np.floating) for x in found.ravel()):
                raise self._wrong("exact numbers where exact ones go in", "floats", "write Fraction(1, 2), or x / 2")
            return found
        if found.dtype == np.float16:
            raise self._wrong("numbers that are not of half precision", "float16", "leave out the conversion")
        if found.dtype.kind == "f" and np.isnan(found).any():
            raise self._wrong("numbers", "NaN", "look at what is divided by what")
        raise self._wrong("exact numbers where exact ones go in", f"{found.dtype}", "leave out conversions")

    def _failed(self, error: Exception, given: Mapping[str, Any]) -> ImplementationError:
        shapes = ", ".join(f"{name} {value.shape}" for name, value in given.items() if np.ndim(value))
        required = f"a function of arrays with the cases along the first axis: {shapes}"
        return self._wrong(required, f"{type(error).__name__}: {error}", f"see {place_of(error)}")

    def _wrong(self, required: str, arrived: str, remedy: str) -> ImplementationError:
        return ImplementationError(f"{required}, from the numbers of {self.symbol.name}", arrived, remedy)


def _copied(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in given.items()}


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise StatementError("a function as module:name", f"{place!r}: {error}", "see Theorem(numbers=...)") from error


def _given(evaluations: Sequence[Evaluation], leads: Sequence[tuple[int, ...]], of: t.Symbol | str) -> Any:
    """Return a size, or the values of a symbol with all cases on the leading axis."""
    first = evaluations[0]
    if isinstance(of, str):
        return first.point.length(of)
    shape = tuple(first.point.length(size) for size in of.axes if size != "1")
    found = []
    for evaluation, lead in zip(evaluations, leads, strict=True):
        value = evaluation.symbol(of)
        found.append(np.broadcast_to(value, (*lead, *value.shape[-_own_axes(of) :])).reshape(-1, *shape))
    stacked = np.concatenate(found)
    if first.numbers is not EXACT:
        return _bounded(stacked)
    return np.frompyfunc(Fraction, 1, 1)(stacked)  # a quotient of two of Python's whole numbers is a float


def _own_axes(symbol: t.Symbol) -> int:
    """Return how many axes the values of a symbol have at least: a scalar is 1 x 1."""
    return max(2, len(symbol.axes))


def _entries(found: Any) -> Array:
    """Return an array of objects."""
    entries = np.empty(found.shape, dtype=object)
    for place in np.ndindex(*found.shape):
        entries[place] = found[place]
    return entries


def _bounded(stacked: Array) -> Bounded:
    """Return an array of numbers with bounds as one of NumPy's, with bounds."""
    flat = [x if isinstance(x, Bounded) else Bounded.exactly(np.asarray(float(x))) for x in stacked.ravel()]
    shape = stacked.shape
    values = np.array([x.value[()] for x in flat]).reshape(shape)
    sizes = np.array([float(x.size) for x in flat]).reshape(shape)
    steps = None
    if any(x.step_size is not None for x in flat):
        steps = np.array([0.0 if x.step_size is None else float(x.step_size) for x in flat]).reshape(shape)
    return Bounded(values, sizes, steps, max((x.roundings for x in flat), default=0))
