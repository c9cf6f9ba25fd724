"""`check`: what a researcher needs to know of a round's files before the first build, in seconds.

The result is a list of tables, each with a title, headings and rows; nothing in it repeats what a respondent wrote,
except for the name of a facility that the register does not know and an answer to a choice or number question that
was not understood; both as the build sees them, with personal data masked.
"""

from __future__ import annotations

from copy import deepcopy

import pandas as pd

from hrmonitor.cleaning.typed_answers import _typed
from hrmonitor.cli.answer_checks import (
    notation_tables,
    number_tables,
    open_notations,
    round_losses,
    unread_answers,
    unread_table,
)
from hrmonitor.cli.decisions.reading import ExportReading, RoundReading
from hrmonitor.cli.drawn import drawn
from hrmonitor.cli.table import Table
from hrmonitor.errors import UserError
from hrmonitor.personal_data import redacted
from hrmonitor.project.checks import without_names
from hrmonitor.project.config import Config
from hrmonitor.project.frame import register_of
from hrmonitor.project.register import (
    Known,
    frame_of_year,
    identifiers,
    of_group,
    read_contacts,
    read_decisions,
    unknown_names,
)
from hrmonitor.project.rounds import exports_of
from hrmonitor.questionnaire.model import Questionnaire, read_questionnaire
from hrmonitor.readers import open_export, read_export
from hrmonitor.readers.column_map import is_left_out
from hrmonitor.readers.label_decisions import Labels, read_labels
from hrmonitor.readers.matching import find_targets, map_line, nearest, without_column
from hrmonitor.readers.privacy import check_file_names, names_in, protect
from hrmonitor.readers.round_decisions import exports_to_read
from hrmonitor.unit import in_words

# Where a message lists names, the rest are counted.
NAMES = 12
# A file that lacks so large a part of the questions is not an export of this form.
FOREIGN = 0.9
# Readers' notes that are everyday; the others cost an answer or a submission.
EVERYDAY = ("blank_row",)
UNREAD = "No file could be read."


def check_round(name: str, config: Config) -> tuple[list[Table], list[str]]:
    """(tables, blocking errors). `config` is what `checks.check_config` gives."""
    tables, stops, _ = look_at_round(name, config)
    return tables, stops


def look_at_round(name: str, config: Config) -> tuple[list[Table], list[str], RoundReading]:
    """The same, and what was read: the decisions that a person has to make follow from it (cli/decide)."""
    round_ = config.rounds[name]
    questionnaire = read_questionnaire(round_.questionnaire)
    register = of_group(register_of(config.register), round_.group)
    found = _Found(RoundReading(name, round_, questionnaire, register, frame_of_year(register, round_.year)))
    found.stops += without_names({name: round_})
    labels = read_labels(round_.labels, questionnaire) if round_.labels else {}
    for path, source, entry in exports_to_read(round_):
        try:
            _look_at_file(found, path, source, entry)
        except UserError as error:
            found.stops.append(str(error).split("\n")[0])
            if not found.files.rows or found.files.rows[-1][0] != source:
                found.files.rows.append([source, entry["tool"], "", "", "cannot be read: see the end"])
    tables = _about_files(found)
    if found.responses:
        tables += _about_answers(found, labels)
    tables += [_against_earlier(questionnaire, _earlier_forms(name, config)), found.matched]
    for table in tables:
        table.rows = [[redacted(cell) for cell in row] for row in table.rows]
        table.lines = [redacted(line) for line in table.lines]
    return tables, [redacted(stop) for stop in found.stops], found.reading


class _Found:
    """What the files of a round have shown so far: rows of the tables about them, answers, and what stops a build."""

    def __init__(self, reading: RoundReading):
        self.reading = reading
        self.stops: list[str] = []
        self.files = Table("Files", ["file", "read as", "submissions", "columns", "what was found"])
        self.strange = Table("Columns without a question", ["file", "column", "nearest question"],
                             empty="Every column has its question.")  # fmt: skip
        self.to_map: list[str] = []
        self.absent = Table("Questions without a column", ["file", "questions", "what to do"],
                            empty="Every question has its column.")  # fmt: skip
        self.lost = Table("Rows and answers that were not taken over", ["file", "row", "question", "why"],
                          empty="All were taken over.")  # fmt: skip
        self.matched = Table("Columns and their questions", ["file", "column", "question"], empty=UNREAD, folded=True)
        # Of each file that could be read.
        self.responses: list[pd.DataFrame] = []
        self.notes: list[pd.DataFrame] = []


