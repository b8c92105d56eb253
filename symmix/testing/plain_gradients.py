"""The gradients of a step whose criterion is only known by what the step does with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.calling import Caller, Observation
from symmix.testing.conventions import DIFFERENTIATED
from symmix.testing.finding import Finding
from symmix.testing.mistakes import explains
from symmix.testing.plain import Plain, Relation, expected, terms, total

THEOREM = "detaching_the_partner_halves_the_gradient"
PARTNER_CUT = "dz: nothing arrives through the partner, it is detached"


def check_own_gradients(
    caller: Caller, seen: Sequence[Observation], relation: Relation
) -> tuple[tuple[str, ...], list[Finding]]:
    """Compare the gradients with what the relation makes of those of the plain loss; name those compared."""
    names = tuple(name for name in DIFFERENTIATED if seen and all(name in o.gradients for o in seen))
    few = seen[:12]
    plain = [Plain(caller, o.batch) for o in few]
    asked = _asked(caller, few, plain, relation)
    if not names or asked is None:
        return (), []
    found = []
    for name in names:
        claimed = [np.asarray(o.gradients[name]) for o in few]
        wanted = [expected(asked, p, name) for p in plain]
        finding = _named(name, claimed, wanted, caller.written(few[0].batch))
        found += [finding] if finding is not None else []
    return names, found


def _asked(caller: Caller, seen: Sequence[Observation], plain: Sequence[Plain], relation: Relation) -> Relation | None:
    """Find a way in which plain losses give the loss: with mixed labels or, as for class indices, with mixed losses."""
    one_ratio = all(o.batch.one_ratio for o in seen) or caller.ratios == "one a batch"
    ways = [replace(relation, mixes=mixes) for mixes in ("labels", "losses")]
    ways = [
        w for w in ways if (w.mixes == "labels" and caller.labels != "indices") or (w.mixes == "losses" and one_ratio)
    ]
    for way in ways:
        scale = 1 / (1 + way.erm)
        values = [scale * total(p, terms(way, p.batch)) for p in plain]
        if way.erm:
            values = [v + way.erm * scale * p.at(p.batch.z, p.batch.y).loss for v, p in zip(values, plain, strict=True)]
        if all(explains(np.asarray(value), o.loss) for value, o in zip(values, seen, strict=True)):
            return way
    return None


def _named(
    name: str, claimed: Sequence[Array], wanted: Sequence[tuple[Array, Array, Array]], line: str
) -> Finding | None:
    if name != "b" and not any(np.any(values) for values in claimed):
        text = f"d{name} is zero everywhere: no_grad, detach, or a variable that is not used"
        return Finding("the gradient is cut", text, reproducer=line)
    if _fits(claimed, [value for value, _, _ in wanted]):
        return None
    if name == "z" and _fits(claimed, [own for _, own, _ in wanted]):
        return Finding("the partner's gradient is cut", PARTNER_CUT, THEOREM, line)
    if name == "z" and _fits(claimed, [partner for _, _, partner in wanted]):
        return Finding("the own sample's gradient is cut", "dz: nothing arrives through the own sample", "", line)
    text = f"d{name} is not what the gradient of the plain loss at the mixed features gives"
    return Finding("the gradient is not that of the mixture", text, reproducer=line)


def _fits(claimed: Sequence[Array], wanted: Sequence[Array]) -> bool:
    return all(explains(w, c) for w, c in zip(wanted, claimed, strict=True))
