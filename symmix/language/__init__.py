"""SymPy in, SymPy out: the border between the language that users write and the kernel that decides.

Reading (``reader``) goes node by node over the SymPy tree; whatever is not listed here is refused by name.
Writing (``writer``) turns a kernel expression into matrix products and traces where its indices form
chains, and into sums over entries where they do not. No text is ever evaluated.

A vector is a matrix with one column (or one row); a size 1 is no axis at all in the kernel, so a 1x1 matrix is a
scalar there. All other sizes are symbols: what is decided holds for every value of them.
"""

from symmix.language.array import Array
from symmix.language.dictionary import Language
from symmix.language.nodes import At, Entries, Gradient, Jacobian, expectation

__all__ = ["Array", "At", "Entries", "Gradient", "Jacobian", "Language", "expectation"]
