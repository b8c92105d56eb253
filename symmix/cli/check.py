"""``symmix check``: somebody's mixup, against what is proved."""

from __future__ import annotations

import argparse
import ast
import json
import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from symmix import __version__
from symmix.cli.recognition import framework_of, kind_of
from symmix.cli.selection import FAILED, FINE
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


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("check", help="check somebody's mixup: a mixing function, or a step with its loss")
    parser.add_argument("target", metavar="MODULE:FUNCTION", help="package.module:function, importable from here")
    parser.add_argument("--kind", choices=tuple(OPTIONS), help="default: step if it takes six arguments")
    parser.add_argument("--framework", choices=("numpy", "torch", "jax"), help="default: the one that it calls")
    parser.add_argument(
        "--labels", help="what the function takes: one-hot, indices, real, scalar, soft, multi-label, masks"
    )
    parser.add_argument(
        "--expect", action="append", metavar="NAME=VALUE", type=_named, help="pairing=flip, ratio=beta,0.2"
    )
    parser.add_argument("--dtype", help="float64, float32; for a mixing function float16, bfloat16, uint8, too")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    mixing = parser.add_argument_group("for a mixing function")
    mixing.add_argument("--shape", type=_numbers, help="shape of one sample, such as 3,8,8")
    mixing.add_argument("--classes", type=int, help="how many classes it is made for")
    mixing.add_argument("--samples", type=int, help="batch size, default: 6")
    mixing.add_argument("--ways", type=int, help="how many samples a mixture may have, default: 2")
    mixing.add_argument(
        "--in-place", nargs="?", const=True, choices=(True, "features", "labels"), help="what it may write into"
    )
    mixing.add_argument("--batch", type=_batch, help="pair, list, dict, or two keys such as image,label")
    mixing.add_argument("--kept", type=_numbers, help="channels that are the own sample's on purpose, such as 3")
    mixing.add_argument("--ignore-index", type=int, help="a class index that stands for none")
    mixing.add_argument("--sizes", type=_numbers, help="batch sizes with which it has to work, such as 5,1")
    mixing.add_argument("--draws", type=int, help="how often it is called, default: 120")
    step = parser.add_argument_group("for a step")
    step.add_argument("--criterion", type=_criterion, help="what the loss is: bce, or 'cross entropy,smoothing=0.1'")
    step.add_argument("--ratios", help="what it takes for lam: 'one a batch', 'one a sample'")
    step.add_argument("--rounds", type=int, help="how many rounds of batches, default: 2")
    parser.set_defaults(run=_check)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _named(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"NAME=VALUE is needed, {text!r} arrived")
    parts = [_value(part) for part in value.split(",")]
    return name, parts[0] if len(parts) == 1 else tuple(parts)


def _batch(text: str) -> str | tuple[str, ...]:
    return tuple(text.split(",")) if "," in text else text


def _criterion(text: str) -> str | tuple[str, dict[str, Any]]:
    name, *options = text.split(",")
    return (name, dict(map(_named, options))) if options else name


def _check(options: argparse.Namespace) -> int:
    from symmix.testing import check_mixup_step, probe_mixing  # noqa: PLC0415  # NumPy is for this command alone

    function = _load(options.target)
    kind = options.kind or kind_of(function)
    settings = _settings(options, kind)
    settings.setdefault("framework", framework_of(function))
    report: Any = (probe_mixing if kind == "mixing" else check_mixup_step)(function, **settings)
    if options.json:
        print(json.dumps({"symmix": __version__, "target": options.target, **report.document()}, indent=2))
    else:
        print(report)
        word = "PASSED" if report.passed else "FAILED" if report.failed else "NOT DECIDED"
        print(f"{word} {options.target}")
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
