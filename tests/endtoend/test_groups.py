"""Three small countries in one report, one so small that its cells are hidden, for each kind of frame; and thirty rounds in one plan."""

import pandas as pd
import pytest
import yaml
from endtoend.conftest import Project
from group_rounds import ROUNDS, groups_config, write_groups
from hrmonitor.declarations.csv_files import read_table

# The annex and the audit, with what they need: nearly all that is built.
TARGETS = ("results/report/annex_en.md", "results/report/report_nl.pdf", "results/disclosure_audit.csv")
PLACE = ["round", "service", "indicator", "category", "statistic"]


@pytest.fixture(scope="module", params=["register", "population", "sample"])
def project(request, tmp_path_factory) -> Project:
    made = Project.without_study(tmp_path_factory.mktemp(request.param) / "project")
    write_groups(made.folder, groups_config(request.param))
    made.snakemake("--cores", "2", *TARGETS)
    return made


def test_countries_stand_side_by_side_and_the_audit_is_content(project):
    results = project.folder / "results"
    table = read_table("groups", results / "open_data/groups.csv")
    assert table["group"].unique().tolist() == ["nl", "be", "lu"]
    # The earlier round of a country is no row of it.
    assert set(table["round"]) == {"nl_2024", "be_2024", "lu_2023"}
    assert set(table.loc[table["indicator"] == "open_weekends", "group"]) == {"nl", "be"}
    assert set(table.loc[table["indicator"] == "need", "group"]) == {"nl", "lu"}
    assert set(read_table("disclosure_audit", results / "disclosure_audit.csv")["verdict"]) <= {"safe"}


def test_it_says_what_is_published_and_hides_what_is_hidden(project):
    results = project.folder / "results"
    table = read_table("groups", results / "groups.csv")
    published = read_table("indicators", results / "indicators.csv")
    hidden = table[(table["group"] == "lu") & (table["service"] == "room")]
    assert len(hidden) and hidden["suppressed"].all() and hidden["estimate"].isna().all() and hidden["n"].isna().all()
    both = table.merge(published, on=PLACE, suffixes=("", "_published"))
    assert len(both) == len(table)
    for column in ("n", "estimate", "ci_low", "ci_high", "suppressed", "suppression"):
        pd.testing.assert_series_equal(both[column], both[f"{column}_published"], check_names=False)


def test_no_change_and_no_trend_is_told_across_countries(project):
    results = project.folder / "results"
    group = {name: group for name, (group, *_) in ROUNDS.items()}
    for name in ("changes", "trends", "comparability"):
        table = read_table(name, results / f"{name}.csv")
        assert all(group[row.round_from] == group[row.round] for row in table.itertuples()), name
    assert len(read_table("comparability", results / "comparability.csv")) == 3


def test_the_report_has_the_chapter_in_both_languages(project):
    report = project.folder / "results/report"
    text = (report / "report_nl.md").read_text(encoding="utf-8")
    assert "# Naast elkaar {#sec-groups}" in text and "| Land | Laatste ronde |" in text
    assert "België: andere antwoordcategorieën (money → peers)" in text and "Niet gevraagd: Luxemburg." in text
    assert "Getoetst met de antwoorden van België (België 2024)" in text
    annex = (report / "annex_en.md").read_text(encoding="utf-8")
    assert "Tested by the answers of Belgium (Belgium 2024)" in annex
    chapter = annex.split("# All figures side by side")[1].split("\n# ")[0]
    assert "| Question | Netherlands | Belgium | Luxembourg |" in chapter and "| not shown |" in chapter


def thirty(frame: str) -> dict:
    """Thirty rounds of as many cities, of the forms and exports of a few."""
    config = groups_config(frame)
    names = list(config["rounds"])
    config["rounds"] = {
        f"city_{place:02}": config["rounds"][names[place % len(names)]] | {"group": f"c{place:02}"}
        for place in range(30)
    }
    config["findings"] = {name: {**one, "round": "city_00"} for name, one in config["findings"].items()}
    config["groups"]["names"] = {
        f"c{place:02}": {lang: f"City {place}" for lang in ("en", "nl")} for place in range(30)
    }
    return yaml.safe_load(yaml.safe_dump(config))


@pytest.mark.parametrize("frame", ["register", "population", "sample"])
def test_thirty_rounds_are_one_plan_of_jobs_a_round(frame, tmp_path):
    made = Project.without_study(tmp_path / "project")
    write_groups(made.folder, thirty(frame))
    jobs = made.jobs_to_run()
    assert jobs["ingest"] == jobs["clean"] == 30 and jobs["groups"] == 1
    # What is made of all rounds is one job each, or one a language and volume: none a pair of rounds.
    assert max(count for rule, count in jobs.items() if rule not in ("ingest", "clean")) <= 4


def test_without_groups_there_is_no_table_of_them(tmp_path):
    made = Project.without_study(tmp_path / "project")
    config = groups_config()
    del config["groups"]
    for block in config["rounds"].values():
        del block["group"]
    config["figures"] = {}
    write_groups(made.folder, config)
    assert "groups" not in made.jobs_to_run()
