"""A witness on paper: sizes, scalars, small matrices, and both values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from symmix.notation import lookup
from symmix.printing.display import Typesetter, enumerated
from symmix.printing.symbols import INDEX, SIZE
from symmix.publish.functions import as_coefficients
from symmix.publish.givens import used
from symmix.theorems import Outcome
from symmix.verdict import Rows, Witness


class Points:
    """Writes the points of one theorem; what only idle definitions speak of is left out."""

    def __init__(self, outcome: Outcome, setter: Typesetter) -> None:
        names, printer = outcome.frame.names, setter.inline_printer
        self._setter = setter
        self._spelled = {name: printer.name(name, SIZE) for name in names.sizes}
        self._spelled |= {name: printer.name(name, INDEX) for name in names.free}
        self._spelled |= {name: printer.print(symbol) for name, symbol in names.symbols.items()}
        self._spelled |= as_coefficients(names.functions, printer)
        defined, kept = outcome.document.setting.definitions, used(outcome.document)
        self._idle = {symbol.name for symbol, _ in defined} - {symbol.name for symbol, _ in kept}

    def point(self, witness: Witness) -> str:
        """Return a witness in words and formulas: ``at k = h = 1, W = 0, e = 1, left 0, right 1``."""
        return _sentence(*self.taken(witness))

    def taken(self, witness: Witness) -> tuple[str, dict[str, str]]:
        """Return the point of a witness, and the values that are taken there."""
        scalars = {name: value for name, value in witness.scalars.items() if name not in self._idle}
        entries = {name: rows for name, rows in witness.entries.items() if name not in self._idle}
        return _taken(replace(witness, scalars=scalars, entries=entries), self._setter, self._spelled)


def _sentence(words: str, values: Mapping[str, str]) -> str:
    sides = {"left": "the left side is", "right": "the right side", "value": "the value is"}
    ending = enumerated([f"{sides.get(label, label)} {value}" for label, value in values.items()])
    return f"at {words}: {ending}" if words else ending


def spelled_point(witness: Witness, setter: Typesetter) -> str:
    """Return a witness of no theorem in words and formulas: its symbols look as their names and shapes say."""
    write = setter.inline_printer.name
    spelled = {name: write(name, SIZE) for name in witness.sizes}
    spelled |= {name: write(name, ()) for name in witness.scalars}
    spelled |= {name: write(name, _axes(name, rows)) for name, rows in witness.entries.items()}
    return _sentence(*_taken(witness, setter, spelled))


def _axes(name: str, rows: Rows) -> tuple[str, ...]:
    """Return the axes of a matrix: the legend's, or those that its shape at a point suggests."""
    entry, alone = lookup(name), len(rows) == len(rows[0]) == 1
    if entry is not None and entry.name == name and len(entry.shape) in ((0, 2) if alone else (2,)):
        return entry.axes
    return ("r", "1" if len(rows[0]) == 1 else "c")


def _taken(witness: Witness, setter: Typesetter, spelled: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    newline = setter.printer.dialect.newline
    given = [(name, str(size)) for name, size in witness.sizes.items()]
    given += [(name, number(value)) for name, value in witness.scalars.items()]
    given += [(name, matrix(rows, newline)) for name, rows in witness.entries.items()]
    given += [(name, str(place + 1)) for name, place in witness.at.items()]  # on paper samples count from one
    words = ", ".join(f"${equation}$" for equation in _equations(given, spelled))
    return words, {label: f"${matrix(rows, newline)}$" for label, rows in witness.values.items()}


def _equations(given: list[tuple[str, str]], spelled: Mapping[str, str]) -> list[str]:
    """Return ``a = b = 0`` for neighbours of one value, each equation on its own."""
    equations: list[tuple[list[str], str]] = []
    for name, value in given:
        if equations and equations[-1][1] == value:
            equations[-1][0].append(spelled.get(name, name))
        else:
            equations.append(([spelled.get(name, name)], value))
    return [f"{' = '.join(names)} = {value}" for names, value in equations]


def number(value: Fraction) -> str:
    """Return a number; a fraction small."""
    sign, size = ("-" if value < 0 else ""), abs(value)
    return f"{sign}{size}" if size.denominator == 1 else rf"{sign}\tfrac{{{size.numerator}}}{{{size.denominator}}}"


def matrix(rows: Rows, newline: str) -> str:
    """Return a small matrix; a single entry is a number."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return number(rows[0][0])
    body = newline.join(" & ".join(str(value) for value in row) for row in rows)
    return rf"\bigl(\begin{{smallmatrix}}{body}\end{{smallmatrix}}\bigr)"
