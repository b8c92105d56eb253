"""Exact rational points at which all holds that a step assumes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np

from tests.planted.grammar import UnsupportedError
from tests.planted.settings import Equation, Setting, Step, Symbol
from tests.planted.values import (
    Array,
    ShapeError,
    SingularError,
    World,
    equal,
    filled,
    identity,
    inverse,
    scalar,
    value,
)

# What makes a hypothesis true, in the order of the hypotheses; ``orthonormal`` columns are rational ones.
RECIPES = {
    "S Si = I_m": ["Si := S^-1"],
    "K S = P H^T": ["K := P H^T S^-1"],
    "(X^T X + lam I_p) B = X^T y": ["B := (X^T X + lam I_p)^-1 X^T y"],
    "Q P = I_r": ["Q := P^-1"],
    "D^T D = I_l": ["D := orthonormal"],
    "U^T U = I_k": ["U := orthonormal"],
    "C Ci = I_p": ["Ci := C^-1"],
    "G X^T X = I_p": ["G := (X^T X)^-1"],
    "(J^T J + mu I_n) p = -J^T r": ["p := -(J^T J + mu I_n)^-1 J^T r"],
    "J^T J p = -J^T r": ["p := -(J^T J)^-1 J^T r"],
    "1_k^T p = 1": ["p := p/(1_k^T p)"],
    "1_k^T t = 1": ["t := t/(1_k^T t)"],
    "d1 = diag(s1) W2^T d2": ["d1 := diag(s1) W2^T d2"],
    "N SW w = D SB w": ["w := SW^-1 (m2 - m1)"],
    "lam = alpha lamp": ["lam := alpha lamp"],
    "lamp = lam/alpha": ["lamp := lam/alpha"],
    "diag(s) diag(mi) = I_d": ["mi := diag(s)^-1 1_d"],
    "Q P = I_d": ["P := Q^-1"],
    "G Phi^T Phi = I_K": ["G := (Phi^T Phi)^-1"],
    "e = 0": ["y := g^T F"],
    "e' = 0": ["y' := g^T F'"],
    "S (a I_M + b Phi^T Phi) = I_M": ["S := (a I_M + b Phi^T Phi)^-1"],
    "C (K + s I_n) = I_n": ["C := (K + s I_n)^-1"],
    "G (X X^T + mu I_n) = I_n": ["G := (X X^T + mu I_n)^-1"],
    "(X^T X + mu I_d) H = I_d": ["H := (X^T X + mu I_d)^-1"],
    "N A^T W A = I_n": ["N := (A^T W A)^-1"],
    "Hi H = I_d": ["Hi := H^-1"],
    "g = p - y": ["g := p - y"],
    "M X^T X = I_d": ["M := (X^T X)^-1"],
    "A = A^T": ["A := A + A^T"],
    "C = C^T": ["C := C + C^T"],
    "S = S^T": ["S := S + S^T"],
}
TRIES = 300


def point(step: Step, random: Random, *, distinct: bool) -> World:
    """Return a point; with distinct sizes of 2 and more, what fits there fits always."""
    for _ in range(TRIES):
        try:
            world = _drawn(step, random, distinct=distinct)
        except SingularError:
            continue
        if world is not None:
            return world
    raise UnsupportedError(f"no point for {step.name}")


def _drawn(step: Step, random: Random, *, distinct: bool) -> World | None:
    setting = step.setting
    sizes = _distinct(setting, random) if distinct else {size: random.randint(1, 3) for size in setting.sizes}
    values = {name: _symbol(symbol, sizes, random) for name, symbol in setting.symbols.items()}
    indices = {index: random.randrange(sizes[size]) for index, size in setting.free.items()}
    world = World(sizes, values, setting.definitions, setting.derivatives, indices)
    for name, moments in setting.random.items():
        world = _random(world, name, moments, random)
    assumed = (*setting.given, *step.assumed)
    for equation in assumed:
        for line in RECIPES.get(equation.text, ()):
            world = _cooked(world, setting, line, random)
    return world if all(_holds(equation, world) for equation in assumed) else None


def _distinct(setting: Setting, random: Random) -> dict[str, int]:
    """Return sizes of 2 and more: small ones for what is random, whose law has a power of them many values."""
    inside = {word for name in setting.random for word in setting.symbols[name].shape}
    groups = [[size for size in setting.sizes if (size in inside) == is_random] for is_random in (True, False)]
    for group in groups:
        random.shuffle(group)
    return {size: number for number, size in enumerate([*groups[0], *groups[1]], start=2)}


def number(random: Random) -> Fraction:
    return Fraction(random.choice((-1, 1)) * random.randint(1, 7), random.choice((1, 1, 2, 3)))


def _symbol(symbol: Symbol, sizes: Mapping[str, int], random: Random) -> Array:
    shape = [int(word) if word.isdigit() else sizes[word] for word in symbol.shape]
    rows, columns = (*shape, 1, 1)[:2]

    def entry(*_: int) -> Fraction:
        if symbol.property == "whole":
            return Fraction(random.randint(1, 5))
        if not symbol.range:
            return number(random)
        return Fraction(random.randint(1, 12), 13 if "1" in symbol.range else 5)

    found = filled((rows, columns), entry)
    if symbol.property == "symmetric":
        return np.array(found + found.T, dtype=object)
    if symbol.property == "skew":
        return np.array(found - found.T, dtype=object)
    if symbol.property == "diagonal":
        return np.array(found * identity(rows), dtype=object)
    return found


def _cooked(world: World, setting: Setting, line: str, random: Random) -> World:
    name, _, text = (word.strip() for word in line.partition(":="))
    if text == "orthonormal":
        return world.having({name: _orthonormal(world.values[name].shape, random)})
    return world.having({name: value(setting.read(text), world)})


def _orthonormal(shape: tuple[int, ...], random: Random) -> Array:
    """Return orthonormal columns by Cayley's transform of a skew matrix."""
    rows, columns = shape
    if rows < columns:
        raise SingularError
    skew = filled((rows, rows), lambda *_: number(random))
    skew = np.array(skew - skew.T, dtype=object)
    turned = np.array((identity(rows) - skew) @ inverse(np.array(identity(rows) + skew, dtype=object)), dtype=object)
    return turned[:, :columns]


