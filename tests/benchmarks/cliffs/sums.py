"""Identities between products of sums, which grow exponentially when they are multiplied out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sympy as sp

from symmix import Equivalence, Identity, Setting, Vanishing, squared_norm
from symmix.language import Gradient
from tests.benchmarks.cliffs import Row

n = sp.Symbol("n", integer=True, positive=True)
m = sp.Symbol("m", integer=True, positive=True)
I = sp.Identity(n)  # noqa: E741 - the field's name
eta = sp.Symbol("eta", real=True)
Family = Callable[..., Identity]  # by size and seed, and whether it is to be false


def matrix(name: str, seed: int, rows: Any = n, columns: Any = n) -> sp.MatrixSymbol:
    """Return a matrix that is called otherwise for each seed."""
    return sp.MatrixSymbol(f"{name}{seed}", rows, columns)


def power(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State (A + B)^k = A (A + B)^(k-1) + B (A + B)^(k-1), or with one 2 B."""
    a, b = matrix("A", seed), matrix("B", seed)
    total = a + b
    last = (a + 2 * b) * total ** (size - 2) if slip else total ** (size - 1)
    return Identity(total**size, a * total ** (size - 1) + b * last)


def trace(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State tr (A + A^T)^k = 2 tr A (A + A^T)^(k-1), or 3 times."""
    a = matrix("A", seed)
    return Identity(sp.Trace((a + a.T) ** size), (3 if slip else 2) * sp.Trace(a * (a + a.T) ** (size - 1)))


def residual_network(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State the gradient of |(I + V_k) ... (I + V_1) x - y|^2/2 by x, or without one transpose."""
    layers = [I + matrix(f"V{i}_", seed) for i in range(size)]
    x, y = matrix("x", seed, n, 1), matrix("y", seed, n, 1)
    rest = sp.MatMul(*reversed(layers), x) - y
    pulled = [layer if slip and i == size // 2 else layer.T for i, layer in enumerate(layers)]
    return Identity(Gradient(squared_norm(rest) / 2, x), sp.MatMul(*pulled, rest))


def telescoping(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State (I + V_k) ... (I + V_1) = I + sum of V_i (I + V_(i-1)) ... (I + V_1), or without the last."""
    weights = [matrix(f"V{i}_", seed) for i in range(size)]
    layers = [I + weight for weight in weights]
    parts = [sp.MatMul(weight, *reversed(layers[:i])) for i, weight in enumerate(weights)]
    return Identity(sp.MatMul(*reversed(layers)), sp.MatAdd(I, *(parts[:-1] if slip else parts)))


def descent(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State the gradient of a loss after k steps, each on other data, by where they began; or without one step."""
    start = here = matrix("w", seed, n, 1)
    steps = []
    for i in range(size):
        data, target = matrix(f"X{i}_", seed, m, n), matrix(f"y{i}_", seed, m, 1)
        here -= eta * data.T * (data * here - target)
        steps.append(I - eta * data.T * data)
    data, target = matrix("X", seed, m, n), matrix("y", seed, m, 1)
    rest = data * here - target
    pulled = data.T * rest
    for step in reversed(steps[1:] if slip else steps):
        pulled = step * pulled
    return Identity(Gradient(squared_norm(rest) / 2, start), pulled)


def chain(size: int, seed: int, *, slip: bool = False) -> Identity:
    """State that the transpose of a product is that of the transposes in turn, or in the same order."""
    factors = [matrix(f"M{i}_", seed) for i in range(size)]
    return Identity(sp.Transpose(sp.MatMul(*factors)), sp.MatMul(*(f.T for f in (factors if slip else factors[::-1]))))


def decided(family: Family, *, slip: bool = False) -> Callable[[int, int], Callable[[], str]]:
    """Return how a statement of a family is decided."""

    def make(size: int, seed: int) -> Callable[[], str]:
        statement = family(size, seed, slip=slip)
        return lambda: statement.decide(Setting()).word

    return make


def rows(name: str, family: Family, sizes: tuple[int, ...], kept: float, wrong: float) -> dict[str, Row]:
    """Return the rows of a family, right and wrong."""
    return {
        name: Row(decided(family), sizes, "proved", kept),
        f"{name}, wrong": Row(decided(family, slip=True), sizes, "refuted", wrong),
    }


def adjugate(size: int, seed: int, *, slip: bool = False) -> Callable[[], str]:
    """Decide that M v = 0 and v = 0 say the same where det M is not zero, for a matrix of symbols, line by line.

    Or, false, with a sum of two lines in the place of a third.
    """
    entries = sp.Matrix(size, size, lambda i, j: sp.Symbol(f"a{i}{j}_{seed}", real=True))
    columns = [matrix(f"v{i}_", seed, n, 1) for i in range(size)]
    left = [sp.MatAdd(*(entries[i, j] * columns[j] for j in range(size))) for i in range(size)]
    if slip:
        left[size - 1] = sp.MatAdd(*(sum(entries[i, j] for i in range(size - 1)) * columns[j] for j in range(size)))
    statement = Equivalence(left, columns, provided=[sp.expand(entries.det(method="berkowitz"))])
    return lambda: statement.decide(Setting()).word


def regular(size: int, seed: int, *, slip: bool = False) -> Callable[[], str]:
    """Decide that the first unknown of M v = 0 is zero where det M is not, of symbols; or, false, where m_11 is not."""
    entries = sp.Matrix(size, size, lambda i, j: sp.Symbol(f"m{i}{j}_{seed}", real=True))
    unknowns = sp.symbols(f"v:{size}_{seed}", real=True)
    lines = [sum(entries[i, j] * unknowns[j] for j in range(size)) for i in range(size)]
    given = entries[0, 0] if slip else sp.expand(entries.det(method="berkowitz"))
    setting = Setting(conditions=[sp.Ne(given, 0)])
    return lambda: Vanishing([unknowns[0]], where=lines).decide(setting).word


ROWS = {
    **rows("powers of a sum", power, (8, 16, 32), 1.0, 1.0),
    **rows("residual networks", residual_network, (6, 12, 24), 1.3, 1.3),
    **rows("telescoping sums", telescoping, (6, 12, 18), 3.0, 2.0),
    "descent": Row(decided(descent), (2, 3, 4), "proved", 2.0, "factor"),
    "traces of powers": Row(decided(trace), (5, 6, 7), "proved", 2.6, "factor"),
    "chains": Row(decided(chain), (100, 300, 1000), "proved", 1.3),
    "chains, wrong": Row(decided(chain, slip=True), (20, 40, 80), "refuted", 2.3),
    "regular systems": Row(regular, (3, 4, 5), "proved", 5.0, "factor"),
    "regular systems, wrong": Row(partial(regular, slip=True), (3, 4, 5), "refuted", 3.0, "factor"),
    "equivalences by the adjugate": Row(adjugate, (4, 5, 6), "proved", 5.0, "factor"),
    "equivalences by the adjugate, wrong": Row(partial(adjugate, slip=True), (4, 5, 6), "refuted", 5.0, "factor"),
}
