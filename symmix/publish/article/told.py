"""An article that is told: text written by hand, see `symmix.publish.telling`, with theorems and figures in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from symmix.publish import telling
from symmix.publish.article import introduction, proofs, statements
from symmix.publish.article.pen import LABEL, Pen
from symmix.publish.telling import Shown, Stated


def blocks(
    text: str,
    pens: Mapping[str, Pen],
    captions: Mapping[str, tuple[str, str, str]],
    references: Mapping[str, str],
    theorem: Callable[[Pen, Sequence[str]], str] | None = None,
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
    theorem
        Writes a theorem, of which the text asks for the claims of some labels; without it these are stated alone.

    Raises
    ------
    NotationError
        If the text asks for a theorem or a claim that is not there.
    """
    for block in telling.blocks(text):
        if isinstance(block, Stated):
            one = pens.get(block.theorem)
            telling.require(block, one.outcome if one else None)
            yield (theorem or _stated)(pens[block.theorem], block.labels)
        elif isinstance(block, Shown):
            columns = [[captions[name] for name in column if name in captions] for column in block.columns]
            shown = [
                [(file, introduction.latex(words, references, _spelled_by(name, pens))) for file, words, name in column]
                for column in columns
            ]
            yield _beside([column for column in shown if column])
        else:
            yield introduction.written(block, references, _spelled_by(block.speaker, pens)) + "\n"


def _spelled_by(name: str, pens: Mapping[str, Pen]) -> Mapping[str, str]:
    return pens[name].prose.symbols if name in pens else {}


def _stated(one: Pen, labels: Sequence[str]) -> str:
    lines = [proofs.lead(one), proofs.lemmas(one), statements.claims(one, labels)]
    body = "\n".join(line for line in lines if line)
    return f"\\begin{{theorem}}[{proofs.title(one)}]\\label{{{LABEL}{one.outcome.script.id}}}\n{body}\n\\end{{theorem}}"


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
