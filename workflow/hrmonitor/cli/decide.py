"""`decide`: take a filled workbook of decisions over into the CSV files that stay the record; and what `check` does with it.

All or nothing: a cell that does not fit is named, and then nothing is changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import yaml

from hrmonitor.cli.decisions.filled import Change, changes_of, read_filled
from hrmonitor.cli.decisions.kinds import SHEETS
from hrmonitor.cli.decisions.reading import RoundReading
from hrmonitor.cli.decisions.records import Record, all_or_nothing, read_record, write_record, write_whole
from hrmonitor.cli.decisions.round_keys import line_of, with_keys
from hrmonitor.cli.decisions.sheet import Item, Sheet
from hrmonitor.cli.decisions.workbook import words, write_workbook
from hrmonitor.errors import ConfigError
from hrmonitor.project.checks import check_config
from hrmonitor.project.rounds import DECISIONS_WORKBOOK
from hrmonitor.project.sealed_rounds import manifest_of
from hrmonitor.readers.column_map import column_map
from hrmonitor.readers.round_decisions import exports_to_read

__all__ = ["apply", "decide", "offer"]
CONFIG = Path("config.yaml")
# So many cells that do not fit are named; the rest are counted.
PROBLEMS = 40
Cases = list[tuple[Sheet, list[Item]]]


def workbook_of(reading: RoundReading) -> Path:
    return reading.home / DECISIONS_WORKBOOK


def cases_of(reading: RoundReading, lang: str) -> Cases:
    """Every case of the round by kind, open or on record."""
    return [(sheet, sheet.items(reading, record_of(sheet, reading), words(lang))) for sheet in SHEETS]


def record_of(sheet: Sheet, reading: RoundReading) -> Record:
    """The record that config.yaml names for the kind, or an empty one where it will be."""
    path = getattr(reading.round_, sheet.name)
    if path is None:
        return Record(reading.home / sheet.record, list(sheet.columns))
    return read_record(path, sheet.columns, named=True)


# --- what check does ---------------------------------------------------------------------------------------


def offer(reading: RoundReading, lang: str, always: bool = False) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Write the workbook if anything is open, or `always`; (sheet, open, decided) of each kind, and lines for the terminal.

    What a person filled in and nobody took over is never written over.
    """
    cases = cases_of(reading, lang)
    counts = [(words(lang)["sheets"][sheet.name]["title"], sum(item.open for item in items), sum(not item.open for item in items))
              for sheet, items in cases]  # fmt: skip
    path, take_over = workbook_of(reading), f"hrmonitor decide {reading.name}"
    number_open = sum(open_ for _, open_, _ in counts)
    if not (number_open or always) or manifest_of(reading.round_).is_file():
        return counts, []
    who = ""
    if path.exists():
        if editor := _open_in_editor(path):
            return counts, [f"{path} is open in a spreadsheet ({editor}) and is left as it is. Close it and run check again to bring it up to date."]  # fmt: skip
        try:
            book = read_filled(path, reading.name)
        except ConfigError as error:
            return counts, [f"{error} It is left as it is."]
        changes, problems = changes_of(book.rows, cases if book.lang == lang else cases_of(reading, book.lang))
        if changes or problems:
            waiting = len(changes) + len(problems)
            return counts, [
                f"{path} has {_count(waiting, 'decision')} that {'is' if waiting == 1 else 'are'} not taken over yet, so it is left as it is. "
                f"Take over what was filled in: {take_over}. To begin anew, move the workbook away and run check."
            ]
        who = book.who
    write_workbook(path, reading.name, cases, lang, who, take_over)
    return counts, [
        f"{path}: {_count(number_open, 'case')} to decide on. Fill it in with Excel or LibreOffice, save it, and run: {take_over}"
    ]


def _open_in_editor(path: Path) -> str:
    """The file that Excel or LibreOffice keeps beside a workbook that is open."""
    return next((name for name in (f"~${path.name}", f".~lock.{path.name}#") if path.with_name(name).exists()), "")


# --- taking over -------------------------------------------------------------------------------------------


