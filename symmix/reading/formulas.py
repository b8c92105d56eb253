r"""Formulas of LaTeX as tokens of the grammar: ``\lambda W^\top r`` as ``lam W^T r``, each where it stands.

Only what is listed here is read; anything else is refused where it stands. A letter is a name, and so is a word in
``\mathrm{...}``; fonts, primes, accents and indices belong to it as far as such a name is declared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn

from symmix.reading.context import Context
from symmix.reading.tokens import Place, ReadingError, Token, closing

GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda"),
    *("mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "ell"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
}
_FONTS = frozenset({"\\mathbf", "\\boldsymbol", "\\bm", "\\mathcal", "\\mathit", "\\mathsf", "\\mathbb", "\\mathfrak"})
_WORDS = frozenset({"\\mathrm", "\\operatorname", "\\textrm", "\\text"})
_ACCENTS = {"\\tilde": "~", "\\widetilde": "~", "\\bar": "-", "\\overline": "-"}
_SIGNS = {
    "\\cdot": "*",
    "\\odot": "o",
    "\\circ": "o",
    "*": "*",
    "\\le": "<=",
    "\\leq": "<=",
    "\\ge": ">=",
    "\\geq": ">=",
}
_SIGNS |= {sign: sign for sign in ("+", "-", "=", ",", "/", "<", ">", "(", ")")}
_SIGNS |= {"[": "(", "]": ")", "\\neq": "!=", "\\ne": "!=", "\\lbrack": "(", "\\rbrack": ")"}
_BARS = frozenset({"|", "\\|", "\\lVert", "\\rVert", "\\Vert"})
_MOST_BRACES = 40  # inside of each other
_FRACTIONS = frozenset({"\\frac", "\\tfrac", "\\dfrac"})
_TRANSPOSES = (
    ["\\top"],
    ["T"],
    ["\\intercal"],
    ["\\mathsf", "{", "T", "}"],
    ["\\mathsf", "T"],
    ["\\mathrm", "{", "T", "}"],
)
_FUNCTIONS = {"tr": "tr", "Tr": "tr", "trace": "tr", "diag": "diag"}
HELP = "see symmix guide check-a-derivation, LaTeX"


class Formula:
    """Reads lexemes from left to right, and writes tokens."""

    def __init__(self, found: Sequence[Token], context: Context, end: Place, depth: int = 0) -> None:
        self.lexemes, self.context, self.at, self._depth = list(found), context, 0, depth
        self._end = Token("", end, spaced=True)

    def tokens(self) -> list[Token]:
        """Return all of it as tokens."""
        written: list[Token] = []
        while self.next.text:
            written += self._piece()
        return written

    # -- lexemes ---

    @property
    def next(self) -> Token:
        """The next lexeme; its text is empty at the end."""
        return self.lexemes[self.at] if self.at < len(self.lexemes) else self._end

    def _take(self) -> Token:
        token = self.next
        self.at += 1
        return token

    def _refuse(self, required: str, at: Token, remedy: str = HELP) -> NoReturn:
        raise ReadingError(at.place, required, at.text or "the end of the formula", remedy)

    def _argument(self) -> list[Token]:
        """Return the lexemes of the next argument: of a group, or one of them."""
        token = self._take()
        if token.text in ("", "}", "^", "_"):
            self._refuse("an argument", token)
        if token.text.isdigit() and len(token.text) > 1:  # of digits the first alone is an argument
            rest = Token(token.text[1:], Place(token.place.line, token.place.column + 1), spaced=False)
            self.lexemes.insert(self.at, rest)
            return [Token(token.text[0], token.place, spaced=True)]
        if token.text != "{":
            if token.text in _FONTS | _WORDS or token.text in _ACCENTS:
                begin = self.at - 1
                self._argument()
                return self.lexemes[begin : self.at]
            return [token]
        begin, end = self.at, closing(self.lexemes, self.at - 1, "{", "}")
        if end is None:
            self._refuse("a } for this {", token)
        self.at = end + 1
        return self.lexemes[begin:end]

    def _inner(self, found: Sequence[Token]) -> list[Token]:
        """Return the tokens of the lexemes of an argument."""
        end = found[-1].place if found else self.next.place
        if self._depth >= _MOST_BRACES:
            raise ReadingError(end, f"at most {_MOST_BRACES} groups inside of each other", "more", "define parts of it")
        return Formula(found, self.context, end, self._depth + 1).tokens()

    # -- pieces ---

    def _piece(self) -> list[Token]:
        text = self.next.text
        if text in _KINDS:
            return _KINDS[text](self)
        if text.isdigit():
            return self._digits()
        return self._expectation() if self._is_expectation() else self._name()

    def _sign(self) -> list[Token]:
        token = self._take()
        written = [_at(_SIGNS[token.text], token)]
        return written + (self._scripts() if written[0].text == ")" else [])

    def _braces(self) -> list[Token]:
        token = self.next
        return [_at("(", token), *self._inner(self._argument()), _at(")", token), *self._scripts()]

    def _digits(self) -> list[Token]:
        token = self._take()
        if token.text in ("0", "1") and self.next.text == "_":
            return self._constant(token)
        return [_at(token.text, token), *self._scripts()]

    def _constant(self, token: Token) -> list[Token]:
        r"""Read ``\mathbf{1}_n`` and ``0_{k \times h}``."""
        self._take()
        sizes = [x.text for x in self._argument()]
        if len(sizes) == 1:
            written = [token.text, "_", *sizes]
        elif len(sizes) == 3 and sizes[1] == "\\times":
            written = [token.text, "_", "{", sizes[0], "x", sizes[2], "}"]
        else:
            self._refuse("a size, or two with \\times between them", token)
        return [Token(text, token.place, spaced=place == 0) for place, text in enumerate(written)] + self._scripts()

    def _norm(self) -> list[Token]:
        r"""Read ``\| ... \|^2``: it ends at the next bar outside of brackets, and of bars that open."""
        begin = self._take()
        start, depth = self.at, 0
        while self.next.text and not (self.next.text in _BARS - {"\\lVert"} and depth == 0):
            depth += (self.next.text in ("(", "[", "{", "\\lVert")) - (self.next.text in (")", "]", "}", "\\rVert"))
            self.at += 1
        inner = self.lexemes[start : self.at]
        if not self._take().text:
            self._refuse("a second bar for this one", begin)
        if self.next.text == "_":
            self.at += 1
            kind = [x.text for x in self._argument()]
            if kind not in (["F"], ["2"], ["\\mathrm", "{", "F", "}"]):
                self._refuse("a norm that is Euclidean or Frobenius's: 2, F", begin)
        if self.next.text != "^" or [x.text for x in (self._take(), *self._argument())][1:] != ["2"]:
            self._refuse("a norm that is squared: \\|v\\|^2", begin)
        return [_at("|", begin), *self._inner(inner), _at("|^2", begin)]

    def _fraction(self) -> list[Token]:
        begin = self._take()
        above, below = self._argument(), self._argument()
        if above and below and above[0].text == below[0].text and above[0].text in ("\\partial", "d", "\\mathrm"):
            derived = self._leibniz(above, below, begin)
            if derived is not None:
                return derived
        parts = [*_whole(self._inner(above), begin), _at("/", begin), *_whole(self._inner(below), begin)]
        return [_at("(", begin), *parts, _at(")", begin), *self._scripts()]

    def _leibniz(self, above: Sequence[Token], below: Sequence[Token], begin: Token) -> list[Token] | None:
        r"""Read ``\frac{\partial L}{\partial z}``; with d only where both are declared names."""
        skip = 4 if above[0].text == "\\mathrm" else 1
        of, by = self._inner(above[skip:]), self._inner(below[skip:])
        known = self.context.symbols
        if len(of) != 1 or len(by) != 1 or of[0].text not in known or by[0].text not in known:
            if above[0].text != "\\partial":
                return None
            self._refuse("a declared symbol over and under the bar", begin, "write \\nabla_z (...) of something else")
        return [_at(f"d{of[0].text}", begin), _at("/", begin), _at(f"d{by[0].text}", begin), *self._bracketed(begin)]

    def _bracketed(self, begin: Token) -> list[Token]:
        """Refuse exponents right behind a derivative, as the grammar does."""
        if self.next.text == "^":
            self._refuse("brackets around a derivative", begin, "write (\\nabla_z L)^\\top")
        return []

    def _nabla(self) -> list[Token]:
        r"""Read ``\nabla_z L`` and ``\nabla_z (...)``."""
        begin = self._take()
        if self.next.text != "_":
            self._refuse("what is differentiated by, below", begin, "write \\nabla_z L")
        self._take()
        by = self._inner(self._argument())
        if len(by) != 1 or by[0].text not in self.context.symbols:
            self._refuse("a declared symbol to differentiate by", begin)
        behind = [_at("/", begin), _at(f"d{by[0].text}", begin)]
        if self.next.text in ("(", "[", "{"):
            of = self._group()
        elif self.next.text in (*_BARS, "\\nabla"):
            of = [_at("(", begin), *_KINDS[self.next.text](self), _at(")", begin)]
        else:
            name = self._name()
            if len(name) != 1:
                self._refuse("a symbol, a norm or brackets behind a nabla", begin)
            return [_at(f"d{name[0].text}", begin), *behind]
        if "d" in self.context.symbols:
            self._refuse("a derivative where no symbol is called d", begin, "give d another name")
        return [_at("d", begin), _glued("(", begin), *of[1:], *behind]

    def _group(self) -> list[Token]:
        """Read something in brackets, without what is raised behind it."""
        begin, end = self.next, closing(self.lexemes, self.at)
        if end is None:
            self._refuse("a closing bracket", begin)
        inner = self._inner(self.lexemes[self.at + 1 : end])
        self.at = end + 1
        return [_at("(", begin), *inner, _at(")", begin)]

    def _sum(self) -> list[Token]:
        r"""Read ``\sum_{i=1}^n``, ``\sum_{i,j=1}^n`` and ``\sum_i``."""
        begin = self._take()
        if self.next.text != "_":
            self._refuse("an index below the sum", begin, "write \\sum_{i=1}^n")
        self._take()
        below = [x.text for x in self._argument()]
        size: list[str] = []
        if self.next.text == "^":
            self._take()
            size = [x.text for x in self._argument()]
        ranged = below[-2:] == ["=", "1"]
        names, commas = below[: -2 if ranged else None][::2], below[: -2 if ranged else None][1::2]
        if not names or set(commas) - {","} or len(names) != len(commas) + 1 or len(size) != ranged:
            self._refuse("indices from 1 to a size, or indices alone", begin, "write \\sum_{i=1}^n, or \\sum_i")
        written = ["sum_", "{"]
        for name in names:
            written += [*([","] if written[-1] != "{" else []), name, *(["<", *size] if size else [])]
        return [Token(text, begin.place, spaced=text not in ("{", "}")) for text in [*written, "}"]]

    def _is_expectation(self) -> bool:
        found = [x.text for x in self.lexemes[self.at : self.at + 4]]
        return found in (["\\mathbb", "{", "E", "}"], ["\\operatorname", "{", "E", "}"]) or found[:2] == [
            "\\mathbb",
            "E",
        ]

    def _expectation(self) -> list[Token]:
        r"""Read ``\mathbb{E}_\lambda[...]``."""
        begin = self._take()
        self._argument()
        name = "E"
        if self.next.text == "_":
            self._take()
            by = self._inner(self._argument())
            if len(by) != 1:
                self._refuse("one random symbol below E", begin)
            name = f"E_{by[0].text}"
        if self.next.text not in ("[", "("):
            self._refuse("brackets behind E", begin, "write \\mathbb{E}[...]")
        inner = self._group()
        return [
            _at(name, begin),
            _glued("[", begin),
            *inner[1:-1],
            _at("]", begin),
            *self._scripts(),
        ]

    # -- names ---

    def _name(self) -> list[Token]:
        begin = self.next
        base, fixed = self._base()
        if fixed and base in _FUNCTIONS and self.next.text == "(":
            opened = _glued("(", self._take())
            return [_at(_FUNCTIONS[base], begin), opened]
        if base in ("0", "1") and self.next.text == "_":
            return self._constant(Token(base, begin.place, spaced=True))
        below = self._below() if self.next.text == "_" else []
        primes = self._primes()
        if not below and self.next.text == "_":
            below = self._below()
        for spelled in _spellings(base):
            written = self._declared(spelled, below, primes, begin)
            if written:
                return [*written, *self._scripts()]
        shown = base + (f"_{{{' '.join(below)}}}" if below else "") + primes
        raise ReadingError(begin.place, "a declared name", shown, f"declare it: % let {_spellings(base)[0]}: k x h")

    def _base(self) -> tuple[str, bool]:
        """Return the letters of a name with an accent, and whether they are upright."""
        token = self._take()
        text = token.text
        if text in _FONTS | _WORDS or text in _ACCENTS:
            return self._letters(token) + _ACCENTS.get(text, ""), text in _WORDS
        if text[:1] == "\\" and text[1:] in GREEK | _FUNCTIONS.keys():
            return text[1:], text[1:] in _FUNCTIONS
        if len(text) == 1 and text.isalpha() and text.isascii():
            return text, False
        if text == ".":
            return self._refuse("whole numbers", token, "write \\frac{1}{2}")
        return self._refuse("a name, a number, an operator or a command that is read here", token)

    def _letters(self, at: Token) -> str:
        inner = self._argument()
        if len(inner) > 1 and inner[0].text in _FONTS | _WORDS:
            deeper = Formula(inner, self.context, at.place)
            return deeper._base()[0]
        letters = "".join(x.text.removeprefix("\\") for x in inner)
        if not letters.isalnum() or not letters.isascii():
            self._refuse("letters", at)
        return letters

    def _below(self) -> list[str]:
        self._take()
        return [x.text.removeprefix("\\") for x in self._argument() if x.text != ","]

    def _primes(self) -> str:
        primes = ""
        while self.next.text == "'":
            primes += self._take().text
        found = [x.text for x in self.lexemes[self.at : self.at + 2]]
        if found == ["^", "\\prime"]:
            self.at += 2
            primes += "'"
        return primes

    def _declared(self, base: str, below: list[str], primes: str, begin: Token) -> list[Token]:
        """Return a declared name, or an entry of one; nothing if there is none."""
        context = self.context
        spelled = [base + primes] if not below else [base + mark + "".join(below) + primes for mark in ("_", "")]
        for name in spelled:
            if context.knows(name):
                return [_at(name, begin)]
        if base == "I" and len(below) == 1 and not primes:
            return [_at(f"I_{below[0]}", begin)]
        if base == "I" and not below and not primes:
            return [_at("I", begin)]
        is_delta = base == "delta" and len(below) == 2 and not primes
        if (
            below
            and (context.knows(base + primes) or is_delta)
            and all(index.isalpha() or index == ":" for index in below)
        ):
            commas = [part for index in below for part in (",", index)][1:]
            opened = _glued("[", begin)
            return [_at(base + primes, begin), opened, *(_at(part, begin) for part in commas), _at("]", begin)]
        return []

    def _scripts(self) -> list[Token]:
        """Read what is raised behind something: a transpose, a number, an inverse."""
        written: list[Token] = []
        while self.next.text == "^":
            at = self._take()
            if self.next.text.isdigit() and len(self.next.text) > 1:  # TeX raises the first digit alone
                self._refuse("braces around an exponent of several digits", self.next, f"write ^{{{self.next.text}}}")
            raised = [x.text for x in self._argument()]
            negative = raised[:1] == ["-"]
            inner = raised[1:] if negative else raised
            if inner in _TRANSPOSES:
                text = "T"
            elif len(inner) == 1 and inner[0].isdigit():
                text = inner[0]
            else:
                self._refuse("a transpose or a whole number as exponent", at)
            written += [_glued(part, at) for part in ("^", *(("-",) if negative else ()), text)]
        return written


def _at(text: str, token: Token) -> Token:
    return Token(text, token.place, spaced=True)


def _glued(text: str, token: Token) -> Token:
    """Return what stands right behind what is before it."""
    return Token(text, token.place, spaced=False)


def _whole(found: list[Token], begin: Token) -> list[Token]:
    """Return what stands over or under a bar as one thing."""
    return found if len(found) == 1 else [_at("(", begin), *found, _at(")", begin)]


def _spellings(base: str) -> list[str]:
    """Return the names that a letter may have in a declaration: that of lambda is lam."""
    return ["lam" + base[6:], base] if base.startswith("lambda") else [base]


_KINDS: dict[str, Callable[[Formula], list[Token]]] = {
    **dict.fromkeys(_BARS, Formula._norm),
    **dict.fromkeys(_SIGNS, Formula._sign),
    **dict.fromkeys(_FRACTIONS, Formula._fraction),
    **dict.fromkeys(("\\nabla", "\\partial"), Formula._nabla),
    "\\sum": Formula._sum,
    "{": Formula._braces,
}
