"""Coq's syntax: applications, sums and products of texts, with no more parentheses than they need, and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import count

# Coq's own words, the prelude's, and the names that statements bind: a symbol of such a name gets an underscore
_WORDS = """
    R S O I IF as at by cofix else end exists exists2 fix for forall fun if in let match mod return then using where
    with Set Prop Type SProp Space Samples Expectation Linear adj add app carrier count curvature expect inner moment
    move move_map neg outer plus quadratic scale slope sub sum tangent times total transpose zero
    step dir row column
"""
_RESERVED = frozenset(_WORDS.split())
_STATED = re.compile(r"proved|(claim|near_miss)_\d+")  # the names that a file gives to its theorems
_SAMPLE = re.compile(r"\b[ij]\d*\b(?!')")  # the names that sample_names runs through
_LETTERS = {"~": "_mixed", "+": "_plus", "-": "_mean"}


def identifier(name: str) -> str:
    """Return a Coq identifier for the name of a symbol or a size."""
    for character, word in _LETTERS.items():
        name = name.replace(character, word)
    taken = name in _RESERVED or _SAMPLE.fullmatch(name) or _STATED.fullmatch(name)
    return f"{name}_" if taken else name


def sample_names() -> Iterator[str]:
    """Run through the names for samples: i, j, i1, j1, ..."""
    yield from ("i", "j")
    for number in count(1):
        yield from (f"i{number}", f"j{number}")


def names(name: str, code: str) -> bool:
    """Whether a text mentions a name."""
    return name in re.findall(r"[\w']+", code)


def canonical(code: str) -> str:
    """Return a text with the samples that it binds numbered in the order in which they occur."""
    known = {name: name for name in loose_samples(code)}
    return _SAMPLE.sub(lambda found: known.setdefault(found[0], f"#{len(known)}"), code)


def loose_samples(code: str) -> set[str]:
    """Return the samples that a text mentions without binding them."""
    return set(_SAMPLE.findall(code)) - set(re.findall(r"fun ([ij]\d*) :", code))


def applied(function: str, *arguments: str) -> str:
    """Return ``function a (b c)``."""
    head = f"({function})" if arguments and function.startswith("fun ") else function
    return " ".join([head, *map(argument, arguments)])


def binder(sample: str, size: object, body: str) -> str:
    """Return ``fun i : n => body``."""
    return f"fun {sample} : {size} => {body}"


def added(terms: Sequence[tuple[bool, str]]) -> str:
    """Return a sum of numbers; each comes with whether it is negative."""
    (negative, first), *rest = terms
    start = f"- {_factor(first)}" if negative else first
    return start + "".join(f" - {_factor(term)}" if minus else f" + {term}" for minus, term in rest)


def vectors_added(terms: Sequence[tuple[bool, str]]) -> str:
    """Return a sum of vectors."""
    (negative, value), *rest = terms
    value = applied("neg", value) if negative else value
    for minus, term in rest:
        value = applied("sub" if minus else "add", value, term)
    return value


def multiplied(factors: Sequence[str]) -> str:
    """Return a product of numbers; ones are left out."""
    kept = [factor for factor in factors if factor != "1"]
    return " * ".join(map(_factor, kept)) if len(kept) > 1 else (kept or ["1"])[0]


def divided(above: str, below: str) -> str:
    """Return a quotient of numbers."""
    return f"{_factor(above)} / {f'({below})' if _outermost(below, '+-*/^') else below}"


def raised(base: str, exponent: object) -> str:
    """Return a power of a number."""
    return f"{argument(base)} ^ {exponent}"


def weighted(weight: str, value: str, *, vector: bool) -> str:
    """Return a multiple of a number or a vector."""
    if not vector:
        return multiplied([weight, value])
    return value if weight == "1" else applied("scale", weight, value)


def number(value: Fraction) -> str:
    """Return a rational number."""
    return str(value.numerator) if value.denominator == 1 else f"{value.numerator} / {value.denominator}"


def argument(text: str) -> str:
    """Return a text that can be an argument."""
    return f"({text})" if _outermost(text, " ") or text.startswith("-") else text


def _factor(text: str) -> str:
    """Return a text that can be a factor: a sum and a function are put in parentheses."""
    return f"({text})" if _outermost(text, "+-=") else text


def _outermost(text: str, characters: str) -> bool:
    """Whether one of the characters stands outside of all parentheses."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth == 0 and character in characters and character not in "()":
            return True
    return False
