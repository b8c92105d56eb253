"""Trees to JSON and back: ``["Multiply", ["Symbol", "W"], ["Symbol", "z"]]``.

An expression is a list: the kind of node, then its parts in their order. A symbol is its name alone; shapes stand once,
in the document's table. A document is one theorem::

    {"schema": "symmix-statement/2", "theorem": name,
     "sizes": ["h", "k"], "symbols": {"W": ["k", "h"], "lam": []}, "indices": [["i", "n"]],
     "definitions": [["r", tree]], "conditions": [[tree, ">=", tree]], "whole": ["q"], "independent": [["lam", "P"]],
     "claims": [[label, statement]], "proofs": [[tree, [[tree, reason, [hypothesis]]]]],
     "near_misses": [[slip, statement]], "lemmas": [[name, statement in words, source]]}

    "functions": {"G": [["h", "1"], []]}, from columns to scalars, where there are some,

with a statement one of ``["Identity", left, right, [hypothesis]]``, ``["Vanishing", [tree], [hypothesis]]``,
``["Equivalence", [left], [right], [provided], [hypothesis]]``, ``["Minimum", tree, [[name, tree]], [hypothesis]]``,
``["Positivity", tree, [[name, low, high]], [hypothesis], strict]``,
``["Fails", statement]``, and a hypothesis a tree, ``["ForAll", [[i, n]], tree]``, or ``["Everywhere", [name], sign,
tree]`` with values of functions in it, ``["Apply", name, tree]``. Numbers are text, ``"-1/2"``; no bound is ``null``.
The same theorem gives the same bytes, and reading gives the same theorem.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn, TypeVar, cast

from symmix.errors import StatementError
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node, part_names
from symmix.terms.meanings import names_of

SCHEMA = "symmix-statement/2"
Data = Any  # what JSON can hold

_EXPRESSIONS = {
    kind.__name__: kind for base in (t.Expression, t.Alike) for kind in base.__subclasses__() if kind is not t.Alike
}
_STATEMENTS = {kind.__name__: kind for kind in s.Statement.__args__}
_NUMBER = re.compile(r"0|-?[1-9][0-9]*(/[1-9][0-9]*)?")


_UNTAGGED = (t.Index, t.Moment, s.Step, s.Derivation, s.Lemma, s.Condition)  # where they stand says what they are


# -- writing ---


def encoded(part: object) -> Data:
    """Return a part of a tree as JSON data."""
    match part:
        case t.Symbol(name=name):
            return ["Symbol", name]
        case t.Function(name=name):
            return name
        case Node():
            return _node(part)
        case Fraction():
            return str(part)
        case tuple():
            return [_pair(item) for item in part]
    return part  # text, a whole number, true, false or null


def _node(part: Node) -> Data:
    match part:
        case s.Range(symbol=symbol, low=low, high=high):
            return [symbol.name, encoded(low), encoded(high)]
        case s.Everywhere(symbols=symbols, sign=sign, body=body):
            return ["Everywhere", [symbol.name for symbol in symbols], sign, encoded(body)]
    kind = () if isinstance(part, _UNTAGGED) else (type(part).__name__,)
    return [*kind, *(encoded(piece) for piece in part.parts)]


def _pair(item: object) -> Data:
    """Return an item of a sequence; in a pair of a symbol and its value the symbol is its name."""
    if isinstance(item, tuple) and item and isinstance(item[0], t.Symbol):
        return [item[0].name, *(encoded(part) for part in item[1:])]
    return encoded(item)


def document(theorem: s.Theorem) -> Data:
    """Return a theorem as JSON data."""
    setting = theorem.setting
    names = names_of(theorem)
    return {
        "schema": SCHEMA,
        "theorem": theorem.name,
        "sizes": sorted(names.sizes),
        "symbols": {name: list(names.symbols[name].axes) for name in sorted(names.symbols)},
        **({"functions": {f.name: [[*f.source], [*f.target]] for f in names.functions}} if names.functions else {}),
        **{name: encoded(getattr(setting, name)) for name in part_names(s.Setting) if _is_written(name, setting)},
        "claims": encoded(theorem.claims),
        "proofs": encoded(theorem.proofs),
        "near_misses": encoded(theorem.near_misses),
        "lemmas": encoded(theorem.lemmas),
    }


def _is_written(name: str, setting: s.Setting) -> bool:
    return name != "properties" or bool(setting.properties)


def canonical(data: Data) -> str:
    """Return the one spelling of JSON data: keys sorted, no white space, ASCII."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def digest(data: Data) -> str:
    """Return the SHA-256 of JSON data in its one spelling: what ties a name, a script and a certificate together."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


# -- reading ---


def theorem_of(data: Data) -> s.Theorem:
    """Return the theorem that a document holds; whether it is well formed is not asked here.

    Raises
    ------
    StatementError
        Naming what is no part of a document.
    """
    keys = {"schema", "theorem", "sizes", "symbols", "claims", "proofs", "near_misses", "lemmas"}
    keys |= {*part_names(s.Setting)}
    if not isinstance(data, dict) or set(data) - {"functions"} | {"properties"} != keys:
        _refuse(f"a document with the keys {sorted(keys)}", data)
    if data["schema"] != SCHEMA:
        _refuse(f"the schema {SCHEMA}", data["schema"])
    symbols = {_text(name): _all(axes, _text) for name, axes in _table(data["symbols"]).items()}
    reader = _Decoder(symbols, dict(map(_function, _table(data.get("functions", {})).items())))
    setting = s.Setting(
        _all(data["indices"], _index),
        reader.pairs(data["definitions"]),
        _all(data["conditions"], reader.condition),
        _all(data["whole"], _text),
        _all(data["independent"], _names),
        _all(data.get("properties", []), _names),
    )
    claims, misses = _all(data["claims"], reader.labelled), _all(data["near_misses"], reader.labelled)
    lemmas = _all(data["lemmas"], lambda lemma: s.Lemma(*_exactly(3, _all(lemma, _text))))
    proofs = _all(data["proofs"], reader.derivation)
    found = s.Theorem(_text(data["theorem"]), setting, claims, proofs, misses, lemmas)
    if document(found) != data:
        _refuse("a document in which every size and symbol of the tables occurs, and no other", sorted(data["symbols"]))
    return found


def _function(pair: tuple[Data, Data]) -> tuple[str, t.Function]:
    name, (source, target) = _text(pair[0]), _exactly(2, pair[1])
    return name, t.Function(name, _all(source, _text), _all(target, _text))


def _names(pair: Data) -> tuple[str, str]:
    return cast("tuple[str, str]", _exactly(2, _all(pair, _text)))


class _Decoder:
    """Reads the trees of one document, whose table says what shape a symbol has."""

    def __init__(self, symbols: Mapping[str, tuple[str, ...]], functions: Mapping[str, t.Function]) -> None:
        self.symbols, self.functions = symbols, functions

    def symbol(self, name: Data) -> t.Symbol:
        if _text(name) not in self.symbols:
            _refuse("a symbol of the document's table", name)
        return t.Symbol(name, self.symbols[name])

    def function(self, name: Data) -> t.Function:
        if _text(name) not in self.functions:
            _refuse("a function of the document's table", name)
        return self.functions[name]

    def expression(self, data: Data) -> t.Expression:
        kind = _kind(_EXPRESSIONS, "a node of the language", data)
        if kind is t.Symbol:
            return self.symbol(_exactly(1, data[1:])[0])
        return cast("t.Expression", self._made(kind, data[1:]))

    def _made(self, kind: Any, data: Data) -> object:
        """Return a node from the data of its parts, each read as its field's name says."""
        names = part_names(kind)
        readers = [_FIELDS.get(f"{kind.__name__}.{name}") or _FIELDS[name] for name in names]
        parts = _exactly(len(readers), data)
        return kind(*(read(self, part) for read, part in zip(readers, parts, strict=True)))

    def expressions(self, data: Data) -> tuple[t.Expression, ...]:
        return _all(data, self.expression)

    def pairs(self, data: Data) -> t.Pairs:
        return _all(data, lambda pair: (self.symbol(_exactly(2, pair)[0]), self.expression(pair[1])))

    def moment(self, data: Data) -> t.Moment:
        degree, indices, value = _exactly(3, data)
        return t.Moment(_whole(degree), _all(indices, _text), self.expression(value))

    def hypothesis(self, data: Data) -> s.Hypothesis:
        if isinstance(data, list) and data[:1] == ["ForAll"]:
            _, indices, body = _exactly(3, data)
            return s.ForAll(_all(indices, _index), self.expression(body))
        if isinstance(data, list) and data[:1] == ["Everywhere"]:
            _, names, sign, body = _exactly(4, data)
            if sign not in ("=", ">="):
                _refuse("one of = >=", sign)
            return s.Everywhere(_all(names, self.symbol), sign, self.expression(body))
        return self.expression(data)

    def hypotheses(self, data: Data) -> tuple[s.Hypothesis, ...]:
        return _all(data, self.hypothesis)

    def condition(self, data: Data) -> s.Condition:
        left, sign, right = _exactly(3, data)
        if sign not in (">", ">=", "<", "<=", "!="):
            _refuse("one of > >= < <= !=", sign)
        return s.Condition(self.expression(left), sign, self.expression(right))

    def range(self, data: Data) -> s.Range:
        name, low, high = _exactly(3, data)
        symbol = self.symbol(name) if _text(name) in self.symbols else t.Size(name)
        return s.Range(symbol, *(None if bound is None else _number(bound) for bound in (low, high)))

    def labelled(self, data: Data) -> tuple[str, s.Statement]:
        label, statement = _exactly(2, data)
        return _text(label), self.statement(statement)

    def statement(self, data: Data) -> s.Statement:
        return cast("s.Statement", self._made(_kind(_STATEMENTS, "a statement", data), data[1:]))

    def derivation(self, data: Data) -> s.Derivation:
        start, steps = _exactly(2, data)
        return s.Derivation(self.expression(start), _all(steps, self.step))

    def step(self, data: Data) -> s.Step:
        equals, by, where = _exactly(3, data)
        return s.Step(self.expression(equals), _text(by), self.hypotheses(where))


