"""How symbols look in MathML: letters with their accents, indices and primes, made from names."""

from __future__ import annotations

import re
from html import escape

from symmix.legend import lookup
from symmix.printing.symbols import Axes
from symmix.terms.names import ONE_SIZE

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lam": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ",
    "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "lambda": "λ",
}  # fmt: skip
# What the legend calls otherwise than it looks; the test of this module compares them with the legend's LaTeX.
LEGEND = {
    "m": "<msub><mi>μ</mi><mn>1</mn></msub>",
    "m2": "<msub><mi>μ</mi><mn>2</mn></msub>",
    "gap": '<msub><mi class="vector">δ</mi><mi>λ</mi></msub>',
    "M": "<mover><mi>ℓ</mi><mo>¯</mo></mover>",
    "L": "<mi>ℒ</mi>",
    "JZ": '<mi class="array" mathvariant="normal">J</mi>',
}
_NAME = re.compile(
    r"(?P<base>[A-Za-z]+)(?P<number>\d*)(?:_(?P<below>[A-Za-z0-9_+-]*?))?(?P<accent>[~-]?)(?P<primes>'*)"
)
_ACCENTS = {"~": "˜", "-": "¯"}


def plain(text: str, tag: str = "mn") -> str:
    """Return one token."""
    return f"<{tag}>{escape(text, quote=False)}</{tag}>"


def glyph(name: str, axes: Axes = (), *, own: bool = False) -> str:
    """Return a symbol: the legend's if it is the legend's, else a sensible reading of its name.

    ``mu`` is a Greek letter, ``x'`` has a prime, ``z~`` a tilde, ``e-`` a bar, ``y1`` and ``Z_0`` have indices; other
    names of several letters are upright. Vectors and matrices are marked as such, and bold by a style sheet.
    """
    entry = lookup(name)
    if not own and entry is not None and entry.name == name and entry.axes == axes and name in LEGEND:
        return LEGEND[name]
    match = _NAME.fullmatch(name)
    if match is None:
        return plain(name, "mi")
    letter = _letter(match["base"], _kind(axes))
    if match["accent"]:
        letter = f"<mover>{letter}<mo>{_ACCENTS[match['accent']]}</mo></mover>"
    below = [part for part in (match["number"], *(match["below"] or "").split("_")) if part]
    if below:
        letter = f"<msub>{letter}<mrow>{'<mo>,</mo>'.join(map(_index, below))}</mrow></msub>"
    primes = "′" * len(match["primes"])
    return f'<msup>{letter}<mo class="prime" lspace="0" rspace="0">{primes}</mo></msup>' if primes else letter


def _letter(base: str, kind: str) -> str:
    marked = f' class="{kind}"' if kind else ""
    marked += ' mathvariant="normal"' if kind == "array" else ""  # a single letter would be italic
    return f"<mi{marked}>{GREEK.get(base, base)}</mi>"


def _index(part: str) -> str:
    return plain(part, "mn" if part.isdigit() else "mo" if part in "+-" else "mi")


def _kind(axes: Axes) -> str:
    """Return how a style sheet knows a symbol: vectors and matrices are bold, larger arrays sans-serif."""
    if len(axes) < 2 or axes == (ONE_SIZE, ONE_SIZE):
        return ""
    if len(axes) > 2:
        return "array"
    return "vector" if ONE_SIZE in axes else "matrix"
