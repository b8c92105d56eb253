"""An article that is told: text written by hand, in which theorems and figures stand where it says.

A block ``{{id: label; label}}`` states a theorem with the claims of these labels, ``{{figures: a, b; c}}`` shows
figures in columns, a and b below each other and c beside them; everything else is as in
`symmix.publish.article.introduction`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from symmix.errors import NotationError
from symmix.publish.article import introduction, proofs, statements
from symmix.publish.article.pen import LABEL, Pen

_SHOWN = re.compile(r"\{\{(?P<name>\w+): (?P<which>.*)\}\}")
_FIGURES = "figures"


def theorems(text: str) -> list[str]:
    """Return the ids of the theorems that a text states, in its order."""
    return [name for name, _ in _shown(text) if name != _FIGURES]


def figures(text: str) -> list[str]:
    """Return the names of the figures that a text shows, in its order."""
    return [figure for name, which in _shown(text) if name == _FIGURES for figure in re.split("[,;] ", which)]


def _shown(text: str) -> Iterator[tuple[str, str]]:
    return ((match["name"], match["which"]) for match in _SHOWN.finditer(text))


def blocks(
    text: str, pens: Mapping[str, Pen], captions: Mapping[str, tuple[str, str, str]], references: Mapping[str, str]
) -> Iterator[str]:
    """Run through the text as LaTeX.

    Parameters
    ----------
    text
        The text, without its title.
    pens
        What writes each of the theorems that it states.
    captions
        File, caption and theorem of each figure; those that were not drawn are left out. A caption spells its symbols
        as its theorem does.
    references
        How theorems are referred to.

    Raises
    ------
    NotationError
        If the text asks for a theorem or a claim that is not there.
    """
    written = re.split(r"\n{2,}", text.strip())
    for place, block in enumerate(written):
        match = _SHOWN.fullmatch(block)
        if match is None:
            yield introduction.latex(block, references, _symbols(written, place, pens)) + "\n"
        elif match["name"] == _FIGURES:
            columns = [
                [captions[name] for name in column.split(", ") if name in captions]
                for column in match["which"].split("; ")
            ]
            shown = [
                [(file, introduction.latex(words, references, _spelled_by(name, pens))) for file, words, name in column]
                for column in columns
            ]
            yield _beside([column for column in shown if column])
        else:
            yield _stated(match["name"], match["which"].split("; "), pens)


def _symbols(written: Sequence[str], place: int, pens: Mapping[str, Pen]) -> Mapping[str, str]:
    """Return how a paragraph spells its symbols: as the next theorem does, or the last one under the same heading."""
    before, behind = written[:place][::-1], written[place + 1 :]
    for others in (behind, before):
        for block in others:
            if block.startswith("## "):
                break
            if (match := _SHOWN.fullmatch(block)) and match["name"] in pens:
                return _spelled_by(match["name"], pens)
    return {}


def _spelled_by(name: str, pens: Mapping[str, Pen]) -> Mapping[str, str]:
    return pens[name].prose.symbols if name in pens else {}


def _stated(name: str, labels: Sequence[str], pens: Mapping[str, Pen]) -> str:
    if name not in pens:
        raise NotationError("a theorem to state", f"{name!r} in the text", "name one that is proved")
    one = pens[name]
    missing = set(labels) - {label for label, _ in one.outcome.document.claims}
    if missing:
        raise NotationError(f"claims of {name}", f"{', '.join(sorted(missing))} in the text", "use its own labels")
    lines = [proofs.lead(one), proofs.lemmas(one), statements.claims(one, labels)]
    body = "\n".join(line for line in lines if line)
    return f"\\begin{{theorem}}[{proofs.title(one)}]\\label{{{LABEL}{name}}}\n{body}\n\\end{{theorem}}"


def _beside(columns: Sequence[Sequence[tuple[str, str]]]) -> str:
    """Return figures in columns, each with its caption in small type, which LaTeX's own would set larger."""
    parts = [
        "\\begin{minipage}[t]{0.485\\linewidth}\\vspace{0pt}\\centering\n"
        + "\n".join(
            f"\\includegraphics[width=\\linewidth]{{{file}}}\n\\caption{{{caption}}}\\medskip"
            for file, caption in column
        )
        + "\n\\end{minipage}"
        for column in columns
    ]
    if not parts:
        return ""
    small = r"\let\normalsize\scriptsize\setlength{\abovecaptionskip}{1pt}"
    return f"\\begin{{figure}}[!htbp]{small}\n" + "\\hfill\n".join(parts) + "\n\\end{figure}"
