"""How many are asked a follow-up does not tell the hidden count of the answer after which it is asked."""

import numpy as np
import pandas as pd
import pytest
from attacks.asked import recovered
from hrmonitor.disclosure import suppressions as pattern_of
from hrmonitor.disclosure.audit import Survey, audit, known, protected, read_published
from hrmonitor.disclosure.rules import Rules
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.stages.indicators import indicators
from hrmonitor.stages.suppressions import suppressions
from hrmonitor.survey import Round
from published_set import SETTINGS, write

SIZES = {("2021", "dcr"): (12, 10), ("2021", "oat"): (24, 20), ("2021", "hat"): (14, 14)}
SEEN = {"dcr": 4, "oat": 11, "hat": 9}
RULES = Rules(minimum_organisations=3)


@pytest.fixture(scope="module")
def one(tmp_path_factory) -> Round:
    """Rooms of two organisations, so that nothing is said of them alone; who saw something was asked what."""
    folder = tmp_path_factory.mktemp("form")
    (folder / "survey.csv").write_text(
        "type,name,label::English (en),relevant,indicator,statistic\nselect_one service,service,Service?,,,\n"
        "select_one yes_no,seen,Seen?,,seen,share\nselect_one yes_no,more,More?,${seen} = 'yes',more,share\n"
    )
    lines = [f"service,{service},{service}" for _, service in SIZES] + ["yes_no,yes,Yes", "yes_no,no,No"]
    (folder / "choices.csv").write_text("list_name,name,label::English (en)\n" + "\n".join(lines) + "\n")
    (folder / "settings.csv").write_text("form_title,form_id,version\nF,f,1\n")
    frame = pd.DataFrame(
        [
            (
                f"{service}-{place}",
                service,
                f"{service if service == 'dcr' else ''}{place % (2 if service == 'dcr' else 7)}",
                place,
            )
            for (_, service), (size, _) in SIZES.items()
            for place in range(size)
        ],
        columns=["facility_id", "service", "organisation", "place"],
    )
    kept = frame[frame["place"] < frame["service"].map({service: kept for (_, service), (_, kept) in SIZES.items()})]
    seen = (kept["place"] < kept["service"].map(SEEN)).to_numpy()
    table = kept[["facility_id", "service"]].reset_index(drop=True).assign(service__missing=None, seen__missing=None)
    table["seen"] = np.where(seen, "yes", "no")
    table["more"] = pd.Series(np.where(seen, np.where(kept["place"] % 2, "yes", "no"), None), dtype="str")
    table["more__missing"] = pd.Series(np.where(seen, None, "not_asked"), dtype="str")
    return Round("2021", 2021, table, frame.drop(columns="place"), read_questionnaire(folder), pd.DataFrame())


def published(one: Round, folder) -> pd.DataFrame:
    (folder / "open_data").mkdir(parents=True)
    hidden, _ = suppressions({"2021": one}, SETTINGS, RULES)
    table = indicators({"2021": one}, hidden, SETTINGS, RULES)
    write(table, folder / "open_data" / "indicators.csv")
    flow = [
        (round_, service, step, size[at])
        for (round_, service), size in SIZES.items()
        for at, step in enumerate(("register", "kept"))
    ]
    write(pd.DataFrame(flow, columns=["round", "service", "step", "n"]), folder / "open_data" / "response_flow.csv")
    return table


def verdicts(one: Round, folder) -> set[str]:
    asked = RULES.__dict__
    about = Survey({"2021": one.questionnaire}, set(), {}, pd.DataFrame(columns=["question", "theme"]), [], {})
    shown = read_published(folder, about, asked)
    found = audit(protected([one], asked, {}), shown, known([one], asked), about.forms, ["2021"], SETTINGS.confidence)
    return set(found["verdict"])


FOLLOW_UPS = {"more": ("seen", "yes")}


def test_how_many_were_asked_is_not_told(one, tmp_path):
    table = published(one, tmp_path)
    assert recovered(tmp_path, SIZES, FOLLOW_UPS) == {}
    assert verdicts(one, tmp_path) == {"safe"}
    # What is said of a service that has nothing to do with it stays.
    assert not table[(table["service"] == "oat") & (table["indicator"] == "seen")]["suppressed"].any()


def test_the_population_of_a_follow_up_tells_the_count_and_the_auditor_says_so(one, tmp_path, monkeypatch):
    """The attack has teeth: as tables were published before."""
    monkeypatch.setattr(pattern_of, "_follow_up_cells", lambda *_: [])
    published(one, tmp_path)
    # That of rooms is confidential, that of heroin units would tell it.
    assert recovered(tmp_path, SIZES, FOLLOW_UPS) == {
        ("2021", service, "seen", "yes"): SEEN[service] for service in ("dcr", "hat")
    }
    assert "narrowed" in verdicts(one, tmp_path)