def _look_at_file(found: _Found, path: str, source: str, entry: dict) -> None:
    """Raises `UserError` where the file cannot be read."""
    reading, questionnaire = found.reading, found.reading.questionnaire
    export = open_export(path, entry, questionnaire)
    targets = find_targets(path, export, questionnaire, entry)
    pairs = list(zip(export.columns, targets, strict=True))
    known = {column.heading.strip() for column in export.columns if is_left_out(column, entry)}
    unmatched = [column for column, target in pairs if target is None and not is_left_out(column, entry)]
    missing = without_column(targets, questionnaire, entry)
    found.files.rows.append([source, export.tool, str(len(export.data)), _columns(pairs, known), _facts(export)])
    if len(missing) > FOREIGN * len(questionnaire.answerable):
        found.stops.append(f"{source} is no export of this form. Move it out of the folder.")
        found.absent.rows.append([source, f"{len(missing)} of {len(questionnaire.answerable)}",
                                  "this is no export of this form: move it out of the folder"])  # fmt: skip
        return
    found.matched.rows += [_pair(source, column, target, questionnaire) for column, target in pairs]
    reading.exports.append(ExportReading(source, entry, export, targets, unmatched, missing))
    for column in unmatched:
        near = nearest(column, questionnaire)
        found.strange.rows.append([source, column.heading, near or "none is like it"])
        found.to_map.append(map_line(column.heading, near))
    if missing:
        found.absent.rows.append([source, ", ".join(missing), "export them, or list them under `absent:`"])
    if unmatched:
        found.stops.append(f"{source} has {_count(len(unmatched), 'column')} without a question.")
    if missing:
        found.stops.append(f"{source} lacks {_count(len(missing), 'question')}: {_some(missing)}.")
    # The rest of the check is of use even when columns are still to be settled.
    settled = {
        **entry,
        "ignore": [*known, *(column.heading for column in unmatched)],
        "absent": [*entry.get("absent", []), *missing],
    }
    responses, notes, read = read_export(path, questionnaire, settled, source, refuse=False, export=deepcopy(export))
    found.responses.append(responses)
    found.notes.append(notes)
    reading.notations += [(source, notation) for notation in read.notations]
    found.lost.rows += [
        [note.source, str(note.row), note.question, note.note]
        for note in notes.itertuples()
        if note.rule not in EVERYDAY
    ]


def _about_files(found: _Found) -> list[Table]:
    """Files, columns and how they are written, once all files were looked at."""
    if found.to_map:
        where = (
            "Correct these and put them into a CSV file that `columns:` of the export names (no question: left out):"
        )
        found.strange.lines = [where, "column,question", *dict.fromkeys(found.to_map)]
    if not found.responses:
        found.strange.empty = found.absent.empty = found.lost.empty = UNREAD
    written, two_ways = notation_tables(found.reading.notations)
    if two_ways.rows:
        found.stops.append(
            f"{_count(len(two_ways.rows), 'column')} can be read in two ways: say which under `notations:`."
        )
    found.reading.open += open_notations(found.reading.notations)
    return [found.files, found.strange, found.absent, two_ways, written]


