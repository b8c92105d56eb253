"""An appendix: claims as combinations of their hypotheses, cofactors folded into named symbols where they are long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symmix.printing.display import Relation
from symmix.printing.layout import width
from symmix.publish.article.pen import LINE, Pen
from symmix.terms import nodes as t
from symmix.terms import statements as s
from symmix.verdict import Membership, Proved

_LONGEST = 2  # lines; what is longer stands in the certificate
_NEXT = " \\\\\n"


def cofactors(pens: Sequence[Pen]) -> str:
    """Return the displays of the appendix: by number of the claim, the difference of its sides as a combination."""
    rows = [row for pen in pens for row in _of(pen)]
    return f"\\begin{{gather*}}\n{_NEXT.join(rows)}\n\\end{{gather*}}" if rows else ""


def _of(pen: Pen) -> Iterator[str]:
    """Run through the claims of a theorem whose combination does not stand in its proof."""
    for number, verdict in enumerate(pen.outcome.claims.values(), 1):
        pieces = verdict.evidence if isinstance(verdict, Proved) else ()
        for piece in pieces:
            if isinstance(piece, Membership) and piece.hypotheses:
                left, right = pen.sides(piece)
                if pen.outcome.document.proofs or not short(left, right, pen):
                    yield from _shown(left, right, piece.hypotheses, rf"eq:{pen.outcome.script.id}:{number}", pen)


def short(left: t.Expression, right: t.Expression, pen: Pen) -> bool:
    """Whether an equation fits into a line, and stands in the proof."""
    return _wide(left, right, pen) + 1.5 <= LINE - 2


def _wide(left: t.Expression, right: t.Expression, pen: Pen) -> float:
    write = pen.setter.inline_printer.print
    return width(write(left)) + width(write(right))


def _shown(
    left: t.Expression, right: t.Expression, hypotheses: Sequence[s.Hypothesis], label: str, pen: Pen
) -> Iterator[str]:
    """Run through the display of one combination: folded if that is possible and it is long; none if it stays long."""
    setter = pen.narrow(LINE - 4, plain=True)
    before = len(setter.formulas)
    folded = None if short(left, right, pen) else _folded(right, hypotheses)
    if folded:
        named = [(f"C_{{{n}}}", cofactor) for n, (cofactor, _) in enumerate(folded, 1)]
        total = " + ".join(rf"{name}\,{_factor(x, pen)}" for (name, _), (_, x) in zip(named, folded, strict=True))
        where = [rf"{name} = {pen.inline(cofactor)}" for name, cofactor in named]
        rows = [f"&{pen.inline(left)} = {total},", "&" + r",\quad ".join(where)]
    elif _wide(left, right, pen) > (_LONGEST + 1) * LINE:
        return
    else:
        rows = setter.rows([Relation(left, "=", right)])
    if len(rows) > _LONGEST or max(map(width, rows)) > LINE:
        del setter.formulas[before:]
        return
    yield f"\\begin{{aligned}}\n{_NEXT.join(rows)}\n\\end{{aligned}}\\tag*{{for~\\eqref{{{label}}}}}"


def _factor(hypothesis: t.Expression, pen: Pen) -> str:
    """Return a hypothesis for the end of a product."""
    latex = pen.inline(hypothesis)
    return rf"({latex})" if isinstance(hypothesis, t.Add) else latex


def _folded(total: t.Expression, hypotheses: Sequence[s.Hypothesis]) -> list[tuple[t.Expression, t.Expression]] | None:
    """Return cofactors with their hypotheses if each term is one times a hypothesis to its right, else None."""
    terms = total.terms if isinstance(total, t.Add) else (total,)
    found: dict[t.Expression, list[t.Expression]] = {}
    for term in terms:
        factors = term.factors if isinstance(term, t.Multiply) else (term,)
        hypothesis = factors[-1]
        if hypothesis not in hypotheses or not isinstance(hypothesis, t.Expression) or len(factors) < 3:
            return None
        rest = factors[:-1]
        found.setdefault(hypothesis, []).append(rest[0] if len(rest) == 1 else t.Multiply(rest))
    return [(parts[0] if len(parts) == 1 else t.Add(tuple(parts)), x) for x, parts in found.items()]
