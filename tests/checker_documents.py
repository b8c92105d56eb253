"""Documents for the tests of the exact checker, written by hand: no module of symmix but the checker is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symmix import checker
from symmix.checker import digest

Data = Any
ZERO = ["Number", "0"]
SCALARS = ("s", "t", "lam", "m1", "m2", "q")
SHAPES = "W k h, V h k, A n n, B n n, J n p, x n 1, y n 1, z h 1, e k 1, th p 1, P n 1, H n p p"
SYMBOLS: dict[str, list[str]] = {name: [] for name in SCALARS} | {
    name: axes for name, *axes in (item.split() for item in SHAPES.split(", "))
}


def num(value: object) -> Data:
    return ["Number", str(value)]


def sym(name: str) -> Data:
    return ["Symbol", name]


def size(name: str) -> Data:
    return ["Size", name]


def add(*terms: Data) -> Data:
    return ["Add", list(terms)]


def mul(*factors: Data) -> Data:
    return ["Multiply", list(factors)]


def neg(tree: Data) -> Data:
    return mul(num(-1), tree)


def over(above: Data, below: Data) -> Data:
    return ["Quotient", above, below]


def power(base: Data, exponent: int) -> Data:
    return ["Power", base, exponent]


def at(tree: Data, *indices: str) -> Data:
    return ["Entry", tree, list(indices)]


def total(body: Data, **indices: str) -> Data:
    return ["Total", [[name, n] for name, n in indices.items()], body]


def transposed(tree: Data) -> Data:
    return ["Transpose", tree]


def trace(tree: Data) -> Data:
    return ["Trace", tree]


def expected(of: Data, random: str, **moments: Data) -> Data:
    """Return the expectation over a scalar; the moments are m1=..., m2=..., ..."""
    return ["Expectation", of, sym(random), [[int(key[1:]), [], value] for key, value in moments.items()]]


def identity(left: Data, right: Data, where: Sequence[Data] = ()) -> Data:
    return ["Identity", left, right, list(where)]


def vanishing(*expressions: Data, where: Sequence[Data] = ()) -> Data:
    return ["Vanishing", list(expressions), list(where)]


def equivalence(left: Sequence[Data], right: Sequence[Data], provided: Sequence[Data] = ()) -> Data:
    return ["Equivalence", list(left), list(right), list(provided), []]


def statement(*claims: Data, **parts: Data) -> Data:
    """Return a statement document: its tables are those of what occurs in it."""
    document = {
        "schema": "symmix-statement/2",
        "theorem": "t",
        **{
            key: parts.get(key, [])
            for key in ("indices", "definitions", "conditions", "whole", "independent", "proofs")
        },
        "claims": parts.get("labelled") or [[str(n), claim] for n, claim in enumerate(claims)],
        "near_misses": [[str(n), miss] for n, miss in enumerate(parts.get("near_misses", []))],
        "lemmas": parts.get("lemmas", []),
    }
    words = _words([document[key] for key in document if key not in ("schema", "theorem", "lemmas")])
    symbols = {name: axes for name, axes in {**SYMBOLS, **parts.get("symbols", {})}.items() if name in words}
    sizes = {n for axes in symbols.values() for n in axes} | (words & {"n", "m", "k", "h", "p"})
    return {**document, "sizes": sorted(sizes - {*"123456789"}), "symbols": symbols}


def _words(data: Data) -> set[str]:
    if isinstance(data, list):
        return set().union(*map(_words, data))
    return {data} if isinstance(data, str) else set()


EQUAL: Data = {"kind": "equal"}


def point(sizes: Mapping[str, int] | None = None, at: Mapping[str, int] | None = None, **values: Data) -> Data:
    """Return a point; what is a text is a scalar."""
    scalars = {name: value for name, value in values.items() if isinstance(value, str)}
    entries = {name: value for name, value in values.items() if not isinstance(value, str)}
    return {"sizes": dict(sizes or {}), "scalars": scalars, "entries": entries, "at": dict(at or {})}


def witness(sizes: Mapping[str, int] | None = None, at: Mapping[str, int] | None = None, **values: Data) -> Data:
    return {"kind": "witness", **point(sizes, at, **values)}


def term(number: int, factor: Data, **parts: Data) -> Data:
    """Return a term of a combination, of a hypothesis of ``where`` if nothing else is said."""
    return {"of": ["where", number], "factor": factor, **parts}


def combination(*terms: Data, multiplier: Data = (), squared: bool = False) -> Data:
    return {"squared": squared, "multiplier": list(multiplier), "terms": list(terms)}


def ways(*combinations: Data) -> Data:
    return {"kind": "combinations", "ways": list(combinations)}


def certificate(document: Data, *claims: Data, **parts: Data) -> Data:
    """Return a certificate with the evidence of the claims."""
    evidence = {"claims": list(claims), **{key: parts.get(key, []) for key in ("proofs", "near_misses")}}
    return {
        "schema": "symmix-certificate/2",
        "statement": document,
        "digest": digest(document),
        "text": {},
        "evidence": evidence,
    }


def verdict(claim: Data, evidence: Data, **parts: Data) -> str:
    """Return why a claim with its evidence is rejected, "" if it is not."""
    return checker.check(certificate(statement(claim, **parts), evidence)).reason
