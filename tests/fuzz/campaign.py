"""Draw statements, have them decided, judge the answers, count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.fuzz.bounds import BOUNDS
from tests.fuzz.claims import Claim
from tests.fuzz.families import PLAIN, Family, odd_names
from tests.fuzz.forms import states_nothing, violations
from tests.fuzz.judge import Answer, Decider, judged
from tests.fuzz.properties import PROPERTIES
from tests.fuzz.structures import STRUCTURES
from tests.fuzz.traps import TRAPS

_TRIES = 20
# SymPy cannot put some pieces together; symmix has not been asked yet
# what SymPy raises while it builds a statement; it sums without end where its own order of terms is unlucky
_SYMPY_CANNOT = (TypeError, ValueError, AttributeError, NotImplementedError, RecursionError)
FAMILIES: tuple[Family, ...] = (*PLAIN, odd_names, *STRUCTURES, *BOUNDS, *PROPERTIES, *TRAPS)


@dataclass(frozen=True)
class Finding:
    """A statement with a wrong answer."""

    number: int
    claim: Claim
    answer: Answer
    wrong: str

    def __str__(self) -> str:
        return f"statement {self.number}, {self.claim.family}: {self.wrong}\n{self.claim}"


@dataclass
class Tally:
    """What came out, by family of statement and by word."""

    seed: int
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    plain: int = 0
    refused: list[tuple[int, Claim, Answer]] = field(default_factory=list)  # plain statements that were
    lost: int = 0  # true by construction, and not proved
    true: int = 0

    @property
    def statements(self) -> int:
        """How many statements were decided."""
        return self.words.total()

    def decided(self, family: str) -> int:
        """How many statements of a family were decided."""
        return sum(count for (name, _), count in self.words.items() if name == family)

    def note(self, number: int, claim: Claim, answer: Answer, wrong: str) -> None:
        """Count one answer."""
        self.words[claim.family, answer.word] += 1
        if wrong:
            self.findings.append(Finding(number, claim, answer, wrong))
        if claim.plain:
            self.plain += 1
            if answer.word == "refused" and not states_nothing(claim) and not any(violations(claim)):
                self.refused.append((number, claim, answer))
        if claim.expected:
            self.true += 1
            self.lost += answer.word != "proved"

    def table(self) -> str:
        """Return the counts as lines, a family each."""
        heads = ("proved", "refuted", "undecided", "refused", "late", "crash")
        lines = [f"{'seed ' + str(self.seed):20}" + "".join(f"{head:>10}" for head in heads)]
        families = sorted({family for family, _ in self.words})
        lines += [f"{family:20}" + "".join(f"{self.words[family, head]:10}" for head in heads) for family in families]
        totals = [sum(count for (_, word), count in self.words.items() if word == head) for head in heads]
        return "\n".join([*lines, f"{'all':20}" + "".join(f"{total:10}" for total in totals)])


def statement(seed: int, number: int) -> Claim:
    """Return one statement of a run: each has a source of chance of its own, and can be drawn again by itself."""
    random = Random(f"{seed} {number}")
    family = FAMILIES[number % len(FAMILIES)]
    for _ in range(_TRIES):
        try:
            return family(random)
        except _SYMPY_CANNOT:
            continue
    return family(random)


def run(decide: Decider, statements: int, seed: int) -> Tally:
    """Decide and judge so many statements."""
    tally = Tally(seed)
    for number, claim in _claims(statements, seed):
        answer = decide(claim)
        tally.note(number, claim, answer, judged(claim, answer, Random(f"points {seed} {number}")))
    return tally


def _claims(statements: int, seed: int) -> Iterator[tuple[int, Claim]]:
    for number in range(statements):
        yield number, statement(seed, number)
