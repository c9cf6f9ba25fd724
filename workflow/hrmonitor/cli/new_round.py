"""`new-round`: a folder, the forms to send out, a block for config.yaml and a checklist."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import yaml

from hrmonitor.errors import ConfigError
from hrmonitor.files.atomic import whole
from hrmonitor.forms.exports.publish import publish
from hrmonitor.questionnaire.model import SHEETS, Questionnaire, read_questionnaire, read_sheet

BLOCK = """  # A new round. Correct what stands here when the files are in; docs/guides/new-round.md walks through it.
  "{name}":
    year: {year}
    title:
{titles}
    questionnaire: raw/{name}/questionnaire
{who}    exports:
      # `auto` looks at the file and says what it found; docs/reference/config.md lists the tools. Interviews: mode: interview.
      - path: raw/{name}/exports/*
        tool: auto
        mode: questionnaire
        # Columns that are no question, questions that were not asked, and a map of headings, if `check` asks for them:
        # ignore: ["Remark of the researcher"]
        # absent: [remarks]
        # columns: raw/{name}/columns.csv
    # Open answers, and what stands under "other, namely", when people have coded them; docs/guides/coding.md walks through it.
    # coding:
    #   themes: raw/{name}/coding/themes.csv
    #   coders: [raw/{name}/coding/coder_1.xlsx, raw/{name}/coding/coder_2.xlsx]
    # other: raw/{name}/other_decisions.csv
"""
# Of whom the round speaks: of the register, or as the round that it is made from.
NAMED = """    # Your decisions on names of facilities that the register does not know; `check` writes a workbook to make them in.
    names: raw/{name}/names.csv
    # Whom you approached, with facility_id, approached_on and outcome: take the # away when you have made it.
    # contacts: raw/{name}/contacts.csv
"""
FRAMED = """    # Of whom the round speaks; docs/guides/frames.md.
    frame: {frame}
"""
# The third step of the checklist, by the kind of frame.
BEFORE = {
    "register": "Bring `raw/register.csv` up to date: facilities that opened or closed.",
    "population": "Bring `{counts}` up to date: how many there are of each type of service.",
    "sample": "See that the exports will have the questions that `frame:` of the round names: who answered, and how they were drawn.",
}
CHECKLIST = """# Round {name}: checklist

1. [ ] Change the questions: open `{form}` in Excel, save it, and take it over with
       `.venv/bin/hrmonitor import-form {form} raw/{name}/questionnaire --replace`.
       Keep the names of questions that stay.
       On its sheet `settings`, fill in `contact`: whom to ask, and where to return the form. It is printed.
{years}2. [ ] Make the forms again: `.venv/bin/hrmonitor forms raw/{name}/questionnaire raw/{name}/forms`
3. [ ] {before}
4. [ ] Send out the files in `raw/{name}/forms`: the XLSForm (for KoboToolbox or ODK), the workbook, the Word document or the PDF.
5. [ ] In `config.yaml`, let the findings that the answers are to test point to round "{name}", with the tests that would support them. Commit
       it, run `.venv/bin/hrmonitor preregister {name}`, and commit the file that it writes: the report can then say that the tests came first.
6. [ ] Put the exports into `raw/{name}/exports/`, as they are.
7. [ ] `.venv/bin/hrmonitor check {name}`, and fix what it names. What it asks you to decide, fill in in `raw/{name}/decisions.xlsx`, and run
       `.venv/bin/hrmonitor decide {name}`.
8. [ ] In `config.yaml`, let findings and figures point to round "{name}".
9. [ ] `.venv/bin/snakemake --cores 4`, and read the report.
"""
DECISIONS = "written,service,facility_id,reason\n"
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


def start(name: str, earlier: str, config: dict) -> str:
    """Make `raw/{name}/`, add the block to config.yaml; returns what was done, for the terminal.

    Nothing that exists is changed but config.yaml, which gets the block after the other rounds; if that cannot be done
    safely, the block is printed to be pasted. Raises `ConfigError` when the round or its folder is there already.
    """
    rounds = {str(key): block for key, block in (config.get("rounds") or {}).items()}
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ConfigError(f"{name!r} cannot be the name of a round: letters, digits, - and _ can.")
    if earlier not in rounds:
        raise ConfigError(f"config.yaml has no round {earlier!r}. Rounds: {', '.join(rounds)}.")
    folder = Path("raw", name)
    if name in rounds or folder.exists():
        raise ConfigError(
            f"round {name} is there already (in config.yaml or as {folder}). Choose another name; if making it was interrupted, delete {folder}."
        )
    source = Path(rounds[earlier]["questionnaire"])
    read_questionnaire(source)  # a form with a mistake is not worth copying
    digits = YEAR.search(name)
    year = int(digits.group()) if digits else rounds[earlier]["year"]
    try:
        (folder / "questionnaire").mkdir(parents=True)
        (folder / "exports").mkdir()
        for sheet in SHEETS:
            shutil.copyfile(source / f"{sheet}.csv", folder / "questionnaire" / f"{sheet}.csv")
        if (source / "crosswalk.csv").exists():  # what became of the questions of earlier forms holds for the copy too
            shutil.copyfile(source / "crosswalk.csv", folder / "questionnaire" / "crosswalk.csv")
        _rename(folder / "questionnaire", name, year, rounds[earlier]["year"])
        questionnaire = read_questionnaire(folder / "questionnaire")
        forms = publish(folder / "questionnaire", folder / "forms", list(config.get("languages", ["en"])))
        frame = _frame(rounds[earlier], folder)
        if not frame:
            (folder / "names.csv").write_text(DECISIONS, encoding="utf-8")
        kind, counts = (frame or {}).get("kind", "register"), (frame or {}).get("counts")
        before = BEFORE[kind].format(counts=counts)
        checklist = CHECKLIST.format(name=name, form=forms[0].as_posix(), years=_years(questionnaire), before=before)
        (folder / "CHECKLIST.md").write_text(checklist, encoding="utf-8")
    except BaseException:
        shutil.rmtree(folder)  # half a round would stand in the way of the next try
        raise
    flow = yaml.safe_dump(frame, default_flow_style=True, sort_keys=False, allow_unicode=True, width=1000).strip()
    who = FRAMED.format(frame=flow) if frame else NAMED.format(name=name)
    block = BLOCK.format(name=name, year=year, titles=_titles(rounds[earlier], name), who=who)
    lines = [
        f"{folder}/questionnaire: a copy of round {earlier}'s, as form {questionnaire.form_id}",
        *(f"{path}" for path in forms),
        *([] if frame else [f"{folder}/names.csv: for decisions on names of facilities"]),
        *([f"{counts}: a copy of round {earlier}'s, to be brought up to date"] if counts else []),
        f"{folder}/CHECKLIST.md: what to do next",
    ]
    if _add_block(Path("config.yaml"), block, name):
        lines.append(
            f"config.yaml: round {name} is added. It is left out of the report until {folder}/exports has files."
        )
    else:
        lines.append("config.yaml: paste this under `rounds:`\n" + block)
    return "\n".join(lines)


def _frame(earlier: dict, folder: Path) -> dict | None:
    """The frame of the earlier round's block, with counts of its own under `folder`; None if it is the register."""
    frame = earlier.get("frame")
    if not frame or frame.get("kind") == "register":
        return None
    if not frame.get("counts"):
        return dict(frame)
    counts = folder / Path(frame["counts"]).name
    shutil.copyfile(frame["counts"], counts)
    return {**frame, "counts": counts.as_posix()}


def _rename(questionnaire: Path, name: str, year: int, earlier: int) -> None:
    """Title, id and version of the copy: a survey tool takes a form of the same id for the same form.

    `contact` gets a column to fill in for each language.
    """
    settings = questionnaire / "settings.csv"
    row = read_sheet(settings)[0]
    row = {
        key: text.replace(str(earlier), str(year)) if key != "default_language" else text for key, text in row.items()
    }
    if str(year) not in row.get("form_id", ""):
        row["form_id"] = f"{row.get('form_id', 'form')}_{name.replace('-', '_')}"
    row["version"] = f"{year}01"
    for heading in read_sheet(questionnaire / "survey.csv")[0]:
        if heading.partition("::")[0] == "label":
            row.setdefault(heading.replace("label", "contact", 1), "")
    with open(settings, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row), lineterminator="\n")
        writer.writeheader()
        writer.writerow(row)


def _titles(earlier: dict, name: str) -> str:
    """The earlier round's titles with the new round's name for its year, a line a language."""
    titles = {lang: title.replace(str(earlier["year"]), name) for lang, title in earlier["title"].items()}
    # JSON's strings are YAML's too, whatever stands in them.
    return "\n".join(f"      {lang}: {json.dumps(title, ensure_ascii=False)}" for lang, title in titles.items())


def _years(questionnaire: Questionnaire) -> str:
    """Questions that name a year, for the checklist: what was three years ago then is not so now."""
    lang = questionnaire.languages[0] if questionnaire.languages else ""
    named = [question for question in questionnaire if any(YEAR.search(label) for label in question.labels.values())]
    if not named:
        return ""
    lines = [f"       - `{question.name}`: {question.label(lang)}" for question in named]
    return "       These questions name a year. Is it still the right one?\n" + "\n".join(lines) + "\n"


def _add_block(path: Path, block: str, name: str) -> bool:
    """Add the block at the end of `rounds:`, keeping all comments; False if the file does not look as expected."""
    text = path.read_text(encoding="utf-8")
    match = re.search(r"^rounds:[ \t]*\n((?:[ \t].*\n|[ \t]*\n)*)", text, re.M)
    if not match or not match.group(1).strip():
        return False
    end = match.start(1) + len(match.group(1).rstrip("\n")) + 1
    added = text[:end] + block + text[end:]
    try:
        before, after = yaml.safe_load(text), yaml.safe_load(added)
    except yaml.YAMLError:
        return False
    if after != {**before, "rounds": {**before["rounds"], name: yaml.safe_load(block)[name]}}:
        return False
    with whole(path) as place:
        place.write_text(added, encoding="utf-8")
    return True
