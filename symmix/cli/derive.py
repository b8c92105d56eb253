"""``symmix derive``: the gradient of an objective, one of ours or one that a file states, as a formula or as code."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from inspect import isfunction
from pathlib import Path
from types import ModuleType

import sympy as sp

from symmix.cli.codes import FINE
from symmix.cli.grammar import FRAMEWORKS
from symmix.errors import UsageError
from symmix.executing import module
from symmix.gradients import gradient
from symmix.notation import lookup
from symmix.objectives import OBJECTIVES, Objective
from symmix.printing.latex import latex
from symmix.printing.text import text
from symmix.rewriting import substitute
from symmix.texts import SUFFIXES

_SUFFIXES = (".py", *SUFFIXES)
_SHAPED = "a vector or matrix of the objective"


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    objective = _named(options.objective)
    symbols = [_symbol(objective, name) for name in options.symbols]
    if options.format in FRAMEWORKS:
        print(_code(objective, symbols, options), end="")
        return FINE
    if options.batch:
        raise UsageError("--batch with code", f"--format {options.format}", f"add --format {' or '.join(FRAMEWORKS)}")
    for symbol in symbols:
        result = gradient(objective, symbol)
        if isinstance(objective, Objective) and not options.expand:
            result = substitute(result, objective.targets)
        print(FORMULAS[options.format](result))
    return FINE


def _code(objective: Objective | sp.Expr, symbols: Sequence[sp.MatrixSymbol], options: argparse.Namespace) -> str:
    from symmix.publish.code import code  # noqa: PLC0415  # for code alone

    batch = [_symbol(objective, name, scalars=True) for name in options.batch]
    return str(code(objective, by=symbols, framework=options.format, name=options.name, batch=batch))


# -- what is differentiated ---


def _named(name: str) -> Objective | sp.Expr:
    """Return an objective of ours, or what a file states."""
    if name in OBJECTIVES:
        return OBJECTIVES[name]()
    file, _, wanted = name.rpartition(":") if any(f"{suffix}:" in name for suffix in _SUFFIXES) else (name, "", "")
    if not file.endswith(_SUFFIXES):
        known = ", ".join(OBJECTIVES)
        raise UsageError(f"one of the objectives {known}, or FILE.py:NAME, FILE.txt:NAME", name, "name one of them")
    if not Path(file).is_file():
        raise UsageError("a file with an objective", f"{file}, which is no file", "check the path")
    if not file.endswith(".py"):
        return _defined(file, wanted)
    return _chosen(file, module(Path(file)), wanted)


def _defined(file: str, wanted: str) -> Objective:
    """Return what a text defines by that name, or its only scalar."""
    from symmix.textual import objectives_of  # noqa: PLC0415  # for text alone

    found = objectives_of(Path(file))
    if wanted in found or (not wanted and len(found) == 1):
        return found[wanted] if wanted else next(iter(found.values()))
    names = ", ".join(found) or "none"
    arrived = f"{wanted or 'no name'}; {file} defines {names}"
    raise UsageError("a scalar that the text defines, FILE.txt:L", arrived, "write L := ... in it, and name it")


def _stated(source: ModuleType) -> Mapping[str, Objective | sp.Expr]:
    """Return the objectives and scalars of a file by name."""
    found: dict[str, Objective | sp.Expr] = {}
    for name, value in vars(source).items():
        scalar = isinstance(value, sp.Expr) and not value.is_Atom and not getattr(value, "shape", ())
        if not name.startswith("_") and (isinstance(value, Objective) or scalar):
            found[name] = value
    return found


def _nothing(file: str, source: ModuleType, wanted: str) -> UsageError:
    """Return what is there in the place of objectives: functions that make one, matrices of one entry."""
    own = {name: value for name, value in vars(source).items() if name == wanted or not (wanted or name[0] == "_")}
    made = [name for name, value in own.items() if isfunction(value) and value.__module__ == source.__name__]
    single = [name for name, value in own.items() if isinstance(value, sp.MatrixExpr) and value.shape == (1, 1)]
    arrived, remedy = "with none", "give a name to it: loss = squared_norm(y - W * x) / 2, or an Objective(...)"
    if single:
        arrived = f"with matrices of one entry: {', '.join(single)}"
        remedy = f"make a scalar of it: sp.Trace({single[0]}), or write it with inner(a, b) and squared_norm(a)"
    elif made:
        arrived = f"with functions, which are not called: {', '.join(made)}"
        remedy = f"name in the file what the function returns: objective = {made[0]}(...)"
    return UsageError("a file that states a scalar or an Objective", f"{file}, {arrived}", remedy)


def _chosen(file: str, source: ModuleType, wanted: str) -> Objective | sp.Expr:
    """Return the one of the name, or the only one."""
    stated, named = _stated(source), getattr(source, wanted, None)
    if not stated or (wanted not in stated and (isfunction(named) or isinstance(named, sp.MatrixExpr))):
        raise _nothing(file, source, wanted)
    if wanted in stated:
        return stated[wanted]
    if not wanted and len(stated) == 1:
        return next(iter(stated.values()))
    arrived = f"{file}:{wanted}" if wanted else f"{file}, which states {len(stated)}"
    raise UsageError("an objective of the file by its name", arrived, f"name one of {', '.join(stated)}")


# -- what it is differentiated by ---


def _symbol(objective: Objective | sp.Expr, name: str, *, scalars: bool = False) -> sp.Basic:
    """Return the vector or matrix of that name that occurs in an objective; or a scalar, where one is of use."""
    known, entry = _symbols(objective, scalars=scalars), lookup(name)
    if entry is not None and entry.symbol in known.get(entry.name, ()):  # zp is z' of the legend
        name = entry.name
    if name not in known and name.replace("_prime", "'") in known:  # as code calls it
        name = name.replace("_prime", "'")
    if name not in known:
        what = "a symbol of the objective" if scalars else _SHAPED
        named = f"{what}: {', '.join(sorted(known))}" if known else what
        raise UsageError(named, name if known else f"{name}, and there is none", "name what it has")
    if len(known[name]) > 1:
        raise UsageError(f"one symbol of the name {name}", "two of different size or kind", "rename one of them")
    return next(iter(known[name]))


def _symbols(objective: Objective | sp.Expr, *, scalars: bool) -> dict[str, set[sp.Basic]]:
    roots: list[sp.Basic] = [objective] if isinstance(objective, sp.Expr) else []
    if isinstance(objective, Objective):
        roots = [*objective.definitions.values(), *objective.jacobians]
        roots += [objective.parameters] if objective.jacobians else []  # nothing depends on them otherwise
    shaped = {symbol for root in roots for symbol in root.atoms(sp.MatrixSymbol)}
    plain = {symbol for root in roots for symbol in root.atoms(sp.Symbol)} if scalars else set()
    plain -= {size for symbol in shaped for size in symbol.atoms(sp.Symbol)}
    found: dict[str, set[sp.Basic]] = {}
    for symbol in (shaped | plain).difference(objective.definitions if isinstance(objective, Objective) else {}):
        found.setdefault(symbol.name, set()).add(symbol)
    return found


def _srepr(expression: object) -> str:
    """Return code for SymPy alone, which knows nothing of a legend."""
    plain = {"LegendMatrix": "MatrixSymbol", "LegendSymbol": "Symbol", "LegendArray": "ArraySymbol"}
    code = str(sp.srepr(expression))
    for ours, sympys in plain.items():
        code = code.replace(f"{ours}(", f"{sympys}(")
    return code


FORMULAS = {"text": text, "latex": latex, "srepr": _srepr}
