"""The complex step's bound: sound against exact and high-precision arithmetic, and sharp."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath  # type: ignore[import-untyped]  # ships no types
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from symmix.errors import UnsupportedError
from symmix.numeric import check_gradient, complex_step, complex_step_along
from symmix.numeric.bounded import Bounded, precision
from symmix.numeric.cases import normal_batches, normal_pairs
from symmix.numeric.gradients import (
    cross_entropy_mixup_gradient,
    four_terms,
    manifold_mixup_gradient,
    residual,
)
from symmix.numeric.objectives import cross_entropy_mixup_loss, log_sum_exp, manifold_mixup_loss

LEARNED = ("lam", "z", "z_prime", "W", "b")
DTYPES = (np.float64, np.float32)


def _by_terms(lam: Any, z: Any, z_prime: Any, y: Any, y_prime: Any, W: Any, b: Any) -> Any:
    """The same gradient, written differently: expanded into its terms, summed in another order."""
    e, e_prime = residual(z, y, W, b), residual(z_prime, y_prime, W, b)
    J = np.broadcast_to(np.eye(z.shape[-1], dtype=z.dtype), (*z.shape, z.shape[-1]))
    own, cross, cross_prime, own_prime = four_terms(lam, J, J, W, e, e_prime)
    left, right = lam[..., None, None], (1 - lam)[..., None, None]
    ee = [np.einsum("nk,ni->nki", a, c) for a in (e, e_prime) for c in (z, z_prime)]
    # e - e' without the bias: to add it and cancel it again is a mistake of its own, and found at wild scales
    slope = (y - np.einsum("nki,ni->nk", W, z)) - (y_prime - np.einsum("nki,ni->nk", W, z_prime))
    return {
        "lam": np.sum((1 - lam)[:, None] * e_prime * slope + lam[:, None] * e * slope, axis=1),
        "z": -(own + cross),
        "z_prime": -(own_prime + cross_prime),
        "W": -(left * left * ee[0] + left * right * ee[1] + left * right * ee[2] + right * right * ee[3]),
        "b": (1 - lam)[:, None] * -e_prime - lam[:, None] * e,
    }


def _naive_softmax_gradient(lam: Any, z: Any, z_prime: Any, y: Any, y_prime: Any, W: Any, b: Any) -> Any:
    """Cross-entropy without the shift by the largest logit; the same where nothing overflows."""
    mixed = lam[:, None] * z.T.T + (1 - lam)[:, None] * z_prime
    target = lam[:, None] * y + (1 - lam)[:, None] * y_prime
    powers = np.exp(np.matmul(W, mixed[..., None])[..., 0] + b)
    d = powers * (target.sum(axis=1) / powers.sum(axis=1))[:, None] - target
    return {"z": lam[:, None] * np.einsum("nk,nki->ni", d, W), "b": d}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gradient", [manifold_mixup_gradient, _by_terms])
def test_correct_gradients_are_never_rejected(gradient: Any, dtype: Any) -> None:
    batches = normal_batches(3, 2500, dtype=dtype)
    report = check_gradient(gradient, manifold_mixup_loss, batches, wrt=LEARNED, oracle=complex_step)
    assert report.passed, str(report)
    assert report.cases == 20000


@pytest.mark.parametrize("dtype", DTYPES)
def test_correct_cross_entropy_gradients_are_never_rejected(dtype: Any) -> None:
    for gradient, wrt in ((cross_entropy_mixup_gradient, LEARNED), (_naive_softmax_gradient, ("z", "b"))):
        batches = normal_batches(4, 1500, dtype=dtype)
        report = check_gradient(gradient, cross_entropy_mixup_loss, batches, wrt=wrt, oracle=complex_step)
        assert report.passed, str(report)
        assert report.cases == 12000


def _scaled(rng: Any, k: int, h: int, dtype: Any, span: int) -> dict[str, Any]:
    """Cases at random scales: features and weights apart by any power of ten whose products stay in range."""
    case = normal_pairs(rng, k, h, 200, dtype=dtype)
    features, weights = rng.uniform(-span, span, 200), rng.uniform(-span, span, 200)
    weights = np.clip(weights, -span - features, span - features)  # |W z| stays within the range too
    out = {}
    for name, value in case.items():
        exponent = {"z": features, "z_prime": features, "W": weights, "lam": 0 * features}.get(name, features + weights)
        out[name] = (value * (10.0**exponent).reshape(-1, *(1,) * (value.ndim - 1))).astype(dtype)
    return out


@pytest.mark.parametrize(("dtype", "span"), [(np.float64, 150), (np.float32, 18)])
def test_every_scale_is_compared_and_none_rejected(dtype: Any, span: int) -> None:
    rng = np.random.default_rng(5)
    batches = [_scaled(rng, k, h, dtype, span) for k, h in ((1, 1), (2, 3), (3, 2), (3, 4)) * 3]
    with np.errstate(all="ignore"):
        report = check_gradient(
            manifold_mixup_gradient, manifold_mixup_loss, batches, wrt=("z", "b"), oracle=complex_step
        )
        assert report.passed, str(report)
        assert report.cases > 0.95 * 2400
        assert report.seen_in_most_cases < 2.0**10 * np.finfo(dtype).eps

        def wrong(**case: Any) -> Any:
            return {
                name: g * dtype(1 + 2.0**12 * np.finfo(dtype).eps)
                for name, g in manifold_mixup_gradient(**case).items()
            }

        caught = check_gradient(wrong, manifold_mixup_loss, batches, wrt=("z", "b"), oracle=complex_step)
    assert caught.failures > 0.95 * 2400


wild = st.one_of(
    st.sampled_from([0.0, 1.0, -1.0, 1e-150, 1e150, -1e-75, 1e75]),
    st.floats(-1e150, 1e150),
    st.floats(-2, 2),
)


@pytest.mark.slow
@settings(max_examples=500)
@given(st.data(), st.integers(1, 3), st.integers(1, 3))
def test_no_correct_gradient_is_rejected_at_wild_entries(draw: Any, k: int, h: int) -> None:
    shapes = {"z": (h,), "z_prime": (h,), "y": (k,), "y_prime": (k,), "W": (k, h), "b": (k,)}
    case = {name: draw.draw(arrays(np.float64, (1, *shape), elements=wild)) for name, shape in shapes.items()}
    case["lam"] = np.array([draw.draw(st.floats(0, 1))])
    with np.errstate(all="ignore"):
        for gradient in (manifold_mixup_gradient, _by_terms):
            # a program that overflows where the loss does not is not correct there
            assume(all(np.isfinite(g).all() for g in gradient(**case).values()))
            # and neither is one that multiplies by a square of the ratio which is too small to be a number
            assume(gradient is not _by_terms or not 0 < case["lam"][0] < 2.0**-511)
            report = check_gradient(gradient, manifold_mixup_loss, [case], wrt=LEARNED, oracle=complex_step)
            assert not report.failures, str(report)


@pytest.mark.parametrize("scale", [1e-150, 1e-75, 1.0, 1e75, 1e150])
@pytest.mark.parametrize("zero", ["z", "y", None])
def test_a_step_neither_underflows_nor_pollutes(scale: float, zero: str | None) -> None:
    case = {"lam": np.array([0.375]), "z": np.array([[1.0, -2.0]]), "z_prime": np.array([[0.5, 1.0]])}
    case |= {
        "y": np.array([[3.0]]),
        "y_prime": np.array([[-1.0]]),
        "W": np.array([[[1.0, 2.0]]]),
        "b": np.array([[0.0]]),
    }
    for name in ("z", "z_prime", "y", "y_prime"):
        case[name] = case[name] * (0.0 if zero is not None and name.startswith(zero) else scale)
    found = complex_step(manifold_mixup_loss, case, ["z", "b"])
    claimed = manifold_mixup_gradient(**case)
    for name in ("z", "b"):
        assert found[name].agrees(claimed[name]).all()
        assert not np.any(claimed[name]) or found[name].visible(claimed[name]).min() < 1e-12


def test_overflow_is_reported_and_not_passed() -> None:
    case = normal_pairs(np.random.default_rng(6), 2, 3, 10)
    case = {name: value if name == "lam" else value * 1e200 for name, value in case.items()}
    with np.errstate(all="ignore"):
        report = check_gradient(manifold_mixup_gradient, manifold_mixup_loss, [case], wrt=("z",), oracle=complex_step)
    assert report.verdict == "nothing compared"
    assert report.incomparable == 10


@pytest.mark.parametrize(
    "size", [(3, 4), *(pytest.param(size, marks=pytest.mark.slow) for size in [(3, 16), (10, 64)])]
)
def test_errors_of_1e_12_are_found_in_95_percent_of_cases(size: tuple[int, int]) -> None:
    batches = list(normal_batches(7, 100, (size,)))

    def wrong(**case: Any) -> Any:
        return {name: gradient * (1 + 1e-12) for name, gradient in manifold_mixup_gradient(**case).items()}

    wrt = ("z", "z_prime", "W", "b")
    report = check_gradient(manifold_mixup_gradient, manifold_mixup_loss, batches, wrt=wrt, oracle=complex_step)
    assert report.seen_in_most_cases <= 1e-12
    caught = check_gradient(wrong, manifold_mixup_loss, batches, wrt=wrt, oracle=complex_step)
    assert caught.failures >= 95


entries = st.floats(-8, 8, allow_subnormal=False)


@settings(max_examples=300)
@given(st.lists(entries, min_size=4, max_size=4))
def test_bounds_enclose_rational_arithmetic(drawn: list[float]) -> None:
    exact = [Fraction(value) for value in drawn]
    a, b, c, d = (Bounded.exactly(np.array(value)) for value in drawn)
    got = (a * b - c) * (d + a * a) / 3
    want = (exact[0] * exact[1] - exact[2]) * (exact[3] + exact[0] ** 2) / 3
    assert abs(Fraction(float(got.value)) - want) <= Fraction(float(got.error))
    assert got.error <= 2.0**-48 * float(got.size)


def _smooth(x: Any, y: Any) -> Any:
    return np.tanh(x * y) * np.exp(x - y) + np.log(1 + np.exp(x)) / (2 + y * y)


@settings(max_examples=300)
@given(st.floats(-3, 3), st.floats(-3, 3), st.sampled_from(DTYPES))
def test_bounds_enclose_high_precision_derivatives(x: float, y: float, dtype: Any) -> None:
    case = {"x": np.array([x], dtype), "y": np.array([y], dtype)}
    found = complex_step(_smooth, case, ["x", "y"])
    with mpmath.workdps(60):
        a, b = (mpmath.mpf(float(case[name][0])) for name in ("x", "y"))
        bend, growth = mpmath.sech(a * b) ** 2, mpmath.exp(a - b)
        swing, below = mpmath.tanh(a * b) * growth, 2 + b * b
        by_x = b * bend * growth + swing + 1 / (1 + mpmath.exp(-a)) / below
        by_y = a * bend * growth - swing - mpmath.log(1 + mpmath.exp(a)) * 2 * b / below**2
        for name, want in (("x", by_x), ("y", by_y)):
            allowed = found[name].allowed
            assert allowed is not None
            assert abs(mpmath.mpf(float(found[name].value[0])) - want) <= mpmath.mpf(float(allowed[0])) / 2
            assert allowed[0] <= 2.0**16 * np.finfo(dtype).eps * np.exp(abs(x) + abs(y) + 1)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.complex128, np.complex64])
@pytest.mark.parametrize("name", ["exp", "log", "tanh"])
def test_the_library_keeps_within_half_of_what_it_is_granted(name: str, dtype: Any) -> None:
    rng = np.random.default_rng(8)
    unit, _ = precision(np.dtype(dtype))
    points = np.concatenate(
        [rng.uniform(-4, 4, 200), 1 + rng.uniform(-1, 1, 100) * 2.0**-10, rng.uniform(-1e-3, 1e-3, 100)]
    )
    points = np.abs(points) + 1e-6 if name == "log" else points
    inputs = (
        (points + 1e-7j * (np.dtype(dtype).kind == "c")).astype(dtype)
        if np.dtype(dtype).kind == "c"
        else points.astype(dtype)
    )
    with mpmath.workdps(40):
        for value, got in zip(inputs.tolist(), getattr(np, name)(inputs).tolist(), strict=True):
            want = getattr(mpmath, name)(mpmath.mpmathify(value))
            floor = 1 if name == "log" else 0
            for part in ("real", "imag"):
                error = abs(getattr(mpmath.mpmathify(got), part) - getattr(want, part))
                scale = abs(getattr(want, part)) + (floor if part == "real" else 0)
                assert error <= 8 * unit * scale, (value, got)


def test_one_direction_finds_what_it_should() -> None:
    case = normal_pairs(np.random.default_rng(9), 3, 4, 500)
    rng = np.random.default_rng(10)
    directions = {name: rng.standard_normal(case[name].shape) for name in ("z", "z_prime", "W", "b")}
    along = complex_step_along(manifold_mixup_loss, case, directions)

    def project(gradient: Any) -> Any:
        return sum(np.sum(gradient[name] * v, axis=tuple(range(1, v.ndim))) for name, v in directions.items())

    right = manifold_mixup_gradient(**case)
    assert along.agrees(project(right)).all()
    assert along.agrees(project(_by_terms(**case))).all()
    wrong = {name: gradient * (1 + 1e-11) for name, gradient in right.items()}
    assert np.mean(~along.agrees(project(wrong))) > 0.9


def test_what_cannot_be_followed_is_refused() -> None:
    case = {"z": np.array([[1.0, 2.0]])}
    with pytest.raises(UnsupportedError, match=r"numpy\.sin on a bounded array"):
        complex_step(lambda z: np.sum(np.sin(z), axis=-1), case, ["z"])
    with pytest.raises(UnsupportedError, match="a conversion of a bounded array to a plain one"):
        complex_step(lambda z: np.asarray(z) * 2, case, ["z"])
    wide = np.ones(2)
    with pytest.raises(UnsupportedError, match="one precision throughout"):
        complex_step(lambda z: np.sum(z * wide, axis=-1), {"z": case["z"].astype(np.float32)}, ["z"])
    with pytest.raises(UnsupportedError, match="floating-point entries"):
        complex_step(lambda z: np.sum(z, axis=-1), {"z": np.array([[1, 2]])}, ["z"])
    with pytest.raises(UnsupportedError, match="without an explicit result"):
        complex_step(lambda z: np.einsum("ni,ni", z, z), case, ["z"])


def test_beyond_its_neighbourhood_a_function_says_nothing_is_known() -> None:
    uncertain = Bounded(np.array([1.0]), np.array([1e17]), None, 1)
    for function in (np.exp, np.log):
        unknown: Any = function(uncertain)
        assert np.isinf(unknown.error).all()
    known: Any = np.exp(Bounded.exactly(np.array([1.0])))
    assert np.isfinite(known.error).all()


def test_log_sum_exp_survives_large_logits() -> None:
    found = complex_step(log_sum_exp, {"logits": np.array([[1000.0, 999.0, -1000.0]])}, ["logits"])["logits"]
    assert np.all(np.isfinite(found.value))
    share = 1 / (1 + np.exp(-1.0))
    assert found.agrees(np.array([[share, 1 - share, 0.0]])).all()
