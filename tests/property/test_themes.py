"""What must hold of coding and agreement whatever people write and however they code."""

import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
from hrmonitor.themes.agreement import cohen_kappa, confusion_table, krippendorff_alpha
from hrmonitor.themes.coding import answers_to_code, read_coding, side_by_side
from hrmonitor.themes.coding_sheets import shuffled, write_sheets
from hrmonitor.themes.prevalence import adjudicate
from hrmonitor.themes.saturation import saturation_table
from hypothesis import given, settings
from hypothesis import strategies as st

THEMES = ["a", "b", "c"]
BOOK = pd.DataFrame(
    [("why", theme, f"Thema {theme}", f"Theme {theme}") for theme in THEMES],
    columns=["question", "theme", "label_nl", "label_en"],
)
LABELS = dict(zip(THEMES, BOOK["label_nl"], strict=True))
FORM = {"why": SimpleNamespace(label=lambda lang: "Waarom?")}
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).filter(str.strip)
sets = st.sets(st.sampled_from(THEMES))


def answers_of(written: list[str]) -> pd.DataFrame:
    rows = range(2, 2 + len(written))
    responses = pd.DataFrame({"_source": "f.csv", "_row": rows, "why": written})
    submissions = pd.DataFrame({"source": "f.csv", "row": rows, "status": "kept", "service": "dcr", "facility_id": "N"})
    register = pd.DataFrame({"name": [], "aliases": [], "organisation": []}, dtype="str")
    return answers_to_code("2021", BOOK, responses, submissions, register, 1)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(texts, st.none() | sets), min_size=1, max_size=6))
def test_what_a_coder_chose_comes_back_whatever_the_answers_say(given_):
    """Any text of a respondent, any choice of a coder; None is an answer that the coder has left for later."""
    answers = answers_of([text for text, _ in given_])
    chosen = dict(zip(answers["key"], [themes for _, themes in given_], strict=True))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coder.xlsx"
        write_sheets(path, shuffled(answers, 1, "x"), BOOK, FORM, "nl")
        book = openpyxl.load_workbook(path)
        for row in book["why"].iter_rows(min_row=2):
            assert row[1].data_type != "f"
            themes = chosen[row[0].value]
            entries = [] if themes is None else [LABELS[theme] for theme in sorted(themes)] or ["(geen van deze)"]
            for cell, entry in zip(row[2:], entries, strict=False):
                cell.value = entry
        book.save(path)
        coding = read_coding(path, BOOK, answers)
    found = (
        coding.marks.groupby("row").apply(lambda group: set(group.loc[group["coded"], "theme"])).to_dict()
        if len(coding.marks)
        else {}
    )
    expected = {row: themes for row, (_, themes) in enumerate(given_, start=2) if themes is not None}
    assert found == expected


matrices = st.integers(2, 4).flatmap(
    lambda coders: st.lists(st.lists(st.sampled_from([0.0, 1.0, np.nan]), min_size=coders, max_size=coders), min_size=2, max_size=12)
)  # fmt: skip


@given(matrices, st.randoms(use_true_random=False))
def test_alpha_knows_neither_the_order_of_coders_nor_that_of_answers(rows, random):
    values = np.array(rows)
    turned = values[random.sample(range(len(values)), len(values))][
        :, random.sample(range(values.shape[1]), values.shape[1])
    ]
    np.testing.assert_allclose(krippendorff_alpha(values), krippendorff_alpha(turned), atol=1e-12)
    # Nominal: what the values are called does not matter.
    np.testing.assert_allclose(krippendorff_alpha(values), krippendorff_alpha(1 - values), atol=1e-12)


pairs = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=30)


@given(pairs)
def test_kappa_is_one_when_they_agree_and_never_more(both):
    values = np.array(both)
    kappa = cohen_kappa(values)
    assert np.isnan(kappa) or -1 <= kappa <= 1 + 1e-12
    np.testing.assert_allclose(kappa, cohen_kappa(values[:, ::-1]), atol=1e-12)
    same = values[:, [0, 0]]
    if len(np.unique(same)) > 1:
        assert cohen_kappa(same) == 1


def coders_of(first: list, second: list) -> list:
    def marks(said):
        rows = [("f.csv", row, "why", theme, theme in themes) for row, themes in enumerate(said, start=2) for theme in THEMES if themes is not None]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["source", "row", "question", "theme", "coded"]).astype({"coded": "bool"})
        return SimpleNamespace(marks=frame, notes=[])

    return [marks(first), marks(second)]


codings = st.lists(st.tuples(st.none() | sets, st.none() | sets), min_size=1, max_size=8).filter(
    lambda said: any(a is not None for a, _ in said) and any(b is not None for _, b in said)
)


@settings(deadline=None, max_examples=60)
@given(codings)
def test_confusion_loses_no_theme_that_a_coder_gave(said):
    """Each theme given by one alone meets each theme of the other alone, or none; each given by both is on the diagonal."""
    first, second = zip(*said, strict=True)
    wide, _ = side_by_side(coders_of(first, second), answers_of([f"text {n}" for n in range(len(said))]))
    found = confusion_table("2021", BOOK, wide)
    expected = 0
    for a, b in said:
        if a is not None and b is not None:
            mine, theirs = len(a - b), len(b - a)
            expected += len(a & b) + max(mine, 1) * max(theirs, 1) * (mine + theirs > 0)
    assert found["n"].sum() == expected


@settings(deadline=None, max_examples=60)
@given(codings)
def test_with_two_coders_a_theme_counts_when_all_who_coded_saw_it(said):
    first, second = zip(*said, strict=True)
    answers = answers_of([f"text {n}" for n in range(len(said))])
    settled = adjudicate("2021", side_by_side(coders_of(first, second), answers)[0], None, answers)
    found = {(one.row, one.theme): one.present for one in settled.itertuples()}
    for row, both in enumerate(said, start=2):
        coded = [themes for themes in both if themes is not None]
        for theme in THEMES:
            assert found.get((row, theme)) == (all(theme in themes for themes in coded) if coded else None)


@settings(deadline=None, max_examples=15)
@given(st.lists(sets, min_size=1, max_size=12))
def test_themes_seen_never_fall_and_all_are_seen_in_the_end(there):
    rows = [("2021", "f", row, "why", "N", "dcr", theme, theme in themes, "all_coders") for row, themes in enumerate(there) for theme in THEMES]  # fmt: skip
    columns = ["round", "source", "row", "question", "facility_id", "service", "theme", "present", "basis"]
    table = saturation_table("2021", pd.DataFrame(rows, columns=columns), 1)
    occurring = len(set().union(*there))
    if not occurring:
        assert table.empty
        return
    assert table["themes"].is_monotonic_increasing and table["complete"].is_monotonic_increasing
    last = table.iloc[-1]
    assert (last["answers"], last["themes"], last["low"], last["high"], last["complete"]) == (
        len(there),
        occurring,
        occurring,
        occurring,
        1,
    )
    # Rarefaction: after one answer, on average, as many themes as an answer has.
    assert abs(table.iloc[0]["themes"] - np.mean([len(themes) for themes in there])) < 0.2
