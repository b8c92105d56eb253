"""Right mixing functions beyond those of libraries, on NumPy arrays: masks, patches, half batches, tokens, boxes."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.library_functions import Mix, box, expanded


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
