"""A web site: a page to begin with, one for each theorem, a story, and the guides; one folder that needs no network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files as resources

from symmix.checker_text import manifest
from symmix.errors import NotationError
from symmix.publish import guides as written
from symmix.publish import telling
from symmix.publish.html import guides
from symmix.publish.html.drawn import drawable, formulas_of, script
from symmix.publish.html.elements import Address, Addresses, element, escape, link
from symmix.publish.html.front import front
from symmix.publish.html.skeleton import DRAWN, ENTRIES, FIGURES, SCRIPT, STYLE, THEME, page, standalone
from symmix.publish.html.story import ADDRESS, Story, story
from symmix.publish.html.theorem import Article, Levels, Place, article, name_of
from symmix.publish.paper import Chapters, by_chapter, made_up
from symmix.publish.uses import used, uses
from symmix.theorems import Outcome
from symmix.verdict import Proved

DOCUMENT, SUFFIX, MANIFEST = "index.html", ".html", "manifest.json"


def files(
    outcomes: Sequence[Outcome],
    chapters: Chapters,
    heading: str = "",
    levels: Levels | None = None,
    text: str = "",
    pictures: Sequence[telling.Picture] = (),
) -> dict[str, str]:
    """Return the files of the site by name.

    Parameters
    ----------
    outcomes
        The theorems, run.
    chapters
        Titles with the ids of their theorems; theorems of no chapter come last.
    heading
        The first page's heading; without it one is made up.
    levels
        How each theorem is confirmed, the kernel first, and what that means, by id; for what is proved.
    text
        A story in the form that `symmix.publish.telling` describes; told if all of its theorems are there.
    pictures
        The figures that stand in the folder.
    """
    proved = {outcome.script.id for outcome in outcomes if isinstance(outcome.verdict, Proved)}
    levels = {name: found for name, found in (levels or {}).items() if name in proved}
    links, grouped = _links(outcomes), by_chapter(outcomes, chapters)
    ordered = [outcome for found in grouped.values() for outcome in found]
    name = heading or made_up(grouped)
    names = {i: [level for level, _ in found] for i, found in levels.items()}
    drawing = [DRAWN, FIGURES] if drawable(outcomes) else []
    told = story(text, ordered, links, pictures) if text and _tellable(text, links) else None
    way = Address(ADDRESS, told.title) if told else None
    main = front(ordered, grouped, name, by=uses(ordered), links=links, levels=names, story=way)
    navigation = _navigation(way)
    pages = {DOCUMENT: page(name, main, navigation=navigation, here=DOCUMENT, scripts=drawing)}
    if told:
        pages[ADDRESS] = page(f"{told.title} – symmix", told.markup, navigation=navigation, here=ADDRESS)
    for found in articles(ordered, links, levels):
        address = links[found.outcome.script.id].href
        body = _trail(found.outcome, grouped) + found.markup + _neighbours(found.outcome, ordered, links)
        pages[address] = page(f"{name_of(found.outcome.script)} – symmix", body, navigation=navigation, here=address)
    for guide in written.GUIDES:
        body = element("article", guides.rendered(guide), class_="guide")
        here = guides.address(guide)
        pages[here] = page(f"{written.heading(guide)} – symmix", body, navigation=navigation, here=here)
    scripts = {DRAWN: script(formulas_of(outcomes)), FIGURES: _asset(FIGURES)} if drawing else {}
    shared = {name: _asset(name) for name in (STYLE, THEME, SCRIPT)} | {ENTRIES: _entries(grouped, links, told)}
    return {**pages, **shared, **scripts, **_certificates(outcomes)}


def single(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "", levels: Levels | None = None) -> str:
    """Return one page with all theorems in it, without scripts, for a pipe."""
    grouped = by_chapter(outcomes, chapters)
    ordered = [outcome for found in grouped.values() for outcome in found]
    scripts = [outcome.script for outcome in ordered]
    links = {script.id: Address(f"#{script.id}", name_of(script)) for script in scripts}
    name = heading or made_up(grouped)
    bodies = [found.markup for found in articles(ordered, links, levels or {}, top=2, certified=False)]
    return standalone(name, element("h1", escape(name)) + "".join(bodies), _asset(STYLE))


def articles(
    outcomes: Sequence[Outcome], links: Addresses, levels: Levels, *, top: int = 1, certified: bool = True
) -> list[Article]:
    """Return the theorems as articles that link to each other."""
    by = uses(outcomes)
    turned = used(by)
    written = []
    for outcome in outcomes:
        name = outcome.script.id
        proved = certified and isinstance(outcome.verdict, Proved)
        place = Place(links, by[name], turned[name], levels.get(name, ()), f"{name}.json" if proved else "", top)
        written.append(article(outcome, place))
    return written


def _links(outcomes: Sequence[Outcome]) -> Addresses:
    scripts = [outcome.script for outcome in outcomes]
    links = {script.id: Address(f"{script.id}{SUFFIX}", name_of(script)) for script in scripts}
    for taken in {DOCUMENT, ADDRESS} & {address.href for address in links.values()}:
        called = taken.removesuffix(SUFFIX)
        raise NotationError("theorems with pages of their own", f"a theorem called {called}", "rename it")
    return links


def _tellable(text: str, links: Addresses) -> bool:
    """Whether all theorems that a story states or refers to are there."""
    return {*telling.theorems(text), *telling.mentioned(text)} <= set(links)


def _navigation(story: Address | None) -> list[tuple[str, str]]:
    told = [("Story", story.href)] if story else []
    return [("symmix", DOCUMENT), *told, ("Theorems", f"{DOCUMENT}#theorems"), ("Guides", f"{DOCUMENT}#guides")]


def _trail(outcome: Outcome, grouped: Mapping[str, Sequence[Outcome]]) -> str:
    chapter = next(name for name, found in grouped.items() if outcome in found)
    way = f"{link('All theorems', f'{DOCUMENT}#theorems')} › {escape(chapter)}"
    return element("nav", element("p", way), aria_label="Where this is", class_="trail")


def _neighbours(outcome: Outcome, ordered: Sequence[Outcome], links: Addresses) -> str:
    place = ordered.index(outcome)
    found = []
    for words, other in (("Before", place - 1), ("Next", place + 1)):
        if 0 <= other < len(ordered):
            name = ordered[other].script.id
            found.append(element("li", f"{words}: {links[name].link()}"))
    return element("nav", element("ul", *found), aria_label="Neighbours", class_="neighbours") if found else ""


def _entries(grouped: Mapping[str, Sequence[Outcome]], links: Addresses, told: Story | None) -> str:
    """Return what can be searched, as a script: it can be loaded from a folder, where nothing can be fetched."""
    entries = [
        {
            "title": name_of(outcome.script),
            "address": links[outcome.script.id].href,
            "words": f"{outcome.script.id.replace('_', ' ')} {outcome.script.documentation} {chapter}",
            "summary": outcome.script.summary,
        }
        for chapter, outcomes in grouped.items()
        for outcome in outcomes
    ]
    if told:
        words = re.sub(r"<[^>]*>", " ", told.markup)
        entries.append({"title": told.title, "address": ADDRESS, "words": words, "summary": "The story"})
    entries += [
        {
            "title": written.heading(name),
            "address": guides.address(name),
            "words": written.source(name),
            "summary": "Guide",
        }
        for name in written.GUIDES
    ]
    return f'"use strict";\nconst ENTRIES = {json.dumps(entries, indent=0)};\n'


def _certificates(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Return the certificates of what was proved, and the manifest that `symmix verify` reads."""
    proved = [outcome for outcome in outcomes if isinstance(outcome.verdict, Proved)]
    found = {f"{outcome.script.id}.json": outcome.certificate() for outcome in proved}
    contents = manifest({f"{outcome.script.id}.json": (outcome.script.id, outcome.digest) for outcome in proved})
    return {**found, MANIFEST: json.dumps(contents, indent=1) + "\n"} if proved else {}


def _asset(name: str) -> str:
    return resources("symmix").joinpath("publish", "html", "assets", name).read_text(encoding="utf-8")
