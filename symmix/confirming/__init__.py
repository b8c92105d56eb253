"""Confirming theorems by numbers: where the symbolic and the numerical side meet, to be compared."""

from symmix.confirming.confirm import confirm

__all__ = ["confirm"]
