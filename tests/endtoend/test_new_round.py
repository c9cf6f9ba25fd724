"""A third, tiny round: config.yaml and files under raw/ only."""

import csv
import shutil

import pandas as pd


def test_a_third_round_takes_config_and_files_only(workbench):
    raw = workbench.folder / "raw"
    (raw / "2024").mkdir()
    shutil.copytree(raw / "2021/questionnaire", raw / "2024/questionnaire")
    _add_question(raw / "2024/questionnaire/survey.csv")
    _a_dozen_interviews(raw / "2021/interviews.csv", raw / "2024/interviews.csv")
    shutil.copy(raw / "2021/names.csv", raw / "2024/names.csv")

    config = workbench.config
    config["rounds"]["2024"] = {
        "year": 2024,
        "title": {"en": "Harm reduction services, 2024", "nl": "Harm-reductionvoorzieningen, 2024"},
        "questionnaire": "raw/2024/questionnaire",
        "names": "raw/2024/names.csv",
        "exports": [{"path": "raw/2024/interviews.csv", "tool": "limesurvey", "mode": "interview"}],
    }
    workbench.write_config(config)
    workbench.snakemake("--cores", "2", "results/indicators.csv", "results/report/report_en.pdf")

    indicators = pd.read_csv(workbench.folder / "results/indicators.csv", dtype={"round": str})
    added = indicators[(indicators["round"] == "2024") & (indicators["indicator"] == "naloxone_offered")]
    assert not added.empty
    assert {"2018", "2021", "2024"} == set(indicators["round"])


def _add_question(survey) -> None:
    with open(survey, encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    row = dict.fromkeys(header, "")
    row |= {
        "type": "select_one yes_no",
        "name": "naloxone_offered",
        "label::Nederlands (nl)": "Biedt u naloxon aan om mee te geven?",
        "label::English (en)": "Do you offer take-home naloxone?",
        "indicator": "naloxone_offered",
        "statistic": "share",
    }
    with open(survey, "a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, header, lineterminator="\n").writerow(row)


def _a_dozen_interviews(source, target) -> None:
    """Fifteen rows of the 2021 export, with the new question answered in Dutch."""
    with open(source, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, delimiter=";"))
    with open(target, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerow([*rows[0], "naloxoneoffered"])
        writer.writerows([*row, "Ja" if i % 3 else "Nee"] for i, row in enumerate(rows[1:16]))
