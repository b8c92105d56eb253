"""Draws points: sizes, scalars, entries; small ones first, and matrices of a kind.

Hypotheses such as ``V^T V = I`` or ``A^2 = 0`` have no small random solutions: what they are about is drawn from
matrices that often solve them, permutations, rational rotations, projections, nilpotent ones, and their multiples.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from symmix.kernel.points import Model, fixed_size, unit_vector
from symmix.kernel.products import Tensor
from symmix.search.scalars import Scalars

Matrix = list[list[Fraction]]


def draw(
    scalars: Scalars,
    attempt: int,
    random: Random,
    special: frozenset[Tensor] = frozenset(),
    sizes: Mapping[str, int] | None = None,
) -> Model | None:
    """Draw a point that meets the conditions; sizes, where they are not given, and entries grow with the attempts.

    ``special`` are the tensors that hypotheses are not linear in: they are matrices of a kind, most times.
    """
    question, dims = scalars.question, scalars.sizes
    # a first look is short under hypotheses, and most of what is false fails at size 2
    grown = (attempt >= 8) + attempt // 32 if question.hypotheses else attempt // 8
    largest = min(1 + grown, scalars.largest)
    chosen = {dim: fixed_size(dim) or (sizes[dim] if sizes else random.randint(1, largest)) for dim in dims}
    model = scalars.drawn(chosen, attempt, random)
    if model is None:
        return None
    reach = 2 + attempt // 16
    tensors = scalars.tensors
    if question.fails != "!=" and not question.hypotheses and attempt % 4 == 3:
        entries = {t: unit_vector(t) or _alike(t, model, random) for t in tensors}  # there inequalities like to fail
    else:
        entries = {t: drawn_entries(t, model, reach, random, special=t in special) for t in tensors}
    at = {index: random.randrange(model.sizes[dim]) for index, dim in question.samples.items()}
    return replace(model, entries=entries, at=at)


def drawn_entries(
    tensor: Tensor, model: Model, reach: int, random: Random, *, special: bool
) -> dict[tuple[int, ...], Fraction]:
    """Draw the entries of one tensor; those of a unit vector are what they are."""
    if tensor.name.isdigit():
        return unit_vector(tensor)
    if special and len(tensor.dims) in (1, 2) and random.random() < 0.9:
        return _special_entries(tensor, model, random)
    return {position: Fraction(random.randint(-reach, reach)) for position in model.positions(tensor.dims)}


def _alike(tensor: Tensor, model: Model, random: Random) -> dict[tuple[int, ...], Fraction]:
    """Give all entries one value."""
    return dict.fromkeys(model.positions(tensor.dims), Fraction(random.choice((1, 0, -1, 2))))


# -- matrices of a kind ---


def _special_entries(tensor: Tensor, model: Model, random: Random) -> dict[tuple[int, ...], Fraction]:
    shape = [model.sizes[dim] for dim in tensor.dims]
    rows, columns = shape[0], (shape[1] if len(shape) == 2 else 1)
    table = random.choice(_KINDS)(rows, columns, random)
    scale = random.choice(_SCALES)
    flat = [((i, j), scale * x) for i, line in enumerate(table) for j, x in enumerate(line) if x]
    return {place[: len(shape)]: x for place, x in flat}


_SCALES = [Fraction(1)] * 6 + [Fraction(-1), Fraction(3, 5), Fraction(4, 5), Fraction(1, 2), Fraction(2)]


def _unit(rows: int, columns: int, random: Random) -> Matrix:
    """Return ones on the diagonal."""
    del random
    return [[Fraction(i == j) for j in range(columns)] for i in range(rows)]


def _zero(rows: int, columns: int, random: Random) -> Matrix:
    del random
    return [[Fraction(0)] * columns for _ in range(rows)]


def _permutation(rows: int, columns: int, random: Random) -> Matrix:
    """Return at most one 1 in each row and column."""
    order = random.sample(range(max(rows, columns)), max(rows, columns))
    return [[Fraction(order[i] == j) for j in range(columns)] for i in range(rows)]


def _signed(rows: int, columns: int, random: Random) -> Matrix:
    return [[x * random.choice((-1, 1)) for x in line] for line in _permutation(rows, columns, random)]


def _rotation(rows: int, columns: int, random: Random) -> Matrix:
    """Return orthonormal rows or columns: a signed permutation, turned by 3/5 and 4/5 in two planes."""
    size = max(rows, columns)
    table = _signed(size, size, random)
    for _ in range(random.randint(0, 2) if size > 1 else 0):
        one, other = random.sample(range(size), 2)
        c, s = Fraction(3, 5), Fraction(4, 5)
        first, second = table[one], table[other]
        table[one] = [c * x - s * y for x, y in zip(first, second, strict=True)]
        table[other] = [s * x + c * y for x, y in zip(first, second, strict=True)]
    return [line[:columns] for line in table[:rows]]


def _projection(rows: int, columns: int, random: Random) -> Matrix:
    """Return u u^T/|u|^2, or u v^T with v^T u = 1."""
    u = _vector(rows, random)
    if random.random() < 0.5 or rows != columns:
        length = sum(x * x for x in u)
        v = [x / length for x in _padded(u, columns)]
    else:
        place = next(i for i, x in enumerate(u) if x)
        v = [Fraction(random.randint(-1, 1)) for _ in u]
        v[place] += (1 - sum(x * y for x, y in zip(u, v, strict=True))) / u[place]
    return [[x * y for y in v] for x in u]


def _diagonal(rows: int, columns: int, random: Random) -> Matrix:
    return [[Fraction(i == j and random.randint(0, 1)) for j in range(columns)] for i in range(rows)]


def _nilpotent(rows: int, columns: int, random: Random) -> Matrix:
    return [[Fraction(random.randint(-1, 1) if j > i else 0) for j in range(columns)] for i in range(rows)]


def _rank_one(rows: int, columns: int, random: Random) -> Matrix:
    u, v = _vector(rows, random), _vector(columns, random)
    return [[x * y for y in v] for x in u]


def _symmetric(rows: int, columns: int, random: Random) -> Matrix:
    size = max(rows, columns)
    upper = [[Fraction(random.randint(-2, 2)) for _ in range(size)] for _ in range(size)]
    return [[upper[min(i, j)][max(i, j)] for j in range(columns)] for i in range(rows)]


def _skew(rows: int, columns: int, random: Random) -> Matrix:
    table = _symmetric(rows, columns, random)
    return [[x * ((i < j) - (i > j)) for j, x in enumerate(line)] for i, line in enumerate(table)]


def _stochastic(rows: int, columns: int, random: Random) -> Matrix:
    """Return non-negative rows that sum to one."""
    table = [[Fraction(random.randint(0, 2)) for _ in range(columns)] for _ in range(rows)]
    return [[x / sum(line) if sum(line) else Fraction(1, columns) for x in line] for line in table]


def _single(rows: int, columns: int, random: Random) -> Matrix:
    """Return one entry that is not zero."""
    place = random.randrange(rows), random.randrange(columns)
    return [[Fraction((i, j) == place) for j in range(columns)] for i in range(rows)]


def _vector(size: int, random: Random) -> list[Fraction]:
    vector = [Fraction(random.randint(-1, 2)) for _ in range(size)]
    return vector if any(vector) else [Fraction(1), *vector[1:]]


def _padded(vector: Sequence[Fraction], size: int) -> list[Fraction]:
    return [*vector, *[Fraction(0)] * size][:size]


_KINDS: list[Callable[[int, int, Random], Matrix]] = [
    *(_unit, _permutation, _signed, _rotation, _rotation, _projection, _projection, _diagonal, _nilpotent, _nilpotent),
    *(_rank_one, _symmetric, _skew, _stochastic, _single, _zero),
]
