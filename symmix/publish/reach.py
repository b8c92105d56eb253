"""For which sizes something is proved: for all, unless it speaks of a size that is a number."""

from __future__ import annotations

from collections.abc import Sequence

from symmix.terms import statements as s
from symmix.terms.meanings import fixed_sizes
from symmix.theorems import Outcome
from symmix.verdict import Finite


def fixed(theorem: s.Theorem) -> list[str]:
    """Return the sizes that are numbers in what is claimed and derived: near misses claim nothing."""
    setting = theorem.setting
    definitions = (part for pair in setting.definitions for part in pair)
    claims = (claim for _, claim in theorem.claims)
    return fixed_sizes([*setting.indices, *definitions, *claims, *theorem.proofs])


def for_size(outcome: Outcome) -> str:
    """Return ``for size 2 alone`` where sizes are numbers, else nothing: what is proved is proved for no other."""
    found = fixed(outcome.document)
    return f"for size {' and '.join(found)} alone" if found else ""


def for_sizes(outcomes: Sequence[Outcome]) -> str:
    """Return ``for all sizes``, with what that means where some are numbers."""
    return "for all sizes (one that is a number is that alone)" if any(map(for_size, outcomes)) else "for all sizes"


def decided(outcomes: Sequence[Outcome]) -> str:
    """Return ``decided in every dimension``, unless some are numbers."""
    return "decided exactly" if any(map(for_size, outcomes)) else "decided in every dimension"


def all_components(finite: Finite) -> str:
    """Return why something holds at fixed sizes."""
    return f"all {len(finite.ways)} components vanish{'' if finite.plain else ', by the hypotheses'}"
