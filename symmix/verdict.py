"""What a decision returns: one of three verdicts, each with its evidence, none with a truth value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import ClassVar, NoReturn

from symmix.display import Result
from symmix.errors import StatementError
from symmix.kernel.arrays import COLUMN, ROW, Array
from symmix.kernel.cofactors import Cofactors
from symmix.kernel.cofactors import Hypothesis as Given
from symmix.kernel.networks import Expression as Network
from symmix.kernel.networks import delta
from symmix.kernel.points import Model
from symmix.kernel.positivity import PositiveForm
from symmix.kernel.scalars import ONE, Polynomial
from symmix.search.pieces import Gap
from symmix.terms.nodes import Apply, Expression, Pairs, Symbol
from symmix.terms.statements import Hypothesis, Statement

Rows = tuple[tuple[Fraction, ...], ...]  # a small exact matrix


@dataclass(frozen=True)
class Witness:
    """A point at which a statement is false, exact and small enough to be checked by hand.

    ``scalars`` and ``entries`` are by name, in the order of the statement; ``values`` are the sides of the statement
    there, or what should have vanished; ``at`` is the sample at which they were taken, where there is a choice.
    ``model`` is the point as the kernel has it, without what is only defined.
    """

    sizes: Mapping[str, int]
    scalars: Mapping[str, Fraction]
    entries: Mapping[str, Rows]
    values: Mapping[str, Rows]
    at: Mapping[str, int]
    model: Model


# -- evidence that a statement holds ---


@dataclass(frozen=True)
class NormalForm:
    """Both sides have this normal form, in which so many sums are kept whole; none if it is multiplied out."""

    form: Array
    sums: int = 0


@dataclass(frozen=True)
class Square:
    """``scale * |root|^2``, summed over the root's own indices; the scale, a product of powers, is not negative."""

    scale: tuple[tuple[Polynomial, int], ...]
    root: Network

    def over(self, free: Mapping[str, str]) -> Network:
        """Multiply the square out; indices of the goal stay."""
        whole = (self.root * self.root).sum(*(i for i in self.root.free if i not in free))
        for base, power in self.scale:
            whole = whole * base**power
        return whole


@dataclass(frozen=True)
class Turned:
    """Of square matrices ``left right = factor I``, says hypothesis ``number``; so ``right left = factor I``, too."""

    number: int
    left: Network
    right: Network
    factor: Polynomial

    @property
    def stated(self) -> Given:
        """What the hypothesis says."""
        return self._product(self.left, self.right)

    @property
    def hypothesis(self) -> Given:
        """What follows, as a hypothesis."""
        return self._product(self.right, self.left)

    def _product(self, one: Network, other: Network) -> Given:
        size = one.free[ROW]
        whole = (Array(one, size, size) @ Array(other, size, size)).expression
        return Given(whole - delta(ROW, COLUMN, size) * self.factor, (ROW, COLUMN))


@dataclass(frozen=True)
class Way:
    """Cofactors of ``factor`` times a goal, or of ``factor`` times the sum of its squares if ``squared``.

    The factor is known not to be zero, and over the reals a sum of squares vanishes only where each of them does.
    Further ``squares`` may be added; then the factor is positive. What is ``turned`` comes last among the hypotheses.
    """

    cofactors: Cofactors
    factor: Polynomial = ONE
    squared: bool = False
    squares: tuple[Square, ...] = ()
    turned: tuple[Turned, ...] = ()


@dataclass(frozen=True)
class Membership:
    """An expression, or the difference of two, is a combination of the hypotheses, with the cofactors of ``way``.

    ``relations`` names the hypotheses behind those that are stated: what inverses satisfy, by name and side.
    """

    difference: tuple[Expression, ...]
    hypotheses: tuple[Hypothesis, ...]
    way: Way
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Part:
    """A hypothesis, by its number, at these places of its axes of fixed sizes: by index, with the size."""

    number: int
    at: Mapping[str, tuple[str, int]]


