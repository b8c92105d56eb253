"""From the normal form of a formula to its plan, and back: that a plan is the formula is decided, not believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import reduce
from operator import add

from symmix.errors import UnsupportedError
from symmix.kernel.arrays import Array
from symmix.kernel.networks import Expression, constant, delta, entry, ones, zeros
from symmix.kernel.products import DELTA, Factor, Tensor
from symmix.kernel.scalars import ONE, Polynomial, Powers
from symmix.plans import Coefficient, Combination, Contraction, Eye, Filled, Inverse, Named, Node, Unit
from symmix.publish.code.factoring import Factoring, Product, Term
from symmix.publish.code.scalars import data, factors

BATCH = "\N{DOWNWARDS DOUBLE ARROW}"  # the index of the sample, in every array that has one for each sample


class Batched:
    """The tensors of a theorem, of which some have a further axis ahead: one array for each sample of a batch.

    A scalar that has one value for each sample is a vector along the batch, and so is 1 minus it.

    Parameters
    ----------
    size
        The size of the batch; None if there is none.
    names
        The symbols that have such an axis.
    inverses
        The tensors that are inverses, with what they are inverses of.
    rests
        The scalars among ``names``, each with the name that 1 minus it has.
    """

    def __init__(
        self,
        size: str | None,
        names: Collection[str],
        inverses: Mapping[Tensor, Array],
        rests: Mapping[str, str] | None = None,
    ) -> None:
        self.size, self.inverses = size, inverses
        self.names, self.rests = frozenset(names), dict(rests or {})

    def has(self, tensor: Tensor) -> bool:
        """Whether a tensor has an axis for the samples."""
        if tensor in self.inverses:
            return self.depends(self.inverses[tensor].expression)
        return tensor.name in self.names

    def depends(self, expression: Expression) -> bool:
        """Whether an expression has one value for each sample."""
        return any(map(self.has, expression.tensors)) or not self.rests.keys().isdisjoint(expression.scalars)

    @property
    def definitions(self) -> dict[str, tuple[str, Node]]:
        """What 1 minus a scalar of each sample is called, with how it reads and is computed."""
        along = (self.size or "",)
        return {
            rest: (f"1 - {name}", Combination(((data(ONE), Filled(1, along)), (data(-ONE), Named(name, along)))))
            for name, rest in self.rests.items()
        }

    def expression(self, expression: Expression, *, kept: bool) -> Expression:
        """Return an expression over the samples of a batch; ``kept`` or summed."""
        if self.size is None:
            return expression
        free = {**expression.free, BATCH: self.size}
        unit = ones(**{BATCH: self.size})
        raw = (
            (number, [*weights, *map(self._factor, product)])
            for product, c in expression.terms.items()
            for number, weights in self._opened(c)
        )
        over = Expression(free, raw) * unit
        return over if kept else over.sum(BATCH)

    def tensor(self, tensor: Tensor) -> Tensor:
        """Return a tensor with all its axes."""
        return Tensor(tensor.name, (self.size, *tensor.dims)) if self.size and self.has(tensor) else tensor

    def _opened(self, coefficient: Polynomial) -> list[tuple[Polynomial, list[Factor]]]:
        """Return a coefficient as a sum of numbers that all samples have, each with weights of the samples."""
        shared, weights = ONE, list[Factor]()
        for factor, count in factors(coefficient) if coefficient.names & self.rests.keys() else [(coefficient, 1)]:
            rest = next((r for name, r in self.rests.items() if factor == 1 - Polynomial.variable(name)), None)
            if rest is None:
                shared = shared * factor**count
            else:
                weights += [self._weight(rest)] * count
        return [(number, [*own, *weights]) for number, own in self._monomials(shared)]

    def _monomials(self, polynomial: Polynomial) -> list[tuple[Polynomial, list[Factor]]]:
        found: dict[Powers, list[tuple[Powers, Fraction]]] = {}
        for powers, number in polynomial.terms.items():
            own = tuple(power for power in powers if power[0] in self.rests)
            kept = tuple(power for power in powers if power[0] not in self.rests)
            found.setdefault(own, []).append((kept, Fraction(number)))
        for own in found:
            self._require_no_division(own)
        return [
            (Polynomial(terms), [self._weight(name) for name, exponent in own for _ in range(exponent)])
            for own, terms in found.items()
        ]

    def _require_no_division(self, powers: Powers) -> None:
        for name, exponent in powers:
            if exponent < 0:
                remedy = f"name the quotient with a symbol of its own, and give it to the batch instead of {name}"
                raise UnsupportedError("scalars of the batch that nothing is divided by", f"1/{name}", remedy)

    def _weight(self, name: str) -> Factor:
        return Factor(Tensor(name, (self.size or "",)), (BATCH,))

    def _factor(self, factor: Factor) -> Factor:
        tensor = self.tensor(factor.tensor)
        return factor if tensor is factor.tensor else Factor(tensor, (BATCH, *factor.indices))


class Formulas:
    """Makes plans of normal forms.

    Parameters
    ----------
    factoring
        How.
    batched
        Which tensors have an axis for the samples.
    """

    def __init__(self, factoring: Factoring, batched: Batched) -> None:
        self.factoring, self.batched = factoring, batched
        self._leaves: dict[Tensor, Node] = {}
        self._originals = {batched.tensor(tensor): tensor for tensor in batched.inverses}

    def node(self, expression: Expression, order: tuple[str, ...]) -> Node:
        """Return the plan of an expression, with the axes in the given order."""
        terms: list[Term] = [(c, self.product(product)) for product, c in expression.terms.items()]
        return self.factoring.node(expression.free, terms, order)

    def product(self, product: tuple[Factor, ...]) -> Product:
        """Return a product with nodes for its tensors, and a factor 1 where it is summed over one factor's index."""
        along = Counter(i for _, indices in product for i in indices)
        sizes = {i: size for tensor, indices in product for i, size in zip(indices, tensor.dims, strict=True)}
        ones = [(Filled(1, (sizes[i],)), (i,)) for i, number in along.items() if number == 1 and isinstance(i, int)]
        return (*((self.leaf(tensor), indices) for tensor, indices in product), *ones)

    def leaf(self, tensor: Tensor) -> Node:
        """Return a tensor as a node: a name, an identity, or the inverse of a formula."""
        if tensor not in self._leaves:
            self._leaves[tensor] = self._leaf(tensor)
        return self._leaves[tensor]

    def _leaf(self, tensor: Tensor) -> Node:
        if tensor.name == DELTA:
            return Eye(tensor.dims[0])
        if tensor.name.isdigit():
            return Unit(int(tensor.name), tensor.dims[0])
        if tensor not in self._originals:
            return Named(tensor.name, tensor.dims)
        of = self.batched.inverses[self._originals[tensor]]
        axes = sorted(of.expression.free)
        with_batch = len(tensor.dims) > len(axes)
        order = (BATCH, *axes) if with_batch else tuple(axes)
        inner = self.batched.expression(of.expression, kept=True) if with_batch else of.expression
        return Inverse(self.node(inner, _rows_first(order)), square=bool(axes))

    # -- and back ---

    def require_same(self, node: Node, expression: Expression, order: tuple[str, ...]) -> None:
        """Refuse a plan that is not the formula: this would be a defect of ours."""
        if self.meaning(node, order) != expression:
            raise UnsupportedError("a plan that is the formula", f"{node}", "this is a defect of symmix: report it")

    def meaning(self, node: Node, order: tuple[str, ...]) -> Expression:
        """Return the normal form of a node, with the given names for its axes."""
        match node:
            case Named(name=name, axes=axes):
                return entry(Tensor(name, axes), *order)
            case Inverse():
                return entry(next(t for t, leaf in self._leaves.items() if self._same(leaf, node)), *order)
            case Combination(terms=terms):
                return reduce(add, (self.meaning(term, order) * polynomial(c) for c, term in terms))
            case Contraction(operands=operands, output=output):
                names = {i: f"|{i}" for i in node.extents}
                factors = (
                    self.meaning(o, tuple(f"{k}.{i}" for k, i in enumerate(ix))).rename(
                        {f"{k}.{i}": names[i] for k, i in enumerate(ix)}
                    )
                    for o, ix in operands
                )
                product = constant(1)
                for factor in factors:
                    product = product * factor
                summed = product.sum(*(names[i] for i in node.extents if i not in output))
                return summed.rename({names[i]: slot for i, slot in zip(output, order, strict=True)})
        return _constant(node, order)

    def _same(self, leaf: Node, node: Inverse) -> bool:
        """Whether an inverse is that of a leaf, whatever order its products were given."""
        if not isinstance(leaf, Inverse):
            return False
        slots = tuple(f"{place}" for place in range(len(node.sizes)))
        return leaf == node or self.meaning(leaf.of, slots) == self.meaning(node.of, slots)


def _constant(node: Node, order: tuple[str, ...]) -> Expression:
    """Return the normal form of a node without parts."""
    match node:
        case Eye(size=size):
            return delta(order[0], order[1], size)
        case Unit(place=place, size=size):
            return entry(Tensor(str(place), (size,)), *order)
        case Filled(value=value, axes=axes):
            free = dict(zip(order, axes, strict=True))
            return ones(**free) if value else zeros(free)
    raise UnsupportedError("a node of a plan", repr(node), "this is a defect of symmix: report it")


def polynomial(coefficient: Coefficient) -> Polynomial:
    """Return a coefficient as the kernel's."""
    return Polynomial(coefficient)


def _rows_first(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the axes in the order batch, row, column."""
    rank = {BATCH: 0, "\N{DOWNWARDS ARROW}": 1, "\N{RIGHTWARDS ARROW}": 2}
    return tuple(sorted(order, key=rank.__getitem__))
