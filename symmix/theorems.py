"""Theorems: a claim, its hypotheses, a derivation, near misses; and what running one returns."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Never

import sympy as sp

from symmix.certifying import Data, Decided, certificate, spelled
from symmix.checker import check
from symmix.confirmation import Confirmation, by_numbers
from symmix.deciding import Frame
from symmix.deciding.whole import Verdicts, decide_theorem
from symmix.derivation import Derivation
from symmix.display import Result
from symmix.errors import StatementError, SymmixError, place_of, within
from symmix.language import Reader
from symmix.notation import lookup
from symmix.printing.symbols import looks_otherwise
from symmix.setting import Setting
from symmix.statements import Statement
from symmix.stating import Lemma, require_statements, require_words
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.codec import digest, document
from symmix.terms.documents import require_theorem
from symmix.terms.meanings import roots_of
from symmix.verdict import Proved, Remembered, Undecided, Verdict


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
    definitions, conditions, indices, point, properties
        See :class:`symmix.setting.Setting`.
    lemmas
        What is used beyond the kernel.
    parts
        Names of parts of sums, ``{"own errors": own}``: on paper an under-brace marks them in claims and proofs.
    spelling
        LaTeX for symbols whose names do not say enough: ``{D: r"\mathcal{D}"}``.
    meanings
        What symbols of your own stand for, in words, for print: ``{q: "the softmax of u~"}``.
    numbers
        NumPy functions for defined symbols, written from the definition, ``{L: loss}``, or where they are,
        ``{L: "module:loss"}``: the arguments are called as the symbols (``z'`` is ``z_prime``) and carry the cases on
        their leading axis, then the declared axes that are not 1. ``confirm`` compares them with the definition, and
        differentiates them in its place.
    """

    claim: Statement | Mapping[str, Statement]
    near_misses: Mapping[str, Statement] = field(default_factory=dict)
    proof: Derivation | Sequence[Derivation] = ()
    definitions: Mapping[sp.Basic, sp.Basic] = field(default_factory=dict)
    conditions: Sequence[sp.Basic] = ()
    indices: Mapping[sp.Symbol, sp.Symbol] = field(default_factory=dict)
    point: Mapping[sp.Basic, object] = field(default_factory=dict)
    lemmas: Sequence[Lemma] = ()
    parts: Mapping[str, sp.Basic] = field(default_factory=dict)
    spelling: Mapping[sp.Basic, str] = field(default_factory=dict)
    meanings: Mapping[sp.Basic, str] = field(default_factory=dict)
    properties: Mapping[sp.Basic, str] = field(default_factory=dict)
    numbers: Mapping[sp.Basic, Callable[..., Any] | str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require_statements(self)
        require_words(self)

    @property
    def claims(self) -> Mapping[str, Statement]:
        """The claims by label; a single one has the empty label."""
        return self.claim if isinstance(self.claim, Mapping) else {"": self.claim}

    @property
    def derivations(self) -> Sequence[Derivation]:
        """The derivations, also if there is just one."""
        return (self.proof,) if isinstance(self.proof, Derivation) else self.proof

    def setting(self) -> Setting:
        """Return what holds throughout the theorem, read anew."""
        return Setting(**{part.name: getattr(self, part.name) for part in fields(Setting)})

    def document(self, name: str, setting: Setting) -> s.Theorem:
        """Return the theorem as one tree, read in a setting of its own."""
        reader = setting.reader
        reader.survey(self)  # which names are sizes shows in one claim and matters in another
        claims = _read(self.claims, "claim", reader)
        proofs = tuple(derivation.tree(reader) for derivation in self.derivations)
        misses = _read(self.near_misses, "near miss", reader)
        lemmas = tuple(s.Lemma(lemma.name, lemma.statement, lemma.source) for lemma in self.lemmas)
        stated = s.Theorem(name, s.Setting(), claims, proofs, misses, lemmas)
        return s.Theorem(name, setting.tree(roots_of(stated)), claims, proofs, misses, lemmas)


def _read(statements: Mapping[str, Statement], role: str, reader: Reader) -> tuple[tuple[str, s.Statement], ...]:
    found = []
    for label, statement in statements.items():
        with within(f"{role} {label!r}" if label else f"the {role}"):
            found.append((label, statement.tree(reader)))
    return tuple(found)


@dataclass(frozen=True)
class Stated:
    """A theorem as it was read: its tree, the setting that it was read in, and what its trees mean there."""

    theorem: Theorem
    document: s.Theorem
    setting: Setting
    frame: Frame

    def decided(self) -> Verdicts:
        """Decide its claims, its steps and its near misses."""
        claims, misses, reader = self.theorem.claims, self.theorem.near_misses, self.setting.reader
        hints = lambda label: claims[label].hints(reader), lambda label: misses[label].hints(reader)
        return decide_theorem(self.document, self.frame, *hints)

    def outcome(
        self, script: Script, verdicts: Verdicts, certified: Data | None, disagreement: str, seconds: float
    ) -> Outcome:
        """Return all that came of it."""
        read = (script, self.document, self.setting, self.frame)
        return Outcome(*read, verdicts.claims, verdicts.steps, verdicts.near_misses, certified, disagreement, seconds)


@dataclass(frozen=True, eq=False)
class Outcome(Result):
    """Everything that was decided about one theorem in one run; equal to itself alone.

    ``certified`` is the certificate of what the kernel proved, as JSON data. The second checker decides it anew, in its
    own way; ``disagreement`` is what it rejects, and why: a defect of ours, and empty without one.
    """

    script: Script
    document: s.Theorem
    setting: Setting
    frame: Frame
    claims: Mapping[str, Verdict]
    steps: Sequence[Sequence[Verdict]]
    near_misses: Mapping[str, Verdict]
    certified: Data | None
    disagreement: str
    seconds: float

    @property
    def theorem(self) -> Theorem:
        """The theorem as its script states it, which was read and decided."""
        return self.script.theorem

    @property
    def remembered(self) -> bool:
        """Whether the kernel decided it in an earlier run, and the second checker alone in this one."""
        return any(Remembered() in verdict.evidence for verdict in self.claims.values() if isinstance(verdict, Proved))

    @cached_property
    def verdict(self) -> Verdict:
        """Proved if the kernel and the second checker both say so, of something, and every near miss is refuted."""
        if self.disagreement:
            return Undecided(f"an agreement of both deciders: the second checker rejects {self.disagreement}")
        return Verdicts(self.claims, self.steps, self.near_misses).verdict

    @cached_property
    def meanings(self) -> Mapping[str, str]:
        """What the theorem says that its symbols stand for, by name."""
        return _by_name(self.theorem.meanings)

    @cached_property
    def spelling(self) -> Mapping[str, str]:
        """LaTeX for symbols, by name; empty for a namesake of the legend's, which is to look like its name."""
        entries = ((name, symbol, lookup(name)) for name, symbol in self.setting.reader.symbols.items())
        own = {name: "" for name, x, entry in entries if entry and x != entry.symbol and looks_otherwise(name)}
        return own | _by_name(self.theorem.spelling)

    @cached_property
    def parts(self) -> Mapping[str, t.Expression]:
        """The parts of sums that are named, as trees."""
        return {name: self.setting.reader.expression(part) for name, part in self.theorem.parts.items()}

    @cached_property
    def held_constant(self) -> Mapping[t.Expression, tuple[str, ...]]:
        """What each derivative of the claims, definitions unfolded, holds constant, by name."""
        claims = (claim for _, claim in self.document.claims)
        nodes = (node for claim in claims for node in self.frame.names.unfolded(claim))
        derivatives = dict.fromkeys(node for node in nodes if isinstance(node, t.Gradient | t.Jacobian))
        return {node: tuple(sorted(self.frame.names.held_constant(node))) for node in derivatives}

    def certificate(self) -> str:
        """Return the certificate of a proved theorem as JSON: what was stated, and why it holds.

        Raises
        ------
        StatementError
            If the theorem is not proved: there is nothing to certify.
        """
        if not isinstance(self.verdict, Proved):
            raise StatementError("a proved theorem", f"{self.script.id}, {self.verdict.word}", "see symmix prove -v")
        return spelled(self.certified)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the statement, over its one spelling as JSON."""
        return digest(document(self.document)) if self.certified is None else str(self.certified["digest"])


def _by_name(words: Mapping[sp.Basic, str]) -> dict[str, str]:
    return {str(getattr(symbol, "name", symbol)): word for symbol, word in words.items()}


@dataclass(frozen=True)
class Script:
    """A theorem as it stands in a file, not yet run.

    Attributes
    ----------
    id
        The name of the function, which states the conclusion.
    answers
        The question that the theorem answers, in our words.
    quotes
        The sentence that it answers, word for word as the first source has it; empty if none does.
    source
        Keys of ``references.bib``.
    title
        A title for print, empty for one made of the id.
    idea
        Why it holds, in a sentence, for print; empty if the derivation says all.
    words, file
        The statement in words and the file, where the function does not say them: of a theorem in text.
    """

    id: str
    state: Callable[[], Theorem]
    answers: str
    source: tuple[str, ...]
    quotes: str = ""
    title: str = ""
    idea: str = ""
    words: str = ""
    file: Path | None = None

    @property
    def summary(self) -> str:
        """The statement in one line: the first paragraph of the docstring."""
        return " ".join(self.documentation.split("\n\n")[0].split())

    @property
    def documentation(self) -> str:
        """The docstring, or what a text says in its place."""
        return self.words or inspect.cleandoc(self.state.__doc__ or "")

    @property
    def path(self) -> Path:
        """The file that it stands in."""
        return self.file or Path(inspect.getfile(self.state))

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

    @property
    def place(self) -> str:
        """What errors call it."""
        return f"{self.path.name}, {self.id}"

    def confirm(self, seed: int = 0) -> Confirmation:
        """Decide the theorem, and compare everything that was decided with numbers: SymPy's, arrays', a search's."""
        return by_numbers(self.prove(), seed)

    def stated(self) -> Stated:
        """State the theorem, and read it anew: nothing is decided yet."""
        theorem = self.theorem
        setting = theorem.setting()
        document = theorem.document(self.id, setting)
        return Stated(theorem, document, setting, setting.framed(document.setting, require_theorem(document).names))

    @property
    def said(self) -> dict[str, Data]:
        """What a certificate says for people."""
        return {"summary": self.summary, "answers": self.answers, "quotes": self.quotes, "source": list(self.source)}

    def prove(self, stated: Stated | None = None) -> Outcome:
        """Decide the claims, the steps and the near misses of the theorem, which is stated if it was not yet."""
        begin = time.perf_counter()
        with within(self.place):
            stated = stated or self.stated()
            verdicts = stated.decided()
            certified, disagreement = self._checked(stated, verdicts)
        return stated.outcome(self, verdicts, certified, disagreement, time.perf_counter() - begin)

    def _checked(self, stated: Stated, verdicts: Verdicts) -> tuple[Data | None, str]:
        """Return the certificate of what the kernel proved, and what the second checker does not accept of it."""
        if not isinstance(verdicts.verdict, Proved):
            return None, ""
        parts = (list(verdicts.claims.values()), verdicts.steps, list(verdicts.near_misses.values()))
        certified = certificate(Decided(stated.document, stated.frame, *parts), self.said)
        report = check(certified)
        return certified, "" if report.accepted else report.reason


def theorem(
    *unnamed: Never,
    answers: str = "",
    quotes: str = "",
    source: str | Sequence[str] = (),
    title: str = "",
    idea: str = "",
) -> Callable[[Callable[[], Theorem]], Script]:
    """Make a theorem of a function without arguments that returns a :class:`Theorem`.

    The function's name is the theorem's id and states the conclusion; its docstring's first paragraph is the
    statement in words.

    Parameters
    ----------
    answers
        The question that the theorem answers, in your words.
    quotes
        The sentence that it answers, word for word as it stands in the first source: it is printed in quotation marks.
    source
        Keys of ``references.bib``; none for a theorem of your own.
    title
        A title for print: "Nothing is left at the fit". Without one the id is written as words.
    idea
        Why it holds, in a sentence, for print: "Each term contains e or e'."

    Raises
    ------
    StatementError
        If the function has no docstring, nothing is answered, or the parentheses are left out.
    """
    if unnamed:
        arrived = f"@theorem at {getattr(unnamed[0], '__name__', repr(unnamed[0]))}"
        raise StatementError("what a theorem answers, by name", arrived, 'write @theorem(answers="...")')

    def wrap(state: Callable[[], Theorem]) -> Script:
        name = getattr(state, "__name__", "theorem")
        if not (state.__doc__ or "").strip():
            raise StatementError("a docstring that says the statement in words", f"none for {name}", "write one")
        if not answers.strip() and not quotes.strip():
            raise StatementError("the question that a theorem answers", f"none for {name}", 'write answers="..."')
        return Script(
            name, state, answers, (source,) if isinstance(source, str) else tuple(source), quotes, title, idea
        )

    return wrap
