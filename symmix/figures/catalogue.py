"""The pictures: name, theorems, caption, what computes the numbers and what draws them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from symmix.figures.computing import (
    experiments,
    gradient_floor,
    mixing_graph,
    pair_average,
    stationary_line,
    unseen_loop,
)
from symmix.figures.computing.experiments import Panel
from symmix.figures.sizes import COLUMN, PAGE

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

    from symmix.figures.numbers import Numbers, Series


@dataclass(frozen=True)
class Figure:
    """A picture of what theorems say, not yet drawn.

    Attributes
    ----------
    name
        What the command line calls it.
    title
        What it shows, as a heading.
    theorems
        Ids of the theorems of the catalogue that say why it looks so.
    caption
        What one sees and why, in plain text.
    compute
        Computes the numbers; NumPy alone.
    heights
        Its height for each width that it has, in millimetres; the first width is the default.
    """

    name: str
    title: str
    theorems: tuple[str, ...]
    caption: str
    compute: Callable[[], Numbers]
    heights: Mapping[float, float]
    drawn_by: str = ""

    @property
    def module(self) -> str:
        """The name of the module that draws it: its own, unless another one is named."""
        return self.drawn_by or self.name.replace("-", "_")

    def data(self) -> Mapping[str, Series]:
        """Return what it shows: arrays by name, each with its provenance."""
        return self.numbers().named()

    def numbers(self) -> Numbers:
        """Compute what it shows, once."""
        return _computed(self.compute)

    def draw(self, canvas: Canvas, numbers: Any) -> None:
        """Draw its numbers on a figure of Matplotlib; the size of the figure says which arrangement fits."""
        import_module(f"symmix.figures.drawing.{self.module}").draw(canvas, numbers)


@cache
def _computed(compute: Callable[[], Numbers]) -> Numbers:
    return compute()


_READ = "Rings are predictions, dots measurements, triangles lower bounds."


def _measured(name: str, title: str, theorem: str, caption: str, height: float, *panels: Panel) -> Figure:
    """Return the figure of an experiment, from the table that it printed."""
    caption = f"{caption} {_READ} (symmix experiment {name}, seed 0; {theorem})."
    return Figure(
        f"measured-{name}", title, (theorem,), caption, experiments.of(name, *panels), {COLUMN: height}, "experiments"
    )


_FIGURES = (
    Figure(
        "unseen-loop",
        "Two encoders that manifold mixup cannot tell apart",
        ("loss_ignores_flatness", "gradient_vanishes_at_fit"),
        "Two encoders map inputs between x and x' into a feature space of which the head sees one direction. Both fit"
        " the two samples, so the mixture z~ of their features (open circles) lies where the head predicts the mixed"
        " target, at every ratio: loss and gradient of manifold mixup are zero for both, however one of them loops"
        " (loss_ignores_flatness, gradient_vanishes_at_fit). Input mixup gives the head F(x~), the features of the"
        " mixed input (square), and so its loss sees the loop.",
        unseen_loop.compute,
        {PAGE: 76, COLUMN: 134},
    ),
    Figure(
        "gradient-floor",
        "Only input mixup has a floor",
        ("gradient_shrinks_with_the_error", "input_mixup_adds_the_interpolation_gap", "input_mixup_is_not_degenerate"),
        "The norm of the gradient by the mixed features against the error of both samples, at ratio 3/4. Manifold"
        " mixup's is proportional to the error, slope one, however the encoder bends"
        " (gradient_shrinks_with_the_error). Input mixup's ends on a floor, |W^T W gap|, where gap is what the encoder"
        " fails to interpolate (input_mixup_adds_the_interpolation_gap, input_mixup_is_not_degenerate). Bend 0 is the"
        " straight encoder of unseen-loop, bend 1 the looped one. Dots are differences of the loss, lines are the"
        " theorems.",
        gradient_floor.compute,
        {PAGE: 84, COLUMN: 88},
    ),
    Figure(
        "stationary-line",
        "One ratio stops on a line, all ratios only at the fit",
        ("zero_gradient_does_not_imply_fit", "expected_gradient_vanishes_iff_fit"),
        "Gradient flow of the errors e and e' of a pair whose features are free, h = k = 1. At one ratio every path"
        " goes straight to the line lam e + (1-lam) e' = 0 and stops there, in general without a fit"
        " (zero_gradient_does_not_imply_fit). Averaged over a uniform ratio the fit is the only stationary point"
        " (expected_gradient_vanishes_iff_fit). Dots on the heavy paths are equal times apart.",
        stationary_line.compute,
        {PAGE: 84, COLUMN: 174},
    ),
    Figure(
        "mixing-graph",
        "What mixing removes from the loss, pair by pair",
        ("mixing_graph_removes_dirichlet_energy",),
        "Twelve samples of two classes (circles, squares) with their residuals. A line joins two samples that are"
        " mixed; it is the thicker, the more often they are, and the darker, the more of the loss their mixing"
        " removes: c/(4 n) (P_ij + P_ji) |e_i - e_j|^2, with c = 1/3 for a uniform ratio. The bars add this up: what"
        " remains, and hatched what is removed. Together they are ERM, the upright line, if every sample is a partner"
        " equally often, and else ERM with other weights, as for the two nearest"
        " (mixing_graph_removes_dirichlet_energy).",
        mixing_graph.compute,
        {PAGE: 91, COLUMN: 162},
    ),
    Figure(
        "pair-average",
        "Over all pairs, ERM minus a share of the variance",
        ("pair_average_is_erm_minus_variance", "beta_moments"),
        "The mean loss over all pairs of the samples of mixing-graph, for a ratio from Beta(a, a) (dots, a beside"
        " them), falls on the straight line ERM - (c/2) V whatever the distribution is"
        " (pair_average_is_erm_minus_variance). The strength c = a/(2a+1) (beta_moments) is at most 1/2, so at least"
        " half of the variance V of the residuals remains, and all of their mean: the dotted line.",
        pair_average.compute,
        {COLUMN: 74},
    ),
    _measured(
        "noise",
        "The two unusual terms over all pairs of the diabetes data",
        "cross_terms_are_gauss_newton_noise",
        "Covariance of the two unusual terms over all 195364 pairs of the diabetes data, at three times of training"
        " a small network: its trace, and its largest eigenvalue.",
        45,
        Panel("total variance", r"(.*): total variance"),
        Panel("largest eigenvalue", r"(.*): largest eigenvalue"),
    ),
    _measured(
        "layers",
        "What mixing asks of a fitted pair, layer by layer",
        "random_layer_mixup_is_not_degenerate",
        "Gradients at a fitted pair. Above, by the features at the head, where the input or the hidden layer is mixed;"
        " below, by the encoder's weights: zero for the last layer alone, the post's case.",
        41.5,
        Panel("slope in the features", r"mixing (.*): slope in the features"),
        Panel(
            "gradient by the encoder's weights", r"(?:the |a )(last layer|random layer|input)(?: alone|,).*: gradient"
        ),
    ),
    _measured(
        "decay",
        "Modes under weight decay",
        "mixup_thresholds_modes",
        "Singular values of the predictions of free features and head under weight decay. Mixup with a uniform ratio"
        " raises the threshold by half: the weakest mode lives under ERM and dies under mixup.",
        52,
        Panel("ERM: what is left of a mode", r"ERM: (mode .),.*"),
        Panel("mixup: what is left of a mode", r"mixup: (mode .),.*"),
    ),
    _measured(
        "finite",
        "What far logits cost, and whether logits settle",
        "mixup_cross_entropy_minimiser_is_finite",
        "Free logits of twelve samples of four classes. Above, how cross-entropy grows far away in the direction of"
        " the classes; below, how much the logits grow from 2000 steps of descent to 8000.",
        45,
        Panel("slope towards the classes", r"(.*): slope towards the classes"),
        Panel("growth of the logits", r"(.*): growth of the logits.*"),
    ),
    _measured(
        "scale",
        "Where the logits of a network settle",
        "mixup_cross_entropy_minimiser_is_finite",
        "Scale of the logits of a small network on ten digits, two seeds, and of free logits. With mixup it settles"
        " where the loss stops falling, at s*; from 1500 to 6000 steps those of ERM and midpoint mixing grow on.",
        69.5,
        Panel("scale of the logits under mixup", r"(Beta\(.*\),)(?: network,)?( seed .| free logits): scale"),
        Panel("growth of the scale", r"(ERM,|midpoint mixing,) network,( seed .): growth.*"),
    ),
    _measured(
        "collapse",
        "What collapses is what the head sees",
        "mixup_cross_entropy_minimiser_is_finite",
        "Features of a small network on ten digits. Above, variance within classes over variance between them, of"
        " what the head sees; below, variance within classes of what it does not see over that of what it sees.",
        45,
        Panel("within classes, seen, over between", r"(.*): within a class, seen.*"),
        Panel("within classes, unseen over seen", r"(.*): within a class, unseen.*", logarithmic=True),
    ),
    _measured(
        "flat",
        "Errors of Lipschitz heads on mixtures and on points",
        "lipschitz_heads_need_flat_classes",
        "Largest error of trained heads with Lipschitz constant L on three points in a plane, and on their mixtures."
        " By the bounds L = 1 could do for the points alone, while mixtures take L = 4.",
        66,
        Panel("largest error on the points", r"(L = \S+): largest error on points"),
        Panel("largest error on mixtures", r"(L = \S+): largest error on mixtures"),
    ),
)

FIGURES: Mapping[str, Figure] = {figure.name: figure for figure in _FIGURES}
"""The pictures by name, in the order in which they are told."""
