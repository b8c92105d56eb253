"""A plan as lines of Python: products of matrices where there are some, einsum elsewhere, shared parts by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from string import ascii_letters
from typing import NamedTuple

from symmix.kernel.scalars import Polynomial
from symmix.plans import Coefficient, Combination, Contraction, Eye, Filled, Inverse, Named, Node, Plan, Unit
from symmix.publish.code.dialects import Dialect
from symmix.publish.code.names import Names
from symmix.publish.code.scalars import factors

WIDE = 84  # letters of a line without its indentation
LONG = 60  # letters: what is longer gets a line of its own
ADDED, MULTIPLIED, CHAINED, NEGATED, ATOM = range(5)  # how tightly a text binds; CHAINED has @ alone


class Text(NamedTuple):
    """A piece of code, how tightly it binds, what it is the transpose of, and the terms that it is the sum of."""

    text: str
    binds: int = ATOM
    of: Text | None = None
    parts: tuple[str, ...] = ()

    @property
    def transposed(self) -> Text:
        """The transpose."""
        return self.of or Text(f"{self.within(ATOM)}.T", ATOM, self)

    def within(self, binds: int) -> str:
        """Return it as part of something that binds so tightly."""
        return self.text if self.binds >= binds else f"({self.text})"


class Lines:
    """Writes the lines of one function.

    Parameters
    ----------
    plan
        What is computed.
    dialect
        In which library.
    names
        What is called how; the arguments and sizes have their names already.
    """

    def __init__(self, plan: Plan, dialect: Dialect, names: Names) -> None:
        self.plan, self.dialect, self.names = plan, dialect, names
        self.lines: list[str] = []
        self.sizes: dict[str, None] = {}  # those that are used
        self._named: dict[Node, str] = {}
        self._uses = _uses(plan.roots)

    def written(self) -> list[str]:
        """Return the lines, the last of which assign the results."""
        for name, node in self.plan.where.items():
            self._assign(self.names.of(name), node)
        given: set[str] = set()
        for result in self.plan.results:
            number = not result.node.sizes
            text = self._text(result.node, top=True)
            kind = self.dialect.number_type if number else self.dialect.array
            if not number and (text.text in given or _is_view(result.node)):
                text = Text(f"{text.within(ATOM)}{self.dialect.copy}")
            given.add(text.text)
            self._line(
                f"{self.names.of(result.name)}: {kind}", Text(f"{self.dialect.number}({text.text})") if number else text
            )
        return self.lines

    def _line(self, target: str, value: Text) -> None:
        """Assign a value; a sum that is too long for a line gets one for each term."""
        if len(target) + len(value.text) + 3 <= WIDE or not value.parts:
            self.lines.append(f"{target} = {value.text}")
        else:
            self.lines += [f"{target} = (", *(f"    {part}" for part in value.parts), ")"]

    def uses_module(self) -> bool:
        """Whether the library's functions are called."""
        return any(f"{self.dialect.module}." in line for line in self.lines)

    # -- nodes ---

    def _assign(self, name: str, node: Node) -> Text:
        self._line(name, self._text(node, top=True))
        self._named[node] = name
        return Text(name)

    def _text(self, node: Node, *, top: bool = False) -> Text:
        """Return a node as code; what is shared or long becomes a line of its own first."""
        if node in self._named:
            return Text(self._named[node])
        if isinstance(node, Named):
            return Text(self.names.of(node.name))
        text = self._fresh(node)
        trivial = isinstance(node, Contraction) and len(node.operands) == 1 and len(text.text) < LONG / 4
        if top or not ((self._uses[node] > 1 and not trivial) or len(text.text) > LONG):
            return text
        name = self.names.numbered()
        self._line(name, text)
        self._named[node] = name
        return Text(name)

    def _fresh(self, node: Node) -> Text:
        match node:
            case Combination():
                return self._sum(node)
            case Contraction(operands=((of, indices),), output=output):
                return self._unary(self._text(of), indices, output)
            case Contraction(operands=((first, left), (second, right)), output=output):
                return self._turned(first, left, second, right, output)
            case Inverse(of=of, square=True):
                return Text(f"{self.dialect.module}.linalg.inv({self._text(of).text})")
            case Inverse(of=of):
                return Text(f"1 / {self._text(of).within(ATOM)}", MULTIPLIED)
        return self._constant(node)

    def _constant(self, node: Node) -> Text:
        match node:
            case Eye(size=size):
                return self._made("eye", self._size(size))
            case Unit(place=place, size=size):
                return Text(f"{self._made('eye', self._size(size)).text}[{place}]")
            case Filled(value=value, axes=()):
                return Text(f"{value}.0")
            case Filled(value=value, axes=axes):
                shape = ", ".join(map(self._size, axes))
                return self._made("ones" if value else "zeros", f"({shape}{',' if len(axes) == 1 else ''})")
        raise TypeError(f"a plan in order, with products of two: {node}")

    def _is_negated(self, coefficient: Coefficient, of: Node) -> bool:
        """Whether a sum, computed for nothing else, is given the other sign."""
        return coefficient == (((), Fraction(-1)),) and self._uses[of] == 1

    def _made(self, function: str, arguments: str) -> Text:
        kind = next(iter(self.plan.arrays), None)
        like = "" if kind is None else f", {self.dialect.like.replace('x', self.names.of(kind))}"
        return Text(f"{self.dialect.module}.{function}({arguments}{like})")

    def _size(self, size: str) -> str:
        if size.isdigit():
            return size
        self.sizes[size] = None
        return self.names.of(size)

    # -- sums ---

    def _sum(self, node: Combination) -> Text:
        """Return a sum; the negative of one that is computed for nothing else has its signs turned."""
        if len(node.terms) == 1:
            coefficient, of = node.terms[0]
            if isinstance(of, Combination) and self._is_negated(coefficient, of):
                return self._combination([(tuple((powers, -c) for powers, c in scale), n) for scale, n in of.terms])
        return self._combination(node.terms)

    def _combination(self, terms: Sequence[tuple[Coefficient, Node]]) -> Text:
        signed = [self._term(coefficient, node, thin=not self._all_thin(terms)) for coefficient, node in terms]
        signed.sort(key=lambda item: item[0] < 0)
        if len(signed) == 1:
            sign, text = signed[0]
            return text if sign > 0 else Text(f"-{text.within(MULTIPLIED)}", NEGATED if text.binds == ATOM else ADDED)
        parts = [f"{'-' if signed[0][0] < 0 else ''}{signed[0][1].within(MULTIPLIED)}"]
        parts += [f"{'-' if sign < 0 else '+'} {text.within(MULTIPLIED)}" for sign, text in signed[1:]]
        return Text(" ".join(parts), ADDED, parts=tuple(parts))

    def _all_thin(self, terms: Sequence[tuple[Coefficient, Node]]) -> bool:
        return all(_thin(node) is not None or _is_ones(node) for _, node in terms)

    def _term(self, coefficient: Coefficient, node: Node, *, thin: bool) -> tuple[int, Text]:
        """Return a term as its sign and its text; a thin one is repeated along an axis by whatever it is added to."""
        sign, above, below = self._scale(coefficient)
        if node != Filled(1, ()) and not (thin and _is_ones(node)):
            narrow = _thin(node) if thin else None
            text = self._text(node) if narrow is None else Text(_spread((self._text(narrow[0]), narrow[1]), narrow[2]))
            if not above and not below:
                return sign, text
            above = [*above, text.within(ATOM)]
        text = Text(" * ".join(above) or "1.0", MULTIPLIED if len(above) > 1 else ATOM)
        if below:
            text = Text(f"{text.text} / {below[0] if len(below) == 1 else '(' + ' * '.join(below) + ')'}", MULTIPLIED)
        return sign, text

    def _scale(self, coefficient: Coefficient) -> tuple[int, list[str], list[str]]:
        """Return a coefficient as its sign, its factors, and what it is divided by."""
        ((lead, _), *rest) = factors(Polynomial(coefficient))
        ((powers, number),) = lead.terms.items()
        above, below = _number(abs(Fraction(number)))
        for name, exponent in powers:
            text = self._scalar(name) if abs(exponent) == 1 else f"{self._scalar(name)}**{abs(exponent)}"
            (above if (exponent > 0) != (name in self.plan.reciprocals) else below).append(text)
        for factor, count in rest:
            text = f"({self._polynomial(factor)})"
            above.append(text if count == 1 else f"{text}**{count}")
        return (1 if number > 0 else -1), above, below

    def _scalar(self, name: str) -> str:
        if name in self.plan.reciprocals:
            return f"({self._polynomial(Polynomial(self.plan.reciprocals[name]))})"
        return self.names.of(name) if name in self.plan.known_scalars else self._size(name)

    def _polynomial(self, polynomial: Polynomial) -> str:
        """Return a polynomial, term by term."""
        one = Filled(1, ())
        terms = [(((powers, Fraction(number)),), one) for powers, number in sorted(polynomial.terms.items())]
        text = self._combination(terms).text
        return text.replace("1.0 -", "1 -").replace("1.0 +", "1 +").replace("+ 1.0", "+ 1").replace("- 1.0", "- 1")

    # -- products ---

    def _at_place(self, unit: Node, along: Indices, of: Node, indices: Indices, output: Indices) -> Text | None:
        """Return an array at one place of an axis, if it is multiplied by a unit vector."""
        if not isinstance(unit, Unit) or along[0] not in indices or along[0] in output:
            return None
        slots = [str(unit.place) if i == along[0] else ":" for i in indices]
        while slots[-1] == ":":
            slots.pop()
        text, left = Text(f"{self._text(of).within(ATOM)}[{', '.join(slots)}]"), [i for i in indices if i != along[0]]
        return self._unary(text, left, output)

    def _turned(self, first: Node, left: Indices, second: Node, right: Indices, output: Indices) -> Text:
        """Return a product of two, each of them a product with its axes exchanged where that is shorter."""
        chosen = self._at_place(first, left, second, right, output) or self._at_place(
            second, right, first, left, output
        )
        if chosen is not None:
            return chosen
        options = [
            self._binary((one, left), (other, right), output)
            for one in self._both_ways(first)
            for other in self._both_ways(second)
        ]
        return min(options, key=lambda text: len(text.text))

    def _both_ways(self, node: Node) -> list[Text]:
        """Return a node as code; a product also as the transpose of another product."""
        plain = self._text(node)
        if node in self._named or not isinstance(node, Contraction) or len(node.operands) != 2 or len(node.output) != 2:
            return [plain]
        if len(node.extents) == 2:  # entry by entry: rows are not turned into columns for it
            return [plain]
        turned = self._fresh(Contraction(node.operands, node.output[::-1]))
        return [plain, turned.transposed]

    def _unary(self, of: Text, indices: Sequence[int], output: Sequence[int]) -> Text:
        if len(set(indices)) == len(indices):
            kept = tuple(i for i in indices if i in output)
            summed = [place for place, i in enumerate(indices) if i not in output]
            axes = "" if not kept else str(summed[0]) if len(summed) == 1 else str(tuple(summed))
            text = Text(f"{of.within(ATOM)}.sum({axes})") if summed else of
            if kept == tuple(output):
                return text
            if len(output) == 2:
                return text.transposed
        elif not output and len(indices) == 2:
            return Text(f"{self.dialect.module}.trace({of.text})")
        return self._einsum([(of, indices)], output)

    def _binary(self, first: Placed, second: Placed, output: Indices) -> Text:
        """Return a product of two in the plainest way that there is."""
        for write in (self._scaled, self._outer, self._entrywise, self._matrices, self._stacked):
            found = write(first, second, output)
            if found is not None:
                return found
        return self._einsum([first, second], output)

    def _scaled(self, first: Placed, second: Placed, output: Indices) -> Text | None:
        """Return a number times an array."""
        if first[1] and second[1]:
            return None
        number, array = (second, first) if first[1] else (first, second)
        if tuple(array[1]) != tuple(output) and len(output) != 2:
            return None
        return Text(f"{number[0].within(ATOM)} * {_oriented(array, output).within(ATOM)}", MULTIPLIED)

    def _outer(self, first: Placed, second: Placed, output: Indices) -> Text | None:
        """Return every entry of a vector times every entry of another."""
        if not len(first[1]) == len(second[1]) == 1 or first[1] == second[1]:
            return None
        one, other = (first, second) if first[1][0] == output[0] else (second, first)
        return Text(f"{self.dialect.module}.outer({one[0].text}, {other[0].text})")

    def _entrywise(self, first: Placed, second: Placed, output: Indices) -> Text | None:
        """Return two arrays multiplied entry by entry, the smaller one along the rows or columns of the other."""
        longest = max((first[1], second[1]), key=len)
        if len(longest) > 2 or set(output) != set(longest) or not set(first[1]) & set(second[1]):
            return None
        return Text(f"{_spread(first, output)} * {_spread(second, output)}", MULTIPLIED)

    def _matrices(self, first: Placed, second: Placed, output: Indices) -> Text | None:
        """Return a product of two matrices or vectors, the matrix first."""
        shared = set(first[1]) & set(second[1])
        if max(len(first[1]), len(second[1])) > 2 or len(shared) != 1 or shared & set(output):
            return None
        (summed,) = shared
        own = [i for i in first[1] if i != summed]
        if (own and output[0] != own[0]) or (not own and output):
            first, second = second, first
        left = _oriented(first, [*(i for i in first[1] if i != summed), summed])
        right = _oriented(second, [summed, *(i for i in second[1] if i != summed)])
        return Text(f"{left.within(CHAINED)} @ {right.within(ATOM)}", CHAINED)

    def _stacked(self, first: Placed, second: Placed, output: Indices) -> Text | None:
        """Return a product of two matrices for each sample."""
        if not len(first[1]) == len(second[1]) == len(output) == 3:
            return None
        (sample, row, inner), (other, among, column) = first[1], second[1]
        if sample != other or inner != among or tuple(output) != (sample, row, column) or row == column:
            return None
        return Text(f"{first[0].within(CHAINED)} @ {second[0].within(ATOM)}", CHAINED)

    def _einsum(self, placed: Sequence[Placed], output: Sequence[int]) -> Text:
        letters: Mapping[int, str] = dict(
            zip(dict.fromkeys(i for _, ix in placed for i in ix), ascii_letters, strict=False)
        )
        inputs = ",".join("".join(letters[i] for i in ix) for _, ix in placed)
        formula = f"{inputs}->{''.join(letters[i] for i in output)}"
        arguments = ", ".join(text.text for text, _ in placed)
        return Text(f'{self.dialect.module}.einsum("{formula}", {arguments})')


