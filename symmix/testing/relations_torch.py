"""The relations with torch's own derivatives, for steps in which no module is called."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from symmix.numeric.arrays import Array
from symmix.testing.relations import EXACT, Slopes, loss_of


class TorchSlopes(Slopes):
    """Derivatives by s that torch computes."""

    error = EXACT

    def native(self, moved: Array) -> Any:
        """Return features as tensors of the type that was passed."""
        return torch.tensor(moved).to(self.arguments.x)

    def _along(self, s: torch.Tensor, bits: Array, direction: int, seed: int) -> torch.Tensor:
        self.calls += 1
        self.snapshot.restore()
        self.snapshot.seed(seed)
        origin, way = (torch.tensor(part).to(s) for part in (self.origin, self.ways[direction]))
        moved = origin + s.reshape(-1, *[1] * origin.ndim) * way
        given = self.arguments.call(np.zeros(len(bits), int), self.arguments.labelled(bits), x=moved)
        loss = loss_of(self.step(*given))
        return loss.sum() if isinstance(loss, torch.Tensor) and loss.requires_grad else (s * 0).sum()

    def _zero(self, bits: Array) -> torch.Tensor:
        return torch.zeros(len(bits), dtype=self.arguments.x.dtype, device=self.arguments.x.device, requires_grad=True)

    def first(self, bits: Array, direction: int, seed: int) -> Array:
        """Return dF/ds at 0."""
        s = self._zero(bits)
        (found,) = torch.autograd.grad(self._along(s, bits, direction, seed), s)
        return np.asarray(found.double().cpu().numpy())

    def second(self, bits: Array, direction: int, seed: int) -> Array:
        """Return the matrix of second derivatives by s at 0."""
        s = self._zero(bits)
        (found,) = torch.autograd.grad(self._along(s, bits, direction, seed), s, create_graph=True)
        if not found.requires_grad:
            return np.zeros((len(bits), len(bits)))
        rows = [torch.autograd.grad(entry, s, retain_graph=True)[0] for entry in found]
        return np.asarray(torch.stack(rows).double().cpu().numpy())
