"""Every file that leaves the project, so that none does that the disclosure audit does not know."""

from __future__ import annotations

import re
from pathlib import Path

from hrmonitor.declarations.tables import public_tables

# Folders of results/ that are sent on as they are.
PUBLIC_FOLDERS = ("open_data", "figures", "report")
# What people read, by its formats. The audit reads the woven text of pages (md) and their HTML; the other formats are set from it, and
# slides and summary say what the findings table says.
# The volumes are woven documents in the same forms, `report/{volume}.qmd`; the first is the one that people read first.
VOLUMES = ("report", "annex")
DOCUMENTS = {
    **dict.fromkeys(VOLUMES, ("md", "html", "ipynb", "pdf", "docx")),
    "slides": ("pdf", "pptx"),
    "summary": ("pdf",),
    # The page that leads to all others.
    "index": ("html",),
}
ENGINES = ("pandoc", "quarto")
AUDITED_FORMATS = ("md", "html")
BESIDE_THE_TABLES = ("datapackage.json", "README.md", "CITATION.cff", "LICENSE.txt")
FIGURE_FORMATS = ("svg", "narrow.svg", "png", "title.txt", "alt.txt", "long.txt")
# What file managers leave behind, and where other jobs write before they are done: their files and folders begin with a point.
LITTER = re.compile(r"\..*|Thumbs\.db|desktop\.ini|~\$.*", re.IGNORECASE)


def covered(figures: list[str], languages: list[str]) -> set[str]:
    """The public files of a survey with those figures, as paths under results/."""
    names = {f"open_data/{name}" for name in (*BESIDE_THE_TABLES, *(f"{table}.csv" for table in public_tables()))}
    names |= {f"figures/{figure}.csv" for figure in figures}
    for lang in languages:
        names |= {f"figures/{figure}_{lang}.{kind}" for figure in figures for kind in FIGURE_FORMATS}
        names |= {f"report/{name}_{lang}.{kind}" for name, kinds in DOCUMENTS.items() for kind in kinds}
        names |= {f"report/engines/{volume}_{engine}_{lang}.pdf" for volume in VOLUMES for engine in ENGINES}
    return names


def not_covered(results: Path, figures: list[str], languages: list[str]) -> list[str]:
    """Files in the public folders of `results` that no declaration speaks of, as paths under it."""
    known = covered(figures, languages)
    files = [path for folder in PUBLIC_FOLDERS for path in sorted((results / folder).rglob("*")) if path.is_file()]
    names = [path.relative_to(results) for path in files]
    return [
        name.as_posix()
        for name in names
        if name.as_posix() not in known and not any(LITTER.fullmatch(part) for part in name.parts)
    ]
