"""JSON from strangers: what is no document is rejected early, on one line, and all work is counted."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NoReturn

MAX_BYTES = 2_000_000  # of a file
MAX_NESTING = 400  # brackets inside of each other
MAX_WORK = 400_000  # products of terms, nodes and entries in one document: about a second
MAX_BITS = 20_000  # of a number that arises,
MAX_DIGITS = 1_000  # and of one in a file
MAX_POWER = 10_000

Data = Any  # what JSON can hold


class RejectedError(Exception):
    """Something that the document states is not borne out, or it is no document; the text says what."""


def reject(reason: str) -> NoReturn:
    """Reject, on one line of printable ASCII: nothing in a document writes lines of its own."""
    raise RejectedError(plain(reason if len(reason) <= 400 else reason[:400] + "..."))


def plain(text: object) -> str:
    """Return text in printable ASCII, everything else escaped."""
    return "".join(c if c.isascii() and c.isprintable() else ascii(c)[1:-1] for c in str(text))


class Meter:
    """Counts the work that is done for one document."""

    def __init__(self, limit: int) -> None:
        self.left = limit

    def spend(self, amount: int) -> None:
        """Count some work."""
        self.left -= amount
        if self.left < 0:
            reject("more work than this checker does for one document")

    def weigh(self, value: Fraction) -> Fraction:
        """Count the work of arithmetic with a number, which may not be too large."""
        bits = value.numerator.bit_length() + value.denominator.bit_length()
        if bits > 256:
            self.spend((bits >> 8) ** 2)
            if bits > MAX_BITS:
                reject("a number that is too large")
        return value


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')


def parse(text: str) -> Data:
    """Return JSON as data; a key that stands twice, a float, a large number and deep nesting are rejected."""
    if len(text) > MAX_BYTES:
        reject(f"a file of at most {MAX_BYTES} bytes is required")
    depth = 0
    for bracket in re.findall(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_NESTING:
            reject(f"brackets are nested more than {MAX_NESTING} deep")
    try:
        return json.loads(text, object_pairs_hook=_table, parse_int=_whole, parse_float=_no, parse_constant=_no)
    except ValueError as error:
        reject(f"no JSON: {error}")


def _table(pairs: list[tuple[str, Data]]) -> dict[str, Data]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else reject("a key stands twice in one table")


def _whole(digits: str) -> int:
    return int(digits) if len(digits) <= 10 else reject("a whole number of more than 10 digits")


def _no(digits: str) -> NoReturn:
    reject(f"a number with a fraction or an exponent: {digits[:40]}")


def digest(data: Data) -> str:
    """Return the SHA-256 of JSON data in its one spelling: keys sorted, no white space, ASCII."""
    spelled = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(spelled.encode()).hexdigest()


# -- shapes of data ---


def table_of(data: Data, what: str, keys: Iterable[str] | None = None) -> dict[str, Data]:
    """Return a table, with exactly these keys."""
    if not isinstance(data, dict) or (keys is not None and set(data) != set(keys)):
        reject(f"{what}: a table{'' if keys is None else ' of ' + ', '.join(sorted(keys))} is required")
    return data


def list_of(data: Data, what: str, count: int | None = None) -> list[Data]:
    """Return a list, of so many items."""
    if not isinstance(data, list) or (count is not None and len(data) != count):
        reject(f"{what}: a list{'' if count is None else f' of {count}'} is required, not {data!r:.80}")
    return data


def text_of(data: Data, what: str) -> str:
    """Return text for people, without line breaks and control characters."""
    if not isinstance(data, str) or len(data) > 4000 or not data.isprintable():
        reject(f"{what}: one line of text is required, not {data!r:.80}")
    return data


def flag_of(data: Data) -> bool:
    """Return true or false."""
    return data if isinstance(data, bool) else reject(f"true or false is required, not {data!r:.80}")


def whole_of(data: Data, what: str, low: int = 0, high: int = MAX_POWER) -> int:
    """Return a whole number in a range."""
    if type(data) is not int or not low <= data <= high:
        reject(f"{what}: a whole number from {low} to {high} is required, not {data!r:.80}")
    return data


_NUMBER = re.compile(r"(0|-?[1-9][0-9]*)(/[1-9][0-9]*)?")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*[+~-]?'*")
MAX_NAME = 60


def number_of(data: Data) -> Fraction:
    """Return a rational in lowest terms, written as text."""
    if isinstance(data, str) and len(data) <= MAX_DIGITS and _NUMBER.fullmatch(data):
        value = Fraction(data)
        if str(value) == data:
            return value
    reject(f'a number in lowest terms as text, "-1/2", is required, not {data!r:.80}')


def name_of(data: Data, what: str) -> str:
    """Return a name: an ASCII letter, then letters, digits and _, then accents."""
    if not isinstance(data, str) or len(data) > MAX_NAME or not _NAME.fullmatch(data):
        reject(f"the name of {what}: a letter, then letters, digits and _, then accents, not {data!r:.80}")
    return data
