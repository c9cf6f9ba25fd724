"""Figures: every shipped figure draws, holds its text inside the canvas, and says in words what the data say."""

import dataclasses
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hrmonitor.declarations.figures import figures
from hrmonitor.figures import coverage_map, style
from hrmonitor.figures.data import Data, save
from hrmonitor.questionnaire.model import read_questionnaire

ROOT = Path(__file__).resolve().parents[2]
FORM = read_questionnaire(ROOT / "raw/2021/questionnaire")
WHOLE = {"confidence": 0.95, "synthetic": True, "round": "2021"}
INDICATOR_COLUMNS = ["round", "service", "indicator", "category", "statistic", "n", "population", "estimate", "ci_low", "ci_high", "unit", "suppressed"]  # fmt: skip


def shares(question: str, estimate: float = 0.4, n: float = 20, suppressed: bool = False) -> pd.DataFrame:
    rows = []
    for service in ("dcr", "oat", "all"):
        for code in FORM[question].codes:
            hidden = suppressed and service == "dcr"
            value = None if hidden else estimate
            rows.append(
                (
                    "2021",
                    service,
                    FORM[question].indicator,
                    code,
                    "share",
                    None if hidden else n,
                    40,
                    value,
                    value,
                    value,
                    "share",
                    hidden,
                )
            )
    return pd.DataFrame(rows, columns=INDICATOR_COLUMNS).astype(
        {"estimate": float, "ci_low": float, "ci_high": float, "n": float}
    )


FINDINGS = pd.DataFrame(columns=["finding", "verdict", "estimate", "ci_low", "ci_high", "n", "passed"])


def data(claims: dict | None = None, **tables) -> Data:
    return Data({"2021": FORM}, {"findings": FINDINGS, **tables}, {"2021": 2021}, claims=claims or {})


