"""Slips by machine: every transpose added or left out, every sign, term, factor and name of a backward pass changed.

python -m tests.slip_generator          all of them: how many are caught, and how many are named
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import numpy as np

from symmix.testing import check_gradient_is
from tests.backward_passes import HANDWRITTEN, Handwritten

NUMBERS = frozenset({"lam", "mu", "s"})
SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add}


def mutants(source: str) -> Iterator[tuple[str, str, str]]:
    """Yield the kind of a slip, the changed line, and the whole source with it."""
    tree = ast.parse(source)
    places = [number for number, node in enumerate(ast.walk(tree)) if isinstance(node, ast.expr)]
    names = sorted({node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)})
    seen = {ast.unparse(tree)}
    for place in places:
        for kind, changed in _changes(tree, place, names):
            text = ast.unparse(ast.fix_missing_locations(changed))
            if text not in seen:
                seen.add(text)
                before = ast.unparse(tree).splitlines()
                lines = [line.strip() for line, other in zip(text.splitlines(), before, strict=True) if line != other]
                yield kind, "; ".join(lines), text


def _changes(tree: ast.Module, place: int, names: list[str]) -> Iterator[tuple[str, ast.Module]]:
    node = list(ast.walk(tree))[place]
    for kind, new in _slips(node, names):
        copy = deepcopy(tree)
        old = list(ast.walk(copy))[place]
        changed = _Put(old, new).visit(copy)
        assert isinstance(changed, ast.Module)
        yield kind, changed


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.expr) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def _slips(node: ast.AST, names: list[str]) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Attribute(value=value, attr="T"):
            yield "transpose", deepcopy(value)
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            for one, other in ((_turned(left), right), (left, _turned(right))):
                if one is not None and other is not None:
                    yield "transpose", ast.BinOp(deepcopy(one), ast.MatMult(), deepcopy(other))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            yield "sign", ast.BinOp(deepcopy(left), SIGNS[type(op)](), deepcopy(right))
            yield "term", deepcopy(left)
            yield "term", deepcopy(right) if isinstance(op, ast.Add) else ast.UnaryOp(ast.USub(), deepcopy(right))
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            yield "factor", deepcopy(left)
            yield "factor", deepcopy(right)
            yield "factor", ast.BinOp(ast.Constant(2), ast.Mult(), deepcopy(node))
        case ast.Name(ctx=ast.Load()) if node.id in NUMBERS:
            yield "1 - it", ast.BinOp(ast.Constant(1), ast.Sub(), ast.Name(node.id, ast.Load()))
        case ast.Name(ctx=ast.Load()) if node.id in names:
            for wanted in names:
                if wanted != node.id and wanted not in NUMBERS:
                    yield "symbol", ast.Name(wanted, ast.Load())


def _turned(node: ast.expr) -> ast.expr | None:
    plain = isinstance(node, ast.Name) and node.id.isupper()
    return ast.Attribute(deepcopy(node), "T", ast.Load()) if plain else None


def judged(written: Handwritten, *, every: int = 1) -> Iterator[tuple[str, str]]:
    """Yield for each slip, or for a sample of them, its line and how the check ends: passed, named, partly, unnamed."""
    derived = written.derived()
    for _, line, text in list(mutants(written.source))[::every]:
        space: dict[str, Any] = {"np": np}
        exec(text, space)  # noqa: S102 - made above
        report = check_gradient_is(derived, space["backward"])
        names = [finding.name for finding in report.findings if finding.name != "raises where sizes differ"]
        unnamed = names.count("no known slip")
        named = "named" if not unnamed else "partly" if unnamed < len(names) else "unnamed"
        yield line, "passed" if report.passed else named


def main() -> int:
    """Print a table; the exit code is 1 if a slip has passed."""
    whole: Counter[str] = Counter()
    for name, written in HANDWRITTEN.items():
        found = Counter(how for _, how in judged(written))
        whole += found
        sys.stdout.write(f"{name:<28} {dict(found)}\n")
    sys.stdout.write(f"{'all':<28} {dict(whole)}\n")
    return 1 if whole["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
