"""``symmix export``: theorems on paper, for Coq, and as a web site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from symmix.catalogue import Place, chapters, located, text
from symmix.cli.cache import users_cache
from symmix.cli.codes import FAILED, FINE, NOTHING
from symmix.cli.files import reject_losses, write_whole
from symmix.cli.levels import levels
from symmix.cli.pictures import pictures
from symmix.cli.selection import decided, selected
from symmix.errors import UsageError
from symmix.publish import classes, coq, html, paper, plain, telling, web
from symmix.publish.article import layouts
from symmix.publish.article.article import Article
from symmix.publish.sheet import many
from symmix.theorems import Outcome
from symmix.verdict import Proved

_DOCUMENTS = {"note": layouts.NOTE, "booklet": layouts.BOOKLET, "story": layouts.STORY}
_WRITERS = {"latex": paper, "markdown": web, "coq": coq, "html": html, "text": plain}
_WITHOUT_EVIDENCE = ("text",)  # what they write is in the statement: it may have been proved in an earlier run


def _page(options: argparse.Namespace) -> classes.Page | None:
    """Return what LaTeX is printed on; no other format has pages."""
    given = (options.document_class, options.columns, options.width)
    if given == (None, None, None):
        return None
    if options.format != "latex":
        asked = [f"--{name}" for name, value in zip(("class", "columns", "width"), given, strict=True) if value]
        raise UsageError("--format latex", f"{', '.join(asked)} for {options.format}", f"leave out {', '.join(asked)}")
    return classes.page(*given)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.output is None:
        raise UsageError("where to write to", "no -o", "give a folder, -o DIR, or -o - for stdout")
    page = _page(options)
    layout = _layout(options)
    found = _told(options) if layout == "story" else selected(options)
    if not found or _unknown(options.k, found):
        return NOTHING
    pages = {} if page is None else {"page": page}
    folder = Path(options.output)
    if options.output != "-":  # refused before the theorems are proved
        reject_losses(folder, _names(layout, options, found), force=options.force)
    cache = users_cache() if options.format in _WITHOUT_EVIDENCE and not options.no_cache else None
    outcomes = decided(found, cache, options.jobs)
    if layout == "fragments":
        _write_fragments(outcomes, options, pages)
    else:
        _write_article(outcomes, layout, options)
    return FINE if all(isinstance(outcome.verdict, Proved) for outcome in outcomes) else FAILED


def _layout(options: argparse.Namespace) -> str:
    """Return the layout that was asked for, or the one that fits the selection."""
    if options.layout and options.format != "latex":
        raise UsageError("a layout of LaTeX", f"--format {options.format}", "leave out --layout or --format")
    whole = not options.paths and not options.k and options.format == "latex"
    layout: str = options.layout or ("booklet" if whole else "fragments")
    if options.figures and (layout == "fragments" or options.output == "-"):
        raise UsageError(
            "a note or a booklet in a folder for the figures",
            "stdout" if options.output == "-" else f"--format {options.format} in fragments",
            "give --layout note and a folder, or leave out --figures",
        )
    return layout


def _unknown(wanted: Sequence[str], found: Sequence[Place]) -> bool:
    """Whether one of several names is no theorem's; says so, since what is missing in a document is not seen."""
    missing = [name for name in wanted if not any(name in place.id for place in found)]
    if missing:
        print(f"symmix: no theorem has an id with {' or '.join(missing)} in it; see symmix list", file=sys.stderr)
    return bool(missing)


def _names(layout: str, options: argparse.Namespace, found: Sequence[Place]) -> list[str]:
    """Return the names of the files that are known beforehand."""
    if layout == "fragments":
        writer = _WRITERS[options.format]
        return [writer.DOCUMENT, *(f"{place.id}{writer.SUFFIX}" for place in found)]
    return [_DOCUMENTS[layout], paper.MACROS]


def _told(options: argparse.Namespace) -> list[Place]:
    """Return where the theorems stand that the story of the catalogue states, in its order."""
    if options.paths or options.k:
        raise UsageError("the story as it is told", "a selection of theorems", "leave out files and -k, or take a note")
    names = telling.theorems(text("story"))
    found = {place.id: place for place in located(wanted=names)}
    return [found[name] for name in names]


def _write_fragments(
    outcomes: Sequence[Outcome], options: argparse.Namespace, pages: Mapping[str, classes.Page]
) -> None:
    writer = _WRITERS[options.format]
    more: dict[str, Any] = dict(pages)
    if writer is html:
        known = {"confirm": options.confirm, "folder": options.certificates}
        more = {"levels": {outcome.script.id: levels(outcome, **known) for outcome in outcomes}}
    if options.output == "-":
        print(writer.single(outcomes, chapters(), options.title, **more), end="")
        return
    drawn: dict[telling.Picture, bytes] = {}
    if writer is html and not options.paths:
        drawn = _drawn([outcome.script.id for outcome in outcomes])
        more |= {"text": text("story"), "pictures": list(drawn)}
    files: dict[str, str | bytes] = {**writer.files(outcomes, chapters(), options.title, **more)}
    files |= {picture.file: content for picture, content in drawn.items()}
    _write(files, writer.DOCUMENT, outcomes, options)
    for line in coq.remarks(outcomes) if writer is coq else ():
        print(f"outside of Coq's fragment: {line}", file=sys.stderr)


def _drawn(ids: Sequence[str]) -> dict[telling.Picture, bytes]:
    """Return the figures of the story, if all of it is there; none where nothing can draw them, and says so."""
    told = text("story")
    if not {*telling.theorems(told), *telling.mentioned(told)} <= set(ids):
        return {}
    try:
        return pictures(ids, ".svg", telling.figures(told))
    except UsageError as error:
        print(f"symmix: the story is told without its figures: {error}", file=sys.stderr)
        return {}


def _write_article(outcomes: Sequence[Outcome], layout: str, options: argparse.Namespace) -> None:
    drawn = pictures([outcome.script.id for outcome in outcomes]) if options.figures else {}
    shown = list(drawn)
    article: Article
    if layout == "note":
        found, lemmas = layouts.with_lemmas(outcomes, located(options.paths), partial(decided, jobs=options.jobs))
        abstract = "" if options.paths else text("abstract")
        article = layouts.note(found, lemmas, options.title, abstract, shown)
    elif layout == "story":
        article = layouts.story(outcomes, text("story"), options.title, shown)
    else:
        introduction, story = ("", "") if options.paths else (text("introduction"), text("story"))
        article = layouts.booklet(outcomes, chapters(), options.title, introduction, shown, story)
    if options.output == "-":
        print(layouts.single(article), end="")
        return
    files: dict[str, str | bytes] = {**layouts.files(article)}
    files |= {picture.file: content for picture, content in drawn.items()}
    _write(files, _DOCUMENTS[layout], outcomes, options)


def _write(
    files: Mapping[str, str | bytes], document: str, outcomes: Sequence[Outcome], options: argparse.Namespace
) -> None:
    folder = Path(options.output)
    write_whole(folder, files, force=options.force, replaces=True)
    before = sum(outcome.remembered for outcome in outcomes)
    earlier = f", {before} of them proved in an earlier run (cached)" if before else ""
    written = f"{many(len(outcomes), 'theorem')} in {many(len(files), 'file')}{earlier}"
    print(f"{folder / document}: {written}", file=sys.stderr)
