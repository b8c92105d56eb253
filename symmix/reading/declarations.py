"""Declarations: each makes of one context the next."""

from __future__ import annotations

from dataclasses import replace

from symmix.errors import SymmixError
from symmix.reading.context import Context, Dependence, is_reserved
from symmix.reading.statements import SIGNS, Statements
from symmix.reading.stream import Stream
from symmix.reading.tokens import ReadingError, Token
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.names import ONE_SIZE, is_fixed

PROPERTIES = ("symmetric", "skew", "diagonal")
WORDS = ("let", "given", "random")


def is_declaration(stream: Stream) -> bool:
    """Whether a line declares something."""
    first, second = stream.next.text, stream.peek(1)
    if first in WORDS and (second.is_name or second.is_number or second.text in ("-", "(", "|", "[")):
        return True
    depth = 0
    for token in stream.tokens:
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth == 0 and token.text in (":=", "="):
            return token.text == ":="
    return False


def declared(stream: Stream, context: Context) -> Context:
    """Return the context behind a declaration.

    Raises
    ------
    ReadingError
        At what is not understood, or would give a name a second meaning.
    """
    reader = Statements(stream, context)
    if stream.taken("let"):
        context = _let(stream, context)
    elif stream.taken("given"):
        context = _given(reader, context)
    elif stream.taken("random"):
        random = reader.symbol()
        stream.expect(":")
        moments = reader.sizes.settled(reader.moments(random))
        context = replace(context, moments={**context.moments, random.name: moments})
    elif stream.peek(1).text == ":=":
        context = _definition(reader, context)
    else:
        of, by, _ = reader.dependence()
        stream.expect(":=")
        value = reader.sizes.settled(reader.sum()[0])
        context = replace(context, dependences=(*context.dependences, Dependence(of, by, value)))
    stream.done()
    return context


# -- let ---


def _let(stream: Stream, context: Context) -> Context:
    while True:
        context = _item(stream, context)
        if not stream.taken(","):
            return context


def _item(stream: Stream, context: Context) -> Context:
    token = stream.word("a symbol")
    if stream.taken("<"):
        size = _size(stream, context, token)
        _require_new(stream, token, context)
        return replace(context, indices={**context.indices, token.text: size})
    if stream.next.text in PROPERTIES and token.text in context.symbols:
        return _with_property(stream, context, token)
    _require_new(stream, token, context)
    if stream.taken("size"):
        return replace(context, more_sizes=context.more_sizes | {token.text})
    axes: tuple[str, ...] = ()
    if stream.taken(":"):
        axes = _axes(stream, context, token)
    context = replace(context, symbols={**context.symbols, token.text: t.Symbol(token.text, axes)})
    if stream.next.text in PROPERTIES:
        return _with_property(stream, context, token)
    if stream.next.text in ("whole", "in") and axes:
        stream.refuse("a scalar", f"{token.text}, which has a shape", "state a condition on a scalar", token)
    if stream.taken("whole"):
        context = replace(context, whole=(*context.whole, token.text))
    elif stream.taken("in"):
        return replace(context, conditions=(*context.conditions, *_interval(stream, context.symbols[token.text])))
    return context


def _require_new(stream: Stream, token: Token, context: Context) -> None:
    if is_reserved(token.text) or token.text in WORDS:
        stream.refuse("a name that means nothing in the grammar", at=token, remedy="rename it")
    if context.knows(token.text):
        stream.refuse("one declaration of each name", f"{token.text} once more", "rename one of the two", token)


def _axes(stream: Stream, context: Context, token: Token) -> tuple[str, ...]:
    axes = [_size(stream, context, token)]
    while stream.taken("x"):
        axes.append(_size(stream, context, token))
    if len(axes) > 3:
        stream.refuse("one, two or three sizes", f"{len(axes)}", "write k, k x h or k x h x n", token)
    return (axes[0], ONE_SIZE) if len(axes) == 1 else tuple(axes)


