"""Theorems as Coq files: the claims of one theorem in one file, each of its near misses in a file of its own."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from symmix.errors import UnsupportedError
from symmix.printing.text import TextPrinter, text
from symmix.printing.wording import wording
from symmix.publish.coq.axes import outside, sample_sizes
from symmix.publish.coq.context import Context, Definition
from symmix.publish.coq.statements import StatementPrinter
from symmix.publish.coq.terms import Printer
from symmix.terms import statements as s
from symmix.terms.meanings import Names, fixed_sizes, names_of

_WIDTH, _JOINT = 110, "\0"
_HEAD = "From Coq Require Import Reals.\nFrom Symmix Require Import Spaces Equivalence.\nOpen Scope R_scope."
_SQUARES = "a statement whose proof takes a sum of squares, divides, or turns a product of square matrices round"
_PROPERTIES = "it is about a matrix with a property, which is stated there as a hypothesis only"


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

    theorem: s.Theorem
    claims: Sequence[str]
    files: Mapping[str, str]
    outside: Mapping[str, str]

    @property
    def whole(self) -> bool:
        """Whether all claims are printed."""
        return len(self.claims) == len(self.theorem.claims)

    @property
    def near_misses(self) -> int:
        """How many near misses are printed."""
        return max(len(self.files) - 1, 0)


@cache
def theory(theorem: s.Theorem, summary: str = "", by_squares: frozenset[str] = frozenset()) -> Theory:
    """Print a theorem, once for its files and for what is said of them; what is outside is left out, and named.

    ``by_squares`` are the labels of what holds over the reals alone, or of a multiple: no tactic here finds these.
    """
    printed = _Propositions(theorem.setting, names_of(theorem), sample_sizes(theorem), by_squares)
    claims, outside_claims = printed.of(theorem.claims)
    if not claims:
        return Theory(theorem, (), {}, outside_claims)
    missed, missing = printed.of(theorem.near_misses)
    heading = comment(f"{theorem.name}: {summary}") + _more_general(theorem.setting)
    files = {f"{theorem.name}.v": _file(heading, claims, "claim")}
    for number, (label, stated) in enumerate(missed.items(), start=1):
        files[f"{theorem.name}__near_miss_{number}.v"] = _file(heading, {label: stated}, "near_miss")
    reasons = {**outside_claims, **{f"near miss, {label}": why for label, why in missing.items()}}
    return Theory(theorem, tuple(claims), files, reasons)


@dataclass(frozen=True)
class _Stated:
    """A proposition with the definitions that it uses."""

    proposition: str
    definitions: Sequence[Definition]


@dataclass(frozen=True)
class _Propositions:
    """Prints the statements of one theorem, each for itself."""

    setting: s.Setting
    names: Names
    samples: frozenset[str]
    by_squares: Collection[str]

    def of(self, statements: Iterable[tuple[str, s.Statement]]) -> tuple[dict[str, _Stated], dict[str, str]]:
        """Return what can be printed, and why the rest cannot be."""
        found, left_out = dict[str, _Stated](), dict[str, str]()
        for label, statement in statements:
            try:
                found[label] = self._stated(label, statement)
            except UnsupportedError as error:
                left_out[label] = f"{error.remedy}: {error.arrived}"
        return found, left_out

    def _stated(self, label: str, statement: s.Statement) -> _Stated:
        if self.setting.properties:
            raise outside(wording(statement, TextPrinter()), _PROPERTIES)
        if label in self.by_squares:
            raise outside(wording(statement, TextPrinter()), _SQUARES)
        if fixed_sizes([statement, *(part for pair in self.setting.definitions for part in pair)]):
            raise outside(wording(statement, TextPrinter()), "a size that is a number")
        context = Context(self.names, self.samples, frozenset(self.setting.whole))
        proposition = StatementPrinter(Printer(context), self.setting).proposition(statement)
        return _Stated(proposition, tuple(context.definitions.values()))


def _more_general(setting: s.Setting) -> str:
    """Return a comment that says which conditions are not assumed."""
    if not setting.conditions:
        return ""
    left_out = ", ".join(f"{text(c.left)} {c.sign} {text(c.right)}" for c in setting.conditions)
    return comment(f"What follows is more general than what was stated: it does not assume {left_out}.")


def _file(heading: str, statements: Mapping[str, _Stated], name: str) -> str:
    definitions = {d.name: d.text for stated in statements.values() for d in stated.definitions}
    hints = [f"Global Hint Unfold {' '.join(definitions)} : definitions."] if definitions else []
    theorems = [
        f"{comment(label)}Theorem {name}_{number} : {stated.proposition}.\nProof. settle. Qed."
        for number, (label, stated) in enumerate(statements.items(), start=1)
    ]
    proved = ", ".join(f"{name}_{number}" for number in range(1, len(statements) + 1))
    theorems.append(f"Definition proved := ({proved}).\nPrint Assumptions proved.")
    parts = (heading, _HEAD, *definitions.values(), *hints, *theorems)
    return "\n\n".join(_wrapped(part.rstrip()) for part in parts) + "\n"


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