Items = Sequence[Any]
T = TypeVar("T")


def _all(data: Data, read: Callable[[Data], T]) -> tuple[T, ...]:
    if not isinstance(data, list):
        _refuse("a list", data)
    return tuple(read(item) for item in data)


def _kind(kinds: Mapping[str, type], required: str, data: Data) -> type:
    if not isinstance(data, list) or not data or not isinstance(data[0], str) or data[0] not in kinds:
        _refuse(f"{required}: [kind, part, ...]", data)
    return kinds[data[0]]


def _table(data: Data) -> dict[str, Data]:
    if not isinstance(data, dict):
        _refuse("a table", data)
    return data


def _exactly(count: int, data: Data) -> Items:
    if not isinstance(data, list | tuple) or len(data) != count:
        _refuse(f"{count} parts", data)
    return data


def _text(data: Data) -> str:
    if not isinstance(data, str):
        _refuse("text", data)
    return data


def _whole(data: Data) -> int:
    if type(data) is not int:
        _refuse("a whole number", data)
    return data


def _flag(data: Data) -> bool:
    if type(data) is not bool:
        _refuse("true or false", data)
    return data


def _number(data: Data) -> Fraction:
    if not isinstance(data, str) or not _NUMBER.fullmatch(data) or str(Fraction(data)) != data:
        _refuse('a number in lowest terms, as text: "-1/2"', data)
    return Fraction(data)


