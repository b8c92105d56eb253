"""One theorem on paper: the walk over an outcome that LaTeX and Markdown share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from symmix.printing.display import NOT_EQUAL, Formula, Relation, Typesetter, enumerated, equations, relations, zeros
from symmix.printing.latex import LatexPrinter
from symmix.printing.prose import Prose, title
from symmix.printing.symbols import INDEX
from symmix.printing.wording import PERHAPS_OF_NOTHING
from symmix.publish import givens
from symmix.publish.evidence import SQUARES, bounded, combination, combined, factor
from symmix.publish.markup import Markup, ordinal
from symmix.publish.points import point
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import (
    BothDirections,
    Bounded,
    Existence,
    Membership,
    NormalForm,
    Positive,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Witness,
)


@dataclass(frozen=True)
class Sheet:
    """One theorem as text, with every formula in it."""

    outcome: Outcome
    text: str
    formulas: Sequence[Formula]


def sheet(outcome: Outcome, markup: Markup, links: Mapping[str, str], known_sources: Sequence[str]) -> Sheet:
    """Write a theorem.

    Parameters
    ----------
    outcome
        What was decided about it.
    markup
        The format.
    links
        Where the theorems of the same export are found, by id; only these can be referred to.
    known_sources
        Keys of the bibliography; other sources are named by their key.
    """
    writer = _Writer(outcome, markup, links, known_sources)
    text = "\n".join(block for block in writer.blocks() if block)
    return Sheet(outcome, markup.finished(text), tuple(writer.setter.formulas))


class _Writer:
    """Writes one outcome."""

    def __init__(self, outcome: Outcome, markup: Markup, links: Mapping[str, str], sources: Sequence[str]) -> None:
        self.outcome, self.theorem, self.markup, self.sources = outcome, outcome.document, markup, sources
        printer = LatexPrinter(markup.dialect, outcome.spelling, outcome.parts)
        self.setter = Typesetter(printer, LatexPrinter(markup.dialect, outcome.spelling), markup.line)
        givens.reject_homographs(self.theorem, printer)
        self.stated = givens.stated(self.theorem)
        spelled = {symbol.name: printer.print(symbol) for symbol in givens.symbols(self.stated) if len(symbol.axes) < 3}
        references = {i: markup.reference(i, t) for i, t in links.items() if i != outcome.script.id}
        self.prose = Prose(markup.dialect, markup.escape, references, spelled)
        self.reason = self.prose if markup.links_in_mathematics else replace(self.prose, references={})
        self.context: dict[givens.Key, str] = {
            **givens.jacobians(self.stated, self.setter),
            **givens.moments(self.stated, self.setter),
        }

    def blocks(self) -> Iterator[str]:
        """Run through the blocks of the sheet."""
        script, markup = self.outcome.script, self.markup
        paragraphs = script.documentation.split("\n\n")
        yield markup.comment(f"{script.id}: {self.outcome.verdict.word}; written by symmix from the decided statements")
        yield markup.quotation(self.prose(script.answers), self._cited())
        kind = "theorem" if isinstance(self.outcome.verdict, Proved) else "claim"
        yield markup.statement(kind, self._title(), script.id, self._statement(paragraphs[0]))
        yield from self._proofs()
        if len(paragraphs) > 1:
            yield f"{markup.heading('Remark.')} {self.prose(' '.join(paragraphs[1:]))}\n"
        if self.theorem.lemmas:
            yield self._lemmas()
        yield self._near_misses()
        yield markup.small(self._checked())

    def _title(self) -> str:
        verdict = self.outcome.verdict
        suffix = "" if isinstance(verdict, Proved) else f"; {verdict.word}"
        return self.markup.escape(title(self.outcome.script.id) + suffix)

    def _cited(self) -> str:
        known = [key for key in self.outcome.script.source if key in self.sources]
        others = [self.markup.escape(key) for key in self.outcome.script.source if key not in self.sources]
        return (f" {self.markup.cited(known)}" if known else "") + (f" ({', '.join(others)})" if others else "")

    # -- the statement ---------------------------------------------------------------------------------------------

    def _statement(self, summary: str) -> str:
        lines = [self.prose(summary), self._let()]
        if self.theorem.setting.definitions:
            definitions = [Relation(symbol, "=", value) for symbol, value in self.theorem.setting.definitions]
            rows = self.setter.rows(definitions, ".", pack=False)
            lines += ["Put", self.markup.display(rows)]
        lines += [givens.held_in_words(self.outcome, self.setter), self._quantified()]
        claims = self.theorem.claims
        if len(claims) == 1:
            lines.append(self._asserted(claims[0][1]))
        else:
            named = ((self.prose(label), claim) for label, claim in claims)
            lines.append(
                self.markup.numbered([f"{self.markup.emphasised(f'{n}:')} {self._asserted(c)}" for n, c in named])
            )
        return "\n".join(line for line in lines if line)

    def _let(self) -> str:
        known = [*(symbol for symbol, _ in self.theorem.setting.definitions), *givens.random_symbols(self.stated)]
        shapes = givens.shapes(self.stated, self.setter, known, self.theorem.setting.whole)
        chained = [words for key, words in self.context.items() if not isinstance(key[1], int) and self._one(key)]
        averaged = [words for key, words in self.context.items() if isinstance(key[1], int) and self._one(key)]
        sentence = f"Let {shapes}" if shapes else ""
        if chained:
            sentence += f"{', with Jacobians' if sentence else 'Let'} {enumerated(chained)}"
        if averaged:
            sentence += f"{', and let' if sentence else 'Let'} {enumerated(averaged)}"
        if pairs := givens.independent(self.outcome, self.setter):
            sentence += f", with {enumerated(pairs)}"
        return sentence + "." if sentence else ""

    def _one(self, key: givens.Key) -> bool:
        """Whether a Jacobian or a moment is the same in all of the theorem; otherwise each statement says its own."""
        return sum(other[:2] == key[:2] for other in self.context) == 1

    def _quantified(self) -> str:
        sizes = givens.sizes_in_words(self.stated, self.setter)
        conditions = givens.conditions(self.outcome, self.setter)
        indices = [self.setter.printer.name(index.name, INDEX) for index in self.theorem.setting.indices]
        words = [f"for all sizes {sizes}"] if sizes else []
        words += [f"all samples ${', '.join(indices)}$"] if indices else []
        words += [f"provided that {enumerated(conditions)}"] if conditions else []
        return f"Then, {', '.join(words)}," if words else "Then"

    # -- statements ------------------------------------------------------------------------------------------------

    def _asserted(self, statement: s.Statement) -> str:
        """Return a statement with its formulas displayed."""
        if isinstance(statement, s.Fails):
            return f"it is not true in general that{self._asserted_plainly(statement.statement)}"
        return self._asserted_plainly(statement).strip()

    def _asserted_plainly(self, statement: s.Statement) -> str:
        behind = self._behind(statement)
        if isinstance(statement, s.Equivalence):
            right = self.markup.display(self.setter.rows(zeros(statement.right), "," if behind else "."))
            left = self.markup.display(self.setter.rows(zeros(statement.left)))
            return f"\n{left}\nif and only if\n{right}\n{behind}"
        return f"\n{self.markup.display(self.setter.rows(relations(statement), ',' if behind else '.'))}\n{behind}"

    def _behind(self, statement: s.Statement) -> str:
        """Return the hypotheses of a statement as words behind its formula."""
        words = []
        if isinstance(statement, s.Equivalence) and statement.provided:
            words.append(f"provided that {self.setter.listing(zeros(statement.provided, NOT_EQUAL))}")
        if isinstance(statement, s.Positivity):
            words += [f"for {self._ranges(statement)}"] if statement.ranges else []
        if where := getattr(statement, "where", ()):
            words.append(f"wherever {self.setter.listing(equations(where))}")
        own = [w for k, w in self._own_context(statement).items() if not self._one(k)]
        words += [f"where {enumerated(own)}"] if own else []
        return f"{', '.join(words)}." if words else ""

    def _own_context(self, statement: s.Statement) -> dict[givens.Key, str]:
        return {**givens.jacobians([statement], self.setter), **givens.moments([statement], self.setter)}

    def _ranges(self, statement: s.Positivity) -> str:
        parts = []
        for found in statement.ranges:
            low = "" if found.low is None else rf"{self.setter.inline(t.Number(found.low))} \lt "
            high = "" if found.high is None else rf" \lt {self.setter.inline(t.Number(found.high))}"
            parts.append(f"${low}{self.setter.printer.print(found.symbol)}{high}$")
        return enumerated(parts)

    def _in_a_line(self, statement: s.Statement) -> str:
        """Return a statement as a sentence with its formulas in the line."""
        if isinstance(statement, s.Fails):
            return f"not always {self._in_a_line(statement.statement)}"
        words = self.setter.listing(relations(statement))
        if isinstance(statement, s.Equivalence):
            words += f" if and only if {self.setter.listing(zeros(statement.right))}"
        behind = self._behind(statement).rstrip(".")
        return f"{words}{',' if behind else ''} {behind}".strip()

    # -- proofs ----------------------------------------------------------------------------------------------------

    def _proofs(self) -> Iterator[str]:
        chains = [self._chain(d, v) for d, v in zip(self.theorem.proofs, self.outcome.steps, strict=True)]
        chains = [f"{'Moreover' if place else 'We have'}\n{chain}" for place, chain in enumerate(chains)]
        several = len(self.theorem.claims) > 1
        reasons = []
        for place, (label, _) in enumerate(self.theorem.claims):
            verdict = self.outcome.claims[label]
            if chains and not several and isinstance(verdict, Proved) and verdict.met:
                continue
            reasons.append((f"{ordinal(place)} " if several else "") + self._why(verdict))
        yield self.markup.proof("\n".join([*chains, *reasons]))

    def _chain(self, derivation: s.Derivation, verdicts: Sequence[Verdict]) -> str:
        steps = []
        for step, verdict in zip(derivation.steps, verdicts, strict=True):
            where = f", where {self.setter.listing(equations(step.where))}" if step.where else ""
            mark = "" if isinstance(verdict, Proved) else f" [{verdict.word}]"
            steps.append((step.expression, self.reason(step.reason) + where + mark))
        return self.markup.chain(self.setter.chain(derivation.start, steps, self.markup.reason))

    def _why(self, verdict: Verdict) -> str:
        match verdict:
            case Proved(evidence=evidence, met=met):
                beware = f"{PERHAPS_OF_NOTHING.capitalize()}: no point was found at which the hypotheses hold. "
                return ("" if met else beware) + " ".join(self._evidence(piece) for piece in evidence)
            case Refuted(witness=witness) if witness is not None:
                return f"Refuted {self._point(witness)}."
            case Undecided(missing=missing):
                return f"Undecided; missing: {self.prose(missing)}."
        return "Refuted: the statement that was to fail holds."

    def _evidence(self, evidence: object) -> str:
        match evidence:
            case NormalForm(form=form):
                count = len(form.expression.terms)
                return f"Both sides have the same normal form, with {count} term{'' if count == 1 else 's'}."
            case Membership():
                return self._cofactors(evidence)
            case BothDirections():
                return self._ways(evidence)
            case Positive(form=form):
                return f"All coefficients of {self.prose(_ascii(str(form.form)))} are positive, for positive arguments."
            case Bounded():
                return self._squares(evidence)
        return f"It fails {self._point(evidence.witness)}." if isinstance(evidence, Existence) else ""

    def _squares(self, evidence: Bounded) -> str:
        left, right = bounded(evidence, self.outcome.setting)
        return f"A sum of squares:{self.markup.display(self._plainly().rows([Relation(left, '=', right)], '.'))}"

    def _cofactors(self, evidence: Membership) -> str:
        left, right = (side(evidence, self.outcome.setting) for side in (combined, combination))
        assumed = evidence.way.squared and left == right
        rows = self._plainly().rows([Relation(left, "=", None if assumed else right)], ".")
        words = "The hypotheses make every term vanish in" if evidence.hypotheses else "By what an inverse is,"
        if evidence.way.squared:
            because = "it is assumed that" if assumed else f"{words[0].lower()}{words[1:]}"
            words = f"{SQUARES.capitalize()}, and {because}"
        return f"{words}{self.markup.display(rows)}"

    def _plainly(self) -> Typesetter:
        """Return a typesetter that names no parts."""
        printer = self.setter.inline_printer
        return Typesetter(printer, printer, self.markup.line, self.setter.formulas)

    def _ways(self, evidence: BothDirections) -> str:
        common = factor(evidence.backward, self.outcome.setting)
        times = "each" if common == t.Number(Fraction(1)) else f"${self.setter.inline(common)}$ times each"
        sides = (evidence.backward, evidence.forward)
        back, forth = (", or its square," if any(way.squared for way in ways) else "" for ways in sides)
        return (
            f"Each expression on the left{forth} is a combination of those on the right, and "
            f"{times} expression on the right{back} is a combination of those on the left."
        )

    # -- what else -------------------------------------------------------------------------------------------------

    def _point(self, witness: Witness) -> str:
        return point(witness, self.setter, self.theorem)

    def _lemmas(self) -> str:
        items = []
        for lemma in self.theorem.lemmas:
            name = self.markup.emphasised(f"{title(lemma.name)}:")
            items.append(f"{name} {self.prose(lemma.statement)} ({self.prose(lemma.source)}).")
        return f"{self.markup.heading('Used, and not decided here.')}\n{self.markup.listed(items)}"

    def _near_misses(self) -> str:
        items = []
        for slip, statement in self.theorem.near_misses:
            verdict = self.outcome.near_misses[slip]
            where = verdict.word.capitalize()
            if isinstance(verdict, Refuted) and verdict.witness is not None:
                where = f"False {self._point(verdict.witness)}"
            new = givens.shapes([statement], self.setter, givens.symbols(self.stated))
            with_new = f", with {new}" if new else ""
            name = self.markup.emphasised(f"{self.prose(slip)}:")
            items.append(f"{name} {self._in_a_line(statement)}{with_new}. {where}.")
        return f"{self.markup.heading('Near misses, refuted.')}\n{self.markup.listed(items)}"

    def _checked(self) -> str:
        proved = [v for v in self.outcome.claims.values() if isinstance(v, Proved)]
        steps = [v for chain in self.outcome.steps for v in chain]
        refuted = [v for v in self.outcome.near_misses.values() if isinstance(v, Refuted)]
        parts = [f"{len(proved)} of {many(len(self.outcome.claims), 'claim')}"]
        if steps:
            parts.append(f"{sum(isinstance(v, Proved) for v in steps)} of {many(len(steps), 'step')}")
        misses = many(len(self.outcome.near_misses), "near miss", "near misses")
        given = (
            f", given {enumerated([self.prose(title(x.name)) for x in self.theorem.lemmas])}"
            if self.theorem.lemmas
            else ""
        )
        return (
            f"Machine check: {enumerated(parts)} proved{given} for all sizes and all real entries; "
            f"{len(refuted)} of {misses} refuted by exact witnesses{self._deciders()}. "
            f"Statement: SHA-256 {self._digest()}."
        )

    def _deciders(self) -> str:
        if self.outcome.disagreement:
            return "; the second checker does not agree"
        return "; decided anew by the second checker" if self.outcome.certified is not None else ""

    def _digest(self) -> str:
        """Return the digest in groups, between which a line may break."""
        digest = self.outcome.digest
        return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def _ascii(polynomial: str) -> str:
    """Return Python's way of writing a polynomial as prose writes it."""
    return polynomial.replace("**", "^").replace("*", " ")


def many(count: int, one: str, more: str = "") -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else more or one + 's'}"