def decide(reading: RoundReading, workbook: str | None, who: str | None) -> list[str]:
    """Take the filled workbook of the round over; lines for the terminal.

    Raises `ConfigError` that names every cell which does not fit, and then has changed nothing.
    """
    name = reading.name
    if manifest_of(reading.round_).is_file():
        raise ConfigError(f"round {name} is closed ({manifest_of(reading.round_)}): its decisions stay as they are.")
    path = Path(workbook) if workbook else workbook_of(reading)
    if not path.is_file():
        raise ConfigError(
            f"there is no workbook {path}. `hrmonitor check {name}` writes it when something is to be decided."
        )
    book = read_filled(path, name)
    changes, problems = changes_of(book.rows, cases_of(reading, book.lang))
    problems += [f"{sheet}: {told}" for sheet, told in _unwritable(changes, reading)]
    if problems:
        more = [f"- and {len(problems) - PROBLEMS} more"] if len(problems) > PROBLEMS else []
        raise ConfigError(
            "nothing was taken over:\n" + "\n".join([*(f"- {one}" for one in problems[:PROBLEMS]), *more])
        )
    if not changes:
        return [f"{path}: nothing that is not on record already. `hrmonitor check {name}` says what is open."]
    who = " ".join((who or book.who).split())
    if not who:
        raise ConfigError(f"{path} does not say who decides. Fill in cell B2 of its first sheet, or add --who NAME.")
    lines = _take_over(reading, changes, who, date.today().isoformat())
    without = sum(not change.reason for change in changes if change.value is not None)
    if without:
        lines.append(
            f"{_count(without, 'decision')} of these without a reason: whoever reads the record later will miss it."
        )
    return [*lines, f"Run `hrmonitor check {name}`: it says what is still open."]


def _unwritable(changes: list[Change], reading: RoundReading) -> list[tuple[str, str]]:
    found = []
    for sheet in {change.sheet.name: change.sheet for change in changes}.values():
        record = record_of(sheet, reading)
        if not record.writable:
            found.append(
                (
                    str(record.path),
                    f"these decisions are kept in a workbook by hand. Save it as CSV and name that as `{sheet.name}:` of the round.",
                )
            )
        elif not record.named and record.path.exists():
            found.append(
                (
                    str(record.path),
                    f"the file is there and config.yaml does not name it. Add `{line_of(sheet.name, record.path.as_posix())}` to the round, or move the file away.",
                )
            )
    return found


def _take_over(reading: RoundReading, changes: list[Change], who: str, when: str) -> list[str]:
    lines, records = [], {}
    for sheet in {change.sheet.name: change.sheet for change in changes}.values():
        record = record_of(sheet, reading)
        of_sheet = [change for change in changes if change.sheet is sheet]
        replaced = [line for change in of_sheet for line in apply(record, change, who, when)]
        lines += [f"{record.path}: {_count(len(of_sheet), 'decision')} taken over", *(f"  {line}" for line in replaced)]
        records[sheet.name] = (sheet, record)
    new = {key: record.path.as_posix() for key, (_, record) in records.items() if not record.named}
    with all_or_nothing([CONFIG, *(record.path for _, record in records.values())]):
        for sheet, record in records.values():
            write_record(record)
            sheet.verify(str(record.path), reading)
        for _, _, entry in exports_to_read(replace(reading.round_, **new)):  # type: ignore[arg-type]  # keys of `new` are those of records, whose fields of RoundConfig are paths
            column_map(entry)  # what contradicts config.yaml, or another record, is refused here and not by the build
        if new:
            lines += _add_keys(reading.name, new)
    return lines


def apply(record: Record, change: Change, who: str, when: str) -> list[str]:
    """Change the lines of one decision; says what was replaced."""
    sheet, told = change.sheet, []
    for column in sheet.columns:
        if column not in record.columns:
            record.columns.append(column)
    for key in change.item.keys:
        same = [
            row
            for row in record.rows
            if sheet.same(tuple(row.get(column, "") for column in sheet.key)) == sheet.same(key)
        ]
        before = same[-1].get(sheet.value, "") if same else None
        about = " / ".join(filter(None, key))
        if change.value is None:
            record.rows = [row for row in record.rows if row not in same]
            told.append(f"{about}: withdrawn (was {before!r})")
            continue
        if not same:
            same = [dict(zip(sheet.key, key, strict=True))]
            record.rows += same
        elif before != change.value:
            told.append(f"{about}: {change.value!r} in place of {before!r}")
        for row in same:
            row |= {sheet.value: change.value, "reason": change.reason, "who": who, "when": when}
    return told


def _add_keys(name: str, keys: dict[str, str]) -> list[str]:
    """Name new records in the round's block of config.yaml; the whole config must still hold. Lines say what was added."""
    text = CONFIG.read_bytes().decode("utf-8")
    added = [line_of(key, path) for key, path in keys.items()]
    changed = with_keys(text, name, keys)
    if changed is None:
        return [
            f"config.yaml: add this to round {name}, or the decisions have no effect:",
            *(f"    {line}" for line in added),
        ]
    write_whole(CONFIG, changed.encode("utf-8"))
    check_config(yaml.safe_load(changed))
    return [f"config.yaml, round {name}: added `{line}`" for line in added]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
