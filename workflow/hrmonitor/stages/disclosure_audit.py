"""The attack on what was published, with all that the public has: today's files, the register, the forms, and the editions on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from hrmonitor.disclosure.audit import (
    COLUMNS,
    SHOWN,
    Published,
    Survey,
    audit,
    known,
    protected,
    read_earlier,
    read_published,
    told_by_tests,
    told_of,
    unexplained,
)
from hrmonitor.editions import Edition
from hrmonitor.survey import Round
from hrmonitor.tabulation.against_published import read_derived
from hrmonitor.themes.codebook import read_themes


def known_ids(rounds: Mapping[str, Round], register: pd.DataFrame) -> set[str]:
    """All ids that no public file may have: of the register, and of those who answered without one."""
    return set(register["facility_id"]).union(*(one.facilities["facility_id"] for one in rounds.values()))


# Over 6 parameters: all that the auditor must know of a study besides its answers.
def survey_of(
    rounds: Mapping[str, Round], facilities: set[str], figures: dict, languages: Sequence[str], theme_books: Sequence[str | Path], reference: str | Path,
    main: str = "",
) -> Survey:  # fmt: skip
    """What the auditor knows: `facilities` are the ids of the register, `figures` the block of config.yaml, `reference` the folder of published figures.

    main: the round that the report is about, of which pages tell without naming it; without it, the newest.
    """
    order = [name for name in rounds if name != main] + ([main] if main in rounds else [])
    no_labels = pd.DataFrame(columns=["question", "theme", *(f"label_{lang}" for lang in languages)])
    return Survey(
        forms={name: rounds[name].questionnaire for name in order},
        facilities=facilities,
        figures=figures,
        theme_labels=pd.concat([no_labels, *map(read_themes, theme_books)]),
        languages=list(languages),
        derived={rule["indicator"]: (rule["of"], rule["divided_by"]) for rule in read_derived(reference).to_dict("records")},
    )  # fmt: skip


def disclosure_audit(
    results: Path, rounds: Mapping[str, Round], survey: Survey, rules: dict, confidence: float, editions: Sequence[Edition] = ()
) -> tuple[Published, pd.DataFrame]:  # fmt: skip
    """(what the files under `results` say, `disclosure.audit.COLUMNS`); `rules` is `disclosure:` of config.yaml.

    Raises `DisclosureError` naming a public file that no declaration speaks of.
    """
    answered = list(rounds.values())
    published = read_published(results, survey, rules)
    found = audit(
        protected(answered, rules, survey.figures),
        published,
        known(answered, rules),
        survey.forms,
        list(rounds),
        confidence,
        rules["minimum_spread"],
        told_of(results, answered, editions),
        told_by_tests(results, answered, rules),
        read_earlier(editions, answered, rules),
    )
    return published, found


def numbers_of_pages(
    results: Path, rounds: Mapping[str, Round], survey: Survey, written: Iterable[str], published: Published
) -> pd.DataFrame:
    """Rows of the same table: pages with numbers that no public table has. `written` are the texts of makers that pages print, `published`
    is what the files say: the codebook counts answers that a table has as weighted shares, and the attack knows them.

    What respondents wrote is printed as they wrote it, numbers and all.
    """
    said: list[str] = []
    for one in rounds.values():
        facilities: pd.DataFrame = one.facilities  # the audit reads rounds whole: never `Columns`
        asked = [
            question.name for question in one.questionnaire if question.kind == "text" and question.name in facilities
        ]
        said += [text for name in asked for text in facilities[name].dropna().unique()]
    stated = published.statements
    counts = stated.loc[stated["statistic"] == "count", "low"]
    found = unexplained(results, survey.languages, [*written, *said], survey.figures, counts)
    rows = [
        ("", "", "", "", "number", f"in no table: {'; '.join(odd[:5])}", page, float("nan"), SHOWN)
        for page, odd in found.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
