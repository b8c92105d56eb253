"""``python -m symmix``."""

from symmix.cli import main

raise SystemExit(main())
