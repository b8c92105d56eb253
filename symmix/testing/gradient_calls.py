"""Somebody's backward pass, called with the arguments of a derived gradient: NumPy, torch or JAX."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from symmix.errors import ImplementationError, SymmixError
from symmix.numeric.arrays import Array
from symmix.plans import Plan
from symmix.testing.calling import require_wide
from symmix.testing.frameworks import Framework
from symmix.testing.plan_values import Case


class Derived(Protocol):
    """What a gradient brings with it; `symmix.code` makes one."""

    @property
    def plan(self) -> Plan:
        """What is computed, as data."""
        ...

    @property
    def arguments(self) -> Mapping[str, str]:
        """Names of parameters by the symbols of the plan."""
        ...


@dataclass(frozen=True)
class Backward:
    """A backward pass and how it is called.

    Attributes
    ----------
    function
        What is called.
    plan, framework
        What it should compute, and in which library.
    symbols
        The symbol of each argument, in the order in which they are passed.
    """

    function: Callable[..., Any]
    plan: Plan
    framework: Framework
    symbols: tuple[str, ...]

    @property
    def name(self) -> str:
        """How messages call it."""
        return str(getattr(self.function, "__qualname__", None) or type(self.function).__name__)

    def arguments(self, case: Case) -> list[Any]:
        """Return the arguments at a case, in the library's own arrays."""
        return [self._argument(symbol, case) for symbol in self.symbols]

    def _argument(self, symbol: str, case: Case) -> Any:
        if symbol in case.arrays:
            return self.framework.array(case.arrays[symbol].copy())
        return case.scalars[symbol] if symbol in case.scalars else case.sizes[symbol]

    def called(self, case: Case) -> dict[str, Array]:
        """Return the gradients that it gives, by the names of the results; a loss is differentiated by its library."""
        arguments = self.arguments(case)
        wanted = {self.symbols.index(r.by): r.name for r in self.plan.results if r.by in self.symbols}
        if self.framework.differentiate is None:
            returned = self.function(*arguments)
        else:
            returned = self.framework.differentiate(self.function, arguments, tuple(wanted))
        found = self._named(returned)
        for name, value in found.items():
            require_wide(value, f"the gradient {name}")
            if value.dtype.kind not in "fiu":
                raise ImplementationError(
                    "gradients of real numbers", f"{name} of dtype {value.dtype}", "return arrays"
                )
        return found

    def _named(self, returned: Any) -> dict[str, Array]:
        names = [result.name for result in self.plan.results]
        if isinstance(returned, Mapping):
            plain = {result.by: result.name for result in self.plan.results}
            found = {plain.get(str(key), str(key)): value for key, value in returned.items()}
        elif isinstance(returned, tuple | list):
            found = dict(zip(names, returned, strict=False)) if len(returned) == len(names) else {}
        else:
            found = {names[0]: returned} if len(names) == 1 else {}
        if set(found) < set(names) or not found or any(value is None for value in found.values()):
            shapes = ", ".join(f"{r.name} ({', '.join(r.node.sizes)})" for r in self.plan.results)
            what = (
                f"{type(returned).__name__} of {len(returned)}"
                if isinstance(returned, tuple | list)
                else _kind(returned)
            )
            raise ImplementationError(
                f"gradients {shapes}, in this order or by name",
                f"{what} from {self.name}",
                "return all of them, as arrays",
            )
        return {name: np.array(self.framework.numpy(found[name])) for name in names}

    def modified(self, case: Case) -> str:
        """Name the arguments that a call writes into."""
        arguments = self.arguments(case)
        before = [np.array(self.framework.numpy(argument)) for argument in arguments]
        self.function(*arguments)
        after = [np.asarray(self.framework.numpy(argument)) for argument in arguments]
        changed = [s for s, a, b in zip(self.symbols, before, after, strict=True) if not np.array_equal(a, b)]
        return ", ".join(changed)


def backward(
    derived: Derived, function: Callable[..., Any], framework: Framework, arguments: Sequence[str] | None
) -> Backward:
    """Return how a function is called: by the names of its parameters, or in the order that is given.

    Raises
    ------
    ImplementationError
        If the function's parameters are not the symbols of the gradient.
    """
    function = getattr(function, "apply", function) if inspect.isclass(function) else function
    if not callable(function):
        raise ImplementationError("a function that returns gradients", repr(function), "pass the function itself")
    known = {safe: symbol for symbol, safe in derived.arguments.items()} | {s: s for s in derived.arguments}
    known |= {size: size for size in derived.plan.sizes if size not in known}
    names = _parameters(function) if arguments is None else [str(name) for name in arguments]
    unknown = [name for name in names if name not in known]
    missing = [safe for symbol, safe in derived.arguments.items() if symbol not in {known.get(name) for name in names}]
    if unknown or missing:
        what = f"{', '.join(names) or 'none that can be read'}: {', '.join(unknown + missing)} " + (
            "is unknown" if unknown else "is missing"
        )
        raise ImplementationError(
            f"a function of {', '.join(derived.arguments.values())}",
            what,
            "name its parameters so, or give their order: arguments=('X', 'w', ...)",
        )
    return Backward(function, derived.plan, framework, tuple(known[name] for name in names))


def _parameters(function: Callable[..., Any]) -> list[str]:
    """Return the names of the parameters without a default."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in parameters if p.kind in kinds and p.default is inspect.Parameter.empty]


def _kind(returned: Any) -> str:
    shape = getattr(returned, "shape", None)
    return type(returned).__name__ if shape is None else f"{type(returned).__name__} of shape {tuple(shape)}"


def require_repeatable(called: Backward, case: Case) -> None:
    """Refuse a function whose result is not given by its arguments."""
    first, second = called.called(case), called.called(case)
    for name, value in first.items():
        if not np.array_equal(value, second[name], equal_nan=True):
            raise ImplementationError(
                "a function that depends on its arguments alone",
                f"two calls of {called.name} with equal arguments that returned different {name}",
                "switch dropout and other noise off, and seed nothing inside",
            )


def observed(called: Backward, case: Case) -> dict[str, Array] | Exception:
    """Return what a call gives, or what it raises; what cannot be checked at all is raised."""
    try:
        return called.called(case)
    except SymmixError:
        raise
    except Exception as error:  # noqa: BLE001 - what somebody's function raises is what is reported
        return error
