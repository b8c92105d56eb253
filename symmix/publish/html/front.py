"""The first page: what this is, the figures, the theorems by chapter, the map, the guides and the sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symmix.printing.display import relations
from symmix.printing.symbols import WEB
from symmix.printing.words import WebProse
from symmix.publish import guides as written
from symmix.publish.html import guides
from symmix.publish.html.drawn import FIT, FOUR, drawable
from symmix.publish.html.elements import Address, Addresses, element, escape, link, listed
from symmix.publish.html.figures import figures
from symmix.publish.html.formulas import Formulas
from symmix.publish.html.graph import theorem_map
from symmix.publish.html.sources import bibliography
from symmix.publish.html.theorem import badge
from symmix.publish.reach import for_sizes
from symmix.publish.sheet import many
from symmix.publish.uses import Uses
from symmix.theorems import Outcome
from symmix.verdict import Proved

_PROSE = WebProse(WEB, escape)
_INTRODUCTION = (
    "Mixup trains a network on mixtures: with a ratio lam between 0 and 1, of two samples it takes lam times the first "
    "and 1-lam times the second. <em>Manifold mixup</em> mixes features instead of inputs: an encoder F turns the "
    "samples x and x' into features z and z', and the head G, which turns features into predictions, gets "
    "lam z + (1-lam) z'. The errors of the two samples are e = y - G(z) and e' = y' - G(z')."
)
_OBSERVATION = (
    "Kyunghyun Cho observed that the gradient by the encoder's parameters theta then has four terms. Two are those of "
    "ordinary regression; in the two others the error of one sample moves the encoder at the other sample:"
)
_CONCLUSION = (
    "(J and J' are the Jacobians of z and z' by theta, W the weights of the head.) All four carry an error. So where "
    "both samples are fitted, every gradient is zero, however curved the feature space is: the objective has nothing "
    "left to say about it. Both statements are theorems here, for all sizes and all entries, and so is what holds "
    "beyond them. Each stands beside near misses, statements one slip away that are refuted by a point."
)


def front(
    outcomes: Sequence[Outcome],
    grouped: Mapping[str, Sequence[Outcome]],
    heading: str,
    *,
    by: Uses,
    links: Addresses,
    levels: Mapping[str, Sequence[str]],
    story: Address | None = None,
) -> str:
    """Return the main part of the first page."""
    drawing = drawable(outcomes)
    cited = {key for outcome in outcomes for key in outcome.script.source}
    drawn_map = theorem_map(by, links)
    sections = [
        element("header", element("h1", escape(heading)), *(_introduction(outcomes, links, story) if drawing else [])),
        _section("figures", "What it looks like", figures(links)) if drawing else "",
        _section("theorems", "The theorems", _counted(outcomes), *_chapters(grouped, links, levels)),
        _section("map", "Which theorem uses which", drawn_map) if drawn_map else "",
        _section("guides", "Guides", _guides()),
        _section("sources", "Sources", bibliography(cited)) if cited else "",
    ]
    return "".join(sections)


def _section(name: str, heading: str, *inside: str) -> str:
    head = element("h2", escape(heading), id=f"{name}-heading")
    return element("section", head, *inside, id=name, aria_labelledby=f"{name}-heading")


def _introduction(outcomes: Sequence[Outcome], links: Addresses, story: Address | None) -> list[str]:
    four = next(outcome for outcome in outcomes if outcome.script.id == FOUR)
    formulas = Formulas(four, {})
    (relation,) = relations(dict(four.document.claims)[""])
    said = f"{link('with four terms', links[FOUR].href)} and {link('nothing left at the fit', links[FIT].href)}"
    answer = f"The post asks what the two unusual terms do; {link('the story', story.href)} answers. " if story else ""
    return [
        element("p", _words(_INTRODUCTION)),
        element("p", _PROSE(_OBSERVATION)),
        formulas.block(relation, named=True),
        element("p", _PROSE(_CONCLUSION)),
        element("p", f"{answer}Begin {said}, move the sliders, or search: the field stands at the top of every page."),
    ]


def _words(words: str) -> str:
    """Return words with formulas, in which something is emphasised."""
    before, _, rest = words.partition("<em>")
    inside, _, after = rest.partition("</em>")
    return f"{_PROSE(before)} {element('em', _PROSE(inside))} {_PROSE(after)}"


def _counted(outcomes: Sequence[Outcome]) -> str:
    proved = sum(isinstance(outcome.verdict, Proved) for outcome in outcomes)
    misses = sum(len(outcome.near_misses) for outcome in outcomes)
    return element(
        "p",
        f"{proved} of {many(len(outcomes), 'theorem')} proved, {for_sizes(outcomes)} and all real entries, with "
        f"{many(misses, 'near miss', 'near misses')} that each must be false. What decides is explained in "
        f"{link(written.heading('what-has-to-be-trusted'), guides.address('what-has-to-be-trusted'))}.",
    )


def _chapters(
    grouped: Mapping[str, Sequence[Outcome]], links: Addresses, levels: Mapping[str, Sequence[str]]
) -> list[str]:
    parts = []
    for chapter, outcomes in grouped.items():
        cards = [_card(outcome, links, levels.get(outcome.script.id, ())) for outcome in outcomes]
        parts += [element("h3", _PROSE(chapter)), listed(cards, class_="cards")]
    return parts


def _card(outcome: Outcome, links: Addresses, levels: Sequence[str]) -> str:
    script = outcome.script
    head = element("h4", links[script.id].link())
    by = element("p", f"{badge(outcome)} {escape(', '.join(levels))}", class_="tag")
    return head + element("p", Formulas(outcome, {}).prose(script.summary)) + by


def _guides() -> str:
    return listed([link(written.heading(name), guides.address(name)) for name in written.GUIDES])
