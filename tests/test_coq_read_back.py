"""What is printed for Coq is read back: each side of each statement has the value that SymPy's scalars give it.

Coq shows that what is printed is true; here it is seen to be what was stated. No side, premise or hypothesis that is
printed is left out. The conditions of a theorem (``s > 0``) have nothing to be compared with: they are not printed.
The statement is SymPy's, as the script has it: what lies between, the tree and the printer, is not asked.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Theorem, Vanishing, theorem
from symmix.language import ForAll
from symmix.notation import E, P, d, h, i, j, k, n, p
from symmix.publish import coq
from symmix.statements import Statement
from symmix.theorems import Script
from tests.catalogue import SCRIPTS, outcome
from tests.coq_beside import Comparison, Original, SideBySide, Values, any_of, drawn, parts_of
from tests.coq_grammar import Parser, ReadError, sentences
from tests.coq_reader import (
    SPACES,
    Kind,
    Maps,
    Space,
    built,
    read,
)
from tests.oracle import Point
from tests.test_coq import IN_PART, WHOLE, needs_coq

i_ = sp.Symbol("i_", integer=True)
SIZES = ({h: 2, k: 4, n: 3, p: 5, d: 6}, {h: 3, k: 5, n: 2, p: 4, d: 6})


# -- the catalogue -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Printed:
    """A claim or a near miss of the catalogue, and where it stands in what was printed."""

    script: Script
    label: str
    statement: Identity | Vanishing | Equivalence
    code: str
    name: str

    def differences(self, case: int = 0) -> list[Comparison]:
        """Return in what the text and the statement differ, for every free sample, at the sizes of a case."""
        document = read(self.code)
        symbols = set().union(*(expression.free_symbols for expression in parts_of(self.statement)))
        free = [index for index in self.script.theorem.indices if index in symbols]
        found: list[Comparison] = []
        for places in product(*(range(SIZES[case][self.script.theorem.indices[index]]) for index in free)):
            original = Original(self.statement, values(self.script, case, tuple(zip(free, places, strict=True))))
            beside = SideBySide(document, document.theorems[self.name], original)
            found += [one for one in beside.comparisons if one.printed != one.meant]
        return found


@cache
def printed(script: Script) -> list[Printed]:
    """Return all that is printed of a theorem: claims are in one file, each near miss has its own."""
    decided = outcome(script.id) if script.id in SCRIPTS else script.prove()
    one, theorem, name = coq.printed(decided), script.theorem, script.id
    missed = [label for label in theorem.near_misses if f"near miss, {label}" not in one.outside]
    files = [f"{name}__near_miss_{place}.v" for place in range(1, len(missed) + 1)]
    assert [*one.files] == [f"{name}.v", *files]
    claims = [
        Printed(script, label, stated(theorem.claims[label]), one.files[f"{name}.v"], f"claim_{place}")
        for place, label in enumerate(one.claims, start=1)
    ]
    near_misses = [
        Printed(script, f"near miss, {label}", stated(theorem.near_misses[label]), one.files[file], "near_miss_1")
        for label, file in zip(missed, files, strict=True)
    ]
    return [*claims, *near_misses]


def stated(statement: Statement) -> Identity | Vanishing | Equivalence:
    """Return a statement of a kind that is printed."""
    assert isinstance(statement, Identity | Vanishing | Equivalence)
    return statement


@cache
def values(script: Script, case: int, at: tuple[tuple[sp.Symbol, int], ...]) -> Values:
    """Return a theorem's point, with fractions for all symbols."""
    random, theorem = Random(case), script.theorem
    expressions = [expression for one in printed(script) for expression in parts_of(one.statement)]
    anywhere = dict.fromkeys(theorem.indices, 0)
    point = Point.drawn(SIZES[case], *expressions, at=anywhere, definitions=theorem.definitions)

    def entry(*_: Any) -> sp.Rational:
        x = drawn(random)
        return sp.Rational(x.numerator, x.denominator)

    scalars = {symbol: entry() for symbol in point.scalars}
    matrices = {symbol: x.applyfunc(entry) for symbol, x in point.matrices.items()}
    arrays = {symbol: {place: entry() for place in table} for symbol, table in point.arrays.items()}
    return Values(replace(point, scalars=scalars, matrices=matrices, arrays=arrays, at=dict(at)))


