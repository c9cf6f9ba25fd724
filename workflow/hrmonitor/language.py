"""Numbers, lists and sentences as a reader of each language writes them.

The sentences themselves are in `resources/languages/{lang}/report.yaml`; nothing here knows a finding or a figure.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import yaml

from hrmonitor.resources import RESOURCES
from hrmonitor.unit import in_words, spoken_words

TEXT_FOLDER = RESOURCES / "languages"
# What a folder of a language holds.
TEXT_FILES = ("report", "terms", "forms", "frames", "decisions", "units")


def languages_in(folder: Path) -> tuple[str, ...]:
    """The languages that have all `TEXT_FILES` in their folder, sorted; a half one is not offered."""
    found = (one for one in folder.iterdir() if all((one / f"{name}.yaml").is_file() for name in TEXT_FILES))
    return tuple(sorted(one.name for one in found))


# A language is its folder, and no code.
LANGUAGES = languages_in(TEXT_FOLDER)
# Embeddings, overrides and isolates of the Unicode Bidirectional Algorithm (UAX 9): they turn the letters behind them, also those of
# others. Arabic and Hebrew need none of them to be read from right to left.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


# What a terminal acts on and no XML may hold: control characters, halves of characters, what Unicode says is none.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def number(value: float | int | None, lang: str, digits: int = 0) -> str:
    """1234.5 as `1,234.5` in English, `1.234,5` in Dutch; a missing value as a dash.

    Rounds half up, as readers of a report do by hand.
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return terms(lang)["language"]["none"]
    thousands, decimal = separators(lang)
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{abs(rounded):,.{digits}f}"
    text = text.translate({ord(","): thousands, ord("."): decimal})
    return ("−" if rounded < 0 else "") + text


def percent(share: float | None, lang: str, digits: int = 0) -> str:
    """A share between 0 and 1 as `62%`, in English and Dutch without a space (Taaladvies: both are right), in German with one (DIN 5008)."""
    if share is None or math.isnan(share):
        return terms(lang)["language"]["none"]
    return per_cent(hundredfold(share, lang, digits), lang)


def per_cent(written: str, lang: str) -> str:
    """A number that is written already, with the sign of per cent as the language sets it: `62%`, `62 %`."""
    return terms(lang)["language"]["percent"].format(written)


def hundredfold(share: float, lang: str, digits: int = 0) -> str:
    """A share as a percentage without its sign, where that stands elsewhere."""
    return number(float(Decimal(str(share)) * 100), lang, digits)


# Below so many facilities a share is told as a count, in text, tables and figures: one facility would be ten points or more.
FEW = 10


def count_of(share: float, n: float) -> int | None:
    """How many of n a share stands for; None where it is weighted and no whole number of them fits."""
    whole = round(share * n)
    return whole if abs(share * n - whole) < 1e-6 * max(n, 1) else None


def share_or_count(share: float | None, n: float, lang: str) -> str:
    """`62%`, or `1 of 6` where so few answered that a percentage would say more than they do and the number is known."""
    if share is not None and not math.isnan(share) and not math.isnan(n) and 0 < n < FEW:
        count = count_of(share, n)
        if count is not None:
            return terms(lang)["figures"]["n_of"].format(n=number(count, lang), total=number(n, lang))
    return percent(share, lang)


def interval(low: float | None, high: float | None, lang: str, digits: int = 0, share: bool = True) -> str:
    """An interval as `54–70%` (shares) or `1.2–1.5` (other numbers)."""
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return terms(lang)["language"]["none"]
    if share:
        return per_cent(between(hundredfold(low, lang, digits), hundredfold(high, lang, digits), lang), lang)
    return between(number(low, lang, digits), number(high, lang, digits), lang)


def between(low: str, high: str, lang: str) -> str:
    """`54–70%`; `−3 to 5` where a dash would stand beside a minus sign."""
    return f"{low} {terms(lang)['language']['to']} {high}" if "−" in low + high else f"{low}–{high}"


def join(parts: list[str], lang: str) -> str:
    """`a, b and c` or `a, b en c`."""
    if len(parts) < 2:
        return "".join(parts)
    between = terms(lang)["language"]["and"]
    return f"{', '.join(parts[:-1])} {between} {parts[-1]}"


def quoted(label: str, lang: str) -> str:
    """The label in the quotation marks of the language."""
    return terms(lang)["language"]["quoted"].format(label)


def headed(head: str, told: str, lang: str) -> str:
    """`head: told`, in French with a space before the colon."""
    return f"{head}{terms(lang)['language']['colon']}{told}"


def listed(parts: Iterable[str], lang: str) -> str:
    """`a; b; c`, in French with a space before each semicolon."""
    return terms(lang)["language"]["semicolon"].join(parts)


def separators(lang: str) -> tuple[str, str]:
    """The marks of thousands and of decimals."""
    words = terms(lang)["language"]
    return words["thousands"], words["decimal"]


def capital(sentence: str) -> str:
    """The sentence with a capital letter at its start; the rest stays, abbreviations too."""
    return sentence[:1].upper() + sentence[1:]


def escape_markdown(text: object) -> str:
    """Text from a respondent, a form or a file so that Pandoc shows it letter for letter.

    Every ASCII punctuation mark is escaped, which Pandoc's Markdown allows for all of them; white space
    becomes single spaces, so that nothing can start a block. Marks that turn the direction of text are left out, and letters that no
    font of the report has stand as their number.
    """
    flat = settable(re.sub(r"\s+", " ", _TURNING.sub("", str(text))).strip())
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", flat)


