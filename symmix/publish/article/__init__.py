"""A note or a booklet: a standing setting, theorems stated against it, and one table of what fails."""
