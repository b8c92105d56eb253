"""Certificates and their checker: true ones pass, every change is rejected or harmless, liars and bombs are refused."""

from __future__ import annotations

import copy
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Fails, Identity, Positivity, Theorem, Vanishing, theorem
from symmix.cli.files import write_whole
from symmix.derivation import Derivation
from symmix.errors import UsageError
from symmix.export.certificates import certificate
from symmix.kernel import check
from symmix.language import Gradient
from symmix.notation import W, lam, mu, y, z
from tests.catalogue import SCRIPTS, outcome
from tests.evidence import confirms_each

SEED = 7
# where comparisons for every size would be more work than the checker allows itself; its line says how many are not
NOT_FOR_EVERY_SIZE = (
    "permutation_average_equals_pair_average",
    "linear_head_mixup_is_erm",
    "detaching_the_partner_halves_the_gradient",
    "many_way_mixing_has_square_terms",
    "averaged_hessian_has_erms_kernel",
)
EVERY = 11  # one field in so many is changed in an ordinary run; SYMMIX_EVERY_FIELD=1 changes all of them
e = sp.MatrixSymbol("e", y.shape[0], 1)
L = sp.Symbol("L", real=True)


@theorem(answers="a sentence")
def small() -> Theorem:
    """Every kind of statement, each as small as it gets."""
    dz = Gradient(L, z)
    return Theorem(
        definitions={e: y - W * z, L: -sp.Trace(e.T * e) / 2},
        conditions=[mu > 0],
        claim={
            "identity": Identity(dz, W.T * e),
            "vanishing": Vanishing([lam * dz], where=[e]),
            "equivalence": Equivalence([mu * dz], [W.T * e], provided=[mu]),
            "positivity": Positivity(1 / mu - lam + lam**2, {lam: (0, 1), mu: (0, 2)}),
            "fails": Fails(Vanishing([dz])),
        },
        proof=Derivation(dz).equals(W.T * (y - W * z), by="chain rule").equals(W.T * e, by="definition"),
        near_misses={
            "sign": Identity(dz, -W.T * e),
            "without the hypothesis": Vanishing([dz]),
            "e itself": Equivalence([dz], [e]),
            "too much": Positivity(1 / mu - lam, {lam: (0, 1), mu: (0, 2)}),
        },
    )


@functools.cache
def small_certificate() -> str:
    return certificate(small.prove())


def verdict(document: Any) -> tuple[list[str], str]:
    """Return what the checker says is stated, or why it rejects the document."""
    try:
        return check.check(check.parse(json.dumps(document)), SEED).shown, ""
    except check.RejectedError as error:
        return [], str(error)


# -- true certificates -------------------------------------------------------------------------------------------------


def settled(name: str, folder: Path, *options: str) -> tuple[int, int]:
    """Have the second checker check a theorem, alone; return its comparisons, and how many are for every size."""
    found = outcome(name)
    (folder / f"{name}.json").write_text(certificate(found), encoding="utf-8")
    command = [sys.executable, "-I", "-S", check.__file__, str(folder), "--seed", str(SEED), *options]
    run = subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)
    assert run.returncode == 0, run.stderr
    line = run.stdout.splitlines()[0]
    assert line.startswith(f"CHECKED {name}: ")
    statements = len(found.claims) + sum(map(len, found.steps)) + len(found.near_misses)
    false = sum(isinstance(claim, Fails) for claim in found.theorem.claims.values()) + len(found.near_misses)
    assert f" {statements} statements, {false} of them false, at exact witnesses;" in line
    (counted,) = re.findall(r"; (\d+) comparisons at \d+ points, (\d+) for every size;", line)
    return int(counted[0]), int(counted[1])


@confirms_each("certificate")
@pytest.mark.parametrize("name", [name for name in SCRIPTS if name not in NOT_FOR_EVERY_SIZE])
def test_the_second_checker_accepts_a_theorem_for_every_size(name: str, tmp_path: Path) -> None:
    comparisons, every_size = settled(name, tmp_path, "--strict")
    assert comparisons == every_size > 0


@confirms_each("certificate in part")
@pytest.mark.parametrize("name", NOT_FOR_EVERY_SIZE)
def test_the_second_checker_accepts_a_theorem_and_says_that_not_for_every_size(name: str, tmp_path: Path) -> None:
    comparisons, every_size = settled(name, tmp_path)
    assert every_size < comparisons


