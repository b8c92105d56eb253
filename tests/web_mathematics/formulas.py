"""Every formula that symmix writes for the web: of the Markdown export, of notebooks, of words, and of any trees."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hypothesis import Phase, given, settings

from symmix import show
from symmix.catalogue import chapters
from symmix.notation import legend
from symmix.printing.latex import LatexPrinter
from symmix.printing.prose import Prose
from symmix.printing.symbols import WEB
from symmix.publish import web
from symmix.publish.markup import MarkdownMarkup
from symmix.terms import nodes as t
from symmix.theorems import Outcome
from tests.trees import any_expressions

DISPLAY = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"(?<!\\)\$([^$]+)(?<!\\)\$")

# What GitHub refuses, and what means something in its Markdown before it is read as mathematics.
_REFUSED = re.compile(
    r"\\(operatorname|bm|newline|newcommand|def|require|href|class|cssId|unicode|html\w*|DeclareMath\w*)\b"
)
_EATEN = re.compile(r"\\[^A-Za-z\s]")


class Formula(NamedTuple):
    """A formula, whether it is displayed, and where it stands."""

    latex: str
    display: bool
    where: str


def of_markdown(text: str, where: str) -> Iterator[Formula]:
    """Run through the formulas of a page."""
    for match in DISPLAY.finditer(text):
        yield Formula(match[1], display=True, where=where)
    for match in INLINE.finditer(DISPLAY.sub("", text)):
        yield Formula(match[1], display=False, where=where)


def everywhere(outcomes: list[Outcome]) -> Iterator[Formula]:
    """Run through all formulas."""
    for name, text in web.files(outcomes, chapters()).items():
        yield from of_markdown(text, name)
    yield from of_markdown(web.single(outcomes, chapters()), "one page")
    for outcome in outcomes:
        yield from _in_a_notebook(outcome)
    prose = Prose(WEB, MarkdownMarkup().escape)
    for entry in legend():
        yield from of_markdown(prose(entry.meaning), f"the legend, {entry.name}")
    for tree in trees():
        yield Formula(LatexPrinter(WEB).print(tree), display=False, where=f"a tree, {tree}")


def _in_a_notebook(outcome: Outcome) -> Iterator[Formula]:
    theorem = outcome.theorem
    verdicts = [*outcome.claims.values(), *outcome.near_misses.values(), outcome.verdict]
    verdicts += [verdict for chain in outcome.steps for verdict in chain]
    things = [outcome, *theorem.claims.values(), *theorem.near_misses.values(), *theorem.derivations, *verdicts]
    for thing in things:
        face = show(thing)._repr_latex_()
        yield Formula(face.strip("$"), display=True, where=f"a notebook, {outcome.script.id}, {type(thing).__name__}")
    page = outcome._repr_markdown_()
    if page is not None:
        yield from of_markdown(page, f"a notebook, {outcome.script.id}")


def trees() -> list[t.Expression]:
    """Return trees of every kind, the same ones each time."""
    found: list[t.Expression] = []

    @settings(max_examples=400, derandomize=True, database=None, phases=[Phase.generate])
    @given(any_expressions())
    def collect(tree: t.Expression) -> None:
        found.append(tree)

    collect()
    return found


def against_github(formula: Formula) -> str:
    """Return what GitHub would not show of a formula, empty for nothing."""
    refused = _REFUSED.search(formula.latex)
    if refused:
        return f"GitHub refuses {refused[0]}"
    if "$" in formula.latex:
        return "a dollar sign inside of a formula"
    if not formula.display and (eaten := _EATEN.search(formula.latex)):
        return f"Markdown takes the backslash of {eaten[0]} away"
    return ""
