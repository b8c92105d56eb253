"""Does the degeneracy apply? What is proved about a head, a loss and the layer at which features are mixed."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from symmix.errors import ImplementationError, SymmixError
from symmix.numeric.arrays import Array
from symmix.testing.frameworks import Framework, framework_named

HEADS: tuple[str, ...] = ("affine", "quadratic", "other")
LOSSES: tuple[str, ...] = ("squared", "cross entropy", "other")
SLACK_BITS = {np.dtype(np.float64): 36, np.dtype(np.float32): 14}
"""A callable is called affine or quadratic if its differences are below 2^-36 of its values on integer points.

Float64 has 53 bits: 2^17 roundings are granted; float32 has 24, of which 2^10. Something smaller than that is not told
from rounding. A float64 function with differences between the two may compute in float32 inside: undecided.
"""


@dataclass(frozen=True)
class Degeneracy:
    """Whether mixup degenerates into regression at a head; it has no truth value, ask for `degenerate`.

    Attributes
    ----------
    degenerate
        True, False, or None where nothing is proved either way.
    head, loss, layer
        What it was decided for.
    decided
        How head and loss were found out: "given", or "numerically" with what was looked at.
    statements
        What is proved, each with the names of its theorems.
    """

    degenerate: bool | None
    head: str
    loss: str
    layer: str
    decided: tuple[str, ...]
    statements: tuple[tuple[str, tuple[str, ...]], ...]

    def __bool__(self) -> NoReturn:
        raise TypeError("this has no truth value: ask for .degenerate, which may be None")

    def __str__(self) -> str:
        word = {True: "degenerate", False: "not degenerate", None: "nothing proved"}[self.degenerate]
        lines = [f"{word}: {self.head} head, {self.loss} loss, mixing at {self.layer}"]
        lines += [f"  decided  {how}" for how in self.decided]
        for statement, theorems in self.statements:
            lines += [f"  {statement}", f"      {', '.join(theorems)}"]
        return "\n".join(lines)

    def document(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "kind": "degeneracy",
            "degenerate": self.degenerate,
            "head": self.head,
            "loss": self.loss,
            "layer": self.layer,
            "decided": list(self.decided),
            "statements": [{"statement": text, "theorems": list(names)} for text, names in self.statements],
        }


def explain_degeneracy(
    head: str | Callable[[Array], Any],
    loss: str | Callable[[Array, Array], Any],
    layer: str = "hidden",
    *,
    framework: str | Framework = "numpy",
    features: int = 4,
    outputs: int = 3,
    seed: int = 0,
) -> Degeneracy:
    """Say what mixup of features in front of a head does, and by which theorems.

    Parameters
    ----------
    head
        "affine", "quadratic", "other", or a function of features (n, `features`) to predictions (n, k): its differences
        on integer points say which.
    loss
        "squared", "cross entropy", "other", or a function of targets and predictions (n, `outputs`) to n values or one.
    layer
        "hidden" where features are mixed, "input" where inputs are.
    framework
        "numpy", "torch" or "jax": whose arrays a head or a loss that is a function takes, in its usual precision.
        Losses of torch take the prediction first; either order is found out.

    A head that is a module is looked at in the mode it is in. Raises `ImplementationError` where two calls with equal
    arguments differ, as with dropout or batch statistics in training mode: noise is no statement about a head.

    >>> explain_degeneracy("affine", "squared").degenerate
    True
    >>> explain_degeneracy(lambda z: np.tanh(z), "squared").head
    'other'
    """
    if layer not in {"hidden", "input"}:
        raise ImplementationError("layer='hidden' or layer='input'", repr(layer), "inputs or features are mixed")
    rng = np.random.default_rng(seed)
    library = framework_named(framework) if isinstance(framework, str) else framework
    with library.random_states_kept():
        head_kind, head_how = _head_kind(head if isinstance(head, str) else _on_numpy(head, library), features, rng)
        loss_kind, loss_how = _loss_kind(loss if isinstance(loss, str) else _on_numpy(loss, library), outputs, rng)
    degenerate, statements = _statements(head_kind, loss_kind, layer)
    return Degeneracy(degenerate, head_kind, loss_kind, layer, (head_how, loss_how), tuple(statements))


def assert_degenerate(head: Any, loss: Any, layer: str = "hidden", **options: Any) -> Degeneracy:
    """Explain, and raise ``AssertionError`` with the explanation as its text unless it is degenerate."""
    found = explain_degeneracy(head, loss, layer, **options)
    if found.degenerate is not True:
        raise AssertionError(str(found))
    return found


def assert_not_degenerate(head: Any, loss: Any, layer: str = "hidden", **options: Any) -> Degeneracy:
    """Explain, and raise ``AssertionError`` with the explanation as its text unless it is not degenerate."""
    found = explain_degeneracy(head, loss, layer, **options)
    if found.degenerate is not False:
        raise AssertionError(str(found))
    return found


def _on_numpy(function: Callable[..., Any], library: Framework) -> Callable[..., Array]:
    """Let a function take and return NumPy arrays, in its library's usual precision; a module is left as it was."""
    if hasattr(function, "state_dict"):
        function = deepcopy(function)  # batch statistics are updated by a call
    return lambda *arguments: library.numpy(
        function(*(library.array(a.astype(library.dtype) if a.dtype.kind == "f" else a) for a in arguments))
    )


