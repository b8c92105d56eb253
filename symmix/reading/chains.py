"""Chains of equations: their sides, each with what is assumed where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from symmix.reading.context import Context
from symmix.reading.statements import Side, Statements
from symmix.reading.tokens import Place, ReadingError, Token
from symmix.terms import nodes as t
from symmix.terms import statements as s


@dataclass(frozen=True)
class Link:
    """One side of a chain, with what is assumed where it stands; without an expression it was not read."""

    place: Place
    text: str
    expression: t.Expression | None
    context: Context
    where: tuple[s.Hypothesis, ...] = ()
    reason: str = ""
    error: ReadingError | None = None


@dataclass(frozen=True)
class Chain:
    """``a = b = c``, over one or several lines."""

    links: tuple[Link, ...]


Read = tuple[Side | None, Token, Sequence[Token], ReadingError | None]  # a side, the = before it, its tokens


class Chains(Statements):
    """Reads the sides of a chain; one that is not understood does not keep the others from being read."""

    def links(self, before: t.Expression | None, *, goes_on: bool) -> list[tuple[Link, Sequence[Token]]]:
        """Return the sides of a line; ``before`` is the last side of the line above, where it goes on."""
        found: list[Read] = []
        while True:
            place = self.stream.take() if goes_on or found else self.stream.next
            begin = self.stream.at
            side, error = self._one(begin)
            found.append((side, place, self.stream.tokens[begin : self.stream.at], error))
            if self.stream.next.text != "=":
                break
        where = self.where()
        self.stream.done()
        self._meet(before, found)
        return [(self._link(read, before, found, where), read[2]) for read in found]

    def _one(self, begin: int) -> tuple[Side | None, ReadingError | None]:
        try:
            side = self.side()
            if self.stream.next.text not in ("=", "where", ""):
                self.stream.done()
        except ReadingError as error:
            self.stream.at = begin
            self._skip()
            return None, error
        return side, None

    def _skip(self) -> None:
        """Go on to the next sign of equality that stands in no bracket."""
        self.bound, self._brackets = dict(self.context.indices), 0
        depth = 0
        while self.stream.next.text and not (depth <= 0 and self.stream.next.text in ("=", "where")):
            depth += self.stream.take().nesting

    def _meet(self, before: t.Expression | None, found: Sequence[Read]) -> None:
        """Let the size of a bare I follow from a neighbouring side."""
        sides = [before, *(side[0] for side, _, _, _ in found if side is not None)]
        known = [side for side in sides if side is not None]
        for one, other in pairwise(known):
            self.sizes.shapes_agree(one.shape, other.shape)

    def _link(
        self, read: Read, before: t.Expression | None, found: Sequence[Read], where: tuple[s.Hypothesis, ...]
    ) -> Link:
        side, place, _, error = read
        expression = None
        try:
            if side is not None:
                node, at = side
                if node is None:
                    others = [before, *(other[0] for other, _, _, _ in found if other is not None)]
                    shape = next((other.shape for other in others if other is not None), t.SCALAR)
                    node = self.zero(self.sizes.settled(shape))
                expression = self.settled((node, at))
        except ReadingError as found_later:
            error = found_later
        return Link(place.place, "", expression, self.context, where, "", error)
