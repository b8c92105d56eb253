"""The command that watches growth: what it fits, and when it fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.benchmarks import scaling
from tests.benchmarks.cliffs import Row


def nothing(_size: int, _seed: int) -> Callable[[], str]:
    return lambda: "proved"


def test_a_power_of_the_size_is_found() -> None:
    row = Row(nothing, (10, 20, 40), "proved", 2)
    assert scaling.growth(row, {n: 1e-4 * n**2 for n in row.sizes}) == pytest.approx(2)


def test_a_factor_for_each_unit_is_found() -> None:
    row = Row(nothing, (3, 4, 6), "proved", 4, "factor")
    assert scaling.growth(row, {n: 1e-3 * 4**n for n in row.sizes}) == pytest.approx(4)


def test_what_takes_next_to_no_time_says_nothing_of_growth() -> None:
    row = Row(nothing, (10, 20, 40), "proved", 1)
    assert scaling.growth(row, {10: 1e-6, 20: 1e-5, 40: 1e-4}) == pytest.approx(0)


@pytest.mark.parametrize(("kept", "kind", "fine", "jump"), [(2, "power", 2.7, 3.0), (4, "factor", 8, 16)])
def test_growth_fails_where_it_jumps_and_not_by_noise(kept: float, kind: str, fine: float, jump: float) -> None:
    row = Row(nothing, (1, 2), "proved", kept, "power" if kind == "power" else "factor")
    assert not scaling.has_jumped(row, fine)
    assert scaling.has_jumped(row, jump)


def test_the_command_fails_at_a_wrong_answer_and_at_a_jump(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {
        "steady": Row(nothing, (10, 20), "proved", 2),
        "jumped": Row(nothing, (10, 20), "proved", 1),
        "wrong": Row(nothing, (10, 20), "refuted", 2),
    }
    monkeypatch.setattr(scaling, "rows", lambda: found)
    monkeypatch.setattr(scaling, "fresh", lambda *_: {"seconds": [0.1, 0.4], "answers": ["proved"]})
    assert scaling.main(["--quick"]) == 1
    printed = capsys.readouterr().out
    assert "FAILED: jumped; wrong" in printed
    assert "growth was 1" in printed
    assert "says proved, not refuted" in printed
    assert scaling.main(["--quick", "steady"]) == 0


def test_every_row_says_what_it_should_at_its_smallest_size() -> None:
    for name, row in scaling.rows().items():
        assert row.make(row.sizes[0], 0)() == row.answer, name
