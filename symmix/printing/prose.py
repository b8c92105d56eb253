r"""Words with ASCII mathematics in them: ``the weights lam and 1-lam`` with its formulas as LaTeX.

A docstring, a reason or a label is written for a terminal. Here its formulas are found and transliterated; they are
prose, and prove nothing. What is decided is printed from the expressions themselves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from symmix.notation import legend
from symmix.printing.symbols import Dialect, axes_of, spelled

_GREEK = ("alpha", "beta", "gamma", "delta", "epsilon", "eta", "theta", "kappa", "lambda", "mu", "sigma", "tau", "phi")
_WORDS = {
    "E": r"\mathbb{E}", "Var": r"\operatorname{Var}", "tr": r"\operatorname{tr}", "ln": r"\ln", "exp": r"\exp",
    "softmax": r"\operatorname{softmax}", "rank": r"\operatorname{rank}", "kron": r"\otimes ", "o": r"\circ ",
    "ERM": r"\mathrm{ERM}", "Beta": r"\operatorname{Beta}", "Dirichlet": r"\operatorname{Dirichlet}", "max": r"\max",
    "sum": r"\sum", "min": r"\min", "R": r"\mathbb{R}", **{name: "\\" + name for name in _GREEK},
}  # fmt: skip
_SIGNS = {
    "!=": r"\ne ", "<=": r"\le ", ">=": r"\ge ", "->": r"\to ", "<": r"\lt ", ">": r"\gt ", "*": r"\cdot ",
    "+": "+", "-": "-", "/": "/", "=": "=", "(": "(", ")": ")", "[": "[", "]": "]", ",": ",", "!": "!", ";": ";",
    "...": r"\ldots ",
}  # fmt: skip
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<gradient>d(?P<of>L|l'?|G)/d(?P<by>[A-Za-z]+'?))|(?P<partial>\bd(?=\())|(?P<over>(?<=\))/d(?=\w))"
    r"|(?P<up>\^(?:T|-?\w|\([^()]*\)))"
    r"|(?P<down>_(?:\+|[A-Za-z0-9]{1,2}(?![A-Za-z0-9_]))|(?<=[A-DF-Za-z')])\[[\w, :]+\])"
    r"|(?P<mixed>[A-Za-z]~)|(?P<name>[A-Za-z]+)|(?P<ratio>\d+/\d+(?![\d(a-z]))|(?P<number>\d+(?:\.\d+)?)|(?P<mark>')"
    r"|(?P<sign>!=|<=|>=|->|\.\.\.|[-+/*=<>()\[\],;]|(?<=\))!)|(?P<bar>\|\|?)"
)
_ALONE = re.compile(
    r"(?![aAI]$)-?(?:[A-Za-z]|[A-Za-z]['~]|[A-Za-z]-)'?|-ERM"
)  # words that are symbols where they stand alone
_DANGLING = tuple("=+*/<>,;^-")
_MATRIX = re.compile(r"\[\[(.*?)\], \[(.*?)\]\](.*)")
_PLAIN_WORDS = ("gap", "ERM", "mixup")
_LONGEST = 40  # words in one formula


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
        pieces = re.split(r"(\s+)", " ".join(words.split()))
        texts, place, out = pieces[::2], 0, []
        while place < len(texts):
            taken, piece = self._formula(texts, place)
            out.append(piece)
            place += taken
        return " ".join(out)

    def _formula(self, texts: list[str], place: int) -> tuple[int, str]:
        """Return the longest formula that begins at a word, with what stands around it; else the word."""
        for end in range(min(len(texts), place + _LONGEST), place, -1):
            run = " ".join(texts[place:end])
            before, core, after = _stripped(run)
            if end - place > 1 and (core.split() != run.split() and len(core.split()) < end - place):
                continue
            latex = self._mathematics(core)
            if latex is not None:
                return end - place, f"{self.escape(before)}${latex}${self.escape(after)}"
        return 1, self._word(texts[place])

    def _word(self, word: str) -> str:
        word = "if and only if" if word == "iff" else word
        match = re.fullmatch(r"(\W*)(\w+)(\W*)", word)
        if match and match[2] in self.references:
            return self.escape(match[1]) + self.references[match[2]] + self.escape(match[3])
        if match and re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+){2,}", match[2]):  # a theorem that stands elsewhere
            return self.escape(f"{match[1]}“{title(match[2])}”{match[3]}")
        return self.escape(word)

    # -- formulas --------------------------------------------------------------------------------------------------

    def _mathematics(self, core: str) -> str | None:
        """Return a formula as LaTeX, or None if the words are none."""
        dangling = core.startswith((")", "]", *_DANGLING[:6])) or core.endswith(_DANGLING)
        if not core or _parted(core) or (dangling and core not in self._known) or core in _PLAIN_WORDS:
            return None
        words = core.split()
        if len(words) == 1 and re.fullmatch(r"[A-Za-z~'-]+", core) and core not in self._known:
            return None if not _ALONE.fullmatch(core) else self._transliterated(core)
        if words[0] in _PLAIN_WORDS and words[1][0] not in "+-=/*<>!":
            return None
        if words[0] in ("a", "A", "I") and len(words) > 1 and words[1][0] not in "+-=/*<>!":
            return None
        return self._transliterated(core)

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {
            **{e.name: spelled(e.name, axes_of(e), self.dialect) for e in legend() if len(e.name) > 1},
            **self.symbols,
        }

    @cached_property
    def _names(self) -> re.Pattern[str]:
        names = sorted((n for n in self._known if n not in ("ERM", "JZ", "E")), key=len, reverse=True)
        ends = [rf"{re.escape(n)}(?![A-Za-z0-9{'(' if n.endswith('-') else chr(39) + '~'}])" for n in names]
        return re.compile("|".join(ends))

    def _transliterated(self, core: str) -> str | None:
        out, place, bars = "", 0, 0
        core = re.sub(r"\b11\^T", "1 1^T", core)
        matrix = _MATRIX.fullmatch(core)
        if matrix is not None:
            rows = self.dialect.newline.join(
                " & ".join(str(self._transliterated(x)) for x in matrix[r].split(", ")) for r in (1, 2)
            )
            rest = self._transliterated(matrix[3]) if matrix[3] else ""
            return rf"\bigl(\begin{{smallmatrix}}{rows}\end{{smallmatrix}}\bigr){rest}"
        while place < len(core):
            starts = place == 0 or not core[place - 1].isalpha() or out.endswith(r"\partial ")
            match = self._names.match(core, place) if starts else None
            if match is not None:
                out += _apart(out, self._known[match.group()])
                place = match.end()
                continue
            token = _TOKEN.match(core, place)
            piece = None if token is None else self._token(token, core, bars)
            if token is None or piece is None:
                return None
            bars += token.lastgroup == "bar"
            out += _apart(out, piece)
            place = token.end()
        return None if bars % 2 else out

    def _token(self, token: re.Match[str], core: str, bars: int) -> str | None:
        """Return one token; None where the words are no formula after all."""
        text, kind = token.group(), str(token.lastgroup)
        if token["gradient"]:
            of = self._known.get(token["of"], spelled_name(token["of"], self))
            nabla = rf"\nabla_{{{spelled_name(token['by'], self)}}}"
            return nabla + _apart(nabla, of)
        if kind == "name":
            return self._name(text, core[token.end() : token.end() + 1])
        writers: dict[str, Callable[[str], str]] = {
            "space": lambda _: " ",
            "up": self._raised,
            "down": lambda text: f"_{{{text.strip('_[]').replace(',', ' ')}}}",
            "mixed": self._mixed,
            "partial": lambda _: r"\partial",
            "over": lambda _: r"/\partial ",
            "ratio": lambda text: r"\tfrac{" + text.replace("/", "}{") + "}",
            "bar": lambda _: r"\rVert " if bars % 2 else r"\lVert ",
        }
        return writers[kind](text) if kind in writers else _SIGNS.get(text, text)

    def _raised(self, text: str) -> str:
        inside = text[1:].strip("()")
        return f"^{{{self.dialect.transpose}}}" if inside == "T" else f"^{{{self._transliterated(inside)}}}"

    def _mixed(self, text: str) -> str:
        """Return a letter with a tilde: bold if the letter is."""
        plain = spelled_name(text[0], self)
        if self.dialect.macros or text[0] not in plain:
            return rf"\tilde{{{plain}}}"
        return plain.replace(text[0], rf"\tilde{{{text[0]}}}")

    def _name(self, text: str, following: str) -> str | None:
        if text == "E" and following not in (" ", "[", "|"):
            return spelled_name(text, self)
        if text in _WORDS:
            return _WORDS[text] + (r"\," if text in ("E", "Var", "rank") and self.dialect.space == r"\," else "")
        return spelled_name(text, self) if len(text) == 1 else None


def spelled_name(name: str, prose: Prose) -> str:
    """Return the LaTeX of a single name: the theorem's, the legend's, or the letter itself."""
    if name in prose.symbols:
        return prose.symbols[name]
    found = [entry for entry in legend() if entry.name == name]
    return spelled(name, axes_of(found[0]), prose.dialect) if found else _WORDS.get(name, name)


def _stripped(run: str) -> tuple[str, str, str]:
    """Return what stands before a formula, the formula, and the punctuation behind it."""
    before = "(" if run.startswith("(") and run.count("(") > run.count(")") else ""
    core = run[len(before) :]
    after = ""
    while core and (core[-1] in ".,;:?" or (core[-1] == ")" and core.count(")") > core.count("("))):
        core, after = core[:-1], core[-1] + after
    return before, core, after


def _parted(core: str) -> bool:
    """Whether words are more than one formula: brackets do not match, or a comma or a remark stands between them."""
    depth = 0
    for place, letter in enumerate(core):
        depth += (letter in "([") - (letter in ")]")
        if depth < 0 or (depth == 0 and letter in ",;" and core[place + 1 : place + 2] == " "):
            return True
    return depth != 0 or re.search(r" \([^()]*(?:[=<>]|!)[^()]*\)$", core) is not None


def _apart(before: str, piece: str) -> str:
    """Keep a command from running into a letter."""
    return " " + piece if re.search(r"\\[A-Za-z]+$", before) and piece[:1].isalpha() else piece


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
