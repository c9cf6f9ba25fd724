"""Which facility a written name means, where the register does not know it."""

from __future__ import annotations

import pandas as pd

from hrmonitor.cli.decisions.reading import RoundReading, where
from hrmonitor.cli.decisions.records import Record
from hrmonitor.cli.decisions.sheet import Item, Option, Sheet, Words, option
from hrmonitor.project.register import normal, read_decisions, unknown_names

KEY = ("written", "service")
COLUMNS = [*KEY, "facility_id", "reason"]


def same(key: tuple[str, ...]) -> tuple[str, ...]:
    written, service = key
    return normal(written), service


def items(reading: RoundReading, record: Record, words: Words) -> list[Item]:
    """The names that nobody settled, then those on record. `service` of a key is that which the submission gave."""
    if "service" not in reading.questionnaire.questions or reading.respondents:
        return []
    on_record = record.by_key(KEY, same)
    written = pd.DataFrame(columns=["source", "row", "name", "service"])
    if reading.responses is not None:
        written = reading.submissions[1]
    decided = pd.DataFrame([{**dict.fromkeys(COLUMNS, ""), **row} for row in record.rows], columns=COLUMNS)
    unknown = unknown_names(written, reading.frame, decided)
    places: dict[tuple[str, ...], pd.DataFrame] = {}
    for (name, service), of_name in written.groupby(["name", "service"], sort=False):
        key = same((str(name), str(service)))
        places[key] = pd.concat([places[key], of_name]) if key in places else of_name
    nearest = {(str(one.name), str(one.service)): str(one.nearest) for one in unknown.itertuples()}
    services = {key[1] for key in (*nearest, *on_record)}
    possible = {service: _facilities(reading, service, words) for service in services}
    made = []
    # Two spellings of one name are one case, as they are for the register.
    for (name, service), like in {same(key): (key, like) for key, like in nearest.items()}.values():
        found = places[same((name, service))]
        text = (name, _service(reading, service, words), len(found), where(found))
        suggestion = like.split()[0] if like else ""
        made.append(Item(((name, service),), text, possible[service], suggestion=suggestion, blocks=True))
    for key, row in on_record.items():
        on_place = places.get(key, written.head(0))
        written_key = (row.get("written", ""), row.get("service", ""))
        text = (written_key[0], _service(reading, written_key[1], words), len(on_place), where(on_place))
        made.append(
            Item((written_key,), text, possible[key[1]], blocks=True).on_record(row.get("facility_id", ""), row)
        )
    return made


def _facilities(reading: RoundReading, service: str, words: Words) -> tuple[Option, ...]:
    """Those of the year and the service, and that the name is none of them."""
    frame = reading.frame[reading.frame["service"] == service] if service else reading.frame
    listed = [
        option(one["facility_id"], ", ".join(filter(None, (one["name"], one["municipality"]))))
        for one in frame.sort_values(["name", "facility_id"]).to_dict("records")
    ]
    return (Option("", words["options"]["outside"]), *listed)


def _service(reading: RoundReading, code: str, words: Words) -> str:
    question = reading.questionnaire["service"]
    return question.choice(code).label(words["language"]) if code in question.codes else code


SHEET = Sheet(
    name="names",
    record="names.csv",
    key=KEY,
    value="facility_id",
    headings={"name": 38, "service": 22, "times": 8, "where": 30},
    items=items,
    verify=lambda path, reading: read_decisions(path, reading.register),
    same=same,
)
