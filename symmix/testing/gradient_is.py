"""Somebody's backward pass against a gradient that was derived: equal, or what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.numeric.arrays import Array
from symmix.plans import Result
from symmix.testing.finding import Finding, Judged
from symmix.testing.frameworks import framework_named
from symmix.testing.gradient_calls import Backward, Derived, backward, observed, require_repeatable
from symmix.testing.gradient_fits import by_case, fitted, precision
from symmix.testing.mistakes import explains
from symmix.testing.plan_slips import Slip, slips
from symmix.testing.plan_values import Case, cases


@dataclass(frozen=True)
class GradientReport(Judged):
    """Whether a backward pass gives the derived gradients; it has no truth value, ask for `passed` or `failed`.

    Attributes
    ----------
    findings
        The defects.
    gradients
        The gradients that were compared.
    cases, exact
        How many cases were compared, and in how many of them every entry agrees with ``==``.
    seed
        The seed of the cases.
    """

    findings: tuple[Finding, ...]
    gradients: tuple[str, ...]
    cases: int
    exact: int
    seed: int

    @property
    def verdict(self) -> str:
        """The word passed or failed."""
        return "failed" if self.findings or not self.cases else "passed"

    def __str__(self) -> str:
        first = f"{self.verdict}: {', '.join(self.gradients)} on {self.cases} cases, {self.exact} of them with ==, seed"
        lines = [f"{first} {self.seed}", *(f"  {line}" for f in self.findings for line in str(f).splitlines())]
        return "\n".join(lines)


def check_gradient_is(
    derived: Derived,
    function: Callable[..., Any],
    *,
    framework: str = "numpy",
    arguments: Sequence[str] | None = None,
    rounds: int = 2,
    seed: int = 0,
) -> GradientReport:
    """Compare a backward pass with a gradient that was derived, and name what is wrong with it.

    It is called on small whole numbers and on normal ones, with sizes that all differ and with equal ones. What
    disagrees is fitted to the derived terms, each with a slip: a missing transpose, a term, a factor, a sign, a mean
    for a sum, lam for 1 - lam, another symbol; then a factor that is fitted, a term too many, a precision.

    Parameters
    ----------
    derived
        What `symmix.code` returns: the terms of the gradient, as data.
    function
        Returns the gradients, in their order or by name; with torch or JAX it may return the loss instead, which is
        differentiated then. A class, such as a ``torch.autograd.Function``, stands for its ``apply``.
    framework
        "numpy", "torch" or "jax".
    arguments
        The order of the arguments, by symbol. None: the names of the function's parameters.
    rounds
        How many cases of each kind.
    seed
        The seed of the cases.

    Raises
    ------
    ImplementationError
        If the function cannot be called, is not a function of its arguments, computes in half precision, or returns
        something else than gradients.
    """
    library = framework_named(framework)
    called = backward(derived, function, library, arguments)
    drawn = cases(derived.plan, rounds=rounds, seed=seed)
    with library.random_states_kept(), library.one_thread():
        library.seed(seed)
        return _compared(called, drawn, seed)


def assert_gradient_is(derived: Derived, function: Callable[..., Any], **options: Any) -> GradientReport:
    """Check a backward pass, and raise ``AssertionError`` with the report as its text if it is another gradient.

    Takes what `check_gradient_is` takes.
    """
    __tracebackhide__ = True  # pytest shows the test that failed, not this
    report = check_gradient_is(derived, function, **options)
    if not report.passed:
        raise AssertionError(str(report))
    return report


def _compared(called: Backward, drawn: Sequence[Case], seed: int) -> GradientReport:
    names = tuple(result.name for result in called.plan.results)
    seen: list[tuple[Case, dict[str, Array]]] = []
    raised: dict[str, tuple[Case, Exception]] = {}
    for case in drawn:
        found = observed(called, case)
        if isinstance(found, Exception):
            raised.setdefault(case.words, (case, found))
        else:
            seen.append((case, found))
    if not seen:
        case, error = next(iter(raised.values()))
        raise ImplementationError(
            f"a function that can be called with {', '.join(called.symbols)}",
            f"{type(error).__name__} from {called.name}: {error}",
            f"look at its shapes: {_shapes(case)}",
        ) from error
    require_repeatable(called, seen[0][0])
    findings = [*_written(called, seen[0][0])]
    exact = 0
    for case, found in seen:
        exact += all(np.array_equal(found[r.name], case.expected(r)) for r in called.plan.results)
    for result in called.plan.results:
        findings += _judged(result, [(case, found[result.name]) for case, found in seen])
    if raised:
        case, error = next(iter(raised.values()))
        said = f"{type(error).__name__} where {_shapes(case)}: {error}"
        alike = all(words.startswith("equal") for words in raised)
        findings.append(Finding("raises where sizes are equal" if alike else "raises where sizes differ", said))
    return GradientReport(tuple(findings), names, len(seen), exact, seed)


def _shapes(case: Case) -> str:
    return ", ".join(f"{name} is {array.shape}" for name, array in case.arrays.items())


def _written(called: Backward, case: Case) -> Iterator[Finding]:
    changed = called.modified(case)
    if changed:
        yield Finding("arguments are modified in place", f"{changed} have other values after the call than before it")


# -- what is wrong ---

Pairs = Sequence[tuple[Case, Array]]


def _judged(result: Result, pairs: Pairs) -> list[Finding]:
    """Compare one gradient on all cases; what is off is named once."""
    off = [(case, claimed) for case, claimed in pairs if not _agrees(result, case, claimed)]
    if not off:
        return []
    case, claimed = off[0]
    expected = case.expected(result)
    if claimed.shape == expected.shape and not np.all(np.isfinite(claimed)):
        return [Finding("not a number", f"{result.name} is {_first(claimed)} for finite arguments: {case.words}")]
    fitting = [(c, value) for c, value in pairs if value.shape == c.expected(result).shape]
    name, message = next(_explained(result, fitting)) if fitting else ("another shape", "")
    if claimed.shape != expected.shape:
        turned = ": it is transposed" if claimed.shape == expected.shape[::-1] else ""
        shape = f"{result.name} has shape {claimed.shape} where {expected.shape} is derived{turned}"
        known = f"; {message}" if fitting and any(c is o for c, _ in fitting for o, _ in off) else ""
        return [Finding("a gradient has another shape", shape + known)]
    place = tuple(int(i) for i in np.argwhere(~_near(result, case, claimed))[0])
    values = f"{float(claimed[place])!r}, derived is {float(expected[place])!r}"
    return [Finding(name, f"{result.name}: {message}; {case.words}, {result.name}{list(place)} is {values}")]


def _first(claimed: Array) -> list[float]:
    found: list[float] = np.ravel(claimed)[:3].tolist()
    return found


def _agrees(result: Result, case: Case, claimed: Array) -> bool:
    return claimed.shape == case.expected(result).shape and bool(np.all(_near(result, case, claimed)))


def _near(result: Result, case: Case, claimed: Array) -> Array:
    ours = float(np.finfo(np.float64).eps)  # what is derived is computed in float64, however precise the claim
    allowed = case.allowed(result, max(ours, float(np.finfo(claimed.dtype).eps)) if claimed.dtype.kind == "f" else ours)
    return np.asarray(np.abs(claimed - case.expected(result)) <= allowed)


def _explained(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield what explains a gradient, the simplest first."""
    if all(not np.any(claimed) for _, claimed in pairs):
        yield "the gradient is cut", "it is zero everywhere: no_grad, detach, or a variable that is not used"
    plan = pairs[0][0].plan
    yield from precision(result, pairs)
    yield from _of_terms(result, pairs)
    for slip in slips(plan, result):
        if _fits(slip, pairs):
            yield slip.name, slip.message
    yield from fitted(result, pairs)
    yield from _coefficients(result, pairs)
    yield from by_case(result, pairs)
    yield "no known slip", f"no slip in the {len(result.terms)} derived terms gives it, and no combination of them"


