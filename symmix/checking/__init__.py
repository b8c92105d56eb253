"""A derivation goes in, a verdict for every line comes out.

``check`` judges what :mod:`symmix.reading` has read, ``judging`` asks both deciders, ``slips`` looks for likely causes
and ``left_over`` says by how much two sides differ; ``report`` is what comes out, for people and for programs.
"""

from symmix.checking.causes import Causes
from symmix.checking.check import check_derivation, checked
from symmix.checking.report import SCHEMA, Finding, Report

__all__ = ["SCHEMA", "Causes", "Finding", "Report", "check_derivation", "checked"]
