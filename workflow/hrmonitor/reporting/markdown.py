"""Numbers in running text: plural, rounding, direction, few facilities; a sentence never says more than its interval.

The words stand under `counting` in `resources/languages/{lang}/report.yaml`. Tables keep `language.number` and its digits.
"""

from __future__ import annotations

import math

from hrmonitor.language import FEW, count_of, interval, number, percent, text
from hrmonitor.study import Study

# Numbers up to this one are written out.
WORDS = 12
# No estimate of a questionnaire is worth more decimals.
MOST_DIGITS = 2


def synthetic_note(words: dict, study: Study) -> str:
    """That the answers are made up, as the block that opens what people read, in the sentences of the language; the study may say how."""
    words, own = words["front"], study.report.get("rehearsal")
    return f"::: {{.synthetic}}\n**{words['synthetic_title']}** {own.paragraphs[0] if own else words['synthetic']}\n:::"


def in_words(n: int, lang: str) -> str:
    """0 to 12 in words, as running text has them, else in figures."""
    words = text(lang)["counting"]["words"]
    # Numbers of facilities are read as floats: cells may be blank.
    return words[int(n)] if 0 <= n <= WORDS and n == int(n) else number(n, lang)


def none(lang: str) -> str:
    """Zero where the thing is not named again: `116 in full and none in part`."""
    return text(lang)["counting"]["none"]


def counted(n: int, thing: str, lang: str) -> str:
    """`no facilities`, `one facility`, `17 facilities`; `thing` is a key of `plurals`."""
    one, many = text(lang)["plurals"][thing]
    return one if n == 1 else f"{in_words(n, lang)} {many}"


def at_least(n: int, least: int, lang: str) -> str:
    """The number, or `fewer than three` where it is too small to be told; zero hides nobody."""
    if 0 < n < least:
        return text(lang)["counting"]["fewer"].format(in_words(least, lang))
    return number(n, lang)


def all_of(n: int, thing: str, lang: str) -> str:
    """`both tests`, `all three tests`; for more than one."""
    words = text(lang)
    if n == 2:
        return words["counting"]["both"].format(words["plurals"][thing][1])
    return words["counting"]["all"].format(n=in_words(n, lang), thing=words["plurals"][thing][1])


def digits_for(low: float, high: float) -> int:
    """Decimals that an interval leaves meaning: the last digit is no finer than a tenth part of its half width's decade.

    Negative for tens, hundreds ...; `MOST_DIGITS` where there is no width (a census).
    """
    width = (high - low) / 2
    if not math.isfinite(width) or width <= 0:
        return MOST_DIGITS
    return min(MOST_DIGITS, -math.floor(math.log10(width)))


def rounded(value: float, low: float, high: float, lang: str, most: int = MOST_DIGITS) -> str:
    """The number with the digits that its interval leaves it; `about` where whole numbers were rounded."""
    digits = min(digits_for(low, high), most)
    if digits >= 0:
        return number(value, lang, digits)
    unit = 10**-digits
    coarse = math.floor(value / unit + 0.5) * unit
    shown = number(coarse, lang)
    return shown if coarse == value else text(lang)["counting"]["about"].format(shown)


def direction(low: float, high: float, none: float = 0.0) -> str:
    """`up` or `down` only where the interval excludes no change, else `unclear`."""
    if low > none:
        return "up"
    if high < none:
        return "down"
    return "unclear"


def share_of(share: float, low: float, high: float, n: int, lang: str) -> tuple[str, str, str]:
    """(`of_few`, `9 of 17`, no interval) for a few facilities of which the number is known, else (`of_many`, `79%`, ` (73–83%)`)."""
    count = count_of(share, n)
    if n < FEW and count is not None:
        return (
            "of_few",
            text(lang)["counting"]["n_of"].format(number(count, lang) if count else none(lang), number(n, lang)),
            "",
        )
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return "of_many", percent(share, lang), ""
    return "of_many", percent(share, lang), f" ({interval(low, high, lang)})"


def who(share: float, low: float, high: float, n: int, lang: str) -> str:
    """`an estimated 79% of facilities (73–83%; n = 116)`, or `9 of 17 facilities` where they are few."""
    words, count = text(lang)["spread"]["who"], count_of(share, n)
    if n < FEW and count is not None:
        of = text(lang)["counting"]["n_of"].format(number(count, lang) if count else none(lang), number(n, lang))
        return words["few"].format(count=of)
    if low == high or not (math.isfinite(low) and math.isfinite(high)):
        # Without an interval it speaks of those that answered, which are all of them where the interval has no width.
        said = words["census" if low == high else "answered"]
        return said.format(share=percent(share, lang), n=number(n, lang))
    return words["many"].format(share=percent(share, lang), interval=interval(low, high, lang), n=number(n, lang))
