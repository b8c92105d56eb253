"""Right mixing functions of published libraries, written again on NumPy arrays, each from its seed.

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
