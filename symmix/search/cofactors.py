"""Proposes cofactors: ``A = sum_i C_i . e_i``.

Each hypothesis ``e = 0`` is read as a rewriting rule for one of its products. Applying the rules, with a marker tensor
standing for each hypothesis, turns ``A`` into marked products and a rest. If the rest is empty, deleting one marker of
each product leaves the cofactors. The search may fail; what it finds the kernel multiplies out again and compares with
``A``, so nothing here has to be trusted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from symmix.kernel.calculus import Raw, Template, splice
from symmix.kernel.cofactors import Cofactors, Hypothesis, over_samples
from symmix.kernel.networks import Expression, delta, ones, zeros
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor
from symmix.kernel.scalars import Polynomial
from symmix.search.embeddings import embeddings

MARKER = "\N{BLACK SQUARE}"
_MAX_ROUNDS = 200  # of rewriting; a system that needs more is reported as not decided,
_MAX_PRODUCTS = 1000  # and so is one that grows beyond this, or tenfold,
_MAX_LENGTH = 64  # or one whose products grow longer than this, and than all rules in turn would make them


@dataclass(frozen=True)
class _Rule:
    lead: Product
    slots: tuple[str, ...]
    fixed: Mapping[Index, Index]  # the samples that the hypothesis is about, which match themselves alone
    replacement: Expression  # over the slots and those samples; holds the hypothesis's marker


def find_cofactors(goal: Expression, hypotheses: Sequence[Hypothesis], units: frozenset[str]) -> Cofactors | None:
    """Express the goal by the hypotheses, or return None if the rewriting does not get there.

    ``units`` are the scalars known not to be zero: only by those (and by numbers and dimensions) is divided. The goal
    of what is found is over all samples that the hypotheses are about.
    """
    goal, given = over_samples(goal, hypotheses)
    markers = tuple(Tensor(f"{MARKER}{i}", tuple(h.expression.free[s] for s in h.slots)) for i, h in enumerate(given))
    rest, marked = _reduce(goal, _rules(given, markers, units))
    if not rest.is_zero:
        return None
    found = replace(_collect_cofactors(goal, marked, given, markers), units=units)
    return found if found.holds else None


def _rules(hypotheses: Sequence[Hypothesis], markers: Sequence[Tensor], units: frozenset[str]) -> list[_Rule]:
    rules: list[_Rule] = []
    for number, (hypothesis, marker) in enumerate(zip(hypotheses, markers, strict=True)):
        rest, marked = _reduce(hypothesis.expression, rules)
        others = [h.expression for i, h in enumerate(hypotheses) if i != number]
        lead = _choose_lead(rest, hypothesis.slots, others, units)
        inverse = rest.terms[lead].reciprocal() if lead is not None else None
        if lead is None or inverse is None:
            continue  # redundant, or nothing in it can be solved for
        free = hypothesis.expression.free
        itself = Expression(free, [(Polynomial.constant(1), [Factor(marker, hypothesis.slots)])])
        tail = rest - Expression(free, [(rest.terms[lead], lead)])
        fixed: dict[Index, Index] = {index: index for index in hypothesis.samples}
        rules.append(_Rule(lead, hypothesis.slots, fixed, (itself - marked - tail) * inverse))
    return rules


def _choose_lead(
    rest: Expression, slots: Sequence[str], others: Sequence[Expression], units: frozenset[str]
) -> Product | None:
    """Prefer to solve for something that occurs nowhere else; failing that, rewrite the longest product."""
    names = units | rest.dims

    def usable(product: Product) -> bool:
        seen = {i for f in product for i in f.indices}
        unit = rest.terms[product].reciprocal() is not None and rest.terms[product].names <= names
        return unit and bool(product) and set(slots) <= seen and all(f.tensor.name != DELTA for f in product)

    def rank(product: Product) -> tuple[bool, int, int, list[str]]:
        own = {f.tensor for f in product}
        elsewhere = {f.tensor for p in rest.terms if p != product for f in p}
        solved = not own <= elsewhere
        wanted_by = sum(1 for e in others if e.tensors & own)
        length = len(product) if solved else -len(product)
        return not solved, wanted_by, length, [_descending(f.tensor.name) for f in product]

    return min((p for p in rest.terms if usable(p)), key=rank, default=None)


def _descending(name: str) -> str:
    """Sort key that puts later names first: of ``y - W z - b`` it is y that is solved for."""
    return "".join(chr(0x10FFFF - ord(letter)) for letter in name)


# -- rewriting ---


def _reduce(expression: Expression, rules: Sequence[_Rule]) -> tuple[Expression, Expression]:
    """Rewrite until no rule applies; return what is left unmarked, and the marked products."""
    marked = rest = zeros(expression.free)
    todo = expression
    bound = max(_MAX_PRODUCTS, 10 * len(expression.terms))
    longest = max(_MAX_LENGTH, _longest(expression) + sum(_longest(rule.replacement) for rule in rules))
    for _ in range(_MAX_ROUNDS):
        if todo.is_zero or len(todo.terms) > bound or _longest(todo) > longest:
            break
        raw: list[tuple[Polynomial, Sequence[Factor]]] = []
        still: dict[Product, Polynomial] = {}
        aside: dict[Product, Polynomial] = {}
        for product, c in todo.terms.items():
            if any(f.tensor.name.startswith(MARKER) for f in product):
                aside[product] = c
            elif (rewritten := _rewrite(product, rules)) is None:
                still[product] = c
            else:
                raw.extend((c * scale, factors) for scale, factors in rewritten)
        marked, rest = marked + todo.map_coefficients(aside), rest + todo.map_coefficients(still)
        todo = Expression(todo.free, raw)
    return rest + todo, marked


def _longest(expression: Expression) -> int:
    return max(map(len, expression.terms), default=0)


def _rewrite(product: Product, rules: Sequence[_Rule]) -> list[tuple[Polynomial, list[Factor]]] | None:
    for rule in rules:
        for places, names, sign in embeddings(rule.lead, product, rule.fixed):
            rest = [f for i, f in enumerate(product) if i not in places]
            dims = tuple(rule.replacement.free[slot] for slot in rule.slots)
            site = Tensor("site", dims)
            factors = [*rest, Factor(site, tuple(names[slot] for slot in rule.slots))]
            spliced = splice(factors, {len(rest): Template(site, rule.slots, rule.replacement)})
            return [(scale * sign, body) for scale, body in spliced]
    return None


# -- collecting ---


def _collect_cofactors(
    goal: Expression, marked: Expression, hypotheses: tuple[Hypothesis, ...], markers: Sequence[Tensor]
) -> Cofactors:
    pairs = list(zip(markers, hypotheses, strict=True))
    definitions = [Template(marker, h.slots, h.expression) for marker, h in pairs]
    factors, all_slots = [], []
    for number, (marker, hypothesis) in enumerate(pairs):
        slots = tuple(f"{MARKER}{number}.{index}" for index in hypothesis.slots)
        unit = ones()
        for index, slot, dim in zip(hypothesis.slots, slots, marker.dims, strict=True):
            unit = unit * delta(index, slot, dim)
        raw: Raw = []
        for product, c in marked.terms.items():
            place = next(i for i, f in enumerate(product) if f.tensor.name.startswith(MARKER))
            if product[place].tensor == marker:
                spliced = splice(product, {place: Template(marker, hypothesis.slots, unit)})
                raw.extend((c * scale, body) for scale, body in spliced)
        free = {**goal.free, **dict(zip(slots, marker.dims, strict=True))}
        factors.append(_with_hypotheses(Expression(free, raw), definitions))
        all_slots.append(slots)
    return Cofactors(goal, hypotheses, tuple(factors), tuple(all_slots))


def _with_hypotheses(factor: Expression, definitions: Sequence[Template]) -> Expression:
    """Put the hypotheses in the place of the markers that are left in a cofactor."""
    raw = (
        (c * scale, factors)
        for product, c in factor.terms.items()
        for scale, factors in splice(
            product, {i: d for i, f in enumerate(product) for d in definitions if d.tensor == f.tensor}
        )
    )
    return Expression(factor.free, raw)
