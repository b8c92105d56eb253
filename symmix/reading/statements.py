"""Statements and hypotheses: equations of expressions, signs, and the words around them."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import cast

from symmix.errors import SymmixError
from symmix.reading.expressions import Expressions
from symmix.reading.remedies import in_text
from symmix.reading.tokens import ReadingError, Token
from symmix.terms import nodes as t
from symmix.terms import statements as s

Side = tuple[t.Expression | None, Token]  # None for a bare 0, which has the shape of the other side
Equation = tuple[Side, Side]
SIGNS = (">", ">=", "<", "<=", "!=")
_BEHIND_ZERO = frozenset({"", ",", "=", "where", "given", "if", "for", ")"})


class Statements(Expressions):
    """Reads the statements of one line."""

    # -- sides ---

    def side(self) -> Side:
        """Read one side of an equation; a 0 alone, or -0, has the shape of the other one."""
        begin = self.stream.next
        if begin.text == "-" and self.stream.peek(1).text == "0" and self.stream.peek(2).text in _BEHIND_ZERO:
            self.stream.take()
            begin = self.stream.next
        if begin.text == "0" and self.stream.peek(1).text in _BEHIND_ZERO:
            self.stream.take()
            return None, begin
        return self.sum()

    def fit(self, left: Side, right: Side, equals: Token) -> None:
        """Refuse two sides of different shapes."""
        if left[0] is not None and right[0] is not None and not self.sizes.shapes_agree(left[0].shape, right[0].shape):
            shapes = f"the left one is {self.shaped(left[0])}, the right one {self.shaped(right[0])}"
            self.stream.misfit("two sides of one shape", shapes, "transpose one, or check the declarations", equals)

    def _equation(self) -> Equation:
        left = self.side()
        equals = self.stream.expect("=")
        right = self.side()
        self.fit(left, right, equals)
        return left, right

    def _vanishing(self, equation: Equation) -> t.Expression:
        """Return what an equation says to vanish."""
        (left, at), (right, behind) = equation
        if left is None:
            left, at, right = right, behind, None
        if left is None:
            return self.stream.refuse("something that is to vanish", "0 = 0", "name what is 0", at)
        if right is None:
            return self.settled((left, at))
        negative = right.factors if isinstance(right, t.Multiply) else (right,)
        terms = (*(left.terms if isinstance(left, t.Add) else (left,)), t.Multiply((t.Number(Fraction(-1)), *negative)))
        return self.settled((self.made(t.Add(terms), at), at))

    # -- hypotheses ---

    def hypotheses(self) -> tuple[s.Hypothesis, ...]:
        """Read ``A = 0, for all i<n: B[i] = C[i]``, up to the end; ``at this i`` says what is so anyway."""
        found = [self.hypothesis()]
        while self.stream.taken(","):
            if self.stream.taken("at"):
                self._at_this()
                break
            found.append(self.hypothesis())
        return tuple(found)

    def hypothesis(self) -> s.Hypothesis:
        """Read one hypothesis."""
        if not self.stream.taken("for"):
            return self._vanishing(self._equation())
        self.stream.expect("all")
        if self.stream.next.text in self.context.symbols:
            return self._law()
        indices = self.indices(":")
        body = self._vanishing(self._equation())
        bound = cast("tuple[t.Index, ...]", self.sizes.settled(indices))
        self.release(indices)
        return s.ForAll(bound, body)

    def _law(self) -> s.Everywhere:
        """Read ``x, y: A = B``, or with ``>=`` or ``<=``: what is assumed of functions at all arguments."""
        symbols = [self.symbol()]
        while self.stream.taken(","):
            symbols.append(self.symbol())
        self.stream.expect(":")
        left, sign = self.side(), self.stream.take()
        if sign.text not in ("=", ">=", "<="):
            self.stream.refuse("an equation, or >= or <=, for all arguments", at=sign, remedy="write for all x: A >= B")
        right = self.side()
        self.fit(left, right, sign)
        body = self._vanishing((right, left) if sign.text == "<=" else (left, right))
        return s.Everywhere(tuple(symbols), "=" if sign.text == "=" else ">=", body)

    def _at_this(self) -> None:
        self.stream.expect("this")
        while True:
            token = self.stream.take()
            if token.text not in self.context.indices:
                self.stream.refuse("a sample index", remedy=f"declare it: let {token.text} < n", at=token)
            if not self.stream.taken(","):
                return

    def where(self) -> tuple[s.Hypothesis, ...]:
        """Read what is assumed for one line, behind ``where``, besides what is in force."""
        own = self.hypotheses() if self.stream.taken("where") else ()
        return tuple(dict.fromkeys((*self.context.hypotheses, *own)))

    # -- statements ---

    def statement(self) -> s.Statement:
        """Read a statement in the words in which symmix prints it."""
        begin = self.stream.next
        found = self._statement()
        if self.stream.next.text == "=" and isinstance(found, s.Identity):
            remedy = "state its two ends, and write the chain on lines of its own"
            self.stream.refuse("one equation", "a chain", remedy)
        self.stream.done()
        self._require_statement(found, begin)
        return found

    def _statement(self) -> s.Statement:
        if self.stream.next.text == "not" and self.stream.peek(1).text == "always":
            self.stream.at += 2
            self.stream.expect(":")
            return s.Fails(cast("s.Identity", self._statement()))
        left = self.side()
        token = self.stream.next
        if token.text in SIGNS:
            return self._positivity(left)
        if token.text == "is":
            return self._minimum(left)
        self.stream.expect("=", "write an equation, A = B, or an inequality, s >= 0")
        right = self.side()
        self.fit(left, right, token)
        if self.stream.next.text in (",", "if") or left[0] is None or right[0] is None:
            return self._zeros((left, right))
        sides = self.settled((left[0], left[1])), self.settled((right[0], right[1]))
        return s.Identity(*sides, self.where())

    def _zeros(self, first: Equation) -> s.Statement:
        forth = self._equations(first)
        if not self.stream.taken("if"):
            return s.Vanishing(forth, self.where())
        for word in ("and", "only", "if"):
            self.stream.expect(word)
        back = self._equations(self._equation())
        provided: tuple[t.Expression, ...] = ()
        if self.stream.taken("given"):
            provided = tuple(self._provided())
        return s.Equivalence(forth, back, provided, self.where())

    def _equations(self, first: Equation) -> tuple[t.Expression, ...]:
        found = [self._vanishing(first)]
        while self.stream.taken(","):
            if self.stream.next.text == "given":
                break
            found.append(self._vanishing(self._equation()))
        return tuple(found)

    def _provided(self) -> Iterable[t.Expression]:
        while True:
            yield self.settled(self.sum())
            self.stream.expect("!=")
            self.stream.expect("0")
            if not self.stream.taken("and"):
                return

    def _positivity(self, left: Side) -> s.Statement:
        sign = self.stream.take()
        right = self.side()
        turned = sign.text in ("<", "<=")
        greater, lesser = (right, left) if turned else (left, right)
        if sign.text == "!=" or greater[0] is None:
            remedy = "write given s != 0 for a condition; what is to be proved is s > 0 or s >= 0"
            self.stream.refuse("s > 0 or s >= 0, or an equation", remedy=remedy, at=sign)
        self.fit(left, right, sign)
        scalar = self._vanishing((greater, lesser))
        ranges = tuple(self._ranges()) if self.stream.taken("for") else ()
        return s.Positivity(scalar, ranges, self.where(), strict="=" not in sign.text)

    def _ranges(self) -> Iterable[s.Range]:
        while True:
            low = self.bound_of_range()
            self.stream.expect("<")
            token = self.stream.word("a scalar or a size")
            symbol = self.context.symbols.get(token.text)
            if symbol is None and token.text not in self.context.sizes:
                self.stream.refuse("a declared scalar or size", remedy=f"declare it: let {token.text}", at=token)
            self.stream.expect("<")
            yield s.Range(symbol or t.Size(token.text), low, self.bound_of_range())
            if not self.stream.taken(","):
                return

    def bound_of_range(self) -> Fraction | None:
        """Read a number, or -oo or oo for none."""
        negative = self.stream.taken("-")
        token = self.stream.take()
        if token.text == "oo":
            return None
        if not token.is_number:
            self.stream.refuse("a number, or oo", remedy="write 0, 1/2 or oo", at=token)
        value = Fraction(int(token.text))
        if self.stream.taken("/"):
            below = self.stream.take()
            if not below.is_number or not int(below.text):
                self.stream.refuse("a number that is not zero", remedy="write a fraction, 1/2", at=below)
            value /= int(below.text)
        return -value if negative else value

    def _minimum(self, left: Side) -> s.Statement:
        if left[0] is None:
            self.stream.refuse("a scalar", "0", "write: L is at least what it is at w = b", left[1])
        for word in ("is", "at", "least", "what", "it", "is", "at"):
            self.stream.expect(word, "write: L is at least what it is at w = b")
        values = []
        while True:
            symbol = self.symbol()
            self.stream.expect("=")
            values.append((symbol, self.settled(self.sum())))
            if not self.stream.taken(","):
                break
        return s.Minimum(self.settled((left[0], left[1])), tuple(values), self.where())

    def _require_statement(self, statement: s.Statement, at: Token) -> None:
        """Refuse what is not well formed as a whole."""
        try:
            self.context.require(statement)
        except SymmixError as error:
            raise ReadingError(at.place, *in_text(error)) from error

    # -- conditions ---

    def conditions(self) -> tuple[s.Condition, ...]:
        """Read ``0 < lam <= 1``, or ``s != 0``."""
        found, begin = [], self.stream.next
        left = self.settled(self.sum())
        while self.stream.next.text in SIGNS:
            sign = self.stream.take()
            right = self.settled(self.sum())
            found.append(s.Condition(left, cast("s.Sign", sign.text), right))
            left = right
        for condition in found:
            if condition.left.shape != t.SCALAR or condition.right.shape != t.SCALAR:
                shown = f"{condition.left} {condition.sign} {condition.right}"
                self.stream.misfit("scalars in a condition", shown, "name an entry or a norm by a scalar", begin)
        return tuple(found)
