"""The figures of a data set: every number equals what exact rationals or the theorem itself say."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symmix.figures import FIGURES
from symmix.figures.computing import mixing_graph, samples
from symmix.notation import E as RESIDUALS
from symmix.notation import P, W, Y, Z, b, m, m2, n, p
from symmix.numeric.ratios import beta_moment
from tests.catalogue import SCRIPTS
from tests.exact_arrays import agree, point

DATA = {Y: samples.RESIDUALS, Z: samples.FEATURES, W: samples.HEAD, b: samples.BIAS}


def numbers(name: str) -> Any:
    """Return what a picture shows."""
    return FIGURES[name].numbers()


# -- the mixing graph ---

ERRORS = samples.RESIDUALS[:, 0]


def test_the_loss_that_a_pair_removes_is_its_share_of_the_energy() -> None:
    shown = numbers("mixing-graph")
    for pairing, removed in zip(mixing_graph.PAIRINGS.values(), shown.removed, strict=True):
        energy = pairing * (ERRORS[:, None] - ERRORS[None, :]) ** 2
        exact = Fraction(1, 3) * energy / (4 * len(ERRORS))
        assert (removed == exact.astype(float)).all()


@pytest.mark.parametrize("which", range(3), ids=list(mixing_graph.PAIRINGS))
def test_what_remains_is_what_the_theorem_says(which: int) -> None:
    shown, name = numbers("mixing-graph"), "mixing_graph_removes_dirichlet_energy"
    pairing, size = list(mixing_graph.PAIRINGS.values())[which], len(ERRORS)
    uniform = {m: Fraction(1, 2), m2: Fraction(1, 3)}
    weights = (1 + pairing.sum(axis=0)) / 2
    reweighted = (weights * ERRORS**2).sum() / (2 * size)
    energy = (pairing * (ERRORS[:, None] - ERRORS[None, :]) ** 2).sum() / (12 * size)
    assert shown.unmixed[which] == float(reweighted)
    assert shown.removed_total[which] == float(energy)
    assert shown.remaining[which] == float(reweighted - energy)
    at = point(name, {RESIDUALS: samples.RESIDUALS, P: pairing, **DATA, **uniform}, {n: size, p: 1})
    agree(name, at, {"row-stochastic": reweighted - energy})


def test_only_two_nearest_reweighs_the_samples() -> None:
    shown = numbers("mixing-graph")
    erm = float((ERRORS**2).sum() / (2 * len(ERRORS)))
    assert shown.erm == erm
    assert (shown.unmixed[:2] == erm).all()
    assert shown.unmixed[2] > 1.1 * erm
    assert (shown.removed >= 0).all()


def test_the_pairings_are_what_they_are_called() -> None:
    same, everybody, nearest = numbers("mixing-graph").pairings
    classes, inputs = np.array(samples.CLASSES), np.array(samples.INPUTS)
    assert ((same > 0) == (classes[:, None] == classes[None, :])).all()
    assert (everybody == 1 / 12).all()
    distances = np.abs(inputs[:, None] - inputs[None, :]) + 99 * np.eye(12, dtype=int)
    for row, away in zip(nearest, distances, strict=True):
        assert sorted(row)[-3:] == [0, 0.5, 0.5]
        assert away[row > 0].max() <= np.sort(away)[1]
    for pairing in (same, everybody, nearest):
        assert np.allclose(pairing.sum(axis=1), 1)


def test_the_samples_are_those_of_the_module() -> None:
    shown = numbers("mixing-graph")
    assert shown.inputs.tolist() == list(samples.INPUTS)
    assert shown.residuals.tolist() == [float(error) for error in ERRORS]
    assert shown.classes.tolist() == list(samples.CLASSES)


# -- all pairs ---


def test_the_loss_of_all_pairs_falls_on_the_theorems_line() -> None:
    shown, size = numbers("pair-average"), len(ERRORS)
    erm, mean = (ERRORS**2).sum() / (2 * size), ERRORS.sum() / size
    variance = 2 * erm - mean**2
    for a, c, loss in zip(shown.parameters, shown.strengths, shown.losses, strict=True):
        exact = Fraction(a).limit_denominator(100)
        assert c == float(exact / (2 * exact + 1))
        assert np.isclose(loss, float(erm - exact / (2 * exact + 1) * variance / 2), rtol=1e-12, atol=0)
    assert shown.line.tolist() == [float(erm), float(erm - variance / 4)]
    assert shown.line_strengths.tolist() == [0, 0.5]
    assert shown.erm == float(erm)
    assert shown.mean_part == float(mean**2 / 2)


def test_half_of_the_variance_remains_at_most_mixing() -> None:
    shown = numbers("pair-average")
    at_most = shown.line[1] - shown.mean_part
    assert np.isclose(at_most, (shown.erm - shown.mean_part) / 2, rtol=1e-12)


def test_all_pairs_of_the_graph_is_the_dot_at_one() -> None:
    graph, average = numbers("mixing-graph"), numbers("pair-average")
    (dot,) = average.losses[average.parameters == 1]
    assert np.isclose(graph.remaining[1], dot, rtol=1e-12)


def test_the_line_is_the_theorems() -> None:
    name, shown = "pair_average_is_erm_minus_variance", numbers("pair-average")
    for a, loss in zip((Fraction(1), Fraction(2), Fraction(8)), shown.losses[3:], strict=True):
        moments = {m: Fraction(1, 2), m2: beta_moment(a, a, 2, 0)}
        at = point(name, {**DATA, **moments}, {n: len(ERRORS), p: 1})
        claim: Any = SCRIPTS[name].theorem.claims[""]
        exact = at.explicit(claim.right)[0]
        assert at.explicit(claim.left)[0] == exact
        assert np.isclose(loss, float(exact), rtol=1e-12, atol=0)
