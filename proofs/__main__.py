"""``python -m proofs``: the same as ``symmix prove``."""

import sys

from symmix.cli import main

raise SystemExit(main(["prove", *sys.argv[1:]]))
