"""One theorem on paper: the walk over an outcome that LaTeX and Markdown share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sympy as sp

from symmix.derivation import Derivation
from symmix.export import givens
from symmix.export.display import NOT_EQUAL, Formula, Relation, Typesetter, enumerated, equations, relations, zeros
from symmix.export.evidence import combination
from symmix.export.latex import LatexPrinter
from symmix.export.markup import Markup, ordinal
from symmix.export.points import point
from symmix.export.prose import Prose, title
from symmix.statements import Equivalence, Fails, Positivity, Statement
from symmix.theorems import Outcome, expressions_of
from symmix.verdict import (
    BothDirections,
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
        self.outcome, self.theorem, self.markup, self.sources = outcome, outcome.theorem, markup, sources
        names = outcome.theorem.spelling
        printer = LatexPrinter(markup.dialect, names, outcome.theorem.parts)
        self.setter = Typesetter(printer, LatexPrinter(markup.dialect, names), markup.line)
        givens.reject_homographs(outcome.theorem, printer)
        self.stated = givens.stated(outcome.theorem)
        spelled = {str(s.name): printer.name(s) for s in givens.symbols(self.stated) if not givens.is_size(s)}
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
        if self.theorem.definitions:
            definitions = [Relation(symbol, "=", value) for symbol, value in self.theorem.definitions.items()]
            rows = self.setter.rows(definitions, ".", pack=False)
            lines += ["Put", self.markup.display(rows)]
        lines.append(self._quantified())
        claims = self.theorem.claims
        if len(claims) == 1:
            lines.append(self._asserted(next(iter(claims.values()))))
        else:
            named = ((self.prose(label), claim) for label, claim in claims.items())
            lines.append(
                self.markup.numbered([f"{self.markup.emphasised(f'{n}:')} {self._asserted(c)}" for n, c in named])
            )
        return "\n".join(line for line in lines if line)

    def _let(self) -> str:
        random = {key[0] for key in self.context if isinstance(key[1], int)}
        known = [*self.theorem.definitions, *random]
        shapes = givens.shapes(self.stated, self.setter, known)
        chained = [words for key, words in self.context.items() if not isinstance(key[1], int) and self._one(key)]
        averaged = [words for key, words in self.context.items() if isinstance(key[1], int) and self._one(key)]
        sentence = f"Let {shapes}" if shapes else ""
        if chained:
            sentence += f"{', with Jacobians' if sentence else 'Let'} {enumerated(chained)}"
        if averaged:
            sentence += f"{', and let' if sentence else 'Let'} {enumerated(averaged)}"
        return sentence + "." if sentence else ""

    def _one(self, key: givens.Key) -> bool:
        """Whether a Jacobian or a moment is the same in all of the theorem; otherwise each statement says its own."""
        return sum(other[:2] == key[:2] for other in self.context) == 1

    def _quantified(self) -> str:
        sizes = givens.sizes(self.stated, self.setter)
        conditions = givens.conditions(self.outcome, self.setter)
        free = {s for e in self.stated for s in e.free_symbols}
        indices = [self.setter.printer.name(i) for i in self.theorem.indices if i in free]
        words = [f"for all sizes {sizes}"] if sizes else []
        words += [f"all samples ${', '.join(indices)}$"] if indices else []
        words += [f"provided that {enumerated(conditions)}"] if conditions else []
        return f"Then, {', '.join(words)}," if words else "Then"

    # -- statements ------------------------------------------------------------------------------------------------

    def _asserted(self, statement: Statement) -> str:
        """Return a statement with its formulas displayed."""
        if isinstance(statement, Fails):
            return f"it is not true in general that{self._asserted_plainly(statement.statement)}"
        return self._asserted_plainly(statement).strip()

    def _asserted_plainly(self, statement: Statement) -> str:
        behind = self._behind(statement)
        if isinstance(statement, Equivalence):
            right = self.markup.display(self.setter.rows(zeros(statement.right), "," if behind else "."))
            left = self.markup.display(self.setter.rows(zeros(statement.left)))
            return f"\n{left}\nif and only if\n{right}\n{behind}"
        return f"\n{self.markup.display(self.setter.rows(relations(statement), ',' if behind else '.'))}\n{behind}"

    def _behind(self, statement: Statement) -> str:
        """Return the hypotheses of a statement as words behind its formula."""
        words = []
        if isinstance(statement, Equivalence) and statement.provided:
            words.append(f"provided that {self.setter.listing(zeros(statement.provided, NOT_EQUAL))}")
        if isinstance(statement, Positivity):
            words.append(f"for {self._ranges(statement)}")
        if where := getattr(statement, "where", ()):
            words.append(f"wherever {self.setter.listing(equations(where))}")
        own = [w for k, w in self._own_context(statement).items() if not self._one(k)]
        words += [f"where {enumerated(own)}"] if own else []
        return f"{', '.join(words)}." if words else ""

    def _own_context(self, statement: Statement) -> dict[givens.Key, str]:
        some = expressions_of(statement)
        return {**givens.jacobians(some, self.setter), **givens.moments(some, self.setter)}

    def _ranges(self, statement: Positivity) -> str:
        parts = []
        for symbol, (low, high) in statement.ranges.items():
            name, least = self.setter.printer.name(symbol), self.setter.inline(sp.S(low))
            if sp.S(high) == sp.oo:
                parts.append(rf"${name} \gt {least}$")
            else:
                parts.append(rf"${least} \lt {name} \lt {self.setter.inline(sp.S(high))}$")
        return enumerated(parts)

    def _in_a_line(self, statement: Statement) -> str:
        """Return a statement as a sentence with its formulas in the line."""
        if isinstance(statement, Fails):
            return f"not always {self._in_a_line(statement.statement)}"
        words = self.setter.listing(relations(statement))
        if isinstance(statement, Equivalence):
            words += f" if and only if {self.setter.listing(zeros(statement.right))}"
        behind = self._behind(statement).rstrip(".")
        return f"{words}{',' if behind else ''} {behind}".strip()

    # -- proofs ----------------------------------------------------------------------------------------------------

    def _proofs(self) -> Iterator[str]:
        chains = [self._chain(d, v) for d, v in zip(self.theorem.derivations, self.outcome.steps, strict=True)]
        chains = [f"{'Moreover' if place else 'We have'}\n{chain}" for place, chain in enumerate(chains)]
        several = len(self.theorem.claims) > 1
        reasons = []
        for place, (label, claim) in enumerate(self.theorem.claims.items()):
            verdict = self.outcome.claims[label]
            if chains and not several and isinstance(verdict, Proved):
                continue
            reasons.append((f"{ordinal(place)} " if several else "") + self._why(verdict, claim))
        yield self.markup.proof("\n".join([*chains, *reasons]))

    def _chain(self, derivation: Derivation, verdicts: Sequence[Verdict]) -> str:
        steps = []
        for step, verdict in zip(derivation.steps, verdicts, strict=True):
            where = f", where {self.setter.listing(equations(step.where))}" if step.where else ""
            mark = "" if isinstance(verdict, Proved) else f" [{verdict.word}]"
            steps.append((step.expression, self.reason(step.reason) + where + mark))
        return self.markup.chain(self.setter.chain(derivation.start, steps, self.markup.reason))

    def _why(self, verdict: Verdict, claim: Statement) -> str:
        match verdict:
            case Proved(evidence=evidence, met=met):
                beware = "" if met else " No point was found at which the hypotheses hold: the claim may be empty."
                return " ".join(self._evidence(piece, claim) for piece in evidence) + beware
            case Refuted(witness=witness) if witness is not None:
                return f"Refuted {self._point(witness)}."
            case Undecided(missing=missing):
                return f"Undecided; missing: {self.prose(missing)}."
        return "Refuted: the statement that was to fail holds."

    def _evidence(self, evidence: object, claim: Statement) -> str:
        match evidence:
            case NormalForm(form=form):
                count = len(form.expression.terms)
                return f"Both sides have the same normal form, with {count} term{'' if count == 1 else 's'}."
            case Membership(difference=difference):
                return self._cofactors(evidence, difference)
            case BothDirections():
                return self._ways(evidence, claim)
            case Positive(form=form):
                return f"All coefficients of {self.prose(_ascii(str(form.form)))} are positive, for positive arguments."
            case Existence(witness=witness):
                return f"It fails {self._point(witness)}."
        return ""

    def _cofactors(self, evidence: Membership, difference: Sequence[sp.Basic]) -> str:
        combined, standing = combination(evidence, self.outcome.setting)
        left = difference[0] if len(difference) == 1 else difference[0] - difference[1]
        printer = self.setter.printer
        fences = {symbol: f"({printer.print(e)})" for symbol, e in standing.items()}
        names = {**self.theorem.spelling, **fences}
        own = Typesetter(LatexPrinter(self.markup.dialect, names), printer, self.markup.line)
        rows = own.rows([Relation(left, "=", combined)], ".")
        self.setter.formulas += [Formula(f.expression.subs(standing), f.latex) for f in own.formulas]
        return f"The hypotheses make every term vanish in{self.markup.display(rows)}"

    def _ways(self, evidence: BothDirections, claim: Statement) -> str:
        factor = self.outcome.setting.language.write(evidence.factor)
        times = "each" if factor == 1 else f"${self.setter.inline(factor)}$ times each"
        squares = ", in its square," if evidence.squared else ""
        del claim
        return (
            "Each expression on the left is a combination of those on the right, and "
            f"{times} expression on the right{squares} is a combination of those on the left."
        )

    # -- what else -------------------------------------------------------------------------------------------------

    def _point(self, witness: Witness) -> str:
        return point(witness, self.setter, self.outcome.setting)

    def _lemmas(self) -> str:
        items = []
        for lemma in self.theorem.lemmas:
            name = self.markup.emphasised(f"{title(lemma.name)}:")
            items.append(f"{name} {self.prose(lemma.statement)} ({self.prose(lemma.source)}).")
        return f"{self.markup.heading('Used, and not decided here.')}\n{self.markup.listed(items)}"

    def _near_misses(self) -> str:
        items = []
        for slip, statement in self.theorem.near_misses.items():
            verdict = self.outcome.near_misses[slip]
            where = verdict.word.capitalize()
            if isinstance(verdict, Refuted) and verdict.witness is not None:
                where = f"False {self._point(verdict.witness)}"
            new = givens.shapes(expressions_of(statement), self.setter, givens.symbols(self.stated))
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
        return (
            f"Machine check: {enumerated(parts)} proved for all sizes and all real entries; "
            f"{len(refuted)} of {misses} refuted by exact witnesses."
        )


def _ascii(polynomial: str) -> str:
    """Return Python's way of writing a polynomial as prose writes it."""
    return polynomial.replace("**", "^").replace("*", " ")


def many(count: int, one: str, more: str = "") -> str:
    """Return a number with its noun."""
    return f"{count} {one if count == 1 else more or one + 's'}"
