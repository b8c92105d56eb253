"""Theorems for Coq: the statements that the kernel decided, over abstract inner product spaces, and one tactic.

A folder with the prelude, a file for each theorem, and a file for each near miss, which Coq has to refuse. What is
outside of the fragment, inner products, linear maps, samples and expectations, is named with the reason.

What is printed says what was stated, or more: the conditions of a theorem (s > 0) are left out, which its file says,
and a distribution has to be no more than a normalised linear functional.

Two things are stated otherwise than the kernel has them. What hangs on the encoder's parameters moves along a line, as
its Jacobian says: the chain rule is taken for granted. And a gradient by a matrix is stated along the matrices of rank
one, of which every matrix is a sum (``Instances.v`` proves that).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files as resources

from symmix.errors import UsageError
from symmix.kernel.scalars import ONE
from symmix.publish.coq.theory import Theory, comment, theory
from symmix.publish.paper import Chapters, by_chapter, made_up
from symmix.publish.sheet import many
from symmix.theorems import Outcome
from symmix.verdict import BothDirections, Evidence, Membership, Proved

DOCUMENT, SUFFIX = "README.md", ".v"
PRELUDE = ("Spaces.v", "Bilinear.v", "Equivalence.v", "Instances.v")  # each may use those before it

__all__ = ["DOCUMENT", "PRELUDE", "SUFFIX", "Theory", "files", "printed", "remarks", "shipped", "single", "theory"]


def printed(outcome: Outcome) -> Theory:
    """Return a theorem as it is printed; what takes sums of squares is named among what is outside."""
    proved = {label: verdict.evidence for label, verdict in outcome.claims.items() if isinstance(verdict, Proved)}
    by_squares = (label for label, found in proved.items() if any(map(_takes_squares, found)))
    return theory(outcome.document, outcome.script.summary, frozenset(by_squares))


def _takes_squares(evidence: Evidence) -> bool:
    match evidence:
        case BothDirections(forward=forward, backward=backward):
            return any(way.squared or way.turned for way in (*forward, *backward))
        case Membership(way=way):
            return way.squared or way.factor != ONE or bool(way.turned)
    return False


def files(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "") -> dict[str, str]:
    """Return all files by name: what to read first, the script that checks them, the prelude, and the theorems.

    Raises
    ------
    UsageError
        If a theorem is called like a file of the prelude.
    """
    theories = [printed(outcome) for outcome in outcomes]
    title = heading or made_up(by_chapter(outcomes, chapters))
    found = {DOCUMENT: "\n".join(_contents(theories, title)) + "\n", **shipped()}
    for one in theories:
        if taken := {name.casefold() for name in one.files} & {name.casefold() for name in shipped()}:
            raise UsageError(
                "theorems that are not called like the prelude", min(taken), "give the theorem another name"
            )
        found |= one.files
    return found


def shipped() -> dict[str, str]:
    """Return what every folder has, whatever the theorems are: the prelude, and the script that checks."""
    return {name: (resources(__name__) / name).read_text(encoding="utf-8") for name in (*PRELUDE, "check.sh")}


def single(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "") -> str:
    """Return the theorems alone, to be read: without the prelude, and without near misses."""
    theories = [printed(outcome) for outcome in outcomes]
    title = heading or made_up(by_chapter(outcomes, chapters))
    codes = [one.files[f"{one.theorem.name}{SUFFIX}"] for one in theories if one.claims]
    left_out = [comment(f"outside of the fragment, {line}") for one in theories for line in _outside(one)]
    return "\n".join([comment(title), *codes, *left_out])


def remarks(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Run through what is outside of the fragment, claim by claim."""
    for outcome in outcomes:
        yield from _outside(printed(outcome))


def _outside(one: Theory) -> Iterator[str]:
    for label, reason in one.outside.items():
        yield f"{one.theorem.name}{f' ({label})' if label else ''}: {reason}"


def _contents(theories: Sequence[Theory], title: str) -> Iterator[str]:
    claims, misses = sum(len(one.claims) for one in theories), sum(one.near_misses for one in theories)
    yield f"# {title}\n"
    yield (
        f"{many(claims, 'claim')} for Coq (8.16 or newer, its standard library alone), over all inner product spaces,\n"
        "with one fixed tactic. `sh check.sh` compiles everything: each theorem has to pass, on no axiom but those of\n"
        f"the reals, and each of the {many(misses, 'near miss', 'near misses')} has to be refused by the tactic.\n\n"
        "- `Spaces.v` says what is assumed of spaces, maps, samples and expectations.\n"
        "- `Bilinear.v` and `Equivalence.v` have the tactic.\n"
        "- `Instances.v` shows that there are such things: vectors and matrices of every size, and so on.\n"
    )
    yield "| theorem | claims | near misses |\n| --- | --- | --- |"
    for one in theories:
        part = "all" if one.whole else f"{len(one.claims)} of {len(one.theorem.claims)}"
        yield f"| `{one.theorem.name}` | {part if one.claims else 'none'} | {one.near_misses} |"
    left_out = [f"- {line}" for one in theories for line in _outside(one)]
    if left_out:
        yield "\nOutside of the fragment:\n"
        yield from left_out
