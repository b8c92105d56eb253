"""The figures of the first page: what the script fills with curves and numbers."""

from __future__ import annotations

from symmix.printing.prose import title
from symmix.printing.symbols import WEB
from symmix.printing.words import WebProse
from symmix.publish.html.drawn import AVERAGED, CONVERSE, FIT, FLAT, FLOOR, FOUR, GAP, MIXED
from symmix.publish.html.elements import element, escape, joined, link

_PROSE = WebProse(WEB, escape)

# name: label, least, largest, step, at the beginning; all of them exact as binary fractions, like what follows
SLIDERS = {
    "ratio": ("ratio lam", "0", "1", "0.0625", "0.3125"),
    "curvature": ("curvature kappa of the encoder", "0", "6", "0.25", "4"),
    "error": ("error s of both samples", "0", "11", "1", "0"),
}


def figures(links: dict[str, str]) -> str:
    """Return the three figures."""
    return "".join(
        (
            _figure(
                "encoders",
                "Two encoders with the same fit",
                "The head sees the horizontal direction only. A straight encoder and a looped one put both samples "
                "(dots) at the same places, so manifold mixup, which mixes between the dots, cannot tell them apart: "
                "its loss and its gradient are the same, and zero where the error is zero. Input mixup asks the "
                "encoder at the mixed input (cross), and sees how far it lies from the chord.",
                ("ratio", "curvature", "error"),
                [
                    ("loss", "loss of manifold mixup, both encoders", MIXED),
                    ("gradient", "its gradient by both features, length", FOUR),
                    ("gap", "W gap: what the head sees of the loop", GAP),
                    ("inputLoss", "loss of input mixup, looped encoder", GAP),
                    ("inputGradient", "its gradient by the mixed feature, length", FLOOR),
                ],
                [FLAT, FIT],
                links,
            ),
            _figure(
                "floor",
                "The gradient against the error",
                "As the error s shrinks, to the right, the gradient of manifold mixup falls with it, whatever the "
                "encoder looks like in between. That of input mixup stops at a floor, |W^T W gap|, unless the encoder "
                "interpolates there or the head does not see that it does not. (Where the curve dips, the error and "
                "the gap cancel.)",
                ("ratio", "curvature", "error"),
                [
                    ("floorManifold", "manifold mixup at this error", FOUR),
                    ("floorInput", "input mixup at this error", FLOOR),
                    ("floorFlat", "input mixup, straight encoder", FLOOR),
                    ("floorFloor", "the floor, |W^T W gap|", FLOOR),
                ],
                [GAP],
                links,
            ),
            _figure(
                "phase",
                "Where the two errors go",
                "One feature, W = 1: the errors e and e' follow the gradient. At one ratio, in the first picture, they "
                "stop on a whole line, where lam e + (1-lam) e' = 0: no fit. Averaged over the ratios lam and 1-lam, "
                "in the second, which vary unless lam = 1/2, they stop at the fit alone. The marked path begins at "
                "(s, s/4).",
                ("ratio", "error"),
                [
                    ("phaseFixed", "gradient at (s, s/4), one ratio, length", FOUR),
                    ("phaseStationary", "lam e + (1-lam) e' there, as the head sees it", CONVERSE),
                    ("phaseAveraged", "gradient at (s, s/4), averaged, length", AVERAGED),
                    ("phaseVariance", "variance of the ratio", AVERAGED),
                ],
                [],
                links,
            ),
        )
    )


def _figure(
    name: str,
    heading: str,
    words: str,
    sliders: tuple[str, ...],
    numbers: list[tuple[str, str, str]],
    more: list[str],
    links: dict[str, str],
) -> str:
    drawing = element("div", class_="drawing", id=f"{name}-drawing")
    controls = element("fieldset", element("legend", "Change it", class_="unseen"),
                       *(_slider(name, slider) for slider in sliders), class_="scripted", hidden=True)  # fmt: skip
    rows = [
        element("tr", element("th", _PROSE(label), " ", element("small", link(title(theorem), links[theorem])),
                              scope="row"), element("td", element("output", "", id=key)))
        for key, label, theorem in numbers
    ]  # fmt: skip
    caption = element("caption", "What it shows, and the theorem that says so")
    table = element("div", element("table", caption, element("tbody", *rows)), class_="scroll scripted", hidden=True)
    see = [link(title(theorem), links[theorem]) for theorem in more]
    behind = f" See {joined(see)}." if see else ""
    without = "The figure needs the script of this page; the theorems that it draws stand below."
    return element(
        "figure",
        element("h3", escape(heading), id=f"{name}-heading"),
        element("figcaption", element("p", _PROSE(words) + behind)),
        drawing,
        element("p", without, class_="unscripted"),
        controls,
        table,
        id=name,
        aria_labelledby=f"{name}-heading",
    )


def _slider(figure: str, name: str) -> str:
    label, least, largest, step, value = SLIDERS[name]
    identifier = f"{figure}-{name}"
    field = element("input", type="range", id=identifier, min=least, max=largest, step=step, value=value,
                    data_slider=name, autocomplete="off")  # fmt: skip
    shown = element("output", "", for_=identifier, data_shown=name)
    return element("div", element("label", _PROSE(label), for_=identifier), field, shown, class_="slider")
