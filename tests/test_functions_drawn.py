"""Statements about functions that are drawn at random: what is proved holds for functions that are not affine, too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix import Identity, Nonnegative
from symmix.errors import SymmixError
from symmix.language import ForAll, Function
from symmix.setting import Setting
from symmix.verdict import Proved, Refuted

Values = Mapping[str, Any]  # numbers, and functions
FUNCTIONS = {"f": Function("f"), "g": Function("g")}
FREE, BOUND = ("u", "v"), ("s", "t")
SYMBOLS = {name: sp.Symbol(name, real=True) for name in (*FREE, *BOUND)}

# functions that are exact at rational numbers, most of which are not affine
ZOO: list[Callable[[Fraction], Fraction]] = [
    lambda x: x,
    lambda x: -x,
    lambda x: 2 * x + 1,
    lambda x: Fraction(0) * x,
    lambda x: Fraction(1) + 0 * x,
    abs,
    lambda x: x * x,
    lambda x: x**3,
    lambda x: Fraction(x.numerator // x.denominator),
    lambda x: max(x, Fraction(0)),
    lambda x: 1 / (1 + x * x),
    lambda x: x - x.numerator // x.denominator,
]
GRID = [Fraction(*pair) for pair in ((0, 1), (1, 1), (-1, 1), (2, 1), (1, 2), (-3, 2))]


@dataclass(frozen=True)
class Term:
    """A term that SymPy has, and that Python evaluates: the two share nothing."""

    kind: str
    parts: tuple[Any, ...]

    def written(self) -> Any:
        match self.kind, self.parts:
            case "number", (value,):
                return sp.Integer(value)
            case "name", (name,):
                return SYMBOLS[name]
            case "call", (name, argument):
                return FUNCTIONS[name](argument.written())
            case "+", (one, other):
                return one.written() + other.written()
            case "-", (one, other):
                return one.written() - other.written()
        one, other = self.parts
        return one.written() * other.written()

    def at(self, values: Values) -> Fraction:
        match self.kind, self.parts:
            case "number", (value,):
                return Fraction(value)
            case "name", (name,):
                return Fraction(values[name])
            case "call", (name, argument):
                return Fraction(values[name](argument.at(values)))
        one, other = (part.at(values) for part in self.parts)
        found: Fraction = {"+": one + other, "-": one - other, "*": one * other}[self.kind]
        return found

    def calls(self) -> bool:
        return self.kind == "call" or any(isinstance(part, Term) and part.calls() for part in self.parts)


def drawn_term(random: Random, names: tuple[str, ...], depth: int) -> Term:
    """Return a term, in which values of functions are frequent, also inside of arguments."""
    if depth == 0 or random.random() < 0.15:
        return (
            Term("name", (random.choice(names),))
            if random.random() < 0.8
            else Term("number", (random.choice((0, 1, 2)),))
        )
    if random.random() < 0.5:
        return Term("call", (random.choice("fgg"), drawn_term(random, names, depth - 1)))
    kind = random.choice("++--*")
    return Term(kind, (drawn_term(random, names, depth - 1), drawn_term(random, names, depth - 1)))


@dataclass(frozen=True)
class Drawn:
    """A claim ``left sign right`` under hypotheses ``(left, sign, right)`` for all arguments."""

    claim: tuple[Term, str, Term]
    laws: tuple[tuple[Term, str, Term], ...]

    def statement(self) -> Any:
        where = []
        for left, sign, right in self.laws:
            body = left.written() - right.written()
            where.append(
                ForAll(tuple(SYMBOLS[n] for n in BOUND), body if sign == "=" else sp.Ge(body, 0, evaluate=False))
            )
        left, sign, right = self.claim
        if sign == "=":
            return Identity(left.written(), right.written(), where=where)
        return Nonnegative(left.written() - right.written(), where=where)

    def holds(self, stated: tuple[Term, str, Term], values: Values) -> bool:
        left, right = (side.at(values) for side in (stated[0], stated[2]))
        return left == right if stated[1] == "=" else left >= right

    def lawful(self, functions: Values, grid: list[Fraction]) -> bool:
        """Whether functions meet what is assumed of them, as far as a grid tells."""
        points = list(product(grid, repeat=len(BOUND)))
        return all(
            self.holds(law, {**functions, **dict(zip(BOUND, at, strict=True))}) for law in self.laws for at in points
        )


FAMOUS = (
    "additive",
    "affine",
    "odd",
    "even",
    "constant",
    "monotone",
    "lipschitz",
    "involution",
    "idempotent",
    "bounded",
)


def famous(random: Random) -> tuple[Term, str, Term]:
    """Return a law that mathematics has a name for."""
    s, t = (Term("name", (name,)) for name in BOUND)
    f = random.choice("fg")
    other = "g" if f == "f" else "f"

    def call(argument: Term, of: str = f) -> Term:
        return Term("call", (of, argument))

    def squared(term: Term) -> Term:
        return Term("*", (term, term))

    zero = Term("number", (0,))
    return {
        "additive": (call(Term("+", (s, t))), "=", Term("+", (call(s), call(t)))),
        "affine": (call(Term("-", (s, t))), "=", Term("+", (Term("-", (call(s), call(t))), call(zero)))),
        "odd": (call(Term("-", (zero, s))), "=", Term("-", (zero, call(s)))),
        "even": (call(Term("-", (zero, s))), "=", call(s)),
        "constant": (call(s), "=", call(t)),
        "monotone": (Term("*", (Term("-", (call(s), call(t))), Term("-", (s, t)))), ">=", zero),
        "lipschitz": (squared(Term("-", (s, t))), ">=", squared(Term("-", (call(s), call(t))))),
        "involution": (call(call(s)), "=", s),
        "idempotent": (call(call(s)), "=", call(s)),
        "bounded": (call(s, other), ">=", call(s)),
    }[random.choice(FAMOUS)]


def instance_of(law: tuple[Term, str, Term], put: Mapping[str, Term]) -> tuple[Term, str, Term]:
    def taken(term: Any) -> Any:
        if not isinstance(term, Term):
            return term
        return put[term.parts[0]] if term.kind == "name" else Term(term.kind, tuple(map(taken, term.parts)))

    return taken(law[0]), law[1], taken(law[2])


def drawn(random: Random) -> Drawn:
    """Return a claim that is near an instance of its hypotheses, and so often true, and often nearly."""
    laws = [famous(random) if random.random() < 0.8 else odd_law(random) for _ in range(random.choice((1, 1, 2)))]
    put = {name: drawn_term(random, FREE, random.choice((0, 1))) for name in BOUND}
    left, sign, right = instance_of(random.choice(laws), put)
    spoiled = random.random()
    if spoiled < 0.25:
        left = Term(random.choice("+-*"), (left, drawn_term(random, FREE, 1)))
    elif spoiled < 0.45:
        left, right = right, left
    elif spoiled < 0.6:
        right = drawn_term(random, FREE, 2)
    elif spoiled < 0.75:
        name, term = random.choice("fg"), drawn_term(random, FREE, 1)
        left, right, sign = Term("call", (name, left)), Term("call", (name, right)), "="
        left = Term("+", (left, Term("-", (term, term))))
    return Drawn((left, sign, right), tuple(laws))


def odd_law(random: Random) -> tuple[Term, str, Term]:
    return drawn_term(random, BOUND, 2), random.choice(("=", ">=")), drawn_term(random, BOUND, 2)


def decided(one: Drawn) -> Any:
    return one.statement().decide(Setting())


def mistake(one: Drawn, verdict: Any) -> str:
    """Return what is wrong with a verdict, as functions tell that were not looked for by what decided."""
    free = [dict(zip(FREE, at, strict=True)) for at in product(GRID, repeat=2)]
    if isinstance(verdict, Proved):
        for f, g in product(ZOO, repeat=2):
            functions = {"f": f, "g": g}
            if one.lawful(functions, GRID):
                for at in free:
                    if not one.holds(one.claim, {**functions, **at}) and one.lawful(functions, finer()):
                        return f"it is proved, and fails for the functions {ZOO.index(f)}, {ZOO.index(g)} at {at}"
    if isinstance(verdict, Refuted):
        assert verdict.witness is not None
        found = dict(verdict.witness.scalars)
        functions = {
            n: affine(found.get(f"d{n}/dx", Fraction(0)), found.get(f"{n}(0)", Fraction(0))) for n in FUNCTIONS
        }
        if not one.lawful(functions, finer()):
            return f"the functions of the witness do not meet the hypotheses: {found}"
        if one.holds(one.claim, {**functions, **{name: found.get(name, Fraction(0)) for name in FREE}}):
            return f"it holds at the witness: {found}"
    return ""


def affine(slope: Fraction, offset: Fraction) -> Callable[[Fraction], Fraction]:
    return lambda x: slope * x + offset


def finer() -> list[Fraction]:
    return [Fraction(n, 7) for n in range(-20, 21, 3)] + GRID


def cases(seeds: Iterable[int]) -> Iterator[tuple[int, Drawn]]:
    for seed in seeds:
        one = drawn(Random(seed))
        left, _, right = one.claim
        if all(law[0].calls() or law[2].calls() for law in one.laws) and (left.calls() or right.calls()):
            yield seed, one


def judged(seeds: Iterable[int]) -> Counter[str]:
    """Decide what is drawn, and count the verdicts; a mistake is an error."""
    found = Counter[str]()
    for seed, one in cases(seeds):
        try:
            verdict = decided(one)
        except SymmixError:
            found["refused"] += 1
            continue
        wrong = mistake(one, verdict)
        assert not wrong, (seed, one.statement(), wrong)
        found[verdict.word] += 1
    return found


def test_functions_that_are_not_affine_meet_what_is_proved_and_witnesses_meet_what_is_assumed() -> None:
    found = judged(range(20))
    assert min(found["proved"], found["refuted"]) >= 5, found


@pytest.mark.slow
def test_more_functions_meet_what_is_proved() -> None:
    found = judged(range(51, 80))
    assert min(found["proved"], found["refuted"]) >= 10, found


def test_what_judges_verdicts_finds_planted_mistakes() -> None:
    """Where a law is left out of a claim that was proved with it, the judge objects; and where a witness is moved."""
    objections = Counter[str]()
    for _, one in cases(range(20)):
        verdict = decided(one)
        if isinstance(verdict, Proved):
            objections["laws left out"] += bool(mistake(Drawn(one.claim, ()), verdict))
        elif isinstance(verdict, Refuted) and verdict.witness is not None:
            moved = {name: value + 1 for name, value in verdict.witness.scalars.items() if name not in FREE}
            witness = replace(verdict.witness, scalars={**verdict.witness.scalars, **moved})
            objections["functions moved"] += bool(mistake(one, replace(verdict, witness=witness)))
    assert min(objections["laws left out"], objections["functions moved"]) >= 3, objections
