"""What typography may change in a text without changing what it says, and nothing more.

Case, white space, shapes of dashes and quotation marks, invisible characters and punctuation at the end go. Signs that say something
(`<`, `>`, `≤`, `+`, digits) and every letter stay: "onvoldoende" is not "voldoende", "> 1 jaar" is not "< 1 jaar".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Byte order mark, zero-width space, word joiner, soft hyphen, direction marks: they show nothing, wherever they stand.
INVISIBLE = re.compile("[\ufeff\u200b\u2060\u00ad\u200e\u200f\u202a-\u202e]")
# Joiners of letters are part of the spelling in some scripts: they go in comparisons only.
_JOINERS = re.compile("[\u200c\u200d]")
_SAME_LETTER = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"'),
        **dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t\r\n", " "),
    }
)  # fmt: skip
_END = " .,;:!?"


def visible(text: str) -> str:
    """The text without characters that show nothing."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def level(text: str) -> str:
    """The text with dashes, quotation marks and blanks of one shape each, letter for letter."""
    return text.translate(_SAME_LETTER)


@lru_cache(maxsize=100_000)
def typographic(text: str) -> str:
    """What two texts have in common that only typography tells apart; compare by `==`."""
    folded = unicodedata.normalize("NFC", _JOINERS.sub("", visible(text))).replace("\u2026", "...")
    folded = level(folded).casefold()
    # A blank beside a sign comes and goes ("<1 jaar", "< 1 jaar"); between words and numbers it tells them apart.
    folded = re.sub(r"(?<=\W) | (?=\W)", "", " ".join(folded.split()))
    return folded.rstrip(_END) or folded
