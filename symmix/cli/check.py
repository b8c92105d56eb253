"""``symmix check MODULE:FUNCTION``: somebody's mixup, against what is proved."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from symmix import __version__, testing
from symmix.cli.codes import FAILED, FINE
from symmix.cli.recognition import framework_of, kind_of
from symmix.errors import UsageError

COMMON = ("framework", "labels", "expect", "dtype", "seed")
OPTIONS: dict[str, tuple[str, ...]] = {
    "mixing": (
        *COMMON,
        *("shape", "classes", "samples", "ways", "in_place", "batch", "kept", "ignore_index", "sizes", "draws"),
    ),
    "step": (*COMMON, "criterion", "ratios", "rounds"),
}
"""The options of either check, which are the arguments of its function."""


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if len(options.target) > 1:
        raise UsageError("one function, or several files", " ".join(options.target), "check one after the other")
    if options.causes:
        raise UsageError("--causes with files of derivations", f"{options.target[0]}", "leave it out")
    if options.sarif:
        raise UsageError("--sarif with files of derivations", f"{options.target[0]}", "use --json for a function")
    (target,) = options.target
    function = _load(target)
    kind = options.kind or kind_of(function)
    settings = _settings(options, kind)
    settings.setdefault("framework", framework_of(function))
    report: Any = (testing.probe_mixing if kind == "mixing" else testing.check_mixup_step)(function, **settings)
    if options.json:
        print(json.dumps({"symmix": __version__, "target": target, **report.document()}, indent=2))
    else:
        print(report)
        word = "PASSED" if report.passed else "FAILED" if report.failed else "NOT DECIDED"
        print(f"{word} {target}")
    return FINE if report.passed else FAILED


def _settings(options: argparse.Namespace, kind: str) -> dict[str, Any]:
    """Collect the options that were given, and refuse those of the other check."""
    given = {name: value for name, value in vars(options).items() if value is not None}
    other = {name for names in OPTIONS.values() for name in names} - set(OPTIONS[kind])
    for name in sorted(other & set(given)):
        flag = "--" + name.replace("_", "-")
        raise UsageError(
            f"{flag} with a {'step' if kind == 'mixing' else 'mixing function'}",
            f"{flag} with a {kind}",
            "leave it out",
        )
    settings = {name: given[name] for name in OPTIONS[kind] if name in given}
    if "expect" in settings:
        settings["expect"] = dict(settings["expect"])
    return settings


def _load(target: str) -> Callable[..., Any]:
    module, colon, path = target.partition(":")
    if not colon or not module or not path:
        raise UsageError("MODULE:FUNCTION, such as package.module:function", target, "name both, with a colon between")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found: Any = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except (ImportError, AttributeError, ValueError) as error:
        raise UsageError(
            "a function that can be imported from the current folder", f"{target}: {error}", "check name and folder"
        ) from error
    if not callable(found):
        raise UsageError("a function", f"{target}, a {type(found).__name__}", "name the function itself")
    function: Callable[..., Any] = found
    return function
