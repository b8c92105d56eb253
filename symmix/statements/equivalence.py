"""Two systems of equations with the same solutions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import sympy as sp

from symmix.deciding import Hints, Shown
from symmix.errors import StatementError
from symmix.language import Reader
from symmix.statements.base import Expressions, Hypotheses, Statement
from symmix.terms import nodes as t
from symmix.terms import statements as s

Combine = Callable[..., Expressions]


@dataclass(frozen=True)
class Equivalence(Statement):
    """``left`` all vanish if and only if ``right`` all vanish, given that ``provided`` (scalars) do not.

    Both ways are searched, the way from left to right also by the adjugate matrix where the left expressions are scalar
    combinations of the right ones. Where the search does not get there, a user shows the way: ``forth`` receives one
    symbol for each right expression and returns one combination of them for each left expression A; ``back`` the
    other way round. A combination has to equal A, or ``factor * B`` with the product of ``provided`` as factor; a
    scalar combination for an expression that is not scalar has to equal ``factor * |B|^2``, which is as good over the
    reals. ``where`` holds in both directions.
    """

    left: Expressions
    right: Expressions
    provided: Expressions = ()
    forth: Combine | None = None
    back: Combine | None = None
    where: Hypotheses = ()

    def tree(self, reader: Reader) -> s.Equivalence:
        """Return the statement as a tree."""
        reader.survey(self)
        return s.Equivalence(
            reader.expressions(self.left, "Equivalence"),
            reader.expressions(self.right, "Equivalence"),
            reader.expressions(self.provided, "provided"),
            reader.hypotheses(self.where),
        )

    def hints(self, reader: Reader) -> Hints:
        """Return the combinations that are shown, in symbols that stand for the other side's expressions."""
        if self.forth is None and self.back is None:
            return Hints()
        stated = self.tree(reader)
        forth = None if self.forth is None else _shown(self.forth, stated.right, reader)
        back = None if self.back is None else _shown(self.back, stated.left, reader)
        return Hints(forth, back)


def _shown(combine: Combine, sources: tuple[t.Expression, ...], reader: Reader) -> Shown:
    markers = [_marker(number, source, reader) for number, source in enumerate(sources)]
    try:
        shown = combine(*markers)
    except TypeError as error:
        raise StatementError(
            f"a function of {len(markers)} symbols, one for each expression of the other side",
            f"{type(error).__name__}: {error}",
            "write lambda first, second: [combination, ...]",
        ) from error
    combinations = reader.expressions(shown, "the combinations that are shown")
    symbols = [t.Symbol(str(marker.name), source.shape) for marker, source in zip(markers, sources, strict=True)]
    return Shown(tuple(symbols), combinations)


def _marker(number: int, source: t.Expression, reader: Reader) -> sp.MatrixSymbol:
    """Return a symbol that stands for an expression, of its shape, with a name of its own for each shape."""
    name = f"given{number}of{'by'.join(source.shape)}"
    while any(not letter.isalnum() for letter in name):
        name = "".join(letter if letter.isalnum() else "x" for letter in name)
    rows, columns = (sp.S.One if size == "1" else reader.symbols[size] for size in source.shape)
    known = reader.symbols.get(name)
    while known is not None and tuple(known.shape) != (rows, columns):
        name += "'"
        known = reader.symbols.get(name)
    return sp.MatrixSymbol(name, rows, columns)
