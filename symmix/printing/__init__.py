"""Trees written down: plain text, LaTeX, and formulas in words."""
