"""What a notebook shows: expressions, derivations, theorems' outcomes and verdicts, in LaTeX and on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from symmix.derivation import Derivation
from symmix.errors import UnsupportedError
from symmix.export.display import Typesetter, relations, zeros
from symmix.export.latex import LatexPrinter
from symmix.export.prose import Prose
from symmix.export.report import describe_witness, report
from symmix.export.symbols import WEB
from symmix.export.text import TextPrinter, text
from symmix.export.wording import wording
from symmix.statements import Equivalence, Fails, Identity, Positivity, Statement, Vanishing
from symmix.theorems import Outcome
from symmix.verdict import Proved, Refuted, Undecided, Verdict

_LINE = 48.0


class Shown:
    """Something with a face: LaTeX in a notebook, aligned text on a terminal."""

    def __init__(self, latex: str, plain: str) -> None:
        self._latex, self._plain = latex, plain

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self._latex}$"

    def __repr__(self) -> str:
        return self._plain


def show(thing: object) -> Shown:
    r"""Return something as a notebook and a terminal display it.

    Parameters
    ----------
    thing
        A SymPy expression, a :class:`Derivation`, a statement, a verdict, or the outcome of a theorem.

    Raises
    ------
    UnsupportedError
        If it is none of them.

    Examples
    --------
    >>> from symmix.notation import W, z, zp
    >>> show(Derivation(W * (z + zp)).equals(W * z + W * zp, by="W is linear"))
    W (z + z')
      = W z + W z'   W is linear
    >>> show(W * z)._repr_latex_()
    '$\\displaystyle \\boldsymbol{W}\\boldsymbol{z}$'
    """
    match thing:
        case Derivation():
            return Shown(_aligned(_chain(thing)), plain_chain(thing))
        case Outcome():
            return Shown(_aligned(_outcome(thing)), report(thing))
        case Verdict():
            return Shown(_verdict(thing), _plain_verdict(thing))
        case Identity() | Vanishing() | Equivalence() | Positivity() | Fails():
            return Shown(_aligned(_statement(thing)), wording(thing, TextPrinter()))
        case sp.Basic():
            return Shown(LatexPrinter(WEB).print(thing), text(thing))
    raise UnsupportedError(
        "an expression, a derivation, a statement, a verdict or an outcome",
        f"{thing!r} ({type(thing).__name__})",
        "show its parts",
    )


def _setter(outcome: Outcome | None = None) -> Typesetter:
    names = outcome.theorem.spelling if outcome else {}
    parts = outcome.theorem.parts if outcome else {}
    return Typesetter(LatexPrinter(WEB, names, parts), LatexPrinter(WEB, names), _LINE)


def _aligned(rows: Sequence[str]) -> str:
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _chain(derivation: Derivation, outcome: Outcome | None = None) -> list[str]:
    steps = [(step.expression, step.reason) for step in derivation.steps]
    return (
        _setter(outcome).chain(derivation.start, steps, _reason)
        if steps
        else [f"&{_setter().inline(derivation.start)}"]
    )


def _reason(words: str, *, below: bool = False) -> str:
    del below
    return rf"\text{{{Prose(WEB, _harmless)(words)}}}"


def _harmless(words: str) -> str:
    """Return words without what means something inside of text in mathematics."""
    return "".join(" " if letter in "\\{}$&#%_^~" else letter for letter in words)


def _statement(statement: Statement, setter: Typesetter | None = None) -> list[str]:
    setter = setter or _setter()
    if isinstance(statement, Fails):
        return [r"&\text{not always}", *_statement(statement.statement, setter)]
    rows = setter.rows(relations(statement))
    if isinstance(statement, Equivalence):
        rows += [r"&\text{if and only if}", *setter.rows(zeros(statement.right))]
    where = getattr(statement, "where", ())
    return [*rows, *([r"&\text{where}", *setter.rows(zeros(where))] if where else [])]


def _verdict(verdict: Verdict) -> str:
    return rf"\text{{{verdict.word}}}"


def _plain_verdict(verdict: Verdict) -> str:
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            return f"refuted {describe_witness(witness)}"
        case Undecided(missing=missing):
            return f"undecided, missing: {missing}"
        case Proved(evidence=evidence):
            return f"proved ({', '.join(type(piece).__name__ for piece in evidence)})"
    return verdict.word


def _outcome(outcome: Outcome) -> list[str]:
    setter = _setter(outcome)
    rows = []
    for label, claim in outcome.theorem.claims.items():
        rows += [*_statement(claim, setter), rf"&\quad {_verdict(outcome.claims[label])}"]
    for derivation in outcome.theorem.derivations:
        rows += _chain(derivation, outcome)
    return rows


def plain_chain(derivation: Derivation) -> str:
    """Return a derivation as lines of text, with one column of equals signs and one of reasons."""
    lines = [text(step.expression) for step in derivation.steps]
    width = max(map(len, lines), default=0)
    rows = [f"  = {line:<{width}}   {step.reason}" for line, step in zip(lines, derivation.steps, strict=True)]
    return "\n".join([text(derivation.start), *rows])
