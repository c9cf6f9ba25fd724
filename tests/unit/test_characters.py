"""No character that a respondent types stops the report: it is set, or a placeholder says which it was."""

import string
import xml.etree.ElementTree as ElementTree

import pandas as pd
import pytest
from hrmonitor.cleaning.audit_trail import SEVERITY, audit_trail
from hrmonitor.errors import ReaderError
from hrmonitor.figures.data import save
from hrmonitor.figures.style import figure
from hrmonitor.language import escape_markdown, not_settable, settable, settable_in, without_controls
from hrmonitor.questionnaire.model import Choice, Question, Questionnaire
from hrmonitor.readers import LONGEST, read_export
from hrmonitor.reporting.outputs.typeset import brief_to_pdf
from hrmonitor.resources import RESOURCES

ENTRY = {"tool": "table", "mode": "questionnaire"}


def question(name: str, kind: str) -> Question:
    return Question(
        name=name, kind=kind, group=(), list_name="", labels={"en": name}, hints={}, relevant="", constraint="", constraint_messages={},
        calculation="", required=False, indicator="", statistics=(), unit="", weighted_by="", pii=False, coded=False, parts=(),
        choices=(Choice("a", {"en": "A"}),) if kind == "select_one" else (),
    )  # fmt: skip


ODD = {
    "an escape character": ("a\x1b[31mb", "a[U+001B][31mb"),
    "a full-width sign": ("mail\uff20x", "mail[U+FF20]x"),
    "an emoji": ("goed \U0001f600!", "goed [U+1F600]!"),
    "an emoji with a choice of its shape": ("\U0001f44d\ufe0f", "[U+1F44D]"),
    "Chinese": ("\u4e2d\u6587\u4e2d", "[U+4E2D…U+4E2D, 3]"),
    "Ethiopic": ("\u1230\u120b\u121d", "[U+1230…U+121D, 3]"),
    "a private character": ("x\ue000", "x[U+E000]"),
    "what Unicode says is no character": ("x\uffff", "x[U+FFFF]"),
    "a half of a character": ("x\ud83d", "x[U+D83D]"),
    "a blank of another width": ("a\u3000b", "a b"),
    "Thai": ("\u0e2a\u0e27\u0e31", "[U+0E2A…U+0E31, 3]"),
}
PLAIN = [
    "Ongeveer 12 – “goed” …",
    "▇▇▇ → ✓ ☐ ≥ €",
    "мир Ελλάδα Việt العربية עברית",
    "één\u0301",
    string.printable.strip(),
]


@pytest.mark.parametrize(("given", "shown"), ODD.values(), ids=ODD)
def test_what_cannot_be_set_is_shown_by_its_number(given, shown):
    assert settable(given) == shown
    assert not not_settable(settable(given))
    assert escape_markdown(given).replace("\\", "") == shown
    assert settable_in({"a": [given]}) == {"a": [shown]}


@pytest.mark.parametrize("given", PLAIN)
def test_what_can_be_set_stays(given):
    assert settable(given) == given and without_controls(given) == given


def every_character() -> str:
    ranges = (RESOURCES / "fonts/covered.txt").read_text(encoding="ascii").split()
    ends = [[int(end, 16) for end in one.split("-")] for one in ranges]
    return " ".join(chr(code) for one in ends for code in range(one[0], one[-1] + 1))


def test_all_odd_characters_and_all_that_the_fonts_have_can_be_set(tmp_path):
    """As the report is set: PDF/A-2a and PDF/UA-1, where a letter without a font is an error."""
    odd = " ".join(given for given, _ in ODD.values())
    marks = " ".join(base + mark for base in "aяש" for mark in every_character().split() if mark >= "\u0300")[:4000]
    (tmp_path / "a.typ").write_text(
        '#set document(title: "x")\n#set text(font: "Open Sans", lang: "en")\n= x\n#json(sys.inputs.data).text\n'
    )
    data = {"text": f"{odd} {every_character()} {marks}"}
    brief_to_pdf(data, tmp_path / "a.typ", tmp_path / "a.pdf", tmp_path)
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


def test_a_figure_with_an_escape_character_is_an_svg_that_programs_read(tmp_path):
    drawn = figure(2)
    drawn.subplots().set_title("a\x1bb \U0001f600")
    save(drawn, tmp_path / "f.svg")
    assert "[U+001B]" in (tmp_path / "f.svg").read_text(encoding="utf-8")
    ElementTree.parse(tmp_path / "f.svg")


def test_a_cell_that_nobody_can_have_typed_is_refused_with_its_row(tmp_path):
    questions = {"free": question("free", "text")}
    form = Questionnaire("", "f", "1", "F", ("en",), questions, {})
    for length, row in ((LONGEST, None), (LONGEST + 1, 3)):
        (tmp_path / "e.csv").write_text(f"free\nx\n{'y' * length}\n", encoding="utf-8")
        if row is None:
            assert len(read_export(str(tmp_path / "e.csv"), form, ENTRY, "e.csv")[0]) == 2
        else:
            with pytest.raises(ReaderError, match=rf"row {row}, column 'free': a cell of 65,536 letters"):
                read_export(str(tmp_path / "e.csv"), form, ENTRY, "e.csv")


TEXT = {"free": "text", "kind": "select_one", "count": "integer"}


def test_a_text_with_odd_characters_is_kept_and_said_and_nothing_acts_on_it(tmp_path):
    questions = {name: question(name, kind) for name, kind in TEXT.items()}
    form = Questionnaire("", "f", "1", "F", ("en",), questions, {})
    lines = ["free,kind,count", "goed \U0001f600,a,1", "a\x1b[31mb,a\x1b,2", "gewoon,a,3"]
    (tmp_path / "e.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    responses, notes, _ = read_export(str(tmp_path / "e.csv"), form, ENTRY, "e.csv")
    # Who codes the answer can read it; what a program would act on is gone.
    assert responses["free"].tolist() == ["goed \U0001f600", "a[U+001B][31mb", "gewoon"]
    assert responses["kind"].tolist() == ["a", "a[U+001B]", "a"]
    assert notes[["row", "question", "rule", "note"]].to_numpy().tolist() == [
        [2, "free", "characters", "U+1F600"], [3, "free", "characters", "U+001B"]
    ]  # fmt: skip
    submissions = pd.DataFrame({"source": "e.csv", "row": [2, 3, 4], "status": "kept", "facility_id": ["x", "y", "z"]})
    trail = audit_trail([], notes, submissions)
    assert trail[["row", "rule", "severity"]].to_numpy().tolist() == [
        [2, "characters", "flag"],
        [3, "characters", "flag"],
    ]
    assert SEVERITY["characters"] == "flag"
