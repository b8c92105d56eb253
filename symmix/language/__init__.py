"""SymPy in, SymPy out: the border between what users write and the statement tree.

Reading (``reader``) goes node by node over the SymPy tree; whatever has no rule in ``rules`` is refused by name, with
what to write instead. Writing (``writer``) turns a kernel expression into matrix products and traces where its indices
form chains, and into sums over entries where they do not. No text is ever evaluated.

A vector is a matrix with one column (or one row); a 1 x 1 matrix is a scalar. All other sizes are symbols, and what is
decided holds for every value of them; or they are numbers up to 9, and it holds for these alone.
"""

from symmix.language.derivatives import Gradient, Jacobian
from symmix.language.nodes import At, Entries, ForAll, Function, expectation, inverse, quotient
from symmix.language.reader import Reader, read
from symmix.language.sums import distinct, ordered
from symmix.language.writer import Writer

__all__ = [
    "At",
    "Entries",
    "ForAll",
    "Function",
    "Gradient",
    "Jacobian",
    "Reader",
    "Writer",
    "distinct",
    "expectation",
    "inverse",
    "ordered",
    "quotient",
    "read",
]