@pytest.mark.parametrize("case", range(len(SIZES)))
@pytest.mark.parametrize("identifier", [*WHOLE, *IN_PART])
def test_what_is_printed_is_what_was_stated(identifier: str, case: int) -> None:
    for one in printed(SCRIPTS[identifier]):
        assert one.differences(case) == [], one.label


@theorem(answers="Are hypotheses about one sample, and about all?")
def hypotheses_and_samples() -> Theorem:
    """A sample is fitted by what its partners' errors are."""
    row, other = (P * E)[i, :], E[j, :]
    return Theorem(
        claim={
            "all": Vanishing([row], where=[ForAll(j, other)]),
            "pairs": Identity(P[i, i] * E[i, :], E[i, :] / n, where=[ForAll((i_, j), P[i_, j] - 1 / n)]),
            "this one": Vanishing([P[i, i] * E[i, :]], where=[E[i, :]]),
        },
        near_misses={"this one alone": Vanishing([row], where=[E[i, :]])},
        indices={i: n},
    )


@pytest.mark.parametrize("case", range(len(SIZES)))
def test_hypotheses_about_one_sample_and_about_all_are_printed_as_such(case: int) -> None:
    assert len(printed(hypotheses_and_samples)) == 4
    for one in printed(hypotheses_and_samples):
        assert one.differences(case) == [], one.label


# -- what is printed wrongly is noticed, also where it is true ---------------------------------------------------------

