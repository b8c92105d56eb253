"""symmix's answer to a claim: the only module of the fuzzer that asks it."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from symmix import Equivalence, Fails, Identity, Minimum, Nonnegative, Positivity, Setting, Vanishing
from symmix.errors import SymmixError
from symmix.statements import Statement
from symmix.verdict import Existence, Proved, Refuted, Verdict, Witness
from tests.fuzz.claims import Claim
from tests.fuzz.judge import Answer

SECONDS = 8


class _LateError(BaseException):  # a handler of Exception must not swallow it
    """A decision takes too long."""


def decide(claim: Claim) -> Answer:
    """Ask symmix; what is no verdict and no refusal with a message is a crash."""
    try:
        with _time_limit():
            setting = Setting(
                definitions=dict(claim.definitions),
                conditions=claim.conditions,
                indices=dict(claim.indices),
                properties=dict(claim.properties),
            )
            return _answer(_statement(claim).decide(setting))
    except SymmixError as error:
        return Answer("refused", detail=str(error))
    except _LateError:
        return Answer("late", detail=f"no verdict within {SECONDS} s")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return Answer("crash", detail=f"{type(error).__name__}: {error} ({Path(frame.filename).name}:{frame.lineno})")


def _statement(claim: Claim) -> Statement:
    statement: Any
    match claim.kind:
        case "identity":
            statement = Identity(claim.left, claim.right, where=claim.where)
        case "vanishing":
            statement = Vanishing(claim.left, where=claim.where)
        case "equivalence":
            statement = Equivalence(claim.left, claim.right, provided=claim.provided, where=claim.where)
        case "nonnegative":
            statement = Nonnegative(claim.left, where=claim.where, ranges=dict(claim.ranges))
        case "minimum":
            statement = Minimum(claim.left, at=dict([claim.right]), where=claim.where)
        case _:
            statement = Positivity(claim.left, dict(claim.ranges), where=claim.where)
    return Fails(statement) if claim.denied else statement


def _answer(verdict: Verdict) -> Answer:
    if isinstance(verdict, Proved):
        witness = next((piece.witness for piece in verdict.evidence if isinstance(piece, Existence)), None)
        return _with_witness("proved", witness, met=verdict.met)
    if isinstance(verdict, Refuted):
        return _with_witness("refuted", verdict.witness)
    return Answer("undecided")


def _with_witness(word: str, witness: Witness | None, *, met: bool = True) -> Answer:
    if witness is None:
        return Answer(word, met)
    return Answer(
        word,
        met,
        sizes=witness.sizes,
        scalars=witness.scalars,
        entries=witness.entries,
        values=witness.values,
        at=witness.at,
    )


@contextmanager
def _time_limit() -> Iterator[None]:
    def ring(*_: object) -> None:
        raise _LateError

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)  # time of this process: a busy machine is no finding
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
