"""A command in a process that may take so much and no more: what a server of texts from anywhere runs."""

from __future__ import annotations

import sys

from symmix.cli import main

SECONDS = 60  # of processor time
MEMORY = 4 << 30  # bytes of addresses, of which NumPy's threads reserve many
OUTPUT = 8 << 20  # bytes of a file

try:
    import resource
except ImportError:  # Windows has none; there the server's clock alone ends what takes too long
    resource = None  # type: ignore[assignment]


def limit() -> None:
    """Let the system end this process where it takes more."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit()
    sys.exit(main())
