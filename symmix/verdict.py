"""What a decision returns: one of three verdicts, each with its evidence, none with a truth value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import ClassVar, NoReturn

import sympy as sp

from symmix.display import Displayed
from symmix.errors import StatementError
from symmix.kernel.membership import Cofactors
from symmix.kernel.positivity import PositiveForm
from symmix.kernel.scalars import Polynomial
from symmix.language import Array

Rows = tuple[tuple[Fraction, ...], ...]  # a small exact matrix


@dataclass(frozen=True)
class Witness:
    """A point at which a statement is false, exact and small enough to be checked by hand.

    ``scalars`` and ``entries`` are by name, in the order of the statement; ``values`` are the sides of the statement
    there, or what should have vanished; ``at`` is the sample at which they were taken, where there is a choice.
    """

    sizes: Mapping[str, int]
    scalars: Mapping[str, Fraction]
    entries: Mapping[str, Rows]
    values: Mapping[str, Rows]
    at: Mapping[str, int]


# -- evidence that a statement holds ---


@dataclass(frozen=True)
class NormalForm:
    """Both sides have this normal form."""

    form: Array


@dataclass(frozen=True)
class Membership:
    """An expression, or the difference of two, is a combination of the hypotheses, with these cofactors."""

    difference: tuple[sp.Basic, ...]
    hypotheses: tuple[sp.Basic, ...]
    cofactors: Cofactors


@dataclass(frozen=True)
class BothDirections:
    """Each side's expressions are combinations of the other's; ``factor`` times the right side, in the backward way.

    A backward combination may be of |B|^2 instead of B: over the reals the one vanishes where the other does.
    """

    forward: tuple[Cofactors, ...]
    backward: tuple[Cofactors, ...]
    factor: Array
    squared: bool


@dataclass(frozen=True)
class Positive:
    """A form of the scalar in which every coefficient is positive."""

    form: PositiveForm


@dataclass(frozen=True)
class Existence:
    """A point with the asserted property."""

    witness: Witness


Evidence = NormalForm | Membership | BothDirections | Positive | Existence


# -- the verdicts ---


@dataclass(frozen=True)
class Verdict(Displayed):
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
    """The statement holds for all sizes and all real entries under its hypotheses.

    ``assuming`` are scalars that the statement divides by, and which therefore must not be zero. ``met`` says whether
    a point was found at which the hypotheses hold: without one the statement may be empty.
    """

    evidence: tuple[Evidence, ...]
    assuming: tuple[Polynomial, ...] = ()
    met: bool = True
    word: ClassVar[str] = "proved"


@dataclass(frozen=True)
class Refuted(Verdict):
    """The statement is false; ``witness`` is a point at which it fails (None where a denial was itself disproved)."""

    witness: Witness | None
    word: ClassVar[str] = "refuted"


@dataclass(frozen=True)
class Undecided(Verdict):
    """Neither a proof nor a witness was found; ``missing`` says what would be needed."""

    missing: str
    word: ClassVar[str] = "undecided"


def all_of(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict of a conjunction: the first that is refuted, else the first undecided, else proved."""
    for kind in (Refuted, Undecided):
        for verdict in verdicts:
            if isinstance(verdict, kind):
                return verdict
    proved = [verdict for verdict in verdicts if isinstance(verdict, Proved)]
    assuming = dict.fromkeys(scalar for verdict in proved for scalar in verdict.assuming)
    evidence = tuple(piece for verdict in proved for piece in verdict.evidence)
    return Proved(evidence, tuple(assuming), all(verdict.met for verdict in proved))
