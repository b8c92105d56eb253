"""One Hypothesis profile for all tests: reproducible, and no time limits, which only measure the machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("symmix", deadline=None, derandomize=True, database=None)
settings.load_profile("symmix")
