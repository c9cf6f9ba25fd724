"""Personal data stops at ingest: contact columns are dropped, and contacts in what people wrote are masked.

Hits are reported by place and kind, never by content. In questions that are not open text, what looks like an answer stays.
"""

from __future__ import annotations

import re
from collections.abc import Container
from typing import TYPE_CHECKING

from hrmonitor.errors import PrivacyError
from hrmonitor.files.distinct import in_digits, replaced, texts_of
from hrmonitor.personal_data import RENAME, SIGNS, find, in_file_name, mask

if TYPE_CHECKING:
    import pandas as pd

    from hrmonitor.questionnaire.model import Questionnaire

# Names of a facility are matched with the register: a surname alone must not blot out a town or an organisation.
IDENTITY = ("facility_name", "municipality")
# A count, an amount or a percentage, of any precision.
PLAIN_NUMBER = re.compile(r"\s*-?\d{1,8}(?:[.,]\d+)?\s*(?:%\s*)?")


def protect(
    responses: pd.DataFrame, questionnaire: Questionnaire, known: Container[str] = frozenset()
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses without personal data, and what was masked where.

    The second frame has `source, row, question, rule, note`, the note being the kinds found. Names that stand in contact
    questions are masked wherever they occur, whoever wrote it. Open text is masked word by word. In other questions a cell
    that holds personal data and is none of the options is masked, so that it reaches neither answers nor audit trail. The name of a
    facility by which it is found (`known`, as `register.identifiers` gives it) stays as it is, digits and all.
    """
    contacts = [question.name for question in questionnaire if question.pii]
    import pandas as pd

    from hrmonitor.project.register import normals

    names = names_in(responses, questionnaire)
    kept = responses.drop(columns=[name for name in contacts if name in responses])
    notes = []
    for question in questionnaire:
        if question.name not in kept:
            continue
        options = {text for choice in question.choices for text in (choice.name, *choice.labels.values())}
        parts = question.name not in IDENTITY
        texts = _to_look_at(kept[question.name], names, question.kind in ("integer", "decimal"))
        if question.name in IDENTITY:
            texts = [text for text, key in zip(texts, normals(texts), strict=True) if key not in known]
        found = {
            text: hits
            for text in texts
            if text not in options and (hits := _in_cell(text, names, parts, question.kind))
        }
        if not found:
            continue
        where = kept.index[kept[question.name].isin(list(found))]
        kinds_of = {text: ", ".join(sorted({kind for *_, kind in hits})) for text, hits in found.items()}
        kinds = replaced(kept.loc[where, question.name], kinds_of)
        kept[question.name] = replaced(kept[question.name], {text: mask(text, names, parts) for text in found})
        places = kept.loc[where, ["_source", "_row"]].itertuples(index=False)
        notes += [
            (source, row, question.name, "masked", kind) for (source, row), kind in zip(places, kinds, strict=True)
        ]
    return kept, pd.DataFrame(notes, columns=["source", "row", "question", "rule", "note"])


def _to_look_at(cells: pd.Series, names: list[str], number: bool) -> list[str]:
    """The distinct texts in which something may be found: all of them where names are sought, in a question for a `number` none in digits."""
    from pyarrow import compute

    texts = texts_of(cells).unique().drop_null()
    if number:  # as `PLAIN_NUMBER` has it
        texts = texts.filter(
            compute.invert(compute.and_(in_digits(texts), compute.less_equal(compute.binary_length(texts), 8)))
        )
    return (texts if names else texts.filter(compute.match_substring_regex(texts, SIGNS))).to_pylist()


def _in_cell(text: str, names: list[str], parts: bool, kind: str) -> list[tuple[int, int, str]]:
    """In a question for a number or a date, that is the answer; elsewhere everything that is found counts."""
    if kind in ("integer", "decimal") and PLAIN_NUMBER.fullmatch(text):
        return []
    hits = find(text, names, parts)
    return [hit for hit in hits if hit[2] in ("e-mail", "IBAN", "name", "profile")] if kind == "date" else hits


def check_file_names(paths: list[str], names: list[str]) -> None:
    """Raises `PrivacyError` when a file is called after somebody whom a contact question names.

    What every build can see without reading answers, `config.check_config` refuses before it starts.
    """
    for number, path in enumerate(sorted(paths, key=str.casefold), start=1):
        if kinds := in_file_name(path, names):
            raise PrivacyError(
                f"file {number} of the round's {len(paths)} exports, in order of name: the name holds personal data ({', '.join(kinds)}). {RENAME} "
                "The old name stands in the log of this run: delete the folder .snakemake/log."
            )


def names_in(responses: pd.DataFrame, questionnaire: Questionnaire) -> list[str]:
    """Distinct contents of contact fields, longest first; short ones would mask ordinary words."""
    contacts = responses[[question.name for question in questionnaire if question.pii and question.name in responses]]
    found = {value.strip() for column in contacts for value in contacts[column].dropna()}
    return sorted((value for value in found if len(value) > 5), key=lambda value: (-len(value), value))
