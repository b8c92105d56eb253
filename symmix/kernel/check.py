"""A second checker for certificates: one file, standard library, no code shared with what wrote them.

    python -m symmix.kernel.check FILES          or, copied to a machine without symmix:   python check.py FILES

The kernel proves by normal forms. This file knows none: it *evaluates*. Each statement is a tree; definitions are
evaluated where they occur, a derivative by numbers with an infinitesimal part (eps^2 = 0), an expectation by
interpolating the polynomial in the random symbol and putting moments for powers. Then

identity, normal form
    both trees, and each network that the kernel read them as, are compared modulo the prime p = 2^61 - 1 at random
    sizes and random entries. If two sides differ at given sizes, they agree at a random point with probability at most
    (degree of the difference) / p, by Schwartz and Zippel, so an error survives all trials at one size with at most
    that to the number of trials. The line printed for a file gives the largest bound in it, and the seed.
for every size
    A difference whose products have at most c indices of a size shows itself at every size from c on, unless a
    coefficient, a polynomial of degree at most s in that size, has a root there. So if s + 1 sizes from c on agree,
    all do; c and s are bounded from the tree. Where that takes too much work, small sizes have to do, "every size"
    rests on the kernel, and the line says of how many comparisons that is so; ``--strict`` rejects them.
combinations
    multiplier * goal and the sum of factor * hypothesis are evaluated and compared in the same way; what was multiplied
    or divided by has to be a product of what is known not to vanish.
witness
    everything is evaluated exactly, in fractions: conditions and hypotheses hold, the two sides differ.
positive form
    coefficients are looked at, the form is compared with the scalar at random points.

Not checked: texts for people (``--show`` prints the statement from the trees instead), lemmas, and that the statement
is the theorem that its name promises. A file is data from strangers: its size, depth, names, degrees and the work
that it causes are bounded, and nothing in it is executed.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from itertools import product as cartesian
from math import prod
from pathlib import Path
from random import Random
from typing import Any, NoReturn

PRIME = 2**61 - 1
SCHEMA = "symmix-certificate/1"
TRIALS = 3  # at each choice of sizes
MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_SYMBOLS = 8_000_000, 60, 100_000, 200
MAX_NAME, MAX_DIGITS, MAX_POWER, MAX_DEGREE = 100, 60, 64, 5_000
MAX_WITNESS_SIZE, MAX_INDICES, MAX_AXES = 24, 24, 4
MAX_GRID = 64  # choices of sizes
MAX_SIZE = 20  # of an axis, while every size is being settled
MAX_BITS = 4_000  # of a fraction at a witness
WORK = 4_000_000  # multiplications for one comparison; what needs more is done at smaller sizes, or not accepted
TOTAL_WORK = 200_000_000  # for one file

REMEDY = "do not rely on this file; write the certificate anew"
_WORDS = "required: {}\n arrived: {}\n    help: {}"

Data = Any  # what JSON holds; every access is checked
Tree = list[Any]


class RejectedError(Exception):
    """The certificate is malformed, or does not prove what it states."""


class TooMuchWorkError(RejectedError):
    """The computation is cut off."""


def reject(required: str, arrived: object, remedy: str = REMEDY) -> NoReturn:
    """Refuse the certificate, in the words of all errors of symmix."""
    shown = repr(arrived)
    shown = shown if len(shown) < 300 else shown[:300] + "..."
    raise RejectedError(_WORDS.format(required, shown, remedy))


# -- reading untrusted data --------------------------------------------------------------------------------------------


def load(path: Path) -> Data:
    """Return the JSON document in a file; bounded before it is parsed."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reject("a file that can be read", f"{path}: {error}", "check the path")
    if len(raw) > MAX_BYTES:
        reject(f"at most {MAX_BYTES} bytes", f"more of them in {path}")
    try:
        return parse(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        reject("text in UTF-8", str(error))


def parse(text: str) -> Data:
    """Return a JSON document: no floats, no key twice, no deep nesting."""
    depth = 0
    within = escaped = False
    for letter in text:
        if within:
            within, escaped = (letter != '"' or escaped), (letter == "\\" and not escaped)
        elif letter == '"':
            within = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                reject(f"at most {MAX_DEPTH} levels of nesting", "more")
        elif letter in "]}":
            depth -= 1
    try:
        return json.loads(
            text,
            object_pairs_hook=_unique,
            parse_int=_small_integer,
            parse_float=lambda number: reject("exact numbers, fractions as text", number),
            parse_constant=lambda number: reject("exact numbers", number),
        )
    except (ValueError, RecursionError) as error:
        reject("a JSON document", str(error))


def _unique(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    found = dict(pairs)
    if len(found) != len(pairs):
        reject("each key once in an object", [key for key, _ in pairs])
    return found


def _small_integer(digits: str) -> int:
    return int(digits) if len(digits) <= 10 else reject("integers of at most ten digits", digits[:20])


def record(data: Data, *keys: str) -> list[Data]:
    """Return the values of an object with exactly these keys."""
    if not isinstance(data, dict) or set(data) != set(keys):
        reject(f"an object with the keys {', '.join(keys)}", list(data) if isinstance(data, dict) else data)
    return [data[key] for key in keys]


def items(data: Data, length: int | None = None) -> list[Data]:
    """Return a list, of a given length if there is one."""
    if not isinstance(data, list) or (length is not None and len(data) != length):
        reject("a list" if length is None else f"a list of {length}", data)
    return data


def table(data: Data) -> dict[str, Data]:
    """Return an object whose keys are names."""
    if not isinstance(data, dict):
        reject("an object", data)
    return {name(key): value for key, value in data.items()}


def name(data: Data) -> str:
    """Return a name."""
    if not isinstance(data, str) or not 0 < len(data) <= MAX_NAME:
        reject(f"a name of 1 to {MAX_NAME} characters", data)
    return data


def prose(data: Data) -> str:
    """Return a text for people, which nothing depends on."""
    if not isinstance(data, str):
        reject("a text", data)
    return data


def whole(data: Data, low: int, high: int) -> int:
    """Return an integer in a range."""
    if type(data) is not int or not low <= data <= high:
        reject(f"an integer from {low} to {high}", data)
    return data


def flag(data: Data) -> bool:
    """Return a truth value."""
    return data if isinstance(data, bool) else reject("true or false", data)


def fraction(data: Data) -> Fraction:
    """Return an exact number from ``3``, ``-3`` or ``-3/4``; nothing else that Python would take."""
    if not isinstance(data, str) or len(data) > 2 * MAX_DIGITS:
        reject(f"a fraction as text, of at most {2 * MAX_DIGITS} characters", data)
    top, slash, bottom = data.partition("/")
    digits = top.removeprefix("-")
    plain = all(part.isascii() and part.isdigit() for part in (digits, bottom if slash else "1"))
    if not plain or (slash and int(bottom) == 0) or str(Fraction(int(top), int(bottom or "1"))) != data:
        reject("a fraction in lowest terms, such as -3/4", data)
    return Fraction(int(top), int(bottom or "1"))


# -- numbers modulo the prime, or exact ones ---


@dataclass(frozen=True)
class Field:
    """Where entries live: integers modulo a prime, or fractions (no prime)."""

    prime: int | None

    def number(self, value: Fraction | int) -> Any:
        """Return a rational number as an element."""
        if self.prime is None:
            return Fraction(value)
        value = Fraction(value)
        return value.numerator * self.inverse(value.denominator % self.prime) % self.prime

    def reduced(self, value: Any) -> Any:
        """Return the result of additions and multiplications as an element."""
        if self.prime is not None:
            return value % self.prime
        if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
            reject(f"fractions of at most {MAX_BITS} bits", "a larger one")
        return value

    def inverse(self, value: Any) -> Any:
        """Return 1/value; zero is not divided by."""
        if not value:
            raise ZeroDivisionError
        return 1 / value if self.prime is None else pow(value, -1, self.prime)


class Fuel:
    """Counts multiplications, and stops at a bound: its own, or that of the whole file."""

    def __init__(self, bound: int, whole: Fuel | None = None) -> None:
        self.left, self.whole = bound, whole

    def spend(self, work: int) -> None:
        """Count work."""
        self.left -= work
        if self.whole is not None:
            self.whole.left -= work
            if self.whole.left < 0:
                reject(f"a file that causes at most {TOTAL_WORK} multiplications", "more", "split the theorem")
        if self.left < 0:
            raise TooMuchWorkError(
                _WORDS.format("a statement that can be evaluated in bounded time", "a larger one", "split the theorem")
            )


# -- what a tree is, before it is evaluated ---

Degrees = dict[str, int]


@dataclass(frozen=True)
class Info:
    """What is known of a tree without values: shape, free indices, and bounds for the degree and index counts."""

    shape: tuple[str, str]
    free: dict[str, str] = field(default_factory=dict)
    counts: Degrees = field(default_factory=dict)  # indices of each size in a product of entries
    above: Degrees = field(default_factory=dict)  # degree of the numerator in each symbol, sizes included
    below: Degrees = field(default_factory=dict)  # the denominators, spelled out, with their powers


def plus(*parts: Degrees) -> Degrees:
    """Add degrees, as products do."""
    total: Degrees = {}
    for part in parts:
        for key, value in part.items():
            total[key] = total.get(key, 0) + value
    return total


def largest(*parts: Degrees) -> Degrees:
    """Take the larger degree, as sums do."""
    return {key: max(part.get(key, 0) for part in parts) for part in parts for key in part}


def times(part: Degrees, factor: int) -> Degrees:
    """Multiply degrees, as powers do."""
    return {key: value * factor for key, value in part.items()} if factor else {}


SCALAR = ("1", "1")


class Analysis:
    """Checks trees against the symbols: shapes, scopes, names, degrees. Sizes are compared by name, not by value."""

    def __init__(
        self, sizes: frozenset[str], symbols: Mapping[str, tuple[str, ...]], indices: Mapping[str, str]
    ) -> None:
        self.sizes, self.symbols, self.indices = sizes, symbols, indices
        self.defined: dict[str, Info] = {}
        self.definitions: dict[str, Tree] = {}
        self.known: dict[int, Info] = {}
        self.kept: list[Tree] = []  # a tree's id means something as long as the tree is kept
        self.denominators: list[Tree] = []
        self.used: set[str] = set()  # what occurred before it was defined can no longer be
        self.bases: dict[str, Degrees] = {}  # the degrees of denominators
        self.nodes = 0

    def define(self, symbol: str, tree: Tree) -> None:
        """Enter a definition; it can use only what was defined before, so there are no cycles."""
        if symbol not in self.symbols or symbol in self.defined or symbol in self.sizes:
            reject("a definition of a symbol that has none", symbol)
        info = self.info(tree, {})
        if info.shape != self.shape(symbol):
            reject(f"a definition of {symbol} of shape {self.shape(symbol)}", info.shape)
        if symbol in self.used:
            reject("definitions that use only what stands before them", symbol)
        self.defined[symbol], self.definitions[symbol] = info, tree

    def shape(self, symbol: str) -> tuple[str, str]:
        """Return the shape of a scalar or matrix symbol."""
        axes = self.symbols.get(symbol)
        if axes is None or len(axes) not in (0, 2):
            reject("a scalar or matrix among the symbols", symbol)
        return (axes[0], axes[1]) if axes else SCALAR

    def info(self, tree: Data, scope: Mapping[str, str], depth: int = 0) -> Info:
        """Return what is known of a tree; reject it if it means nothing."""
        self.nodes += 1
        if self.nodes > MAX_NODES or depth > MAX_DEPTH:
            reject(f"at most {MAX_NODES} nodes, {MAX_DEPTH} deep", "more")
        if not isinstance(tree, list) or not tree or not isinstance(tree[0], str) or tree[0] not in RULES:
            reject(f"an operation among {', '.join(sorted(RULES))}", tree)
        found = RULES[tree[0]](
            self,
            tree[1:],
            lambda part, inner=None: self.info(part, scope if inner is None else inner, depth + 1),
            scope,
        )
        if self.degree(found) > MAX_DEGREE or max(found.counts.values(), default=0) > MAX_DEGREE:
            reject(f"degrees up to {MAX_DEGREE}", self.degree(found))
        self.known[id(tree)] = found
        self.kept.append(tree)
        return found

    def spelled(self, below: Degrees) -> Degrees:
        """Return the degrees of a product of denominators."""
        return plus(*(times(self.bases[key], power) for key, power in below.items()))

    def degree(self, info: Info) -> int:
        """Return the degree of numerator and denominator together."""
        return sum(info.above.values()) + sum(self.spelled(info.below).values())

    def total(self, parts: Sequence[Info]) -> Info:
        """Return what is known of a sum, over the least common denominator."""
        below = largest(*(part.below for part in parts))
        lifted = [{key: power - part.below.get(key, 0) for key, power in below.items()} for part in parts]
        above = largest(*(plus(part.above, self.spelled(lift)) for part, lift in zip(parts, lifted, strict=True)))
        return Info(parts[0].shape, _joined(parts), largest(*(part.counts for part in parts)), above, below)

    def constant_below(self, below: Degrees, symbols: Sequence[str]) -> None:
        """Refuse denominators that change with what is replaced or averaged over."""
        changing = self.spelled(below).keys() & set(symbols)
        if changing:
            reject("denominators without what is replaced or averaged over", sorted(changing))

    def size(self, data: Data) -> str:
        """Return a size: a declared name, or 1."""
        if data != "1" and data not in self.sizes:
            reject("a size among the sizes, or 1", data)
        return str(data)

    def undefined(self, data: Data) -> str:
        """Return a scalar or matrix symbol that has no definition: only such can be varied."""
        symbol = name(data)
        if symbol not in self.symbols or symbol in self.defined:
            reject("a symbol without a definition to differentiate by, to average over or to replace", symbol)
        self.used.add(symbol)
        return symbol

    def along(self, index: Data, size: str, scope: Mapping[str, str]) -> dict[str, str]:
        """Return the free index that an index along an axis is, none for 0."""
        if index == "0" and size == "1":
            return {}
        if index not in scope or scope[index] != size:
            reject(f"an index along the size {size}", index)
        return {index: size}


Recurse = Callable[..., Info]
Scope = Mapping[str, str]


def _joined(parts: Sequence[Info]) -> dict[str, str]:
    return {index: size for part in parts for index, size in part.free.items()}


def _product(shape: tuple[str, str], parts: Sequence[Info], less: Degrees) -> Info:
    counts = plus(*(p.counts for p in parts))
    counts = {size: max(c - less.get(size, 0), 0) for size, c in counts.items()}
    return Info(shape, _joined(parts), counts, plus(*(p.above for p in parts)), plus(*(p.below for p in parts)))


def _axes(*sizes: str) -> Degrees:
    return plus(*({size: 1} for size in sizes if size != "1"))


def _rule_number(_a: Analysis, args: Tree, _r: Recurse, _s: Scope) -> Info:
    fraction(items(args, 1)[0])
    return Info(SCALAR)


def _rule_symbol(a: Analysis, args: Tree, _r: Recurse, _s: Scope) -> Info:
    symbol = name(items(args, 1)[0])
    if symbol in a.sizes:
        return Info(SCALAR, {}, {}, {symbol: 1})
    a.used.add(symbol)
    return a.defined.get(symbol) or Info(a.shape(symbol), {}, _axes(*a.shape(symbol)), {symbol: 1})


def _rule_add(a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    parts = [rec(arg) for arg in args]
    if not parts or any(part.shape != parts[0].shape for part in parts):
        reject("summands of one shape", [part.shape for part in parts])
    return a.total(parts)


def _rule_mul(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    parts = [rec(arg) for arg in args]
    if not parts or any(part.shape != SCALAR for part in parts):
        reject("scalar factors", [part.shape for part in parts])
    return _product(SCALAR, parts, {})


def _rule_scale(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    scalar, matrix = map(rec, items(args, 2))
    if scalar.shape != SCALAR:
        reject("a scalar before a matrix", scalar.shape)
    return _product(matrix.shape, [scalar, matrix], {})


def _rule_matmul(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    parts = [rec(arg) for arg in args]
    if not parts or any(x.shape[1] != y.shape[0] for x, y in pairwise(parts)):
        reject("matching sizes in a matrix product", [part.shape for part in parts])
    return _product((parts[0].shape[0], parts[-1].shape[1]), parts, _axes(*(p.shape[0] for p in parts[1:])))


def _rule_hadamard(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    parts = [rec(arg) for arg in args]
    if not parts or any(part.shape != parts[0].shape for part in parts):
        reject("factors of one shape", [part.shape for part in parts])
    return _product(parts[0].shape, parts, times(_axes(*parts[0].shape), len(parts) - 1))


def _rule_power(a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    base, exponent = items(args, 2)
    inner, power = rec(base), whole(exponent, -MAX_POWER, MAX_POWER)
    if inner.shape != SCALAR:
        reject("a scalar base", inner.shape)
    if power >= 0:
        return _product(SCALAR, [inner] * power, {})
    if inner.free:
        reject("denominators that do not depend on an index", inner.free)
    a.denominators.append(base)
    key = json.dumps(base)
    a.bases[key] = inner.above
    return Info(SCALAR, {}, times(inner.counts, -power), times(a.spelled(inner.below), -power), {key: -power})


def _repeated(
    rule: Callable[[Analysis, Tree, Recurse, Scope], Info],
) -> Callable[[Analysis, Tree, Recurse, Scope], Info]:
    def repeated(a: Analysis, args: Tree, rec: Recurse, scope: Scope) -> Info:
        base, power = items(args, 2)
        return rule(a, [base] * whole(power, 1, 8), rec, scope)

    return repeated


def _rule_transpose(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    inner = rec(items(args, 1)[0])
    return replace(inner, shape=(inner.shape[1], inner.shape[0]))


def _rule_trace(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    inner = rec(items(args, 1)[0])
    if inner.shape[0] != inner.shape[1]:
        reject("a square matrix under a trace", inner.shape)
    return replace(inner, shape=SCALAR)


def _rule_identity(a: Analysis, args: Tree, _r: Recurse, _s: Scope) -> Info:
    size = a.size(items(args, 1)[0])
    return Info((size, size), {}, _axes(size, size), _axes(size))


def _rule_filled(a: Analysis, args: Tree, _r: Recurse, _s: Scope) -> Info:
    rows, columns = map(a.size, items(args, 2))
    return Info((rows, columns), {}, _axes(rows, columns), _axes(rows, columns))


def _rule_sum(a: Analysis, args: Tree, rec: Recurse, scope: Scope) -> Info:
    body, limits = items(args, 2)
    bound = {name(index): a.size(size) for index, size in (items(limit, 2) for limit in items(limits))}
    if len(bound) != len(limits) or not bound or "1" in bound.values():
        reject("different indices to sum over, each over a size", limits)
    inner = rec(body, {**scope, **bound})
    if inner.shape != SCALAR:
        reject("a scalar to sum", inner.shape)
    lost = _axes(*(size for index, size in bound.items() if index not in inner.free))
    free = {index: size for index, size in inner.free.items() if index not in bound}
    return replace(inner, free=free, above=plus(inner.above, lost))


def _rule_delta(_a: Analysis, args: Tree, _r: Recurse, scope: Scope) -> Info:
    first, second = items(args, 2)
    if (
        not (isinstance(first, str) and isinstance(second, str))
        or first not in scope
        or scope.get(second) != scope[first]
    ):
        reject("two indices over one size", args)
    size = scope[first]
    return Info(SCALAR, {first: size, second: size}, _axes(size, size), _axes(size))


def _rule_entry(a: Analysis, args: Tree, rec: Recurse, scope: Scope) -> Info:
    parent, i, j = items(args, 3)
    inner = rec(parent)
    free = {**inner.free, **a.along(i, inner.shape[0], scope), **a.along(j, inner.shape[1], scope)}
    return replace(inner, shape=SCALAR, free=free)


def _rule_slice(a: Analysis, args: Tree, rec: Recurse, scope: Scope) -> Info:
    parent, *cuts = items(args, 3)
    inner = rec(parent)
    free, shape = dict(inner.free), list(inner.shape)
    for axis, cut in enumerate(cuts):
        if cut != ":":
            free |= a.along(cut, inner.shape[axis], scope)
            shape[axis] = "1"
    return replace(inner, shape=(shape[0], shape[1]), free=free)


def _rule_array_entry(a: Analysis, args: Tree, _r: Recurse, scope: Scope) -> Info:
    symbol, *indices = items(args)
    axes = a.symbols.get(name(symbol), ())
    if len(axes) < 3 or len(axes) != len(indices):
        reject("an array with an index for each of its axes", args)
    free: dict[str, str] = {}
    for index, size in zip(indices, axes, strict=True):
        free |= a.along(index, size, scope)
    return Info(SCALAR, free, _axes(*axes), {symbol: 1})


def _rule_entries(a: Analysis, args: Tree, rec: Recurse, scope: Scope) -> Info:
    rows, columns, names, body = items(args, 4)
    shape = (a.size(rows), a.size(columns))
    bound = dict(zip(map(name, items(names, 2)), shape, strict=True))
    if len(bound) != 2:
        reject("two different indices of an entry", names)
    inner = rec(body, {**scope, **bound})
    if inner.shape != SCALAR:
        reject("a scalar as entry", inner.shape)
    free = {index: size for index, size in inner.free.items() if index not in bound}
    lost = _axes(*(size for index, size in bound.items() if index not in inner.free))
    return Info(shape, free, plus(inner.counts, _axes(*shape)), plus(inner.above, lost), inner.below)


def _rule_gradient(a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    body, variable, pairs = items(args, 3)
    inner, rows, columns = rec(body), *a.shape(a.undefined(variable))
    if inner.shape != SCALAR:
        reject("a scalar to differentiate", inner.shape)
    carried = _jacobians(a, variable, pairs, rec)
    return _derived(inner, (rows, columns), carried)


def _rule_jacobian(a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    body, variable, pairs = items(args, 3)
    inner, shape = rec(body), a.shape(a.undefined(variable))
    if inner.shape[1] != "1" or shape[1] != "1":
        reject("a column to differentiate, by a column", (inner.shape, shape))
    return _derived(inner, (inner.shape[0], shape[0]), _jacobians(a, variable, pairs, rec))


def _derived(inner: Info, shape: tuple[str, str], carried: Sequence[Info]) -> Info:
    counts = plus(inner.counts, _axes(*shape), largest(*(c.counts for c in carried)))
    above = plus(inner.above, largest(*(c.above for c in carried)), _axes(*shape))
    return Info(shape, _joined([inner, *carried]), counts, above, plus(inner.below, *(c.below for c in carried)))


def _jacobians(a: Analysis, variable: str, pairs: Data, rec: Recurse) -> list[Info]:
    infos, seen = [], {variable}
    by = a.shape(variable)
    for symbol, value in (items(pair, 2) for pair in items(pairs)):
        rows, columns = a.shape(a.undefined(symbol))
        if symbol in seen or by[1] != "1":
            reject("each dependent symbol once, and a column to differentiate by", symbol)
        seen.add(symbol)
        axes = (
            a.symbols.get(value[1], ())
            if isinstance(value, list) and value[:1] == ["symbol"] and len(value) == 2
            else ()
        )
        if len(axes) == 3:
            info, expected = Info(SCALAR, {}, _axes(*axes), {value[1]: 1}), axes == (rows, columns, by[0])
        else:
            info = rec(value)
            expected = columns == "1" and info.shape == (rows, by[0])
        if not expected:
            reject(f"a Jacobian of {symbol} by {variable}, of their shapes", value)
        infos.append(info)
    return infos


def _rule_at(a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    body, pairs = items(args, 2)
    inner, seen = rec(body), []
    infos = [inner]
    counts, above, below = inner.counts, inner.above, inner.below
    for symbol, value in (items(pair, 2) for pair in items(pairs)):
        info = rec(value)
        if a.undefined(symbol) in seen or info.shape != a.shape(symbol):
            reject(f"one value for {symbol}, of its shape", value)
        seen.append(symbol)
        uses = inner.above.get(symbol, 0)
        counts = plus(counts, times(info.counts, uses))
        above = plus(above, times(info.above, uses), a.spelled(times(info.below, uses)))
        below = plus(below, times(info.below, uses))
        infos.append(info)
    a.constant_below(inner.below, seen)
    return Info(inner.shape, _joined(infos), counts, above, below)


def _rule_mean(a: Analysis, args: Tree, rec: Recurse, scope: Scope) -> Info:
    body, random, moments = items(args, 3)
    inner, shape = rec(body), a.shape(a.undefined(random))
    axes = [size for size in shape if size != "1"]
    infos, seen = [], set()
    for degree, names, value in (items(moment, 3) for moment in items(moments)):
        power = whole(degree, 1, 2 if axes else 8)
        sizes = axes * power
        bound = dict(zip(map(name, items(names, len(sizes))), sizes, strict=True))
        if len(bound) != len(sizes) or power in seen:
            reject("each degree once, with different indices", names)
        seen.add(power)
        info = rec(value, {**scope, **bound})
        if info.shape != SCALAR:
            reject("a scalar as moment", info.shape)
        infos.append(replace(info, free={i: size for i, size in info.free.items() if i not in bound}))
    counts = plus(inner.counts, largest(*(i.counts for i in infos)))
    a.constant_below(inner.below, [random])
    below = plus(inner.below, largest(*(i.below for i in infos)))
    # a moment need not mention the indices of the entries that it replaces: sums over them become sizes
    lifted = a.spelled(largest(*(i.below for i in infos)))
    above = plus(inner.above, largest(*(i.above for i in infos)), lifted, times(_axes(*axes), max(seen, default=0)))
    return Info(inner.shape, _joined([inner, *infos]), counts, above, below)


def _rule_diagonal(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    inner = rec(items(args, 1)[0])
    if inner.shape[0] != inner.shape[1]:
        reject("a square matrix", inner.shape)
    return replace(inner, shape=(inner.shape[0], "1"))


def _rule_diagonal_part(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    inner = rec(items(args, 1)[0])
    if inner.shape[0] != inner.shape[1]:
        reject("a square matrix", inner.shape)
    return inner


def _rule_diagonal_matrix(_a: Analysis, args: Tree, rec: Recurse, _s: Scope) -> Info:
    inner = rec(items(args, 1)[0])
    if "1" not in inner.shape:
        reject("a vector to put on a diagonal", inner.shape)
    size = next((s for s in inner.shape if s != "1"), "1")
    return replace(inner, shape=(size, size), counts=plus(inner.counts, _axes(size)))


RULES: dict[str, Callable[[Analysis, Tree, Recurse, Scope], Info]] = {
    "number": _rule_number,
    "symbol": _rule_symbol,
    "add": _rule_add,
    "mul": _rule_mul,
    "scale": _rule_scale,
    "matmul": _rule_matmul,
    "power": _rule_power,
    "matrix_power": _repeated(_rule_matmul),
    "transpose": _rule_transpose,
    "trace": _rule_trace,
    "identity": _rule_identity,
    "ones": _rule_filled,
    "zeros": _rule_filled,
    "hadamard": _rule_hadamard,
    "hadamard_power": _repeated(_rule_hadamard),
    "diagonal": _rule_diagonal,
    "diagonal_part": _rule_diagonal_part,
    "diagonal_matrix": _rule_diagonal_matrix,
    "sum": _rule_sum,
    "delta": _rule_delta,
    "entry": _rule_entry,
    "slice": _rule_slice,
    "array_entry": _rule_array_entry,
    "entries": _rule_entries,
    "gradient": _rule_gradient,
    "jacobian": _rule_jacobian,
    "at": _rule_at,
    "mean": _rule_mean,
}

# -- evaluating trees --------------------------------------------------------------------------------------------------

Matrix = list[list[Any]]
Jet = dict[int, Matrix]  # sum over sets of infinitesimals (bits of the key) of their product times a matrix


@dataclass
class Env:
    """The values of the undefined symbols, those of the indices in scope, and what has been evaluated with them."""

    values: Mapping[str, Jet]
    indices: Mapping[str, int] = field(default_factory=dict)
    depth: int = 0  # infinitesimals in use
    cache: dict[tuple[int, tuple[int, ...]], Jet] = field(default_factory=dict)

    def at(self, indices: Mapping[str, int]) -> Env:
        """Return the same values under other indices."""
        return Env(self.values, {**self.indices, **indices}, self.depth, self.cache)

    def changed(self, values: Mapping[str, Jet], deeper: int = 0) -> Env:
        """Return an environment in which some symbols have other values."""
        return Env({**self.values, **values}, self.indices, self.depth + deeper)


class Evaluator:
    """Evaluates analysed trees over a field, at given sizes."""

    def __init__(
        self,
        analysis: Analysis,
        over: Field,
        sizes: Mapping[str, int],
        fuel: Fuel,
        arrays: Mapping[str, Mapping[tuple[int, ...], Any]],
        random: Random,
    ) -> None:
        self.analysis, self.over, self.fuel, self.arrays, self.random = analysis, over, fuel, arrays, random
        self.sizes = {"1": 1, **sizes}
        self.scalar_sizes: Mapping[str, Any] = {}  # what sizes are worth as scalars, where they are nothing else

    def value(self, tree: Tree, env: Env) -> Jet:
        """Return the value of a tree."""
        free = self.analysis.known[id(tree)].free
        key = (id(tree), tuple(env.indices[i] for i in sorted(free)))
        if key not in env.cache:
            self.fuel.spend(1)
            env.cache[key] = EVALUATIONS[tree[0]](self, tree[1:], env)
        return env.cache[key]

    def scalar(self, tree: Tree, env: Env) -> Any:
        """Return the value of a scalar in which nothing is infinitesimal."""
        jet = self.value(tree, env)
        if any(mask and any(map(any, matrix)) for mask, matrix in jet.items()):
            reject("a denominator that is not differentiated", tree)
        return jet[0][0][0] if 0 in jet else self.over.number(0)

    def constant(self, value: Any) -> Jet:
        """Return a scalar as a jet."""
        return {0: [[value]]}

    def filled(self, shape: tuple[str, str], value: Any) -> Jet:
        """Return a matrix with one value everywhere."""
        self.fuel.spend(self.sizes[shape[0]] * self.sizes[shape[1]])
        return {0: [[value] * self.sizes[shape[1]] for _ in range(self.sizes[shape[0]])]}

    def positions(self, axes: Sequence[str]) -> Iterator[tuple[int, ...]]:
        """Run through the positions of an array."""
        self.fuel.spend(prod(self.sizes[axis] for axis in axes))
        return cartesian(*(range(self.sizes[axis]) for axis in axes))

    def plus(self, jets: Sequence[Jet], weights: Sequence[Any] | None = None) -> Jet:
        """Add jets, each times a number."""
        total: Jet = {}
        for number, jet in enumerate(jets):
            weight = None if weights is None else weights[number]
            for mask, matrix in jet.items():
                self.fuel.spend(len(matrix) * len(matrix[0]))
                part = matrix if weight is None else [[self.over.reduced(weight * x) for x in row] for row in matrix]
                old = total.get(mask)
                total[mask] = (
                    part
                    if old is None
                    else [
                        [self.over.reduced(x + y) for x, y in zip(r, s, strict=True)]
                        for r, s in zip(old, part, strict=True)
                    ]
                )
        return total

    def bilinear(self, left: Jet, right: Jet, multiply: Callable[[Matrix, Matrix], Matrix]) -> Jet:
        """Multiply jets: the square of an infinitesimal is zero."""
        parts = [{m | n: multiply(x, y)} for m, x in left.items() for n, y in right.items() if not m & n]
        return self.plus(parts) if len(parts) != 1 else parts[0]

    def product(self, left: Matrix, right: Matrix) -> Matrix:
        """Multiply matrices."""
        self.fuel.spend(len(left) * len(right) * len(right[0]))
        columns = list(zip(*right, strict=True))
        return [
            [self.over.reduced(sum(x * y for x, y in zip(row, column, strict=True))) for column in columns]
            for row in left
        ]

    def entrywise(self, left: Matrix, right: Matrix) -> Matrix:
        """Multiply matrices entry by entry."""
        self.fuel.spend(len(left) * len(left[0]))
        return [[self.over.reduced(x * y) for x, y in zip(r, s, strict=True)] for r, s in zip(left, right, strict=True)]

    def scaled(self, scalar: Matrix, matrix: Matrix) -> Matrix:
        """Multiply a 1 x 1 matrix and a matrix."""
        self.fuel.spend(len(matrix) * len(matrix[0]))
        return [[self.over.reduced(scalar[0][0] * x) for x in row] for row in matrix]

    def symbol(self, args: Tree, env: Env) -> Jet:
        """Return a size, a definition in this environment, or a value."""
        (symbol,) = args
        if symbol in self.analysis.sizes:
            return self.constant(self.over.number(self.scalar_sizes.get(symbol, self.sizes[symbol])))
        if symbol in self.analysis.definitions:
            return self.value(self.analysis.definitions[symbol], env)
        return self.given(symbol, env)

    def given(self, symbol: str, env: Env) -> Jet:
        """Return the value of a symbol without definition."""
        return env.values[symbol]

    def place(self, index: str, env: Env) -> int:
        """Return the position that an index stands for."""
        return env.indices[index] if index != "0" else 0

    def gradient(self, args: Tree, env: Env) -> Jet:
        """Differentiate by each entry of the variable, and put the results into its shape."""
        body, variable, pairs = args
        shape = self.analysis.shape(variable)
        found = self.filled(shape, self.over.number(0))
        for row, column in self.positions(shape):
            slope = self.slope(body, variable, pairs, (row, column), env)
            for mask, ((value,),) in slope.items():
                if mask not in found:
                    found[mask] = self.filled(shape, self.over.number(0))[0]
                found[mask][row][column] = value
        return found

    def jacobian(self, args: Tree, env: Env) -> Jet:
        """Differentiate a column by each entry of a column; the results are the columns of the value."""
        body, variable, pairs = args
        rows, columns = self.analysis.known[id(body)].shape[0], self.analysis.shape(variable)[0]
        found = self.filled((rows, columns), self.over.number(0))
        for column in range(self.sizes[columns]):
            slope = self.slope(body, variable, pairs, (column, 0), env)
            for mask, matrix in slope.items():
                if mask not in found:
                    found[mask] = self.filled((rows, columns), self.over.number(0))[0]
                for row, (value,) in enumerate(matrix):
                    found[mask][row][column] = value
        return found

    def slope(self, body: Tree, variable: str, pairs: Data, at: tuple[int, int], env: Env) -> Jet:
        """Return the derivative by one entry: the part with eps when it moves by eps, and what hangs on it."""
        eps = 1 << env.depth
        moved = {variable: self.moved(variable, {0: self.unit(self.analysis.shape(variable), at)}, eps, env)}
        for symbol, value in pairs:
            rows, columns = self.analysis.shape(symbol)
            if value[0] == "symbol" and value[1] in self.arrays:
                entries = self.arrays[value[1]]
                lists = [[entries[r, c, at[0]] for c in range(self.sizes[columns])] for r in range(self.sizes[rows])]
                direction = {0: lists}
            else:
                direction = {mask: [[row[at[0]]] for row in matrix] for mask, matrix in self.value(value, env).items()}
            moved[symbol] = self.moved(symbol, direction, eps, env)
        inner = self.value(body, env.changed(moved, deeper=1))
        return {mask & ~eps: matrix for mask, matrix in inner.items() if mask & eps}

    def moved(self, symbol: str, direction: Jet, eps: int, env: Env) -> Jet:
        """Return the value of a symbol plus eps times a direction."""
        return self.plus([self.given(symbol, env), {mask | eps: matrix for mask, matrix in direction.items()}])

    def unit(self, shape: tuple[str, str], *at: tuple[int, int], value: int = 1) -> Matrix:
        """Return the matrix that is zero except at some places."""
        matrix = self.filled(shape, self.over.number(0))[0]
        for row, column in at:
            matrix[row][column] = self.over.reduced(matrix[row][column] + self.over.number(value))
        return matrix

    def mean(self, args: Tree, env: Env) -> Jet:
        """Return an expectation: the polynomial in the random symbol, with moments for powers."""
        body, random, moments = args
        shape = self.analysis.shape(random)

        def at(matrix: Matrix) -> Jet:
            return self.value(body, env.changed({random: {0: matrix}}))

        found = {degree: (names, value) for degree, names, value in moments}
        arbitrary = [[self.draw() for _ in range(self.sizes[shape[1]])] for _ in range(self.sizes[shape[0]])]
        if shape == SCALAR:
            return self.scalar_mean(at, found, arbitrary, env)
        return self.matrix_mean(at, shape, found, arbitrary, env)

    def draw(self) -> Any:
        """Return a random element."""
        return self.over.number(self.random.randrange(1, PRIME))

    def scalar_mean(
        self, at: Callable[[Matrix], Jet], moments: Mapping[int, tuple[Any, Tree]], arbitrary: Matrix, env: Env
    ) -> Jet:
        """Interpolate a polynomial in a scalar at 0, 1, 2, ..."""
        nodes = list(range(1 + max(moments, default=0)))
        values = [at([[self.over.number(node)]]) for node in nodes]
        powers = [self.lagrange(nodes, power) for power in nodes]  # power -> weight of each node
        coefficients = [self.plus(values, weights) for weights in powers]
        point, total = self.over.number(1), []
        for _ in nodes:
            total.append(point)
            point = self.over.reduced(point * arbitrary[0][0])
        self.expect_equal(self.plus(coefficients, total), at(arbitrary))
        for power, coefficient in enumerate(coefficients):
            if power and power not in moments and not self.vanishes(coefficient):
                reject("a moment for each power that occurs", power)
        parts = [coefficients[0]]
        for power, (_, tree) in moments.items():
            parts.append(self.bilinear(self.value(tree, env), coefficients[power], self.scaled))
        return self.plus(parts)

    def lagrange(self, nodes: Sequence[int], power: int) -> list[Any]:
        """Return the coefficient of a power in each of the polynomials that are 1 at one node and 0 at the others."""
        weights = []
        for node in nodes:
            polynomial = [Fraction(1)]
            for other in nodes:
                if other != node:
                    shifted = [Fraction(0), *polynomial]
                    polynomial = [
                        (s - other * p) / (node - other)
                        for s, p in zip(shifted, [*polynomial, Fraction(0)], strict=True)
                    ]
            weights.append(self.over.number(polynomial[power]))
        return weights

    def matrix_mean(
        self,
        at: Callable[[Matrix], Jet],
        shape: tuple[str, str],
        moments: Mapping[int, tuple[Any, Tree]],
        arbitrary: Matrix,
        env: Env,
    ) -> Jet:
        """Read a polynomial of degree 2 in a matrix off its values at sums of two unit matrices."""
        cells = [(row, column) for row, column in self.positions(shape)]
        half, one = self.over.number(Fraction(1, 2)), self.over.number(1)
        zero = at(self.unit(shape))
        single = {cell: at(self.unit(shape, cell)) for cell in cells}
        quadratic = 2 in moments
        linear, pairs = {}, {}
        for cell in cells:
            minus = at(self.unit(shape, cell, value=-1)) if quadratic else None
            linear[cell] = (
                self.plus([single[cell], zero], [one, -one])
                if minus is None
                else self.plus([single[cell], minus], [half, -half])
            )
            if minus is not None:
                pairs[cell, cell] = self.plus([single[cell], minus, zero], [half, half, -one])
        for number, first in enumerate(cells if quadratic else []):
            for second in cells[:number]:
                both = at(self.unit(shape, first, second))
                cross = self.plus([both, single[first], single[second], zero], [one, -one, -one, one])
                pairs[first, second] = cross
        entry = {cell: arbitrary[cell[0]][cell[1]] for cell in cells}
        weights = [one, *(entry[c] for c in linear), *(self.over.reduced(entry[c] * entry[d]) for c, d in pairs)]
        self.expect_equal(self.plus([zero, *linear.values(), *pairs.values()], weights), at(arbitrary))
        if 1 not in moments and not all(map(self.vanishes, linear.values())):
            reject("a moment for each degree that occurs", 1)
        parts = [zero]
        if 1 in moments:
            parts += [
                self.bilinear(self.moment(moments[1], shape, [c], env), jet, self.scaled) for c, jet in linear.items()
            ]
        for (c, d), jet in pairs.items():
            forth, back = self.moment(moments[2], shape, [c, d], env), self.moment(moments[2], shape, [d, c], env)
            parts.append(self.bilinear(self.plus([forth, back], [half, half]), jet, self.scaled))
        return self.plus(parts)

    def moment(
        self, moment: tuple[Any, Tree], shape: tuple[str, str], cells: Sequence[tuple[int, int]], env: Env
    ) -> Jet:
        """Return the moment of a product of entries."""
        names, tree = moment
        places = [at for cell in cells for at, size in zip(cell, shape, strict=True) if size != "1"]
        return self.value(tree, env.at(dict(zip(names, places, strict=True))))

    def vanishes(self, jet: Jet) -> bool:
        """Whether a jet is zero."""
        return not any(self.over.reduced(x) for matrix in jet.values() for row in matrix for x in row)

    def expect_equal(self, left: Jet, right: Jet) -> None:
        """Reject an expectation of what is no polynomial of the degree that there are moments for."""
        if not self.vanishes(self.plus([left, right], [self.over.number(1), self.over.number(-1)])):
            reject(
                "a polynomial in the random symbol, with a moment for each degree that occurs", "another function of it"
            )


def _mapped(jet: Jet, change: Callable[[Matrix], Matrix]) -> Jet:
    return {mask: change(matrix) for mask, matrix in jet.items()}


def _folded(multiply: str) -> Callable[[Evaluator, Tree, Env], Jet]:
    def fold(e: Evaluator, args: Tree, env: Env) -> Jet:
        total = e.value(args[0], env)
        for arg in args[1:]:
            total = e.bilinear(total, e.value(arg, env), getattr(e, multiply))
        return total

    return fold


def _power(e: Evaluator, args: Tree, env: Env) -> Jet:
    base, exponent = args
    if exponent < 0:
        value, total = e.over.inverse(e.scalar(base, env)), e.over.number(1)
        for _ in range(-exponent):
            total = e.over.reduced(total * value)
        return e.constant(total)
    jet = e.constant(e.over.number(1))
    for _ in range(exponent):
        jet = e.bilinear(jet, e.value(base, env), e.scaled)
    return jet


def _sum(e: Evaluator, args: Tree, env: Env) -> Jet:
    body, limits = args
    names = [index for index, _ in limits]
    parts = [
        e.value(body, env.at(dict(zip(names, at, strict=True)))) for at in e.positions([size for _, size in limits])
    ]
    return e.plus(parts)


def _entry(e: Evaluator, args: Tree, env: Env) -> Jet:
    parent, i, j = args
    row, column = e.place(i, env), e.place(j, env)
    return _mapped(e.value(parent, env), lambda m: [[m[row][column]]])


def _slice(e: Evaluator, args: Tree, env: Env) -> Jet:
    parent, i, j = args

    def cut(matrix: Matrix) -> Matrix:
        rows = matrix if i == ":" else [matrix[e.place(i, env)]]
        return rows if j == ":" else [[row[e.place(j, env)]] for row in rows]

    return _mapped(e.value(parent, env), cut)


def _array_entry(e: Evaluator, args: Tree, env: Env) -> Jet:
    symbol, *indices = args
    return e.constant(e.arrays[symbol][tuple(e.place(index, env) for index in indices)])


def _entries(e: Evaluator, args: Tree, env: Env) -> Jet:
    rows, columns, names, body = args
    found = e.filled((rows, columns), e.over.number(0))
    for row, column in e.positions((rows, columns)):
        jet = e.value(body, env.at(dict(zip(names, (row, column), strict=True))))
        for mask, ((value,),) in jet.items():
            if mask not in found:
                found[mask] = e.filled((rows, columns), e.over.number(0))[0]
            found[mask][row][column] = value
    return found


def _at(e: Evaluator, args: Tree, env: Env) -> Jet:
    body, pairs = args
    return e.value(body, env.changed({symbol: e.value(value, env) for symbol, value in pairs}))


def _diagonal_matrix(e: Evaluator, args: Tree, env: Env) -> Jet:
    def spread(matrix: Matrix) -> Matrix:
        entries = [x for row in matrix for x in row]
        return [[x if i == j else e.over.number(0) for j in range(len(entries))] for i, x in enumerate(entries)]

    return _mapped(e.value(args[0], env), spread)


def _diagonal_part(e: Evaluator, args: Tree, env: Env) -> Jet:
    zero = e.over.number(0)
    return _mapped(
        e.value(args[0], env), lambda m: [[x if i == j else zero for j, x in enumerate(row)] for i, row in enumerate(m)]
    )


def _repeat(multiply: str) -> Callable[[Evaluator, Tree, Env], Jet]:
    return lambda e, args, env: _folded(multiply)(e, [args[0]] * args[1], env)


EVALUATIONS: dict[str, Callable[[Evaluator, Tree, Env], Jet]] = {
    "number": lambda e, args, _: e.constant(e.over.number(fraction(args[0]))),
    "symbol": Evaluator.symbol,
    "add": lambda e, args, env: e.plus([e.value(arg, env) for arg in args]),
    "mul": _folded("scaled"),
    "scale": _folded("scaled"),
    "matmul": _folded("product"),
    "power": _power,
    "matrix_power": _repeat("product"),
    "transpose": lambda e, args, env: _mapped(
        e.value(args[0], env), lambda m: [list(row) for row in zip(*m, strict=True)]
    ),
    "trace": lambda e, args, env: _mapped(
        e.value(args[0], env),
        lambda m: [[e.over.reduced(sum((row[i] for i, row in enumerate(m)), start=e.over.number(0)))]],
    ),
    "identity": lambda e, args, _: {0: e.unit((args[0], args[0]), *((i, i) for i in range(e.sizes[args[0]])))},
    "ones": lambda e, args, _: e.filled((args[0], args[1]), e.over.number(1)),
    "zeros": lambda e, args, _: e.filled((args[0], args[1]), e.over.number(0)),
    "hadamard": _folded("entrywise"),
    "hadamard_power": _repeat("entrywise"),
    "diagonal": lambda e, args, env: _mapped(e.value(args[0], env), lambda m: [[row[i]] for i, row in enumerate(m)]),
    "diagonal_part": _diagonal_part,
    "diagonal_matrix": _diagonal_matrix,
    "sum": _sum,
    "delta": lambda e, args, env: e.constant(e.over.number(int(env.indices[args[0]] == env.indices[args[1]]))),
    "entry": _entry,
    "slice": _slice,
    "array_entry": _array_entry,
    "entries": _entries,
    "gradient": Evaluator.gradient,
    "jacobian": Evaluator.jacobian,
    "at": _at,
    "mean": Evaluator.mean,
}


# -- polynomials and networks ------------------------------------------------------------------------------------------

Position = tuple[int, ...]


@dataclass(frozen=True)
class Polynomial:
    """A sum of coefficient times powers of scalars, sizes or reciprocals."""

    terms: tuple[tuple[Fraction, tuple[tuple[str, int], ...]], ...]

    @property
    def divisors(self) -> set[str]:
        """The names with a negative exponent."""
        return {symbol for _, powers in self.terms for symbol, exponent in powers if exponent < 0}

    @property
    def names(self) -> set[str]:
        """All names."""
        return {symbol for _, powers in self.terms for symbol, _ in powers}

    def value(self, over: Field, at: Callable[[str], Any]) -> Any:
        """Return the value, given those of the names."""
        total = over.number(0)
        for coefficient, powers in self.terms:
            term = over.number(coefficient)
            for symbol, exponent in powers:
                base = at(symbol) if exponent > 0 else over.inverse(at(symbol))
                for _ in range(abs(exponent)):
                    term = over.reduced(term * base)
            total = over.reduced(total + term)
        return total


@dataclass(frozen=True)
class Network:
    """A sum of products of entries over the same free indices."""

    free: dict[str, str]
    terms: tuple[tuple[Polynomial, tuple[tuple[str, tuple[str | int, ...]], ...]], ...]
    info: Info

    @property
    def names(self) -> set[str]:
        """The scalars in the coefficients."""
        return {symbol for polynomial, _ in self.terms for symbol in polynomial.names}


Multiplier = tuple[tuple[Polynomial, int], ...]
DELTA = "\N{GREEK SMALL LETTER DELTA}"


class Networks:
    """Reads polynomials and networks over the symbols of a document."""

    def __init__(self, analysis: Analysis, reciprocals: Data) -> None:
        self.analysis = analysis
        self.reciprocals: dict[str, Polynomial] = {}
        for symbol, data in table(reciprocals).items():
            if symbol in analysis.symbols or symbol in analysis.sizes:
                reject("a reciprocal with a name of its own", symbol)
            self.reciprocals[symbol] = self.polynomial(data)

    def polynomial(self, data: Data) -> Polynomial:
        """Return a polynomial."""
        terms = []
        for coefficient, powers in (items(term, 2) for term in items(data)):
            for symbol, exponent in table(powers).items():
                scalar = self.analysis.symbols.get(symbol) == ()
                if not scalar and symbol not in self.analysis.sizes and symbol not in self.reciprocals:
                    reject("a scalar, a size or a reciprocal", symbol)
                if whole(exponent, -MAX_POWER, MAX_POWER) == 0:
                    reject("an exponent that is not zero", powers)
            terms.append((fraction(coefficient), tuple(powers.items())))
        return Polynomial(tuple(terms))

    def multiplier(self, data: Data) -> Multiplier:
        """Return a product of powers of polynomials."""
        return tuple(
            (self.polynomial(base), whole(power, 1, MAX_POWER)) for base, power in (items(i, 2) for i in items(data))
        )

    def network(self, data: Data) -> Network:
        """Return a network."""
        axes, terms = record(data, "free", "terms")
        free: dict[str, str] = table(axes)
        found, counts = [], []
        if any(size not in self.analysis.sizes for size in free.values()):
            reject("a size for each free index", free)
        for polynomial, factors in (items(term, 2) for term in items(terms)):
            seen: dict[str | int, str] = {index: size for index, size in free.items()}  # noqa: C416 - dict(free) has str keys
            product = tuple(self.factor(factor, seen) for factor in items(factors))
            if len(seen) > MAX_INDICES:
                reject(f"at most {MAX_INDICES} indices in a product", len(seen))
            found.append((self.polynomial(polynomial), product))
            counts.append(_axes(*seen.values()))
        scalars = self.info([polynomial for polynomial, _ in found])
        return Network(free, tuple(found), replace(scalars, counts=largest(*counts)))

    def info(self, polynomials: Sequence[Polynomial]) -> Info:
        """Return the degrees of polynomials, the largest of each symbol."""
        above, below = [], []
        for powers in (powers for polynomial in polynomials for _, powers in polynomial.terms):
            above.append({s: power for s, power in powers if power > 0 and s not in self.reciprocals})
            below.append({json.dumps(["symbol", s]): -power for s, power in powers if power < 0})
            for s, power in powers:
                if s in self.reciprocals:  # what it divides by is a polynomial: reciprocals are read before all else
                    self.analysis.bases[s] = self.info([self.reciprocals[s]]).above
                    below[-1] = plus(below[-1], {s: max(power, 0)})
            self.analysis.bases |= {json.dumps(["symbol", s]): {s: 1} for s, _ in powers}
        parts = [Info(SCALAR, {}, {}, up, down) for up, down in zip(above, below, strict=True)]
        return self.analysis.total(parts) if parts else Info(SCALAR)

    def scale(self, multiplier: Multiplier) -> Info:
        """Return the degrees of a product of powers."""
        return _product(SCALAR, [self.info([base]) for base, power in multiplier for _ in range(power)], {})

    def factor(self, data: Data, seen: dict[str | int, str]) -> tuple[str, tuple[str | int, ...]]:
        """Return a factor; an index has one size wherever it occurs."""
        symbol, indices = items(data, 2)
        axes = [size for size in self.analysis.symbols.get(name(symbol), ()) if size != "1"]
        known = [i if isinstance(i, str) and i in seen else whole(i, 0, MAX_INDICES) for i in items(indices)]
        if symbol == DELTA:
            axes = [seen[index] for index in known[:1] if isinstance(index, str)] * 2
            if len(axes) != 2 or not isinstance(known[-1], str):
                reject("a delta of two free indices", indices)
        elif symbol not in self.analysis.symbols:
            reject("a symbol of the document", symbol)
        if len(axes) != len(known) or any(
            seen.setdefault(i, size) != size for i, size in zip(known, axes, strict=True)
        ):
            reject(f"an index for each axis of {symbol}, of its size", indices)
        return symbol, tuple(known)


class Values:
    """The values of polynomials and networks at the point of an evaluator."""

    def __init__(self, evaluator: Evaluator, env: Env, networks: Networks) -> None:
        self.e, self.env, self.networks = evaluator, env, networks

    def scalar(self, symbol: str) -> Any:
        """Return the value of a scalar, a size or a reciprocal."""
        if symbol in self.networks.reciprocals:
            return self.e.over.inverse(self.networks.reciprocals[symbol].value(self.e.over, self.scalar))
        return self.e.symbol([symbol], self.env).get(0, [[self.e.over.number(0)]])[0][0]

    def polynomial(self, polynomial: Polynomial) -> Any:
        """Return the value of a polynomial."""
        self.e.fuel.spend(len(polynomial.terms))
        return polynomial.value(self.e.over, self.scalar)

    def multiplier(self, multiplier: Multiplier) -> Any:
        """Return the value of a product of powers."""
        total = self.e.over.number(1)
        for base, power in multiplier:
            value = self.polynomial(base)
            for _ in range(power):
                total = self.e.over.reduced(total * value)
        return total

    def network(self, network: Network) -> dict[Position, Any]:
        """Return the entries of a network, by the values of its free indices in their order."""
        totals = dict.fromkeys(self.e.positions(list(network.free.values())), self.e.over.number(0))
        names = list(network.free)
        for polynomial, factors in network.terms:
            scale = self.polynomial(polynomial)
            indices, entries = self.contracted(factors, network.free)
            self.e.fuel.spend(len(totals))
            for at in totals:
                place = dict(zip(names, at, strict=True))
                value = entries[tuple(place[str(i)] for i in indices)]
                totals[at] = self.e.over.reduced(totals[at] + scale * value)
        return totals

    def contracted(
        self, factors: Sequence[tuple[str, tuple[str | int, ...]]], free: Mapping[str, str]
    ) -> tuple[list[str | int], dict[Position, Any]]:
        """Sum over the summed indices one by one, each time the one that needs the smallest table."""
        sizes: dict[str | int, int] = {index: self.e.sizes[size] for index, size in free.items()}
        tables = []
        for symbol, indices in factors:
            tables.append((list(indices), self.entries(symbol, [sizes.get(i) for i in indices])))
            axes = [size for size in self.networks.analysis.symbols.get(symbol, ()) if size != "1"]
            for index, size in zip(indices, axes, strict=False):
                sizes.setdefault(index, self.e.sizes[size])
        left = {i for indices, _ in tables for i in indices if isinstance(i, int)}
        while left:
            joint = {i: {j for indices, _ in tables if i in indices for j in indices} for i in left}
            index = min(left, key=lambda i: (len(joint[i]), i))
            left.remove(index)
            involved = [t for t in tables if index in t[0]]
            tables = [t for t in tables if index not in t[0]]
            tables.append(self.joined(involved, [i for i in joint[index] if i != index], index, sizes))
        return self.joined(tables, list({i: None for indices, _ in tables for i in indices}), None, sizes)

    def joined(
        self,
        tables: Sequence[tuple[list[str | int], Mapping[Position, Any]]],
        kept: list[str | int],
        summed: int | None,
        sizes: Mapping[str | int, int],
    ) -> tuple[list[str | int], dict[Position, Any]]:
        """Multiply tables, and sum over one index."""
        every = [*kept, *([] if summed is None else [summed])]
        cells = 1
        for index in every:
            cells *= sizes[index]
            self.e.fuel.spend(cells if cells > WORK else 0)
        self.e.fuel.spend(cells * (len(tables) + 1))
        picks = [[every.index(i) for i in indices] for indices, _ in tables]
        total: dict[Position, Any] = {}
        for at in cartesian(*(range(sizes[index]) for index in every)):
            value = self.e.over.number(1)
            for pick, (_, entries) in zip(picks, tables, strict=True):
                value = self.e.over.reduced(value * entries[tuple(at[place] for place in pick)])
            rest = at[: len(kept)]
            total[rest] = self.e.over.reduced(total[rest] + value) if rest in total else value
        return kept, total

    def entries(self, symbol: str, known: Sequence[int | None]) -> dict[Position, Any]:
        """Return the entries of a symbol by position, axes of size 1 left out."""
        if symbol == DELTA:
            size = next(s for s in known if s is not None)
            return {(i, j): self.e.over.number(int(i == j)) for i in range(size) for j in range(size)}
        axes = self.networks.analysis.symbols[symbol]
        if len(axes) > 2:
            return dict(self.e.arrays[symbol])
        matrix = (
            self.e.symbol([symbol], self.env).get(0)
            or self.e.filled(self.networks.analysis.shape(symbol), self.e.over.number(0))[0]
        )
        shape = axes or SCALAR
        return {
            tuple(i for i, size in zip((r, c), shape, strict=True) if size != "1"): x
            for r, row in enumerate(matrix)
            for c, x in enumerate(row)
        }


# -- the document ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Side:
    """An expression of the statement."""

    tree: Tree
    info: Info
    network: Network

    def free(self, also: Mapping[str, str]) -> dict[str, str]:
        """Return the free indices of its entries, those of samples included."""
        axes = dict(zip(("row", "column"), self.info.shape, strict=True))
        return {**{axis: size for axis, size in axes.items() if size != "1"}, **self.info.free, **also}

    def entries(self, e: Evaluator, env: Env, free: Mapping[str, str]) -> dict[Position, Any]:
        """Return the values by the values of the free indices, in their order."""
        samples = [index for index in free if index not in ("row", "column")]
        found = {}
        for at in e.positions([free[index] for index in samples]):
            place = dict(zip(samples, at, strict=True))
            matrix = e.value(self.tree, env.at(place)).get(0) or e.filled(self.info.shape, e.over.number(0))[0]
            for (r, row), c in cartesian(enumerate(matrix), range(len(matrix[0]))):
                place |= {"row": r, "column": c}
                found[tuple(place[index] for index in free)] = row[c]
        return found


@dataclass
class Tally:
    """What was done for one file."""

    statements: int = 0
    comparisons: int = 0
    every_size: int = 0
    witnesses: int = 0
    degree: int = 1
    points: int = 0
    shown: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.statements} statements, {self.witnesses} of them false, at exact witnesses; {self.comparisons}"
            f" comparisons at {self.points} points, {self.every_size} for every size; error at most"
            f" {self.degree}/(2^61 - 1) a trial"
        )


Compare = Callable[[Sequence[Side], Evaluator, Env, Values], None]


class Checker:
    """Checks one document."""

    def __init__(self, document: Data, random: Random) -> None:
        self.random, self.tally, self.budget = random, Tally(), Fuel(TOTAL_WORK)
        keys = "schema theorem summary answers source lemmas sizes symbols indices definitions conditions"
        keys += " statement evidence"
        parts = dict(zip(keys.split(), record(document, *keys.split()), strict=True))
        if parts["schema"] != SCHEMA:
            reject(f"the schema {SCHEMA}", parts["schema"], "use the checker of the version that wrote the file")
        self._prose(parts)
        sizes = [name(size) for size in items(parts["sizes"])]
        symbols = {s: tuple(map(name, items(axes))) for s, axes in table(parts["symbols"]).items()}
        indices = {i: name(size) for i, size in table(parts["indices"]).items()}
        self._names(sizes, symbols, indices)
        self.analysis = Analysis(frozenset(sizes), symbols, indices)
        self.parts = parts
        self.networks = Networks(self.analysis, table(parts["evidence"]).get("reciprocals"))
        self.definitions = [self._definition(data) for data in items(parts["definitions"])]
        self.conditions = [self._condition(data) for data in items(parts["conditions"])]
        self.always = len(self.analysis.denominators)

    def _prose(self, parts: Mapping[str, Data]) -> None:
        self.theorem = name(parts["theorem"])
        for part in ("summary", "answers"):
            prose(parts[part])
        for key in items(parts["source"]):
            prose(key)
        for lemma in items(parts["lemmas"]):
            for text in record(lemma, "name", "statement", "source"):
                prose(text)

    def _names(self, sizes: Sequence[str], symbols: Mapping[str, tuple[str, ...]], indices: Mapping[str, str]) -> None:
        taken = [*sizes, *symbols]
        if len(taken) > MAX_SYMBOLS:
            reject(f"at most {MAX_SYMBOLS} symbols", len(taken))
        if len(set(taken)) != len(taken) or {"1", DELTA} & set(taken):
            reject("one meaning for each name, 1 and delta apart", sorted(taken))
        if any(len(axes) > MAX_AXES or not set(axes) <= {"1", *sizes} for axes in symbols.values()):
            reject(f"symbols with at most {MAX_AXES} axes, each of a known size", symbols)
        if {"row", "column", "0", ":"} & set(indices) or not set(indices.values()) <= set(sizes):
            reject("sample indices with names of their own and known sizes", indices)

    def _definition(self, data: Data) -> tuple[str, Side]:
        symbol, text, tree, network = record(data, "symbol", "text", "tree", "network")
        prose(text)
        self.analysis.define(name(symbol), tree)
        side = Side(tree, self.analysis.defined[symbol], self.networks.network(network))
        self._matching(side)
        return symbol, side

    def _condition(self, data: Data) -> tuple[str, Tree]:
        text, relation, tree = record(data, "text", "relation", "tree")
        prose(text)
        if relation not in (">", ">=", "!=") or self.analysis.info(tree, {}).shape != SCALAR:
            reject("a scalar that is >, >= or != 0", data)
        return relation, tree

    def side(self, data: Data) -> Side:
        """Return an expression of the statement."""
        text, tree, network = record(data, "text", "tree", "network")
        prose(text)
        side = Side(tree, self.analysis.info(tree, self.analysis.indices), self.networks.network(network))
        self._matching(side)
        return side

    def _matching(self, side: Side) -> None:
        """Require of the network the axes of the tree, and no other free indices than samples."""
        free = dict(side.network.free)
        axes = {axis: free.pop(axis, "1") for axis in ("row", "column")}
        if tuple(axes.values()) != side.info.shape or any(
            self.analysis.indices.get(i) != size for i, size in free.items()
        ):
            reject("a network over the indices of its tree", side.network.free)

    def sides(self, data: Data) -> list[Side]:
        """Return several expressions."""
        return [self.side(item) for item in items(data)]

    # -- walking through it ---

    def run(self) -> Tally:
        """Check everything in the document."""
        reciprocals, *evidence = record(self.parts["evidence"], "reciprocals", "claims", "proof", "near_misses")
        statement = record(self.parts["statement"], "claims", "proof", "near_misses")
        del reciprocals  # read before the definitions
        self.tally.shown += [f"where    {symbol} = {shown(side.tree)}" for symbol, side in self.definitions]
        self.tally.shown += [f"given    {shown(tree)} {relation} 0" for relation, tree in self.conditions]
        self.tally.shown += [
            f"symbols  {symbols}" for symbols in (sorted(self.analysis.symbols.items()), self.analysis.indices)
        ]
        for symbol, side in self.definitions:
            self.label = f"the definition of {symbol}"
            self.read([side])
        for stated, proofs_of, truth in ((statement[0], evidence[0], True), (statement[2], evidence[2], False)):
            if not items(stated):
                reject("at least one claim and one near miss", stated)
            for data, proof in zip(stated, items(proofs_of, len(stated)), strict=True):
                self.labelled(data, proof, truth=truth)
        for chain, proofs in zip(items(statement[1]), items(evidence[1], len(statement[1])), strict=True):
            self.chain(chain, proofs)
        return self.tally

    def labelled(self, data: Data, proof: Data, *, truth: bool) -> None:
        """Check a claim, or that a near miss is false."""
        if not isinstance(data, dict) or not {"label", "text", "kind"} <= set(data):
            reject("a statement with a label and a text", data)
        self.label = prose(data["label"]) or self.theorem
        prose(data["text"])
        self.statement({key: value for key, value in data.items() if key not in ("label", "text")}, proof, truth=truth)

    def chain(self, data: Data, proofs: Data) -> None:
        """Check a derivation, step by step."""
        start, steps = record(data, "start", "steps")
        before = start
        if not items(steps):
            reject("at least one step", steps)
        for number, (step, proof) in enumerate(zip(steps, items(proofs, len(steps)), strict=True), start=1):
            after, by, where = record(step, "equals", "by", "where")
            self.label = f"step {number}, {prose(by)}"
            self.statement({"kind": "identity", "left": before, "right": after, "where": where}, proof, truth=True)
            before = after

    def statement(self, data: Data, proof: Data, *, truth: bool) -> None:
        """Check that a statement is true, or false."""
        kind = data.get("kind") if isinstance(data, dict) else None
        if kind == "fails" and truth:
            self.statement(record(data, "kind", "statement")[1], proof, truth=False)
            return
        self.tally.statements += 1
        del self.analysis.denominators[self.always :]
        if kind not in KINDS:
            reject(f"a statement of a kind among {', '.join(KINDS)}", kind)
        KINDS[kind](self, data, proof, truth=truth)

    # -- points ---

    def read(self, sides: Sequence[Side]) -> None:
        """Compare the networks of expressions with their trees; the trees are what is stated, so small sizes do."""
        self.at_small_sizes(sides, self.readings)

    def compared(self, sides: Sequence[Side], compare: Compare, also: Sequence[Info] = ()) -> None:
        """Compare at random points: at small sizes always, at as many as settle every size where work allows it."""
        self.tally.degree = max(self.tally.degree, sum(map(self.analysis.degree, (*(s.info for s in sides), *also))))
        occurring = self.at_small_sizes(sides, compare)
        self.tally.comparisons += 1
        self.tally.every_size += self._every_size(sides, occurring, compare, also)

    def at_small_sizes(self, sides: Sequence[Side], compare: Compare) -> list[str]:
        """Compare at some small sizes, all of them at least 2; return the sizes that occur."""
        occurring = sorted(
            {
                size
                for s in sides
                for size in {**s.info.counts, **s.info.above, **s.network.info.counts, **s.network.info.above}
                if size in self.analysis.sizes
            }
        )
        done = 0
        for top in (4, 3, 2):
            plans = [
                {size: 2 + (place + turn) % (top - 1) for place, size in enumerate(occurring)} for turn in range(TRIALS)
            ]
            try:
                done = sum(self.point(sides, sizes, compare, WORK) for sizes in plans)
                break
            except TooMuchWorkError:
                continue
        if not done:
            reject("a statement that is defined at small sizes, and evaluated in bounded time", self.label)
        return occurring

    def _every_size(
        self, sides: Sequence[Side], occurring: Sequence[str], compare: Compare, also: Sequence[Info]
    ) -> bool:
        """Try all sizes at one of which a difference would have shown itself; False if that is too much work."""
        difference = self.analysis.total(also or [side.info for side in sides])
        least = {s: max(difference.counts.get(s, 1), 1) for s in occurring}
        axes = [[least[s] + step for step in range(difference.above.get(s, 0) + 1)] for s in occurring]
        if prod(map(len, axes)) > MAX_GRID or any(axis[-1] > MAX_SIZE for axis in axes):
            reject(f"indices and powers of sizes that {MAX_GRID} choices of sizes settle", difference.above, "split it")
        try:
            return all(
                self.point(sides, dict(zip(occurring, at, strict=True)), compare, WORK // 8) for at in cartesian(*axes)
            )
        except TooMuchWorkError:
            return False

    def point(self, sides: Sequence[Side], sizes: Mapping[str, int], compare: Compare, work: int) -> bool:
        """Compare at one random point; where something is divided by zero, at another; False if everywhere."""
        for _ in range(20):
            evaluator = self.evaluator(Field(PRIME), sizes, self.fuel(work))
            env = Env(self.drawn(evaluator))
            try:
                compare(sides, evaluator, env, Values(evaluator, env, self.networks))
            except ZeroDivisionError:
                continue
            self.tally.points += 1
            return True
        return False

    def evaluator(self, over: Field, sizes: Mapping[str, int], fuel: Fuel) -> Evaluator:
        """Return an evaluator; arrays of more than two axes get random entries."""
        found = Evaluator(
            self.analysis, over, {**dict.fromkeys(self.analysis.sizes, 2), **sizes}, fuel, {}, self.random
        )
        found.arrays = {
            symbol: {at: found.draw() for at in found.positions(axes)}
            for symbol, axes in self.analysis.symbols.items()
            if len(axes) > 2 and over.prime
        }
        return found

    def drawn(self, e: Evaluator) -> dict[str, Jet]:
        """Return random entries for all symbols without definition."""
        free = [s for s, axes in self.analysis.symbols.items() if len(axes) <= 2 and s not in self.analysis.defined]
        e.fuel.spend(sum(e.sizes[self.analysis.shape(s)[0]] * e.sizes[self.analysis.shape(s)[1]] for s in free))
        return {
            s: {0: [[e.draw() for _ in range(e.sizes[columns])] for _ in range(e.sizes[rows])]}
            for s in free
            for rows, columns in [self.analysis.shape(s)]
        }

    def readings(self, sides: Sequence[Side], e: Evaluator, env: Env, values: Values) -> None:
        """Require that the kernel's reading of each expression has the value of its tree."""
        for side in sides:
            free = side.free(side.network.free)
            self.same(side.entries(e, env, free), free, side.network, values, "a network")

    def same(
        self, entries: Mapping[Position, Any], free: Mapping[str, str], network: Network, values: Values, what: str
    ) -> None:
        """Compare entries with those of a network over some of the same indices."""
        if any(free.get(index) != size for index, size in network.free.items()):
            reject("the free indices of the expression", network.free)
        shown, names = values.network(network), list(free)
        picks = [names.index(index) for index in network.free]
        for at, value in entries.items():
            if shown[tuple(at[pick] for pick in picks)] != value:
                reject(f"{what} with the value of its tree", f"another value, in {self.label!r}")

    def show(self, text: str, where: Sequence[Side], *, truth: bool) -> None:
        """Keep a statement as this file reads it."""
        given = "".join(f", where {shown(side.tree)} = 0" for side in where)
        self.tally.shown.append(f"{'holds   ' if truth else 'is false'} {text}{given}")

    # -- evidence for what holds ---

    def identical(self, goal: Goal, form: Network) -> None:
        """Require that both sides of an identity have the same values, and their normal form too."""

        def compare(_: Sequence[Side], e: Evaluator, env: Env, values: Values) -> None:
            left, right = (side.entries(e, env, goal.free) for side in goal.sides)
            if left != right:
                reject("two sides with the same value", f"different values, in {self.label!r}")
            self.same(left, goal.free, form, values, "a normal form")

        self.compared(goal.sides, compare, [side.info for side in goal.sides])

    def combined(self, goal: Goal, data: Data, sources: Mapping[str, Sequence[Side]], units: Units) -> None:
        """Require that a goal is, up to what is not zero, a combination of the sources."""
        squared, multiplier, terms = record(data, "squared", "multiplier", "terms")
        scale, free = self.networks.multiplier(multiplier), {} if flag(squared) else goal.free
        for base, _ in scale:
            units.require(base)
        parts = [self._part(term, sources, free, units) for term in items(terms)]

        def compare(_: Sequence[Side], e: Evaluator, env: Env, values: Values) -> None:
            entries = goal.entries(e, env)
            if squared:
                entries = {(): e.over.reduced(sum(value * value for value in entries.values()))}
            by = values.multiplier(scale)
            total = {at: e.over.reduced(by * value) for at, value in entries.items()}
            for part in parts:
                part.subtract(total, list(free), e, env, values)
            if any(total.values()):
                reject(
                    "a combination of the hypotheses with the value of the goal", f"another value, in {self.label!r}"
                )

        twice = [
            _product(SCALAR, [side.info] * (2 if squared else 1) + [self.networks.scale(scale)], {})
            for side in goal.sides
        ]
        once = [_product(SCALAR, [p.hypothesis.info, p.factor.info, self.networks.scale(p.scale)], {}) for p in parts]
        self.compared([*goal.sides, *(side for group in sources.values() for side in group)], compare, [*twice, *once])

    def _part(self, data: Data, sources: Mapping[str, Sequence[Side]], free: Mapping[str, str], units: Units) -> Part:
        of, multiplier, slots, factor = record(data, "of", "multiplier", "slots", "factor")
        group, number = next(iter(table(of).items()), ("", 0))
        if len(of) != 1 or not sources.get(group):
            reject(f"one hypothesis of {', '.join(sources)}", of)
        hypothesis = sources[group][whole(number, 0, len(sources[group]) - 1)]
        own, named, network = hypothesis.free({}), table(slots), self.networks.network(factor)
        indices = {**free, **{named[index]: size for index, size in own.items() if isinstance(named.get(index), str)}}
        if set(named) != set(own) or len(indices) != len(free) + len(own):
            reject("a slot of its own for each index of the hypothesis", slots)
        if any(indices.get(index) != size for index, size in network.free.items()):
            reject("a factor over the indices of the goal and the slots", network.free)
        scale = self.networks.multiplier(multiplier)
        for polynomial in [*(base for base, _ in scale), *(q for q, _ in network.terms)]:
            units.require_divisors(polynomial)
        return Part(hypothesis, own, [named[index] for index in own], scale, network)

    # -- evidence for what does not ---

    def witness(self, proof: Data) -> Witness:
        """Return the point of a witness, the conditions on scalars checked."""
        kind, sizes, scalars, entries, values, at = record(proof, "kind", "sizes", "scalars", "entries", "values", "at")
        if kind != "witness":
            reject("a witness against what is false", kind)
        known = {size: whole(value, 1, MAX_WITNESS_SIZE) for size, value in table(sizes).items()}
        if not set(known) <= self.analysis.sizes:
            reject("sizes of the document", sizes)
        evaluator = Evaluator(
            self.analysis,
            Field(None),
            {**dict.fromkeys(self.analysis.sizes, 1), **known},
            self.fuel(WORK),
            {},
            self.random,
        )
        found = Witness(
            self, evaluator, table(values), {i: whole(v, 0, MAX_WITNESS_SIZE) for i, v in table(at).items()}
        )
        later = found.enter({symbol: [[value]] for symbol, value in table(scalars).items()}, scalar=True)
        found.complete([*later, *found.enter(table(entries), scalar=False)])
        found.check_conditions()
        self.tally.witnesses += 1
        return found

    def fuel(self, work: int) -> Fuel:
        """Return a share of the work that one file may cause."""
        return Fuel(work, self.budget)


@dataclass(frozen=True)
class Goal:
    """An expression, or the difference of two, with the free indices of both."""

    sides: tuple[Side, ...]

    @property
    def free(self) -> dict[str, str]:
        """The free indices of its entries."""
        return {index: size for side in self.sides for index, size in side.free({}).items()}

    def entries(self, e: Evaluator, env: Env) -> dict[Position, Any]:
        """Return the values."""
        first, *others = (side.entries(e, env, self.free) for side in self.sides)
        for other in others:
            first = {at: e.over.reduced(value - other[at]) for at, value in first.items()}
        return first


@dataclass(frozen=True)
class Part:
    """A factor times a hypothesis, summed over the slots that they share."""

    hypothesis: Side
    own: dict[str, str]
    slots: list[str]
    scale: Multiplier
    factor: Network

    def subtract(self, total: dict[Position, Any], free: Sequence[str], e: Evaluator, env: Env, values: Values) -> None:
        """Subtract it from entries over free indices."""
        entries, factor = self.hypothesis.entries(e, env, self.own), values.network(self.factor)
        by, names = values.multiplier(self.scale), [*free, *self.slots]
        picks = [names.index(index) for index in self.factor.free]
        e.fuel.spend(len(total) * len(entries))
        for at, start in total.items():
            found = start
            for place, value in entries.items():
                both = (*at, *place)
                found = e.over.reduced(found - by * value * factor[tuple(both[pick] for pick in picks)])
            total[at] = found


class Units:
    """What is known not to vanish: sizes, denominators of the statement, what it provides, and conditions."""

    def __init__(self, checker: Checker, provided: Sequence[Side]) -> None:
        self.checker = checker
        stated = [tree for relation, tree in checker.conditions if relation != ">="]
        self.candidates = [*checker.analysis.denominators, *stated, *(side.tree for side in provided)]

    def require(self, polynomial: Polynomial) -> None:
        """Require a polynomial that is a number times something that does not vanish."""
        points = [self._point({}) for _ in range(TRIALS)]
        own = [values.polynomial(polynomial) for values in points]
        powers = [powers for _, powers in polynomial.terms]
        if (
            len(powers) == 1
            and polynomial.terms[0][0]
            and {symbol for symbol, _ in powers[0]} <= self.checker.analysis.sizes
        ):
            return
        for tree in self.candidates:
            others = [self._value(tree, values) for values in points]
            if (
                all(own)
                and all(others)
                and all((x * others[0] - y * own[0]) % PRIME == 0 for x, y in zip(own, others, strict=True))
            ):
                return
        reject("a factor that is known not to vanish: a denominator, or what is provided or stated", str(polynomial))

    def require_divisors(self, polynomial: Polynomial) -> None:
        """Require that only what does not vanish is divided by."""
        for symbol in polynomial.divisors - self.checker.analysis.sizes:
            if symbol in self.checker.networks.reciprocals or not any(
                self._dies(tree, symbol) for tree in self.candidates
            ):
                reject("divisors that are known not to vanish", symbol)
        for symbol in polynomial.names & self.checker.networks.reciprocals.keys():
            self.require(self.checker.networks.reciprocals[symbol])

    def _dies(self, tree: Tree, symbol: str) -> bool:
        """Whether a candidate is zero where a scalar is, so that the scalar is not."""
        value = self._value(tree, self._point({symbol: 0}))
        return value is not None and not value

    def _value(self, tree: Tree, values: Values) -> Any:
        try:
            return values.e.scalar(tree, values.env)
        except ZeroDivisionError:
            return None

    def _point(self, fixed: Mapping[str, int]) -> Values:
        """Return a random point at which sizes too are random scalars, which is fair for what holds no entries."""
        e = self.checker.evaluator(Field(PRIME), {}, self.checker.fuel(WORK))
        e.scalar_sizes = {size: e.draw() for size in self.checker.analysis.sizes}
        env = Env({**self.checker.drawn(e), **{symbol: e.constant(value) for symbol, value in fixed.items()}})
        return Values(e, env, self.checker.networks)


class Witness:
    """A point with exact values."""

    def __init__(
        self, checker: Checker, evaluator: Evaluator, values: Mapping[str, Data], at: Mapping[str, int]
    ) -> None:
        self.checker, self.e, self.values, self.at = checker, evaluator, values, at
        self.known: dict[str, Jet] = {}
        self.env = Env(self.known)
        self.arrays: dict[str, dict[Position, Fraction]] = {}
        self.e.arrays = self.arrays

    def enter(self, data: Mapping[str, Data], *, scalar: bool) -> list[tuple[str, Matrix]]:
        """Enter values of symbols; return those of defined ones, which are compared later."""
        analysis, later = self.checker.analysis, []
        for symbol, rows in data.items():
            axes = analysis.symbols.get(symbol)
            if axes is None or (scalar and axes) or symbol in self.known:
                reject("one value for a symbol of the document", symbol)
            if not set(axes) <= self.e.sizes.keys():
                reject(f"a size for each axis of {symbol}", axes)
            flat = [fraction(x) for row in items(rows) for x in items(row)]
            places = list(self.e.positions(axes))
            if len(flat) != len(places):
                reject(f"{len(places)} entries of {symbol}", len(flat))
            if len(axes) > 2:
                self.arrays[symbol] = dict(zip(places, flat, strict=True))
                continue
            columns = self.e.sizes[(axes or SCALAR)[1]]
            matrix = [flat[i : i + columns] for i in range(0, len(flat), columns)]
            if symbol in analysis.defined:
                later.append((symbol, matrix))
            else:
                self.known[symbol] = {0: matrix}
        return later

    def complete(self, later: Sequence[tuple[str, Matrix]]) -> None:
        """Give a value to what the witness does not mention, and compare what is defined with its definition.

        A point is a point: that the statement fails there is what counts, not that the values were in the file.
        """
        analysis = self.checker.analysis
        for symbol, axes in analysis.symbols.items():
            if len(axes) > 2:
                self.arrays.setdefault(symbol, dict.fromkeys(self.e.positions(axes), Fraction(0)))
            elif symbol not in analysis.defined and symbol not in self.known:
                self.known[symbol] = self.e.filled(analysis.shape(symbol), Fraction(0) if axes else Fraction(1, 2))
        for symbol, matrix in later:
            if self._matrix(["symbol", symbol], self.env, analysis.shape(symbol)) != matrix:
                reject(f"the value that its definition gives to {symbol}", matrix)

    def _matrix(self, tree: Tree, env: Env, shape: tuple[str, str]) -> Matrix:
        jet = self.e.symbol(tree[1:], env) if tree[0] == "symbol" else self.e.value(tree, env)
        return jet.get(0) or self.e.filled(shape, Fraction(0))[0]

    def check_conditions(self) -> None:
        """Require the conditions on all scalars that have a value."""
        for relation, tree in self.checker.conditions:
            value = self.e.scalar(tree, self.env)
            if not {">": value > 0, ">=": value >= 0, "!=": value != 0}[relation]:
                reject(f"a point where {shown(tree)} {relation} 0", value)

    def vanishes(self, side: Side) -> bool:
        """Whether an expression is zero there, for every sample."""
        return not any(side.entries(self.e, self.env, side.free({})).values())

    def scalar(self, symbol: str) -> Fraction:
        """Return the value of a scalar symbol, or of a size as a scalar."""
        found: Fraction = self.e.symbol([symbol], self.env)[0][0][0]
        return found

    def require_zero(self, sides: Sequence[Side]) -> None:
        """Require hypotheses."""
        if not all(self.vanishes(side) for side in sides):
            reject("a point where the hypotheses hold", f"one where they do not, in {self.checker.label!r}")

    def value(self, side: Side) -> Matrix:
        """Return the value at the sample that the witness names."""
        return self._matrix(side.tree, self.env.at(self.at), side.info.shape)

    def stated(self, label: str) -> Matrix:
        """Return a value as the witness states it."""
        return [[fraction(x) for x in items(row)] for row in items(self.values.get(label))]

    def refutes(self, sides: Sequence[tuple[str, Side]]) -> bool:
        """Whether a single side is not zero there, or two differ; and their values are those that are stated."""
        if set(self.values) != {label for label, _ in sides}:
            return False
        for index, size in ((i, s) for _, side in sides for i, s in side.info.free.items()):
            if index not in self.at or self.at[index] >= self.e.sizes.get(size, 0):
                reject("a sample for each free index", self.at)
        found = [self.value(side) for _, side in sides]
        if found != [self.stated(label) for label, _ in sides]:
            return False
        return bool(found[0] != found[1]) if len(found) == 2 else any(map(any, found[0]))

    def reject(self) -> NoReturn:
        """Say that it is no witness."""
        reject("a witness: exact values as stated, at which the statement is false", f"none, in {self.checker.label!r}")


# -- the kinds of statement --------------------------------------------------------------------------------------------


def _check_identity(c: Checker, data: Data, proof: Data, *, truth: bool) -> None:
    _, first, second, given = record(data, "kind", "left", "right", "where")
    left, right, where = c.side(first), c.side(second), c.sides(given)
    if left.info.shape != right.info.shape:
        reject("two sides of one shape", (left.info.shape, right.info.shape))
    c.read([left, right, *where])
    goal = Goal((left, right))
    c.show(f"{shown(left.tree)} = {shown(right.tree)}", where, truth=truth)
    if not truth:
        witness = c.witness(proof)
        witness.require_zero(where)
        if not witness.refutes([("left", left), ("right", right)]):
            witness.reject()
    elif isinstance(proof, dict) and proof.get("kind") == "normal_form":
        c.identical(goal, c.networks.network(record(proof, "kind", "form")[1]))
    else:
        _combinations(c, [goal], where, proof)


def _combinations(c: Checker, goals: Sequence[Goal], where: Sequence[Side], proof: Data) -> None:
    kind, ways = record(proof, "kind", "ways")
    if kind != "combinations":
        reject("a normal form or combinations as evidence", kind)
    units = Units(c, [])
    for goal, way in zip(goals, items(ways, len(goals)), strict=True):
        if record(way, "squared", "multiplier", "terms")[0] is not False:
            reject("a combination for the goal itself", "one for its square")
        c.combined(goal, way, {"where": where}, units)


def _check_vanishing(c: Checker, data: Data, proof: Data, *, truth: bool) -> None:
    _, expressions, given = record(data, "kind", "expressions", "where")
    goals, where = c.sides(expressions), c.sides(given)
    if not goals:
        reject("at least one expression that vanishes", "none")
    c.read([*goals, *where])
    c.show(", ".join(f"{shown(goal.tree)} = 0" for goal in goals), where, truth=truth)
    if truth:
        _combinations(c, [Goal((goal,)) for goal in goals], where, proof)
        return
    witness = c.witness(proof)
    witness.require_zero(where)
    if not any(witness.refutes([("value", goal)]) for goal in goals):
        witness.reject()


def _check_equivalence(c: Checker, data: Data, proof: Data, *, truth: bool) -> None:
    _, *groups = record(data, "kind", "left", "right", "provided", "where")
    left, right, provided, where = map(c.sides, groups)
    if not left or not right or any(side.info.shape != SCALAR or side.info.free for side in provided):
        reject("expressions on both sides, scalars that are provided", data)
    c.read([*left, *right, *provided, *where])
    sides = " iff ".join(", ".join(f"{shown(s.tree)} = 0" for s in group) for group in (left, right))
    c.show(sides + "".join(f", given {shown(s.tree)} != 0" for s in provided), where, truth=truth)
    if truth:
        _both_directions(c, left, right, provided, where, proof)
        return
    witness = c.witness(proof)
    witness.require_zero(where)
    if any(witness.vanishes(side) for side in provided):
        witness.reject()
    for some, others in ((left, right), (right, left)):
        if any(witness.refutes([("value", side)]) for side in some) and all(map(witness.vanishes, others)):
            return
    witness.reject()


def _both_directions(
    c: Checker,
    left: Sequence[Side],
    right: Sequence[Side],
    provided: Sequence[Side],
    where: Sequence[Side],
    proof: Data,
) -> None:
    kind, *directions = record(proof, "kind", "forward", "backward")
    if kind != "both_directions":
        reject("both directions of an equivalence as evidence", kind)
    # the real numbers are meant by a square: a sum of squares vanishes where each of them does
    units = Units(c, provided)
    for goals, names, sources, ways in ((left, "right", right, directions[0]), (right, "left", left, directions[1])):
        for goal, way in zip(goals, items(ways, len(goals)), strict=True):
            c.combined(Goal((goal,)), way, {names: sources, "where": where}, units)


def _check_positivity(c: Checker, data: Data, proof: Data, *, truth: bool) -> None:
    _, expression, bounds = record(data, "kind", "scalar", "ranges")
    side, ranges = c.side(expression), {}
    for symbol, (low, high) in ((s, items(pair, 2)) for s, pair in table(bounds).items()):
        if c.analysis.symbols.get(symbol, ()) != () or symbol in c.analysis.defined:
            reject("ranges of scalars without definition", symbol)
        ranges[symbol] = (fraction(low), None if high is None else fraction(high))
        if high is not None and fraction(low) >= fraction(high):
            reject("a range with points in it", [low, high])
    if side.info.shape != SCALAR or side.info.free or any(c.analysis.symbols.get(s) for s in side.info.above):
        reject("a scalar without entries", side.info.shape)
    c.read([side])
    c.show(f"{shown(side.tree)} > 0 for {bounds}", [], truth=truth)
    if truth:
        _positive(c, side, ranges, proof)
        return
    witness = c.witness(proof)
    for symbol, (low_end, high_end) in ranges.items():
        value = witness.scalar(symbol)
        if value <= low_end or (high_end is not None and value >= high_end):
            witness.reject()
    if (
        set(witness.values) != {"value"}
        or witness.value(side) != witness.stated("value")
        or witness.value(side)[0][0] > 0
    ):
        witness.reject()


def _positive(c: Checker, side: Side, ranges: Mapping[str, tuple[Fraction, Fraction | None]], proof: Data) -> None:
    kind, form, squares, degrees, lifted = record(proof, "kind", "form", "squares", "degrees", "lifted")
    if kind != "positive":
        reject("a positive form as evidence", kind)
    polynomial, scale = c.networks.polynomial(form), c.networks.multiplier(squares)
    if not polynomial.terms or any(coefficient <= 0 for coefficient, _ in polynomial.terms):
        reject("a form whose coefficients are positive", form)
    if polynomial.divisors or not polynomial.names <= ranges.keys():
        reject("a form without denominators, in the scalars that have a range", form)
    powers = {symbol: whole(power, 0, MAX_POWER) for symbol, power in table(degrees).items()}
    if any(symbol not in ranges or ranges[symbol][1] is None for symbol in powers):
        reject("degrees of scalars between two bounds", degrees)
    lift = whole(lifted, 0, MAX_POWER)

    def compare(_: Sequence[Side], e: Evaluator, env: Env, values: Values) -> None:
        t, x = {symbol: e.draw() for symbol in ranges}, {}
        for symbol, (low, high) in ranges.items():
            bottom = e.over.number(1) if high is None else 1 + t[symbol]
            top = (
                e.over.number(low) * bottom + t[symbol]
                if high is None
                else e.over.number(low) + e.over.number(high) * t[symbol]
            )
            x[symbol] = e.over.reduced(top * e.over.inverse(e.over.reduced(bottom)))
        env = env.changed({symbol: e.constant(value) for symbol, value in x.items()})
        e.scalar_sizes = {symbol: value for symbol, value in x.items() if symbol in c.analysis.sizes}
        moved = Values(e, env, c.networks)
        value = e.scalar(side.tree, env) * moved.multiplier(scale) ** 2
        for symbol, power in powers.items():
            value = e.over.reduced(value * pow(1 + t[symbol], power, PRIME))
        value *= pow(1 + sum(t[symbol] for symbol in polynomial.names), lift, PRIME)
        if e.over.reduced(value) != polynomial.value(e.over, t.__getitem__):
            reject("a form that is the scalar times something positive", f"another form, in {c.label!r}")
        del values

    c.compared([side], compare)


KINDS = {
    "identity": _check_identity,
    "vanishing": _check_vanishing,
    "equivalence": _check_equivalence,
    "positivity": _check_positivity,
}


# -- for people --------------------------------------------------------------------------------------------------------


def shown(tree: Data) -> str:
    """Return a tree as text, written by this file: functions of their parts, sums and products in parentheses."""
    operation, *args = tree
    if operation in ("number", "symbol"):
        return str(args[0])
    signs = {"add": " + ", "mul": " ", "scale": " ", "matmul": " ", "hadamard": " o "}
    if operation in signs:
        return "(" + signs[operation].join(map(shown, args)) + ")"
    if operation in ("power", "matrix_power"):
        return f"{shown(args[0])}^{args[1]}"
    if operation == "transpose":
        return f"{shown(args[0])}^T"
    parts = [
        shown(a) if isinstance(a, list) and a and isinstance(a[0], str) and a[0] in RULES else _plain(a) for a in args
    ]
    return f"{operation}({', '.join(parts)})"


def _plain(data: Data) -> str:
    if isinstance(data, list):
        inner = [
            shown(a) if isinstance(a, list) and a and isinstance(a[0], str) and a[0] in RULES else _plain(a)
            for a in data
        ]
        return "[" + ", ".join(inner) + "]"
    return str(data)


def printable(text: str) -> str:
    """Return a text that does nothing to a terminal but fill lines."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "?" for letter in text)


def check(document: Data, seed: int) -> Tally:
    """Check a document; returns what was done, or raises a RejectedError."""
    try:
        return Checker(document, Random(seed)).run()  # noqa: S311 - drawn anew for each run, and printed
    except ZeroDivisionError as error:
        raise RejectedError(_WORDS.format("values that are defined", "a division by zero", REMEDY)) from error
    except (
        KeyError,
        IndexError,
        TypeError,
        ValueError,
        AttributeError,
        RecursionError,
        MemoryError,
        OverflowError,
    ) as error:
        raise RejectedError(
            _WORDS.format("a well-formed certificate", f"{type(error).__name__}: {error}", REMEDY)
        ) from error


def main(arguments: Sequence[str] | None = None) -> int:
    """Check files and print a line for each; 0 if all of them are accepted, 1 if one is not, 2 if there is none."""
    parser = argparse.ArgumentParser(description="Check certificates of theorems by evaluating them.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="certificates, or folders of them")
    parser.add_argument("--seed", type=int, help="default: a new one each time, so that no file can expect it")
    parser.add_argument("--show", action="store_true", help="print the statements, from their trees")
    parser.add_argument("--strict", action="store_true", help="reject what is checked at small sizes only")
    options = parser.parse_args(arguments)
    seed = secrets.randbelow(10**12) if options.seed is None else options.seed
    files = [f for path in options.files for f in (sorted(path.glob("*.json")) if path.is_dir() else [path])]
    rejected = 0
    for path in files:
        try:
            document = load(path)
            tally = check(document, seed)
            if options.strict and tally.every_size < tally.comparisons:
                reject("every comparison settled for every size", f"{tally.every_size} of {tally.comparisons}")
        except RejectedError as error:
            rejected += 1
            print(printable(f"REJECTED {path}\n{error}"), file=sys.stderr)
            continue
        print(printable(f"CHECKED {document['theorem']}: {tally}"))
        if options.show:
            print(printable("\n".join(f"  {line}" for line in tally.shown)))
    print(f"{'FAILED' if rejected else 'ACCEPTED'} {len(files) - rejected} of {len(files)} certificates, seed {seed}")
    return 2 if not files else 1 if rejected else 0


if __name__ == "__main__":
    raise SystemExit(main())
