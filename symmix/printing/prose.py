r"""Words with ASCII mathematics in them: ``the weights lam and 1-lam`` with its formulas as LaTeX.

A docstring, a reason or a label is written for a terminal. Here the formulas in it are found: the longest runs of words
that :mod:`symmix.printing.formulas` understands as a whole. Everything else stays what it is, word for word. They are
prose, and prove nothing. What is decided is printed from the expressions themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symmix.printing.formulas import Formulas
from symmix.printing.symbols import Dialect

_LONGEST = 40  # words in one formula
_ID = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+){2,}")


@dataclass(frozen=True)
class Prose:
    """Turns words into LaTeX or Markdown.

    Parameters
    ----------
    dialect
        How symbols are spelled.
    escape
        Makes words safe for where they go.
    references
        What to write in the place of a theorem's id.
    symbols
        LaTeX for names, besides the legend's.
    """

    dialect: Dialect
    escape: Callable[[str], str]
    references: Mapping[str, str] = field(default_factory=dict)
    symbols: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, words: str) -> str:
        """Return the words with their formulas between dollar signs."""
        texts, place, out = words.split(), 0, []
        formulas = [self._formulas.tokens(_stripped(text)[1]) is not None for text in texts]
        while place < len(texts):
            longest = next((n for n in range(place, len(texts)) if not formulas[n]), len(texts)) - place
            first = place == 0 or texts[place - 1].endswith((".", ":", "?", "!"))
            run = texts[place : place + min(longest, _LONGEST)]
            taken, piece = self._taken(run, words, first=first) if run else (1, self._word(texts[place]))
            out.append(piece)
            place += taken
        return " ".join(out)

    def formula(self, core: str, latex: str) -> str:
        """Return a formula that was found, by its LaTeX; another format writes the words that it was found in."""
        del core
        return f"${latex}$"

    @cached_property
    def _formulas(self) -> Formulas:
        return Formulas(self.dialect, self.symbols)

    def _taken(self, texts: list[str], words: str, *, first: bool) -> tuple[int, str]:
        """Return how many words the longest formula at the beginning has, and what to write for them; or one word."""
        for end in range(len(texts), 0, -1):
            before, core, after = _stripped(" ".join(texts[:end]))
            word = (core == "i" and not self._is_index(words, after)) or (
                core == "A" and before and core not in self.symbols
            )
            if len(core.split()) != end or _with_remark(core) or word:
                continue
            latex = self._formulas(core, first=first and not before, last=bool(after))
            if latex is not None:
                return end, f"{self.escape(before)}{self.formula(core, latex)}{self.escape(after)}"
        return 1, self._word(texts[0])

    def _is_index(self, words: str, after: str) -> bool:
        """Whether an i that stands alone is the index: one that is declared, or is used as such."""
        return (
            "i" in self.symbols
            or after.startswith("-th")
            or re.search(r"[_\[,(][a-z]?i[a-z]?\b|\bi (?:[<>=]|!=)", words) is not None
        )

    def _word(self, word: str) -> str:
        if word == "iff":
            return "if and only if"
        code = re.fullmatch(r"(\W*)``(.+)``(\W*)", word)
        if code:
            return self.escape("".join(code.groups()))
        match = re.fullmatch(r"(\W*)(\w+)(\W*)", word)
        if match and match[2] in self.references:
            return self.escape(match[1]) + self.references[match[2]] + self.escape(match[3])
        if match and _ID.fullmatch(match[2]):  # a theorem that stands elsewhere
            return self.escape(f"{match[1]}“{title(match[2])}”{match[3]}")
        return self.escape(word)


def _stripped(run: str) -> tuple[str, str, str]:
    """Return what stands before a formula, the formula, and the punctuation behind it."""
    before = "(" if run.startswith("(") and run.count("(") > run.count(")") else ""
    core, after = run[len(before) :], ""
    while core and (core[-1] in ".,;:?" or (core[-1] == ")" and core.count(")") > core.count("("))):
        core, after = core[:-1], core[-1] + after
    ending = re.fullmatch(r"(?:.*'s|[A-Za-z]-th)", core)  # G's gap, the s-th sample
    if ending:
        cut = -2 if core.endswith("'s") else -3
        core, after = core[:cut], core[cut:] + after
    if core.startswith("(") and core.endswith(")") and _is_remark(core[1:-1]):
        before, core, after = before + "(", core[1:-1], ")" + after
    return before, core, after


def _is_remark(inside: str) -> bool:
    """Whether what stands in parentheses is a remark, and no list and no factor: (k = 1), (lam)."""
    outside = _levels(inside)
    relation = re.search(r" (?:[=<>]|[<>!]=) ", outside or "") is not None
    return outside is not None and "," not in outside and (relation or inside.isalpha())


def _with_remark(core: str) -> bool:
    """Whether a relation in parentheses stands behind a formula: c (n >= 2)."""
    return re.search(r" \([^()]*(?: [=<>] | [<>!]= )[^()]*\)$", core) is not None


def _levels(text: str) -> str | None:
    """Return what stands outside of all brackets; None if they do not match."""
    depth, outside = 0, ""
    for letter in text:
        depth += (letter in "([") - (letter in ")]")
        if depth < 0:
            return None
        outside += letter if depth == 0 else ""
    return outside if depth == 0 else None


def in_mathematics(words: str) -> str:
    r"""Return words with formulas for use in mathematics: ``\text`` around the words, and nothing around the formulas.

    >>> print(in_mathematics("where $e = 0$, say"))
    \text{where }e = 0\text{, say}
    """
    pieces = re.split(r"(?<!\\)\$", words)
    return "".join(piece if place % 2 else rf"\text{{{piece}}}" for place, piece in enumerate(pieces) if piece)


# -- titles ---

_CAPITALS = {
    "erm": "ERM", "erms": "ERM's", "iff": "if and only if", "hessian": "Hessian", "kronecker": "Kronecker",
    "dirichlet": "Dirichlet", "beta": "Beta",
}  # fmt: skip


def title(identifier: str) -> str:
    """Return a theorem's title: its id as words.

    >>> title("linear_head_mixup_is_erm")
    'Linear head mixup is ERM'
    """
    words = [_CAPITALS.get(word, word) for word in identifier.split("_")]
    sentence = " ".join(words)
    return sentence[:1].upper() + sentence[1:]
