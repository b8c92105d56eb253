r"""What an author says about a theorem: its title, the sentence of a source that it answers, or a question.

A quotation is exact text, with mathematics between dollar signs or ``\(`` and ``\)`` as it stands in the source; it is
printed in quotation marks, with its source. A question in our own words has no marks, and "cf." before its sources.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from symmix.printing.prose import title
from symmix.theorems import Script

_MATHEMATICS = re.compile(r"\$([^$]+)\$|\\\((.+?)\\\)")
_PLAIN = {r"\circ": "o", r"\in": "in", r"\mathbb{R}": "R"}


def heading(script: Script) -> str:
    """Return the title of a theorem: the author's, or its id as words."""
    return script.title or title(script.id)


def spoken(script: Script) -> str:
    """Return the statement in words, as far as it is no formula that is displayed right below, without a full stop."""
    words, _, behind = script.summary.partition(": ")
    formula = any(sign in behind for sign in (" = ", "^", " iff ", " - ", " + "))
    return (words if formula else script.summary).rstrip(".:")


def pieces(quotation: str) -> Iterator[tuple[str, bool]]:
    """Run through a quotation: words, and mathematics without its dollar signs."""
    place = 0
    for match in _MATHEMATICS.finditer(quotation):
        yield quotation[place : match.start()], False
        yield match[1] or match[2], True
        place = match.end()
    yield quotation[place:], False


def marked(quotation: str, escape: Callable[[str], str]) -> str:
    """Return a quotation in its marks, with escaped words."""
    return f"“{''.join(f'${text}$' if formula else escape(text) for text, formula in pieces(quotation))}”"


def asked(script: Script) -> str:
    """Return as plain text what a theorem answers: the quotation in its marks, a question, or both; and its sources.

    >>> from symmix.catalogue import load
    >>> (script,) = load(wanted=["expected_gradient_vanishes_iff_fit"])
    >>> print(asked(script).partition("” ")[2])
    (cho2022degeneracy) Does the converse hold on average over the ratio?
    """
    quoted = f"“{''.join(_plain(text) if formula else text for text, formula in pieces(script.quotes))}”"
    first, others = script.source[:1], script.source[1:] if script.quotes else script.source
    named = f" ({first[0]})" if first else ""
    parts = [f"{quoted}{named}"] if script.quotes else []
    parts += [script.answers] if script.answers else []
    parts += [f"(cf. {', '.join(others)})"] if others else []
    return " ".join(parts)


def _plain(formula: str) -> str:
    """Return LaTeX of a quotation as one would type it."""
    for command, text in _PLAIN.items():
        formula = formula.replace(command, text)
    return re.sub(r"\\([A-Za-z]+)", r"\1", formula)
