"""`new-study`: an empty study in a folder of its own: the engine, a questionnaire from a form, config.yaml, texts to write, and a register if there is one."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from string import Template

import pandas as pd

from hrmonitor.cli.engine import put_engine
from hrmonitor.cli.new_round import DECISIONS, YEAR
from hrmonitor.errors import ConfigError, RegisterError, UserError
from hrmonitor.forms.imports.form import Form
from hrmonitor.language import LANGUAGES, terms, without_controls
from hrmonitor.project.checks import IDENTITY
from hrmonitor.project.register import frame_of_year, read_register
from hrmonitor.questionnaire.model import Questionnaire, read_questionnaire
from hrmonitor.resources import RESOURCES
from hrmonitor.study import FOLDER, NAMES, TEXTS
from hrmonitor.tabulation.against_published import NOTE_LANGUAGE, SERIES_COLUMNS, VALUE_COLUMNS, in_languages

TEMPLATES = RESOURCES / "new_study"
# What is asked of a question in a form that does not say it.
STATISTIC = {"select_one": "share", "select_multiple": "share", "integer": "median", "decimal": "median"}
README = """# {title}

    make report

installs the locked packages and builds the report from `raw/`, `config.yaml` and `report/study/`. docs/guides/new-study.md says how to go on.
"""


# What config.yaml says of those who were asked: where a register names them, and where nobody knows how many there are.
OF_A_REGISTER = {
    "unit": "facility",
    "register": """# The sampling frame: every facility known, with the dates between which it was open.
register: raw/register.csv

""",
    "who": """    # Your decisions on names of facilities that the register does not know; `check` writes a workbook to make them in.
    names: raw/$round/names.csv
    # Whom you approached, with facility_id, approached_on and outcome: take the # away when you have made it.
    # contacts: raw/$round/contacts.csv
""",
    "flow": """  response_flow:
    kind: response_flow
    section: data
    round: "$round"
    title: {$figure_flow}
""",
}
OF_A_SAMPLE = {
    "unit": "person",
    "register": "",
    "who": """    # Who answered is a sample, of which nobody knows the whole. docs/guides/frames.md says what else a frame can be, and how to name
    # the questions with the code of a respondent (identity), strata, clusters and weights (design).
    frame: {kind: sample}
""",
    "flow": "",
}


# Over 6 parameters: they are what a user says on the command line, and the folder with the engine.
def start_study(
    folder: Path, form: Form, register: str | None, year: int | None, engine: Path, title: str, write: Callable[[Form, Path], None]
) -> str:  # fmt: skip
    """Make the study's folder and say what is in it. `form` is the form as it was imported, `title` that of its file, `write` writes it as CSV.

    Raises `UserError` where the folder is there already, the form or the register cannot be used; nothing is left behind then.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is there already and not empty. Name a folder that is not there.")
    if not (engine / "Snakefile").is_file():
        raise ConfigError(
            "run this in a copy of the monitor's own folder, which has its Snakefile: the new study takes the engine along."
        )
    facilities = read_register(register) if register else None
    made = not folder.exists()
    try:
        filled = _with_statistics(form)
        found = YEAR.search(" ".join(str(form.settings.get(key, "")) for key in ("version", "form_title", "form_id")))
        year = year or (int(found.group()) if found else date.today().year)
        round_ = folder / "raw" / str(year)
        (round_ / "exports").mkdir(parents=True)
        write(form, round_ / "questionnaire")
        questionnaire = _read(round_ / "questionnaire", title)
        languages = [lang for lang in questionnaire.languages if lang in LANGUAGES]
        _check(questionnaire, languages, facilities is not None)
        if facilities is not None:
            _check_register(questionnaire, facilities, str(register), year)
        put_engine(folder, engine)
        if register:
            (round_ / "names.csv").write_text(DECISIONS, encoding="utf-8")
            shutil.copyfile(register, folder / "raw/register.csv")
        _write_reference(folder / "raw/reference", languages)
        _write_texts(folder / FOLDER, questionnaire, languages)
        (folder / "config.yaml").write_text(_config(questionnaire, languages, year, bool(register)), encoding="utf-8")
        (folder / "README.md").write_text(README.format(title=_one_line(questionnaire.title)), encoding="utf-8")
    except BaseException:
        if made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return "\n".join([
        f"{folder}/config.yaml: one round, {year}, in {', '.join(languages)}",
        f"{folder}/raw/{year}/questionnaire: {len(questionnaire.questions)} questions",
        *([f"The form does not say what the report shows: each choice question has its shares, each number its median. Columns indicator and "
           f"statistic of {folder}/raw/{year}/questionnaire/survey.csv say it; change them there ({filled} questions)."] if filled else []),
        f"{folder}/raw/register.csv: {len(facilities)} facilities" if facilities is not None else
        "There is no register: those who answer are taken for a sample. If the number of all is known, or strata and weights are, say so in "
        f"{folder}/config.yaml (docs/guides/frames.md).",
        *(f"{folder}/{FOLDER}/{lang}: texts to write, with what each is for" for lang in languages),
        "Next:",
        f"- put the exports of your survey tool into {folder}/raw/{year}/exports/",
        f"- in {folder}: make report (or first make setup, and .venv/bin/hrmonitor check {year})",
    ])  # fmt: skip


