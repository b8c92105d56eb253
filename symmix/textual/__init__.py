"""Theorems that are written as text: the same theorems as those of a proof script, from a file in which nothing runs.

The trees are those of the text, in its order. Beside them stand SymPy's expressions for the same trees, which are
looked at by components and never read.
"""

from symmix.textual.files import TextError, objectives_of, scripts_of, text_of

__all__ = ["TextError", "objectives_of", "scripts_of", "text_of"]
