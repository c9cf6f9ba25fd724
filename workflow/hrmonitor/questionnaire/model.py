"""The questionnaire: an XLSForm in, questions with labels, skip logic and constraints out.

The form is kept as the sheets `survey.csv`, `choices.csv` and `settings.csv` in a folder. pyxform
validates it; a few columns of our own, which pyxform ignores, say what the pipeline does with a question:

- survey: `indicator` (a name that is stable across rounds), `statistic` (share, median, p10, p25, p75, p90, mean, total,
  client_mean; several separated by spaces), `weighted_by` (for client_mean: the question with the number of clients), `unit`,
  `pii` (yes: personal data, dropped as it is read), `coded` (yes: open text that people code into themes);
- survey: `consent` (yes: who does not say yes here is left out for every purpose, and nothing else of the answers is kept);
- survey: `parts` (questions whose sum may not exceed this one; a contradiction is flagged);
- survey: `aggregate` (how a question in a repeat becomes one answer: count, sum, mean, min, max, first, any);
- choices: `missing` (dont_know, refused or not_applicable: an answer that is no value);
- settings: `printed_title` and `contact` (whom to ask, where to return) in each language, for printed forms;
- settings: `services` (the types of service that the round was about, if not all on the form).

A fourth sheet, `crosswalk.csv`, may stand beside them: what became of an indicator's wording and categories since an
earlier form (docs/methods/comparability.md).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.files.handmade_csv import read_rows
from hrmonitor.language import LANGUAGES, terms
from hrmonitor.questionnaire.statistics import STATISTICS, WEIGHTED

SHEETS = ("survey", "choices", "settings")
KINDS = ("select_one", "select_multiple", "integer", "decimal", "date", "text", "calculate")
# XLSForm types that are one of these in all but their looks.
SAME_AS = {
    "range": "decimal", "time": "text", "dateTime": "text", "datetime": "text", "barcode": "text", "int": "integer",
    "string": "text", "select one": "select_one", "select multiple": "select_multiple",
}  # fmt: skip
# Types that a form may well have and no indicator can come from; their columns are known, and left out.
NOT_ANALYSED = (
    "note", "start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "geopoint", "geotrace",
    "geoshape", "image", "photo", "audio", "video", "file", "acknowledge", "trigger", "hidden", "audit", "start-geopoint",
    "background-audio", "background-geopoint", "xml-external", "csv-external", "rank", "instance", "select_one_external",
    "select_one_from_file", "select_multiple_from_file", "osm",
)  # fmt: skip
# pyxform advises against these; the forms work.
HARMLESS = (
    "Use the max-pixels parameter",
    "Choices should have a label",
    "do not contain valid machine-readable codes",
    "uses or_other and translations",
)
# An option with one of these as its code or label gives consent.
YES = {"yes", "y", "ja", "j", "1", "true", "agree", "akkoord"}
AGGREGATES = ("count", "sum", "mean", "min", "max", "first", "any")
MISSING_ANSWERS = ("dont_know", "refused", "not_applicable")
CROSSWALK_COLUMNS = ("indicator", "form_from", "kind", "category", "category_from")
# And a column a language: note_en, note_nl, ...
NOTE = "note_"
CROSSWALK_KINDS = ("same", "merged", "split", "not_comparable")


@dataclass(frozen=True)
class Choice:
    """An answer category. `missing` is None for a real answer."""

    name: str
    labels: dict[str, str]
    missing: str | None = None

    def label(self, lang: str) -> str:
        return _in_language(self.labels, lang, self.name)


@dataclass(frozen=True)
class Question:
    """One question. `relevant` joins its own condition and those of the groups around it.

    `repeat` is the repeat that it is asked in, if any; it then has one answer a submission by `aggregate`.
    """

    name: str
    kind: str
    group: tuple[str, ...]
    list_name: str
    labels: dict[str, str]
    hints: dict[str, str]
    relevant: str
    constraint: str
    constraint_messages: dict[str, str]
    calculation: str
    required: bool
    indicator: str
    statistics: tuple[str, ...]
    unit: str
    weighted_by: str
    pii: bool
    coded: bool
    parts: tuple[str, ...]
    choices: tuple[Choice, ...]
    repeat: str = ""
    aggregate: str = ""
    appearance: str = ""
    # The option that gives consent, where the question asks for it.
    consent: str = ""

    @property
    def codes(self) -> list[str]:
        """Names of all choices, in form order, those that mean "no value" included."""
        return [choice.name for choice in self.choices]

    def label(self, lang: str) -> str:
        return _in_language(self.labels, lang, self.name)

    def choice(self, name: str) -> Choice:
        for choice in self.choices:
            if choice.name == name:
                return choice
        raise KeyError(f"question {self.name} has no choice {name}")


@dataclass(frozen=True)
class CrosswalkEntry:
    """A row of `crosswalk.csv`: what became of an indicator, or of one of its categories, since the form `form_from`."""

    row: int
    indicator: str
    form_from: str
    kind: str
    category: str
    category_from: str
    notes: dict[str, str]

    @property
    def whole(self) -> bool:
        """Whether the row is about the question as a whole."""
        return not self.category and not self.category_from


@dataclass(frozen=True)
class Note:
    """Text for the reader of a form; `before` is the number of questions that stand before it."""

    name: str
    labels: dict[str, str]
    before: int


@dataclass(frozen=True)
class Questionnaire:
    """A form: questions by name in form order, the labels of its groups, and what it has that is not analysed.

    `services` are the types of service that were asked; empty when the form does not limit them.
    `titles` and `contact` are texts by language, '' for one that is in no language in particular.
    """

    folder: str
    form_id: str
    version: str
    title: str
    languages: tuple[str, ...]
    questions: dict[str, Question]
    groups: dict[str, dict[str, str]]
    unanalysed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    contact: dict[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    services: tuple[str, ...] = ()
    # About the form and its past; two forms that are sent out alike are equal.
    crosswalk: tuple[CrosswalkEntry, ...] = field(default=(), compare=False)

    def __getitem__(self, name: str) -> Question:
        return self.questions[name]

    def __iter__(self):
        return iter(self.questions.values())

    def title_in(self, lang: str) -> str:
        return self.titles.get(lang) or self.titles.get("") or self.title

    def contact_in(self, lang: str) -> str:
        return self.contact.get(lang) or self.contact.get("", "")

    @cached_property
    def answerable(self) -> list[Question]:
        """The questions that a person answers: all but calculated ones."""
        return [question for question in self if question.kind != "calculate"]

    @cached_property
    def by_indicator(self) -> dict[str, Question]:
        return {question.indicator: question for question in self if question.indicator}

    @cached_property
    def in_repeats(self) -> list[Question]:
        """Questions that may have several answers a submission: of a repeat, or of a tool's repeating instrument."""
        return [question for question in self.answerable if question.aggregate]


