"""How much is done about a text: what is too much is given up and said, wrong lines share what explains them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from symmix import check_derivation
from symmix.checking import causes, check, judging
from symmix.metering import allowed

SMALL = "let A: k x k, B: k x k, v: k, lam, mu\n"


HEAVY = (
    "(x + y + z + w)^20 = (w + z + y + x)^20 + x",
    "tr(K K K K K K K K K K K K K K K K K K K K) = x",
    "tr((S + K)^10) = tr((K - S)^10)",
    "(tr(K K A) tr(K A K) tr(A K K) tr(K K A))^2 = x",
)


@pytest.mark.parametrize("line", HEAVY)
def test_what_takes_more_work_than_allowed_is_undecided_and_no_defect(
    line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "STEP_WORK", 3_000)
    report = check_derivation(f"let x, y, z, w, A: k x k, S: k x k symmetric, K: k x k skew\n{line}")
    assert [finding.word for finding in report.findings] == ["undecided"]
    assert "more work than is allowed" in report.findings[0].missing
    assert not report.defects


def test_a_text_has_an_allowance_of_its_own_and_loses_no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "TEXT_WORK", 1_000)
    monkeypatch.setattr(check, "LINE_SHARE", 0)
    report = check_derivation("let A: k x k, B: k x k\n" + "A + B = B + A\n" * 9)
    words = [finding.word for finding in report.findings]
    assert words == sorted(words)
    assert set(words) == {"proved", "undecided"}
    assert len(words) == 9


def test_easy_lines_are_decided_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "TEXT_WORK", 0)
    lines = [f"A B + {n} v v^T = {n} v v^T + A B" for n in range(1, 12)] + ["A B = B A"] * 9
    report = check_derivation(SMALL + "\n".join(lines), causes="none")
    assert report.count("proved") == 11
    assert report.count("refuted") == 9


WRONG = "A B = B A\n(A + B) v = A v - B v\nA v = A^T v + v\n"


@pytest.mark.parametrize("work", [0, 700, 2_000, 6_000, 20_000])
def test_verdicts_do_not_depend_on_the_work_for_explanations(work: int, monkeypatch: pytest.MonkeyPatch) -> None:
    text = SMALL + WRONG * 4
    whole = check_derivation(text, causes="all")
    assert not whole.unexplained
    monkeypatch.setitem(causes._WORK, "some", work)
    report = check_derivation(text)
    bare = [replace(finding, left_over="", cause="", mended="") for finding in whole.findings]
    assert [replace(finding, left_over="", cause="", mended="") for finding in report.findings] == bare
    assert report.unexplained
    for some, every in zip(report.findings, whole.findings, strict=True):
        assert some.line >= report.unexplained or some == every
        assert some.line <= report.unexplained or not (some.left_over or some.cause)
    assert report.data()["unexplained_from"] == report.unexplained
    assert str(report).splitlines()[-1].startswith(f"from line {report.unexplained} on")
    assert "--causes all" in str(report)


def test_without_causes_nothing_is_explained_and_nothing_is_said_of_it() -> None:
    report = check_derivation(SMALL + WRONG, causes="none")
    assert [finding.word for finding in report.findings] == ["refuted"] * 3
    assert not any(finding.cause or finding.left_over for finding in report.findings)
    assert "--causes" not in str(report)
    assert "unexplained_from" not in report.data()


# names that no other test uses: nothing of it is known the first time
DECIDED_BEFORE = {
    "identities": "tr((A0 + B0) (A0 + B0) (A0 + B0) A0) = tr((A0 + B0)^3 A0)\nA0 B0 = B0 A0\nA0 v0 = A0^T v0 + v0",
    "symmetries": "tr((S0 + K0) (S0 - K0)) = |S0|^2 + |K0|^2\ntr(S0 K0 S0) = 0",
    "hypotheses": "given A0 B0 = B0 A0\nA0^2 B0^2 = B0^2 A0^2\n(A0 B0)^2 = A0^2 B0",
    "scalars": "given s0 t0 + r0 = 0, s0 r0 - t0 = 0\nt0 (s0^2 + 1) = 0\nt0 (s0 + 1) = 0",
    "squares": "k |v0|^2 - (1_k^T v0)^2 >= 0\n|v0|^2 |u0|^2 - 2 (v0^T u0)^2 >= 0",
    "squares under hypotheses": "given A0 u0 = v0\n|A0 u0|^2 + |u0|^2 - 2 v0^T u0 >= 0",
    "ranges": "s0^2 - s0 + 1 > 0 for 0 < s0 < 2",
}


@pytest.mark.parametrize("kind", DECIDED_BEFORE)
def test_what_was_decided_before_does_not_change_the_work_that_is_left(kind: str) -> None:
    declared = "let A0: k x k, B0: k x k, v0: k, u0: k, S0: k x k symmetric, K0: k x k skew, s0, t0, r0\n"
    left = []
    for _ in range(3):
        with allowed(10**7) as meter:
            check_derivation(declared + DECIDED_BEFORE[kind])
        left.append(meter.left)
    assert len(set(left)) == 1


@pytest.mark.parametrize("line", ["E_l[l] = m", "m = E_l[l]", "E_l[l^2] = m2", "E_l[l] v = E_l[l] v + 0_n = m v"])
def test_a_step_may_say_a_given_moment_once_more(line: str) -> None:
    report = check_derivation(f"let l, m, m2, v: n\nrandom l: E[l] = m, E[l^2] = m2\n{line}")
    assert report.passed, str(report)


def test_moments_that_no_distribution_has_are_no_step_either() -> None:
    text = "let l\nrandom l: E[l] = 2, E[l^2] = 1\nE_l[l] = 2\nE_l[l] = 3"
    assert check_derivation(text).count("proved") == 0


def test_a_search_that_finds_no_point_counts_its_draws() -> None:
    """So contradictory hypotheses do not let each line of a text search for seconds."""
    with allowed(10**7) as meter:
        begin = meter.left
        assert check_derivation("let a, b, c\ngiven a = 0, a = 1\nb = c").count("undecided") == 1
    assert begin - meter.left > 80_000


@pytest.mark.parametrize(
    ("below", "count"),
    [
        *(("{0}", count) for count in (2, 9, 40)),
        *((below, count) for below in ("({0} + 1)", "({0}^2 + {1} + 1)") for count in (2, 4)),
        pytest.param("({0} + 1)", 40, marks=pytest.mark.slow),
    ],
)
def test_many_quotients_in_one_line_are_refuted_or_given_up(below: str, count: int) -> None:
    names = [f"q{n}" for n in range(count)]
    terms = [f"1/{below.format(a, b)}" for a, b in zip(names, [*names[1:], names[0]], strict=True)]
    report = check_derivation(f"let {', '.join(names)}\n{' + '.join(terms)} = 1\n = {' + '.join(reversed(terms))} - 1")
    assert [finding.word for finding in report.findings] in (["refuted"] * 2, ["undecided"] * 2)
    assert count == 40 or report.findings[0].left_over


@pytest.mark.parametrize(
    ("text", "code"),
    [("let A: n x n, B: n x n\ntr(A B) = tr(B A)\n", 0), ("A = B\n", 2), ("let A: n x n\nA A A^T = 0_n\n", 1)],
)
def test_what_is_right_or_not_understood_is_told_without_sympy(text: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    program = (
        "import sys; from symmix.cli import main; print(main(['check', 'mine.txt']));"
        "print(sorted({'sympy', 'numpy', 'rich'} & {*sys.modules}))"
    )
    ended = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[-2:] == [f"{code}", "[]"]
