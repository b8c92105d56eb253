"""SymPy's expressions on explicit components, at small sizes: what is written, by the definition of each node.

Everything starts from the SymPy expressions that a user wrote; nothing here has read them as trees, and SymPy takes
every derivative. What the kernel, the reader or the arrays make of the same expressions is compared with it.
"""

from symmix.components.evaluation import Components, occurring
from symmix.components.numbers import Undefined

__all__ = ["Components", "Undefined", "occurring"]
