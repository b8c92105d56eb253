"""Run the checker: as a part of symmix, or as a folder that was copied about."""

import importlib.util
import sys
from pathlib import Path


def _package() -> str:
    """Return the name of this package, which has none if its folder is run."""
    if __package__:
        return __package__
    here = Path(__file__).resolve()
    spec = importlib.util.spec_from_file_location("exact_checker", here.with_name("__init__.py"))
    if spec is None or spec.loader is None:
        raise SystemExit(2)
    module = sys.modules["exact_checker"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return "exact_checker"


sys.exit(importlib.import_module(_package()).main())
