"""Theorems as derivations in plain text, which ``symmix check`` decides anew: statements, proofs, near misses.

What a text cannot say is left out: lemmas, and combinations or squares that a script shows because no search finds
them; where they are needed, a statement is undecided when it is checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from symmix.printing.printer import Piece, Strength
from symmix.printing.text import TextPrinter
from symmix.printing.wording import where, wording
from symmix.publish.givens import used
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.meanings import Names, names_of, roots_of
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome, Script

T = TypeVar("T")
SUFFIX = ".txt"
DOCUMENT = "contents.md"


def single(outcomes: Sequence[Outcome], chapters: Mapping[str, Sequence[str]], title: str = "") -> str:
    """Return one theorem as a derivation, or several in one text, each with its declarations."""
    del chapters, title
    return "\n".join(derivation(outcome) for outcome in outcomes)


def files(outcomes: Sequence[Outcome], chapters: Mapping[str, Sequence[str]], title: str = "") -> dict[str, str]:
    """Return a derivation for each theorem, and a list of them."""
    del chapters
    rows = [f"- [{outcome.script.id}]({outcome.script.id}{SUFFIX}): {outcome.script.summary}" for outcome in outcomes]
    listed = f"# {title or 'Derivations'}\n\n`symmix check *.txt` decides them.\n\n" + "\n".join(rows) + "\n"
    return {DOCUMENT: listed, **{f"{outcome.script.id}{SUFFIX}": derivation(outcome) for outcome in outcomes}}


def derivation(outcome: Outcome) -> str:
    """Return a theorem that was decided as a derivation."""
    return written(outcome.script, outcome.document)


def written(script: Script, theorem: s.Theorem) -> str:
    """Return a theorem as a derivation."""
    writing = _Writing(theorem)
    comment = f"# {script.id}: {script.summary}"
    return "\n".join([comment, *writing.declared(), *writing.stated(), *writing.refuted()]) + "\n"


class _Exact(TextPrinter):
    """Writes also which Jacobians and moments a node has, where these are not the declared ones."""

    def __init__(self, jacobians: Mapping[str, t.Pairs], moments: Mapping[str, tuple[t.Moment, ...]]) -> None:
        self.jacobians, self.moments = jacobians, moments

    def piece(self, node: t.Expression) -> Piece:
        """Return a node, in brackets with what is not declared of it."""
        written = super().piece(node)
        behind = ""
        if isinstance(node, t.Gradient | t.Jacobian):
            if node.jacobians != self.jacobians.get(node.by.name, ()):
                behind = f" with {self.dependences(node.by, node.jacobians) or '0'}"
            behind += " constant" if node.constant else ""
        elif isinstance(node, t.Expectation) and node.moments != self.moments.get(node.random.name):
            behind = f" with {self.given(node.random, node.moments)}"
        return Piece(f"({written.text}{behind})", Strength.ATOM) if behind else written

    def dependences(self, by: t.Symbol, pairs: t.Pairs) -> str:
        """Return ``dz/dtheta = J, ...``."""
        return ", ".join(f"d{of.name}/d{by.name} = {self.print(value)}" for of, value in pairs)

    def given(self, random: t.Symbol, moments: Sequence[t.Moment]) -> str:
        """Return ``E[lam] = m, ...``."""
        return ", ".join(f"E[{_monomial(random, moment)}] = {self.print(moment.value)}" for moment in moments)


def _monomial(random: t.Symbol, moment: t.Moment) -> str:
    width = len([size for size in random.axes if size != ONE_SIZE])
    if not width:
        return random.name if moment.degree == 1 else f"{random.name}^{moment.degree}"
    groups = [moment.indices[place : place + width] for place in range(0, len(moment.indices), width)]
    return " ".join(f"{random.name}[{','.join(group)}]" for group in groups)


class _Writing:
    """The lines of one theorem."""

    def __init__(self, theorem: s.Theorem) -> None:
        self.theorem, self.names = theorem, names_of(theorem)
        self.definitions = used(theorem)
        nodes = [node for root in self._roots() for node in root.walk()]
        self.jacobians = _commonest(
            [(n.by.name, n.jacobians) for n in nodes if isinstance(n, t.Gradient | t.Jacobian) and n.jacobians]
        )
        self.moments = _commonest([(n.random.name, n.moments) for n in nodes if isinstance(n, t.Expectation)])
        self.printer = _Exact(self.jacobians, self.moments)

    def _roots(self) -> list[Node]:
        return [*roots_of(self.theorem), *(value for _, value in self.definitions)]

    # -- declarations ---

    def declared(self) -> Iterator[str]:
        setting, known = self.theorem.setting, Names.of(self._roots(), self.theorem.setting.indices)
        symbols = dict(known.symbols) | {symbol.name: symbol for symbol, _ in self.definitions}
        properties = dict(setting.properties)
        for name in sorted(symbols):
            behind = f" {properties[name]}" if name in properties else ""
            yield f"let {name}{_shape(symbols[name])}{behind}{' whole' if name in setting.whole else ''}"
        spoken = {size for symbol in symbols.values() for size in symbol.axes}
        yield from (f"let {size} size" for size in sorted(known.sizes - spoken))
        yield from (f"let {index.name} < {index.size}" for index in setting.indices)
        for by, pairs in self.jacobians.items():
            yield from (f"d{of.name}/d{by} := {self.printer.print(value)}" for of, value in pairs)
        for name, moments in self.moments.items():
            yield f"random {name}: {self.printer.given(symbols[name], moments)}"
        yield from (f"{symbol.name} := {self.printer.print(value)}" for symbol, value in self.definitions)
        for condition in setting.conditions:
            left, right = self.printer.print(condition.left), self.printer.print(condition.right)
            yield f"given {left} {condition.sign} {right}"

    # -- statements ---

    def stated(self) -> Iterator[str]:
        for label, claim in self.theorem.claims:
            yield f"{wording(claim, self.printer)}   # claim{f' {label}' if label else ''}"
        for proof in self.theorem.proofs:
            before = self.printer.print(proof.start)
            for step in proof.steps:
                behind = where(step.where, self.printer)
                yield f"{before} = {self.printer.print(step.expression)}{behind}   # {_line(step.reason)}"
                before = " " * 3

    def refuted(self) -> Iterator[str]:
        for label, miss in self.theorem.near_misses:
            stated = miss.statement if isinstance(miss, s.Fails) else s.Fails(miss)
            yield f"{wording(stated, self.printer)}   # near miss {_line(label)}"


def _commonest(found: Sequence[tuple[str, T]]) -> dict[str, T]:
    """Return for each name what is said of it most often."""
    best: dict[str, T] = {}
    for (name, said), _ in Counter(found).most_common():
        best.setdefault(name, said)
    return dict(sorted(best.items()))


def _shape(symbol: t.Symbol) -> str:
    if not symbol.axes:
        return ""
    axes = symbol.axes[:1] if len(symbol.axes) == 2 and symbol.axes[1] == ONE_SIZE else symbol.axes
    return ": " + " x ".join(axes)


def _line(words: str) -> str:
    return " ".join(words.split())
