"""A text that was written by hand as a page: theorems stand where it says, each figure behind its theorem."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from symmix.printing.symbols import WEB
from symmix.printing.words import WebProse
from symmix.publish import telling
from symmix.publish.authored import spoken
from symmix.publish.html.elements import Addresses, element, escape
from symmix.publish.html.formulas import Formulas, Written
from symmix.publish.html.sources import bibliography, citation
from symmix.publish.html.theorem import badge, stated
from symmix.publish.telling import Picture, Shown, Stated, Words
from symmix.theorems import Outcome

ADDRESS = "story.html"
_PROSE = WebProse(WEB, escape)


@dataclass(frozen=True)
class Story:
    """A text as HTML, with every formula in it that a theorem stated."""

    title: str
    markup: str
    formulas: Sequence[tuple[Outcome, Written]]


def story(text: str, outcomes: Sequence[Outcome], links: Addresses, pictures: Sequence[Picture] = ()) -> Story:
    """Write a text in the form that `symmix.publish.telling` describes; figures that are not there are left out.

    Raises
    ------
    NotationError
        If it asks for a theorem or a claim that is not there.
    """
    title, body = telling.titled(text)
    teller = _Teller(outcomes, links, pictures)
    cited = telling.cited(text)
    end = element("h2", "Sources", id="sources-heading") + bibliography(cited) if cited else ""
    blocks = [element("h1", escape(title)), *teller.blocks(body), end]
    written = [(outcome, one) for outcome, formulas in teller.formulas.values() for one in formulas.written]
    return Story(title, element("article", *blocks, class_="story"), written)


class _Teller:
    def __init__(self, outcomes: Sequence[Outcome], links: Addresses, pictures: Sequence[Picture]) -> None:
        self.links, self.pictures = links, pictures
        self.references = {name: address.link() for name, address in links.items()}
        self.outcomes: Mapping[str, Outcome] = {outcome.script.id: outcome for outcome in outcomes}
        self.formulas: dict[str, tuple[Outcome, Formulas]] = {}

    def blocks(self, body: str) -> Iterator[str]:
        """Run through the text as HTML."""
        shown = telling.figures(body)
        for block in telling.blocks(body):
            match block:
                case Words(heading=True, text=words):
                    yield element("h2", _PROSE(words))
                case Words(text=words, speaker=speaker):
                    yield element("p", self._words(words, self._prose(speaker)))
                case Stated():
                    yield self._stated(block)
                    yield from (
                        self._figure(x) for x in self.pictures if x.theorem == block.theorem and _name(x) in shown
                    )
                case Shown():
                    pass  # each stands behind its theorem

    def _of(self, name: str) -> Formulas:
        if name not in self.formulas:
            outcome = self.outcomes[name]
            self.formulas[name] = outcome, Formulas(outcome, self.references)
        return self.formulas[name][1]

    def _prose(self, speaker: str) -> WebProse:
        return self._of(speaker).prose if speaker in self.outcomes else _PROSE

    def _words(self, text: str, prose: WebProse) -> str:
        out = ""
        for kind, piece in telling.pieces(" ".join(text.split())):
            match kind:
                case "theorem":
                    out += self.references.get(piece, escape(piece))
                case "source":
                    out += f"({citation(piece)})"
                case _:
                    inside = piece.strip()
                    before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
                    out += f"{before}{prose(inside)}{after}" if inside else piece
        return out

    def _stated(self, block: Stated) -> str:
        outcome = telling.require(block, self.outcomes.get(block.theorem))
        formulas, link = self._of(block.theorem), self.links[block.theorem].link()
        return element(
            "section",
            element("h3", link, " ", badge(outcome)),
            element("p", f"{formulas.prose(spoken(outcome.script))}.", class_="summary"),
            stated(outcome, formulas, block.labels),
            class_="told",
        )

    def _figure(self, picture: Picture) -> str:
        prose = replace(self._prose(picture.theorem), references=self.references)
        return element(
            "figure",
            element("img", src=picture.file, alt=picture.title, loading="lazy"),
            element("figcaption", element("p", prose(picture.caption))),
            class_="picture",
        )


def _name(picture: Picture) -> str:
    return picture.file.rpartition(".")[0]
