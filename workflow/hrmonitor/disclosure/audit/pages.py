"""What the pages say: tables of the report in either language, as Markdown and as HTML, and descriptions of figures in words."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pandas as pd

from hrmonitor.declarations.csv_files import read_figure_data
from hrmonitor.disclosure.audit.ranges import clean, printed
from hrmonitor.language import terms, text
from hrmonitor.questionnaire.model import Questionnaire
from hrmonitor.study import study


def of_description(path: Path, source: str, content: str, kind: str):
    """What a screen reader is told of a figure: lines of "service, answer: per cent", of the cells that its data have, shown or hidden."""
    name, lang = path.name.partition(".")[0].rsplit("_", 1)
    beside = path.with_name(f"{name}.csv")
    if not path.name.endswith(".long.txt") or not beside.exists():
        return
    table = read_figure_data(kind, beside)
    if not {f"label_{lang}", "service", "indicator", "category", "statistic"} <= set(table):
        return
    services = study(lang).services(lang)
    cells: dict[str, list[tuple]] = {}
    for row in table[table["statistic"] == "share"].to_dict("records"):
        cell = (source, "", row["round"], row["service"], row["indicator"], row["category"], "share")
        for head in (row[f"label_{lang}"], f"{services.get(row['service'])}, {row[f'label_{lang}']}"):
            cells.setdefault(clean(str(head)).lower(), []).append(cell)
    for line in content.splitlines():
        head, _, told = line.partition(": ")
        own, seen = cells.get(clean(head).lower(), []), _share_told(told, lang)
        # An answer that several services or rounds were asked about is not told apart here.
        if len(own) == 1 and seen:
            yield (*own[0], *seen)


def _share_told(words: str, lang: str) -> tuple[float, float] | None:
    """Of few facilities it is a count, `2 of 6`, and a per cent otherwise."""
    pattern = re.escape(terms(lang)["figures"]["n_of"]).replace(r"\{n\}", r"(\d+)").replace(r"\{total\}", r"(\d+)")
    count = re.match(rf"{pattern}\b", words)
    if count:
        share = int(count[1]) / int(count[2])
        return share, share
    seen = printed(words, lang)
    return (seen[0] / 100, seen[1] / 100) if seen and "%" in words else None


def of_report(source: str, content: str, lang: str, forms: dict, theme_labels: pd.DataFrame):
    services = {code for form in forms.values() for code in form["service"].codes} | {"all", "unknown"}
    tables = _html_tables(content) if source.endswith(".html") else _markdown_tables(content)
    latest = list(forms)[-1]
    for name, rows in tables:
        yield from _codebook(source, name, rows, lang, forms)
        for service in services:
            if name == f"tbl-numbers-{service}":
                yield from _number_table((source, "", latest, service), rows, lang, forms[latest])
            elif name.startswith(f"tbl-{service}-"):
                question = name.removeprefix(f"tbl-{service}-").replace("-", "_")
                yield from _share_table((source, "", latest, service), rows, lang, forms[latest], question)
        for round_ in forms:
            if name.startswith(f"tbl-themes-{round_}-"):
                yield from _theme_table(source, name, rows, lang, round_, theme_labels)


def _markdown_tables(content: str):
    """(id, rows of cells) of each pipe table; the id stands in the caption below it."""
    rows: list[list[str]] = []
    for line in content.split("\n"):
        if line.startswith("|"):
            cells = [clean(cell) for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
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
        yield name, [[clean(cell.text_content()) for cell in row.iter("td", "th")] for row in table.iter("tr")]


def _codebook(source: str, name: str, rows: list[list[str]], lang: str, forms: dict):
    """Rows of a question, its variable in brackets, that count its answers or give the median of all."""
    # A round that is printed in full has a table for each of its parts; the newest has one, with what only others asked.
    own = [one for one in forms if re.fullmatch(rf"tbl-book-{re.escape(_slug(one))}-\d+", name)]
    told_of = own or list(reversed(forms))
    median = clean(text(lang)["codebook"]["median"].format(value="")).strip()
    for cells in rows:
        found = re.search(r"\[(\w+)\]", cells[0]) if len(cells) > 1 else None
        variable = found.group(1) if found else ""
        round_ = next((one for one in told_of if variable in forms[one].questions), None)
        if round_ is None or not forms[round_][variable].indicator:
            continue
        question = forms[round_][variable]
        for choice in question.choices:
            found = re.search(rf"(?:^|; ){re.escape(clean(choice.label(lang)))} (<?)(\d[\d.,]*)", cells[1])
            if found:
                n = int(re.sub(r"\D", "", found.group(2)))
                low, high = (1, n - 1) if found.group(1) else (n, n)
                yield (source, "", round_, "everybody", question.indicator, choice.name, "count", low, high)
        if not question.choices and cells[1].startswith(median):
            seen = printed(cells[1].removeprefix(median).strip(), lang)
            if seen:
                yield (source, "", round_, "all", question.indicator, "", "median", *seen)


def _slug(round_: str) -> str:
    return round_.lower().replace("_", "-")


def _number_table(place: tuple[str, ...], rows: list[list[str]], lang: str, form: Questionnaire):
    """A number question a row, perhaps with several statistics; `place` leads each row: source, round before, round, service."""
    statistics = {label: name for name, label in text(lang)["service_chapter"]["statistics"].items()}
    by_label = {clean(question.label(lang)): question for question in form if question.indicator}
    label = ""
    for cells in rows:
        label = cells[0] or label
        question, statistic = by_label.get(label), statistics.get(cells[1] if len(cells) > 2 else "")
        if question is None or not statistic or not (seen := printed(cells[2], lang)):
            continue
        yield (*place, question.indicator, "", statistic, *seen)
        for end, limit in zip(
            ("ci_low", "ci_high"),
            re.split(rf"–| {terms(lang)['language']['to']} ", cells[3]) if len(cells) > 3 else (),
            strict=False,
        ):
            if shown := printed(limit, lang):
                yield (*place, question.indicator, "", f"{statistic}/{end}", *shown)


def _share_table(place: tuple[str, ...], rows: list[list[str]], lang: str, form: Questionnaire, name: str):
    """The answers to one question, or the yes to several questions, a row each."""
    question = form.questions.get(name)
    answers = {clean(choice.label(lang)): choice.name for choice in question.choices} if question else {}
    asked = {clean(one.label(lang)): one for one in form if one.indicator and one.choices}
    for cells in rows[1:]:
        seen = printed(cells[1], lang) if len(cells) > 1 and "%" in cells[1] else None
        one, category = (question, answers[cells[0]]) if cells[0] in answers else (asked.get(cells[0]), "yes")
        if seen and one:
            yield (*place, one.indicator, category, "share", seen[0] / 100, seen[1] / 100)


def _theme_table(source: str, name: str, rows: list[list[str]], lang: str, round_: str, theme_labels: pd.DataFrame):
    question = name.removeprefix(f"tbl-themes-{round_}-").replace("-", "_")
    own = theme_labels[theme_labels["question"] == question]
    theme = dict(zip(own[f"label_{lang}"].map(clean), own["theme"], strict=True))
    short = study(lang).services(lang, "short")
    heads = {
        column: code for column, head in enumerate(rows[0]) for code, label in short.items() if head.startswith(label)
    }
    for cells in rows[1:]:
        for column, service in heads.items():
            seen = printed(cells[column], lang) if "%" in cells[column] and cells[0] in theme else None
            if seen:
                yield (
                    source,
                    "",
                    round_,
                    service,
                    f"{question}/{theme[cells[0]]}",
                    "",
                    "theme",
                    seen[0] / 100,
                    seen[1] / 100,
                )
