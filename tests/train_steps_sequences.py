"""Training steps on sequences, which torch's recurrent layers and transformers take with time first: (T, N, D)."""

from __future__ import annotations

from typing import Any

from tests.train_steps import CLASSES, Made, Maker, drawn, functional, ids, nn, torch, two


class Recurrent(nn.Module):  # type: ignore[misc]  # torch is untyped here
    def __init__(self) -> None:
        super().__init__()
        self.body, self.head = nn.GRU(5, 9), nn.Linear(9, CLASSES)

    def forward(self, x: Any) -> Any:
        return self.head(self.body(x)[0][-1])


def sequences(time: int, samples: int, how: str = "", *, turned: bool) -> Maker:
    """Pass sequences with time first, or turn them inside the step."""

    def make() -> Made:
        def train_step(model: Any, x: Any, y: Any) -> Any:
            x = x.transpose(0, 1) if turned else x
            lam, p = drawn(y)
            out = model(lam * x + (1 - lam) * x[:, p])
            if how == "unmixed":
                return functional.cross_entropy(out, y)
            return two(functional.cross_entropy, out, y, torch.randperm(len(y)) if how == "again" else p, lam)

        shape = (samples, time, 5) if turned else (time, samples, 5)
        return train_step, (Recurrent(), torch.randn(shape), ids()[:samples]), {}

    return make


def attention() -> Made:
    class Text(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.embed, self.body = nn.Embedding(40, 8), nn.TransformerEncoderLayer(8, 2, 16)
            self.head = nn.Linear(8, CLASSES)

    def train_step(model: Any, input_ids: Any, y: Any) -> Any:
        e = model.embed(input_ids).permute(1, 0, 2)
        lam, p = torch.rand(len(y)), torch.randperm(len(y))
        own = lam[None, :, None]
        out = model.head(model.body(own * e + (1 - own) * e[:, p]).mean(0))
        first, second = (functional.cross_entropy(out, v, reduction="none") for v in (y, y[p]))
        return (lam * first + (1 - lam) * second).mean()

    return train_step, (Text(), torch.randint(0, 40, (8, 6)), ids()), {}


SEQUENCES: dict[str, Maker] = {
    "as many times as samples": sequences(8, 8, turned=False),
    "as many times as samples, turned": sequences(6, 8, turned=True),
    "as many times as samples, four": sequences(4, 4, turned=True),
    "twice as many times": sequences(12, 6, turned=False),
    "fewer times": sequences(5, 8, turned=False),
    "attention over as many": attention,
}

WRONG_SEQUENCES: dict[str, tuple[Maker, str]] = {
    "as many times as samples, unmixed": (sequences(8, 8, "unmixed", turned=True), "labels are not mixed"),
    "as many times as samples, again": (
        sequences(8, 8, "again", turned=False),
        "inputs and labels are paired differently",
    ),
}
