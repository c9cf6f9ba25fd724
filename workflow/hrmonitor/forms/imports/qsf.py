"""Qualtrics' .qsf: questions by block, options with their recoded values, display logic, and which column is which.

A matrix becomes a question a row, a side-by-side a question a column and row.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from hrmonitor.errors import QuestionnaireError
from hrmonitor.forms.imports.form import (
    Form,
    bare_text,
    in_columns,
    safe_code,
    safe_name,
    settle_conditions,
    written_by,
)
from hrmonitor.forms.imports.logic import from_qualtrics

ONE = {"SAVR", "SAHR", "SACOL", "DL", "SB"}
SEVERAL = {"MAVR", "MAHR", "MACOL", "MSB"}


# (import id or tag of the column with the answer, [(code, words, question for its text)])
Shared = tuple[str, list[tuple[str, str, str]]]


@dataclass
class _Survey:
    form: Form
    language: str
    places: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    # The legacy format has no import ids; where several columns have one tag, their order tells.
    by_tag: dict[str, list[tuple[str, str | None]]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    # Of a single answer with text at several choices: one column holds the texts of all.
    shared: dict[str, Shared] = field(default_factory=dict)
    shown_if: list[tuple[dict, dict]] = field(default_factory=list)


@dataclass(frozen=True)
class _Asked:
    """A question, or a column of a side-by-side: its import id and tag, how legacy columns name it, what it says, all else of it."""

    qid: str
    tag: str
    legacy: str
    text: str
    payload: dict


def read(path: str | Path, language: str) -> Form:
    """The survey as an XLSForm; codes of choices are the recoded values that the export holds."""
    return _survey(path, language).form


def column_names(path: str | Path) -> tuple[dict, dict, dict, dict]:
    """Import id -> (question, option); import id -> what values in the column mean; legacy tag -> targets in order;
    import id or legacy tag of a column that texts of several choices share -> `Shared`."""
    survey = _survey(path, "en")
    return survey.places, survey.values, survey.by_tag, survey.shared


def legacy_tag(tag: str) -> str:
    """A tag as the legacy format heads its column: it has no hyphens."""
    return tag.replace("-", "_")


def _survey(path: str | Path, language: str) -> _Survey:
    with written_by("Qualtrics", path):
        return _read(path, language)


def _read(path: str | Path, language: str) -> _Survey:
    try:
        content = json.loads(Path(path).read_text(encoding="utf-8-sig"))
        elements = content["SurveyElements"]
        entry = content["SurveyEntry"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise QuestionnaireError(f"{path}: the Qualtrics survey cannot be read. Export it again as .qsf.") from error
    language = (entry.get("SurveyLanguage") or language).lower()[:2]
    questions = {e["PrimaryAttribute"]: e["Payload"] for e in elements if e.get("Element") == "SQ"}
    form = Form(
        settings={
            "form_title": entry.get("SurveyName") or Path(path).stem,
            "form_id": safe_name(entry.get("SurveyID") or "qualtrics"),
            "version": "",
        }
    )
    survey = _Survey(form, language)
    for number, block in enumerate(_blocks(elements), start=1):
        members = [e.get("QuestionID") for e in block.get("BlockElements") or [] if e.get("Type") == "Question"]
        members = [qid for qid in members if qid in questions]
        if block.get("Type") == "Trash" or not members:
            continue
        form.survey.append(
            {
                "type": "begin_group",
                "name": f"block_{number}",
                **in_columns("label", {language: bare_text(block.get("Description")) or f"Block {number}"}),
            }
        )
        for qid in members:
            _question(survey, qid, questions[qid])
        form.survey.append({"type": "end_group", "name": ""})
    for line, logic in survey.shown_if:
        line["relevant"] = from_qualtrics(logic, survey.places)
    settle_conditions(form)
    return survey


def _blocks(elements: list[dict]) -> list[dict]:
    for element in elements:
        if element.get("Element") == "BL":
            payload = element["Payload"]
            return list(payload.values()) if isinstance(payload, dict) else payload
    return []


def _question(survey: _Survey, qid: str, payload: dict) -> None:
    kind, selector = payload.get("QuestionType"), payload.get("Selector")
    tag, text = payload.get("DataExportTag") or qid, bare_text(payload.get("QuestionText"))
    choices = _ordered(payload.get("Choices"), payload.get("ChoiceOrder"))
    if kind == "MC" and selector in ONE | SEVERAL:
        _choice(survey, _Asked(qid, tag, tag, text, payload), choices, several=selector in SEVERAL)
    elif kind == "TE" and selector == "FORM":
        for code, choice in choices:
            _add(
                survey,
                "text",
                f"{tag}_{code}",
                f"{text} - {_display(choice)}",
                payload,
                f"{qid}-{code}",
                f"{qid}-{code}-TEXT",
            )
    elif kind == "TE":
        _add(survey, "text", tag, text, payload, f"{qid}-TEXT", qid)
    elif kind == "Slider":
        for code, choice in choices:
            _add(survey, "decimal", f"{tag}_{code}", f"{text} - {_display(choice)}", payload, f"{qid}-{code}")
    elif kind == "Matrix":
        _matrix(survey, _Asked(qid, tag, tag, text, payload))
    elif kind == "SBS":
        for number, column in sorted((payload.get("AdditionalQuestions") or {}).items(), key=lambda item: int(item[0])):
            label = f"{text} - {bare_text(column.get('QuestionText'))}"
            rows = {"Choices": payload.get("Choices"), "ChoiceOrder": payload.get("ChoiceOrder")}
            _matrix(survey, _Asked(f"{qid}#{number}", f"{tag}_c{number}", f"{tag}#{number}", label, {**rows, **column}))
    elif kind == "DB":
        _add(survey, "note", tag, text, payload)
    else:
        survey.form.left_out.append(f"{tag}: type {kind} {selector} of Qualtrics has no equal")


def _choice(survey: _Survey, asked: _Asked, choices: list[tuple[str, dict]], several: bool) -> None:
    qid, tag, text, payload = asked.qid, asked.tag, asked.text, asked.payload
    codes = _codes(payload.get("RecodeValues"), choices)
    options = [(codes[code], {survey.language: _display(choice)}) for code, choice in choices]
    if not options:
        survey.form.left_out.append(f"{tag}: it has no choices")
        return
    list_name = survey.form.add_choices(safe_name(tag), options)
    line = _add(
        survey,
        f"{'select_multiple' if several else 'select_one'} {list_name}",
        tag,
        text,
        payload,
        *([] if several else [qid]),
    )
    texts = []
    for code, choice in choices:
        # Also how display logic names a choice of a single-answer question.
        survey.places[f"{qid}-{code}"] = (line["name"], codes[code])
        if several:
            survey.by_tag[legacy_tag(f"{tag}_{code}")].append((line["name"], codes[code]))
        if choice.get("TextEntry"):
            _add(
                survey,
                "text",
                f"{tag}_{codes[code]}_text",
                f"{text} - {_display(choice)}",
                payload,
                f"{qid}-{code}-TEXT",
            )
            target = survey.places[f"{qid}-{code}-TEXT"]
            texts.append((codes[code], _display(choice), target[0]))
            survey.places.setdefault(f"{qid}-TEXT", target)
            for legacy in (f"{tag}_TEXT", f"{tag}_{code}_TEXT"):
                survey.by_tag[legacy_tag(legacy)].append(target)
    if len(texts) > 1 and not several:
        survey.shared[f"{qid}-TEXT"] = (qid, texts)
        survey.shared[legacy_tag(f"{tag}_TEXT")] = (legacy_tag(tag), texts)
    survey.values[qid] = {codes[code]: _display(choice) for code, choice in choices}


def _matrix(survey: _Survey, asked: _Asked) -> None:
    qid, tag, text, payload = asked.qid, asked.tag, asked.text, asked.payload
    selector, sub = payload.get("Selector"), payload.get("SubSelector")
    rows = _ordered(payload.get("Choices"), payload.get("ChoiceOrder"))
    answers = _ordered(payload.get("Answers"), payload.get("AnswerOrder"))
    codes = _codes(payload.get("RecodeValues"), answers)
    tags = payload.get("ChoiceDataExportTags") or {}
    options = [(codes[code], {survey.language: _display(answer)}) for code, answer in answers]
    for code, row in rows:
        name = f"{tag}_{tags.get(code, code) if isinstance(tags, dict) else code}"
        label = f"{text} - {_display(row)}"
        if row.get("TextEntry"):
            extra = _add(survey, "text", f"{name}_text", label, payload, f"{qid}-{code}-TEXT")
            for row_tag in _row_tags(asked, code, tags):
                survey.by_tag[legacy_tag(f"{row_tag}_TEXT")].append((extra["name"], None))
        if selector == "TE" or sub in ("Short", "Medium", "Long", "Essay", "TE"):
            for answer, shown in answers:
                line = _add(
                    survey,
                    "text",
                    f"{name}_{answer}",
                    f"{label} - {_display(shown)}",
                    payload,
                    f"{qid}-{code}-{answer}-TEXT",
                    f"{qid}-{code}-{answer}",
                )
                for row_tag in _row_tags(asked, code, tags):
                    survey.by_tag[legacy_tag(f"{row_tag}_{answer}_TEXT")].append((line["name"], None))
            continue
        if not options:
            survey.form.left_out.append(f"{name}: it has no answers")
            continue
        several = sub == "MultipleAnswer"
        list_name = survey.form.add_choices(safe_name(tag), options)
        line = _add(
            survey,
            f"{'select_multiple' if several else 'select_one'} {list_name}",
            name,
            label,
            payload,
            *([] if several else [f"{qid}-{code}"]),
        )
        for answer, _ in answers:
            survey.places.setdefault(f"{qid}-{code}-{answer}", (line["name"], codes[answer]))
        for row_tag in _row_tags(asked, code, tags):
            if several:
                for answer, _ in answers:
                    survey.by_tag[legacy_tag(f"{row_tag}_{answer}")].append((line["name"], codes[answer]))
            else:
                survey.by_tag[legacy_tag(row_tag)].append((line["name"], None))
        survey.values[f"{qid}-{code}"] = {codes[answer]: _display(shown) for answer, shown in answers}


def _row_tags(asked: _Asked, code: str, tags) -> list[str]:
    """How the legacy format heads a row of a matrix: behind its question's tag, or by its own tag alone."""
    own = str(tags.get(code, code)) if isinstance(tags, dict) else code
    found = [f"{asked.legacy}_{own}", f"{asked.legacy}_{code}"]
    if "#" in asked.legacy:
        # A column of a side-by-side: "Q6_1: 2" is row 1, column 2, each by its own tag if it has one.
        base, column = asked.legacy.split("#")
        column = asked.payload.get("AnswerDataExportTag") or column
        found += [f"{own}: {column}", f"{base}_{code}: {column}"]
    return list(dict.fromkeys([*found, *([own] if own != code else [])]))


