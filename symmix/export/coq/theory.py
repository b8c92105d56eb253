"""Theorems as Coq files: the claims of one theorem in one file, each of its near misses in a file of its own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from symmix.errors import UnsupportedError
from symmix.export.coq.axes import sample_sizes
from symmix.export.coq.context import Context, Definition
from symmix.export.coq.statements import StatementPrinter
from symmix.export.coq.terms import Printer
from symmix.statements import Statement
from symmix.theorems import Script

_WIDTH, _JOINT = 110, "\0"
_HEAD = "From Coq Require Import Reals.\nFrom Symmix Require Import Spaces Equivalence.\nOpen Scope R_scope."


@dataclass(frozen=True)
class Theory:
    """What became of one theorem.

    Attributes
    ----------
    claims
        The labels of the claims that are printed.
    files
        By name, the file of these claims, if there are any, and of each near miss of theirs.
    outside
        Why a claim or a near miss is outside of the fragment, by its label.
    """

    script: Script
    claims: Sequence[str]
    files: Mapping[str, str]
    outside: Mapping[str, str]

    @property
    def whole(self) -> bool:
        """Whether all claims are printed."""
        return len(self.claims) == len(self.script.theorem.claims)

    @property
    def near_misses(self) -> int:
        """How many near misses are printed."""
        return max(len(self.files) - 1, 0)


@cache
def theory(script: Script) -> Theory:
    """Print a theorem, once for its files and for what is said of them; what is outside is left out, and named."""
    claims, outside = _propositions(script, script.theorem.claims)
    if not claims:
        return Theory(script, (), {}, outside)
    missed, missing = _propositions(script, script.theorem.near_misses)
    files = {f"{script.id}.v": _file(script, claims, "claim")}
    for number, (label, stated) in enumerate(missed.items(), start=1):
        files[f"{script.id}__near_miss_{number}.v"] = _file(script, {label: stated}, "near_miss")
    return Theory(script, tuple(claims), files, {**outside, **{f"near miss, {k}": v for k, v in missing.items()}})


@dataclass(frozen=True)
class _Stated:
    """A proposition with the definitions that it uses."""

    proposition: str
    definitions: Sequence[Definition]


def _propositions(script: Script, statements: Mapping[str, Statement]) -> tuple[dict[str, _Stated], dict[str, str]]:
    """Return what can be printed, and why the rest cannot be."""
    theorem, found, outside = script.theorem, dict[str, _Stated](), dict[str, str]()
    samples = sample_sizes(theorem)
    for label, statement in statements.items():
        context = Context(theorem.definitions, samples)
        try:
            proposition = StatementPrinter(Printer(context), theorem.indices).proposition(statement)
            found[label] = _Stated(proposition, tuple(context.definitions.values()))
        except UnsupportedError as error:
            outside[label] = f"{error.remedy}: {error.arrived}"
    return found, outside


def _file(script: Script, statements: Mapping[str, _Stated], name: str) -> str:
    definitions = {d.name: d.text for stated in statements.values() for d in stated.definitions}
    hints = [f"Global Hint Unfold {' '.join(definitions)} : definitions."] if definitions else []
    theorems = [
        f"{comment(label)}Theorem {name}_{number} : {stated.proposition}.\nProof. settle. Qed."
        for number, (label, stated) in enumerate(statements.items(), start=1)
    ]
    proved = ", ".join(f"{name}_{number}" for number in range(1, len(statements) + 1))
    theorems.append(f"Definition proved := ({proved}).\nPrint Assumptions proved.")
    heading = comment(f"{script.id}: {script.summary}")
    return (
        "\n\n".join(_wrapped(part.rstrip()) for part in (heading, _HEAD, *definitions.values(), *hints, *theorems))
        + "\n"
    )


def comment(words: str) -> str:
    """Return a comment; nothing in it may open or close another, or a string."""
    safe = words.replace("(*", "( *").replace("*)", "* )").replace('"', "''")
    return f"(** {safe} *)\n" if words else ""


def _wrapped(code: str) -> str:
    """Break long lines, but for binders; Coq does not mind where."""
    lines: list[str] = []
    for line in code.split("\n"):
        indent = " " * (len(line) - len(line.lstrip()))
        whole = re.sub(r"[({][^(){}]* : [^(){}]*[)}]", lambda found: found[0].replace(" ", _JOINT), line)
        lines += textwrap.wrap(
            whole,
            _WIDTH,
            subsequent_indent=indent + "    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    return "\n".join(lines).replace(_JOINT, " ")
