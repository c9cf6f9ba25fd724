"""SPSS .sav/.zsav: value labels become text, declared missing values the words of their labels.

A select-multiple is one variable an option, `question_choice`, 0/1 or 1/missing.
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.errors import ReaderError
from hrmonitor.questionnaire import Questionnaire
from hrmonitor.readers.matching import check_columns, plain


def read(path: str, questionnaire: Questionnaire, entry: dict) -> pd.DataFrame:
    """`_row` is the number of the case, as SPSS shows it; every case counts as submitted."""
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sav(path, user_missing=True, encoding=entry.get("encoding"))
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, UnicodeError) as error:
        raise ReaderError(f"{path}: the SPSS file cannot be read ({error}). Save it again from SPSS.") from error
    by_code = {plain(question.name): question for question in questionnaire.answerable}
    options = {
        plain(f"{question.name}_{code}"): f"{question.name}/{code}"
        for question in questionnaire.answerable
        if question.kind == "select_multiple"
        for code in question.codes
    }
    columns, unmatched = {}, []
    for name in frame.columns:
        values = _as_text(frame[name], meta.variable_value_labels.get(name, {}), meta.missing_user_values.get(name, []))
        if question := by_code.get(plain(name)):
            columns[question.name] = values
        elif column := options.get(plain(name)):
            columns[column] = values.replace({"Ja": "1", "Nee": "0", "Yes": "1", "No": "0"})
        else:
            unmatched.append(name)
    check_columns(path, questionnaire, entry, {name.split("/")[0] for name in columns}, unmatched)
    lead = {
        "_row": pd.Series(range(1, len(frame) + 1), index=frame.index),
        "_submitted_at": pd.Series("case", index=frame.index),
    }
    return pd.DataFrame({**lead, **columns})


def _as_text(values: pd.Series, labels: dict, missing: list) -> pd.Series:
    """Labels where a value has one; numbers without a trailing .0; blanks missing."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        text = values.map(lambda x: f"{x:.15g}", na_action="ignore").astype("str")
    else:
        text = values.astype("str").str.strip()
    text = text.where(~values.isin(list(labels)), values.map(labels)).astype("str")
    unlabelled = values.isin(missing) & ~values.isin(list(labels))
    return text.mask(unlabelled, "geen antwoord").mask(text == "")
