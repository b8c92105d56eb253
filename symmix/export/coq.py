"""Theorems for Coq: the same SymPy trees that the kernel decided, printed over abstract inner product spaces.

A column is a vector of a space, a matrix is a linear map with its adjoint, ``Trace(u.T * v)`` is an inner product.
A definition is a function of the symbols that it needs, so that a derivative can move them: the gradient of L by z is
paired with a direction d, and the statement says that ``L(z + t d)`` is quadratic in t, with the slope ``<g, d>``.
One tactic of the prelude proves everything: bilinear expansion, then ring or field. Near misses are printed in the same
way, with the same proof, and Coq has to refuse each of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import sympy as sp

from symmix.errors import UnsupportedError
from symmix.export.text import text
from symmix.language.nodes import At, Gradient, Jacobian
from symmix.statements import Identity, Statement, Vanishing
from symmix.theorems import Script, Theorem

Env = Mapping[sp.Basic, str]  # what stands for a symbol: its name, or where it has moved to
PRELUDE = "Symmix.v"
_RESERVED = {"R", "S", "O", "I", "L", "fix", "fun", "forall", "exists", "in", "let", "add", "app", "adj", "dir", "step"}


def _outside(node: object, why: str) -> UnsupportedError:
    return UnsupportedError("vectors, linear maps, inner products and scalars", f"{node}", why)


def identifier(name: str) -> str:
    """Return a Coq identifier for the name of a symbol; primes may stay."""
    plain = name.replace("~", "_mixed").replace("+", "plus").replace("-", "_mean")
    return f"{plain}_" if plain in _RESERVED or plain.startswith("x_") else plain


@dataclass
class CoqPrinter:
    """Prints the expressions of one theorem; definitions are functions that are called by name."""

    theorem: Theorem
    parameters: dict[sp.Basic, tuple[sp.Basic, ...]] = field(default_factory=dict)

    # -- symbols ---

    def base(self, node: sp.Basic) -> tuple[sp.Basic, ...]:
        """Return the symbols without definition that an expression depends on, in the order of their names."""
        found: set[sp.Basic] = set()
        for symbol in node.atoms(sp.MatrixSymbol, sp.Symbol) - self.sizes(node):
            found |= set(self.base(self.theorem.definitions[symbol])) if self.defined(symbol) else {symbol}
        return tuple(sorted(found, key=lambda s: str(s.name)))

    def sizes(self, node: sp.Basic) -> set[sp.Basic]:
        """Return the sizes in the shapes of matrix symbols."""
        shapes = [size for symbol in node.atoms(sp.MatrixSymbol) for size in symbol.shape]
        return {size for size in shapes if isinstance(size, sp.Symbol)}

    def defined(self, symbol: sp.Basic) -> bool:
        """Whether a symbol has a definition."""
        return symbol in self.theorem.definitions

    def type_of(self, symbol: sp.Basic) -> str:
        """Return the Coq type of a symbol."""
        if not isinstance(symbol, sp.MatrixSymbol):
            return "R"
        rows, columns = symbol.shape
        if columns == 1 and isinstance(rows, sp.Symbol):
            return str(rows)
        if isinstance(rows, sp.Symbol) and isinstance(columns, sp.Symbol):
            return f"Linear {columns} {rows}"
        raise _outside(symbol, "rows and 1 x 1 matrices are not printed: a space needs a size")

    def symbol(self, node: sp.Basic, env: Env) -> str:
        """Return a symbol, or the call of a definition."""
        if not self.defined(node):
            return env.get(node, identifier(str(node.name)))
        value = self.theorem.definitions[node]
        self.parameters[node] = self.base(value)
        arguments = [env.get(s, identifier(str(s.name))) for s in self.parameters[node]]
        return f"({' '.join([identifier(str(node.name)), *arguments])})"

    # -- expressions ---

    def scalar(self, node: sp.Basic, env: Env) -> str:
        """Return a real number."""
        match node:
            case sp.Rational():
                return f"({node.p})" if node.q == 1 else f"({node.p} / {node.q})"
            case sp.Symbol():
                return self.symbol(node, env)
            case sp.Add():
                return "(" + " + ".join(self.scalar(arg, env) for arg in node.args) + ")"
            case sp.Mul():
                return "(" + " * ".join(self.scalar(arg, env) for arg in node.args) + ")"
            case sp.Pow():
                base, exponent = self.scalar(node.base, env), node.exp
                if not isinstance(exponent, sp.Integer):
                    raise _outside(node, "whole powers only")
                return f"({base} ^ {exponent})" if exponent > 0 else f"(/ ({base} ^ {-exponent}))"
            case sp.Trace():
                return self.trace(node.arg, env)
        raise _outside(text(node), "sums over samples, expectations and entries are not printed")

    def trace(self, node: sp.Basic, env: Env) -> str:
        """Return a trace that is an inner product of two columns."""
        if isinstance(node, sp.MatMul):
            scalars = [arg for arg in node.args if not isinstance(arg, sp.MatrixExpr)]
            first, *rest = [arg for arg in node.args if isinstance(arg, sp.MatrixExpr)]
            if rest and first.shape[0] == 1 and rest[-1].shape[1] == 1:
                left = first.arg if isinstance(first, sp.Transpose) else sp.Transpose(first).doit()
                right = rest[0] if len(rest) == 1 else sp.MatMul(*rest, evaluate=False)
                inner = f"(inner {self.vector(left, env)} {self.vector(right, env)})"
                return "(" + " * ".join([*(self.scalar(s, env) for s in scalars), inner]) + ")"
        raise _outside(text(node), "only traces of u^T v are inner products here")

    def vector(self, node: sp.Basic, env: Env) -> str:
        """Return a vector."""
        match node:
            case sp.MatrixSymbol():
                self.type_of(node)
                return self.symbol(node, env)
            case sp.MatAdd():
                first, *rest = [self.vector(arg, env) for arg in node.args]
                for other in rest:
                    first = f"(add {first} {other})"
                return first
            case sp.MatMul():
                scalars = [arg for arg in node.args if not isinstance(arg, sp.MatrixExpr)]
                *maps, last = [arg for arg in node.args if isinstance(arg, sp.MatrixExpr)]
                value = self.vector(last, env)
                for linear in reversed(maps):
                    value = self.applied(linear, value, env)
                for scalar in reversed(scalars):
                    value = f"(scale {self.scalar(scalar, env)} {value})"
                return value
            case sp.ZeroMatrix():
                return "zero"
            case At():
                return self.vector(node.matrix, self.moved(node, env))
        raise _outside(text(node), "columns built from symbols, sums, multiples and matrices only")

    def moved(self, node: At, env: Env) -> dict[sp.Basic, str]:
        """Return the environment in which symbols are replaced."""
        return {**env, **{symbol: self.vector(value, env) for symbol, value in node.values.items()}}

    def applied(self, node: sp.Basic, value: str, env: Env) -> str:
        """Return a linear map applied to a vector."""
        match node:
            case sp.Identity():
                return value
            case sp.Transpose():
                return f"(adj {self.linear(node.arg, env)} {value})"
            case sp.MatMul() if sum(isinstance(arg, sp.MatrixExpr) for arg in node.args) > 1:
                maps = [arg for arg in node.args if isinstance(arg, sp.MatrixExpr)]
                for linear in reversed(maps):
                    value = self.applied(linear, value, env)
                for scalar in [arg for arg in node.args if not isinstance(arg, sp.MatrixExpr)]:
                    value = f"(scale {self.scalar(scalar, env)} {value})"
                return value
            case sp.MatAdd():
                first, *rest = [self.applied(arg, value, env) for arg in node.args]
                for other in rest:
                    first = f"(add {first} {other})"
                return first
            case sp.MatMul() if isinstance(node.args[-1], sp.Identity):
                return f"(scale {self.scalar(sp.Mul(*node.args[:-1]), env)} {value})"
        return f"(app {self.linear(node, env)} {value})"

    def linear(self, node: sp.Basic, env: Env) -> str:
        """Return a linear map."""
        match node:
            case sp.MatrixSymbol() if not self.defined(node):
                self.type_of(node)
                return self.symbol(node, env)
            case sp.Transpose():
                return f"(transpose {self.linear(node.arg, env)})"
            case sp.MatAdd():
                first, *rest = [self.linear(arg, env) for arg in node.args]
                for other in rest:
                    first = f"(plus {first} {other})"
                return first
            case sp.MatMul() if sum(isinstance(arg, sp.MatrixExpr) for arg in node.args) == 1:
                scalar = sp.Mul(*(arg for arg in node.args if not isinstance(arg, sp.MatrixExpr)))
                return f"(times {self.scalar(scalar, env)} {self.linear(node.args[-1], env)})"
        raise _outside(text(node), "matrices that are symbols, sums, multiples and transposes only")

    # -- statements ---

    def paired(self, node: sp.Basic, env: Env) -> tuple[str, list[str]]:
        """Return a vector or a gradient paired with ``dir``, and which functions of the step have to be quadratic."""
        match node:
            case Jacobian():
                raise _outside(text(node), "Jacobians of columns are not printed")
            case Gradient():
                line = self.line(node, env)
                return f"(slope {line})", [line]
            case At():
                return self.paired(node.matrix, self.moved(node, env))
            case sp.MatAdd() if node.has(Gradient):
                parts = [self.paired(arg, env) for arg in node.args]
                return "(" + " + ".join(value for value, _ in parts) + ")", [
                    line for _, lines in parts for line in lines
                ]
            case sp.MatMul() if node.has(Gradient):
                scalars = [self.scalar(arg, env) for arg in node.args if not isinstance(arg, sp.MatrixExpr)]
                matrices = [arg for arg in node.args if isinstance(arg, sp.MatrixExpr)]
                if len(matrices) == 1:
                    value, lines = self.paired(matrices[0], env)
                    return "(" + " * ".join([*scalars, value]) + ")", lines
            case sp.ZeroMatrix():
                return "0", []
        if node.has(Gradient) or (isinstance(node, sp.MatrixExpr) and node.shape[1] != 1):
            raise _outside(text(node), "a matrix under a gradient, or beside one")
        return f"(inner {self.vector(node, env)} dir)", []

    def line(self, node: Gradient, env: Env) -> str:
        """Return the function ``step -> L(z + step dir)``, with all that hangs on z."""
        if node.differentiated.has(Gradient):
            raise _outside(text(node), "second derivatives are not printed")
        moved = {**env, node.wrt: self._along(node.wrt, "dir", env)}
        for symbol, jacobian in node.jacobians.items():
            if not isinstance(jacobian, sp.MatrixExpr):
                raise _outside(text(node), "Jacobians with three axes are not printed")
            moved[symbol] = self._along(symbol, self.applied(jacobian, "dir", env), env)
        return f"(fun step => {self.scalar(node.differentiated, moved)})"

    def _along(self, symbol: sp.Basic, direction: str, env: Env) -> str:
        value = self.symbol(symbol, env)
        plus, times = ("plus", "times") if self.type_of(symbol).startswith("Linear") else ("add", "scale")
        return f"({plus} {value} ({times} step {direction}))"

    def proposition(self, statement: Statement) -> str:
        """Return an identity or a vanishing as a Coq proposition, without quantifiers for its symbols."""
        match statement:
            case Identity(left=left, right=right):
                return self.equation(left, right)
            case Vanishing(expressions=expressions):
                return " /\\ ".join(f"({self.equation(e, None)})" for e in expressions)
        raise _outside(type(statement).__name__, "identities and what vanishes are printed; see the certificate")

    def equation(self, left: sp.Basic, right: sp.Basic | None) -> str:
        """Return an equation of scalars or vectors; with a gradient in it, of what they are along each direction."""
        sides = [left] if right is None else [left, right]
        if not isinstance(left, sp.MatrixExpr):
            return " = ".join([*(self.scalar(side, {}) for side in sides), *(["0"] * (right is None))])
        if not any(side.has(Gradient) for side in sides):
            return " = ".join([*(self.vector(side, {}) for side in sides), *(["zero"] * (right is None))])
        gradient = next(iter(left.atoms(Gradient) or (right.atoms(Gradient) if right is not None else ())))
        parts = [self.paired(side, {}) for side in sides]
        lines = list(dict.fromkeys(line for _, lines in parts for line in lines))
        equal = " = ".join([*(value for value, _ in parts), *(["0"] * (right is None))])
        whole = " /\\ ".join([*(f"quadratic {line}" for line in lines), equal])
        return f"forall dir : {self.type_of(gradient.wrt)}, {whole}"

    def terms(self, node: sp.Basic) -> list[tuple[sp.Expr, sp.Basic]]:
        """Return the terms of a sum, definitions unfolded, each with the number in front of it."""
        if node in self.theorem.definitions:
            return self.terms(self.theorem.definitions[node])
        if isinstance(node, sp.MatAdd):
            return [term for arg in node.args for term in self.terms(arg)]
        if isinstance(node, sp.MatMul) and len(node.args) == 2 and isinstance(node.args[0], sp.Rational):
            return [(node.args[0] * c, term) for c, term in self.terms(node.args[1])]
        return [(sp.S.One, node)]

    def collected(self, node: sp.Basic) -> list[tuple[sp.Expr, sp.Basic]]:
        """Return the terms, those of one symbol together, without those that cancel."""
        total: dict[sp.Basic, sp.Expr] = {}
        for c, term in self.terms(node):
            total[term] = total.get(term, sp.S.Zero) + c
        return [(c, term) for term, c in total.items() if c != 0]

    def hypothesis(self, node: sp.Basic) -> tuple[str, str]:
        """Return a hypothesis, and the tactic that solves it for one of its terms."""
        terms = self.collected(node)
        if not isinstance(node, sp.MatrixExpr):
            raise _outside(text(node), "hypotheses on scalars are not printed")
        vector = node.shape[1] == 1
        shown = self.vector(node, {}) if vector else self.applied(node, "x_", {})
        usable = [t for c, t in terms if c == 1 and (isinstance(t, sp.MatrixSymbol) or _plain(t))]
        if not usable:
            raise _outside(text(node), "hypotheses that can be solved for one of their terms only")
        lead = min(usable, key=lambda t: not isinstance(t, sp.MatrixSymbol))
        rest = [-c * t for c, t in terms if t is not lead]
        solved = sp.MatAdd(*rest) if rest else sp.ZeroMatrix(*node.shape)
        if not rest and not vector:
            raise _outside(text(node), "a matrix that vanishes")
        left, right = (self.vector(t, {}) if vector else self.applied(t, "x_", {}) for t in (lead, solved))
        quantified = "" if vector else f"forall x_ : {node.shape[1]}, "
        use = f"; subst {left}" if isinstance(lead, sp.MatrixSymbol) else ""
        return f"({quantified}{shown} = zero)", f"({quantified}{left} = {right}){use}"


@dataclass(frozen=True)
class Printed:
    """What became of one theorem: its file, those of its near misses, and what is outside of the fragment, by name."""

    theorem: str | None
    near_misses: Mapping[str, str]
    outside: Mapping[str, str]


def printed(script: Script) -> Printed:
    """Print a theorem's claims into one file, and each near miss into a file of its own."""
    theorem, outside = script.theorem, {}
    claims: list[str] = []
    missed: dict[str, str] = {}
    definitions: dict[str, str] = {}
    for label, claim in theorem.claims.items():
        try:
            claims.append(_statement(theorem, f"claim_{len(claims) + 1}", label or script.id, claim, definitions))
        except UnsupportedError as error:
            outside[label or script.id] = f"{error.arrived}: {error.remedy}"
    for label, statement in theorem.near_misses.items():
        try:
            own: dict[str, str] = {}
            missed[label] = _file(script, own, [_statement(theorem, "near_miss", label, statement, own)])
        except UnsupportedError as error:
            outside[f"near miss: {label}"] = f"{error.arrived}: {error.remedy}"
    return Printed(_file(script, definitions, claims) if claims else None, missed if claims else {}, outside)


