"""Groups of rounds: what config.yaml may say of them, which questions stand side by side, and that nothing is compared across them in time."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from frame_rounds import RULES, SETTINGS
from group_rounds import FORM, NAMES, ROUNDS, groups_config, write_groups
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern
from hrmonitor.editions import EditionError
from hrmonitor.errors import ConfigError, RegisterError
from hrmonitor.figures import groups as figure
from hrmonitor.figures import rounds as over_rounds
from hrmonitor.figures.data import Data
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Groups
from hrmonitor.project.register import of_group, read_register
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.questionnaire.side_by_side import standings
from hrmonitor.stages.comparability import comparability
from hrmonitor.stages.groups import groups
from hrmonitor.survey import Round, pairs_of
from hrmonitor.tabulation.changes import all_changes
from hrmonitor.tabulation.trends import all_trends

LATEST = {"nl": "nl_2024", "be": "be_2024", "lu": "lu_2023"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Writes three countries and goes there; gives what a config of them is checked to be."""
    write_groups(tmp_path)
    monkeypatch.chdir(tmp_path)
    return lambda config=None: check_config(config or groups_config())


# --- config.yaml ----------------------------------------------------------------------------------------------


def test_the_latest_round_of_each_group_is_shown_in_the_order_of_the_names(project):
    config = groups_config()
    config["groups"]["names"] = {code: NAMES[code] for code in ("lu", "nl", "be")}
    assert list(project(config).latest_rounds.items()) == [("lu", "lu_2023"), ("nl", "nl_2024"), ("be", "be_2024")]


def changed(*steps: tuple) -> dict:
    """The config with other values at the ends of paths; None takes the key out."""
    config = groups_config()
    for *path, value in steps:
        at = config
        for key in path[:-1]:
            at = at[key]
        if value is None:
            del at[path[-1]]
        else:
            at[path[-1]] = value
    return config


