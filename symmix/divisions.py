"""Names for what is divided by: reciprocals of scalars, and inverses, which are keyed by what they are of."""

from __future__ import annotations

from symmix.errors import UnsupportedError
from symmix.kernel.arrays import COLUMN, ROW, Array, axes
from symmix.kernel.networks import Expression, constant, delta, entry
from symmix.kernel.products import Tensor
from symmix.kernel.scalars import ONE, Polynomial
from symmix.terms import nodes as t

Multiplier = tuple[tuple[Polynomial, int], ...]  # a product of powers


class Divisions:
    """What is divided by in one theorem.

    ``reciprocals`` are the kernel's names for 1/q, with q; ``inverses`` the tensors that stand for inverses, with what
    they are inverses of, and ``sums`` those for what is kept whole (see ``deciding.layers``).
    """

    def __init__(self) -> None:
        self.reciprocals: dict[str, Polynomial] = {}
        self.inverses: dict[Tensor, Array] = {}
        self.sums: dict[Tensor, Array] = {}

    # -- reciprocals ---

    def reciprocal(self, denominator: Polynomial, tree: t.Expression) -> Polynomial:
        """Return 1/denominator as a coefficient; ``tree`` is for the error."""
        plain, lifted = self.without_reciprocals(denominator)
        if plain.is_zero:
            raise UnsupportedError("a denominator that is not zero", f"{tree}, which is 0", "correct it")
        inverse = plain.reciprocal()
        if inverse is None:
            known = {q: name for name, q in self.reciprocals.items()}
            name = known.get(plain, f"1/({plain}) #{len(known)}")
            self.reciprocals[name] = plain
            inverse = Polynomial.variable(name)
        return inverse * lifted

    def without_reciprocals(self, polynomial: Polynomial, *, even: bool = False) -> tuple[Polynomial, Polynomial]:
        """Return the polynomial times a product of denominators such that none is left in it, and that product."""
        lifted = ONE
        for name, denominator in self.reciprocals.items():
            highest = max((dict(powers).get(name, 0) for powers in polynomial.terms), default=0)
            power = highest + highest % 2 if even else highest
            if power:
                polynomial = polynomial.map_powers(name, {d: denominator ** (power - d) for d in range(highest + 1)})
                lifted = lifted * denominator**power
        return polynomial, lifted

    def same_sign(self, polynomial: Polynomial) -> Polynomial:
        """Multiply by even powers of the denominators until none is left: the sign stays, where they are not zero."""
        return self.without_reciprocals(polynomial, even=True)[0]

    def cleared(self, expression: Expression) -> Expression:
        """Multiply by the denominators until none is left; zero exactly when the expression is, where they are not."""
        return self.cleared_by(expression)[0]

    def cleared_by(self, expression: Expression, *, even: bool = False) -> tuple[Expression, Multiplier]:
        """Return an expression without denominators, and the powers of them by which it was multiplied.

        With ``even`` powers the sign stays, too. Where one is cleared another may cancel, which is left out then.
        """
        by: list[tuple[Polynomial, int]] = []
        for name, denominator in self.reciprocals.items():
            highest = max((dict(p).get(name, 0) for c in expression.terms.values() for p in c.terms), default=0)
            power = highest + highest % 2 if even else highest
            if highest:
                image = {d: denominator ** (power - d) for d in range(highest + 1)}
                expression = expression.map_coefficients(
                    {p: c.map_powers(name, image) for p, c in expression.terms.items()}
                )
                by.append((denominator, power))
        return expression, tuple(by)

    # -- inverses ---

    def inverse(self, array: Array) -> Array:
        """Return the inverse of a square array, or the reciprocal of a scalar with entries, as a tensor."""
        known = {of: symbol for symbol, of in self.inverses.items()}
        symbol = known.get(array, Tensor(f"inverse {len(known)}", tuple(axes(array.rows, array.columns).values())))
        self.inverses[symbol] = array
        return Array(entry(symbol, *axes(array.rows, array.columns)), array.rows, array.columns)

    def relations(self, expressions: list[Expression]) -> dict[tuple[str, str], Expression]:
        """Return what the inverses in expressions satisfy, ``A B - I = 0`` and ``B A - I = 0``, by name and side."""
        found: dict[tuple[str, str], Expression] = {}
        left = {tensor for e in expressions for tensor in e.tensors if tensor in self.inverses}
        while left:
            symbol = left.pop()
            of = self.inverses[symbol]
            inverse, unit = self.inverse(of), identity(of.rows).expression
            found[symbol.name, "right"] = (of @ inverse).expression - unit
            found[symbol.name, "left"] = (inverse @ of).expression - unit
            left |= {o for o in of.expression.tensors if o in self.inverses and (o.name, "left") not in found}
        return found

    def hidden_in(self, expression: Expression) -> frozenset[str]:
        """Return the names of what the inverses, the sums and the denominators in an expression are made of."""
        made = {**self.inverses, **self.sums}
        inner = [made[symbol].expression for symbol in expression.tensors if symbol in made]
        inner += [constant(self.reciprocals[name]) for name in expression.scalars if name in self.reciprocals]
        return frozenset().union(*(names_in(e) | self.hidden_in(e) for e in inner))


def names_in(expression: Expression) -> frozenset[str]:
    """Return the names of the tensors and scalars in an expression."""
    return expression.scalars.union(tensor.name for tensor in expression.tensors)


def identity(size: str | None) -> Array:
    """Return the identity matrix; of size 1 it is the number 1."""
    return Array(constant(1) if size is None else delta(ROW, COLUMN, size), size, size)
