"""A reader for the MathML that symmix writes, the tests' own: what is printed is compared with what was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from xml.etree import ElementTree as ET

from symmix.printing.mathml import MathmlPrinter
from symmix.printing.symbols import FUNCTION, INDEX, SIZE
from symmix.terms import nodes as t
from symmix.terms.base import Node
from symmix.terms.meanings import Names
from tests.text_reader import multiplied, negated

TIMES, APPLY, MINUS, PRIME, TRANSPOSE, NORM = "\u2062", "\u2061", "\u2212", "\u2032", "\u22a4", "\u2016"
CORE = {"math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mstyle", "mfrac", "msub", "msup", "msubsup", "munder",
        "mover", "munderover"}  # fmt: skip
ARITY = {"mfrac": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}


def parsed(row: str) -> ET.Element:
    """Return a row of elements as a tree; it is valid MathML of the core that browsers know."""
    root = ET.fromstring(f"<mrow>{row}</mrow>")
    for element in root.iter():
        assert element.tag in CORE, element.tag
        assert len(element) == ARITY.get(element.tag, len(element)), ET.tostring(element)
        assert not (len(element) and (element.text or "").strip()), ET.tostring(element)
        assert not (element.tail or "").strip(), ET.tostring(element)
        if element.tag in ("mi", "mn", "mo", "mtext"):
            assert element.text, "an empty token"
    return root


def spelled(element: ET.Element) -> str:
    """Return an element in one spelling, rows of one element left out."""
    while element.tag in ("mrow", "mstyle") and len(element) == 1:
        element = element[0]
    inside = "".join(map(spelled, element)) or (element.text or "")
    return f"<{element.tag} {element.get('class', '')}>{inside}</>"


class Reader:
    """Reads formulas over the names of some trees; ``own`` are names that are not the legend's.

    What is not printed is taken from the trees: Jacobians by the symbol of the derivative, moments by the random one.
    """

    def __init__(self, trees: Iterable[Node], own: Collection[str] = (), free: Sequence[t.Index] = ()) -> None:
        trees = list(trees)
        printer, names = MathmlPrinter(own), Names.of(trees, free)
        nodes = [node for tree in trees for node in tree.walk()]
        indices = {node.name for node in nodes if isinstance(node, t.Index)} | set(names.free)
        indices |= {name for node in nodes if isinstance(node, t.Moment) for name in node.indices}
        known: list[tuple[str, t.Symbol | t.Size | str]] = [(printer.name(index, INDEX), index) for index in indices]
        known += [(printer.name(size, SIZE), t.Size(size)) for size in names.sizes]
        known += [(printer.name(s.name, s.axes), s) for s in names.symbols.values()]
        self.names = {spelled(ET.fromstring(markup)): meaning for markup, meaning in known}
        assert len(self.names) == len(known), "two names look the same"
        self.functions = {spelled(ET.fromstring(printer.name(f.name, FUNCTION))): f for f in names.functions}
        letters = {spelled(ET.fromstring(printer.name(letter, INDEX))): letter for letter in "ijlquv"}
        self.names = {**letters, **self.names}  # what numbered indices are called
        self.derivatives: dict[tuple[type, t.Symbol], t.Derivative] = {}
        self.moments: dict[t.Symbol, tuple[t.Moment, ...]] = {}
        for node in nodes:
            if isinstance(node, t.Gradient | t.Jacobian):
                self.derivatives[type(node), node.by] = node
            if isinstance(node, t.Expectation):
                assert self.moments.setdefault(node.random, node.moments) == node.moments

    def read(self, row: str) -> t.Expression:
        """Return what a row of elements says."""
        return self.row(list(parsed(row)))

    # -- rows ------------------------------------------------------------------------------------------------------

    def row(self, elements: list[ET.Element]) -> t.Expression:
        rest = [element for element in elements if element.tag != "mspace" and sign(element) != "\u22c5"]
        value = self.sum(rest)
        assert not rest, f"left over: {[spelled(element) for element in rest]}"
        return value

    def sum(self, rest: list[ET.Element]) -> t.Expression:
        terms = [negated(self.product(rest)) if taken(rest, MINUS) else self.product(rest)]
        while rest and sign(rest[0]) in ("+", MINUS):
            minus = sign(rest.pop(0)) == MINUS
            terms.append(negated(self.product(rest)) if minus else self.product(rest))
        return terms[0] if len(terms) == 1 else t.Add(tuple(terms))

    def product(self, rest: list[ET.Element]) -> t.Expression:
        last = rest[0]
        factors = [self.factor(rest)]
        if rest and sign(rest[0]) == "\u2218":
            while taken(rest, "\u2218"):
                factors.append(self.factor(rest))
            return t.Hadamard(tuple(factors))
        while (blank := taken(rest, TIMES)) or (rest and is_number(rest[0])):  # the dot between numbers is gone by now
            assert not (blank and is_number(last) and is_number(rest[0])), "two numbers without a dot between them"
            last = rest[0]
            factors.append(self.factor(rest))
        return multiplied(factors)

    def factor(self, rest: list[ET.Element]) -> t.Expression:
        element = rest.pop(0)
        if element.tag == "munderover":
            return self.total(element, rest)
        if taken(rest, APPLY):
            return self.applied(element, rest)
        return self.element(element)

    def total(self, element: ET.Element, rest: list[ET.Element]) -> t.Expression:
        sigma, below, above = element
        assert sign(sigma) == "\u2211"
        *names, equals, one = below
        assert [sign(equals), one.text] == ["=", "1"]
        assert all(sign(comma) == "," for comma in names[1::2])
        size = self.found(above)
        assert isinstance(size, t.Size)
        return t.Total(tuple(t.Index(self.index(name), size.name) for name in names[::2]), self.product(rest))

    def applied(self, function: ET.Element, rest: list[ET.Element]) -> t.Expression:
        if spelled(function) in self.functions:
            return t.Apply(self.functions[spelled(function)], self.element(rest.pop(0)))
        if function.tag == "mi":
            inside = self.element(rest.pop(0))
            if function.text == "tr":
                return t.Trace(inside)
            assert function.text == "diag"
            return t.DiagonalMatrix(inside) if "1" in inside.shape else t.Diagonal(inside)
        what, by = function
        symbol = self.element(by)
        assert isinstance(symbol, t.Symbol)
        if what.text == "\U0001d53c":
            brackets = rest.pop(0)
            return t.Expectation(self.row(fenced(brackets, "[", "]")), symbol, self.moments[symbol])
        kind = {"\u2207": t.Gradient, "\u2202": t.Jacobian if symbol.axes else t.Gradient}[str(what.text)]
        known = self.derivatives[kind, symbol]
        return kind(self.factor(rest), symbol, known.jacobians, known.constant)

    # -- elements --------------------------------------------------------------------------------------------------

    def found(self, element: ET.Element) -> t.Symbol | t.Size | str | None:
        return self.names.get(spelled(element))

    def element(self, element: ET.Element) -> t.Expression:
        known = self.found(element)
        if known is not None:
            assert not isinstance(known, str), f"{known} is an index"
            return known
        readers = {"mrow": self.group, "mstyle": self.group, "mfrac": self.fraction, "msup": self.raised,
                   "msub": self.lowered, "munder": self.part}  # fmt: skip
        if element.tag == "mn" and not element.get("class"):
            return t.Number(Fraction(str(element.text)))
        assert element.tag in readers, spelled(element)
        return readers[element.tag](element)

    def group(self, element: ET.Element) -> t.Expression:
        children = list(element)
        if sign(children[0]) == NORM:
            bar, two = children.pop()
            assert (sign(bar), two.text) == (NORM, "2")
            return self.squared(self.row(children[1:]))
        return self.row(fenced(element, "(", ")") if sign(children[0]) == "(" else children)

    def squared(self, value: t.Expression) -> t.Expression:
        sides = (value, t.Transpose(value)) if value.shape[0] == "1" else (t.Transpose(value), value)
        return t.Trace(t.Multiply(sides))

    def fraction(self, element: ET.Element) -> t.Expression:
        return t.Quotient(self.element(element[0]), self.element(element[1]))

    def part(self, element: ET.Element) -> t.Expression:
        body, name = element
        assert name.text
        return self.element(body)

    def raised(self, element: ET.Element) -> t.Expression:
        base, above = element
        if base.tag == "mrow" and sign(base[0]) == NORM:
            assert above.text == "2"
            return self.squared(self.row(fenced(base, NORM, NORM)))
        if above.tag == "mrow" and (sign(above[0]) or "").startswith(PRIME):
            primed = ET.Element("msup")
            primed.extend([base, above[0]])
            return self.to_the(self.element(primed), above[1])
        return self.to_the(self.element(base), above)

    def to_the(self, value: t.Expression, above: ET.Element) -> t.Expression:
        if sign(above) == TRANSPOSE:
            return t.Transpose(value)
        if above.tag == "mrow":
            assert [sign(above[0]), above[1].text] == [MINUS, "1"]
            return t.Inverse(value)
        return t.Power(value, int(str(above.text)))

    def index(self, element: ET.Element) -> str:
        """Read an index, a size, or the number of a position."""
        found = self.found(element)
        if found is None:
            return str(element.text)
        return found if isinstance(found, str) else found.name

    def lowered(self, element: ET.Element) -> t.Expression:
        base, below = element
        constant = {"I": "matrix", "1": "vector", "0": "matrix"}.get(str(base.text))
        if constant and base.get("class") == constant:
            return self.constant(str(base.text), below)
        if base.tag == "mrow" and sign(base[-1]) == "|":
            return self.at(list(base)[:-1], list(below))
        if base.tag == "mrow" and sign(base[0]) == "[":
            return self.by_entries(base, list(below))
        places = [self.index(part) for part in (below if below.tag == "mrow" else [below]) if sign(part) != ","]
        if base.text == "\u03b4":
            return t.Delta(places[0], places[1])
        value = self.element(base)
        if ":" in places:
            return t.Slice(value, places[0], places[1])
        axes = value.axes if isinstance(value, t.Symbol) else value.shape
        remaining = iter(places)
        return t.Entry(value, tuple("0" if size == "1" else next(remaining) for size in axes))

    def constant(self, digit: str, below: ET.Element) -> t.Expression:
        if digit == "0":
            rows, times, columns = below
            assert sign(times) == "\u00d7"
            return t.Zeros(self.index(rows), self.index(columns))
        return t.Identity(self.index(below)) if digit == "I" else t.Ones(self.index(below), "1")

    def at(self, inside: list[ET.Element], below: list[ET.Element]) -> t.Expression:
        values = []
        for pair in split(below, ","):
            (symbol,), value = split(pair, "\u2190")
            replaced = self.element(symbol)
            assert isinstance(replaced, t.Symbol)
            values.append((replaced, self.row(value)))
        return t.At(self.row(inside), tuple(values))

    def by_entries(self, brackets: ET.Element, below: list[ET.Element]) -> t.Expression:
        limits = [t.Index(self.index(i), self.index(size)) for i, _, size in split(below, ",")]
        row, column = [*limits, None][:2]
        return t.ByEntries(row, column, self.row(fenced(brackets, "[", "]")))


def sign(element: ET.Element) -> str | None:
    return element.text if element.tag == "mo" else None


def is_number(element: ET.Element) -> bool:
    """Whether an element is a number or a small fraction of numbers."""
    return element.tag in ("mn", "mstyle") and not element.get("class")


def taken(rest: list[ET.Element], expected: str) -> bool:
    if not rest or sign(rest[0]) != expected:
        return False
    rest.pop(0)
    return True


def fenced(element: ET.Element, left: str, right: str) -> list[ET.Element]:
    first, *inside, last = element
    assert (sign(first), sign(last)) == (left, right)
    return inside


def split(elements: list[ET.Element], at: str) -> list[list[ET.Element]]:
    parts: list[list[ET.Element]] = [[]]
    for element in elements:
        if sign(element) == at:
            parts.append([])
        else:
            parts[-1].append(element)
    return parts