def read_questionnaire(folder: str | Path) -> Questionnaire:
    """Read and validate the form in `folder`.

    Raises `QuestionnaireError` naming sheet and row when pyxform refuses the form, when a column of our
    own holds something unknown, or when an expression in it cannot be evaluated.
    """
    folder = Path(folder)
    sheets = _sheets(folder)
    warnings = validate(sheets, folder)
    warnings = [warning for warning in warnings if not any(part in warning for part in HARMLESS)]
    if warnings:
        raise QuestionnaireError(f"{folder}: {warnings[0]} Fix the form so that pyxform has no warning.")
    return _questionnaire(sheets, folder)


def read_validated(folder: str | Path) -> Questionnaire:
    """As `read_questionnaire`, without pyxform: of a form that it has accepted earlier in the build.

    `comparability` and `ingest` have it look at every form. To load it costs a third of a second, in each of some forty jobs.
    """
    return _questionnaire(_sheets(Path(folder)), Path(folder))


def _sheets(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {sheet: read_sheet(folder / f"{sheet}.csv") for sheet in SHEETS}


def _questionnaire(sheets: dict[str, list[dict[str, str]]], folder: Path) -> Questionnaire:
    languages = tuple(
        match.group(1) for column in sheets["survey"][0] if (match := re.fullmatch(r"label::.*\(([\w-]+)\)", column))
    )
    settings = sheets["settings"][0]
    choices = _choices(sheets["choices"], folder)
    questions, groups, unanalysed, notes = _questions(sheets["survey"], choices, folder)
    _check_expressions(questions, folder)
    return Questionnaire(
        folder=str(folder),
        form_id=settings.get("form_id", ""),
        version=settings.get("version", ""),
        title=settings.get("form_title", ""),
        languages=languages,
        questions=questions,
        groups=groups,
        unanalysed=unanalysed,
        services=_services(settings.get("services", ""), questions, folder),
        crosswalk=_crosswalk(folder / "crosswalk.csv", questions),
        titles=_by_language(settings, "printed_title"),
        contact=_by_language(settings, "contact"),
        notes=tuple(notes),
    )


def validate(sheets: dict[str, list[dict[str, str]]], folder: str | Path) -> list[str]:
    """pyxform's warnings on the form; its errors become `QuestionnaireError`."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    workbook: dict[str, list[dict]] = {}
    for sheet, rows in sheets.items():
        workbook[sheet] = [{key: value for key, value in row.items() if value} for row in rows]
        workbook[f"{sheet}_header"] = [dict.fromkeys(rows[0])] if rows else []
    warnings: list[str] = []
    try:
        convert(workbook, warnings=warnings, form_name="data")
    except PyXFormError as error:
        raise QuestionnaireError(f"{folder}: {error} Correct the form's sheets.") from error
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        # pyxform stumbles over headings that it does not expect, such as form_title::English.
        raise QuestionnaireError(
            f"{folder}: pyxform cannot read the form ({type(error).__name__}: {error}). Look for an unusual heading of a column."
        ) from error
    return warnings


def read_sheet(path: str | Path) -> list[dict[str, str]]:
    """The rows of a sheet of the form by heading. Raises `QuestionnaireError` naming the file."""
    try:
        rows = read_rows(path)
    except FileNotFoundError as error:
        raise QuestionnaireError(
            f"{path}: there is no such file. A questionnaire is a folder with {', '.join(f'{sheet}.csv' for sheet in SHEETS)}."
        ) from error
    except (OSError, csv.Error) as error:
        raise QuestionnaireError(
            f"{path}: this sheet of the form cannot be read ({error}). Save it as CSV in UTF-8."
        ) from error
    # A form without choice questions has no choices.
    if not rows and Path(path).name != "choices.csv":
        raise QuestionnaireError(f"{path}: this sheet of the form is empty.")
    return rows


def _choices(rows: list[dict[str, str]], folder: Path) -> dict[str, tuple[Choice, ...]]:
    """The options of each list; those of one name, which a form may allow (allow_choice_duplicates), are one.

    Where a form does not allow it, pyxform has refused it.
    """
    lists: dict[str, dict[str, Choice]] = {}
    for number, row in enumerate(rows, start=2):
        missing = row.get("missing") or None
        if missing not in (None, *MISSING_ANSWERS):
            raise QuestionnaireError(
                f"{folder}/choices.csv, row {number}: missing is {missing!r}. "
                f"It can be empty or one of {', '.join(MISSING_ANSWERS)}."
            )
        choice = Choice(row["name"], _by_language(row, "label"), missing)
        options = lists.setdefault(row["list_name"], {})
        before = options.get(choice.name)
        options[choice.name] = choice if before is None else _one_option(before, choice)
    return {name: tuple(options.values()) for name, options in lists.items()}


def _one_option(first: Choice, second: Choice) -> Choice:
    """Two options of one name, such as the towns called so in two provinces, as one under both labels."""
    labels = {
        lang: " / ".join(dict.fromkeys(filter(None, (first.labels.get(lang, ""), second.labels.get(lang, "")))))
        for lang in (first.labels | second.labels)
    }
    return replace(first, labels=labels)


def _questions(
    rows: list[dict[str, str]], choices: dict[str, tuple[Choice, ...]], folder: Path
) -> tuple[dict[str, Question], dict[str, dict[str, str]], dict[str, tuple[str, ...]], list[Note]]:
    questions: dict[str, Question] = {}
    notes: list[Note] = []
    groups: dict[str, dict[str, str]] = {}
    unanalysed: dict[str, tuple[str, ...]] = {}
    path: list[tuple[str, str]] = []  # (group, its relevant), outermost first
    repeats: list[str] = []
    for number, row in enumerate(rows, start=2):
        written = " ".join(row.get("type", "").split())
        step = written.replace("_", " ")
        for long, short in SAME_AS.items():
            if written == long or written.startswith(f"{long} "):
                written = short + written[len(long) :]
        kind, _, rest = written.partition(" ")
        list_name, _, or_other = rest.partition(" ")
        place = f"{folder}/survey.csv, row {number}"
        if step in ("begin group", "begin repeat"):
            path.append((row["name"], row.get("relevant", "")))
            groups[row["name"]] = _by_language(row, "label")
            if step == "begin repeat":
                repeats.append(row["name"])
        elif step in ("end group", "end repeat"):
            path.pop()
            if step == "end repeat":
                repeats.pop()
        elif kind in KINDS:
            question = _question(row, kind, list_name, path, choices, place)
            if question.name in questions:
                raise QuestionnaireError(
                    f"{place}: the name {question.name!r} is that of an earlier question. Give each question a name of its own, in whatever "
                    "group it stands."
                )
            question = _aggregated(question, row.get("aggregate", ""), repeats[-1] if repeats else "", place)
            if repeats and not question.aggregate:
                unanalysed[question.name] = tuple(question.labels.values())
                continue
            if or_other.replace(" ", "_") == "or_other":
                question, text = _with_other(question)
                questions[question.name] = question
                questions[text.name] = text
                continue
            questions[question.name] = question
        elif kind in NOT_ANALYSED or step in ("start", "end"):
            if kind == "note":
                notes.append(Note(row.get("name", ""), _by_language(row, "label"), len(questions)))
            if row.get("name"):
                unanalysed[row["name"]] = tuple(_by_language(row, "label").values())
        elif kind:
            raise QuestionnaireError(
                f"{place}: questions of type {kind!r} are not analysed. Types that are: {', '.join(KINDS)}, note."
            )
    _check_indicators(questions, folder)
    for question in questions.values():
        for column, names in (("parts", question.parts), ("weighted_by", filter(None, [question.weighted_by]))):
            for name in names:
                if name not in questions:
                    raise QuestionnaireError(
                        f"{folder}/survey.csv, question {question.name}, {column}: there is no question {name!r}."
                    )
    return questions, groups, unanalysed, notes


def _aggregated(question: Question, aggregate: str, repeat: str, place: str) -> Question:
    if aggregate not in ("", *AGGREGATES):
        raise QuestionnaireError(f"{place}: aggregate {aggregate!r} is not known. It can be {', '.join(AGGREGATES)}.")
    kind = (
        "integer"
        if aggregate == "count"
        else "decimal"
        if aggregate in ("sum", "mean", "min", "max")
        else question.kind
    )
    return replace(question, repeat=repeat, aggregate=aggregate, kind=kind)


def _with_other(question: Question) -> tuple[Question, Question]:
    """`or_other` of XLSForm: one more option, and a text question for what it is."""
    other = Choice("other", {lang: terms(lang)["other"] for lang in LANGUAGES})
    text = replace(
        question, name=f"{question.name}_other", kind="text", list_name="", choices=(), indicator="", statistics=(), labels={},
        hints={}, constraint="", constraint_messages={}, calculation="", parts=(), appearance="",
    )  # fmt: skip
    choices = question.choices if "other" in question.codes else (*question.choices, other)
    return replace(question, choices=choices), text


def _question(row, kind, list_name, path, choices, place) -> Question:
    statistics = tuple(row.get("statistic", "").split())
    for statistic in statistics:
        if statistic not in STATISTICS:
            raise QuestionnaireError(
                f"{place}: statistic {statistic!r} is not known. It can be {', '.join(STATISTICS)}."
            )
        if (STATISTICS[statistic].of == "choices") != kind.startswith("select"):
            raise QuestionnaireError(f"{place}: a question of type {kind} has no {statistic}.")
    if bool(set(WEIGHTED) & set(statistics)) != bool(row.get("weighted_by")):
        raise QuestionnaireError(
            f"{place}: {', '.join(WEIGHTED)} and weighted_by go together; weighted_by names the question with the number of clients."
        )
    if row.get("pii") and (row.get("indicator") or row.get("coded")):
        raise QuestionnaireError(
            f"{place}: {row['name']} is personal data (pii) and can have no indicator and not be coded."
        )
    conditions = [relevant for _, relevant in path if relevant]
    if row.get("relevant"):
        conditions.append(row["relevant"])
    relevant = (
        " and ".join(f"({condition})" for condition in conditions) if len(conditions) > 1 else "".join(conditions)
    )
    return Question(
        name=row["name"],
        kind=kind,
        group=tuple(group for group, _ in path),
        list_name=list_name,
        labels=_by_language(row, "label"),
        hints=_by_language(row, "hint"),
        relevant=relevant,
        constraint=row.get("constraint", ""),
        constraint_messages=_by_language(row, "constraint_message"),
        calculation=row.get("calculation", ""),
        required=row.get("required", "").lower() in ("yes", "true", "true()"),
        indicator=row.get("indicator", ""),
        statistics=statistics,
        unit=row.get("unit", ""),
        weighted_by=row.get("weighted_by", ""),
        pii=row.get("pii", "").lower() == "yes",
        coded=row.get("coded", "").lower() == "yes",
        parts=tuple(row.get("parts", "").split()),
        appearance=row.get("appearance", ""),
        consent=_consent(row, kind, choices.get(list_name, ()), place),
        choices=choices.get(list_name, ()) if kind.startswith("select") else (),
    )


def _consent(row: dict[str, str], kind: str, choices: tuple[Choice, ...], place: str) -> str:
    """The code of the option that gives consent; "" for a question that does not ask for it.

    It must be beyond doubt which that is: of all options one says yes.
    """
    asked = row.get("consent", "").lower()
    if asked in ("", "no"):
        return ""
    if asked != "yes":
        raise QuestionnaireError(f"{place}: consent is {row['consent']!r}. It can be yes or empty.")
    if kind == "select_multiple" and len(choices) == 1:
        return choices[0].name
    yes = [
        choice.name for choice in choices if YES & {text.casefold() for text in (choice.name, *choice.labels.values())}
    ]
    if kind != "select_one" or len(yes) != 1:
        raise QuestionnaireError(
            f"{place}: {row['name']} asks for consent, so it must be a select_one of which one option is yes (coded yes, y, ja or 1), "
            "or a select_multiple with one box."
        )
    return yes[0]


def _check_indicators(questions: dict[str, Question], folder: Path) -> None:
    used = Counter(question.indicator for question in questions.values() if question.indicator)
    for indicator, times in used.items():
        if times > 1:
            names = [name for name, question in questions.items() if question.indicator == indicator]
            raise QuestionnaireError(
                f"{folder}/survey.csv: the questions {', '.join(names)} have one indicator, {indicator!r}. "
                "Give each a name of its own."
            )


def _services(text: str, questions: dict[str, Question], folder: Path) -> tuple[str, ...]:
    services = tuple(text.split())
    known = questions["service"].codes if "service" in questions else []
    for service in services:
        if service not in known:
            raise QuestionnaireError(
                f"{folder}/settings.csv, services: the question `service` has no answer {service!r}. "
                f"It can be: {', '.join(known) or 'nothing, as there is no such question'}."
            )
    return services


def _crosswalk(path: Path, questions: dict[str, Question]) -> tuple[CrosswalkEntry, ...]:
    """The rows of the sheet, each checked against this form; none if there is no such file."""
    if not path.exists():
        return ()
    rows = read_sheet(path)
    if not rows:
        return ()
    missing = [column for column in CROSSWALK_COLUMNS if column not in rows[0]]
    if missing:
        raise QuestionnaireError(
            f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(CROSSWALK_COLUMNS)}, and a note in each language."
        )
    languages = [column.removeprefix(NOTE) for column in rows[0] if column.startswith(NOTE)]
    found = {question.indicator: question for question in questions.values() if question.indicator}
    crossings = []
    for number, row in enumerate(rows, start=2):
        place = f"{path}, row {number}"
        if row["indicator"] not in found:
            raise QuestionnaireError(f"{place}, indicator: no question of this form has {row['indicator']!r}.")
        if row["kind"] not in CROSSWALK_KINDS:
            raise QuestionnaireError(f"{place}, kind: {row['kind']!r} is none of {', '.join(CROSSWALK_KINDS)}.")
        if not row["form_from"]:
            raise QuestionnaireError(f"{place}, form_from: write the form_id of the earlier form (its settings.csv).")
        codes = found[row["indicator"]].codes
        if row["category"] and row["category"] not in codes:
            raise QuestionnaireError(
                f"{place}, category: {row['indicator']} has no answer {row['category']!r}. It has: {', '.join(codes)}."
            )
        notes = {lang: row[f"{NOTE}{lang}"] for lang in languages}
        crossing = CrosswalkEntry(number, *(row[column] for column in CROSSWALK_COLUMNS), notes)  # type: ignore[arg-type, call-arg]  # unpacked in the order of the fields
        if crossing.whole and crossing.kind in ("merged", "split"):
            raise QuestionnaireError(f"{place}: categories are {crossing.kind}; name category and category_from.")
        if crossing.whole and not (notes and all(notes.values())):
            raise QuestionnaireError(
                f"{place}: say in {' and '.join(NOTE + lang for lang in languages or LANGUAGES)} why the question is {crossing.kind}."
            )
        if not crossing.whole and crossing.kind != "not_comparable" and not (row["category"] and row["category_from"]):
            raise QuestionnaireError(f"{place}: {crossing.kind} needs both category and category_from.")
        crossings.append(crossing)
    return tuple(crossings)


def _check_expressions(questions: dict[str, Question], folder: Path) -> None:
    from hrmonitor.questionnaire.expressions import compile_expression

    for question in questions.values():
        for column in ("relevant", "constraint", "calculation"):
            text = getattr(question, column)
            if not text:
                continue
            try:
                names = compile_expression(text).questions
            except QuestionnaireError as error:
                raise QuestionnaireError(f"{folder}/survey.csv, question {question.name}, {column}: {error}") from error
            unknown = sorted(names - set(questions))
            if unknown:
                raise QuestionnaireError(
                    f"{folder}/survey.csv, question {question.name}, {column}: there is no question "
                    f"{unknown[0]!r} in this form."
                )


def _by_language(row: dict[str, str], column: str) -> dict[str, str]:
    """{'nl': ..., 'en': ...} from the columns `label::Nederlands (nl)`, `label::English (en)`; '' for a plain `label`."""
    found = {}
    for key, value in row.items():
        match = re.fullmatch(rf"{column}(?:::(?:.*\(([\w-]+)\)|(.+)))?", key)
        if match and value:
            found[match.group(1) or match.group(2) or ""] = value
    return found


def _in_language(labels: dict[str, str], lang: str, name: str) -> str:
    """The label in that language; else the one without language; else the first there is; else the name."""
    return labels.get(lang) or labels.get("") or next(iter(labels.values()), name)
