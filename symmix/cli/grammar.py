"""The command line's grammar: every command with its options, known without loading what a command works with."""

from __future__ import annotations

import argparse
import ast
import os
from pathlib import Path
from typing import Any

import symmix

_DESCRIPTION = "Gradients of mixup-type objectives: derived, decided in every dimension, and checked."

# What the commands know in modules that take long to load; tests/test_cli_grammar.py compares.
OBJECTIVES = ("manifold_mixup", "input_mixup", "erm")
GUIDES = (
    "write-a-theorem",
    "check-a-derivation",
    "check-an-implementation",
    "put-it-into-a-paper",
    "what-has-to-be-trusted",
)
FORMATS = ("latex", "markdown", "coq", "html", "text")
FORMULAS = ("text", "latex", "srepr")
FRAMEWORKS = ("numpy", "torch", "jax")
LAYOUTS = ("note", "booklet", "fragments", "story")
CLASSES = ("article", "amsart", "IEEEtran", "neurips", "beamer")


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line; what it returns names the ``command``."""
    whole = argparse.ArgumentParser(prog="symmix", description=_DESCRIPTION)
    whole.add_argument("--version", action="version", version=f"symmix {symmix.__version__}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND", dest="command")
    _prove(commands.add_parser("prove", help="decide theorems: the catalogue's, or those of files and folders"))
    _list(commands.add_parser("list", help="list theorems: id, statement, what it answers, verdict, evidence"))
    _derive(commands.add_parser("derive", help="print the gradient of an objective"))
    _check(commands.add_parser("check", help="check a derivation line by line, or somebody's mixing function or step"))
    _export(commands.add_parser("export", help="write theorems as LaTeX, as Markdown, for Coq, or as a web site"))
    _figure(commands.add_parser("figure", help="draw what theorems say, as SVG, PDF or PNG"))
    _experiment(commands.add_parser("experiment", help="measure what theorems predict; without a name, list them"))
    _guide(commands.add_parser("guide", help="read a guide; without a name, list them"))
    commands.add_parser(
        "mcp", help="serve check, refute and derive to programs, by the Model Context Protocol on stdio"
    )
    _verify(commands.add_parser("verify", help="check certificates: folders with a manifest, or files"))
    return whole


def _selection(parser: argparse.ArgumentParser) -> None:
    """Let a command take files, folders and ids; without any it is about the catalogue."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="files or folders; default: the catalogue")
    parser.add_argument("-k", action="append", default=[], metavar="ID", help="only theorems whose id contains ID")


def _jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--jobs", type=_processes, default=1, metavar="N", help="share the work among N processes; auto: one a core"
    )


def _prove(parser: argparse.ArgumentParser) -> None:
    _selection(parser)
    parser.add_argument(
        "--verbose", "-v", action="store_true", help="show derivation, evidence and witnesses, all made anew"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document, all of it made anew")
    parser.add_argument("--confirm", action="store_true", help="compare everything with numbers: SymPy, arrays, search")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="other numbers; default: 0")
    parser.add_argument("--certificates", type=Path, metavar="DIR", help="write what a second checker can check")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write a report for continuous integration")
    parser.add_argument("--force", action="store_true", help="overwrite certificates and reports that are there")
    parser.add_argument("--no-cache", action="store_true", help="decide also what was proved in an earlier run")
    _jobs(parser)


