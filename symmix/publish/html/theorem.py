"""One theorem as an article: statement, derivation, why it holds, near misses, and how all of it was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from symmix.catalogue import proofs_directory
from symmix.printing.display import NOT_EQUAL, Relation, equations, relations, zeros
from symmix.printing.prose import title
from symmix.printing.wording import assumptions
from symmix.publish.bibliography import sources
from symmix.publish.html.elements import Addresses, element, escape, joined, link, listed
from symmix.publish.html.evidence import is_plain, why
from symmix.publish.html.formulas import Formulas, Written
from symmix.publish.html.quotations import quoted
from symmix.publish.html.setting import assumed, setting
from symmix.publish.html.sources import citation
from symmix.publish.reach import for_sizes
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.theorems import Outcome, Script
from symmix.verdict import Proved, Refuted, Verdict

MARKS = {"proved": "✓", "refuted": "✗", "undecided": "?"}
Levels = Mapping[str, Sequence[tuple[str, str]]]  # by theorem: how it is confirmed, and what that means


@dataclass(frozen=True)
class Place:
    """Where a theorem stands among the others of an export.

    Attributes
    ----------
    links
        Where each theorem is found, by id.
    uses, used
        The ids of the theorems that its derivation refers to, and of those that refer to it.
    levels
        How it is confirmed besides the kernel, with what each of these means.
    certificate
        The address of its certificate, empty without one.
    top
        The level of the article's heading.
    """

    links: Addresses
    uses: Sequence[str] = ()
    used: Sequence[str] = ()
    levels: Sequence[tuple[str, str]] = ()
    certificate: str = ""
    top: int = 1


@dataclass(frozen=True)
class Article:
    """One theorem as HTML, with every formula in it."""

    outcome: Outcome
    markup: str
    formulas: Sequence[Written] = field(default_factory=tuple)


def name_of(script: Script) -> str:
    """Return a theorem's title in print."""
    return script.title or title(script.id)


def article(outcome: Outcome, place: Place) -> Article:
    """Write a theorem."""
    references = {name: address.link() for name, address in place.links.items()}
    formulas = Formulas(outcome, references)
    writer = _Writer(outcome, formulas, place)
    markup = element("article", *writer.blocks(), id=outcome.script.id)
    return Article(outcome, markup, tuple(formulas.written))


def badge(outcome: Outcome) -> str:
    """Return the verdict as a mark and a word: it is not said by colour alone."""
    word = outcome.verdict.word
    mark = element("span", MARKS[word], aria_hidden="true")
    return element("span", f"{mark} {word}", class_=f"verdict {word}")


def stated(outcome: Outcome, formulas: Formulas, labels: Sequence[str]) -> str:
    """Return the claims of some labels, each with its label before it, and what is given for them, undecided."""
    writer = _Writer(outcome, formulas, Place({}))
    claims = dict(outcome.document.claims)
    parts = [element("p", writer.lemmas())] if outcome.document.lemmas else []
    for label in labels:
        parts += [element("p", element("em", formulas.prose(f"{label[:1].upper()}{label[1:]}:")), class_="label")]
        parts += writer.asserted(claims[label])
    return "".join(parts)


