"""Statements, settings, derivations and whole theorems, as trees."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from symmix.terms.base import Node, node
from symmix.terms.nodes import Expression, Index, Pairs, Size, Symbol

Sign = Literal[">", ">=", "<", "<=", "!="]


@node
class ForAll(Node):
    """A hypothesis about all samples: the expression vanishes for all values of the indices."""

    indices: tuple[Index, ...]
    body: Expression


@node
class Everywhere(Node):
    """A hypothesis about functions: for all values of the symbols, the body is 0, or not negative.

    The symbols occur in such hypotheses alone. The body is made of sums, products and powers, of entries and of
    values of functions: nothing in it is summed over indices, differentiated, replaced or averaged.
    """

    symbols: tuple[Symbol, ...]
    sign: Literal["=", ">="]
    body: Expression


# it vanishes: at the claim's own sample indices, or for all that it binds; or it says more, of functions
Vanishes = Expression | ForAll
Hypothesis = Vanishes | Everywhere


def vanishing(hypothesis: Hypothesis) -> Vanishes:
    """Return a hypothesis that something vanishes; what is said of functions is taken at arguments before."""
    if isinstance(hypothesis, Everywhere):
        raise TypeError(f"an instance of {hypothesis}")
    return hypothesis


@node
class Identity(Node):
    """``left = right`` where all of ``where`` hold."""

    left: Expression
    right: Expression
    where: tuple[Hypothesis, ...] = ()


@node
class Vanishing(Node):
    """Every expression is zero where all of ``where`` hold."""

    expressions: tuple[Expression, ...]
    where: tuple[Hypothesis, ...] = ()


@node
class Equivalence(Node):
    """All of ``left`` vanish iff all of ``right`` do, where ``where`` holds and no scalar of ``provided`` is zero."""

    left: tuple[Expression, ...]
    right: tuple[Expression, ...]
    provided: tuple[Expression, ...] = ()
    where: tuple[Hypothesis, ...] = ()


@node
class Range(Node):
    """The open range of a scalar or a size; ``low`` or ``high`` None means no bound."""

    symbol: Symbol | Size
    low: Fraction | None
    high: Fraction | None


@node
class Positivity(Node):
    """A scalar is positive, or not negative, for all values in open ranges, where all of ``where`` hold."""

    scalar: Expression
    ranges: tuple[Range, ...] = ()
    where: tuple[Hypothesis, ...] = ()
    strict: bool = True


@node
class Minimum(Node):
    """Where all of ``where`` hold, a scalar is at least what it is with other values of some symbols, all at once."""

    scalar: Expression
    at: Pairs
    where: tuple[Hypothesis, ...] = ()


@node
class Fails(Node):
    """There are sizes and values at which the statement is false."""

    statement: Identity | Vanishing | Equivalence | Positivity | Minimum


Statement = Identity | Vanishing | Equivalence | Positivity | Minimum | Fails


@node
class Condition(Node):
    """A relation between two scalars, which all values meet."""

    left: Expression
    sign: Sign
    right: Expression


@node
class Setting(Node):
    """What holds throughout a theorem.

    Attributes
    ----------
    indices
        The sample indices: what is said with one is said for every sample.
    definitions
        Symbols with what they stand for, each behind those that it uses.
    conditions
        On scalars, from the theorem and from the assumptions of its symbols.
    whole
        Scalars that are whole numbers.
    independent
        Pairs of random symbols whose moments are free of each other where one expectation stands inside the other.
    properties
        Matrices that are "symmetric", "skew" or "diagonal", by name, and arrays that are one of the first two: under
        every exchange of two axes of one size.
    """

    indices: tuple[Index, ...] = ()
    definitions: Pairs = ()
    conditions: tuple[Condition, ...] = ()
    whole: tuple[str, ...] = ()
    independent: tuple[tuple[str, str], ...] = ()
    properties: tuple[tuple[str, str], ...] = ()


@node
class Step(Node):
    """``= expression``, for a reason; ``where`` are the hypotheses that this equality uses."""

    expression: Expression
    reason: str
    where: tuple[Hypothesis, ...] = ()


@node
class Derivation(Node):
    """A chain ``start = ... = ...``."""

    start: Expression
    steps: tuple[Step, ...]

    def identities(self) -> tuple[Identity, ...]:
        """Return the equality that each step states."""
        before = (self.start, *(step.expression for step in self.steps[:-1]))
        return tuple(Identity(a, step.expression, step.where) for a, step in zip(before, self.steps, strict=True))


@node
class Lemma(Node):
    """Something that a proof uses and nobody here decides: an assumption, in words."""

    name: str
    statement: str
    source: str


@node
class Theorem(Node):
    """A whole theorem: one document."""

    name: str
    setting: Setting
    claims: tuple[tuple[str, Statement], ...]  # by label
    proofs: tuple[Derivation, ...]
    near_misses: tuple[tuple[str, Statement], ...]  # by the name of the slip
    lemmas: tuple[Lemma, ...] = ()
