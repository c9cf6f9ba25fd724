"""A small round of every tool's exports with personal data in each place that is no answer, and in answers in shapes that no program sees.

Each value has a part of its own that nothing else has (`token`), so that what is left of a value is found too.
"""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import openpyxl
import tool_files as write
from hrmonitor.questionnaire.model import read_questionnaire
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from small_survey import SERIES, VALUES, small_config

TOOLS = [
    "table",
    "limesurvey",
    "kobo",
    "qualtrics",
    "redcap",
    "surveymonkey",
    "google_forms",
    "microsoft_forms",
    "spss",
    "stata",
    "excel_form",
    "word_form",
]
OF_TEXT = {"limesurvey", "qualtrics", "redcap", "surveymonkey", "google_forms"}
EACH = 3
SURVEY = """type,name,label::English (en),label::Nederlands (nl),hint::English (en),hint::Nederlands (nl),indicator,statistic,pii,remark
text,facility_name,Name of the facility,Naam van de voorziening,,,,,,
select_one service,service,Type of service,Type voorziening,,,,,,
select_one yn,open_weekends,Open at weekends?,In het weekend open?,{hint},{hint},open_weekends,share,,{remark}
text,contact,Whom may we call?,Wie mogen wij bellen?,,,,,yes,
text,remarks,Remarks,Opmerkingen,,,,,,
"""
CHOICES = """list_name,name,label::English (en),label::Nederlands (nl),note
service,room,Consumption room,Gebruiksruimte,
yn,yes,Yes,Ja,{note}
yn,no,No,Nee,
"""
NAMES = [f"{first} {last}" for first, last in zip(
    ["Wilmina", "Gerbrecht", "Odulfus", "Petronel", "Quirien", "Rombout", "Sebalda", "Teunisje", "Ulrike", "Vastert", "Wobbechien", "Xaveer"],
    ["Oosterdonk", "Plantinga", "Quaadgras", "Ruitenbeek", "Schellingh", "Tuinsteen", "Uilenbroek", "Vredestuin", "Wapperom", "Xanderling", "Ypelaar", "Zwaluwstra"],
    strict=True,
)]  # fmt: skip
# Of a token, as people write an address so that no program sees it.
SHAPES = [
    "{0}@host.nl", "{0}(at)host.nl", "{0} [at] host [dot] nl", "{0}\uff20host.nl", '"{0}"@host', '"{0}" @ host.nl', "{0}@[10.0.0.7]", "<{0}@host.nl>",
    "{0} @ host.nl", "{0}\u00a0@\u00a0host.nl", "{0}@ho\u200bst.nl", "{0}\u00ad@host.nl", "{0} at host dot nl", "{0}%40host.nl", "{0}_at_host.nl", "linkedin.com/in/{0}",
    "tiktok.com/@{0}", "{0}@host",
]  # fmt: skip


class Planted:
    """What was planted where: a token, or a value that is its own token, by which a stub is found too -> place."""

    def __init__(self):
        self.where: dict[str, str] = {}

    def mail(self, place: str) -> str:
        return f"{self.token(place)}@instelling.example"

    def token(self, place: str) -> str:
        number = len(self.where)
        token = f"zk{number:03d}qx"
        self.where[token] = place
        return token

    def digits(self, place: str) -> str:
        number = len(self.where)
        digits = f"7391{number:04d}"
        self.where[digits] = place
        return digits