def _index(data: Data) -> t.Index:
    name, size = _exactly(2, data)
    return t.Index(_text(name), _text(size))


def _tagged(kind: str, data: Data) -> Data:
    tag, part = _exactly(2, data)
    if tag != kind:
        _refuse(f"a {kind}", data)
    return part


def _refuse(required: str, data: Data) -> NoReturn:
    shown = repr(data)
    raise StatementError(required, shown if len(shown) < 200 else shown[:200] + "...", "see symmix.terms.codec")


_FIELDS: Mapping[str, Callable[[_Decoder, Data], object]] = {
    **dict.fromkeys(
        ("name", "size", "rows", "columns", "first", "second", "row", "column"), lambda _, data: _text(data)
    ),
    **dict.fromkeys(("of", "numerator", "denominator", "base", "body", "left", "right", "scalar"), _Decoder.expression),
    "function": _Decoder.function,
    "argument": _Decoder.expression,
    **dict.fromkeys(("terms", "factors", "expressions", "provided"), _Decoder.expressions),
    **dict.fromkeys(("Equivalence.left", "Equivalence.right"), _Decoder.expressions),
    **dict.fromkeys(("jacobians", "values", "at"), _Decoder.pairs),
    **dict.fromkeys(("ByEntries.row", "ByEntries.column"), lambda _, data: None if data is None else _index(data)),
    **dict.fromkeys(("by", "random"), lambda reader, data: reader.symbol(_tagged("Symbol", data))),
    "value": lambda _, data: _number(data),
    "exponent": lambda _, data: _whole(data),
    **dict.fromkeys(("constant", "strict"), lambda _, data: _flag(data)),
    "indices": lambda _, data: _all(data, _text),
    "Total.indices": lambda _, data: _all(data, _index),
    "moments": lambda reader, data: _all(data, reader.moment),
    "where": _Decoder.hypotheses,
    "ranges": lambda reader, data: _all(data, reader.range),
    "statement": _Decoder.statement,
}
