"""From strings to typed answers, and beside each why a value is missing."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from hrmonitor.cleaning.answers import Options, Parsed, parse_date, parse_number
from hrmonitor.cleaning.audit_trail import shown, trail_lines
from hrmonitor.files.distinct import in_digits, texts_of
from hrmonitor.questionnaire.model import Question, Questionnaire
from hrmonitor.readers.label_decisions import Labels

# Identifies the facility in the register, and is not part of the answers that go on.
IDENTITY = ("facility_name", "municipality")


def _typed(
    responses: pd.DataFrame, questionnaire: Questionnaire, audit: list[pd.DataFrame], labels: Labels | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Typed answers, and beside them why a value is missing (one column a question). Lines go to `audit`."""
    return typed_questions(responses, questionnaire.answerable, audit, labels)


def typed_questions(
    responses: pd.DataFrame, questions: Iterable[Question], audit: list[pd.DataFrame], labels: Labels | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The same of some questions; those that are calculated have no text to be typed."""
    answers: dict[str, pd.Series] = {}
    missing: dict[str, pd.Series] = {}
    for question in questions:
        if question.pii or question.name in IDENTITY or question.kind == "calculate":
            continue
        if question.kind == "select_multiple":
            boxes = responses[[f"{question.name}/{code}" for code in question.codes]]
            seen = boxes.notna().any(axis=1)
            for box in boxes:
                # A blank box beside others that are not: a version of the form that lacked this option.
                answers[box] = pd.Series(pd.array(_is_one(responses[box]), dtype="boolean"), index=responses.index)
            missing[question.name] = pd.Series("no_answer", index=responses.index, dtype="str").where(~seen)
            continue
        raw = responses[question.name]
        if question.kind == "text":
            answers[question.name] = raw
            missing[question.name] = pd.Series("no_answer", index=raw.index, dtype="str").where(raw.isna())
            continue
        # Each distinct text is parsed once: large rounds repeat themselves. A blank has the place -1, the last.
        numbers = _digits(raw) if question.kind in ("integer", "decimal") else None
        place, texts = (raw if numbers is None else raw.mask(numbers.notna())).factorize()
        parsed = [*parse_texts(texts.tolist(), question, labels), Parsed(), Parsed(missing="no_answer")]
        values = _as_type(pd.Series([one.value for one in parsed]), question)
        if numbers is not None:
            place = np.where(numbers.notna(), len(texts), place)
        answers[question.name] = values.take(place).set_axis(raw.index)
        if numbers is not None:
            answers[question.name] = answers[question.name].fillna(numbers.astype(values.dtype))
        reasons = pd.Series([one.missing for one in parsed], dtype="str")
        missing[question.name] = reasons.take(place).set_axis(raw.index)
        _note_rules(raw, place, parsed, question, responses, audit)
    return pd.DataFrame(answers, index=responses.index), pd.DataFrame(missing, index=responses.index)


def _is_one(box: pd.Series):
    from pyarrow import compute

    return compute.equal(texts_of(box), "1")


def _digits(raw: pd.Series) -> pd.Series:
    """The whole numbers that are digits alone: what `parse_number` would make of each, made of all together."""
    from pyarrow import compute

    texts = texts_of(raw)
    plain = compute.if_else(in_digits(texts), texts, None)
    return pd.Series(pd.array(compute.cast(plain, "int64"), dtype="Int64"), index=raw.index)


def parse_texts(texts: Iterable[str], question: Question, labels: Labels | None = None) -> list[Parsed]:
    """What each of some texts means as an answer to the question."""
    match question.kind:
        case "select_one":
            options = Options(question, labels)
            return [options.parse(text) for text in texts]
        case "integer" | "decimal":
            return [
                parse_number(text, question.kind == "integer", question.unit == "%", question.unit) for text in texts
            ]
        case "date":
            return [parse_date(text) for text in texts]
    return [Parsed(text) for text in texts]


def _as_type(values: pd.Series, question: Question) -> pd.Series:
    match question.kind:
        case "integer":
            return pd.to_numeric(values).astype("Float64").astype("Int64")
        case "decimal":
            return pd.to_numeric(values).astype("Float64")
        case "date":
            return pd.to_datetime(values, format="%Y-%m-%d").astype("datetime64[s]")
    return values.astype("str")


def _note_rules(raw, place, parsed, question, responses, audit) -> None:
    for rule in sorted({rule for one in parsed for rule in one.rules}):
        found = np.isin(place, [number for number, one in enumerate(parsed) if rule in one.rules])
        values = pd.Series(shown([one.value for one in parsed]), dtype="str").take(place[found])
        audit.append(trail_lines(responses, raw.index[found], question.name, raw[found], values, rule))
