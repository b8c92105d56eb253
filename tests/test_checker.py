"""The exact checker and true certificates: the catalogue is accepted, alone and copied; what is changed is not."""

from __future__ import annotations

import ast
import copy
import functools
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symmix import checker
from symmix.checker import Meter, RejectedError, Theorem, digest
from symmix.checker_text import lines, manifest
from symmix.terms.codec import digest as digest_of
from tests.catalogue import EVERY, SCRIPTS, outcome
from tests.checker_documents import EQUAL, certificate, combination, identity, num, over, statement, sym, term
from tests.entry_by_entry import Point, number_at
from tests.slow import slow_but

FILES = [Path(checker.__file__), Path(checker.__file__).with_name("checker_text.py")]
SMALL = ("affine_head_suffices", "beta_moments", "mixup_scales_weight_decay", "zero_gradient_does_not_imply_fit")
SEED = 7


@functools.cache
def written(name: str) -> str:
    return outcome(name).certificate()


def document_of(name: str) -> Any:
    return json.loads(written(name))


# -- true certificates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_the_second_checker_accepts_a_theorem_for_every_size(name: str) -> None:
    report = checker.check_text(written(name))
    assert report.accepted, report.reason
    found = outcome(name)
    assert len(report.results) == len(found.claims) + sum(map(len, found.steps)) + len(found.near_misses)
    assert report.digest == digest_of(document_of(name)["statement"])
    assert report.theorem == name


@pytest.mark.slow
def test_the_catalogue_needs_a_small_part_of_the_work_that_is_allowed() -> None:
    assert max(checker.check_text(written(name)).work for name in SCRIPTS) < 400_000 // 4


@pytest.fixture
def alone(tmp_path: Path) -> list[str]:
    """Return the command of a copied checker, which finds neither symmix nor any package."""
    (tmp_path / "copied").mkdir()
    for file in FILES:
        shutil.copy(file, tmp_path / "copied")
    return [sys.executable, "-I", "-S", str(tmp_path / "copied" / "checker.py")]


def folder_of(names: tuple[str, ...], folder: Path) -> Path:
    folder.mkdir()
    found = {}
    for name in names:
        (folder / f"{name}.json").write_text(written(name), encoding="utf-8")
        found[f"{name}.json"] = name, str(document_of(name)["digest"])
    (folder / "manifest.json").write_text(json.dumps(manifest(found)), encoding="utf-8")
    return folder


