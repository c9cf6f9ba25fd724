"""Shares and intervals of all services do not tell the hidden counts of which they are functions."""

from dataclasses import replace

import pandas as pd
import pytest
from attacks.functions import recovered
from attacks.reasons import read
from hrmonitor.disclosure.audit.functions import told_beside
from hrmonitor.disclosure.rounding import coarse
from hrmonitor.disclosure.rules import Rules
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.stages.indicators import indicators
from hrmonitor.survey import Round
from hrmonitor.tabulation.indicators import estimate_round
from published_set import SETTINGS, write

# In the register, and answered.
SIZES = {"dcr": (22, 17), "hat": (17, 17), "nsp": (60, 29), "oat": (75, 53)}
ROLES = {
    "dcr": {"manager": 9, "nurse": 4, "social_worker": 3, "physician": 1},
    "hat": {"manager": 7, "nurse": 2, "social_worker": 2, "peer_worker": 3, "other": 3},
    "nsp": {"manager": 14, "nurse": 3, "social_worker": 6, "physician": 2, "peer_worker": 1, "other": 3},
    "oat": {"manager": 23, "nurse": 12, "social_worker": 9, "physician": 5, "peer_worker": 1, "other": 3},
}
# What the smallest sufficient set of linear relations hides, without looking at intervals.
HIDDEN = [("dcr", "manager"), ("dcr", "physician"), ("hat", "nurse"), ("hat", "social_worker"), ("nsp", "physician"),
          ("nsp", "peer_worker"), ("oat", "manager"), ("oat", "peer_worker")]  # fmt: skip
COLUMNS = ["table", "round_from", "round", "service", "indicator", "category", "statistic", "reason"]


@pytest.fixture(scope="module")
def answered(tmp_path_factory) -> Round:
    folder = tmp_path_factory.mktemp("form")
    roles = dict.fromkeys(role for own in ROLES.values() for role in own)
    (folder / "survey.csv").write_text(
        "type,name,label::English (en),indicator,statistic\nselect_one service,service,Service?,,\n"
        "select_one role,role,Role?,role,share\n"
    )
    choices = [("service", service) for service in SIZES] + [("role", role) for role in roles]
    lines = "".join(f"{name},{code},{code}\n" for name, code in choices)
    (folder / "choices.csv").write_text("list_name,name,label::English (en)\n" + lines)
    (folder / "settings.csv").write_text("form_title,form_id,version\nF,f,1\n")
    frame = pd.DataFrame(
        [(f"{service}-{place}", service, str(place % 5)) for service, (size, _) in SIZES.items() for place in range(size)],
        columns=["facility_id", "service", "organisation"],
    )  # fmt: skip
    parts = []
    for service, own in ROLES.items():
        part = frame[frame["service"] == service].head(SIZES[service][1])[["facility_id", "service"]]
        parts.append(part.assign(role=[role for role, count in own.items() for _ in range(count)]))
    facilities = pd.concat(parts, ignore_index=True).assign(service__missing=None, role__missing=None)
    facilities = facilities.astype({"service__missing": "str", "role__missing": "str"})
    facilities[["service__missing", "role__missing"]] = None
    return Round("2021", 2021, facilities, frame, read_questionnaire(folder), pd.DataFrame())


@pytest.fixture
def pattern() -> pd.DataFrame:
    rows = [("indicators", "", "2021", service, "role", role, "share", "complementary") for service, role in HIDDEN]
    categories = dict.fromkeys(role for _, role in HIDDEN)
    rows += [("indicators", "", "2021", "all", "role", role, "share", "rounded") for role in categories]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_nothing_follows_from_the_shares_of_all_services(answered, pattern, tmp_path):
    (tmp_path / "open_data").mkdir()
    shown = indicators({"2021": answered}, pattern, SETTINGS, Rules())
    assert shown.loc[shown["suppression"] == "rounded", "ci_low"].isna().all()
    write(shown, tmp_path / "open_data" / "indicators.csv")
    assert recovered(tmp_path, "role", "2021", SIZES) == {}


def test_intervals_beside_shares_of_which_parts_are_hidden_tell_all_of_them(answered, pattern, tmp_path):
    """The attack has teeth, also without a reason: as tables were published before. And the auditor says so."""
    (tmp_path / "open_data").mkdir()
    path = tmp_path / "open_data" / "indicators.csv"
    shown = indicators({"2021": answered}, pattern, SETTINGS, Rules())
    # Errors by organisation came later; with them an interval also hangs on whose the facilities are, which no table tells.
    bare = estimate_round(answered, replace(SETTINGS, clusters="none"))
    rounded = (shown["suppression"] == "rounded").to_numpy()
    for name in ("ci_low", "ci_high"):
        shown.loc[rounded, name] = coarse(bare.loc[rounded, [name]])[name]
    write(shown, path)
    assert recovered(tmp_path, "role", "2021", SIZES) == {
        ("2021", service, role): ROLES[service][role] for service, role in HIDDEN
    }
    table = read(path)
    own = table[(table["statistic"] == "share") & table["estimate"].notna()]
    beside = own[own["ci_low"].notna()].assign(statistic="share/ci_low")
    statements = pd.concat([own, beside]).assign(source="indicators", round_from="", low=0.1, high=0.1)
    found = list(told_beside(statements, {}, {("2021", "role"): [*SIZES, "all"]}, {}, 10))
    assert {(place[1], place[3], place[5]) for place in found} == {
        ("all", role, "a function of a hidden part") for _, role in HIDDEN
    }
