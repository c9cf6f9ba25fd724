"""Which option an answer means that is no option of its question: a misspelling, a wording of another version of the form."""

from __future__ import annotations

from hrmonitor.cleaning.typed_answers import parse_texts
from hrmonitor.cli.decisions.reading import RoundReading, where
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.decisions.sheet import Item, Option, Sheet, Words, option
from hrmonitor.questionnaire.model import Question
from hrmonitor.questionnaire.typography import typographic
from hrmonitor.readers.label_decisions import NO_ANSWER, read_labels
from hrmonitor.readers.suggestions import nearest_option

KEY = ("question", "written")


def same(key: tuple[str, ...]) -> tuple[str, ...]:
    question, written = key
    return question, typographic(written)


def items(reading: RoundReading, record: Record, words: Words) -> list[Item]:
    """Question by question, the answers that are not understood; the round can be built without a decision, they then count as none."""
    form, lang = reading.questionnaire, words["language"]
    decided = read_labels(record.path, form) if record.named else {}
    on_record = {key: row for key, row in record.by_key(KEY, same).items() if row.get("option")}
    made = []
    for question in form.answerable:
        if question.kind != "select_one" or question.pii or reading.responses is None:
            continue
        cells = reading.responses[question.name].dropna()
        texts = list(cells.unique())
        for text, parsed in zip(texts, parse_texts(texts, question, decided), strict=True):
            if "not_understood" in parsed.rules:
                places = reading.responses.loc[cells.index[cells == text], ["_source", "_row"]]
                places = places.set_axis(["source", "row"], axis=1)
                shown = (question.name, question.label(lang), text, len(places), where(places))
                made.append(
                    Item(
                        ((question.name, text),),
                        shown,
                        _options(question, words),
                        suggestion=nearest_option(text, question)[0],
                    )
                )
    for (name, _), row in on_record.items():
        if name not in form.questions:
            continue  # `read_labels` refuses the line, with its row
        question, found = form[name], 0
        if reading.responses is not None and name in reading.responses:
            found = int(
                reading.responses[name].map(typographic, na_action="ignore").eq(typographic(row["written"])).sum()
            )
        shown = (name, question.label(lang), row["written"], found, "")
        made.append(Item(((name, row["written"]),), shown, _options(question, words)).on_record(row["option"], row))
    return made


def _options(question: Question, words: Words) -> tuple[Option, ...]:
    codes = (option(choice.name, choice.label(words["language"])) for choice in question.choices)
    return (Option(NO_ANSWER, words["options"][NO_ANSWER]), *codes)


SHEET = Sheet(
    name="labels",
    record="labels.csv",
    key=KEY,
    value="option",
    headings={"question": 20, "label": 38, "written": 30, "times": 8, "where": 30},
    items=items,
    verify=lambda path, reading: read_labels(path, reading.questionnaire),
    same=same,
    reason_needed=True,
)
