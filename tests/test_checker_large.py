"""The second checker at large statements and symmetric products: it says what the kernel says, within its bounds."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

import pytest

from symmix import Identity, Theorem, checker, theorem
from symmix.checker import Algebra, Component, Meter
from tests.benchmarks.cliffs import sums
from tests.test_labelling import GRAPHS, LOOKALIKES, A, contraction, least, moved, renumbered, symmetric_product

FAMILIES: dict[str, tuple[Callable[..., Identity], int]] = {
    "a power of a sum": (sums.power, 12),
    "the trace of a power": (sums.trace, 7),
    "a residual network": (sums.residual_network, 7),
    "telescoping": (sums.telescoping, 7),
    "descent": (sums.descent, 3),
    "a chain": (sums.chain, 150),
}


def certified(claim: Identity, miss: Identity) -> str:
    def state() -> Theorem:
        return Theorem(claim=claim, near_misses={"a slip": miss})

    state.__doc__ = "What is large can be decided."
    return theorem(answers="can it?")(state).prove().certificate()


@pytest.mark.parametrize("name", FAMILIES)
def test_large_statements_are_checked_within_the_bounds(name: str) -> None:
    family, size = FAMILIES[name]
    document = json.loads(certified(family(size, 1), family(min(size, 7), 1, slip=True)))
    report = checker.check(document)
    assert report.accepted, report.reason
    turned = {**document["statement"], "claims": document["statement"]["near_misses"]}
    turned["near_misses"] = document["statement"]["claims"]
    evidence = document["evidence"]
    swapped = {"claims": [{"kind": "equal", "met": None}], "proofs": [], "near_misses": evidence["near_misses"]}
    forged = {**document, "statement": turned, "digest": checker.digest(turned), "evidence": swapped}
    found = checker.check(forged)
    assert not found.accepted
    assert len(found.results) == 0 or not any(result.accepted for result in found.results)


def form_of(product: object, seed: int = 0) -> Component:
    """Return the checker's form of a product, from the kernel's notation."""
    factors = renumbered(product, seed)  # type: ignore[arg-type]
    numbers: dict[object, int] = {}
    free = {"i": -1, "j": -2}
    at = [
        (t.name, tuple(free[i] if isinstance(i, str) else numbers.setdefault(i, len(numbers)) for i in ix))
        for t, ix in factors
    ]
    return Algebra(Meter(10**7)).canonical((("n",) * len(numbers), tuple(at)))


@pytest.mark.parametrize("name", GRAPHS)
def test_every_numbering_of_a_symmetric_graph_leads_to_one_form(name: str) -> None:
    assert len({form_of(contraction(GRAPHS[name], 1), seed) for seed in range(4)}) == 1


@pytest.mark.parametrize("name", LOOKALIKES)
def test_graphs_that_look_alike_have_two_forms(name: str) -> None:
    one, other = ({form_of(contraction(edges, 1), seed) for seed in range(2)} for edges in LOOKALIKES[name])
    assert (len(one), len(other)) == (1, 1)
    assert one != other


def test_small_products_have_one_form_exactly_when_some_numbering_makes_them_one() -> None:
    random = Random(6)
    for _ in range(200):
        one = symmetric_product(random)
        for other in (one, moved(one, random)):
            same = least(one) == least(other)
            assert (form_of(one, 3) == form_of(other, random.randrange(999))) is same, (one, other)


def test_the_work_for_symmetric_products_is_bounded() -> None:
    meter = Meter(300)
    product = contraction(GRAPHS["a cube"], 1)
    component = ("n",) * 32, tuple((A.name, tuple(int(i) for i in ix)) for _, ix in product)
    with pytest.raises(checker.RejectedError, match="more work than this checker does"):
        Algebra(meter).canonical(component)
