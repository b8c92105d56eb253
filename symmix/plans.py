"""A formula as a plan for computing it: named arrays, contractions, sums; plain data, standard library only.

The symbolic side writes plans and never computes with arrays; the numerical side evaluates them and knows no symbols.
This is all that passes between the two. Vectors have one axis, scalars none; sizes are names, or numbers as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

Monomial = tuple[tuple[str, int], ...]
Coefficient = tuple[tuple[Monomial, Fraction], ...]  # of scalars and sizes by name; the constant has no powers
ONE: Coefficient = (((), Fraction(1)),)


class Node:
    """Something that is computed: equal to another of the same kind with equal parts."""

    @cached_property
    def _key(self) -> tuple[Any, ...]:
        parts = tuple(vars(self)[name] for name in self.__match_args__)  # type: ignore[attr-defined]  # a dataclass has it
        return hash((type(self).__name__, parts)), type(self).__name__, parts

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Node) and self._key == other._key)

    def __hash__(self) -> int:
        found: int = self._key[0]
        return found

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes of its axes."""
        raise NotImplementedError

    def children(self) -> tuple[Node, ...]:
        """Return the nodes that it is computed from."""
        return ()

    def walk(self) -> Iterator[Node]:
        """Run through this node and all that it is computed from, each once, what is needed first."""
        seen: set[Node] = set()

        def visit(node: Node) -> Iterator[Node]:
            if node not in seen:
                seen.add(node)
                for child in node.children():
                    yield from visit(child)
                yield node

        return visit(self)


@dataclass(frozen=True, eq=False)
class Named(Node):
    """An array that has a name: an argument, or something defined in the plan."""

    name: str
    axes: tuple[str, ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """Its axes."""
        return self.axes

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, eq=False)
class Eye(Node):
    """The identity matrix."""

    size: str

    @property
    def sizes(self) -> tuple[str, ...]:
        """Square."""
        return self.size, self.size

    def __str__(self) -> str:
        return f"I_{self.size}"


@dataclass(frozen=True, eq=False)
class Unit(Node):
    """The vector with a 1 at one place and zeros elsewhere: multiplied by it, an array is taken at that place."""

    place: int
    size: str

    @property
    def sizes(self) -> tuple[str, ...]:
        """Its only axis."""
        return (self.size,)

    def __str__(self) -> str:
        return f"unit{self.place}_{self.size}"


@dataclass(frozen=True, eq=False)
class Filled(Node):
    """An array all of whose entries are 0 or 1; without axes it is the number."""

    value: int
    axes: tuple[str, ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """Its axes."""
        return self.axes

    def __str__(self) -> str:
        return f"{self.value}[{','.join(self.axes)}]"


@dataclass(frozen=True, eq=False)
class Contraction(Node):
    """A product of entries, summed over the indices that ``output`` does not list: an einsum.

    Every operand has an index for each of its axes; each index of ``output`` occurs in an operand.
    """

    operands: tuple[tuple[Node, tuple[int, ...]], ...]
    output: tuple[int, ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """The sizes that the indices of the output run over."""
        return tuple(self.extents[index] for index in self.output)

    @cached_property
    def extents(self) -> dict[int, str]:
        """The size that each index runs over."""
        return {i: size for node, ix in self.operands for i, size in zip(ix, node.sizes, strict=True)}

    def children(self) -> tuple[Node, ...]:
        """Return the operands."""
        return tuple(node for node, _ in self.operands)

    def __str__(self) -> str:
        factors = " ".join(f"{node}[{','.join(map(str, ix))}]" for node, ix in self.operands)
        return f"({factors} -> {','.join(map(str, self.output))})"


@dataclass(frozen=True, eq=False)
class Combination(Node):
    """A sum of arrays of one shape, each with a coefficient."""

    terms: tuple[tuple[Coefficient, Node], ...]

    @property
    def sizes(self) -> tuple[str, ...]:
        """Those of the first term."""
        return self.terms[0][1].sizes

    def children(self) -> tuple[Node, ...]:
        """Return the terms."""
        return tuple(node for _, node in self.terms)

    def __str__(self) -> str:
        return "(" + " + ".join(f"{shown(c)} {node}" for c, node in self.terms) + ")"


@dataclass(frozen=True, eq=False)
class Inverse(Node):
    """The inverse of a square matrix, or the reciprocal of a number, one for each entry of the axes ahead."""

    of: Node
    square: bool

    @property
    def sizes(self) -> tuple[str, ...]:
        """Those of what is inverted."""
        return self.of.sizes

    def children(self) -> tuple[Node, ...]:
        """Return what is inverted."""
        return (self.of,)

    def __str__(self) -> str:
        return f"({self.of})^-1"


@dataclass(frozen=True)
class Result:
    """One result: its name, the symbol it is the gradient by (empty: of none), how it is computed, and its terms.

    ``terms`` are the same, multiplied out: each with its coefficient, its product, and how it reads.
    """

    name: str
    by: str
    node: Node
    terms: tuple[tuple[Coefficient, Node, str], ...] = ()


@dataclass(frozen=True)
class Plan:
    """How a formula is computed.

    Attributes
    ----------
    arrays, scalars
        The arguments by name: the sizes of the axes of an array; a scalar has none.
    results
        What is computed.
    where
        What is defined on the way, in the order in which it is computed.
    reciprocals
        The names of reciprocals in coefficients, each with what it is the reciprocal of.
    """

    arrays: Mapping[str, tuple[str, ...]]
    scalars: tuple[str, ...]
    results: tuple[Result, ...]
    where: Mapping[str, Node] = field(default_factory=dict)
    reciprocals: Mapping[str, Coefficient] = field(default_factory=dict)

    @property
    def sizes(self) -> tuple[str, ...]:
        """All sizes, in their order along the arrays, then those that only results or coefficients have."""
        nodes = [node for root in self.roots for node in root.walk()]
        along = [size for axes in self.arrays.values() for size in axes]
        others = [size for node in nodes for size in node.sizes]
        counted = [name for c in self.coefficients for name in names_of(c) if name not in self.known_scalars]
        return tuple(dict.fromkeys([*along, *others, *counted]))

    @property
    def known_scalars(self) -> frozenset[str]:
        """The names in coefficients that are no sizes."""
        return frozenset(self.scalars) | self.reciprocals.keys() | self.where.keys()

    @property
    def roots(self) -> tuple[Node, ...]:
        """Everything that is computed, what is needed first."""
        return (*self.where.values(), *(result.node for result in self.results))

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """The coefficients that occur."""
        combined = [node for root in self.roots for node in root.walk() if isinstance(node, Combination)]
        return (*(c for node in combined for c, _ in node.terms), *self.reciprocals.values())


def names_of(coefficient: Coefficient) -> tuple[str, ...]:
    """Return the names that occur in a coefficient."""
    return tuple(dict.fromkeys(name for powers, _ in coefficient for name, _ in powers))


def shown(coefficient: Coefficient) -> str:
    """Return a coefficient in one piece, as a sorting key and for the eye."""
    parts = (" ".join([str(c), *(f"{name}^{e}" for name, e in powers)]) for powers, c in coefficient)
    return "(" + " + ".join(parts) + ")"
