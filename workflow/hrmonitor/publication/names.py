"""What a publication calls itself: in a sentence, and as the name of a package."""

from __future__ import annotations

import re
import unicodedata


def called(name: str) -> str:
    """What a publication calls itself in a sentence, after `the`."""
    return name or "monitor"


def slug_of(name: str) -> str:
    """The name of a data package: small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "monitor"
