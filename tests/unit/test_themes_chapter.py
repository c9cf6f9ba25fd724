"""The chapter on open answers says what the tables say, hides small numbers and shows text as text."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from hrmonitor.disclosure.suppressions import COLUMNS as PATTERN
from hrmonitor.language import text
from hrmonitor.project.config import Coding, RoundConfig
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.reporting.chapters.themes import chapter
from hrmonitor.reporting.story import Story
from hrmonitor.themes.agreement import AGREEMENT, CONFUSION
from hrmonitor.themes.prevalence import COLUMNS, QUOTES, SETTLED
from hrmonitor.themes.saturation import SATURATION
from settings import small_config

SURVEY = """type,name,label::Nederlands (nl),label::English (en),relevant
select_one service,service,Type,Type,
text,why,Waarom?,Why?,
select_multiple barrier,barriers,Belemmeringen?,Barriers?,
text,barriers_other,Namelijk,Namely,"selected(${barriers}, 'other')"
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en)
service,dcr,Ruimte,Room
service,oat,OST,OAT
barrier,documents,Geen documenten,No documents
barrier,other,Anders,Other
"""
NAN = float("nan")


@pytest.fixture
def story(tmp_path):
    """A round of ten answers to `why`, as the rules before would have left it."""
    form, results = tmp_path / "form", tmp_path / "results"
    form.mkdir()
    (results / "2021").mkdir(parents=True)
    (form / "survey.csv").write_text(SURVEY, encoding="utf-8")
    (form / "choices.csv").write_text(CHOICES, encoding="utf-8")
    (form / "settings.csv").write_text("form_title,form_id,version,default_language\nF,f,1,Nederlands (nl)\n")
    (tmp_path / "themes.csv").write_text(
        "question,theme,label_nl,label_en\nwhy,stigma,Stigma,Stigma | shame\nwhy,rules,Regels,Rules\nwhy,rare,Zeldzaam,Rare\n"
    )
    (tmp_path / "other.csv").write_text(
        "question,written,decision,reason\nbarriers,geen adres,documents,x\nbarriers,hond,keep,x\nbarriers,kat,new,x\n"
    )
    tables = {
        "themes": (COLUMNS, [("2021", "why", theme, service, n, 20, estimate, 0.1, 0.9, 0.8)
                             for theme, shares in {"stigma": (0.6, NAN, NAN), "rules": (0.7, 0.7, 0.7), "rare": (NAN, NAN, 0)}.items()
                             for service, n, estimate in zip(("all", "dcr", "oat"), (10, 7, 3), shares, strict=True)]),
        "theme_agreement": (AGREEMENT, [
            ("2021", "why", "stigma", "all", "all", "alpha", 0.91, 0.8, 1.0, 10),
            ("2021", "why", "stigma", "coder_1", "coder_2", "kappa", 0.9, 0.79, 1.0, 10),
            ("2021", "why", "stigma", "coder_1", "coder_2", "percent_agreement", 0.95, 0.5, 1.0, 10),
            ("2021", "why", "rules", "all", "all", "alpha", 0.7, 0.5, 0.9, 10),
            ("2021", "why", "rare", "all", "all", "alpha", NAN, NAN, NAN, 10),
        ]),
        "theme_confusion": (CONFUSION, [
            ("2021", "why", "coder_1", "coder_2", "stigma", "stigma", 5), ("2021", "why", "coder_1", "coder_2", "stigma", "rules", 2),
            ("2021", "why", "coder_1", "coder_2", "rules", "stigma", 2), ("2021", "why", "coder_1", "coder_2", "none", "rules", 3),
            ("2021", "why", "coder_1", "coder_2", "rare", "none", 2),
        ]),
        "theme_saturation": (SATURATION, [("2021", "why", n, min(n, 3), 3, 3, n / 10) for n in range(1, 11)]),
        "theme_basis": (SETTLED, [
            ("2021", "f.csv", row, "why", f"N{row}", "dcr", theme, theme == "stigma" or (theme == "rare" and row < 2),
             "consensus" if row < 4 else "disputed" if row < 6 else "all_coders", 2, 1)
            for row in range(10) for theme in ("stigma", "rules", "rare")
        ]),
    }  # fmt: skip
    for name, (columns, rows) in tables.items():
        pd.DataFrame(rows, columns=columns).to_csv(results / f"{name}.csv", index=False)
    quotes = [("2021", "why", "stigma", "<b>Schaamte</b> | #1"), ("2021", "why", "stigma|rare", "Een zeldzaam verhaal")]
    pd.DataFrame(quotes, columns=QUOTES).to_parquet(results / "theme_quotes.parquet")
    audit = [
        ("f.csv", row, f"N{row}", "barriers", "(text)", "documents", "other_recoded", "changed") for row in range(4)
    ]
    pd.DataFrame(columns=PATTERN).to_csv(results / "suppressions.csv", index=False)
    columns = ["source", "row", "facility_id", "question", "raw", "clean", "rule", "severity"]
    pd.DataFrame(audit, columns=columns).to_csv(results / "2021" / "audit.csv", index=False)
    round_ = RoundConfig(
        year=2021,
        title={"en": "Round", "nl": "Ronde"},
        questionnaire="form",
        exports=(),
        other="other.csv",
        coding=Coding("themes.csv", ("a", "b")),
    )
    told = Story("en", tmp_path, small_config(rounds={"2021": round_}))
    left = ["hond", "Hond", "hond", "kat", "vis", None]
    told.__dict__.update(
        forms={"2021": read_questionnaire(form)},
        facilities={"2021": pd.DataFrame({"barriers_other": pd.Series(left, dtype="str")})},
    )
    return told


def row_of(markdown: str, start: str) -> list[str]:
    line = next(line for line in markdown.split("\n") if line.startswith(f"| {start} |"))
    return [cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")]


def test_prevalence_is_sorted_and_hidden_cells_stay_hidden(story):
    told = chapter(story)
    assert row_of(told, "Rules") == ["Rules", "70%", "10–90%", "70%", "70%"]
    assert row_of(told, "Stigma \\| shame") == ["Stigma ¦ shame", "60%", "10–90%", "not shown", "not shown"]
    assert row_of(told, "Rare")[3:] == ["not shown", "0 of 3"]
    assert told.index("| Rules |") < told.index("| Stigma \\| shame |")
    assert "(n\u00a0=\u00a07)" in told


def test_what_counts_is_told(story):
    told = chapter(story)
    assert "In all, 10 answers were coded, by two people." in told
    assert "For 4 answers the consensus" in told
    # Two answers only: not told exactly.
    assert "On fewer than three answers coders differ" in told


def test_low_and_doubtful_agreement_is_named(story):
    told = chapter(story)
    assert "nothing should be concluded from them: “Rare”." in told
    assert "below 0.667 for: “Rules”." in told
    line = next(line for line in told.split("\n") if "0.91" in line)
    assert [cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")] == ["Stigma ¦ shame", "0.91", "0.80–1.00", "0.90", "0.79–1.00", "95%", "10"]  # fmt: skip


def test_confusion_adds_both_directions_and_leaves_rare_pairs_out(story):
    told = chapter(story)
    table = told[told.index("| One coder saw") : told.index("{#tbl-confusion-2021}")].split("\n")[2:-2]
    assert table == ["| Rules | Stigma \\| shame | 4 |", "| Rules | no other theme | 3 |"]


def test_saturation_says_yes_or_no(story):
    told = chapter(story)
    # All themes in every order only at the last of ten answers: not saturated.
    assert row_of(told, "Why\\?") == ["Why\\?", "3", "10", "5", "10", "no"]


def test_quotes_are_escaped_and_none_is_shown_for_a_theme_of_few(story):
    told = chapter(story)
    assert "> “\\<b\\>Schaamte\\<\\/b\\> \\| \\#1” (Stigma \\| shame)" in told
    assert "zeldzaam verhaal" not in told


def test_quotes_of_made_up_answers_are_called_invented(story):
    words = text("en")["themes_chapter"]["quotes"]
    assert words["invented"] in chapter(story) and words["text"] not in chapter(story)
    story.config = replace(story.config, synthetic=False)
    assert words["text"] in chapter(story) and words["invented"] not in chapter(story)


def test_without_cleared_quotes_it_says_so(story):
    pd.DataFrame(columns=QUOTES).to_parquet(story.results / "theme_quotes.parquet")
    told = chapter(story)
    assert text("en")["themes_chapter"]["quotes"]["none"] in told
    assert "> “" not in told


def test_other_answers_are_counted_by_what_became_of_them(story):
    # Four became documents; three stay other; one each wants an option and is not decided.
    assert row_of(chapter(story), "Barriers\\?") == ["Barriers\\?", "2021", "4", "3", "\\<3", "\\<3"]


def test_a_round_that_is_not_coded_yet_has_no_tables(story):
    round_ = replace(story.config.rounds["2021"], coding=None)
    story.config = replace(story.config, rounds={"2021": round_})
    told = chapter(story)
    assert "tbl-agreement" not in told and "tbl-other" in told


def test_both_languages_have_all_sentences(story):
    story.lang, story.words = "nl", text("nl")
    told = chapter(story)
    assert "Voor 4 antwoorden telt de consensus" in told
    assert SimpleNamespace(**story.words["themes_chapter"]["quotes"]).title in told


def test_other_answers_of_a_question_with_hidden_counts_are_not_counted(story, tmp_path):
    row = ["companions", "", "2021", "all", "barriers", "", "all", "complementary"]
    pd.DataFrame([row], columns=PATTERN).to_csv(story.results / "suppressions.csv", index=False)
    assert "tbl-other" not in chapter(story)
