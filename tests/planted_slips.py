"""Plant slips in right chains and count what becomes of them: ``python -m tests.planted_slips [EVERY]``.

The chains are those of the sketches and of the catalogue, exported as text. At each step the right side is changed at
one node, by each kind of slip; of all wrong lines every EVERY-th is checked (default: 40). None may be proved unless it
is true after all, which the second checker has to say, too; the right lines are all proved.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from symmix.catalogue import load
from symmix.checking.check import _step
from symmix.checking.slips import Mend, candidates
from symmix.errors import SymmixError
from symmix.publish.plain import written
from symmix.reading import Chain, Link, read_derivation
from symmix.terms import nodes as t
from tests.sketches import PCA, RIDGE


def right_steps() -> Iterator[tuple[Link, Link]]:
    texts = [RIDGE, PCA, *(written(script) for script in load())]
    for text in texts:
        for part in read_derivation(text).parts:
            if isinstance(part, Chain):
                pairs = zip(part.links, part.links[1:], strict=False)
                yield from ((one, other) for one, other in pairs if "slip" not in other.reason)


def planted(side: t.Expression) -> Iterator[Mend]:
    """Run through the wrong sides: every slip, and every term left out."""
    yield from candidates(side, None)
    if isinstance(side, t.Add):
        for place in range(len(side.terms)):
            rest = (*side.terms[:place], *side.terms[place + 1 :])
            yield Mend("a missing term", rest[0] if len(rest) == 1 else t.Add(rest))


def main(every: int) -> None:
    words, causes, right, count = Counter[str](), Counter[str](), Counter[str](), 0
    begin = time.perf_counter()
    for before, link in right_steps():
        right[_step(before, link).word] += 1
        if link.expression is None:
            continue
        for slip in planted(link.expression):
            count += 1
            if count % every:
                continue
            try:
                finding = _step(before, replace(link, expression=slip.side))
            except SymmixError:
                words["shapes do not fit"] += 1  # which the reader says before anything is decided
                continue
            words[finding.word] += 1
            if finding.word in ("refuted", "shapes do not fit"):
                same = finding.cause and finding.cause.split(" ")[:2] == slip.slip.split(" ")[:2]
                causes["the planted one" if same else "another that mends it" if finding.cause else "none"] += 1
    sys.stdout.write(f"right steps: {dict(right)}\n")
    sys.stdout.write(f"planted: {count}, checked: {sum(words.values())}: {dict(words)}\n")
    sys.stdout.write(f"causes named: {dict(causes)}; {time.perf_counter() - begin:.0f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