FINDING = {
    "number": 1,
    "round": "nl_2024",
    "statement": {"en": "More are open.", "nl": "Meer zijn open."},
    "reason": "x",
    "tests": [
        {"test": "change_above", "question": "weekends", "categories": ["yes"], "threshold": 0, "since": "lu_2023", "why": "x"}
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("config", "says"),
    [
        (changed(("groups", None)), r"rounds.nl_2022.group: there are no `groups:`"),
        (changed(("rounds", "be_2024", "group", None)), "rounds.be_2024: there are `groups:`, and this round has none"),
        (changed(("rounds", "be_2024", "group", "bee")), "rounds.be_2024.group: groups.names has no 'bee'.*be"),
        (changed(("rounds", "nl_2022", "year", 2024)), "rounds.nl_2024.year: round nl_2022 is of group nl and of 2024"),
        (changed(("groups", "names", "be", {"en": "Belgium"})), "groups.names.be: the key 'nl' is missing"),
        (changed(("groups", "names", "be", {"en": "luxembourg", "nl": "x"})), "groups.names.lu.en: another group is called"),
        (changed(("groups", "names", "fr", {"en": "France", "nl": "Frankrijk"})), "groups.names.fr: no round is of this group"),
        (changed(("groups", "names", False, {"en": "Norway", "nl": "Noorwegen"})), "groups.names: YAML reads no, yes"),
        (changed(("rounds", "be_2024", "group", False)), "rounds.be_2024.group: YAML reads no, yes"),
        (changed(("figures", "weekends", "indicator", "open_weekend")), "figures.weekends.indicator: .*'open_weekends'"),
        (changed(("findings", "more", FINDING)), r"findings.more.tests\[0\].since: round lu_2023 is of group lu"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(project, config, says):
    with pytest.raises(ConfigError, match=says):
        project(config)


def test_a_figure_of_groups_needs_some(project):
    config = groups_config()
    del config["groups"]
    for block in config["rounds"].values():
        del block["group"]
    with pytest.raises(ConfigError, match=r"figures.weekends.kind: groups shows groups of rounds"):
        project(config)


def test_editions_are_refused(project):
    from hrmonitor.cli.publish import publish

    with pytest.raises(EditionError, match="`groups:`"):
        publish("first", project(), Path())


# --- the register ---------------------------------------------------------------------------------------------


def test_a_round_speaks_of_the_facilities_of_its_group(project):
    project()
    register = read_register("raw/register.csv")
    assert len(of_group(register, "lu")) == sum(ROUNDS["lu_2023"][2].values())
    assert len(of_group(register, "")) == len(register)
    with pytest.raises(RegisterError, match="no facility whose group is 'fr'"):
        of_group(register, "fr")
    with pytest.raises(RegisterError, match="no column 'group'"):
        of_group(register.drop(columns="group"), "lu")


# --- questions side by side -----------------------------------------------------------------------------------


def forms_of(folder: Path, **changes: dict[str, str]) -> dict:
    """Forms by name: FORM with other sheets."""
    found = {}
    for name, sheets in changes.items():
        place = folder / name
        place.mkdir(parents=True)
        for sheet, content in {**FORM, **sheets}.items():
            (place / f"{sheet}.csv").write_text(content, encoding="utf-8")
        found[name] = read_questionnaire(place)
    return found


OTHER = FORM["choices"].replace("need,money,Money,Geld", "need,peers,Peers,Ervaringsdeskundigen")


def test_the_measure_is_the_question_that_most_ask_alike(tmp_path):
    forms = forms_of(tmp_path, odd={"choices": OTHER}, one={}, two={})
    found = standings(forms)["need"]
    assert {name: one.status for name, one in found.items()} == {
        "odd": "not_comparable",
        "one": "reference",
        "two": "comparable",
    }
    assert found["odd"].reason == "changed_categories"


def test_what_one_form_asks_alone_stands_nowhere(tmp_path):
    alone = FORM["survey"].replace("What is needed most?", "What?").replace("need,share", "needed,share")
    found = standings(forms_of(tmp_path, one={}, two={"survey": alone}))
    assert "needed" not in found and "need" not in found and set(found) == {"open_weekends", "clients"}


@pytest.mark.parametrize("written_by", ["two", "one"])
def test_a_crosswalk_in_either_form_makes_answers_the_same(tmp_path, written_by):
    settings = {name: FORM["settings"].replace("small,1", f"{name},1") for name in ("one", "two")}
    sheets = {"one": {"settings": settings["one"]}, "two": {"settings": settings["two"], "choices": OTHER}}
    other = {"one": "two", "two": "one"}[written_by]
    own = {"one": ("peers", "money"), "two": ("money", "peers")}[written_by]
    sheets[written_by]["crosswalk"] = (
        "indicator,form_from,category_from,category,kind,note_en,note_nl\n"
        f"need,{other},{own[0]},{own[1]},same,Means the same,Betekent hetzelfde\n"
    )
    found = standings(forms_of(tmp_path, **sheets))["need"]["two"]
    assert found.status == "by_crosswalk" and found.notes["en"] == "Means the same"
    assert found.categories == {"staff": "staff", "space": "space", "peers": "money"}


def test_an_answer_that_several_make_up_stands_beside_none(tmp_path):
    more = FORM["choices"].replace("need,money,Money,Geld\n", "need,grants,Grants,Subsidies\nneed,gifts,Gifts,Giften\n")
    crosswalk = (
        "indicator,form_from,category_from,category,kind,note_en,note_nl\n"
        "need,two,grants,money,merged,x,x\nneed,two,gifts,money,merged,x,x\n"
    )
    sheets = {
        "one": {"crosswalk": crosswalk},
        "two": {"choices": more, "settings": FORM["settings"].replace("small,1", "two,1")},
    }
    found = standings(forms_of(tmp_path, **sheets))["need"]["two"]
    assert found.status == "by_crosswalk" and found.categories == {"staff": "staff", "space": "space"}


# --- estimates side by side -----------------------------------------------------------------------------------

LEAD = ["round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high",
        "unit", "suppressed", "se", "deff", "imputed", "suppression"]  # fmt: skip


def published(**rounds: dict[str, tuple]) -> pd.DataFrame:
    """indicators.csv of shares of yes and no: round -> service -> (n, share), or None where it is hidden."""
    rows = []
    for name, services in rounds.items():
        for service, known in services.items():
            for answer in ("yes", "no"):
                n, share = known or (None, None)
                value = share if answer == "yes" or share is None else 1 - share
                hidden = known is None
                rows.append((name, service, "open_weekends", answer, "share", n, 30, value, value, value, "share", hidden,
                             None, None, 0, "hidden" if hidden else ""))  # fmt: skip
                rows.append((*rows[-1][:4], "share_bounds", *rows[-1][5:]))
    return pd.DataFrame(rows, columns=LEAD)


def side_by_side(folder: Path, table: pd.DataFrame, services: str = "types") -> tuple[pd.DataFrame, pd.DataFrame]:
    names = {code: name for code, name in NAMES.items() if LATEST[code] in set(table["round"])}
    forms = forms_of(folder, **{code: {} for code in names})
    latest = {code: LATEST[code] for code in names}
    return groups(latest, forms, table, Groups({"en": "Country"}, names, services), ["en", "nl"])


BOTH = {"room": (10, 0.4), "needle": (12, 0.5), "all": (22, 0.45)}


def test_what_is_hidden_in_one_country_is_hidden_beside_others_and_moves_no_row(tmp_path):
    hidden = {"room": None, "needle": (8, 0.5), "all": None}
    table, _ = side_by_side(tmp_path / "a", published(nl_2024=BOTH, be_2024=hidden, lu_2023=BOTH))
    own = table[(table["of"] == "room") & (table["answer"] == "yes")]
    assert own["group"].tolist() == ["nl", "be", "lu"]
    assert own["suppressed"].tolist() == [False, True, False]
    assert own[["n", "estimate", "ci_low", "ci_high", "se"]].iloc[1].isna().all()
    # The same rows in the same order, whatever is hidden.
    other, _ = side_by_side(tmp_path / "b", published(nl_2024=BOTH, be_2024=BOTH, lu_2023=BOTH))
    lead = ["indicator", "of", "answer", "statistic", "group", "round", "service", "category"]
    assert table[lead].equals(other[lead])
    assert "share_bounds" not in set(table["statistic"])


def test_figures_for_all_types_stand_beside_those_of_the_same_types_only(tmp_path):
    one = {"room": (10, 0.4)}
    table, compared = side_by_side(tmp_path, published(nl_2024=BOTH, be_2024=one, lu_2023=BOTH))
    assert set(table.loc[table["of"] == "all", "group"]) == {"nl", "lu"}
    assert set(table.loc[table["of"] == "room", "group"]) == {"nl", "be", "lu"}
    own = compared[compared["indicator"] == "open_weekends"].set_index("group")["services"]
    assert own.to_dict() == {"nl": "room needle", "be": "room", "lu": "room needle"}


def test_of_parts_only_groups_as_a_whole_are_compared(tmp_path):
    """Cities of countries: each country has its own, and one may have a single one."""
    one, cities = {"room": (10, 0.4)}, {"needle": (9, 0.3), "room": (9, 0.2), "all": (18, 0.25)}
    table, _ = side_by_side(tmp_path, published(nl_2024=cities, be_2024=one), "parts")
    own = table[table["answer"] == "yes"]
    assert own[["group", "of", "service", "estimate"]].values.tolist() == [
        ["nl", "all", "all", 0.25],
        ["be", "all", "room", 0.4],
    ]


def test_a_row_of_one_country_alone_is_no_comparison(tmp_path):
    table, _ = side_by_side(tmp_path, published(nl_2024={"room": (10, 0.4)}, be_2024={"needle": (9, 0.5)}))
    assert table.empty


def test_the_figure_has_a_row_a_country_and_says_what_is_hidden(tmp_path):
    hidden = {"room": None, "needle": (8, 0.5), "all": None}
    rows, compared = side_by_side(tmp_path / "t", published(nl_2024=BOTH, be_2024=hidden))
    forms = {LATEST[code]: form for code, form in forms_of(tmp_path / "f", nl={}, be={}).items()}
    data = Data(forms, {"groups": rows, "group_comparability": compared})
    options = {
        "indicator": "open_weekends",
        "answers": ["yes"],
        "title": NAMES["nl"],
        "confidence": 0.95,
        "synthetic": False,
    }
    table = figure.table(data, options)
    assert table["group"].tolist() == ["nl", "be"]
    assert figure.description(table, options, "en") == [
        "Yes, Netherlands: 45% (interval 45–45%; n = 22).",
        "Yes, Belgium: not shown",
    ]
    assert figure.alt_text(table, options, "en").startswith("Yes: Shown for 1 of 2. Highest: Netherlands")
    drawn = {text.get_text() for text in figure.draw(table, options, "nl").findobj(figure.style.mpl.text.Text)}
    assert {"Nederland", "België", "niet getoond"} <= drawn
    empty = figure.table(data, {**options, "indicator": "clients"})
    assert empty.empty and figure.alt_text(empty, options, "en") == figure.style.words("en")["no_rows"]


# --- nothing across groups in time ----------------------------------------------------------------------------


@pytest.fixture
def rounds(project) -> dict[str, Round]:
    """Two rounds of one country and one of another whose facilities have the same numbers as those of the first."""
    project()
    form = read_questionnaire("raw/nl_2024/questionnaire")
    found = {}
    for name, year, group in (("a1", 2022, "a"), ("b", 2023, "b"), ("a2", 2024, "a")):
        n = 12
        facilities = pd.DataFrame({
            "facility_id": [f"X-{place}" for place in range(n)], "service": "room", "_mode": "interview", "weekends": ["yes", "no"] * 6,
            "need": "staff", "clients": pd.array(range(20, 20 + n), dtype="Float64"), "facility_name": None,
        })  # fmt: skip
        for question in ("service", "weekends", "need", "clients", "facility_name"):
            facilities[f"{question}__missing"] = pd.Series([None] * n, dtype="str")
        frame = pd.DataFrame({"facility_id": facilities["facility_id"], "service": "room", "organisation": facilities["facility_id"], "province": "u"})  # fmt: skip
        found[name] = Round(name, year, facilities, frame, form, group=group)
    return found


def test_only_rounds_of_one_group_are_pairs(rounds):
    assert [(one.name, other.name) for one, other in pairs_of(rounds.values())] == [("a1", "a2")]


def test_changes_trends_and_comparability_stay_within_a_group(rounds):
    changes = all_changes(rounds, SETTINGS)
    assert set(zip(changes["round_from"], changes["round"], strict=True)) == {("a1", "a2")}
    assert set(all_trends(rounds, SETTINGS)["used"]) == {("a1", "a2")}
    forms = {name: one.questionnaire for name, one in rounds.items()}
    table = comparability(forms, {name: one.group for name, one in rounds.items()}, ["en", "nl"])
    assert set(zip(table["round_from"], table["round"], strict=True)) == {("a1", "a2")}
    pattern, _ = find_pattern(
        list(rounds.values()), SETTINGS, Rules(**{**RULES, "sensitive": ("need", "open_weekends")})
    )
    assert "b" not in set(pattern.loc[pattern["table"] == "changes", ["round_from", "round"]].to_numpy().ravel())


def test_a_series_over_the_rounds_is_drawn_of_one_group(project):
    project()
    table = published(nl_2022=BOTH, nl_2024=BOTH, be_2024=BOTH)
    form = read_questionnaire("raw/nl_2024/questionnaire")
    compared = pd.DataFrame(
        [("open_weekends", "nl_2022", "nl_2024", "comparable")], columns=["indicator", "round_from", "round", "status"]
    )
    trends = pd.DataFrame(
        [
            ("open_weekends", "yes", "all", "nl_2024", "too_few_rounds"),
            ("open_weekends", "yes", "all", "be_2024", "rises"),
        ],
        columns=["indicator", "category", "service", "round", "outcome"],
    )
    names = {name: year for name, (_, year, _) in ROUNDS.items()}
    tables = {"indicators": table, "comparability": compared, "trends": trends}
    data = Data(dict.fromkeys(names, form), tables, names, groups={name: group for name, (group, *_) in ROUNDS.items()})
    found = over_rounds.table(data, {"round": "nl_2024", "questions": ["weekends"]})
    assert set(found["round"]) == {"nl_2022", "nl_2024"}
    assert set(found.loc[found["category"] == "yes", "outcome"]) == {"too_few_rounds"}


def test_yaml_of_the_example_is_what_the_guide_says():
    """The guide's block, with the names that it gives, can be read."""
    guide = (Path(__file__).resolve().parents[2] / "docs/guides/groups.md").read_text(encoding="utf-8")
    block = yaml.safe_load(guide.split("```yaml\n")[1].split("```")[0])
    assert set(block["groups"]) >= {"kind", "names"} and all(
        one["group"] in block["groups"]["names"] for one in block["rounds"].values()
    )