def _add(survey: _Survey, kind: str, name: str, label: str, payload: dict, *import_ids: str) -> dict:
    name = safe_name(name, survey.form.names())
    line = {"type": kind, "name": name, **in_columns("label", {survey.language: label or name})}
    validation = payload.get("Validation")
    settings = validation.get("Settings") if isinstance(validation, dict) else None
    if isinstance(settings, dict) and settings.get("ForceResponse") == "ON" and kind != "note":
        line["required"] = "yes"
    if isinstance(payload.get("DisplayLogic"), dict):
        survey.shown_if.append((line, payload["DisplayLogic"]))
    survey.form.survey.append(line)
    for import_id in import_ids:
        survey.places[import_id] = (name, None)
    return line


def _ordered(items, order) -> list[tuple[str, dict]]:
    if isinstance(items, list):
        items = {str(place): item for place, item in enumerate(items)}
    items = items or {}
    order = [str(code) for code in order or []]
    known = [code for code in order if code in items] + [code for code in items if code not in order]
    return [(code, items[code]) for code in known]


def _codes(recode, choices) -> dict[str, str]:
    """Choice id -> the value in the export; where two choices share one, the id keeps them apart."""
    recode = recode if isinstance(recode, dict) else {}
    wanted = {code: safe_code(str(recode.get(code, code))) for code, _ in choices}
    times: dict[str, int] = defaultdict(int)
    for value in wanted.values():
        times[value] += 1
    return {code: value if times[value] == 1 else f"{value}_{code}" for code, value in wanted.items()}


def _display(choice: dict) -> str:
    return bare_text(choice.get("Display")) if isinstance(choice, dict) else bare_text(str(choice))