@dataclass(frozen=True)
class Finite:
    """A way for each component of a goal, from components of hypotheses, the ``parts``, in this order."""

    ways: tuple[Way, ...]
    parts: tuple[Part, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether all cancels, and no hypothesis is used."""
        used = (factor for way in self.ways for factor in way.cofactors.factors)
        return all(factor.is_zero for factor in used) and not any(way.squares for way in self.ways)


@dataclass(frozen=True)
class Components:
    """As a membership, but of each component at fixed sizes: it holds for these alone."""

    difference: tuple[Expression, ...]
    hypotheses: tuple[Hypothesis, ...]
    finite: Finite
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class BothDirections:
    """Each side's expressions are combinations of the other's: ``forward`` the left's, ``backward`` the right's."""

    forward: tuple[Way, ...]
    backward: tuple[Way, ...]
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Positive:
    """A form of the scalar in which every coefficient is positive."""

    form: PositiveForm


@dataclass(frozen=True)
class Line:
    """All values of a scalar from ``low`` to ``high``, where None is infinity; an end may be one of them."""

    name: str
    low: Fraction | None
    high: Fraction | None
    low_is_in: bool = False
    high_is_in: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing between the ends."""
        return self.low is not None and self.high is not None and self.low >= self.high

    def points(self) -> Iterator[Fraction]:
        """Run through points between the ends, without end."""
        return iter(()) if self.is_empty else Gap(self.low, self.high).points()

    def cut(self, bound: Fraction, *, above: bool, closed: bool) -> Line:
        """Return the part above a bound, or below; ``closed`` if the bound is in it."""
        if above and (self.low is None or bound > self.low or (bound == self.low and not closed)):
            return replace(self, low=bound, low_is_in=closed)
        if not above and (self.high is None or bound < self.high or (bound == self.high and not closed)):
            return replace(self, high=bound, high_is_in=closed)
        return self

    def __str__(self) -> str:
        opening, closing = "[" if self.low_is_in else "(", "]" if self.high_is_in else ")"
        low, high = "-oo" if self.low is None else self.low, "oo" if self.high is None else self.high
        return f"{opening}{low}, {high}{closing}"


@dataclass(frozen=True)
class Pieces:
    """A polynomial in one scalar is ``square^2 rest``, and the rest keeps its sign on a line.

    Between two neighbours among the points and the ends of the line, ``low < x < high``, all coefficients of the rest
    are positive in ``(x - low)/(high - x)``; in ``x - low`` or ``high - x`` where an end is infinite.
    """

    line: Line
    original: Polynomial
    square: Polynomial
    rest: Polynomial
    points: tuple[Fraction, ...]


@dataclass(frozen=True)
class SquareSum:
    """``factor * goal`` is a sum of squares, up to ``rest``, which vanishes where the hypotheses hold."""

    squares: tuple[Square, ...]
    factor: tuple[tuple[Polynomial, int], ...]
    rest: Cofactors


@dataclass(frozen=True)
class Bounded:
    """A scalar, or the difference of two, is not negative: it is a sum of squares where the hypotheses hold."""

    difference: tuple[Expression, ...]
    hypotheses: tuple[Hypothesis, ...]
    sum: SquareSum
    relations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Instance:
    """What hypothesis ``number`` says of functions for all arguments, at these; ``root`` is that of what is left."""

    number: int
    at: Pairs
    root: Symbol | None = None


@dataclass(frozen=True)
class Instantiated:
    """A statement about functions follows from ``instances``, in which each of ``values`` is a symbol.

    ``lowered`` is what is left, a statement without functions in which ``symbols`` are new, and ``proved`` why it
    holds.
    """

    values: Mapping[Symbol, Apply]
    instances: tuple[Instance, ...]
    lowered: Statement
    symbols: tuple[Symbol, ...]
    proved: Proved
    frame: object  # in which it was read


@dataclass(frozen=True)
class Existence:
    """A point with the asserted property."""

    witness: Witness


@dataclass(frozen=True)
class Remembered:
    """Evidence that was found before, and that the second checker has accepted again: it is in the certificate."""


Plain = NormalForm | Membership | Components | BothDirections | Positive | Pieces | Bounded
Evidence = Plain | Instantiated | Existence | Remembered


# -- the verdicts ---


@dataclass(frozen=True)
class Verdict(Result):
    """The root of the three verdicts."""

    word: ClassVar[str]

    def __bool__(self) -> NoReturn:
        raise StatementError(
            "a question that has a truth value",
            f"the verdict {self.word!r} where a condition was expected",
            "match on Proved, Refuted and Undecided: 'not proved' is not 'refuted'",
        )


@dataclass(frozen=True)
class Proved(Verdict):
    """The statement holds for all sizes and all real entries under its hypotheses; of fixed sizes for these alone.

    ``assuming`` are the scalars that the statement divides by, which therefore must not be zero, and the inverses that
    occur in it, which must exist. ``point`` meets all hypotheses and conditions: without one it may be empty.
    """

    evidence: tuple[Evidence, ...]
    assuming: tuple[Expression, ...] = ()
    point: Model | None = None
    word: ClassVar[str] = "proved"

    @property
    def met(self) -> bool:
        """Whether a point was found at which hypotheses and conditions hold."""
        return self.point is not None


@dataclass(frozen=True)
class Refuted(Verdict):
    """The statement is false; ``witness`` is a point at which it fails.

    A denial has none: it is refuted by the ``proof`` of what it denies.
    """

    witness: Witness | None
    proof: Proved | None = None
    word: ClassVar[str] = "refuted"


@dataclass(frozen=True)
class Undecided(Verdict):
    """Neither a proof nor a witness was found; ``missing`` says what would be needed."""

    missing: str
    word: ClassVar[str] = "undecided"


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a conjunction: the first that is refuted, else the first undecided, else proved.

    What is proved is met where all of it is; the first point is kept.
    """
    for kind in (Refuted, Undecided):
        for verdict in verdicts:
            if isinstance(verdict, kind):
                return verdict
    proved = [verdict for verdict in verdicts if isinstance(verdict, Proved)]
    assuming = dict.fromkeys(scalar for verdict in proved for scalar in verdict.assuming)
    evidence = tuple(piece for verdict in proved for piece in verdict.evidence)
    point = proved[0].point if proved and all(verdict.met for verdict in proved) else None
    return Proved(evidence, tuple(assuming), point)
