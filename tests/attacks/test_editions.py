"""Two editions of a report do not tell what the few facilities answered that made the difference."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from attacks.differences import differences
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.disclosure.audit import Survey, audit, known, protected, read_earlier, read_published, tables_of
from hrmonitor.disclosure.audit.published import COLUMNS
from hrmonitor.disclosure.editions import notes_of
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.disclosure.theme_cells import hide_themes
from hrmonitor.editions import STATEMENTS, Edition
from published_set import BOOK, DERIVED, FIGURES, KEPT, RULES, SETTINGS, World, publish, read_form, usual_world

LATE = "NL-oat-013"
NUMBERS = ["clients", "syringes", "role"]


def without(world: World, facilities: list[str]) -> World:
    """The survey before some facilities answered in 2021."""
    rounds = {
        **world.rounds,
        "2021": world.rounds["2021"].query("facility_id not in @facilities").reset_index(drop=True),
    }
    return World(world.form, world.frame, rounds, world.settled.query("facility_id not in @facilities"))


def survey_of(world: World) -> Survey:
    forms = dict.fromkeys(world.rounds, world.form)
    return Survey(forms, set(world.frame["facility_id"]), FIGURES, BOOK, ["en", "nl"], DERIVED)


def edition(world: World, folder: Path, rules: Rules = RULES) -> Edition:
    """The survey as it went out under the name of `folder`."""
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        sizes = {**KEPT, "oat": (int((world.rounds["2021"]["service"] == "oat").sum()), KEPT["oat"][1])}
        patch.setattr("published_set.KEPT", sizes)
        pattern = publish(folder, world, rules)["pattern"]
    themes = read_table("themes", folder / "open_data" / "themes.csv")
    for name, table in tables_of(read_published(folder, survey_of(world), rules.__dict__)).items():
        table.to_csv(folder / name, index=False)
    return Edition(folder.name, folder, {one.name: one for one in world.answered()}, pattern, themes)


def published_after(world: World, folder: Path, editions: list[Edition], monkeypatch, rules: Rules = RULES) -> None:
    """The survey as it goes out while editions are on record."""
    monkeypatch.setattr("published_set.find_pattern", partial(find_pattern, editions=editions))
    monkeypatch.setattr("published_set.hide_themes", partial(hide_themes, editions=editions))
    publish(folder, world, rules)


def verdicts(world: World, folder: Path, editions: list[Edition], rules: Rules = RULES) -> pd.DataFrame:
    asked, rounds = rules.__dict__, world.answered()
    survey = survey_of(world)
    earlier = read_earlier(editions, rounds, asked)
    return audit(
        protected(rounds, asked, FIGURES), read_published(folder, survey, asked), known(rounds, asked), survey.forms, list(survey.forms),
        SETTINGS.confidence, asked["minimum_spread"], earlier=earlier,
    )  # fmt: skip


@pytest.fixture
def worlds(tmp_path):
    """(then, now): one treatment centre answered after the first edition."""
    world = usual_world(read_form(tmp_path / "form"))
    return without(world, [LATE]), world


def told_of_late(then: Path, now: Path, world: World) -> list[str]:
    """Indicators of which a subtraction gives just what the late centre answered."""
    own = world.rounds["2021"].set_index("facility_id").loc[LATE]
    table = differences(then, now).query("round == '2021' and service == 'oat'")
    found = []
    for row in table.to_dict("records"):
        answer = own[
            row["indicator"]
            if row["indicator"] in own.index
            else {"syringes_distributed_year": "syringes"}[row["indicator"]]
        ]
        if row["statistic"] == "share":
            true = float(answer == row["category"])
            # That nobody came to a category tells that the late one did not give it.
            near = abs(row["difference"] - true) < 1e-6
        else:
            near = abs(row["difference"] - float(answer)) < 0.02 * float(answer)
        if near:
            found.append(row["indicator"])
    return sorted(set(found))


def test_subtraction_tells_what_a_late_facility_answered_where_nothing_is_on_record(tmp_path, worlds):
    then, now = worlds
    edition(then, tmp_path / "first")
    publish(tmp_path / "second", now)
    assert {"clients", "role"} <= set(told_of_late(tmp_path / "first", tmp_path / "second", now))


def test_what_a_late_facility_answered_is_hidden_where_the_edition_is_on_record(tmp_path, worlds, monkeypatch):
    then, now = worlds
    first = edition(then, tmp_path / "first")
    published_after(now, tmp_path / "second", [first], monkeypatch)
    assert told_of_late(tmp_path / "first", tmp_path / "second", now) == []
    found = verdicts(now, tmp_path / "second", [first])
    assert set(found["verdict"]) <= {"safe", "out"}
    assert (found["statistic"] == "difference").any()


def test_the_auditor_sees_a_difference_that_was_not_hidden(tmp_path, worlds):
    then, now = worlds
    first = edition(then, tmp_path / "first")
    publish(tmp_path / "second", now)
    found = verdicts(now, tmp_path / "second", [first]).query("verdict not in ['safe', 'out']")
    assert {"clients", "role"} <= set(found["indicator"])
    assert "difference" in set(found["statistic"])


def test_three_late_facilities_of_three_organisations_are_shown(tmp_path, monkeypatch):
    world = usual_world(read_form(tmp_path / "form"))
    then = without(world, ["NL-oat-011", "NL-oat-012", LATE])
    first = edition(then, tmp_path / "first")
    published_after(world, tmp_path / "second", [first], monkeypatch)
    table = differences(tmp_path / "first", tmp_path / "second")
    assert not table.query("service == 'oat' and indicator == 'clients'").empty
    assert set(verdicts(world, tmp_path / "second", [first])["verdict"]) <= {"safe", "out"}


def test_a_corrected_number_hides_its_own_indicator_only(tmp_path, monkeypatch):
    then = usual_world(read_form(tmp_path / "form"))
    now = usual_world(then.form)
    now.rounds["2021"].loc[now.rounds["2021"]["facility_id"] == LATE, "clients"] += 40
    first = edition(then, tmp_path / "first")
    published_after(now, tmp_path / "second", [first], monkeypatch)
    places = [set(zip(*(table[one] for one in ("service", "indicator", "category", "statistic")), strict=True))
              for folder in ("first", "second")
              for table in [pd.read_csv(tmp_path / folder / "open_data" / "indicators.csv").query("not suppressed and round == 2021").astype("str")]]  # fmt: skip
    lost = {place[1] for place in places[0] - places[1]}
    assert "clients" in lost
    # Means of the insured are weighted by clients.
    assert lost <= {"clients", "insured"}
    assert set(verdicts(now, tmp_path / "second", [first])["verdict"]) <= {"safe", "out"}


def test_an_edition_again_with_the_same_answers_shows_the_same(tmp_path, monkeypatch):
    world = usual_world(read_form(tmp_path / "form"))
    first = edition(world, tmp_path / "first")
    published_after(world, tmp_path / "second", [first], monkeypatch)
    for name in ("indicators.csv", "changes.csv", "themes.csv"):
        assert (tmp_path / "second" / "open_data" / name).read_bytes() == (
            tmp_path / "first" / "open_data" / name
        ).read_bytes()
    assert notes_of([first], world.answered(), RULES) == []
    assert set(verdicts(world, tmp_path / "second", [first])["verdict"]) == {"safe"}


def test_what_an_edition_printed_and_this_one_hides_is_seen(tmp_path):
    """Beside a small count another is hidden today; an edition that printed only that one gives the small count away together with this one."""
    world = usual_world(read_form(tmp_path / "form"))
    first = edition(world, tmp_path / "first")
    publish(tmp_path / "second", world)
    managers = int((world.rounds["2021"].query("service == 'dcr'")["role"] == "manager").sum())
    told = ("open_data/indicators.csv", "", "2021", "dcr", "role", "manager", "count", managers, managers)
    pd.DataFrame([told], columns=COLUMNS).to_csv(tmp_path / "first" / STATEMENTS, index=False)
    found = verdicts(world, tmp_path / "second", [first])
    assert set(found.query("verdict == 'narrowed'")["category"]) == {"physician", "other"}


def test_what_an_edition_told_by_itself_stops_no_later_one(tmp_path, monkeypatch):
    world = usual_world(read_form(tmp_path / "form"))
    first = edition(world, tmp_path / "first", replace(RULES, sensitive=()))
    published_after(world, tmp_path / "second", [first], monkeypatch)
    found = verdicts(world, tmp_path / "second", [first])
    assert set(found["verdict"]) == {"safe", "out"}
    assert set(found.query("verdict == 'out'")["indicator"]) == {"role"}
