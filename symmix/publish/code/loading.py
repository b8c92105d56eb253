"""Text of a module as a function: what is printed is what is run, and tracebacks show its lines."""

from __future__ import annotations

import linecache
from collections.abc import Callable
from importlib.abc import InspectLoader
from importlib.util import module_from_spec, spec_from_loader
from types import ModuleType
from typing import Any


class _Text(InspectLoader):
    """Loads a module from its text."""

    def __init__(self, source: str) -> None:
        self.source = source

    def get_source(self, fullname: str) -> str:
        """Return the text; where tracebacks look for it is told on the way."""
        linecache.cache[f"<{fullname}>"] = (
            len(self.source),
            None,
            self.source.splitlines(keepends=True),
            f"<{fullname}>",
        )
        return self.source

    def exec_module(self, module: ModuleType) -> None:
        """Execute the text in the module."""
        super().exec_module(module)

    def get_code(self, fullname: str) -> Any:
        """Compile the text."""
        return self.source_to_code(self.get_source(fullname), f"<{fullname}>")


def loaded(source: str, module: str, name: str) -> Callable[..., Any]:
    """Return a function of a module that is given as text; whatever the module imports has to be installed."""
    spec = spec_from_loader(module, loader := _Text(source))
    found = ModuleType(module) if spec is None else module_from_spec(spec)
    loader.exec_module(found)
    function: Callable[..., Any] = vars(found)[name]
    return function
