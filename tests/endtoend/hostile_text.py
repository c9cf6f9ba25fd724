"""Hostile text in every place of a project where people write, for a build that must show all of it as text.

Each has `zq` and a number, by which it is found again.
"""

from __future__ import annotations

import csv
import itertools
import shutil
from pathlib import Path

import yaml

TEXTS = [
    '#read("/etc/passwd") zq1', '<script>zq("2")</script>', "<zq-element onclick=zq3()>", "{{< include /etc/zq4 >}}", "`{python} zq5()`",
    "```{=typst} #zq6() ```", "$x^{2 \\frac{zq7", "![a](javascript:zq8) <javascript:zq8>", '" onload="zq9()" a="', "{% zq10 %} {{ zq10 }}",
    "'; rm -rf ../../zq11; $(zq11) `zq11`", "veilig\u202egpj.zq12", "]]></w:t><w:instrText>zq13", "*zq14* _a_ ~b~ ^c^ @zq14 [^1] # h",
]  # fmt: skip
FORMULAS = ['=HYPERLINK("http://zq20","a")', "+cmd|' /C calc'!zq21", "-2+3+zq22", "@SUM(zq23)", "\t=1+zq24"]
ENGLISH = "label::English (en)"


def rewrite(path: Path, change, delimiter: str = ",", encoding: str = "utf-8") -> None:
    """`change` gets the rows as dictionaries, and changes them."""
    with open(path, encoding=encoding, newline="") as file:
        reader = csv.DictReader(file, delimiter=delimiter)
        headings, rows = reader.fieldnames, list(reader)
    change(rows)
    with open(path, "w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.DictWriter(file, headings, delimiter=delimiter, quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)


def plant_hostile_text(folder: Path, spared: int) -> None:
    """Into a copy of the shipped project. The first `spared` interviews and remarks of coders stay as they are."""
    turn = itertools.cycle([*TEXTS, *FORMULAS])
    behind = itertools.cycle(TEXTS)
    said: dict[str, str] = {}

    def with_text(text: str) -> str:
        """The same text gets the same tail wherever it stands: two rounds that ask the same still do."""
        return said.setdefault(text, f"{text} {next(behind)}") if text else text

    raw = folder / "raw"
    register = raw / "register.csv"
    with open(register, encoding="utf-8", newline="") as file:
        known = [row["name"] for row in csv.DictReader(file)]

    def answers(rows):
        open_ = [column for column in rows[0] if column.endswith(("[other]", "open")) or column == "remarks"]
        # What is not understood stands in the audit trail as it was written.
        for row, formula in zip(rows[spared:], FORMULAS, strict=False):
            row["clientstrend"] = formula
        for row in rows[spared:]:
            row.update({column: next(turn) for column in open_ if row[column]})
            # A name as in the register, which gets the same tail there; no other name begins like it.
            name = row["facilityname"]
            if name in known and sum(other["facilityname"][:14] == name[:14] for other in rows) == 1:
                row["facilityname"] = with_text(name)

    rewrite(raw / "2021/interviews.csv", answers, ";", "utf-8-sig")
    shutil.copy(raw / "2021/returned/vragenlijst_02.xlsx", raw / "2021/returned/=zq30 $(id) #read(x).xlsx")

    def facilities(rows):
        for row in rows:
            row["name"] = said.get(row["name"], row["name"])
            row["organisation"] = with_text(row["organisation"])

    rewrite(register, facilities)

    def labels(*columns):
        def change(rows):
            for row in rows:
                row.update({column: with_text(row[column]) for column in columns})

        return change

    for round_ in ("2018", "2021"):
        for sheet in ("survey", "choices"):
            rewrite(raw / round_ / "questionnaire" / f"{sheet}.csv", labels(ENGLISH))
    rewrite(raw / "2021/coding/themes.csv", labels("label_en"))
    rewrite(raw / "reference/series.csv", labels("label_en", "basis_en"))

    def remarks(column):
        def change(rows):
            for row in rows[spared:]:
                row[column] = next(turn)

        return change

    rewrite(raw / "2021/coding/coder_2.csv", remarks("opmerking"), ";", "cp1252")
    rewrite(raw / "2021/coding/consensus.csv", remarks("remark"))

    path = folder / "config.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))

    def texts(block):
        return {key: with_text(text) for key, text in block.items()}

    for block in (config["report"], *config["rounds"].values(), *config["figures"].values()):
        block["title"] = texts(block["title"])
    config["report"]["subtitle"] = texts(config["report"]["subtitle"])
    config["report"]["authors"] = [*TEXTS, "Harm Reduction Monitor"]
    for figure in config["figures"].values():
        if "labels" in figure:
            figure["labels"] = {key: texts(label) for key, label in figure["labels"].items()}
    for finding in config["findings"].values():
        finding["statement"] = texts(finding["statement"])
        finding["reason"] = (
            texts(finding["reason"]) if isinstance(finding["reason"], dict) else with_text(finding["reason"])
        )
        for test in finding["tests"]:
            test["why"] = texts(test["why"])
    path.write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True), encoding="utf-8")