def respondents(planted: Planted) -> dict[str, list[dict]]:
    """The answers by tool: three facilities each, one contact a tool, an open answer a facility."""
    texts = [f"vraag {shape.format(planted.token(f'answer: {shape}'))} graag" for shape in SHAPES]
    for shape in (
        "0 6 {} {} {} {} {} {} {} {}",
        "06_{}{}{}{}{}{}{}{}",
        "06-{}{} {}{} {}{} {}{}",
        "+31 6 {}{}{}{}{}{}{}{}",
    ):
        digits = planted.digits(f"answer: {shape}")
        written = shape.format(*digits)
        planted.where[written] = planted.where.pop(digits)
        texts.append(f"bel {written} graag")
    for value in (
        "1093KX, 7731",
        "1093 KX\u00a07732",
        "7733bis, 1093 KX",
        "3 februari 1973",
        "February 4th, 1973",
        "05021973",
    ):
        planted.where[value] = "answer: address or birth"
        texts.append(f"woont {value} daar" if "KX" in value else f"geboren op {value} hier")
    for name in NAMES:
        planted.where[name] = planted.where[name[3:]] = "contact and answer"
        cut = ("", "\u200b", chr(7))[len(texts) % 3]
        texts.append(f"spreek {name[:3]}{cut}{name[3:]} aan")
    # More than there are facilities: some say two things.
    found: dict[str, list[dict]] = {}
    for number, tool in enumerate(TOOLS):
        found[tool] = [
            {
                "facility_name": f"{tool.replace('_', ' ').title()} {'ABC'[one]}", "service": "room",
                "open_weekends": "yes" if (number + one) % 3 else "no", "contact": NAMES[number],
                # No workbook holds a control character.
                "remarks": "; ".join(texts[EACH * number + one :: EACH * len(TOOLS)]).replace(chr(7), chr(7) if tool in OF_TEXT else "\u2063"),
            }
            for one in range(EACH)
        ]  # fmt: skip
    return found


def add_columns(path: Path, columns: dict[str, str], heading_rows: int = 1, delimiter: str = ",") -> None:
    """Columns of the tool's own after the others, with the same value in each row of answers."""
    encoding = "utf-8-sig"
    with open(path, encoding=encoding, newline="") as file:
        rows = [row for row in csv.reader(file, delimiter=delimiter)]
    for number, row in enumerate(rows):
        if any(row):
            row += [
                heading
                if number == 0
                else (f"{{'ImportId': '{heading}'}}" if number == 2 and heading_rows == 3 else heading)
                if number < heading_rows
                else value
                for heading, value in columns.items()
            ]
    with open(path, "w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def dress_workbook(path: Path, planted: Planted, tool: str) -> None:
    """Everything that a workbook holds beside its cells."""

    def of(place: str) -> str:
        return planted.mail(f"{tool} workbook: {place}")

    workbook = openpyxl.load_workbook(path)
    sheet = workbook.worksheets[0]
    properties = workbook.properties
    properties.creator, properties.lastModifiedBy, properties.description = (
        of("author"),
        of("last author"),
        of("description"),
    )
    properties.title, properties.keywords, properties.subject, properties.category = (
        of("title"),
        of("keywords"),
        of("subject"),
        of("category"),
    )
    workbook.custom_doc_props.append(StringProperty(name="Bewaard door", value=of("custom property")))
    sheet["A2"].comment = Comment(of("cell comment"), of("comment author"))
    workbook.defined_names["Beheerder"] = DefinedName(
        "Beheerder", attr_text=f'"{of("defined name")}"', comment=of("comment of a name")
    )
    sheet.oddHeader.center.text, sheet.oddFooter.left.text = of("page header"), of("page footer")
    validation = DataValidation(
        type="list", formula1='"a,b"', prompt=of("prompt"), promptTitle="Vraag", error=of("error text")
    )
    validation.add("ZZ1")
    sheet.add_data_validation(validation)
    # Of a workbook of Kobo each sheet is a repeat: one that is not is refused.
    for state in ("hidden", "veryHidden") if tool != "kobo" else ():
        hidden = workbook.create_sheet(f"{planted.token(f'{tool} workbook: name of a sheet')}@host.nl")
        hidden.sheet_state = state
        hidden.append([of("cell of a hidden sheet")])
    workbook.save(path)


def dress_document(path: Path, planted: Planted) -> None:
    import docx

    document = docx.Document(str(path))
    properties = document.core_properties
    for field in ("author", "last_modified_by", "comments", "keywords", "subject", "category", "title"):
        setattr(properties, field, planted.mail(f"document: {field}"))
    section = document.sections[0]
    section.header.paragraphs[0].text, section.footer.paragraphs[0].text = (
        planted.mail("document: header"),
        planted.mail("document: footer"),
    )
    paragraph = document.add_paragraph(planted.mail("document: paragraph after the table"))
    document.add_comment(paragraph.runs, planted.mail("document: comment"), planted.mail("document: comment author"))
    hidden = document.add_paragraph().add_run(planted.mail("document: hidden text"))
    hidden.font.hidden = True
    document.save(str(path))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "docProps/custom.xml",
            f'<?xml version="1.0"?><Properties><vt>{planted.mail("document: custom property")}</vt></Properties>',
        )