class _Writer:
    def __init__(self, outcome: Outcome, formulas: Formulas, place: Place) -> None:
        self.outcome, self.theorem, self.formulas, self.place = outcome, outcome.document, formulas, place
        self.prose = formulas.prose
        self.numbers = count(1)

    def heading(self, words: str, below: int = 1) -> str:
        return element(f"h{self.place.top + below}", words)

    def blocks(self) -> Iterator[str]:
        """Run through the blocks of the article."""
        paragraphs = self.outcome.script.documentation.split("\n\n")
        yield self._head(paragraphs[0])
        below = element(f"h{self.place.top + 2}", "The setting") + setting(self.formulas, self.place.top + 3)
        yield self._section("statement", "Statement", *self._claims(), below)
        if self.theorem.proofs:
            yield self._section("derivation", "Derivation", *self._derivations())
        yield self._section("why", "Why it holds", *self._reasons())
        yield self._section("near-misses", "Near misses, refuted", *self._near_misses())
        if len(paragraphs) > 1:
            yield self._section("remark", "Remark", element("p", self.prose(" ".join(paragraphs[1:]))))
        yield self._section("evidence", "How it was decided", *self._decided())

    def _section(self, name: str, heading: str, *inside: str) -> str:
        identifier = name if self.place.top == 1 else f"{self.outcome.script.id}-{name}"
        label = f"{identifier}-heading"
        head = element(f"h{self.place.top + 1}", heading, id=label)
        return element("section", head, *inside, id=identifier, class_=name, aria_labelledby=label)

    def _head(self, summary: str) -> str:
        script = self.outcome.script
        lines = [
            element(f"h{self.place.top}", escape(name_of(script))),
            element("p", badge(self.outcome), " ", element("code", script.id), class_="tag"),
            element("p", self.prose(summary), class_="summary"),
        ]
        if script.idea:
            lines.append(element("p", f"Idea: {self.prose(script.idea)}", class_="idea"))
        if script.quotes:
            lines.append(element("blockquote", element("p", quoted(script.quotes)), element("p", self._source())))
        elif script.answers:
            lines.append(element("p", f"It speaks to: {self.prose(script.answers)} ", self._cited(), class_="answers"))
        return element("header", *lines)

    def _cited(self) -> str:
        return f"(cf. {joined(self._sources())})" if self.outcome.script.source else ""

    def _source(self) -> str:
        """Return where a quotation is from: the first source; the others speak of the same."""
        found = self._sources()
        more = f"; see also {joined(found[1:])}" if found[1:] else ""
        return f"{found[0]}{more}" if found else ""

    def _sources(self) -> list[str]:
        return [citation(key) if key in sources() else escape(key) for key in self.outcome.script.source]

    # -- the statement ---------------------------------------------------------------------------------------------

    def _claims(self) -> Iterator[str]:
        for label, statement in self.theorem.claims:
            head = self.heading(self.prose(label), 2) if label else ""
            yield element("div", head, *self.asserted(statement), class_="claim")

    def asserted(self, statement: s.Statement) -> Iterator[str]:
        """Run through the lines of a statement."""
        if isinstance(statement, s.Fails):
            yield element("p", "It is not true in general that")
            yield from self.asserted(statement.statement)
            return
        named = isinstance(statement, s.Identity)
        yield from (self.formulas.block(relation, named=named) for relation in relations(statement))
        if isinstance(statement, s.Equivalence):
            yield element("p", "if and only if")
            yield from (self.formulas.block(relation) for relation in zeros(statement.right))
        behind = [*self._behind(statement)]
        if behind:
            yield element("p", f"{'; '.join(behind)}.", class_="where")

    def _behind(self, statement: s.Statement) -> Iterator[str]:
        """Run through the hypotheses of a statement, in words."""
        if isinstance(statement, s.Equivalence) and statement.provided:
            yield f"provided that {self._listed(zeros(statement.provided, NOT_EQUAL))}"
        if isinstance(statement, s.Positivity) and statement.ranges:
            yield f"for {joined([self._range(found) for found in statement.ranges])}"
        if where := getattr(statement, "where", ()):
            yield f"wherever {self._listed(equations(where))}"

    def _range(self, found: s.Range) -> str:
        below: list[t.Expression | str] = [] if found.low is None else [t.Number(found.low), "<"]
        above: list[t.Expression | str] = [] if found.high is None else ["<", t.Number(found.high)]
        chain = self.formulas.chain([*below, found.symbol, *above])
        return chain if below or above else f"all {chain}"

    def _listed(self, some: Sequence[Relation]) -> str:
        return joined([self.formulas.relation(relation) for relation in some])

    # -- proofs ----------------------------------------------------------------------------------------------------

    def _derivations(self) -> Iterator[str]:
        for derivation, verdicts in zip(self.theorem.proofs, self.outcome.steps, strict=True):
            lines = zip(derivation.steps, verdicts, strict=True)
            steps = listed([self._step(step, verdict) for step, verdict in lines], "ol")
            yield element("div", self.formulas.step(derivation.start, ""), steps, class_="chain")

    def _step(self, step: s.Step, verdict: Verdict) -> str:
        where = f", where {self._listed(equations(step.where))}" if step.where else ""
        own = set(assumptions(self.outcome.claims.values()))
        more = [tree for tree in assumptions([verdict]) if tree not in own]
        given = f", for {joined([assumed(tree, self.formulas) for tree in more])}" if more else ""
        mark = "" if isinstance(verdict, Proved) else f" [{verdict.word}]"
        reason = element("span", f"{self.prose(step.reason)}{where}{given}{mark}", class_="reason")
        return element("details", element("summary", reason), self.formulas.step(step.expression), class_="step")

    def _reasons(self) -> Iterator[str]:
        same = [label for label, _ in self.theorem.claims if is_plain(self.outcome.claims[label])]
        if same:
            named = joined([element("em", self.prose(label)) for label in same if label])
            both = f"both sides of {named}" if named else "both sides"
            alike = "are the same sum" if len(same) == 1 else "are the same sum each time"
            yield element("p", f"Multiplied out, entry by entry, {both} {alike}.")
        for label, _ in self.theorem.claims:
            if label not in same:
                yield (self.heading(self.prose(label), 2) if label else "") + why(
                    self.outcome.claims[label], self.formulas
                )
        if self.theorem.lemmas:
            yield self.heading("Used, and not decided here", 2)
            yield listed([f"{self._lemma(lemma)}." for lemma in self.theorem.lemmas])

    def lemmas(self) -> str:
        """Return in a sentence what is given and not decided here."""
        return f"Given, and not decided here: {'; '.join(map(self._lemma, self.theorem.lemmas))}."

    def _lemma(self, lemma: s.Lemma) -> str:
        name = element("em", escape(title(lemma.name)))
        return f"{name}: {self.prose(lemma.statement)} ({self.prose(lemma.source)})"

    def _near_misses(self) -> Iterator[str]:
        yield element("p", "One slip away from the claim, each of these is false, and here is a point where it fails.")
        yield listed(
            [self._near_miss(slip, statement) for slip, statement in self.theorem.near_misses], class_="misses"
        )

    def _near_miss(self, slip: str, statement: s.Statement) -> str:
        verdict = self.outcome.near_misses[slip]
        where = verdict.word.capitalize()
        if isinstance(verdict, Refuted) and verdict.witness is not None:
            where = f"False {self.formulas.point(verdict.witness)}"
        name = element("strong", self.prose(slip))
        return element("p", name) + "".join(self.asserted(statement)) + element("p", f"{where}.", class_="witness")

    # -- what else -------------------------------------------------------------------------------------------------

    def _decided(self) -> Iterator[str]:
        outcome, script = self.outcome, self.outcome.script
        yield element("p", self._numbers())
        levels = [f"{element('strong', escape(name))}: {escape(how)}" for name, how in self.place.levels]
        yield listed(levels, class_="levels")
        for words, ids in (("It uses", self.place.uses), ("It is used by", self.place.used)):
            if ids:
                yield element("p", f"{words} {joined([self.place.links[i].link() for i in ids])}.")
        digest = element("code", outcome.digest, class_="digest")
        certificate = f" {link('Certificate', self.place.certificate)}." if self.place.certificate else ""
        yield element("p", f"Statement: SHA-256 {digest}.{certificate}")
        own = script.path.resolve().parent == proofs_directory().resolve()
        command = f"symmix prove -k {script.id}" if own else f"symmix prove {script.path.name} -k {script.id}"
        yield element("p", f"To decide it anew: {element('code', escape(command))}.")
        source = element("pre", element("code", escape(script.path.read_text(encoding="utf-8"))), tabindex="0")
        yield element("details", element("summary", "The script that states it"), source, class_="script")

    def _numbers(self) -> str:
        claims, steps = list(self.outcome.claims.values()), [v for chain in self.outcome.steps for v in chain]
        misses = list(self.outcome.near_misses.values())
        parts = [f"{_of(claims, Proved)} {'claim' if len(claims) == 1 else 'claims'}"]
        parts += [f"{_of(steps, Proved)} {'step' if len(steps) == 1 else 'steps'}"] if steps else []
        by = "by the kernel" + (", and anew by the second checker" if self.outcome.certified is not None else "")
        if self.outcome.disagreement:
            by = "by the kernel; the second checker does not agree"
        return (
            f"{' and '.join(parts)} proved{self._given()}, {by}, {for_sizes([self.outcome])} and all "
            f"real entries; {_of(misses, Refuted)} near misses refuted by exact points."
        )

    def _given(self) -> str:
        """Return the lemmas that a proved theorem rests on."""
        names = [element("em", escape(title(lemma.name))) for lemma in self.theorem.lemmas]
        return f", given {joined(names)}" if names and isinstance(self.outcome.verdict, Proved) else ""


def _of(verdicts: Sequence[Verdict], kind: type[Verdict]) -> str:
    return f"{sum(isinstance(verdict, kind) for verdict in verdicts)} of {len(verdicts)}"
