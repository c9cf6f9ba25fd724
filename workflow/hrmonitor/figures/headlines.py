"""What a figure shows as its title: numbers as a reader says them, which never say more than the number."""

from __future__ import annotations

import pandas as pd

from hrmonitor.figures import style
from hrmonitor.language import FEW, capital, count_of, in_fraction, number, terms


def share_in_words(share: float, n: float, lang: str, noun: bool = True, of_some: bool = False) -> str:
    """`six in ten facilities`, as the report says it; `3 of 8 facilities` below `FEW`, without the noun if wanted. Empty where neither
    can be said. of_some: only some facilities were asked, and the share is of these."""
    told = _share_in_words(share, n, lang, noun)
    return f"{told} {style.words(lang)['that_were_asked']}" if told and noun and of_some else told


def _share_in_words(share: float, n: float, lang: str, noun: bool) -> str:
    words = style.words(lang)["shares" if noun else "shares_bare"]
    if pd.isna(share) or pd.isna(n) or not n:
        return ""
    if n < FEW:
        count = count_of(share, n)
        return "" if count is None else words["count"].format(count=number(count, lang), n=number(n, lang))
    if share <= 0 or share >= 1:
        return words["no_one"] if share <= 0 else words["everyone"]
    told, fractions = in_fraction(share, lang), terms(lang)["in_words"]
    if not noun:
        return words["some"].format(told.removesuffix(fractions["of"]))
    # `nearly all` and `half of the` want another case of the noun in some languages than `six in ten`.
    whole = told in fractions["ends"].values() or told.endswith(fractions["of"])
    return words["whole" if whole else "some"].format(told)


def sentence(template: str, share: float, n: float, lang: str) -> str:
    """The template with the share in words; empty where there is nothing to say."""
    told = share_in_words(share, n, lang)
    return capital(template.format(share=told)) if told else ""


def digits_of(value: float) -> int:
    return 0 if abs(value) >= 10 or float(value).is_integer() else 1
