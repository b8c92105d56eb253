"""What a theorem in text says besides statements: words, what is shown of why a statement holds, a point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeVar

from symmix.reading.context import Context
from symmix.reading.declarations import require_new
from symmix.reading.statements import Statements
from symmix.reading.stream import Stream
from symmix.reading.tokens import Place, ReadingError
from symmix.reading.words import BY, FORMS, LEMMA, PROSE, SYMBOLS, Said
from symmix.terms import nodes as t
from symmix.terms import statements as s

T = TypeVar("T")
Value = Fraction | tuple[tuple[Fraction, ...], ...]
Combined = tuple[tuple[t.Symbol, ...], tuple[t.Expression, ...]]  # symbols for expressions, and what is made of them


@dataclass(frozen=True)
class Because:
    """What is shown of why a statement holds: combinations of one side for the other, or what is squared."""

    left: Combined | None = None
    right: Combined | None = None
    squares: tuple[t.Expression, ...] = ()


NOTHING_SHOWN = Because()
_SIZES = range(1, 21)  # of a point that is given


@dataclass
class Told:
    """What is said of one theorem of a text, whose parts are those of the derivation from ``begin`` on.

    The first of a text has no name; what is declared in it holds in all others too.
    """

    place: Place
    name: str = ""
    summary: str = ""
    begin: int = 0
    context: Context = field(default_factory=Context)  # at its end
    words: dict[str, list[str]] = field(default_factory=dict)
    symbols: dict[str, dict[str, str]] = field(default_factory=dict)  # their meaning and spelling
    lemmas: list[s.Lemma] = field(default_factory=list)
    point: dict[str, Value] = field(default_factory=dict)

    def say(self, said: Said, words: str) -> None:
        """Take up a line of words.

        Raises
        ------
        ReadingError
            If there are none, or it was said before.
        """
        if not words:
            raise ReadingError(said.place, f"words behind {said.word}:", "none", f"write {FORMS[said.word]}")
        if said.word in PROSE:
            self._require_once(said, said.word != "note" and said.word in self.words)
            self.words.setdefault(said.word, []).append(words)
        elif said.word in SYMBOLS:
            self._require_once(said, said.name in self.symbols.get(said.word, {}))
            if said.name not in self.context.symbols:
                raise ReadingError(said.place, "a declared symbol", f"{said.name!r}", f"let {said.name}, above")
            self.symbols.setdefault(said.word, {})[said.name] = words
        elif said.word == LEMMA:
            self._require_once(said, any(lemma.name == said.name for lemma in self.lemmas))
            self.lemmas.append(s.Lemma(said.name, words, ""))
        elif said.word == BY:
            self._by(said, words)

    def _by(self, said: Said, words: str) -> None:
        if not self.lemmas or self.lemmas[-1].source:
            raise ReadingError(said.place, "a lemma above, without its source", "by:", f"write {FORMS[LEMMA]}, first")
        self.lemmas[-1] = replace(self.lemmas[-1], source=words)

    def _require_once(self, said: Said, was_said: bool) -> None:  # noqa: FBT001 - reads as a sentence where it is used
        if was_said:
            what = f"{said.word} {said.name}".strip()
            raise ReadingError(said.place, f"one {what}", "another one", "leave one out, or join them")

    def meet(self, stream: Stream) -> None:
        """Read ``n = 2, v = [[1], [0]]``: a point at which the hypotheses hold."""
        while True:
            token = stream.word("a symbol or a size")
            if token.text not in self.context.symbols and token.text not in self.context.sizes:
                stream.refuse("a declared symbol or size", remedy=f"declare it above: let {token.text}", at=token)
            if token.text in self.point:
                stream.refuse("one value of each symbol", f"{token.text} once more", "leave one out", token)
            stream.expect("=")
            begin = stream.next
            value = _rows(stream) if begin.text == "[" else _number(stream)
            if token.text in self.context.sizes and value not in _SIZES:
                stream.refuse(f"a size from 1 to {_SIZES[-1]}", remedy="give a small point", at=begin)
            self.point[token.text] = value
            if not stream.taken(","):
                break
        stream.done()


def _rows(stream: Stream) -> Value:
    """Read ``[[1, 0], [0, 1/2]]``."""
    return _list(stream, lambda: _list(stream, lambda: _number(stream)))


def _list(stream: Stream, item: Callable[[], T]) -> tuple[T, ...]:
    stream.expect("[", "write rows of numbers, [[1, 0], [0, 1]]; a column is [[1], [0]]")
    found = [item()]
    while stream.taken(","):
        found.append(item())
    stream.expect("]")
    return tuple(found)


def _number(stream: Stream) -> Fraction:
    value = Statements(stream, Context()).bound_of_range()
    return stream.refuse("a number") if value is None else value


def because(stream: Stream, stated: s.Statement, context: Context) -> Because:
    """Read ``left = A, B for right = u, v`` or ``squares of A, B``."""
    inner = stated.statement if isinstance(stated, s.Fails) else stated
    if stream.taken("squares"):
        stream.expect("of")
        if not isinstance(inner, s.Positivity | s.Minimum):
            stream.refuse("an inequality above", "another statement", "leave it out", stream.tokens[0])
        return Because(squares=tuple(_expressions(Statements(stream, context))))
    side = stream.next.text
    if side not in ("left", "right"):
        stream.refuse("left, right or squares", remedy=f"write {FORMS['because']}")
    if not isinstance(inner, s.Equivalence):
        stream.refuse("an equivalence above, ... if and only if ...", "another statement", "leave it out")
    stream.take()
    stream.expect("=")
    goals, sources = (inner.left, inner.right) if side == "left" else (inner.right, inner.left)
    symbols = _markers(stream, sources, context, "right" if side == "left" else "left")
    known = replace(context, symbols={**context.symbols, **{symbol.name: symbol for symbol in symbols}})
    combinations = tuple(_expressions(Statements(stream, known)))
    stream.expect("for")
    if len(combinations) != len(goals):
        required = f"one combination for each of the {len(goals)} expressions on the {side}"
        stream.refuse(required, f"{len(combinations)}", "give as many, with commas between", stream.tokens[0])
    stream.at = len(stream.tokens)
    shown = (symbols, combinations)
    return Because(left=shown) if side == "left" else Because(right=shown)


def joined(one: Because, other: Because) -> Because | None:
    """Return two in one; None if they show the same."""
    both = [(getattr(one, name), getattr(other, name)) for name in ("left", "right", "squares")]
    return None if any(a and b for a, b in both) else Because(*(a or b for a, b in both))


def _markers(stream: Stream, sources: Sequence[t.Expression], context: Context, side: str) -> tuple[t.Symbol, ...]:
    """Read the names behind ``for``, which stands last, and stay where the stream was."""
    begin = stream.at
    places = [place for place, token in enumerate(stream.tokens) if token.text == "for" and place > begin]
    if not places:
        stream.at = len(stream.tokens)
        stream.refuse(f"for {side} = ..., names for the other side's expressions", remedy=f"write {FORMS['because']}")
    stream.at = places[-1] + 1
    stream.expect(side)
    stream.expect("=")
    found: list[t.Symbol] = []
    for number, source in enumerate(sources):
        if number:
            stream.expect(",", f"name each of the {len(sources)} expressions on the {side}")
        token = stream.word("an expression of the other side")
        require_new(stream, token, replace(context, symbols={**context.symbols, **{x.name: x for x in found}}))
        found.append(t.Symbol(token.text, source.shape))
    stream.done()
    stream.at = begin
    return tuple(found)


def _expressions(reader: Statements) -> list[t.Expression]:
    found = [reader.settled(reader.sum())]
    while reader.stream.taken(","):
        found.append(reader.settled(reader.sum()))
    if reader.stream.next.text != "for":
        reader.stream.done()
    return found
