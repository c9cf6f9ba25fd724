"""How the pages of a PDF are filled: measured on their pictures, and on the places of its chapters."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from pypdf import PdfReader

# Millimetres of A4, and of the margins of templates/report.typ.
HEIGHT, TOP, FOOT = 297.0, 26.0, 24.0
# Dots an inch: enough to see where a line of text ends.
RESOLUTION = 20


def ink(pdf: Path) -> list[np.ndarray]:
    """For each page the share of ink in each row of dots between head and foot."""
    shares = []
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", str(RESOLUTION), "-gray", str(pdf), f"{folder}/page"], check=True)
        for path in sorted(Path(folder).iterdir()):
            with Image.open(path) as picture:
                dots = np.asarray(picture)
            first, last = (round(len(dots) * place / HEIGHT) for place in (TOP, HEIGHT - FOOT))
            shares.append((dots[first:last] < 250).mean(axis=1))
    return shares


def empty_at_foot(pdf: Path) -> list[float]:
    """For each page the share of its height below the last line."""
    return [1.0 if not rows.any() else float(1 - (np.flatnonzero(rows).max() + 1) / len(rows)) for rows in ink(pdf)]


def room_below_chapters(pdf: Path) -> dict[str, float]:
    """Chapter -> millimetres between its heading and the foot of the page."""
    reader = PdfReader(pdf)
    found = {}
    for entry in reader.outline:
        if not isinstance(entry, list):
            found[str(entry.title)] = float(entry.top) / 72 * 25.4 - FOOT
    return found
