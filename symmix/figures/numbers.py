"""The numbers of a picture, by name, each with where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symmix.numeric.arrays import Array


@dataclass(frozen=True, eq=False)
class Series:
    """An array that is drawn, and how it was computed."""

    values: Array
    source: str


def computed(source: str) -> Any:
    """Declare an array of a picture, with its provenance in words."""
    return field(metadata={"source": source})


@dataclass(frozen=True, eq=False)
class Numbers:
    """What a picture shows; each field is an array declared by `computed`, and is not written to again."""

    def __post_init__(self) -> None:
        for declared in fields(self):
            getattr(self, declared.name).setflags(write=False)

    def named(self) -> Mapping[str, Series]:
        """Return the arrays by name."""
        return {f.name: Series(getattr(self, f.name), f.metadata["source"]) for f in fields(self)}
