"""What the pictures show, as numbers: NumPy alone, from the definitions in `symmix.numeric`."""
