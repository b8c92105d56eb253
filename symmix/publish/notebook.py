"""What a notebook shows: expressions, derivations, theorems' outcomes and verdicts, in LaTeX and on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from symmix.derivation import Derivation
from symmix.language import Reader, read
from symmix.printing.display import NOT_EQUAL, Relation, Typesetter, enumerated, equations, relations, zeros
from symmix.printing.latex import LatexPrinter
from symmix.printing.prose import Prose, in_mathematics
from symmix.printing.symbols import WEB
from symmix.printing.text import TextPrinter, text
from symmix.printing.wording import unequal, word, wording
from symmix.publish import givens, introducing
from symmix.publish.authored import heading
from symmix.publish.bibliography import names, sources
from symmix.publish.markup import MarkdownMarkup
from symmix.publish.points import spelled_point
from symmix.publish.report import describe_witness, report
from symmix.publish.sheet import sheet
from symmix.statements import Statement
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import Proved, Refuted, Undecided, Verdict

_LINE = 48.0
_STATED = "stated step by step, and not decided here"


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
        An expression of SymPy's or a tree, a :class:`Derivation`, a statement, a verdict, or the outcome of a theorem.

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
      (stated step by step, and not decided here)
    >>> show(W * z)._repr_latex_()
    '$\\displaystyle \\boldsymbol{W}\\boldsymbol{z}$'
    """
    match thing:
        case Derivation():
            chain = thing.tree(Reader())
            note = f"({_STATED})" if chain.steps else ""
            rows = [*_chain(chain, _setter()), *([rf"&\quad \text{{{note}}}"] if note else [])]
            return Shown(_aligned(rows), f"{plain_chain(chain)}\n  {note}".rstrip())
        case Outcome():
            return Shown(_aligned(_outcome(thing)), report(thing))
        case Verdict():
            return Shown(_verdict(thing, _setter()), _plain_verdict(thing))
        case Statement():
            statement = thing.tree(Reader())
            return Shown(_aligned(_statement(statement, _setter())), wording(statement, TextPrinter()))
    tree = thing if isinstance(thing, t.Expression) else read(thing)
    return Shown(LatexPrinter(WEB).print(tree), text(tree))


def page(thing: object) -> str | None:
    """Return Markdown for what is more than a formula: an outcome, with all that is given, decided and refuted."""
    if not isinstance(thing, Outcome):
        return None
    titles = {thing.script.id: heading(thing.script)}
    return sheet(thing, MarkdownMarkup(names(), titles), {}, list(sources())).text


def _setter(outcome: Outcome | None = None) -> Typesetter:
    names = outcome.spelling if outcome else {}
    parts = outcome.parts if outcome else {}
    return Typesetter(LatexPrinter(WEB, names, parts), LatexPrinter(WEB, names), _LINE)


def _aligned(rows: Sequence[str]) -> str:
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def _chain(derivation: s.Derivation, setter: Typesetter) -> list[str]:
    symbols = {symbol.name: setter.printer.print(symbol) for symbol in givens.symbols([derivation])}
    steps = [(step.expression, step.reason) for step in derivation.steps]

    def reason(words: str, *, below: bool = False, room: float = 0.0) -> str:
        del below, room
        return _said(words, symbols)

    return setter.chain(derivation.start, steps, reason) if steps else [f"&{setter.inline(derivation.start)}"]


def _said(words: str, symbols: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return words with their formulas for use in mathematics."""
    return in_mathematics(Prose(WEB, _harmless, symbols=symbols)(words))


def _harmless(words: str) -> str:
    """Return words without what means something inside of text in mathematics."""
    return "".join(" " if letter in "\\{}$&#%_^~" else letter for letter in words)


def _statement(statement: s.Statement, setter: Typesetter) -> list[str]:
    if isinstance(statement, s.Fails):
        return [r"&\text{not always}", *_statement(statement.statement, setter)]
    rows = setter.rows(relations(statement))
    if isinstance(statement, s.Equivalence):
        rows += [r"&\text{if and only if}", *setter.rows(zeros(statement.right))]
        if statement.provided:
            unlike = [Relation(left, NOT_EQUAL, right) for left, right in map(unequal, statement.provided)]
            rows += [r"&\text{provided that}", *setter.rows(unlike)]
    if isinstance(statement, s.Positivity) and statement.ranges:
        rows.append(rf"&{in_mathematics(f'for {setter.ranges(statement.ranges)}')}")
    where = getattr(statement, "where", ())
    return [*rows, *([r"&\text{where}", *setter.rows(equations(where))] if where else [])]


def _verdict(verdict: Verdict, setter: Typesetter) -> str:
    """Return a verdict with what it rests on: what is assumed, the point, or what is missing."""
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            return in_mathematics(f"refuted {spelled_point(witness, setter)}")
        case Refuted():
            return r"\text{refuted: what was to fail is proved}"
        case Undecided(missing=missing):
            return _said(f"undecided; missing: {missing}")
        case Proved(assuming=assuming) if assuming:
            assumed = enumerated([introducing.assumed(tree, setter) for tree in assuming])
            return in_mathematics(f"{word(verdict)}, assuming {assumed}")
    return rf"\text{{{word(verdict)}}}"


def _plain_verdict(verdict: Verdict) -> str:
    match verdict:
        case Refuted(witness=witness) if witness is not None:
            return f"refuted {describe_witness(witness)}"
        case Undecided(missing=missing):
            return f"undecided, missing: {missing}"
        case Proved(evidence=evidence):
            return f"{word(verdict)} ({', '.join(type(piece).__name__ for piece in evidence)})"
    return verdict.word


def _outcome(outcome: Outcome) -> list[str]:
    """Return the claims with their verdicts and the derivations, for a place that shows formulas alone."""
    setter = _setter(outcome)
    rows = []
    for label, claim in outcome.document.claims:
        rows += [*_statement(claim, setter), rf"&\quad {_verdict(outcome.claims[label], setter)}"]
    for derivation, verdicts in zip(outcome.document.proofs, outcome.steps, strict=True):
        rows += _chain(derivation, setter)
        words = dict.fromkeys(word(verdict) for verdict in verdicts)
        rows.append(rf"&\quad \text{{({enumerated(list(words) or ['no steps'])})}}")
    return rows


def plain_chain(derivation: s.Derivation) -> str:
    """Return a derivation as lines of text, with one column of equals signs and one of reasons."""
    lines = [text(step.expression) for step in derivation.steps]
    width = max(map(len, lines), default=0)
    rows = [f"  = {line:<{width}}   {step.reason}" for line, step in zip(lines, derivation.steps, strict=True)]
    return "\n".join([text(derivation.start), *rows])
