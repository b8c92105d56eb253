"""Theorems: a claim, its hypotheses, a derivation, near misses; and what running one returns."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cached_property
from pathlib import Path

import sympy as sp

from symmix.derivation import Derivation
from symmix.display import Displayed
from symmix.errors import StatementError, SymmixError, place_of
from symmix.language import Gradient
from symmix.setting import Setting
from symmix.statements import Identity, Statement
from symmix.verdict import Refuted, Undecided, Verdict, all_of


@dataclass(frozen=True)
class Lemma:
    """Something a proof uses that the kernel does not decide: named, shown in the output, and tested numerically."""

    name: str
    statement: str
    source: str


@dataclass(frozen=True)
class Theorem:
    r"""What a proof script returns.

    Parameters
    ----------
    claim
        One statement, or several by label; all of them must be proved.
    near_misses
        Statements one slip away, by the name of the slip; all of them must be refuted. At least one: a check that
        never says no proves nothing.
    proof
        Derivations, each step of which must be proved.
    definitions, conditions, indices
        See :class:`symmix.setting.Setting`.
    lemmas
        What is used beyond the kernel.
    parts
        Names of parts of sums, ``{"own errors": own}``: on paper an under-brace marks them in claims and proofs.
    spelling
        LaTeX for symbols whose names do not say enough: ``{D: r"\mathcal{D}"}``.
    """

    claim: Statement | Mapping[str, Statement]
    near_misses: Mapping[str, Statement]
    proof: Derivation | Sequence[Derivation] = ()
    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)
    conditions: Sequence[sp.Basic] = ()
    indices: Mapping[sp.Symbol, sp.Symbol] = field(default_factory=dict)
    lemmas: Sequence[Lemma] = ()
    parts: Mapping[str, sp.Basic] = field(default_factory=dict)
    spelling: Mapping[sp.Basic, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.near_misses:
            raise StatementError(
                "at least one near miss", "none", "add a statement one slip away from the claim, which must be refuted"
            )
        if not self.claims:
            raise StatementError("at least one claim", "none", "state what is to be proved")
        if not all(derivation.steps for derivation in self.derivations):
            raise StatementError("a proof with at least one step", "none", "add .equals(...), or leave the proof out")
        claimed = [(claim.left, claim.right) for claim in self.claims.values() if isinstance(claim, Identity)]
        for derivation in self.derivations:
            if (derivation.start, derivation.end) not in claimed:
                raise StatementError(
                    "a proof that leads from one side of a claimed identity to the other",
                    f"one from {derivation.start} to {derivation.end}",
                    "start and end it as the claim does, or claim that identity too",
                )

    @property
    def claims(self) -> Mapping[str, Statement]:
        """The claims by label; a single one has the empty label."""
        return self.claim if isinstance(self.claim, Mapping) else {"": self.claim}

    @property
    def jacobians(self) -> Sequence[tuple[sp.Basic, sp.MatrixSymbol, sp.Basic]]:
        """What the claims assume of symbols that depend on others: ``(z, theta, J)`` for dz/dtheta = J."""
        stated = [
            *self.definitions.values(),
            *(part for claim in self.claims.values() for part in expressions_of(claim)),
        ]
        nodes = sorted({node for part in stated for node in part.atoms(Gradient)}, key=str)
        found = ((symbol, node.wrt, value) for node in nodes for symbol, value in node.jacobians.items())
        return list(dict.fromkeys(found))

    @property
    def derivations(self) -> Sequence[Derivation]:
        """The derivations, also if there is just one."""
        return (self.proof,) if isinstance(self.proof, Derivation) else self.proof


def expressions_of(statement: object) -> list[sp.Basic]:
    """Return the expressions that a statement is made of, hypotheses included; of a mapping, what it is about."""
    if isinstance(statement, sp.Basic):
        return [statement]
    if is_dataclass(statement):
        return [part for field_ in fields(statement) for part in expressions_of(getattr(statement, field_.name))]
    if isinstance(statement, Mapping | Sequence) and not isinstance(statement, str):
        return [part for item in statement for part in expressions_of(item)]
    return []


@dataclass(frozen=True)
class Outcome(Displayed):
    """Everything that was decided about one theorem."""

    script: Script
    theorem: Theorem
    setting: Setting
    claims: Mapping[str, Verdict]
    steps: Sequence[Sequence[Verdict]]
    near_misses: Mapping[str, Verdict]
    seconds: float

    @property
    def verdict(self) -> Verdict:
        """Proved if every claim and every step is, and every near miss is refuted."""
        verdict = all_of([*self.claims.values(), *(v for chain in self.steps for v in chain)])
        missed = [name for name, v in self.near_misses.items() if not isinstance(v, Refuted)]
        if verdict.word == "proved" and missed:
            return Undecided(f"a witness against the near miss {missed[0]!r}: it is {self.near_misses[missed[0]].word}")
        return verdict


@dataclass(frozen=True)
class Script:
    """A theorem as it stands in a file, not yet run.

    Attributes
    ----------
    id
        The name of the function, which states the conclusion.
    answers
        The sentence of the post, or the claim of another source, that the theorem answers.
    source
        Keys of ``references.bib``.
    """

    id: str
    state: Callable[[], Theorem]
    answers: str
    source: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The statement in one line: the first paragraph of the docstring."""
        return " ".join(self.documentation.split("\n\n")[0].split())

    @property
    def documentation(self) -> str:
        """The docstring."""
        return inspect.cleandoc(self.state.__doc__ or "")

    @property
    def path(self) -> Path:
        """The file that it stands in."""
        return Path(inspect.getfile(self.state))

    @cached_property
    def theorem(self) -> Theorem:
        """The theorem, stated once."""
        try:
            stated = self.state()
        except SymmixError:
            raise
        except Exception as error:
            raise StatementError(
                "a theorem that can be stated",
                f"{type(error).__name__} in {self.id}: {error}",
                f"see {place_of(error)}",
            ) from error
        if not isinstance(stated, Theorem):
            raise StatementError(
                "a function that returns a Theorem", f"{stated!r} from {self.id}", "return Theorem(...)"
            )
        return stated

    def prove(self) -> Outcome:
        """State the theorem and decide its claims, its steps and its near misses."""
        begin = time.perf_counter()
        theorem = self.theorem
        setting = Setting(theorem.definitions, theorem.conditions, theorem.indices)
        claims = {label: claim.decide(setting) for label, claim in theorem.claims.items()}
        steps = [derivation.decide(setting) for derivation in theorem.derivations]
        near_misses = {slip: statement.decide(setting) for slip, statement in theorem.near_misses.items()}
        return Outcome(self, theorem, setting, claims, steps, near_misses, time.perf_counter() - begin)

    def main(self) -> None:
        """Prove this script's file as ``symmix prove FILE`` does, and exit with its code."""
        from symmix.cli import main  # the command line imports everything, a script only what it says  # noqa: PLC0415

        raise SystemExit(main(["prove", str(self.path)]))


def theorem(*, answers: str, source: str | Sequence[str] = ()) -> Callable[[Callable[[], Theorem]], Script]:
    """Make a theorem of a function without arguments that returns a :class:`Theorem`.

    The function's name is the theorem's id and states the conclusion; its docstring's first paragraph is the
    statement in words.

    Parameters
    ----------
    answers
        The sentence that the theorem answers.
    source
        Keys of ``references.bib``; none for a theorem of your own.

    Raises
    ------
    StatementError
        If the function has no docstring.
    """

    def wrap(state: Callable[[], Theorem]) -> Script:
        name = getattr(state, "__name__", "theorem")
        if not (state.__doc__ or "").strip():
            raise StatementError("a docstring that says the statement in words", f"none for {name}", "write one")
        return Script(name, state, answers, (source,) if isinstance(source, str) else tuple(source))

    return wrap
