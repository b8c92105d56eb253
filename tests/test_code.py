"""Code from formulas: executed, and compared with explicit components, with differences, and with linters."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from symmix import code, erm, manifold_mixup, squared_norm
from symmix.errors import StatementError, SymmixError, UnsupportedError
from symmix.language import Entries, Gradient, Jacobian, expectation, inverse, quotient
from symmix.notation import J, W, b, e, h, k, lam, m, m2, n, theta, y, yp, z, zp
from symmix.publish.code import Code
from symmix.testing import assert_gradient_is
from tests.expressions import any_expressions, scalars
from tests.oracle import Point

SIZES = {k: 2, h: 3, n: 4}
p, q = sp.symbols("p q", integer=True, positive=True)
mu, s = sp.symbols("mu s", real=True)


def given_by(point: Point, derived: Code) -> dict[str, Any]:
    """Return the arguments of a function at a point, without axes of size 1."""
    values: dict[str, Any] = {str(getattr(s, "name", s)): float(x) for s, x in point.scalars.items()}
    for symbol_, matrix in point.matrices.items():
        array = np.array(matrix.tolist(), dtype=float)
        kept = [axis for axis, size in enumerate(symbol_.shape) if size != 1]
        values[symbol_.name] = array.reshape([array.shape[axis] for axis in kept])
    for size, value in point.sizes.items():
        values[str(size)] = value
    wanted = {safe: values[name] for name, safe in derived.arguments.items()}
    names = derived.function.__code__.co_varnames[: derived.function.__code__.co_argcount]
    return {**wanted, **{name: values[name] for name in names if name not in wanted}}


def same(found: Any, expected: sp.ImmutableMatrix, message: object = "") -> None:
    wanted = np.array(expected.tolist(), dtype=float)
    assert np.size(found) == wanted.size, message
    np.testing.assert_allclose(np.reshape(found, wanted.shape), wanted, rtol=1e-9, atol=1e-9, err_msg=str(message))


def agrees(expression: Any, seed: int = 0) -> None:
    """Compare generated code with the entries that the definition of each node gives."""
    try:
        derived = code(expression)
    except UnsupportedError as error:  # said so, and tested below
        assume("of at most 16 factors" not in error.required)
        raise
    point = Point.drawn(SIZES, expression, seed=seed)
    same(derived.function(**given_by(point, derived)), point.explicit(expression), derived)


# -- against explicit components ---

QUICK = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(any_expressions(depth=2), st.integers(0, 3))
def test_code_of_any_expression_gives_its_entries(expression: Any, seed: int) -> None:
    agrees(expression, seed)


@QUICK
@given(scalars(depth=3), st.integers(0, 3))
def test_code_of_any_gradient_gives_the_derivatives_of_explicit_components(scalar: Any, seed: int) -> None:
    symbols = sorted(scalar.atoms(sp.MatrixSymbol), key=str)
    assume(symbols)
    agrees(Gradient(scalar, symbols[seed % len(symbols)], constant=True), seed)


A, B, C = sp.MatrixSymbol("A", k, h), sp.MatrixSymbol("B", h, k), sp.MatrixSymbol("C", k, k)
u, v, x = sp.MatrixSymbol("u", k, 1), sp.MatrixSymbol("v", k, 1), sp.MatrixSymbol("x", h, 1)
X = sp.MatrixSymbol("X", n, h)
a_, b_ = sp.symbols("a b", integer=True)
SPECIMENS: dict[str, Any] = {
    "a norm": squared_norm(A * x - u),
    "a trace": sp.Trace(C * C * C),
    "a trace of a product": sp.Trace(A * B * C),
    "a fourth power": squared_norm(A * x - u) ** 2,
    "Hadamard products": sp.HadamardProduct(u, u, A * x) - u,
    "a matrix times itself": Gradient(squared_norm(C * C * u - v), C),
    "a diagonal": sp.HadamardProduct(C, sp.Identity(k)) * u,
    "an identity": C - mu * sp.Identity(k),
    "ones": sp.OneMatrix(k, n) * X * x,
    "a mean": Gradient(squared_norm(sp.OneMatrix(1, n) * X / n), X),
    "a quotient": quotient(mu, s + 1) * A * x,
    "a power below": quotient(A, (s + 2) ** 2) * x,
    "nothing": sp.ZeroMatrix(k, h),
    "one number": sp.Integer(3) * mu - 2,
    "a size": sp.Trace(C) / (n + 1),
    "a Hessian": Jacobian(Gradient(squared_norm(A * x - u) ** 2, x), x),
    "an expectation": expectation(squared_norm(lam * u + (1 - lam) * v), lam, {1: m, 2: m2}),
    "deltas": Entries(k, k, sp.Lambda((a_, b_), sp.KroneckerDelta(a_, b_) * u[a_, 0] + C[b_, a_])),
    "a sum over entries": sp.Sum(C[a_, b_] * C[b_, a_] * u[a_, 0], (a_, 0, k - 1), (b_, 0, k - 1)),
    "outer products": Gradient(squared_norm(u - A * x) * squared_norm(v), A),
    "a row": u.T * A,
}


@pytest.mark.parametrize("name", SPECIMENS)
@pytest.mark.parametrize("seed", [0, 1])
def test_what_the_language_has_is_printed_as_code(name: str, seed: int) -> None:
    agrees(SPECIMENS[name], seed)


def test_a_wrong_coefficient_would_be_noticed() -> None:
    derived = code(2 * A * x)
    point = Point.drawn(SIZES, A * x)
    with pytest.raises(AssertionError):
        same(derived.function(**given_by(point, derived)), point.explicit(A * x))


def test_inverses_are_printed_as_code() -> None:
    shifted = C + 9 * sp.Identity(k)
    derived = code(Gradient(sp.Trace(inverse(shifted) * u * v.T), C))
    values = given_by(Point.drawn(SIZES, shifted, u, v), derived)
    inverted = np.linalg.inv(values["C"] + 9 * np.eye(2))
    expected = -(inverted @ np.outer(values["u"], values["v"]) @ inverted).T
    np.testing.assert_allclose(derived.function(**values), expected, rtol=1e-12)


def test_the_reciprocal_of_a_norm_is_printed_as_code() -> None:
    derived = code(inverse(squared_norm(u) * sp.Identity(k)) * u)
    found = derived.function(u=np.array([3.0, 4.0]))
    np.testing.assert_allclose(found, [3 / 25, 4 / 25])


M, v3 = sp.MatrixSymbol("M", 3, 3), sp.MatrixSymbol("v", 3, 1)


def test_sizes_that_are_numbers_and_fixed_positions_are_printed_as_code() -> None:
    m_, v_ = np.arange(9.0).reshape(3, 3), np.array([1.0, -2.0, 4.0])
    cases = [
        (code(M - lam * sp.Identity(3)), m_ - 0.5 * np.eye(3)),
        (code(v3[1, 0] * M), -2 * m_),
        (code(M[2, :] * v3), m_[2] @ v_),
        (code(M[:, 1] + v3), m_[:, 1] + v_),
        (code(sp.OneMatrix(3, 3) * v3 / 3), np.full(3, 1.0)),
        (code(v3[2, 0] ** 2 * squared_norm(v3), by=[v3]), 2 * 4 * 21 * np.eye(3)[2] + 2 * 16 * v_),
        (code(lam**2 * squared_norm(v3), by=[lam]), 2 * 0.5 * 21),
    ]
    for derived, expected in cases:
        values = {"M": m_, "v": v_, "lam": 0.5}
        found = derived.function(**{name: values[name] for name in derived.arguments.values()})
        np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=str(derived))


def test_results_share_no_memory_with_arguments_or_each_other() -> None:
    derived = code(sp.Trace(u.T * v) + sp.Trace(A * B) + squared_norm(v), by=[u, A, B, v])
    arrays = {name: np.ones([2 if axis == "k" else 3 for axis in axes]) for name, axes in derived.plan.arrays.items()}
    found = [
        *tupled(derived.function(**arrays)),
        *tupled(code(C, C).function(C=np.eye(2))),
        code(M[:, 1]).function(M=(m_ := np.eye(3))),
    ]
    assert not any(np.shares_memory(one, other) for one in found for other in [*arrays.values(), m_])
    assert not any(np.shares_memory(one, other) for one in found for other in found if one is not other)


# -- against differences of a loss that is written without symbols ---

Arrays = Mapping[str, Any]
PAIR = {"W": (2, 3), "b": (2,), "z": (3,), "z_prime": (3,), "y": (2,), "y_prime": (2,), "lam": ()}
r = sp.Symbol("r", integer=True, positive=True)
Y, D, E = sp.MatrixSymbol("Y", k, n), sp.MatrixSymbol("D", h, r), sp.MatrixSymbol("E", r, h)
Z, P, R = sp.MatrixSymbol("Z", h, n), sp.MatrixSymbol("P", r, h), sp.MatrixSymbol("R", k, r)
w, t = sp.MatrixSymbol("w", h, 1), sp.MatrixSymbol("t", n, 1)
K, Q, V = (sp.MatrixSymbol(name, h, k) for name in "KQV")
T = sp.MatrixSymbol("T", n, k)
g, c = sp.MatrixSymbol("g", h, 1), sp.MatrixSymbol("c", h, 1)


def half(matrix: Any) -> Any:
    return sp.Trace(matrix.T * matrix) / 2


def manifold(a: Arrays) -> Any:
    lam_ = a["lam"]
    mixed = lam_ * a["z"] + (1 - lam_) * a["z_prime"]
    return -0.5 * np.sum((lam_ * a["y"] + (1 - lam_) * a["y_prime"] - a["W"] @ mixed - a["b"]) ** 2)


def unmixed(a: Arrays) -> Any:
    own = np.sum((a["y"] - a["W"] @ a["z"] - a["b"]) ** 2)
    return -0.5 * (own + np.sum((a["y_prime"] - a["W"] @ a["z_prime"] - a["b"]) ** 2))


def normalised(a: Arrays) -> Any:
    centred = a["x"] - np.mean(a["x"])
    return 0.5 * np.sum((a["g"] * a["s"] * centred + a["c"] - a["w"]) ** 2)


Loss = Callable[[Arrays], Any]
mean = sp.OneMatrix(h, h) * x / h
LOSSES: dict[str, tuple[Any, list[Any], dict[str, tuple[int, ...]], Loss]] = {
    "manifold mixup": (manifold_mixup(), [z, zp, W, b], PAIR, manifold),
    "empirical risk": (erm(), [z, zp, W, b], {name: s for name, s in PAIR.items() if name != "lam"}, unmixed),
    "ridge": (
        squared_norm(X * w - t) / 2 + mu * squared_norm(w) / 2,
        [w, X],
        {"X": (4, 3), "w": (3,), "t": (4,), "mu": ()},
        lambda a: 0.5 * np.sum((a["X"] @ a["w"] - a["t"]) ** 2) + 0.5 * a["mu"] * np.sum(a["w"] ** 2),
    ),
    "low rank": (
        half(Y - (A + R * P) * Z),
        [P, R],
        {"Y": (2, 4), "A": (2, 3), "R": (2, 2), "P": (2, 3), "Z": (3, 4)},
        lambda a: 0.5 * np.sum((a["Y"] - (a["A"] + a["R"] @ a["P"]) @ a["Z"]) ** 2),
    ),
    "linear autoencoder": (
        half(Z - D * E * Z),
        [D, E],
        {"Z": (3, 4), "D": (3, 2), "E": (2, 3)},
        lambda a: 0.5 * np.sum((a["Z"] - a["D"] @ a["E"] @ a["Z"]) ** 2),
    ),
    "attention without softmax": (
        half(X * Q * K.T * X.T * X * V - T),
        [Q, K, V, X],
        {"X": (4, 3), "Q": (3, 2), "K": (3, 2), "V": (3, 2), "T": (4, 2)},
        lambda a: 0.5 * np.sum(((a["X"] @ a["Q"]) @ (a["X"] @ a["K"]).T @ (a["X"] @ a["V"]) - a["T"]) ** 2),
    ),
    "LayerNorm with its scale": (
        squared_norm(sp.HadamardProduct(g, s * (x - mean)) + c - w) / 2,
        [x, g, c],
        {"x": (3,), "g": (3,), "c": (3,), "w": (3,), "s": ()},
        normalised,
    ),
}


def drawn(shapes: Mapping[str, tuple[int, ...]], seed: int = 0) -> dict[str, Any]:
    """Return small whole numbers, and eighths for numbers."""
    random = np.random.default_rng(seed)
    return {
        name: random.integers(-3, 4, shape).astype(float) if shape else float(random.integers(1, 8)) / 8
        for name, shape in shapes.items()
    }


def slope(loss: Loss, arrays: Arrays, name: str) -> Any:
    """Differentiate a loss by every entry of an array, by a small imaginary step."""
    found = np.zeros(arrays[name].shape)
    for place in np.ndindex(*found.shape):
        moved = arrays[name].astype(complex)
        moved[place] += 1e-30j
        found[place] = np.imag(loss({**arrays, name: moved})) / 1e-30
    return found


def tupled(found: Any) -> tuple[Any, ...]:
    return found if isinstance(found, tuple) else (found,)


@pytest.mark.parametrize("name", LOSSES)
def test_code_gives_the_slopes_of_a_loss_written_in_numpy(name: str) -> None:
    objective, by, shapes, loss = LOSSES[name]
    derived = code(objective, by=by)
    arrays = drawn(shapes)
    kept = {key: np.copy(value) for key, value in arrays.items()}
    assert set(arrays) == set(derived.arguments.values())
    found = tupled(derived.function(**arrays))
    assert all(np.array_equal(arrays[key], kept[key]) for key in kept), "arguments are left as they are"
    assert [result.by for result in derived.plan.results] == [s.name for s in by]
    for value, symbol_ in zip(found, by, strict=True):
        expected = slope(loss, arrays, symbol_.name.replace("'", "_prime"))
        np.testing.assert_allclose(value, expected, rtol=1e-9, atol=1e-9, err_msg=f"{symbol_}\n{derived}")


def arrays_of(framework: str) -> Callable[[Any], Any]:
    """Return what makes arrays of a library, whose test is skipped where it is not."""
    if framework == "numpy":
        return np.asarray
    library: Any = pytest.importorskip(framework, reason=f"{framework} is not installed: its code is linted, not run")
    if framework == "torch":
        found: Callable[[Any], Any] = library.as_tensor
        return found
    library.config.update("jax_enable_x64", True)  # noqa: FBT003 - JAX's way
    asarray: Callable[[Any], Any] = library.numpy.asarray
    return asarray


# -- batches ---


def test_a_batch_is_the_sum_over_its_samples() -> None:
    batched = code(manifold_mixup(), by=[z, W, b, theta], batch=[z, zp, y, yp, J])
    single = code(manifold_mixup(), by=[z, W, b, theta])
    shapes = {**PAIR, "J": (3, 2), "J_prime": (3, 2)}
    many = {"z", "z_prime", "y", "y_prime", "J"}
    arrays = drawn({name: (5, *shape) if name in many else shape for name, shape in shapes.items()})
    samples = [{name: a[place] if name in many else a for name, a in arrays.items()} for place in range(5)]
    each = [single.function(**sample) for sample in samples]
    dz, dW, db, dtheta = batched.function(**arrays)
    np.testing.assert_allclose(dz, np.stack([found[0] for found in each]))
    for value, place in ((dW, 1), (db, 2), (dtheta, 3)):
        np.testing.assert_allclose(value, sum(found[place] for found in each))


@settings(QUICK, max_examples=15)
@given(scalars(depth=2), st.integers(0, 3))
def test_any_batch_is_the_sum_over_its_samples(scalar: Any, seed: int) -> None:
    symbols = sorted(scalar.atoms(sp.MatrixSymbol), key=str)
    symbols = [one for one in symbols if one.shape != (1, 1)]
    assume(symbols)
    by, many = symbols[seed % len(symbols)], symbols[seed // 2 % len(symbols)]
    derivative = Gradient(scalar, by, constant=True)
    try:
        single, batched = code(scalar, by=[by]), code(scalar, by=[by], batch=[many])
    except StatementError:  # nothing depends on the symbol, or the other one has cancelled
        assume(condition=False)
    points = [given_by(Point.drawn(SIZES, derivative, seed=number), single) for number in range(3)]
    shared = {name: points[0][name] for name in points[0]}
    each = [{**shared, **({many.name: point[many.name]} if many.name in point else {})} for point in points]
    stacked = {**shared, **({many.name: np.stack([one[many.name] for one in each])} if many.name in shared else {})}
    names = batched.function.__code__.co_varnames[: batched.function.__code__.co_argcount]
    assume("samples" not in names and many.name in names)
    found = [single.function(**one) for one in each]
    expected = np.stack(found) if by == many else sum(found)
    np.testing.assert_allclose(batched.function(**stacked), expected, rtol=1e-9, atol=1e-9, err_msg=str(batched))


@pytest.mark.parametrize("framework", ["numpy", "torch", "jax"])
@pytest.mark.parametrize("ratios", [{"lam"}, set()])
@pytest.mark.parametrize("several", [{"z"}, {"z", "y"}, {"z_prime"}, {"W"}, {"z", "z_prime", "y", "y_prime"}, {"b"}])
def test_what_all_samples_share_is_shared_and_a_ratio_of_each_sample_weighs_it(
    several: set[str], ratios: set[str], framework: str
) -> None:
    array = arrays_of(framework)
    by = [z, zp, W, b]
    many = several | ratios
    batch = [name.replace("_prime", "'") for name in sorted(many)]
    batched = code(manifold_mixup(), by=by, batch=batch, framework=framework)
    single = code(manifold_mixup(), by=by)
    shapes = {**PAIR, "lam": ()}
    arrays = drawn({name: (5, *shape) if name in many else shape for name, shape in shapes.items()})
    each = [single.function(**{name: a[i] if name in many else a for name, a in arrays.items()}) for i in range(5)]
    wanted = {name: array(a) for name, a in arrays.items()}
    for place, (name, value) in enumerate(zip(["z", "z_prime", "W", "b"], batched.function(**wanted), strict=True)):
        own = np.stack([found[place] for found in each])
        np.testing.assert_allclose(np.asarray(value), own if name in many else own.sum(0), err_msg=str(batched))


@pytest.mark.parametrize("scalar", [s, s**3 - 2 * s, (1 - s) ** 2 * s, 1 + s + m * s, (1 - s) * (1 - m), s * k])
@pytest.mark.parametrize("batch", [[s], [s, m, A]])
def test_a_scalar_of_each_sample_may_stand_in_any_polynomial(scalar: sp.Expr, batch: list[sp.Basic]) -> None:
    objective = scalar * squared_norm(A * x) / 2 + s * squared_norm(x)
    batch = [one for one in batch if one in objective.free_symbols]
    single, batched = code(objective, by=[x, A]), code(objective, by=[x, A], batch=batch)
    many = {str(one) for one in batch}
    shapes = {"A": (2, 3), "x": (3,), "s": (), "m": ()}
    arrays = drawn({name: (4, *shape) if name in many else shape for name, shape in shapes.items()})
    used = {name: arrays[name] for name in single.arguments}
    each = [single.function(**{name: a[i] if name in many else a for name, a in used.items()}) for i in range(4)]
    for place, (name, value) in enumerate(zip("xA", batched.function(**used), strict=True)):
        own = np.stack([found[place] for found in each])
        np.testing.assert_allclose(value, own if name in many else own.sum(0), err_msg=str(batched))


# -- how it is written ---


def body(derived: Code) -> list[str]:
    """Return the lines below the docstring."""
    return [line.strip() for line in derived.source[derived.source.rindex('"""') + 3 :].splitlines() if line.strip()]


