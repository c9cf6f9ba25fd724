"""Published figures with their sources (raw/reference/), and our own indicators set beside them.

Our indicators come from facilities that answered; published figures count all facilities, clients in a register, people in a
study. They stand side by side with their bases, never in one series.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.errors import UserError
from hrmonitor.language import LANGUAGES, join
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.questionnaire.statistics import REGISTRATIONS
from hrmonitor.tabulation.indicators import ALL

# The language of the column `note` itself, and of messages.
NOTE_LANGUAGE = "en"
# A name with {lang} is a column a language.
VALUE_COLUMNS = [
    "series", "year", "value", "low", "high", "run", "edition", "source", "source_url", "status", "note", "note_{lang}",
]  # fmt: skip
SERIES_COLUMNS = ["series", "topic", "label_{lang}", "unit", "counts", "basis_{lang}"]
# A spreadsheet on the Continent shows 15733 as 15.733.
TWO_WAYS = r"[1-9]\d{0,2}\.\d{3}"
# What a published figure counts.
COUNTS = ("population", "register", "estimate", "sample", "respondents", "derived", "policy", "yardstick")
COMPARISON_COLUMNS = [
    "round", "service", "indicator", "category", "statistic", "series", "year", "edition", "exact", "explanation_{lang}",
]  # fmt: skip
DERIVED_COLUMNS = ["indicator", "of", "statistic", "divided_by", "unit", "label_{lang}", "sentence_{lang}"]
PUBLICATION_COLUMNS = ["source", "cite"]
NUMBERS = ["estimate", "ci_low", "ci_high"]
OURS = ["n", "population", "estimate", "ci_low", "ci_high", "unit", "suppressed"]
BESIDE_COLUMNS = [
    *COMPARISON_COLUMNS[:5], *OURS, "series", "year", "edition", "published", "gap", "gap_share", "exact", "equal",
]  # fmt: skip


def read_reference(folder: str | Path, languages: Sequence[str] = ()) -> pd.DataFrame:
    """All values with their series' labels, in the order of the files; year int, value, low and high floats.

    `status` is S (seen in the source) or D (derived; the note says how). A value may be missing where a source gives only an
    end of a range, or says in words what the note repeats. Values of one `run` were counted alike and may be joined by a line.
    Labels and notes are in the `languages`, or in those that the files have. Raises `UserError` naming file and row.
    """
    path = Path(folder) / "series.csv"
    series = _read(path, SERIES_COLUMNS, languages)
    _refuse(path, series["series"].duplicated(), "this series is duplicated.")
    _refuse(path, ~series["counts"].isin(COUNTS), f"counts can be {', '.join(COUNTS)}.")
    _refuse(path, (series == "").any(axis=1), "no cell may be empty.")
    path = Path(folder) / "values.csv"
    values = _read(path, VALUE_COLUMNS, [lang for lang in languages if lang != NOTE_LANGUAGE])
    notes = [column for column in values if column.startswith("note")]
    for column in ("year", "value", "low", "high"):
        # A number too large to hold is infinite, and no value.
        numbers = pd.to_numeric(values[column], errors="coerce").replace([math.inf, -math.inf], math.nan)
        wrong = values.index[numbers.isna() & (values[column] != "")]
        if len(wrong):
            raise UserError(f"{path}, row {wrong[0] + 2}, {column}: {values[column][wrong[0]]!r} is no number.")
        either = values.index[values[column].str.fullmatch(TWO_WAYS)]
        if len(either):
            written = values[column][either[0]]
            raise UserError(
                f"{path}, row {either[0] + 2}, {column}: {written!r} can be {written.replace('.', '')} or {float(written):g}. Write the one without a "
                "point, or the other with another digit behind it."
            )
        values[column] = numbers
    noted = (values[notes] != "").all(axis=1)
    _refuse(path, values["year"].isna() | (values["source"] == ""), "year and source must be given.")
    _refuse(path, values["year"] % 1 != 0, "year is no whole number.")
    _refuse(
        path,
        values["value"].isna() & ~noted,
        f"without a value, {join(notes, NOTE_LANGUAGE)} must say what the source says.",
    )
    _refuse(path, (values[notes] != "").any(axis=1) & ~noted, f"write the note in both {join(notes, NOTE_LANGUAGE)}.")
    _refuse(path, ~values["status"].isin(["S", "D"]), "status: write S (seen in the source) or D (derived).")
    _refuse(path, (values["status"] == "D") & ~noted, "a derived value needs a note that says how.")
    _refuse(path, ~values["series"].isin(series["series"]), "series.csv has no such series.")
    _refuse(
        path, values["low"].gt(values["value"]) | values["high"].lt(values["value"]), "value is not in low to high."
    )
    doubled = values.duplicated(["series", "year", "edition"])
    _refuse(path, doubled, "this series has two values for this year; tell them apart by edition.")
    return values.astype({"year": int}).merge(series, on="series", how="left")


def read_comparisons(folder: str | Path, languages: Sequence[str] = ()) -> pd.DataFrame:
    """The declared pairs (docs/reference/reference-series.md), `COMPARISON_COLUMNS` as strings; none if there is no such file."""
    path = Path(folder) / "comparisons.csv"
    if not path.is_file():
        return pd.DataFrame(columns=in_languages(COMPARISON_COLUMNS, languages), dtype="str")
    table = _read(path, COMPARISON_COLUMNS, languages)
    _refuse(path, ~table["exact"].isin(["", "yes"]), "exact: write yes when the two must be equal, else nothing.")
    why = [column for column in table if column.startswith("explanation_")]
    _refuse(path, (table[why] == "").any(axis=1), f"say in {join(why, NOTE_LANGUAGE)} why the two may differ.")
    return table


def read_derived(folder: str | Path, languages: Sequence[str] = ()) -> pd.DataFrame:
    """Indicators that are another one divided by a number (docs/reference/reference-series.md), `DERIVED_COLUMNS`; none if there is no such file.

    `divided_by` is a float above 0. Raises `UserError` naming file and row.
    """
    path = Path(folder) / "derived.csv"
    if not path.is_file():
        return pd.DataFrame(columns=in_languages(DERIVED_COLUMNS, languages), dtype="str").astype({"divided_by": float})
    table = _read(path, DERIVED_COLUMNS, languages)
    _refuse(path, (table == "").any(axis=1), "no cell may be empty.")
    _refuse(path, table["indicator"].duplicated(), "this indicator is duplicated.")
    numbers = pd.to_numeric(table["divided_by"], errors="coerce")
    _refuse(path, ~(numbers.gt(0) & np.isfinite(numbers)), "divided_by is no number above 0.")
    return table.assign(divided_by=numbers.astype(float))


def read_publications(folder: str | Path) -> dict[str, list[str]]:
    """Source, as in values.csv, -> keys in references.bib of the publications that its figures first stood in; {} if there is no such file.

    Raises `UserError` naming file and row.
    """
    path = Path(folder) / "publications.csv"
    if not path.is_file():
        return {}
    table = _read(path, PUBLICATION_COLUMNS, [])
    _refuse(path, (table == "").any(axis=1), "no cell may be empty.")
    _refuse(path, table.duplicated(), "this row is duplicated.")
    sources = _read(Path(folder) / "values.csv", ["source"], [])["source"]
    _refuse(path, ~table["source"].isin(sources), "values.csv has no such source.")
    return table.groupby("source", sort=False)["cite"].agg(list).to_dict()


def own_counts(
    round_: str, facilities: pd.DataFrame, population: pd.DataFrame, indicators: pd.DataFrame, derived: pd.DataFrame
) -> pd.DataFrame:
    """What can be compared besides the questions of a round, in the columns of `indicators`.

    `facilities` and `municipalities`, each `answered` (kept in the analysis) and `registered` (open in the year:
    `population`, rows of the register), by service and for all; and the `derived` indicators (`read_derived`).
    """
    rows = []
    # What is counted of facilities rests on a register that knows where they are.
    for service in [*dict.fromkeys(population["service"]), "all"] if "municipality" in population else []:
        known = population if service == "all" else population[population["service"] == service]
        kept = known[known["facility_id"].isin(facilities["facility_id"])]
        for statistic, found in (("answered", kept), ("registered", known)):
            for indicator, value in (("facilities", len(found)), ("municipalities", found["municipality"].nunique())):
                rows.append({
                    "round": round_, "service": service, "indicator": indicator, "category": "", "statistic": statistic,
                    "n": len(kept), "population": len(known), "estimate": value, "unit": indicator, "suppressed": False, "imputed": 0,
                })  # fmt: skip
    counted = pd.DataFrame(rows, columns=indicators.columns)
    parts = [counted]
    for rule in derived.to_dict("records"):
        of = indicators["indicator"].eq(rule["of"]) & indicators["statistic"].eq(rule["statistic"])
        found = indicators[of & indicators["round"].eq(round_)].assign(indicator=rule["indicator"], unit=rule["unit"])
        found[NUMBERS] = found[NUMBERS] / rule["divided_by"]
        parts += [found] if len(found) else []
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else counted


def answered_pairs(
    comparisons: pd.DataFrame,
    ours: pd.DataFrame,
    forms: dict[str, Questionnaire],
    services: Sequence[str],
    derived: pd.DataFrame,
) -> tuple[pd.DataFrame, list[str]]:
    """(the pairs of which we have a figure, a sentence on each of the others that the forms and the register know).

    A type of service that nobody answered for has no estimates, and a pair about it is no mistake. `forms` by round; `services` are those of
    the register. A pair with a name that nobody knows stays, so that `compare_with_published` refuses it by its row.
    """
    names = ["round", "indicator", "service", "category", "statistic"]
    have = set(ours[names].astype(str).itertuples(index=False, name=None))
    of = dict(zip(derived["indicator"], derived["of"], strict=True))
    empty = []
    for place, pair in comparisons[names].iterrows():
        form = forms.get(pair["round"])
        question = form.by_indicator.get(of.get(pair["indicator"], pair["indicator"])) if form else None
        if tuple(pair) in have or question is None or pair["service"] not in (*services, ALL):
            continue
        known = (*question.statistics, *(("share_bounds",) if "share" in question.statistics else ()))
        if pair["statistic"] in known and pair["category"] in (question.codes or [""]):
            empty.append(place)
    notes = [
        f"comparisons.csv, row {place + 2}: no facility answered {comparisons.loc[place, 'indicator']} for "
        f"{comparisons.loc[place, 'service']} in round {comparisons.loc[place, 'round']}; the pair is left out."
        for place in empty
    ]
    return comparisons.drop(index=empty), notes


def compare_with_published(
    comparisons: pd.DataFrame, ours: pd.DataFrame, reference: pd.DataFrame, folder: str | Path
) -> pd.DataFrame:
    """Each declared pair with both figures, in `BESIDE_COLUMNS`; shares as percentages.

    `ours` are indicators and `own_counts` of all rounds. `gap` is ours less published, `gap_share` that as a part of the
    published figure; `equal` is whether they are the same, for pairs that must be (`exact`). Raises `UserError` naming the row
    of comparisons.csv when a name is wrong or the units differ.
    """
    path = Path(folder) / "comparisons.csv"
    rows = []
    for place, pair in zip(comparisons.index + 2, comparisons.to_dict("records"), strict=True):
        one = _ours(ours, pair, f"{path}, row {place}")
        published = _published(reference, pair, f"{path}, row {place}")
        found = {name: one[name] for name in OURS}
        if found["unit"] == "share":
            found |= {name: found[name] * 100 for name in ("estimate", "ci_low", "ci_high")} | {"unit": "%"}
        # Registrations stand beside persons as what they are: the row keeps our unit, and its explanation says why they differ.
        if found["unit"] != published["unit"] and (found["unit"], published["unit"]) != (REGISTRATIONS, "persons"):
            raise UserError(
                f"{path}, row {place}: {pair['indicator']} is in {found['unit']}, {pair['series']} in {published['unit']}. "
                "Figures in different units cannot be set beside each other; choose another pair."
            )
        gap = found["estimate"] - published["value"]
        exact = pair["exact"] == "yes"
        rows.append({**pair, **found, "year": published["year"], "edition": published["edition"], "published": published["value"],
                     "gap": gap, "gap_share": gap / published["value"] if published["value"] else np.nan, "exact": exact,
                     "equal": exact and gap == 0})  # fmt: skip
    why = [column for column in comparisons if column.startswith("explanation_")]
    return pd.DataFrame(rows, columns=[*BESIDE_COLUMNS, *why])


def _ours(ours: pd.DataFrame, pair: dict, place: str) -> pd.Series:
    """Our figure, narrowed down name by name, so that the message is about the first name that is wrong."""
    found = ours
    for column in ("round", "indicator", "service", "category", "statistic"):
        known = [str(one) for one in dict.fromkeys(found[column])]
        if pair[column] not in known:
            raise UserError(_unknown(place, column, pair[column], known))
        found = found[found[column] == pair[column]]
    return found.iloc[0]


def _published(reference: pd.DataFrame, pair: dict, place: str) -> pd.Series:
    found = reference[reference["value"].notna()]
    if pair["series"] not in set(found["series"]):
        raise UserError(_unknown(place, "series", pair["series"], list(dict.fromkeys(found["series"]))))
    found = found[found["series"] == pair["series"]]
    years = [str(year) for year in found["year"]]
    if pair["year"] not in years:
        raise UserError(_unknown(place, "year", pair["year"], years))
    found = found[found["year"] == int(pair["year"])]
    editions = list(found["edition"])
    if pair["edition"] not in editions and (pair["edition"] or len(found) > 1):
        raise UserError(_unknown(place, "edition", pair["edition"], editions))
    return found[found["edition"] == (pair["edition"] or editions[0])].iloc[0]


def _unknown(place: str, column: str, wrong: str, known: list[str]) -> str:
    near = difflib.get_close_matches(wrong, known, n=1)
    listed = f" It can be: {', '.join(known) or 'nothing'}." if len(known) <= 12 else ""
    return f"{place}, {column}: there is no {wrong!r}.{f' Did you mean {near[0]!r}?' if near else ''}{listed}"


def _refuse(path: Path, wrong: pd.Series, why: str) -> None:
    if wrong.any():
        raise UserError(f"{path}, row {wrong.idxmax() + 2}: {why}")


def in_languages(columns: list[str], languages: Sequence[str]) -> list[str]:
    """The names of columns with those for each language written out."""
    return [name.replace("{lang}", lang) for name in columns for lang in (languages if "{lang}" in name else [""])]


def _read(path: Path, columns: list[str], languages: Sequence[str]) -> pd.DataFrame:
    """Those columns of a file, in the `languages`, or in those that it has."""
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UserError(f"{path}: the file cannot be read ({error}). Save it as CSV in UTF-8 with commas.") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise UserError(f"{path}: rows have more cells than the header. Put cells that hold a comma between quotes.")
    columns = in_languages(
        columns, languages or [lang for lang in LANGUAGES if any(name.endswith(f"_{lang}") for name in table)]
    )
    missing = [column for column in columns if column not in table]
    if missing:
        raise UserError(f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(columns)}.")
    return table[columns]
