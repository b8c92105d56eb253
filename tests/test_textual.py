"""Theorems that are written as text: the same theorems as a script's, and every slip in such a file is said."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from symmix.cli import main
from symmix.deciding import Hints, decide
from symmix.errors import SymmixError, UnsupportedError
from symmix.language.outward import Outward
from symmix.publish.plain import written
from symmix.reading.words import label_of, said
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.documents import independent_pairs, require_theorem
from symmix.terms.meanings import names_of, roots_of
from symmix.textual import TextError, scripts_of
from symmix.textual.trees import Read, ReadTheorem
from symmix.theorems import Script
from symmix.verdict import Proved
from tests.trees import any_expressions

RIDGE = """\
let X: n x d, w: d, y: n, mu in (0,oo)
theorem ridge: The gradient of the ridge objective.
title: Ridge
L := 1/2 |X w - y|^2 + mu/2 |w|^2
claim gradient: dL/dw = X^T (X w - y) + mu w
dL/dw = X^T (X w - y) + mu w   # chain rule
      = X^T X w - X^T y + mu w
claim multiplied out: dL/dw = X^T X w - X^T y + mu w
near miss the sign: dL/dw = X^T (X w - y) - mu w
theorem gram: X^T X and X have one kernel.
claim: X w = 0 if and only if X^T X w = 0
near miss one equation: X w = 0 where y^T X w = 0
"""


def prove(text: str, folder: Path, *options: str, name: str = "mine.txt", encoding: str = "utf-8") -> int:
    (folder / name).write_bytes(text.encode(encoding))
    return main(["prove", str(folder / name), "--no-cache", *options])


@pytest.mark.parametrize(
    "text",
    [
        RIDGE,
        RIDGE.replace("\n", "\r\n"),
        "\ufeff" + RIDGE,
        RIDGE.replace(" = ", "\t=\t"),
        RIDGE.replace("\n", "   \n\n"),
        RIDGE.replace("\n", "\n    "),
        RIDGE.replace("claim gradient: ", "claim gradient:\n    "),
        RIDGE.replace("claim gradient", 'claim "gradient: of L, the # of them"'),
    ],
)
def test_a_file_of_theorems_is_proved_however_it_is_laid_out(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prove(text, tmp_path) == 0
    assert "PROVED 2 of 2 theorems" in capsys.readouterr().out


def test_it_is_confirmed_and_exported_as_any_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prove(RIDGE, tmp_path, "-k", "ridge", "--confirm", "--certificates", str(tmp_path / "c")) == 0
    assert main(["verify", str(tmp_path / "c")]) == 0
    for form in ("latex", "html", "markdown", "coq", "text"):
        assert main(["export", str(tmp_path / "mine.txt"), "--format", form, "-o", str(tmp_path / form)]) == 0
    assert main(["export", str(tmp_path / "mine.txt"), "--layout", "note", "-o", str(tmp_path / "note")]) == 0
    assert main(["prove", str(tmp_path / "text"), "--no-cache"]) == 0
    assert "2 of 2 near misses" not in capsys.readouterr().err


@pytest.mark.parametrize("said", ["[0,1]", "(-oo,-2)"])
def test_numbers_keep_what_is_said_of_a_symbol_that_is_averaged(said: str, tmp_path: Path) -> None:
    text = (
        f"let s in {said}, lam in {said}, m, m2, v: n, u: n\nrandom lam: E[lam] = m, E[lam^2] = m2\ngiven m2 >= m^2\n"
        "theorem mean: Words.\nclaim: E_lam[|lam v + u|^2] = m2 |v|^2 + 2 m u^T v + |u|^2\n"
        "near miss slip: E_lam[|lam v + u|^2] = m2 |v|^2 + m u^T v + |u|^2\n"
    )
    assert prove(text, tmp_path, "--confirm") == 0


def test_fences_and_a_derivation_without_a_word_are_theorems(tmp_path: Path) -> None:
    assert prove(f"# Ridge\n\n```symmix\n{RIDGE}```\n", tmp_path, name="mine.md") == 0
    assert prove("let A: k x h, B: h x k\ntr(A B) = tr(B A)\n", tmp_path, name="01 traces.txt") == 0
    (script,) = scripts_of(tmp_path / "01 traces.txt")
    assert script.id == "traces"


def test_what_a_text_defines_is_differentiated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "let W: k x h, z: h, y: k, J: h x p, theta: p\ndz/dtheta := J\nr := y - W z\nL := 1/2 |r|^2\n"
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    assert main(["derive", f"{tmp_path}/mine.txt:L", "z", "theta"]) == 0
    assert capsys.readouterr().out.splitlines() == ["W^T W z - W^T y", "J^T W^T W z - J^T W^T y"]
    assert main(["derive", f"{tmp_path}/mine.txt:M", "z"]) == 2
    assert "defines L" in capsys.readouterr().err


# -- slips ---

WRONG = {
    "a near miss that is true": (RIDGE.replace("- mu w\ntheorem", "+ mu w\ntheorem"), 1, "near miss"),
    "a claim that is false": (
        RIDGE.replace("claim gradient: dL/dw = X^T", "claim gradient: dL/dw = 2 X^T"),
        1,
        "FAILED",
    ),
    "a step that is false": (RIDGE.replace("      = X^T X w - ", "      = X^T X w + "), 1, "FAILED"),
    "a missing declaration": (RIDGE.replace(", y: n", ""), 2, "declare it before this line"),
    "two theorems of a name": (RIDGE.replace("theorem gram", "theorem ridge"), 2, "one theorem of each name"),
    "two claims of a label": (RIDGE.replace("claim multiplied out", "claim gradient"), 2, "one claim of each label"),
    "no near miss": (RIDGE.replace("near miss the sign", "claim the sign"), 2, "at least one near miss"),
    "no claim": ("theorem a: b\nlet A: k x k\nnear miss x: A = A^T\n", 2, "at least one claim"),
    "a word that is misspelt": (RIDGE.replace("near miss the sign", "near mis the sign"), 2, "near miss NAME"),
    "a word with a capital": (RIDGE.replace("claim gradient", "Claim gradient"), 2, "claim NAME"),
    "a label that is a statement": (RIDGE.replace("claim gradient:", "claim for all i:"), 2, "quotation marks"),
    "a claim without its colon": (RIDGE.replace("claim gradient:", "claim"), 2, "claim: A = B"),
    "nothing behind the colon": (RIDGE + "claim more:\n", 2, "nothing"),
    "shapes that do not fit": (
        RIDGE.replace("X^T (X w - y) + mu w", "X (X w - y) + mu w"),
        2,
        "inner sizes of a product",
    ),
    "a condition too late": (RIDGE.replace("theorem gram", "given mu > 1\ntheorem gram"), 2, "throughout a theorem"),
    "a statement above the theorems": (
        "let A: k x k\ntr(A) = tr(A^T)\n" + RIDGE.replace("let X", "let X"),
        2,
        "belong to a theorem",
    ),
    "a lemma without a source": (RIDGE + "lemma known: it is known\n", 2, "by:"),
    "a reason for nothing": ("let A: k x k\nbecause: squares of A\n", 2, "claim"),
    "a point of what is not declared": (RIDGE + "point: q = 1\n", 2, "declared symbol or size"),
    "a point of no size": (RIDGE + "point: n = 0\n", 2, "a size from 1 to 20"),
    "a point of half a size": (RIDGE + "point: n = 1/2\n", 2, "a size from 1 to 20"),
    "a point of a huge size": (RIDGE + "point: n = 1000000000\n", 2, "a size from 1 to 20"),
    "a point of a size with rows": (RIDGE + "point: n = [[1]]\n", 2, "a size from 1 to 20"),
    "a claim that is a chain": (
        RIDGE.replace("claim gradient: dL/dw =", "claim gradient: dL/dw = dL/dw ="),
        2,
        "one equation",
    ),
    "what takes for ever": (
        RIDGE + "let a, b, c\nclaim big: (a + b + c + mu)^40 (a + b)^30 = a\n",
        2,
        "a smaller theorem",
    ),
    "words that are none": (RIDGE.replace("title: Ridge", "title:"), 2, "words behind title:"),
}


@pytest.mark.parametrize("slip", WRONG)
def test_each_slip_is_said(slip: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, code, told = WRONG[slip]
    assert text != RIDGE
    assert prove(text, tmp_path) == code
    captured = capsys.readouterr()
    assert told in captured.out + captured.err
    if code == 2:
        assert "mine.txt:" in captured.err
        assert "^ column" in captured.err


@pytest.mark.parametrize(
    "said", ["u: n", "A: n x m", "T: n x n x n", "D: n x n diagonal"], ids=lambda said: said.partition(":")[0]
)
def test_a_condition_on_a_size_is_kept_where_only_shapes_have_it(said: str, tmp_path: Path) -> None:
    """What fails at n = 1 alone is no near miss for n > 1."""
    text = f"let v: n, w: n, {said}\ngiven n > 1\ntheorem a: Words.\nclaim: v + w = w + v\nnear miss slip: v^T w = 1\n"
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    (script,) = scripts_of(tmp_path / "mine.txt")
    outcome = script.stated()
    assert [str(condition.left) for condition in outcome.document.setting.conditions] == ["n"]
    assert prove(text, tmp_path) == 0
    single = text.replace("near miss slip: v^T w = 1", "near miss slip: 1/(n - 1) = 1").replace("n > 1", "n < 3, n > 1")
    assert prove(single, tmp_path) == 1  # n is 2 there


def test_every_line_that_is_not_understood_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("theorem a: b\nclaim: A = 1\nclaim b: C = ?\n", encoding="utf-8")
    with pytest.raises(TextError) as caught:
        scripts_of(tmp_path / "mine.txt")
    assert [error.place.line for error in caught.value.errors] == [2, 3]


def test_a_given_derivative_that_cannot_be_taken_is_said_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = "let a: k, b: k\ngiven d(a^T a)/db = 0\na = a + 0_k\na^T a = |a|^2\n"
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path / "mine.txt")]) == 2
    assert capsys.readouterr().out.count("not understood") == 1


@settings(max_examples=200)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_every_label_is_read_back(label: str) -> None:
    plain = " ".join(label.split())
    assume(plain)
    found = said(f"claim {label_of(label)}: A = B", 1, lambda _: False)
    assert found is not None
    assert found.name == plain
    assert f"claim {label_of(label)}: A = B"[found.begin :] == "A = B"


@settings(max_examples=120, deadline=None)
@given(st.text("theorm claimnsAB=^T:# \n\"'[]{}()|<>0", max_size=120))
def test_no_text_is_more_than_a_complaint(text: str) -> None:
    from symmix.reading import read_derivation  # noqa: PLC0415

    for error in read_derivation("let A: k x k, B: k x k\n" + text).faults:
        assert error.place.line >= 1
        assert "inside of symmix" not in error.arrived


def inverts_a_number(tree: t.Expression) -> bool:
    """Whether something without a symbol is inverted anywhere in a tree, or anything is divided by a written 0."""
    inverted = [node.of for node in tree.walk() if isinstance(node, t.Inverse)]
    divisors = [node.denominator for node in tree.walk() if isinstance(node, t.Quotient)]
    bare = any(not any(isinstance(part, t.Symbol) for part in node.walk()) for node in inverted)
    return bare or t.Number(Fraction(0)) in divisors


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@example(t.Inverse(t.Symbol("lam", ())), t.Symbol("lam", ()))
@given(any_expressions(depth=2), any_expressions(depth=2))
def test_a_theorem_in_text_is_written_as_the_text_of_the_same_theorem(one: t.Expression, other: t.Expression) -> None:
    zero = t.Number(Fraction(0))
    theorem = s.Theorem("drawn", s.Setting(), (("", s.Vanishing((one,))),), (), (("slip", s.Vanishing((other,))),))
    try:
        pairs = independent_pairs(names_of(theorem), roots_of(theorem))
        theorem = replace(theorem, setting=s.Setting(independent=pairs))
        require_theorem(theorem)
        assume(zero not in (one, other))
        assume(
            not any(map(inverts_a_number, (one, other)))
        )  # text divides by no 0, and writes 1/3 for the inverse of 3
        names = names_of(theorem)
        read = ReadTheorem(claim={}, read=theorem.setting, names=names)
        hints = {label: Read(tree, Hints(), Outward({})) for label, tree in (*theorem.claims, *theorem.near_misses)}
        read = replace(read, claim={"": hints[""]}, near_misses={"slip": hints["slip"]})
    except SymmixError:
        assume(False)  # noqa: FBT003 - the two are no theorem together
    script = Script("drawn", lambda: read, "", (), words="Drawn.", file=Path("drawn.txt"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.txt"
        path.write_text(written(script), encoding="utf-8")
        (first,) = scripts_of(path)
        path.write_text(written(first), encoding="utf-8")
        (second,) = scripts_of(path)
    before, after = first.stated(), second.stated()
    try:
        for tree in (one, other):
            before.frame.array(tree)
    except UnsupportedError:
        assume(False)  # noqa: FBT003 - what it divides by is 0
    for a, b in ((theorem, before.document), (before.document, after.document)):
        assert a.setting == b.setting
        for (label, x), (again, y) in zip((*a.claims, *a.near_misses), (*b.claims, *b.near_misses), strict=True):
            assert label == again
            assert isinstance(x, s.Vanishing)
            assert isinstance(y, s.Vanishing)
            left, right = x.expressions[0], y.expressions[0]
            alike = before.frame.goal(left, right).is_zero  # but for the inverse of a number, written as a quotient
            assert alike or isinstance(decide(s.Identity(left, right), before.frame), Proved)
