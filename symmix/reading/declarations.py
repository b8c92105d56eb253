"""Declarations: each makes of one context the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction

from symmix.errors import SymmixError
from symmix.reading.context import Context, Dependence, is_reserved
from symmix.reading.remedies import in_text
from symmix.reading.statements import SIGNS, Statements
from symmix.reading.stream import Stream
from symmix.reading.tokens import ReadingError, Token
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.names import ONE_SIZE, is_fixed

PROPERTIES = ("symmetric", "skew", "diagonal")
WORDS = ("let", "given", "random")
MAX_DEFINITIONS = 200


def is_declaration(stream: Stream) -> bool:
    """Whether a line declares something."""
    first, second = stream.next.text, stream.peek(1)
    if first in WORDS and (second.is_name or second.is_number or second.text in ("-", "(", "|", "[")):
        return True
    depth = 0
    for token in stream.tokens:
        depth += token.nesting
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
        start = stream.next
        random = reader.symbol()
        stream.expect(":")
        if context.defined(random) is not None:
            stream.refuse("a random symbol without a definition", f"{random}, which has one", "leave one out", start)
        moments = reader.sizes.settled(reader.moments(random))
        context = replace(context, moments={**context.moments, random.name: moments})
    elif stream.peek(1).text == ":=":
        context = _definition(reader, context)
    else:
        context = _dependence(reader, context)
    stream.done()
    return context


# -- let ---


def _let(stream: Stream, context: Context) -> Context:
    while True:
        context = _item(stream, context)
        if not stream.taken(","):
            return context


def _item(stream: Stream, context: Context) -> Context:  # noqa: PLR0911 - one for each kind
    token = stream.word("a symbol")
    if stream.taken("<"):
        size = _size(stream, context, token)
        require_new(stream, token, context)
        return replace(context, indices={**context.indices, token.text: size})
    if stream.next.text in PROPERTIES and token.text in context.symbols:
        return _with_property(stream, context, token)
    require_new(stream, token, context)
    if stream.taken("size"):
        return replace(context, more_sizes=context.more_sizes | {token.text})
    axes: tuple[str, ...] = ()
    if stream.taken(":"):
        axes = _axes(stream, context, token)
        if stream.taken("->"):
            function = t.Function(
                token.text, _mapped(stream, axes, token), _mapped(stream, _axes(stream, context, token), token)
            )
            return replace(context, functions={**context.functions, token.text: function})
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


def require_new(stream: Stream, token: Token, context: Context) -> None:
    """Refuse a name that means something already."""
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


def _mapped(stream: Stream, axes: tuple[str, ...], function: Token) -> tuple[str, ...]:
    """Return the axes of what a function maps, or of its values: none of scalars."""
    if axes[1:] != (ONE_SIZE,):
        stream.misfit("columns or scalars that are mapped to such", " x ".join(axes), "write let G: h -> k", function)
    return () if axes[0] == ONE_SIZE else axes


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
            context = replace(context, conditions=(*context.conditions, *_conditions(reader, context)))
        else:
            begin = reader.stream.next
            hypothesis = reader.hypothesis()
            with _told_at(begin):
                context.require(s.Vanishing((t.Number(Fraction(0)),), (hypothesis,)))
            context = replace(context, hypotheses=(*context.hypotheses, hypothesis))
        if reader.stream.at == place or not reader.stream.taken(","):
            return context


def _conditions(reader: Statements, context: Context) -> tuple[s.Condition, ...]:
    """Read conditions, of scalars without entries in them."""
    begin = reader.stream.next
    found = reader.conditions()
    for condition in found:
        with _told_at(begin):
            replace(context, conditions=(condition,)).require(s.Vanishing((condition.left,)))
    return found


@contextmanager
def _told_at(token: Token) -> Iterator[None]:
    """Say at a token what is not well formed."""
    try:
        yield
    except ReadingError:
        raise
    except SymmixError as error:
        raise ReadingError(token.place, *in_text(error)) from error


def _is_condition(stream: Stream) -> bool:
    """Whether what stands before the next comma compares."""
    depth = 0
    if stream.next.text == "for":
        return False
    for token in stream.tokens[stream.at :]:
        depth += token.nesting
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
    if len(context.definitions) >= MAX_DEFINITIONS:
        stream.refuse(f"at most {MAX_DEFINITIONS} definitions", "one more", "check it in parts", token)
    known = context.symbols.get(token.text)
    if known is None:
        require_new(stream, token, context)
    elif any(symbol == known for symbol, _ in context.definitions):
        stream.refuse("one definition of each symbol", f"{token.text} once more", "rename one of the two", token)
    else:
        _require_unused(stream, known, token, context)
    symbol = known or t.Symbol(token.text, () if value.shape == t.SCALAR else value.shape)
    if symbol.shape != value.shape:
        shapes = f"{token.text} is {reader.shaped(symbol)}, its definition {reader.shaped(value)}"
        stream.misfit("a definition of the declared shape", shapes, "check the declaration", token)
    symbols = {**context.symbols, token.text: symbol}
    found = replace(context, symbols=symbols, definitions=(*context.definitions, (symbol, value)))
    with _told_at(token):
        found.require(s.Vanishing((symbol,)))
    return found


def _require_unused(stream: Stream, symbol: t.Symbol, token: Token, context: Context) -> None:
    """Refuse a definition of what something before it was said of that needs it without one."""
    required = "a definition before what is defined with it"
    for other, value in context.definitions:
        if symbol in value.walk():
            help_ = f"write this line before that of {other}; for one value write {other} {{{symbol} := ...}}"
            stream.refuse(required, f"{symbol}, with which {other} is defined above", help_, token)
    for found in context.dependences:
        if symbol in (found.of, found.by):
            shown = f"d{found.of}/d{found.by}"
            help_ = f"leave out {shown} := ..., or say it as a hypothesis: given {symbol} = ..."
            stream.refuse("a definition, or a declared derivative", f"{symbol}, after {shown} := ...", help_, token)
    if symbol.name in context.moments:
        stream.refuse("a random symbol without a definition", f"{symbol}, which is random", "leave one out", token)


# -- declared derivatives ---


def _dependence(reader: Statements, context: Context) -> Context:
    """Read ``dz/dtheta := J``, which has to be of use in a derivative by theta."""
    stream = reader.stream
    of, by, token = reader.dependence()
    stream.expect(":=")
    read = reader.sum()
    array = isinstance(read[0], t.Symbol) and len(read[0].axes) > 2  # which stands as a whole here alone
    value = read[0] if array else reader.settled(read)
    _require_free(stream, of, by, token, context)
    wanted = _wanted(stream, of, by, token)
    axes = value.axes if isinstance(value, t.Symbol) and array else value.shape
    if axes != wanted:
        shapes = f"{value}, which is {' x '.join(axes)}"
        rows = "rows are the components of what depends, columns those of the variable"
        help_ = f"let J: {' x '.join(wanted)}, all of its entries" if len(wanted) > 2 else f"{rows}: transpose it?"
        stream.misfit(f"d{of}/d{by} of shape {' x '.join(wanted)}", shapes, help_, token)
    return replace(context, dependences=(*context.dependences, Dependence(of, by, value)))


def _require_free(stream: Stream, of: t.Symbol, by: t.Symbol, token: Token, context: Context) -> None:
    """Refuse a derivative of or by what has a definition, by itself, or declared twice."""
    required = "a derivative of a symbol without a definition, by another one"
    value = context.defined(of)
    if value is not None:
        help_ = f"leave this line out: d{of}/d{by} follows from {of} := {value}"
        stream.refuse(required, f"{of}, which is defined", help_, token)
    value = context.defined(by)
    if value is not None:
        help_ = f"say it as a hypothesis, given {by} = {value}, instead of {by} := {value}"
        stream.refuse(required, f"{by}, which is defined", help_, token)
    if of == by:
        stream.refuse(required, f"{of} by itself", "leave it out", token)
    if any((found.of, found.by) == (of, by) for found in context.dependences):
        stream.refuse("one derivative of each symbol", f"d{of}/d{by} once more", "leave one out", token)


def _wanted(stream: Stream, of: t.Symbol, by: t.Symbol, token: Token) -> tuple[str, ...]:
    """Return the shape of a derivative that can be declared."""
    if not by.axes:
        if len(of.axes) > 2:
            stream.misfit("a derivative of a scalar or a matrix", f"{of}, an array", "take one of its parts", token)
        return of.axes or t.SCALAR
    if len(by.axes) != 2 or by.axes[1] != ONE_SIZE:
        help_ = f"define {of} by what it is made of, {of} := ..., or differentiate by columns"
        stream.misfit("a derivative by a column or a scalar", f"{by}: {' x '.join(by.axes)}", help_, token)
    if len(of.axes) != 2:
        help_ = f"declare it as let {of}: 1" if not of.axes else "take one of its parts"
        what = "a scalar without a shape" if not of.axes else "an array"
        stream.misfit("a derivative of a column, or a matrix", f"{of}, {what}", help_, token)
    return (of.axes[0], by.axes[0]) if of.axes[1] == ONE_SIZE else (*of.axes, by.axes[0])
