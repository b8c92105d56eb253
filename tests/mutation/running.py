"""Every mutant in a fork of a process that has collected the tests: those that run its line, the fastest first."""

from __future__ import annotations

import gc
import importlib
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings

from tests.mutation.mutants import Mutant

Line = tuple[str, int]
_KILLED, _SURVIVED, _BROKEN = 0, 1, 2


@dataclass
class Results:
    """What became of the mutants."""

    killed: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)


class Plugin:
    """Takes over from pytest once the tests are collected."""

    def __init__(self, mutants: Sequence[Mutant], examples: int, processes: int, longest: float) -> None:
        self.mutants, self.examples, self.processes, self.longest = mutants, examples, processes, longest
        self.files = {m.module: str(importlib.import_module(m.module).__file__) for m in mutants}
        self.results = Results()
        self.seconds: dict[pytest.Item, float] = {}
        self.tests: dict[Line, set[pytest.Item]] = defaultdict(set)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = [item for item in session.items if "mutation" not in item.path.stem]
        for item in items:
            _simplify(item, self.examples)
        for item in items:
            self._measure(item)
        print(f"{len(items)} tests in {sum(self.seconds.values()):.0f} s, {len(self.mutants)} mutants", flush=True)
        gc.collect()
        gc.freeze()
        self._run_all()
        return True

    def _measure(self, item: pytest.Item) -> None:
        """Run a test that has to pass, and note the lines that it runs."""
        wanted, lines, start = set(self.files.values()), set[Line](), time.process_time()

        def line(frame: FrameType, _event: str, _: object) -> Any:
            lines.add((frame.f_code.co_filename, frame.f_lineno))
            return line

        def call(frame: FrameType, event: str, _: object) -> Any:
            return line(frame, event, None) if frame.f_code.co_filename in wanted else None

        signal.signal(signal.SIGPROF, _give_up)
        signal.setitimer(signal.ITIMER_PROF, 4 * self.longest)  # what is traced takes longer
        sys.settrace(call)
        try:
            passed = _passes(item)
        finally:
            sys.settrace(None)
            signal.setitimer(signal.ITIMER_PROF, 0)
        seconds = time.process_time() - start
        if not passed or seconds > 4 * self.longest:
            print(f"left out, {seconds:.1f} s{'' if passed else ', not passed'}: {item.nodeid}", flush=True)
            return
        self.seconds[item] = seconds
        for place in lines:
            self.tests[place].add(item)

    def _run_all(self) -> None:
        waiting, running = list(reversed(self.mutants)), dict[int, Mutant]()
        while waiting or running:
            while waiting and len(running) < self.processes:
                mutant = waiting.pop()
                pid = os.fork()
                if pid == 0:
                    os._exit(self._child(mutant))
                running[pid] = mutant
            pid, status = os.wait()
            mutant = running.pop(pid)
            survived = os.waitstatus_to_exitcode(status) == _SURVIVED
            (self.results.survived if survived else self.results.killed).append(mutant)
            if survived:
                print(f"{mutant.module}:{mutant.line}: {mutant.source}\n        {mutant.change}", flush=True)

    def _child(self, mutant: Mutant) -> int:
        items = sorted(self._items(mutant), key=lambda item: (self.seconds[item], item.nodeid))
        seconds = int(20 + 10 * sum(self.seconds[item] for item in items))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
        with open(os.devnull, "w", encoding="utf-8") as nowhere:
            os.dup2(nowhere.fileno(), 1)
            os.dup2(nowhere.fileno(), 2)
        try:
            apply(mutant)
        except BaseException:  # noqa: BLE001 - a module that cannot be loaded is noticed by everybody
            return _KILLED
        return _SURVIVED if all(self._passes_soon(item) for item in items) else _KILLED

    def _passes_soon(self, item: pytest.Item) -> bool:
        """Whether a test passes without taking several times as long as it did: a loop without an end is noticed."""
        signal.setitimer(signal.ITIMER_PROF, 3 + 4 * self.seconds[item])
        try:
            return _passes(item)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _items(self, mutant: Mutant) -> set[pytest.Item]:
        if not mutant.owner:
            return set(self.seconds)
        file = self.files[mutant.module]
        exact = self.tests[file, mutant.line]
        return exact or set().union(*(self.tests[file, line] for line in mutant.span))  # as for default values


class TooLong(BaseException):
    """A test takes longer than it may; nothing in it is to catch this."""


def _give_up(*_: object) -> None:
    raise TooLong


def _passes(item: pytest.Item) -> bool:
    try:
        return all(report.passed or report.skipped for report in runtestprotocol(item, log=False, nextitem=None))
    except BaseException:  # noqa: BLE001 - whatever it is, it was noticed
        return False


def _simplify(item: pytest.Item, examples: int) -> None:
    """Let a Hypothesis test draw fewer examples, the same each time, and not look for the smallest that fails."""
    function = getattr(item, "obj", None)
    function = getattr(function, "__func__", function)
    known = getattr(function, "_hypothesis_internal_use_settings", None)
    if known is not None:
        count = min(known.max_examples, examples)
        phases = (Phase.explicit, Phase.generate)
        function._hypothesis_internal_use_settings = settings(  # type: ignore[union-attr]
            known, max_examples=count, phases=phases, database=None, derandomize=True
        )


# -- changing what is loaded ---


def apply(mutant: Mutant) -> None:
    """Put the changed code in the place of the old one, in this process."""
    module, code = importlib.import_module(mutant.module), mutant.code()
    _forget()
    if mutant.owner:
        function = _function(vars(module), mutant.owner)
        function.__code__ = next(c for c in _codes(code) if c.co_qualname == mutant.owner)
        if ("args", None) in mutant.place[: len(mutant.owner.split(".")) + 1]:  # a default value
            other = _function(_executed(code, module), mutant.owner)
            function.__defaults__, function.__kwdefaults__ = other.__defaults__, other.__kwdefaults__
    else:
        fresh = _executed(code, module)
        for name in mutant.names:
            _exchange(getattr(module, name), fresh[name])


def _forget() -> None:
    """Forget what functions remember, in all modules of ours: they call those that are changed."""
    for name, module in list(sys.modules.items()):
        if name.startswith("symmix"):
            for value in vars(module).values():
                if hasattr(value, "cache_clear"):
                    value.cache_clear()


def _executed(code: CodeType, module: ModuleType) -> dict[str, Any]:
    fresh: dict[str, Any] = {**vars(module)}
    exec(code, fresh)  # noqa: S102 - our own module, with a change
    return fresh


def _function(names: Mapping[str, Any], owner: str) -> FunctionType:
    found: Any = None
    for name in owner.split("."):
        found = names[name]
        names = vars(found) if isinstance(found, type) else {}
    for attribute in ("fget", "func", "__func__", "__wrapped__"):
        found = getattr(found, attribute, found)
    if not isinstance(found, FunctionType):
        raise TypeError(owner)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _exchange(old: object, new: object) -> None:
    """Put a new value in the place of an old one in all modules of ours; a table stays the same object."""
    if isinstance(old, dict) and isinstance(new, dict):
        old.clear()
        old.update(new)
        return
    for name, module in list(sys.modules.items()):
        if name.startswith("symmix"):
            for attribute, value in list(vars(module).items()):
                if value is old:
                    setattr(module, attribute, new)
