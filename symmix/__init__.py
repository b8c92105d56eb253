"""symmix: gradients of mixup-type objectives, derived, decided in every dimension, and checked."""

__version__ = "0.1.0"
