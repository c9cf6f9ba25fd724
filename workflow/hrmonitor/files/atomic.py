"""Files that appear whole or not at all, also when the process is killed while it writes them.

For what commands write. Results need it not: Snakemake deletes what a failed job leaves, and makes again what a killed one left.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """A place beside `path` to write to, which takes the place of `path` when all is written."""
    path = Path(path).resolve()  # a link stays one
    beside = path.with_name(f".{os.getpid()}_{path.name}")
    try:
        yield beside
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
