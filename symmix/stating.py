"""What a theorem is made of besides statements: lemmas; and refusing what is none of it, before anything is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symmix.derivation import Derivation
from symmix.errors import StatementError
from symmix.statements import Statement


@dataclass(frozen=True)
class Lemma:
    """Something a proof uses that the kernel does not decide: named, shown in the output, and tested numerically."""

    name: str
    statement: str
    source: str

    def __post_init__(self) -> None:
        if not all(isinstance(part, str) and part.strip() for part in (self.name, self.statement, self.source)):
            raise StatementError("a lemma in words: name, statement, source", repr(self), "give three texts")


def require_statements(theorem: Any) -> None:
    """Refuse a theorem without claims or near misses, and what is no statement among them."""
    if not theorem.near_misses:
        raise StatementError(
            "at least one near miss", "none", "add a statement one slip away from the claim, which must be refuted"
        )
    if not isinstance(theorem.near_misses, Mapping):
        raise StatementError('near misses by the slip: {"slip": ...}', repr(theorem.near_misses), "name the slip")
    if not theorem.claims:
        raise StatementError("at least one claim", "none", "state what is to be proved")
    for role, stated in (("claim", theorem.claims), ("near miss", theorem.near_misses)):
        for label, statement in stated.items():
            if not isinstance(label, str):
                raise StatementError(f"text as the label of a {role}", repr(label), 'write {"label": statement}')
            _require_statement(statement, f"{role} {label!r}" if label else f"the {role}")
    proof = theorem.proof
    if not isinstance(proof, Derivation | Sequence) or not all(isinstance(d, Derivation) for d in theorem.derivations):
        raise StatementError("a Derivation, or several, as proof", repr(proof), "write Derivation(...).equals(...)")


def require_words(theorem: Any) -> None:
    """Refuse lemmas, names of parts and spellings that cannot be printed."""
    for role, named in (("parts", theorem.parts), ("spelling", theorem.spelling), ("meanings", theorem.meanings)):
        if not isinstance(named, Mapping):
            raise StatementError(f"{role} by name or symbol", repr(named), "give a mapping")
    if not all(isinstance(part, sp.Basic) for part in theorem.parts.values()):
        raise StatementError('parts of sums as expressions: {"own": ...}', repr(theorem.parts), "give expressions")
    if not all(isinstance(latex, str) for latex in (*theorem.spelling.values(), *theorem.meanings.values())):
        raise StatementError("LaTeX as text for each symbol", repr(theorem.spelling), r'write {D: r"\mathcal{D}"}')
    functions = theorem.numbers
    if not isinstance(functions, Mapping) or not all(callable(f) or isinstance(f, str) for f in functions.values()):
        raise StatementError("functions by symbol: {L: loss}", repr(functions), "give a mapping")
    undefined = [symbol for symbol in functions if symbol not in theorem.definitions]
    if undefined:
        raise StatementError("numbers of symbols that are defined", str(undefined[0]), "give it a definition, too")
    lemmas = theorem.lemmas
    if not isinstance(lemmas, Sequence) or not all(isinstance(lemma, Lemma) for lemma in lemmas):
        raise StatementError("a list of lemmas", repr(lemmas), "write [Lemma(name, statement, source)]")


def _require_statement(statement: object, role: str) -> None:
    """Refuse what is no statement; an equation of SymPy's is one that it may have evaluated already."""
    if isinstance(statement, Statement):
        return
    remedy = "write Identity(left, right), Vanishing([...]), Equivalence([...], [...]), Positivity(...) or Fails(...)"
    shown = f"{statement!r} ({type(statement).__name__})"
    raise StatementError(f"a statement as {role}", shown, remedy)
