"""What ``symmix prove`` shows of a theorem, as plain text and data: written where the theorem was decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

from symmix.certifying import Data
from symmix.cli.cache import Cache, proved
from symmix.confirmation import Confirmation, by_numbers
from symmix.errors import SymmixError
from symmix.publish.givens import assumed_as_text, lemmas
from symmix.publish.reach import for_size
from symmix.publish.report import conclusion, document, report
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved, Refuted


@dataclass(frozen=True)
class Shown:
    """A theorem with its verdict.

    ``rests`` is what it takes for granted: a size, lemmas, what it divides by. ``remembered`` says that the kernel
    decided it in an earlier run. The report is there where it is asked for or something is not proved, the certificate
    where it is asked for and everything is, the document where it is asked for; so is what numbers say.
    """

    id: str
    word: str
    steps: int
    misses: int
    refuted: int
    seconds: float
    rests: str
    conclusion: str
    remembered: bool
    disagreement: str
    digest: str
    report: str
    certificate: str
    document: Data
    file: str
    confirmation: Confirmation | None = None

    @property
    def proved(self) -> bool:
        """Whether both deciders say so."""
        return self.word == Proved.word

    @property
    def agrees(self) -> bool:
        """Whether numbers agree, if they were asked."""
        return self.confirmation is None or self.confirmation.agrees


@dataclass(frozen=True)
class Broken:
    """A file, or a theorem of one, that could not be read or stated, and what is wrong with it."""

    file: str
    id: str
    error: str


def tried(
    script: Script, *, cache: Cache | None, verbose: bool, as_data: bool, certify: bool, seed: int | None = None
) -> Shown | Broken:
    """Show a theorem, or why it cannot be stated: the others are shown all the same."""
    try:
        return show(script, cache=cache, verbose=verbose, as_data=as_data, certify=certify, seed=seed)
    except SymmixError as error:
        return Broken(str(script.path), script.id, str(error).lstrip())


def show(
    script: Script, *, cache: Cache | None, verbose: bool, as_data: bool, certify: bool, seed: int | None = None
) -> Shown:
    """Decide a theorem and write down what there is to show; what shows evidence asks the cache for nothing.

    With a seed, everything that was decided is compared with numbers, too.
    """
    outcome = proved(script, cache, anew=verbose or as_data or seed is not None)
    found = shown(outcome, verbose=verbose, as_data=as_data, certify=certify)
    return found if seed is None else replace(found, confirmation=by_numbers(outcome, seed))


def shown(outcome: Outcome, *, verbose: bool, as_data: bool, certify: bool) -> Shown:
    """Write down what there is to show of a theorem that was decided."""
    proved = isinstance(outcome.verdict, Proved)
    return Shown(
        id=outcome.script.id,
        word=outcome.verdict.word,
        steps=sum(map(len, outcome.steps)),
        misses=len(outcome.near_misses),
        refuted=sum(isinstance(verdict, Refuted) for verdict in outcome.near_misses.values()),
        seconds=outcome.seconds,
        rests=", ".join([*filter(None, [for_size(outcome)]), *lemmas(outcome), *assumed_as_text(outcome)]),
        conclusion=conclusion(outcome),
        remembered=outcome.remembered,
        disagreement=outcome.disagreement,
        digest=outcome.digest,
        report=report(outcome) if verbose or not proved else "",
        certificate=outcome.certificate() if proved and certify else "",
        document=document(outcome) if as_data else None,
        file=outcome.script.path.stem,
    )