def test_a_gradient_reads_as_one_would_write_it() -> None:
    ridge, by = LOSSES["ridge"][:2]
    assert body(code(ridge, by=by[:1])) == ["dw: Array = mu * w - X.T @ (t - X @ w)", "return dw"]
    assert body(code(LOSSES["linear autoencoder"][0], by=[D, E])) == [
        "t1 = E @ Z",
        "t2 = Z - D @ t1",
        "dD: Array = -t2 @ t1.T",
        "dE: Array = -D.T @ t2 @ Z.T",
        "return dD, dE",
    ]


def test_residuals_are_computed_first_and_mixed_once() -> None:
    assert body(code(manifold_mixup(), by=[z, zp, W, b], batch=[z, zp, y, yp])) == [
        "e = y - b - z @ W.T",
        "e_prime = y_prime - b - z_prime @ W.T",
        "t1 = lam * e + (1 - lam) * e_prime",
        "t2 = t1 @ W",
        "dz: Array = lam * t2",
        "dz_prime: Array = (1 - lam) * t2",
        "dW: Array = t1.T @ (lam * z + (1 - lam) * z_prime)",
        "db: Array = t1.sum(0)",
        "return dz, dz_prime, dW, db",
    ]


def test_the_docstring_says_what_is_summed_over_the_samples() -> None:
    source = code(manifold_mixup(), by=[z, W], batch=[z, zp, y, yp, lam]).source
    assert "dz\n        Shape (samples, h).\n" in source
    assert "dW\n        Shape (k, h), summed over the samples.\n" in source


