"""The guides: pages in Markdown that come with symmix, as they are written."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

# in the order in which somebody new reads them
GUIDES = (
    "write-a-theorem",
    "check-a-derivation",
    "check-an-implementation",
    "put-it-into-a-paper",
    "what-has-to-be-trusted",
)


@cache
def source(name: str) -> str:
    """Return a guide as it is written."""
    return files("symmix").joinpath("guide", f"{name}.md").read_text(encoding="utf-8")


def heading(name: str) -> str:
    """Return a guide's title."""
    return source(name).partition("\n")[0].removeprefix("# ")
