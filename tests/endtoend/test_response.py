"""Response on the shipped data: what the tables say adds up with the flow, and the chapter says what the tables say."""

import pandas as pd
import pytest
import yaml
from hrmonitor.language import number, percent
from hrmonitor.reporting.chapters.response import chapter
from hrmonitor.reporting.story import Story
from hrmonitor.response.dispositions import CODES


def table(project, name: str) -> pd.DataFrame:
    """All as text."""
    return pd.read_csv(project.folder / "results" / f"{name}.csv", dtype="str", keep_default_na=False)


def numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce")


@pytest.mark.parametrize("round_", ["2018", "2021"])
def test_dispositions_add_up_with_the_flow(built, round_):
    cases = table(built, f"{round_}/dispositions")
    flow = numbers(table(built, f"{round_}/flow").set_index(["service", "step"])["n"])
    assert cases["facility_id"].is_unique
    for service, part in cases.groupby("service"):
        assert len(part) == flow[service, "register"]
        assert part["disposition"].isin(["complete", "partial", "break_off"]).sum() == flow[service, "kept"]
        assert (part["outcome"] != "").sum() == flow[service, "approached"]
    assert (cases["remarks"] == "").all()


@pytest.mark.parametrize("round_", ["2018", "2021"])
def test_groups_add_up_to_all(built, round_):
    response = table(built, "response").query("round == @round_").assign(n=lambda rows: numbers(rows["n"]))
    wide = response.pivot(index=["group", "level"], columns="statistic", values="n")
    total = wide.loc["all", "all"]
    assert wide.loc["service"]["facilities"].notna().all()
    # Where few gave a reason, no group has its number; the others never add up to more.
    for group, statistics in (("service", ("facilities", *CODES)), ("province", ("facilities", "complete", "partial"))):
        for statistic in statistics:
            shown = wide.loc[group][statistic]
            assert shown.sum() == total[statistic] if shown.notna().all() else shown.sum() <= total[statistic]
    assert total[list(CODES)].sum() == total["facilities"]
    assert wide.loc["mode"]["facilities"].sum() == total["complete"] + total["partial"] + total["break_off"]


def test_the_rates_of_2021(built):
    response = table(built, "response").query("round == '2021' and level == 'all'").set_index("statistic")
    estimate = numbers(response["estimate"])
    # 116 of 174 answered, 18 refused, 24 were not reached, 16 not approached.
    assert estimate["RR1"] == pytest.approx(116 / 174)
    assert estimate["RR5"] == pytest.approx(116 / 158)
    assert estimate["COOP1"] == pytest.approx(116 / 134)
    assert estimate["CON1"] == pytest.approx(134 / 174)
    assert estimate["REF1"] == pytest.approx(18 / 174)


def test_no_province_tells_the_reasons_of_one_or_two(built):
    response = table(built, "response").query("group == 'province'")
    cases = table(built, "2021/dispositions")
    silent = cases[cases["mode"] == ""].groupby("province").size()
    shown = response[
        (response["round"] == "2021") & (response["statistic"] == "refusal") & (response["suppressed"] == "False")
    ]
    assert len(shown) == 4
    for level in shown["level"]:
        assert level == "other" or silent.get(level, 0) == 0 or silent[level] >= 3


def test_item_nonresponse_agrees_with_the_facilities(built):
    items = table(built, "item_nonresponse").query("round == '2021' and service == 'all' and suppressed == 'False'")
    facilities = pd.read_parquet(built.folder / "results/2021/facilities.parquet")
    for question in ("clients_trend", "cee_now", "delivers_national"):
        reasons = facilities[f"{question}__missing"]
        found = items[items["question"] == question].set_index("reason")
        n, base = numbers(found["n"]), numbers(found["population"])
        assert n["dont_know"] == (reasons == "dont_know").sum()
        assert n["any"] == reasons.isin(["dont_know", "refused", "no_answer"]).sum()
        assert base["any"] == (reasons != "not_asked").sum() - (reasons == "not_applicable").sum()