def test_a_number_that_is_defined_on_the_way_is_no_argument() -> None:
    derived = code(s * squared_norm(A * x), by=[x], where={s: squared_norm(x) + m})
    assert set(derived.arguments) == {"A", "x", "m"}
    given = drawn({"A": (2, 3), "x": (3,)}) | {"m": 0.5}
    a, v = given["A"], given["x"]
    np.testing.assert_allclose(derived.function(**given), 2 * (v @ v + 0.5) * (a.T @ a @ v))
    assert_gradient_is(derived, derived.function)
    with pytest.raises(UnsupportedError, match="numbers on the way that all samples share"):
        code(s * squared_norm(A * x), by=[x], where={s: squared_norm(x)}, batch=[x])


def test_one_minus_a_ratio_of_each_sample_is_computed_once() -> None:
    assert body(code(manifold_mixup(), by=[z, W], batch=[z, zp, y, yp, lam])) == [
        "lam_prime = 1.0 - lam",
        "e = y - b - z @ W.T",
        "e_prime = y_prime - b - z_prime @ W.T",
        "t1 = e * lam[:, None] + e_prime * lam_prime[:, None]",
        "dz: Array = (t1 * lam[:, None]) @ W",
        "dW: Array = t1.T @ (lam[:, None] * z + lam_prime[:, None] * z_prime)",
        "return dz, dW",
    ]