def _numbers_beside(parser: argparse.ArgumentParser) -> None:
    """Let a command show the levels of evidence that numbers reach: of its own run, or of an earlier one."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--confirm", action="store_true", help="compare with numbers for the levels of evidence")
    where.add_argument(
        "--certificates", type=Path, metavar="DIR", help="levels that symmix prove --confirm --certificates DIR left"
    )


def _list(parser: argparse.ArgumentParser) -> None:
    _selection(parser)
    _numbers_beside(parser)
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=("text", "markdown"), default="text", help="default: text")
    form.add_argument("--json", action="store_true", help="print one JSON document")
    _jobs(parser)


def _derive(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "objective",
        help=f"one of {', '.join(OBJECTIVES)}, or FILE.py:NAME, FILE.txt:NAME: a scalar or an Objective in a file",
    )
    parser.add_argument(
        "symbols", metavar="SYMBOL", nargs="+", help="what to differentiate by: z, z', W, b, theta, ..."
    )
    parser.add_argument(
        "--format", choices=(*FORMULAS, *FRAMEWORKS), default="text", help="a formula, or Python; default: text"
    )
    parser.add_argument("--expand", action="store_true", help="in targets and features, not in residuals")
    python = parser.add_argument_group("in Python")
    python.add_argument("--name", default="gradient", help="what the function is called; default: gradient")
    python.add_argument(
        "--batch", action="append", default=[], metavar="SYMBOL", help="what has one array for each sample"
    )


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "target",
        metavar="WHAT",
        nargs="+",
        help="MODULE:FUNCTION, importable from here; or files .txt, .md: derivations, a verdict for every line",
    )
    parser.add_argument("--kind", choices=("mixing", "step"), help="default: step if it takes six arguments")
    parser.add_argument("--framework", choices=("numpy", "torch", "jax"), help="default: the one that it calls")
    parser.add_argument(
        "--labels", help="what the function takes: one-hot, indices, real, scalar, soft, multi-label, masks"
    )
    parser.add_argument(
        "--expect", action="append", metavar="NAME=VALUE", type=_named, help="pairing=flip, ratio=beta,0.2"
    )
    parser.add_argument("--dtype", help="float64, float32; for a mixing function float16, bfloat16, uint8, too")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON document")
    form.add_argument("--sarif", action="store_true", help="of derivations: what annotators of code show, SARIF 2.1.0")
    parser.add_argument(
        "--causes",
        choices=("some", "all", "none"),
        help="of derivations: explain wrong lines; default: some, which is all unless a text has very many",
    )
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


def _export(parser: argparse.ArgumentParser) -> None:
    _selection(parser)
    _numbers_beside(parser)
    parser.add_argument("-o", "--output", metavar="DIR", help="folder to write to, or - for one document on stdout")
    parser.add_argument("--format", choices=FORMATS, default="latex", help="default: latex")
    parser.add_argument(
        "--layout",
        choices=LAYOUTS,
        help="of LaTeX: a note of a few theorems, a booklet of chapters, a story of what the two unusual terms do, or a"
        " fragment for each theorem to put into a paper; default: a booklet of the catalogue, fragments of a selection",
    )
    parser.add_argument("--figures", action="store_true", help="with the figures of the theorems, in a note or booklet")
    parser.add_argument("--title", default="", help="title of the document")
    parser.add_argument("--class", dest="document_class", choices=CLASSES, help="what the LaTeX is for")
    parser.add_argument("--columns", type=int, choices=(1, 2), help="columns of a page; default: as the class has them")
    parser.add_argument("--width", metavar="LENGTH", help="width of a column, as in 84mm; default: the class's own")
    parser.add_argument("--force", action="store_true", help="replace the files of an earlier export")
    parser.add_argument(
        "--no-cache", action="store_true", help="of text, the one format without evidence: decide all of it anew"
    )
    _jobs(parser)


def _figure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one; without a name they are listed")
    parser.add_argument("-o", "--output", metavar="FILE", help="file to write to: .svg, .pdf, .png; default: NAME.svg")
    parser.add_argument("--width", choices=("column", "page"), default="", help="84 or 170 mm; default: as suits it")
    parser.add_argument("--force", action="store_true", help="overwrite the file")
    parser.add_argument("--list", action="store_true", help="list the figures and what one sees in them")


def _experiment(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="which one; without a name they are listed")
    parser.add_argument("--seed", type=int, default=0, help="seed of data and weights; default: 0")
    parser.add_argument("--small", action="store_true", help="the smallest sizes, as in the tests")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def _guide(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help=", ".join(GUIDES))


def _verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", metavar="PATH", help="what `symmix prove --certificates` wrote")
    parser.add_argument("--show", action="store_true", help="print what each certificate states, from its tree")


# -- what options are read as ---


def _processes(text: str) -> int:
    if text == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a number from 1 on, or auto, is needed, {text!r} arrived")
    return int(text)


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
