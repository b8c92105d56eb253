"""A Markdown export: a page for each theorem, and one with all of them, their symbols and the sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from symmix.notation import legend, lookup
from symmix.printing.display import Typesetter, enumerated
from symmix.printing.latex import LatexPrinter
from symmix.printing.prose import Prose, title
from symmix.printing.symbols import WEB
from symmix.publish import givens, introducing
from symmix.publish.authored import heading as named
from symmix.publish.bibliography import markdown_entry, names, sources
from symmix.publish.markup import MarkdownMarkup
from symmix.publish.paper import Chapters, by_chapter, made_up, summary
from symmix.publish.sheet import Sheet, sheet
from symmix.theorems import Outcome
from symmix.verdict import Proved

DOCUMENT, SUFFIX = "theorems.md", ".md"


def files(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "") -> dict[str, str]:
    """Return the pages of an export by name; see :func:`symmix.publish.paper.files`."""
    sheets = written(outcomes, {outcome.script.id: f"{outcome.script.id}.md" for outcome in outcomes})
    pages = {
        f"{s.outcome.script.id}.md": f"[All theorems]({DOCUMENT})\n\n{s.text}{_references(s.outcome.script.source)}"
        for s in sheets
    }
    return {DOCUMENT: _whole(outcomes, chapters, heading, "{}.md", []), **pages}


def single(outcomes: Sequence[Outcome], chapters: Chapters, heading: str = "") -> str:
    """Return one page with everything on it, for a pipe."""
    sheets = written(outcomes, {outcome.script.id: f"#{outcome.script.id}" for outcome in outcomes})
    by_id = {s.outcome.script.id: s.text for s in sheets}
    ordered = [outcome for found in by_chapter(outcomes, chapters).values() for outcome in found]
    return _whole(outcomes, chapters, heading, "#{}", [by_id[outcome.script.id] for outcome in ordered])


def written(outcomes: Sequence[Outcome], links: dict[str, str]) -> list[Sheet]:
    """Return the theorems as Markdown, which refer to each other by the given links."""
    titles = {outcome.script.id: named(outcome.script) for outcome in outcomes}
    return [sheet(outcome, MarkdownMarkup(names(), titles), links, list(sources())) for outcome in outcomes]


def _whole(outcomes: Sequence[Outcome], chapters: Chapters, heading: str, link: str, bodies: Sequence[str]) -> str:
    """Return the page with all theorems, or with links to them."""
    parts = [f"# {heading or made_up(by_chapter(outcomes, chapters))}", summary(outcomes)]
    if len(outcomes) > 1:
        parts += [_tables(outcomes, chapters, link), _notation(outcomes, link)]
    cited = _references(key for outcome in outcomes for key in outcome.script.source)
    return "\n\n".join(part.strip() for part in [*parts, *bodies, cited] if part) + "\n"


# -- tables ---


def _prose(outcome: Outcome) -> Prose:
    """Return what writes words about a theorem: in its own symbols."""
    printer = LatexPrinter(WEB, outcome.spelling)
    return Prose(WEB, MarkdownMarkup().escape, {}, introducing.in_words(outcome, printer))


def _tables(outcomes: Sequence[Outcome], chapters: Chapters, link: str) -> str:
    """Return a table of theorems for each chapter."""
    tables = []
    for name, found in by_chapter(outcomes, chapters).items():
        rows = [
            (
                f"[{MarkdownMarkup().escape(named(outcome.script))}]({link.format(outcome.script.id)})",
                _prose(outcome)(outcome.script.summary),
                _verdict(outcome),
            )
            for outcome in found
        ]
        tables.append(f"## {name}\n" + MarkdownMarkup().tabled(("theorem", "statement", "verdict"), rows))
    return "\n".join(tables)


def _verdict(outcome: Outcome) -> str:
    """Return the verdict with everything that it rests on, in words and formulas."""
    word = outcome.verdict.word
    if not isinstance(outcome.verdict, Proved):
        return word
    printer = LatexPrinter(WEB, outcome.spelling)
    setter = Typesetter(printer, printer, MarkdownMarkup.line)
    lemmas = [f"*{title(lemma.name)}*" for lemma in outcome.document.lemmas]
    assumed = [introducing.assumed(tree, setter) for tree in givens.assumed_of(outcome)]
    parts = [word, f"given {enumerated(lemmas)}" if lemmas else "", f"where {enumerated(assumed)}" if assumed else ""]
    return ", ".join(part for part in parts if part)


def _notation(outcomes: Sequence[Outcome], link: str) -> str:
    """Return the symbols of the legend that occur, then those of single theorems."""
    common: dict[str, tuple[str, str, str]] = {}
    own: list[tuple[str, ...]] = []
    for outcome in outcomes:
        printer, prose = LatexPrinter(WEB, outcome.spelling), _prose(outcome)
        setter = Typesetter(printer, printer, MarkdownMarkup.line)
        reference = f"[{MarkdownMarkup().escape(named(outcome.script))}]({link.format(outcome.script.id)})"
        for name, latex, space, told in introducing.notation(outcome, setter):
            entry = lookup(name)
            if entry is not None and outcome.setting.reader.symbols.get(name) == entry.symbol and told == entry.meaning:
                common.setdefault(entry.name, (f"${latex}$", f"${space}$", Prose(WEB, MarkdownMarkup().escape)(told)))
            elif told:
                own.append((f"${latex}$", f"${space}$", prose(told), reference))
    rows = [common[entry.name] for entry in legend() if entry.name in common]
    tables = MarkdownMarkup().tabled(("symbol", "where", "meaning"), rows) if rows else ""
    if own:
        words = "Symbols of single theorems, wherever they mean something else or something more:"
        tables += f"\n{words}\n" + MarkdownMarkup().tabled(("symbol", "where", "meaning", "theorem"), own)
    words = "A prime marks the second sample of a pair. Vectors are columns; a row is said to be one."
    return f"## Notation\n\n{words}\n{tables}" if tables else ""


def _references(keys: Iterable[str]) -> str:
    wanted: Mapping[str, None] = dict.fromkeys(keys)
    entries = [f"- {markdown_entry(key)}" for key in sources() if key in wanted]
    return "\n### Sources\n\n" + "\n".join(entries) + "\n" if entries else ""
