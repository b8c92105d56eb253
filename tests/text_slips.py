"""Plant slips in files of theorems and count what becomes of them: ``python -m tests.text_slips [EVERY]``.

The files are those that the catalogue is exported as. In each claim, and in each side of a chain, the text is changed
at one place, as a hand would: a sign, a transpose, a number, a factor, neighbours, a prime, lam for 1 - lam; a
condition is left out, a claim is called a near miss, a near miss a claim. Each slip makes a file of its own: the
declarations, what was changed, and the first near miss. None may be PROVED, unless the slip happens to keep it true:
that the second checker has to say, too, and numbers have to agree, which know neither of the two.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from symmix.catalogue import load
from symmix.confirming import confirm
from symmix.errors import SymmixError
from symmix.publish.plain import written
from symmix.textual import scripts_of
from symmix.verdict import Proved, Refuted

_WORDS = re.compile(r'(claim|near miss)((?: "[^"]*")|[^:"]*): ')
_PROSE = ("title:", "quotes:", "idea:", "note:", "source:", "answers:", "meaning ", "spelling ")
_KINDS = (  # what is written, and what a hand may write in its place
    ("a sign", r" \+ ", r" - "),
    ("a sign", r" - ", r" + "),
    ("a transpose", r"\^T", ""),
    ("a transpose", r"\b([A-Z])\b(?![\[^':])", r"\1^T"),
    ("a number", r"\b2\b", "3"),
    ("a number", r"\b1\b(?!_)", "2"),
    ("a factor", r"\blam (?=[A-Za-z(])", ""),
    ("a factor", r"(?<=[ (])([A-Za-z]'?) (?=[A-Za-z(])(?!where|if|and|for|o |given)", ""),
    ("neighbours", r"\b([A-Z](?:\^T)?) ([A-Za-z](?:\^T)?)\b(?!where)(?![a-z\[])", r"\2 \1"),
    ("a prime", r"\b([a-z])\b(?!')(?=[ )])", r"\1'"),
    ("a prime", r"\b([a-zA-Z])'", r"\1"),
    ("lam for 1 - lam", r"\(1 - lam\)", "lam"),
    ("1 - lam for lam", r"(?<!- )\blam\b", "(1 - lam)"),
    ("a condition", r" where .*", ""),
    ("a condition", r" where ([^,]*), ", r" where "),
)


@dataclass(frozen=True)
class Slip:
    """A file with one slip in it: where it comes from, of which kind it is, and the line that was changed."""

    theorem: str
    kind: str
    line: str
    text: str


def changes(line: str) -> Iterator[tuple[str, str]]:
    """Run through what a slip makes of a line of mathematics, at each place."""
    seen = {line}
    for kind, pattern, wrong in _KINDS:
        for place in re.finditer(pattern, line):
            changed = line[: place.start()] + place.expand(wrong) + line[place.end() :]
            if changed not in seen:
                seen.add(changed)
                yield kind, changed


def slips(name: str, text: str) -> Iterator[Slip]:
    """Run through the slips of one exported theorem."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_PROSE)]
    head = [line for line in lines if not _is_stated(line)]
    misses = [line for line in lines if line.startswith("near miss")]
    for place, line in enumerate(lines):
        behind = lines[place + 1 : place + 2]
        shown = behind if behind and behind[0].startswith("because:") else []
        said = _WORDS.match(line)
        if said is not None and said[1] == "claim":
            for kind, changed in changes(line[said.end() :]):
                stated = f"claim: {changed}"
                yield Slip(name, kind, stated, _file(head, [stated, *shown, misses[0]]))
            yield Slip(
                name,
                "called a near miss",
                line,
                _file(head, ["claim: 1 + 1 = 2", f"near miss x: {line[said.end() :]}"]),
            )
        elif said is not None:
            stated = f"claim: {line[said.end() :]}"
            yield Slip(name, "called a claim", stated, _file(head, [stated, misses[0]]))
        elif line.lstrip().startswith("= "):
            before = lines[place - 1].partition("#")[0].strip().removeprefix("= ").partition(" where ")[0]
            for kind, changed in changes(line.partition("#")[0].strip().removeprefix("= ")):
                stated = f"{before} = {changed}"
                yield Slip(name, kind, stated, _file(head, [stated, misses[0]]))


def _is_stated(line: str) -> bool:
    begins = ("claim", "near miss", "because:", "lemma ", "by:")
    declares = line.startswith(("theorem ", "let ", "given ", "random ", "point:")) or ":=" in line.partition("{")[0]
    return line.startswith(begins) or not declares


def _file(head: Sequence[str], stated: Sequence[str]) -> str:
    return "\n".join([*head, *stated]) + "\n"


def planted(every: int = 1) -> list[Slip]:
    """Return all slips of the catalogue, or those of some theorems."""
    return [slip for script in load()[::every] for slip in slips(script.id, written(script))]


def judged(slip: Slip) -> str:
    """Return what becomes of a slip: rejected, refuted, undecided, or true after all.

    Raises
    ------
    AssertionError
        If it is proved, and the second checker or numbers say otherwise.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / "slipped.txt"
        path.write_text(slip.text, encoding="utf-8")
        try:
            (script,) = scripts_of(path)
            outcome = script.prove()
        except SymmixError:
            return "rejected"
        verdicts = [*outcome.claims.values(), *(verdict for steps in outcome.steps for verdict in steps)]
        near = slip.kind == "called a near miss"
        if near:
            verdicts = [*outcome.near_misses.values()]
        assert not outcome.disagreement, (slip, outcome.disagreement)
        if near:
            assert outcome.verdict.word != "proved", slip  # a near miss that is true fails its theorem
            return "rejected" if any(isinstance(verdict, Proved) for verdict in verdicts) else "undecided"
        if outcome.verdict.word != "proved":
            return "refuted" if any(isinstance(verdict, Refuted) for verdict in verdicts) else "undecided"
        numbers = confirm(outcome, examples=4)
        assert not numbers.disagreements, (slip, str(numbers))
        return "true after all"


def main(every: int) -> None:
    """Print a table."""
    found, begin = dict[str, Counter[str]](), time.perf_counter()
    every_slip = planted()
    for slip in every_slip[::every]:
        word = judged(slip)
        found.setdefault(slip.kind, Counter())[word] += 1
        if word in ("true after all", "undecided"):
            sys.stdout.write(f"{word}: {slip.theorem}, {slip.kind}: {slip.line[:150]}\n")
    for kind, words in found.items():
        sys.stdout.write(f"{kind:<20} {dict(words)}\n")
    count = sum(words.total() for words in found.values())
    total = dict(sum(found.values(), Counter[str]()))
    sys.stdout.write(f"{count} of {len(every_slip)}: {total}; {time.perf_counter() - begin:.0f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
