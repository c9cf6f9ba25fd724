"""A small round beside the shipped ones, for tests of decisions: a form of a page, a register, an export, and a person at the workbook."""

from __future__ import annotations

import csv
from pathlib import Path

import yaml
from hrmonitor.cli.check_round import look_at_round
from hrmonitor.cli.decide import decide, offer
from hrmonitor.project.checks import check_config
from openpyxl import load_workbook

SURVEY = """type,name,label::Nederlands (nl),label::English (en),relevant,constraint
begin_group,identity,Wie,Who,,
text,facility_name,Naam,Name,,
select_one service,service,Type,Type,,
end_group,,,,,
select_one role,role,Functie?,Role?,,
text,role_other,Namelijk,Namely,${role} = 'other',
select_multiple barrier,barriers,Belemmeringen?,Barriers?,,
text,barriers_other,Namelijk,Namely,"selected(${barriers}, 'other')",
integer,clients,Hoeveel cliënten?,How many clients?,,
select_one growth,growth,Groei?,Growth?,,
"""
CHOICES = """list_name,name,label::Nederlands (nl),label::English (en),missing
service,dcr,Gebruiksruimte,Consumption room,
service,nsp,Spuitomruil,Needle exchange,
role,nurse,Verpleegkundige,Nurse,
role,manager,Leidinggevende,Manager,
role,other,Anders,Other,
barrier,documents,Geen documenten,No documents,
barrier,waiting_list,Wachtlijsten,Waiting lists,
barrier,other,Anders,Other,
growth,up,Meer dan 10%,More than 10%,
growth,down,Minder dan 10%,Less than 10%,
growth,quotes,"""
# A label with what CSV, YAML and Excel treat as their own.
LABEL = "Zegt \"nee\", of: = 'ja';\nniets"
CHOICES += '"Zegt ""nee"", of: = \'ja\';\nniets",Says nothing,\n'
SETTINGS = "form_title,form_id,version,default_language\nKlein,klein,1,Nederlands (nl)\n"
HEADINGS = ["facility_name", "service", "role", "role_other", "barriers/documents", "barriers/waiting_list", "barriers/other",
            "barriers_other", "clients", "growth"]  # fmt: skip
BLOCK = """  "2024":
    year: 2024
    title: {en: Small, nl: Klein}
    # The form stays where it is.
    questionnaire: raw/2024/questionnaire
    exports:
      - path: raw/2024/exports/*.csv
        tool: table
        mode: interview
"""


class SmallRound:
    """Round 2024 of a copy of the project; the working directory is that copy."""

    def __init__(self, *rows: dict[str, str], facilities: int = 3):
        home = Path("raw/2024")
        (home / "questionnaire").mkdir(parents=True)
        (home / "exports").mkdir()
        for sheet, text in (("survey", SURVEY), ("choices", CHOICES), ("settings", SETTINGS)):
            (home / f"questionnaire/{sheet}.csv").write_text(text, encoding="utf-8")
        register = Path("raw/register.csv").read_text(encoding="utf-8")
        lines = [f"XX-{number},Huis {name},,Stichting {number},dcr,utrecht,Utrecht,2000-01-01," for number, name in
                 enumerate(_names(facilities), start=1)]  # fmt: skip
        Path("raw/register.csv").write_text(register + "\n".join([*lines, ""]), encoding="utf-8")
        config = Path("config.yaml").read_text(encoding="utf-8")
        place = config.index('  "2021":\n')
        Path("config.yaml").write_text(config[:place] + BLOCK + config[place:], encoding="utf-8")
        self.workbook = home / "decisions.xlsx"
        self.export(*rows)

    def export(self, *rows: dict[str, str], headings: list[str] = HEADINGS, name: str = "answers.csv") -> None:
        with open(f"raw/2024/exports/{name}", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headings)
            writer.writeheader()
            writer.writerows({**dict.fromkeys(headings, ""), **row} for row in rows)

    @property
    def config(self) -> dict:
        return check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))

    def read(self):
        return look_at_round("2024", self.config)

    def check(self, lang: str = "en", always: bool = False) -> tuple[dict[str, tuple[int, int]], list[str], list[str]]:
        """({sheet: (open, decided)}, what is said about the workbook, what blocks the build)."""
        _, stops, reading = self.read()
        counts, lines = offer(reading, lang, always)
        return {sheet: (open_, decided) for sheet, open_, decided in counts if open_ or decided}, lines, stops

    def decide(self, who: str | None = "Anna", workbook: str | None = None) -> list[str]:
        return decide(self.read()[2], workbook, who)

    def rows(self, title: str) -> list[dict[str, str]]:
        """The rows of a sheet by heading, with `_row`."""
        sheet = load_workbook(self.workbook)[title]
        headings = [cell.value for cell in sheet[1]]
        return [{**dict(zip(headings, (cell.value for cell in row), strict=True)), "_row": row[0].row} for row in sheet.iter_rows(min_row=2) if row[0].value]  # fmt: skip

    def fill(self, title: str, written: str, decision: object, reason: object = "", heading: str | None = None) -> str:
        """Fill the row in which some cell is `written`; gives the cell of the decision."""
        book = load_workbook(self.workbook)
        sheet = book[title]
        row = next(row for row in sheet.iter_rows(min_row=2) if any(cell.value == written for cell in row[4:]))
        headings = [cell.value for cell in sheet[1]]
        columns = {name: headings.index(name) for name in ("decision", "reason") if name in headings}
        columns = columns or {"decision": headings.index("beslissing"), "reason": headings.index("reden")}
        row[columns["decision"]].value = decision
        if reason:
            row[columns["reason"]].value = reason
        book.save(self.workbook)
        return row[columns["decision"]].coordinate


def answer(name: str = "Huis Aarde", **cells: str) -> dict[str, str]:
    """A submission in order, but for `cells`."""
    order = {"service": "dcr", "role": "nurse", "barriers/documents": "1", "barriers/waiting_list": "0", "barriers/other": "0",
             "clients": "12", "growth": "up"}  # fmt: skip
    return {"facility_name": name, **order, **cells}


def record(path: str) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _names(number: int) -> list[str]:
    first = ["Aarde", "Beuk", "Cypres"]
    return [*first, *(f"nummer {place} in de lange laan" for place in range(number - len(first)))][:number]