def _about_answers(found: _Found, labels: Labels) -> list[Table]:
    """Facilities, answers that were not understood or not taken over, and personal data."""
    reading, stops = found.reading, found.stops
    round_, questionnaire, register = reading.round_, reading.questionnaire, reading.register
    responses = pd.concat(found.responses, ignore_index=True)
    try:
        check_file_names([source for _, source, _ in exports_of(round_)], names_in(responses, questionnaire))
    except UserError as error:
        stops.append(str(error))
    notes = pd.concat(found.notes, ignore_index=True)
    decisions = read_decisions(round_.names, register) if round_.names else None
    responses, masked = protect(responses, questionnaire, identifiers(register, decisions))
    reading.responses = responses
    if round_.contacts:
        read_contacts(round_.contacts, register)
    tables = [_by_service(reading, responses)]
    if reading.respondents:
        tables.append(drawn(reading, stops))
    elif "service" in questionnaire.questions:
        tables.append(_unknown_facilities(reading, stops))
    strange_answers = unread_answers(responses, questionnaire, labels)
    options = int((notes["rule"] == "unknown_option").sum())
    audit: list[pd.DataFrame] = []
    answers, missing = _typed(responses, questionnaire, audit, labels)
    losses, accepted = round_losses(reading, notes, audit)
    stops += [f"{one.why}: more than one in ten." for one in accepted]
    reading.open += [*strange_answers, *accepted]
    two_ways = sum(notation.open for _, notation in reading.notations)
    unread = unread_table(strange_answers, options, two_ways, round_.labels)
    return [*tables, unread, found.lost, *number_tables(reading, answers, missing), losses, _personal(masked)]


def _earlier_forms(name: str, config: Config) -> dict[str, Questionnaire]:
    """The forms of the rounds of its group before this one, or of its year, the newest first."""
    newest_first = sorted(config.rounds.items(), key=lambda item: item[1].year, reverse=True)
    return {
        other: read_questionnaire(block.questionnaire)
        for other, block in newest_first
        if other != name and block.year <= config.rounds[name].year and block.group == config.rounds[name].group
    }


def _columns(pairs: list, known: set[str]) -> str:
    """How many columns have a question, and how many config leaves out, of those that hold answers."""
    ignored = sum(column.heading.strip() in known for column, _ in pairs)
    text = f"{sum(target is not None for _, target in pairs)} of {len(pairs)} matched"
    return f"{text}, {ignored} ignored" if ignored else text


def _facts(export) -> str:
    return "; ".join(export.facts)


def _pair(source: str, column, target, questionnaire: Questionnaire) -> list[str]:
    if target is None:
        return [source, column.heading, "(none)"]
    computed = target[0] in questionnaire.questions and questionnaire[target[0]].kind == "calculate"
    if computed or target[0] in questionnaire.unanalysed:
        return [source, column.heading, f"{target[0]} ({'computed anew' if computed else 'not analysed'})"]
    return [source, column.heading, "/".join(filter(None, target))]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMES} more" if len(names) > NAMES else ""
    return ", ".join(names[:NAMES]) + more


def _by_service(reading: RoundReading, responses: pd.DataFrame) -> Table:
    questionnaire, register = reading.questionnaire, reading.frame
    table = Table(
        "Submissions by service and mode, against the register",
        ["service", "interview", "questionnaire", "test or empty", in_words("<<many>> in the register", "en")],
    )
    if reading.respondents:
        sizes = reading.respondents.of.sizes
        table.title = "Submissions by service and mode" + (", against the population" if sizes else "")
        table.headings = [*table.headings[:-1], *(["population"] if sizes else [])]
    if "service" not in questionnaire.questions:
        table.empty = "The form has no question `service`."
        return table
    submissions, written = reading.submissions[0].copy(), reading.submissions[1]
    if not reading.respondents:
        _fill_in_services(submissions, written[written["service"] == ""], reading)
    modes = responses["_mode"].where(submissions["status"] == "kept", "neither")
    counts = pd.crosstab(submissions["service"], modes).reindex(
        columns=["interview", "questionnaire", "neither"], fill_value=0
    )

    for code in [*questionnaire["service"].codes, "unknown"]:
        known = int((register["service"] == code).sum())
        if reading.respondents:
            known = (reading.respondents.of.sizes or {}).get(code, 0)
        if code in counts.index or known:
            row = counts.loc[code] if code in counts.index else {}
            numbers = [int(row.get(mode, 0)) for mode in ("interview", "questionnaire", "neither")]
            label = questionnaire["service"].choice(code).label("en") if code != "unknown" else "not given"
            table.rows.append([label, *map(str, numbers), str(known)])
    total = [sum(int(row[place]) for row in table.rows) for place in range(1, 5)]
    table.rows.append(["All", *map(str, total)])
    table.rows = [row[: len(table.headings)] for row in table.rows]
    return table