SLIPS = [
    pytest.param(
        "zero_gradient_does_not_imply_fit",
        "exactly when",
        {"scale (1 - lam) (e' W": "scale lam (e' W"},
        {"left"},
        id="another equation on one side of an equivalence",
    ),
    pytest.param(
        "zero_gradient_does_not_imply_fit",
        "exactly when",
        {"lam <> 0": "1 - lam <> 0"},
        {"denominators"},
        id="an equivalence given something else",
    ),
    pytest.param(
        "expected_gradient_vanishes_iff_fit",
        "by z",
        {"scale m2 (adj W": "scale m (adj W"},
        {"right"},
        id="another moment beside an expected gradient",
    ),
    pytest.param(
        "expected_gradient_vanishes_iff_fit",
        "by z",
        {"expect law_lam (fun lam => slope": "expect law_lam (fun lam => lam * slope"},
        {"left"},
        id="an expectation of something else",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {"add (scale lam (e W": "sub (scale lam (e W"},
        {"right"},
        id="a sign",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {
            "sub (sub (add": "sub (add",
            "z')))) b.": "z'))).",
            "sub (sub y": "sub y",
            "z)) b.": "z).",
            "z')) b.": "z').",
        },
        {"left", "right"},
        id="no bias on both sides, which is true as well",
    ),
    pytest.param(
        "mixed_residual_is_mixture_of_residuals",
        "",
        {"(scale lam y) (scale (1 - lam) y')": "(scale (1 - lam) y) (scale lam y')"},
        {"left"},
        id="the targets are mixed the other way round, in a definition",
    ),
    pytest.param(
        "gradient_has_four_terms",
        "near miss, W for its transpose, at k = h",
        {"adj K (app V": "adj K (adj V"},
        {"right"},
        id="the adjoint for the map",
    ),
    pytest.param(
        "gradient_has_four_terms",
        "",
        {"move step z' (app J' dir)": "z'"},
        {"left"},
        id="the second feature stays where it is",
    ),
    pytest.param(
        "partner_error_moves_the_feature",
        "the feature gradient",
        {"(move step z dir) z'": "z (move step z' dir)"},
        {"left"},
        id="the other symbol moves",
    ),
    pytest.param(
        "partner_error_moves_the_feature",
        "where the second point is fitted",
        {"(e' W z' b y' = zero)": "(e W z b y = zero)"},
        {"hypothesis 1"},
        id="another hypothesis",
    ),
    pytest.param(
        "gradient_vanishes_at_fit",
        "",
        {"(e W z b y = zero) ->": ""},
        {"hypotheses", "hypothesis 1"},
        id="a hypothesis is lost",
    ),
    pytest.param(
        "gradient_vanishes_at_fit",
        "",
        {"(forall (dir : h), tangent (fun step => L W (move step z dir) z' b y y' lam) 0) /\\": ""},
        {"equations"},
        id="an equation is lost",
    ),
    pytest.param(
        "loss_ignores_flatness",
        "reparametrised features",
        {"app B (app A column)": "app A (app B column)"},
        {"hypothesis 1"},
        id="an inverse from the other side",
    ),
    pytest.param(
        "own_terms_are_regression_gradients",
        "the own terms",
        {"quadratic (fun step => l W (move step z (app J dir)) b y) /\\": ""},
        {"slopes", "what is differentiated"},
        id="nothing says that a line is quadratic",
    ),
    pytest.param(
        "own_terms_are_regression_gradients",
        "the regression gradient",
        {"move step z (app J dir)": "move step z (scale step (app J dir))"},
        {"left", "a parabola"},
        id="a line that is bent",
    ),
    pytest.param(
        "input_mixup_separates_for_affine_encoders",
        "four terms",
        {"outer row column": "outer (app A column) (adj A row)"},
        {"left"},
        id="another direction",
    ),
    pytest.param(
        "beta_moments",
        "Beta(a, q): cross",
        {"a + q + 1 <> 0 ->": ""},
        {"denominators"},
        id="a denominator that may be zero",
    ),
    pytest.param(
        "beta_moments",
        "the partner's own",
        {"moment law_lam 2 = (a + 1)": "moment law_lam 2 = (a + 2)"},
        {"moments"},
        id="another moment",
    ),
    pytest.param(
        "pair_average_is_erm_minus_variance",
        "",
        {"((count n) ^ 2)": "(count n)"},
        {"left"},
        id="a sum over all pairs, divided by the number of samples",
    ),
    pytest.param(
        "pair_average_is_erm_minus_variance",
        "near miss, one pair stands for all",
        {"(Z j)": "(Z i)"},
        {"left"},
        id="another sample",
    ),
    pytest.param(
        "mixing_graph_removes_dirichlet_energy",
        "row-stochastic",
        {"P i3 j3": "P j3 i3"},
        {"hypothesis 1"},
        id="columns for rows",
    ),
    pytest.param(
        "cross_terms_average_to_mean_residual_gradient",
        "all four",
        {"(app (JZ i1) dir)": "(app (JZ i1) (scale 2 dir))"},
        {"right"},
        id="features that move twice as far",
    ),
    pytest.param(
        "linear_head_mixup_is_erm",
        "bias",
        {"(move step b dir) Z Y": "(move step b (scale 2 dir)) Z Y"},
        {"left", "right"},
        id="twice the gradient on both sides, which is true as well",
    ),
    pytest.param(
        "folding_the_ratio_changes_nothing",
        "symmetric pairing",
        {"S_ j i + S_ i j": "S_ j i + S_ j i"},
        {"left"},
        id="a pairing that need not be symmetric",
    ),
    pytest.param(
        "temporal_linearization_gradient_at_fit",
        "last",
        {"(app W (add (scale lam z)": "(app W (add (scale lam z')"},
        {"what is differentiated"},
        id="another objective with the same derivative",
    ),
    pytest.param(
        "temporal_linearization_gradient_at_fit",
        "middle",
        {"(scale 2 z__plus)) dir": "(scale 2 z)) dir"},
        {"right"},
        id="another symbol",
    ),
]


@pytest.mark.parametrize(("identifier", "label", "slips", "noticed"), SLIPS)
def test_a_slip_is_noticed(identifier: str, label: str, slips: Mapping[str, str], noticed: set[str]) -> None:
    (one,) = (one for one in printed(SCRIPTS[identifier]) if one.label == label)
    code = " ".join(one.code.split())
    assert replace(one, code=code).differences() == []
    for right, wrong in slips.items():
        assert right in code
        code = code.replace(right, wrong)
    assert {difference.what for difference in replace(one, code=code).differences()} == noticed


# -- the reader itself -------------------------------------------------------------------------------------------------


def anything(random: Random, name: str, kind: Kind) -> Any:
    """Return any value of a type; a space has the size that its name ends with."""
    match kind:
        case "Space":
            return Space(int(name[-1]))
        case Maps(source=source, target=target):
            return built(kind, [[drawn(random) for _ in range(source.size)] for _ in range(target.size)])
        case Space(size=size):
            return built(kind, [drawn(random) for _ in range(size)])
    return drawn(random)


