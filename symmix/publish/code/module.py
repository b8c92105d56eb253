"""A plan as a module with one function, whose docstring has the shapes and whose comment the statement's digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap

from symmix.plans import Plan
from symmix.publish.code.dialects import Dialect
from symmix.publish.code.names import Names
from symmix.publish.code.writing import Lines

WIDE = 88
INDENT = "    "


def written(
    plan: Plan, dialect: Dialect, name: str, formulas: Mapping[str, str], digest: str, samples: str | None = None
) -> tuple[str, Names]:
    """Return the module's text, and the names that symbols have in it.

    Parameters
    ----------
    formulas
        How each result reads, by its name, and what is defined on the way.
    samples
        The size of the batch.
    """
    names = Names([name])
    for symbol in (*plan.arrays, *plan.scalars, *(size for size in plan.sizes if not size.isdigit())):
        names.of(symbol)
    lines = Lines(plan, dialect, names)
    body = lines.written()
    along, given = _sizes(plan, lines.sizes, names)
    parameters = [
        *(f"{names.of(symbol)}: {dialect.array}" for symbol in plan.arrays),
        *(f"{names.of(symbol)}: float" for symbol in plan.scalars),
        *(f"{names.of(size)}: int" for size in given),
    ]
    kinds = [dialect.array if result.node.sizes else dialect.number_type for result in plan.results]
    returned = kinds[0] if len(kinds) == 1 else f"tuple[{', '.join(kinds)}]"
    results = ", ".join(names.of(result.name) for result in plan.results)
    text = [
        *_head(dialect, digest, module_used=lines.uses_module()),
        *_signature(name, parameters, returned),
        *_docstring(plan, names, formulas, given, samples),
        *(f"{INDENT}{line}" for line in [*along, *body, f"return {results}"]),
    ]
    return "\n".join(text) + "\n", names


def _head(dialect: Dialect, digest: str, *, module_used: bool) -> Iterator[str]:
    module, kind = dialect.imports
    yield '"""Written by symmix from a formula, and not to be changed by hand."""'
    yield f"# statement sha256 {digest}"
    yield ""
    yield "from __future__ import annotations"
    yield ""
    if dialect.declared:
        yield "from typing import Any"
        yield ""
    if dialect.name == "jax":
        yield kind
    if module_used and module:
        yield module
    if dialect.name != "jax":
        yield kind
    yield ""
    if dialect.declared:
        yield dialect.declared
        yield ""
    yield ""


def _signature(name: str, parameters: Sequence[str], returned: str) -> Iterator[str]:
    line = f"def {name}({', '.join(parameters)}) -> {returned}:"
    if len(line) <= WIDE:
        yield line
        return
    yield f"def {name}("
    for parameter in parameters:
        yield f"{INDENT}{parameter},"
    yield f") -> {returned}:"


def _docstring(
    plan: Plan, names: Names, formulas: Mapping[str, str], given: Sequence[str], samples: str | None
) -> Iterator[str]:
    by = [result.by for result in plan.results]
    what = f"the gradient by {', '.join(by)}" if all(by) else "the value of a formula"
    lines = [f'"""Return {what}.', ""]
    lines += ["Parameters", "----------"]
    lines += [f"{names.of(symbol)}\n    {_shape(axes, names)}" for symbol, axes in plan.arrays.items()]
    lines += [f"{names.of(symbol)}\n    A number." for symbol in plan.scalars]
    lines += [f"{names.of(size)}\n    A size." for size in given]
    lines += ["", "Returns", "-------"]
    for result in plan.results:
        reads = wrap(formulas[result.name], WIDE - 3 * len(INDENT))
        summed = ", summed over the samples." if samples and samples not in result.node.sizes else "."
        shape = _shape(result.node.sizes, names).removesuffix(".")
        lines += [names.of(result.name), f"    {shape}{summed}", *(f"    {line}" for line in reads)]
    if plan.where:
        lines += ["", "Notes", "-----"]
        lines += [line for name in plan.where for line in wrap(f"{name} = {formulas[name]}", WIDE - 2 * len(INDENT))]
    lines += ['"""']
    for line in "\n".join(lines).split("\n"):
        yield f"{INDENT}{line}" if line else ""


def _shape(axes: Sequence[str], names: Names) -> str:
    if not axes:
        return "A number."
    sizes = ", ".join(size if size.isdigit() else names.of(size) for size in axes)
    return f"Shape ({sizes}{',' if len(axes) == 1 else ''})."


def _sizes(plan: Plan, used: Mapping[str, None], names: Names) -> tuple[list[str], list[str]]:
    """Return the lines that read sizes off arrays, and the sizes that have to be given."""
    lines, given = [], []
    for size in used:
        found = [(name, axes.index(size)) for name, axes in plan.arrays.items() if size in axes]
        if found:
            lines.append(f"{names.of(size)} = {names.of(found[0][0])}.shape[{found[0][1]}]")
        else:
            given.append(size)
    return lines, given
