"""Nodes from their parts, with shapes checked on the way: what does not fit is said where it stands, by both shapes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from symmix.reading.sizes import Sizes, is_open, shown
from symmix.reading.stream import Stream
from symmix.reading.tokens import NORMS, Token
from symmix.terms import nodes as t
from symmix.terms.names import ONE_SIZE
from symmix.terms.wellformed import MAX_POWER

MAX_HEIGHT = 100  # nodes inside of each other

Part = tuple[t.Expression, Token]  # with the token that it begins with


class Building:
    """Makes nodes of the tokens of one line."""

    def __init__(self, stream: Stream) -> None:
        self.stream, self.sizes = stream, Sizes()
        self._heights: dict[int, tuple[int, t.Expression]] = {}  # by identity; so the nodes are kept

    def made(self, node: t.Expression, at: Token) -> t.Expression:
        """Return a node, unless it is too deep."""
        height = 1 + max((self._heights.get(id(child), (1,))[0] for child in node.children()), default=0)
        if height > MAX_HEIGHT:
            self.stream.refuse(f"at most {MAX_HEIGHT} nodes inside of each other", "more", "define parts of it", at)
        self._heights[id(node)] = (height, node)
        return node

    def shaped(self, node: t.Expression) -> str:
        """Return a shape for an error."""
        if isinstance(node, t.Symbol) and len(node.axes) > 2:
            return " x ".join(node.axes)
        rows, columns = ("?" if is_open(size) else size for size in self.sizes.shape(node))
        return shown((rows, columns))

    def close_norm(self, inside: t.Expression) -> None:
        """Take the end of a norm; refuse the greatest singular value, which |A|_2 is for a matrix."""
        end = self.stream.next
        if end.text not in NORMS:
            self.stream.refuse("'|^2'", remedy="a norm is squared: |v|^2")
        if end.text == "|_2^2" and "1" not in self.sizes.shape(inside):
            remedy = "write |A|_F^2 for the sum of the squared entries"
            self.stream.refuse("a column, or a row, in |v|_2", f"a matrix, {self.shaped(inside)}", remedy, end)
        self.stream.take()

    def zero(self, shape: t.Shape) -> t.Expression:
        """Return the zero of a shape."""
        return t.Number(Fraction(0)) if shape == t.SCALAR else t.Zeros(*shape)

    def added(self, parts: Sequence[Part]) -> t.Expression:
        """Return a sum, or its only term; a 0 among matrices is one of their shape."""
        shapes = [self.sizes.shape(node) for node, _ in parts]
        shape = next((shape for shape in shapes if shape != t.SCALAR), None)
        if shape is not None:
            parts = [(self.zero(shape) if node == t.Number(Fraction(0)) else node, at) for node, at in parts]
        (first, at), *rest = parts
        for node, place in rest:
            self._alike(first, node, place, "the terms of a sum")
        return self.made(t.Add(tuple(node for node, _ in parts)), at) if rest else first

    def entrywise(self, parts: Sequence[Part]) -> t.Expression:
        """Return a product entry by entry."""
        (first, at), *rest = parts
        for node, place in rest:
            self._alike(first, node, place, "the factors of a product entry by entry, o,")
        return self.made(t.Hadamard(tuple(node for node, _ in parts)), at)

    def _alike(self, first: t.Expression, node: t.Expression, place: Token, what: str) -> None:
        if not self.sizes.shapes_agree(first.shape, node.shape):
            shapes = f"the first is {self.shaped(first)}, this one {self.shaped(node)}"
            self.stream.misfit(f"one shape for {what}", shapes, "transpose one, or check the declarations", place)

    def multiplied(self, parts: Sequence[Part]) -> t.Expression:
        """Return a product, or its only factor."""
        matrices = [(node, at) for node, at in parts if self.sizes.shape(node) != t.SCALAR]
        help_ = "transpose or exchange factors"
        for (left, _), (right, at) in pairwise(matrices):
            if not self.sizes.agree(left.shape[1], right.shape[0]):
                shapes = f"{self.shaped(left)} before {self.shaped(right)}"
                remedy = self._bracketing([node for node, _ in matrices]) or help_
                self.stream.misfit("inner sizes of a product that agree", shapes, remedy, at)
        return self.made(t.Multiply(tuple(node for node, _ in parts)), parts[0][1]) if len(parts) > 1 else parts[0][0]

    def _bracketing(self, factors: Sequence[t.Expression]) -> str:
        """Return how two factors that make a scalar are bracketed, if then the product fits."""
        shapes = [self.sizes.shape(node) for node in factors]
        for at in range(len(shapes) - 1):
            rest = shapes[:at] + shapes[at + 2 :]
            if (shapes[at][0], shapes[at + 1][1]) != t.SCALAR or shapes[at][1] != shapes[at + 1][0]:
                continue
            if all(left[1] == right[0] for left, right in pairwise(rest)):
                return f"put brackets around the scalar: ({t.Multiply(tuple(factors[at : at + 2]))})"
        return ""

    def quotient(self, above: t.Expression, below: t.Expression, at: Token) -> t.Expression:
        """Return a quotient; of two numbers in lowest terms a fraction."""
        if self.sizes.shape(below) != t.SCALAR:
            self.stream.misfit("a scalar to divide by", self.shaped(below), "write A^-1 for an inverse", at)
        match above, below:
            case _, t.Number(value=Fraction(numerator=0)):
                self.stream.refuse("a number to divide by that is not zero", "0", "check it", at)
            case t.Number(value=one), t.Number(value=other):
                if _is_fraction(one, other):  # 2/4 stays as it was written
                    return self.made(t.Number(one / other), at)
        return self.made(t.Quotient(above, below), at)

    def power(self, base: t.Expression, exponent: int, at: Token) -> t.Expression:
        """Return a power of a scalar or a square matrix; a negative one of a scalar is a quotient."""
        self.square(base, at)
        if abs(exponent) > MAX_POWER:
            self.stream.refuse(f"an exponent of at most {MAX_POWER}", f"{exponent}", "define a part of it", at)
        if exponent >= 0:
            return self.made(t.Power(base, exponent), at)
        if _is_plain(base):
            below = base if exponent == -1 else self.made(t.Power(base, -exponent), at)
            return self.quotient(t.Number(Fraction(1)), below, at)
        inverse = self.made(t.Inverse(base), at)
        return inverse if exponent == -1 else self.made(t.Power(inverse, -exponent), at)

    def square(self, node: t.Expression, at: Token) -> None:
        """Refuse what is not square."""
        rows, columns = node.shape
        if not self.sizes.agree(rows, columns):
            self.stream.misfit("a square matrix", self.shaped(node), "check its factors", at)

    def squared_norm(self, inside: t.Expression, at: Token) -> t.Expression:
        """Return |A|^2, the sum of the squares of the entries."""
        inner = self.made(t.Multiply((self.made(t.Transpose(inside), at), inside)), at)
        return inner if self.sizes.found(inside.shape[1]) == ONE_SIZE else self.made(t.Trace(inner), at)

    def diagonal(self, inside: t.Expression, at: Token) -> t.Expression:
        """Return diag: of a column or row a matrix, of a square matrix a column."""
        if ONE_SIZE in self.sizes.shape(inside):
            return self.made(t.DiagonalMatrix(inside), at)
        self.square(inside, at)
        return self.made(t.Diagonal(inside), at)

    def derivative(self, of: t.Expression, by: t.Symbol, jacobians: t.Pairs, at: Token) -> t.Expression:
        """Return a gradient of a scalar, or the Jacobian of a column by a column."""
        shape = self.sizes.shape(of)
        if shape == t.SCALAR:
            return self.made(t.Gradient(of, by, jacobians), at)
        if shape[1] != ONE_SIZE or len(by.axes) != 2 or by.axes[1] != ONE_SIZE:
            shapes = f"{self.shaped(of)} by {by.name}, which is {self.shaped(by)}"
            self.stream.misfit("a scalar by a symbol, or a column by a column", shapes, "take entries, or a trace", at)
        return self.made(t.Jacobian(of, by, jacobians), at)

    def entry(self, of: t.Expression, names: Sequence[str], at: Token) -> t.Entry | t.Slice:
        """Return an entry, or a row or column where a name is ":"; axes of size 1 have no index, or 0."""
        array = isinstance(of, t.Symbol) and len(of.axes) > 2
        axes = of.axes if isinstance(of, t.Symbol) and array else self.sizes.shape(of)
        if len(names) != len(axes):
            given = iter(names)
            wide = [size for size in axes if size != ONE_SIZE]
            if len(names) != len(wide):
                self.stream.misfit(f"{len(wide)} indices for {self.shaped(of)}", f"{len(names)}", "one an axis", at)
            names = ["0" if size == ONE_SIZE else next(given) for size in axes]
        if array and ":" in names:
            self.stream.refuse("entries of an array", f"a part of {of}", f"write [{of}[i,j,m]]_{{m<{axes[-1]}}}", at)
        node = t.Slice(of, *names) if ":" in names else t.Entry(of, tuple(names))
        self.made(node, at)
        return node


def _is_fraction(above: Fraction, below: Fraction) -> bool:
    """Whether two numbers are written as a fraction is: whole ones, in lowest terms."""
    return below > 1 and (above / below).numerator == above and (above / below).denominator == below


def _is_plain(node: t.Expression) -> bool:
    """Whether something is a scalar without entries in it, which may be divided by; of others there are inverses."""
    kinds = (t.Number, t.Size, t.Symbol, t.Add, t.Multiply, t.Quotient, t.Power)
    return all(isinstance(part, kinds) and not (isinstance(part, t.Symbol) and part.axes) for part in node.walk())
