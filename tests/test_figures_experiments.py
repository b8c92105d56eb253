"""The figures of experiments show the tables that the experiments printed, and these are what they print today."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from symmix.experiments import EXPERIMENTS, table
from symmix.figures import FIGURES
from symmix.figures.computing.experiments import recorded
from tests.test_experiments import rows

named = pytest.mark.parametrize("name", EXPERIMENTS)


@named
def test_each_experiment_has_a_figure_of_its_theorem(name: str) -> None:
    assert FIGURES[f"measured-{name}"].theorems == (EXPERIMENTS[name].theorem,)


@named
def test_what_is_recorded_was_printed_by_the_experiment_of_today(name: str) -> None:
    head, _, rest = recorded(name).partition("\n\n")
    assert head == f"{EXPERIMENTS[name].question}\npredicted by {EXPERIMENTS[name].theorem}, seed 0"
    assert EXPERIMENTS[name].limits in " ".join(rest.split())


@named
def test_every_row_of_a_figure_is_a_row_of_the_table(name: str) -> None:
    shown: Any = FIGURES[f"measured-{name}"].numbers()
    printed = recorded(name)
    assert set(shown.places) == set(range(len(shown.panels)))
    for predicted, measured, kind in zip(shown.predicted, shown.measured, shown.kinds, strict=True):
        said = {0: f"{predicted:.6g}", 1: rf">=? {predicted:.6g}", 2: "-"}[kind]
        assert re.search(rf"  {said} +{re.escape(f'{measured:.6g}')}$", printed, re.MULTILINE)


def test_a_row_of_each_kind_is_read_as_it_is_printed() -> None:
    """The small run's rows, printed, have the form that the figure reads: nothing is lost on the way."""
    from symmix.figures.computing.experiments import _ROW  # noqa: PLC0415

    for name in EXPERIMENTS:
        for line, row in zip(table(rows(name)).splitlines()[1:], rows(name), strict=True):
            found = _ROW.fullmatch(line)
            assert found, line
            assert found["quantity"] == row.quantity
            assert np.isclose(float(found["measured"]), row.measured, rtol=1e-5, atol=0)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["decay", "layers"])
def test_what_is_recorded_is_measured_again(name: str) -> None:
    measured = [float(line.split()[-1]) for line in recorded(name).splitlines() if re.search(r"\d$", line)][1:]
    again = list(EXPERIMENTS[name].run(0, small=False))
    assert np.allclose(measured, [row.measured for row in again], rtol=1e-5, atol=1e-12)
