"""``symmix experiment``: what theorems predict, beside what is measured."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from textwrap import fill

from symmix.cli.codes import FINE
from symmix.errors import UsageError
from symmix.experiments import EXPERIMENTS, Experiment, table


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    if options.name is None:
        _list()
        return FINE
    if options.name not in EXPERIMENTS:
        raise UsageError(f"one of the experiments {', '.join(EXPERIMENTS)}", options.name, "name one of them")
    experiment = EXPERIMENTS[options.name]
    rows = list(experiment.run(options.seed, small=options.small))
    if options.json:
        told = [asdict(row) for row in rows]
        named = {"experiment": experiment.name, "theorem": experiment.theorem, "seed": options.seed}
        print(json.dumps({**named, "rows": told}, indent=2))
        return FINE
    print(f"{experiment.question}\npredicted by {experiment.theorem}, seed {options.seed}\n")
    print(table(rows))
    print(f"\n{fill(f'Limits: {experiment.limits}', 100)}")
    return FINE


def _list() -> None:
    for experiment in EXPERIMENTS.values():
        _describe(experiment)


def _describe(experiment: Experiment) -> None:
    print(f"{experiment.name}\n  {experiment.question}\n  theorem: {experiment.theorem}\n")
