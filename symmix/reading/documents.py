"""A derivation as a whole: its lines one after the other, chains, statements, declarations, and what is none of these.

It may be a file of theorems: lines of words say what each is called, what it claims, and what must not hold.

A line that is not understood is kept with its error, and reading goes on behind it: nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from symmix.reading.chains import Chain, Chains, Link
from symmix.reading.context import Context
from symmix.reading.declarations import WORDS, declared, is_declaration
from symmix.reading.statements import Statements
from symmix.reading.stream import Stream
from symmix.reading.tokens import Known, Place, ReadingError, Token, joined, lines_of, tokens
from symmix.reading.told import NOTHING_SHOWN, Because, Told, because
from symmix.reading.told import joined as both
from symmix.reading.words import BECAUSE, FORMS, MISS, POINT, ROLES, THEOREM, Said, said
from symmix.terms import statements as s

MAX_LINES = 10_000
MAX_LINE = 4_000  # characters
MAX_TOKENS = 2_000  # of one statement, which may go over several lines
_OPEN = frozenset({"+", "-", "=", ":=", ",", "(", "[", "{", "*", "/", "o"})  # a line that ends so goes on


@dataclass(frozen=True)
class Stated:
    """A statement in words of its own, or one that has a label.

    Its ``role`` is that of a "claim", or of a "near miss", which has to fail; none if the line does not say so.
    """

    place: Place
    text: str
    statement: s.Statement
    context: Context
    reason: str = ""
    label: str = ""
    role: str = ""
    because: Because = NOTHING_SHOWN

    @property
    def wanted(self) -> s.Statement:
        """What has to hold: of a near miss that it fails."""
        if self.role != MISS:
            return self.statement
        return self.statement.statement if isinstance(self.statement, s.Fails) else s.Fails(self.statement)


@dataclass(frozen=True)
class Fault:
    """A line that was not understood; one that ``declares`` something leaves open what holds behind it.

    A ``defect`` is an exception that nobody expected there.
    """

    error: ReadingError
    declares: bool = False
    defect: str = ""


Part = Chain | Stated | Fault


@dataclass
class Derivation:
    """What was read of a text, in its order, with what is declared at its end, and what it says of theorems."""

    lines: Sequence[str]
    parts: list[Part] = field(default_factory=list)
    context: Context = field(default_factory=Context)
    theorems: list[Told] = field(default_factory=lambda: [Told(Place(1, 1))])

    @property
    def faults(self) -> list[ReadingError]:
        """What was not understood."""
        links = (link for part in self.parts if isinstance(part, Chain) for link in part.links)
        found = [part.error for part in self.parts if isinstance(part, Fault)]
        found += [link.error for link in links if link.error is not None]
        return sorted(found, key=lambda error: (error.place.line, error.place.column))


def read_derivation(text: str) -> Derivation:
    """Read a derivation: declarations, chains and statements. What is not understood is in ``faults``."""
    lines = lines_of(text)
    return read_lines(lines, enumerate(lines, 1))


def read_lines(lines: Sequence[str], numbered: Iterable[tuple[int, str]]) -> Derivation:
    """Read some lines of a text, each with its number."""
    reader = Lines(Derivation(lines))
    for number, line in numbered:
        if number > MAX_LINES:
            place = Place(number, 1)
            error = ReadingError(place, f"at most {MAX_LINES} lines", f"{len(lines)}", "check it in parts")
            reader.derivation.parts.append(Fault(error))
            break
        reader.line(number, line)
    reader.end()
    reader.finished()
    return reader.derivation


def require_short(line: str, number: int) -> None:
    """Refuse a line that is too long."""
    if len(line) > MAX_LINE:
        place = Place(number, MAX_LINE)
        raise ReadingError(place, f"at most {MAX_LINE} characters a line", f"{len(line)}", "define parts")


class Lines:
    """Puts lines together to statements, and reads these."""

    def __init__(self, derivation: Derivation, *, as_written: bool = True) -> None:
        self.derivation, self._as_written = derivation, as_written  # whether a step shows what stands in the text
        self._tokens: list[Token] = []
        self._reasons: list[str] = []
        self._end = Place(1, 1)
        self._chain_is_open = False
        self._said: Said | None = None  # the word that what comes together stands behind

    def line(self, number: int, line: str) -> None:
        """Read a line of text, or the beginning of what goes on in the next one."""
        try:
            require_short(line.partition("#")[0], number)
            begin = self._words(number, line)
        except ReadingError as error:
            self.drop(error)
            return
        if begin is not None:
            self._mathematics(number, line, begin)

    def _mathematics(self, number: int, line: str, begin: int) -> None:
        body, mark, reason = line[begin:].partition("#")
        body = line[:begin] + body
        self._end = Place(number, len(body.rstrip()) + 1)
        try:
            found = tokens(body, number, self._known(body), begin)
        except ReadingError as error:
            self.drop(error, declares=":=" in body or body.split(maxsplit=1)[:1] in ([word] for word in WORDS))
            return
        if not found:
            return
        self._tokens += found
        if mark:
            self._reasons.append(reason.strip())
        if not self._goes_on():
            self.end()

    def _words(self, number: int, line: str) -> int | None:
        """Take up a line of words; returns where mathematics begins in it, None if it has none."""
        found = said(line, number, self.derivation.context.knows)
        if found is None:
            return 0
        self.close()
        rest = line[found.begin :].strip()
        if found.word == THEOREM:
            self._theorem(found, rest)
        elif found.word in (*ROLES, BECAUSE, POINT):
            self._said, self._end = found, Place(number, len(line.rstrip()) + 1)
            return found.begin
        else:
            self.told.say(found, rest)
        return None

    def _theorem(self, found: Said, summary: str) -> None:
        """Begin a theorem, for which what was declared before the first of them holds."""
        others = self.derivation.theorems
        others[-1].context = self.derivation.context
        self.derivation.context = others[0].context
        if any(other.name == found.name for other in others):
            required = "one theorem of each name"
            self.derivation.parts.append(
                Fault(ReadingError(found.place, required, f"{found.name} once more", "rename one of the two"))
            )
        if not summary:
            error = ReadingError(found.place, "what the theorem says, in words", "none", f"write {FORMS[THEOREM]}")
            self.derivation.parts.append(Fault(error))
        begin = len(self.derivation.parts)
        others.append(Told(found.place, found.name, summary, begin, self.derivation.context))

    @property
    def told(self) -> Told:
        """What is said of the theorem that the lines are in."""
        self.derivation.theorems[-1].context = self.derivation.context
        return self.derivation.theorems[-1]

    def _known(self, body: str) -> Known:
        if body.lstrip().startswith("let "):
            return lambda _: True  # what is declared there has its accents with it
        defined = body.partition(":=")[0].strip() if ":=" in body else ""
        return lambda name: name == defined or self.derivation.context.knows(name)

    def _goes_on(self) -> bool:
        if len(self._tokens) > MAX_TOKENS:
            return False
        depth = sum(token.nesting for token in self._tokens)
        return (depth > 0 and not _is_let(self._tokens)) or self._tokens[-1].text in _OPEN

    def end(self) -> None:
        """Read what has come together."""
        if not self._tokens and self._said is None:
            return
        taken, reasons, behind = self._tokens, "; ".join(filter(None, self._reasons)), self._said
        self._tokens, self._reasons, self._said = [], [], None
        stream = Stream(taken, self._end)
        try:
            if not taken and behind is not None:
                stream.refuse(f"a statement behind {behind.word}:", "nothing", f"write {FORMS[behind.word]}")
            if len(taken) > MAX_TOKENS:
                raise ReadingError(
                    taken[0].place, f"at most {MAX_TOKENS} signs and names a statement", f"{len(taken)}", "define parts"
                )
            if behind is None:
                self._read(stream, reasons)
            else:
                self._behind(behind, stream, reasons)
        except ReadingError as error:
            self._chain_is_open = False
            self.derivation.parts.append(Fault(error, is_declaration(Stream(taken, self._end))))
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not lose the other lines
            self._chain_is_open = False
            kind = type(error).__name__
            told = "a defect of ours: please report it with this line"
            fault = ReadingError(taken[0].place, "a line that can be read", f"{kind} inside of symmix", told)
            self.derivation.parts.append(Fault(fault, declares=True, defect=f"{kind}: {error}"))

    def drop(self, error: ReadingError, *, declares: bool = False) -> None:
        """Keep the error of what has come together, of which nothing is used."""
        self._tokens, self._reasons, self._chain_is_open, self._said = [], [], False, None
        self.derivation.parts.append(Fault(error, declares))

    def unread(self, error: ReadingError, *, goes_on: bool) -> None:
        """Keep a side of a chain that was not understood: the sides behind it are still compared with each other."""
        self.end()
        link = Link(error.place, "...", None, self.derivation.context, error=error)
        last = self.derivation.parts[-1] if goes_on and self._chain_is_open else None
        links: tuple[Link, ...] = (link,)
        if isinstance(last, Chain):
            self.derivation.parts.pop()
            links = (*last.links, link)
        self.derivation.parts.append(Chain(links))
        self._chain_is_open = True

    def _read(self, stream: Stream, reason: str) -> None:
        if is_declaration(stream):
            self.derivation.context = declared(stream, self.derivation.context)
        elif _is_chain(stream):
            self._chain(stream, reason)
        else:
            self._stated(stream, reason)

    def statement(self, found: Sequence[Token], reason: str, end: Place) -> None:
        """Read tokens that are a whole statement."""
        self.end()
        self._tokens, self._reasons, self._end = list(found), [reason], end
        self.end()

    def close(self) -> None:
        """End the chain: what begins with = behind it goes on nothing."""
        self.end()
        self._chain_is_open = False

    def finished(self) -> None:
        """Refuse a chain that has one side."""
        self.told.context = self.derivation.context
        for number, part in enumerate(self.derivation.parts):
            if isinstance(part, Chain) and len(part.links) == 1 and part.links[0].error is None:
                place = part.links[0].place
                error = ReadingError(place, "an equation, or = on the next line", part.links[0].text, "state something")
                self.derivation.parts[number] = Fault(error)

    def _stated(self, stream: Stream, reason: str, said: Said | None = None) -> None:
        place, context = stream.next.place, self.derivation.context
        statement = Statements(stream, context).statement()
        self._chain_is_open = False
        label, role = (said.name, said.word) if said else ("", "")
        self.derivation.parts.append(Stated(place, self._text(stream.tokens), statement, context, reason, label, role))

    def _behind(self, said: Said, stream: Stream, reason: str) -> None:
        """Read what stands behind one of the words."""
        if said.word in ROLES:
            self._stated(stream, reason, said)
        elif said.word == POINT:
            self.told.meet(stream)
        else:
            last = self.derivation.parts[-1] if self.derivation.parts else None
            if isinstance(last, Fault):
                return  # the statement was not understood, which is said already
            if not isinstance(last, Stated):
                stream.refuse("a claim or near miss on the line above", "none", f"write {FORMS['claim']}, first")
            shown = both(last.because, because(stream, last.statement, last.context))
            if shown is None:
                stream.refuse("one reason of each kind", "another one", "leave one out", stream.tokens[0])
            self.derivation.parts[-1] = replace(last, because=shown)

    # -- chains ---

    def _chain(self, stream: Stream, reason: str) -> None:
        goes_on = stream.next.text == "="
        if goes_on and not self._chain_is_open:
            stream.refuse("a chain above that goes on here", remedy="write its first side before the =")
        reader = Chains(stream, self.derivation.context)
        last = self.derivation.parts[-1] if goes_on else None
        before = last.links[-1].expression if isinstance(last, Chain) else None
        links = reader.links(before, goes_on=goes_on)
        found = [replace(link, reason=reason, text=self._text(part)) for link, part in links]
        if isinstance(last, Chain):
            self.derivation.parts.pop()
            found = [*last.links, *found]
        self.derivation.parts.append(Chain(tuple(found)))
        self._chain_is_open = True

    def _text(self, part: Sequence[Token]) -> str:
        """Return the text of some tokens, as it stands on its lines."""
        if not part:
            return ""
        if not self._as_written:
            return joined(part)
        first, last = part[0].place, part[-1].place
        if first.line != last.line:
            return " ".join(token.text for token in part)
        return self.derivation.lines[first.line - 1][first.column - 1 : last.column - 1 + len(part[-1].text)]


def _is_let(found: Sequence[Token]) -> bool:
    return found[0].text == "let"  # an interval may be open at its end: (0,1]


def _is_chain(stream: Stream) -> bool:
    """Whether a line is one side, or several with = between them, with a clause behind at most."""
    depth, equals = 0, False
    for token in stream.tokens:
        depth += token.nesting
        if depth == 0 and token.text in ("where", "if"):
            return equals and token.text == "where"
        if depth == 0 and token.text in (",", ":", "<", ">", "<=", ">=", "!=", "is"):
            return False
        equals = equals or (depth == 0 and token.text == "=")
    return True