def write_exports(folder: Path, planted: Planted, answers: dict[str, list[dict]]) -> list[dict]:
    """The exports of all tools, dressed, and their entries in config.yaml."""
    form, home = read_questionnaire(folder / "raw/2024/questionnaire"), folder / "raw/2024/exports"
    home.mkdir()
    exports = {}

    def own(tool: str, *headings: str) -> dict[str, str]:
        return {heading: planted.mail(f"{tool}: column {heading}") for heading in headings}

    write.table(exports.setdefault("table", home / "table.xlsx"), form, answers["table"])
    workbook = openpyxl.load_workbook(home / "table.xlsx")
    sheet = workbook.worksheets[0]
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 9).value = "Notitie" if row == 1 else planted.mail("table: hidden column, left out")
    sheet.column_dimensions["I"].hidden = sheet.row_dimensions[3].hidden = True
    workbook.save(home / "table.xlsx")
    write.limesurvey(exports.setdefault("limesurvey", home / "lime.csv"), form, answers["limesurvey"])
    add_columns(
        home / "lime.csv", own("limesurvey", "token", "ipaddr", "refurl", "seed", "startlanguage"), delimiter=";"
    )
    write.kobo(exports.setdefault("kobo", home / "kobo.xlsx"), form, answers["kobo"])
    workbook = openpyxl.load_workbook(home / "kobo.xlsx")
    sheet, place = workbook.worksheets[0], workbook.worksheets[0].max_column
    columns = own(
        "kobo",
        "deviceid",
        "username",
        "phonenumber",
        "simserial",
        "subscriberid",
        "_submitted_by",
        "_notes",
        "_tags",
        "audit",
        "today",
    )
    for at, (heading, value) in enumerate(columns.items(), start=place + 1):
        for row in range(1, sheet.max_row + 1):
            sheet.cell(row, at).value = heading if row == 1 else value
    workbook.save(home / "kobo.xlsx")
    write.qualtrics(exports.setdefault("qualtrics", home / "qualtrics.csv"), form, answers["qualtrics"])
    add_columns(
        home / "qualtrics.csv",
        own(
            "qualtrics",
            "IPAddress",
            "RecipientLastName",
            "RecipientFirstName",
            "RecipientEmail",
            "ExternalReference",
            "LocationLatitude",
        ),
        3,
    )
    write.redcap(exports.setdefault("redcap", home / "redcap.csv"), form, answers["redcap"])
    add_columns(
        home / "redcap.csv", own("redcap", "redcap_survey_identifier", "redcap_data_access_group", "form_timestamp")
    )
    write.surveymonkey(exports.setdefault("surveymonkey", home / "surveymonkey.csv"), form, answers["surveymonkey"])
    add_columns(
        home / "surveymonkey.csv",
        own("surveymonkey", "IP Address", "Email Address", "First Name", "Last Name", "Custom Data 1"),
    )
    write.google_forms(exports.setdefault("google_forms", home / "google.csv"), form, answers["google_forms"])
    add_columns(home / "google.csv", own("google_forms", "Username", "Score"))
    write.microsoft_forms(
        exports.setdefault("microsoft_forms", home / "microsoft.xlsx"), form, answers["microsoft_forms"]
    )
    workbook = openpyxl.load_workbook(home / "microsoft.xlsx")
    for row in range(2, workbook.worksheets[0].max_row + 1):
        workbook.worksheets[0].cell(row, 4).value = planted.mail("microsoft_forms: E-mail")
        workbook.worksheets[0].cell(row, 5).value = planted.mail("microsoft_forms: Naam")
    workbook.save(home / "microsoft.xlsx")
    statistical(exports, home, form, answers, planted)
    for tool, writer, ending in (("excel_form", write.excel_forms, "xlsx"), ("word_form", write.word_forms, "docx")):
        (home / tool).mkdir()
        path = home / f"form.{ending}"
        for number, _ in enumerate(writer(path, form, answers[tool])):
            copy = home / tool / f"form_{number}.{ending}"
            copy.write_bytes(path.read_bytes())
            (dress_workbook(copy, planted, tool) if ending == "xlsx" else dress_document(copy, planted))
        path.unlink()
        exports[tool] = home / tool / f"*.{ending}"
    for tool in ("table", "kobo", "microsoft_forms"):
        dress_workbook(exports[tool], planted, tool)
    entries = [
        {"path": path.relative_to(folder).as_posix(), "tool": tool, "mode": "interview"}
        for tool, path in exports.items()
    ]
    return entries


