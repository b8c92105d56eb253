"""What notebooks ask of an object: its face in LaTeX."""

from __future__ import annotations

from importlib import import_module


class Displayed:
    """An object that a notebook shows as mathematics."""

    def _repr_latex_(self) -> str:
        # by name, as the package's public names are: the printers know this object, it does not know them
        latex: str = import_module("symmix.export.notebook").show(self)._repr_latex_()
        return latex
