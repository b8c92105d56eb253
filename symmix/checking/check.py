"""A derivation in text, checked line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from symmix.checking.causes import Causes, explained, explaining, with_cause, with_cause_inside
from symmix.checking.effort import LINE_SHARE, TEXT_WORK
from symmix.checking.forms import read
from symmix.checking.judging import Judged, judged
from symmix.checking.report import Finding, Report, Word
from symmix.checking.slips import scaled
from symmix.errors import SymmixError
from symmix.metering import allowed
from symmix.printing.text import TextPrinter
from symmix.printing.wording import assumption
from symmix.reading import Chain, Derivation, Fault, Link, ReadingError, ShapeError, Stated, in_text, reworded
from symmix.reading.sizes import shown
from symmix.reading.told import NOTHING_SHOWN
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.terms.base import Node
from symmix.terms.documents import repeats_moment
from symmix.terms.functions import coefficients, speaks_of_functions
from symmix.verdict import Proved, Refuted, Rows, Undecided

_PRINTER = TextPrinter()
_PRINTED = "not always: {}"  # what is checked of a near miss
Watch = Callable[[int, int], None]  # how many lines are judged, and how many there are


def check_derivation(
    text: str, name: str = "", watch: Watch | None = None, form: str = "txt", causes: Causes = "some"
) -> Report:
    """Decide every step of a derivation; nothing of it is evaluated.

    The grammar is that of the guide *check-a-derivation*. The ``form`` is "txt" for plain text, "md" for Markdown with
    code fences called symmix, or "json" for the document of a theorem, as a certificate has it. ``watch`` is told how
    many steps are judged, and how many there are. ``causes`` says whether wrong lines are explained: "all", "none", or
    "some", until the work allowed for a text is used up, which the report says.

    >>> lines = ["let W: k x h, z: h", "d(|W z|^2)/dz = 2 W^T W z = 2 W W^T z"]
    >>> [finding.word for finding in check_derivation(chr(10).join(lines)).findings]
    ['proved', 'shapes do not fit']
    """
    return checked(read(text, form), name, watch, causes)


def checked(derivation: Derivation, name: str = "", watch: Watch | None = None, causes: Causes = "some") -> Report:
    """Decide every step of a derivation that was read, with a bounded amount of work for all of them."""
    steps = sum(len(part.links) - 1 if isinstance(part, Chain) else 1 for part in derivation.parts)
    findings: list[Finding] = []
    with allowed(TEXT_WORK + LINE_SHARE * steps), explaining(causes) as budget:
        for finding in _findings(derivation):
            findings.append(finding)
            if watch is not None:
                watch(len(findings), steps)
    since = budget.since if causes == "some" else 0
    return Report(sorted(findings, key=lambda finding: finding.line), derivation.lines, name, since)


def _findings(derivation: Derivation) -> Iterator[Finding]:
    unread = ""  # the first declaration that was not understood: what holds behind it is open
    for part in derivation.parts:
        match part:
            case Chain():
                yield from (_open(finding, unread) for finding in _chain(part))
            case Stated():
                yield _open(_stated(part), unread)
            case Fault(error=error, declares=declares, defect=defect):
                yield replace(_fault(error, ""), defect=defect)
                unread = unread or (f"line {error.place.line}" if declares else "")


def _fault(error: ReadingError, text: str) -> Finding:
    word: Word = "shapes do not fit" if isinstance(error, ShapeError) else "not understood"
    problem = (error.required, error.arrived, error.remedy)
    return Finding(error.place.line, error.place.column, word, text, problem=problem)


def _open(finding: Finding, unread: str) -> Finding:
    """Return what is refuted as undecided where something that was not understood could make it true."""
    if not unread or finding.word != "refuted":
        return finding
    missing = f"{unread}, which was not understood: without it this does not hold"
    return Finding(finding.line, finding.column, "undecided", finding.text, finding.reason, missing=missing)


# -- chains ---


def _chain(chain: Chain) -> Iterator[Finding]:
    """Judge each step by itself; behind a wrong one also against the last side that was right."""
    before, good = chain.links[0], chain.links[0]
    gap = ""  # what stands before and was not understood
    wrong: int | None = None  # the line of the step that led to ``before``, where it was wrong
    if before.error is not None:
        yield _fault(before.error, before.text)
    for link in chain.links[1:]:
        if before.expression is None:  # which is said already
            before, good = link, link
            if link.error is not None:
                yield _fault(link.error, link.text)
            continue
        finding = _step(before, link) if wrong is None else _behind(wrong, before, good, link)
        finding = _open(finding, gap)
        yield finding
        gap = "the side before it" if finding.word == "not understood" else ""
        if finding.word == "proved" and finding.builds_on is None:
            before, good, wrong = link, link, None
        elif link.expression is not None and finding.word != "shapes do not fit":
            before, wrong = link, wrong or link.place.line
        else:
            before, wrong = good, None


def _behind(wrong: int, before: Link, good: Link, link: Link) -> Finding:
    """Judge a step behind a wrong one: as it stands, and if it does not hold so, from the last side that was right."""
    finding = _step(before, link)
    if finding.word != "proved":
        again = _step(good, link)
        if again.word == "proved":
            remark = f"compared with {good.text} of line {good.place.line}, since line {wrong} is wrong"
            return replace(again, remark=remark)
    return replace(finding, builds_on=wrong)


def _guarded(begin: Finding, judge: Callable[[Finding], Finding]) -> Finding:
    """Judge one step; what is unexpected there is a defect of ours, and leaves the other steps as they are."""
    try:
        return judge(begin)
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not lose the report
        kind = type(error).__name__
        missing = f"an answer: {kind} inside of symmix: a defect of ours, please report it"
        return replace(begin, missing=missing, defect=f"{kind}: {error}" if f"{error}" else kind)


def _step(before: Link, link: Link) -> Finding:
    begin = Finding(link.place.line, link.place.column, "undecided", f"{before.text} = {link.text}", link.reason)
    return _guarded(begin, lambda begin: _judged_step(begin, before, link))


def _judged_step(begin: Finding, before: Link, link: Link) -> Finding:
    if link.error is not None:
        fault = replace(_fault(link.error, begin.text), reason=link.reason)
        return with_cause_inside(fault, before, link) if fault.word == "shapes do not fit" else fault
    left, right = before.expression, link.expression
    if left is None or right is None:
        return begin  # not reached: what has no expression has an error
    if left.shape != right.shape:
        shapes = f"the left one is {shown(left.shape)}, the right one {shown(right.shape)}"
        help_ = "transpose one, or check the order of the factors"
        found = replace(begin, word="shapes do not fit", problem=("two sides of one shape", shapes, help_))
        return with_cause(found, left, right, link)
    if left == right:
        return replace(begin, word="proved", remark="the same expression once more")
    statement = s.Identity(left, right, link.where)
    if repeats_moment(statement):  # which is no claim, but may be a step: twice of it is decided
        begin = replace(begin, remark="a given moment once more")
        statement = s.Identity(scaled(left, Fraction(2)), scaled(right, Fraction(2)), link.where)
    return _judged(begin, statement, link)


def _stated(part: Stated) -> Finding:
    about = f"{part.role} {part.label}".strip() if part.role else ""
    text = part.text if part.wanted == part.statement else _PRINTED.format(part.text)
    reason = ", ".join(filter(None, (about, part.reason)))
    begin = Finding(part.place.line, part.place.column, "undecided", text, reason)
    return _guarded(begin, lambda begin: _judged(begin, part.wanted, part))


def _judged(begin: Finding, statement: s.Statement, where: Link | Stated) -> Finding:
    try:
        found = judged(statement, where.context, where.because if isinstance(where, Stated) else NOTHING_SHOWN)
    except SymmixError as error:
        return replace(begin, word="not understood", problem=in_text(error))
    begin = replace(begin, disagreement=found.disagreement)
    match found.verdict:
        case Proved(assuming=assuming):
            return replace(begin, word="proved", assuming=_assumed(assuming))
        case Undecided(missing=missing):
            return replace(begin, missing=reworded(missing))
        case Refuted():
            return _refuted(begin, statement, found, where)
    return begin


def _assumed(trees: Sequence[t.Expression]) -> list[str]:
    """Return what is not zero, in words, each once: 2 s is not where s is not."""
    return list(dict.fromkeys(assumption(_unscaled(tree), _PRINTER) for tree in trees))


def _unscaled(tree: t.Expression) -> t.Expression:
    """Return a product without its number in front, which is not zero."""
    match tree:
        case t.Multiply(factors=(t.Number(value=value), *rest)) if value and rest:
            return rest[0] if len(rest) == 1 else t.Multiply(tuple(rest))
    return tree


# -- what is wrong ---


def _refuted(begin: Finding, statement: s.Statement, found: Judged, where: Link | Stated) -> Finding:
    verdict = found.verdict
    witness = verdict.witness if isinstance(verdict, Refuted) else None
    finding = replace(begin, word="refuted")
    if witness is not None:
        nodes = found.frame.names.unfolded(statement)
        used = {name for node in nodes for name in _names(node)}
        entries = {name: str(value) for name, value in witness.scalars.items() if name in used}
        entries |= {name: rows(value) for name, value in witness.entries.items() if name in used}
        finding = replace(
            finding,
            sizes={**witness.sizes, **witness.at},
            entries=entries,
            values={name: rows(value) for name, value in witness.values.items()},
        )
    if not isinstance(statement, s.Identity) or speaks_of_functions(statement):
        return finding
    missing: list[t.Expression] = []  # what may be a missing term

    def left(bare: Finding) -> Finding:
        from symmix.checking.left_over import left_over  # noqa: PLC0415  # SymPy is for what is wrong alone

        rest, is_new = left_over(statement.left, statement.right, found.frame)
        missing.extend([rest] if rest is not None and is_new else [])
        return replace(bare, left_over=_PRINTER.print(rest) if rest is not None else "")

    finding = explained(finding, left)
    return with_cause(finding, statement.left, statement.right, where, missing[0] if missing else None, found)


def _names(node: Node) -> tuple[str, ...]:
    """Return what a point gives values to: a symbol, a size, and of a function the coefficients."""
    match node:
        case t.Symbol(name=name) | t.Size(name=name):
            return (name,)
        case t.Function():
            return tuple(symbol.name for symbol in coefficients(node))
    return ()


def rows(value: Rows) -> str:
    """Return a small matrix: a number, or its rows."""
    if len(value) == len(value[0]) == 1:
        return str(value[0][0])
    return "[" + ", ".join("[" + ", ".join(map(str, row)) + "]" for row in value) + "]"
