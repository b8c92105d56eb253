"""What training steps are made of, for tests: networks, batches, mixtures; it needs torch."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="torch is not installed: training steps on it are not looked at")
nn: Any = torch.nn
functional = torch.nn.functional
Made = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
"""A step, the arguments of a call, and options of the check."""
Maker = Callable[[], Made]

CLASSES = 7


def network(outputs: int = CLASSES) -> Any:
    return nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(2), nn.Flatten(),
        nn.Dropout(0.3), nn.Linear(32, outputs),
    )  # fmt: skip


def images() -> Any:
    return torch.rand(8, 3, 8, 8)


def ids() -> Any:
    return torch.tensor([0, 3, 1, 5, 2, 6, 4, 0])


def batch() -> tuple[Any, Any, Any]:
    return network(), images(), ids()


def drawn(x: Any) -> tuple[float, Any]:
    return float(np.random.beta(1.0, 1.0)), torch.randperm(len(x))


def two(criterion: Callable[..., Any], out: Any, y: Any, p: Any, lam: Any) -> Any:
    return lam * criterion(out, y) + (1 - lam) * criterion(out, y[p])


def mixed(v: Any, p: Any, lam: Any) -> Any:
    return lam * v + (1 - lam) * v[p]


def cutmix_box(x: Any, lam: float) -> tuple[slice, slice]:
    h, w = x.shape[-2:]
    cut = np.sqrt(1 - lam)
    row, column = np.random.randint(h), np.random.randint(w)
    high, wide = int(h * cut) // 2, int(w * cut) // 2
    return slice(max(row - high, 0), row + high), slice(max(column - wide, 0), column + wide)


class Encoder(nn.Module):  # type: ignore[misc]  # torch is untyped here
    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(192, 16), nn.ReLU())
        self.head = nn.Linear(16, CLASSES)

    def forward(self, x: Any) -> Any:
        return self.head(self.encoder(x))


class Manifold(nn.Module):  # type: ignore[misc]
    """Mixes inside its forward pass, at a layer that is drawn."""

    def __init__(self) -> None:
        super().__init__()
        self.layer1 = nn.Conv2d(3, 8, 3, padding=1)
        self.layer2 = nn.Conv2d(8, 8, 3, padding=1, stride=2)
        self.fc = nn.Linear(8 * 4 * 4, CLASSES)

    def forward(self, x: Any, y: Any = None) -> Any:
        lam, p = drawn(x)
        where = random.randrange(3) if y is not None else -1
        h = mixed(x, p, lam) if where == 0 else x
        h = torch.relu(self.layer1(h))
        h = mixed(h, p, lam) if where == 1 else h
        h = torch.relu(self.layer2(h)).flatten(1)
        h = mixed(h, p, lam) if where == 2 else h
        return self.fc(h) if y is None else (self.fc(h), y, y[p], lam)


class Hooked(nn.Module):  # type: ignore[misc]
    def __init__(self, how: str = "") -> None:
        super().__init__()
        self.layer1 = nn.Conv2d(3, 8, 3, padding=1)
        self.layer2 = nn.Conv2d(8, 8, 3, padding=1, stride=2)
        self.fc = nn.Linear(8 * 4 * 4, CLASSES)
        self.lam, self.p = 1.0, torch.arange(0)
        self.how = how
        self.layer2.register_forward_pre_hook(self.mix)

    def mix(self, _module: Any, inputs: Any) -> Any:
        if not (self.training or self.how == "always"):
            return None
        self.lam, self.p = drawn(inputs[0])
        z = inputs[0]
        other = z[self.p].detach() if self.how == "detached" else z[self.p]
        return (self.lam * z + (1 - self.lam) * other,)

    def forward(self, x: Any) -> Any:
        return self.fc(torch.relu(self.layer2(torch.relu(self.layer1(x)))).flatten(1))


def hooked_step(model: Any, x: Any, y: Any) -> Any:
    out = model(x)
    p = torch.randperm(len(x)) if model.how == "shuffled" else model.p
    return two(functional.cross_entropy, out, y, p, model.lam)


def validation(model: Any, x: Any, y: Any) -> Any:
    with torch.no_grad():
        return functional.cross_entropy(model(x), y)


class Probabilities(nn.Module):  # type: ignore[misc]
    def __init__(self, *, log: bool) -> None:
        super().__init__()
        self.net, self.log = network(), log

    def forward(self, x: Any) -> Any:
        return torch.log_softmax(self.net(x), 1) if self.log else torch.softmax(self.net(x), 1)


class Criterion(nn.Module):  # type: ignore[misc]
    """A criterion with a parameter of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.temperature = nn.Parameter(torch.tensor(1.5))

    def forward(self, out: Any, y: Any, other: Any, lam: Any) -> Any:
        out = out / self.temperature
        return lam * functional.cross_entropy(out, y) + (1 - lam) * functional.cross_entropy(out, other)


class Lit(nn.Module):  # type: ignore[misc]
    """The shape of a module of Lightning."""

    def __init__(self, how: str = "") -> None:
        super().__init__()
        self.net, self.loss, self.how = network(), nn.CrossEntropyLoss(), how

    def forward(self, x: Any) -> Any:
        return self.net(x)

    def training_step(self, batch: Any, _batch_idx: int) -> Any:
        x, y = batch
        lam, p = drawn(x)
        out = self(mixed(x, p, lam))
        own = 1 - lam if self.how == "swapped" else lam
        return {"loss": own * self.loss(out, y) + (1 - own) * self.loss(out, y[p])}


class Trainer:
    """The shape of a trainer of transformers."""

    def __init__(self, how: str = "") -> None:
        self.how = how

    def compute_loss(self, model: Any, inputs: dict[str, Any], return_outputs: bool = False) -> Any:  # noqa: FBT001, FBT002
        labels = inputs.pop("labels")
        lam, p = drawn(labels)
        pixels = inputs["pixel_values"]
        logits = model(mixed(pixels, p, lam))
        q = torch.argsort(p) if self.how == "inverse" else p
        loss = two(functional.cross_entropy, logits, labels, q, lam)
        return (loss, {"logits": logits}) if return_outputs else loss


class Drawn(Hooked):
    """Mixes at a layer that is drawn, inside a forward pass that is given no labels."""

    def __init__(self) -> None:
        super().__init__()
        self.layer3 = nn.Conv2d(8, 8, 3, padding=1)

    def mix(self, _module: Any, _inputs: Any) -> Any:
        return None

    def forward(self, x: Any) -> Any:
        self.lam, self.p = drawn(x)
        where = random.randrange(3) if self.training else -1
        for number, layer in enumerate((self.layer1, self.layer2, self.layer3)):
            x = torch.relu(layer(mixed(x, self.p, self.lam) if where == number else x))
        return self.fc(x.flatten(1))
