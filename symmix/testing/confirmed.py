"""Theorems in a test suite: decided, and confirmed by numbers, with pytest's words for what is wrong.

The one module of the checks that knows the symbolic side: here the two are compared.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from symmix.catalogue import attempt
from symmix.confirmation import Confirmation, by_numbers
from symmix.errors import StatementError, SymmixError
from symmix.publish.report import report
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved


def assert_proved(theorem: Script) -> Outcome:
    """Decide a theorem, and raise ``AssertionError`` with the whole report unless it is proved."""
    __tracebackhide__ = True
    if not isinstance(theorem, Script):
        raise StatementError("a function decorated with @theorem", repr(theorem), "pass it without calling it")
    outcome = theorem.prove()
    if outcome.disagreement or not isinstance(outcome.verdict, Proved):
        raise AssertionError(f"{_problem(outcome)}\n\n{report(outcome)}")
    return outcome


def assert_confirmed(theorem: Script, seed: int = 0) -> Confirmation:
    """Decide a theorem and compare it with numbers; raise ``AssertionError`` unless it is proved and they agree.

    Everything is compared without anything being written: claims and steps at exact points that meet the hypotheses,
    near misses where they fail; see the guide "What has to be trusted". Returned is what was compared, and what not.
    """
    __tracebackhide__ = True
    confirmation = by_numbers(assert_proved(theorem), seed)
    if not confirmation.agrees:
        problems = [str(remark) for _, remark in confirmation.disagreements] or ["nothing could be compared"]
        raise AssertionError(f"numbers do not confirm {theorem.id}: {problems[0]}\n\n{confirmation}")
    return confirmation


def theorems(
    *paths: str | Path, expected_failures: Mapping[str, str] | None = None, confirm: bool = True, seed: int = 0
) -> Callable[..., None]:
    """Return a test for pytest that runs over all theorems of files and folders, by their ids.

    One line in a ``test_*.py`` is enough; paths start at its folder::

        test_theorems = symmix.testing.theorems("proofs/")

    Parameters
    ----------
    paths
        Files and folders.
    expected_failures
        Ids of theorems that are known not to pass, with the reason; one that passes after all is a failure.
    confirm
        Whether numbers are compared, too.
    seed
        Another choice of numbers.

    Raises
    ------
    UsageError, StatementError
        If a path does not exist or holds no theorem, or an expected failure names none.
    """
    import pytest  # noqa: PLC0415 - whoever uses this has it

    here = Path(inspect.stack()[1].filename).parent
    scripts, broken = attempt([here / path for path in paths])
    if not scripts:
        raise next(iter(broken.values()))
    expected = dict(expected_failures or {})
    unknown = expected.keys() - {script.id for script in scripts}
    if unknown:
        raise StatementError("expected failures by the ids of theorems", f"{min(unknown)}, which is none", "correct it")

    def marked(script: Script) -> Any:
        reason = expected.get(script.id)
        marks = [] if reason is None else [pytest.mark.xfail(reason=reason, raises=AssertionError, strict=True)]
        return pytest.param(script, marks=marks, id=script.id)

    unread = [pytest.param(error, id=path.name) for path, error in broken.items()]

    @pytest.mark.parametrize("theorem", [*unread, *(marked(script) for script in scripts)])
    def test_theorem(theorem: Script | SymmixError) -> None:
        """Decide and confirm one theorem; a file that cannot be read fails by itself."""
        __tracebackhide__ = True
        if isinstance(theorem, SymmixError):
            raise theorem
        if confirm:
            print(assert_confirmed(theorem, seed))  # noqa: T201 - pytest shows it with -rP, and puts it into a report
        else:
            assert_proved(theorem)

    found: Callable[..., None] = test_theorem
    return found


def _problem(outcome: Outcome) -> str:
    """Return what is wrong first: a claim, a step or a near miss, in a line."""
    name = outcome.script.id
    if outcome.disagreement:
        return f"{name}: the second checker rejects {outcome.disagreement}"
    for label, verdict in outcome.claims.items():
        if not isinstance(verdict, Proved):
            return f"{name}: {f'claim {label!r}' if label else 'the claim'} is {verdict.word}"
    for chain in outcome.steps:
        for number, verdict in enumerate(chain, 1):
            if not isinstance(verdict, Proved):
                return f"{name}: step {number} is {verdict.word}"
    missing = getattr(outcome.verdict, "missing", outcome.verdict.word)
    return f"{name} is {outcome.verdict.word}: {missing}"
