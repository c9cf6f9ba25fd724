"""Figures: every shipped figure draws, holds its text inside the canvas, and says in words what the data say."""

import dataclasses
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
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


def data(**tables) -> Data:
    return Data({"2021": FORM}, tables, {"2021": 2021})


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


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("kind", CASES)
@pytest.mark.parametrize(
    ("estimate", "n", "suppressed"), [(0.4, 20, False), (0.0, 1, False), (1.0, 20, False), (0.4, 20, True)]
)
def test_shares_draw_within_the_canvas(kind, lang, estimate, n, suppressed):
    options, questions = {**CASES[kind][0], **WHOLE}, CASES[kind][1]
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
    functions = dict.fromkeys(("table", "draw", "alt_text", "description"))
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


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_text_on_a_tile_can_be_read(share):
    tile = style.mpl.colors.LinearSegmentedColormap.from_list("blues", coverage_map.TINTS)(share)
    assert style.contrast(style.ink_on(tile), tile) >= 4.5
