"""How symbols are spelled in LaTeX, in three dialects: with macros for a paper, with bm, and for the web."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from symmix.legend import FUNCTION, INDEX, SIZE, Axes, Line, legend, lookup
from symmix.terms.names import ONE_SIZE

__all__ = ["FUNCTION", "INDEX", "SIZE", "Axes"]  # which others know from here

_LOWER = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi"
_UPPER = "omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
GREEK = frozenset(f"{_LOWER} {_UPPER}".split())
_NAME = re.compile(
    r"(?P<base>[A-Za-z]+)(?P<number>\d*)(?:_(?P<below>[A-Za-z0-9_+-]*?))?(?P<accent>[~-]?)(?P<primes>'*)"
)
_ACCENTS = {"": "%s", "~": r"\tilde{%s}", "-": r"\bar{%s}"}
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_OWN_MACROS = {"lam": "mix", "L": "Loss"}  # the names that a reader of the source expects


@dataclass(frozen=True)
class Dialect:
    """What differs between the places that LaTeX is written for."""

    vector: str
    matrix: str
    transpose: str
    space: str = r"\,"
    newline: str = r" \\ "
    operator: str = r"\operatorname{%s}"
    macros: bool = False  # whether each symbol of the legend is a macro that a paper can override


PAPER = Dialect(r"\sxV{%s}", r"\sxM{%s}", r"\sxT", macros=True)
PLAIN = Dialect(r"\bm{%s}", r"\bm{%s}", r"\mathsf T")
WEB = Dialect(
    r"\boldsymbol{%s}",
    r"\boldsymbol{%s}",
    r"\mathsf{T}",
    space=r"\thinspace ",
    newline=r" \cr ",
    operator=r"\mathrm{%s}",
)  # GitHub knows no \operatorname


def spelled(name: str, axes: Axes, dialect: Dialect) -> str:
    """Return a symbol as LaTeX: the legend's, or a sensible reading of its name.

    ``mu`` is a Greek letter, ``x'`` has a prime, ``z~`` a tilde, ``e-`` a bar, ``y1`` and ``Z_0`` have indices; other
    names of several letters are upright. Vectors and matrices are bold, arrays of more axes sans-serif.
    """
    entry = lookup(name)
    if entry is None or entry.name != name or entry.axes != axes:
        return suggested(name, axes, dialect)
    if dialect.macros:
        return macro(entry) + "'" * entry.name.count("'")
    return emboldened(entry.latex, axes, dialect)


def suggested(name: str, axes: Axes, dialect: Dialect) -> str:
    """Return a symbol as LaTeX from its name alone."""
    return emboldened(_spelled_name(name), axes, dialect)


def looks_otherwise(name: str) -> bool:
    """Whether the legend has the name and spells it otherwise than the name does: L, gap, m2."""
    entry = lookup(name)
    return entry is not None and entry.name == name and entry.latex != _spelled_name(name)


def emboldened(latex: str, axes: Axes, dialect: Dialect) -> str:
    """Return a symbol's LaTeX in the type of vectors, matrices or larger arrays; indices and primes are in none."""
    if len(axes) < 2 or axes == (ONE_SIZE, ONE_SIZE):
        return latex
    style = r"\mathsf{%s}" if len(axes) > 2 else dialect.vector if ONE_SIZE in axes else dialect.matrix
    letter = re.match(r"[^_']*", latex)
    base = letter.group() if letter else latex
    return style % base + latex[len(base) :]


def _spelled_name(name: str) -> str:
    match = _NAME.fullmatch(name)
    if match is None:
        safe = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")
        return rf"\mathrm{{{safe}}}"
    base = match["base"]
    if base in GREEK or base == "lam":
        base = "\\lambda" if base == "lam" else "\\" + base
    elif len(base) > 1:
        base = rf"\mathrm{{{base}}}"
    below = ",".join(part for part in (match["number"], *(match["below"] or "").split("_")) if part)
    return _ACCENTS[match["accent"]] % base + (f"_{{{below}}}" if below else "") + match["primes"]


def joined(*pieces: str) -> str:
    """Return pieces of LaTeX side by side; a command ends before a letter."""
    latex = ""
    for piece in pieces:
        apart = re.search(r"\\[A-Za-z]+$", latex) and piece[:1].isalpha()
        latex += f" {piece}" if apart else piece
    return latex


# -- macros ---


def macro(entry: Line) -> str:
    """Return the macro of a line of the legend; a primed symbol has that of the symbol without its prime."""
    unprimed = lookup(entry.name.rstrip("'")) or entry
    identifier = _OWN_MACROS.get(unprimed.identifier, unprimed.identifier).replace("_", "")
    return r"\sx" + re.sub(r"\d", lambda digit: _DIGITS[int(digit.group())], identifier)


@cache
def expansions() -> dict[str, tuple[str, str]]:
    """Return the macros of the legend, each with what it expands to and what it means."""
    macros: dict[str, tuple[str, str]] = {}
    for entry in legend():
        if not entry.name.endswith("'"):
            latex = emboldened(entry.latex, entry.axes, PAPER)
            if macro(entry) != r"\sxmix":  # who calls the ratio alpha has \delta_\alpha too
                latex = latex.replace(r"\lambda", r"\sxmix")
            macros[macro(entry)] = (latex, entry.meaning)
    return macros