def test_shapes_and_formulas_stand_in_the_docstring_and_the_digest_in_a_comment() -> None:
    derived = code(manifold_mixup(), by=[z])
    assert f"# statement sha256 {derived.digest}" in derived.source.splitlines()
    function = ast.parse(derived.source).body[-1]
    assert isinstance(function, ast.FunctionDef)
    documentation = ast.get_docstring(function) or ""
    assert "z_prime\n    Shape (h,)." in documentation
    assert "dz\n    Shape (h,).\n    lam^2 W^T e + lam (1 - lam) W^T e'" in documentation
    assert "e = y - W z - b" in documentation


def test_another_statement_has_another_digest() -> None:
    digests = {code(c * squared_norm(A * x - u), by=[x]).digest for c in (1, 2)}
    digests |= {code(squared_norm(A * x - u), by=by).digest for by in ([x], [A], [x, A])}
    assert len(digests) == 4
    assert code(squared_norm(A * x - u), by=[x]).digest == code(squared_norm(A * x - u), by=[x]).digest


def shapes_of_intermediates(source: str, arrays: Mapping[str, Any]) -> set[tuple[int, ...]]:
    """Run a function with arrays that note the shape of every product that is computed."""
    seen: set[tuple[int, ...]] = set()

    class Noting(np.ndarray[Any, Any]):
        def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
            plain = [np.asarray(one) if isinstance(one, Noting) else one for one in inputs]
            found = getattr(ufunc, method)(*plain, **options)
            seen.add(np.shape(found))
            return np.asarray(found).view(Noting)

    space: dict[str, Any] = {}
    exec(compile(source, "<generated>", "exec"), space)  # noqa: S102 - it is what is tested
    space["gradient"](**{name: np.asarray(a).view(Noting) for name, a in arrays.items()})
    return seen


