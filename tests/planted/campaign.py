"""What symmix says of each edited line, beside what the numbers say."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from symmix import check_derivation
from tests.planted.grammar import UnsupportedError
from tests.planted.points import point
from tests.planted.settings import Step, steps
from tests.planted.slips import FACTOR, LAM, Edit, slips
from tests.planted.values import ShapeError, SingularError, World, equal

TESTS = Path(__file__).parent.parent
POINTS = 4  # the first two have sizes of 2 and more that all differ
CAUGHT = ("refuted", "shapes do not fit", "not understood")  # of a wrong line: it is not believed
REJECTED = ("refuted", "shapes do not fit")  # of a true line: symmix would be wrong; what it does not read, it says


@dataclass(frozen=True)
class Outcome:
    """One line: whether the numbers make it true, and what symmix says of it. ``slip`` is nothing for a right line."""

    step: Step
    slip: str
    right: str
    truth: str  # "true", "wrong", or "shapes"
    word: str
    cause: str
    cured: str  # whether the line with the named cause is "true" by the numbers; nothing where none is named
    said: str
    seconds: float

    @property
    def bad(self) -> str:
        """Return what is wrong with the answer, or nothing."""
        if self.word == "defect":
            return "a defect of ours"
        if self.truth == "true" and self.word in REJECTED:
            return "a true line rejected"
        if self.truth != "true" and self.word == "proved":
            return "a wrong line proved"
        if not self.slip and self.word != "proved":
            return "a right line not proved"
        if self.cured not in ("", "true"):
            return "a cause that does not mend"
        return ""


@dataclass
class Tally:
    """What came of many lines."""

    outcomes: list[Outcome] = field(default_factory=list)
    unsupported: list[str] = field(default_factory=list)

    @property
    def bad(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.bad]

    def table(self) -> str:
        """Return the figures, by kind of slip."""
        lines = [_row(("slip", "planted", "true", "wrong", "caught", "proved", "open", "its cause", "another"))]
        for kind in (*dict.fromkeys(one.slip for one in self.outcomes if one.slip), ""):
            some = [one for one in self.outcomes if one.slip and kind in ("", one.slip)]
            wrong = [one for one in some if one.truth != "true"]
            named = [one for one in wrong if one.cause]
            own = sum(named_as_planted(one) for one in named)
            words = Counter(one.word for one in wrong)
            caught = sum(words[word] for word in CAUGHT)
            counts = (len(some), len(some) - len(wrong), len(wrong), caught, words["proved"], words["undecided"])
            lines.append(_row((kind or "all", *counts, own, len(named) - own)))
        right = [one for one in self.outcomes if not one.slip]
        kept = Counter(one.word for one in self.outcomes if one.slip and one.truth == "true")
        seconds = [one.seconds for one in self.outcomes]
        return "\n".join(
            (
                *lines,
                f"right lines: {len(right)}, proved: {sum(one.word == 'proved' for one in right)}",
                f"slips that leave the line true: {sum(kept.values())}, {dict(kept)}",
                f"{len({one.step.name for one in right})} chains",
                f"{sum(seconds) / max(len(seconds), 1):.3f} s a step, at most {max(seconds, default=0):.2f} s",
                f"not read by the planter: {len(self.unsupported)}",
                f"wrong answers: {dict(Counter(one.bad for one in self.bad))}",
            )
        )


def _row(cells: Sequence[object]) -> str:
    first, *others = cells
    return f"{first:<18}" + "".join(f"{cell:>10}" for cell in others)


def named_as_planted(outcome: Outcome) -> bool:
    """Return whether the cause that is named is the slip that was planted, in the words of either."""
    cause, slip = outcome.cause, outcome.slip
    return cause.startswith(slip) or (slip == FACTOR and "factor " in cause) or (slip == LAM and " for " in cause)


def derivations() -> Iterator[tuple[str, str]]:
    """Return the names and texts of all derivations."""
    for path in sorted((*(TESTS / "derivations").glob("*.txt"), *(TESTS / "planted" / "notes").glob("*.txt"))):
        yield path.stem, path.read_text(encoding="utf-8")


def right_steps(tally: Tally) -> Iterator[Step]:
    """Return the right steps of all derivations; those with a mean on the left also the other way round."""
    for name, text in derivations():
        try:
            for step in steps(name, text):
                yield step
                if "E_" in step.left or "1/n" in step.left:
                    yield replace(step, left=step.right, right=step.left)
        except UnsupportedError as error:
            tally.unsupported.append(f"{name}: {error}")


def planted(step: Step) -> list[Edit]:
    """Return the slips of a step."""
    setting = step.setting
    scalars = [name for name, symbol in setting.symbols.items() if not symbol.shape]
    return list(slips(step.right, setting.read(step.right), scalars, setting.sizes))


def truth(step: Step, right: str, worlds: Sequence[World]) -> str:
    """Return what the numbers say of a line."""
    setting = step.setting
    left = setting.read(step.left)
    for world in worlds:
        try:
            if not equal(left, setting.read(right), world):
                return "wrong"
        except ShapeError:
            if 1 not in world.sizes.values():  # a column of one entry is no number, which arrays do not know
                return "shapes"
        except SingularError:
            continue
    return "true"


def judge(step: Step, chosen: Iterable[Edit], worlds: Sequence[World]) -> Iterator[Outcome]:
    """Return the outcomes of a step itself and of some of its slips."""
    for edit in (None, *chosen):
        right = step.right if edit is None else edit.of(step.right)
        begin = time.perf_counter()
        report = check_derivation(step.written(right))
        seconds = time.perf_counter() - begin
        finding = report.findings[-1]
        word: str = finding.word if len(report.findings) == 1 else "not understood"
        if report.defects:
            word = "defect"
        cured = ""
        if finding.mended:
            try:
                cured = truth(step, finding.mended, worlds)
            except UnsupportedError:
                cured = f"unread: {finding.mended}"
        true = truth(step, right, worlds)
        slip = "" if edit is None else edit.kind
        yield Outcome(step, slip, right, true, word, finding.cause, cured, str(report), seconds)


def run(every: int = 1, seed: int = 1, watch: Callable[[Outcome], None] = lambda _: None) -> Tally:
    """Judge every EVERY-th slip of all right steps, and these steps themselves; ``watch`` sees each as it comes."""
    tally, random, number = Tally(), Random(seed), 0
    for step in right_steps(tally):
        try:
            edits = planted(step)
            chosen = [edit for at, edit in enumerate(edits, number) if at % every == 0]
            number += len(edits)
            worlds = [point(step, random, distinct=at < 2) for at in range(POINTS)] if chosen else []
            for outcome in judge(step, chosen, worlds) if chosen else ():
                tally.outcomes.append(outcome)
                watch(outcome)
        except UnsupportedError as error:
            tally.unsupported.append(f"{step.name}: {step.left} = {step.right}: {error}")
    return tally
