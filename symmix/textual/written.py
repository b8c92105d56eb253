"""One theorem: what was read of it, put together; what is missing in it, or said too late, is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from symmix.checking.effort import too_much
from symmix.checking.judging import hints_of
from symmix.derivation import Step
from symmix.errors import SymmixError
from symmix.language.outward import Outward, symbols_of
from symmix.reading import Because, Chain, ReadingError, Stated, Told, in_text
from symmix.reading.context import Context
from symmix.reading.tokens import Place
from symmix.reading.told import NOTHING_SHOWN
from symmix.reading.words import CLAIM, FORMS, MISS
from symmix.stating import Lemma
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.documents import independent_pairs, require_theorem
from symmix.terms.meanings import Names, names_of, roots_of, samples_of
from symmix.textual.trees import Read, ReadChain, ReadTheorem
from symmix.theorems import Script


@dataclass(frozen=True)
class _Part:
    """A claim or near miss on the way."""

    label: str
    place: Place
    statement: s.Statement
    because: Because = NOTHING_SHOWN


class Written:
    """Makes a theorem of what was read of it."""

    def __init__(self, told: Told, parts: Sequence[Chain | Stated], path: Path) -> None:
        self.told, self.parts, self.path = told, parts, path
        self.context = told.context
        stated = [part for part in parts if isinstance(part, Stated)]
        self.misses = [_Part(x.label, x.place, x.statement, x.because) for x in stated if x.role == MISS]
        self.claims = [_Part(x.label, x.place, x.statement, x.because) for x in stated if x.role == CLAIM]
        self.others = [_Part("", x.place, x.statement, x.because) for x in stated if not x.role]
        self.proofs: list[tuple[Place, s.Derivation]] = []
        for chain in (part for part in parts if isinstance(part, Chain)):
            self._chain(chain)
        alone = not self.claims and len(self.others) == 1
        self.claims += [replace(x, label="" if alone else f"line {x.place.line}") for x in self.others]
        self._require_whole()

    @property
    def name(self) -> str:
        """The name, which a derivation has from its file."""
        return (
            self.told.name
            or re.sub(r"\W+", "_", re.sub(r"^[^A-Za-z]*", "", self.path.stem, flags=re.ASCII))
            or "derivation"
        )

    def _chain(self, chain: Chain) -> None:
        """Take a chain for the proof of a claim whose sides it joins, else for a claim of its own."""
        steps: list[s.Step] = []
        start = before = _expression(chain, 0)
        for number, link in enumerate(chain.links[1:], 1):
            expression = _expression(chain, number)
            if expression != before:
                steps.append(s.Step(expression, link.reason, link.where))
            before = expression
        place = chain.links[0].place
        if not steps:
            raise ReadingError(place, "sides that differ", f"{chain.links[0].text} on all", "state something")
        proof = s.Derivation(start, tuple(steps))
        if any(
            isinstance(x.statement, s.Identity) and {x.statement.left, x.statement.right} == {start, before}
            for x in self.claims
        ):
            self.proofs.append((place, proof))
        elif start == before:
            self.others += [_Part("", place, identity) for identity in proof.identities()]
        else:
            where = tuple(dict.fromkeys(hypothesis for step in steps for hypothesis in step.where))
            self.others.append(_Part("", place, s.Identity(start, before, where)))
            if len(steps) > 1 or steps[0].reason:
                self.proofs.append((place, proof))

    def _require_whole(self) -> None:
        """Refuse what is no theorem: without claims or near misses, with labels twice, with what is said too late."""
        place = self.told.place
        is_theorem = bool(self.told.name or self.misses or any(isinstance(p, Stated) and p.role for p in self.parts))
        if not self.claims:
            raise ReadingError(place, "at least one claim", "none", f"write {FORMS[CLAIM]}")
        if is_theorem and not self.misses:
            help_ = f"write {FORMS[MISS]}: a check that never says no proves nothing"
            raise ReadingError(place, "at least one near miss", "none", help_)
        for role, found in ((CLAIM, self.claims), (MISS, self.misses)):
            seen: set[str] = set()
            for part in found:
                if part.label in seen:
                    shown = f"{role} {part.label!r} once more" if part.label else "two without a label"
                    raise ReadingError(part.place, f"one {role} of each label", shown, f"write {FORMS[role]}")
                seen.add(part.label)
        for lemma in self.told.lemmas:
            if not lemma.source:
                remedy = f"write below it {FORMS['by']}"
                raise ReadingError(place, f"where the lemma {lemma.name} comes from", "nothing", remedy)
        for stated in self.parts:
            self._require_declared_before(stated)

    def _require_declared_before(self, part: Chain | Stated) -> None:
        """Refuse what is said too late of a statement's symbols: in a theorem it holds throughout."""
        contexts = (
            [(part.context, [part.statement])]
            if isinstance(part, Stated)
            else [(link.context, [link.expression, *link.where]) for link in part.links]
        )
        for context, trees in contexts:
            names = Names(definitions=dict(context.definitions))
            used = {x.name for tree in trees for x in names.unfolded(cast("Node", tree)) if isinstance(x, t.Symbol)}
            late = [x for x in _said_of(self.context, context) if x[0] in used]
            if late:
                help_ = "move it above: declarations and conditions hold throughout a theorem"
                raise ReadingError(place_of(part), f"what is said of {late[0][0]} above", f"{late[0][1]}, below", help_)

    # -- as a tree ---

    @cached_property
    def tree(self) -> s.Theorem:
        """The theorem as one tree."""
        labelled = [tuple((x.label, x.statement) for x in found) for found in (self.claims, self.misses)]
        proofs = tuple(proof for _, proof in self.proofs)
        bare = s.Theorem(self.name, s.Setting(), labelled[0], proofs, labelled[1], tuple(self.told.lemmas))
        return replace(bare, setting=self._setting(roots_of(bare)))

    def _setting(self, roots: Sequence[Node]) -> s.Setting:
        context = self.context
        values = [part for pair in context.definitions for part in pair]
        conditions = _about(context.conditions, [*roots, *values])
        trees: list[Node] = [*roots, *values, *conditions]
        used = {name for tree in trees for name in samples_of(tree)}
        symbols = {node.name for tree in trees for node in tree.walk() if isinstance(node, t.Symbol)}
        return s.Setting(
            tuple(t.Index(index, size) for index, size in context.indices.items() if index in used),
            context.definitions,
            conditions,
            tuple(sorted(name for name in context.whole if name in symbols)),
            independent_pairs(Names(definitions=dict(context.definitions)), [*conditions, *roots]),
            tuple(sorted((name, word) for name, word in context.properties.items() if name in symbols)),
        )

    def _require_well_formed(self) -> None:
        """Refuse a theorem that is not, at the line of the part that is not."""
        try:
            require_theorem(self.tree)
        except SymmixError as error:
            places = {f"claim {x.label!r}" if x.label else "the claim": x.place for x in self.claims}
            places |= {f"near miss {x.label!r}": x.place for x in self.misses}
            chain = self.proofs[0][0] if self.proofs else self.told.place
            place = next((places[x] for x in error.places if x in places), chain)
            raise ReadingError(place, *in_text(error)) from error
        effort = too_much(self.tree)
        if effort is not None:
            size = f"up to {effort.terms} terms of {effort.degree} factors, multiplied out"
            raise ReadingError(self.told.place, "a smaller theorem", size, "define parts, or make several of it")

    # -- as a script ---

    def script(self) -> Script:
        """Return the theorem as a script does."""
        self._require_well_formed()
        told, words = self.told, self.told.words
        prose = {word: " ".join(words.get(word, ())) for word in ("answers", "quotes", "title", "idea")}
        source = tuple(key.strip() for keys in words.get("source", ()) for key in keys.split(",") if key.strip())
        summary = told.summary or prose["title"] or f"What is derived in {self.path.name}."
        said = "\n\n".join([summary, *words.get("note", ())])
        theorem = self._theorem()
        return Script(
            self.name,
            lambda: theorem,
            prose["answers"],
            source,
            prose["quotes"],
            prose["title"],
            prose["idea"],
            said,
            self.path,
        )

    def _theorem(self) -> ReadTheorem:
        names, tree = names_of(self.tree), self.tree
        out = Outward(symbols_of(names, tree.setting.whole))
        symbols = {name: out.symbols[name] for name in names.symbols}
        spoken = {
            word: {symbols[x]: said for x, said in found.items() if x in symbols}
            for word, found in self.told.symbols.items()
        }
        return ReadTheorem(
            claim={x.label: _read(x, out) for x in self.claims},
            near_misses={x.label: _read(x, out) for x in self.misses},
            proof=[_chain(proof, out) for _, proof in self.proofs],
            definitions={out.symbols[x.name]: out.matrix(v) if x.axes else out(v) for x, v in tree.setting.definitions},
            conditions=[out.condition(condition) for condition in tree.setting.conditions],
            point={cast("Any", name): _exact(value) for name, value in self.told.point.items()},
            lemmas=[Lemma(lemma.name, lemma.statement, lemma.source) for lemma in tree.lemmas],
            spelling=spoken.get("spelling", {}),
            meanings=spoken.get("meaning", {}),
            read=tree.setting,
            names=names,
        )