def _named(given: str, known: tuple[str, ...], what: str) -> tuple[str, str]:
    if given not in known:
        raise ImplementationError(f"{what}: {', '.join(known)}, or a function", repr(given), "name one, or pass it")
    return given, f"{what} {given}: as given"


def _degree(values: Callable[[Array], Array], width: int, rng: np.random.Generator) -> tuple[str, str]:
    """Look at second and third differences along integer lines through integer points."""
    lines = 32
    point, along = (rng.integers(-3, 3, (lines, width), endpoint=True).astype(np.float64) for _ in range(2))
    samples = np.stack([values(point + step * along) for step in range(4)])
    if not np.all(np.isfinite(samples)):
        raise ImplementationError("finite values at small integers", "NaN or infinity", "check the function by itself")
    size = float(np.max(np.abs(samples)))
    allowed = _slack(samples) * size
    second = float(np.max(np.abs(samples[2] - 2 * samples[1] + samples[0])))
    third = float(np.max(np.abs(samples[3] - 3 * samples[2] + 3 * samples[1] - samples[0])))
    where = f"on {lines} integer lines, second differences up to {second:.2g}, third up to {third:.2g}"
    kind = "affine" if second <= allowed else "quadratic" if third <= allowed else "other"
    if kind == "other" and second <= 2.0**-14 * size:
        return "undecided", f"{where}: too large for rounding in float64, and small enough for it in float32"
    return kind, f"{where}; up to {allowed:.2g} counts as rounding; a check, not a proof"


def _slack(values: Array) -> float:
    return 2.0 ** -SLACK_BITS.get(values.dtype, 36)


def _values(function: Callable[..., Any], *arguments: Array) -> Array:
    try:
        found, again = (np.asarray(function(*arguments)) for _ in range(2))
    except SymmixError:
        raise
    except Exception as error:
        raise ImplementationError(
            "a function of NumPy arrays " + " and ".join(str(np.shape(a)) for a in arguments),
            f"{type(error).__name__}: {error}",
            "pass features= (outputs=) as the function needs, wrap tensors in a lambda, or name the kind: 'affine'",
        ) from error
    if not np.array_equal(found, again, equal_nan=True):
        raise ImplementationError(
            "a function of its arguments alone",
            "two calls with equal arguments that differ: dropout, or other noise",
            "switch it off (model.eval()), or name the kind: 'affine'",
        )
    return found


def _head_kind(head: str | Callable[[Array], Any], features: int, rng: np.random.Generator) -> tuple[str, str]:
    if isinstance(head, str):
        return _named(head, HEADS, "head")
    _require_rows_apart(head, features, rng)
    kind, how = _degree(lambda z: _values(head, z), features, rng)
    return kind, f"head {kind}, numerically: {how}"


def _require_rows_apart(head: Callable[[Array], Any], features: int, rng: np.random.Generator) -> None:
    z = rng.integers(-3, 3, (4, features), endpoint=True).astype(np.float64)
    first, other = _values(head, z), _values(head, np.concatenate([z[:2], 1 - z[2:]]))
    if not np.allclose(first[:2], other[:2], rtol=2.0**-10, atol=2.0**-10, equal_nan=True):
        raise ImplementationError(
            "a head that predicts each sample by itself",
            "predictions that depend on the other samples of the batch: batch statistics in training mode",
            "switch them off (model.eval()), or name the kind: 'affine'",
        )


def _loss_kind(loss: str | Callable[[Array, Array], Any], outputs: int, rng: np.random.Generator) -> tuple[str, str]:
    if isinstance(loss, str):
        return _named(loss, LOSSES, "loss")
    target = np.eye(outputs)[rng.integers(0, outputs, 1)]

    def at(points: Array) -> Array:
        return np.array([np.sum(_values(loss, target, point[None])) for point in points])

    entropy = _entropy_kind(loss, outputs)
    if entropy is not None:
        return entropy
    if _is_squared(loss, outputs, rng):
        return "squared", "loss squared, numerically: a multiple of |y - u|^2 at 32 integer points, to rounding"
    kind, how = _degree(at, outputs, rng)
    return "other", f"loss other, numerically: {kind} in the prediction, not a multiple of |y - u|^2; {how}"


