"""What coders saw in the open answers: the answers that they are given, and their files read back.

An answer has a place (source, row, question) and a key: letters and digits that tell a coder nothing and lead back to the place.
A coder's file is a filled workbook of `sheets` (key, theme 1, theme 2, ...) or a CSV with `source, row, question, themes`, the themes
apart by `|`; both may have a column `publish`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from hrmonitor.errors import CleaningError
from hrmonitor.files.sheet import Sheet
from hrmonitor.files.sheets import read_sheets
from hrmonitor.language import LANGUAGES, of_forms
from hrmonitor.personal_data import MASK
from hrmonitor.themes.codebook import LABEL

PLACE = ["source", "row", "question"]
# Headings of the workbooks in each language, and the entry that says "I read it, and none of the themes is in it".
HEADINGS = {lang: of_forms(lang)["coding"]["headings"] for lang in LANGUAGES}
CLEARED = {"x": True, "": None} | {
    words[answer]: answer == "yes" for words in HEADINGS.values() for answer in ("yes", "no")
}


@dataclass(frozen=True)
class Coding:
    """One coder's file, or that of the consensus round.

    `marks`: source, row, question, theme, coded (bool), one row an answer and theme of its question. `publish`: source, row,
    question, cleared (bool) for answers about which the file says so. `notes`: sentences on what is not as it might be.
    """

    marks: pd.DataFrame
    publish: pd.DataFrame
    notes: list[str]


def answers_to_code(
    round_: str,
    book: pd.DataFrame,
    responses: pd.DataFrame,
    submissions: pd.DataFrame,
    register: pd.DataFrame,
    seed: int,
) -> pd.DataFrame:
    """source, row, question, key, facility_id, service, kept, text: each answer to a question of the book.

    `responses` are those of ingest: contact details are masked in them. In `text` the names of facilities and organisations in the
    register are masked besides: coders should not see whose answer it is, and a quote should not tell. `kept` is whether the submission
    counts; only such answers are given to coders. The key depends on the answer too: when it has changed since, nobody knows its themes.
    """
    unknown = [question for question in book["question"].unique() if question not in responses]
    if unknown:
        raise CleaningError(
            f"the book of themes of round {round_} has themes for {unknown[0]!r}, which is no question of its questionnaire."
        )
    long = responses.rename(columns={"_source": "source", "_row": "row"}).melt(
        ["source", "row"], list(dict.fromkeys(book["question"])), "question", "text"
    )
    long = long[long["text"].fillna("").str.strip() != ""].merge(submissions, on=["source", "row"])
    places = long[[*PLACE, "text"]].itertuples(index=False)
    long["key"] = [_key(seed, round_, *place) for place in places]
    long["kept"] = long["status"] == "kept"
    names = _names(register)
    long["text"] = long["text"].map(lambda text: names.sub(MASK, text))
    return long[[*PLACE, "key", "facility_id", "service", "kept", "text"]].reset_index(drop=True)


def _key(seed: int, *place) -> str:
    """Nine letters and digits, a K in front: no spreadsheet takes it for a number."""
    digest = hashlib.sha256("\x1f".join(map(str, (seed, *place))).encode()).digest()
    return "K" + base64.b32encode(digest)[:8].decode()


def _names(register: pd.DataFrame) -> re.Pattern:
    """Whole names of facilities and organisations, longest first; short ones would mask ordinary words."""
    written = [*register["name"], *register["organisation"], *register["aliases"].str.split("|").explode()]
    long = sorted({name.strip() for name in written if len(name.strip()) > 5}, key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, long)) or '(?!)'})(?!\w)", re.I)


def read_coding(path: str | Path, book: pd.DataFrame, answers: pd.DataFrame) -> Coding:
    """A coder's file. Raises `CleaningError` naming file, row and theme or key for what cannot be right:

    a theme that is not in the book, a key or place that no answer has, an answer coded twice, or a `publish` that is no yes or no.
    """
    sheets, _ = read_sheets(str(path), {})
    tables = [table for sheet in sheets if (table := _table(sheet)) is not None]
    if not tables:
        raise CleaningError(
            f"{path}: no sheet has the columns of a coder's file: key and theme 1 (a workbook made by coding-sheets), or "
            "source, row, question and themes."
        )
    known, kept = _known(book), answers.set_index(PLACE)["kept"].to_dict()
    by_key = dict(zip(answers["key"], answers[PLACE].itertuples(index=False, name=None), strict=True))
    marks, publish, blank, dropped = [], [], 0, 0
    seen: dict = {}
    for table in tables:
        for number, one in table.iterrows():
            where = f"{path}, {table.attrs['name']}row {number}"
            place = _place(one, by_key, where)
            if place not in kept:
                raise CleaningError(
                    f"{where}: there is no answer to {place[2]!r} in row {place[1]} of {place[0]}. "
                    "Correct the place, or take the line out."
                )
            if place in seen:
                raise CleaningError(
                    f"{where}: this answer is coded twice, see row {seen[place]}. Keep one of the two lines."
                )
            seen[place] = number
            if not kept[place]:
                dropped += 1
                continue
            found = [_theme(text, known, place[2], where) for text in one["themes"]]
            cleared = CLEARED.get(one["publish"].casefold(), "unknown")
            if cleared == "unknown":
                raise CleaningError(f"{where}: publish is {one['publish']!r}. Write yes or no, or leave it empty.")
            if cleared is not None:
                publish.append((*place, cleared))
            if not one["read"]:
                blank += 1
                continue
            marks += [(*place, theme, theme in found) for theme in dict.fromkeys(known[place[2]].values()) if theme]
    notes = [
        f"{path}: {blank} answers have no theme and no {of_forms('en')['coding']['headings']['none']!r}; they count as not coded."
    ] * bool(blank)
    notes += [f"{path}: {dropped} answers are of submissions that do not count; they are left out."] * bool(dropped)
    return Coding(
        pd.DataFrame(marks, columns=[*PLACE, "theme", "coded"]).astype({"coded": "bool"}),
        pd.DataFrame(publish, columns=[*PLACE, "cleared"]).astype({"cleared": "bool"}),
        notes,
    )


def _table(sheet: Sheet) -> pd.DataFrame | None:
    """source, row, question or key; themes (list), read (coded at all), publish; None if the sheet is not a coder's."""
    headings = [heading.strip().casefold() for heading in sheet.row(0)]
    body = sheet.body(1).fillna("").astype("str").set_axis(range(len(headings)), axis=1)

    def column(name: str) -> pd.Series | None:
        words = {name, *(words.get(name, name) for words in HEADINGS.values())}
        return next((body[place] for place, heading in enumerate(headings) if heading in words), None)

    publish = column("publish")
    parts = {"publish": "" if publish is None else publish}
    if (key := column("key")) is not None:
        themes = re.compile(rf"({'|'.join(words['theme'] for words in HEADINGS.values())}) \d+")
        places = [place for place, heading in enumerate(headings) if themes.fullmatch(heading)]
        if not places:
            return None
        cells = [[text for text in row if text] for row in body[places].to_numpy().tolist()]
        table = pd.DataFrame({"key": key, "themes": cells, "read": [bool(one) for one in cells], **parts})
        # A line without a key, such as a remark below the table, is not an answer.
        table = table[(table["key"] != "") | table["read"]]
    elif (joined_themes := column("themes")) is not None and all(column(name) is not None for name in PLACE):
        cells = [[text.strip() for text in joined.split("|") if text.strip()] for joined in joined_themes]
        table = pd.DataFrame({**{name: column(name) for name in PLACE}, "themes": cells, "read": True, **parts})
    else:
        return None
    table.attrs["name"] = (
        "" if Path(sheet.path).suffix.lower() in (".csv", ".txt", ".tsv") else f"sheet {sheet.name!r}, "
    )
    return table


