"""What a text under "other, namely" means: an option of the form, or that it stays "other"."""

from __future__ import annotations

import pandas as pd

from hrmonitor.cleaning.other_answers import OTHER, STAYS, other_questions, read_other
from hrmonitor.cleaning.other_answers import same as same_text
from hrmonitor.cli.decisions.reading import RoundReading, where
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.decisions.sheet import Item, Option, Sheet, Words, option
from hrmonitor.cli.other_answers import suggest
from hrmonitor.questionnaire.model import Question

KEY = ("question", "written")


def same(key: tuple[str, ...]) -> tuple[str, ...]:
    question, written = key
    return question, same_text(written)


def items(reading: RoundReading, record: Record, words: Words) -> list[Item]:
    """Question by question, the texts that were written most first; the round can be built without a decision."""
    form = reading.questionnaire
    on_record = {key: row for key, row in record.by_key(KEY, same).items() if row.get("decision")}
    places = _places(reading)
    made = []
    for key in dict.fromkeys([*places, *on_record]):
        if key[0] not in form.questions:
            continue  # a line that `read_other` refuses, with its row
        question, found, row = form[key[0]], places.get(key), on_record.get(key, {})
        written = found["written"].iloc[0] if found is not None else row["written"]
        text = (question.name, question.label(words["language"]), written, 0 if found is None else len(found), "" if found is None else where(found))  # fmt: skip
        made.append(
            Item(((question.name, written),), text, _options(question, words), suggestion=suggest(written, question)[0],
                 several=question.kind == "select_multiple").on_record(row.get("decision"), row)
        )  # fmt: skip
    return made


def _places(reading: RoundReading) -> dict[tuple[str, ...], pd.DataFrame]:
    """Case -> source, row, written of the submissions that have it."""
    if reading.responses is None:
        return {}
    responses = reading.responses
    if "service" in reading.questionnaire.questions:
        submissions, _ = reading.submissions
        responses = responses[submissions["status"] == "kept"]
    found: list[tuple[tuple[str, ...], pd.DataFrame]] = []
    for name in other_questions(reading.questionnaire):
        cells = responses[f"{name}_{OTHER}"].dropna()
        places = (
            responses.loc[cells.index, ["_source", "_row"]].set_axis(["source", "row"], axis=1).assign(written=cells)
        )
        groups = {
            key: places[cells.map(same_text) == key[1]]
            for key in sorted({same((name, text)) for text in cells})
            if key[1]
        }
        found += sorted(groups.items(), key=lambda pair: -len(pair[1]))
    return dict(found)


def _options(question: Question, words: Words) -> tuple[Option, ...]:
    stays = [Option(name, f"{name} – {words['options'][name]}") for name in STAYS]
    codes = [
        option(choice.name, choice.label(words["language"])) for choice in question.choices if choice.name != OTHER
    ]
    return (*stays, *codes)


SHEET = Sheet(
    name="other",
    record="other_decisions.csv",
    key=KEY,
    value="decision",
    headings={"question": 20, "label": 38, "written": 38, "times": 8, "where": 30},
    items=items,
    verify=lambda path, reading: read_other(path, reading.questionnaire),
    same=same,
)
