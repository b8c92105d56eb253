r"""Formulas of LaTeX as tokens of the grammar: ``\lambda W^\top r`` as ``lam W^T r``, each where it stands.

Only what is listed here is read; anything else is refused where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from symmix.reading.groups import at, glued, texts
from symmix.reading.letters import OPENING, Letters
from symmix.reading.lexemes import QUADS
from symmix.reading.tokens import ReadingError, Token, closing

_SIGNS = {
    "\\cdot": "*",
    "\\odot": "o",
    "\\circ": "o",
    "*": "*",
    "\\le": "<=",
    "\\leq": "<=",
    "\\ge": ">=",
    "\\geq": ">=",
    "\\neq": "!=",
    "\\ne": "!=",
}
_SIGNS |= {sign: sign for sign in ("+", "-", "=", ",", "/", "<", ">", "(", ")")}
_SIGNS |= dict.fromkeys(OPENING, "(") | dict.fromkeys(OPENING.values(), ")")
_BARS = frozenset({"|", "\\|", "\\lVert", "\\rVert", "\\Vert"})
_NORMS = {"F": "_F", "\\mathrm{F}": "_F", "\\text{F}": "_F", "2": "_2"}
_FRACTIONS = frozenset({"\\frac", "\\tfrac", "\\dfrac"})
_OVER = frozenset({"\\overset", "\\stackrel", "\\underset"})
_BRACES = {"\\underbrace": "_", "\\overbrace": "^"}
_ROUND = "write \\partial, or give d another name"
_AROUND = "write \\nabla_z \\bigl( ... \\bigr)"
_BEHIND_DERIVED = frozenset({"", "+", "-", "=", ",", ".", ";", ")", "]", "\\}", "\\rbrack", "<", ">"})
_BEHIND_DERIVED |= {*QUADS, "\\le", "\\leq", "\\ge", "\\geq", "\\neq", "\\ne"}


class Formula(Letters):
    """Reads lexemes from left to right, and writes tokens."""

    def tokens(self) -> list[Token]:
        """Return all of it as tokens."""
        pieces: list[list[Token]] = []
        slashes: list[int] = []
        while self.next.text:
            slashes += [len(pieces)] if self.next.text == "/" else []
            pieces.append(self._piece())
        for place in slashes:
            self.require_divided(pieces, place)
        return [token for piece in pieces for token in piece]

    def _piece(self) -> list[Token]:
        text = self.next.text
        if text in _KINDS:
            return _KINDS[text](self)
        if text.isdigit():
            return self._digits()
        if self.is_several():
            return self.several()
        return self._expectation() if self._is_expectation() else self.name()

    def _sign(self) -> list[Token]:
        token = self.take()
        if token.text == "(" and self._is_number_of_an_equation():
            self.refuse("a number of an equation in \\tag, or a factor in front", token, "write \\tag{1}, or 2 a")
        written = [at(_SIGNS[token.text], token)]
        return written + (self.scripts() if written[0].text == ")" else [])

    def _is_number_of_an_equation(self) -> bool:
        """Whether a whole number stands alone in the bracket that was opened, at the end, behind something."""
        inside, before = texts(self.lexemes[self.at :]), self.lexemes[: self.at - 1]
        behind = bool(before) and before[-1].text not in _SIGNS.keys() - {")", "]"}
        return behind and len(inside) == 2 and inside[0].isdigit() and inside[1] == ")"

    def _braces(self) -> list[Token]:
        token = self.next
        before = self.lexemes[self.at - 1] if self.at else token
        found = self.argument()
        if found:
            return [at("(", token), *self.inner(found), at(")", token), *self.scripts()]
        where = before.place.line, before.place.column + len(before.text)
        if self.next.text == "^" and where != (token.place.line, token.place.column):
            self.refuse("what is raised right behind what it belongs to", token, "write A^\\top")
        return self.scripts()

    def _digits(self) -> list[Token]:
        token = self.take()
        self.scripts_in_order()
        if token.text in ("0", "1") and self.next.text == "_":
            return self.constant(token)
        return [at(token.text, token), *self.scripts()]

    # -- norms, fractions ---

    def _bar(self) -> Token:
        """Take a bar, or two single ones that stand side by side."""
        begin = self.take()
        if begin.text == "|" and self.next.text == "|":
            self.take()
        return begin

    def _norm(self) -> list[Token]:
        r"""Read ``\| ... \|^2``: it ends at the next bar outside of brackets, and of bars that open."""
        begin = self._bar()
        start, depth = self.at, 0
        while self.next.text and not (self.next.text in _BARS - {"\\lVert"} and depth == 0):
            depth += (self.next.text in ("(", "[", "{", "\\lVert")) - (self.next.text in (")", "]", "}", "\\rVert"))
            self.at += 1
        inner = self.lexemes[start : self.at]
        if not self._bar().text:
            self.refuse("a second bar for this one", begin)
        self.scripts_in_order()
        kind = ""
        if self.next.text == "_":
            self.at += 1
            kind = _NORMS.get("".join(texts(self.argument())), "")
            if not kind:
                self.refuse("a norm that is Euclidean or Frobenius's: 2, F", begin)
        if self.next.text != "^" or texts([self.take(), *self.argument()])[1:] != ["2"]:
            self.refuse("a norm that is squared: \\|v\\|^2", begin)
        written = self.inner(inner)
        if written and written[0].text == "-":
            written[0] = glued("-", written[0])  # |-x|^2: what would stand apart from its bar is a minus behind it
        return [at("|", begin), *written, at(f"|{kind}^2", begin)]

    def _fraction(self) -> list[Token]:
        begin = self.take()
        above, below = self.argument(), self.argument()
        if above and below and above[0].text == below[0].text and above[0].text in ("\\partial", "d", "\\mathrm"):
            derived = self._leibniz(above, below, begin)
            if derived is not None:
                return derived
        parts = [*_whole(self.inner(above), begin), at("/", begin), *_whole(self.inner(below), begin)]
        return [at("(", begin), *parts, at(")", begin), *self.scripts()]

    # -- derivatives ---

    def _leibniz(self, above: Sequence[Token], below: Sequence[Token], begin: Token) -> list[Token] | None:
        r"""Read ``\frac{\partial L}{\partial z}``, of a product too, and ``\frac{\partial}{\partial z}``; or with d."""
        sign = 4 if above[0].text == "\\mathrm" else 1
        if above[0].text != "\\partial" and texts(above[:sign]) != texts(below[:sign]):
            return None
        by = self._symbol(below[sign:])
        if above[0].text == "d" and by and self.context.knows("d"):
            self.refuse("a derivative where nothing is called d", begin, _ROUND)
        if by and len(above) == sign:
            return self._derived(begin, by)
        if not by and above[0].text != "\\partial":
            return None
        if not by:
            self.refuse("a declared symbol under the bar", begin, "write \\nabla_z (...) of something else")
        of = self._symbol(above[sign:])
        if of:
            return [at(f"d{of}", begin), at("/", begin), at(f"d{by}", begin), *self._bracketed(begin)]
        inner = self.inner(above[sign:])
        depth = 0
        for token in inner:
            depth += token.nesting
            if depth == 0 and token.text in ("+", "-"):
                self.refuse("one symbol or product over the bar", begin, _AROUND)
        return [*self._differentiated(inner, by, begin), *self._bracketed(begin)]

    def _symbol(self, found: Sequence[Token]) -> str:
        """Return the declared symbol that lexemes are; nothing if they are none."""
        names = self.part(found).names()
        return names[0] if len(names) == 1 else ""

    def _bracketed(self, begin: Token) -> list[Token]:
        """Refuse exponents right behind a derivative, as the grammar does."""
        if self.next.text == "^":
            self.refuse("brackets around a derivative", begin, "write (\\nabla_z L)^\\top")
        return []

    def _partial(self) -> list[Token]:
        r"""Read ``\partial L / \partial z``; with an index ``\partial`` is ``\nabla``."""
        if texts(self.lexemes[self.at + 1 : self.at + 2]) == ["_"]:
            return self._nabla()
        begin = self.take()
        of = self.name()
        if len(of) != 1 or texts(self.lexemes[self.at : self.at + 2]) != ["/", "\\partial"]:
            self.refuse("\\partial L / \\partial z", begin, "write \\nabla_z L")
        self.at += 2
        by = self.name()
        if len(by) != 1 or not {of[0].text, by[0].text} <= self.context.symbols.keys():
            self.refuse("declared symbols to differentiate, and by which", begin)
        return [at(f"d{of[0].text}", begin), at("/", begin), at(f"d{by[0].text}", begin)]

    def _quotient_of_ds(self) -> list[Token]:
        """Read ``dL/dz``, or the name d where something else begins with it."""
        start, begin = self.at, self.take()
        names: list[str] = []
        try:
            names += texts(self.name())
            if texts(self.lexemes[self.at : self.at + 2]) == ["/", "d"]:
                self.at += 2
                names += texts(self.name())
        except ReadingError:
            names = []
        if len(names) != 2 or not set(names) <= self.context.symbols.keys():
            self.at = start
            return self.name()
        if self.context.knows("d"):
            self.refuse("a derivative where nothing is called d", begin, _ROUND)
        return [at(f"d{names[0]}", begin), at("/", begin), at(f"d{names[1]}", begin), *self._bracketed(begin)]

    def _nabla(self) -> list[Token]:
        r"""Read ``\nabla_z L``, ``\nabla_z (...)``, and ``\nabla L(z)`` where L is defined by means of z."""
        begin = self.take()
        if self.next.text != "_":
            self.arguments = ()
            of = self.name() if self.next.text not in _KINDS else []
            if len(of) != 1 or len(self.arguments) != 1:
                self.refuse("what is differentiated by, below", begin, "write \\nabla_z L")
            return [at(f"d{of[0].text}", begin), at("/", begin), at(f"d{self.arguments[0]}", begin)]
        self.take()
        by = self._symbol(self.argument())
        if not by:
            self.refuse("a declared symbol to differentiate by", begin)
        return self._derived(begin, by)

    def _derived(self, begin: Token, by: str) -> list[Token]:
        """Read what is differentiated: a symbol, or something in brackets or bars with nothing multiplied to it.

        A number may stand before it, since to differentiate that alone would mean nothing.
        """
        number = self._coefficient()
        of = self._whole_operand(begin)
        if not of:
            if self.next.text in _FRACTIONS or self.next.text.isdigit():
                self.refuse("brackets around all that is differentiated", self.next, _AROUND)
            of = self.name()
            if len(of) != 1:
                self.refuse("a symbol, a norm or brackets behind a nabla", begin)
            if not number:
                return [at(f"d{of[0].text}", begin), at("/", begin), at(f"d{by}", begin)]
        if self.next.text not in _BEHIND_DERIVED:
            self.refuse("brackets around all that is differentiated", self.next, _AROUND)
        return self._differentiated([*number, *of], by, begin)

    def _differentiated(self, of: Sequence[Token], by: str, begin: Token) -> list[Token]:
        if "d" in self.context.symbols:
            self.refuse("a derivative where no symbol is called d", begin, "give d another name")
        if of[0].text == "(" and closing(of, 0) == len(of) - 1:
            of = of[1:-1]
        return [at("d", begin), glued("(", begin), *of, at(")", begin), at("/", begin), at(f"d{by}", begin)]

    def _coefficient(self) -> list[Token]:
        """Read a number, or a fraction of numbers and sizes."""
        if self.next.text.isdigit():
            return self._digits()
        if self.next.text not in _FRACTIONS:
            return []
        begin = self.at
        self.take()
        parts = [token for part in (self.argument(), self.argument()) for token in part]
        self.at = begin
        fixed = all(token.text.isdigit() or token.text in self.context.sizes for token in parts)
        return self._fraction() if fixed else []

    def _whole_operand(self, begin: Token) -> list[Token]:
        """Read something in brackets, a norm, a trace, or another derivative; nothing if it is none of these."""
        text = self.next.text
        if text in (*OPENING, "{"):
            return self._group()
        if text in (*_BARS, "\\nabla"):
            return _KINDS[text](self)
        start = self.at
        if text in ("\\operatorname", "\\mathrm", "\\text", "\\tr", "\\Tr"):
            written = self.name()
            if written[-1].text == "(":
                self.at -= 1
                return [written[0], *([glued("(", begin), *self._group()[1:]])]
        self.at = start
        return []

    def _group(self) -> list[Token]:
        """Read something in brackets, without what is raised behind it."""
        begin, end = self.next, closing(self.lexemes, self.at, (*OPENING, "{"), (*OPENING.values(), "}"))
        if end is None:
            self.refuse("a closing bracket", begin)
        inner = self.inner(self.lexemes[self.at + 1 : end])
        self.at = end + 1
        return [at("(", begin), *inner, at(")", begin)]

    # -- sums and expectations ---

    def _sum(self) -> list[Token]:
        r"""Read ``\sum_{i=1}^n``, ``\sum_{i,j=1}^n`` and ``\sum_i``."""
        begin = self.take()
        self.scripts_in_order()
        if self.next.text != "_":
            self.refuse("an index below the sum", begin, "write \\sum_{i=1}^n")
        self.take()
        below = texts(self.argument())
        size: list[str] = []
        if self.next.text == "^":
            self.take()
            size = texts(self.argument())
        ranged = below[-2:] == ["=", "1"]
        names, commas = below[: -2 if ranged else None][::2], below[: -2 if ranged else None][1::2]
        if not names or set(commas) - {","} or len(names) != len(commas) + 1 or len(size) != ranged:
            self.refuse("indices from 1 to a size, or indices alone", begin, "write \\sum_{i=1}^n, or \\sum_i")
        written = ["sum_", "{"]
        for name in names:
            written += [*([","] if written[-1] != "{" else []), name, *(["<", *size] if size else [])]
        return [Token(text, begin.place, spaced=text not in ("{", "}")) for text in [*written, "}"]]

    def _is_expectation(self) -> bool:
        r"""Whether an expectation begins: ``\mathbb{E}``, and another E with brackets where none is declared."""
        found = texts(self.lexemes[self.at : self.at + 5])
        if found[:1] == ["\\mathbb"]:
            return found[1:4] == ["{", "E", "}"] or found[1:2] == ["E"]
        if self.context.knows("E"):
            return found[:4] == ["\\operatorname", "{", "E", "}"]
        if found[:1] == ["E"]:
            return found[1:2] == ["["]
        return found[:1] in (["\\operatorname"], ["\\mathrm"]) and found[1:4] == ["{", "E", "}"]

    def _expectation(self) -> list[Token]:
        r"""Read ``\mathbb{E}_\lambda[...]``."""
        begin = self.take()
        if begin.text != "E":
            self.argument()
        name = "E"
        if self.next.text == "_":
            self.take()
            by = self.inner(self.argument())
            if len(by) != 1:
                self.refuse("one random symbol below E", begin)
            name = f"E_{by[0].text}"
        if self.next.text not in OPENING:
            self.refuse("brackets behind E", begin, "write \\mathbb{E}[...]")
        inner = self._group()
        return [at(name, begin), glued("[", begin), *inner[1:-1], at("]", begin), *self.scripts()]

    # -- what is written around or over a formula ---

    def _braced(self) -> list[Token]:
        r"""Read ``\underbrace{A}_{words}``: the words are a remark."""
        begin = self.take()
        written = self.inner(self.argument())
        if self.next.text == _BRACES[begin.text]:
            self.take()
            self.argument()
        if self.next.text in ("^", "_"):
            self.refuse("brackets around what is raised", begin)
        return written

    def _labelled(self) -> list[Token]:
        r"""Read ``\overset{(a)}{=}``: a label in brackets is a remark; anything else would change what = means."""
        begin = self.take()
        below = self.argument()
        label, sign = texts(below), self.argument()
        if begin.text == "\\underset" and texts(sign) == ["\\sum"]:
            opened = [*sign, at("_", begin), at("{", begin), *below, at("}", begin)]
            self.lexemes[self.at : self.at] = opened
            return self._sum()
        if label[:1] != ["("] or label[-1:] != [")"] or len(sign) != 1 or sign[0].text not in ("=", "\\le", "\\ge"):
            self.refuse("a label in brackets over a sign: \\overset{(a)}{=}", begin, "write the sign alone")
        return [at(_SIGNS[sign[0].text], sign[0])]

    def _coloured(self) -> list[Token]:
        self.take()
        self.argument()
        return []

    def _space(self) -> list[Token]:
        self.take()
        return []

    def _boxed(self) -> list[Token]:
        self.take()
        return self.inner(self.argument())


def _whole(found: list[Token], begin: Token) -> list[Token]:
    """Return what stands over or under a bar as one thing."""
    return found if len(found) == 1 else [at("(", begin), *found, at(")", begin)]


_KINDS: dict[str, Callable[[Formula], list[Token]]] = {
    **dict.fromkeys(_BARS, Formula._norm),
    **dict.fromkeys(_SIGNS, Formula._sign),
    **dict.fromkeys(_FRACTIONS, Formula._fraction),
    **dict.fromkeys(_OVER, Formula._labelled),
    **dict.fromkeys(_BRACES, Formula._braced),
    "\\nabla": Formula._nabla,
    "\\partial": Formula._partial,
    **dict.fromkeys(QUADS, Formula._space),
    "\\boxed": Formula._boxed,
    "\\color": Formula._coloured,
    "\\textcolor": Formula._coloured,
    "\\sum": Formula._sum,
    "{": Formula._braces,
    "d": Formula._quotient_of_ds,
}
