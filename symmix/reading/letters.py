r"""Names in LaTeX: letters with fonts, accents, indices and primes, as far as such a name is declared.

A letter is a name, and so is a word in ``\mathrm{...}``. ``f(x)`` is f where f is defined by means of x.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symmix.reading.context import Context
from symmix.reading.groups import ACCENTS, FONTS, WORDS, Groups, at, glued, texts
from symmix.reading.tokens import ReadingError, Token, closing
from symmix.terms import nodes as t

GREEK = {
    *("alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda"),
    *("mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "ell"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
}
FUNCTIONS = {"tr": "tr", "Tr": "tr", "trace": "tr", "diag": "diag"}
OPENING = {"(": ")", "[": "]", "\\{": "\\}", "\\lbrack": "\\rbrack"}
_TRANSPOSES = (
    ["\\top"],
    ["T"],
    ["\\intercal"],
    ["\\mathsf", "T"],
    *([font, "{", "T", "}"] for font in ("\\mathsf", "\\mathrm", "\\text", "\\mathbf")),
)
_STARS = frozenset({"*", "\\star", "\\ast"})
_IN_INDICES = {"-": "m", "+": "p", "|": "_", "\\mid": "_", "*": "star", "\\star": "star", "\\ast": "star"}


class Letters(Groups):
    """Reads names, and what is raised behind them; ``arguments`` are those of the last function that was read."""

    arguments: Sequence[str] = ()

    def name(self) -> list[Token]:
        """Read a name with all that belongs to it; what is raised behind it, too."""
        begin = self.next
        base, fixed, accent = self._function() or self._base()
        if fixed and base in FUNCTIONS and self.next.text in OPENING:
            opened = glued("(", self.take())
            return [at(FUNCTIONS[base], begin), opened]
        behind = self.scripts_in_order()
        if base in ("0", "1") and self.next.text == "_":
            return self.constant(Token(base, begin.place, spaced=True))
        if base == "0" and not accent:
            return [at(base, begin)]
        below = self._below() if self.next.text == "_" else []
        star, primes = self._marks()
        if not below and self.next.text == "_":
            below = self._below()
        base, marks = base + star, accent + primes
        for spelled in _spellings(base):
            written = self._declared(spelled, below, marks, begin)
            if written:
                raised = [*self._called(written), *self.scripts()]
                if len(written) > 1 and raised and _is_unclear(texts(written), texts(raised), behind=behind):
                    remedy = "write (A_{ij})^{-1}, or give the transpose or the power a name of its own"
                    self.refuse("brackets around an entry with something raised", begin, remedy)
                return [*written, *raised]
        wanted = _joined(_spellings(base)[0], below, marks)[0]
        if begin.text in ("\\text", "\\textrm"):
            remedy = "put words at the end of the row, and what is assumed in a comment: % given A = 0"
            raise ReadingError(begin.place, "a formula without words in it", begin.text, remedy)
        raise ReadingError(begin.place, "a declared name", wanted, f"declare it: % let {wanted}: k x h")

    def defined(self) -> Token:
        """Read the name that stands before ``:=``, perhaps with arguments; it need not be declared."""
        begin = self.next
        base, _, accent = self._base()
        below = self._below() if self.next.text == "_" else []
        star, primes = self._marks()
        names = [name for spelled in _spellings(base) for name in _joined(spelled + star, below, accent + primes)]
        name = at(next(filter(self.context.knows, names), names[0]), begin)
        end = closing(self.lexemes, self.at) if self.next.text in ("(", "[") else None
        if end is not None and self.part(self.lexemes[self.at + 1 : end]).names():
            self.at = end + 1
        if self.next.text:
            self.refuse("a name alone, or one with its arguments, before :=", self.next)
        return name

    def constant(self, token: Token) -> list[Token]:
        r"""Read ``\mathbf{1}_n`` and ``0_{k \times h}``."""
        self.take()
        sizes = texts(self.argument())
        if len(sizes) == 1:
            written = [token.text, "_", *sizes]
        elif len(sizes) == 3 and sizes[1] == "\\times":
            written = [token.text, "_", "{", sizes[0], "x", sizes[2], "}"]
        else:
            self.refuse("a size, or two with \\times between them", token)
        return [Token(text, token.place, spaced=place == 0) for place, text in enumerate(written)] + self.scripts()

    def scripts(self) -> list[Token]:
        """Read what is raised behind something: a transpose, a number, an inverse."""
        written: list[Token] = []
        while self.next.text == "^":
            mark = self.take()
            if self.next.text.isdigit() and len(self.next.text) > 1:  # TeX raises the first digit alone
                self.refuse("braces around an exponent of several digits", self.next, f"write ^{{{self.next.text}}}")
            raised = texts(self.argument())
            negative = raised[:1] == ["-"]
            inner = raised[1:] if negative else raised
            if inner in _TRANSPOSES:
                parts = ["^", "-", "1", "^", "T"] if negative else ["^", "T"]
            elif len(inner) == 1 and inner[0].isdigit():
                parts = ["^", *(("-",) if negative else ()), inner[0]]
            else:
                self.refuse("a transpose or a whole number as exponent", mark)
            written += [glued(part, mark) for part in parts]
        return written

    def is_several(self) -> bool:
        r"""Whether a formula is in a font, ``\mathbf{X w}``, and no name of several letters."""
        end = closing(self.lexemes, self.at + 1, "{", "}")
        if self.next.text not in FONTS or self.at + 1 >= len(self.lexemes) or end is None:
            return False
        inside = texts(self.lexemes[self.at + 2 : end])
        if self.lexemes[self.at + 1].text != "{" or len(inside) < 2 or inside[0] in FONTS | WORDS | ACCENTS.keys():
            return False
        letters = all(len(text) == 1 and text.isalpha() for text in inside)
        return not letters or (not self.context.knows("".join(inside)) and all(map(self.context.knows, inside)))

    def several(self) -> list[Token]:
        """Read a formula that is in a font."""
        begin = self.take()
        written = self.inner(self.argument())
        if self.next.text in ("^", "_", "'"):
            self.refuse("brackets around what is raised", begin, "write (X w)^\\top, or \\mathbf{X}\\mathbf{w}^\\top")
        return written

    # -- the parts of a name ---

    def _function(self) -> tuple[str, bool, str] | None:
        """Read the letters of tr(, Tr(, trace( where they are no declared names; None if they stand for themselves."""
        for word in FUNCTIONS:
            found = texts(self.lexemes[self.at : self.at + len(word) + 1])
            spelled = found[:-1] == list(word) and found[-1] in OPENING
            if spelled and not all(map(self.context.knows, word)):
                self.at += len(word)
                return word, True, ""
        return None

    def _base(self) -> tuple[str, bool, str]:
        """Return the letters of a name, whether they are upright, and their accent."""
        token = self.take()
        text = token.text
        if text in FONTS | WORDS or text in ACCENTS:
            letters, accent = self._letters(token)
            if letters == "d" and text in WORDS:
                self.refuse(
                    "a derivative as a quotient, and no differentials", token, "write \\frac{\\partial L}{\\partial z}"
                )
            mine = ACCENTS.get(text, "")
            return (
                (letters + mine, text in WORDS, accent) if mine.isalpha() else (letters, text in WORDS, accent + mine)
            )
        if text == "\\Delta" and not self.context.knows("Delta") and self.context.knows(f"Delta{self.next.text}"):
            return f"Delta{self.take().text}", False, ""
        if text[:1] == "\\" and text[1:] in GREEK | FUNCTIONS.keys():
            return text[1:], text[1:] in FUNCTIONS, ""
        if len(text) == 1 and text.isalpha() and text.isascii():
            return text, False, ""
        if text == ".":
            return self.refuse("whole numbers", token, "write \\frac{1}{2}")
        return self.refuse("a name, a number, an operator or a command that is read here", token)

    def _letters(self, mark: Token) -> tuple[str, str]:
        """Return the letters under an accent or in a font, with another accent that they have."""
        inner = self.argument()
        if len(inner) > 1 and (inner[0].text in FONTS | WORDS or inner[0].text in ACCENTS):
            deeper = type(self)(inner, self.context, mark.place, self.depth + 1)
            letters, _, accent = deeper._base()
            if deeper.next.text:
                self.refuse("one name", deeper.next)
            return letters, accent
        letters = "".join(text.removeprefix("\\") for text in texts(inner))
        if not letters.isalnum() or not letters.isascii():
            self.refuse("letters", mark)
        return letters, ""

    def _below(self) -> list[str]:
        r"""Return the words of an index: ``k-1`` is ``km1``, in letters that a name may have."""
        self.take()
        words = [text.removeprefix("\\") if text not in _IN_INDICES else text for text in texts(self.argument())]
        if words[:1] in (["text"], ["mathrm"], ["textrm"], ["mathit"]):
            return ["".join(words[1:]).strip("{}")]
        if len(words) == 1 and words[0] not in ("*", "\\star", "\\ast"):
            return words
        if any(word in _IN_INDICES for word in words):
            return ["".join(_IN_INDICES.get(word, word) for word in words if word != ",")]
        return [word for word in words if word != ","]

    def _marks(self) -> tuple[str, str]:
        """Return ``star`` where a star is raised, and primes; a raised ``(i)`` is ``__i`` in front of these."""
        star, primes = "", ""
        while True:
            found = texts(self.lexemes[self.at : self.at + 4])
            if found[:1] == ["'"]:
                self.take()
                primes += "'"
            elif found[:2] == ["^", "\\prime"]:
                self.at += 2
                primes += "'"
            elif found[:1] == ["^"] and found[1:2] and found[1] in _STARS:
                self.at += 2
                star = "star"
            elif found[:2] == ["^", "{"] and len(found) == 4 and found[2] in _STARS and found[3] == "}":
                self.at += 4
                star = "star"
            elif found[:3] == ["^", "{", "("]:
                number = self._number_above()
                if not number:
                    return star, primes
                primes += number
            else:
                return star, primes

    def _number_above(self) -> str:
        """Read ``^{(i)}``; nothing where something else is raised."""
        begin = self.at
        self.take()
        raised = texts(self.argument())
        if len(raised) == 3 and raised[2] == ")" and raised[1].isalnum():
            return f"__{raised[1]}"
        self.at = begin
        return ""

    def _declared(self, base: str, below: list[str], marks: str, begin: Token) -> list[Token]:
        """Return a declared name, or an entry of one; nothing if there is none."""
        context = self.context
        for name in _joined(base, below, marks):
            if context.knows(name):
                return [at(name, begin)]
        if base == "I" and not marks:
            if len(below) == 1 or (len(below) == 3 and below[1] == "times" and below[0] == below[2]):
                return [at(f"I_{below[0]}", begin)]
            if not below:
                return [at("I", begin)]
        is_delta = base == "delta" and len(below) == 2 and not marks
        whole = _joined(base, [], marks)[0]
        indices = below and all(index.isalpha() or index == ":" for index in below) and "times" not in below
        if indices and (context.knows(whole) or is_delta):
            commas = [part for index in below for part in (",", index)][1:]
            opened = glued("[", begin)
            return [at(whole, begin), opened, *(at(part, begin) for part in commas), at("]", begin)]
        return []

    # -- functions ---

    def _called(self, written: list[Token]) -> list[Token]:
        r"""Pass over the arguments of ``L(W, z)``, where L is defined by means of these; refuse other functions."""
        begin, name = self.next, written[0]
        if len(written) > 1 or begin.text not in ("(", "["):
            return []
        end = closing(self.lexemes, self.at)
        if end is None:
            return []
        inside = self.lexemes[self.at + 1 : end]
        arguments = texts(inside) if len(inside) == 1 and inside[0].text.isdigit() else self.part(inside).names()
        if name.text not in self.context.symbols:
            return []
        if not arguments:
            self._require_product(name, inside)
            return []
        means = set(_means(self.context, name.text))
        if not set(arguments) <= means:
            shown = f"{name.text}({', '.join(arguments)})"
            remedy = f"leave the brackets out of a product; a function is defined before: % {name.text} := ..."
            raise ReadingError(begin.place, "a product, or a symbol that is defined by these", shown, remedy)
        self.at, self.arguments = end + 1, arguments
        return []

    def _require_product(self, name: Token, inside: list[Token]) -> None:
        """Refuse ``f(x + y)`` where f is a number that is defined by means of x, a column or matrix."""
        context = self.context
        if context.symbols[name.text].shape != t.SCALAR or context.defined(context.symbols[name.text]) is None:
            return
        try:
            found = set(texts(self.part(inside).tokens()))
        except ReadingError:
            return
        means = [context.symbols[other] for other in _means(context, name.text) if other in found]
        if any(symbol.shape != t.SCALAR for symbol in means):
            shown = f"{name.text}({' '.join(texts(inside))})"
            remedy = "put \\cdot between the factors of a product; a value of a function needs a symbol of its own"
            raise ReadingError(self.next.place, "a product, or a function", shown, remedy)

    def names(self) -> list[str]:
        """Return the symbols that all of this consists of, with commas between them; none if there is anything else."""
        try:
            written = texts(self.tokens())
        except ReadingError:
            return []
        if len(written) == 3 and written[0] == "(":  # a group of one name
            written = written[1:2]
        signs = set(written[1::2]) - {","}
        return written[::2] if not signs and self.context.symbols.keys() >= set(written[::2]) else []


def _is_unclear(entry: list[str], raised: list[str], *, behind: bool) -> bool:
    """Whether what is raised may be meant of the matrix: ``A^2_{ij}``; a number alone has no transpose."""
    return "T" in raised or ("," in entry and (behind or "-" in raised))


def _joined(base: str, below: list[str], marks: str) -> list[str]:
    """Return how a name with an index, an accent and primes may be declared: these stand behind the index."""
    return [base + mark + "".join(below) + marks for mark in ("_", "")] if below else [base + marks]


def _means(context: Context, name: str) -> Iterator[str]:
    """Run through the symbols by means of which a symbol is defined."""
    yield from (known.by.name for known in context.dependences if known.of.name == name)
    seen: set[str] = set()
    open_ = [context.symbols[name]]
    while open_:
        value = context.defined(open_.pop())
        for node in value.walk() if value is not None else ():
            if isinstance(node, t.Symbol) and node.name not in seen:
                seen.add(node.name)
                open_.append(node)
                yield node.name


def _spellings(base: str) -> list[str]:
    """Return the names that a letter may have in a declaration: that of lambda is lam."""
    return ["lam" + base[6:], base] if base.startswith("lambda") else [base]
