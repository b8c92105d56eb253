"""What a derivation declares above each of its steps, and the steps themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from tests.planted.grammar import Part, Reader, UnsupportedError, split

WORDS = ("symmetric", "skew", "diagonal", "whole")


@dataclass(frozen=True)
class Symbol:
    """A declared symbol: the words of its shape, what is said of it, and its range."""

    shape: tuple[str, ...]
    property: str = ""
    range: str = ""


@dataclass(frozen=True)
class Equation:
    """A hypothesis: two sides, joined by =, > or !=, for all values of some indices."""

    text: str
    left: Part
    sign: str
    right: Part
    indices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """All that stands above a step."""

    lines: tuple[str, ...] = ()
    symbols: dict[str, Symbol] = field(default_factory=dict)
    sizes: tuple[str, ...] = ()
    free: dict[str, str] = field(default_factory=dict)  # sample indices, with their sizes
    definitions: dict[str, Part] = field(default_factory=dict)
    derivatives: dict[tuple[str, str], Part] = field(default_factory=dict)
    given: tuple[Equation, ...] = ()
    random: dict[str, tuple[Equation, ...]] = field(default_factory=dict)

    @property
    def known(self) -> set[str]:
        return {*self.symbols, *self.sizes, *self.definitions}

    def read(self, text: str) -> Part:
        return Reader(text, self.known).whole()

    def equation(self, text: str) -> Equation:
        indices: tuple[str, ...] = ()
        words = text.strip()
        if words.startswith("for all "):
            head, _, words = words[len("for all ") :].partition(":")
            indices = tuple(part.replace(" ", "") for part in head.split(","))
        for sign in ("!=", ">", "="):
            left, found, right = words.partition(sign)
            if found:
                return Equation(" ".join(text.split()), self.read(left), sign, self.read(right), indices)
        raise UnsupportedError(text)


@dataclass(frozen=True)
class Step:
    """``left = right``, where perhaps something holds, below a setting."""

    name: str
    setting: Setting
    left: str
    right: str
    where: str = ""

    def written(self, right: str) -> str:
        """Return a derivation of this step alone, with another right side."""
        where = f" where {self.where}" if self.where else ""
        return "\n".join((*self.setting.lines, f"{self.left} = {right}{where}", ""))

    @property
    def assumed(self) -> tuple[Equation, ...]:
        return tuple(self.setting.equation(text) for text in split(self.where, ",") if text.strip())


def logical(text: str) -> Iterator[tuple[str, str]]:
    """Return the lines without comments, continued ones joined, each with its comment."""
    held = ""
    for line in text.splitlines():
        said, _, comment = line.partition("#")
        held += said.rstrip() + " "
        if held.strip() and not held.rstrip().endswith((",", "+", "-", "*", ":=")):
            yield held.rstrip(), comment.strip()
            held = ""


def steps(name: str, text: str) -> Iterator[Step]:
    """Return the right steps of a derivation: what a comment calls wrong, and what is no equation, is left out."""
    setting, before, chain = Setting(), "", 0
    for line, comment in logical(text):
        words = line.strip()
        if comment.startswith("wrong"):
            continue
        if words.startswith(("let ", "given ", "random ")) or ":=" in _top(words):
            setting = told(setting, words)
            continue
        if any(sign in words for sign in (">=", "if and only if", "not always", "least", " > ", "given ")):
            continue
        said, _, where = words.partition(" where ")
        sides = [side.strip() for side in split(said, "=")]
        chain += bool(sides[0])
        if not sides[0]:
            sides[0] = before
        for left, right in pairwise(sides):
            yield Step(f"{name} {chain}", setting, left, right, where.strip())
        before = sides[-1]


def _top(words: str) -> str:
    """Return what stands in no bracket."""
    found, depth = "", 0
    for letter in words:
        depth += (letter in "([{") - (letter in ")]}")
        found += letter if depth == 0 else ""
    return found


def told(setting: Setting, line: str) -> Setting:
    """Return the setting with one more line."""
    setting = replace(setting, lines=(*setting.lines, line))
    head, _, rest = line.partition(" ")
    if head == "let":
        for part in split(rest, ","):
            setting = _declared(setting, part.strip())
        return setting
    if head == "given":
        found = tuple(setting.equation(part) for part in split(rest, ","))
        return replace(setting, given=(*setting.given, *found))
    if head == "random":
        name, _, moments = rest.partition(":")
        name = name.strip()
        read = tuple(setting.equation(part.replace("E[", f"E_{name}[")) for part in split(moments, ","))
        return replace(setting, random={**setting.random, name: read})
    name, _, rest = line.partition(":=")
    name = name.strip()
    if "/d" in name:
        of, _, by = name[1:].partition("/d")
        return replace(setting, derivatives={**setting.derivatives, (of, by): setting.read(rest)})
    return replace(setting, definitions={**setting.definitions, name: setting.read(rest)})


def _declared(setting: Setting, text: str) -> Setting:
    if "<" in text:
        index, _, size = (word.strip() for word in text.partition("<"))
        return replace(setting, free={**setting.free, index: size}, sizes=_sizes(setting, size))
    if text.endswith(" size"):
        return replace(setting, sizes=_sizes(setting, text.split(maxsplit=1)[0]))
    text, _, interval = text.partition(" in ")
    name, _, shape = (word.strip() for word in text.partition(":"))
    words = [word for word in shape.split() if word != "x"]
    said = next((word for word in words if word in WORDS), "")
    words = [word for word in words if word not in WORDS]
    if len(words) > 2:
        raise UnsupportedError(text)
    symbols = {**setting.symbols, name: Symbol(tuple(words), said, interval.strip())}
    return replace(setting, symbols=symbols, sizes=_sizes(setting, *words))


def _sizes(setting: Setting, *words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*setting.sizes, *(word for word in words if not word.isdigit()))))