def settable(text: str) -> str:
    """The text with `[U+1F600]` for what cannot be set: control and private characters, and letters that no font of the report has.

    Of several in a row the first and the last are named, and how many they are: `[U+4E2D…U+6587, 12]`. Marks that show nothing by
    themselves, such as what chooses a shape of an emoji, are left out.
    """
    return text if text.isascii() and text.isprintable() else _not_settable().sub(_number, text)


def without_controls(text: str) -> str:
    """The text with `[U+001B]` for each control character, so that nothing acts on it."""
    return _CONTROL.sub(lambda match: f"[U+{ord(match.group()):04X}]", text)


def settable_in(data):
    """The same of every text in lists and dictionaries."""
    if isinstance(data, dict):
        return {key: settable_in(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [settable_in(value) for value in data]
    return settable(data) if isinstance(data, str) else data


def not_settable(text: str) -> list[str]:
    """The numbers of the characters for which a placeholder is shown, each once, in their order."""
    if text.isascii() and text.isprintable():
        return []
    found = "".join(_not_settable().findall(text))
    return [f"U+{ord(one):04X}" for one in dict.fromkeys(found) if not _shows_nothing(one)]


@cache
def _not_settable() -> re.Pattern:
    """What is outside `fonts/covered.txt`: the characters that our fonts and those within Typst have, as ranges."""
    ranges = (RESOURCES / "fonts/covered.txt").read_text(encoding="ascii").split()
    escaped = ("-".join(f"\\U{int(end, 16):08x}" for end in one.split("-")) for one in ranges)
    # Marks of joining and direction, without which Arabic or Persian is set otherwise, need no picture in a font.
    return re.compile(rf"[^\t\n\r\u200c-\u200f{''.join(escaped)}]+")


def _shows_nothing(letter: str) -> bool:
    return (
        unicodedata.category(letter) == "Cf" or "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"
    )


def _number(run: re.Match) -> str:
    seen = [letter for letter in run.group() if not _shows_nothing(letter)]
    if not seen:
        return ""
    # What the standard calls white space shows a gap, whatever its width.
    if all(map(str.isspace, seen)) and "\u0085" not in seen and min(seen) > " ":
        return " "
    first, last = f"U+{ord(seen[0]):04X}", f"U+{ord(seen[-1]):04X}"
    return f"[{first}]" if len(seen) == 1 else f"[{first}…{last}, {len(seen)}]"


def read_texts(name: str, lang: str) -> dict:
    """A file of texts, about the unit of the study."""
    return _read(name, lang, spoken_words(lang))


@cache
def _read(name: str, lang: str, words: tuple[tuple[str, str], ...]) -> dict:
    """The same, kept for the unit that has these words."""
    content = (TEXT_FOLDER / lang / f"{name}.yaml").read_text(encoding="utf-8")
    return in_words(yaml.load(content, yaml.CSafeLoader), lang)


def terms(lang: str) -> dict:
    """How the language writes, names of services and verdicts, and the words inside figures, from `resources/languages/{lang}/terms.yaml`."""
    return read_texts("terms", lang)


def of_forms(lang: str) -> dict:
    """What stands in forms and coders' workbooks besides questions and answers, from `resources/languages/{lang}/forms.yaml`."""
    return read_texts("forms", lang)


def text(lang: str) -> dict:
    """The sentences of the report in one language, from `resources/languages/{lang}/report.yaml`, and its terms."""
    return terms(lang) | read_texts("report", lang)


def framed(lang: str, kind: str) -> dict:
    """`text` as it reads where a round has that kind of frame (`project.config.FRAMES`), from `resources/languages/{lang}/frames.yaml`."""
    if kind == "register":
        return text(lang)
    return _in_place_of(text(lang), read_texts("frames", lang)[kind])


def _in_place_of(words, other):
    """The words with those of `other` in place of the same keys, or of the same places in a list."""
    if isinstance(words, dict) and isinstance(other, dict):
        return words | {key: _in_place_of(words.get(key), own) for key, own in other.items()}
    if isinstance(words, list) and isinstance(other, dict):
        return [_in_place_of(own, other[place]) if place in other else own for place, own in enumerate(words)]
    return other


# From here on a share is `almost all`, and below its counterpart `almost none`.
ALMOST = 0.98
# How near below a fraction a share is told as `nearly` it, and how far above as the fraction itself.
NEAR, PAST = 0.02, 0.015
# The fractions are written to four digits.
WRITTEN = 5e-5


def in_fraction(share: float, lang: str) -> str:
    """`eight in ten` for 0.81, `nearly eight in ten` for 0.785: a share in words that never say more than it."""
    words = terms(lang)["in_words"]
    if share in (0.0, 1.0):
        return words["ends"]["all" if share else "none"]
    if not 1 - ALMOST < share < ALMOST:
        return words["ends"]["almost_all" if share > 0.5 else "almost_none"]
    # Share, its words, and in some languages the words as they stand behind `nearly`, `more than` and `fewer than`.
    fractions = words["fractions"]
    reached = [one for one in fractions if one[0] <= share + WRITTEN]
    if reached and share - reached[-1][0] <= PAST:
        return reached[-1][1]
    if len(reached) < len(fractions) and fractions[len(reached)][0] - share < NEAR:
        return words["nearly"].format(fractions[len(reached)][-1])
    return words["more_than"].format(reached[-1][-1]) if reached else words["fewer_than"].format(fractions[0][-1])
