"""Scripts with a theorem of one's own, and the command run on them as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from symmix.catalogue import chapters

ROOT = Path(__file__).parent.parent
PROOFS = ROOT / "proofs"
IDS = [name for ids in chapters().values() for name in ids]

SCRIPT = '''"""A theorem of one's own."""

import sympy as sp

from symmix import Derivation, Identity, Theorem, prove, theorem
from symmix.notation import W, z, zp


@theorem(answers="is it linear?")
def {name}() -> Theorem:
    """A matrix is linear."""
    return Theorem(
        claim=Identity(W * (z + zp), {right}),
        proof=Derivation(W * (z + zp)).equals({middle}, by="W is linear").equals({right}, by="the claim"),
        near_misses={{"the sign": Identity(W * (z + zp), W * z - W * zp)}},
    )


if __name__ == "__main__":
    prove(__file__)
'''
TRUE = "W * z + W * zp"
STEP = "2 * W * z + W * (zp - z)"


def write(folder: Path, name: str = "mine", right: str = TRUE, middle: str = STEP) -> Path:
    path = folder / f"{name}.py"
    path.write_text(SCRIPT.format(name=name, right=right, middle=middle))
    return path


def run(
    *arguments: str, cwd: Path = ROOT, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})}
    return subprocess.run([sys.executable, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False)
