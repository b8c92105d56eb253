"""The formulas that the first page's figures are drawn from: right sides of decided statements, as JavaScript."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from json import dumps

from symmix.gradients import gradient
from symmix.language import read
from symmix.notation import zm
from symmix.objectives import input_mixup
from symmix.printing.javascript import javascript
from symmix.rewriting import substitute
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome

FOUR, MIXED = "gradient_has_four_terms", "mixed_residual_is_mixture_of_residuals"
GAP, FLOOR = "input_mixup_adds_the_interpolation_gap", "input_mixup_is_not_degenerate"
FIT, FLAT = "gradient_vanishes_at_fit", "loss_ignores_flatness"
CONVERSE, AVERAGED = "zero_gradient_does_not_imply_fit", "expected_gradient_vanishes_iff_fit"
THEOREMS = (MIXED, FOUR, GAP, FLOOR, FIT, FLAT, CONVERSE, AVERAGED)

PLANE = {"k": 1, "h": 2, "p": 4}  # features in a plane, of which the head sees one direction
LINE = {"k": 1, "h": 1, "p": 2}  # one feature, so that errors are numbers


@dataclass(frozen=True)
class Drawn:
    """A formula, the sizes at which it is drawn, and the theorem that it belongs to."""

    expression: t.Expression
    sizes: Mapping[str, int]
    theorem: str


def drawable(outcomes: Sequence[Outcome]) -> bool:
    """Whether all theorems that the figures are drawn from are there."""
    return {outcome.script.id for outcome in outcomes} >= set(THEOREMS)


def formulas_of(outcomes: Sequence[Outcome]) -> dict[str, Drawn]:
    """Return what the figures are drawn from, by the name that it has in the script."""
    by_id = {outcome.script.id: outcome for outcome in outcomes}
    four = _right(by_id[FOUR], "")
    found = {
        "mixedResidual": Drawn(_right(by_id[MIXED], ""), LINE, MIXED),
        "gradient": Drawn(four, PLANE, FOUR),
        "gap": Drawn(_definition(by_id[GAP], "gap"), PLANE, GAP),
        "inputResidual": Drawn(_right(by_id[GAP], "in general"), PLANE, GAP),
        "inputGradient": Drawn(input_gradient(), PLANE, FLOOR),
        "flow": Drawn(four, LINE, FOUR),
        "stationary": Drawn(_vanishing(by_id[CONVERSE], "exactly when"), LINE, CONVERSE),
        "averageFirst": Drawn(_right(by_id[AVERAGED], "by z"), LINE, AVERAGED),
        "averageSecond": Drawn(_right(by_id[AVERAGED], "by z'"), LINE, AVERAGED),
    }
    return {**found, **_encoder()}


def input_gradient() -> t.Expression:
    """Return the gradient of input mixup by the features of the mixed input, as ``symmix derive`` has it.

    It is W^T (lam e + (1-lam) e' + W gap); a test decides that.
    """
    objective = input_mixup()
    return read(substitute(gradient(objective, zm), objective.targets))


def _encoder() -> dict[str, Drawn]:
    """Return an encoder of a number t: a line from (0, 0) to (1, 0), bent by kappa, with a loop where kappa > 2."""
    at, bend = t.Symbol("t"), t.Symbol("kappa")
    one, half = t.Number(Fraction(1)), t.Number(Fraction(1, 2))
    left = t.Add((one, t.Multiply((t.Number(Fraction(-1)), at))))
    twice = t.Add((one, t.Multiply((t.Number(Fraction(-2)), at))))
    seen = t.Add((at, t.Multiply((bend, at, left, twice))))
    unseen = t.Multiply((half, bend, at, left))
    return {"encoderSeen": Drawn(seen, {}, ""), "encoderUnseen": Drawn(unseen, {}, "")}


def script(formulas: Mapping[str, Drawn]) -> str:
    """Return the formulas as a script that runs in a browser and in Node."""
    lines = [
        f"  {name}: {{ theorem: {dumps(formula.theorem)}, value: {javascript(formula.expression, formula.sizes)} }},"
        for name, formula in formulas.items()
    ]
    head = "// Written by symmix from the statements that were decided: a function for each formula that is drawn."
    return "\n".join([head, '"use strict";', "const FORMULAS = {", *lines, "};", _FOR_NODE])


_FOR_NODE = 'if (typeof module !== "undefined") module.exports = FORMULAS;\n'


def _right(outcome: Outcome, label: str) -> t.Expression:
    statement = dict(outcome.document.claims)[label]
    if not isinstance(statement, s.Identity):
        raise TypeError(f"{outcome.script.id}, {label}: an identity has a right side")
    return statement.right


def _vanishing(outcome: Outcome, label: str) -> t.Expression:
    statement = dict(outcome.document.claims)[label]
    if not isinstance(statement, s.Equivalence):
        raise TypeError(f"{outcome.script.id}, {label}: an equivalence has a right side that vanishes")
    return statement.right[0]


def _definition(outcome: Outcome, name: str) -> t.Expression:
    return next(value for symbol, value in outcome.document.setting.definitions if symbol.name == name)
