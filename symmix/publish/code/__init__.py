"""From formula to code: readable functions of arrays, printed from plans that are decided to be the formula."""

from symmix.publish.code.deriving import Code, code

__all__ = ["Code", "code"]
