"""Coq agrees: every printed theorem passes by the one tactic, every near miss of it is refused; and nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

from symmix.cli import main
from symmix.publish.coq import PRELUDE, Theory, printed, shipped, theory
from symmix.terms import nodes as t
from symmix.terms import statements as s
from tests.catalogue import EVERY, SCRIPTS, outcome
from tests.slow import slow_but

WHOLE = (
    "mixed_residual_is_mixture_of_residuals",
    "gradient_has_four_terms",
    "own_terms_are_regression_gradients",
    "partner_error_moves_the_feature",
    "gradient_vanishes_at_fit",
    "loss_ignores_flatness",
    "gradient_shrinks_with_the_error",
    "input_mixup_adds_the_interpolation_gap",
    "encoder_can_absorb_the_gap",
    "input_mixup_separates_for_affine_encoders",
    "any_head_adds_its_own_gap",
    "small_representation_is_removable",
    "pair_average_is_erm_minus_variance",
    "mixing_graph_removes_dirichlet_energy",
    "cross_terms_average_to_mean_residual_gradient",
    "mixing_conserves_the_residual_sum",
    "folding_the_ratio_changes_nothing",
    "reconstruction_gradient_at_fit",
    "interpolation_likelihood_is_degenerate_for_linear_decoders",
    "detaching_the_partner_halves_the_gradient",
    "any_loss_of_the_residual_is_degenerate",
    "verma_collapse_fails_for_free_heads",
)
IN_PART = {  # how many of the claims
    "objective_is_maximised": 2,
    "zero_gradient_does_not_imply_fit": 1,
    "scalar_error_sets_only_sign_and_scale": 2,
    "affine_head_suffices": 3,
    "softmax_fit_is_not_stationary": 2,
    "expected_gradient_vanishes_iff_fit": 2,
    "beta_moments": 6,
    "linear_head_mixup_is_erm": 5,
    "loss_mixing_equals_label_mixing_up_to_a_constant": 2,
    "temporal_linearization_gradient_at_fit": 3,
    "random_layer_mixup_is_not_degenerate": 1,
    "mixup_cross_entropy_minimiser_is_finite": 2,
}
UNOPPOSED = {  # likewise, but no near miss of theirs is printed: that Coq accepts the claim is no evidence
    "hessian_at_fit_is_a_kronecker_product": 1,
    "averaged_hessian_has_erms_kernel": 1,
    "mixup_shrinks_the_covariance": 1,
    "mixup_is_erm_on_recentred_data": 2,
}
needs_coq = pytest.mark.skipif(
    shutil.which("coqc") is None,
    reason="coqc is missing; on Debian: apt-get install --no-install-recommends coq",
)
SMALL = SCRIPTS["mixed_residual_is_mixture_of_residuals"]


@pytest.fixture(scope="module")
def prelude(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the prelude, once for all theorems."""
    folder = tmp_path_factory.mktemp("coq")
    for name, content in shipped().items():
        (folder / name).write_text(content, encoding="utf-8")
    for name in PRELUDE:
        subprocess.run(["coqc", "-q", "-Q", ".", "Symmix", name], cwd=folder, check=True)
    return folder


def of(name: str) -> Theory:
    """Return a theorem as it is printed."""
    return printed(outcome(name))


def checked(folder: Path, written: Mapping[str, str]) -> list[str]:
    """Return what ``check.sh`` says of files: the first word and the name."""

    def one(name: str) -> str:
        (folder / name).write_text(written[name], encoding="utf-8")
        run = subprocess.run(["sh", "check.sh", "--one", name], cwd=folder, capture_output=True, text=True, check=True)
        return " ".join(run.stdout.split()[:2])

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(one, written))


def agreed(one: Theory) -> list[str]:
    """Return what ``check.sh`` has to say of a theorem's files."""
    return [f"{'refused' if '__near_miss_' in name else 'proved'} {name}" for name in one.files]


# -- what is printed ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_every_claim_and_near_miss_is_printed_or_named_with_its_reason(name: str) -> None:
    one = of(name)
    theorem = one.theorem
    labels = {label for label, _ in theorem.claims}
    assert {*one.claims, *(label for label in one.outside if label in labels)} == labels
    assert all(reason and "\n" not in reason for reason in one.outside.values())
    if one.claims:
        assert one.near_misses + sum(label.startswith("near miss, ") for label in one.outside) == len(
            theorem.near_misses
        )
    assert (len(one.claims), one.whole) == (
        (len(theorem.claims), True) if name in WHOLE else ({**IN_PART, **UNOPPOSED}.get(name, 0), False)
    )


