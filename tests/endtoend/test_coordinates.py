"""Marks of the shipped figures stand for published numbers, to the last digit of their coordinates."""

import re
import shutil

import pytest
from attacks import coordinates


def test_every_mark_stands_for_a_published_number(built):
    results = built.folder / "results"
    read = [one for svg in (results / "figures").glob("*.svg") for one in coordinates.marks(svg)]
    assert len(read) > 400 and sum(len(one) == 3 for one in read) > 200
    assert coordinates.recovered(results) == {}


@pytest.mark.parametrize("name", ["barriers_nl.svg", "ghb_trend_en.narrow.svg"])
def test_a_mark_that_is_drawn_from_what_is_not_published_is_seen(built, tmp_path, name):
    """By a tenth of a thousandth of the scale: less than rounding to whole per cents would move it, and no eye sees it."""
    results = tmp_path / "results"
    for part in ("figures", "open_data"):
        (results / part).mkdir(parents=True)
    svg = built.folder / "results/figures" / name
    shutil.copy(svg.with_name(re.sub(r"_(en|nl).*", ".csv", name)), results / "figures")
    shutil.copy(built.folder / "results/open_data/findings.csv", results / "open_data")
    content = svg.read_text(encoding="utf-8")
    left, at, right = next(one for one in coordinates.marks(svg) if len(one) == 3)
    own, moved = (f'x="{f"{place:.6f}".rstrip("0")}"' for place in (at, at + (right - left) / 1000))
    assert content.count(own) == 1
    (results / "figures" / name).write_text(content.replace(own, moved), encoding="utf-8")
    assert list(coordinates.recovered(results)) == [name]
