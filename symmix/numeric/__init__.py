"""NumPy only: objectives and gradients from their definitions, exact differences, grids, complex steps."""
