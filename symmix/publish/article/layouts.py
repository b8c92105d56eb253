"""The two articles: a note of a few theorems, what one could submit; and a booklet of chapters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from symmix.catalogue import Place
from symmix.publish import paper, telling, uses
from symmix.publish.article.article import Article, Section, Written, references, written
from symmix.publish.article.introduction import latex
from symmix.publish.authored import heading
from symmix.publish.macros import macros
from symmix.publish.markup import LatexMarkup
from symmix.publish.reach import decided
from symmix.publish.telling import Picture
from symmix.theorems import Outcome

NOTE, BOOKLET, STORY = "note.tex", "booklet.tex", "story.tex"
Chapters = Mapping[str, Sequence[str]]


def with_lemmas(
    outcomes: Sequence[Outcome], available: Sequence[Place], decided: Callable[[Sequence[Place]], Sequence[Outcome]]
) -> tuple[list[Outcome], frozenset[str]]:
    """Return theorems with those that their derivations refer to, in the order of all, and the ids of the latter.

    Parameters
    ----------
    outcomes
        The theorems of the note, run.
    available
        Where others can be found.
    decided
        Decides theorems.
    """
    found = {outcome.script.id: outcome for outcome in outcomes}
    main = set(found)
    by_id = {place.id: place for place in available}
    while missing := [
        by_id[name] for name in by_id if name not in found and any(name in uses.named(x) for x in found.values())
    ]:
        found |= {outcome.script.id: outcome for outcome in decided(missing)}
    order = [*by_id, *(name for name in found if name not in by_id)]
    return [found[name] for name in order if name in found], frozenset(set(found) - main)


def note(
    outcomes: Sequence[Outcome],
    lemmas: frozenset[str] = frozenset(),
    title: str = "",
    abstract: str = "",
    pictures: Sequence[Picture] = (),
) -> Article:
    """Return a note: one setting, and no abstract if it speaks of theorems that the note does not have."""
    ids = {outcome.script.id for outcome in outcomes}
    text = abstract if abstract and telling.mentioned(abstract) <= ids else ""
    main = [outcome for outcome in outcomes if outcome.script.id not in lemmas]
    named = title or (heading(main[0].script) if len(main) == 1 else "")
    named = named or (
        "What the gradient of manifold mixup sees" if text else f"{len(main)} statements, {decided(main)}"
    )
    return Article(LatexMarkup().escape(named), [Section("", outcomes)], text, lemmas, pictures=pictures)


def booklet(
    outcomes: Sequence[Outcome],
    chapters: Chapters,
    title: str = "",
    introduction: str = "",
    pictures: Sequence[Picture] = (),
    story: str = "",
) -> Article:
    """Return a booklet: a chapter for each title, with a setting of its own; the story tells the one that it is of."""
    grouped = paper.by_chapter(outcomes, chapters)
    ids = {outcome.script.id for outcome in outcomes}
    text = introduction if introduction and telling.mentioned(introduction) <= ids else ""
    named = title or ("Manifold mixup, term by term" if text else f"{len(outcomes)} statements, {decided(outcomes)}")
    sections = [Section(name, found, _told(story, found)) for name, found in grouped.items()]
    return Article(LatexMarkup().escape(named), sections, text, booklet=True, pictures=pictures)


def _told(story: str, outcomes: Sequence[Outcome]) -> str:
    """Return what of a story stands below its headings, if it tells exactly these theorems."""
    if not story or sorted(telling.theorems(story)) != sorted(outcome.script.id for outcome in outcomes):
        return ""
    return "## " + story.partition("\n## ")[2]


def story(outcomes: Sequence[Outcome], text: str, title: str = "", pictures: Sequence[Picture] = ()) -> Article:
    """Return a note that is told: the text, whose first line is its title, with theorems where it says."""
    heading, body = telling.titled(text)
    named = LatexMarkup().escape(title or heading)
    wanted = telling.figures(text)
    shown = [picture for picture in pictures if picture.file.removesuffix(".pdf") in wanted]
    return Article(named, [Section("", outcomes)], body, pictures=shown, told=True)


def files(article: Article) -> dict[str, str]:
    """Return the files of an article by name: its text, and the macros that it reads."""
    name = BOOKLET if article.booklet else STORY if article.told else NOTE
    text = write(article, rf"\input{{{paper.MACROS.removesuffix('.tex')}}}").text
    return {name: text, paper.MACROS: macros()}


def single(article: Article) -> str:
    """Return an article in one piece, for a pipe."""
    return write(article, macros()).text


def write(article: Article, macros: str) -> Written:
    """Return an article with its introduction."""
    opening = "" if article.told else latex(article.introduction, references(article))
    return written(article, macros, opening)
