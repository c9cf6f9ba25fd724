"""What the published files say, as statements: a quantity, and the range in which the printed number puts it.

A figure, a table of the report in either language and a CSV are read alike: each is one more statement about the same quantity. A
printed 43.2 says 43.15 to 43.25.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import numpy as np
import pandas as pd

from hrmonitor.language import text
from hrmonitor.questionnaire.model import Questionnaire

# The published set: everything that leaves the project. Other files under results/ are for its makers.
PUBLISHED = ("open_data/*.csv", "figures/*.csv", "figures/*.txt", "report/*.md", "report/*.html")
TEXT_COLUMNS = {
    "round": "str",
    "round_from": "str",
    "service": "str",
    "category": "str",
    "statistic": "str",
    "level": "str",
}
COLUMNS = ["source", "round_from", "round", "service", "indicator", "category", "statistic", "low", "high"]
# CSVs have ten digits.
DIGITS = 5e-10
PER_CENT = 0.005
# Drops that a total of syringes is divided by to give people reached: ten a person a week.
SYRINGES_A_PERSON = 520


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


def read_published(
    folder: Path,
    forms: dict[str, Questionnaire],
    rules: dict,
    facilities: set[str],
    figures: dict,
    theme_labels: pd.DataFrame,
) -> Published:
    """All that the published set under `folder` (results/) says.

    `forms` by round, the newest last. `facilities` are the ids that no file may have. `figures` is the block of config.yaml, which says
    what a scatter of facilities is about; `theme_labels` has `question theme label_en label_nl`.
    """
    rows: list[tuple] = []
    marks, ids = [], []
    sizes, rounded = _sizes(folder), _rounded_totals(folder, rules)
    bases: dict[tuple, int] = {}
    populations: dict[tuple, int] = {}
    asked: dict[tuple, list[str]] = {}
    pairs: dict[tuple, int] = {}
    for path in sorted(path for pattern in PUBLISHED for path in folder.glob(pattern)):
        source = path.relative_to(folder).as_posix()
        content = path.read_text(encoding="utf-8")
        if any(one in content for one in facilities):
            ids.append(source)
        if path.suffix == ".txt":
            rows += _of_description(path, source, content)
            continue
        if path.suffix != ".csv":
            lang = path.stem.rsplit("_", 1)[1]
            rows += _widened(_of_report(source, content, lang, forms, theme_labels), rounded, rules)
            continue
        table = pd.read_csv(path, dtype=TEXT_COLUMNS, keep_default_na=False, na_values=[""])
        table = table.fillna(dict.fromkeys([name for name in TEXT_COLUMNS if name in table], ""))
        if {"indicator", "service", "statistic", "estimate"} <= set(table):
            rows += _of_estimates(source, table, forms, rules, rounded)
            if "population" in table and "round_from" not in table and path.stem != "against_published":
                _note_bases(table, bases, populations, asked)
            elif "round_from" in table:
                paired = table[table["statistic"].isin(["paired_change", "paired_ratio"]) & table["n"].notna()]
                place = ["round_from", "round", "service", "indicator", "category"]
                pairs |= {tuple(row[:5]): int(row[5]) for row in paired[[*place, "n"]].itertuples(index=False)}
        elif {"theme", "service", "estimate"} <= set(table):
            rows += _of_themes(source, table, bases, asked)
        elif {"question", "reason", "population"} <= set(table):
            rows += _of_gaps(source, table, forms)
        elif {"finding", "evidence", "test"} <= set(table):
            rows += _of_findings(source, table, forms)
        elif {"service", "then", "now"} <= set(table):
            if "facilities" not in table or (table["facilities"] < rules["minimum_cell"]).any():
                marks.append(source)
            rows += _of_marks(source, table, forms, figures.get(path.stem))
    statements = pd.DataFrame(rows, columns=COLUMNS)
    return Published(statements, sizes, bases, populations, asked, pairs, marks, ids)


def _sizes(folder: Path) -> dict[tuple[str, str], tuple[int, int]]:
    path = folder / "open_data" / "response_flow.csv"
    flow = pd.read_csv(path, dtype=TEXT_COLUMNS).set_index(["round", "service", "step"])["n"]
    return {
        (round_, service): (int(flow[round_, service, "register"]), int(flow[round_, service, "kept"]))
        for round_, service in dict.fromkeys((round_, service) for round_, service, _ in flow.index)
        if (round_, service, "kept") in flow.index and (round_, service, "register") in flow.index
    }


def _rounded_totals(folder: Path, rules: dict) -> dict[tuple[str, str, str], float]:
    """(round, service, indicator) -> the total, where totals are rounded."""
    path = folder / "open_data" / "indicators.csv"
    if not rules["rounding_base"] or not path.exists():
        return {}
    table = pd.read_csv(path, dtype=TEXT_COLUMNS, keep_default_na=False, na_values=[""])
    totals = table[(table["statistic"] == "total") & table["estimate"].notna()]
    return totals.set_index(["round", "service", "indicator"])["estimate"].to_dict()


def _step_of_mean(mean: float, total: float, rules: dict) -> float:
    """How far off a mean may be that stands beside a rounded total: it is rounded to what that makes of it."""
    return rules["rounding_base"] / 2 * abs(mean / total) if total else np.inf


def _widened(rows, totals: dict, rules: dict):
    """Statements of the report, whose printed digits are those of rounded totals."""
    for row in rows:
        *lead, statistic, low, high = row
        more = 0.0
        if tuple(lead[2:5]) in totals and not lead[1]:
            mean = _step_of_mean((low + high) / 2, totals[tuple(lead[2:5])], rules)
            more = {"total": rules["rounding_base"] / 2, "mean": mean}.get(statistic, 0.0)
        yield (*lead, statistic, low - more, high + more)


def _note_bases(table: pd.DataFrame, bases: dict, populations: dict, asked: dict) -> None:
    for row in table.to_dict("records"):
        place = (row["round"], row["service"], row["indicator"])
        if pd.notna(row["population"]):
            populations[place] = int(row["population"])
        if pd.notna(row["n"]):
            bases[place] = max(int(row["n"]), bases.get(place, 0))
        services = asked.setdefault((row["round"], row["indicator"]), [])
        if row["service"] not in services and not (pd.notna(row["n"]) and row["n"] == 0):
            services.append(row["service"])


def _around(value: float, slack: float) -> tuple[float, float]:
    return value - slack, value + slack


def _of_estimates(source: str, table: pd.DataFrame, forms: dict, rules: dict, totals: dict):
    """indicators, changes, our figures beside published ones, and figures made from them."""
    for row in table.to_dict("records"):
        lead = (source, row.get("round_from", ""), row["round"], row["service"], row["indicator"], row["category"])
        estimate, statistic = row["estimate"], row["statistic"]
        scale = 1.0
        if "published" in row:
            form = forms.get(row["round"])
            question = form.by_indicator.get(row["indicator"]) if form else None
            scale = 100.0 if question is not None and statistic == "share" else 1.0
            if pd.isna(estimate) and pd.notna(row["gap"]):
                estimate = row["published"] + row["gap"]
            if row["indicator"] == "pwid_reached":
                lead, scale = (*lead[:4], "syringes_distributed_year", ""), 1 / SYRINGES_A_PERSON
        if pd.notna(estimate):
            slack = DIGITS * max(1.0, abs(estimate))
            if row.get("suppression") == "rounded":
                slack = max(slack, PER_CENT)
            if statistic == "total" and rules["rounding_base"] and _is_multiple(estimate, rules["rounding_base"]):
                slack = rules["rounding_base"] / 2
            elif statistic == "mean" and lead[2:5] in totals:
                slack = _step_of_mean(estimate, totals[lead[2:5]], rules)
            low, high = _around(estimate, slack)
            yield (*lead, statistic, low / scale, high / scale)
        for end in ("ci_low", "ci_high"):
            if pd.notna(row.get(end)):
                yield (
                    *lead,
                    f"{statistic}/{end}",
                    *(limit / scale for limit in _around(row[end], DIGITS * max(1, abs(row[end])))),
                )


def _is_multiple(value: float, base: int) -> bool:
    return abs(value / base - round(value / base)) < 1e-9


def _of_themes(source: str, table: pd.DataFrame, bases: dict, asked: dict):
    for row in table.to_dict("records"):
        indicator = f"{row['question']}/{row['theme']}"
        place = (row["round"], row["service"], indicator)
        if pd.notna(row["n"]) and row["n"] > 0:
            bases[place] = int(row["n"])
            services = asked.setdefault((row["round"], indicator), [])
            if row["service"] not in services:
                services.append(row["service"])
        if pd.notna(row["estimate"]):
            # Whole per cents are rounded ones: no share of facilities of several services is one by chance.
            whole = row["service"] == "all" and _is_multiple(100 * row["estimate"], 1)
            yield (source, "", row["round"], row["service"], indicator, "", "theme",
                   *_around(row["estimate"], PER_CENT if whole else DIGITS))  # fmt: skip


def _of_gaps(source: str, table: pd.DataFrame, forms: dict):
    """Questions left open: "don't know" is an answer of the form, and who was not asked a follow-up gave another answer."""
    from hrmonitor.disclosure.audit.protected import follow_up

    counts = table.set_index(["round", "question", "service", "reason"])[["n", "population"]]
    for (round_, name, service, reason), row in counts.iterrows():
        form = forms.get(round_)
        if form is None or name not in form.questions or pd.isna(row["n"]):
            continue
        question = form[name]
        if reason == "dont_know" and question.indicator:
            for choice in question.choices:
                if choice.missing == "dont_know":
                    yield (source, "", round_, service, question.indicator, choice.name, "count", row["n"], row["n"])
    for round_, form in forms.items():
        for question in form:
            for other, category in follow_up(question, form) if question.indicator else []:
                for service in counts.index.get_level_values("service").unique():
                    place = (round_, other, service, "not_asked")
                    if place in counts.index and pd.notna(counts.loc[place, "n"]):
                        n = counts.loc[place, "population"] - counts.loc[place, "n"]
                        yield (source, "", round_, service, question.indicator, category, "count", n, n)


def _of_findings(source: str, table: pd.DataFrame, forms: dict):
    """A test on shares states the sum of its categories for all services."""
    for row in table.to_dict("records"):
        found = re.fullmatch(r"share_(?:above|below) \S+: ([\w, ]+)", str(row["test"]))
        if not found or pd.isna(row["estimate"]):
            continue
        for round_, form in forms.items():
            question = form.questions.get(row["evidence"])
            if question is not None and question.indicator and question.kind == "select_one":
                yield (source, "", round_, "all", question.indicator, found.group(1).replace(", ", "|"), "union",
                       *_around(row["estimate"], DIGITS))  # fmt: skip
                break


def _of_marks(source: str, table: pd.DataFrame, forms: dict, options: dict | None):
    """A scatter of facilities: its marks add up to the sums of those that gave both numbers."""
    if not options or not {"facilities", "rounded_to"} <= set(table):
        return
    for moment in ("then", "now"):
        question = forms[options["round"]][options[moment]]
        for service, marks in table.groupby("service"):
            total, n = float((marks[moment] * marks["facilities"]).sum()), int(marks["facilities"].sum())
            yield (
                source,
                "",
                options["round"],
                service,
                question.indicator,
                str(n),
                "marks",
                *_around(total, n * float(marks["rounded_to"].iloc[0]) / 2),
            )


def _of_description(path: Path, source: str, content: str):
    """What a screen reader is told of a figure: lines of "service, answer: per cent", of the cells that its data have, shown or hidden."""
    name, lang = path.name.partition(".")[0].rsplit("_", 1)
    beside = path.with_name(f"{name}.csv")
    if not path.name.endswith(".long.txt") or not beside.exists():
        return
    table = pd.read_csv(beside, dtype=TEXT_COLUMNS, keep_default_na=False, na_values=[""])
    if not {f"label_{lang}", "service", "indicator", "category", "statistic"} <= set(table):
        return
    services = text(lang)["services"]
    cells: dict[str, list[tuple]] = {}
    for row in table[table["statistic"] == "share"].to_dict("records"):
        cell = (source, "", row["round"], row["service"], row["indicator"], row["category"], "share")
        for head in (row[f"label_{lang}"], f"{services.get(row['service'])}, {row[f'label_{lang}']}"):
            cells.setdefault(_clean(str(head)).lower(), []).append(cell)
    for line in content.splitlines():
        head, _, told = line.partition(": ")
        own, printed = cells.get(_clean(head).lower(), []), _printed(told, lang)
        # An answer that several services or rounds were asked about is not told apart here.
        if len(own) == 1 and printed and "%" in told:
            yield (*own[0], printed[0] / 100, printed[1] / 100)


# --- the report -----------------------------------------------------------------------------------------------


def _of_report(source: str, content: str, lang: str, forms: dict, theme_labels: pd.DataFrame):
    words = text(lang)
    tables = _html_tables(content) if source.endswith(".html") else _markdown_tables(content)
    latest = list(forms)[-1]
    for name, rows in tables:
        yield from _codebook(source, name, rows, lang, forms)
        for service in words["services"]:
            if name == f"tbl-numbers-{service}":
                yield from _number_table(source, rows, lang, service, latest, forms[latest], words)
            elif name.startswith(f"tbl-{service}-"):
                question = name.removeprefix(f"tbl-{service}-").replace("-", "_")
                yield from _share_table(source, rows, lang, service, latest, forms[latest], question)
        for round_ in forms:
            if name.startswith(f"tbl-themes-{round_}-"):
                yield from _theme_table(source, name, rows, lang, round_, theme_labels, words)


def _markdown_tables(content: str):
    """(id, rows of cells) of each pipe table; the id stands in the caption below it."""
    rows: list[list[str]] = []
    for line in content.split("\n"):
        if line.startswith("|"):
            cells = [_clean(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                rows.append(cells)
        elif rows and line.startswith(":"):
            found = re.search(r"\{#([\w-]+)", line)
            yield (found.group(1) if found else "", rows)
            rows = []
        elif line.strip():
            rows = []


def _html_tables(content: str):
    for table in lxml.html.document_fromstring(content).iter("table"):
        names = [node.get("id") or "" for node in (table, *table.iterancestors())]
        name = next((one for one in names if one.startswith("tbl-")), "")
        yield name, [[_clean(cell.text_content()) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def _clean(cell: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", cell).replace("\u200b", "").replace("\u00ad", "").replace("**", "")
    return re.sub(r"\s+", " ", plain).strip()


def _printed(cell: str, lang: str) -> tuple[float, float] | None:
    """The range that the first number of a cell stands for; None if there is none."""
    decimal, thousands = (".", ",") if lang == "en" else (",", ".")
    found = re.match(rf"[−-]?\d[\d{thousands}]*(?:{re.escape(decimal)}\d+)?", cell)
    if not found:
        return None
    plain = found.group().replace(thousands, "").replace(decimal, ".").replace("−", "-")
    digits = len(plain.partition(".")[2])
    return _around(float(plain), 0.5 * 10**-digits)


def _codebook(source: str, name: str, rows: list[list[str]], lang: str, forms: dict):
    """Rows of a question, its variable in brackets, that count its answers or give the median of all."""
    # The page on data quality has a table for each part of each round, the report one for all.
    own = [one for one in forms if re.fullmatch(rf"tbl-book-{re.escape(_slug(one))}-\d+", name)]
    told_of = own or list(reversed(forms))
    median = _clean(text(lang)["codebook"]["median"].format(value="")).strip()
    for cells in rows:
        variable = re.search(r"\[(\w+)\]", cells[0]) if len(cells) > 1 else None
        round_ = next((one for one in told_of if variable and variable.group(1) in forms[one].questions), None)
        if round_ is None or not forms[round_][variable.group(1)].indicator:
            continue
        question = forms[round_][variable.group(1)]
        for choice in question.choices:
            found = re.search(rf"(?:^|; ){re.escape(_clean(choice.label(lang)))} (<?)(\d[\d.,]*)", cells[1])
            if found:
                n = int(re.sub(r"\D", "", found.group(2)))
                low, high = (1, n - 1) if found.group(1) else (n, n)
                yield (source, "", round_, "everybody", question.indicator, choice.name, "count", low, high)
        if not question.choices and cells[1].startswith(median):
            printed = _printed(cells[1].removeprefix(median).strip(), lang)
            if printed:
                yield (source, "", round_, "all", question.indicator, "", "median", *printed)


def _slug(round_: str) -> str:
    return round_.lower().replace("_", "-")


def _number_table(source, rows, lang, service, round_, form, words):
    statistics = {label: name for name, label in words["service_chapter"]["statistics"].items()}
    by_label = {_clean(question.label(lang)): question for question in form if question.indicator}
    label = ""
    for cells in rows:
        label = cells[0] or label
        question, statistic = by_label.get(label), statistics.get(cells[1] if len(cells) > 2 else "")
        printed = _printed(cells[2], lang) if question and statistic else None
        if printed:
            yield (source, "", round_, service, question.indicator, "", statistic, *printed)
        for end, limit in zip(
            ("ci_low", "ci_high"), cells[3].split("–") if printed and len(cells) > 3 else (), strict=False
        ):
            if shown := _printed(limit, lang):
                yield (source, "", round_, service, question.indicator, "", f"{statistic}/{end}", *shown)


def _share_table(source, rows, lang, service, round_, form, name):
    """The answers to one question, or the yes to several questions, a row each."""
    question = form.questions.get(name)
    answers = {_clean(choice.label(lang)): choice.name for choice in question.choices} if question else {}
    asked = {_clean(one.label(lang)): one for one in form if one.indicator and one.choices}
    for cells in rows[1:]:
        printed = _printed(cells[1], lang) if len(cells) > 1 and "%" in cells[1] else None
        one, category = (question, answers[cells[0]]) if cells[0] in answers else (asked.get(cells[0]), "yes")
        if printed and one:
            yield (source, "", round_, service, one.indicator, category, "share", printed[0] / 100, printed[1] / 100)


def _theme_table(source, name, rows, lang, round_, theme_labels, words):
    question = name.removeprefix(f"tbl-themes-{round_}-").replace("-", "_")
    own = theme_labels[theme_labels["question"] == question]
    theme = dict(zip(own[f"label_{lang}"].map(_clean), own["theme"], strict=True))
    short = words["figures"]["services_short"]
    heads = {
        column: code for column, head in enumerate(rows[0]) for code, label in short.items() if head.startswith(label)
    }
    for cells in rows[1:]:
        for column, service in heads.items():
            printed = _printed(cells[column], lang) if "%" in cells[column] and cells[0] in theme else None
            if printed:
                yield (
                    source,
                    "",
                    round_,
                    service,
                    f"{question}/{theme[cells[0]]}",
                    "",
                    "theme",
                    printed[0] / 100,
                    printed[1] / 100,
                )