def _place(one: pd.Series, by_key: dict, where: str) -> tuple:
    if "key" in one.index:
        if one["key"] not in by_key:
            raise CleaningError(
                f"{where}: no answer has the key {one['key']!r}. Either the key was changed in the sheet, or the answer or the seed "
                "has changed since the sheets were made. Put the key back, or make new sheets with coding-sheets."
            )
        return by_key[one["key"]]
    if not one["row"].isdecimal():
        raise CleaningError(f"{where}: row is {one['row']!r}. It is the number of the row in the export.")
    return one["source"], int(one["row"]), one["question"]


def _known(book: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Question -> what a coder may write, in lower case -> theme; "" for "none of these"."""
    known: dict[str, dict[str, str]] = {}
    columns = [column for column in book if column.startswith(LABEL)]
    for question, theme, *labels in book[["question", "theme", *columns]].itertuples(index=False):
        names = known.setdefault(question, {words["none"]: "" for words in HEADINGS.values()})
        for name in (theme, *labels):
            names.setdefault(name.casefold(), theme)
    return known


def _theme(text: str, known: dict[str, dict[str, str]], question: str, where: str) -> str:
    themes = known.get(question, {})
    if text.casefold() not in themes:
        codes = [theme for theme in dict.fromkeys(themes.values()) if theme]
        raise CleaningError(f"{where}: {text!r} is no theme of {question!r}. Themes: {', '.join(codes) or 'none'}.")
    return themes[text.casefold()]


def side_by_side(coders: list[Coding], answers: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The coders' marks beside each other, and notes on answers that not all of them coded.

    The frame has source, row, question, theme, facility_id, service, then a column a coder (`coder_1` ...): True, False, or NA where
    that coder did not code the answer.
    """
    names = [f"coder_{number}" for number in range(1, len(coders) + 1)]
    keys = [*PLACE, "theme"]
    parts = [coder.marks.set_index(keys)["coded"].rename(name) for name, coder in zip(names, coders, strict=True)]
    wide = pd.concat(parts, axis=1).astype("boolean").reset_index() if parts else pd.DataFrame(columns=keys)
    wide = wide.merge(answers[[*PLACE, "facility_id", "service"]], on=PLACE).sort_values(keys, kind="stable")
    coded_by = wide.drop_duplicates(PLACE).set_index("question")[names].notna().sum(axis=1)
    notes = [note for coder in coders for note in coder.notes]
    for question, number in coded_by[coded_by == 1].groupby(level=0).size().items():
        notes.append(
            f"{question}: {number} answers were coded by one coder only; that coder decides, and they say nothing of agreement."
        )
    given = answers[answers["kept"]].groupby("question", sort=False).size()
    for question, number in given.items():
        if coders and (missing := number - int((coded_by.index == question).sum())):
            notes.append(f"{question}: {missing} of {number} answers were coded by nobody; they are not in the base.")
    return wide[[*keys, "facility_id", "service", *names]].reset_index(drop=True), notes
