"""The gradients of a step whose criterion is only known by what the step does with it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.calling import Caller, Observation
from symmix.testing.conventions import DIFFERENTIATED
from symmix.testing.finding import Finding
from symmix.testing.mistakes import explains
from symmix.testing.plain import Plain, Relation, expected

THEOREM = "detaching_the_partner_halves_the_gradient"


def check_own_gradients(
    caller: Caller, seen: Sequence[Observation], relation: Relation
) -> tuple[tuple[str, ...], list[Finding]]:
    """Compare the gradients with what the relation makes of those of the plain loss; name those compared."""
    names = tuple(name for name in DIFFERENTIATED if seen and all(name in o.gradients for o in seen))
    one_ratio = all(o.batch.one_ratio for o in seen) or caller.ratios == "one a batch"
    asked = relation.mixes == "losses" if caller.labels == "indices" else True
    if not names or (relation.mixes == "losses" and not one_ratio) or not asked:
        return (), []
    found = []
    few = seen[:12]
    plain = [Plain(caller, o.batch) for o in few]
    for name in names:
        claimed = [np.asarray(o.gradients[name]) for o in few]
        wanted = [expected(relation, p, name) for p in plain]
        finding = _named(name, claimed, wanted, caller.written(few[0].batch))
        found += [finding] if finding is not None else []
    return names, found


def _named(
    name: str, claimed: Sequence[Array], wanted: Sequence[tuple[Array, Array, Array]], line: str
) -> Finding | None:
    if name != "b" and not any(np.any(values) for values in claimed):
        text = f"d{name} is zero everywhere: no_grad, detach, or a variable that is not used"
        return Finding("the gradient is cut", text, reproducer=line)
    if _fits(claimed, [value for value, _, _ in wanted]):
        return None
    if name == "z" and _fits(claimed, [own for _, own, _ in wanted]):
        text = "dz: nothing arrives through the partner, it is detached"
        return Finding("the partner's gradient is cut", text, THEOREM, line)
    if name == "z" and _fits(claimed, [partner for _, _, partner in wanted]):
        return Finding("the own sample's gradient is cut", "dz: nothing arrives through the own sample", "", line)
    text = f"d{name} is not what the gradient of the plain loss at the mixed features gives"
    return Finding("the gradient is not that of the mixture", text, reproducer=line)


def _fits(claimed: Sequence[Array], wanted: Sequence[Array]) -> bool:
    return all(explains(w, c) for w, c in zip(wanted, claimed, strict=True))
