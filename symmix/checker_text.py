"""Theorems for people, printed from the trees that were checked, with every bracket that they need; and the command.

A product is written with ``*``, entry by entry with ``.*``; what is in brackets behind a word belongs to the word. All
that a document holds is printed: sizes, symbols, conditions, what is assumed, claims, steps and near misses.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checker import Node, Theorem

ONE = "1"  # the size of an axis that is none
SUM, PRODUCT, POSTFIX, ATOM = range(4)  # how tightly something holds together
Shown = tuple[str, int]
Pairs = Sequence[tuple[str, "Node"]]


MANIFEST = "symmix-manifest/1"


def manifest(files: Mapping[str, tuple[str, str]]) -> Any:
    """Return the manifest of a folder: for each file the name of its theorem and the digest of its statement."""
    return {"schema": MANIFEST, "files": {file: list(pair) for file, pair in sorted(files.items())}}


def command(checker: Any, given: Sequence[str]) -> int:
    """Check the certificates of folders and files; print a line for each, or with ``--show`` what it states."""
    paths = [Path(argument) for argument in given if not argument.startswith("-")]
    if not paths or any(argument.startswith("-") and argument != "--show" for argument in given):
        sys.stderr.write("usage: python3 -I checker.py [--show] DIR|FILE ...\n")
        return 2
    fine = True
    for path in paths:
        try:
            files = _listed(checker, path) if path.is_dir() else {path: None}
        except (checker.RejectedError, OSError, UnicodeDecodeError, RecursionError) as error:
            files = {}
            fine = _rejected(checker, path, error)
        for file, expected in files.items():
            report = checker.check_file(file)
            if report.reason or expected not in (None, [report.theorem, report.digest]):
                fine = _rejected(checker, file, report.reason or "it is not what manifest.json says")
                continue
            sys.stdout.write(report.line + "\n")
            if "--show" in given:
                stated = checker.parse(file.read_text(encoding="utf-8"))["statement"]
                shown = _indented(lines(checker.Theorem(stated, checker.Meter(checker.MAX_WORK))))
                sys.stdout.writelines(checker.plain(line) + "\n" for line in shown)
    return 0 if fine else 1


def _rejected(checker: Any, path: Path, reason: object) -> bool:
    sys.stderr.write(checker.plain(f"REJECTED {path}: {reason}") + "\n")
    return False


def _listed(checker: Any, folder: Path) -> dict[Path, list[str] | None]:
    """Return the certificates of a folder as its manifest lists them; a missing or an unlisted one is an error."""
    listing = folder / "manifest.json"
    if not listing.is_file():
        reason = "there is no manifest.json, which says what belongs there; give the files, or write the folder anew"
        checker.reject(reason)
    data = checker.table_of(checker.parse(listing.read_text(encoding="utf-8")), "a manifest", "schema", "files")
    files = checker.table_of(data["files"], "files")
    differing = {path.name for path in folder.glob("*.json") if path != listing} ^ set(files)
    if data["schema"] != MANIFEST or differing:
        checker.reject(f"manifest.json and the folder differ in: {', '.join(sorted(differing)) or 'the schema'}")
    texts = checker.text_of, checker.text_of
    return {folder / file: checker.row_of(pair, file, *texts) for file, pair in files.items()}


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
        if theorem.fixed:
            yield f"for size {' and '.join(theorem.fixed)} alone"
        found: dict[str, list[str]] = {}
        for name, axes in self.trees.symbols.items():
            if name not in {*self.trees.definitions, *theorem.everywhere, *theorem.coefficients}:
                kind = "whole numbers" if name in theorem.whole else kinds.get(len(axes), "real arrays")
                found.setdefault(kind, []).append(self.declared(name))
        for kind, names in found.items():
            yield f"for all {kind} {', '.join(names)}"
        yield from self.functions()
        yield from (f"with {name} {word}" for name, word in theorem.properties.items())
        for left, sign, right in theorem.conditions:
            yield f"with {self.shown(left)} {sign} {self.shown(right)}"
        for name, size in theorem.indices.items():
            yield f"for every {name} = 0, ..., {size} - 1"
        for name, value in self.trees.definitions.items():
            yield f"where {self.declared(name)} stands for {self.shown(value)}"
        for outer, inner in theorem.independent:
            yield f"where {outer} and {inner} are independent"

    def functions(self) -> Iterator[str]:
        for name, maps in self.theorem.functions.items():
            source, target = (" x ".join(axes) if axes else "scalars" for axes in maps)
            yield f"for all functions {name} from {source} to {target}"

    def declared(self, name: str) -> str:
        axes = self.trees.symbols[name]
        return f"{name} ({' x '.join(axes)})" if axes else name

    def statement(self, statement: Node) -> Iterator[str]:
        kind, parts, _ = statement
        if kind == "Fails":
            yield "it is not so, for some sizes and values, that"
            yield from _indented(self.statement(parts[0]))
            return
        if kind == "Identity":
            yield f"{self.shown(parts[0])} = {self.shown(parts[1])}"
        elif kind == "Equivalence":
            sides = (", ".join(f"{self.shown(tree)} = 0" for tree in side) for side in parts[:2])
            yield "({}) if and only if ({})".format(*sides)
            yield from (f"provided that {self.shown(tree)} != 0" for tree in parts[2])
        elif kind == "Vanishing":
            yield from (f"{self.shown(tree)} = 0" for tree in parts[0])
        elif kind == "Minimum":
            values = ", ".join(f"{name} = {self.shown(value)}" for name, value in parts[1])
            yield f"{self.shown(parts[0])} is at least what it is at {values}"
        else:
            yield f"{self.shown(parts[0])} {'>' if parts[3] else '>='} 0"
            bounds = (
                ("-oo" if low is None else low, name, "oo" if high is None else high) for name, low, high in parts[1]
            )
            yield from (f"for {low} < {name} < {high}" for low, name, high in bounds)
        given = parts[2] if kind == "Positivity" else parts[-1]
        yield from (f"where {self.law(*h.parts) if len(h.parts) > 2 else self.hypothesis(*h.parts)}" for h in given)
        yield from self.assumed(statement)

    def hypothesis(self, bound: Sequence[tuple[str, str]], body: Node) -> str:
        samples = sorted(mentioned(body) & set(self.theorem.indices))
        every = f"for all {self.bound(bound)}: " if bound else ""
        return f"{every}{self.shown(body)} = 0" + (f", at this {', '.join(samples)}" if samples else "")

    def law(self, names: Sequence[str], sign: str, body: Node) -> str:
        return f"for all {', '.join(map(self.declared, names))}: {self.shown(body)} {sign} 0"

    def assumed(self, statement: Node) -> Iterator[str]:
        """Say what is divided by, and what is inverted, definitions unfolded."""
        found: dict[str, None] = {}
        for node in self.trees.unfolded(statement):
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
    "Apply": lambda p, function, argument: (f"{function}({p.shown(argument)})", ATOM),
}