def test_strictly_what_is_not_settled_for_every_size_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = certificate(outcome("many_way_mixing_has_square_terms"))
    (tmp_path / "many.json").write_text(text, encoding="utf-8")
    assert check.main([str(tmp_path), "--strict"]) == 1
    assert "required: every comparison settled for every size" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["mixed_residual_is_mixture_of_residuals", "gradient_has_four_terms"])
def test_a_near_miss_in_the_place_of_a_claim_is_rejected(name: str) -> None:
    document = json.loads(certificate(outcome(name)))
    claims, near_misses = (document["statement"][part] for part in ("claims", "near_misses"))
    places = [(p, miss) for p, claim in enumerate(claims) for miss in near_misses if miss["kind"] == claim["kind"]]
    assert len(places) > 2
    for place, miss in places:
        _, complaint = verdict(changed(document, ("statement", "claims", place), miss))
        assert complaint


def test_every_kind_of_evidence_is_in_the_small_certificate() -> None:
    document = json.loads(small_certificate())
    kinds = {piece["kind"] for piece in document["evidence"]["claims"] + document["evidence"]["near_misses"]}
    assert kinds == {"normal_form", "combinations", "both_directions", "positive", "witness"}
    assert verdict(document)[1] == ""


def test_the_same_theorem_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "symmix", "prove", "-k", "gradient_has", "-k", "cross_terms", "--certificates"]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent.parent)}
        subprocess.run([*command, str(tmp_path / seed)], check=True, env=environment, capture_output=True)
    names = sorted(file.name for file in (tmp_path / "1").iterdir())
    assert len(names) == 2
    for name in names:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_a_copied_checker_needs_no_symmix(tmp_path: Path) -> None:
    alone = shutil.copy(check.__file__, tmp_path / "alone.py")
    (tmp_path / "small.json").write_text(small_certificate(), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-I", "-S", alone, str(tmp_path / "small.json"), "--show", "--strict"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stderr
    assert "CHECKED small" in run.stdout
    assert "holds    gradient(L, z, []) = (W^T e)" in run.stdout
    assert "seed " in run.stdout


def test_an_unproved_theorem_has_no_certificate() -> None:
    @theorem(answers="a sentence")
    def wrong() -> Theorem:
        """Not so."""
        return Theorem(claim=Identity(lam, mu), near_misses={"none": Identity(lam, 2 * lam)})

    with pytest.raises(Exception, match="a proved theorem"):
        certificate(wrong.prove())


# -- every field, changed ----------------------------------------------------------------------------------------------


def paths(data: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Run through all places in a document, parts before wholes."""
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from paths(value, (*here, key))
        yield (*here, key)


def changes(value: Any) -> Iterator[Any]:
    """Return other values for a place: another of its kind, and one of another kind."""
    match value:
        case bool():
            yield not value
        case int():
            yield from (value + 1, -value - 1)
        case str():
            yield from (value + "x", "1", "-3", "W")
        case list():
            yield from (value[:-1], value[::-1], [*value, *value[:1]], []) if value else ([0],)
        case dict():
            yield {**value, "unknown": 1}
            if value:
                yield dict(list(value.items())[1:])
    yield from (None, {"no": "such thing"}, 2)


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    copied = copy.deepcopy(document)
    place = functools.reduce(lambda part, key: part[key], path[:-1], copied)
    place[path[-1]] = value
    return copied


PROSE = {"theorem", "summary", "answers", "source", "lemmas", "text", "label", "by"}


def is_prose(path: tuple[Any, ...]) -> bool:
    return any(key in PROSE for key in path)


@pytest.mark.parametrize("part", range(EVERY) if os.environ.get("SYMMIX_EVERY_FIELD") else [0])
def test_every_changed_field_is_rejected_or_harmless(part: int) -> None:
    """A change is harmless if nothing depends on it: prose, or what is stated is said to be another thing.

    In a witness, another value may still be a witness: then the checker has evaluated the statement there.
    """
    document = json.loads(small_certificate())
    stated = verdict(document)[0]
    harmless = rejected = 0
    for number, path in enumerate(paths(document)):
        if number % EVERY != part:
            continue
        original = functools.reduce(lambda piece, key: piece[key], path, document)
        for value in changes(original):
            if value == original or (type(value) is bool and value is original):
                continue
            mutant = changed(document, path, value)
            shown, complaint = verdict(mutant)
            if complaint:
                rejected += 1
                continue
            harmless += 1
            witness = path[0] == "evidence" and any(key in ("entries", "scalars", "sizes", "at") for key in path)
            order = sorted(map(repr, value)) == sorted(map(repr, original)) if isinstance(value, list) else False
            unused = path in {("sizes",), ("symbols",)} or path[:2] == ("evidence", "reciprocals")
            twice = "factor" in path and repr(original).startswith("[['δ'")  # a delta times itself is itself
            assert is_prose(path) or shown != stated or witness or order or unused or twice, (path, original, value)
    assert rejected > 20 * max(harmless, 1) / 10


# -- liars and bombs ---------------------------------------------------------------------------------------------------


def stating(left: Any, right: Any, network: Any) -> Any:
    """Return the small certificate with another first claim, evidence to match."""
    document = json.loads(small_certificate())
    sides = {"text": "", "network": network}
    claim = {"label": "", "text": "", "kind": "identity", "where": []}
    document["statement"]["claims"][0] = {**claim, "left": {**sides, "tree": left}, "right": {**sides, "tree": right}}
    document["evidence"]["claims"][0] = {"kind": "normal_form", "form": network}
    return document


ZERO: Any = {"free": {}, "terms": []}
LAM: Any = ["symbol", "lam"]


def _raised(tree: Any, _: int) -> Any:
    return ["power", tree, 64]


def test_a_lie_that_holds_at_all_small_sizes_is_rejected() -> None:
    factors = [["add", ["symbol", "k"], ["number", str(-i)]] for i in range(2, 9)]
    _, complaint = verdict(stating(["mul", LAM, *factors], ["number", "0"], ZERO))
    assert "another value" in complaint or "different values" in complaint
    _, complaint = verdict(stating(["mul", LAM, *(factors * 9)], ["number", "0"], ZERO))
    assert complaint


@pytest.mark.parametrize(
    "tree",
    [
        ["__import__", "os"],
        ["power", LAM, 10**9],
        ["symbol", "unknown"],
        ["matmul", ["symbol", "W"], ["symbol", "y"]],
        ["sum", LAM, [["i", "1"]]],
        ["number", "1e9"],
        ["number", "9" * 1000],
        functools.reduce(lambda inner, _: ["transpose", inner], range(55), LAM),
        functools.reduce(_raised, range(9), LAM),
        ["sum", LAM, [[f"i{n}", "k"] for n in range(40)]],
        ["mean", LAM, "e", []],
        ["gradient", LAM, "L", []],
        [],
        None,
    ],
)
def test_a_tree_that_means_nothing_or_too_much_is_rejected_soon(tree: Any) -> None:
    begin = time.perf_counter()
    assert verdict(stating(tree, tree, ZERO))[1].startswith("required: ")
    assert time.perf_counter() - begin < 30


def test_definitions_cannot_go_round_in_a_circle() -> None:
    document = json.loads(small_certificate())
    document["definitions"].reverse()
    assert "only what stands before" in verdict(document)[1]


@pytest.mark.parametrize(
    "text",
    ["", "[" * 10**6, '{"a": 1, "a": 2}', "1.5", "NaN", "9" * 5000, '"\\ud800"', "[1", "null", "[]", '{"schema": "x"}'],
)
def test_what_is_no_certificate_is_rejected(text: str) -> None:
    with pytest.raises(check.RejectedError, match="required: "):
        check.check(check.parse(text), SEED)


def test_the_command_line_says_no(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(small_certificate())
    document["theorem"] = "\x1b[2Jsmall"
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    assert check.main([str(tmp_path / "a.json")]) == 0
    assert "\x1b" not in capsys.readouterr().out
    (tmp_path / "b.json").write_bytes(b"\xff")
    (tmp_path / "c.json").write_bytes(b" " * (check.MAX_BYTES + 1))
    assert check.main([str(tmp_path)]) == 1
    assert "FAILED 1 of 3" in capsys.readouterr().out


def test_files_are_not_overwritten_without_force(tmp_path: Path) -> None:
    write_whole(tmp_path / "new", {"a": "1"}, force=False)
    with pytest.raises(UsageError, match="--force"):
        write_whole(tmp_path / "new", {"b": "2", "a": "2"}, force=False)
    assert sorted(f.name for f in (tmp_path / "new").iterdir()) == ["a"]
    write_whole(tmp_path / "new", {"a": "2"}, force=True)
    assert (tmp_path / "new" / "a").read_text(encoding="utf-8") == "2"