@pytest.fixture
def story(workbench):
    def tell(lang: str = "en", **config) -> str:
        from hrmonitor.project.checks import check_config
        from pytest import MonkeyPatch

        with MonkeyPatch.context() as here:
            here.chdir(workbench.folder)
            checked = check_config(
                {**yaml.safe_load((workbench.folder / "config.yaml").read_text(encoding="utf-8")), **config}
            )
            return chapter(Story(lang, workbench.folder, checked))

    return tell


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_the_chapter_stands_in_the_report_with_the_numbers_of_the_tables(built, lang):
    report = (built.folder / f"results/report/annex_{lang}.md").read_text(encoding="utf-8")
    place = report.index("{#sec-response}")
    assert report.index("{#sec-data}") < place < report.index("{#sec-tests}")
    own = report[place : report.index("{#sec-tests}")]
    response = (
        table(built, "response")
        .query("round == '2021' and group == 'service' and level == 'nsp'")
        .set_index("statistic")
    )
    rates = [percent(float(response.loc[rate, "estimate"]), lang) for rate in ("RR1", "RR5", "COOP1", "REF1")]
    row = next(line for line in own.splitlines() if line.startswith("|") and rates[0] in line and rates[3] in line)
    assert all(rate in row for rate in rates)
    modes = table(built, "mode_effects")
    tested = modes[modes["statistic"] != "not_tested"]["question"].nunique()
    assert number(tested, lang) in own
    assert "{" not in own.replace("{#", "").replace("{.", "")


def test_a_question_that_differs_by_mode_is_named(workbench, story):
    path = workbench.folder / "results/mode_effects.csv"
    effects = table(workbench, "mode_effects")
    assert "no question differs" in story()
    effects.loc[effects["question"] == "clients_trend", ["differs", "p_value", "p_holm"]] = [
        "True",
        "0.00001",
        "0.0007",
    ]
    effects.to_csv(path, index=False)
    told = story()
    assert "1 of them differ" in told and "has the number of clients" in told
    assert "\\< 0.001" in told
    assert "no question differs" not in told


def test_disagreement_between_fieldwork_and_answers_is_told(workbench, story):
    path = workbench.folder / "results/2021/dispositions.csv"
    cases = pd.read_csv(path, dtype="str", keep_default_na=False)
    assert "agree for all facilities" in story()
    cases.loc[:1, "remarks"] = ["no_submission", "never_approached|not_open_that_year"]
    cases.to_csv(path, index=False)
    told = story()
    assert "not for 2" in told
    for part in (
        "without a usable submission: 1",
        "without having been approached: 1",
        "not open that year according to the register: 1",
    ):
        assert part in told.replace("Answered", "answered")


def test_filled_gaps_are_counted_in_the_report_and_marked_in_the_data(workbench, story):
    assert "Missing answers were not estimated" in story()
    config = workbench.config | {"imputation": {"method": "hot_deck"}}
    workbench.write_config(config)
    workbench.snakemake("--cores", "2", "results/item_nonresponse.csv")
    audit = table(workbench, "2021/audit")
    filled = audit[audit["rule"] == "imputed"]
    assert len(filled) > 10
    facilities = pd.read_parquet(workbench.folder / "results/2021/facilities.parquet").set_index("facility_id")
    for facility, question in zip(filled["facility_id"], filled["question"], strict=True):
        assert facilities.loc[facility, f"{question}__missing"].startswith("imputed:")
        assert pd.notna(facilities.loc[facility, question])
    told = story(imputation={"method": "hot_deck"})
    total = sum((table(workbench, f"{round_}/audit")["rule"] == "imputed").sum() for round_ in ("2018", "2021"))
    assert f"{total} gaps were filled" in told
    # Gaps stay gaps where gaps are counted.
    items = table(workbench, "item_nonresponse").query("round == '2021' and service == 'all' and reason == 'no_answer'")
    gaps = filled[(filled["question"] == "clients_then") & (filled["raw"] == "no_answer")]
    assert numbers(items[items["question"] == "clients_then"]["n"]).iloc[0] == len(gaps) > 0


def test_an_unknown_outcome_stops_the_build_with_one_message(workbench):
    path = workbench.folder / "raw/2021/contacts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("no_contact", "nobody_home", 1), encoding="utf-8")
    run = workbench.snakemake("--cores", "2", "results/response.csv", check=False)
    assert run.returncode != 0
    assert "contacts.csv, row 3, outcome: 'nobody_home' is not known" in " ".join(run.stdout.split())
    assert "Traceback" not in run.stdout
