"""``symmix check``: somebody's mixup, against what is proved."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from symmix import __version__
from symmix.cli.selection import FAILED, FINE
from symmix.errors import UsageError

STEP = ("z", "y", "W", "b", "lam", "partner")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("check", help="check somebody's mixup: a mixing function, or a step with its loss")
    parser.add_argument("target", metavar="MODULE:FUNCTION", help="package.module:function, importable from here")
    parser.add_argument("--kind", choices=("mixing", "step"), help="default: step if it takes six arguments")
    parser.add_argument("--framework", choices=("numpy", "torch", "jax"), default="numpy", help="default: numpy")
    parser.add_argument("--labels", choices=("real", "one-hot", "indices"), help="what the function takes for labels")
    parser.add_argument("--shape", type=_shape, help="shape of one sample for a mixing function, such as 3,8,8")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=_check)


def _shape(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _check(options: argparse.Namespace) -> int:
    from symmix.testing import check_mixup_step, probe_mixing  # noqa: PLC0415  # NumPy is for this command alone

    function = _load(options.target)
    kind = options.kind or _kind(function)
    settings: dict[str, Any] = {"framework": options.framework, "seed": options.seed}
    if options.labels is not None:
        settings["labels"] = options.labels
    if kind == "mixing":
        report: Any = probe_mixing(function, shape=options.shape, **settings)
    elif options.shape is not None:
        raise UsageError("--shape with a mixing function", "--shape with a step", "leave it out")
    else:
        report = check_mixup_step(function, **settings)
    if options.json:
        print(json.dumps({"symmix": __version__, "target": options.target, **report.document()}, indent=2))
    else:
        print(report)
        print(f"{'PASSED' if report.passed else 'FAILED'} {options.target}")
    return FAILED if report.failed else FINE


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


def _kind(function: Callable[..., Any]) -> str:
    try:
        names = tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return "mixing"
    return "step" if len(names) >= len(STEP) and (names[: len(STEP)] == STEP or len(names) == len(STEP)) else "mixing"
