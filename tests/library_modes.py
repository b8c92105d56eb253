"""Right mixing functions in the modes of published libraries, written again on NumPy arrays, each from its seed.

What a mode is: which ratio, for whom; which partner; what of the pixels; which labels come back, and how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Mix = Callable[..., Any]
IMAGE = (3, 8, 10)


def one_hot(ids: Any, classes: int, smoothing: float = 0.0) -> Any:
    off = smoothing / classes
    rows = np.full((len(ids), classes), off)
    rows[np.arange(len(ids)), ids] = 1 - smoothing + off
    return rows


def box(rng: np.random.Generator, shape: Any, lam: float) -> tuple[int, int, int, int, float]:
    """A patch around a random centre, clipped, and the share of what is left."""
    height, width = shape[-2:]
    cut = np.sqrt(1 - lam)
    tall, wide = int(height * cut), int(width * cut)
    y, x = rng.integers(height), rng.integers(width)
    top, bottom = np.clip([y - tall // 2, y + tall // 2], 0, height)
    left, right = np.clip([x - wide // 2, x + wide // 2], 0, width)
    return top, bottom, left, right, 1 - (bottom - top) * (right - left) / (height * width)


def expanded(lam: Any, x: Any) -> Any:
    return np.reshape(lam, (-1, *(1 for _ in x.shape[1:]))).astype(x.dtype)


# -- timm ---


def timm(
    rng: np.random.Generator,
    *,
    mode: str = "batch",
    mixup: float = 0.8,
    cutmix: float = 0.0,
    prob: float = 1.0,
    switch: float = 0.5,
    smoothing: float = 0.1,
    classes: int = 10,
) -> Mix:
    def params() -> tuple[float, bool]:
        if rng.random() >= prob:
            return 1.0, False
        use_cutmix = cutmix > 0 and (mixup == 0 or rng.random() < switch)
        alpha = cutmix if use_cutmix else mixup
        return float(rng.beta(alpha, alpha)), use_cutmix

    def one(x: Any, source: Any, i: int, j: int) -> float:
        lam, use_cutmix = params()
        if lam == 1:
            return lam
        if use_cutmix:
            top, bottom, left, right, lam = box(rng, x.shape, lam)
            x[i][:, top:bottom, left:right] = source[j][:, top:bottom, left:right]
        else:
            x[i] = x[i] * lam + source[j] * (1 - lam)
        return lam

    def mix(x: Any, y: Any) -> Any:
        n, source = len(x), x.copy()
        lam = np.ones(n)
        if mode == "elem":
            lam = np.array([one(x, source, i, n - 1 - i) for i in range(n)])
        elif mode == "pair":
            for i in range(n // 2):
                state = rng.bit_generator.state
                lam[i] = one(x, source, i, n - 1 - i)
                rng.bit_generator.state = state  # the same ratio and box for both of a pair
                lam[n - 1 - i] = one(x, source, n - 1 - i, i)
        else:
            state = rng.bit_generator.state
            for i in range(n):
                rng.bit_generator.state = state
                lam[i] = one(x, source, i, n - 1 - i)
        rows = one_hot(y, classes, smoothing)
        return x, rows * lam[:, None] + rows[::-1] * (1 - lam[:, None])

    return mix


def timm_collate(rng: np.random.Generator, *, half: bool = False) -> Mix:
    """FastCollateMixup: bytes in a list of samples, rounded; half a batch comes back if so asked."""

    def mix(batch: Any) -> Any:
        n = len(batch)
        kept = n // 2 if half else n
        lam = rng.beta(1, 1)
        out = np.zeros((kept, *np.shape(batch[0][0])), np.uint8)
        rows = one_hot([int(label) for _, label in batch], 10)
        for i in range(kept):
            first, second = (np.asarray(batch[k][0], np.float32) for k in (i, n - 1 - i))
            out[i] = np.rint(first * lam + second * (1 - lam)).astype(np.uint8)
        return out, (lam * rows + (1 - lam) * rows[::-1])[:kept]

    return mix


# -- torchvision, keras, fastai, composer, kornia ---


def torchvision(rng: np.random.Generator, *, cutmix: bool = False, alpha: float = 1.0) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, other, rows = float(rng.beta(alpha, alpha)), np.roll(x, 1, 0), one_hot(y, 10)
        if cutmix:
            top, bottom, left, right, lam = box(rng, x.shape, lam)
            x = x.copy()
            x[..., top:bottom, left:right] = other[..., top:bottom, left:right]
        else:
            x = np.asarray(other * (1 - lam) + x * lam, x.dtype)
        return x, np.roll(rows, 1, 0) * (1 - lam) + rows * lam

    return mix


def torchvision_references(rng: np.random.Generator) -> Mix:
    """RandomChoice of RandomMixup and RandomCutmix, each with a chance."""
    choices = [torchvision(rng, alpha=0.2), torchvision(rng, cutmix=True)]

    def mix(x: Any, y: Any) -> Any:
        chosen = choices[rng.integers(2)]
        return chosen(x, y) if rng.random() < 0.8 else (x, one_hot(y, 10))

    return mix


def keras(rng: np.random.Generator, *, cutmix: bool = False) -> Mix:
    """A mapping in, a mapping out; ratios from two gammas, one a sample; permuted."""

    def mix(batch: Any) -> Any:
        x, y = batch["images"], batch["labels"]
        partner, n = rng.permutation(len(x)), len(x)
        first, second = rng.gamma(0.4, 1, n), rng.gamma(0.4, 1, n)
        lam = first / (first + second)
        if cutmix:
            out = x.copy()
            for i in range(n):
                top, bottom, left, right, lam[i] = box(rng, x.shape, lam[i])
                out[i, :, top:bottom, left:right] = x[partner[i], :, top:bottom, left:right]
        else:
            out = expanded(lam, x) * x + expanded(1 - lam, x) * x[partner]
        return {"images": out, "labels": lam[:, None] * y + (1 - lam[:, None]) * y[partner]}

    return mix


def keras_corners(rng: np.random.Generator) -> Mix:
    """CutMix of the layers of Keras 3: corners are no whole numbers, and labels have the area between them."""

    def mix(batch: Any) -> Any:
        x, y = batch["images"], batch["labels"]
        n, (height, width) = len(x), x.shape[1:3]
        cut, partner = np.sqrt(1 - rng.beta(1, 1, n)), rng.permutation(n)
        tall, wide = cut * height, cut * width
        top, left = rng.random(n) * (height - tall), rng.random(n) * (width - wide)
        rows, columns = np.mgrid[:height, :width]
        down = (rows >= top[:, None, None]) & (rows < (top + tall)[:, None, None])
        mask = (down & (columns >= left[:, None, None]) & (columns < (left + wide)[:, None, None]))[..., None]
        lam = 1 - tall * wide / (height * width)
        return {"images": np.where(mask, x[partner], x), "labels": lam[:, None] * y + (1 - lam[:, None]) * y[partner]}

    return mix


def fastai(rng: np.random.Generator) -> Mix:
    """One ratio a sample, folded, by a linear interpolation; both labels are kept for the loss."""

    def mix(x: Any, y: Any) -> Any:
        lam = rng.beta(0.4, 0.4, len(x))
        lam, partner = np.maximum(lam, 1 - lam), rng.permutation(len(x))
        return x[partner] + expanded(lam, x) * (x - x[partner]), (y, y[partner], lam)

    return mix


def composer(rng: np.random.Generator, *, cutmix: bool = False) -> Mix:
    """The labels of the partners and a ratio: mixup's weighs the partner, CutMix's the rest."""

    def mix(x: Any, y: Any) -> Any:
        mixing, partner = rng.beta(0.3, 0.3), rng.permutation(len(x))
        if not cutmix:
            return (1 - mixing) * x + mixing * x[partner], y[partner], mixing
        top, bottom, left, right, lam = box(rng, x.shape, mixing)
        out = x.copy()
        out[:, :, top:bottom, left:right] = x[partner][:, :, top:bottom, left:right]
        return out, y[partner], lam

    return mix


def kornia(rng: np.random.Generator, *, chance: float = 1.0, cutmix: bool = False) -> Mix:
    """A stack of own labels, partner's and a ratio, which weighs the partner; for CutMix with an axis of patches."""

    def mix(x: Any, y: Any) -> Any:
        n = len(x)
        partner, lam = rng.permutation(n), rng.random(n) * (rng.random(n) < chance)
        if not cutmix:
            mixed = x * expanded(1 - lam, x) + x[partner] * expanded(lam, x)
            return mixed, np.stack([y, np.where(lam > 0, y[partner], y), lam], axis=1)
        out = x.copy()
        for i in range(n):
            top, bottom, left, right, rest = box(rng, x.shape, 1 - lam[i])
            out[i, :, top:bottom, left:right] = x[partner[i], :, top:bottom, left:right]
            lam[i] = 1 - rest
        return out, np.stack([y, y[partner], lam], axis=1)[None]

    return mix


