"""Expressions: from tokens to trees by recursive descent, in the written order. Nothing is evaluated.

A power binds before a product, a product before a sum; ``a b/c d`` is ``((a b)/c) d``; a sum over an index reaches to
the end of its product. See the guide *check-a-derivation* for the grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symmix.errors import SymmixError
from symmix.reading.building import Part
from symmix.reading.calculus import Calculus
from symmix.reading.context import KEYWORDS, Context, undeclared
from symmix.reading.remedies import in_text
from symmix.reading.sizes import first_open, shown
from symmix.reading.stream import Stream
from symmix.reading.tokens import NORMS, ReadingError, Token
from symmix.terms import nodes as t
from symmix.terms.meanings import Names, Scope
from symmix.terms.names import ONE_SIZE, WHOLE, is_fixed, is_size
from symmix.terms.wellformed import require_well_formed

MAX_BRACKETS = 40  # inside of each other

_ENDS = frozenset({"", "+", "-", ")", "]", "}", ",", "=", ":=", "<", ">", "<=", ">=", "!=", *NORMS, ":", "->"})


class Expressions(Calculus):
    """Reads the expressions of one line in a context."""

    def __init__(self, stream: Stream, context: Context) -> None:
        super().__init__(stream, context)
        self._brackets = 0

    # -- a whole expression ---

    def settled(self, part: tuple[t.Expression, Token]) -> t.Expression:
        """Return an expression with all of its sizes, well formed."""
        read, at = part
        node: t.Expression = self.sizes.settled(read)
        bare = first_open(node)
        if bare is not None:
            self.stream.refuse(
                "a size that follows from what stands around", f"{bare}".split("?")[0], "write I_k, sum_{i<n}", at
            )
        self._require_well_formed(node, at)
        return node

    def _require_well_formed(self, node: t.Expression, at: Token) -> None:
        pairs = self.context.definitions
        free = [t.Index(name, size) for name, size in self.context.indices.items()]
        scope = {name: self.sizes.found(size) for name, size in self.bound.items()}
        try:
            names = Names.of([node], free, pairs, self.context.properties.items())
            require_well_formed(node, Scope(names, scope))
        except SymmixError as error:
            raise ReadingError(at.place, *in_text(error)) from error

    def sum(self) -> Part:
        """Read a sum."""
        begin = self.stream.next
        parts = [self._term(negative=self.stream.taken("-"))]
        while self.stream.next.text in ("+", "-"):
            sign = self.stream.take()
            if self.stream.next.text in ("+", "-"):
                self.stream.refuse("one sign at a time", remedy="put the second one in brackets")
            parts.append(self._term(negative=sign.text == "-"))
        return self.added(parts), begin

    def _term(self, *, negative: bool) -> Part:
        node, at = self.product()
        if not negative:
            return node, at
        if isinstance(node, t.Number) and node.value >= 0:
            return self.made(t.Number(-node.value), at), at
        factors = node.factors if isinstance(node, t.Multiply) else (node,)
        first = factors[0]
        if isinstance(first, t.Number) and first.value > 0 and len(factors) > 1:
            return self.made(t.Multiply((t.Number(-first.value), *factors[1:])), at), at
        return self.made(t.Multiply((t.Number(Fraction(-1)), *factors)), at), at

    # -- products ---

    def product(self) -> Part:
        """Read a product: factors side by side, divided by others, or with ``o`` between them."""
        begin = self.stream.next
        factors = [self.factor()]
        while not self._ends():
            if self.stream.taken("/"):
                self._require_apart()
                below, _ = self.factor()
                factors = [(self.quotient(self.multiplied(factors), below, begin), begin)]
            elif self.stream.next.text == "o":
                factors = self._entrywise(factors)
            else:
                self.stream.taken("*")
                factors.append(self.factor())
        return self.multiplied(factors), begin

    def _require_apart(self) -> None:
        """Refuse ``a/2n``, of which one cannot say what it divides by."""
        number, name = self.stream.next, self.stream.peek(1)
        if number.is_number and name.is_name and not name.spaced:
            both = f"{number.text} {name.text}"
            remedy = f"write a/({both}) to divide by both, or a/{both} to divide by {number.text} alone"
            self.stream.refuse("a space or brackets in what is divided by", f"{number.text}{name.text}", remedy)

    def _ends(self) -> bool:
        text = self.stream.next.text
        return text in _ENDS or (text in KEYWORDS and text != "o")

    def _entrywise(self, before: Sequence[Part]) -> list[Part]:
        """Read ``a o b o c``; only scalars may stand before it, and nothing behind: brackets say what is meant."""
        *scales, first = before
        joined = self.stream.next
        if any(self.sizes.shape(node) != t.SCALAR for node, _ in scales):
            self.stream.refuse("brackets around a product beside o", remedy="write (A b) o c, or A (b o c)")
        factors = [first]
        while self.stream.taken("o"):
            factors.append(self.factor())
        if not self._ends():
            self.stream.refuse("brackets around a product beside o", remedy="write (a o b) c, or a o (b c)")
        return [*scales, (self.entrywise(factors), joined)]

    def factor(self) -> Part:
        """Read an atom and what stands behind it: powers, a transpose, indices, values of symbols."""
        begin = self.stream.next
        node = self._atom()
        bare = isinstance(node, t.Gradient | t.Jacobian) and begin.text != "("
        numbered = begin.text in ("|", *NORMS)  # whether a number stands above
        while True:
            token = self.stream.next
            if token.text == "^":
                if bare:
                    self.stream.refuse("brackets around a derivative", remedy="write (dL/dz)^T")
                node, is_number = self._raised(node, numbered=numbered)
                numbered = numbered or is_number
            elif token.text == "[" and not token.spaced:
                node = self._indexed(node, token)
            elif token.text == "{":
                node = self._at(node, token)
            else:
                return node, begin

    def _raised(self, base: t.Expression, *, numbered: bool) -> tuple[t.Expression, bool]:
        """Read an exponent, and return whether it is a number: of two numbers brackets say which is meant first."""
        at = self.stream.take()
        closing = next((pair[1] for pair in ("{}", "()") if self.stream.taken(pair[0])), "")
        negative = self.stream.taken("-")
        token = self.stream.take()
        if token.text == "T":
            node = self.made(t.Transpose(base), at)
            node = self.power(node, -1, at) if negative else node
        elif token.is_number and numbered:
            self.stream.refuse("one number as exponent", remedy="write (x^2)^3, or x^8 for x^(2^3)", at=token)
        elif token.is_number and len(token.text) < 4:
            node = self.power(base, -int(token.text) if negative else int(token.text), at)
        else:
            remedy = "write W^T z, with a space" if token.text.startswith("T") else "write the product out"
            self.stream.refuse("T or a whole number as exponent", remedy=remedy, at=token, arrived=token.text or "none")
        if closing:
            self.stream.expect(closing)
        return node, token.is_number

    def _positions(self) -> list[str]:
        self.stream.take()
        names = [self._position()]
        while self.stream.taken(","):
            names.append(self._position())
        self.stream.expect("]")
        return names

    def _indexed(self, of: t.Expression, at: Token) -> t.Expression:
        """Read indices behind an expression; a size that was open follows from the axis."""
        node = self.entry(of, self._positions(), at)
        names = node.indices if isinstance(node, t.Entry) else (node.row, node.column)
        axes = of.axes if isinstance(of, t.Symbol) and of.axes else of.shape
        for name, size in zip(names, axes, strict=True):
            if name in self.bound and not self.sizes.agree(self.bound[name], size):
                sizes = f"{name} runs over {self.sizes.found(self.bound[name])}, the axis is {self.sizes.found(size)}"
                self.stream.misfit("an index over the size of its axis", sizes, "use another index", at)
        return node

    def _position(self) -> str:
        token = self.stream.take()
        if token.text != WHOLE and not token.is_number and token.text not in self.bound:
            remedy = f"declare it, let {token.text} < n, or sum over it, sum_{{{token.text}<n}}"
            remedy = remedy if token.is_name else "write z[i], A[i,j] or A[i,:]"
            self.stream.refuse("an index that is summed over or declared, a number, or :", remedy=remedy, at=token)
        return token.text

    def _at(self, node: t.Expression, at: Token) -> t.Expression:
        """Read ``{y := s e, ...}``."""
        self.stream.take()
        values = []
        while True:
            symbol = self.symbol()
            self.stream.expect(":=")
            values.append((symbol, self.inside()))
            if not self.stream.taken(","):
                break
        self.stream.expect("}")
        return self.made(t.At(node, tuple(values)), at)

    def symbol(self) -> t.Symbol:
        """Read a declared symbol."""
        token = self.stream.word("a symbol")
        if token.text not in self.context.symbols:
            self.stream.refuse("a declared symbol", remedy=undeclared(token.text, self.context), at=token)
        return self.context.symbols[token.text]

    # -- atoms ---

    def inside(self) -> t.Expression:
        """Read an expression inside of brackets."""
        self._brackets += 1
        if self._brackets > MAX_BRACKETS:
            self.stream.refuse(f"at most {MAX_BRACKETS} brackets inside of each other", remedy="define parts of it")
        node, _ = self.sum()
        self._brackets -= 1
        return node

    def _atom(self) -> t.Expression:
        token = self.stream.take()
        if token.is_number:
            return self._number(token)
        if token.is_name:
            return self._named(token)
        if token.text == "(":
            return self._bracketed(token)
        if token.text in ("|", *NORMS):
            behind = self.stream.next
            if behind.text in _ENDS and (behind.text != "-" or behind.spaced):  # |-x|^2 begins with its sign
                self.stream.refuse("'|^2'", remedy="a norm is squared: |v|^2", at=token)
            inside = self.inside()
            self.close_norm(inside)
            return self.squared_norm(inside, token)
        if token.text == "[":
            return self._by_entries(token)
        help_ = "write A^2 for a power" if token.text == "*" else "write a name, a number or a bracket here"
        return self.stream.refuse("an expression", remedy=help_, at=token)

    def _number(self, token: Token) -> t.Expression:
        following = self.stream.next
        if token.text in ("0", "1") and following.text == "_" and not following.spaced:
            self.stream.take()
            shape = self._shape()
            node = t.Zeros(*shape) if token.text == "0" else t.Ones(*shape)
            return self.made(node, token)
        return self.made(t.Number(Fraction(int(token.text))), token)

    def _shape(self) -> t.Shape:
        """Read ``n`` or ``{n x m}``."""
        braces = self.stream.taken("{")
        rows, columns = self.size(), ONE_SIZE
        if braces:
            columns = self.size() if self.stream.taken("x") else ONE_SIZE
            self.stream.expect("}")
        return rows, columns

    def size(self) -> str:
        """Read a size: a name that is one already, 1, or a number from 2 to 9."""
        token = self.stream.take()
        if not is_size(token.text) or not (token.text in self.context.sizes or not token.is_name):
            remedy = (
                f"declare it: let {token.text} size" if token.is_name else "write a declared size, as in 0_n or i<n"
            )
            self.stream.refuse("a size that occurs in a declaration, or a number from 1 to 9", remedy=remedy, at=token)
        return token.text

    def _named(self, token: Token) -> t.Expression:
        context, text = self.context, token.text
        if text in context.symbols:
            return context.symbols[text]
        if self.is_derivative(token):
            return self.derived(token)
        if text in context.sizes:
            return self.made(t.Size(text), token)
        behind = self.stream.next.text
        for is_meant, read in (
            (text in context.functions, self._value),
            (text in ("tr", "diag") and behind == "(", self._function),
            (text == "delta" and behind == "[", self._delta),
            (text == "I" or text.startswith("I_"), self._identity),
            (text == "sum_", self._total),
            (text == "E" or text.startswith("E_"), self.expectation),
        ):
            if is_meant:
                return read(token)
        if text in self.bound:
            self.stream.refuse("an expression", f"the index {text}", "delta[i,j] compares indices", token)
        below = self.stream.peek(1).text
        if behind == "/" and text[:1] == below[:1] == "d" and len(text) > 1 < len(below):  # dL/dz
            text = below[1:] if text[1:] in context.symbols else text[1:]
        written = text + behind if behind == "(" and len(text) > 1 and not self.stream.next.spaced else text
        return self.stream.refuse("a declared name", text, undeclared(written, context), token)

    def _value(self, token: Token) -> t.Expression:
        function = self.context.functions[token.text]
        self.stream.expect("(", f"{token.text} is a function: write its value, {token.text}(x)")
        argument = self.inside()
        self.stream.expect(")")
        wanted = (function.source[0], function.source[1]) if function.source else t.SCALAR
        if not self.sizes.shapes_agree(argument.shape, wanted):
            shapes = f"{token.text} is a function of {shown(wanted)}, its argument is {self.shaped(argument)}"
            self.stream.misfit("an argument of the declared shape", shapes, "check the declaration", token)
        return self.made(t.Apply(function, argument), token)

    def _function(self, token: Token) -> t.Expression:
        self.stream.take()
        inside = self.inside()
        self.stream.expect(")")
        if token.text == "diag":
            return self.diagonal(inside, token)
        self.square(inside, token)
        return self.made(t.Trace(inside), token)

    def _identity(self, token: Token) -> t.Expression:
        size = token.text[2:]
        if token.text == "I_":
            size = self._shape()[0] if self.stream.next.text == "{" else ""
        if token.text != "I" and not (size in self.context.sizes or is_fixed(size) or size == ONE_SIZE):
            self.stream.refuse("an identity matrix of a size that is declared", token.text, "write I_k", token)
        return self.made(t.Identity(size or self.sizes.fresh()), token)

    def _delta(self, token: Token) -> t.Expression:
        names = self._positions()
        if len(names) != 2:
            self.stream.refuse("two indices", ",".join(names), "write delta[i,j]", token)
        return self.made(t.Delta(*names), token)

    def _bracketed(self, token: Token) -> t.Expression:
        node = self.inside()
        if isinstance(node, t.Gradient | t.Jacobian):
            pairs = self.given_derivatives(node.by) if self.stream.taken("with") else node.jacobians
            node = self.made(type(node)(node.of, node.by, pairs, self.stream.taken("constant")), token)
        elif isinstance(node, t.Expectation) and self.stream.taken("with"):
            node = self.made(t.Expectation(node.of, node.random, self.moments(node.random)), token)
        self.stream.expect(")")
        return node

    # -- sums over indices ---

    def indices(self, end: str) -> tuple[t.Index, ...]:
        """Read ``i<n, j<m``, and bind them; without a size it follows from where the index stands."""
        found = []
        while True:
            token = self.stream.next
            name = self.fresh_index()
            size = self.size() if self.stream.taken("<") else self.sizes.fresh()
            if size == ONE_SIZE:
                self.stream.refuse("an index over a size that is not 1", remedy="leave it out", at=token)
            self.bound[name] = size
            found.append(t.Index(name, size))
            if not self.stream.taken(","):
                break
        self.stream.expect(end)
        return tuple(found)

    def release(self, indices: Sequence[t.Index]) -> None:
        """Leave the scope of indices."""
        for index in indices:
            del self.bound[index.name]

    def _total(self, token: Token) -> t.Expression:
        self.stream.expect("{", "write sum_{i<n}")
        indices = self.indices("}")
        self._brackets += 1
        if self._brackets > MAX_BRACKETS:
            self.stream.refuse(f"at most {MAX_BRACKETS} sums inside of each other", remedy="define parts of it")
        body, at = self.product()
        self._brackets -= 1
        self.release(indices)
        if self.sizes.shape(body) != t.SCALAR:
            remedy = "sum its entries, [sum_{i<n} X[i,p] X[i,q]]_{p<d,q<d}, or write X^T X"
            self.stream.misfit("a scalar to sum", self.shaped(body), remedy, at)
        return self.made(t.Total(indices, body), token)

    def _by_entries(self, token: Token) -> t.Expression:
        """Read ``[body]_{i<n,j<m}``: the indices are those of the body, which stands first."""
        close = self.closing(self.stream.at - 1)
        begin, self.stream.at = self.stream.at, close + 1
        self.stream.expect("_", "write [u[i] v[j]]_{i<n,j<m}")
        self.stream.expect("{")
        indices = self.indices("}")
        end, self.stream.at = self.stream.at, begin
        body = self.inside()
        self.stream.expect("]")
        self.stream.at = end
        self.release(indices)
        if len(indices) > 2 or self.sizes.shape(body) != t.SCALAR:
            self.stream.misfit("a scalar, with one or two indices", self.shaped(body), "take an entry of it", token)
        return self.made(t.ByEntries(indices[0], indices[1] if len(indices) > 1 else None, body), token)
