"""A file for Coq has the claims, each near miss its own, and what is not assumed as a comment."""

from __future__ import annotations

import dataclasses

import pytest

from symmix.errors import UsageError
from symmix.publish.coq import files as coq_files
from symmix.publish.coq import printed, theory
from symmix.publish.coq.axes import sample_sizes
from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.catalogue import outcome
from tests.coq_trees import (
    W,
    lam,
    m,
    num,
    one,
    plus,
    times,
    z,
    zp,
)

COMMENTED = s.Theorem(
    "commented",
    s.Setting(conditions=(s.Condition(lam, ">=", num(0)), s.Condition(lam, "<=", one))),
    (
        ("label *) with (* both", s.Identity(times(W, plus(z, zp)), plus(times(W, z), times(W, zp)))),
        ("entry", s.Identity(t.Trace(times(t.Transpose(W), W)), m)),
    ),
    (),
    (
        ("one", s.Identity(times(W, z), times(W, zp))),
        ("two", s.Identity(t.Trace(times(t.Transpose(W), W)), lam)),
    ),
)


def test_a_file_has_the_claims_and_each_near_miss_has_its_own() -> None:
    it = theory(COMMENTED, 'A summary that closes *) and opens (* a comment, with a " in it.')
    assert list(it.files) == ["commented.v", "commented__near_miss_1.v"]
    assert (it.claims, it.whole, it.near_misses) == (("label *) with (* both",), False, 1)
    reason = "a trace over features that is no inner product of two vectors: tr(W^T W)"
    assert it.outside == {"entry": reason, "near miss, two": reason}
    for code in it.files.values():
        assert code.count("(*") == code.count("*)")
        assert '"' not in code
        assert max(map(len, code.splitlines())) <= 110
        assert "Proof. settle. Qed." in code


def test_a_file_says_which_conditions_it_does_not_assume() -> None:
    head = theory(COMMENTED).files["commented.v"].split("From Coq")[0]
    assert "more general than what was stated: it does not assume lam >= 0, lam <= 1." in " ".join(head.split())
    free = dataclasses.replace(COMMENTED, setting=s.Setting())
    assert "general" not in theory(free).files["commented.v"]


def test_an_equivalence_by_squares_is_named() -> None:
    claims = (("squares", s.Equivalence((times(t.Transpose(W), W, z),), (times(W, z),))),)
    stated = dataclasses.replace(COMMENTED, claims=claims)
    assert theory(stated).whole
    (reason,) = theory(stated, "", frozenset({"squares"})).outside.values()
    assert reason.startswith("a statement whose proof takes a sum of squares, divides, or turns")


def test_a_theorem_called_like_the_prelude_is_refused() -> None:
    one = outcome("mixed_residual_is_mixture_of_residuals")
    namesake = dataclasses.replace(one, document=dataclasses.replace(one.document, name="spaces"))
    with pytest.raises(UsageError, match=r"spaces\.v"):
        coq_files([namesake], {})


def test_samples_are_what_is_summed_over_or_picked_out() -> None:
    assert sample_sizes(outcome("pair_average_is_erm_minus_variance").document) == {"n"}
    assert sample_sizes(outcome("gradient_has_four_terms").document) == frozenset()


def test_the_gradient_has_four_terms_for_coq() -> None:
    """What the reader of the post looks for, as Coq has it."""
    code = " ".join(printed(outcome("gradient_has_four_terms")).files["gradient_has_four_terms.v"].split())
    assert (
        "forall (h k p : Space) (W : Linear h k) (J J' : Linear p h) (z z' : h) (b y y' : k) (lam : R),"
        " forall (dir : p), tangent (fun step => L W (move step z (app J dir)) (move step z' (app J' dir)) b y y' lam)"
    ) in code
