"""From the calls of a training step to findings: mixing, labels, gradients, the order of events, the modes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from symmix.errors import ImplementationError
from symmix.testing.finding import Finding
from symmix.testing.relations import look_without_a_spy
from symmix.testing.spy import COARSE
from symmix.testing.state import Snapshot, is_module
from symmix.testing.train_step_arguments import Arguments
from symmix.testing.train_step_labels import judge
from symmix.testing.train_step_matrices import DIFFERENT
from symmix.testing.train_step_report import TrainStepReport
from symmix.testing.train_step_spied import ENOUGH, TRIES, Draw, Session

DETACHED = "detaching_the_partner_halves_the_gradient"
INSIDE = 4
"""Draws in which a network is looked into; a layer may be drawn too."""
PIXELS, RATIOS = "label weights differ from the share of pixels", {"inputs and labels have different ratios", DIFFERENT}
WRONG_AXIS = "the loss is reduced over the wrong axis"


def look_at(
    step: Callable[..., Any],
    arguments: Arguments,
    layers: Sequence[str],
    evaluation: Callable[..., Any] | None,
    *,
    detached: bool,
    seed: int,
) -> tuple[TrainStepReport, bool]:
    """Make the calls and report; say whether it is unsure where samples lie. Everything is as it was afterwards."""
    snapshot = Snapshot(step, evaluation, *arguments.given)
    with snapshot.kept(), ExitStack() as stack:
        if not snapshot.modules or "torch" not in sys.modules:
            return look_without_a_spy(step, arguments, snapshot, seed), False
        stack.enter_context(import_module("symmix.testing.spy_torch_calls").one_thread())
        session = _session(step, arguments, snapshot, layers, seed)
        look, failure = _Look(session, detached=detached), None
        try:
            look.at_everything()
        except Exception as error:  # noqa: BLE001  # a step may wait for what a hook inside the network leaves behind
            failure = error
        inside = () if layers or any(draw.mixes for draw in look.draws) else _inside(session)
        if failure is not None and not inside:
            raise failure
        if inside:
            look = _Look(_session(step, arguments, snapshot, inside, seed), detached=detached)
            look.at_everything()
            session = look.session
        if not look.sites:
            return look_without_a_spy(step, arguments, snapshot, seed), False
        if evaluation is not None:
            look.at_evaluation(evaluation)
    return look.report(), session.spy.unsure


def _session(
    step: Callable[..., Any], arguments: Arguments, snapshot: Snapshot, layers: Sequence[str], seed: int
) -> Session:
    from symmix.testing.spy_torch import TorchSpy  # noqa: PLC0415  # torch is imported only where it is used

    spy = TorchSpy(snapshot, frozenset(_around(snapshot, layers)), arguments.samples)
    owner = getattr(step, "__self__", None)
    roots = [item for item in (*arguments.given, owner) if is_module(item)] or snapshot.modules[:1]
    session = Session(step, arguments, snapshot, spy, roots, seed)
    if arguments.soft:
        ends = [np.asarray(arguments.between(share).detach().cpu().double()) for share in (0.0, 1.0)]
        low, high = float(np.min(ends)), float(np.max(ends))
        session.span = (low, high)
    return session


def _inside(session: Session) -> tuple[str, ...]:
    """Find the layers inside the networks at which samples meet, where they do not before."""
    from symmix.testing.spy_torch_layers import meeting_layer  # noqa: PLC0415

    found = []
    for number in range(INSIDE):
        seed = session.seed * 1000 + number
        with suppress(Exception):
            session.call(session.rows, session.arguments.labelled(session.bits()), seed)
        for module, args, kwargs in list(session.spy.last):
            path = meeting_layer(module, args, kwargs, partial(session.prepare, seed))
            if path is not None:
                found.append(path)
    return tuple(dict.fromkeys(found))


def _around(snapshot: Snapshot, layers: Sequence[str]) -> list[int]:
    """Find the modules around named layers."""
    found: list[int] = []
    for layer in layers:
        before = len(found)
        for root in snapshot.modules:
            names = dict(root.named_modules())
            for path in [path for path in names if path == layer or path.endswith("." + layer)]:
                parts = path.split(".")[:-1]
                found += [id(names[".".join(parts[:count])]) for count in range(len(parts) + 1)]
        if len(found) == before:
            paths = [path for root in snapshot.modules for path, _ in root.named_modules() if path]
            raise ImplementationError(
                f"a layer {layer!r} of the model", f"layers {', '.join(paths[:12])} ...", "name one of them"
            )
    return found


class _Look:
    """What is found at a step, gathered."""

    def __init__(self, session: Session, *, detached: bool) -> None:
        self.session, self.detached = session, detached
        self.findings: list[Finding] = []
        self.undecided: list[str] = []
        self.sites: list[str] = []
        self.draws: list[Draw] = []

    def add(self, name: str, message: str, theorem: str = "", *, remark: bool = False) -> None:
        """Note a defect or a remark, each name once."""
        if all(finding.name != name for finding in self.findings):
            self.findings.append(Finding(name, message, theorem, remark=remark))

    def at_everything(self) -> None:
        """Make all calls."""
        self.draws = self._chosen()
        if not self.draws or not self.draws[0].seen.sites:
            return
        self._describe()
        self._at_order()
        if not self._has_gradients():
            return
        for draw in self.draws[:1]:
            self._at_gradients(draw)
        self._at_labels()
        self._at_axes()
        self._at_next_call()

    def _chosen(self) -> list[Draw]:
        """Choose draws that tell own and partner apart, by their ratios."""
        drawn: list[Draw] = []
        for number in range(TRIES):
            drawn.append(self.session.draw(number))
            telling = [draw for draw in drawn if draw.telling * 2 >= self.session.arguments.samples]
            if len(telling) >= ENOUGH and len({draw.heavy for draw in telling}) > 1:
                break  # a ratio below and one above 1/2: folding one of them shows
            if number >= TRIES // 3 and sum(draw.telling > 0 for draw in drawn) >= ENOUGH:
                break
        self.drawn = drawn
        ordered = sorted(drawn, key=lambda draw: -draw.score)
        sides = [
            next((draw for draw in ordered if draw.telling and draw.heavy == side), None) for side in (True, False)
        ]
        first = [draw for draw in sides if draw is not None]
        return (first + [draw for draw in ordered if all(draw is not other for other in first)])[:ENOUGH]

    def _describe(self) -> None:
        draw = self.draws[0]
        for site, mixture in zip(draw.seen.sites, draw.mixtures, strict=True):
            if mixture.weights is None:
                words = "features that are no combination of samples"
            elif not mixture.mixes:
                words = "features that are not mixed"
            else:
                rows = int(((mixture.weights > COARSE).sum(axis=1) > 1).sum())
                words = f"{rows} of {len(mixture.weights)} rows are mixtures of {mixture.how}"
            self.sites.append(f"{site.name}: {words}")

    def _at_order(self) -> None:
        events = self.draws[0].seen.events
        if "backward" in events and "step" in events[: events.index("backward")]:
            self.add(
                "the optimiser steps before the backward pass",
                f"in one call: {', '.join(dict.fromkeys(events))}; the step uses gradients of an earlier batch",
            )
        for site in self.draws[0].seen.sites:
            if site.gradient is not None and not site.training and not site.rested:
                self.add(
                    "the network runs in evaluation mode",
                    f"{site.name} is switched to evaluation mode in the step, and the loss goes backward through it",
                )

    def _has_gradients(self) -> bool:
        seen = self.draws[0].seen
        if any(site.gradient is not None for site in seen.sites):
            return True
        if seen.numeric:
            self.undecided.append("the step returned a plain number, and no backward pass was seen in it")
        elif any(site.trainable for site in seen.sites):
            self.add(
                "the gradient is cut",
                "the loss has no gradient by what the network gives: no_grad, detach, .data or .item()",
            )
        else:
            self.undecided.append("no network with parameters to learn was called")
        return False

    def _at_gradients(self, draw: Draw) -> None:
        """See whether gradients pass from mixed features to what computed them."""
        if self.detached:
            return
        follows, live = self.session.follows(draw), _live(draw)
        for number, (site, mixture) in enumerate(zip(draw.seen.sites, draw.mixtures, strict=True)):
            if not follows[number] or number not in live:
                continue
            if not site.sources:
                earlier = draw.seen.sites[:number]
                lost = [other.name for i, other in enumerate(earlier) if other.trainable and i not in live]
                if lost:
                    self.add(
                        "the gradient is cut",
                        f"{site.name} is given features of {lost[-1]}, and no gradient passes back to it: no_grad or "
                        "detach; pass detached=True if that is meant",
                    )
            elif mixture.mixes and mixture.weights is not None:
                self._at_reach(site.name, mixture.weights, site.reach)

    def _at_reach(self, name: str, weights: Any, reach: Sequence[Any]) -> None:
        whole = np.zeros_like(weights, dtype=bool)
        for part in reach:
            width = min(part.shape[1], whole.shape[1])
            whole[:, :width] |= part[:, :width]
        lost = (weights > COARSE) & ~whole
        rows, own = np.arange(len(weights)), np.arange(len(weights)) % weights.shape[1]
        if not lost.any():
            return
        at = [int(i) for i in np.argwhere(lost)[0]]
        words = f"{name}: row {at[0]} holds {weights[at[0], at[1]]:.4g} of sample {at[1]}, and no gradient reaches it"
        if not lost[rows, own].any():
            self.add("the partner's gradient is cut", f"{words}; it is detached", DETACHED)
        elif np.array_equal(np.nonzero(lost)[1], own[np.nonzero(lost)[0]]):
            self.add("the own sample's gradient is cut", f"{words}; it is detached")
        else:
            self.add("the gradient is cut", f"{words}; pass detached=True if that is meant")

    def _at_labels(self) -> None:
        answers = 4 if self._narrow() else 2
        gathered: dict[int, list[Any]] = {}
        for count, draw in enumerate(self.draws):
            for answer in range(1 if count and answers == 2 else answers):
                for number, found in self.session.readings(draw, answer).items():
                    gathered.setdefault(number, []).extend(found)
        if not gathered:
            self._nothing_readable()
            return
        reasons, decided = [], False
        for number, found in gathered.items():
            finding, reason = judge(found, self._name(number))
            if finding is not None:
                self.add(self._of_patches(finding.name, number), finding.message, remark=finding.remark)
                decided |= finding.remark
            elif reason:
                reasons.append(reason)
            else:
                decided = True
        indifferent = [reason for reason in reasons if "does not change with the labels" in reason]
        if not decided or len(indifferent) < len(reasons):
            self.undecided += reasons
        self._across_sites()
        self._at_mixing()

    def _of_patches(self, name: str, number: int) -> str:
        """Call the weights of a patch its share of the pixels."""
        seen = [draw.mixtures[number] for draw in self.draws if number < len(draw.mixtures)]
        patches = all(mixture.how == "patches" for mixture in seen if mixture.mixes)
        return PIXELS if patches and name in RATIOS else name

    def _name(self, number: int) -> str:
        names = {draw.seen.sites[number].name for draw in self.draws if number < len(draw.seen.sites)}
        return " or ".join(sorted(names))

    def _narrow(self) -> bool:
        return any(site.gradient is not None and site.gradient.shape[1] < 3 for site in self.draws[0].seen.sites)

    def _nothing_readable(self) -> None:
        unread = [t for t, m in zip(self.sites, self.draws[0].mixtures, strict=True) if m.weights is None]
        self.undecided.append(
            (unread[0] + ": mixed otherwise than by weights or patches, or changed by chance before that")
            if unread
            else "no labels can be read: the loss has no gradient for equal labels, or sites change from call to call"
        )

    def _across_sites(self) -> None:
        """Where a network is called twice with other mixtures, and its labels are wrong, say that first."""
        wrong = {"labels are not mixed", "the own label is lost", "labels are mixed otherwise than features"}
        kinds: dict[str, list[Any]] = {}
        for site, total in zip(self.draws[0].seen.sites, self.draws[0].totals, strict=True):
            if site.gradient is not None and total is not None and np.any((total > COARSE).sum(axis=1) > 1):
                kinds.setdefault(site.name, []).append(total)
        for name, totals in kinds.items():
            whole = [total for total in totals if len(total) >= total.shape[1]]  # and no parts of one batch
            apart = any(t.shape == whole[0].shape and np.max(np.abs(t - whole[0])) > COARSE for t in whole[1:])
            if apart and any(finding.name in wrong for finding in self.findings):
                self.findings = [finding for finding in self.findings if finding.name not in wrong]
                self.add(
                    "the model is called twice with different mixtures",
                    f"{name} is given {len(totals)} different mixtures in one step, and the loss has a label of each",
                )

    def _at_mixing(self) -> None:
        if any(draw.telling for draw in self.drawn) or any(not finding.remark for finding in self.findings):
            return
        if any(draw.mixes for draw in self.drawn):
            self.undecided.append("ratios are so near 0 or 1 that own and partner cannot be told apart")
        elif all(draw.readable for draw in self.drawn):
            self.add(
                "nothing is mixed",
                f"in all {len(self.drawn)} draws every sample came alone; inside a model, name the layer: layer='...'",
            )
        else:
            self._nothing_readable()

    def _at_axes(self) -> None:
        for number, site in enumerate(self.draws[0].seen.sites):
            if site.gradient is None:
                continue
            coupled, over_samples = self.session.coupled(self.draws[0], number)
            if coupled and over_samples:
                self.findings.clear()
                self.undecided.clear()
                self.add(
                    WRONG_AXIS,
                    f"{site.name}: the gradients of each output add up to zero over the samples, not over the classes: "
                    "a softmax over axis 0",
                )

    def _at_next_call(self) -> None:
        """Call once more in the state that the last call left: modes that were left changed."""
        session, draw = self.session, self.draws[0]
        labels = session.arguments.labelled(session.bits())
        session.call(session.rows, labels, draw.seed)
        following = session.call(session.rows, labels, draw.seed, keep=True)
        for first, second in zip(draw.seen.sites, following.sites, strict=False):
            if first.name == second.name and first.training and not second.training and second.gradient is not None:
                self.add(
                    "the network is left in evaluation mode",
                    f"{first.name} is in evaluation mode when the step is called for the next batch",
                )

    def at_evaluation(self, evaluation: Callable[..., Any]) -> None:
        """See that nothing is mixed in a step for validation."""
        session = self.session
        other = Session(evaluation, session.arguments, session.snapshot, session.spy, session.roots, session.seed)
        other.training, other.span = False, session.span
        for number in range(TRIES // 4):
            draw = other.draw(number)
            mixed = [s.name for s, m in zip(draw.seen.sites, draw.mixtures, strict=True) if m.mixes]
            if mixed:
                self.add("mixing in evaluation", f"{mixed[0]} is given mixed features by the step for validation")
                return

    def report(self) -> TrainStepReport:
        """Report what was gathered."""
        gaps: list[str] = []
        return TrainStepReport(
            tuple(self.findings),
            tuple(dict.fromkeys(self.undecided)),
            tuple(dict.fromkeys(self.sites)),
            getattr(self.session.spy, "calls", 0),
            "by a spy",
            self.session.seed,
            tuple(gaps),
        )


def _live(draw: Draw) -> set[int]:
    """Sites that the gradient of the loss reaches, through others or by themselves."""
    found: set[int] = set()
    for number, site in reversed(list(enumerate(draw.seen.sites))):
        if site.gradient is not None or number in found:
            found |= {number, *site.sources}
    return found | {number for number, site in enumerate(draw.seen.sites) if site.twin in found}
