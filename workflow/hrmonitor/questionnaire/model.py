"""The questionnaire: an XLSForm in, questions with labels, skip logic and constraints out.

The form is kept as the sheets `survey.csv`, `choices.csv` and `settings.csv` in a folder. pyxform
validates it; a few columns of our own, which pyxform ignores, say what the pipeline does with a question:

- survey: `indicator` (a name that is stable across rounds), `statistic` (share, median, p10, p25, p75, p90, mean, total,
  client_mean; several separated by spaces), `weighted_by` (for client_mean: the question with the number of clients), `unit`,
  `pii` (yes: personal data, dropped as it is read), `coded` (yes: open text that people code into themes);
- survey: `consent` (yes: who does not say yes here is left out for every purpose, and nothing else of the answers is kept);
- survey: `counted_once` (yes: nobody is counted at more than one facility, so that a total counts persons, not registrations);
- survey: `parts` (questions whose sum may not exceed this one; a contradiction is flagged);
- survey: `aggregate` (how a question in a repeat becomes one answer: count, sum, mean, min, max, first, any);
- choices: `missing` (dont_know, refused or not_applicable: an answer that is no value);
- settings: `printed_title` and `contact` (whom to ask, where to return) in each language, for printed forms;
- settings: `services` (the types of service that the round was about, if not all on the form).

A fourth sheet, `crosswalk.csv`, may stand beside them: what became of an indicator's wording and categories since an
earlier form (docs/methods/comparability.md).
"""

from __future__ import annotations

import re
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.questionnaire.choices_sheet import read_choices
from hrmonitor.questionnaire.crosswalk_sheet import CROSSWALK_COLUMNS, read_crosswalk
from hrmonitor.questionnaire.form import Choice, CrosswalkEntry, Note, Question, Questionnaire
from hrmonitor.questionnaire.sheets import SHEETS, by_language, read_sheet, read_sheets, validate
from hrmonitor.questionnaire.survey_sheet import KINDS, NOT_ANALYSED, SAME_AS, check_expressions, read_survey

# The names by which the rest of the package, and notebooks, know the form and its parts.
__all__ = (
    "CROSSWALK_COLUMNS", "KINDS", "NOT_ANALYSED", "SAME_AS", "SHEETS", "Choice", "CrosswalkEntry", "Note", "Question",
    "Questionnaire", "read_questionnaire", "read_sheet", "read_validated", "validate",
)  # fmt: skip
# pyxform advises against these; the forms work.
HARMLESS = (
    "Use the max-pixels parameter",
    "Choices should have a label",
    "do not contain valid machine-readable codes",
    "uses or_other and translations",
)


def read_questionnaire(folder: str | Path) -> Questionnaire:
    """Read and validate the form in `folder`.

    Raises `QuestionnaireError` naming sheet and row when pyxform refuses the form, when a column of our
    own holds something unknown, or when an expression in it cannot be evaluated.
    """
    folder = Path(folder)
    sheets = read_sheets(folder)
    warnings = validate(sheets, folder)
    warnings = [warning for warning in warnings if not any(part in warning for part in HARMLESS)]
    if warnings:
        raise QuestionnaireError(f"{folder}: {warnings[0]} Fix the form so that pyxform has no warning.")
    questionnaire = _questionnaire(sheets, folder)
    check_expressions(questionnaire.questions, folder)
    return questionnaire


def read_validated(folder: str | Path) -> Questionnaire:
    """As `read_questionnaire`, without pyxform and the parser of expressions: of a form that it has accepted earlier in the build.

    `comparability` and `ingest` have them look at every form. To load them costs half a second, in each of some twenty jobs.
    """
    return _questionnaire(read_sheets(Path(folder)), Path(folder))


def _questionnaire(sheets: dict[str, list[dict[str, str]]], folder: Path) -> Questionnaire:
    languages = tuple(
        match.group(1) for column in sheets["survey"][0] if (match := re.fullmatch(r"label::.*\(([\w-]+)\)", column))
    )
    settings = sheets["settings"][0]
    choices = read_choices(sheets["choices"], folder)
    survey = read_survey(sheets["survey"], choices, folder)
    return Questionnaire(
        folder=str(folder),
        form_id=settings.get("form_id", ""),
        version=settings.get("version", ""),
        title=settings.get("form_title", ""),
        languages=languages,
        questions=survey.questions,
        groups=survey.groups,
        unanalysed=survey.unanalysed,
        services=_services(settings.get("services", ""), survey.questions, folder),
        crosswalk=read_crosswalk(folder / "crosswalk.csv", survey.questions),
        titles=by_language(settings, "printed_title"),
        contact=by_language(settings, "contact"),
        notes=tuple(survey.notes),
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