def _entropy_kind(loss: Callable[..., Any], outputs: int) -> tuple[str, str] | None:
    """Take a loss of (target, prediction) or of (prediction, target), rows or indices, for the cross-entropy."""
    rng = np.random.default_rng(outputs)
    u = rng.integers(-3, 3, (32, outputs), endpoint=True).astype(np.float64)
    ids = rng.integers(0, outputs, 32)
    wanted = np.log(np.sum(np.exp(u), axis=1)) - u[np.arange(32), ids]
    for target in (np.eye(outputs)[ids], ids):
        for swapped in (False, True):
            try:
                found = np.array(
                    [np.sum(_values(loss, *_ordered(target[i], u[i], swapped=swapped))) for i in range(32)]
                )
            except ImplementationError:
                continue
            if np.all(np.abs(found - wanted) <= _slack(found) * np.max(np.abs(wanted))):
                order = "prediction and target" if swapped else "target and prediction"
                return "cross entropy", f"loss cross entropy, numerically: log sum exp u - u_c of {order}, to rounding"
    return None


def _ordered(target: Array, prediction: Array, *, swapped: bool) -> tuple[Array, Array]:
    pair = np.asarray(target)[None], np.asarray(prediction)[None]
    return (pair[1], pair[0]) if swapped else pair


def _is_squared(loss: Callable[[Array, Array], Any], outputs: int, rng: np.random.Generator) -> bool:
    y, u = (rng.integers(-3, 3, (32, outputs), endpoint=True).astype(np.float64) for _ in range(2))
    u[0] = y[0] + 1
    found = np.array([np.sum(_values(loss, y[i : i + 1], u[i : i + 1])) for i in range(32)])
    distance = np.sum((y - u) ** 2, axis=1)
    scale = found[0] / distance[0]
    allowed = _slack(found) * abs(scale) * float(np.max(distance))
    return bool(scale != 0 and np.all(np.abs(found - scale * distance) <= allowed))


ENCODER = (
    "For any head, mixup of features sees the encoder at the training inputs only: nothing is asked of it in between.",
    ("loss_ignores_flatness", "any_head_adds_its_own_gap"),
)


def _statements(head: str, loss: str, layer: str) -> tuple[bool | None, list[tuple[str, tuple[str, ...]]]]:
    if layer == "input":
        gap = "Inputs are mixed: the encoder's interpolation gap stays in the residual, and at the fit is all of it."
        affine = "An affine encoder has no gap; then everything said of features holds."
        return False, [
            (gap, ("input_mixup_adds_the_interpolation_gap", "input_mixup_is_not_degenerate")),
            (affine, ("input_mixup_separates_for_affine_encoders",)),
        ]
    if loss == "cross entropy":
        text = "Softmax cross-entropy, affine head: at the fit softmax(u) = y the gradient need not vanish."
        # the witness has an affine head; for a curved one nothing is proved
        return (False if head == "affine" else None), [(text, ("softmax_fit_is_not_stationary",)), ENCODER]
    if loss != "squared" or head == "undecided":
        return None, [ENCODER]
    if head == "affine":
        return True, [*AFFINE, ENCODER]
    text = "The head is not affine: its own interpolation gap remains in the residual at the fit."
    absorbed = "But the encoder can absorb it: features can move along directions in which the head is flat, and fit."
    names = ("any_head_adds_its_own_gap",)
    return False, [(text, names), (absorbed, ("encoder_can_absorb_the_gap",)), ENCODER]


AFFINE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "The mixed residual is the mixture of the residuals, so every gradient vanishes where both points are fitted.",
        ("mixed_residual_is_mixture_of_residuals", "gradient_vanishes_at_fit", "affine_head_suffices"),
    ),
    (
        "Averaged over pairs, c = 2 E[lam (1-lam)], the loss is (1-c) ERM + (c/2) |mean residual|^2 = ERM - (c/2) V.",
        ("pair_average_is_erm_minus_variance", "permutation_average_equals_pair_average"),
    ),
    (
        "With a free bias the critical points are ERM's for every encoder; weight decay is scaled by 1/(1-c).",
        ("linear_head_mixup_is_erm", "mixup_scales_weight_decay"),
    ),
)
