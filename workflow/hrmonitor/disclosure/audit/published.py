"""What the published files say, as statements: a quantity, and the range in which the printed number puts it.

A figure, a table of the report in either language and a CSV are read alike: each is one more statement about the same quantity. How a
table is read stands in its declaration; a file that no declaration speaks of is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hrmonitor.declarations.csv_files import read_figure_data, read_table
from hrmonitor.declarations.figures import figures as figure_kinds
from hrmonitor.declarations.public_files import AUDITED_FORMATS, PUBLIC_FOLDERS, not_covered
from hrmonitor.declarations.tables import tables
from hrmonitor.disclosure.audit.pages import of_description, of_report
from hrmonitor.disclosure.audit.ranges import step_of, step_of_mean
from hrmonitor.disclosure.audit.rounded import in_ranges, rounded_shares
from hrmonitor.disclosure.audit.tables import READERS, Reading
from hrmonitor.errors import DisclosureError
from hrmonitor.project.config import OF_FRAME
from hrmonitor.questionnaire.model import Questionnaire

COLUMNS = ["source", "round_from", "round", "service", "indicator", "category", "statistic", "low", "high"]
# What is read in each public folder; pictures, PDFs and Word show what these say.
READ = {"open_data": (".csv",), "figures": (".csv", ".txt"), "report": tuple(f".{kind}" for kind in AUDITED_FORMATS)}


@dataclass
class Published:
    """statements: `COLUMNS`. sizes: (round, service) -> facilities in the register and kept. bases: (round, service, indicator) ->
    answers behind it. populations: the same -> facilities that the question applies to. asked: (round, indicator) -> its services. pairs: (round_from, round, service, indicator, category) ->
    facilities that answered both. marks: figures with a mark for too few facilities. ids: files that
    name a facility."""

    statements: pd.DataFrame
    sizes: dict[tuple[str, str], tuple[int, int]]
    bases: dict[tuple[str, str, str], int]
    populations: dict[tuple[str, str, str], int]
    asked: dict[tuple[str, str], list[str]]
    pairs: dict[tuple[str, str, str, str, str], int]
    marks: list[str]
    ids: list[str]


@dataclass(frozen=True)
class Survey:
    """What the auditor knows of a survey: `forms` by round, the newest last; `facilities`, the ids that no file may have; `figures`, the block
    of config.yaml; `theme_labels` with `question theme label_{lang}`; `languages`; `derived` indicators (`tables.Reading`)."""

    forms: dict[str, Questionnaire]
    facilities: set[str]
    figures: dict[str, dict]
    theme_labels: pd.DataFrame
    languages: list[str]
    derived: dict[str, tuple[str, float]]


def read_published(folder: Path, survey: Survey, rules: dict) -> Published:
    """All that the public files under `folder` (results/) say; `rules` is `disclosure:` of config.yaml.

    Raises `DisclosureError` naming a public file that no declaration speaks of: nobody knows what it tells.
    """
    refuse_unknown(folder, survey)
    reading = Reading(
        survey.forms, rules, _rounded_totals(folder, rules), _steps(folder), survey.derived, survey.figures
    )
    rows: list[tuple] = []
    ids, named, rounded = [], _names(survey.facilities), _rounded(folder, rules)
    for path in _files(folder):
        source, content = path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8")
        if named.search(content):
            ids.append(source)
        rows += in_ranges(_statements(path, source, content, survey, reading), rounded)
    statements = pd.DataFrame(rows, columns=COLUMNS)
    return Published(
        statements, _sizes(folder), reading.bases, reading.populations, reading.asked, reading.pairs, reading.marks, ids
    )


def refuse_unknown(folder: Path, survey: Survey) -> None:
    unknown = not_covered(folder, list(survey.figures), survey.languages)
    if unknown:
        raise DisclosureError(
            f"No declaration speaks of {len(unknown)} files in the public folders, so nobody has looked at what they give away: "
            f"{', '.join(f'results/{name}' for name in unknown[:10])}{', ...' if len(unknown) > 10 else ''}. If they are left from an "
            "earlier build, delete them; a new table needs a declaration in resources/tables.yaml, a new figure one in config.yaml."
        )


def _names(facilities: set[str]) -> re.Pattern[str]:
    """Any of the ids, as a word of its own; ids of digits alone cannot be told from numbers."""
    telling = sorted(re.escape(one) for one in facilities if not one.isdigit())
    return re.compile(rf"(?<![\w-])(?:{'|'.join(telling)})(?![\w-])" if telling else r"(?!)")


def _files(folder: Path) -> list[Path]:
    return sorted(
        path for name in PUBLIC_FOLDERS for path in (folder / name).glob("[!.]*") if path.suffix in READ[name]
    )


def _statements(path: Path, source: str, content: str, survey: Survey, reading: Reading) -> Iterator[tuple]:
    where = path.parent.name
    if where == "report":
        lang = path.stem.rsplit("_", 1)[1]
        pages = of_report(source, content, lang, survey.forms, survey.theme_labels)
        return _widened(pages, reading)
    if where == "open_data":
        declared = tables()[path.stem]
        return READERS[declared.audit](reading, source, read_table(path.stem, path)) if declared.audit else iter(())
    name = path.stem if path.suffix == ".csv" else path.name.partition(".")[0].rsplit("_", 1)[0]
    kind = figure_kinds()[survey.figures[name]["kind"]]
    if path.suffix == ".txt":
        return of_description(path, source, content, kind.name)
    return READERS[kind.audit](reading, source, read_figure_data(kind.name, path)) if kind.audit else iter(())


def _sizes(folder: Path) -> dict[tuple[str, str], tuple[int, int]]:
    table = read_table("response_flow", folder / "open_data" / "response_flow.csv")
    flow = table.set_index(["round", "service", "step"])["n"]
    return {
        (round_, service): (int(n), int(flow[round_, service, "kept"]))
        for (round_, service, step), n in flow.items()
        if step in OF_FRAME and (round_, service, "kept") in flow.index
    }


def _rounded(folder: Path, rules: dict) -> dict:
    path = folder / "open_data" / "indicators.csv"
    return rounded_shares(read_table("indicators", path), rules["round_sensitive"]) if path.exists() else {}


def _rounded_totals(folder: Path, rules: dict) -> dict[tuple[str, str, str], float]:
    """(round, service, indicator) -> the total, where totals are rounded."""
    path = folder / "open_data" / "indicators.csv"
    if not rules["rounding_base"] or not path.exists():
        return {}
    table = read_table("indicators", path)
    totals = table[(table["statistic"] == "total") & table["estimate"].notna()]
    return totals.set_index(["round", "service", "indicator"])["estimate"].to_dict()


def _steps(folder: Path) -> dict[tuple[str, str, str, str], float]:
    """(round, service, indicator, statistic) -> what the number and its interval are multiples of, by its standard error."""
    path = folder / "open_data" / "indicators.csv"
    if not path.exists():
        return {}
    table = read_table("indicators", path)
    numbers = table[(table["unit"] != "share") & (table["se"] > 0)]
    place = numbers[["round", "service", "indicator", "statistic"]].itertuples(index=False, name=None)
    return dict(zip(place, numbers["se"].map(step_of), strict=True))


def _widened(rows, reading: Reading):
    """Statements of the report, whose printed digits are those of rounded numbers."""
    totals, rules = reading.totals, reading.rules
    for row in rows:
        *lead, statistic, low, high = row
        of = statistic.partition("/")[0]
        more = 0.0 if lead[1] else reading.steps.get((*lead[2:5], of), 0.0) / 2
        if tuple(lead[2:5]) in totals and not lead[1]:
            mean = step_of_mean((low + high) / 2, totals[tuple(lead[2:5])], rules)
            more = max(more, {"total": rules["rounding_base"] / 2, "mean": mean}.get(of, 0.0))
        yield (*lead, statistic, low - more, high + more)
