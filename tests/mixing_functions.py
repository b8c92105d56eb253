"""Mixing functions on NumPy arrays: correct ones in all conventions, and wrong ones with the name of their defect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Mix = Callable[[Any, Any], Any]


def column(lam: Any, like: Any) -> Any:
    return np.reshape(lam, (-1, *(1 for _ in like.shape[1:])))


def blend(lam: Any, own: Any, other: Any) -> Any:
    return column(lam, own) * own + (1 - column(lam, own)) * other


def standard(
    rng: np.random.Generator,
    *,
    draw: Callable[[int], Any] | None = None,
    pair: Callable[[int], Any] | None = None,
    partner_weight: bool = False,
) -> Mix:
    ratio = draw or (lambda _: rng.beta(0.4, 0.4))
    partners = pair or rng.permutation

    def mix(x: Any, y: Any) -> Any:
        lam, partner = np.asarray(ratio(len(x))), partners(len(x))
        if partner_weight:
            lam = 1 - lam
        return blend(lam, x, x[partner]), blend(lam, y, y[partner])

    return mix


def folded_to_own(rng: np.random.Generator) -> Mix:
    def draw(_: int) -> Any:
        lam = rng.beta(0.4, 0.4)
        return max(lam, 1 - lam)

    return standard(rng, draw=draw)


def four_returns(rng: np.random.Generator, *, nested: bool = False, weighs_partner: bool = False) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, partner = rng.beta(1, 1), rng.permutation(len(x))
        told = 1 - lam if weighs_partner else lam
        mixed = blend(lam, x, x[partner])
        return (mixed, (y, y[partner], told)) if nested else (mixed, y, y[partner], told)

    return mix


def stacked(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, partner = rng.random(len(x)), rng.permutation(len(x))
        return blend(1 - lam, x, x[partner]), np.stack([y, y[partner], lam], axis=1)

    return mix


def in_place(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, partner = rng.beta(1, 1), rng.permutation(len(x))
        other = x[partner]
        x *= lam
        x += (1 - lam) * other
        return x, lam * y + (1 - lam) * y[partner]

    return mix


def one_hot_inside(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, partner, rows = rng.beta(1, 1), rng.permutation(len(x)), np.eye(10)[y]
        return x[partner] + lam * (x - x[partner]), lam * rows + (1 - lam) * rows[partner]

    return mix


def features_alone(rng: np.random.Generator) -> Mix:
    return lambda x, _: blend(rng.beta(1, 1), x, x[rng.permutation(len(x))])


def three_way(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, second, third = rng.dirichlet([1, 1, 1]), rng.permutation(len(x)), rng.permutation(len(x))
        return tuple(lam[0] * v + lam[1] * v[second] + lam[2] * v[third] for v in (x, y))

    return mix


def legacy_state(_: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, partner = np.random.beta(0.4, 0.4), np.random.permutation(len(x))
        return lam * x + (1 - lam) * x[partner], lam * y + (1 - lam) * y[partner]

    return mix


def images(rng: np.random.Generator) -> Mix:
    return standard(rng, draw=lambda n: rng.beta(2, 2, n))


def wrong_axis(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.beta(1, 1), rng.permutation(x.shape[1])
        return lam * x + (1 - lam) * x[:, order], lam * y + (1 - lam) * y[rng.permutation(len(y))]

    return mix


def wrong_axis_of_samples(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.beta(1, 1), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[:, order], lam * y + (1 - lam) * y[order]

    return mix


def discarded(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.beta(1, 1), rng.permutation(len(x))
        mixed = lam * x + (1 - lam) * x[order]
        del mixed
        return x, lam * y + (1 - lam) * y[order]

    return mix


def labels_kept(rng: np.random.Generator) -> Mix:
    return lambda x, y: (blend(rng.beta(1, 1), x, x[rng.permutation(len(x))]), y)


def paired_differently(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam = rng.beta(1, 1)
        return blend(lam, x, x[rng.permutation(len(x))]), blend(lam, y, y[rng.permutation(len(y))])

    return mix


def inversely_paired(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.beta(1, 1), np.roll(np.arange(len(x)), 1)
        return blend(lam, x, x[order]), blend(lam, y, y[np.argsort(order)])

    return mix


def same_class_loses(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order, ids = rng.beta(1, 1), rng.permutation(len(x)), y.argmax(axis=1)
        rows = np.zeros_like(y)
        rows[np.arange(len(x)), ids] = lam
        rows[np.arange(len(x)), ids[order]] = np.where(order == np.arange(len(x)), 1, 1 - lam)
        return blend(lam, x, x[order]), rows

    return mix


def labels_broadcast(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.random((len(x), 1)), rng.permutation(len(x))
        return lam * x + (1 - lam) * x[order], lam * y + (1 - lam) * y[order]

    return mix


def ratios_over_classes(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.random(len(x)), np.roll(np.arange(len(x)), 1)
        return blend(lam, x, x[order]), lam * y + (1 - lam) * y[order] if len(y) == y.shape[1] else blend(
            lam, y, y[order]
        )

    return mix


def averaged_ids(rng: np.random.Generator) -> Mix:
    return standard(rng)


def writes_into_features(rng: np.random.Generator) -> Mix:
    return in_place(rng)


def reads_what_it_wrote(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order, x = rng.beta(2, 2), rng.permutation(len(x)), x.copy()
        for i in range(len(x)):
            x[i] = lam * x[i] + (1 - lam) * x[order[i]]
        return x, blend(lam, y, y[order])

    return mix


def smoothed(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        mixed, rows = standard(rng)(x, y)
        return mixed, 0.9 * rows + 0.1 / rows.shape[1]

    return mix


def weighted_the_other_way(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.beta(1, 1), rng.permutation(len(x))
        return blend(lam, x, x[order]), blend(1 - lam, y, y[order])

    return mix


def own_ratio_for_labels(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        order = rng.permutation(len(x))
        return blend(rng.random(), x, x[order]), blend(rng.random(), y, y[order])

    return mix


def unnormalised(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        lam, order = rng.beta(1, 1), rng.permutation(len(x))
        return lam * x + lam * x[order], lam * y + (1 - lam) * y[order]

    return mix


def extrapolating(rng: np.random.Generator) -> Mix:
    return standard(rng, draw=lambda _: 1 + rng.random())


def squared_features(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        mixed, rows = standard(rng)(x, y)
        return mixed**2, rows

    return mix


def cut_and_pasted(rng: np.random.Generator, *, weight: float = 0.5) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        order, cut = rng.permutation(len(x)), x.shape[1] // 2
        return np.concatenate([x[:, :cut], x[order, cut:]], axis=1), blend(weight, y, y[order])

    return mix


def switched_off(_: np.random.Generator) -> Mix:
    return lambda x, y: (x.copy(), y.copy())


def dividing_by_zero(rng: np.random.Generator) -> Mix:
    def mix(x: Any, y: Any) -> Any:
        mixed, rows = standard(rng)(x, y)
        return mixed * np.nan, rows

    return mix


# Name: the function, options of the probe, and what its report says.
CORRECT: dict[str, tuple[Callable[[np.random.Generator], Mix], dict[str, Any], dict[str, Any]]] = {
    "batch ratio": (standard, {}, {"pairing": "random permutation", "ratio": "Beta", "per": "batch", "folded": ""}),
    "sample ratio": (
        lambda rng: standard(rng, draw=rng.random),
        {},
        {"ratio": "uniform", "per": "sample", "folded": ""},
    ),
    "folded": (folded_to_own, {}, {"ratio": "Beta", "folded": "own"}),
    "folded to the partner": (
        lambda rng: standard(rng, draw=lambda _: min(u := rng.random(), 1 - u)),
        {},
        {"ratio": "uniform", "folded": "partner"},
    ),
    "constant": (lambda rng: standard(rng, draw=lambda _: 0.3), {}, {"ratio": "constant", "folded": ""}),
    "roll": (lambda rng: standard(rng, pair=lambda n: np.roll(np.arange(n), 1)), {}, {"pairing": "roll"}),
    "flip": (lambda rng: standard(rng, pair=lambda n: np.arange(n)[::-1]), {}, {"pairing": "flip"}),
    "flip, a ratio a pair": (
        lambda rng: standard(
            rng, pair=lambda n: np.arange(n)[::-1], draw=lambda n: (u := rng.random(n)) + u[::-1] - (u + u[::-1]) / 2
        ),
        {},
        {"pairing": "flip", "per": "pair"},
    ),
    "with replacement": (
        lambda rng: standard(rng, pair=lambda n: rng.integers(0, n, n)),
        {},
        {"pairing": "with replacement"},
    ),
    "partner weight": (lambda rng: standard(rng, partner_weight=True), {}, {"weighs": None}),
    "four returns": (four_returns, {}, {"weighs": "own", "ratio": "uniform"}),
    "four returns of indices": (four_returns, {"labels": "indices"}, {"weighs": "own"}),
    "nested returns": (lambda rng: four_returns(rng, nested=True), {"labels": "indices"}, {"weighs": "own"}),
    "the partner's ratio is told": (lambda rng: four_returns(rng, weighs_partner=True), {}, {"weighs": "partner"}),
    "stack": (stacked, {"labels": "indices"}, {"weighs": "partner", "per": "sample"}),
    "in place, as agreed": (in_place, {"in_place": True}, {"ratio": "uniform"}),
    "one-hot inside": (one_hot_inside, {"labels": "indices", "classes": 10}, {"ratio": "uniform"}),
    "features alone": (features_alone, {}, {"form": "features"}),
    "three ways": (three_way, {"ways": 3}, {"pairing": "several partners", "per": "batch"}),
    "global state": (legacy_state, {}, {"repeatable": True, "ratio": "Beta"}),
    "label smoothing": (smoothed, {}, {"smoothing": "weighted as the features, smoothed by 0.1"}),
    "cut and pasted": (cut_and_pasted, {}, {"ratio": "constant"}),
    "images": (images, {"shape": (3, 4, 5)}, {"per": "sample", "ratio": "Beta"}),
}


# Name: the function, options of the probe, the finding, and words of its message.
WRONG: dict[str, tuple[Callable[[np.random.Generator], Mix], dict[str, Any], str, str]] = {
    "wrong axis": (wrong_axis, {}, "permutation over the wrong axis", "features are mixed with other features"),
    "wrong axis, as many as samples": (wrong_axis_of_samples, {}, "permutation over the wrong axis", "from axis 1"),
    "discarded": (discarded, {}, "the mix is discarded", "computed and not returned"),
    "labels kept": (labels_kept, {}, "labels are not mixed", "labels come back as they went in"),
    "paired differently": (paired_differently, {}, "inputs and labels are paired differently", "is mixed with sample"),
    "paired inversely": (inversely_paired, {}, "inputs and labels are paired differently", "the inverse permutation"),
    "same class": (same_class_loses, {}, "same-class pairs lose mass", "one weight overwrites the other"),
    "labels broadcast": (labels_broadcast, {"labels": "indices"}, "labels are broadcast", "labels (6,) became (6, 6)"),
    "ratios over classes": (ratios_over_classes, {}, "the ratios are broadcast over the wrong axis", "columns"),
    "averaged ids": (averaged_ids, {"labels": "indices"}, "class ids are averaged", "names a third class"),
    "writes into features": (writes_into_features, {}, "the features are modified in place", "before the call"),
    "reads what it wrote": (reads_what_it_wrote, {}, "mixed in place", "had been overwritten by its own mixture"),
    "weighted the other way": (weighted_the_other_way, {}, "labels weigh the partner by lam", "other weights"),
    "a ratio of its own for labels": (
        own_ratio_for_labels,
        {},
        "inputs and labels have different ratios",
        "same partners",
    ),
    "unnormalised": (unnormalised, {}, "rows do not sum to one", "sums to"),
    "extrapolating": (extrapolating, {}, "negative weights", "outside [0, 1]"),
    "squared": (squared_features, {}, "not a mixture of samples", "not linear, or differs from feature to feature"),
    "cut by half, weighted by a third": (
        lambda rng: cut_and_pasted(rng, weight=1 / 3),
        {},
        "label weights differ from the share of pixels",
        "the share of pixels",
    ),
    "three ways, two expected": (three_way, {}, "too many samples in a row", "mixes 3 samples where at most 2"),
    "switched off": (switched_off, {}, "nothing is mixed", "evaluation mode"),
    "not a number": (dividing_by_zero, {}, "not a number", "is nan"),
}
