"""What a spy answers in the place of a network: numbers of the kind that it really gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from symmix.numeric.arrays import Array


@dataclass(frozen=True)
class Answers:
    """What networks answer: numbers from a seed, or the same row everywhere.

    Attributes
    ----------
    answer
        Which numbers: a seed.
    row
        The row that every row is, where a batch of one sample is passed; None: every row another.
    span
        Where real targets lie, (lowest, highest), so that predictions are tried between them; None for classes.
    moved
        Whether row 0 of every answer is another than usual, for seeing whether rows depend on each other.
    """

    answer: int = 0
    row: int | None = None
    span: tuple[float, float] | None = None
    moved: bool = False

    def values(self, template: Template, number: int, known: dict[Any, Array]) -> Array:
        """Return numbers of the kind that a network really gave."""
        key = (number, template, self.answer, self.span)
        if key not in known:
            drawn = np.random.default_rng([self.answer, number]).uniform(0.25, 1.0, template.shape)
            known[key] = self._kind(drawn, template).astype(template.dtype)
        numbers = known[key]
        if self.row is not None:
            return np.broadcast_to(numbers[self.row % len(numbers)], template.shape).copy()
        if self.moved:
            other = np.random.default_rng([self.answer, number, 1]).uniform(0.25, 1.0, template.shape)
            return np.concatenate([self._kind(other, template)[:1], numbers[1:]])
        return numbers

    def _kind(self, numbers: Array, template: Template) -> Array:
        if template.kind in {"probabilities", "log-probabilities"}:
            shares = numbers / numbers.sum(axis=1, keepdims=True)
            return np.asarray(shares if template.kind == "probabilities" else np.log(shares))
        if self.span is not None:
            low, high = self.span
            return np.asarray(low + (numbers - 0.25) / 0.75 * (high - low))
        return np.asarray(0.15 + 0.7 * (numbers - 0.25) / 0.75) if template.kind == "shares" else numbers


@dataclass(frozen=True)
class Template:
    """The shape of an answer, samples first, and its kind: numbers, shares, probabilities or their logarithms."""

    shape: tuple[int, ...]
    kind: str
    dtype: str


def kind_of(real: torch.Tensor) -> str:
    """Say what kind of numbers a network really gave, samples first.

    >>> kind_of(torch.tensor([[0.25, 0.75]]))
    'probabilities'
    """
    values = real.detach().double()
    if values.ndim >= 2 and values.shape[1] > 1:
        for name, shares in (("probabilities", values), ("log-probabilities", values.exp())):
            total = shares.sum(1)
            fits = bool(torch.all(shares <= 1)) and bool(torch.all(shares >= 0))
            if fits and bool(torch.allclose(total, torch.ones_like(total), atol=1e-2)):
                return name
    return "shares" if bool(torch.all((values >= 0) & (values <= 1))) else "numbers"