@pytest.mark.parametrize("name", ["ridge", "low rank", "linear autoencoder", "attention without softmax"])
def test_nothing_has_two_axes_over_the_samples(name: str) -> None:
    objective, by, _, _ = LOSSES[name]
    derived = code(objective, by=[one for one in by if n not in one.shape])
    sizes = {"n": 11, "h": 3, "k": 2, "r": 2}
    arrays: dict[str, Any] = {
        derived.arguments[symbol_]: np.ones([sizes[axis] for axis in axes])
        for symbol_, axes in derived.plan.arrays.items()
    }
    arrays |= {derived.arguments[symbol_]: np.float64(1) for symbol_ in derived.plan.scalars}
    assert (11, 11) not in shapes_of_intermediates(derived.source, arrays)


def test_vectors_are_multiplied_last() -> None:
    assert body(code(X * X.T * t, A * B * C * u))[:2] == [
        "value: Array = X @ (X.T @ t)",
        "value_2: Array = A @ (B @ (C @ u))",
    ]


# -- names ---


def test_names_of_python_and_of_linters_are_kept_free() -> None:
    names = ["lambda", "e'", "e_prime", "l", "I", "sum", "np", "Array", "gradient", "t1", "class'"]
    columns = [sp.MatrixSymbol(name, k, 1) for name in names]
    loss = squared_norm(sp.MatAdd(*((number + 1) * one for number, one in enumerate(columns))))
    derived = code(loss, by=columns)
    arguments = list(derived.arguments.values())
    assert len(set(arguments)) == len(names)
    assert dict(zip(derived.arguments, arguments, strict=True))["e'"] in {"e_prime", "e_prime_"}
    values = {name: np.full(2, number + 1.0) for number, name in enumerate(arguments)}
    assert len(tupled(derived.function(**values))) == len(names)