def test_a_copied_checker_needs_no_symmix(alone: list[str], tmp_path: Path) -> None:
    folder = folder_of(SMALL, tmp_path / "certificates")
    run = subprocess.run([*alone, str(folder)], check=False, capture_output=True, text=True, cwd=tmp_path)
    assert (run.returncode, run.stderr) == (0, "")
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == [f"CHECKED {name}" for name in SMALL]
    shown = subprocess.run([*alone, "--show", str(folder)], check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "for every" in shown.stdout
    assert shown.stdout.isascii()
    (tmp_path / "copied" / "checker_text.py").unlink()
    by_itself = subprocess.run([*alone, "--show", str(folder)], check=True, capture_output=True, text=True)
    assert "which prints what it states, is not there" in by_itself.stdout
    assert [line for line in by_itself.stdout.splitlines() if line[0] != " "] == run.stdout.splitlines()


def test_a_missing_a_foreign_and_an_exchanged_file_are_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(SMALL, tmp_path / "certificates")
    first, second = (folder / f"{name}.json" for name in SMALL[:2])
    assert checker.main([str(folder)]) == 0
    kept = first.read_text(encoding="utf-8")
    first.write_text(second.read_text(encoding="utf-8"), encoding="utf-8")
    assert checker.main([str(folder)]) == 1
    assert "not what manifest.json says" in capsys.readouterr().err
    first.unlink()
    assert checker.main([str(folder)]) == 1
    first.write_text(kept, encoding="utf-8")
    (folder / "other.json").write_text(kept, encoding="utf-8")
    assert checker.main([str(folder)]) == 1
    assert "other.json" in capsys.readouterr().err
    (folder / "other.json").unlink()
    (folder / "manifest.json").unlink()
    assert checker.main([str(folder)]) == 1
    assert checker.main([str(first)]) == 0
    assert checker.main([str(first), str(tmp_path / "nowhere.json")]) == 1
    assert checker.main([]) == checker.main(["--strict", str(first)]) == 2


def test_it_imports_nothing_of_symmix_and_no_package() -> None:
    """Not in the text of it either: everything comes from the standard library, or from the file beside it."""
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert all(name.name.split(".")[0] in sys.stdlib_module_names for name in node.names)
            if isinstance(node, ast.ImportFrom) and not node.level:
                assert str(node.module).split(".")[0] in sys.stdlib_module_names
            assert not isinstance(node, ast.ImportFrom) or not node.level or file.name == "checker_text.py"


def test_the_digest_is_that_of_the_trees() -> None:
    data = {"b": [1, "é", None, True], "a": {"c": "-1/2"}}
    assert digest(data) == digest_of(data)


# -- changed certificates ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERY)
def test_a_near_miss_in_the_place_of_a_claim_is_rejected(name: str) -> None:
    document = document_of(name)
    stated = document["statement"]
    stated["proofs"], document["evidence"]["proofs"] = [], []
    for place, (label, claim) in enumerate(stated["claims"]):
        for _, miss in stated["near_misses"]:
            changed = copy.deepcopy(document)
            if claim[0] == miss[0] and claim != miss:
                changed["statement"]["claims"][place] = [label, miss]
                changed["digest"] = digest(changed["statement"])
                assert not checker.check(changed).accepted


def paths(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from paths(data[key], (*path, key))


def value_at(data: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        data = data[key]
    return data


def mutated(value: Any, names: list[str], rng: random.Random) -> Any:
    """Return something else in the place of a part of a document."""
    if rng.random() < 0.15:
        return rng.choice([None, True, [], {}, 0, -1, 1, "", "0", "1", "-1", 10**12, [[]], {"a": 1}, [1]])
    if isinstance(value, str):
        kinds = ["row", "column", ":", "0", "Add", "Multiply", "Hadamard", "Transpose", "Trace", "At", value + "'"]
        if value.lstrip("-").replace("/", "").isdigit():
            return rng.choice(["2", "-1", "0", "1/2", "3", f"{value}1"])
        return rng.choice([*names, *kinds])
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + rng.choice([-1, 1, 2])
    if isinstance(value, list) and value:
        place = rng.randrange(len(value))
        return rng.choice(
            [value[:place] + value[place + 1 :], value[:place] + value[place:][::-1], [*value, value[place]]]
        )
    if isinstance(value, dict) and value:
        return {key: value[key] for key in sorted(value)[1:]}
    return rng.choice([1, "x", []])


@pytest.mark.parametrize("name", slow_but(list(SMALL)[:1], SMALL))
def test_a_changed_document_is_rejected_or_still_true(name: str) -> None:
    """Change one place after the other: whatever is accepted then is true where it can be tried, at random points."""
    rng = random.Random(SEED)
    original = document_of(name)
    stated = original["statement"]
    names = [*stated["symbols"], *stated["sizes"], *(index for index, _ in stated["indices"])]
    places = [p for p in paths(original) if len(p) > 1 and p[0] in ("statement", "evidence")]
    count = len(places) if os.environ.get("SYMMIX_EVERY_FIELD") else 250
    rejected = 0
    for path in rng.sample(places, count):
        changed = copy.deepcopy(original)
        value_at(changed, path[:-1])[path[-1]] = mutated(value_at(original, path), names, rng)
        if changed == original:
            continue
        changed["digest"] = digest(changed["statement"])
        report = checker.check(changed)
        rejected += not report.accepted
        assert not report.accepted or false_identities(changed, rng) == [], path
    assert rejected > count // 2


def false_identities(document: Any, rng: random.Random) -> list[str]:
    """Return the identities without hypotheses, claims and steps, that a random point shows to be false."""
    theorem = Theorem(document["statement"], Meter(10**7))
    found = []
    for label, stated in (*theorem.claims, *(step for proof in theorem.proofs for step in proof)):
        if stated.kind == "Identity" and not stated.parts[2]:
            try:
                point, at = anywhere(theorem, rng)
                sides = [point.matrix(tree, at) for tree in stated.parts[:2]]
            except RejectedError:  # a denominator is zero there
                continue
            left, right = ([[number_at(x) for x in row] for row in side] for side in sides)
            found += [label] if left != right else []
    return found


def anywhere(theorem: Theorem, rng: random.Random) -> tuple[Point, dict[str, int]]:
    sizes = {size: rng.randint(1, 3) for size in theorem.sizes}

    def filled(axes: tuple[str, ...]) -> Any:
        if not axes:
            return Fraction(rng.randint(-5, 5), rng.choice([1, 1, 2, 3]))
        return [filled(axes[1:]) for _ in range(sizes.get(axes[0], 1))]

    free = {name: axes for name, axes in theorem.symbols.items() if name not in theorem.definitions}
    values = {name: filled(axes or ("1", "1")) for name, axes in free.items()}
    point = Point(theorem, sizes, values)
    return point, {name: rng.randrange(sizes[size]) for name, size in theorem.indices.items()}


def test_the_statement_is_what_the_digest_is_of() -> None:
    document = document_of(SMALL[0])
    assert checker.check(document).accepted
    document["digest"] = "0" * 64
    assert "the digest is not that of the statement" in checker.check(document).reason
    document = document_of(SMALL[0])
    document["statement"]["theorem"] = "another"
    assert "the digest is not that of the statement" in checker.check(document).reason


def test_what_is_no_certificate_is_rejected_as_data_too() -> None:
    claim = identity(["Multiply", [sym("s"), sym("t")]], ["Multiply", [sym("t"), sym("s")]])
    assert checker.check(certificate(statement(claim), EQUAL)).accepted
    assert not checker.check(certificate(statement(identity(sym("s"), sym("t"))), EQUAL)).accepted
    assert checker.check(certificate({}, EQUAL)).reason
    assert checker.check({1, 2}).reason
    assert checker.check([float("nan")]).reason
    assert not checker.check(certificate(statement(claim), {**EQUAL, "inverses": {}})).accepted


# -- what is printed ---------------------------------------------------------------------------------------------------


def shown(document: Any) -> list[str]:
    return lines(Theorem(document, Meter(10**6)))


@pytest.mark.parametrize("name", EVERY)
def test_every_part_of_a_statement_is_printed(name: str) -> None:
    stated = document_of(name)["statement"]
    text = shown(stated)
    assert all(line.isascii() and line.isprintable() for line in text)
    whole = "\n".join(text)
    for size in stated["sizes"]:
        assert f"{size}" in whole
    for label, _ in (*stated["claims"], *stated["near_misses"]):
        assert json.dumps(label) in whole
    assert sum(line.startswith("claim ") for line in text) == len(stated["claims"])
    assert sum(line.startswith("near miss ") for line in text) == len(stated["near_misses"])
    assert sum(line.startswith("step ") for line in text) == sum(len(steps) for _, steps in stated["proofs"])
    assert sum("checked by nobody here" in line for line in text) == len(stated["lemmas"])


def test_brackets_and_assumptions_are_printed() -> None:
    s, t, x, A = map(sym, ("s", "t", "x", "A"))
    cases = [
        (["Power", ["Number", "-3"], 2], "(-3)^2"),
        (["Multiply", [["Number", "-1"], ["Power", s, 2]]], "-s^2"),
        (["Multiply", [["Add", [s, t]], s]], "(s + t) * s"),
        (["Multiply", [["Multiply", [s, t]], s]], "(s * t) * s"),
        (["Add", [s, ["Add", [t, s]]]], "s + (t + s)"),
        (["Add", [s, ["Multiply", [["Number", "-1"], ["Add", [t, s]]]]]], "s - (t + s)"),
        (["Quotient", s, ["Quotient", t, s]], "s / (t / s)"),
        (["Multiply", [["Number", "1/2"], s]], "(1/2) * s"),
        (["Power", ["Quotient", s, t], 3], "(s / t)^3"),
        (["Entry", ["Multiply", [A, x]], ["i", "0"]], "(A * x)[i, 0]"),
        (["Trace", ["Transpose", ["Inverse", A]]], "trace(inverse(A)^T)"),
        (["Total", [["j", "n"]], ["Delta", "i", "j"]], "sum(j < n: delta(i, j))"),
    ]
    for tree, text in cases:
        stated = statement(identity(tree, ["Number", "17"], [["Entry", x, ["i", "0"]]]), indices=[["i", "n"]])
        printed = shown(stated)
        assert f"    {text} = 17" in printed
        assert "    where x[i, 0] = 0, at this i" in printed
        assert "    for every i = 0, ..., n - 1" in printed
    for_all = ["ForAll", [["j", "n"]], ["Entry", x, ["j", "0"]]]
    divided = identity(["Quotient", s, ["Add", [s, t]]], ["Trace", ["Inverse", A]], [for_all])
    printed = shown(statement(divided, conditions=[[s, "!=", t]], whole=["t"], near_misses=[["Fails", divided]]))
    for line in (
        "where for all j < n: x[j, 0] = 0",
        "assuming s + t != 0",
        "assuming that A has an inverse",
        "with s != t",
        "for all whole numbers t",
        "for all real scalars s",
        "for all sizes n = 1, 2, 3, ...",
        "it is not so, for some sizes and values, that",
    ):
        assert any(line == found.strip() for found in printed), line


# -- lies of the kernel ------------------------------------------------------------------------------------------------


def test_evidence_is_looked_up_for_the_statement_at_hand_only() -> None:
    """What one claim divides by may not be divided by in the next."""
    s, t = sym("s"), sym("t")
    divides = identity(["Quotient", ["Multiply", [s, t]], s], t)
    cancels = ["Vanishing", [t], [["Multiply", [s, t]]]]
    way = combination(term(0, over(num(1), s)))
    met = {"sizes": {}, "scalars": {"s": "1", "t": "0"}, "entries": {}, "at": {}}
    evidence = {"kind": "combinations", "ways": [way], "met": met}
    report = checker.check(certificate(statement(divides, cancels), EQUAL, evidence))
    assert [result.accepted for result in report.results] == [True, False]
    both = statement(divides, ["Vanishing", [["Quotient", t, s]], [["Multiply", [s, t]]]])
    way["multiplier"] = [s]
    assert checker.check(certificate(both, EQUAL, evidence)).accepted
