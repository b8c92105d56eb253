"""Files of text: which may hold theorems, and how long one may be. What stands in them is read by others."""

import re
from pathlib import Path

SUFFIXES = (".txt", ".md")
MAX_BYTES = 2_000_000
_HEADED = re.compile(r"^[ \t]*theorem[ \t]+\w+[ \t]*:(?!=)", re.MULTILINE)


def has_theorems(path: Path) -> bool:
    """Whether a file of text says ``theorem NAME:``, so that it is meant where a folder is named."""
    try:
        return path.stat().st_size <= MAX_BYTES and bool(_HEADED.search(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError):
        return False