def _fits(slip: Slip, pairs: Pairs) -> bool:
    """Whether a slip gives every claimed entry: also where sizes differ, if there is a claim."""
    for case, claimed in reversed(pairs):  # equal sizes first: there every slip can be made
        try:
            with np.errstate(all="ignore"):
                guess = case.values.other(slip.where).of(slip.node)
        except (ValueError, np.linalg.LinAlgError):
            return False  # the shapes do not fit: what gave entries here has not made this slip
        if not explains(np.asarray(guess, claimed.dtype), claimed):
            return False
    return True


def _of_terms(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Yield that a single one of several terms is missing, or has another sign or factor."""
    if len(result.terms) < 2:
        return
    rests = [np.asarray(claimed - case.expected(result)) for case, claimed in pairs]
    for coefficient, node, reads in result.terms:
        values = [case.values.coefficient(coefficient) * case.values.of(node) for case, _ in pairs]
        size = sum(float(np.sum(v * v)) for v in values)
        ratio = sum(float(np.sum(v * r)) for v, r in zip(values, rests, strict=True)) / size if size else 0.0
        read = Fraction(ratio).limit_denominator(16)
        guesses = [case.expected(result) + float(read) * v for (case, _), v in zip(pairs, values, strict=True)]
        if read and all(explains(np.asarray(g, c.dtype), c) for g, (_, c) in zip(guesses, pairs, strict=True)):
            yield _named(reads, read + 1)


def _named(reads: str, times: Fraction) -> tuple[str, str]:
    if times == 0:
        return "missing term", f"the term {reads} is missing"
    if times == -1:
        return "wrong sign", f"the term {reads} has the other sign"
    return "wrong factor", f"the term {reads} is {times} times the derived one"


def _coefficients(result: Result, pairs: Pairs) -> Iterator[tuple[str, str]]:
    """Fit one factor for each derived term."""
    columns = [
        np.concatenate([np.ravel(case.values.coefficient(c) * case.values.of(node)) for case, _ in pairs])
        for c, node, _ in result.terms
    ]
    claimed = np.concatenate([np.ravel(value) for _, value in pairs])
    if len(columns) > len(claimed):
        return
    fit = np.linalg.lstsq(np.stack(columns, axis=1), claimed, rcond=None)[0]
    read = [Fraction(float(c)).limit_denominator(16) for c in fit]
    guess = sum((float(c) * column for c, column in zip(read, columns, strict=True)), start=np.zeros(len(claimed)))
    if not explains(np.asarray(guess, claimed.dtype), claimed):
        return
    wrong = [_named(reads, c) for c, (_, _, reads) in zip(read, result.terms, strict=True) if c != 1]
    names = {name for name, _ in wrong}
    yield names.pop() if len(names) == 1 else "wrong coefficients", "; ".join(message for _, message in wrong)
