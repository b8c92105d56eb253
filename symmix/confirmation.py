"""What numbers say about a theorem: for each way of looking how much was compared, what disagrees, what was left out.

Whoever can compare registers itself: numbers stand above the theorems that they confirm.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from symmix.errors import UnsupportedError

WAYS: Mapping[str, tuple[str, str]] = {
    "components": (
        "SymPy at explicit sizes",
        (
            "SymPy differentiates explicit components at small sizes that are all different; at exact points that meet"
            " the hypotheses both sides are equal, those of near misses are not, and each is what its tree is: =="
        ),
    ),
    "arrays": (
        "exact arrays",
        (
            "the tree on NumPy arrays of exact numbers at the same points; derivatives are exact differences: ==;"
            " complex steps within their bound where something is no polynomial"
        ),
    ),
    "hypothesis": (
        "Hypothesis",
        "sizes, corners and scales searched for a point at which the tree on arrays fails; near misses fail: ==",
    ),
    "numbers": (
        "own definition",
        "NumPy functions that come with the theorem, equal to its definitions and differentiated in their place: ==",
    ),
}
KERNEL = ("kernel (all dimensions)", "decides for all sizes and all real entries, given the lemmas that a proof names")
CHECKER = (
    "second checker",
    "decides the same statement anew from its JSON, for every size: multiplied out, products matched by bijections",
)


@dataclass(frozen=True)
class Remark:
    """Something about one statement: why it was not compared, or what disagrees, and where."""

    statement: str
    what: str
    at: str = ""

    def __str__(self) -> str:
        return f"{self.statement}: {self.what}{f', at {self.at}' if self.at else ''}"


@dataclass
class Tally:
    """What is counted on the way, for one way of looking."""

    cases: int = 0
    statements: set[str] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    misses: set[str] = field(default_factory=set)
    sizes: dict[str, None] = field(default_factory=dict)
    rounded: int = 0
    skipped: list[Remark] = field(default_factory=list)
    disagreements: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """What one way of looking came to.

    Attributes
    ----------
    way
        A key of `WAYS`.
    cases
        Comparisons: of one statement, at one point, for one choice of its sample indices.
    statements, of
        How many statements were compared, and how many there are: claims, steps, near misses.
    misses, of_misses
        How many near misses were seen to fail, and how many there are.
    sizes
        Those that occurred, in words.
    rounded
        How many cases were compared within a bound, and not by ``==``.
    skipped, disagreements
        What was not compared, and why; what disagrees.
    """

    way: str
    cases: int
    statements: int
    of: int
    misses: int
    of_misses: int
    sizes: tuple[str, ...]
    rounded: int
    skipped: tuple[Remark, ...]
    disagreements: tuple[Remark, ...]

    @property
    def complete(self) -> bool:
        """Whether everything was compared, and nothing disagrees."""
        return self.statements == self.of and self.misses == self.of_misses and not self.disagreements

    def data(self) -> dict[str, Any]:
        """Return the row as JSON data."""
        return {
            "way": WAYS[self.way][0],
            "cases": self.cases,
            "statements": [self.statements, self.of],
            "near misses that fail": [self.misses, self.of_misses],
            "sizes": list(self.sizes),
            "within a bound": self.rounded,
            "not compared": [str(remark) for remark in self.skipped],
            "disagreements": [str(remark) for remark in self.disagreements],
        }


@dataclass(frozen=True)
class Confirmation:
    """What numbers say about one theorem; made by `symmix.confirming.confirm`.

    ``seed`` fixes all points. ``absent`` says which ways could not be gone at all, and why.
    """

    id: str
    digest: str
    seed: int
    seconds: float
    rows: tuple[Row, ...]
    absent: tuple[str, ...] = ()

    @property
    def cases(self) -> int:
        """All comparisons together."""
        return sum(row.cases for row in self.rows)

    @property
    def disagreements(self) -> tuple[tuple[Row, Remark], ...]:
        """Everything that disagrees."""
        return tuple((row, remark) for row in self.rows for remark in row.disagreements)

    @property
    def agrees(self) -> bool:
        """Whether something was compared, and nothing disagrees."""
        return bool(self.cases) and not self.disagreements

    def levels(self) -> Iterator[tuple[str, str]]:
        """Run through the levels of evidence that were reached, with what they mean; "in part" if something is left."""
        for row in self.rows:
            name, how = WAYS[row.way]
            if row.complete:
                yield name, how
            elif row.cases and not row.disagreements:
                yield f"{name} (in part)", f"as {name}; symmix prove --confirm -v names what was not compared"

    def data(self) -> dict[str, Any]:
        """Return the confirmation as JSON data."""
        return {
            "theorem": self.id,
            "digest": self.digest,
            "agrees": self.agrees,
            "seed": self.seed,
            "seconds": round(self.seconds, 3),
            "absent": list(self.absent),
            "levels": [list(level) for level in self.levels()],
            "ways": [row.data() for row in self.rows],
        }

    def __str__(self) -> str:
        return "\n".join(_lines(self))


def _lines(confirmation: Confirmation) -> Iterator[str]:
    yield f"{confirmation.id}: {confirmation.cases} cases, seed {confirmation.seed}"
    for row in confirmation.rows:
        bound = f", {row.rounded} of them within a bound" if row.rounded else ""
        yield (
            f"  {WAYS[row.way][0]}: {row.cases} cases{bound}, {row.statements} of {row.of} statements,"
            f" {row.misses} of {row.of_misses} near misses fail; {'; '.join(row.sizes) or 'no sizes'}"
        )
        yield from (f"    not compared: {remark}" for remark in row.skipped)
        yield from (f"    DISAGREES: {remark}" for remark in row.disagreements)
    yield from (f"  {line}" for line in confirmation.absent)


Confirm = Callable[[Any, int], Confirmation]
_registered: list[Confirm] = []


def register(confirm: Confirm) -> None:
    """Let a function confirm what was decided about a theorem, its `Outcome`, with the numbers of a seed."""
    _registered.append(confirm)


def by_numbers(outcome: Any, seed: int) -> Confirmation:
    """Return what numbers say about the outcome of a theorem."""
    if not _registered:
        raise UnsupportedError("numbers that have registered", "none", "import symmix, which registers its own")
    return _registered[-1](outcome, seed)
