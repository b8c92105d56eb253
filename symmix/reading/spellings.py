"""How what is no token is written in ASCII: numbers with a point, Greek letters, signs of printed mathematics."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_SIGNS = {
    "\N{MODIFIER LETTER CAPITAL T}": "^T",
    "\N{DOWN TACK}": "^T",
    "\N{MIDDLE DOT}": "a space between the factors, or *",
    "\N{DOT OPERATOR}": "a space between the factors, or *",
    "\N{MULTIPLICATION SIGN}": "a space between the factors, and k x h for a shape",
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{NOT EQUAL TO}": "!=",
    "\N{COLON EQUALS}": ":=",
    "\N{ELEMENT OF}": "in",
    "\N{N-ARY SUMMATION}": "sum_{i<n}",
    "\N{PARTIAL DIFFERENTIAL}": "d, as in dL/dz",
    "\N{NABLA}": "dL/dz",
    "\N{INFINITY}": "oo",
    "\N{RING OPERATOR}": "o",
    "\N{CIRCLED DOT OPERATOR}": "o",
    "\N{DOUBLE VERTICAL LINE}": "|A|^2",
    "\N{PRIME}": "'",
    "\N{LEFT RIGHT DOUBLE ARROW}": "if and only if",
    "\N{NO-BREAK SPACE}": "a plain space",
    "\N{FULLWIDTH EQUALS SIGN}": "=",
    "$": "the formula alone, without $",
    "\\": "plain names and signs, no LaTeX: lam, A^T, sum_{i<n}",
    "&": "two lines, or a comma",
    ";": "two lines, or a comma",
    "@": "a space between the factors: A B",
}
_NUMBER = re.compile(r"\d{1,12}\.\d{1,12}")
_ASCII = "it with ASCII letters, numbers and + - * / ^ ( ) [ ] { } | , : = < > _ '"
_SHORT = {"lamda": "lam", "epsilon": "eps"}


def spelling(line: str, at: int) -> str:
    """Return what to write for the character at a place, which begins no token."""
    sign = line[at]
    if sign == ".":
        return _point(line, at)
    if sign in _SIGNS:
        return f"write {_SIGNS[sign]}"
    return f"write {_letter(sign) or _ASCII}"


def _letter(sign: str) -> str:
    """Return the ASCII letter or number that a sign is a form of; empty if there is none."""
    name, plain = unicodedata.name(sign, ""), unicodedata.normalize("NFKD", sign)[:1]
    if name.startswith("GREEK ") and " LETTER " in name:
        letter = name.partition(" LETTER ")[2].split()[0].lower()
        letter = _SHORT.get(letter, letter)
        return f"{letter.capitalize() if 'CAPITAL' in name else letter}, or another name of ASCII letters"
    if plain == sign or not plain.isascii() or not plain.isalnum():
        return ""
    if "SUBSCRIPT" in name:
        return f"it as a part of the name: z{plain} or z_{plain}"
    return f"^{plain}" if "SUPERSCRIPT" in name else plain


def _point(line: str, at: int) -> str:
    for found in _NUMBER.finditer(line):
        if found.start() < at < found.end():
            return f"write {Fraction(found.group())} for {found.group()}: numbers are exact"
    if line[at + 1 : at + 2] == "T":
        return "write A^T for a transpose"
    return "leave it out; write 1/2 for 0.5"
