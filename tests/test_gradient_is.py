"""Backward passes against derived gradients: the right ones pass, the wrong ones are caught, and the slip is named."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest

from symmix import code, squared_norm
from symmix.errors import ImplementationError
from symmix.language import inverse
from symmix.publish.code import Code
from symmix.testing import assert_gradient_is, check_gradient_is
from tests.backward_passes import HANDWRITTEN, X, mu, t, w
from tests.faulty_operations import MORE, OBJECTIVES
from tests.faulty_operations import judged as faults_judged
from tests.slip_generator import judged
from tests.slow import slow_but

SLIPS = [
    pytest.param(name, old, new, slip, id=f"{name}: {new}")
    for name, written in HANDWRITTEN.items()
    for old, new, slip in written.slips
]


@cache
def derived(name: str) -> Code:
    return OBJECTIVES[name].derived()


# -- right ones ---


@pytest.mark.parametrize("name", HANDWRITTEN)
@pytest.mark.parametrize("seed", range(2))
def test_a_right_backward_pass_passes(name: str, seed: int) -> None:
    report = assert_gradient_is(derived(name), HANDWRITTEN[name].function(), seed=seed)
    assert report.cases == 8
    assert report.exact >= 2, "equal sizes and differing ones, on whole numbers"


@pytest.mark.parametrize(
    "function",
    [
        lambda X, w, t, mu: X.T @ X @ w - X.T @ t + mu * w,
        lambda X, w, t, mu: np.einsum("nd,n->d", X, X @ w - t) + mu * w,
        lambda X, w, t, mu: (X.T @ X + mu * np.eye(len(w))) @ w - X.T @ t,
        lambda t, mu, w, X: sum((row @ w - a) * row for row, a in zip(X, t, strict=True)) + mu * w,
        lambda X, w, t, mu: X.T.astype("float32") @ (X @ w - t).astype("float32") + mu * w.astype("float32"),
    ],
)
def test_it_does_not_matter_how_a_gradient_is_computed(function: Callable[..., Any]) -> None:
    assert_gradient_is(derived("ridge"), function)


@pytest.mark.parametrize("name", HANDWRITTEN)
def test_what_is_generated_passes(name: str) -> None:
    assert_gradient_is(derived(name), derived(name).function)


def _strided(array: Any) -> Any:
    wide = np.zeros([2 * size for size in array.shape])
    view = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    view[...] = array
    return view


def _frozen(array: Any) -> Any:
    array.setflags(write=False)
    return array


DRESSES: dict[str, Callable[[Any], Any]] = {
    "Fortran order": np.asfortranarray,
    "views with strides": _strided,
    "reversed twice": lambda array: array[::-1].copy()[::-1],
    "arrays that cannot be written": _frozen,
    "single precision": lambda array: array.astype(np.float32),
    "long double": lambda array: array.astype(np.longdouble),
    "a batch of one": lambda array: np.stack([array, array + 1])[0],
    "work in place on copies": lambda array: np.add(copy := array.copy(), 0, out=copy),
}


@pytest.mark.parametrize("dress", DRESSES)
@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_right_backward_pass_passes_in_any_dress(name: str, dress: str) -> None:
    written, dressed = OBJECTIVES[name], DRESSES[dress]
    if "inv" in written.source and dress == "long double":
        dressed = np.array  # NumPy inverts none of these
    right = written.function()

    def wrapped(*arguments: Any) -> Any:
        found = right(*(dressed(a) if isinstance(a, np.ndarray) else a for a in arguments))
        return tuple(map(dressed, found)) if isinstance(found, tuple) else dressed(found)

    order = right.__code__.co_varnames[: right.__code__.co_argcount]
    assert_gradient_is(derived(name), wrapped, arguments=order, seed=len(dress))


def test_gradients_are_taken_by_name_by_symbol_or_in_their_order() -> None:
    plain = HANDWRITTEN["LoRA"].function()
    forms = [list, lambda found: {"dB": found[1], "dA": found[0]}, lambda found: dict(zip("AB", found, strict=True))]
    for form in forms:
        assert_gradient_is(derived("LoRA"), lambda F, A, B, Z, Y, form=form: form(plain(F, A, B, Z, Y)))


# -- wrong ones ---


@pytest.mark.parametrize(("name", "old", "new", "slip"), slow_but(SLIPS[::3], SLIPS))
def test_a_wrong_backward_pass_is_caught_and_named(name: str, old: str, new: str, slip: str) -> None:
    report = check_gradient_is(derived(name), HANDWRITTEN[name].function(old, new))
    assert report.failed
    assert slip in {finding.name for finding in report.findings}, str(report)


@pytest.mark.parametrize("name", MORE)
def test_masks_means_inverses_and_scales_that_are_wrong_are_caught_and_named(name: str) -> None:
    for old, new, slip in MORE[name].slips:
        report = check_gradient_is(derived(name), MORE[name].function(old, new))
        assert report.failed
        assert slip in {finding.name for finding in report.findings}, f"{new}\n{report}"


@pytest.mark.slow
@pytest.mark.parametrize("name", OBJECTIVES)
def test_faults_of_single_operations_are_caught(name: str) -> None:  # of all: python -m tests.faulty_operations
    found = list(faults_judged(OBJECTIVES[name], every=90))
    assert found
    assert not [report for _, how, report in found if how == "passed"]


def test_there_are_many_slips_in_six_objectives() -> None:
    assert len(HANDWRITTEN) == 6
    assert len(SLIPS) >= 60


@pytest.mark.slow
@pytest.mark.parametrize("name", HANDWRITTEN)
def test_slips_that_a_machine_makes_are_caught_and_mostly_named(name: str) -> None:
    found = dict(judged(HANDWRITTEN[name], every=5))
    assert "passed" not in found.values(), [line for line, how in found.items() if how == "passed"]
    assert sum(how != "unnamed" for how in found.values()) >= 0.6 * len(found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dz = lam * (W.T @ r)", "dz = lam * (W @ r)", "W is transposed"),
        ("e = y - W @ z - b", "e = y - W @ z", "b in b - y + W z is missing"),
        ("r = lam * e + (1 - lam) * e_prime", "r = (1 - lam) * e + lam * e_prime", "lam and 1 - lam are exchanged"),
        ("r.copy()", "2 * r", "is twice the derived one"),
        ("W @ z_prime - b", "W @ z - b", "z stands where z' is derived"),
    ],
)
def test_the_culprit_is_named_in_the_formula(old: str, new: str, said: str) -> None:
    report = check_gradient_is(derived("four terms"), HANDWRITTEN["four terms"].function(old, new))
    assert said in str(report)


@pytest.mark.parametrize(
    ("name", "old", "new", "called", "said"),
    [
        ("attention without softmax", "R @ v.T", "R @ v.T / np.sqrt(len(Q))", "wrong factor", "it is 1/sqrt(h) times"),
        ("LayerNorm with its scale", "- dnormal.mean()", "- dnormal.sum() / (len(x) - 1)", "wrong factor", "h/(h - 1)"),
        ("LayerNorm with its scale", "dc = R.copy()", "dc = R / s**2", "wrong factor", "s^-2 times"),
        ("LoRA", "dB = R @ inner.T", "dB = 3 * R @ inner.T", "wrong factor", "it is 3 times"),
        ("LoRA", "dA = B.T @ R @ Z.T", "dA = B.T @ R @ Z.T + A / 8", "additional term", "1/8 times A is added"),
        ("ridge", "mu * w", "mu * w + X[0, 0] * w", "wrong factor", "another number in each case"),
    ],
)
def test_what_no_slip_gives_may_be_a_factor_or_a_term_too_many(
    name: str, old: str, new: str, called: str, said: str
) -> None:
    report = check_gradient_is(derived(name), HANDWRITTEN[name].function(old, new))
    assert {finding.name for finding in report.findings} == {called}
    assert said in str(report)


@pytest.mark.parametrize(("kind", "called"), [("float16", "half precision"), ("float32", "single precision")])
def test_a_precision_that_a_conversion_hides_is_named(kind: str, called: str) -> None:
    plain = HANDWRITTEN["LoRA"].function()

    def converted(F: Any, A: Any, B: Any, Z: Any, Y: Any) -> Any:
        return tuple(value.astype(float) for value in plain(*(each.astype(kind) for each in (F, A, B, Z, Y))))

    assert {finding.name for finding in check_gradient_is(derived("LoRA"), converted).findings} == {called}


def test_what_raises_for_equal_sizes_alone_is_said_so() -> None:
    def picky(X: Any, w: Any, t: Any, mu: float) -> Any:
        assert X.shape[0] != X.shape[1]
        return RIGHT(X, w, t, mu)

    found = check_gradient_is(derived("ridge"), picky).findings
    assert [finding.name for finding in found] == ["raises where sizes are equal"]


@pytest.mark.parametrize("name", HANDWRITTEN)
@pytest.mark.parametrize("factor", [1 + 1e-9])
def test_a_small_error_in_one_entry_is_caught(name: str, factor: float) -> None:
    right = HANDWRITTEN[name].function()

    def slightly(*arguments: Any) -> Any:
        found = right(*arguments)
        first = found[0] if isinstance(found, tuple) else found
        first[np.unravel_index(np.argmax(np.abs(first)), first.shape)] *= factor
        return found

    names = tuple(right.__code__.co_varnames[: right.__code__.co_argcount])
    assert check_gradient_is(derived(name), slightly, arguments=names).failed


def test_the_assertion_has_the_report_as_its_message() -> None:
    with pytest.raises(AssertionError, match=r"failed: dw on 8 cases.*\n  missing term: dw: the term mu w is missing"):
        assert_gradient_is(derived("ridge"), HANDWRITTEN["ridge"].function(" + mu * w", ""))


def test_inverses_are_compared_too() -> None:
    import sympy as sp  # noqa: PLC0415 - for this formula alone

    n = sp.Symbol("n", integer=True, positive=True)
    A, u = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("u", n, 1)
    found = code(squared_norm(inverse(A) * u) / 2, by=[u])
    assert_gradient_is(found, lambda A, u: np.linalg.inv(A).T @ np.linalg.solve(A, u))
    report = check_gradient_is(found, lambda A, u: np.linalg.inv(A) @ np.linalg.solve(A, u))
    assert [finding.name for finding in report.findings] == ["missing transpose"]


# -- what cannot be checked is said ---


def in_place(X: Any, w: Any, t: Any, mu: float) -> Any:
    t -= X @ w
    return mu * w - X.T @ t


def test_arguments_that_are_changed_are_named() -> None:
    report = check_gradient_is(derived("ridge"), in_place)
    assert [finding.name for finding in report.findings] == ["arguments are modified in place"]
    assert "t have other values" in str(report)


def not_a_number(X: Any, w: Any, t: Any, mu: float) -> Any:
    found = X.T @ (X @ w - t) + mu * w
    return np.where(found > 0, found, np.nan)


def test_what_is_not_a_number_is_named() -> None:
    report = check_gradient_is(derived("ridge"), not_a_number)
    assert [finding.name for finding in report.findings] == ["not a number"]


RIGHT = HANDWRITTEN["ridge"].function()


def noisy(X: Any, w: Any, t: Any, mu: float) -> Any:
    return RIGHT(X, w, t, mu) + np.random.standard_normal()


def half(X: Any, w: Any, t: Any, mu: float) -> Any:
    return RIGHT(X, w, t, mu).astype(np.float16)


def nothing(X: Any, w: Any, t: Any, mu: float) -> None:
    RIGHT(X, w, t, mu)


def two(X: Any, w: Any, t: Any, mu: float) -> Any:
    return RIGHT(X, w, t, mu), w


def imaginary(X: Any, w: Any, t: Any, mu: float) -> Any:
    return RIGHT(X, w, t, mu) + 1j


def short(X: Any, w: Any, t: Any) -> Any:
    return X.T @ (X @ w - t)


def other(X: Any, w: Any, target: Any, mu: float) -> Any:
    return RIGHT(X, w, target, mu)


def anything(*arguments: Any) -> Any:
    return RIGHT(*arguments)


def misshapen(X: Any, w: Any, t: Any, mu: float) -> Any:
    return X @ np.zeros(7) + w + t + mu


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (noisy, "depends on its arguments alone"),
        (half, "half precision"),
        (nothing, r"gradients dw \(h\)"),
        (two, r"tuple of 2"),
        (imaginary, "real numbers"),
        (short, "mu is missing"),
        (other, "target"),
        (anything, "arguments="),
        (misshapen, "that can be called with X, w, t, mu"),
        ("no function", "pass the function itself"),
    ],
)
def test_what_is_no_backward_pass_is_refused(function: Any, says: str) -> None:
    with pytest.raises(ImplementationError, match=says):
        check_gradient_is(derived("ridge"), function)


def test_the_order_of_arguments_may_be_given() -> None:
    assert_gradient_is(derived("ridge"), anything, arguments=("X", "w", "t", "mu"))
    with pytest.raises(ImplementationError, match="numpy, torch, jax"):
        check_gradient_is(derived("ridge"), RIGHT, framework="tensorflow")


def test_a_column_as_a_matrix_has_another_shape() -> None:
    report = check_gradient_is(derived("ridge"), lambda X, w, t, mu: RIGHT(X, w, t, mu)[:, None])
    assert [finding.name for finding in report.findings] == ["a gradient has another shape"]


# -- torch and JAX ---


def test_a_loss_and_an_autograd_function_of_torch_are_differentiated() -> None:
    torch: Any = pytest.importorskip("torch", reason="torch is not installed: its backward passes are not compared")

    def ridge(wrong: bool) -> Any:  # noqa: FBT001 - a test's switch
        class Ridge(torch.autograd.Function):  # type: ignore[misc]  # torch is untyped here
            @staticmethod
            def forward(ctx: Any, X: Any, w: Any, t: Any, mu: float) -> Any:
                ctx.save_for_backward(X, w, t)
                ctx.mu = mu
                return ((X @ w - t) ** 2).sum() / 2 + mu * (w**2).sum() / 2

            @staticmethod
            def backward(ctx: Any, slope: Any) -> Any:
                X, w, t = ctx.saved_tensors
                residual = X @ w - t
                back = X.T @ residual + ctx.mu * w * (2 if wrong else 1)
                return None, slope * back, None, None

        return Ridge

    order = ("X", "w", "t", "mu")
    assert_gradient_is(derived("ridge"), ridge(wrong=False), framework="torch", arguments=order)
    report = check_gradient_is(derived("ridge"), ridge(wrong=True), framework="torch", arguments=order)
    assert "the term mu w is 2 times the derived one" in str(report)

    def loss(X: Any, w: Any, t: Any, mu: float) -> Any:
        return ((X @ w - t) ** 2).sum() / 2 + mu * (w.detach() ** 2).sum() / 2

    report = check_gradient_is(derived("ridge"), loss, framework="torch")
    assert "the term mu w is missing" in str(report)


def test_a_custom_vjp_of_jax_is_differentiated() -> None:
    jax: Any = pytest.importorskip("jax", reason="JAX is not installed: its backward passes are not compared")

    def ridge(factor: float) -> Any:
        def value(X: Any, w: Any, t: Any, mu: float) -> Any:
            return ((X @ w - t) ** 2).sum() / 2 + mu * (w**2).sum() / 2

        loss = jax.custom_vjp(value)

        def forward(X: Any, w: Any, t: Any, mu: float) -> Any:
            return loss(X, w, t, mu), (X, w, t, mu)

        def backward(kept: Any, slope: Any) -> Any:
            X, w, t, mu = kept
            residual = X @ w - t
            back = factor * X.T @ residual + mu * w
            return slope * jax.numpy.outer(residual, w), slope * back, -slope * residual, slope * (w**2).sum() / 2

        loss.defvjp(forward, backward)
        return loss

    order = ("X", "w", "t", "mu")
    assert_gradient_is(derived("ridge"), ridge(1.0), framework="jax", arguments=order)
    report = check_gradient_is(derived("ridge"), ridge(-1.0), framework="jax", arguments=order)
    assert [finding.name for finding in report.findings] == ["wrong sign"]


def test_ridge_is_what_is_meant() -> None:
    assert derived("ridge").digest == code(squared_norm(X * w - t) / 2 + mu * squared_norm(w) / 2, by=[w]).digest
