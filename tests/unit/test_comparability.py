"""What may be joined over rounds, what a crosswalk settles, and what is refused."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hrmonitor.errors import ComparisonError, QuestionnaireError, UserError
from hrmonitor.questionnaire.comparability import comparable, compare_rounds
from hrmonitor.questionnaire.model import CROSSWALK_COLUMNS, Choice, CrosswalkEntry, read_questionnaire
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
OLD = read_questionnaire(ROOT / "raw/2018/questionnaire")
NEW = read_questionnaire(ROOT / "raw/2021/questionnaire")
TREND = ["strong_increase", "increase", "stable", "decrease", "strong_decrease", "dont_know"]


def changed(form, question, **changes):
    return replace(form, questions={**form.questions, question: replace(form[question], **changes)})


def with_choices(form, question, *codes, labels=None):
    """The form with these answer categories at the question, each labelled by its code unless told otherwise."""
    labels = labels or {}
    choices = tuple(Choice(code, {"en": labels.get(code, code), "nl": labels.get(code, code)}) for code in codes)
    return changed(form, question, choices=choices)


def crossed(form, *entries, indicator="clients_trend"):
    """The form with these (kind, category, category_from) in its crosswalk from the form of 2018."""
    rows = tuple(
        CrosswalkEntry(row, indicator, OLD.form_id, kind, to, from_, {"en": "why", "nl": "waarom"})
        for row, (kind, to, from_) in enumerate(entries, start=2)
    )
    return replace(form, crosswalk=(*form.crosswalk, *rows))


def refusal(earlier, later, indicator) -> ComparisonError:
    with pytest.raises(ComparisonError) as found:
        comparable(earlier, later, indicator)
    message = str(found.value)
    # Whoever reads it learns which indicator, which two rounds, and where to look.
    for part in (indicator, earlier.form_id, later.form_id, "docs/methods/comparability.md"):
        assert part in message
    return found.value


def test_an_unchanged_question_is_joined_for_the_services_that_both_rounds_asked():
    link = comparable(OLD, NEW, "clients_trend")
    assert link.mapping == {code: code for code in TREND}
    assert (link.earlier.name, link.later.name) == ("clients_trend", "clients_trend")
    assert link.services == ("dcr",)
    assert link.statistics == ("share",)
    assert not link.split and not link.crosswalk


def test_numbers_have_no_categories_but_statistics():
    link = comparable(OLD, NEW, "visits_per_day")
    assert link.mapping == {}
    assert link.statistics == ("median", "mean")


WRONG_JOINS = {
    "a category gone": (
        changed(OLD, "drugs_now", choices=(*OLD["drugs_now"].choices, Choice("glue", {"en": "Glue", "nl": "Lijm"}))),
        NEW,
        "drugs_now",
        "changed_categories",
    ),
    "a category under another label": (
        with_choices(OLD, "clients_trend", *TREND),
        with_choices(NEW, "clients_trend", *TREND, labels={"stable": "hardly changed"}),
        "clients_trend",
        "changed_categories",
    ),
    "a category that became a missing answer": (
        OLD,
        changed(NEW, "clients_trend", choices=tuple(replace(c, missing="refused") if c.name == "dont_know" else c for c in NEW["clients_trend"].choices)),
        "clients_trend",
        "changed_categories",
    ),
    "a scale of other length": (
        with_choices(OLD, "clients_trend", "more", "stable", "less"),
        NEW,
        "clients_trend",
        "other_scale",
    ),
    "a scale of numbers with another end": (
        changed(OLD, "age_mean", constraint=". >= 0 and . <= 10"),
        NEW,
        "age_mean",
        "other_limits",
    ),
    "asked under another condition": (
        changed(OLD, "clients_trend", relevant="${clients_now} > 0"),
        NEW,
        "clients_trend",
        "other_base",
    ),
    "asked of another type of service": (
        changed(OLD, "dcr_visitors_day", relevant="${service} = 'oat'"),
        NEW,
        "visits_per_day",
        "other_base",
    ),
    "rounds about different services": (OLD, replace(NEW, services=("oat", "nsp")), "clients_trend", "other_base"),
    "a condition on a question that changed": (
        OLD,
        with_choices(NEW, "cee_seen", "yes", "no", "sometimes"),
        "share_migrants_cee",
        "other_base",
    ),
    "a condition on an answer that means something else": (
        OLD,
        changed(NEW, "service", choices=tuple(replace(c, labels={"en": "Any room"}) if c.name == "dcr" else c for c in NEW["service"].choices)),
        "visits_per_day",
        "other_base",
    ),
    "another unit": (changed(OLD, "clients_men_pct", unit="persons"), NEW, "clients_men_pct", "other_unit"),
    "another statistic": (changed(OLD, "age_mean", statistics=("total",)), NEW, "age_mean", "other_statistic"),
    "another way to make one answer of several": (
        changed(OLD, "age_mean", aggregate="max"),
        changed(NEW, "age_mean", aggregate="mean"),
        "age_mean",
        "other_statistic",
    ),
    "several answers where there was one": (
        changed(OLD, "clients_trend", kind="select_multiple"),
        NEW,
        "clients_trend",
        "other_type",
    ),
    "another formula": (
        changed(NEW, "nsp_return_rate", calculation="${nsp_syringes_in} div 100"),
        NEW,
        "return_rate",
        "other_calculation",
    ),
    "another wording": (
        changed(OLD, "age_mean", labels={"en": "How old are most of your clients?", "nl": OLD["age_mean"].labels["nl"]}),
        NEW,
        "age_mean",
        "changed_wording",
    ),
    "another hint": (changed(OLD, "age_mean", hints={"en": "In months"}), NEW, "age_mean", "changed_wording"),
    "wordings in different languages": (
        changed(OLD, "age_mean", labels={"fr": "Quel est l'âge moyen ?"}),
        NEW,
        "age_mean",
        "changed_wording",
    ),
    "an indicator of one round only": (OLD, NEW, "ghb_trend", "not_asked"),
    "stated not comparable": (OLD, crossed(NEW, ("not_comparable", "", "")), "clients_trend", "stated"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_JOINS)
def test_a_wrong_join_is_refused_with_its_reason(name):
    earlier, later, indicator, reason = WRONG_JOINS[name]
    assert refusal(earlier, later, indicator).reason == reason


def test_the_message_says_what_differs_and_what_to_do():
    message = str(refusal(changed(OLD, "clients_men_pct", unit="persons"), NEW, "clients_men_pct"))
    assert "other unit (persons → %)" in message and "an indicator of its own" in message
    message = str(refusal(with_choices(OLD, "clients_trend", "more", "stable", "less"), NEW, "clients_trend"))
    assert "scale of other length (3 → 5)" in message
    assert f"say so in {NEW.folder}/crosswalk.csv with form_from harm_reduction_2018" in message


def test_punctuation_capitals_and_a_new_name_of_the_question_change_nothing():
    label = {"en": "what is the  MEAN age of your clients", "nl": OLD["age_mean"].labels["nl"].rstrip("?")}
    assert comparable(changed(OLD, "age_mean", labels=label), NEW, "age_mean")
    renamed = {("saw" if name == "cee_seen" else name): question for name, question in OLD.questions.items()}
    renamed["saw"] = replace(renamed["saw"], name="saw")
    renamed["cee_now"] = replace(renamed["cee_now"], relevant="${saw}  = 'yes'")
    assert comparable(replace(OLD, questions=renamed), NEW, "share_migrants_cee")


def test_an_entry_vouches_for_wording_but_not_for_base_or_unit():
    wording = {"en": "And the number of clients?", "nl": "En het aantal cliënten?"}
    later = crossed(changed(NEW, "clients_trend", labels=wording), ("same", "", ""))
    link = comparable(OLD, later, "clients_trend")
    assert [entry.kind for entry in link.crosswalk] == ["same"]
    assert (
        refusal(OLD, changed(later, "clients_trend", relevant="${clients_now} > 0"), "clients_trend").reason
        == "other_base"
    )
    assert refusal(changed(OLD, "clients_trend", unit="%"), later, "clients_trend").reason == "other_unit"


def test_an_entry_from_another_form_settles_nothing():
    later = crossed(changed(NEW, "age_mean", labels={"en": "Age?"}), ("same", "", ""), indicator="age_mean")
    assert comparable(OLD, later, "age_mean")
    assert refusal(replace(OLD, form_id="another"), later, "age_mean").reason == "changed_wording"


def test_categories_that_were_renamed_and_merged():
    earlier = with_choices(OLD, "clients_trend", "much_more", "bit_more", "same", "less")
    later = crossed(
        with_choices(NEW, "clients_trend", "more", "stable", "less"),
        ("merged", "more", "much_more"),
        ("merged", "more", "bit_more"),
        ("same", "stable", "same"),
    )
    link = comparable(earlier, later, "clients_trend")
    assert link.mapping == {"much_more": "more", "bit_more": "more", "same": "stable", "less": "less"}
    assert link.earlier_categories(["more", "stable"]) == ["much_more", "bit_more", "same"]


def test_a_category_that_was_split_counts_only_with_all_its_parts():
    earlier = with_choices(OLD, "clients_trend", "more", "stable")
    later = crossed(
        with_choices(NEW, "clients_trend", "much_more", "bit_more", "stable"),
        ("split", "much_more", "more"),
        ("split", "bit_more", "more"),
    )
    link = comparable(earlier, later, "clients_trend")
    assert (link.mapping, link.split) == ({"stable": "stable"}, {"more": ("much_more", "bit_more")})
    assert link.earlier_categories(["much_more", "bit_more"]) == ["more"]
    with pytest.raises(ComparisonError, match="'much_more' alone"):
        link.earlier_categories(["much_more", "stable"])


def test_a_category_without_counterpart_is_named_and_cannot_be_used():
    earlier = with_choices(OLD, "clients_trend", "more", "less")
    later = crossed(with_choices(NEW, "clients_trend", "more", "less", "new"), ("not_comparable", "new", ""))
    link = comparable(earlier, later, "clients_trend")
    assert link.mapping == {"more": "more", "less": "less"}
    with pytest.raises(ComparisonError, match="'new'"):
        link.earlier_categories(["more", "new"])


@pytest.mark.parametrize(
    "entries",
    [
        [("same", "stable", "gone"), ("same", "more", "more")],
        [("merged", "more", "more"), ("same", "stable", "same")],
        [("same", "more", "more"), ("same", "more", "same"), ("not_comparable", "stable", "")],
        [("split", "more", "more"), ("same", "stable", "same")],
        [("split", "more", "more"), ("split", "stable", "more"), ("merged", "stable", "same")],
    ],
    ids=["unknown category", "merged from one", "same from two", "split into one", "split and merged"],
)
def test_a_crosswalk_that_contradicts_the_forms_is_refused(entries):
    earlier = with_choices(OLD, "clients_trend", "more", "same")
    later = crossed(with_choices(NEW, "clients_trend", "more", "stable"), *entries)
    error = refusal(earlier, later, "clients_trend")
    assert error.reason == "wrong_crosswalk"
    assert f"Correct {NEW.folder}/crosswalk.csv" in str(error)


def test_a_part_of_a_split_category_cannot_be_another_category_too():
    earlier = with_choices(OLD, "clients_trend", "more", "stable")
    later = crossed(
        with_choices(NEW, "clients_trend", "much", "stable"), ("split", "much", "more"), ("split", "stable", "more")
    )
    assert refusal(earlier, later, "clients_trend").reason == "wrong_crosswalk"


def test_an_earlier_category_left_over_is_not_hidden_by_a_later_one_of_its_name():
    # "same" is a category of both forms under different labels; the entry speaks of the later one only.
    earlier = with_choices(OLD, "clients_trend", "more", "same", "less", labels={"same": "equal"})
    later = crossed(
        with_choices(NEW, "clients_trend", "same", "less", labels={"same": "not fewer"}), ("same", "same", "more")
    )
    assert refusal(earlier, later, "clients_trend").reason in ("other_scale", "changed_categories")


def test_a_form_that_refers_in_a_circle_is_no_endless_task():
    def circle(form):
        form = changed(form, "age_mean", relevant="${clients_men_pct} > 1")
        return changed(form, "clients_men_pct", relevant="${age_mean} > 1")

    assert comparable(circle(OLD), circle(NEW), "age_mean")


def test_all_indicators_of_two_rounds_in_one_table():
    table = compare_rounds({"2018": OLD, "2021": crossed(NEW, ("not_comparable", "", ""))}, ["en", "nl"]).set_index(
        "indicator"
    )
    assert set(table.index) == set(OLD.by_indicator) & set(NEW.by_indicator)
    assert table.loc["age_mean", ["status", "services"]].tolist() == ["comparable", "dcr"]
    assert table.loc["share_injecting", "status"] == "by_crosswalk"
    assert table.loc["share_injecting", "note_nl"].startswith("Peiljaar: 2018")
    assert table.loc["clients_trend", ["status", "reason", "note_nl"]].tolist() == [
        "not_comparable",
        "stated",
        "waarom",
    ]


def test_three_rounds_are_compared_in_pairs():
    table = compare_rounds({"2015": OLD, "2018": OLD, "2021": NEW}, ["en", "nl"])
    pairs = table[table["indicator"] == "age_mean"][["round_from", "round"]].to_numpy().tolist()
    assert pairs == [["2015", "2018"], ["2015", "2021"], ["2018", "2021"]]
    assert compare_rounds({"2021": NEW}, ["en", "nl"]).empty


def test_the_shipped_crosswalk_speaks_of_reference_years_and_nothing_else():
    table = compare_rounds({"2018": OLD, "2021": NEW}, ["en", "nl"])
    assert (table["status"] != "not_comparable").all()
    without = compare_rounds({"2018": OLD, "2021": replace(NEW, crosswalk=())}, ["en", "nl"]).set_index("indicator")
    refused = without[without["status"] == "not_comparable"]
    assert set(refused["reason"]) == {"changed_wording"}
    assert set(refused.index) == {entry.indicator for entry in NEW.crosswalk}


@given(st.permutations(TREND), st.lists(st.sampled_from(TREND), unique=True))
def test_renamed_categories_lead_back_to_what_was_asked(order, some):
    new_names = dict(zip(order, [f"new{place}" for place in range(len(order))], strict=True))
    earlier = with_choices(OLD, "clients_trend", *TREND)
    later = with_choices(NEW, "clients_trend", *new_names.values())
    link = comparable(
        earlier, crossed(later, *[("same", to, from_) for from_, to in new_names.items()]), "clients_trend"
    )
    assert link.mapping == new_names
    assert set(link.earlier_categories([new_names[code] for code in some])) == set(some)


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"indicator": "nonsense"}, "row 2, indicator"),
        ({"kind": "alike"}, "row 2, kind"),
        ({"form_from": ""}, "row 2, form_from"),
        ({"category": "nonsense", "category_from": "stable"}, "row 2, category"),
        ({"kind": "merged"}, "name category and category_from"),
        ({"note_nl": ""}, "note_en and note_nl"),
        ({"category": "stable"}, "needs both"),
    ],
)
def test_a_wrong_row_in_the_crosswalk_is_named(tmp_path, row, word):
    shutil.copytree(ROOT / "raw/2021/questionnaire", tmp_path / "form")
    right = {"indicator": "clients_trend", "form_from": "f", "kind": "same", "note_en": "why", "note_nl": "waarom"}
    with open(tmp_path / "form/crosswalk.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*CROSSWALK_COLUMNS, "note_en", "note_nl"], lineterminator="\n")
        writer.writeheader()
        writer.writerow({**right, **row})
    with pytest.raises(QuestionnaireError, match=word):
        read_questionnaire(tmp_path / "form")


def test_the_crosswalk_needs_its_columns_and_the_services_must_be_on_the_form(tmp_path):
    shutil.copytree(ROOT / "raw/2018/questionnaire", tmp_path / "form")
    (tmp_path / "form/crosswalk.csv").write_text("indicator,kind\nage_mean,same\n")
    with pytest.raises(QuestionnaireError, match="'form_from' is missing"):
        read_questionnaire(tmp_path / "form")
    (tmp_path / "form/crosswalk.csv").unlink()
    settings = tmp_path / "form/settings.csv"
    settings.write_text(settings.read_text(encoding="utf-8").replace(",dcr", ",room"), encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=r"settings.csv, services.*'room'"):
        read_questionnaire(tmp_path / "form")


def test_a_refusal_is_an_error_for_people():
    assert isinstance(refusal(OLD, NEW, "ghb_trend"), UserError)
