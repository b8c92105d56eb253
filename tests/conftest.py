"""Settings for all tests."""

from __future__ import annotations

import os
import re
from importlib import import_module

import pytest
from hypothesis import HealthCheck, settings

# On a server the same cases each time, so that a red build can be repeated; at a desk new ones each time, so
# that the tests go on learning. A failure prints what reproduces it either way.
common = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", common, derandomize=True)
settings.register_profile("local", common, derandomize=False)
settings.load_profile("ci" if os.environ.get("CI") else "local")


os.environ["SYMMIX_CACHE"] = os.path.join(os.devnull, "none")  # no test knows what another one proved


@pytest.fixture
def proved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let commands show what all tests of a run know of the catalogue: deciding it once more would show nothing."""
    catalogue = import_module("tests.catalogue")
    monkeypatch.setattr("symmix.theorems.Script.prove", lambda script, _=None: catalogue.outcome(script.id))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse names that are others in each process: workers that run tests side by side would not agree on them."""
    changing = [item.nodeid for item in items if re.search(r"0x[0-9a-f]{6,}|dummy_index=", item.nodeid)]
    if changing:
        raise pytest.UsageError(f"a test's name holds an address or a number that changes: {changing[0]}")
