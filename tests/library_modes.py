"""Modes of published libraries and of other mixing functions: what makes each, options of the probe, what it tells.

What a mode is: which ratio, for whom; which partner; what of the pixels; which labels come back, and how.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.library_functions import (
    IMAGE,
    Mix,
    composer,
    fastai,
    keras,
    keras_corners,
    kornia,
    reference,
    timm,
    timm_collate,
    torchvision,
    torchvision_references,
)
from tests.other_functions import (
    detection,
    doubled,
    masked,
    mosaic,
    multi_sample,
    neighbours,
    normalising_bytes,
    regression,
    resized,
    segmentation,
    spectrogram,
    subset,
    tokens,
    with_generator,
)

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