def _with_statistics(form: Form) -> int:
    """Give each choice and number question its name for an indicator, where the form names none; how many."""
    if any(row.get("indicator") for row in form.survey):
        return 0
    filled = 0
    for row in form.survey:
        kind = row.get("type", "").partition(" ")[0]
        if kind in STATISTIC and row.get("name") not in (*IDENTITY, "province") and not row.get("pii"):
            row |= {"indicator": row["name"].lower(), "statistic": STATISTIC[kind]}
            filled += 1
    return filled


def _read(folder: Path, title: str) -> Questionnaire:
    try:
        return read_questionnaire(folder)
    except UserError as error:
        # The sheets are those of the form that was given, not files that anybody has.
        message = re.sub(rf"{re.escape(str(folder))}/(\w+)\.csv", rf"{title}, sheet \1", str(error))
        raise type(error)(message.replace(str(folder), title)) from error


def _check(form: Questionnaire, languages: list[str], registered: bool) -> None:
    if not registered and "service" not in form.questions:
        raise ConfigError(
            "the form has no question 'service', the group by which answers are told, such as a type of service or a city. Add it as a "
            "select_one; one option will do."
        )
    for name, what in IDENTITY.items() if registered else ():
        if name not in form.questions:
            raise ConfigError(
                f"the form has no question {name!r}, {what}. Every form needs {' and '.join(map(repr, IDENTITY))}: add it."
            )
    if not languages:
        raise ConfigError(
            f"the form's labels are in {', '.join(form.languages) or 'no language that they name'}, and the report can be in "
            f"{', '.join(LANGUAGES)}. Say with --language in which they are, or add labels in one of these."
        )


def _check_register(form: Questionnaire, register: pd.DataFrame, path: str, year: int) -> None:
    unknown = sorted(set(register["service"]) - set(form["service"].codes))
    if unknown:
        raise RegisterError(
            f"{path}, column service: the form has no type {unknown[0]!r}. Its types: {', '.join(form['service'].codes)}. Write one of them."
        )
    if frame_of_year(register, year).empty:
        raise RegisterError(
            f"{path}: no facility was open in {year}. Correct opened and closed, or say the year with --year."
        )


def _write_reference(folder: Path, languages: list[str]) -> None:
    """The folder of published figures, with no figure in it."""
    folder.mkdir()
    noted = [lang for lang in languages if lang != NOTE_LANGUAGE]
    for name, columns in (
        ("series", in_languages(SERIES_COLUMNS, languages)),
        ("values", in_languages(VALUE_COLUMNS, noted)),
    ):
        (folder / f"{name}.csv").write_text(",".join(columns) + "\n", encoding="utf-8")


def _write_texts(folder: Path, form: Questionnaire, languages: list[str]) -> None:
    for lang in languages:
        (folder / lang).mkdir(parents=True)
        prompts = TEMPLATES / lang if (TEMPLATES / lang).is_dir() else TEMPLATES / "en"
        for name in TEXTS:
            shutil.copyfile(prompts / name, folder / lang / name)
        (folder / lang / NAMES).write_text(_names(form, lang), encoding="utf-8")
    (folder / "references.bib").write_text("", encoding="utf-8")


def _names(form: Questionnaire, lang: str) -> str:
    """The labels of the form's types of service, to be written as they stand in a heading, in a narrow column and in a sentence."""
    lines = [
        "# The types of service: as a heading has them, in a narrow column (`short`), and one and several of them in a sentence. Take the # away",
        "# where you write such a form; `one` and `several` go together.",
        "services:",
    ]
    for choice in form["service"].choices:
        label = re.sub(r"[*_`\[\]{}<>|#$@\\]", " ", choice.label(lang) or choice.name)
        text = json.dumps(_one_line(label) or choice.name, ensure_ascii=False)
        lines += [f"  {json.dumps(choice.name)}:", f"    name: {text}"]
        lines += [f"    # {key}: {text}" for key in ("short", "one", "several")]
    return "\n".join(lines) + "\n"


def _config(form: Questionnaire, languages: list[str], year: int, registered: bool) -> str:
    def block(text_of: Callable[[str], str], indent: int) -> str:
        return "\n".join(f"{' ' * indent}{lang}: {json.dumps(text_of(lang), ensure_ascii=False)}" for lang in languages)

    def flow(key: str) -> str:
        return ", ".join(
            f"{lang}: {json.dumps(terms(lang)['new_study'][key].format(year=year), ensure_ascii=False)}"
            for lang in languages
        )

    def title(lang: str) -> str:
        return _one_line(form.title_in(lang)) or str(year)

    asked = OF_A_REGISTER if registered else OF_A_SAMPLE
    template = Template(Template((TEMPLATES / "config.template").read_text(encoding="utf-8")).safe_substitute(asked))
    titles = block(title, 6)
    return template.substitute(
        languages=", ".join(languages), round=str(year), year=year, titles=titles, subtitles=block(lambda _: str(year), 4),
        report_titles=block(title, 4), figure_flow=flow("flow"), figure_rules=flow("rules"),
        authors=json.dumps(terms(languages[0])["new_study"]["authors"], ensure_ascii=False),
    )  # fmt: skip


def _one_line(text: str) -> str:
    return " ".join(without_controls(text).split())
