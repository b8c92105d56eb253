"""Certificates of decided theorems. Standard library only; nothing here decides anything."""

from symmix.certifying.document import Decided, certificate, spelled

__all__ = ["Decided", "certificate", "spelled"]
