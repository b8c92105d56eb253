"""Statements about functions of which nothing is known but what is assumed for all arguments: instances, and functions.

*Proved* is an instance: every value G(a) becomes a symbol, one for arguments with one normal form; what is assumed for
all arguments is taken at some tuples of those that occur, or of 0; what is not negative there is the square of a symbol
of its own. What is left speaks of no function, and is decided as any statement is. If it is proved, so is the
statement: the values of any function, and roots of what is not negative, are values of those symbols.

*Refuted*, and shown not to be empty, is a statement by explicit functions alone, see :mod:`symmix.deciding.explicit`: a
point of what is left is none of the statement, for no function with such values need meet what is assumed for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, product

from symmix.deciding.explicit import Affine, Functional, families, pinned, plainly
from symmix.deciding.frame import Frame
from symmix.deciding.implication import Hints
from symmix.deciding.instances import Pool, Values
from symmix.deciding.positivity import within_ranges
from symmix.deciding.witnesses import described
from symmix.kernel.points import Model
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.functions import functions_of, instance, laws_of
from symmix.verdict import Instantiated, Proved, Refuted, Undecided, Verdict, Witness

Decide = Callable[[s.Statement, Frame, Hints], Verdict]

MAX_TUPLES = 400  # of symbols by which a claim may be a hypothesis with other names
MAX_DRAWS = 8  # of points, where values or coefficients of functions are symbols: most are found at once, or never
MAX_EQUATIONS = 12  # instances that explicit functions are looked for with, the shortest ones
PATIENCE = 3  # sets of instances that are tried before functions are looked for that have to be found by equations


def with_symbols(frame: Frame, symbols: Sequence[t.Symbol]) -> Frame:
    """Return the frame of a statement in which there are new symbols, called as no symbol of a user's can be."""
    names = replace(frame.names, symbols={**frame.names.symbols, **{symbol.name: symbol for symbol in symbols}})
    return replace(Frame.of(frame.setting, names, frame.given), draws=MAX_DRAWS)


def restated(claim: Functional, frame: Frame) -> s.Everywhere | None:
    """Return a hypothesis that a claim is, in normal form, with other symbols for those that take all values."""
    values = Values(frame)
    plain = values.put_into(plainly(claim))
    goals = [frame.goal(*sides.values(), even=isinstance(claim, s.Positivity)) for sides in _sides(plain)]
    symbols = {node for node in plainly(claim).walk() if isinstance(node, t.Symbol)}
    for law in laws_of(claim):
        choices = [sorted((x for x in symbols if x.shape == y.shape), key=str) for y in law.symbols]
        for at in islice(product(*choices), MAX_TUPLES):
            body = frame.array(values.copy().put_into(instance(law, at))).expression
            if len({*at}) == len(at) and any(g == body or (law.sign == "=" and g == -body) for g in goals):
                return law
    return None


def lowered(statement: Functional, frame: Frame) -> tuple[s.Statement, Frame]:
    """Return a statement in which values are symbols, and nothing is assumed of functions, with its frame."""
    values = Values(frame)
    found = values.put_into(plainly(statement))
    return found, with_symbols(frame, [*values.symbols])


def decide_functional(statement: Functional, frame: Frame, hints: Hints, decide: Decide) -> Verdict:
    """Prove a statement by instances, or refute it by explicit functions; ``decide`` decides what is left."""
    tried = 0
    pool = Pool.of(statement, frame)
    refutations = {1: True, PATIENCE: False}  # after so many sets of instances, or when there are no more
    for values, taken in pool.attempts():
        given = refutations.pop(tried, None)
        refuted = None if given is None else _refuted(statement, frame, pool, given=given)
        if refuted is not None:
            return refuted
        tried += 1
        roots = [one.stated.root for one in taken if one.stated.root is not None]
        symbols = (*values.symbols, *roots)
        left = values.put_into(plainly(statement, [one.body for one in taken]))
        shown = replace(hints, squares=tuple(values.put_into(square) for square in hints.squares))
        there = with_symbols(frame, symbols)
        verdict = decide(left, there, shown)
        if isinstance(verdict, Proved):
            evidence = Instantiated(values.symbols, tuple(one.stated for one in taken), left, symbols, verdict, there)
            return Proved((evidence,), frame.assumed(statement), _met(statement, frame, pool))
    for given in refutations.values():
        refuted = _refuted(statement, frame, pool, given=given)
        if refuted is not None:
            return refuted
    return Undecided(
        f"instances that it follows from (sets that were tried: {tried}), or explicit functions that refute it:"
        " affine ones were tried"
    )


# -- explicit functions ---


def _refuted(statement: Functional, frame: Frame, pool: Pool, *, given: bool) -> Refuted | None:
    """Look for explicit functions that meet all that is assumed of them, and for which the statement is false."""
    for affine, there, left in _explicit(statement, frame, pool, given=given):
        found = _failing(left, there)
        model = None if found is None else pinned(there, statement, affine, found)
        if model is not None:
            shown = [described(there, model, sides) for sides in _sides(affine.put_into(plainly(statement)))]
            return Refuted(next((w for w in shown if _differ(w)), shown[0]))
    return None


def _failing(left: Functional, there: Frame) -> Model | None:
    """Return a point at which what is left fails, if a few draws have one."""
    hypotheses = there.hypotheses(left.where)
    if isinstance(left, s.Positivity):
        goal = there.goal(left.scalar, even=True)
        question = there.question([goal], hypotheses, left, within_ranges(left))
        return there.answering(replace(question, fails="<=" if left.strict else "<"))
    goals = [there.goal(*sides.values()) for sides in _sides(left)]
    return there.find(goals, hypotheses, left)


def _met(statement: Functional, frame: Frame, pool: Pool) -> Model | None:
    """Return a point, explicit functions in it, at which all hypotheses and conditions hold."""
    for affine, there, left in (x for given in (True, False) for x in _explicit(statement, frame, pool, given=given)):
        extra = within_ranges(left) if isinstance(left, s.Positivity) else ()
        found = there.met(left, there.hypotheses(left.where), extra)
        model = None if found is None else pinned(there, statement, affine, found)
        if model is not None:
            return model
    return None


def _explicit(
    statement: Functional, frame: Frame, pool: Pool, *, given: bool
) -> Iterator[tuple[Affine, Frame, Functional]]:
    """Run through families of functions, and what is left of a statement for each: with instances, then without."""
    for affine in families(functions_of([statement]), laws_of(statement), given=given):
        there = with_symbols(frame, [*affine.symbols.values()])
        there = replace(there, draws=MAX_DRAWS * (3 if given else 1))  # where little is to be found, it costs little
        equations = () if given else tuple(affine.put_into(one) for one in pool.equations(MAX_EQUATIONS))
        for chosen in dict.fromkeys([equations, ()]):
            yield affine, there, plainly(affine.put_into(statement), chosen)


def _sides(statement: Functional) -> list[Mapping[str, t.Expression]]:
    """Return what a witness may show: both sides, or one of what is claimed to vanish or not to be negative."""
    match statement:
        case s.Identity(left=left, right=right):
            return [{"left": left, "right": right}]
        case s.Positivity(scalar=scalar):
            return [{"value": scalar}]
    return [{"value": expression} for expression in statement.expressions]


def _differ(witness: Witness) -> bool:
    """Whether what a witness shows is not zero, or not the same on both sides."""
    values = [*witness.values.values()]
    return values[0] != values[-1] if len(values) > 1 else any(x for row in values[0] for x in row)