def _file(script: Script, definitions: Mapping[str, str], statements: Sequence[str]) -> str:
    head = "From Coq Require Import Reals Lra.\nRequire Import Symmix.\nOpen Scope R_scope.\n"
    summary = script.summary.replace("(*", "( *").replace("*)", "* )")
    return f"(** {script.id}: {summary} *)\n\n{head}\n" + "\n".join([*definitions.values(), *statements])


def _statement(theorem: Theorem, name: str, label: str, statement: Statement, definitions: dict[str, str]) -> str:
    """Add the definitions that are needed, and return the proposition and its proof, whether it is true or not."""
    printer = CoqPrinter(theorem)
    body = printer.proposition(statement)
    given = [printer.hypothesis(e) for e in getattr(statement, "where", ())]
    parts = [e for e in (getattr(statement, "left", None), getattr(statement, "right", None)) if e is not None]
    parts += [*getattr(statement, "expressions", ()), *getattr(statement, "where", ())]
    symbols = sorted({s for part in parts for s in printer.base(part)}, key=lambda s: str(s.name))
    divided = sorted({printer.scalar(p.base, {}) for part in parts for p in part.atoms(sp.Pow) if p.exp.is_negative})
    sizes = sorted({str(size) for s in symbols for size in getattr(s, "shape", ()) if size != 1})
    binders = [*([f"({' '.join(sizes)} : Space)"] if sizes else []), *(_binder(printer, s) for s in symbols)]
    premises = [*(f"{d} <> 0" for d in divided), *(shown for shown, _ in given)]
    quantified = f"forall {' '.join(binders)},\n    " if binders else ""
    proposition = f"{quantified}{''.join(f'{premise} -> ' for premise in premises)}{body}"
    needed = _definitions(printer)
    unfold = f"unfold {', '.join(reversed(needed))} in *. " if needed else ""
    definitions |= needed
    names = " ".join([*sizes, *(identifier(str(s.name)) for s in symbols), *(f"D{i}" for i in range(len(divided)))])
    hypotheses = " ".join(f"G{i}" for i in range(len(given)))
    steps = "".join(f"  solve_hypothesis G{i} {solved}.\n" for i, (_, solved) in enumerate(given))
    comment = label.replace("(*", "( *").replace("*)", "* )")
    return (
        f"(** {comment} *)\n"
        f"Definition {name} : Prop := {proposition}.\n\nLemma {name}_holds : {name}.\nProof.\n  unfold {name}."
        + (f" intros {names} {hypotheses}." if binders else "")
        + f" {unfold}\n{steps}  bilinear.\nQed.\nPrint Assumptions {name}_holds.\n"
    )


