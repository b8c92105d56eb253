"""Statements, chains, settings and theorems that were read, beside SymPy's expressions for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from symmix.deciding import Hints
from symmix.derivation import Derivation
from symmix.language import Reader
from symmix.language.outward import Outward, reader_of
from symmix.setting import Setting
from symmix.statements import Equivalence, Fails, Identity, Minimum, Positivity, Statement, Vanishing
from symmix.terms import statements as s
from symmix.terms.meanings import Names
from symmix.theorems import Theorem


@dataclass(frozen=True)
class Read(Statement):
    """A statement as it was read, with what is shown of why it holds."""

    read: s.Statement
    shown: Hints
    outward: Outward

    def tree(self, reader: Reader) -> s.Statement:  # noqa: ARG002 - it is one already
        """Return the statement."""
        return self.read

    def hints(self, reader: Reader) -> Hints:  # noqa: ARG002 - they are trees already
        """Return what is shown."""
        return self.shown

    @cached_property
    def components(self) -> Statement:
        """The statement over SymPy's expressions."""
        return outward(self.read, self.outward)


@dataclass(frozen=True)
class ReadChain(Derivation):
    """A chain as it was read, beside SymPy's expressions."""

    read: s.Derivation = field(kw_only=True)

    def tree(self, reader: Reader) -> s.Derivation:  # noqa: ARG002 - it is one already
        """Return the chain."""
        return self.read


@dataclass
class ReadSetting(Setting):
    """A setting as it was read."""

    read: s.Setting = field(kw_only=True)
    names: Names = field(kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.reader = reader_of(self.names, self.read.whole)

    def tree(self, roots: Any) -> s.Setting:  # noqa: ARG002 - it is that of the whole theorem
        """Return the setting."""
        return self.read


@dataclass(frozen=True)
class ReadTheorem(Theorem):
    """A theorem whose trees were read from text."""

    read: s.Setting = field(kw_only=True)
    names: Names = field(kw_only=True)

    def __post_init__(self) -> None:
        """Ask for nothing: what was read is a theorem, or a derivation, which needs no near miss."""

    def setting(self) -> ReadSetting:
        """Return what holds throughout the theorem."""
        return ReadSetting(point=self.point, read=self.read, names=self.names)


def outward(stated: s.Statement, out: Outward) -> Statement:
    """Return a statement over SymPy's expressions."""
    where = () if isinstance(stated, s.Fails) else [out.hypothesis(hypothesis) for hypothesis in stated.where]
    match stated:
        case s.Identity(left=left, right=right):
            return Identity(out(left), out(right), where)
        case s.Vanishing(expressions=expressions):
            return Vanishing([*map(out, expressions)], where)
        case s.Equivalence(left=forth, right=back, provided=provided):
            return Equivalence([*map(out, forth)], [*map(out, back)], [*map(out, provided)], where=where)
        case s.Positivity(scalar=scalar, ranges=ranges, strict=strict):
            bounds = {cast("Any", out(r.symbol)): (r.low, r.high) for r in ranges}
            return Positivity(out(scalar), cast("Any", bounds), where, strict=strict)
        case s.Minimum(scalar=scalar, at=at):
            values = {out.symbols[symbol.name]: out.matrix(v) if symbol.axes else out(v) for symbol, v in at}
            return Minimum(out(scalar), values, where)
        case s.Fails(statement=inner):
            return Fails(outward(inner, out))
