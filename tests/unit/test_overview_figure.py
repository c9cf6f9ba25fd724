"""The overview draws any number of findings and tests on a page and on a phone, and no text of it lies on another or outside."""

from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hrmonitor.figures import overview, style
from hrmonitor.figures.data import Data
from hrmonitor.figures.trend_line import runs
from hrmonitor.questionnaire.model import read_questionnaire
from matplotlib.backends.backend_agg import FigureCanvasAgg

FORM = read_questionnaire(Path(__file__).resolve().parents[2] / "raw/2021/questionnaire")
WHOLE = {"confidence": 0.95, "synthetic": True}
SHARE = {"test": "share_above", "question": "barriers", "categories": ["stigma"], "threshold": 0.5}
KINDS = [
    (SHARE, 0.8, 0.7, 0.9),
    ({"test": "more_increased", "question": "clients_trend"}, 0.4, 0.2, 0.6),
    ({"test": "not_more_increased", "question": "clients_trend", "margin": 0.1}, -0.25, -0.34, -0.16),
    ({"test": "ratio_below", "now": "clients_now", "then": "clients_then", "threshold": 1.05}, 0.94, 0.92, 1.2),
    ({"test": "paired_change_above", "now": "cee_now", "then": "cee_then", "threshold": 0}, 4.11, 3.8, 4.4),
    ({"test": "median_above", "question": "clients_now", "threshold": 100}, 120.0, 90.0, 150.0),
]  # fmt: skip
VERDICTS = ["supported", "partly_supported", "not_supported", "contradicted", "not_assessable"]
REFERENCE = pd.DataFrame(
    [("users", year, value, None, None, run, "1", "persons", "Users " * 6, "Gebruikers " * 6)
     for year, value, run in ((2001, 100.0, "a"), (2002, 90.0, "a"), (2009, 50.0, "a"), (2010, 70.0, "b"), (2011, 75.0, "b"))]
    + [("range", 2020, None, 85.0, 90.0, "a", "1", "%", "Coverage", "Dekking")],
    columns=["series", "year", "value", "low", "high", "run", "edition", "unit", "label_en", "label_nl"],
)  # fmt: skip


def made(findings: int, tests: int, word: str = "shares ", series: str = "users", missing: bool = False):
    """Data with that many findings of so many tests, all verdicts in turn; `word` is what claims and questions are made of."""
    rows, claims = [], {}
    for place in range(findings):
        name, verdict = f"finding_{place}", VERDICTS[place % len(VERDICTS)]
        chosen = [KINDS[(place + at) % len(KINDS)] for at in range(tests)]
        text = {"en": (word * 12).strip(), "nl": (word * 12).strip()}
        claims[name] = {
            "number": place + 1, "round": "2021", "statement": text, "reason": "", "published": [{"series": series}] if place % 2 == 0 else [],
            "tests": [{**keys, "why": text, "short": {"en": (word * 5).strip(), "nl": (word * 5).strip()}} for keys, *_ in chosen],
        }  # fmt: skip
        for at, (_, estimate, low, high) in enumerate(chosen):
            gone = missing or verdict == "not_assessable"
            values = (None, None, None, 0) if gone else (estimate, low, high, 40)
            rows.append((name, verdict, *values, not gone and at % 2 == 0))
    columns = ["finding", "verdict", "estimate", "ci_low", "ci_high", "n", "passed"]
    table = pd.DataFrame(rows, columns=columns).astype({"estimate": float, "ci_low": float, "ci_high": float})
    return Data({"2021": FORM}, {"findings": table, "reference": REFERENCE}, {"2021": 2021}, claims=claims)


def texts(figure) -> list:
    renderer = FigureCanvasAgg(figure).get_renderer()
    figure.draw(renderer)
    return [
        (text.get_text(), text.get_window_extent(renderer))
        for text in figure.findobj(style.mpl.text.Text)
        if text.get_text().strip() and text.get_visible()
    ]


@pytest.mark.parametrize(("narrow", "lang"), [(False, "en"), (True, "nl")])
@pytest.mark.parametrize(
    ("findings", "tests", "word", "series"),
    [(1, 1, "shares ", "users"), (5, 6, "mmm ", "range"), (12, 2, "Donaudampfschiffahrtsgesellschaft", "users")],
)
def test_no_text_is_cut_off_or_lies_on_another(findings, tests, word, series, lang, narrow):
    data, options = made(findings, tests, word, series), {**WHOLE, "narrow": narrow}
    figure = overview.draw(overview.table(data, options), options, lang)
    found, (width, height) = texts(figure), figure.bbox.size
    assert figure.get_figwidth() == (style.NARROW_WIDTH if narrow else style.PAGE_WIDTH)
    outside = [text for text, box in found if box.x0 < -1 or box.y0 < -1 or box.x1 > width + 1 or box.y1 > height + 1]
    assert outside == []
    # Boxes have room above and below their letters.
    on_each_other = [
        (one, other)
        for (one, a), (other, b) in combinations(found, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 4
    ]
    assert on_each_other == []


def test_seven_findings_of_three_tests_fit_a_page():
    # The page's text is 245 mm high; the caption needs some of it.
    figure = overview.draw(overview.table(made(7, 3), WHOLE), WHOLE, "en")
    assert figure.get_figheight() < 230 / 25.4


def test_what_is_shown_follows_the_data():
    data = made(5, 2)
    lines = overview.description(overview.table(data, WHOLE), WHOLE, "en")
    assert any(line.endswith("80% (70–90%; n = 40); the test passed.") for line in lines)
    assert any("40% (20–60%; n = 40); the test did not pass." in line for line in lines)
    assert any("no answers; the test did not pass." in line for line in lines)
    assert sum(line.startswith("Published") for line in lines) == 3
    said = overview.alt_text(overview.table(data, WHOLE), WHOLE, "en")
    assert all(verdict in said for verdict in ("1 supported", "1 contradicted", "1 not assessable"))
    assert "Contradicted" in [text for text, _ in texts(overview.draw(overview.table(data, WHOLE), WHOLE, "en"))]


def test_without_findings_it_says_so():
    nothing = Data({}, {"findings": made(1, 1)["findings"].iloc[:0], "reference": REFERENCE})
    table = overview.table(nothing, WHOLE)
    assert overview.alt_text(table, WHOLE, "nl") == style.words("nl")["no_findings"]
    assert [text for text, _ in texts(overview.draw(table, WHOLE, "nl"))] == [style.words("nl")["no_findings"]]


def test_a_published_series_is_told_from_its_first_year_and_joined_only_where_counted_alike():
    data = made(1, 1)
    data.claims["finding_0"]["published"] = [{"series": "unknown"}, {"series": "users", "from": 2002}]
    table = overview.table(data, WHOLE)
    series = table[table["series"].notna()]
    assert list(series["year"]) == [2002, 2009, 2010, 2011]
    # A gap of more than three years, and another way of counting, each break the line.
    assert [list(run["year"]) for run in runs(series)] == [[2002], [2009], [2010, 2011]]


def test_a_series_that_is_a_range_only_is_told_as_one():
    lines = overview.description(overview.table(made(1, 1, series="range"), WHOLE), WHOLE, "en")
    assert lines[-1] == "Published, Coverage: 85–90% (2020)."
