"""Personal data stops at ingest: contact columns are dropped, and contacts in open text are masked.

Hits are reported by place, never by content.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.questionnaire import Questionnaire

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
MASK = "▇▇▇"
# A number with its area code has nine digits or more; years, ranges and counts have fewer.
LEAST_DIGITS = 9
# Regions whose national notation a respondent may write.
REGIONS = ("NL", "BE", "DE")


def protect(responses: pd.DataFrame, questionnaire: Questionnaire) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses without personal data, and what was masked where.

    The second frame has `source, row, question, rule, note`. Names that stand in contact questions are masked
    wherever they occur in text, whoever wrote it.
    """
    contacts = [question.name for question in questionnaire if question.pii]
    names = names_in(responses, questionnaire)
    kept = responses.drop(columns=[name for name in contacts if name in responses])
    notes = []
    for question in questionnaire:
        if question.kind != "text" or question.name not in kept:
            continue
        raw = kept[question.name]
        clean = raw.map(lambda text: mask(text, names), na_action="ignore").astype("str")
        changed = raw.notna() & (raw != clean)
        kept[question.name] = clean
        hits = kept.loc[changed, ["_source", "_row"]]
        notes += [
            (source, row, question.name, "masked", "contact details") for source, row in hits.itertuples(index=False)
        ]
    return kept, pd.DataFrame(notes, columns=["source", "row", "question", "rule", "note"])


def names_in(responses: pd.DataFrame, questionnaire: Questionnaire) -> list[str]:
    """Distinct contents of contact fields, longest first; short ones would mask ordinary words."""
    contacts = responses[[question.name for question in questionnaire if question.pii and question.name in responses]]
    found = {value.strip() for column in contacts for value in contacts[column].dropna()}
    return sorted((value for value in found if len(value) > 5), key=lambda value: (-len(value), value))


def mask(text: str, names: list[str]) -> str:
    """`text` with e-mail addresses, phone numbers and the given names replaced."""
    from phonenumbers import PhoneNumberMatcher

    text = EMAIL.sub(MASK, text)
    for name in names:
        if name.casefold() in text.casefold():
            text = re.sub(re.escape(name), MASK, text, flags=re.I)
    for region in REGIONS:
        for match in reversed(list(PhoneNumberMatcher(text, region, leniency=0))):
            if sum(character.isdigit() for character in match.raw_string) < LEAST_DIGITS:
                continue
            text = text[: match.start] + MASK + text[match.end :]
    return text
