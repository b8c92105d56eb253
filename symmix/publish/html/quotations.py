r"""Quotations: word for word as their source has them, the few signs of TeX in it as they look: ``$G \circ F$``."""

from __future__ import annotations

import re

from symmix.publish.html.elements import element, escape

_INSIDE = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)")
_SIGNS = {r"\circ": "∘", r"\in": "∈", r"\mathbb{R}": "ℝ", r"\alpha": "α", r"\lambda": "λ", r"\theta": "θ", "'": "′"}
_KNOWN = re.compile("|".join(re.escape(sign) + r"(?![A-Za-z])" for sign in _SIGNS))


def quoted(words: str) -> str:
    """Return a quotation in quotation marks; what is more than a sign or two stays in the source's own TeX."""
    pieces, place = [], 0
    for found in _INSIDE.finditer(words):
        pieces += [escape(words[place : found.start()]), _formula(found[1] or found[2], found[0])]
        place = found.end()
    return f"“{''.join(pieces)}{escape(words[place:])}”"


def _formula(inside: str, source: str) -> str:
    shown = _KNOWN.sub(lambda sign: _SIGNS[sign[0]], inside)
    if re.search(r"[\\{}^_]", shown):
        return element("code", escape(source))
    return element("i", escape(shown))
