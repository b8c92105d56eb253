"""Experiments: what a theorem predicts, and what a network or a data set does.

A prediction is written down before anything is measured: it is the right side of a claim that has just been proved,
evaluated at the data (``stated``), or a threshold or a zero that the theorem names. What is measured comes from the
definition of the loss, by NumPy, with no code in common. Nothing is tuned: sizes, steps and seeds stand in the files.
"""

from symmix.experiments.catalogue import EXPERIMENTS
from symmix.experiments.rows import Experiment, Row, table

__all__ = ["EXPERIMENTS", "Experiment", "Row", "table"]
