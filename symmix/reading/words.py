"""Lines of words around the mathematics of a theorem file: ``WORD: ...`` and ``WORD NAME: ...``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from symmix.reading.tokens import Place, ReadingError
from symmix.terms.names import MAX_NAME

THEOREM, CLAIM, MISS, BECAUSE, POINT, LEMMA, BY = "theorem", "claim", "near miss", "because", "point", "lemma", "by"
PROSE = ("title", "source", "answers", "quotes", "idea", "note")  # words about the theorem
SYMBOLS = ("meaning", "spelling")  # of a symbol, for print
ROLES = (CLAIM, MISS)
FORMS = {
    THEOREM: "theorem NAME: what it says, in words",
    CLAIM: "claim: A = B, or claim NAME: A = B",
    MISS: "near miss NAME: A = B, which has to be refuted",
    BECAUSE: "because: left = W^T u for right = u, or because: squares of e, A e",
    POINT: "point: n = 2, v = [[1], [0]]",
    LEMMA: "lemma NAME: what is used and not decided here, in words",
    BY: "by: where the lemma above comes from",
    **{word: f"{word}: words" for word in PROSE},
    **{word: f"{word} SYMBOL: words" for word in SYMBOLS},
}
"""Every word that begins such a line, with how the line is written."""
_NAMED = frozenset({THEOREM, LEMMA, *ROLES, *SYMBOLS})
_OTHERS = {  # what one may write in their place
    "proof": "leave it out: a chain from one side of a claim to the other is its proof",
    "proposition": f"write {FORMS[THEOREM]}",
    "corollary": f"write {FORMS[THEOREM]}",
    "assume": "write given A = 0, or given s != 0",
    "assumption": "write given A = 0, or given s != 0",
    "suppose": "write given A = 0, or given s != 0",
    "hypothesis": "write given A = 0, or given s != 0",
    "counterexample": f"write {FORMS[MISS]}",
    "show": f"write {FORMS[CLAIM]}",
    "define": "write L := 1/2 |r|^2",
    "hint": f"write {FORMS[BECAUSE]}",
    "remark": f"write {FORMS['note']}",
    "statement": f"write {FORMS[THEOREM]}",
}
_WORD = re.compile(r"[ \t]*([A-Za-z]+(?:[- ]+miss\b)?)(?=[ \t:])")
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9_]{{0,{MAX_NAME - 1}}}")
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ,.'()-]*")
_STATEMENTS = ("for all", "not always")  # what begins a statement that has a colon in it
_MATHEMATICS = frozenset({"let", "given", "random", "not", "for", "where"})  # what else stands before a colon
MAX_LABEL = 200
_SPACE = " \t"


@dataclass(frozen=True)
class Said:
    """A line of words: which kind it is, the name in front of the colon, and where the rest of it begins."""

    word: str
    name: str
    place: Place
    begin: int


def said(line: str, number: int, knows: Callable[[str], bool]) -> Said | None:
    """Return what kind of line of words a line is; None if it is mathematics.

    Raises
    ------
    ReadingError
        If it begins like one, and is none.
    """
    found = _WORD.match(line)
    colon = -1 if found is None else _colon(line, found.end())
    if found is None or colon < 0 or knows(found[1]):
        return None
    word, name = found[1], line[found.end() : colon].strip(_SPACE)
    place = Place(number, found.start(1) + 1)
    if word not in FORMS:
        _require_no_slip(word, place)
        return None
    begin = len(line) - len(line[colon + 1 :].lstrip(_SPACE))
    if word in _NAMED:
        name = _named(word, name, Place(number, line.index(name, found.end()) + 1 if name else begin))
    elif name:
        raise ReadingError(place, f"{word} with its colon", f"{word} {name}:", f"write {FORMS[word]}")
    return Said(word, name, place, begin)


def _colon(line: str, begin: int) -> int:
    """Return where the colon behind a word and its name stands, -1 if there is none: := is no colon."""
    quoted = _QUOTED.match(line, len(line) - len(line[begin:].lstrip(_SPACE)))
    end = quoted.end() if quoted else begin
    colon = line.find(":", end)
    between = line[end:colon]
    is_one = not line.startswith(":=", colon) and ('"' not in between if not quoted else not between.strip(_SPACE))
    return colon if is_one else -1


def label_of(name: str) -> str:
    """Return a label as it is written in front of a colon, in quotation marks where it needs them."""
    plain = " ".join(name.split())
    fits = _LABEL.fullmatch(plain) and not plain.startswith(_STATEMENTS)
    return plain if fits or not plain else '"' + plain.replace('"', '""') + '"'


def _named(word: str, name: str, place: Place) -> str:
    if word not in ROLES:
        if word in SYMBOLS:
            return name
        if _NAME.fullmatch(name):
            return name
        required = f"the name of a {word}: a letter, then letters, digits and _"
        raise ReadingError(place, required, f"{name!r}" if name else "none", f"write {FORMS[word]}")
    if name.startswith('"'):
        plain = " ".join(name[1:-1].replace('""', '"').split())
        if not plain:
            raise ReadingError(place, "a label", 'none between ""', f"write {FORMS[word]}")
    elif name and (not _LABEL.fullmatch(name) or name.startswith(_STATEMENTS)):
        required = "a colon behind the word, or a label of letters, numbers and spaces between"
        help_ = f'write {word}: {name}: ..., or put a label into quotation marks: {word} "...": A = B'
        raise ReadingError(place, required, f"{name!r} before the colon", help_)
    else:
        plain = " ".join(name.split())
    if len(plain) > MAX_LABEL:
        raise ReadingError(place, f"labels of at most {MAX_LABEL} characters", f"{len(plain)}", "shorten it")
    return plain


def _require_no_slip(word: str, place: Place) -> None:
    """Refuse what is meant for one of the words; what begins in another way is mathematics."""
    if word in _MATHEMATICS:
        return
    lower = " ".join(word.lower().replace("-", " ").split())
    close = [lower] if lower in FORMS else get_close_matches(lower, FORMS, 1, 0.8)
    remedy = f"write {FORMS[close[0]]}" if close else _OTHERS.get(lower, "")
    if remedy:
        raise ReadingError(place, f"one of the words {', '.join(FORMS)}", f"{word}:", remedy)
