"""A derivation goes in, a verdict for every line comes out: what is wrong is said where and why."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from symmix import check_derivation
from symmix.checker import MAX_WORK
from symmix.checking import check, judging
from symmix.checking.report import MAX_SHOWN, Finding
from symmix.cli import main
from symmix.reading.building import Building
from symmix.reading.tokens import Token
from symmix.terms import nodes as t
from tests.sketches import PCA, RIDGE, SLIPS


def words(text: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.word) for finding in check_derivation(text).findings]


def only(text: str) -> Finding:
    (finding,) = check_derivation(text).findings
    return finding


def test_the_right_sketch_is_proved_line_by_line() -> None:
    assert words(RIDGE) == [(3, "proved"), (4, "proved"), (5, "proved")]


def test_the_planted_slips_of_the_sketches_are_caught_and_nothing_else() -> None:
    assert words(PCA) == [(4, "proved"), (5, "proved"), (7, "proved"), (8, "refuted"), (9, "proved")]
    wrong = [pair for pair in words(SLIPS) if pair[1] != "proved"]
    assert wrong == [(8, "refuted"), (11, "refuted"), (13, "shapes do not fit"), (15, "shapes do not fit")]
    assert len(words(SLIPS)) == 11


def test_causes_of_the_planted_slips_are_named() -> None:
    assert {finding.line: finding.cause for finding in check_derivation(PCA).findings if finding.cause} == {
        8: "a factor 1/2"
    }
    named = {finding.line: finding.cause for finding in check_derivation(SLIPS).findings if finding.cause}
    assert named == {8: "lam and 1 - lam exchanged", 11: "a factor 1 - lam", 13: "a transpose"}


SMALL = "let A: k x k, B: k x k, v: k, lam, mu\n"


@pytest.mark.parametrize(
    ("wrong", "cause", "mended"),
    [
        ("(A + B) v = A v - B v", "a sign", "A v + B v"),
        ("d(v^T A v)/dv = A v + A v", "a transpose", "A^T v + A v"),
        ("d(|v|^2)/dv = v", "a factor 2", "2 v"),
        ("lam A + (1 - lam) A + B = A - lam B + B - (1 - lam) A + A", "", ""),
        ("lam A + (1 - lam) B = (1 - lam) A + lam B", "lam and 1 - lam exchanged", "lam A + (1 - lam) B"),
        ("(A B)^T = A^T B^T", "factors exchanged", "B^T A^T"),
        ("(A + B) (A + B) = A A + B B + A B", "a missing term", "A A + B B + A B + B A"),
        ("1/k tr(A + B) = 1/k tr(A) + tr(B)", "a mean, 1/k", "1/k tr(A) + 1/k tr(B)"),
    ],
)
def test_one_slip_that_mends_a_line_is_named_and_proved(wrong: str, cause: str, mended: str) -> None:
    finding = only(SMALL + wrong)
    assert finding.word == "refuted"
    assert (finding.cause, finding.mended) == (cause, mended)
    if mended:
        left = wrong.partition(" = ")[0]
        assert only(f"{SMALL}{left} = {mended}").word == "proved"


@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        ("E_mu[mu |u|^2] = mu |u|^2", "E_mu[mu |u|^2]"),
        ("E_mu[mu^2 a + mu b] = mu^2 a + E_mu[mu] b", "E_mu[mu^2 a] + E_mu[mu] b"),
        ("E_mu[r] = a - (1 - mu) b - 1/2 a", "E_mu[a - (1 - mu) b - 1/2 a]"),
        ("E_mu[r^2] = r^2", "E_mu[r^2]"),
        ("1/3 a^2 - 2/3 a b + 1/3 b^2 = r^2", "E_mu[r^2]"),
        ("E_mu[mu a] = mu b", ""),  # no average mends it
    ],
)
def test_an_average_that_was_dropped_is_named_and_proved(wrong: str, mended: str) -> None:
    declared = "let u: n, a, b, mu in [0,1]\nrandom mu: E[mu] = 1/2, E[mu^2] = 1/3\nr := a - mu a - (1 - mu) b\n"
    finding = only(declared + wrong)
    assert finding.word == "refuted"
    assert (finding.cause, finding.mended) == ("a mean, over mu" if mended else "", mended)
    if mended:
        left = wrong.partition(" = ")[0]
        assert only(f"{declared}{left} + 0 = {mended}").word == "proved"


def test_a_refuted_step_has_sizes_entries_both_values_and_what_is_left_over() -> None:
    finding = only(SMALL + "A B v = B A v")
    assert finding.word == "refuted"
    assert finding.sizes["k"] == 2
    assert {"A", "B", "v"} == set(finding.entries)
    assert finding.values["left"] != finding.values["right"]
    assert finding.left_over == "A B v - B A v"


def test_shapes_that_do_not_fit_are_both_named_where_they_stand() -> None:
    text = "let W: k x h, z: h, y: k\nW z = y\nW z = y + z\nW y = y\ny = W z = z\ngiven y = z"
    found = check_derivation(text).findings
    shapes = [(f.line, f.column, f.problem[1]) for f in found if f.problem]
    assert shapes == [
        (3, 11, "the first is k x 1, this one h x 1"),
        (4, 3, "k x h before k x 1"),
        (5, 9, "the left one is k x 1, the right one h x 1"),
        (6, 9, "the left one is k x 1, the right one h x 1"),
    ]


def test_a_step_behind_a_wrong_one_is_judged_on_its_own() -> None:
    chain = "A (B + A) v\n= A B v - A A v   # wrong\n= A (B - A) v   # follows\n= A B v + A A v   # right again\n"
    right, follows, back = check_derivation(SMALL + chain).findings
    assert (right.word, follows.word, back.word) == ("refuted", "proved", "proved")
    assert (follows.builds_on, back.builds_on) == (3, None)
    assert "line 3 is wrong" in back.remark


def test_a_hypothesis_counts_from_its_line_on() -> None:
    line = "tr(A B) = 0\n"
    assert [word for _, word in words(SMALL + line + "given B = 0\n" + line)] == ["refuted", "proved"]
    assert words(SMALL + "tr(A B) = 0 where B = 0") == [(2, "proved")]


def test_a_hypothesis_that_nothing_meets_proves_nothing() -> None:
    assert only(SMALL + "given |v|^2 + 1 = 0\nA v = B v").word == "undecided"


def test_two_equal_lines_get_a_remark() -> None:
    finding = only(SMALL + "A v = A v")
    assert (finding.word, finding.remark) == ("proved", "the same expression once more")


def test_statements_are_decided_in_the_words_in_which_they_are_printed() -> None:
    text = (
        SMALL
        + "not always: A B = B A\n|v|^2 >= 0\n1 - lam > 0 for 0 < lam < 1\n"
        + "lam v = 0 if and only if v = 0, given lam != 0\n"
    )
    assert [word for _, word in words(text + "|v|^2 is at least what it is at v = 0_k\n")] == ["proved"] * 5


def test_what_is_too_large_is_not_begun() -> None:
    sums = " + ".join(f"{letter} lam" for letter in ("lam", "mu", "lam^2", "mu^2", "lam^3"))
    finding = only(SMALL + f"({sums})^60 = lam")
    assert finding.word == "undecided"
    assert "define parts" in finding.missing
    towers = "".join(f"p{n} := p{n - 1}^100\n" for n in range(1, 9))
    assert only(f"let p0\n{towers}p8 = p0").word == "undecided"


@pytest.mark.parametrize("side", ["tr((A + B)^30)", "(A + B)^40", "A (A + B)^21 B", "(A + B)^22 {B := 2 A}"])
def test_powers_of_a_sum_of_matrices_have_each_order_of_factors(side: str) -> None:
    (found,) = check_derivation(f"let A: k x k, B: k x k\n{side} = 0").findings
    assert found.word == "undecided"
    assert "a smaller statement" in found.missing


def test_of_what_is_not_zero_nothing_is_said_to_be_missing() -> None:
    (found,) = check_derivation("let a: n\na = 0").findings
    assert (found.word, found.cause) == ("refuted", "")


MATRICES = "let X: n x d, b: d, y: n, lam, A: k x h, B: h x m, Y: k x m, W: k x h, z: h, u: k\n"


@pytest.mark.parametrize(
    ("wrong", "cause", "mended"),
    [
        ("d(|y - X b|^2)/db = -2 X (y - X b)", "a transpose", "-2 X^T (y - X b)"),
        ("d(|Y - A B|^2)/dA = -2 B^T (Y - A B)", "factors exchanged", "-2 (Y - A B) B^T"),
        ("d(|Y - A B|^2)/dA = -2 (Y - A B) B", "a transpose", "-2 (Y - A B) B^T"),
        ("X^T X b = X X^T b", "factors exchanged", "X^T X b"),
        ("d(1/2 |u - W z|^2)/dz = W^T u - W^T W z", "a sign", "-(W^T u - W^T W z)"),
    ],
)
def test_one_slip_inside_of_a_side_is_named_and_proved(wrong: str, cause: str, mended: str) -> None:
    found = only(MATRICES + wrong)
    assert (found.word in ("refuted", "shapes do not fit"), found.cause, found.mended) == (True, cause, mended)


@pytest.mark.parametrize(
    "declaration",
    [
        "given for all i<n: e[i] = 0",
        "given e = 0 _",
        "e := 0_n + 2_n",
        "let j < n, e",
        "random e: E[e] = \N{GREEK SMALL LETTER MU}",
    ],
)
def test_what_an_unread_declaration_could_make_true_is_not_refuted(declaration: str) -> None:
    _, wrong, right = check_derivation(f"let e: n, i < n\n{declaration}\ne = 0\ne + e = 2 e").findings
    assert (wrong.word, right.word) == ("undecided", "proved")
    assert "line 2, which was not understood" in wrong.missing


@pytest.mark.parametrize(
    "line", ["s s = s^2", "s s = s", "a + a = 2 a", "a[i] = a[i] + 0 a[i]", "b = 0 where b = 0", "a[i] = 0"]
)
@pytest.mark.parametrize(
    "given", ["", "given for all j<n: a[j] = 0", "given a[i] = 0", "c := 2 a", "given s > 0", "let N size"]
)
def test_what_is_declared_and_not_used_is_no_disagreement(line: str, given: str) -> None:
    """Samples, sizes and definitions that a line does not speak of belong to no certificate of it."""
    report = check_derivation(f"let a: n, b: k, s, i < n, l < m, X: q x q symmetric\n{given}\n{line}")
    assert not report.disagreements
    assert report.findings[-1].word in ("proved", "refuted")


def test_what_stands_behind_an_unread_side_is_not_refuted() -> None:
    report = check_derivation("let a: k, b: k, s\na = b given s a = s b = 2 s b")
    assert [finding.word for finding in report.findings] == ["not understood", "undecided", "refuted"]
    assert report.findings[2].builds_on == 2


def test_a_second_checker_that_disagrees_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    class No:
        accepted, reason, work = False, "no", 0

    monkeypatch.setattr(judging, "check", lambda _: No)
    for line in ("A v + B v = (A + B) v", "A v = B v"):
        report = check_derivation(SMALL + line)
        assert not report.passed
        assert [finding.disagreement for finding in report.disagreements] == ["no"]


def test_a_long_rest_is_cut_for_people_and_whole_for_programs() -> None:
    report = check_derivation("let x, y, z, w\n(x + y + z + w)^3 + 1 = y (x - z)^2 + x^3 (x + y + z) (z + w)")
    (finding,) = report.findings
    assert len(finding.left_over) > MAX_SHOWN
    assert finding.left_over == finding.data()["left_over"]
    assert finding.left_over not in str(report)
    assert max(map(len, str(report).splitlines())) < MAX_SHOWN + 80


def test_what_the_second_checker_finds_too_much_is_undecided(monkeypatch: pytest.MonkeyPatch) -> None:
    class TooMuch:
        accepted, reason, work = False, "more work", MAX_WORK

    monkeypatch.setattr(judging, "check", lambda _: TooMuch)
    report = check_derivation(SMALL + "A v + B v = (A + B) v")
    assert [finding.word for finding in report.findings] == ["undecided"]
    assert "first one says proved" in report.findings[0].missing


@pytest.mark.parametrize("broken", ["judged", "with_cause", "with_cause_inside"])
def test_a_crash_at_one_step_does_not_lose_the_others(
    broken: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{SMALL}A v + B v\n= B v + A v\n= A v\n= v A\ntr(A) >= 0\n"
    usual = check_derivation(text).findings

    def crash(*_: object) -> None:
        raise KeyError("k")

    monkeypatch.setattr(check, broken, crash)
    found = check_derivation(text).findings
    crashed = [finding for finding in found if finding.defect]
    assert {finding.line for finding in crashed} == {"judged": {3, 4, 6}, "with_cause": {4}}.get(broken, {5})
    assert all(f.word == "undecided" and "KeyError" in f.missing and "report it" in f.missing for f in crashed)
    assert [f.text for f in found] == [f.text for f in usual]
    assert all(f.word == other.word for f, other in zip(found, usual, strict=True) if not f.defect)
    assert main(["check", write(tmp_path, "broken.txt", text)]) == 3
    assert "DEFECT" in capsys.readouterr().err


def test_what_is_assumed_is_said_once_without_its_number() -> None:
    found = only(SMALL + "1/(2 lam) A = 1/lam A - 1/(2 lam) A")
    assert list(found.assuming) == ["lam != 0"]
    assert list(only(SMALL + "mu/(2 lam mu) A = 1/2 1/lam A").assuming) == ["lam != 0", "mu != 0"]


@pytest.mark.parametrize(
    ("wrong", "mended"),
    [
        ("lam A B v - lam^2 A B v = lam A B v", "lam (1 - lam) A B v"),
        ("mu (lam - lam^2) (A v) = mu lam (A v)", "mu lam (1 - lam) (A v)"),
    ],
)
def test_a_factor_that_is_put_in_has_no_brackets_of_its_own(wrong: str, mended: str) -> None:
    assert only(SMALL + wrong).mended == mended


@pytest.mark.parametrize("line", ["tr(A) >= 0", "given A v = 0", "p := A v", "A v = A v", "not always: A B = B A"])
def test_a_crash_while_a_line_is_read_does_not_lose_the_others(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = f"{SMALL}v + v = 2 v\n{line}\nv - v = 0\nv = 0"
    made = Building.made

    def crash(self: Building, node: t.Expression, at: Token) -> t.Expression:
        if at.place.line == 3:
            raise TypeError("made")
        return made(self, node, at)

    monkeypatch.setattr(Building, "made", crash)
    before, broken, *behind = check_derivation(text).findings
    assert (before.word, broken.word, broken.line) == ("proved", "not understood", 3)
    assert broken.defect == "TypeError: made"
    assert [finding.word for finding in behind] == ["proved", "undecided"]


PYTHON = re.compile(r"Gradient\(|Jacobian\(|Trace\(|constant=True|\.T\b|SymPy|sympy|symmix\.|\('")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("dlam/dv = v", "(dL/dz constant)"),
        ("d(tr(S))/dS = S", "S"),
        ("1/s lam = lam", "given s = w^T S w, s != 0"),
        ("|lam v|^2 + lam > 0", ""),
    ],
)
def test_what_is_said_of_a_line_is_said_in_words_of_a_text(line: str, told: str) -> None:
    declared = "let u: k, S: k x k symmetric, s\ns := v^T v\ndu/dlam := v\n"
    for finding in check_derivation(SMALL + declared + line).findings:
        said = " ".join((*(finding.problem or ()), finding.missing))
        assert told in said
        assert not PYTHON.search(said)


# -- the command ---


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_exit_codes_are_those_of_all_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = write(tmp_path, "right.txt", RIDGE), write(tmp_path, "wrong.txt", PCA)
    assert main(["check", right]) == 0
    assert "PROVED" in capsys.readouterr().out
    assert main(["check", right, wrong]) == 1
    assert capsys.readouterr().out.endswith(f"FAILED {wrong}: 7 of 8 steps proved, in 2 files\n")
    assert main(["check", write(tmp_path, "odd.txt", "let A: k x k\nA ? A = A")]) == 2
    assert "^ column 3" in capsys.readouterr().out
    assert main(["check", write(tmp_path, "none.txt", "let A: k x k\n")]) == 5
    assert main(["check", str(tmp_path / "absent.txt")]) == 2
    assert main(["check", right, "--kind", "step"]) == 2
    assert "--kind with a derivation" in capsys.readouterr().err


def test_in_markdown_the_fences_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (
        f"# Ridge\n\nA = B\n\n```symmix\n{RIDGE}```\n\n```python\nx = y\n```\n\nand then\n\n```symmix\ndL/dw = 0\n```\n"
    )
    assert main(["check", write(tmp_path, "page.md", page), "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == "symmix-check/1"
    (derivation,) = data["derivations"]
    assert [(f["line"], f["verdict"]) for f in derivation["findings"]] == [
        (8, "proved"),
        (9, "proved"),
        (10, "proved"),
        (20, "refuted"),
    ]


def test_a_certificate_is_pointed_to_its_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "x.json", '{"schema": "symmix-certificate/2"}')
    assert main(["check", path]) == 2
    assert f"symmix verify {path}" in capsys.readouterr().err