@pytest.mark.parametrize("name", [*WHOLE, *IN_PART])
def test_a_printed_theorem_has_a_near_miss_to_refuse(name: str) -> None:
    assert of(name).near_misses >= 1


# -- what Coq says -----------------------------------------------------------------------------------------------------


@needs_coq
@pytest.mark.parametrize("name", slow_but({"gradient_vanishes_at_fit"}, WHOLE))
def test_coq_proves_the_theorem_and_refuses_its_near_misses(name: str, prelude: Path) -> None:
    one = of(name)
    assert checked(prelude, one.files) == agreed(one)


@needs_coq
@pytest.mark.parametrize("name", slow_but({"beta_moments"}, IN_PART))
def test_coq_proves_the_claims_in_its_fragment(name: str, prelude: Path) -> None:
    one = of(name)
    assert checked(prelude, one.files) == agreed(one)


@pytest.mark.slow
@needs_coq
@pytest.mark.parametrize("name", UNOPPOSED)
def test_coq_accepts_what_has_no_near_miss_for_it(name: str, prelude: Path) -> None:
    assert of(name).near_misses == 0
    assert checked(prelude, of(name).files) == agreed(of(name))


@needs_coq
def test_a_false_claim_fails(prelude: Path) -> None:
    near_miss = of(SMALL.id).files[f"{SMALL.id}__near_miss_1.v"]
    assert checked(prelude, {"false.v": near_miss}) == ["FAILED false.v"]


@needs_coq
def test_a_near_miss_that_holds_fails(prelude: Path) -> None:
    claim = of(SMALL.id).files[f"{SMALL.id}.v"]
    assert checked(prelude, {"true__near_miss_1.v": claim}) == ["FAILED true__near_miss_1.v"]


@needs_coq
@pytest.mark.parametrize(("old", "new"), [("(W : Linear h k)", "(W : Linear k h)"), ("settle", "setlte")])
def test_a_near_miss_that_does_not_compile_for_another_reason_fails(old: str, new: str, prelude: Path) -> None:
    near_miss = of(SMALL.id).files[f"{SMALL.id}__near_miss_1.v"]
    assert old in near_miss
    assert checked(prelude, {"b__near_miss_1.v": near_miss.replace(old, new)}) == ["FAILED b__near_miss_1.v"]


HEAD = "From Coq Require Import Reals.\nFrom Symmix Require Import Spaces Equivalence.\nOpen Scope R_scope."
TAIL = "Definition proved := (claim_1).\nPrint Assumptions proved.\n"
FALSE = "Theorem claim_1 : forall x : R, x = x + 1."
UNSOUND = {
    "unguarded": f"Unset Guard Checking.\nFixpoint f (n : nat) {{struct n}} : False := f n.\n{FALSE}\n"
    f"Proof. destruct (f 0). Qed.\n{TAIL}",
    "unstratified": "Unset Universe Checking.\nDefinition collapsed : Type := Type : Type.\n"
    f"Theorem claim_1 : collapsed = collapsed.\nProof. reflexivity. Qed.\n{TAIL}",
    "not_positive": "Unset Positivity Checking.\nInductive bad := B : (bad -> False) -> bad.\n"
    f"Definition no (b : bad) : False := match b with B f => f b end.\n{FALSE}\n"
    f"Proof. destruct (no (B no)). Qed.\n{TAIL}",
    "axiomatic": f"Axiom mine : False.\n{FALSE}\nProof. destruct mine. Qed.\n{TAIL}",
    "admitted": f"{FALSE} Admitted.\n{TAIL}",
    "not_asked_for": f"{FALSE} Admitted.\nTheorem claim_2 : 0 = 0.\nProof. reflexivity. Qed.\n"
    + TAIL.replace("claim_1", "claim_2"),
}


@pytest.mark.slow
@needs_coq
@pytest.mark.parametrize("name", UNSOUND)
def test_what_rests_on_checks_that_are_turned_off_or_on_nothing_fails(name: str, prelude: Path) -> None:
    assert checked(prelude, {f"{name}.v": f"{HEAD}\n{UNSOUND[name]}"}) == [f"FAILED {name}.v"]
    assert (prelude / f"{name}.vo").exists()  # coqc accepts it
    assert again(prelude, f"{name}.v").startswith("FAILED")


