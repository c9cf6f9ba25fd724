"""National figures: what was published, set beside our own indicators, with the gap and the reason for it."""

from __future__ import annotations

import pandas as pd

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.language import escape_markdown, interval, join, number, per_cent, quoted
from hrmonitor.reporting.chapters import persons
from hrmonitor.reporting.chapters.published import plain_number
from hrmonitor.study import within
from hrmonitor.tabulation.against_published import read_derived, read_reference


def chapter(story) -> str:
    """The chapter in Markdown: the back-test in sentences, the comparisons in a table, the series in a figure."""
    words = story.words["national"]
    table = read_table("against_published", story.results / "against_published.csv")
    series = read_reference(story.root / story.config.report.reference, story.config.languages).drop_duplicates(
        "series"
    )
    series = series.set_index("series")
    if table.empty and series.empty:
        return story._join([story._heading(words["title"], "national"), words["none"], persons.section(story)])
    parts = [story._heading(words["title"], "national"), *words["text"]]
    exact, others = table[table["exact"]], table[~table["exact"]]
    if len(exact):
        parts += [f"## {words['back_test']['title']}", words["back_test"]["intro"]]
        parts.append("\n".join(f"- {_back_test(story, row, series)}" for row in exact.to_dict("records")))
    if len(others):
        rows = [_row(story, row, series) for row in others.to_dict("records")]
        parts += [
            f"## {words['beside']['title']}",
            f"{words['beside']['intro']}{story.of_registrations}",
            *_derived(story),
        ]
        parts.append(
            story._table(
                words["beside"]["columns"],
                rows,
                [24, 16, 22, 10, 28],
                words["beside"]["caption"],
                "tbl-beside",
                "lllrl",
            )
        )
    return story._join([*parts, persons.section(story)])


def in_short(story) -> str:
    """The published series as a figure, with how far they may be compared; nothing where no figure shows them."""
    words, names = story.words["national"], story.figures("national")
    if not names:
        return ""
    called = join([f"@{story.figure_id(name)}" for name in names], story.lang)
    told = [
        words["short"][story.mood].format(figure=called),
        *words["text"][:1],
        words["see"].format(annex=story.link("published"), beside=story.link("national")),
    ]
    return story._join([story._heading(words["short_title"], "series"), " ".join(told), *map(story.figure, names)])


def _back_test(story, row: dict, series: pd.DataFrame) -> str:
    """Computed, published, and whether the two are equal."""
    words = story.words["national"]["back_test"]
    template = words["equal" if row["equal"] else "not_equal"]
    return template.format(
        label=escape_markdown(series.loc[row["series"], f"label_{story.lang}"]),
        round=escape_markdown(row["round"]),
        ours=plain_number(row["estimate"], story.lang),
        published=plain_number(row["published"], story.lang),
        year=row["year"],
        difference=_signed(row["gap"], story.lang),
    )


def _row(story, row: dict, series: pd.DataFrame) -> list[str]:
    words = story.words["national"]["beside"]
    published = series.loc[row["series"]]
    units = story.study.units(words["units"])
    unit, published_unit = (units.get(one, one) for one in (row["unit"], published["unit"]))
    digits = 1 if row["statistic"] in ("median", "mean", "share") else 0
    if row["suppressed"]:
        ours, gap = story.words["service_chapter"]["suppressed"], "–"
    else:
        ours = _with_unit(number(row["estimate"], story.lang, digits), unit)
        if row["n"] != row["population"] and pd.notna(row["ci_low"]):
            ours += f" ({interval(row['ci_low'], row['ci_high'], story.lang, digits, share=False)})"
        gap = _gap(row, story, digits)
    statistic = words["statistics"][row["statistic"]]
    base = words["base"].format(
        statistic=statistic, service=within(story.service_label(row["service"]), story.lang), round=row["round"],
        n="–" if row["suppressed"] else number(row["n"], story.lang),
        total="–" if pd.isna(row["population"]) else number(row["population"], story.lang),
    )  # fmt: skip
    return [
        f"{_label(story, row)} ({escape_markdown(base)})",
        escape_markdown(ours),
        f"{escape_markdown(_with_unit(plain_number(row['published'], story.lang), published_unit))} ({row['year']}): "
        f"{escape_markdown(published[f'label_{story.lang}'])} ({words['counts'][published['counts']]})",
        gap,
        escape_markdown(row[f"explanation_{story.lang}"]),
    ]


def _label(story, row: dict) -> str:
    """What ours is, in words: the question as it was asked, with the answer that is counted."""
    own = story.words["national"]["beside"]["own"]
    if row["indicator"] in own:
        return own[row["indicator"]]
    derived = read_derived(story.root / story.config.report.reference, story.config.languages)
    if row["indicator"] in set(derived["indicator"]):
        return escape_markdown(derived.set_index("indicator").loc[row["indicator"], f"label_{story.lang}"])
    question = story.forms[row["round"]].by_indicator[row["indicator"]]
    label = escape_markdown(question.label(story.lang))
    if row["category"]:
        label += f" {quoted(escape_markdown(question.choice(row['category']).label(story.lang)), story.lang)}"
    return label


def _gap(row: dict, story, digits: int) -> str:
    """`+877 (+92%)`; percentages differ by points."""
    words = story.words["national"]["beside"]
    if row["unit"] == "%":
        return words["points"].format(gap=_signed(row["gap"], story.lang, digits))
    share = per_cent(_signed(row["gap_share"] * 100, story.lang), story.lang)
    return f"{_signed(row['gap'], story.lang, digits)} ({share})"


def _signed(value: float, lang: str, digits: int = 0) -> str:
    shown = number(value, lang, digits)
    return f"+{shown}" if value > 0 and shown.strip("0.,") else shown


def _with_unit(value: str, unit: str) -> str:
    return f"{value}%" if unit == "%" else f"{value} {unit}"


def _derived(story) -> list[str]:
    """What follows from an indicator of ours by a published rule, in its sentence; nothing where no round has it."""
    table, sentences = story.indicators, []
    for rule in read_derived(story.root / story.config.report.reference, story.config.languages).to_dict("records"):
        found = table[(table["indicator"] == rule["of"]) & (table["statistic"] == rule["statistic"])]
        found = found[(found["round"] == story.latest) & ~found["suppressed"] & found["estimate"].notna()]
        if len(found):
            of = found.iloc[-1]["estimate"]
            facts = {"of": number(of, story.lang), "derived": number(of / rule["divided_by"], story.lang)}
            sentences.append(escape_markdown(rule[f"sentence_{story.lang}"].format(**facts)))
    return sentences
