"""Derivatives: how inverses move with a variable; by a scalar, how coefficients and the reciprocals in them do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from symmix.divisions import Divisions
from symmix.kernel.arrays import axes
from symmix.kernel.calculus import Template, leibniz
from symmix.kernel.networks import Expression, constant, zeros
from symmix.kernel.scalars import Polynomial


def moving_inverses(
    expression: Expression, named: Divisions, moved: Callable[[Expression], Expression]
) -> Iterator[Template]:
    """Yield how the inverses in an expression move, dB = -B dA B; ``moved`` says how what they are of does."""
    for symbol in sorted(expression.tensors & named.inverses.keys()):
        of = named.inverses[symbol]
        inverse, change = named.inverse(of), replace(of, expression=moved(of.expression))
        yield Template(symbol, tuple(axes(of.rows, of.columns)), -(inverse @ change @ inverse).expression)


@dataclass(frozen=True)
class Rates:
    """How fast everything moves with one scalar: ``scalars`` by name, the variable itself at 1, and ``tensors``."""

    scalars: Mapping[str, Expression]
    tensors: tuple[Template, ...]
    named: Divisions

    def of(self, expression: Expression) -> Expression:
        """Return the derivative of an expression, over the same free indices."""
        moving = [*self.tensors, *moving_inverses(expression, self.named, self.of)]
        total = leibniz(expression, moving) if moving else zeros(expression.free)
        for name in sorted(expression.scalars):
            rate = self._of_scalar(name)
            if rate is not None:
                slopes = {product: partial(c, name) for product, c in expression.terms.items()}
                total = total + expression.map_coefficients(slopes) * rate
        return total

    def _of_scalar(self, name: str) -> Expression | None:
        """Return how a scalar moves, or None if it does not; d(1/q) = -dq/q^2."""
        if name not in self.named.reciprocals:
            return self.scalars.get(name)
        return self.of(constant(self.named.reciprocals[name])) * -Polynomial.variable(name, 2)


def partial(polynomial: Polynomial, name: str) -> Polynomial:
    """Return the partial derivative of a coefficient by one of its names."""
    exponents = {dict(powers).get(name, 0) for powers in polynomial.terms}
    return polynomial.map_powers(name, {d: Polynomial.variable(name, d - 1) * d for d in exponents})
