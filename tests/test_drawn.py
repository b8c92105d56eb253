"""What the page draws is what the theorems say: the scripts' formulas have the exact values of the trees."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from symmix import Identity, Setting, mix
from symmix.errors import UnsupportedError
from symmix.gradients import gradient
from symmix.language import read
from symmix.notation import W, e, ep, gap, y, yp, z, zm, zp
from symmix.objectives import PAIR_TARGETS, input_mixup
from symmix.printing.javascript import javascript
from symmix.publish.html import drawn
from symmix.terms import nodes as t
from symmix.verdict import Proved
from tests import site
from tests.catalogue import outcome
from tests.drawn_points import Given, encoded, line, number, plane, squared_length, value

NODE = shutil.which("node")
POINTS = [("5/16", "4", "0"), ("3/4", "6", "1/32"), ("1/2", "0", "1"), ("0", "7/4", "1/1024"), ("15/16", "5/2", "1/8")]


def formulas() -> dict[str, drawn.Drawn]:
    return drawn.formulas_of(site.outcomes())


def values(name: str, point: tuple[str, str, str]) -> Given:
    if name.startswith("encoder"):
        return {"t": number(point[0]), "kappa": number(point[1])}
    return line(*point) if formulas()[name].sizes == drawn.LINE else plane(*point)


def test_every_formula_is_the_right_side_of_its_theorem() -> None:
    for name, formula in formulas().items():
        if not formula.theorem or name == "inputGradient":
            continue
        document = outcome(formula.theorem).document
        sides = [getattr(claim, "right", ()) for _, claim in document.claims]
        flat = [side for found in sides for side in (found if isinstance(found, tuple) else (found,))]
        assert formula.expression in [*flat, *(value for _, value in document.setting.definitions)], name


def test_the_gradient_of_input_mixup_is_what_the_theorems_on_it_speak_of() -> None:
    """W^T (lam e + (1-lam) e' + W gap): with the residual of the one, vanishing where the other says."""
    objective = input_mixup()
    setting = Setting({**objective.definitions, gap: mix(z, zp) - zm})
    stated = Identity(objective.gradient(zm), W.T * (mix(e, ep) + W * gap))
    assert isinstance(stated.decide(setting), Proved)
    derived = gradient(objective, zm)
    unfolded = Setting({e: y - (PAIR_TARGETS[y] - e), ep: yp - (PAIR_TARGETS[yp] - ep), gap: mix(z, zp) - zm})
    assert isinstance(Identity(derived, W.T * (mix(e, ep) + W * gap)).decide(unfolded), Proved)
    assert read(derived) != formulas()["inputGradient"].expression  # there in errors, here in targets
    at = plane("5/16", "4", "1/8")
    shown = value(formulas()["inputGradient"].expression, drawn.PLANE, at)
    seen = at["gap"][0][0] + Fraction(1, 8)
    assert shown == ((seen,), (Fraction(0),))


def test_the_encoder_is_the_one_that_is_described() -> None:
    for share, bend in (("0", "4"), ("1", "4"), ("1/2", "3"), ("1/4", "6")):
        found = formulas()
        at = {"t": number(share), "kappa": number(bend)}
        shown = [list(value(found[name].expression, {}, at)[0]) for name in ("encoderSeen", "encoderUnseen")]
        assert shown == encoded(Fraction(share), Fraction(bend))
    assert encoded(Fraction(0), Fraction(5)) == [[0], [0]]
    assert encoded(Fraction(1), Fraction(5)) == [[1], [0]]


def test_what_the_figures_say() -> None:
    """At the fit nothing is left of manifold mixup, while input mixup sees the gap; averaged, only the fit is left."""
    found = formulas()
    fitted = plane("5/16", "4", "0")
    assert squared_length(value(found["gradient"].expression, drawn.PLANE, fitted)) == 0
    assert squared_length(value(found["inputGradient"].expression, drawn.PLANE, fitted)) > 0
    cancelling = line("3/4", "1", "-3")
    assert squared_length(value(found["flow"].expression, drawn.LINE, cancelling)) == 0
    averaged = [value(found[f"average{which}"].expression, drawn.LINE, cancelling) for which in ("First", "Second")]
    assert sum(map(squared_length, averaged)) > 0


def test_there_is_a_figure_only_with_all_of_its_theorems() -> None:
    assert drawn.drawable(site.outcomes())
    assert not drawn.drawable(site.outcomes()[:3])


@pytest.mark.skipif(NODE is None, reason="node is not installed: the scripts' formulas are run in a browser alone")
def test_the_script_has_the_exact_values(tmp_path: Path) -> None:
    found = formulas()
    (tmp_path / "formulas.js").write_text(drawn.script(found), encoding="utf-8")
    asked = {name: [exact(values(name, point)) for point in POINTS] for name in found}
    program = (
        "const F = require('./formulas.js'); const asked = JSON.parse(require('fs').readFileSync(0));"
        "const out = {}; for (const [name, points] of Object.entries(asked)) out[name] = points.map(F[name].value);"
        "console.log(JSON.stringify(out));"
    )
    command = [str(NODE), "-e", program]
    result = subprocess.run(command, cwd=tmp_path, input=json.dumps(asked), capture_output=True, text=True, check=True)
    for name, shown in json.loads(result.stdout).items():
        for point, rows in zip(POINTS, shown, strict=True):
            expected = value(found[name].expression, found[name].sizes, values(name, point))
            assert [[Fraction(x) for x in row] for row in rows] == [list(row) for row in expected], (name, point)


def exact(given: Given) -> dict[str, object]:
    """Return values as JavaScript has them: scalars as numbers, matrices as rows; none of them is rounded."""
    scalars = ("lam", "m", "m2", "t", "kappa")
    assert all(Fraction(float(x)) == x for rows in given.values() for row in rows for x in row)
    return {
        name: float(rows[0][0]) if name in scalars else [[float(x) for x in row] for row in rows]
        for name, rows in given.items()
    }


# -- the printer ---

a, b = t.Symbol("a", ("k", "1")), t.Symbol("b", ("1", "k"))
C = t.Symbol("C", ("k", "k"))
s = t.Symbol("s")
i = t.Index("i", "k")
TREES = [
    t.Add((a, t.Transpose(b), t.Multiply((t.Number(Fraction(-1)), C, a)))),
    t.Multiply((s, b, C, a)),
    t.Quotient(t.Multiply((b, a)), t.Multiply((t.Number(Fraction(2)), t.Size("k")))),
    t.Multiply((t.Power(t.Add((s, t.Number(Fraction(-1, 4)))), 3), a)),
    t.Trace(t.Multiply((C, t.Identity("k"), t.Ones("k", "k")))),
    t.Hadamard((a, t.Zeros("k", "1"))),
    t.Total((i,), t.Multiply((t.Entry(a, ("i", "0")), t.Entry(C, ("i", "i"))))),
    t.Total((i,), t.Multiply((t.Slice(C, "i", ":"), a))),
]
AT = {"a": [[1], [-2]], "b": [[3, 5]], "C": [[1, 2], [-4, 8]], "s": 0.5}


@pytest.mark.skipif(NODE is None, reason="node is not installed")
def test_formulas_are_written_out() -> None:
    given = {name: [[Fraction(x) for x in row] for row in rows] for name, rows in AT.items() if isinstance(rows, list)}
    given["s"] = [[Fraction(1, 2)]]
    for tree in TREES:
        program = f"console.log(JSON.stringify(({javascript(tree, {'k': 2})})({json.dumps(AT)})))"
        result = subprocess.run([str(NODE), "-e", program], capture_output=True, text=True, check=True)
        shown = [[Fraction(x) for x in row] for row in json.loads(result.stdout)]
        assert shown == [list(row) for row in value(tree, {"k": 2}, given)], tree


def test_what_is_no_sum_of_products_is_refused() -> None:
    for tree in (t.Gradient(s, s, constant=True), t.Inverse(C), t.Power(C, 2), t.Power(s, 0)):
        with pytest.raises(UnsupportedError, match="a formula of sums and products"):
            javascript(tree, {"k": 2})
