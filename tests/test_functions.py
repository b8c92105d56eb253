"""Functions of which nothing is known but what is assumed for all arguments: instances prove, explicit ones refute."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Fails, Identity, Nonnegative, Theorem, Vanishing, checker, squared_norm, theorem
from symmix.checker import check
from symmix.checker_text import lines as listed
from symmix.checking import check_derivation
from symmix.confirming import confirm
from symmix.deciding.instances import Values
from symmix.errors import SymmixError
from symmix.language import At, ForAll, Function, Gradient, expectation
from symmix.publish import paper
from symmix.publish.givens import for_all
from symmix.publish.plain import written
from symmix.setting import Setting
from symmix.statements import Statement
from symmix.terms.codec import document, theorem_of
from symmix.terms.functions import laws_of
from symmix.terms.meanings import names_of
from symmix.textual import scripts_of
from symmix.theorems import Outcome
from symmix.verdict import Proved, Refuted

h, k, n = sp.symbols("h k n", integer=True, positive=True)
L, r, s, u, v = sp.symbols("L r s u v", real=True)
x, y, a, b, c, d = (sp.MatrixSymbol(name, h, 1) for name in "xyabcd")
E = sp.MatrixSymbol("E", n, h)
G, g, f = Function("G", h, k), Function("g"), Function("f")
additive = ForAll((x, y), G(x + y) - G(x) - G(y))
lipschitz = ForAll((x, y), squared_norm(G(x) - G(y)) <= L**2 * squared_norm(x - y))
affine = ForAll((x, y, s), G(s * x + (1 - s) * y) - s * G(x) - (1 - s) * G(y))


def slower(factor: sp.Expr) -> sp.Expr:
    return factor * L**2 * squared_norm(a - b) - squared_norm(G(a) - G(b))


@theorem(answers="is an additive function odd?")
def additive_functions_are_odd() -> Theorem:
    """An additive function is 0 at 0, and odd."""
    return Theorem(
        claim={
            "at 0": Vanishing([G(sp.ZeroMatrix(h, 1))], where=[additive]),
            "odd": Identity(G(-a), -G(a), where=[additive]),
        },
        near_misses={
            "even": Identity(G(-a), G(a), where=[additive]),
            "nothing assumed": Identity(G(-a), -G(a)),
            "0 at 0 alone": Identity(G(a + b), 2 * G(a), where=[G(sp.ZeroMatrix(h, 1))]),
        },
    )


@theorem(answers="does a constant that is larger do as well?")
def lipschitz_constants_grow() -> Theorem:
    """What has the Lipschitz constant L has the constant 2 L."""
    return Theorem(
        claim=Nonnegative(slower(sp.Integer(4)), where=[lipschitz]),
        near_misses={
            "half the constant": Nonnegative(slower(sp.Rational(1, 4)), where=[lipschitz]),
            "constant": Identity(G(a), G(b), where=[lipschitz]),
            "at two other points": Nonnegative(slower(sp.Integer(4)), where=[G(c) - G(d)]),
        },
    )


@theorem(answers="is what is affine on lines affine at mixtures of mixtures?")
def heads_that_are_affine_on_lines_mix_mixtures() -> Theorem:
    """A head without mixup loss at any ratio mixes the values of three points."""
    three = u * (v * a + (1 - v) * b) + (1 - u) * c
    return Theorem(
        claim=Identity(G(three), u * (v * G(a) + (1 - v) * G(b)) + (1 - u) * G(c), where=[affine]),
        near_misses={
            "the shares swapped": Identity(G(three), u * ((1 - v) * G(a) + v * G(b)) + (1 - u) * G(c), where=[affine])
        },
    )


SCRIPTS = [additive_functions_are_odd, lipschitz_constants_grow, heads_that_are_affine_on_lines_mix_mixtures]


def proved(script: Any) -> Outcome:
    outcome: Outcome = script.prove()
    assert isinstance(outcome.verdict, Proved), (outcome.verdict, outcome.disagreement)
    return outcome


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_both_deciders_prove_what_follows_from_instances_and_refute_by_explicit_functions(script: Any) -> None:
    outcome = proved(script)
    assert check(json.loads(outcome.certificate())).accepted
    assert theorem_of(document(outcome.document)) == outcome.document


@pytest.mark.parametrize(
    "statement",
    [
        Identity(g(u), g(v), where=[ForAll(s, g(s) - 1)]),  # congruence and constants
        Nonnegative(g(u), where=[ForAll(s, g(s) >= 0)]),
        Identity(g(g(u)), u, where=[ForAll(s, g(g(s)) - s)]),  # values inside of arguments
        Identity(g((u + v) ** 2), g(u**2 + 2 * u * v + v**2)),
        Fails(Identity(g(u), g(v))),
    ],
    ids=str,
)
def test_what_holds_for_every_function_is_proved(statement: Statement) -> None:
    assert isinstance(statement.decide(Setting()), Proved)


@pytest.mark.parametrize(
    "statement",
    [
        Identity(g(u), u, where=[ForAll(s, g(g(s)) - s)]),  # g = -s
        Nonnegative(-g(u), where=[ForAll(s, g(s) >= 0)]),
        Nonnegative(g(u), where=[ForAll(s, g(s) ** 2 - s**2)]),
        Identity(g(u + v), g(u), where=[ForAll(s, g(s + 1) - g(s) - 1)]),
        Identity(g(u), u, where=[ForAll(s, g(s) ** 2 - s**2), ForAll(r, f(r) - r)]),  # g = -s, f no such multiple
        Identity(g(f(u)), u, where=[ForAll(s, g(s) - s), ForAll(r, f(r) + r)]),
    ],
    ids=str,
)
def test_what_an_explicit_function_breaks_is_refuted(statement: Statement) -> None:
    assert isinstance(statement.decide(Setting()), Refuted)


@pytest.mark.parametrize(
    "statement",
    [
        Nonnegative(g(u) - 1, where=[ForAll(s, g(s) ** 2 - g(s))]),  # false for 0, and true instances say nothing
        Identity(g(u), g(0), where=[ForAll(s, (g(s) - g(0)) ** 2 <= s**4)]),  # false for s^2, which is not affine
    ],
    ids=str,
)
def test_a_point_at_which_instances_hold_never_refutes_by_itself(statement: Statement) -> None:
    verdict = statement.decide(Setting())
    assert not isinstance(verdict, Proved)
    if isinstance(verdict, Refuted):
        assert verdict.witness is not None
        assert "g(0)" in verdict.witness.scalars


@pytest.mark.parametrize(
    "never_negative",
    [
        g(s) ** 2 - g(s) ** 4,  # 0 at -1, 0 and 1, if g = s,
        2 * g(s) ** 2 - g(s) ** 4,  # or above it,
        g(s) ** 2 + g(s) ** 3 - g(s),  # and with an odd degree,
    ],
    ids=str,
)
def test_a_law_of_higher_degree_is_not_met_by_what_meets_it_near_zero(never_negative: sp.Expr) -> None:
    """Constant functions meet it, for which the claim holds; of the others no affine one does."""
    statement = Identity(g(u), g(v), where=[ForAll(s, never_negative >= 0)])
    assert not isinstance(statement.decide(Setting()), Refuted)


@pytest.mark.parametrize("written", [slower(sp.Integer(1)), slower(sp.Integer(2)) - L**2 * squared_norm(a - b)])
def test_a_claim_that_is_a_hypothesis_with_other_names_is_refused(written: sp.Expr) -> None:
    @theorem(answers="is a Lipschitz function Lipschitz?")
    def assumed() -> Theorem:
        """What is assumed is claimed."""
        return Theorem(claim=Nonnegative(written, where=[lipschitz]), near_misses={"none": Identity(u, v)})

    with pytest.raises(SymmixError, match="not its own hypothesis"):
        assumed.prove()


def test_hypotheses_that_no_affine_function_meets_prove_perhaps_of_nothing() -> None:
    verdict = Identity(g(u), 0, where=[ForAll(s, g(s) - s**3), u]).decide(Setting())
    assert not (isinstance(verdict, Proved) and verdict.met)


i = sp.Symbol("i", integer=True)
REFUSED: dict[str, Callable[[], Statement]] = {
    "a derivative": lambda: Identity(Gradient(squared_norm(G(a)), a), a),
    "a replacement": lambda: Identity(At(G(a), {a: b}), G(b)),
    "an expectation": lambda: Identity(expectation(g(u), u, {1: v}), g(v)),
    "an argument at a sample": lambda: Identity(g(E[i, 0]), u),
    "an argument that is summed over": lambda: Identity(sp.Sum(g(E[i, 0]), (i, 0, n - 1)), u),
    "another shape": lambda: Identity(G(E), a),
    "two functions of one name": lambda: Identity(G(a), G(b), where=[Function("G", h, h)(a) - a]),
    "the name of a symbol": lambda: Identity(Function("a", h, h)(a), b),
    "bound and free": lambda: Identity(G(x), G(a), where=[ForAll((x, y), G(x) - G(y))]),
    "bound in a range": lambda: Nonnegative(g(u), where=[ForAll(s, g(s) - g(u))], ranges={s: (0, 1)}),
    "an assumption of its own": lambda: Identity(
        g(u), u, where=[ForAll(sp.Symbol("t", positive=True), g(sp.Symbol("t", positive=True)))]
    ),
    "divided by what is bound": lambda: Identity(g(u), u, where=[ForAll(s, g(s) / s)]),
    "bound twice": lambda: Identity(g(u), u, where=[ForAll((s, s), g(s))]),
    "bound here and free there": lambda: Identity(g(u), v, where=[ForAll(s, g(s) - 1), ForAll(r, g(r) - s)]),
    "an equivalence": lambda: Equivalence([g(u)], [g(v)]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_has_no_meaning_is_refused(case: str) -> None:
    with pytest.raises(SymmixError):
        REFUSED[case]().decide(Setting())


# -- forgeries ---

Forgery = Callable[[Any], None]


@cache
def _text(script: Any) -> str:
    return proved(script).certificate()


def _certificate(script: Any) -> Any:
    return json.loads(_text(script))


def _resealed(certificate: Any) -> Any:
    from symmix.terms.codec import digest  # noqa: PLC0415 - only forgers need it

    return {**certificate, "digest": digest(certificate["statement"])}


def _claim(certificate: Any, number: int = 0) -> Any:
    return certificate["evidence"]["claims"][number]


SYMBOL = ["Symbol", "a"]
TWICE = ["Trace", ["Multiply", [["Transpose", ["Apply", "G", SYMBOL]], ["Apply", "G", SYMBOL]]]]
LIPSCHITZ: dict[str, Forgery] = {
    "at other arguments": lambda c: _claim(c)["instances"][0].update(at=[SYMBOL, SYMBOL]),
    "at what is bound": lambda c: _claim(c)["instances"][0].update(at=[["Symbol", "x"], ["Symbol", "b"]]),
    "at too few": lambda c: _claim(c)["instances"][0].update(at=[SYMBOL]),
    "at another shape": lambda c: _claim(c)["instances"][0].update(at=[["Symbol", "L"], ["Symbol", "b"]]),
    "of no hypothesis": lambda c: _claim(c)["instances"][0].update(of=1),
    "an inequality taken for an equation": lambda c: _claim(c)["instances"][0].update(root=None),
    "one root for two": lambda c: _claim(c)["instances"].append(_claim(c)["instances"][0]),
    "values at other arguments": lambda c: _claim(c)["values"][0].__setitem__(2, ["Symbol", "b"]),
    "a value that is left out": lambda c: _claim(c)["values"].pop(),
    "no instance": lambda c: _claim(c)["instances"].clear(),
    "plain evidence": lambda c: c["evidence"]["claims"].__setitem__(0, {"kind": "equal", "met": _claim(c)["met"]}),
    "a hypothesis that functions do not meet": lambda c: _claim(c)["met"]["entries"].update(
        {
            "dG/dx": [
                [str(7 + 100 * (i == j)) for j in range(_claim(c)["met"]["sizes"]["h"])]
                for i in range(_claim(c)["met"]["sizes"]["k"])
            ]
        }
    ),
    "a hypothesis that is not met by the witness": lambda c: c["evidence"]["near_misses"][0]["scalars"].update(L="1/9"),
    "a constant function": lambda c: c["evidence"]["near_misses"][0]["entries"].update(
        {"dG/dx": [["0"] * len(row) for row in c["evidence"]["near_misses"][0]["entries"]["dG/dx"]]}
    ),
    "a function that is not declared": lambda c: c["statement"].pop("functions"),
    "functions of another shape": lambda c: c["statement"]["functions"].update(G=[["k", "1"], ["h", "1"]]),
    "a function that does not occur": lambda c: c["statement"]["functions"].update(F=[[], []]),
    "a function called as a symbol": lambda c: c["statement"]["functions"].update(a=[[], []]),
    "a hypothesis about what another one binds": lambda c: c["statement"]["claims"][0][1][3].append(
        ["Everywhere", ["b"], "=", ["Add", [["Apply", "G", ["Symbol", "b"]], ["Apply", "G", ["Symbol", "x"]]]]]
    ),
    "a condition on a value": lambda c: c["statement"]["conditions"].append([TWICE, ">=", ["Number", "0"]]),
    "a definition by a value": lambda c: c["statement"]["definitions"].append(["L", TWICE]),
    "an instance at an entry": lambda c: _claim(c)["instances"][0].update(at=[["Entry", SYMBOL, ["0", "0"]], SYMBOL]),
    "an inequality turned": lambda c: c["statement"]["claims"][0][1][3][0].__setitem__(2, "="),
    "a claim about what is bound": lambda c: _put(c["statement"]["claims"], SYMBOL, ["Symbol", "x"]),
}


def _put(data: Any, old: Any, new: Any) -> None:
    for place, item in enumerate(data):
        if item == old:
            data[place] = new
        elif isinstance(item, list):
            _put(item, old, new)


@pytest.mark.parametrize("forgery", LIPSCHITZ)
def test_the_second_checker_rejects_forged_instances_and_functions(forgery: str) -> None:
    certificate = _certificate(lipschitz_constants_grow)
    LIPSCHITZ[forgery](certificate)
    assert not check(_resealed(certificate)).accepted


OPAQUE = {
    "differentiated": ["Trace", ["Gradient", ["Trace", ["Apply", "g", ["Symbol", "u"]]], ["Symbol", "u"], [], True]],
    "replaced": ["At", ["Apply", "g", ["Symbol", "u"]], [["u", ["Symbol", "v"]]]],
    "averaged": ["Expectation", ["Apply", "g", ["Symbol", "u"]], ["Symbol", "u"], [[1, [], ["Symbol", "v"]]]],
    "inverted": ["Inverse", ["Apply", "g", ["Symbol", "u"]]],
}


@pytest.mark.parametrize("kind", OPAQUE)
def test_the_second_checker_rejects_values_that_are_differentiated_replaced_averaged_or_inverted(kind: str) -> None:
    @theorem(answers="does g have equal values at equal arguments?")
    def congruence() -> Theorem:
        """A function has one value at one argument."""
        claim = Identity(g(u + v - v), g(u + 0 * v), where=[ForAll(s, g(s) - g(0))])
        return Theorem(claim=Identity(v * g(u), v * g(0), where=claim.where), near_misses={"v": Identity(g(u), v)})

    certificate = _certificate(congruence)
    claim = certificate["statement"]["claims"][0][1]
    claim[1] = ["Add", [claim[1], OPAQUE[kind], ["Multiply", [["Number", "-1"], OPAQUE[kind]]]]]
    report = check(_resealed(certificate))
    assert not report.accepted
    assert "function" in report.reason or "kind" in report.reason


# -- ways in and out ---

TEXT = """theorem additive_functions_are_odd: An additive function is odd.
answers: is an additive function odd?
let a: h, x: h, y: h, G: h -> k
given for all x, y: G(x + y) = G(x) + G(y)
claim: G(-a) = -G(a)
near miss even: G(-a) = G(a)
"""


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.id)
def test_a_theorem_about_functions_is_read_back_from_its_text(script: Any, tmp_path: Path) -> None:
    (tmp_path / "again.txt").write_text(written(script), encoding="utf-8")
    (again,) = scripts_of(tmp_path / "again.txt")
    one, other = script.stated().document, proved(again).document
    assert names_of(one).functions == names_of(other).functions
    assert written(again) == written(script)
    values = Values(proved(script).frame)
    for (_, claim), (_, read) in zip(one.claims, other.claims, strict=True):
        (law,), (read_law,) = laws_of(claim), laws_of(read)
        assert (law.symbols, law.sign) == (read_law.symbols, read_law.sign)
        assert values.frame.goal(values.put_into(law.body), values.put_into(read_law.body)).is_zero


def test_functions_are_declared_in_a_text_and_lines_about_them_are_checked() -> None:
    lines = ["let a: h, b: h, x: h, y: h, G: h -> k, g: 1 -> 1, u, v", "let i < h"]
    lines += ["given for all x, y: G(x + y) = G(x) + G(y)", "G(a + b + a) = 2 G(a) + G(b)", "G(a + b) = 2 G(a)"]
    lines += [
        "G(u) = G(a)",
        "G = G(a)",
        "g(a[i]) = u",
        "G(x) = G(a)",
        "d(|G(a)|^2)/da = a",
        "g(u) = g(v) where for all u: g(u) > 0",
    ]
    found = check_derivation("\n".join(lines)).findings
    words = ["proved", "refuted", "shapes do not fit", "not understood", "not understood", "not understood"]
    assert [finding.word for finding in found] == [*words, "not understood", "not understood"]
    assert not any(finding.defect for finding in found)
    assert {"dG/dx", "G(0)"} <= found[1].entries.keys()


def test_a_text_that_assumes_something_of_a_function_is_proved_as_a_theorem(tmp_path: Path) -> None:
    (tmp_path / "odd.txt").write_text(TEXT, encoding="utf-8")
    (script,) = scripts_of(tmp_path / "odd.txt")
    assert "functions G: R^h -> R^k" in for_all(proved(script))


def test_what_is_said_of_a_theorem_lists_its_functions_and_not_what_takes_all_values() -> None:
    outcome = proved(lipschitz_constants_grow)
    assert for_all(outcome) == "sizes k, h; real L; a, b in R^h; functions G: R^h -> R^k"
    shown = "\n".join(
        listed(checker.Theorem(json.loads(outcome.certificate())["statement"], checker.Meter(checker.MAX_WORK)))
    )
    assert "for all functions G from h x 1 to k x 1" in shown
    assert not re.search(r"real matrices.*x \(h x 1\)|dG/dx", shown)
    latex = paper.single([outcome], {})
    assert r"G : \mathbb{R}^{\sxh} \to \mathbb{R}^{\sxk}" in latex
    assert "an instance of what is assumed for all arguments" in latex


def test_explicit_functions_confirm_and_numbers_object_to_those_that_break_a_law() -> None:
    outcome = proved(lipschitz_constants_grow)
    assert confirm(outcome).agrees
    (claim,) = outcome.claims.values()
    assert isinstance(claim, Proved)
    assert claim.point is not None
    entries = {
        x: {p: v + 9 for p, v in table.items()} if x.name == "dG/dx" else table
        for x, table in claim.point.entries.items()
    }
    steeper = replace(claim, point=replace(claim.point, entries=entries))
    found = confirm(replace(outcome, claims={"": steeper}))
    assert not found.agrees
    assert any("its hypotheses hold for the kernel, and not" in str(remark) for remark in found.rows[0].disagreements)
