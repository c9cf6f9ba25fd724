"""A scenario, a seed and the questionnaires come in.

Out go synthetic raw data with known truth (a fictional register, exports with realistic errors, two coders), and simulations of
coverage and of verdicts. Real answers are never read here, nothing else imports this room except commands and benchmarks, and
everything it writes says that it is synthetic.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import numpy as np
import pandas as pd

from hrmonitor.questionnaire.model import Questionnaire, read_questionnaire
from hrmonitor.simulation import coding, exports, facilities, mess
from hrmonitor.simulation.truth import OTHER_DECISIONS, SCENARIOS, true_answers

SERVICES = ("dcr", "oat", "hat", "nsp")
STEPS = ("register", "approached", "submissions", "duplicates", "test", "empty", "out_of_frame", "kept")
# Fictional people; the addresses are in domains and the numbers in ranges that are nobody's.
FIRST = ["Anna", "Bram", "Chantal", "Dirk", "Els", "Farid", "Greetje", "Hassan", "Ilse", "Joost", "Kim", "Loek"]
LAST = [
    "de Vries-Fictief",
    "van den Bergh-Fictief",
    "Jansma-Fictief",
    "el Idrissi-Fictief",
    "Smeets-Fictief",
    "Oosterhuis-Fictief",
]


def write_raw(folder: Path, scenario: str, seed: int, ground_truth: Path | None = None) -> None:
    """Write register, contacts, names, exports and coding of both rounds into `folder` (a copy of raw/).

    The questionnaires are read from `folder/{2018,2021}/questionnaire`. With `ground_truth`, what the
    pipeline must find is written there: flow_{round}.csv, injected_errors.csv, truth.csv and
    planted_personal_data.txt.
    """
    if scenario not in SCENARIOS:
        raise ValueError(f"scenario {scenario!r} is none of {', '.join(SCENARIOS)}")
    folder = Path(folder)
    # One stream a part, so that a change in one part leaves the others as they were.
    streams = iter(np.random.default_rng([seed, part]) for part in range(20))
    register = facilities.make_register(next(streams))
    _write_csv(folder / "register.csv", register)
    round_2021 = _write_2021(folder / "2021", register, scenario, streams)
    round_2018 = _write_2018(folder / "2018", register, scenario, streams)
    if ground_truth is not None:
        _write_ground_truth(ground_truth, register, {"2021": round_2021, "2018": round_2018})


def _write_2021(folder: Path, register: pd.DataFrame, scenario: str, streams) -> dict:
    questionnaire = read_questionnaire(folder / "questionnaire")
    answering = facilities.who_answers(register, next(streams))
    truth = true_answers(questionnaire, answering, scenario, next(streams))
    themes = coding.write_open_answers(truth, scenario, next(streams))

    rng = next(streams)
    submissions = [_submission(row, questionnaire, rng) for row in truth.to_dict("records")]
    for place in rng.choice(len(submissions), 14, replace=False):
        submissions[place]["mode"] = "questionnaire"
    duplicates, disagreements = _duplicates(submissions, rng)
    submissions += [
        *duplicates,
        *_tests(questionnaire),
        *_abandoned(register, rng),
        *_outside_the_frame(truth, questionnaire, rng),
    ]

    rng = next(streams)
    errors = mess.inject(submissions, mess.KINDS_2021, rng)
    mess.odd_texts(submissions, rng)
    name_errors, decisions = mess.misspell_names(submissions, register, rng)
    interviews = [one for one in submissions if one["mode"] == "interview"]
    interviews = [interviews[place] for place in rng.permutation(len(interviews))]
    returned = [one for one in submissions if one["mode"] == "questionnaire"]
    # Of two interviews with one facility, the later one is the one that was broken off.
    interviews.sort(key=lambda one: one["kind"] == "duplicate")
    exports.write_limesurvey(folder / "interviews.csv", questionnaire, interviews)
    shutil.rmtree(folder / "returned", ignore_errors=True)
    (folder / "returned").mkdir()
    for number, submission in enumerate(returned, start=1):
        cross = ["x", "X", "✓", "v", "ja"][number % 5]
        exports.write_workbook(folder / "returned" / f"vragenlijst_{number:02d}.xlsx", questionnaire, submission, cross)

    decisions += [
        {
            "written": one["answers"]["facility_name"],
            "service": one["answers"]["service"],
            "facility_id": "",
            "reason": "Valt buiten het register",
        }
        for one in submissions
        if one["kind"] == "out_of_frame"
    ]
    _write_csv(folder / "names.csv", pd.DataFrame(decisions, columns=["written", "service", "facility_id", "reason"]))
    _write_csv(
        folder / "other_decisions.csv",
        pd.DataFrame(OTHER_DECISIONS, columns=["question", "written", "decision", "reason"]),
    )
    _write_csv(folder / "contacts.csv", _contacts(register, submissions, 2021, next(streams)))
    coded = [
        (one["source"], one["row"], one["facility_id"], question)
        for one in submissions
        for question in coding.THEMES
        if one["kind"] == "kept" and one["answers"].get(question)
    ]
    answers = pd.DataFrame(coded, columns=["source", "row", "facility_id", "question"])
    coding.write_coding(folder / "coding", answers, themes, next(streams))
    return {"submissions": submissions, "truth": truth, "errors": [*errors, *disagreements, *name_errors], "year": 2021,
            "contacts": pd.read_csv(folder / "contacts.csv")}  # fmt: skip


def _write_2018(folder: Path, register: pd.DataFrame, scenario: str, streams) -> dict:
    """The consumption rooms of 2018: all 24 answered."""
    questionnaire = read_questionnaire(folder / "questionnaire")
    frame = facilities.frame_of_year(register, 2018)
    rooms = frame[frame["service"] == "dcr"]
    rng = next(streams)
    truth = true_answers(questionnaire, rooms, scenario, rng)
    submissions = [_submission(row, questionnaire, rng) for row in truth.to_dict("records")]
    second = {**submissions[4], "kind": "duplicate", "answers": dict(submissions[4]["answers"])}
    for question in list(second["answers"])[12:]:
        del second["answers"][question]
    test = {
        "facility_id": "",
        "kind": "test",
        "mode": "interview",
        "submitted": True,
        "answers": {"facility_name": "test", "service": "dcr"},
    }
    submissions += [second, test]
    errors = exports.write_sav(folder / "gebruiksruimten_2018.sav", questionnaire, submissions, rng)
    _write_csv(folder / "names.csv", pd.DataFrame(columns=["written", "service", "facility_id", "reason"]))
    _write_csv(folder / "contacts.csv", _contacts(rooms, submissions, 2018, next(streams)))
    return {
        "submissions": submissions,
        "truth": truth,
        "errors": errors,
        "year": 2018,
        "contacts": pd.read_csv(folder / "contacts.csv"),
    }


def _submission(true: dict, questionnaire: Questionnaire, rng: np.random.Generator) -> dict:
    """The true answers as a careful person would give them, plus a contact."""
    answers = {}
    for name, value in true.items():
        if name == "facility_id" or value is None or value != value:
            continue
        if isinstance(value, (bool, np.bool_)):
            answers[name] = "1" if value else "0"
        elif isinstance(value, float):
            answers[name] = f"{value:g}" if value < 1e5 else f"{value:.0f}"
        else:
            answers[name] = str(value)
    person = f"{FIRST[rng.integers(len(FIRST))]} {LAST[rng.integers(len(LAST))]}"
    answers["respondent_name"] = person
    if "respondent_email" in questionnaire.questions:
        local = person.lower().replace("-fictief", "").replace(" ", ".")
        answers["respondent_email"] = f"{local}@instelling{rng.integers(10, 99)}.example"
        answers["respondent_phone"] = f"06-{rng.integers(10, 99)}{rng.integers(100000, 999999)}"
    return {
        "facility_id": true["facility_id"],
        "kind": "kept",
        "mode": "interview",
        "submitted": True,
        "answers": answers,
    }


def _duplicates(submissions: list[dict], rng: np.random.Generator) -> tuple[list[dict], list[dict]]:
    """Facilities that answered twice: three by interview and questionnaire, three by two interviews."""
    duplicates, errors = [], []
    interviewed = [one for one in submissions if one["mode"] == "interview"]
    for number, place in enumerate(rng.choice(len(interviewed), 6, replace=False)):
        first = interviewed[place]
        first["struck"] = True
        second = {**first, "kind": "duplicate", "answers": dict(first["answers"])}
        if number < 3:
            second["mode"] = "questionnaire"
        else:
            for question in list(second["answers"])[40:]:
                del second["answers"][question]
        for question, value in (("clients_now", str(int(first["answers"]["clients_now"]) + 7)), ("age_mean", "47.5")):
            if first["answers"].get(question) and first["answers"][question] != value:
                second["answers"][question] = value
                errors.append({"submission": second, "question": question, "raw": value, "truth": first["answers"][question],
                               "kind": "disagreement", "expected_rule": "duplicate_disagrees", "visible": "true", "reason": ""})  # fmt: skip
        duplicates.append(second)
    return duplicates, errors


def _tests(questionnaire: Questionnaire) -> list[dict]:
    forms = [("test", "dcr"), ("TEST Sanne", "oat"), ("proef 2", "nsp"), ("Test invoer", "")]
    return [
        {"facility_id": "", "kind": "test", "mode": "interview", "submitted": number < 3,
         "answers": {"facility_name": name, **({"service": service} if service else {}), "clients_now": "1", "clients_trend": "stable"}}
        for number, (name, service) in enumerate(forms)
    ]  # fmt: skip


def _abandoned(register: pd.DataFrame, rng: np.random.Generator) -> list[dict]:
    """Someone opened the form and left: a name perhaps, no more than an answer or two."""
    rows = register.loc[rng.choice(register.index, 6, replace=False)].to_dict("records")
    found = []
    for number, row in enumerate(rows):
        answers = [{}, {"facility_name": row["name"]}, {"facility_name": row["name"], "service": row["service"]},
                   {"facility_name": row["name"], "service": row["service"], "province": row["province"], "clients_now": "80"}][number % 4]  # fmt: skip
        found.append({"facility_id": "", "kind": "empty", "mode": "interview", "submitted": False, "answers": answers})
    # And one workbook that came back as it was sent.
    found.append({"facility_id": "", "kind": "empty", "mode": "questionnaire", "submitted": True, "answers": {}})
    return found


def _outside_the_frame(truth: pd.DataFrame, questionnaire: Questionnaire, rng: np.random.Generator) -> list[dict]:
    """Places that answered but are none of the four services in the register."""
    found = []
    for name, service, mode in (
        ("Alcoholgebruiksruimte Het Zomerhuis", "dcr", "interview"),
        ("Huisartsenpraktijk Lindelaan", "oat", "interview"),
        ("Apotheek De Vijzel", "nsp", "questionnaire"),
    ):
        like = truth[truth["service"] == service].iloc[0].to_dict()
        one = _submission(like, questionnaire, rng)
        one["answers"]["facility_name"] = name
        found.append({**one, "facility_id": "", "kind": "out_of_frame", "mode": mode})
    return found


def _contacts(register: pd.DataFrame, submissions: list[dict], year: int, rng: np.random.Generator) -> pd.DataFrame:
    """Everybody who answered was approached, and most of the rest."""
    outcome = {one["facility_id"]: {"interview": "interviewed", "questionnaire": "returned"}[one["mode"]]
               for one in submissions if one["kind"] == "kept"}  # fmt: skip
    rows = []
    for facility in facilities.frame_of_year(register, year)["facility_id"]:
        if facility in outcome or rng.random() < 0.75:
            result = outcome.get(facility) or ("refused", "no_contact")[int(rng.random() < 0.6)]
            rows.append((facility, f"{year}-02-{1 + int(rng.integers(0, 26)):02d}", result))
    return pd.DataFrame(rows, columns=["facility_id", "approached_on", "outcome"])


def response_flow(register: pd.DataFrame, round_: dict) -> pd.DataFrame:
    """service, step, n as `results/{round}/flow.csv` must have them."""
    step_of = {
        "duplicate": "duplicates",
        "test": "test",
        "empty": "empty",
        "out_of_frame": "out_of_frame",
        "kept": "kept",
    }
    frame = facilities.frame_of_year(register, round_["year"]).set_index("facility_id")["service"]
    approached = frame.reindex(round_["contacts"]["facility_id"])
    rows = []
    for service in (*SERVICES, "unknown", "all"):
        of_service = [
            one for one in round_["submissions"] if service in ("all", one["answers"].get("service") or "unknown")
        ]
        for step in STEPS:
            if step in ("register", "approached"):
                if service == "unknown":
                    continue
                column = frame if step == "register" else approached
                n = len(column) if service == "all" else int((column == service).sum())
            elif step == "submissions":
                n = len(of_service)
            else:
                n = sum(step_of[one["kind"]] == step for one in of_service)
            rows.append((service, step, n))
    return pd.DataFrame(rows, columns=["service", "step", "n"])


def _write_ground_truth(folder: Path, register: pd.DataFrame, rounds: dict[str, dict]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    errors, truths, planted = [], [], set()
    for name, round_ in rounds.items():
        _write_csv(folder / f"flow_{name}.csv", response_flow(register, round_))
        for error in round_["errors"]:
            one = error.pop("submission")
            errors.append({"source": one["source"], "row": one["row"], "facility_id": one["facility_id"], **error})
        for one in round_["submissions"]:
            if one["kind"] != "kept":
                errors.append({"source": one["source"], "row": one["row"], "facility_id": one["facility_id"], "question": "", "raw": "", "truth": "",
                               "kind": one["kind"], "expected_rule": one["kind"], "visible": "true", "reason": ""})  # fmt: skip
            planted |= {
                one["answers"].get(key, "") for key in ("respondent_name", "respondent_email", "respondent_phone")
            }
        long = (
            round_["truth"]
            .drop(columns=["facility_name", "municipality"])
            .melt("facility_id", var_name="question", value_name="value")
        )
        truths.append(long.dropna().assign(round=name)[["round", "facility_id", "question", "value"]])
    planted |= {"f.devries@kompas.example", "06-12345678", "+31 20 794 0800"}
    _write_csv(folder / "injected_errors.csv", pd.DataFrame(errors))
    _write_csv(folder / "truth.csv", pd.concat(truths).sort_values(["round", "facility_id", "question"]))
    (folder / "planted_personal_data.txt").write_text("\n".join(sorted(planted - {""})) + "\n", encoding="utf-8")


def _write_csv(path: Path, frame: pd.DataFrame) -> None:
    frame.to_csv(path, index=False, lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
