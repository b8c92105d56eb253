"""``python -m proofs``: the same as ``symmix prove``."""

import sys
from pathlib import Path

from symmix.cli import main

raise SystemExit(main(["prove", str(Path(__file__).parent), *sys.argv[1:]]))
