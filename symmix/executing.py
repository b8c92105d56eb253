"""Executing a user's file."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from symmix.errors import StatementError, SymmixError, UsageError, place_of


def module(path: Path) -> ModuleType:
    """Execute a proof script as Python would, under a name that no other module has."""
    name = "symmix_script_" + "".join(letter if letter.isalnum() else "_" for letter in str(path.resolve()))
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if not isinstance(spec, ModuleSpec) or spec.loader is None:
        raise UsageError("a Python file", str(path), "give it the ending .py")
    found = module_from_spec(spec)
    sys.modules[name] = found
    try:
        spec.loader.exec_module(found)
    except SymmixError as error:  # what its author has to change, at its line
        del sys.modules[name]
        error.places.insert(0, place_of(error))
        raise
    except Exception as error:
        del sys.modules[name]
        raise StatementError(
            "a proof script that can be executed",
            f"{type(error).__name__} in {path}: {error}",
            f"see {place_of(error)}",
        ) from error
    return found
