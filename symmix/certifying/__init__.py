"""Certificates of decided theorems. Standard library only; nothing here decides anything."""

from symmix.certifying.document import Decided, certificate, spelled
from symmix.certifying.encoding import Data

__all__ = ["Data", "Decided", "certificate", "spelled"]
