"""The figure of saturation stays inside its canvas and says what the table says."""

import pandas as pd
import pytest
from hrmonitor.figures import saturation
from hrmonitor.figures.data import Data
from unit.test_figures import WHOLE, texts_inside

LABELS = {"why": {"en": "What hinders access to care", "nl": "Wat de toegang tot de zorg belemmert"}, "wish": {"en": "Wishes", "nl": "Wensen"}}  # fmt: skip
TABLE = pd.DataFrame(
    [("2021", "wish", 1, 1.0, 0, 2, 0.5), ("2021", "wish", 2, 2.0, 2, 2, 1.0), ("2018", "why", 1, 1.0, 1, 1, 1.0),
     *[("2021", "why", n, min(n, 3), min(n, 2), 3, min(1, n / 10)) for n in range(1, 13)]],
    columns=["round", "question", "answers", "themes", "low", "high", "complete"],
)  # fmt: skip


def drawn(table: pd.DataFrame):
    options = {**WHOLE, "labels": LABELS}
    return saturation.table(Data({}, {"theme_saturation": table}), options), options


@pytest.mark.parametrize("lang", ["en", "nl"])
@pytest.mark.parametrize("table", [TABLE, TABLE[:0]], ids=["two questions", "nothing coded"])
def test_it_draws_within_the_canvas(table, lang):
    found, options = drawn(table)
    assert texts_inside(saturation.draw(found, options, lang)) == []


def test_words_say_what_the_table_says():
    found, options = drawn(TABLE)
    assert list(dict.fromkeys(found["question"])) == ["why", "wish"]
    assert len(found) == 14
    assert saturation.alt_text(found, options, "en") == (
        "What hinders access to care: all 3 themes seen after 10 of 12 answers in 95% of the orders. "
        "Wishes: all 2 themes seen after 2 of 2 answers in 95% of the orders."
    )
