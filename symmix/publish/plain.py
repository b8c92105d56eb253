"""Theorems in plain text, which ``symmix prove`` proves anew, the same statements, and ``symmix check`` line by line.

All of the statement tree is said, and what a script shows of why it holds: combinations, squares, a point. Names of
parts of sums and functions of NumPy are left out. A trace that is a square, tr(v^T v), is written as one, |v|^2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar

from symmix.deciding import Hints
from symmix.printing.printer import Piece, Strength
from symmix.printing.text import TextPrinter
from symmix.printing.wording import where, wording
from symmix.reading.words import CLAIM, MISS, label_of
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names, names_of, roots_of
from symmix.terms.names import ONE_SIZE
from symmix.theorems import Outcome, Script, Stated

T = TypeVar("T")
SUFFIX = ".txt"
DOCUMENT = "contents.md"


def single(outcomes: Sequence[Outcome], chapters: Mapping[str, Sequence[str]], title: str = "") -> str:
    """Return one theorem as text, or several in one text, each with its declarations."""
    del chapters, title
    return "\n".join(derivation(outcome) for outcome in outcomes)


def files(outcomes: Sequence[Outcome], chapters: Mapping[str, Sequence[str]], title: str = "") -> dict[str, str]:
    """Return a file for each theorem, and a list of them."""
    del chapters
    rows = [f"- [{outcome.script.id}]({outcome.script.id}{SUFFIX}): {outcome.script.summary}" for outcome in outcomes]
    listed = f"# {title or 'Theorems'}\n\n`symmix prove *.txt` proves them.\n\n" + "\n".join(rows) + "\n"
    return {DOCUMENT: listed, **{f"{outcome.script.id}{SUFFIX}": derivation(outcome) for outcome in outcomes}}


def derivation(outcome: Outcome) -> str:
    """Return a theorem that was decided as text."""
    return _written(outcome.script, outcome)


def written(script: Script) -> str:
    """Return a theorem as text."""
    return _written(script, script.stated())


def _written(script: Script, stated: Stated | Outcome) -> str:
    writing = _Writing(stated)
    lines = [*headed(script), *writing.declared(), *writing.said(), *writing.stated(), *writing.refuted()]
    return "\n".join(lines) + "\n"


def headed(script: Script) -> Iterator[str]:
    """Run through the lines that say what a theorem is about."""
    yield f"theorem {script.id}: {script.summary}"
    said = {"title": script.title, "answers": script.answers, "quotes": script.quotes, "idea": script.idea}
    said["source"] = ", ".join(script.source)
    yield from (f"{word}: {_line(words)}" for word, words in said.items() if words.strip())
    yield from (f"note: {_line(words)}" for words in script.documentation.split("\n\n")[1:])


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

    def __init__(self, read: Stated | Outcome) -> None:
        self.read, self.theorem, self.names = read.theorem, read.document, names_of(read.document)
        self.reader = read.setting.reader
        self.definitions = read.document.setting.definitions
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
        for function in known.functions:
            source, target = (axes[0] if axes else ONE_SIZE for axes in (function.source, function.target))
            yield f"let {function.name}: {source} -> {target}"
        mapped = {size for function in known.functions for size in (*function.source, *function.target)}
        spoken = mapped.union(*(symbol.axes for symbol in symbols.values()))
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

    def said(self) -> Iterator[str]:
        """Run through what is said of symbols, the lemmas, and the point."""
        for word, words in (("meaning", self.read.meanings), ("spelling", self.read.spelling)):
            named = ((str(getattr(symbol, "name", symbol)), said) for symbol, said in words.items())
            yield from (f"{word} {name}: {_line(said)}" for name, said in named if name in self.names.symbols)
        for lemma in self.theorem.lemmas:
            yield from (f"lemma {lemma.name}: {_line(lemma.statement)}", f"by: {_line(lemma.source)}")
        if self.read.point:
            values = ((str(getattr(symbol, "name", symbol)), value) for symbol, value in self.read.point.items())
            yield "point: " + ", ".join(f"{name} = {_value(value)}" for name, value in values)

    def stated(self) -> Iterator[str]:
        for label, claim in self.theorem.claims:
            yield f"{_labelled(CLAIM, label)}: {wording(claim, self.printer)}"
            yield from self._because(self.read.claims[label].hints(self.reader))
        for proof in self.theorem.proofs:
            before = self.printer.print(proof.start)
            for step in proof.steps:
                behind, reason = where(step.where, self.printer), _line(step.reason)
                yield f"{before} = {self.printer.print(step.expression)}{behind}{f'   # {reason}' if reason else ''}"
                before = " " * 3

    def refuted(self) -> Iterator[str]:
        for label, miss in self.theorem.near_misses:
            yield f"{_labelled(MISS, label)}: {wording(miss, self.printer)}"
            yield from self._because(self.read.near_misses[label].hints(self.reader))

    def _because(self, hints: Hints) -> Iterator[str]:
        """Run through what is shown of why a statement holds."""
        for side, other, shown in (("left", "right", hints.forth), ("right", "left", hints.back)):
            if shown is not None:
                inside = {node.name for c in shown.combinations for node in c.walk() if isinstance(node, t.Index)}
                taken = {*self.names.symbols, *self.names.sizes, *self.names.free, *inside}
                fresh = (name for name in (f"{other}{n}" for n in count(1)) if name not in taken)
                named = {marker: t.Symbol(next(fresh), marker.axes) for marker in shown.markers}
                combined = ", ".join(self.printer.print(_renamed(c, named)) for c in shown.combinations)
                yield f"because: {side} = {combined} for {other} = {', '.join(x.name for x in named.values())}"
        if hints.squares:
            yield f"because: squares of {', '.join(map(self.printer.print, hints.squares))}"


def _labelled(role: str, label: str) -> str:
    return f"{role} {label_of(label)}".strip()


def _value(value: object) -> str:
    """Return a number, or rows of numbers."""
    rows = getattr(value, "tolist", lambda: value)()
    return f"[{', '.join(map(_value, rows))}]" if isinstance(rows, Sequence) else str(rows)


def _renamed(part: Any, names: Mapping[t.Symbol, t.Symbol]) -> Any:
    """Return a tree with other symbols in the place of some."""
    if isinstance(part, t.Symbol):
        return names.get(part, part)
    if isinstance(part, tuple):
        return tuple(_renamed(item, names) for item in part)
    return type(part)(*(_renamed(item, names) for item in part.parts)) if isinstance(part, Node) else part


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