def texts_inside(figure) -> list[str]:
    """Texts that stick out of the canvas."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    width, height = figure.bbox.width, figure.bbox.height
    outside = []
    for text in figure.findobj(style.mpl.text.Text):
        if text.get_text().strip() and text.get_visible():
            box = text.get_window_extent(renderer)
            if box.x0 < -2 or box.y0 < -2 or box.x1 > width + 2 or box.y1 > height + 2:
                outside.append(text.get_text())
    return outside


CASES = {
    "barriers": ({"question": "barriers"}, ["barriers"]),
    "scale": ({"questions": ["clients_trend"]}, ["clients_trend"]),
    "then_now": (
        {"then": "drugs_then", "now": "drugs_now", "year_then": 2017, "year_now": 2020},
        ["drugs_then", "drugs_now"],
    ),
}


@pytest.mark.parametrize(("lang", "narrow"), [("en", False), ("nl", True)])
@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize(
    ("estimate", "n", "suppressed"), [(0.4, 20, False), (0.0, 1, False), (1.0, 20, False), (0.4, 20, True)]
)
def test_shares_draw_within_the_canvas(kind, lang, narrow, estimate, n, suppressed):
    options, questions = {**CASES[kind][0], **WHOLE, "narrow": narrow}, CASES[kind][1]
    module = import_module(f"hrmonitor.figures.{kind}")
    indicators = pd.concat([shares(question, estimate, n, suppressed) for question in questions])
    table = module.table(data(indicators=indicators), options)
    assert texts_inside(module.draw(table, options, lang)) == []


@pytest.mark.parametrize("kind", CASES)
def test_the_alt_text_follows_the_data(kind):
    options, questions = {**CASES[kind][0], **WHOLE}, CASES[kind][1]
    module = import_module(f"hrmonitor.figures.{kind}")
    said = []
    for estimate in (0.41, 0.73):
        indicators = pd.concat([shares(question, estimate) for question in questions])
        table = module.table(data(indicators=indicators), options)
        said.append(module.alt_text(table, options, "en"))
    assert "41%" in said[0] and "73%" not in said[0]
    assert "73%" in said[1] and "41%" not in said[1]


def test_the_same_data_give_the_same_bytes(tmp_path):
    module = import_module("hrmonitor.figures.barriers")
    table = module.table(data(indicators=shares("barriers")), {"question": "barriers", **WHOLE})
    for name in ("one", "two"):
        save(module.draw(table, WHOLE, "nl"), tmp_path / f"{name}.svg", tmp_path / f"{name}.png")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_what_is_read_from_the_text_of_a_module_is_what_it_declares():
    functions = dict.fromkeys(("table", "draw", "headline", "alt_text", "description"))
    for name, declared in figures().items():
        own = import_module(f"hrmonitor.figures.{name}").FIGURE
        assert dataclasses.replace(own, **functions) == declared
        assert all(callable(getattr(own, function)) for function in functions)


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("kind", CASES)
def test_no_rows_draw_a_sentence_and_hidden_cells_are_named(kind, lang):
    options, questions = {**CASES[kind][0], **WHOLE}, CASES[kind][1]
    module = import_module(f"hrmonitor.figures.{kind}")
    indicators = pd.concat([shares(question, suppressed=True) for question in questions])
    empty = module.table(data(indicators=indicators.iloc[:0]), options)
    assert style.words(lang)["no_rows"] in [
        text.get_text() for text in module.draw(empty, options, lang).findobj(style.mpl.text.Text)
    ]
    assert module.alt_text(empty, options, lang) == style.words(lang)["no_rows"]
    hidden = indicators[indicators["service"] == "dcr"].assign(service="all")
    table = module.table(data(indicators=hidden), options)
    told = module.description(table, options, lang)
    assert len(told) == len(table) and all(style.words(lang)["suppressed"] in line for line in told)


@pytest.mark.parametrize("kind", CASES)
def test_the_description_has_a_line_a_row_with_value_interval_and_n(kind):
    options, questions = {**CASES[kind][0], **WHOLE}, CASES[kind][1]
    module = import_module(f"hrmonitor.figures.{kind}")
    indicators = pd.concat([shares(question, 0.41, 23) for question in questions]).assign(ci_low=0.32, ci_high=0.55)
    table = module.table(data(indicators=indicators), options)
    told = module.description(table, options, "nl")
    assert len(told) == len(table)
    assert all("41%" in line and "32–55%" in line and "n = 23" in line for line in told)


# Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009: severity 1.0, for linear RGB.
COLOUR_VISION = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def as_seen(colour: str, vision: str) -> np.ndarray:
    """Linear RGB of a colour as somebody with that colour vision sees it."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in style.mpl.colors.to_rgb(colour)
    ]
    return np.clip(np.array(COLOUR_VISION[vision]) @ linear, 0, 1)


@pytest.mark.parametrize("vision", COLOUR_VISION)
def test_neighbouring_colours_differ_for_every_reader(vision):
    trend = list(style.DIVERGING.values())
    pairs = [
        *pairwise(trend),
        (style.BLUE, style.ORANGE),
        (style.ORANGE, style.PALE),
        (style.VERMILLION, style.BLUE),
    ]
    for one, other in pairs:
        distance = np.abs(np.sqrt(as_seen(one, vision)) - np.sqrt(as_seen(other, vision))).max()
        assert distance > 0.12, (one, other)


def test_colours_of_one_bar_differ_in_grey_print():
    # The only bars whose parts touch are those of completeness.
    parts = [style.BLUE, style.ORANGE, style.PALE]
    assert all(style.contrast(one, other) > 1.8 for one, other in pairwise(parts))


@pytest.mark.parametrize("classes", range(1, coverage_map.MOST_CLASSES + 1))
def test_text_on_a_tile_can_be_read_and_classes_are_told_apart(classes):
    tiles = coverage_map.colours_of([place / classes for place in range(classes + 1)])
    assert all(style.contrast(style.ink_on(tile), tile) >= 4.5 for tile in tiles)
    assert all(style.contrast(one, other) > 1.08 for one, other in pairwise(tiles))


