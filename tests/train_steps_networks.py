"""Right training steps: networks, trainers, optimisers and places of mixing of many kinds."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.train_steps import (
    CLASSES,
    Criterion,
    Drawn,
    Encoder,
    Hooked,
    Lit,
    Made,
    Maker,
    Manifold,
    Probabilities,
    Trainer,
    batch,
    drawn,
    functional,
    hooked_step,
    ids,
    images,
    mixed,
    network,
    nn,
    torch,
    two,
    validation,
)
from tests.train_steps_labels import reference


def clean_loss_added() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        clean = functional.cross_entropy(model(x), y)
        decay = sum((w**2).sum() for w in model.parameters()) * 1e-4
        return clean + 0.5 * two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam) + decay

    return train_step, batch(), {}


def clean_and_mixed_in_one_batch() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        out = model(torch.cat([x, mixed(x, p, lam)]))
        plain = functional.cross_entropy(out[: len(x)], y)
        return plain + two(functional.cross_entropy, out[len(x) :], y, p, lam)

    return train_step, batch(), {}


def two_independent_mixtures() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        total = torch.zeros(())
        for _ in range(2):
            lam, p = drawn(x)
            total = total + two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)
        return total

    return train_step, batch(), {}


def preprocessed_on_the_way() -> Made:
    def train_step(model: Any, data: dict[str, Any]) -> Any:
        x = data["pixels"].float() / 255
        x = (x - x.new_tensor([0.4, 0.5, 0.6])[:, None, None]) / 0.25
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), data["label"], p, lam)

    pixels = torch.randint(0, 256, (8, 3, 8, 8), dtype=torch.uint8)
    return train_step, (network(), {"pixels": pixels, "label": ids()}), {"features": "pixels"}


def generators_of_its_own() -> Made:
    rng, generator = np.random.default_rng(5), torch.Generator().manual_seed(5)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = float(rng.beta(2, 2)), torch.randperm(len(x), generator=generator)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def fresh_entropy() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        rng = np.random.default_rng()
        lam, p = float(rng.beta(2, 2)), torch.from_numpy(rng.permutation(len(x)))
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def manifold_outside() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        z = model.encoder(x)
        lam, p = drawn(z)
        return two(functional.cross_entropy, model.head(mixed(z, p, lam)), y, p, lam)

    return train_step, (Encoder(), images(), ids()), {}


def manifold_inside() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        out, own, other, lam = model(x, y)
        return lam * functional.cross_entropy(out, own) + (1 - lam) * functional.cross_entropy(out, other)

    return train_step, (Manifold(), images(), ids()), {}


def layer_with_a_hook() -> Made:
    return hooked_step, (Hooked(), images(), ids()), {"layer": "layer2", "evaluation": validation}


def log_probabilities() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.nll_loss, model(mixed(x, p, lam)), y, p, lam)

    return train_step, (Probabilities(log=True), images(), ids()), {}


def divergence() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        target = mixed(functional.one_hot(y, CLASSES).float() * 0.9 + 0.1 / CLASSES, p, lam)
        return functional.kl_div(model(mixed(x, p, lam)), target, reduction="batchmean")

    return train_step, (Probabilities(log=True), images(), ids()), {}


def focal() -> Made:
    def criterion(out: Any, y: Any) -> Any:
        logp = torch.log_softmax(out, 1).gather(1, y[:, None])[:, 0]
        return (-((1 - logp.exp()) ** 2) * logp).mean()

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(criterion, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def masks() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, (nn.Conv2d(3, 4, 1), images(), torch.randint(0, 4, (8, 8, 8))), {}


def embedded_tokens() -> Made:
    class Text(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.embed, self.body = nn.Embedding(50, 12), nn.GRU(12, 9, batch_first=True)
            self.out = nn.Linear(9, CLASSES)

    def train_step(model: Any, batch: dict[str, Any]) -> Any:
        e = model.embed(batch["input_ids"])
        lam, p = drawn(e)
        h = model.body(mixed(e, p, lam))[0][:, -1]
        return two(functional.cross_entropy, model.out(h), batch["labels"], p, lam)

    tokens = {"input_ids": torch.randint(0, 50, (8, 5)), "labels": ids(), "attention_mask": torch.ones(8, 5)}
    return train_step, (Text(), tokens), {}


def criterion_as_a_module() -> Made:
    criterion = Criterion()

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return criterion(model(mixed(x, p, lam)), y, y[p], lam)

    return train_step, batch(), {}


def lightning_shaped() -> Made:
    return Lit().training_step, ((images(), ids()), 0), {}


def trainer_shaped() -> Made:
    return Trainer().compute_loss, (network(), {"pixel_values": images(), "labels": ids()}), {}


def two_heads() -> Made:
    class Heads(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.first, self.second = network(), network()

        def forward(self, x: Any) -> Any:
            return self.first(x), self.second(x)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        main, extra = model(mixed(x, p, lam))
        c = functional.cross_entropy
        return two(c, main, y, p, lam) + 0.4 * two(c, extra, y, p, lam)

    return train_step, (Heads(), images(), ids()), {}


def teacher() -> Made:
    class Pair(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.student, self.teacher = network(), network()

        def training_step(self, batch: Any) -> Any:
            x, y = batch
            lam, p = drawn(x)
            inputs = mixed(x, p, lam)
            out = self.student(inputs)
            with torch.no_grad():
                soft = torch.softmax(self.teacher(inputs), 1)
                for slow, fast in zip(self.teacher.parameters(), self.student.parameters(), strict=True):
                    slow.data.mul_(0.99).add_(fast.data, alpha=0.01)
            close = functional.kl_div(torch.log_softmax(out, 1), soft, reduction="batchmean")
            return two(functional.cross_entropy, out, y, p, lam) + close

    return Pair().training_step, ((images(), ids()),), {}


def closure_and_lbfgs() -> Made:
    model, x, y = batch()
    optimiser = torch.optim.LBFGS(model.parameters(), max_iter=2)

    def train_step(x: Any, y: Any) -> Any:
        lam, p = drawn(x)

        def closure() -> Any:
            optimiser.zero_grad()
            loss = two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)
            loss.backward()
            return loss

        return optimiser.step(closure)

    return train_step, (x, y), {}


def in_place() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam = float(np.random.beta(1, 1))
        other = x.flip(0).mul_(1 - lam)
        x.mul_(lam).add_(other)
        rows = functional.one_hot(y, CLASSES).float()
        rows = rows.mul(lam) + rows.flip(0).mul(1 - lam)
        return functional.cross_entropy(model(x), rows)

    return train_step, batch(), {}


def double_precision() -> Made:
    model, x, y = batch()
    return reference()[0], (model.double(), x.double(), y), {}


def half_precision_inside() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def binary() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.binary_cross_entropy_with_logits, model(mixed(x, p, lam)).squeeze(1), y, p, lam)

    return train_step, (network(1), images(), torch.tensor([0.0, 1, 1, 0, 1, 0, 0, 1])), {}


def ratio_of_half_precision() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = torch.rand(()).half().float(), torch.randperm(len(x))
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def functional_network() -> Made:
    weight = torch.randn(CLASSES, 192, requires_grad=True)
    layer = nn.Linear(192, CLASSES)

    def train_step(x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        out = layer(mixed(x, p, lam).flatten(1)) + (weight**2).sum() * 0
        return two(functional.cross_entropy, out, y, p, lam)

    return train_step, (images(), ids()), {}


def layer_is_found() -> Made:
    return hooked_step, (Hooked(), images(), ids()), {}


def layer_is_drawn() -> Made:
    return hooked_step, (Drawn(), images(), ids()), {"evaluation": validation}


def augmented_before() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        turned = torch.rand(len(x)) < 0.5
        x = torch.where(turned[:, None, None, None], x.flip(3), x)
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def pairs_of_other_classes() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        p = torch.where(y[p] == y, torch.arange(len(x)), p)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def hardest_samples() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        out = model(mixed(x, p, lam))
        own, other = (functional.cross_entropy(out, v, reduction="none") for v in (y, y[p]))
        return (lam * own + (1 - lam) * other).topk(len(x) * 2 // 3).values.mean()

    return train_step, batch(), {}


def weights_of_samples() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        rows = mixed(functional.one_hot(y, CLASSES).float(), p, lam)
        weight = rows @ torch.linspace(0.5, 2, CLASSES)
        loss = -(rows * torch.log_softmax(model(mixed(x, p, lam)), 1)).sum(1)
        return (weight * loss).mean()

    return train_step, batch(), {}


def one_size_of_batch() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        out = model(mixed(x, p, lam)).reshape(2, 4, CLASSES).flatten(0, 1)
        return two(functional.cross_entropy, out, y, p, lam)

    return train_step, batch(), {}


def ignored_ids() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.cross_entropy, model(mixed(x, p, lam)), y, p, lam)

    return train_step, (network(), images(), torch.tensor([-100, 3, 1, -100, 2, 6, 4, 0])), {}


def loss_inside_the_model() -> Made:
    class Model(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.body, self.drop, self.head = network(9), nn.Dropout(0.5), nn.Linear(9, CLASSES)

        def forward(self, x: Any, labels: Any) -> Any:
            return functional.cross_entropy(self.head(self.drop(self.body(x))), labels)

    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        inputs = mixed(x, p, lam)
        return lam * model(inputs, labels=y) + (1 - lam) * model(inputs, labels=y[p])

    return train_step, (Model(), images(), ids()), {}


def hinge() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.multi_margin_loss, model(mixed(x, p, lam)), y, p, lam)

    return train_step, batch(), {}


def sign_labels() -> Made:
    def train_step(model: Any, x: Any, y: Any) -> Any:
        lam, p = drawn(x)
        return two(functional.soft_margin_loss, model(mixed(x, p, lam)).squeeze(1), y, p, lam)

    return train_step, (network(1), images(), torch.tensor([1.0, -1, 1, -1, 1, 1, -1, -1])), {}


NETWORKS: dict[str, Maker] = {
    "clean loss added": clean_loss_added,
    "clean and mixed in one batch": clean_and_mixed_in_one_batch,
    "two independent mixtures": two_independent_mixtures,
    "preprocessed on the way": preprocessed_on_the_way,
    "generators of its own": generators_of_its_own,
    "fresh entropy": fresh_entropy,
    "manifold, outside": manifold_outside,
    "manifold, inside": manifold_inside,
    "layer with a hook": layer_with_a_hook,
    "log-probabilities": log_probabilities,
    "divergence": divergence,
    "focal": focal,
    "masks": masks,
    "embedded tokens": embedded_tokens,
    "criterion as a module": criterion_as_a_module,
    "lightning-shaped": lightning_shaped,
    "trainer-shaped": trainer_shaped,
    "two heads": two_heads,
    "teacher": teacher,
    "closure and LBFGS": closure_and_lbfgs,
    "in place": in_place,
    "double precision": double_precision,
    "half precision inside": half_precision_inside,
    "binary": binary,
    "ratio of half precision": ratio_of_half_precision,
    "functional network": functional_network,
    "layer is found": layer_is_found,
    "layer is drawn": layer_is_drawn,
    "augmented before": augmented_before,
    "pairs of other classes": pairs_of_other_classes,
    "hardest samples": hardest_samples,
    "weights of samples": weights_of_samples,
    "one size of batch": one_size_of_batch,
    "ignored ids": ignored_ids,
    "loss inside the model": loss_inside_the_model,
    "hinge": hinge,
    "sign labels": sign_labels,
}