@needs_coq
def test_a_file_that_lies_about_what_it_rests_on_fails(prelude: Path) -> None:
    """It answers in the place of Coq: ``coqchk`` does not ask it."""
    said = 'Goal True. idtac "Closed under the global context". exact I. Qed.'
    code = f"{HEAD}\n{FALSE} Admitted.\n(* {TAIL} *)\n{said}\n"
    assert checked(prelude, {"lying.v": code}) == ["proved lying.v"]
    assert again(prelude, "lying.v").startswith("FAILED")


@pytest.mark.slow
@needs_coq
def test_what_passes_is_checked_again(prelude: Path) -> None:
    assert checked(prelude, of(SMALL.id).files) == agreed(of(SMALL.id))
    assert again(prelude, f"{SMALL.id}.v") == "coqchk agrees\n"


def again(folder: Path, name: str) -> str:
    """Return what ``check.sh`` says of a compiled file when it asks ``coqchk``."""
    if shutil.which("coqchk") is None:
        pytest.skip("coqchk is missing")
    run = subprocess.run(["sh", "check.sh", "--again", name], cwd=folder, capture_output=True, text=True, check=True)
    return run.stdout


@needs_coq
def test_a_condition_is_used_where_an_equivalence_needs_it(prelude: Path) -> None:
    """``lam z = 0`` if and only if ``z = 0``, which is false at 0: the condition lam > 0 is printed as lam <> 0."""
    lam, z = t.Symbol("lam"), t.Symbol("z", ("h", "1"))
    claims = (("", s.Equivalence((t.Multiply((lam, z)),), (z,))),)
    zero = t.Number(Fraction(0))
    for condition, said in ((s.Condition(lam, ">", zero), "proved"), (s.Condition(lam, ">=", zero), "FAILED")):
        setting = s.Setting(conditions=(condition,))
        files = theory(s.Theorem(f"given_{said}", setting, claims, (), ())).files
        assert checked(prelude, files) == [f"{said} given_{said}.v"]


@needs_coq
def test_a_hypothesis_about_all_entries_is_used(prelude: Path) -> None:
    """Where P[j,l] = 1/n for all j and l, the row i of P sums to one."""
    pairing, share = t.Symbol("P", ("n", "n")), t.Quotient(t.Number(Fraction(1)), t.Size("n"))
    row = t.Total((t.Index("l", "n"),), t.Entry(pairing, ("i", "l")))
    uniform = t.Add((t.Entry(pairing, ("j", "l")), t.Multiply((t.Number(Fraction(-1)), share))))
    every = s.ForAll((t.Index("j", "n"), t.Index("l", "n")), uniform)
    claim = s.Identity(row, t.Number(Fraction(1)), (every,))
    files = theory(s.Theorem("every", s.Setting((t.Index("i", "n"),)), (("", claim),), (), ())).files
    assert checked(prelude, files) == ["proved every.v"]


@needs_coq
def test_a_hypothesis_about_a_vector_of_one_sample_is_used_for_that_sample(prelude: Path) -> None:
    """Where the row i of E is zero, W e_i is; nothing follows for the sum of all rows, or from that for one."""
    errors, head = t.Symbol("E", ("n", "k")), t.Symbol("W", ("h", "k"))
    one, every = t.Transpose(t.Slice(errors, "i", ":")), t.Multiply((t.Transpose(errors), t.Ones("n", "1")))
    pairs = {"one": (one, one), "every": (one, every), "none": (every, one)}
    said = []
    for name, (given, goal) in pairs.items():
        claim = s.Vanishing((t.Multiply((head, goal)),), (given,))
        files = theory(s.Theorem(name, s.Setting((t.Index("i", "n"),)), (("", claim),), (), ())).files
        said += checked(prelude, files)
    assert said == ["proved one.v", "FAILED every.v", "FAILED none.v"]