def _size(stream: Stream, context: Context, symbol: Token) -> str:
    token = stream.take()
    text = token.text
    if text == symbol.text or text in context.symbols or text in context.indices:
        stream.refuse("a size, which is no symbol", at=token, remedy="rename one of the two")
    if text != ONE_SIZE and not is_fixed(text) and not (token.is_name and text != "x" and not is_reserved(text)):
        stream.refuse("a size: a name, 1, or a number from 2 to 9", remedy="write let A: k x h", at=token)
    return text


def _with_property(stream: Stream, context: Context, token: Token) -> Context:
    word = stream.take()
    axes = context.symbols[token.text].axes
    if len(axes) < 2 or len(set(axes)) == len(axes) or (word.text == "diagonal" and len(axes) > 2):
        stream.misfit(f"a square matrix that is {word.text}", f"{token.text}: {' x '.join(axes)}", "check it", word)
    if token.text in context.properties:
        stream.refuse("one property of each symbol", remedy="leave one out, or say it as a hypothesis", at=word)
    return replace(context, properties={**context.properties, token.text: word.text})


def _interval(stream: Stream, symbol: t.Symbol) -> tuple[s.Condition, ...]:
    """Read ``[0,1]``, ``(0,oo)``: a round bracket leaves the end out."""
    opening = stream.take()
    if opening.text not in ("(", "["):
        stream.refuse("an interval, [0,1] or (0,oo)", remedy=f"write let {symbol} in [0,1]", at=opening)
    reader = Statements(stream, Context())
    low = reader.bound_of_range()
    stream.expect(",")
    high = reader.bound_of_range()
    closing = stream.take()
    if closing.text not in (")", "]"):
        stream.refuse("the end of the interval, ) or ]", remedy="close it: [0,1], or [0,1) without 1", at=closing)
    if low is not None and high is not None and low >= high:
        stream.refuse("an interval with points in it", f"{low}, {high}", "the lower end first", opening)
    lower: s.Sign = ">" if opening.text == "(" else ">="
    upper: s.Sign = "<" if closing.text == ")" else "<="
    found = [s.Condition(symbol, lower, t.Number(low))] if low is not None else []
    return (*found, *([s.Condition(symbol, upper, t.Number(high))] if high is not None else []))


# -- given, and definitions ---


def _given(reader: Statements, context: Context) -> Context:
    while True:
        place = reader.stream.at
        if _is_condition(reader.stream):
            context = replace(context, conditions=(*context.conditions, *reader.conditions()))
        else:
            context = replace(context, hypotheses=(*context.hypotheses, reader.hypothesis()))
        if reader.stream.at == place or not reader.stream.taken(","):
            return context


def _is_condition(stream: Stream) -> bool:
    """Whether what stands before the next comma compares."""
    depth = 0
    if stream.next.text == "for":
        return False
    for token in stream.tokens[stream.at :]:
        depth += (token.text in "([{") - (token.text in ")]}")
        if depth == 0 and token.text == ",":
            return False
        if depth == 0 and token.text in SIGNS:
            return True
    return False


def _definition(reader: Statements, context: Context) -> Context:
    stream = reader.stream
    token = stream.word("a symbol")
    stream.expect(":=")
    value = reader.settled(reader.sum())
    known = context.symbols.get(token.text)
    if known is None:
        _require_new(stream, token, context)
    elif any(symbol == known for symbol, _ in context.definitions):
        stream.refuse("one definition of each symbol", f"{token.text} once more", "rename one of the two", token)
    symbol = known or t.Symbol(token.text, () if value.shape == t.SCALAR else value.shape)
    if symbol.shape != value.shape:
        shapes = f"{token.text} is {reader.shaped(symbol)}, its definition {reader.shaped(value)}"
        stream.misfit("a definition of the declared shape", shapes, "check the declaration", token)
    symbols = {**context.symbols, token.text: symbol}
    found = replace(context, symbols=symbols, definitions=(*context.definitions, (symbol, value)))
    try:
        found.require(s.Vanishing((symbol,)))
    except SymmixError as error:
        raise ReadingError(token.place, error.required, error.arrived, error.remedy) from error
    return found
