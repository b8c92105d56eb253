"""``symmix derive``: the gradient of an objective."""

from __future__ import annotations

import argparse

from sympy import srepr

from symmix.cli.selection import FINE
from symmix.errors import UsageError
from symmix.gradients import gradient
from symmix.notation import lookup
from symmix.objectives import OBJECTIVES
from symmix.printing.latex import latex
from symmix.printing.text import text
from symmix.rewriting import substitute


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("derive", help="print the gradient of an objective")
    parser.add_argument("objective", help=f"one of {', '.join(OBJECTIVES)}")
    parser.add_argument("symbol", help="what to differentiate by: z, z', W, b, theta, ...")
    parser.add_argument("--format", choices=("text", "latex", "srepr"), default="text", help="default: text")
    parser.add_argument("--expand", action="store_true", help="in targets and features, not in residuals")
    parser.set_defaults(run=_derive)


def _derive(options: argparse.Namespace) -> int:
    if options.objective not in OBJECTIVES:
        raise UsageError(f"one of the objectives {', '.join(OBJECTIVES)}", options.objective, "name one of them")
    objective = OBJECTIVES[options.objective]()
    entry = lookup(options.symbol)
    if entry is None or len(entry.shape) != 2:
        raise UsageError("a vector or matrix of the legend, such as z, z', W, b, theta", options.symbol, "name one")
    result = gradient(objective, entry.symbol)
    if not options.expand:
        result = substitute(result, objective.targets)
    write = {"text": text, "latex": latex, "srepr": _srepr}[options.format]
    print(write(result))
    return FINE


def _srepr(expression: object) -> str:
    """Return code for SymPy alone, which knows nothing of a legend."""
    plain = {"LegendMatrix": "MatrixSymbol", "LegendSymbol": "Symbol", "LegendArray": "ArraySymbol"}
    code = str(srepr(expression))
    for ours, sympys in plain.items():
        code = code.replace(f"{ours}(", f"{sympys}(")
    return code
