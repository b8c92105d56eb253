"""Right mixing functions in unusual styles, with the options of their probe; it needs torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: unusual code is not looked at")
functional = torch.nn.functional
Mix = Callable[..., Any]
T: dict[str, Any] = {"framework": "torch"}
IDS: dict[str, Any] = {"labels": "indices"}
IMG: dict[str, Any] = {"shape": (3, 8, 10)}
RIGHT: dict[str, tuple[Mix, dict[str, Any]]] = {}


def right(**options: Any) -> Callable[[Mix], Mix]:
    def noted(function: Mix) -> Mix:
        RIGHT[function.__name__.replace("_", " ")] = function, options
        return function

    return noted


def drawn(a: float = 1.0, size: int | tuple[int, int] | None = None) -> Any:
    return np.random.beta(a, a, size)


@right()
def np_max_lam_per_sample(x: Any, y: Any) -> Any:
    lam = drawn(0.3, len(x))
    lam = np.maximum(lam, 1 - lam)[:, None]
    p = np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right()
def np_einsum(x: Any, y: Any) -> Any:
    n = len(x)
    A = np.eye(n) * (lam := drawn())
    p = np.random.permutation(n)
    A[np.arange(n), p] += 1 - lam
    return A @ x, A @ y


@right()
def np_float32_lam(x: Any, y: Any) -> Any:
    lam = np.float32(drawn())
    p = np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(**IDS)
def list_comp(x: Any, y: Any) -> Any:
    lam = drawn()
    p = np.random.permutation(len(x))
    return np.stack([lam * x[i] + (1 - lam) * x[j] for i, j in enumerate(p)]), (y, y[p]), lam


@right(**IDS)
def dict_return(x: Any, y: Any) -> Any:
    lam = drawn()
    p = np.random.permutation(len(x))
    return {"image": lam * x + (1 - lam) * x[p], "label": y, "label_b": y[p], "lam": lam}


@right(**T)
def torch_lerp(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    w = torch.rand(())
    return torch.lerp(x, x[p], w), torch.lerp(y, y[p], w)


@right(**T, in_place=True)
def torch_in_place_add(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    lam = float(drawn())
    xp, yp = x[p].clone(), y[p].clone()
    return x.mul_(lam).add_(xp, alpha=1 - lam), y.mul_(lam).add_(yp, alpha=1 - lam)


@right(**T, **IDS, classes=10)
def torch_roll_ids_rows(x: Any, y: Any) -> Any:
    lam = float(drawn(0.2))
    r = functional.one_hot(y, 10).float()
    return x * lam + x.roll(1, 0) * (1 - lam), r * lam + r.roll(1, 0) * (1 - lam)


@right(**T, **IDS, classes=10)
def smoothing(x: Any, y: Any) -> Any:
    lam = float(drawn(0.2))
    r = torch.full((len(y), 10), 0.01).scatter_(1, y[:, None], 0.91)
    p = torch.randperm(len(x))
    return x * lam + x[p] * (1 - lam), r * lam + r[p] * (1 - lam)


@right(**T, **IDS, **IMG)
def cutmix(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    h, w = x.shape[-2:]
    a, c = np.random.randint(1, h), np.random.randint(1, w)
    t, left = np.random.randint(0, h - a + 1), np.random.randint(0, w - c + 1)
    x = x.clone()
    x[:, :, t : t + a, left : left + c] = x[p][:, :, t : t + a, left : left + c]
    return x, y, y[p], 1 - a * c / (h * w)


@right(**T, **IMG)
def cutmix_per_sample_rows(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    h, w = x.shape[-2:]
    m = torch.ones(len(x), 1, h, w)
    for i in range(len(x)):
        a, c = np.random.randint(1, h), np.random.randint(1, w)
        t, left = np.random.randint(0, h - a + 1), np.random.randint(0, w - c + 1)
        m[i, :, t : t + a, left : left + c] = 0
    lam = m.mean((1, 2, 3))[:, None]
    return m * x + (1 - m) * x[p], lam * y + (1 - lam) * y[p]


@right(**T, **IMG)
def cutmix_vertical_strip(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    w = x.shape[-1]
    k = np.random.randint(1, w)
    x = torch.cat([x[..., :k], x[p][..., k:]], -1)
    lam = k / w
    return x, lam * y + (1 - lam) * y[p]


@right(**T, **IMG)
def soft_mask(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    m = torch.rand(1, 1, *x.shape[-2:])
    lam = m.mean()
    return m * x + (1 - m) * x[p], lam * y + (1 - lam) * y[p]


@right(**T, **IDS, **IMG)
def either(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    if np.random.rand() < 0.5:
        lam = float(drawn())
        return lam * x + (1 - lam) * x[p], y, y[p], lam
    k = np.random.randint(1, 8)
    x = x.clone()
    x[:, :, :k] = x[p][:, :, :k]
    return x, y, y[p], 1 - k / 8


@right(**T)
def half_batch(x: Any, y: Any) -> Any:
    n = len(x) // 2
    lam = float(drawn())
    return torch.cat([lam * x[:n] + (1 - lam) * x[n : 2 * n], x[n:]]), torch.cat(
        [lam * y[:n] + (1 - lam) * y[n : 2 * n], y[n:]]
    )


@right(**T)
def concatenated(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    return torch.cat([x, lam * x + (1 - lam) * x[p]]), torch.cat([y, lam * y + (1 - lam) * y[p]])


@right(**T)
def pairs_to_half(x: Any, y: Any) -> Any:
    n = len(x) // 2
    lam = torch.rand(n, 1)
    return lam * x[:n] + (1 - lam) * x[n : 2 * n], lam * y[:n] + (1 - lam) * y[n : 2 * n]


@right(**T, dtype="bfloat16")
def bf16(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(**T)
def fp16_inside(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    h = x.half()
    return lam * h + (1 - lam) * h[p], lam * y + (1 - lam) * y[p]


@right(dtype="uint8", shape=(3, 8, 8))
def uint8(x: Any, y: Any) -> Any:
    lam = drawn()
    p = np.random.permutation(len(x))
    return np.clip(np.rint(lam * x.astype(np.float32) + (1 - lam) * x[p]), 0, 255).astype(np.uint8), lam * y + (
        1 - lam
    ) * y[p]


@right(**T, labels="multi-label", classes=7)
def multi_label_max(x: Any, y: Any) -> Any:
    lam = float(drawn(5))
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], torch.maximum(y, y[p])


@right(**T, labels="real")
def regression_n(x: Any, y: Any) -> Any:
    lam = torch.rand(len(x))
    p = torch.randperm(len(x))
    return lam[:, None] * x + (1 - lam)[:, None] * x[p], lam * y + (1 - lam) * y[p]


@right(labels="real", classes=3)
def regression_nk(x: Any, y: Any) -> Any:
    lam = drawn(0.2)
    p = np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(**T)
def generator_arg(x: Any, y: Any, generator: Any) -> Any:
    lam = torch.rand((), generator=generator)
    p = torch.randperm(len(x), generator=generator)
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right()
def rng_arg(x: Any, y: Any, rng: Any) -> Any:
    lam = rng.uniform(0.2, 0.8)
    p = rng.permutation(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(**T, **IMG)
def channels_last(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    x = x.to(memory_format=torch.channels_last)
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(ways=3)
def three_way_dirichlet(x: Any, y: Any) -> Any:
    n = len(x)
    w = np.random.dirichlet([1, 1, 1])
    ps = [np.arange(n), np.random.permutation(n), np.random.permutation(n)]
    return sum(a * x[p] for a, p in zip(w, ps, strict=True)), sum(a * y[p] for a, p in zip(w, ps, strict=True))


@right(**T, **IDS, classes=6, ignore_index=-100)
def ignore(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], y, y[p], lam


@right(**T, labels="masks", shape=(3, 8, 8), classes=4)
def masks(x: Any, y: Any) -> Any:
    p = torch.randperm(len(x))
    k = np.random.randint(1, 8)
    x = x.clone()
    y = y.clone()
    x[:, :, :k] = x[p][:, :, :k]
    y[:, :k] = y[p][:, :k]
    return x, y


@right(**T, **IDS, batch="list")
def list_batch(s: Any) -> Any:
    x = torch.stack([a for a, _ in s])
    y = torch.stack([c for _, c in s])
    lam = float(drawn())
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], y, y[p], lam


@right(**T)
def chance(x: Any, y: Any) -> Any:
    if torch.rand(()) < 0.4:
        return x, y
    lam = float(drawn())
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right()
def derangement_sattolo(x: Any, y: Any) -> Any:
    n = len(x)
    p = np.arange(n)
    for i in range(n - 1, 0, -1):
        j = np.random.randint(i)
        p[[i, j]] = p[[j, i]]
    lam = drawn()
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right()
def partner_with_replacement(x: Any, y: Any) -> Any:
    p = np.random.randint(len(x), size=len(x))
    lam = drawn(1, (len(x), 1))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right()
def float32_lam_in_features_only(x: Any, y: Any) -> Any:
    lam = drawn()
    s = np.float32(lam)
    p = np.random.permutation(len(x))
    return s * x + (1 - s) * x[p], lam * y + (1 - lam) * y[p]


@right()
def float32_lam_in_labels_only(x: Any, y: Any) -> Any:
    lam = drawn(1, (len(x), 1))
    s = lam.astype(np.float32)
    p = np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[p], s * y + (1 - s) * y[p]


@right(**IDS)
def float32_lam_returned(x: Any, y: Any) -> Any:
    lam = drawn()
    p = np.random.permutation(len(x))
    return lam * x + (1 - lam) * x[p], y, y[p], np.float32(lam)


@right(**T, dtype="float64")
def torch_float64_features_float32_lam(x: Any, y: Any) -> Any:
    lam = torch.tensor(drawn())
    lam = lam.float()
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(**T, **IDS)
def nested_tuple_torch(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[p], [y, y[p]], lam


@right(**T, **IDS)
def ages_as_numbers(x: Any, y: Any) -> Any:
    lam = float(drawn())
    p = torch.randperm(len(x))
    y = y.float()
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]


@right(**T, **IDS)
def ages_of_the_type_of_features(x: Any, y: Any) -> Any:
    lam = torch.rand(len(x))
    p = torch.randperm(len(x))
    y = y.to(x.dtype)
    return lam[:, None] * x + (1 - lam[:, None]) * x[p], lam * y + (1 - lam) * y[p]


@right(**IDS)
def ages_of_numpy(x: Any, y: Any) -> Any:
    lam = drawn()
    p = np.random.permutation(len(x))
    y = y.astype(float)[:, None]
    return lam * x + (1 - lam) * x[p], lam * y + (1 - lam) * y[p]