def test_the_name_of_the_function_is_chosen() -> None:
    assert code(A * x, name="apply").function(A=np.eye(2, 3), x=np.ones(3)).tolist() == [1.0, 1.0]
    for name in ("my function", "class"):
        with pytest.raises(SymmixError, match="a name of Python"):
            code(A * x, name=name)


# -- linters ---


def everything(framework: str) -> dict[str, str]:
    found = {name: code(SPECIMENS[name], framework=framework).source for name in SPECIMENS}
    found |= {name: code(LOSSES[name][0], by=LOSSES[name][1], framework=framework).source for name in LOSSES}
    found["names"] = code(
        squared_norm(sp.MatrixSymbol("lambda'", k, 1) - sp.MatrixSymbol("l", k, 1)), framework=framework
    ).source
    for name, batch in {"batch": [z, zp, y, yp], "ratios": [z, zp, y, yp, lam]}.items():
        found[name] = code(manifold_mixup(), by=[z, W, b], batch=batch, framework=framework).source
    return {f"{name.replace(' ', '_').lower()}_{framework}.py": source for name, source in found.items()}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("code")
    for framework in ("numpy", "torch", "jax"):
        for name, source in everything(framework).items():
            (folder / name).write_text(source, encoding="utf-8")
    return folder


def linted(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_ruff_finds_nothing(files: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    if not ruff.exists():
        pytest.skip("ruff is not installed")
    house = str(Path(__file__).parent.parent / "pyproject.toml")
    for options in (["--isolated"], ["--config", house]):
        found = linted(str(ruff), "check", "--no-cache", *options, ".", folder=files)
        assert found.returncode == 0, found.stdout


@pytest.mark.slow
def test_mypy_finds_nothing(files: Path) -> None:
    pytest.importorskip("mypy", reason="mypy is not installed")
    found = linted(
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--ignore-missing-imports",
        *sorted(path.name for path in files.glob("*_numpy.py")),
        folder=files,
    )
    assert found.returncode == 0, found.stdout


# -- torch and JAX ---


@pytest.mark.parametrize("framework", ["torch", "jax"])
def test_torch_and_jax_compute_what_numpy_computes(framework: str) -> None:
    array = arrays_of(framework)
    cases = {**{name: (SPECIMENS[name], []) for name in SPECIMENS}, **{name: LOSSES[name][:2] for name in LOSSES}}
    for name, (expression, by) in cases.items():
        plain, other = (code(expression, by=by, framework=one) for one in ("numpy", framework))
        if by:
            arguments: dict[str, Any] = drawn(LOSSES[name][2])
        else:
            arguments = given_by(Point.drawn(SIZES, expression), plain)
        given_ = {key: array(value) if isinstance(value, np.ndarray) else value for key, value in arguments.items()}
        if framework == "jax" and by:
            _compiled_as_well(other, given_, plain.function(**arguments))
        for found, expected in zip(tupled(other.function(**given_)), tupled(plain.function(**arguments)), strict=True):
            np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-9, atol=1e-9, err_msg=name)


def _compiled_as_well(derived: Code, arguments: Mapping[str, Any], expected: Any) -> None:
    jax: Any = pytest.importorskip("jax")
    for found, value in zip(tupled(jax.jit(derived.function)(**arguments)), tupled(expected), strict=True):
        np.testing.assert_allclose(np.asarray(found), value, rtol=1e-9, atol=1e-9, err_msg=str(derived))


@pytest.mark.parametrize("framework", ["torch", "jax"])
@pytest.mark.parametrize(
    "name", [name for name in LOSSES if not name.startswith("attention")]
)  # takes a minute to write
def test_each_objective_has_batches(name: str, framework: str) -> None:
    array = arrays_of(framework)
    objective, by, shapes, _ = LOSSES[name]
    single = code(objective, by=by)
    symbols = {safe: symbol_ for symbol_, safe in single.arguments.items()}
    for several in ({*list(shapes)[-1:]}, {*shapes}):
        batched = code(objective, by=by, batch=[symbols[one] for one in several], framework=framework)
        arrays = drawn({one: (5, *shape) if one in several else shape for one, shape in shapes.items()})
        each = [single.function(**{o: a[i] if o in several else a for o, a in arrays.items()}) for i in range(5)]
        given_ = {one: array(a) if isinstance(a, np.ndarray) else a for one, a in arrays.items()}
        results = zip(single.plan.results, tupled(batched.function(**given_)), strict=True)
        for place, (result, value) in enumerate(results):
            own = np.stack([tupled(found)[place] for found in each])
            wanted = own if single.arguments[result.by] in several else own.sum(0)
            np.testing.assert_allclose(np.asarray(value), wanted, rtol=1e-9, atol=1e-9, err_msg=str(batched))


# -- what is refused ---


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (code, "an expression"),
        (lambda: code(A * x, framework="tensorflow"), "numpy, torch, jax"),
        (lambda: code(manifold_mixup()), "symbols to differentiate"),
        (lambda: code(A * x, u, by=[x]), "one scalar"),
        (lambda: code(squared_norm(A * x), by=[u]), "something that depends on u"),
        (lambda: code(squared_norm(A * x), by=[x], batch=[u]), "one value for each sample, of A, x"),
        (lambda: code(lam * squared_norm(A * x), by=[x], batch=[k]), "one value for each sample, of A, lam, x"),
        (lambda: code(squared_norm(A * x) / s, by=[x], batch=[s]), "nothing is divided by"),
        (lambda: code(quotient(squared_norm(A * x), 1 + s**2), by=[x], batch=[s]), "nothing is divided by"),
        (lambda: code(squared_norm(u) ** 9), "at most 16 factors"),
        (
            lambda: code(squared_norm(sp.MatAdd(*(sp.MatrixSymbol(f"u{i}", k, 1) for i in range(30))))),
            "at most 400 terms",
        ),
        (lambda: code(sp.sin(lam) * A), "sin"),
        (lambda: code(e, where={e: v, v: e}), "no circle"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(make: Callable[[], object], says: str) -> None:
    with pytest.raises(SymmixError, match=says):
        make()


def test_a_plan_that_is_not_the_formula_is_no_code(monkeypatch: pytest.MonkeyPatch) -> None:
    from symmix.publish.code import factoring  # noqa: PLC0415 - patched

    monkeypatch.setattr(factoring, "split", lambda polynomials: (polynomials[0], [p * 2 for p in polynomials]))
    with pytest.raises(UnsupportedError, match="a plan that is the formula"):
        code(A * x - 2 * u)