Indices = Sequence[int]
Placed = tuple[Text, Indices]


def _is_view(node: Node) -> bool:
    """Whether a result would share its memory with an argument."""
    return isinstance(node, Named) or (
        isinstance(node, Contraction)
        and all(isinstance(of, Named | Unit) for of, _ in node.operands)
        and len({*node.extents} - {*node.output})
        == sum(isinstance(of, Unit) for of, _ in node.operands)
        == len(node.operands) - 1
    )


def _is_ones(node: Node) -> bool:
    return isinstance(node, Filled) and bool(node.value)


def _thin(node: Node) -> tuple[Node, Indices, Indices] | None:
    """Return what is repeated along an axis, with its indices and those of the result; None for anything else."""
    if isinstance(node, Contraction) and len(node.operands) == 2 and len(node.output) <= 2:
        ones = [place for place, (of, _) in enumerate(node.operands) if isinstance(of, Filled) and of.value]
        if len(ones) == 1:
            of, indices = node.operands[1 - ones[0]]
            return (of, indices, node.output) if len(indices) < len(node.output) else None
    return None


def _oriented(placed: Placed, order: Sequence[int]) -> Text:
    """Return a vector or matrix with its axes in the given order."""
    text, indices = placed
    return text if tuple(indices) == tuple(order) else text.transposed


def _spread(placed: Placed, output: Sequence[int]) -> str:
    """Return a vector or matrix such that it is multiplied along the axes of the output."""
    text, indices = placed
    if len(indices) == len(output):
        return _oriented(placed, output).within(ATOM)
    return text.within(ATOM) if not indices or indices[0] == output[-1] else f"{text.within(ATOM)}[:, None]"


def _number(number: Fraction) -> tuple[list[str], list[str]]:
    """Return a positive number as a factor, or as what is divided by."""
    if number == 1:
        return [], []
    if number.denominator == 1:
        return [str(number)], []
    if number.denominator & (number.denominator - 1) == 0 and number.denominator <= 1024:
        return [str(float(number))], []
    return ([str(number.numerator)] if number.numerator != 1 else []), [str(number.denominator)]


def _uses(roots: Sequence[Node]) -> Counter[Node]:
    """Count for each node how many others it is part of."""
    uses: Counter[Node] = Counter()
    for node in {node for root in roots for node in root.walk()}:
        uses.update(node.children())
    uses.update(roots)
    return uses
