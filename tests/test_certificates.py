"""Certificates: every kind of evidence is in them, the same theorem gives the same bytes, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sympy as sp

from symmix import Derivation, Equivalence, Fails, Identity, Positivity, Theorem, Vanishing, theorem
from symmix.cli import main
from symmix.cli.files import write_whole
from symmix.errors import UsageError
from symmix.language import ForAll, Gradient, inverse
from symmix.notation import W, lam, mu, n, y, z

e = sp.MatrixSymbol("e", y.shape[0], 1)
L = sp.Symbol("L", real=True)
A, v = sp.MatrixSymbol("A", n, n), sp.MatrixSymbol("v", n, 1)
f, g = sp.symbols("f g", integer=True)


@theorem(answers="a sentence")
def small() -> Theorem:
    """Every kind of statement, each as small as it gets."""
    dz = Gradient(L, z)
    return Theorem(
        definitions={e: y - W * z, L: -sp.Trace(e.T * e) / 2},
        conditions=[mu > 0],
        indices={f: n, g: n},
        claim={
            "identity": Identity(dz, W.T * e),
            "vanishing": Vanishing([lam * dz], where=[e]),
            "equivalence": Equivalence([mu * dz], [W.T * e], provided=[mu]),
            "positivity": Positivity(1 / mu - lam + lam**2, {lam: (0, 1), mu: (0, 2)}),
            "fails": Fails(Vanishing([dz])),
            "inverse": Identity(A * inverse(A) * v, v),
            "one sample": Vanishing([v[f, 0] * A[f, g]], where=[v[f, 0]]),
            "all samples": Vanishing([A * v], where=[ForAll(f, v[f, 0])]),
        },
        proof=Derivation(dz).equals(W.T * (y - W * z), by="chain rule").equals(W.T * e, by="definition"),
        near_misses={
            "sign": Identity(dz, -W.T * e),
            "without the hypothesis": Vanishing([dz]),
            "e itself": Equivalence([dz], [e]),
            "a denial": Fails(Identity(A * inverse(A) * v, v)),
            "another sample": Vanishing([(A * v)[g, 0]], where=[v[f, 0]]),
            "too much": Positivity(1 / mu - lam, {lam: (0, 1), mu: (0, 2)}),
        },
    )


def test_every_kind_of_evidence_is_in_the_small_certificate_and_accepted() -> None:
    found = small.prove()
    assert found.disagreement == ""
    assert found.verdict.word == "proved"
    evidence = json.loads(found.certificate())["evidence"]
    kinds = {piece["kind"] for piece in evidence["claims"] + evidence["near_misses"]}
    assert kinds == {"equal", "combinations", "both_directions", "positive", "witness"}
    assert evidence["claims"][5]["ways"][0]["terms"][0]["of"] == ["right inverse", ["Symbol", "A"]]
    points = [piece["met"] for piece in evidence["claims"] if "met" in piece]
    assert points
    assert all(points)


def test_squares_and_plain_combinations_are_certified_side_by_side_and_in_both_directions() -> None:
    @theorem(answers="a sentence")
    def squares() -> Theorem:
        """A square vanishes where what is squared does."""
        square = sp.Trace(v.T * v)
        shown = [square / mu, z / lam], [v / lam, z]
        back = Equivalence(*shown, back=lambda one, other: [mu * one / lam**2, lam * other])
        forth = Equivalence([v], [square], forth=lambda shown: [shown])
        return Theorem(claim={"back": back, "forth": forth}, near_misses={"no square": Equivalence([square], [z])})

    found = squares.prove()
    assert found.disagreement == ""
    assert found.verdict.word == "proved"
    first, second = json.loads(found.certificate())["evidence"]["claims"]
    assert [way["squared"] for way in first["backward"]] == [True, False]
    assert [way["squared"] for way in second["forward"]] == [True]
    assert {way["squared"] for way in (*first["forward"], *second["backward"])} == {False}


@pytest.mark.slow
def test_the_same_theorem_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [
            sys.executable,
            "-m",
            "symmix",
            "prove",
            "-k",
            "gradient_has",
            "-k",
            "cross_terms_average",
            "--certificates",
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent)}
        subprocess.run([*command, str(tmp_path / seed)], check=True, env=environment, capture_output=True)
    names = sorted(file.name for file in (tmp_path / "1").iterdir())
    assert len(names) == 3
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_certificates_may_be_added_to_a_folder_and_all_are_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "out")
    assert main(["prove", "-k", "gradient_has", "--certificates", folder]) == 0
    assert main(["prove", "-k", "mixed_residual", "--certificates", folder]) == 0
    listed = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert sorted(listed) == ["gradient_has_four_terms.json", "mixed_residual_is_mixture_of_residuals.json"]
    capsys.readouterr()
    assert main(["verify", folder]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in shown] == [
        f"CHECKED {name.removesuffix('.json')}" for name in sorted(listed)
    ]
    assert main(["verify", folder, "--show"]) == 0
    assert "for all real matrices" in capsys.readouterr().out
    (tmp_path / "out" / "gradient_has_four_terms.json").unlink()
    assert main(["verify", folder]) == 1
    assert "gradient_has_four_terms.json" in capsys.readouterr().err


def test_an_unproved_theorem_has_no_certificate() -> None:
    @theorem(answers="a sentence")
    def wrong() -> Theorem:
        """Not so."""
        return Theorem(claim=Identity(lam, mu), near_misses={"none": Identity(lam, 2 * lam)})

    with pytest.raises(Exception, match="a proved theorem"):
        wrong.prove().certificate()


def test_files_are_not_overwritten_without_force(tmp_path: Path) -> None:
    write_whole(tmp_path / "new", {"a": "1"}, force=False)
    with pytest.raises(UsageError, match="--force"):
        write_whole(tmp_path / "new", {"b": "2", "a": "2"}, force=False)
    assert sorted(f.name for f in (tmp_path / "new").iterdir()) == ["a"]
    write_whole(tmp_path / "new", {"a": "2"}, force=True)
    assert (tmp_path / "new" / "a").read_text(encoding="utf-8") == "2"