def holds(code: str) -> bool:
    """Whether a theorem is true where everything is drawn."""
    document, random = read(code), Random(1)
    (stated,) = document.theorems.values()
    env = document.environment(stated, lambda name, kind: anything(random, name, kind))
    return all(fact.left == fact.right for fact in document.facts(stated.conclusion, env, any_of(random)))


SUMS = ["- 2 ^ 2", "1 - 2 - 3", "12 / 2 / 3 * 4", "- 6 / 2 * 3 + 1", "2 * 3 ^ 2 - - 1", "(2 - 3) ^ 3 * - 2"]
MAP = re.compile(
    r"Definition (\w+) (.*) : Linear U V\.\nProof\.\n *refine {\| app := fun u => (.*); adj := fun v => (.*) \|}"
)
TANGENT = "forall t, f t = f 0 + t * s + t * t * curvature f"


@needs_coq
def test_operators_bind_as_they_do_in_coq(tmp_path: Path) -> None:
    results = [read("").value(Parser(next(sentences(f"{text}."))).term(), {}) for text in SUMS]
    goals = [f"Goal {text} = {x}. Proof. lra. Qed.\n" for text, x in zip(SUMS, results, strict=True)]
    (tmp_path / "sums.v").write_text(f"From Coq Require Import Reals Lra.\nOpen Scope R_scope.\n{''.join(goals)}")
    subprocess.run(["coqc", "-q", "sums.v"], cwd=tmp_path, check=True)


def test_maps_are_those_of_the_prelude() -> None:
    """``plus``, ``times`` and ``outer`` come with proofs; what they do is a term."""
    found = MAP.findall(SPACES)
    assert [name for name, *_ in found] == ["plus", "times", "outer"]
    defined = [f"Definition {name}_app {binders} (u : U) : V := {app}.\n" for name, binders, app, _ in found]
    defined += [f"Definition {name}_adj {binders} (v : V) : U := {adj}.\n" for name, binders, _, adj in found]
    front = f"{''.join(defined)}Theorem t : forall (U2 V3 : Space) (A B : Linear U2 V3) (a v : V3) (b u : U2) (s : R),"
    for name, arguments in (("plus", "A B"), ("times", "s A"), ("outer", "a b")):
        for side, vector in (("app", "u"), ("adj", "v")):
            assert holds(f"{front} {side} ({name} {arguments}) {vector} = {name}_{side} {arguments} {vector}.")


@pytest.mark.parametrize(
    ("line", "slope", "true"),
    [("a + b * x + c * x ^ 2", "b", True), ("a + b * x + c * x ^ 2", "c", False), ("x ^ 3", "1", False)],
)
def test_a_tangent_is_what_the_prelude_defines(line: str, slope: str, true: bool) -> None:  # noqa: FBT001
    assert f"Prop := {TANGENT}" in SPACES
    front, f = "Theorem t : forall (a b c t : R),", f"(fun x => {line})"
    defined = re.sub(r"\b[fs]\b", lambda name: {"f": f, "s": slope}[name[0]], TANGENT.removeprefix("forall t,"))
    assert holds(f"{front} tangent {f} {slope}.") is holds(f"{front} {defined}.") is true


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("Axiom mine : False.", "an unknown command"),
        ("Definition sub (u : R) : R := u.", "defined twice"),
        ("Theorem t : forall (s : R), s = s", "no full stop"),
        ("Theorem t : forall (s : R), s = (s.", r"\) expected"),
        ("Theorem t : forall (s : R), s == s.", "a term expected"),
        ("Theorem t : forall (z : h2), z = z.", "no type"),
        ("Theorem t : forall (s : R), s = t.", "t of 0 arguments is not defined"),
        ("Theorem t : forall (h2 : Space) (z : h2), z + z = z.", "a number expected"),
        ("Theorem t : forall (h2 k3 : Space) (W : Linear h2 k3) (y : k3), app W y = y.", "app of"),
        ("Theorem t : forall (h2 k3 : Space) (z : h2) (y : k3), sub z y = z.", "is not of the type"),
        ("Definition d (s : R) : R := s.\nTheorem t : forall (h2 : Space) (z : h2), d z = 0.", "is not of the type"),
        ("Theorem t : forall (s : R), s ^ s = s.", "a natural number expected"),
        ("Theorem t : forall (s : R), s.", "an equation expected"),
    ],
)
def test_what_is_no_coq_is_not_read(code: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        holds(code)
