"""Derivations in plain text become statement trees, or are refused with line and column. Nothing is evaluated.

``tokens`` have their places; ``expressions`` (with ``building``, which checks shapes on the way, ``sizes`` that follow
from what stands around, and ``calculus``) makes trees of them; ``statements`` and ``declarations`` read what is said
with these, in a ``context``; ``words`` and what is ``told`` make theorems of them; ``documents`` reads a whole text,
``papers`` one in LaTeX, whose ``lexemes`` become tokens in ``formulas``. What the grammar is says the guide
*check-a-derivation*.
"""

from symmix.reading.chains import Chain, Link
from symmix.reading.documents import Derivation, Fault, Stated, read_derivation, read_lines
from symmix.reading.papers import read_paper
from symmix.reading.remedies import in_text, reworded
from symmix.reading.tokens import Place, ReadingError, ShapeError, lines_of
from symmix.reading.told import Because, Told

__all__ = [
    "Because",
    "Chain",
    "Derivation",
    "Fault",
    "Link",
    "Place",
    "ReadingError",
    "ShapeError",
    "Stated",
    "Told",
    "in_text",
    "lines_of",
    "read_derivation",
    "read_lines",
    "read_paper",
    "reworded",
]
