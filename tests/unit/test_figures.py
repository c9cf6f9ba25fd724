"""Figures: every shipped figure draws, holds its text inside the canvas, and says in words what the data say."""

import re
from importlib import import_module
from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.figures import Data, save, style
from hrmonitor.questionnaire import read_questionnaire

ROOT = Path(__file__).resolve().parents[2]
FORM = read_questionnaire(ROOT / "raw/2021/questionnaire")
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
    return Data(questionnaires={"2021": FORM}, years={"2021": 2021}, **tables)


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
    "stacked": ({"questions": ["clients_trend"]}, ["clients_trend"]),
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
    options, questions = CASES[kind]
    module = import_module(f"hrmonitor.figures.{kind}")
    indicators = pd.concat([shares(question, estimate, n, suppressed) for question in questions])
    table = module.table(data(indicators=indicators), {**options, "round": "2021"})
    assert texts_inside(module.draw(table, options, lang)) == []


@pytest.mark.parametrize("kind", CASES)
def test_the_alt_text_follows_the_data(kind):
    options, questions = CASES[kind]
    module = import_module(f"hrmonitor.figures.{kind}")
    said = []
    for estimate in (0.41, 0.73):
        indicators = pd.concat([shares(question, estimate) for question in questions])
        table = module.table(data(indicators=indicators), {**options, "round": "2021"})
        said.append(module.alt_text(table, options, "en"))
    assert "41%" in said[0] and "73%" not in said[0]
    assert "73%" in said[1] and "41%" not in said[1]


def test_the_same_data_give_the_same_bytes(tmp_path):
    module = import_module("hrmonitor.figures.barriers")
    table = module.table(data(indicators=shares("barriers")), {"question": "barriers", "round": "2021"})
    for name in ("one", "two"):
        save(module.draw(table, {}, "nl"), tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_every_kind_says_what_it_needs_in_a_form_the_workflow_can_read():
    for path in (ROOT / "workflow/hrmonitor/figures").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "\nKIND" in text:
            assert re.search(r"^INPUTS = \((.*)\)$", text, re.M), path.name
            assert path.stem in (ROOT / "docs/figures.md").read_text(encoding="utf-8")
