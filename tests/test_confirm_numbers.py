"""A theorem's own numerical definitions: compared, differentiated in the place of the symbolic ones, looked after."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import sympy as sp

from symmix import Identity, Theorem, squared_norm
from symmix.confirmation import Confirmation, Row
from symmix.confirming import confirm
from symmix.errors import StatementError
from symmix.language import Gradient, inverse
from symmix.theorems import Script

k, h = sp.symbols("k h", integer=True, positive=True)
c = sp.Symbol("c", real=True)
M, x = sp.MatrixSymbol("M", k, h), sp.MatrixSymbol("x", h, 1)
u, v = sp.MatrixSymbol("u'", k, 1), sp.MatrixSymbol("v~", k, 1)
loss = sp.Symbol("loss", real=True)


def of(numbers: Callable[..., Any], **more: Any) -> Confirmation:
    def own() -> Theorem:
        """A theorem of one's own."""
        return Theorem(
            definitions={loss: c * squared_norm(M * x - u) / 2 / k},
            claim=Identity(Gradient(loss, x), c / k * M.T * (M * x - u)),
            near_misses={
                "the mean forgotten": Identity(Gradient(loss, x), c * M.T * (M * x - u)),
                "about something else": Identity(M * x, u),
            },
            numbers={loss: numbers},
            **more,
        )

    return confirm(Script("own", own, "is it so?", ()).prove())


def row(found: Confirmation) -> Row:
    return next(row for row in found.rows if row.way == "numbers")


def right(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    residual = np.einsum("nkh,nh->nk", M, x) - u_prime
    return c * np.einsum("nk,nk->n", residual, residual) / (2 * k)


def test_a_function_from_the_definition_agrees_and_is_differentiated() -> None:
    found = of(right)
    assert found.agrees, str(found)
    assert (row(found).statements, row(found).of) == (3, 3)  # itself, the claim, and the near miss about it
    assert (row(found).misses, row(found).of_misses) == (1, 1)
    assert "own definition" in [name for name, _ in found.levels()]


def no_mean(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k) * k


def a_sign(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, -u_prime, k)


def no_factor(M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(1, M, x, u_prime, k)


@pytest.mark.parametrize("wrong", [no_mean, a_sign, no_factor])
def test_another_function_is_contradicted_at_its_value_and_at_its_derivative(wrong: Callable[..., Any]) -> None:
    found = of(wrong)
    said = [str(remark) for remark in row(found).disagreements]
    assert any(line.startswith("the numbers of loss: they are ") for line in said), said
    assert any(line.startswith("the claim: ") for line in said), said
    assert not found.agrees
    assert not any(r.disagreements for r in found.rows if r.way != "numbers")


def one_case(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return np.sum(right(c, M, x, u_prime, k))


def keeps_an_axis(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k)[:, None]


def in_place(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    u_prime -= np.einsum("nkh,nh->nk", M, x)
    return c * np.einsum("nk,nk->n", u_prime, u_prime) / (2 * k)


def noisy(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k) + random.randint(0, 10**9)


def noise(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k) + np.random.standard_normal(len(c))


def nowhere_negative(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return np.where(x[:, 0] > 0, right(c, M, x, u_prime, k), np.nan)


def imaginary(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k) + 1j


def nothing(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> None:
    right(c, M, x, u_prime, k)


def rounded(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return np.rint((M @ x[..., None])[:, 0, 0]) + right(c, M, x, u_prime, k)


def half(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k).astype(np.float16)


def nan(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k).astype(float) * np.nan


def single(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x, u_prime, k).astype(np.float32)


def floats(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return 0.1 * right(c, M, x, u_prime, k)


def broken(c: Any, M: Any, x: Any, u_prime: Any, k: int) -> Any:
    return right(c, M, x.T, u_prime, k)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (one_case, "a result of shape (3,), from the numbers of loss; arrived: shape ()"),
        (keeps_an_axis, "a result of shape (3,), from the numbers of loss; arrived: shape (3, 1)"),
        (in_place, "arguments that are left as they are, from the numbers of loss; arrived: u_prime, changed in place"),
        (
            noisy,
            "a function of its arguments alone, from the numbers of loss; arrived: another result when called again",
        ),
        (
            noise,
            "a function of its arguments alone, from the numbers of loss; arrived: another result when called again",
        ),
        (nowhere_negative, "numbers, from the numbers of loss; arrived: NaN"),
        (imaginary, "real numbers, from the numbers of loss; arrived: complex ones"),
        (nothing, "an array, from the numbers of loss; arrived: None"),
        (rounded, "an operation whose rounding is known"),
        (half, "numbers that are not of half precision, from the numbers of loss; arrived: float16"),
        (nan, "numbers, from the numbers of loss; arrived: NaN"),
        (single, "exact numbers where exact ones go in, from the numbers of loss; arrived: float32"),
        (floats, "exact numbers where exact ones go in, from the numbers of loss; arrived: floats"),
        (broken, "M (3, 3, 2), x (3, 2), u_prime (3, 3), from the numbers of loss; arrived: ValueError: "),
    ],
)
def test_a_function_that_cannot_be_compared_is_named(wrong: Callable[..., Any], said: str) -> None:
    found = of(wrong)
    assert any(said in str(remark) for remark in row(found).disagreements), str(found)
    assert not found.agrees


def test_a_function_that_is_no_polynomial_is_looked_at_within_bounds() -> None:
    S = sp.MatrixSymbol("S", h, h)

    def own() -> Theorem:
        """A theorem of one's own."""
        return Theorem(
            definitions={loss: sp.Trace(inverse(S) * S * S) + c},
            claim=Identity(Gradient(loss, S), sp.Identity(h)),
            near_misses={"a sign": Identity(Gradient(loss, S), -sp.Identity(h))},
            numbers={loss: lambda S, c: np.einsum("nii,n->n", S, np.exp(0 * c)) + c},
        )

    found = confirm(Script("own", own, "is it so?", ()).prove())
    assert not row(found).disagreements, str(found)


def test_functions_are_for_defined_symbols_and_take_symbols() -> None:
    with pytest.raises(StatementError, match="numbers of symbols that are defined"):
        Theorem(claim=Identity(u, v), near_misses={"a": Identity(u, v)}, numbers={loss: right})
    with pytest.raises(StatementError, match="functions by symbol"):
        Theorem(claim=Identity(u, v), near_misses={"a": Identity(u, v)}, numbers={loss: 3})  # type: ignore[dict-item]
    with pytest.raises(StatementError, match="parameters that are called like symbols"):
        of(lambda c, M, x, u: c)  # noqa: ARG005 - u is nothing here, u' is u_prime