def test_an_equation_for_one_entry_is_outside_for_no_tactic_uses_it() -> None:
    """From P[i,i] = 1/n nothing would follow in Coq, so that a refusal of a near miss would be no evidence."""
    share = t.Quotient(t.Number(Fraction(1)), t.Size("n"))
    entry = t.Entry(t.Symbol("P", ("n", "n")), ("i", "i"))
    hypothesis = t.Add((entry, t.Multiply((t.Number(Fraction(-1)), share))))
    claim = s.Identity(entry, share, (hypothesis,))
    one = theory(s.Theorem("one", s.Setting((t.Index("i", "n"),)), (("", claim),), (), ()))
    assert not one.files
    assert "not solved for one of them" in one.outside[""]


@pytest.mark.slow
@needs_coq
def test_the_script_counts(tmp_path: Path) -> None:
    folder = tmp_path / "coq"
    assert main(["export", "--format", "coq", "-k", SMALL.id, "-o", str(folder)]) == 0
    run = subprocess.run(["sh", "coq/check.sh"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert run.stdout.splitlines()[-1] == "1 files proved, 4 near misses refused, 0 failed"
    assert "coqchk agrees" in run.stdout or shutil.which("coqchk") is None
    (folder / "more.v").write_text("Theorem no : False. Proof. exact I. Qed.\n", encoding="utf-8")
    run = subprocess.run(["sh", "check.sh", "2"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1] == "1 files proved, 4 near misses refused, 1 failed"


@pytest.mark.slow
@needs_coq
def test_the_theorems_are_about_something(prelude: Path) -> None:
    """They hold for vectors and matrices of given sizes, for a batch of samples, and for a ratio with three values."""
    for name in ("gradient_has_four_terms", "pair_average_is_erm_minus_variance"):
        assert checked(prelude, {f"{name}.v": of(name).files[f"{name}.v"]}) == [f"proved {name}.v"]
    (prelude / "instances.v").write_text(INSTANCES, encoding="utf-8")
    subprocess.run(["coqc", "-q", "-Q", ".", "Symmix", "instances.v"], cwd=prelude, check=True)


INSTANCES = """
From Coq Require Import Reals.
From Symmix Require Import Spaces Instances.
From Symmix Require gradient_has_four_terms pair_average_is_erm_minus_variance.
Check fun W J J' => gradient_has_four_terms.claim_1
  (Vectors 2) (Vectors 3) (Vectors 5) (Matrix 3 2 W) (Matrix 2 5 J) (Matrix 2 5 J').
Check fun W b Z Y m2 => pair_average_is_erm_minus_variance.claim_1
  (Vectors 2) (Vectors 3) (Batch 7) (Matrix 3 2 W) ratio b Z Y (1 / 2) m2 mean_of_the_ratio.
"""


# -- the command -------------------------------------------------------------------------------------------------------


def test_the_command_writes_a_folder_and_names_what_is_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "coq"
    assert main(["export", "--format", "coq", "-k", "linear_head", "-k", "softmax", "-o", str(folder)]) == 0
    names = {path.name for path in folder.iterdir()}
    assert {"README.md", "check.sh", "Spaces.v", "Bilinear.v", "Equivalence.v", "Instances.v"} <= names
    printed = {name for s in ("linear_head_mixup_is_erm", "softmax_fit_is_not_stationary") for name in files_of(s)}
    assert printed <= names
    said = capsys.readouterr().err
    reason = "linear_head_mixup_is_erm (critical points): an equivalence"
    assert f"outside of Coq's fragment: {reason}" in said
    contents = (folder / "README.md").read_text(encoding="utf-8")
    assert f"- {reason}" in contents
    assert "| `linear_head_mixup_is_erm` | 5 of 6 | 3 |" in contents


def files_of(name: str) -> list[str]:
    return list(of(name).files)


def test_the_command_prints_theorems_to_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--format", "coq", "-k", "gradient_has_four", "-k", "zero_gradient", "-o", "-"]) == 0
    printed = capsys.readouterr().out
    assert "Theorem claim_1 : forall (h k p : Space)" in printed
    assert "near_miss" not in printed
    assert "(** outside of the fragment, zero_gradient_does_not_imply_fit (no fit): a claim that something" in printed


def test_the_command_refuses_files_that_are_there_before_it_proves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / f"{SMALL.id}.v").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(type(SMALL), "prove", lambda _: pytest.fail("proved before it looked"))
    assert main(["export", "--format", "coq", "-k", SMALL.id, "-o", str(tmp_path)]) == 2
    assert "files that do not exist yet" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [f"{SMALL.id}.v"]
