"""LimeSurvey's .lss: groups, questions of all usual types, options, relevance and simple validation."""

from __future__ import annotations

from collections import defaultdict
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
from hrmonitor.forms.imports.logic import from_limesurvey

TEXT, NUMBER = set("STUI"), set("NK")
# Kind of question -> its options in FIXED; "" for those that the survey lists.
ONE = {"L": "", "!": "", "O": "", "G": "gender", "Y": "yes_no", "5": "five"}
ARRAYS = {"F": "", "H": "", "A": "five", "B": "ten", "C": "yes_uncertain_no", "E": "increase"}
# Kinds with subquestions: one answer, boxes, a number or a text in each row, or in each cell.
OF_ROWS = {*ARRAYS, *"1QK;:"}
FIXED = {
    "gender": [("M", {"en": "Male", "nl": "Man"}), ("F", {"en": "Female", "nl": "Vrouw"})],
    "yes_no": [("Y", {"en": "Yes", "nl": "Ja"}), ("N", {"en": "No", "nl": "Nee"})],
    "five": [(str(n), {"en": str(n), "nl": str(n)}) for n in range(1, 6)],
    "ten": [(str(n), {"en": str(n), "nl": str(n)}) for n in range(1, 11)],
    "yes_uncertain_no": [("Y", {"en": "Yes", "nl": "Ja"}), ("U", {"en": "Uncertain", "nl": "Onzeker"}), ("N", {"en": "No", "nl": "Nee"})],
    "increase": [("I", {"en": "Increase", "nl": "Toegenomen"}), ("S", {"en": "Same", "nl": "Hetzelfde"}), ("D", {"en": "Decrease", "nl": "Afgenomen"})],
}  # fmt: skip
OTHER = {"en": "Other", "nl": "Anders, namelijk"}
COMMENT = {"en": "Comment", "nl": "Opmerking", "de": "Kommentar"}


def read(path: str | Path, language: str) -> Form:
    """The survey as an XLSForm; arrays become a question a row, named `code_row`."""
    tables = _tables(path)
    title = next((row.get("surveyls_title", "") for row in tables["surveys_languagesettings"]), "")
    sid = next((row.get("sid", "") for row in tables["surveys"] or tables["questions"]), "")
    form = Form(
        settings={"form_title": bare_text(title) or Path(path).stem, "form_id": f"limesurvey_{sid}", "version": ""}
    )
    with written_by("LimeSurvey", path):
        survey = _Survey(tables, form)
        if not survey.questions:
            raise QuestionnaireError(f"{path}: there is no question in it. Export the survey structure (.lss) again.")
        survey.write()
    settle_conditions(form)
    return form


