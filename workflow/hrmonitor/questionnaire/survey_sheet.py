"""`survey.csv`: the rows of the form as questions, groups and notes, and what is not analysed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.language import LANGUAGES, terms
from hrmonitor.questionnaire.form import Choice, Note, Question
from hrmonitor.questionnaire.sheets import by_language
from hrmonitor.questionnaire.statistics import PEOPLE, STATISTICS, WEIGHTED

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
# An option with one of these as its code or label gives consent.
YES = {"yes", "y", "ja", "j", "1", "true", "agree", "akkoord"}
AGGREGATES = ("count", "sum", "mean", "min", "max", "first", "any")


@dataclass
class Survey:
    """What the sheet holds; `groups` are labels by the group's name, `unanalysed` those of what is in the form and not analysed."""

    questions: dict[str, Question] = field(default_factory=dict)
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    unanalysed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    # Where the row that is being read stands: (group, its relevant), outermost first, and the repeats among them.
    path: list[tuple[str, str]] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)


def read_survey(rows: list[dict[str, str]], choices: dict[str, tuple[Choice, ...]], folder: Path) -> Survey:
    """Raises `QuestionnaireError` for a row or a name that cannot be understood; expressions are left to `check_expressions`."""
    survey = Survey()
    for number, row in enumerate(rows, start=2):
        _read_row(survey, row, choices, f"{folder}/survey.csv, row {number}")
    _check_indicators(survey.questions, folder)
    _check_references(survey.questions, folder)
    return survey


def _read_row(survey: Survey, row: dict[str, str], choices: dict[str, tuple[Choice, ...]], place: str) -> None:
    written = " ".join(row.get("type", "").split())
    step = written.replace("_", " ")
    for long, short in SAME_AS.items():
        if written == long or written.startswith(f"{long} "):
            written = short + written[len(long) :]
    kind, _, rest = written.partition(" ")
    list_name, _, or_other = rest.partition(" ")
    if step in ("begin group", "begin repeat"):
        survey.path.append((row["name"], row.get("relevant", "")))
        survey.groups[row["name"]] = by_language(row, "label")
        if step == "begin repeat":
            survey.repeats.append(row["name"])
    elif step in ("end group", "end repeat"):
        survey.path.pop()
        if step == "end repeat":
            survey.repeats.pop()
    elif kind in KINDS:
        options = choices.get(list_name, ())
        question = _question(row, kind, list_name, options, survey.path, place)
        _add_question(survey, question, row, or_other.replace(" ", "_") == "or_other", place)
    elif kind in NOT_ANALYSED or step in ("start", "end"):
        if kind == "note":
            survey.notes.append(Note(row.get("name", ""), by_language(row, "label"), len(survey.questions)))
        if row.get("name"):
            survey.unanalysed[row["name"]] = tuple(by_language(row, "label").values())
    elif kind:
        raise QuestionnaireError(
            f"{place}: questions of type {kind!r} are not analysed. Types that are: {', '.join(KINDS)}, note."
        )


def _add_question(survey: Survey, question: Question, row: dict[str, str], with_other: bool, place: str) -> None:
    if question.name in survey.questions:
        raise QuestionnaireError(
            f"{place}: the name {question.name!r} is that of an earlier question. Give each question a name of its own, in whatever "
            "group it stands."
        )
    repeat = survey.repeats[-1] if survey.repeats else ""
    question = _aggregated(question, row.get("aggregate", ""), repeat, place)
    if repeat and not question.aggregate:
        survey.unanalysed[question.name] = tuple(question.labels.values())
    elif with_other:
        question, text = _with_other(question)
        survey.questions |= {question.name: question, text.name: text}
    else:
        survey.questions[question.name] = question


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


def _question(
    row: dict[str, str], kind: str, list_name: str, options: tuple[Choice, ...], path: list[tuple[str, str]], place: str
) -> Question:
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
        labels=by_language(row, "label"),
        hints=by_language(row, "hint"),
        relevant=relevant,
        constraint=row.get("constraint", ""),
        constraint_messages=by_language(row, "constraint_message"),
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
        consent=_consent(row, kind, options, place),
        counted_once=_counted_once(row, place),
        choices=options if kind.startswith("select") else (),
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


def _counted_once(row: dict[str, str], place: str) -> bool:
    """Whether nobody is counted at more than one facility; only a count of people can be so."""
    said = row.get("counted_once", "").lower()
    if said not in ("", "no", "yes"):
        raise QuestionnaireError(f"{place}: counted_once is {row['counted_once']!r}. It can be yes or empty.")
    if said == "yes" and row.get("unit", "") not in PEOPLE:
        raise QuestionnaireError(
            f"{place}: {row['name']} counts no people, so counted_once must be empty. Units of people: {', '.join(PEOPLE)}."
        )
    return said == "yes"


def _check_indicators(questions: dict[str, Question], folder: Path) -> None:
    used = Counter(question.indicator for question in questions.values() if question.indicator)
    for indicator, times in used.items():
        if times > 1:
            names = [name for name, question in questions.items() if question.indicator == indicator]
            raise QuestionnaireError(
                f"{folder}/survey.csv: the questions {', '.join(names)} have one indicator, {indicator!r}. "
                "Give each a name of its own."
            )


def _check_references(questions: dict[str, Question], folder: Path) -> None:
    for question in questions.values():
        for column, names in (("parts", question.parts), ("weighted_by", filter(None, [question.weighted_by]))):
            for name in names:
                if name not in questions:
                    raise QuestionnaireError(
                        f"{folder}/survey.csv, question {question.name}, {column}: there is no question {name!r}."
                    )


def check_expressions(questions: dict[str, Question], folder: Path) -> None:
    """Raises `QuestionnaireError` for an expression that cannot be parsed, or that names a question which the form does not have."""
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
