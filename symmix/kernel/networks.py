"""Expressions: finite sums of products of tensor entries, and the normal form that decides their equality.

``W[a,i] z[i]`` with ``i`` summed is one *product*: factors, each a tensor with an index in every slot. An index is
free (a string) or summed (a number, whose value means nothing: only the canonical numbering is kept). It may occur
once (a sum against ones), twice (a contraction), or more often (Hadamard products, diagonals, sums over samples).

The normal form contracts Kronecker deltas, numbers the summed indices canonically, sorts the factors, and adds the
coefficients of equal products. Two expressions over real entries are equal for all sizes exactly when their normal
forms coincide:

*Sound*, because every rewriting is an identity of finite sums. *Complete*, because in a difference that keeps a product
one may choose sizes larger than its number of indices, and read off the coefficient of that product under an injective
labelling: only an isomorphic product can contribute to it, and there is just one of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from symmix.errors import DimensionError, NotationError
from symmix.kernel.products import (
    DELTA,
    Factor,
    Index,
    Product,
    Tensor,
    delta_factor,
    normal_form,
    relabel,
    shift,
    sort_key,
    width,
)
from symmix.kernel.scalars import ONE, Polynomial, Rational, added


class Expression:
    """A sum of products over the same free indices, in normal form wherever it is looked at; immutable and hashable.

    Products, sums over indices and renamings that follow each other are brought to normal form once, at the end.
    ``+`` adds, ``*`` multiplies entry by entry (an index that both sides name is one and the same index and stays
    free), :meth:`sum` makes a free index summed.

    >>> W, z = Tensor("W", ("k", "h")), Tensor("z", ("h",))
    >>> Wz = (entry(W, "a", "i") * entry(z, "i")).sum("i")
    >>> Wz == (entry(z, "j") * entry(W, "a", "j")).sum("j")
    True
    """

    __slots__ = ("_hash", "_raw", "_terms", "free")

    free: Mapping[str, str]  # free index -> dimension, sorted by index

    def __init__(self, free: Mapping[str, str], raw: Iterable[tuple[Polynomial, Sequence[Factor]]]) -> None:
        """Take raw products; a summed index in them must occur in some factor, deltas included."""
        self.free = dict(sorted(free.items())) if len(free) > 1 else dict(free)
        self._raw = list(raw)
        self._terms: Mapping[Product, Polynomial] | None = None
        self._hash: int | None = None

    @property
    def terms(self) -> Mapping[Product, Polynomial]:
        """The products in normal form, each with its coefficient, which is not zero."""
        if self._terms is None:
            normal = [(c, normal_form(tuple(factors))) for c, factors in self._raw]
            self._terms = _sums([(product, c if scale is ONE else c * scale) for c, (scale, product) in normal])
            self._raw = []
        return self._terms

    def _written(self) -> Iterable[tuple[Polynomial, Sequence[Factor]]]:
        """Return the products as they stand: in normal form, or not yet."""
        return self._raw if self._terms is None else [(c, product) for product, c in self._terms.items()]

    def __add__(self, other: Expression) -> Expression:
        return total([self, other])

    def __mul__(self, other: Expression | Polynomial | Rational) -> Expression:
        if not isinstance(other, Expression):
            return _of(self.free, {product: d for product, c in self.terms.items() if not (d := c * other).is_zero})
        raw = []
        for left, a in self.terms.items():
            past = width(left)
            raw += [(a * b, [*left, *shift(right, past)]) for right, b in other.terms.items()]
        return Expression(unify(self.free, other.free), raw)

    __rmul__ = __mul__

    def __neg__(self) -> Expression:
        return self * -1

    def __sub__(self, other: Expression) -> Expression:
        return self + -other

    def sum(self, *indices: str) -> Expression:
        """Sum over free indices; over one that occurs in no factor this multiplies by its dimension."""
        free = dict(self.free)
        for index in indices:
            if index not in free:
                raise NotationError(
                    "a free index to sum over",
                    f"{index!r}; free are {_signature(self.free)}",
                    "sum over an index of the expression",
                )
            del free[index]
        raw = []
        for c, product in self._written():
            new: dict[Index, Index] = {index: number for number, index in enumerate(indices, width(product))}
            # delta[i,i] is 1 and keeps an index that occurs in no factor from being lost
            lost = [i for i in indices if not any(i in held for _, held in product)]
            anchors = [delta_factor(new[i], new[i], self.free[i]) for i in lost]
            raw.append((c, [*[relabel(f, new) for f in product], *anchors]))
        return Expression(free, raw)

    def rename(self, names: Mapping[str, str]) -> Expression:
        """Rename free indices, all at once; two that get the same name become one (a diagonal)."""
        free: Mapping[str, str] = reduce(unify, ({names.get(i, i): dim} for i, dim in self.free.items()), {})
        table: dict[Index, Index] = dict(names.items())
        return Expression(free, [(c, [relabel(f, table) for f in p]) for c, p in self._written()])

    def map_coefficients(self, image: Mapping[Product, Polynomial]) -> Expression:
        """Return the expression with the same products and other coefficients."""
        return _of(self.free, _sums(image.items()))

    @property
    def is_zero(self) -> bool:
        """Whether the expression vanishes for all sizes and all entries: exact, not a guess."""
        return not self.terms

    @property
    def tensors(self) -> frozenset[Tensor]:
        """The tensors that occur, Kronecker deltas apart."""
        return frozenset(f.tensor for p in self.terms for f in p if f.tensor.name != DELTA)

    @property
    def scalars(self) -> frozenset[str]:
        """The named scalars that occur in coefficients."""
        return frozenset(name for c in self.terms.values() for name in c.names)

    @property
    def divisors(self) -> frozenset[str]:
        """The scalars by which coefficients divide, and which are assumed not to be zero."""
        return frozenset(name for c in self.terms.values() for name in c.divisors)

    @property
    def dims(self) -> frozenset[str]:
        """The dimensions that occur, free or summed."""
        inner = (dim for p in self.terms for f in p for dim in f.tensor.dims)
        return frozenset([*inner, *self.free.values()])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Expression):
            return NotImplemented
        return self.free == other.free and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash((tuple(self.free.items()), frozenset(self.terms.items())))
        return self._hash

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        ordered = sorted(self.terms, key=lambda product: [sort_key(f) for f in product])
        return " + ".join(_term_text(self.terms[product], product) for product in ordered)

    def __repr__(self) -> str:
        return f"Expression({_signature(self.free)}: {self})"


def entry(tensor: Tensor, *indices: str) -> Expression:
    """Return ``tensor[indices]`` over its free indices; a repeated index takes the diagonal."""
    if tensor.name == DELTA:
        raise NotationError("a tensor with a name of its own", tensor.name, "use delta(i, j, dim)")
    if len(indices) != len(tensor.dims):
        raise DimensionError(
            f"{len(tensor.dims)} indices for {tensor}", f"{len(indices)}: {indices}", "give one index a slot"
        )
    free: Mapping[str, str] = reduce(unify, ({i: dim} for i, dim in zip(indices, tensor.dims, strict=True)), {})
    one = (Factor(tensor, indices),)
    return Expression(free, [(ONE, one)]) if tensor.symmetry else _of(free, {one: ONE})


def constant(value: Polynomial | Rational) -> Expression:
    """Return a scalar as an expression without free indices."""
    return Expression({}, [(value if isinstance(value, Polynomial) else Polynomial.constant(value), [])])


def ones(**dims: str) -> Expression:
    """Return 1 for every value of the given free indices: ``ones(i="n")``."""
    return Expression(dims, [(ONE, [])])


def zeros(free: Mapping[str, str]) -> Expression:
    """Return 0 over the given free indices."""
    return Expression(free, [])


def delta(i: str, j: str, dim: str) -> Expression:
    """Return the Kronecker delta."""
    return Expression({i: dim, j: dim}, [(ONE, [delta_factor(i, j, dim)])])


def unify(left: Mapping[str, str], right: Mapping[str, str]) -> dict[str, str]:
    """Join two signatures; dimensions are nominal, so an index has one of them or the expression is wrong."""
    for index in left.keys() & right.keys():
        if left[index] != right[index]:
            raise DimensionError(
                f"one dimension for the index {index!r}",
                f"{left[index]!r} and {right[index]!r}",
                "use another index, or check the order of the factors",
            )
    return {**left, **right}


def _of(free: Mapping[str, str], terms: Mapping[Product, Polynomial]) -> Expression:
    """Return the expression with these products, which are in normal form already."""
    expression = Expression(free, [])
    expression._terms = terms
    return expression


def _sums(terms: Iterable[tuple[Product, Polynomial]]) -> dict[Product, Polynomial]:
    collected: dict[Product, list[Polynomial]] = {}
    for product, c in terms:
        collected.setdefault(product, []).append(c)
    return {product: c for product, several in collected.items() if not (c := added(several)).is_zero}


def total(expressions: Sequence[Expression]) -> Expression:
    """Return the sum of expressions over the same free indices, collected once."""
    for other in expressions:
        if expressions[0].free != other.free:
            raise DimensionError(
                "two terms over the same free indices",
                f"{_signature(expressions[0].free)} and {_signature(other.free)}",
                "rename the indices, or multiply by ones over the index that is missing",
            )
    return _of(expressions[0].free, _sums([item for e in expressions for item in e.terms.items()]))


def _signature(free: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{index}: {dim}" for index, dim in free.items()) + "}"


def _term_text(c: Polynomial, product: Product) -> str:
    factors = " ".join(f"{t.name}[{','.join(map(str, ix))}]" if ix else t.name for t, ix in product)
    return f"({c}) {factors}" if factors else f"({c})"