def _fill_in_services(submissions: pd.DataFrame, written: pd.DataFrame, reading: RoundReading) -> None:
    """The type of service of the register where the tool did not ask it, as `cleaning.submissions` fills it in."""
    known = Known(reading.frame, reading.name_decisions())
    services = reading.frame.set_index("facility_id")["service"].to_dict()
    for place, name in written["name"].items():
        facility, _ = known.find(name, "")
        if facility in services:
            submissions.loc[place, "service"] = services[facility]


def _unknown_facilities(reading: RoundReading, stops: list[str]) -> Table:
    round_ = reading.round_
    table = Table(
        in_words(f"<<Many>> that the register of {round_.year} does not know", "en"),
        ["file", "row", "name as written", in_words("nearest <<one>>", "en")],
        empty="Every name is in the register or decided.",
    )
    _, written = reading.submissions
    unknown = unknown_names(written, reading.frame, reading.name_decisions())
    for one in unknown.itertuples():
        table.rows.append([one.source, str(one.row), one.name or "(empty)", one.nearest])
    if table.rows:
        stops.append(in_words(f"The register does not know {_count(len(table.rows), 'name')} of <<many>>.", "en"))
        where = round_.names or "a CSV file that `names:` of the round names"
        table.lines = [
            f"Correct these and put them into {where} (no facility_id: outside the register; give your reason):",
            *([] if round_.names else ["written,service,facility_id,reason"]),
            *unknown["line"],
        ]
    return table


def _personal(masked: pd.DataFrame) -> Table:
    """By place, never by content."""
    table = Table(
        "Personal data in unexpected places (masked when the round is built)",
        ["file", "row", "question", "kind"],
        empty="None was found.",
    )
    table.rows = [[one.source, str(one.row), one.question, one.note] for one in masked.itertuples()]
    return _by_place(table)


def _by_place(table: Table) -> Table:
    """File by file and row by row, as a person goes through them."""
    table.rows.sort(key=lambda row: (row[0], int(row[1])))
    return table


def _against_earlier(questionnaire: Questionnaire, earlier: dict[str, Questionnaire]) -> Table:
    """A question is the same as one of an earlier round when its name is; other options make it hard to compare."""
    table = Table(
        "Questions against earlier rounds",
        ["round", "the same", "new here", "gone here", "with other options"],
        empty="There is no earlier round.",
    )
    for name, other in earlier.items():
        ours, theirs = questionnaire.questions, other.questions
        both = [question for question in ours if question in theirs]
        table.rows.append(
            [
                name,
                str(len(both)),
                ", ".join(question for question in ours if question not in theirs) or "none",
                ", ".join(question for question in theirs if question not in ours) or "none",
                ", ".join(question for question in both if ours[question].codes != theirs[question].codes) or "none",
            ]
        )
    return table


def as_html(title: str, tables: list[Table], stops: list[str]) -> str:
    """One page without anything from outside; every cell is escaped."""
    from html import escape

    verdict = "This round cannot be built yet." if stops else "This round can be built."
    parts = [f"<h1>{escape(title)}</h1>", f'<p class="verdict">{verdict}</p>']
    if stops:
        parts.append("<ul>" + "".join(f"<li>{escape(stop)}</li>" for stop in stops) + "</ul>")
    for table in tables:
        heading = f"<h2>{escape(table.title)}</h2>"
        if not table.rows:
            parts.append(f"{heading}<p>{escape(table.empty)}</p>")
            continue
        head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in table.headings)
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
        shown = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        if table.folded:
            shown = f"<details><summary>{_count(len(table.rows), 'row')}</summary>{shown}</details>"
        if table.lines:
            copied = "\n".join(table.lines[1:])
            shown += f"<p>{escape(table.lines[0])}</p><pre>{escape(copied)}</pre>"
        parts.append(heading + shown)
    style = (
        "body{font:16px/1.5 sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
        "h1,h2{color:#0B4A72}h2{font-size:1.15rem;margin-top:2rem}.verdict{font-weight:bold}summary{cursor:pointer}"
        "pre{background:#f2f5f8;padding:.6rem;overflow-x:auto}table{border-collapse:collapse;width:100%}"
        "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #bbb;overflow-wrap:break-word}th{white-space:nowrap}"
    )
    return f'<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{style}</style></head><body>{"".join(parts)}</body></html>\n'
