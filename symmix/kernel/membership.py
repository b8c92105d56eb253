"""Why an expression vanishes where others do: cofactors, ``A = sum_i C_i . e_i``.

Each hypothesis ``e = 0`` is read as a rewriting rule for one of its products. Applying the rules, with a marker tensor
standing for each hypothesis, turns ``A`` into marked products and a rest. If the rest is empty, deleting one marker of
each product leaves the cofactors. The search may fail; what it finds is multiplied out again and compared with ``A``,
so nothing here has to be trusted but that comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symmix.errors import NotationError
from symmix.kernel.calculus import Raw, Template, splice, substitute
from symmix.kernel.networks import Expression, delta, ones, zeros
from symmix.kernel.products import DELTA, Factor, Index, Product, Tensor
from symmix.kernel.scalars import Polynomial

MARKER = "\N{BLACK SQUARE}"
_MAX_ROUNDS = 200  # of rewriting; a system that needs more is reported as not decided,
_MAX_PRODUCTS = 1000  # and so is one that grows beyond this, or tenfold


@dataclass(frozen=True)
class Cofactors:
    """``goal = sum_i (factors[i] * hypotheses[i]).sum(slots[i])``, checked when it was made.

    ``units`` are the scalars known not to be zero: the factors divide by no others.
    """

    goal: Expression
    hypotheses: tuple[Expression, ...]
    factors: tuple[Expression, ...]
    slots: tuple[tuple[str, ...], ...]
    units: frozenset[str] = frozenset()

    def multiplied_out(self) -> Expression:
        """Return the right-hand side in normal form."""
        total = zeros(self.goal.free)
        for factor, slots, hypothesis in zip(self.factors, self.slots, self.hypotheses, strict=True):
            renamed = hypothesis.rename(dict(zip(hypothesis.free, slots, strict=True)))
            total = total + (factor * renamed).sum(*slots)
        return total

    @property
    def holds(self) -> bool:
        """Whether the right-hand side is the goal, and defined: all that a reader of the evidence has to check."""
        given = (self.goal, *self.hypotheses)
        harmless = self.units.union(*(e.dims | e.divisors for e in given))
        defined = all(factor.divisors <= harmless for factor in self.factors)
        return defined and self.multiplied_out() == self.goal


@dataclass(frozen=True)
class _Rule:
    lead: Product
    slots: tuple[str, ...]
    replacement: Expression  # over the slots; holds the hypothesis's marker


def find_cofactors(goal: Expression, hypotheses: Sequence[Expression], units: frozenset[str]) -> Cofactors | None:
    """Express the goal by the hypotheses, or return None if the rewriting does not get there.

    ``units`` are the scalars known not to be zero: only by those (and by numbers and dimensions) is divided.
    """
    hypotheses = tuple(hypotheses)
    for tensor in frozenset().union(*(e.tensors for e in (goal, *hypotheses))):
        if tensor.name.startswith(MARKER):
            raise NotationError(f"names that do not begin with {MARKER}", str(tensor), "rename the tensor")
    markers = tuple(Tensor(f"{MARKER}{i}", tuple(e.free.values())) for i, e in enumerate(hypotheses))
    rest, marked = _reduce(goal, _rules(hypotheses, markers, units))
    if not rest.is_zero:
        return None
    found = replace(_collect_cofactors(goal, marked, hypotheses, markers), units=units)
    return found if found.holds else None


def _rules(hypotheses: Sequence[Expression], markers: Sequence[Tensor], units: frozenset[str]) -> list[_Rule]:
    rules: list[_Rule] = []
    for number, hypothesis in enumerate(hypotheses):
        rest, marked = _reduce(hypothesis, rules)
        others = [e for i, e in enumerate(hypotheses) if i != number]
        lead = _choose_lead(rest, others, units)
        if lead is None:
            continue  # redundant, or nothing in it can be solved for
        inverse = rest.terms[lead].reciprocal()
        if inverse is None:
            continue
        slots = tuple(hypothesis.free)
        marker = Expression(hypothesis.free, [(Polynomial.constant(1), [Factor(markers[number], slots)])])
        tail = rest - Expression(rest.free, [(rest.terms[lead], lead)])
        rules.append(_Rule(lead, slots, (marker - marked - tail) * inverse))
    return rules


def _choose_lead(rest: Expression, others: Sequence[Expression], units: frozenset[str]) -> Product | None:
    """Prefer to solve for something that occurs nowhere else; failing that, rewrite the longest product."""
    names = units | rest.dims

    def usable(product: Product) -> bool:
        seen = {i for f in product for i in f.indices}
        unit = rest.terms[product].reciprocal() is not None and rest.terms[product].names <= names
        return unit and bool(product) and set(rest.free) <= seen and all(f.tensor.name != DELTA for f in product)

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
    for _ in range(_MAX_ROUNDS):
        if todo.is_zero or len(todo.terms) > bound:
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
        marked = marked + Expression(todo.free, ((c, p) for p, c in aside.items()))
        rest = rest + Expression(todo.free, ((c, p) for p, c in still.items()))
        todo = Expression(todo.free, raw)
    return rest + todo, marked


def _rewrite(product: Product, rules: Sequence[_Rule]) -> list[tuple[Polynomial, list[Factor]]] | None:
    for rule in rules:
        for places, names in _matches(rule.lead, product):
            rest = [f for i, f in enumerate(product) if i not in places]
            dims = tuple(rule.replacement.free[slot] for slot in rule.slots)
            site = Tensor("site", dims)
            factors = [*rest, Factor(site, tuple(names[slot] for slot in rule.slots))]
            return splice(factors, {len(rest): Template(site, rule.slots, rule.replacement)})
    return None


def _matches(lead: Product, product: Product) -> Iterator[tuple[frozenset[int], dict[Index, Index]]]:
    """Find the lead inside the product: its free indices may be any, its summed indices must be summed there alone."""
    for places, names in _embeddings(lead, product, frozenset(), {}):
        inner = [image for index, image in names.items() if isinstance(index, int)]
        outside = {i for place, f in enumerate(product) if place not in places for i in f.indices}
        outside |= {image for index, image in names.items() if isinstance(index, str)}
        if len(set(inner)) == len(inner) and all(isinstance(i, int) and i not in outside for i in inner):
            yield places, names


def _embeddings(
    lead: Product, product: Product, used: frozenset[int], names: Mapping[Index, Index]
) -> Iterator[tuple[frozenset[int], dict[Index, Index]]]:
    if not lead:
        yield used, dict(names)
        return
    tensor, indices = lead[0]
    for place, factor in enumerate(product):
        if place in used or factor.tensor != tensor:
            continue
        extended = dict(names)
        if any(isinstance(i, int) and isinstance(image, str) for i, image in zip(indices, factor.indices, strict=True)):
            continue
        if all(extended.setdefault(i, image) == image for i, image in zip(indices, factor.indices, strict=True)):
            yield from _embeddings(lead[1:], product, used | {place}, extended)


# -- collecting ---


def _collect_cofactors(
    goal: Expression, marked: Expression, hypotheses: Sequence[Expression], markers: Sequence[Tensor]
) -> Cofactors:
    definitions = [Template(marker, tuple(e.free), e) for marker, e in zip(markers, hypotheses, strict=True)]
    factors, all_slots = [], []
    for number, (marker, hypothesis) in enumerate(zip(markers, hypotheses, strict=True)):
        slots = tuple(f"{MARKER}{number}.{index}" for index in hypothesis.free)
        free = dict(zip(slots, marker.dims, strict=True))
        unit = ones()
        internal = tuple(hypothesis.free)
        for index, slot, dim in zip(internal, slots, marker.dims, strict=True):
            unit = unit * delta(index, slot, dim)
        raw: Raw = []
        for product, c in marked.terms.items():
            place = next(i for i, f in enumerate(product) if f.tensor.name.startswith(MARKER))
            if product[place].tensor == marker:
                spliced = splice(product, {place: Template(marker, internal, unit)})
                raw.extend((c * scale, body) for scale, body in spliced)
        factors.append(substitute(Expression({**goal.free, **free}, raw), definitions))
        all_slots.append(slots)
    return Cofactors(goal, tuple(hypotheses), tuple(factors), tuple(all_slots))
