"""A wrong gradient, fitted to the terms that are proved: which of them is wrong, and how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import compress, product

import numpy as np

from symmix.numeric.arrays import Array
from symmix.testing.calling import Caller, Observation
from symmix.testing.conventions import DIFFERENTIATED, Convention, expected_gradients
from symmix.testing.finding import Finding
from symmix.testing.mistakes import closeness, explains
from symmix.testing.terms import RIGHT, WEIGHTS, Slip, Term, cores, proved_terms, term_value

THEOREM = "gradient_has_four_terms"
PATTERNS: dict[tuple[str, tuple[str, ...]], tuple[str, str]] = {
    ("z", ("lam (1-lam)", "(1-lam)^2", "lam^2", "lam (1-lam)")): (
        "lam for 1 - lam",
        "the features' factors lam and 1 - lam are exchanged, the residual is right",
    ),
    ("z", ("1-lam", "lam")): ("lam for 1 - lam", "the features' factors lam and 1 - lam are exchanged"),
    ("z", ("lam", "1-lam", "0", "0")): ("unmixed features", "it is -W^T r, as if the features were not mixed"),
    ("W", ("lam", "0", "1-lam", "0")): ("unmixed features", "it is -r z^T, with the own features for the mixed ones"),
}
"""Several weights that are wrong together: variable and weights, name and meaning."""


@dataclass(frozen=True)
class _Wrong:
    """A gradient that is not the proved one: what was claimed and what is proved, on every batch."""

    variable: str
    convention: Convention
    seen: Sequence[Observation]
    claimed: Sequence[Array]
    proved: Sequence[Array]

    def fits(self, predicted: Sequence[Array]) -> bool:
        """Say whether a guess gives every claimed entry."""
        return all(explains(np.asarray(p, c.dtype), c) for p, c in zip(predicted, self.claimed, strict=True))

    def only(self, chosen: Sequence[bool]) -> _Wrong:
        """Keep some of the batches."""
        return replace(
            self,
            seen=list(compress(self.seen, chosen)),
            claimed=list(compress(self.claimed, chosen)),
            proved=list(compress(self.proved, chosen)),
        )

    def terms(self, slip: Slip = RIGHT, weights: Sequence[str] | None = None) -> list[list[Array]]:
        """Compute every proved term on every batch, as [term][batch]."""
        listed = proved_terms(self.convention, self.variable)
        found = [cores(o.batch, self.convention, slip) for o in self.seen]
        return [
            [
                term_value(term, o.batch, self.convention, core, weight, slip)
                for o, core in zip(self.seen, found, strict=True)
            ]
            for term, weight in zip(listed, weights or [term.weight for term in listed], strict=True)
        ]


def check_gradients(
    caller: Caller, seen: Sequence[Observation], convention: Convention
) -> tuple[tuple[str, ...], list[Finding]]:
    """Compare all gradients that a step gave with the proved ones; name those compared, and the culprits."""
    proved = [expected_gradients(o.batch, convention) for o in seen]
    names = tuple(name for name in DIFFERENTIATED if seen and all(name in o.gradients for o in seen))
    found = []
    for name in names:
        off = [(o, *e[name]) for o, e in zip(seen, proved, strict=True) if _off(o.gradients[name], *e[name])]
        if off:
            smallest = min(off, key=lambda item: int(np.prod(item[0].batch.size)))
            found.append(_name(caller, name, convention, seen, [p[name][0] for p in proved], smallest))
    return names, found


def _off(claimed: Array, value: Array, allowed: Array) -> bool:
    return claimed.shape != value.shape or bool(np.any(~(np.abs(claimed - value) <= allowed)))


def _name(
    caller: Caller,
    name: str,
    convention: Convention,
    seen: Sequence[Observation],
    proved: Sequence[Array],
    first: tuple[Observation, Array, Array],
) -> Finding:
    observation, value, allowed = first
    claimed = np.asarray(observation.gradients[name])
    line = caller.written(observation.batch)
    at = f"at {observation.batch.corner}"
    if claimed.shape != value.shape:
        turned = ": it is transposed" if claimed.shape == value.shape[::-1] else ""
        return Finding(
            "a gradient has another shape",
            f"d{name}: {at}, shape {claimed.shape} where {name} has {value.shape}{turned}",
            reproducer=line,
        )
    index = tuple(int(i) for i in np.argwhere(~(np.abs(claimed - value) <= allowed))[0])
    shown = f"{at}, d{name}{list(index)} is {float(claimed[index])!r}, proved is {float(value[index])!r}"
    same = [np.shape(o.gradients[name]) == p.shape for o, p in zip(seen, proved, strict=True)]
    wrong = _Wrong(name, convention, seen, [np.asarray(o.gradients[name]) for o in seen], proved).only(same)
    title, message = next(_explanations(wrong))
    theorem = "detaching_the_partner_halves_the_gradient" if title == "the partner's gradient is cut" else THEOREM
    return Finding(title, f"d{name}: {message}; {shown}", theorem, line)


def _explanations(wrong: _Wrong) -> Iterator[tuple[str, str]]:
    """Yield what explains a gradient, the simplest first."""
    if all(not np.any(claimed) for claimed in wrong.claimed):
        yield "the gradient is cut", "it is zero everywhere: no_grad, detach, or a variable that is not used"
    yield from _factors(wrong)
    yield from _slips(wrong)
    yield from _coefficients(wrong)
    yield from _weights(wrong)
    yield (
        "the gradient fits no proved terms",
        f"no combination of {', '.join(map(str, proved_terms(wrong.convention, wrong.variable)))} gives it",
    )


def _factors(wrong: _Wrong) -> Iterator[tuple[str, str]]:
    if wrong.fits([-p for p in wrong.proved]):
        yield (
            "wrong sign",
            "it is the negative of the gradient: that of the objective, which is maximised, not of the loss",
        )
    if wrong.fits([2 * p for p in wrong.proved]) or wrong.fits([p / 2 for p in wrong.proved]):
        which = "twice" if wrong.fits([2 * p for p in wrong.proved]) else "half"
        yield "wrong factor", f"it is {which} the gradient of the loss that is returned"
    for words, pick in (("N", 0), ("k", 1)):
        sizes = [o.batch.size[pick] for o in wrong.seen]
        for sign, name in ((1, f"{words} times"), (-1, f"1/{words} times")):
            if wrong.fits([float(s) ** sign * p for s, p in zip(sizes, wrong.proved, strict=True)]):
                yield "wrong factor", f"it is {name} the gradient of the loss that is returned: another reduction"
    both = [float(np.prod(o.batch.size[:2])) for o in wrong.seen]
    if wrong.fits([s * p for s, p in zip(both, wrong.proved, strict=True)]):
        yield "wrong factor", "it is N k times the gradient of the loss that is returned: another reduction"


def _slips(wrong: _Wrong) -> Iterator[tuple[str, str]]:
    other = replace(wrong.convention, weighs="partner" if wrong.convention.weighs == "own" else "own")
    if wrong.fits([expected_gradients(o.batch, other)[wrong.variable][0] for o in wrong.seen]):
        yield "lam for 1 - lam", "it is the gradient with lam where 1 - lam is proved, and the other way round"
    if wrong.fits(_summed(wrong.terms(Slip(swapped=True)))):
        yield "errors swapped", "it is the gradient with e' where e is proved, and the other way round"
    if wrong.variable != "z":
        return
    square = wrong.only([o.batch.size[1] == o.batch.size[2] for o in wrong.seen])
    if square.seen and square.fits(_summed(square.terms(Slip(transposed=True)))):
        yield "transposed W", "where k = h, it is the gradient with W where its transpose is proved"
    if wrong.fits(_summed(wrong.terms(Slip(inverse=True)))):
        yield "the partner's gradient goes to the wrong sample", "it is scattered by the inverse permutation"


def _summed(terms: Sequence[Sequence[Array]]) -> list[Array]:
    return [np.sum(batch, axis=0) for batch in zip(*terms, strict=True)]


def _coefficients(wrong: _Wrong) -> Iterator[tuple[str, str]]:
    """Fit one coefficient a term: a cut, a dropped term, a sign."""
    terms, values = proved_terms(wrong.convention, wrong.variable), wrong.terms()
    columns = np.stack([np.concatenate([np.ravel(v) for v in batches]) for batches in values], axis=1)
    claimed = np.concatenate([np.ravel(c) for c in wrong.claimed])
    fit = np.linalg.lstsq(columns, claimed, rcond=None)[0]
    read = [Fraction(float(c)).limit_denominator(16) for c in fit]
    guess = [sum(float(c) * v for c, v in zip(read, batch, strict=True)) for batch in zip(*values, strict=True)]
    if not wrong.fits([np.asarray(g) for g in guess]):
        return
    kept = [term for term, c in zip(terms, read, strict=True) if c == 1]
    gone = [term for term, c in zip(terms, read, strict=True) if c == 0]
    if wrong.variable == "z" and len(kept) + len(gone) == len(terms):
        if {t.at_partner for t in gone} == {True} and not any(t.at_partner for t in kept):
            yield (
                "the partner's gradient is cut",
                f"nothing arrives through the partner, it is detached: {_absent(gone)}",
            )
        if {t.at_partner for t in gone} == {False} and all(t.at_partner for t in kept):
            yield "the own sample's gradient is cut", f"nothing arrives through the own sample: {_absent(gone)}"
    sign = -wrong.convention.sign
    parts = [
        f"the {term} has coefficient {_signed(sign * c)} where {_signed(Fraction(sign))} is proved"
        for term, c in zip(terms, read, strict=True)
        if c != 1
    ]
    yield ("missing term" if gone and len(kept) + len(gone) == len(terms) else "wrong coefficient"), "; ".join(parts)


def _absent(terms: Sequence[Term]) -> str:
    return " and ".join(f"the {term}" for term in terms) + (" are" if len(terms) > 1 else " is") + " missing"


def _signed(number: Fraction) -> str:
    return f"{'+' if number > 0 else '-' if number < 0 else ''}{abs(number)}"


def _weights(wrong: _Wrong) -> Iterator[tuple[str, str]]:
    """Try every weight, with either sign or none, in place of each proved one; the fewest changes win."""
    terms = proved_terms(wrong.convention, wrong.variable)
    choices: list[tuple[str, int]] = [("1", 0), *product(WEIGHTS, (1, -1))]
    claimed = np.concatenate([np.ravel(c) for c in wrong.claimed])
    columns: list[list[Array]] = [[] for _ in terms]
    for weight, sign in choices:
        for place, batches in enumerate(wrong.terms(weights=[weight] * len(terms))):
            columns[place].append(sign * np.concatenate([np.ravel(v) for v in batches]))
    changes = [[(weight, sign) != (term.weight, 1) for weight, sign in choices] for term in terms]
    for picks in _few_changes(np.array(changes), _near(columns, claimed)):
        full = sum(columns[place][pick] for place, pick in enumerate(picks))
        if explains(np.asarray(full, claimed.dtype), claimed):
            chosen = [choices[pick] for pick in picks]
            detail = "; ".join(_replaced(terms, chosen))
            known = PATTERNS.get((wrong.variable, tuple(weight if sign else "0" for weight, sign in chosen)))
            yield ("wrong weight", detail) if known is None else (known[0], f"{known[1]} ({detail})")
            return


def _near(columns: list[list[Array]], claimed: Array) -> Array:
    """Say which picks, one a term, give a few of the largest entries: most guesses fail there at once."""
    probe = np.argsort(-np.abs(claimed))[:6]
    near: Array = np.zeros(len(probe))
    for place in columns:
        near = near[..., None, :] + np.array([column[probe] for column in place])
    size = np.maximum(1.0, np.abs(near).max(axis=-1))
    return np.asarray(np.abs(near - claimed[probe]).max(axis=-1) <= closeness(claimed.dtype) * size)


def _few_changes(changes: Array, near: Array) -> list[tuple[int, ...]]:
    """List the picks that are near, those that change the fewest terms first."""
    picks = [tuple(int(i) for i in pick) for pick in np.argwhere(near)]
    return sorted(picks, key=lambda pick: sum(bool(changes[place, at]) for place, at in enumerate(pick)))


def _replaced(terms: Sequence[Term], chosen: Sequence[tuple[str, int]]) -> Iterator[str]:
    for term, (weight, sign) in zip(terms, chosen, strict=True):
        if (weight, sign) != (term.weight, 1):
            words = "0" if sign == 0 else weight if sign == 1 else f"-{weight}"
            yield f"the {term.name} in {term.core} has weight {words} where {term.weight} is proved"
