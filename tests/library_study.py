"""A survey of another subject than the shipped one, as files: public and school libraries, asked in English and Dutch."""

from __future__ import annotations

from pathlib import Path

import tool_files

SURVEY = [
    ["type", "name", "label::English (en)", "label::Nederlands (nl)"],
    ["text", "facility_name", "Name of the library", "Naam van de bibliotheek"],
    ["select_one service", "service", "Kind of library", "Soort bibliotheek"],
    ["select_one yn", "open_weekends", "Open at weekends?", "In het weekend open?"],
    ["select_multiple lent", "lends", "What can be borrowed?", "Wat is te leen?"],
    ["integer", "members", "How many members?", "Hoeveel leden?"],
    ["text", "wishes", "What would help?", "Wat zou helpen?"],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Nederlands (nl)"],
    ["service", "public", "Public library", "Openbare bibliotheek"],
    ["service", "school", "School library", "Schoolbibliotheek"],
    ["yn", "yes", "Yes", "Ja"],
    ["yn", "no", "No", "Nee"],
    ["lent", "books", "Books", "Boeken"],
    ["lent", "music", "Music", "Muziek"],
    ["lent", "tools", "Tools", "Gereedschap"],
]
SETTINGS = [["form_title", "form_id", "version"], ["Libraries 2024", "libraries", "202401"]]
LIBRARIES = [
    (f"L{place:02}", f"Library {word}", "public" if place % 2 else "school")
    for place, word in enumerate(
        ("Acorn", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak", "Pine", "Rowan", "Spruce", "Willow", "Yew"), start=1
    )
]  # fmt: skip


def write_form(path: Path, survey: list[list[str]] = SURVEY) -> Path:
    tool_files._write_xlsx(path, {"survey": survey, "choices": CHOICES, "settings": SETTINGS})
    return path


def write_register(path: Path) -> Path:
    lines = ["facility_id,name,aliases,organisation,service,province,municipality,opened,closed"]
    lines += [
        f"{id_},{name},,Trust {id_},{kind},{'north' if place < 7 else 'south'},Town {place % 3},2001-01-01,"
        for place, (id_, name, kind) in enumerate(LIBRARIES)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def write_answers(path: Path) -> None:
    """Twelve of the fourteen answered; ten of them are open at weekends."""
    lines = ["facility_name,service,open_weekends,lends,members,wishes"]
    for place, (_, name, kind) in enumerate(LIBRARIES[:12]):
        lent = " ".join(["books", *(["music"] if place % 3 else []), *(["tools"] if place % 4 == 0 else [])])
        lines.append(f"{name},{kind},{'no' if place in (4, 5) else 'yes'},{lent},{300 + 40 * place},More shelves")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
