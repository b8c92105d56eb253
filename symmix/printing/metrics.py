"""How wide the letters of TeX's own typeface are, italic corrections included, in thousandths of an em."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _table(text: str) -> Mapping[str, float]:
    """Read ``a529 alpha:643`` as widths in em."""
    return {name.rstrip(":"): int(width) / 1000 for name, width in re.findall(r"([A-Za-z]:?|[a-zA-Z]+:)(\d+)", text)}


_ITALIC = _table(
    "a529 b429 c433 d520 e466 f597 g513 h576 i345 j469 k552 l318 m878 n600 o485 p503 q482 r479 s469 t361 u572 v521 w743"
    " x572 y526 z509 A750 B809 C786 D856 E796 F782 G786 H912 I518 J651 K921 L681 M1079 N912 O791 P781 Q791 R767 S671"
    " T723 U792 V806 W1083 X907 Y803 Z754"
)
_BOLD_ITALIC = _table(
    "a633 b521 c513 d610 e554 f678 g582 h668 i405 j533 k622 l357 m1032 n713 o585 p601 q579 r561 s531 t415 u681 v604"
    " w859 x659 y627 z597 A869 B915 C887 D970 E865 F849 G887 H1065 I589 J732 K1041 L756 M1256 N1065 O869 P883 Q869"
    " R877 S747 T796 U915 V933 W1253 X1025 Y930 Z842"
)
_ROMAN = _table(
    "a500 b556 c444 d556 e444 f383 g514 h556 i278 j306 k528 l278 m833 n556 o500 p556 q528 r392 s394 t389 u556 v542 w736"
    " x528 y542 z444 A750 B708 C722 D764 E681 F653 G785 H750 I361 J514 K778 L625 M917 N750 O778 P681 Q778 R736 S556"
    " T722 U750 V764 W1042 X750 Y775 Z611"
)
_GREEK = _table(
    "alpha:643 beta:618 gamma:573 delta:482 epsilon:406 zeta:511 eta:532 theta:497 iota:354 kappa:576 lambda:583 mu:603"
    " nu:558 xi:484 pi:606 rho:517 sigma:607 tau:550 upsilon:576 phi:596 chi:626 psi:687 omega:658 varepsilon:466"
    " vartheta:591 varpi:856 varrho:517 varsigma:443 varphi:654 Gamma:625 Delta:833 Theta:778 Lambda:694 Xi:667 Pi:750"
    " Sigma:722 Upsilon:778 Phi:722 Psi:778 Omega:722 ell:417 partial:587 nabla:834 infty:1000"
)
BOLDER = 1.2  # how much wider a Greek letter or a digit is in bold, at most
_MARKS = {"(": 0.389, ")": 0.389, "[": 0.278, "]": 0.278, "+": 0.778, "-": 0.778, "=": 0.778, "<": 0.778, ">": 0.778,
          ",": 0.278, ".": 0.278, ";": 0.278, ":": 0.278, "!": 0.278, "|": 0.278, "/": 0.5, "'": 0.278, "`": 0.278,
          "?": 0.472, "~": 0.334, "*": 0.5}  # fmt: skip
_TEXT_MARKS = {"-": 0.334}
LETTER = 0.8  # of a letter that is not known

ITALIC, BOLD, ROMAN = "italic", "bold", "roman"
_FONTS = {ITALIC: _ITALIC, BOLD: _BOLD_ITALIC, ROMAN: _ROMAN}


def letter(token: str, font: str) -> float:
    """Return the width of a letter, a digit or a sign in one of the three fonts."""
    if font == ROMAN and token in _TEXT_MARKS:
        return _TEXT_MARKS[token]
    if token in _FONTS[font]:
        return _FONTS[font][token]
    return (0.5 if token.isdigit() else _MARKS.get(token, LETTER)) * (BOLDER if font == BOLD else 1.0)


def greek(name: str, font: str) -> float | None:
    """Return the width of a letter that has a name, or None if it is no letter."""
    width = _GREEK.get(name)
    return None if width is None else width * (BOLDER if font == BOLD else 1.0)
