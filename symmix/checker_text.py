"""Theorems for people: printed from the trees that were checked, with every bracket that they need.

A product is written with ``*``, entry by entry with ``.*``; what is in brackets behind a word belongs to the word. All
that a document holds is printed: sizes, symbols, conditions, what is assumed, claims, steps and near misses.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checker import Hypothesis, Node, Statement, Theorem

ONE = "1"  # the size of an axis that is none
SUM, PRODUCT, POSTFIX, ATOM = range(4)  # how tightly something holds together
Shown = tuple[str, int]
Pairs = Sequence[tuple[str, "Node"]]


def lines(theorem: Theorem) -> list[str]:
    """Return a theorem as lines."""
    return list(_Printer(theorem).lines())


def _quoted(text: str) -> str:
    """Return text in quotes, escaped: nothing in it is taken for more than text."""
    return json.dumps(text, ensure_ascii=True)


def _indented(found: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in found)


def mentioned(part: Any) -> set[str]:
    """Return the texts that stand in a tree: the names of its indices among them."""
    if isinstance(part, tuple):
        return set[str]().union(*map(mentioned, part))
    return {part} if isinstance(part, str) else set()


class _Printer:
    def __init__(self, theorem: Theorem) -> None:
        self.theorem = self.trees = theorem

    # -- the document ---

    def lines(self) -> Iterator[str]:
        theorem = self.theorem
        yield f"theorem {theorem.name}"
        yield from _indented(self.setting())
        for name, statement, source in theorem.lemmas:
            yield f"assuming, checked by nobody here, {_quoted(name)}: {_quoted(statement)}, from {_quoted(source)}"
        for label, claim in theorem.claims:
            yield f"claim {_quoted(label)}:"
            yield from _indented(self.statement(claim))
        for number, proof in enumerate(theorem.proofs, 1):
            for place, (reason, step) in enumerate(proof, 1):
                yield f"step {place} of proof {number}, by {_quoted(reason)}:"
                yield from _indented(self.statement(step))
        for label, miss in theorem.near_misses:
            yield f"near miss {_quoted(label)}, which is false:"
            yield from _indented(self.statement(miss))

    def setting(self) -> Iterator[str]:
        theorem, kinds = self.theorem, {0: "real scalars", 2: "real matrices"}
        if theorem.sizes:
            yield f"for all sizes {', '.join(theorem.sizes)} = 1, 2, 3, ..."
        found: dict[str, list[str]] = {}
        for name, axes in self.trees.symbols.items():
            if name not in self.trees.definitions:
                kind = "whole numbers" if name in theorem.whole else kinds.get(len(axes), "real arrays")
                found.setdefault(kind, []).append(self.declared(name))
        for kind, names in found.items():
            yield f"for all {kind} {', '.join(names)}"
        for left, sign, right in theorem.conditions:
            yield f"with {self.shown(left)} {sign} {self.shown(right)}"
        for name, size in theorem.indices.items():
            yield f"for every {name} = 0, ..., {size} - 1"
        for name, value in self.trees.definitions.items():
            yield f"where {self.declared(name)} stands for {self.shown(value)}"
        for outer, inner in theorem.independent:
            yield f"where {outer} and {inner} are independent"

    def declared(self, name: str) -> str:
        axes = self.trees.symbols[name]
        return f"{name} ({' x '.join(axes)})" if axes else name

    def statement(self, statement: Statement) -> Iterator[str]:
        kind, left, right, where, provided, ranges, inner = statement
        match kind:
            case "Fails":
                yield "it is not so, for some sizes and values, that"
                yield from _indented(self.statement(inner[0]))
                return
            case "Identity":
                yield f"{self.shown(left[0])} = {self.shown(right[0])}"
            case "Vanishing":
                yield from (f"{self.shown(tree)} = 0" for tree in left)
            case "Equivalence":
                sides = (", ".join(f"{self.shown(tree)} = 0" for tree in side) for side in (left, right))
                yield "({}) if and only if ({})".format(*sides)
            case _:
                yield f"{self.shown(left[0])} > 0"
        yield from (f"for {low} < {name}" + ("" if high is None else f" < {high}") for name, low, high in ranges)
        yield from (f"provided that {self.shown(tree)} != 0" for tree in provided)
        yield from (f"where {self.hypothesis(hypothesis)}" for hypothesis in where)
        yield from self.assumed(statement)

    def hypothesis(self, hypothesis: Hypothesis) -> str:
        bound, body = hypothesis
        samples = sorted(mentioned(body) & set(self.theorem.indices))
        every = f"for all {self.bound(bound)}: " if bound else ""
        return f"{every}{self.shown(body)} = 0" + (f", at this {', '.join(samples)}" if samples else "")

    def assumed(self, statement: Statement) -> Iterator[str]:
        """Say what is divided by, and what is inverted, definitions unfolded."""
        found: dict[str, None] = {}
        for node in (node for root in statement.roots() for node in self.trees.unfolded(root)):
            if node.kind == "Quotient":
                found[f"assuming {self.shown(node.parts[1])} != 0"] = None
            elif node.kind == "Inverse":
                found[f"assuming that {self.shown(node.parts[0])} has an inverse"] = None
        yield from sorted(found)

    # -- expressions ---

    def shown(self, tree: Node, least: int = SUM) -> str:
        """Return an expression, in brackets if it holds together less tightly than is needed."""
        text, holds = _RULES[tree.kind](self, *tree.parts)
        return text if holds >= least else f"({text})"

    def number(self, value: Fraction) -> Shown:
        return str(value), SUM if value < 0 else PRODUCT if value.denominator > 1 else ATOM

    def add(self, terms: Sequence[Node]) -> Shown:
        shown = [self.shown(term, PRODUCT if term.kind == "Add" else SUM) for term in terms]
        return shown[0] + "".join(f" - {t[1:]}" if t[0] == "-" else f" + {t}" for t in shown[1:]), SUM

    def multiply(self, factors: Sequence[Node]) -> Shown:
        negative = factors[0].parts == (-1,) and factors[0].kind == "Number"
        text = " * ".join(self.shown(factor, POSTFIX) for factor in factors[negative:])
        return (f"-{text}", SUM) if negative else (text, PRODUCT)

    def derivative(self, word: str, *parts: Any) -> Shown:
        of, by, jacobians, constant = parts
        moving = "".join(f", where {name} moves by {self.shown(value)}" for name, value in jacobians)
        meant = ", which may be constant" if constant else ""
        return f"{word}({self.shown(of)}, by {by}{moving}{meant})", ATOM

    def at(self, of: Node, values: Pairs) -> Shown:
        return f"at({self.shown(of)}, {', '.join(f'{name} := {self.shown(value)}' for name, value in values)})", ATOM

    def expectation(self, of: Node, random: str, moments: Sequence[Node]) -> Shown:
        given = "".join(f"; {self.moment(random, *moment.parts)}" for moment in moments)
        return f"E({self.shown(of)}, over {random}{given})", ATOM

    def moment(self, random: str, degree: int, names: Sequence[str], value: Node) -> str:
        count = sum(size != ONE for size in self.trees.symbols[random])
        entries = [f"{random}[{', '.join(names[k * count : (k + 1) * count])}]" for k in range(degree)]
        power = f"{random}^{degree}" if degree > 1 else random
        return f"E({' * '.join(entries) if count else power}) = {self.shown(value)}"

    def bound(self, indices: Iterable[tuple[str, str] | None]) -> str:
        return ", ".join(f"{index[0]} < {index[1]}" if index else "0" for index in indices)


def _word(word: str) -> Callable[[_Printer, Node], Shown]:
    return lambda printer, of: (f"{word}({printer.shown(of)})", ATOM)


_RULES: Mapping[str, Callable[..., Shown]] = {
    "Number": _Printer.number,
    "Size": lambda _, name: (name, ATOM),
    "Symbol": lambda _, name: (name, ATOM),
    "Add": _Printer.add,
    "Multiply": _Printer.multiply,
    "Quotient": lambda p, above, below: (f"{p.shown(above, POSTFIX)} / {p.shown(below, POSTFIX)}", PRODUCT),
    "Power": lambda p, base, exponent: (f"{p.shown(base, ATOM)}^{exponent}", POSTFIX),
    "Hadamard": lambda p, factors: (" .* ".join(p.shown(factor, POSTFIX) for factor in factors), PRODUCT),
    "Transpose": lambda p, of: (f"{p.shown(of, ATOM)}^T", POSTFIX),
    "Trace": _word("trace"),
    "Diagonal": _word("diagonal"),
    "DiagonalMatrix": _word("diagonal_matrix"),
    "Inverse": _word("inverse"),
    "Identity": lambda _, size: (f"identity({size})", ATOM),
    "Ones": lambda _, rows, columns: (f"ones({rows}, {columns})", ATOM),
    "Zeros": lambda _, rows, columns: (f"zeros({rows}, {columns})", ATOM),
    "Delta": lambda _, first, second: (f"delta({first}, {second})", ATOM),
    "Entry": lambda p, of, indices: (f"{p.shown(of, ATOM)}[{', '.join(indices)}]", ATOM),
    "Slice": lambda p, of, row, column: (f"{p.shown(of, ATOM)}[{row}, {column}]", ATOM),
    "Total": lambda p, indices, body: (f"sum({p.bound(indices)}: {p.shown(body)})", ATOM),
    "ByEntries": lambda p, row, column, body: (f"matrix({p.bound((row, column))}: {p.shown(body)})", ATOM),
    "Gradient": lambda p, *parts: p.derivative("gradient", *parts),
    "Jacobian": lambda p, *parts: p.derivative("jacobian", *parts),
    "At": _Printer.at,
    "Expectation": _Printer.expectation,
}