# -- openmixup and papers ---


def reference(rng: np.random.Generator) -> Mix:
    """The mixup paper's own code."""

    def mix(x: Any, y: Any) -> Any:
        lam, index = rng.beta(1, 1), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[index, :], y, y[index], lam

    return mix


def masked(rng: np.random.Generator, kind: str) -> Mix:
    """FMix, GridMix, SmoothMix: a mask for all channels, labels by its mean."""

    def mask_of(shape: Any) -> Any:
        height, width = shape[-2:]
        if kind == "grid":
            cells = rng.random((4, 5)) < rng.beta(1, 1)
            return np.kron(cells, np.ones((height // 4, width // 5)))
        if kind == "fmix":
            noise = np.fft.irfft2(rng.standard_normal((height, width // 2 + 1)) / (1 + np.arange(height)[:, None]))
            return (noise > np.quantile(noise, rng.random())).astype(float)
        rows, columns = np.mgrid[:height, :width]
        centre = rng.integers(height), rng.integers(width)
        return np.exp(-((rows - centre[0]) ** 2 + (columns - centre[1]) ** 2) / (2 * rng.uniform(1, 4) ** 2))

    def mix(x: Any, y: Any) -> Any:
        index = rng.permutation(len(x))
        mask = mask_of(x.shape)[: x.shape[-2], : noise_width(x)].astype(x.dtype)
        return x * mask + x[index] * (1 - mask), y, y[index], float(mask.mean())

    def noise_width(x: Any) -> int:
        return int(x.shape[-1])

    return mix


def resized(rng: np.random.Generator) -> Mix:
    """ResizeMix: the whole partner, made small, is pasted."""

    def mix(x: Any, y: Any) -> Any:
        index, scale = rng.permutation(len(x)), rng.uniform(0.3, 0.8)
        height, width = x.shape[-2:]
        tall, wide = max(1, int(height * scale)), max(1, int(width * scale))
        top, left = rng.integers(height - tall + 1), rng.integers(width - wide + 1)
        rows, columns = np.arange(tall) * height // tall, np.arange(wide) * width // wide
        small = x[index][:, :, rows][:, :, :, columns] / 2 + x[index][:, :, rows - 1][:, :, :, columns] / 2
        out = x.copy()
        out[:, :, top : top + tall, left : left + wide] = small
        return out, y, y[index], 1 - tall * wide / (height * width)

    return mix


def mosaic(rng: np.random.Generator) -> Mix:
    """Four quarters of four samples."""

    def mix(x: Any, y: Any) -> Any:
        others = [np.arange(len(x)), *(rng.permutation(len(x)) for _ in range(3))]
        row, column = rng.integers(1, x.shape[-2]), rng.integers(1, x.shape[-1])
        parts = [
            (slice(0, row), slice(0, column)),
            (slice(0, row), slice(column, None)),
            (slice(row, None), slice(0, column)),
            (slice(row, None), slice(column, None)),
        ]
        out, rows = np.empty_like(x), np.zeros_like(y)
        for (down, across), index in zip(parts, others, strict=True):
            out[:, :, down, across] = x[index][:, :, down, across]
            area = out[0, 0, down, across].size / out[0, 0].size
            rows += area * y[index]
        return out, rows

    return mix


def detection(rng: np.random.Generator) -> Mix:
    """Both samples' labels are kept, whatever the ratio."""

    def mix(x: Any, y: Any) -> Any:
        lam, index = rng.beta(8, 8), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[index], np.maximum(y, y[index])

    return mix


def segmentation(rng: np.random.Generator) -> Mix:
    """CutMix of images and their masks, as for semi-supervised segmentation."""

    def mix(x: Any, y: Any) -> Any:
        index = rng.permutation(len(x))
        top, bottom, left, right, _ = box(rng, x.shape, rng.beta(1, 1))
        x, y, other, others = x.copy(), y.copy(), x[index], y[index]
        x[..., top:bottom, left:right] = other[..., top:bottom, left:right]
        y[..., top:bottom, left:right] = others[..., top:bottom, left:right]
        return x, y

    return mix


def neighbours(rng: np.random.Generator) -> Mix:
    """Samples 2i and 2i + 1 make one."""

    def mix(x: Any, y: Any) -> Any:
        lam = rng.beta(0.5, 0.5, len(x) // 2)
        mixed = expanded(lam, x) * x[0::2] + expanded(1 - lam, x) * x[1::2]
        return mixed, lam[:, None] * y[0::2] + (1 - lam[:, None]) * y[1::2]

    return mix


def doubled(rng: np.random.Generator) -> Mix:
    """The batch as it was, followed by its mixture."""

    def mix(x: Any, y: Any) -> Any:
        lam, index = rng.beta(1, 1), rng.permutation(len(x))
        return np.concatenate([x, lam * x + (1 - lam) * x[index]]), np.concatenate([y, lam * y + (1 - lam) * y[index]])

    return mix


def subset(rng: np.random.Generator, *, half: bool = True) -> Mix:
    """The first half is mixed among itself, the second left alone; or everybody by chance."""

    def mix(x: Any, y: Any) -> Any:
        n = len(x)
        chosen = np.arange(n // 2) if half else np.flatnonzero(rng.random(n) < 0.5)
        lam, partner = rng.beta(1, 1), rng.permutation(chosen)
        x[chosen] = lam * x[chosen] + (1 - lam) * x[partner]
        y[chosen] = lam * y[chosen] + (1 - lam) * y[partner]
        return x, y

    return mix


def regression(rng: np.random.Generator, *, by_distance: bool = False) -> Mix:
    """Targets (N,) or (N, k); C-Mixup prefers partners with a close target."""

    def mix(x: Any, y: Any) -> Any:
        lam, index = rng.beta(2, 2), rng.permutation(len(x))
        if by_distance:
            apart = (y[:, None] - y[None]) ** 2
            weights = np.exp(-apart / 2)
            index = np.array([rng.choice(len(x), p=row / row.sum()) for row in weights])
        return lam * x + (1 - lam) * x[index], lam * y + (1 - lam) * y[index]

    return mix


def with_generator(_: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any, rng: np.random.Generator) -> Any:
        lam, index = rng.beta(1, 1, (len(x), 1)), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[index], lam * y + (1 - lam) * y[index]

    return mix


def tokens(rng: np.random.Generator) -> Mix:
    """Hidden states (N, T, h) of a text, one ratio a batch, folded."""

    def mix(x: Any, y: Any) -> Any:
        lam = rng.beta(0.75, 0.75)
        lam, index = max(lam, 1 - lam), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[index], lam * y + (1 - lam) * y[index]

    return mix


def spectrogram(rng: np.random.Generator) -> Mix:
    """A stripe of time steps of the partner, for audio: CutMix along one axis."""

    def mix(x: Any, y: Any) -> Any:
        steps, index = x.shape[-1], rng.permutation(len(x))
        start, long = rng.integers(steps), rng.integers(1, steps)
        out = x.copy()
        out[..., start : start + long] = x[index][..., start : start + long]
        share = (min(start + long, steps) - start) / steps
        return out, (1 - share) * y + share * y[index]

    return mix


def multi_sample(rng: np.random.Generator) -> Mix:
    """Weights of a Dirichlet distribution on three samples."""

    def mix(x: Any, y: Any) -> Any:
        weights = rng.dirichlet(np.ones(3), len(x))
        partners = [np.arange(len(x)), rng.permutation(len(x)), rng.permutation(len(x))]
        parts = [(expanded(weights[:, i], x) * x[p], weights[:, i, None] * y[p]) for i, p in enumerate(partners)]
        return sum(x for x, _ in parts), sum(y for _, y in parts)

    return mix


def normalising_bytes(rng: np.random.Generator) -> Mix:
    """Bytes in, numbers in [0, 255] out."""

    def mix(x: Any, y: Any) -> Any:
        lam, index, x = rng.beta(1, 1), rng.permutation(len(x)), x.astype(np.float32)
        return lam * x + (1 - lam) * x[index], lam * y + (1 - lam) * y[index]

    return mix


IDS: dict[str, Any] = {"labels": "indices", "classes": 10}
PIXELS: dict[str, Any] = {"shape": IMAGE}

# Name: the function made from its random numbers, options of the probe, and what its report says.
MODES: dict[str, tuple[Callable[[np.random.Generator], Mix], dict[str, Any], dict[str, Any]]] = {
    "timm, batch": (timm, {**IDS, **PIXELS, "in_place": True}, {"pairing": "flip", "per": "batch"}),
    "timm, pair": (
        lambda rng: timm(rng, mode="pair"),
        {**IDS, **PIXELS, "in_place": True},
        {"pairing": "flip", "per": "pair"},
    ),
    "timm, elem": (
        lambda rng: timm(rng, mode="elem", prob=0.7),
        {**IDS, **PIXELS, "in_place": "features"},
        {"pairing": "flip", "per": "sample"},
    ),
    "timm, CutMix": (
        lambda rng: timm(rng, mixup=0, cutmix=1.0, smoothing=0),
        {**IDS, **PIXELS, "in_place": True},
        {"pairing": "flip"},
    ),
    "timm, both by turns": (
        lambda rng: timm(rng, cutmix=1.0, prob=0.8),
        {**IDS, **PIXELS, "in_place": True},
        {"pairing": "flip", "kinds": {"mixup", "cutmix", "unmixed"}},
    ),
    "timm, both by turns, elem": (
        lambda rng: timm(rng, mode="elem", cutmix=1.0),
        {**IDS, **PIXELS, "in_place": True},
        {"pairing": "flip"},
    ),
    "timm, pair, CutMix": (
        lambda rng: timm(rng, mode="pair", cutmix=1.0, mixup=0),
        {**IDS, **PIXELS, "in_place": True},
        {"pairing": "flip"},
    ),
    "timm, collate": (timm_collate, {**IDS, **PIXELS, "batch": "list", "dtype": "uint8"}, {"pairing": "flip"}),
    "timm, collate, half": (
        lambda rng: timm_collate(rng, half=True),
        {**IDS, **PIXELS, "batch": "list", "dtype": "uint8"},
        {"pairing": "flip"},
    ),
    "torchvision, MixUp": (torchvision, {**IDS, **PIXELS}, {"pairing": "roll", "ratio": "uniform"}),
    "torchvision, MixUp, classes unknown": (
        torchvision,
        {"labels": "indices", **PIXELS, "dtype": "float32"},
        {"pairing": "roll"},
    ),
    "torchvision, CutMix": (
        lambda rng: torchvision(rng, cutmix=True),
        {**IDS, **PIXELS},
        {"pairing": "roll", "kinds": {"cutmix", "unmixed"}},
    ),
    "torchvision, references": (torchvision_references, {**IDS, **PIXELS}, {"pairing": "roll"}),
    "keras, MixUp": (keras, {**PIXELS, "batch": ("images", "labels")}, {"per": "sample", "ratio": "Beta"}),
    "keras, CutMix": (lambda rng: keras(rng, cutmix=True), {**PIXELS, "batch": ("images", "labels")}, {}),
    "keras, layers.CutMix": (keras_corners, {"shape": (9, 8, 3), "batch": ("images", "labels")}, {"per": "sample"}),
    "fastai": (fastai, {**IDS, **PIXELS}, {"folded": "own", "per": "sample", "weighs": "own"}),
    "fastai, rows": (fastai, {}, {"folded": "own", "per": "sample", "weighs": "own"}),
    "composer, mixup": (composer, {**IDS, **PIXELS}, {"weighs": "partner"}),
    "composer, mixup, rows": (composer, {"labels": "soft"}, {"weighs": "partner"}),
    "composer, CutMix": (lambda rng: composer(rng, cutmix=True), {**IDS, **PIXELS}, {"weighs": "own"}),
    "kornia, mixup": (kornia, {**IDS, **PIXELS}, {"weighs": "partner", "per": "sample"}),
    "kornia, mixup by chance": (lambda rng: kornia(rng, chance=0.5), {**IDS, **PIXELS}, {"weighs": "partner"}),
    "kornia, CutMix": (lambda rng: kornia(rng, cutmix=True), {**IDS, **PIXELS}, {"weighs": "partner"}),
    "the paper's code": (reference, {**IDS, **PIXELS}, {"weighs": "own"}),
    "the paper's code, 100 classes": (reference, {"labels": "indices", "classes": 100}, {"weighs": "own"}),
    "the paper's code, 2 classes": (reference, {"labels": "indices", "classes": 2}, {"weighs": "own"}),
    "the paper's code, an ignored index": (
        reference,
        {"labels": "indices", "classes": 10, "ignore_index": -100},
        {"weighs": "own"},
    ),
    "the paper's code, masks": (reference, {"labels": "masks", **PIXELS}, {"weighs": "own"}),
    "the paper's code, half precision": (reference, {**IDS, "dtype": "float16"}, {"weighs": "own"}),
    "FMix": (lambda rng: masked(rng, "fmix"), {**IDS, **PIXELS}, {"weighs": "own"}),
    "GridMix": (lambda rng: masked(rng, "grid"), {**IDS, **PIXELS}, {"weighs": "own"}),
    "SmoothMix": (lambda rng: masked(rng, "smooth"), {**IDS, **PIXELS}, {"weighs": "own"}),
    "ResizeMix": (resized, {**IDS, **PIXELS}, {"weighs": "own"}),
    "mosaic": (mosaic, {**PIXELS, "ways": 4}, {}),
    "union of labels": (detection, {"labels": "multi-label"}, {"labels": "the union of both samples' labels"}),
    "multi-label": (tokens, {"labels": "multi-label", "classes": 14}, {"folded": "own"}),
    "masks": (segmentation, {**PIXELS, "labels": "masks"}, {}),
    "neighbours": (neighbours, {}, {"pairing": "neighbours"}),
    "neighbours, images": (neighbours, PIXELS, {"pairing": "neighbours"}),
    "the batch and its mixture": (doubled, {}, {}),
    "half of the batch": (subset, {"in_place": True}, {}),
    "a part of the batch by chance": (lambda rng: subset(rng, half=False), {"in_place": True}, {}),
    "regression": (regression, {"labels": "real"}, {"ratio": "Beta"}),
    "regression of two": (regression, {"labels": "real", "classes": 2}, {"ratio": "Beta"}),
    "regression of one in a column": (regression, {"labels": "real", "classes": 1}, {"ratio": "Beta"}),
    "C-Mixup": (lambda rng: regression(rng, by_distance=True), {"labels": "real"}, {"pairing": "with replacement"}),
    "a generator as argument": (with_generator, {}, {"per": "sample"}),
    "tokens": (tokens, {"shape": (7, 16)}, {"folded": "own"}),
    "soft labels": (tokens, {"labels": "soft", "classes": 3}, {"folded": "own"}),
    "spectrogram": (spectrogram, {"shape": (1, 6, 20)}, {}),
    "three samples": (multi_sample, {"ways": 3}, {"pairing": "several partners", "per": "sample"}),
    "bytes": (normalising_bytes, {**PIXELS, "dtype": "uint8"}, {}),
}