def statistical(exports: dict, home: Path, form, answers: dict, planted: Planted) -> None:
    """SPSS and Stata with file labels, notes, labels of variables, and labels of codes that nobody gave."""
    import pyreadstat

    for tool, ending, read in (("spss", "sav", pyreadstat.read_sav), ("stata", "dta", pyreadstat.read_dta)):
        path = exports.setdefault(tool, home / f"{tool}.{ending}")
        write.statistical(path, form, answers[tool])
        frame, meta = read(str(path))
        labels = {name: dict(of) for name, of in meta.variable_value_labels.items()}
        labels["open_weekends"][9] = planted.mail(f"{tool}: label of a code nobody gave")
        told = [planted.mail(f"{tool}: label of variable {name}") for name in frame]
        if tool == "spss":
            pyreadstat.write_sav(
                frame, str(path), variable_value_labels=labels, column_labels=told, file_label=planted.mail("spss: file label")[:64],
                note=[planted.mail("spss: notes"), planted.mail("spss: notes")],
            )  # fmt: skip
        else:
            labels = {name: {int(code): text for code, text in of.items()} for name, of in labels.items()}
            frame = frame.astype({name: "Int32" for name in labels})
            # No library at hand writes notes of Stata; pyreadstat reads none.
            pyreadstat.write_dta(
                frame,
                str(path),
                variable_value_labels=labels,
                column_labels=told,
                file_label=planted.mail("stata: data label"),
            )


def write_planted(folder: Path) -> Planted:
    """raw/ and config.yaml of the project in `folder`."""
    planted = Planted()
    home = folder / "raw/2024/questionnaire"
    home.mkdir(parents=True)
    (folder / "raw/reference").mkdir()
    of_form = {place: planted.mail(f"form: {place}") for place in ("hint", "remark", "note")}
    (home / "survey.csv").write_text(SURVEY.format(**of_form), encoding="utf-8")
    (home / "choices.csv").write_text(CHOICES.format(**of_form), encoding="utf-8")
    settings = planted.mail("form: instance_name and style")
    (home / "settings.csv").write_text(
        f"form_title,form_id,version,instance_name,style\nPlanted,planted,1,\"'{settings}'\",\n", encoding="utf-8"
    )
    answers = respondents(planted)
    register = [
        [
            "facility_id",
            "name",
            "aliases",
            "organisation",
            "service",
            "province",
            "municipality",
            "opened",
            "closed",
            "contact",
            "remarks",
        ]
    ]
    for rows in answers.values():
        for one in rows:
            register.append(
                [f"NL-{len(register)}", one["facility_name"], "", f"Stichting {len(register)}", "room", "utrecht", "Utrecht", "2010-01-01", "",
                 planted.mail("register: contact"), planted.mail("register: remarks")]
            )  # fmt: skip
    with open(folder / "raw/register.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(register)
    for name, content in (("series", SERIES), ("values", VALUES)):
        (folder / f"raw/reference/{name}.csv").write_text(content, encoding="utf-8")
    contacts = [["facility_id", "approached_on", "outcome", "remark"]]
    contacts += [[row[0], "2024-05-01", "interviewed", planted.mail("contacts: remark")] for row in register[1:]]
    with open(folder / "raw/2024/contacts.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(contacts)
    columns = [["source", "column", "letter", "question", "reason", "who", "when"]]
    columns += [
        [
            "exports/table.xlsx",
            "Notitie",
            "",
            "",
            planted.mail("decision: reason"),
            planted.mail("decision: who"),
            "2024-06-01",
        ]
    ]
    with open(folder / "raw/2024/columns.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(columns)
    config = small_config(("en",))
    config["rounds"]["2024"] |= {
        "exports": write_exports(folder, planted, answers),
        "columns": "raw/2024/columns.csv",
        "contacts": "raw/2024/contacts.csv",
    }
    import yaml

    (folder / "config.yaml").write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return planted
