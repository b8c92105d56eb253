"""Pictures from the theorems: computed by `symmix.numeric`, drawn by Matplotlib (``pip install 'symmix[figures]'``).

Computing and drawing are apart: ``FIGURES["unseen-loop"].data()`` needs NumPy alone and has every array that is drawn,
with its provenance; `write` needs Matplotlib.
"""

from symmix.figures.catalogue import FIGURES, Figure
from symmix.figures.numbers import Series
from symmix.figures.writing import look_up, render, write

__all__ = ["FIGURES", "Figure", "Series", "look_up", "render", "write"]
