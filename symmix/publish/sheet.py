"""One theorem on paper: the walk over an outcome that LaTeX and Markdown share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from symmix.printing.display import NOT_EQUAL, Formula, Relation, Typesetter, enumerated, equations, relations, zeros
from symmix.printing.latex import LatexPrinter
from symmix.printing.prose import Prose, title
from symmix.printing.symbols import INDEX, SIZE
from symmix.printing.text import text
from symmix.printing.wording import PERHAPS_OF_NOTHING, unequal
from symmix.publish import givens, introducing
from symmix.publish.authored import heading, marked
from symmix.publish.contexts import Context
from symmix.publish.evidence import SQUARES, bounded, combination, combined, factor, instantiated, positive, turned
from symmix.publish.markup import Markup, ordinal
from symmix.publish.points import Points
from symmix.publish.reach import all_components, for_size, for_sizes
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome
from symmix.verdict import (
    BothDirections,
    Bounded,
    Components,
    Existence,
    Instantiated,
    Membership,
    NormalForm,
    Pieces,
    Positive,
    Proved,
    Refuted,
    Undecided,
    Verdict,
    Way,
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
        introducing.reject_homographs(outcome, printer)
        self.stated = givens.spoken(self.theorem)
        self.spoken = {node for tree in self.stated for node in tree.walk()}
        self.points = Points(outcome, self.setter)
        references = {i: markup.reference(i, t) for i, t in links.items() if i != outcome.script.id}
        self.prose = Prose(markup.dialect, markup.escape, references, introducing.in_words(outcome, printer))
        mentioned = {identifier: markup.mentioned(identifier) for identifier in references}
        self.reason = self.prose if markup.links_in_mathematics else replace(self.prose, references=mentioned)
        self.context = Context(self.stated, self.setter)

    def blocks(self) -> Iterator[str]:
        """Run through the blocks of the sheet."""
        script, markup = self.outcome.script, self.markup
        paragraphs = script.documentation.split("\n\n")
        yield markup.comment(f"{script.id}: {self.outcome.verdict.word}; written by symmix from the decided statements")
        yield markup.quotation(self._asked(), self._cited())
        kind = "theorem" if isinstance(self.outcome.verdict, Proved) else "claim"
        yield markup.statement(kind, self._title(), script.id, self._statement(paragraphs[0]))
        yield from self._proofs()
        if len(paragraphs) > 1:
            yield f"{markup.heading('Remark.')} {self.prose(' '.join(paragraphs[1:]))}\n"
        yield self._near_misses()
        yield self._notation()
        yield markup.small(self._checked())

    def _asked(self) -> str:
        """Return what the theorem answers: exact text of a source in quotation marks, or a question without them."""
        script = self.outcome.script
        quoted = [marked(script.quotes, self.markup.escape)] if script.quotes else []
        return " ".join(quoted + ([self.prose(script.answers)] if script.answers else []))

    def _title(self) -> str:
        verdict = self.outcome.verdict
        suffix = "" if isinstance(verdict, Proved) else f"; {verdict.word}"
        return self.markup.escape(heading(self.outcome.script) + suffix)

    def _cited(self) -> str:
        known = [key for key in self.outcome.script.source if key in self.sources]
        others = [self.markup.escape(key) for key in self.outcome.script.source if key not in self.sources]
        return (f" {self.markup.cited(known)}" if known else "") + (f" ({', '.join(others)})" if others else "")

    # -- the statement ---------------------------------------------------------------------------------------------

    def _statement(self, summary: str) -> str:
        lines = [self.prose(summary), self._let()]
        if used := givens.used(self.theorem):
            definitions = [Relation(symbol, "=", value) for symbol, value in used]
            rows = self.setter.rows(definitions, ".", pack=False, listed=False)
            lines += ["Put", self.markup.display(rows)]
        lines += [
            self._named(),
            self._lemmas(),
            introducing.held_in_words(self.outcome, self.setter),
            self._quantified(),
        ]
        claims = self.theorem.claims
        if len(claims) == 1:
            lines.append(self._asserted(claims[0][1], self._equation()))
        else:
            items = []
            for place, (label, claim) in enumerate(claims, start=1):
                name = self.markup.emphasised(f"{self.prose(label)}:")
                items.append(f"{name} {self._asserted(claim, self._equation(place))}")
            lines.append(self.markup.numbered(items))
        return "\n".join(line for line in lines if line)

    def _equation(self, place: int | None = None) -> str:
        """Return the label of the display of a claim."""
        return f"{self.outcome.script.id}:claim" + (f":{place}" if place else "")

    def _let(self) -> str:
        known = [*(symbol for symbol, _ in self.theorem.setting.definitions), *givens.random_symbols(self.stated)]
        spoken = [*self.stated, *self.theorem.setting.conditions]
        shapes = introducing.shapes(spoken, self.setter, known, self.theorem.setting.whole)
        common = self.context.common
        chained = [words for key, words in common.items() if not isinstance(key[1], int)]
        averaged = introducing.averaged(self.stated, self.setter, common)
        sentence = f"Let {shapes}" if shapes else ""
        if chained:
            sentence += f"{', with Jacobians' if sentence else 'Let'} {enumerated(chained)}"
        if averaged:
            sentence += f"{', and let' if sentence else 'Let'} {', and '.join(averaged)}"
        if pairs := introducing.independent(self.outcome, self.setter):
            sentence += f", {enumerated(pairs)}"
        return sentence + "." if sentence else ""

    def _named(self) -> str:
        """Return what the theorem's own symbols mean."""
        if self.markup.has_tables:
            return ""  # there is a table of all symbols
        said = self.outcome.meanings
        listed = [(symbol.name, self.setter.printer.print(symbol)) for symbol in givens.symbols(self.stated)]
        listed += [(size, self.setter.printer.name(size, SIZE)) for size in givens.sizes(self.stated)]
        told = [f"${latex}$: {self.prose(said[name])}" for name, latex in listed if name in said]
        return f"Here {'; '.join(told)}." if told else ""

    def _quantified(self) -> str:
        sizes = introducing.sizes_in_words(self.stated, self.setter)
        conditions = introducing.conditions(self.outcome, self.setter)
        indices = [self.setter.printer.name(index.name, INDEX) for index in self.theorem.setting.indices]
        words = [f"for all sizes {sizes}"] if sizes else []
        words += list(filter(None, [for_size(self.outcome)]))
        words += [f"all samples ${', '.join(indices)}$"] if indices else []
        words += [f"provided that {enumerated(conditions)}"] if conditions else []
        return f"Then, {', '.join(words)}," if words else "Then"

    # -- statements ------------------------------------------------------------------------------------------------

    def _asserted(self, statement: s.Statement, label: str) -> str:
        """Return a statement with its formulas displayed."""
        if isinstance(statement, s.Fails):
            return f"it is not true in general that{self._asserted_plainly(statement.statement, label)}"
        return self._asserted_plainly(statement, label).strip()

    def _asserted_plainly(self, statement: s.Statement, label: str) -> str:
        behind = self._behind(statement)
        if isinstance(statement, s.Equivalence):
            right = self.markup.display(self.setter.rows(zeros(statement.right), "," if behind else "."), label)
            left = self.markup.display(self.setter.rows(zeros(statement.left)))
            return f"\n{left}\nif and only if\n{right}\n{behind}"
        rows = self.setter.rows(relations(statement), "," if behind else ".")
        return f"\n{self.markup.display(rows, label)}\n{behind}"

    def _behind(self, statement: s.Statement) -> str:
        """Return the hypotheses of a statement as words behind its formula."""
        words = []
        if isinstance(statement, s.Equivalence) and statement.provided:
            unlike = [Relation(left, NOT_EQUAL, right) for left, right in map(unequal, statement.provided)]
            words.append(f"provided that {self.setter.listing(unlike)}")
        if isinstance(statement, s.Positivity) and statement.ranges:
            words.append(f"for {self.setter.ranges(statement.ranges)}")
        if where := getattr(statement, "where", ()):
            words.append(f"wherever {self.setter.listing(equations(where))}")
        words += self.context.meant(statement)
        return f"{', '.join(words)}." if words else ""

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
        reasons: dict[str, list[str]] = {}  # what holds for the same reason stands together
        for place, (label, _) in enumerate(self.theorem.claims):
            verdict = self.outcome.claims[label]
            if chains and not several and isinstance(verdict, Proved) and verdict.met:
                continue
            reasons.setdefault(self._why(verdict), []).append(ordinal(place))
        told = [(f"{enumerated(places)} " if several else "") + why for why, places in reasons.items()]
        yield self.markup.proof("\n".join([*chains, *told]), proved=isinstance(self.outcome.verdict, Proved))

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
                return f"Refuted {self.points.point(witness)}."
            case Undecided(missing=missing):
                return f"Undecided; missing: {self.prose(missing)}."
        return "Refuted: the statement that was to fail holds."

    def _evidence(self, evidence: object) -> str:  # noqa: PLR0911 - one for each kind
        match evidence:
            case NormalForm():
                return "Expand and collect: both sides have the same normal form."
            case Membership():
                return self._cofactors(evidence)
            case Components(finite=finite):
                return f"{for_size(self.outcome).capitalize()}, {all_components(finite)}."
            case BothDirections():
                return self._ways(evidence)
            case Positive() | Pieces():
                before, polynomial, after = positive(evidence)
                return f"{before[0].upper()}{before[1:]}{self.prose(_ascii(polynomial))}{after}."
            case Instantiated():
                return f"This is {self.prose(_ascii(instantiated(evidence, text)))}."
            case Bounded():
                return self._squares(evidence)
        return f"It fails {self.points.point(evidence.witness)}." if isinstance(evidence, Existence) else ""

    def _squares(self, evidence: Bounded) -> str:
        left, right = bounded(evidence, self.outcome.setting)
        rows = self._plainly().rows([Relation(left, "=", right)], ".", listed=False)
        return f"A sum of squares:{self.markup.display(rows)}"

    def _cofactors(self, evidence: Membership) -> str:
        return f"{self._turned([evidence.way])}{self._combination(evidence)}"

    def _turned(self, ways: Iterable[Way]) -> str:
        turns = turned(ways, self.outcome.setting, lambda tree: f"${self.setter.inline(tree)}$")
        return f"{turns[0].upper()}{turns[1:]}. " if turns else ""

    def _combination(self, evidence: Membership) -> str:
        left, right = (side(evidence, self.outcome.setting) for side in (combined, combination))
        plain, squared = self._plainly(), evidence.way.squared
        same = plain.printer.print(left) == plain.printer.print(right)
        if same and not squared:
            return "As it stands, that is a combination of the hypotheses."
        nothing = isinstance(right, t.Zeros) or right == t.Number(Fraction(0))
        if nothing and not evidence.relations:
            return "Expand and collect: all terms cancel."
        words = "By what an inverse is," if nothing else "The hypotheses make every term vanish in"
        rows = plain.rows([Relation(left, "=", None if same else right)], ".", listed=False)
        if squared:
            because = "it is assumed that" if same else f"{words[0].lower()}{words[1:]}"
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
        turns = self._turned([*evidence.forward, *evidence.backward])
        return (
            f"{turns}Each expression on the left{forth} is a combination of those on the right, and "
            f"{times} expression on the right{back} is a combination of those on the left."
        )

    # -- what else -------------------------------------------------------------------------------------------------

    def _lemmas(self) -> str:
        """Return what a theorem takes for granted: its notions come from there."""
        items = []
        for lemma in self.theorem.lemmas:
            name = self.markup.emphasised(f"{title(lemma.name)}:")
            items.append(f"{name} {self.prose(lemma.statement)} ({self.prose(lemma.source)}).")
        return f"Given, and not decided here: {' '.join(items)}" if items else ""

    def _near_misses(self) -> str:
        heading = self.markup.heading("Near misses, refuted.")
        if not self.markup.has_tables:
            return f"{heading}\n{self.markup.listed(list(self._slips()))}"
        table = self.markup.tabled(("slip", "statement", "false at", "left", "right"), list(self._missed()))
        return f"{heading}\n{table}"

    def _slip(self, slip: str, statement: s.Statement) -> tuple[str, str, Verdict]:
        new = introducing.shapes([statement], self.setter, self.spoken)
        with_new = f", with {new}" if new else ""
        return self.prose(slip), f"{self._in_a_line(statement)}{with_new}", self.outcome.near_misses[slip]

    def _slips(self) -> Iterator[str]:
        for slip, statement in self.theorem.near_misses:
            name, stated, verdict = self._slip(slip, statement)
            where = verdict.word.capitalize()
            if isinstance(verdict, Refuted) and verdict.witness is not None:
                where = f"False {self.points.point(verdict.witness)}"
            yield f"{self.markup.emphasised(f'{name}:')} {stated}. {where}."

    def _missed(self) -> Iterator[Sequence[str]]:
        for slip, statement in self.theorem.near_misses:
            name, stated, verdict = self._slip(slip, statement)
            cells = (verdict.word, "", "")
            if isinstance(verdict, Refuted) and verdict.witness is not None:
                words, values = self.points.taken(verdict.witness)
                cells = words, values.get("left", values.get("value", "")), values.get("right", "")
            yield name, stated, *cells

    def _notation(self) -> str:
        """Return a table of all symbols, where a format has tables."""
        found = introducing.notation(self.outcome, self.setter) if self.markup.has_tables else []
        rows = [(f"${latex}$", f"${space}$", self.prose(told)) for _, latex, space, told in found]
        table = self.markup.tabled(("symbol", "where", "meaning"), rows)
        return f"{self.markup.heading('Notation.')}\n{table}" if rows else ""

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
            f"Machine check: {enumerated(parts)} proved{given} {for_sizes([self.outcome])} and all real entries; "
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
