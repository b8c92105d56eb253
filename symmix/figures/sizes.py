"""How wide pictures are."""

COLUMN, PAGE = 84.0, 170.0
"""One column, and across the page, in millimetres."""
