"""What writes one theorem of an article: its formulas, remembered, and its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from symmix.printing.display import Formula, Relation, Typesetter, enumerated, equations
from symmix.printing.latex import LatexPrinter
from symmix.printing.layout import width
from symmix.printing.prose import Prose
from symmix.printing.symbols import PAPER
from symmix.publish import introducing
from symmix.publish.evidence import combination, combined
from symmix.publish.markup import LatexMarkup, ordinal
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import Membership

LINE = 44.0  # the width of a line on A4 with 10 points and margins of 21 mm, in em
_BETWEEN = 2.0  # between two equations of a line, in em
_END = "@END@"  # stands where a comma or a full stop goes
LABEL = "sx:"  # before each label, so that none meets one of the reader's own


@dataclass(frozen=True)
class Pen:
    """Writes the formulas and the words of one theorem."""

    outcome: Outcome
    setter: Typesetter
    prose: Prose
    seen: dict[t.Expression, str] = field(default_factory=dict)  # long left sides, with the labels of their displays
    _sides: dict[int, tuple[t.Expression, t.Expression]] = field(default_factory=dict)  # of evidence, by its identity

    @property
    def formulas(self) -> Sequence[Formula]:
        """Every formula that was written, with what it stands for."""
        return self.setter.formulas

    def sides(self, evidence: Membership) -> tuple[t.Expression, t.Expression]:
        """Return what is a combination of hypotheses, and the combination, which is worked out once."""
        if id(evidence) not in self._sides:
            setting = self.outcome.setting
            self._sides[id(evidence)] = combined(evidence, setting), combination(evidence, setting)
        return self._sides[id(evidence)]

    def narrow(self, line: float, *, plain: bool = False) -> Typesetter:
        """Return a typesetter for other lines, without names of parts if plain, that remembers in the same place."""
        printer = self.setter.inline_printer if plain else self.setter.printer
        return replace(self.setter, line=line, printer=printer)

    def words(self, text: str) -> str:
        """Return words with their formulas; what the ratio leaves to the partner is written as in displays."""
        return re.sub(r"\(1 ?- ?\\sxmix\)", r"\\sxcomix ", self.prose(text))

    def inline(self, expression: t.Expression) -> str:
        """Return a formula for a line of text, without dollar signs."""
        return self.setter.inline(expression)

    def inline_all(self, expressions: Sequence[t.Expression], written: Sequence[str]) -> None:
        """Remember expressions with what was written for them."""
        self.setter.formulas.extend(map(Formula, expressions, written))

    def zeros(self, expressions: Sequence[t.Expression], sign: str = "=") -> str:
        """Return ``a = b = 0`` without dollar signs."""
        return f" {sign} ".join([*(self.inline(expression) for expression in expressions), "0"])

    def hypotheses(self, where: Sequence[s.Hypothesis]) -> str:
        """Return hypotheses with dollar signs: those that say that something is zero in one chain."""
        found = equations(where)
        plain = [x.left for x in found if x.right is None and not x.scope]
        chain = [f"${self.zeros(plain)}$"] if plain else []
        rest = [x for x in found if x.right is not None or x.scope]
        return enumerated(chain + [self._relation(x) for x in rest])

    def _relation(self, relation: Relation) -> str:
        return f"${self.setter.relation(relation)}${self.setter.scope(relation)}"


def pen(outcome: Outcome, references: Mapping[str, str]) -> Pen:
    """Return what writes a theorem; other theorems of the article are referred to as given."""
    printer = LatexPrinter(PAPER, outcome.spelling, outcome.parts)
    introducing.reject_homographs(outcome, printer)
    setter = Typesetter(printer, LatexPrinter(PAPER, outcome.spelling), LINE)
    spelled = introducing.in_words(outcome, printer)
    others = {name: latex for name, latex in references.items() if name != outcome.script.id}
    others |= {
        lemma.name: f"fact {ordinal(place)}" for place, lemma in enumerate(outcome.document.lemmas) if "_" in lemma.name
    }
    return Pen(outcome, setter, Prose(PAPER, LatexMarkup().escape, others, spelled))


def fits(latex: str, line: float = LINE) -> bool:
    """Whether a formula fits into a line."""
    return width(latex) <= line


def filled(relations: Sequence[tuple[Pen, Relation]], end: str, line: float = LINE - 4) -> list[str]:
    """Return equations in lines, as many as fit into one."""
    lines: list[str] = []
    room = 0.0
    for pen, relation in relations:
        before = len(pen.setter.formulas)
        latex = pen.narrow(line, plain=True).relation(relation)
        wide = width(latex)
        if wide > line:
            del pen.setter.formulas[before:]
            rows = pen.narrow(line, plain=True).rows([relation], _END)
            inner = " \\\\\n".join(rows)
            latex, wide = f"\\begin{{aligned}}\n{inner}\n\\end{{aligned}}", line
        if lines and room + _BETWEEN + wide <= line:
            lines[-1] += rf",\qquad {latex}"
            room += _BETWEEN + wide
        else:
            lines.append(latex)
            room = wide
    ends = [","] * (len(lines) - 1) + [end]
    return [x.replace(_END, sign) if _END in x else x + sign for x, sign in zip(lines, ends, strict=True)]