def _binder(printer: CoqPrinter, symbol: sp.Basic) -> str:
    return f"({identifier(str(symbol.name))} : {printer.type_of(symbol)})"


def _definitions(printer: CoqPrinter) -> dict[str, str]:
    """Return the definitions that were called, each behind those that it uses, as functions; by name."""
    found: dict[str, str] = {}

    def enter(symbol: sp.Basic) -> None:
        name = identifier(str(symbol.name))
        if name in found:
            return
        value = printer.theorem.definitions[symbol]
        for other in sorted(value.atoms(sp.MatrixSymbol, sp.Symbol) & printer.theorem.definitions.keys(), key=str):
            enter(other)
        scalar = not isinstance(symbol, sp.MatrixSymbol)
        shown = printer.scalar(value, {}) if scalar else printer.vector(value, {})
        symbols = printer.base(value)
        sizes = sorted({str(size) for s in symbols for size in getattr(s, "shape", ()) if size != 1})
        implicit = f"{{{' '.join(sizes)} : Space}} " if sizes else ""
        binders = " ".join(_binder(printer, s) for s in symbols)
        found[name] = f"Definition {name} {implicit}{binders} : {printer.type_of(symbol)} := {shown}.\n"

    for symbol in sorted(printer.parameters, key=lambda s: str(s.name)):
        enter(symbol)
    return found


def coq_files(scripts: Iterable[Script]) -> dict[str, str]:
    """Return the prelude, a file for each theorem that can be printed, and one for each of its near misses."""
    found = {PRELUDE: (files("symmix.export") / "prelude" / PRELUDE).read_text(encoding="utf-8")}
    for script in scripts:
        result = printed(script)
        if result.theorem is not None:
            found[f"{script.id}.v"] = result.theorem
        for number, content in enumerate(result.near_misses.values(), start=1):
            found[f"{script.id}__near_miss_{number}.v"] = content
    return found


def _plain(term: sp.Basic) -> bool:
    """Whether a term has no number in front of it."""
    return all(isinstance(arg, sp.MatrixExpr) for arg in term.args) if isinstance(term, sp.MatMul) else False
