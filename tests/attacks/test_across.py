"""Totals of a question and of its parts do not tell what the few that left one of them open would have answered."""

import numpy as np
import pandas as pd
import pytest
from attacks.across import recovered
from hrmonitor.disclosure import suppressions as pattern_of
from hrmonitor.disclosure.audit import Survey, audit, known, protected, read_published
from hrmonitor.disclosure.rules import Rules
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.stages.indicators import indicators
from hrmonitor.stages.suppressions import suppressions
from hrmonitor.survey import Round
from published_set import SETTINGS, write

FORMS = {
    "parts": "integer,all,All?,places_all,total,a b,\n",
    "calculated": "calculate,all,All?,places_all,total,,${a} + ${b}\n",
}
PARTS = {"places_all": ["places_a", "places_b"]}
NAMES = {"a": "places_a", "b": "places_b", "all": "places_all"}


def survey(folder, kind: str, left_open: dict[str, list[int]]) -> Round:
    """Twelve rooms of six organisations, all of which answered; `left_open` says which left a question open."""
    (folder / "survey.csv").write_text(
        "type,name,label::English (en),indicator,statistic,parts,calculation\nselect_one service,service,Service?,,,,\n"
        "integer,a,A?,places_a,total,,\ninteger,b,B?,places_b,total,,\n" + FORMS[kind]
    )
    (folder / "choices.csv").write_text("list_name,name,label::English (en)\nservice,dcr,dcr\n")
    (folder / "settings.csv").write_text("form_title,form_id,version\nF,f,1\n")
    frame = pd.DataFrame({"facility_id": [f"r{place}" for place in range(12)], "service": "dcr"})
    frame["organisation"] = [str(place % 6) for place in range(12)]
    numbers = {"a": np.arange(12.0) % 5 + 9, "b": np.arange(12.0) % 4 + 3}
    numbers["all"] = numbers["a"] + numbers["b"]
    table = frame[["facility_id", "service"]].assign(service__missing=None)
    for name, values in numbers.items():
        values = values.copy()
        values[left_open.get(name, [])] = np.nan
        table[name] = pd.array(values, dtype="Float64")
        table[f"{name}__missing"] = pd.Series(np.where(np.isnan(values), "no_answer", None), dtype="str")
    return Round("2021", 2021, table, frame, read_questionnaire(folder), pd.DataFrame())


def published(one: Round, folder, rules: Rules) -> dict[tuple, dict[str, int]]:
    """Writes what is published; gives how many answered."""
    (folder / "open_data").mkdir(parents=True)
    hidden, _ = suppressions({"2021": one}, SETTINGS, rules)
    write(indicators({"2021": one}, hidden, SETTINGS, rules), folder / "open_data" / "indicators.csv")
    flow = [("2021", service, step, 12) for service in ("dcr", "all") for step in ("kept", "register")]
    write(pd.DataFrame(flow, columns=["round", "service", "step", "n"]), folder / "open_data" / "response_flow.csv")
    return {("2021", "dcr"): {NAMES[name]: int(one.facilities[name].notna().sum()) for name in NAMES}}


def verdicts(one: Round, folder, rules: Rules) -> set[str]:
    asked = rules.__dict__
    about = Survey({"2021": one.questionnaire}, set(), {}, pd.DataFrame(columns=["question", "theme"]), [], {})
    shown, beside = read_published(folder, about, asked), known([one], asked)
    found = audit(protected([one], asked, {}), shown, beside, about.forms, ["2021"], SETTINGS.confidence)
    return set(found["verdict"])


@pytest.mark.parametrize(
    ("kind", "left_open"), [("parts", {"b": [3]}), ("parts", {"all": [3]}), ("calculated", {"b": [3]})]
)
def test_what_one_room_left_open_does_not_follow(tmp_path, kind, left_open):
    one = survey(tmp_path, kind, left_open)
    answered = published(one, tmp_path / "results", Rules())
    assert recovered(tmp_path / "results", PARTS, answered) == {}
    assert verdicts(one, tmp_path / "results", Rules()) == {"safe"}
    # One sum goes, the others stay.
    table = pd.read_csv(tmp_path / "results" / "open_data" / "indicators.csv")
    assert table["suppressed"].sum() == 1


@pytest.mark.parametrize(
    ("kind", "left_open", "answer"),
    [("parts", {"b": [3]}, 6), ("parts", {"all": [3]}, 18), ("calculated", {"b": [3]}, 6)],
)
def test_totals_that_know_nothing_of_each_other_tell_it_and_the_auditor_says_so(
    tmp_path, monkeypatch, kind, left_open, answer
):
    """The attack has teeth: as totals were published before."""
    monkeypatch.setattr(pattern_of, "related", lambda names, _: [[name] for name in names])
    one = survey(tmp_path, kind, left_open)
    answered = published(one, tmp_path / "results", Rules())
    ((place, found),) = recovered(tmp_path / "results", PARTS, answered).items()
    assert (place[2], found) == (NAMES[next(iter(left_open))], answer)
    assert "narrowed" in verdicts(one, tmp_path / "results", Rules())


@pytest.mark.parametrize("left_open", [{}, {"b": [0, 1, 2, 3, 4, 5]}])
def test_totals_stay_where_all_answered_or_many_left_a_question_open(tmp_path, left_open):
    one, rules = survey(tmp_path, "parts", left_open), Rules(p_percent=0)
    published(one, tmp_path / "results", rules)
    table = pd.read_csv(tmp_path / "results" / "open_data" / "indicators.csv")
    assert not table["suppressed"].any()
    assert verdicts(one, tmp_path / "results", rules) == set()


@pytest.mark.parametrize("seed", range(6))
def test_the_auditor_finds_nothing_whatever_was_left_open_and_whether_or_not_it_adds_up(tmp_path, seed):
    random = np.random.default_rng(seed)
    left_open = {name: list(random.choice(12, random.integers(0, 10), replace=False)) for name in NAMES}
    one = survey(tmp_path, ("parts", "calculated")[seed % 2], left_open)
    if seed > 2:
        # More than the parts, and at times less.
        one.facilities["all"] += np.round(random.exponential(3, 12)) - 2 * (seed % 2)
    rules = Rules(minimum_cell=int(random.choice([2, 3, 5])), p_percent=float(random.choice([0, 10, 40])))
    published(one, tmp_path / "results", rules)
    assert verdicts(one, tmp_path / "results", rules) <= {"safe"}
