"""The sources: ``references.bib`` as it is for papers, and as entries for documents that need no BibTeX."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_ENTRY = re.compile(r"@\w+\{(?P<key>[\w-]+),\n(?P<fields>.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", re.MULTILINE)
_ACCENT = re.compile(r"\{\\'(\w)\}")
_ACUTE = {"e": "é", "a": "á", "i": "í", "o": "ó", "u": "ú"}


def bibtex() -> str:
    """Return the file itself."""
    return files("symmix").joinpath("references.bib").read_text(encoding="utf-8")


@cache
def sources() -> Mapping[str, Mapping[str, str]]:
    """Return the fields of each source by its key."""
    return {match["key"]: dict(_FIELD.findall(match["fields"])) for match in _ENTRY.finditer(bibtex())}


def address(key: str) -> str:
    """Return where a source is found on the web, empty if that is not known."""
    fields = sources()[key]
    return f"https://arxiv.org/abs/{fields['eprint']}" if "eprint" in fields else fields.get("url", "")


def latex_entry(key: str) -> str:
    r"""Return a source for ``thebibliography``."""
    fields = sources()[key]
    eprint = f" \\href{{{address(key)}}}{{arXiv:\\,{fields['eprint']}}}," if "eprint" in fields else ""
    published = f" {fields['howpublished']}," if "howpublished" in fields else ""
    if published and address(key):
        published = f" \\href{{{address(key)}}}{{{fields['howpublished']}}},"
    return (
        f"\\bibitem{{{key}}}\n{_people(fields['author'])}.\n"
        f"\\newblock \\emph{{{fields['title']}}}{'' if fields['title'].endswith('?') else '.'}\n"
        f"\\newblock{published}{eprint} {fields['year']}."
    )


def names() -> Mapping[str, str]:
    """Return what to call each source in a text without a list of them: its first author and the year."""
    called = {}
    for key, fields in sources().items():
        people = [_plain(person).rpartition(" ")[2] for person in fields["author"].split(" and ")]
        called[key] = f"{' and '.join(people) if len(people) < 3 else people[0] + ' et al.'}, {fields['year']}"
    return called


def plain_entry(key: str) -> tuple[str, str, str]:
    """Return the people, the title with its full stop, and where it came out and when, in letters for the web."""
    fields = sources()[key]
    where = [] if "eprint" in fields else [fields.get("howpublished", "")]
    title = fields["title"] if fields["title"].endswith("?") else f"{fields['title']}."
    return _plain(_people(fields["author"])), _plain(title), ", ".join(filter(None, [*where, fields["year"]]))


def markdown_entry(key: str) -> str:
    """Return a source as a line of Markdown."""
    people, title, published = plain_entry(key)
    eprint = sources()[key].get("eprint")
    where = f"[arXiv:{eprint}]({address(key)}), {published}" if eprint else published
    return f"**{names()[key]}.** {people}: *{title}* {where}."


def _plain(words: str) -> str:
    return re.sub(r"[{}]", "", _ACCENT.sub(lambda match: _ACUTE[match[1]], words))


def _people(authors: str) -> str:
    *some, last = authors.split(" and ")
    return f"{', '.join(some)} and {last}" if some else last