def _holds(equation: Equation, world: World) -> bool:
    for at in world.tuples(equation.indices) if equation.indices else ({},):
        here = world.at(at)
        if equation.sign == "=":
            holds = equal(equation.left, equation.right, here)
        else:
            left, right = (value(side, here)[0, 0] for side in (equation.left, equation.right))
            holds = left > right if equation.sign == ">" else left != right
        if not holds:
            return False
    return True


def _random(world: World, name: str, moments: tuple[Equation, ...], random: Random) -> World:
    """Return the point with an explicit law of a random symbol, and the names of its moments set by it."""
    shape = world.values[name].shape
    words = " ".join(equation.text for equation in moments)
    fixed: dict[str, Array] = {}
    if "p (1 - p)" in words:
        fixed = {"p": world.values["p"]}
        one = fixed["p"][0, 0]
        support = [(one, Fraction(1)), (1 - one, Fraction(0))]
    elif "delta" in words:
        root, scale = (Fraction(random.randint(1, 5), random.randint(1, 3)) for _ in range(2))
        scale = scale if "s delta" in words else Fraction(1)
        fixed = {"s": scalar(scale * scale)}
        support = [(1 / (1 + root * root), -root * scale), (root * root / (1 + root * root), scale / root)]
    else:
        weights = [Fraction(random.randint(1, 5)) for _ in range(3)]
        support = [(weight / sum(weights), Fraction(random.randint(1, 12), 13)) for weight in weights]
    law = []
    for drawn in product(support, repeat=shape[0] * shape[1]):
        weight = Fraction(1)
        for one, _ in drawn:
            weight *= one
        law.append((weight, np.array([entry for _, entry in drawn], dtype=object).reshape(shape)))
    world = _lawful(world.having({of: value for of, value in fixed.items() if of in world.values}), name, law)
    for equation in moments:  # the name of a moment is its value
        right = equation.right
        named = right.parts[0] if right.kind == "terms" and len(right.parts) == 1 else right
        if named.kind == "name" and named.word in world.values and named.word not in fixed:
            world = world.having({named.word: value(equation.left, world)})
    _check(moments, world)
    return world


def _lawful(world: World, name: str, law: list[tuple[Fraction, Array]]) -> World:
    return World(
        world.sizes, world.values, world.definitions, world.derivatives, world.indices, {**world.laws, name: law}
    )


def _check(moments: tuple[Equation, ...], world: World) -> None:
    names = {"i": 0, "j": 0, "k": 0, "l": 0}
    for at in product(range(2), repeat=4):
        here = world.at(dict(zip(names, at, strict=True)))
        try:
            if not all(equal(equation.left, equation.right, here) for equation in moments):
                raise UnsupportedError("the law has other moments")
        except ShapeError:  # an axis of length 1
            continue