def _tables(path: str | Path) -> dict[str, list[dict[str, str]]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        raise QuestionnaireError(
            f"{path}: the LimeSurvey structure cannot be read. Export it again as .lss."
        ) from error
    found: dict[str, list] = defaultdict(list)
    for section in root:
        for row in section.findall("rows/row"):
            found[section.tag].append({cell.tag: cell.text or "" for cell in row})
    return found


class _Survey:
    """The tables of an .lss, by their keys, on the way into a form."""

    def __init__(self, tables: dict[str, list[dict[str, str]]], form: Form):
        self.form = form
        self.texts = _by_language(tables, "questions", "question_l10ns", "qid", ("question", "help"))
        self.texts |= _by_language(tables, "subquestions", "question_l10ns", "qid", ("question",))
        self.groups = sorted(
            {row["gid"]: row for row in tables["groups"]}.values(), key=lambda row: int(row.get("group_order", 0))
        )
        self.group_names = _by_language(tables, "groups", "group_l10ns", "gid", ("group_name",))
        questions = {row["qid"]: row for row in tables["questions"]}.values()
        self.questions = sorted(questions, key=lambda row: int(row.get("question_order", 0)))
        self.subs: dict[str, list] = defaultdict(list)
        for row in sorted(
            {r["qid"]: r for r in tables["subquestions"]}.values(), key=lambda r: int(r.get("question_order", 0))
        ):
            self.subs[row["parent_qid"]].append(row)
        self.answers: dict[str, list] = defaultdict(list)
        labels: dict = defaultdict(dict)
        codes: dict[tuple, dict] = {}
        translated = {row["aid"]: row for row in tables["answers"] if "aid" in row}
        for row in tables["answers"]:
            key = (row["qid"], row["code"], row.get("scale_id", "0"))
            codes.setdefault(key, row)
            if "answer" in row:
                labels[key][_language(row.get("language", ""))] = bare_text(row["answer"])
        for row in tables["answer_l10ns"]:
            if (one := translated.get(row.get("aid", ""))) is not None:
                key = (one["qid"], one["code"], one.get("scale_id", "0"))
                labels[key][_language(row.get("language", ""))] = bare_text(row.get("answer"))
        for key, _ in sorted(codes.items(), key=lambda item: int(item[1].get("sortorder", 0) or 0)):
            self.answers[key[0]].append((key[1], labels[key], key[2]))
        self.scales: dict[str, dict] = defaultdict(lambda: defaultdict(dict))
        for row in tables["question_attributes"]:
            if bare_text(row.get("value")):
                self.scales[row["qid"]][row["attribute"]][_language(row.get("language", ""))] = bare_text(row["value"])
        self.preg = {row["qid"]: row.get("preg", "") for row in questions}
        self.boxes: dict[str, tuple[str, str]] = {}
        self.names: dict[str, str] = {}
        self.pending: list[tuple[dict, str]] = []

    def write(self) -> None:
        for group in self.groups:
            members = [row for row in self.questions if row["gid"] == group["gid"]]
            name = safe_name(f"group_{group['gid']}")
            self.form.survey.append(
                {
                    "type": "begin_group",
                    "name": name,
                    **in_columns("label", self.group_names[group["gid"]]["group_name"]),
                }
            )
            for row in members:
                self.question(row)
            self.form.survey.append({"type": "end_group", "name": ""})
        for row, relevance in self.pending:
            row["relevant"] = from_limesurvey(relevance, self.boxes, self.names)

    def question(self, row: dict) -> None:
        kind, code, qid = row["type"], row["title"], row["qid"]
        labels = self.texts[qid]["question"]
        add = self._adder(row)
        if kind in TEXT:
            add("text", code, labels)
        elif kind == "*":
            # LimeSurvey exports the result, so that it is read like an answer.
            add("text", code, labels)
            self.form.left_out.append(f"question {code}: it is read as LimeSurvey calculated it, not calculated anew")
        elif kind == "|":
            add("file", code, labels)
        elif kind in NUMBER and not self.subs[qid]:
            add("decimal", code, labels)
        elif kind == "D":
            add("date", code, labels)
        elif kind == "X":
            add("note", code, labels)
        elif kind in ONE:
            self._choice(add, "select_one", row, self._options(qid, ONE[kind]))
            if kind == "O":
                add("text", f"{code}_comment", _joined(labels, COMMENT))
        elif kind in "MP":
            self._boxes(add, row)
        elif kind == "R":
            options = self._options(qid)
            for place in range(1, len(options) + 1):
                self._choice(
                    add, "select_one", row, options, f"{code}_{place}", _joined(labels, {k: str(place) for k in labels})
                )
        elif kind in OF_ROWS:
            self._array(add, row)
        else:
            self.form.left_out.append(f"question {code}: type {kind!r} of LimeSurvey has no equal")

    def _options(self, qid: str, fixed: str = "") -> list[tuple[str, dict[str, str]]]:
        return FIXED.get(fixed) or [(code, texts) for code, texts, _ in self.answers[qid]]

    def _boxes(self, add, row: dict) -> None:
        """A question with several answers (M), each perhaps with a comment (P)."""
        code, qid = row["title"], row["qid"]
        labels = self.texts[qid]["question"]
        subs = [(sub["title"], self.texts[sub["qid"]]["question"]) for sub in self.subs[qid]]
        self._choice(add, "select_multiple", row, subs)
        for box, _ in subs:
            self.boxes[f"{code}_{box}"] = (safe_name(code), safe_code(box))
        if row["type"] == "P":
            for box, texts in [*subs, *([("other", OTHER)] if row.get("other") == "Y" else [])]:
                add("text", f"{code}_{box}comment", _joined(_joined(labels, texts), COMMENT))

    def _array(self, add, row: dict) -> None:
        """A question with rows: each becomes a question, or several where the rows have two scales or columns."""
        kind, code, qid = row["type"], row["title"], row["qid"]
        columns = [sub for sub in self.subs[qid] if sub.get("scale_id") == "1"]
        for sub in self.subs[qid]:
            name = f"{code}_{sub['title']}"
            labels = _joined(self.texts[qid]["question"], self.texts[sub["qid"]]["question"])
            if kind in ARRAYS:
                self._choice(add, "select_one", row, self._options(qid, ARRAYS[kind]), name, labels)
            elif kind == "1":
                for scale, letter in (("0", "A"), ("1", "B")):
                    options = [(c, t) for c, t, s in self.answers[qid] if s == scale]
                    heading = self.scales[qid][f"dualscale_header{letter}"] or {"en": str(int(scale) + 1)}
                    self._choice(add, "select_one", row, options, f"{name}_{int(scale) + 1}", _joined(labels, heading))
            elif kind in "QK":
                add("text" if kind == "Q" else "decimal", name, labels)
            elif sub.get("scale_id") != "1":
                for column in columns:
                    texts = _joined(labels, self.texts[column["qid"]]["question"])
                    add("text" if kind == ";" else "decimal", f"{name}_{column['title']}", texts)

    def _adder(self, row: dict):
        def add(kind: str, code: str, labels: dict[str, str], **extra: str) -> None:
            name = safe_name(code, self.form.names())
            self.names[code] = name
            line = {"type": kind, "name": name, **in_columns("label", labels or {"en": code}), **extra}
            if row.get("mandatory") == "Y" and kind != "note":
                line["required"] = "yes"
            if self.preg.get(row["qid"]):
                self.form.left_out.append(f"question {code}: the pattern {self.preg[row['qid']]}")
            relevance = row.get("relevance", "1").strip()
            if relevance not in ("", "1"):
                self.pending.append((line, relevance))
            self.form.survey.append(line)

        return add

    def _choice(self, add, kind, row, options, code: str | None = None, labels: dict | None = None) -> None:
        code, labels = code or row["title"], labels or self.texts[row["qid"]]["question"]
        options = [(safe_code(option), texts or {"en": option}) for option, texts in options]
        if row.get("other") == "Y":
            options.append(("other", OTHER))
        if not options:
            self.form.left_out.append(f"question {code}: it has no options")
            return
        languages = set(labels) or {"en"}
        options = [
            (option, {lang: text for lang, text in texts.items() if lang in languages} or texts)
            for option, texts in options
        ]
        add(f"{kind} {self.form.add_choices(safe_name(row['title']), options)}", code, labels)
        if row.get("other") == "Y":
            add("text", f"{code}_other", {lang: f"{labels[lang]} - {OTHER.get(lang, OTHER['en'])}" for lang in labels})


def _by_language(tables, name: str, translations: str, key: str, columns: tuple[str, ...]) -> dict:
    """key -> column -> language -> text; newer files keep translations in a table of their own."""
    found: dict = defaultdict(lambda: defaultdict(dict))
    for row in [*tables[name], *tables[translations]]:
        for column in columns:
            if bare_text(row.get(column)):
                found[row[key]][column][_language(row.get("language", ""))] = bare_text(row[column])
    return found


def _joined(one: dict[str, str], other: dict[str, str]) -> dict[str, str]:
    return {lang: f"{text} [{other.get(lang, next(iter(other.values()), ''))}]" for lang, text in one.items()} or dict(
        other
    )


def _language(code: str) -> str:
    return code.split("-")[0] or "en"
