"""Settings for all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# On a server the same cases each time, so that a red build can be repeated; at a desk new ones each time, so
# that the tests go on learning. A failure prints what reproduces it either way.
common = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", common, derandomize=True)
settings.register_profile("local", common, derandomize=False)
settings.load_profile("ci" if os.environ.get("CI") else "local")
