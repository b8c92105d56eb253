"""How the pictures look: Matplotlib alone, and nothing but the numbers of `symmix.figures.computing`."""
