r"""A symbol that a user spelled in LaTeX, as MathML: ``\bar e``, ``\mathcal{D}_{\mathrm{train}}``, ``\hat{y}'``.

What symbols are made of is understood: letters and digits, Greek letters, accents, alphabets, indices and primes. Of
anything else nothing is guessed: there is no MathML, and the symbol is written as its name.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress

from symmix.printing.glyphs import GREEK, plain

_ACCENTS = {"bar": "¯", "overline": "¯", "tilde": "˜", "widetilde": "˜", "hat": "^", "widehat": "^", "vec": "→",
            "dot": "˙", "ddot": "¨", "check": "ˇ"}  # fmt: skip
_BOLD = ("mathbf", "bm", "boldsymbol")
_UPRIGHT = ("mathrm", "text", "textrm", "operatorname")
_SANS = ("mathsf", "textsf")
_ALPHABETS = {"mathcal": "SCRIPT", "mathscr": "SCRIPT", "mathbb": "DOUBLE-STRUCK", "mathfrak": "FRAKTUR"}
_NARROW, _KEPT = '<mspace width="0.17em"></mspace>', "\u00a0"
_LETTERS = {
    **{name: letter for name, letter in GREEK.items() if name != "lam"},
    "ell": "ℓ",
    "star": "⋆",
    "ast": "\u2217",
}
_TOKEN = re.compile(
    r"\\(?P<command>[A-Za-z]+)|\\(?P<space>[,;:! ])|(?P<sign>[{}^_'*+-])|(?P<letter>[A-Za-z]|\d+|,)|\s+"
)


class _UnknownError(Exception):
    """Something that no symbol is made of, as far as is known here."""


def mathml(latex: str) -> str | None:
    r"""Return one element for a symbol, or None if it is made of other things.

    >>> mathml(r"\bar e")
    '<mover><mi>e</mi><mo>¯</mo></mover>'
    """
    try:
        reader = _Reader(latex)
        row = reader.row("")
    except _UnknownError:
        return None
    return row or None


class _Reader:
    """A walk over the tokens of one symbol."""

    def __init__(self, latex: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(latex):
            match = _TOKEN.match(latex, place)
            if match is None:
                raise _UnknownError
            if match.lastgroup:
                self.tokens.append((match.lastgroup, match[match.lastgroup]))
            place = match.end()

    def row(self, end: str) -> str:
        """Read up to an end, and return one element."""
        found = []
        while self.tokens and self.tokens[0][1] != end:
            found.append(self.scripted())
        if end:
            self.take(end)
        return found[0] if len(found) == 1 else f"<mrow>{''.join(found)}</mrow>" if found else ""

    def take(self, sign: str) -> None:
        if not self.tokens or self.tokens.pop(0) != ("sign", sign):
            raise _UnknownError

    def scripted(self) -> str:
        """Read something with what stands above and below it."""
        base, below, above = self.atom(), "", ""
        while self.tokens and self.tokens[0] in (("sign", "_"), ("sign", "^"), ("sign", "'")):
            _, sign = self.tokens.pop(0)
            if sign == "'":
                above += '<mo class="prime" lspace="0" rspace="0">′</mo>'
            elif sign == "_" and not below:
                below = self.atom()
            elif sign == "^":
                above += self.atom()
            else:
                raise _UnknownError
        base = f"<msub>{base}{below}</msub>" if below else base
        above = (
            above if above.count("</mo>") + above.count("</mi>") + above.count("</mn>") < 2 else f"<mrow>{above}</mrow>"
        )
        return f"<msup>{base}{above}</msup>" if above else base

    def atom(self) -> str:
        if not self.tokens:
            raise _UnknownError
        kind, text = self.tokens.pop(0)
        if text == "{":
            return self.row("}") or "<mrow></mrow>"
        if kind == "space":
            return _NARROW
        if kind == "letter":
            return plain(text, "mn" if text.isdigit() else "mo" if text == "," else "mi")
        if kind == "command":
            return self.command(text)
        if text in ("*", "+", "-"):
            return plain({"*": "\u2217", "-": "\u2212"}.get(text, text), "mo")
        raise _UnknownError

    def command(self, name: str) -> str:
        if name in _LETTERS:
            return plain(_LETTERS[name], "mi")
        if name in _ACCENTS:
            return f"<mover>{self.atom()}<mo>{_ACCENTS[name]}</mo></mover>"
        if name in _ALPHABETS or name in (*_BOLD, *_UPRIGHT, *_SANS):
            return self.styled(name)
        raise _UnknownError

    def styled(self, name: str) -> str:
        """Read the letters of a style; bold type may have any one symbol in it."""
        inside = self.atom()
        if name in _BOLD and "mathvariant" not in inside:
            return re.sub(r"<mi>", '<mi class="matrix">', inside)
        letters = re.sub(r"</?m(?:i|n|row)>", "", inside.replace(_NARROW, _KEPT))
        if "<" in letters or not letters:
            raise _UnknownError
        if name in _ALPHABETS:
            letters = "".join(_capital(letter, _ALPHABETS[name]) for letter in letters)
        sans = ' class="array"' if name in _SANS else ""
        return f'<mi{sans} mathvariant="normal">{letters}</mi>'


def _capital(letter: str, alphabet: str) -> str:
    """Return a capital of another alphabet; some of them are older than the rest, and called otherwise."""
    older = "BLACK-LETTER" if alphabet == "FRAKTUR" else alphabet
    if not letter.isupper():
        raise _UnknownError
    for name in (f"{older} CAPITAL {letter}", f"MATHEMATICAL {alphabet} CAPITAL {letter}"):
        with suppress(KeyError):
            return unicodedata.lookup(name)
    raise _UnknownError
