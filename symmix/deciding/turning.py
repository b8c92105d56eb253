"""A square matrix with an inverse on one side has it on the other: of ``L R = f I`` comes ``R L = f I``.

That is so for matrices of one size whatever it is, and no combination of ``L R - f I`` with itself is ``R L - f I``.
"""

from __future__ import annotations

from symmix.deciding.consequence import Known, is_nonzero
from symmix.kernel.arrays import COLUMN, ROW
from symmix.kernel.cofactors import Hypothesis
from symmix.search.turning import products_in
from symmix.verdict import Turned


def turned_in(known: Known) -> tuple[Turned, ...]:
    """Return what the hypotheses say of products of square matrices, turned round."""
    found: dict[Hypothesis, Turned] = {}
    for number, given in enumerate(known.hypotheses):
        if _is_square(given):
            for left, right, factor in products_in(given.expression):
                turned = Turned(number, left, right, factor)
                if holds(turned, known) and turned.hypothesis not in known.hypotheses:
                    found.setdefault(turned.hypothesis, turned)
    return tuple(found.values())


def holds(turned: Turned, known: Known) -> bool:
    """Whether a hypothesis is ``left right - factor I`` of square matrices, and the factor not zero: the gate."""
    given = known.hypotheses[turned.number]
    return (
        _is_square(given)
        and turned.left.free == turned.right.free == given.expression.free
        and turned.stated == given
        and is_nonzero(turned.factor, known)
        and all(e.divisors <= known.units for e in (turned.left, turned.right))
    )


def _is_square(given: Hypothesis) -> bool:
    """Whether a hypothesis is about a square matrix, the same for all samples."""
    free = given.expression.free
    return {*free} == {ROW, COLUMN} == {*given.slots} and free[ROW] == free[COLUMN]