def one_test(question: str, categories: list[str], estimate: float = 0.64, n: int = 74) -> tuple[dict, pd.DataFrame]:
    """A finding with one test, as config.yaml and findings.csv have it."""
    texts = {"en": "Most say so", "nl": "De meeste zeggen dit"}
    test = {"test": "share_above", "question": question, "categories": categories, "threshold": 0.5, "why": texts}
    claim = {"number": 1, "round": "2021", "statement": texts, "reason": "", "tests": [test]}
    row = ("f", "supported", estimate, estimate - 0.07, estimate + 0.06, n, True)
    return {"f": claim}, pd.DataFrame([row], columns=FINDINGS.columns)


@pytest.mark.parametrize(
    ("estimate", "n", "said"),
    [
        (0.64, 74, "More than six in ten facilities: what is offered falls short"),
        (0.605, 74, "Six in ten facilities: what is offered falls short"),
        (0.59, 74, "Nearly six in ten facilities: what is offered falls short"),
        (0.5, 74, "Half of the facilities: what is offered falls short"),
        (0.26, 74, "One in four facilities: what is offered falls short"),
        (0.655, 74, "Nearly two in three facilities: what is offered falls short"),
        (0.028, 74, "Fewer than one in twenty facilities: what is offered falls short"),
        (0.97, 74, "More than nine in ten facilities: what is offered falls short"),
        (0.985, 74, "Almost all facilities: what is offered falls short"),
        (1.0, 74, "All facilities: what is offered falls short"),
        (0.0, 74, "No facilities: what is offered falls short"),
        (1 / 6, 6, "1 of 6 facilities: what is offered falls short"),
        # Weighted, so that no whole number of facilities stands behind it.
        (0.17, 6, ""),
        (float("nan"), 0, ""),
    ],
)
def test_the_headline_never_says_more_than_the_number(estimate, n, said):
    claims, findings = one_test("ghb_need_met", ["partly", "hardly", "not_at_all"], estimate, n)
    options = {**WHOLE, "questions": ["ghb_need_met"], "headline": {"en": "{share}: what is offered falls short"}}
    scale = import_module("hrmonitor.figures.scale")
    # Hidden, so that no other share of the question can take its place.
    indicators = shares("ghb_need_met").assign(estimate=np.nan)
    table = scale.table(data(claims, indicators=indicators, findings=findings), options)
    assert scale.headline(table, options, "en") == said


def test_headlines_of_trends_and_of_rankings_follow_the_answers_given():
    scale, ranked = import_module("hrmonitor.figures.scale"), import_module("hrmonitor.figures.barriers")
    trend = shares("clients_trend", 0.0)
    for code, share in (("increase", 0.53), ("strong_increase", 0.1), ("decrease", 0.3), ("stable", 0.07)):
        trend.loc[trend["category"] == code, "estimate"] = share
    options = {**WHOLE, "questions": ["clients_trend"]}
    told = scale.headline(scale.table(data(indicators=trend), options), options, "nl")
    assert told == "Meer dan zes op de tien voorzieningen melden een toename, drie op de tien een afname"
    barriers = shares("barriers", 0.1)
    barriers.loc[barriers["category"] == "waiting_list", "estimate"] = 0.43
    options = {**WHOLE, "question": "barriers"}
    told = ranked.headline(ranked.table(data(indicators=barriers), options), options, "en")
    assert told == "More than four in ten facilities name “Waiting lists”"


def shown(figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(style.mpl.text.Text)]


def test_the_tested_share_stands_above_the_answers_with_its_interval():
    claims, findings = one_test("clients_trend", ["stable", "decrease", "strong_decrease"])
    options = {**WHOLE, "questions": ["clients_trend"]}
    scale = import_module("hrmonitor.figures.scale")
    table = scale.table(data(claims, indicators=shares("clients_trend", 0.2), findings=findings), options)
    texts = shown(scale.draw(table, options, "en"))
    assert {"Most say so", "64%", "(57–70%; n = 74)", "50%"} <= set(texts)
    assert scale.description(table, options, "nl")[0] == "De meeste zeggen dit: 64% (57–70%; n = 74); de toets slaagde."
    # All services first.
    assert texts.index("All facilities") < texts.index("Drug consumption rooms")