def _expression(chain: Chain, number: int) -> t.Expression:
    return cast("t.Expression", chain.links[number].expression)  # one without has an error


def _said_of(end: Context, before: Context) -> Iterator[tuple[str, str]]:
    """Run through what is said at the end and not before, by the symbols that it is said of."""
    for condition in end.conditions[len(before.conditions) :]:
        shown = f"{condition.left} {condition.sign} {condition.right}"
        yield from ((x.name, f"given {shown}") for x in condition.walk() if isinstance(x, t.Symbol))
    for symbol, value in end.definitions[len(before.definitions) :]:
        yield symbol.name, f"{symbol} := {value}"
    yield from ((name, f"let {name} whole") for name in end.whole if name not in before.whole)
    yield from ((name, f"let {name} {word}") for name, word in end.properties.items() if name not in before.properties)


def _about(conditions: Sequence[s.Condition], trees: Sequence[Node]) -> tuple[s.Condition, ...]:
    """Return the conditions on what occurs, and on what is tied to it by conditions."""
    found, about = dict[s.Condition, None](), _named(trees)
    while new := [c for c in conditions if c not in found and not about.isdisjoint(_named([c]))]:
        found |= dict.fromkeys(new)
        about |= _named(new)
    return tuple(c for c in conditions if c in found)


def _named(trees: Iterable[Node]) -> set[str]:
    """Return the symbols in trees, and the sizes: those of their axes are asked for as much as those in formulas."""
    names = Names.of(trees)
    return {*names.symbols, *names.sizes}


def _read(part: _Part, out: Outward) -> Read:
    return Read(part.statement, hints_of(part.because), out)


def _chain(proof: s.Derivation, out: Outward) -> ReadChain:
    steps = [Step(out(x.expression), x.reason, [out.hypothesis(h) for h in x.where]) for x in proof.steps]
    return ReadChain(out(proof.start), tuple(steps), read=proof)


def _exact(value: Any) -> Any:
    """Return a value of a point as a script gives it."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else value
    return [[_exact(x) for x in row] for row in value]


def place_of(part: Chain | Stated) -> Place:
    """Return where a statement or a chain begins."""
    return part.links[0].place if isinstance(part, Chain) else part.place
