"""What was proved before: it says so, it is verified again, and nothing in the folder makes a false theorem proved."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from symmix import Equivalence, Identity, Lemma, Nonnegative, Theorem, Vanishing, theorem
from symmix.catalogue import load
from symmix.cli import cache as files
from symmix.cli import main
from symmix.cli.cache import Cache, users_cache
from symmix.cli.grammar import FORMATS
from symmix.publish.givens import assumed_as_text, lemmas
from symmix.publish.report import report
from symmix.remembering import entry, identity, recalled
from symmix.statements import Statement
from symmix.theorems import Outcome, Script, Stated
from tests.catalogue import SCRIPTS, outcome
from tests.cli_scripts import run, write

MACHINERY = ("0", "sources", "python", "cpython", "sympy")
SAMPLE = [
    "expected_gradient_vanishes_iff_fit",
    "gradient_has_four_terms",
    "loss_ignores_flatness",
    "mixed_residual_is_mixture_of_residuals",
    "small_representation_is_removable",
    "softmax_fit_is_not_stationary",
    "zero_gradient_does_not_imply_fit",
]

n = sp.Symbol("n", integer=True, positive=True)
a, b = sp.symbols("a b", real=True)
x, y = sp.MatrixSymbol("x", n, 1), sp.MatrixSymbol("y", n, 1)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "verdicts", MACHINERY)


def path_of(cache: Cache, script: Script) -> Path:
    return cache._path(script, script.stated())


def keep(cache: Cache, script: Script, text: str) -> None:
    """Write an entry as somebody would who can write into the folder."""
    path = path_of(cache, script)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(text.encode()))


def shown(found: Outcome) -> list[object]:
    """Return all that a table shows, and what is written down."""
    steps, misses = sum(map(len, found.steps)), sorted(found.near_misses)
    refuted = {verdict.word for verdict in found.near_misses.values()}
    rests = [lemmas(found), assumed_as_text(found)]
    return [found.verdict.word, steps, misses, refuted, rests, found.digest, found.certificate()]


@pytest.mark.parametrize("name", SAMPLE)
def test_what_was_proved_is_recalled_and_says_so(name: str, cache: Cache) -> None:
    assert not outcome(name).remembered
    cache.keep(outcome(name))
    found = cache.outcome(SCRIPTS[name])
    assert found.remembered
    assert shown(found) == shown(outcome(name))
    assert "of an earlier run (cached), which the second checker accepted again" in report(found)


def test_what_was_recalled_is_not_kept_as_if_it_had_been_decided(cache: Cache) -> None:
    cache.keep(outcome(SAMPLE[3]))
    found = cache.outcome(SCRIPTS[SAMPLE[3]])
    assert entry(found) is None
    assert entry(outcome(SAMPLE[3])) is not None


# -- attacks ---


def recalls(script: Script, stated: Stated, claim: Any, miss: Any) -> bool:
    """Whether the evidence is accepted for a theorem of one claim and one near miss."""
    return recalled(script, stated, json.dumps({"claims": [claim], "proofs": [], "near_misses": [miss]})) is not None


def stated(claim: Statement | Mapping[str, Statement], *misses: Statement, **more: Any) -> Script:
    """Return a theorem of these claims and near misses."""

    @theorem(answers="is it kept?")
    def attacked() -> Theorem:
        """Something."""
        return Theorem(claim=claim, near_misses={f"slip {i}": miss for i, miss in enumerate(misses)}, **more)

    return attacked


TRUE: dict[str, Statement] = {
    "identity": Identity((a + b) ** 2, a**2 + 2 * a * b + b**2),
    "with a hypothesis": Identity(a * b, 0 * a, where=[a]),
    "vanishing": Vanishing([a * x, b * x], where=[x]),
    "equivalence": Equivalence([a + b, a - b], [a, b]),
    "inequality": Nonnegative(a**2 + b**2 - 2 * a * b),
}
FALSE: dict[str, Statement] = {
    "identity": Identity((a + b) ** 2, a**2 + b**2),
    "with a hypothesis": Identity(a * b, a + b, where=[a]),
    "vanishing": Vanishing([a * x, b * y], where=[x]),
    "equivalence": Equivalence([a + b], [a, b]),
    "inequality": Nonnegative(a**2 - b**2),
}
EVIDENCE: list[Any] = [
    {"kind": "equal"},
    {"kind": "equal", "met": None},
    {"kind": "equal", "met": {"sizes": {}, "scalars": {}, "entries": {}, "at": {}}},
    {"kind": "combinations", "ways": [], "met": None},
    {"kind": "combinations", "ways": [{"squared": False, "multiplier": [], "terms": []}], "met": None},
    {"kind": "witness", "sizes": {"n": 1}, "scalars": {"a": "0", "b": "0"}, "entries": {}, "at": {}},
    {"kind": "both_directions", "forward": [], "backward": []},
    {},
    None,
    [],
    "proved",
    True,
]


def pieces() -> list[Any]:
    """Return evidence of all kinds: what nobody should accept, and what is right for some other statement."""
    found = list(EVIDENCE)
    for claim, miss in zip(TRUE.values(), FALSE.values(), strict=True):
        kept = json.loads(entry(stated(claim, miss).prove()) or "null")
        found += [*kept["claims"], *kept["near_misses"]]
    return found


def test_no_evidence_makes_a_false_claim_proved(cache: Cache) -> None:
    known = pieces()
    assert len(known) > len(EVIDENCE) + len(TRUE)
    for kind, claim in FALSE.items():
        script = stated(claim, FALSE["identity"])
        read = script.stated()
        for piece, right in product(known, witnesses(known)):
            assert not recalls(script, read, piece, right), (kind, piece)
        keep(cache, script, json.dumps({"claims": [known[0]], "proofs": [], "near_misses": witnesses(known)[:1]}))
        assert cache.outcome(script).verdict.word == "refuted"


def test_no_evidence_makes_a_true_statement_a_near_miss() -> None:
    known = pieces()
    for kind, miss in TRUE.items():
        script = stated(TRUE["identity"], miss)
        read = script.stated()
        for piece, right in product(known, EVIDENCE[:3]):
            assert not recalls(script, read, right, piece), (kind, piece)


def test_the_right_evidence_among_all_that_was_tried_is_accepted() -> None:
    known = pieces()
    for claim in TRUE.values():
        script = stated(claim, FALSE["identity"])
        read = script.stated()
        assert any(recalls(script, read, *both) for both in product(known, witnesses(known)))


def test_a_claim_of_nothing_is_not_proved_by_what_is_kept() -> None:
    known = pieces()
    script = stated(Identity(b, 0 * b, where=[a**2 + 1]), FALSE["identity"])
    read = script.stated()
    for piece, right in product(known, witnesses(known)):
        assert not recalls(script, read, piece, right)


def witnesses(known: list[Any]) -> list[Any]:
    return [piece for piece in known if isinstance(piece, dict) and piece.get("kind") == "witness"]


def test_entries_of_other_theorems_are_not_accepted() -> None:
    texts = {name: entry(outcome(name)) or "" for name in SAMPLE}
    for name in SAMPLE:
        read = SCRIPTS[name].stated()
        assert [other for other in SAMPLE if recalled(SCRIPTS[name], read, texts[other])] == [name]


def test_damaged_entries_are_ignored(tmp_path: Path) -> None:
    draw, path = random.Random(0), tmp_path / "entry"
    script = SCRIPTS["mixed_residual_is_mixture_of_residuals"]
    read, text = script.stated(), entry(outcome(script.id)) or ""
    whole = zlib.compress(text.encode())
    damaged = [whole[:end] for end in range(0, len(whole), 5)]
    damaged += [whole[:at] + bytes([draw.randrange(256)]) + whole[at + 1 :] for at in range(len(whole))]
    damaged += [whole[1:], b"\0" * 100, *(zlib.compress(part) for part in (b"\xff", b"[" * 100_000, b"NaN", b""))]
    damaged += [zlib.compress(text[:end].encode()) for end in range(len(text))]
    for content in damaged:
        path.write_bytes(content)
        found = files._read(path)
        assert found in {None, text} or recalled(script, read, str(found)) is None


def test_an_entry_that_grows_when_it_is_read_is_ignored(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    script = BASE()
    text = entry(script.prove()) or ""
    keep(cache, script, text + " " * 20_000)
    assert cache.outcome(script).remembered
    monkeypatch.setattr(files, "_LARGEST", 10_000)
    assert not cache.outcome(script).remembered


# -- the key ---


BASE: Callable[..., Script] = lambda **more: stated(TRUE["identity"], FALSE["identity"], **more)  # noqa: E731
OTHERS: dict[str, Script] = {
    "another claim": stated(TRUE["vanishing"], FALSE["identity"]),
    "another near miss": stated(TRUE["identity"], FALSE["vanishing"]),
    "claim and near miss exchanged": stated(FALSE["identity"], TRUE["identity"]),
    "another label": stated({"first": TRUE["identity"]}, FALSE["identity"]),
    "a condition": BASE(conditions=[a > 0]),
    "a definition": BASE(definitions={b: 2 * sp.Symbol("c", real=True)}),
    "a lemma": BASE(lemmas=[Lemma("name", "statement", "source")]),
    "a point": BASE(point={a: 1}),
    "a hint": stated(Equivalence([a + b, a - b], [a, b], forth=lambda f, g: [f + g, f - g]), FALSE["identity"]),
    "no hint": stated(Equivalence([a + b, a - b], [a, b]), FALSE["identity"]),
}


def test_every_part_of_a_theorem_and_of_the_machinery_is_in_the_key(cache: Cache) -> None:
    first = BASE()
    caches = [replace(cache, machinery=(*MACHINERY[:i], "other", *MACHINERY[i + 1 :])) for i in range(len(MACHINERY))]
    words = [replace(first, answers="other"), replace(first, quotes="other"), replace(first, source=("other",))]
    paths = [path_of(cache, script) for script in (first, *words, *OTHERS.values())]
    paths += [path_of(other, first) for other in caches]
    assert len(set(paths)) == len(paths)
    assert path_of(cache, BASE()) == paths[0]
    assert identity(first, first.stated()) == identity(first, first.prove())


def test_the_users_cache_depends_on_every_module(tmp_path: Path) -> None:
    contents = ["x = 1", "x = 2", ""]
    made = []
    for number, (one, other) in enumerate(product(contents, repeat=2)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, content in (("one.py", one), ("other.py", other)):
            (folder / name).write_text(content)
        made.append(files._digest(sorted(folder.iterdir())))
    assert len(set(made)) == len(made)
    found = users_cache()
    assert found is not None
    assert found.machinery == getattr(users_cache(), "machinery", None)


# -- the folder ---


def test_folders_that_cannot_be_used_are_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    script = BASE()
    for folder in (tmp_path / "file", tmp_path / "file" / "inside"):
        cache = Cache(folder, MACHINERY)
        cache.keep(script.prove())
        assert cache.outcome(script).verdict.word == "proved"
        assert not cache.outcome(script).remembered


def test_an_entry_that_is_a_folder_is_none(cache: Cache) -> None:
    script = BASE()
    path_of(cache, script).mkdir(parents=True)
    cache.keep(script.prove())
    assert not cache.outcome(script).remembered
    assert [path.name for path in cache.folder.iterdir()] == [path_of(cache, script).name]


def test_the_oldest_entries_make_room(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_MOST", 4)
    for script in list(OTHERS.values())[:1] + list(OTHERS.values())[3:8]:
        found = script.prove()
        assert found.verdict.word == "proved"
        cache.keep(found)
        assert len(list(cache.folder.iterdir())) <= 4
    (cache.folder / "somebody's").write_text("stays")
    cache.keep(BASE().prove())
    assert (cache.folder / "somebody's").exists()


def test_where_the_users_cache_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SYMMIX_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert getattr(users_cache(), "folder", None) == tmp_path / "symmix"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert getattr(users_cache(), "folder", None) == tmp_path / "home" / ".cache" / "symmix"
    monkeypatch.setattr("sys.platform", "darwin")
    assert getattr(users_cache(), "folder", None) == tmp_path / "home" / "Library" / "Caches" / "symmix"

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert users_cache() is None


# -- the command ---


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SYMMIX_CACHE", str(tmp_path / "cache"))
    (tmp_path / "scripts").mkdir()
    for name in ("one", "two"):
        write(tmp_path / "scripts", name)
    return tmp_path / "scripts"


def lines(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> list[str]:
    assert main(["prove", *map(str, arguments)]) == code
    return capsys.readouterr().out.splitlines()


def test_the_table_says_what_is_cached(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert not any("cached" in line for line in lines(capsys, folder))
    again = lines(capsys, folder)
    assert [line.split()[:3] for line in again[1:3]] == [["one", "proved", "(cached)"], ["two", "proved", "(cached)"]]
    assert again[-1] == (
        "PROVED 2 of 2 theorems by the kernel, 2 of them in an earlier run (cached), and anew by the second checker"
    )
    write(folder, "three", middle="W * (2 * z + zp) - W * z")
    found = {line.split()[0]: "(cached)" in line for line in lines(capsys, folder)[1:4]}
    assert found == {"one": True, "two": True, "three": False}


@pytest.mark.parametrize("options", [["--no-cache"], ["-v"], ["--json"]])
def test_whoever_wants_to_see_evidence_gets_it_anew(
    options: list[str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = lines(capsys, folder, *options)
    lines(capsys, folder)
    again = lines(capsys, folder, *options)
    assert {line.strip() for line in again if "cached" in line} == (
        {'"cached": false,'} if "--json" in options else set()
    )
    assert len(again) == len(first)


def test_the_report_for_continuous_integration_says_what_is_cached(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for cached in (0, 2):
        report = folder.parent / f"{cached}.xml"
        lines(capsys, folder, "--junit", report)
        assert report.read_text(encoding="utf-8").count("proved in an earlier run (cached)") == cached


def test_nothing_is_kept_without_a_cache(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines(capsys, folder, "--no-cache")
    assert not (folder.parent / "cache").exists()


def test_what_fails_fails_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(folder, "two", right="W * z")
    for _ in range(2):
        found = lines(capsys, folder, code=1)
        assert found[-1] == "FAILED two: proved 1 of 2 theorems"
        assert any("left over   W z'" in line for line in found)


def test_certificates_of_cached_verdicts_are_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("new", "cached"):
        lines(capsys, folder, "--certificates", folder.parent / name)
    for path in (folder.parent / "new").iterdir():
        assert path.read_bytes() == (folder.parent / "cached" / path.name).read_bytes()
    assert main(["verify", str(folder.parent / "cached")]) == 0


def test_several_runs_at_once_share_a_cache(folder: Path) -> None:
    for _ in range(2):
        done = run("-m", "symmix", "prove", str(folder), "--jobs", "2")
        assert done.returncode == 0, done.stderr
    assert "2 of them in an earlier run (cached)" in done.stdout


# -- documents ---


def exported(
    capsys: pytest.CaptureFixture[str], scripts: Path, into: Path, *options: str
) -> tuple[dict[str, bytes], str]:
    """Return the files of an export, and what is said of them."""
    assert main(["export", str(scripts), "-o", str(into), "--force", *options]) == 0
    return {path.name: path.read_bytes() for path in into.iterdir()}, capsys.readouterr().err


@pytest.mark.parametrize("form", FORMATS)
def test_only_a_document_without_evidence_is_written_from_what_was_proved_before(
    form: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anew, _ = exported(capsys, folder, tmp_path / form, "--format", form, "--no-cache")
    assert not (tmp_path / "cache").exists()
    lines(capsys, folder)
    again, said = exported(capsys, folder, tmp_path / form, "--format", form)
    assert again == anew
    assert ("2 of them proved in an earlier run (cached)" in said) == (form == "text")
    assert "cached" not in exported(capsys, folder, tmp_path / form, "--format", form, "--no-cache")[1]


def test_a_text_is_written_from_no_entry_that_is_damaged_or_forged(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    anew, _ = exported(capsys, folder, tmp_path / "text", "--format", "text")
    entries = sorted((tmp_path / "cache").iterdir())
    right = [path.read_bytes() for path in entries]
    forged = zlib.compress(json.dumps({"claims": [{"kind": "equal"}], "proofs": [], "near_misses": []}).encode())
    for contents in ([b""] * 2, [forged] * 2, [content[:-9] for content in right]):
        for path, content in zip(entries, contents, strict=True):
            path.write_bytes(content)
        again, said = exported(capsys, folder, tmp_path / "text", "--format", "text", "--jobs", "2")
        assert again == anew
        assert "cached" not in said
        assert [path.read_bytes() for path in entries] == right


def test_a_false_theorem_is_said_to_fail_whatever_is_kept(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines(capsys, folder)
    kept, cache = [path.read_bytes() for path in (tmp_path / "cache").iterdir()], users_cache()
    assert cache is not None
    (script,) = load([write(folder, "wrong", right="W * zp")])
    for content in kept:
        path_of(cache, script).write_bytes(content)
        assert main(["export", str(folder), "--format", "text", "-o", str(tmp_path / "text"), "--force"]) == 1
        assert "3 theorems in 4 files, 2 of them proved in an earlier run" in capsys.readouterr().err