def test_a_bar_with_a_hidden_part_is_not_drawn():
    scale = import_module("hrmonitor.figures.scale")
    options = {**WHOLE, "questions": ["clients_trend"]}
    indicators = shares("clients_trend", 0.2)
    one = (indicators["service"] == "dcr") & (indicators["category"] == "stable")
    indicators.loc[one, ["estimate", "ci_low", "ci_high", "n"]] = np.nan
    indicators.loc[one, "suppressed"] = True
    drawn = scale.draw(scale.table(data(indicators=indicators), options), options, "en")
    whole = scale.draw(scale.table(data(indicators=shares("clients_trend", 0.2)), options), options, "en")

    def parts(figure) -> int:
        return sum(patch.get_height() == pytest.approx(0.17) for patch in figure.findobj(style.mpl.patches.Rectangle))

    assert parts(whole) - parts(drawn) == len(FORM["clients_trend"].codes)
    assert shown(drawn).count("not shown") == 1


def test_few_facilities_are_told_as_a_count():
    ranked = import_module("hrmonitor.figures.barriers")
    options = {**WHOLE, "question": "barriers"}
    table = ranked.table(data(indicators=shares("barriers", 1 / 6, 6)), options)
    assert "1 of 6" in shown(ranked.draw(table, options, "en"))
    assert not any("17%" in text for text in shown(ranked.draw(table, options, "en")))


def test_every_figure_of_the_project_has_a_headline_that_holds_for_any_share():
    config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    told = [one["headline"] for one in config["figures"].values() if "headline" in one]
    assert told and all("{share}" in text for one in told for text in one.values())


def test_a_test_on_another_question_stands_above_the_answers_that_follow_from_it():
    ranked = import_module("hrmonitor.figures.barriers")
    claims, findings = one_test("adapted", ["yes"])
    options = {**WHOLE, "question": "adaptation_reasons", "questions": ["adapted"]}
    table = ranked.table(data(claims, indicators=shares("adaptation_reasons", 0.2), findings=findings), options)
    assert {"Most say so", "64%"} <= set(shown(ranked.draw(table, options, "en")))
    del options["questions"]
    alone = ranked.table(data(claims, indicators=shares("adaptation_reasons", 0.2), findings=findings), options)
    assert "Most say so" not in shown(ranked.draw(alone, options, "en"))


def test_the_flow_says_why_its_types_of_service_do_not_add_up():
    flow = import_module("hrmonitor.figures.response_flow")
    rows = [("dcr", 20), ("oat", 57), ("unknown", 6), ("all", 83)]
    table = pd.DataFrame(
        [{"service": service, "step": step, "n": n} for service, n in rows for step in ("register", "approached", "submissions", "kept")]
    )  # fmt: skip
    told = " ".join(shown(flow.draw(table, WHOLE, "en"))).replace("\n", " ")
    assert "Submissions with no known type of facility, 6 in all" in told
    known = table[table["service"] != "unknown"]
    assert "no known type" not in " ".join(shown(flow.draw(known, WHOLE, "en"))).replace("\n", " ")


def test_a_headline_about_some_facilities_says_that_it_is_of_those_that_were_asked():
    ranked = import_module("hrmonitor.figures.barriers")
    reasons = shares("adaptation_reasons", 0.1)
    reasons.loc[reasons["category"] == "population", "estimate"] = 0.57
    options = {**WHOLE, "question": "adaptation_reasons"}
    told = ranked.headline(ranked.table(data(indicators=reasons), options), options, "en")
    assert told == "More than half of the facilities that were asked name “Changed population”"
