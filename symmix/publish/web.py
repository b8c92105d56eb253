"""A Markdown export: a page for each theorem, and one with all of them and the sources."""

from __future__ import annotations

from collections.abc import Sequence

from symmix.printing.prose import Prose, title
from symmix.printing.symbols import WEB
from symmix.publish.bibliography import markdown_entry, sources
from symmix.publish.givens import verdict_as_text
from symmix.publish.markup import MarkdownMarkup
from symmix.publish.paper import Chapters, by_chapter, made_up, summary
from symmix.publish.sheet import Sheet, sheet
from symmix.theorems import Outcome

DOCUMENT, SUFFIX = "theorems.md", ".md"


def files(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "") -> dict[str, str]:
    """Return the pages of an export by name; see :func:`symmix.publish.paper.files`."""
    sheets = written(outcomes, {outcome.script.id: f"{outcome.script.id}.md" for outcome in outcomes})
    cited = {key for outcome in outcomes for key in outcome.script.source}
    pages = {f"{s.outcome.script.id}.md": s.text + _references(s.outcome.script.source) for s in sheets}
    grouped = by_chapter(outcomes, chapters)
    parts = [
        f"# {heading or made_up(grouped)}",
        summary(outcomes),
        _table(outcomes, chapters, "{}.md"),
        _references(cited),
    ]
    return {DOCUMENT: "\n\n".join(part.strip() for part in parts if part) + "\n", **pages}


def single(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "") -> str:
    """Return one page with everything on it, for a pipe."""
    sheets = written(outcomes, {outcome.script.id: f"#{outcome.script.id}" for outcome in outcomes})
    by_id = {s.outcome.script.id: s.text for s in sheets}
    grouped = by_chapter(outcomes, chapters)
    parts = [f"# {heading or made_up(grouped)}", summary(outcomes)]
    if len(outcomes) > 1:
        parts.append(_table(outcomes, chapters, "#{}"))
    parts += [by_id[outcome.script.id] for found in grouped.values() for outcome in found]
    parts.append(_references({key for outcome in outcomes for key in outcome.script.source}))
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def written(outcomes: Sequence[Outcome], links: dict[str, str]) -> list[Sheet]:
    """Return the theorems as Markdown, which refer to each other by the given links."""
    return [sheet(outcome, MarkdownMarkup(), links, list(sources())) for outcome in outcomes]


def _table(outcomes: Sequence[Outcome], chapters: Chapters, link: str) -> str:
    prose = Prose(WEB, MarkdownMarkup().escape)
    rows = ["| chapter | theorem | statement | verdict |", "| --- | --- | --- | --- |"]
    for name, found in by_chapter(outcomes, chapters).items():
        for outcome in found:
            label = outcome.script.id
            cells = (
                prose(name),
                f"[{title(label)}]({link.format(label)})",
                prose(outcome.script.summary),
                prose(verdict_as_text(outcome)),
            )
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _references(keys: Sequence[str] | set[str]) -> str:
    entries = [f"- {markdown_entry(key)}" for key in sources() if key in keys]
    return "\n### Sources\n\n" + "\n".join(entries) + "\n" if entries else ""
