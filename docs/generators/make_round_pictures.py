"""Make the pictures of new-round.md by doing what it says, in a copy: run `python docs/generators/make_round_pictures.py`."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    import yaml
    from hrmonitor.cli.check_round import check_round
    from hrmonitor.cli.main import as_text
    from hrmonitor.cli.new_round import start
    from hrmonitor.forms.exports.publish import typeset
    from hrmonitor.project.checks import check_config
    from hrmonitor.questionnaire.model import read_questionnaire

    def config() -> dict:
        return yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))

    with tempfile.TemporaryDirectory() as place:
        for name in ("config.yaml", "raw"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(place, name))
        os.chdir(place)
        _picture([start("2024", "2021", config())], "new-round 2024 --from 2021", "new-round", 100)
        _answers(Path("raw/2021/interviews.csv"), Path("raw/2024/exports/interviews.csv"))
        tables, stops = check_round("2024", check_config(config()))
        shown = [part for table in tables if not table.folded for part in as_text(table)]
        shown += ["round 2024 cannot be built yet:", *(f"- {stop}" for stop in stops)]
        _picture(shown, "check 2024", "check", 120)
        form = read_questionnaire("raw/2024/questionnaire")
        pages = typeset(form, "nl", guide=False, format="png", ppi=70)
        (ROOT / "docs/images/questionnaire-page.png").write_bytes(pages[2])


def _answers(source: Path, target: Path) -> None:
    """The interviews of 2021 once more, with a wrong heading and two names that nobody knows."""
    text = source.read_text(encoding="utf-8-sig").replace('"clientstrend"', '"clientstrnd"', 1)
    lines = text.split("\n")
    place = [heading.strip('"') for heading in lines[0].split(";")].index("facilityname")
    for number, name in ((4, "Inloop De Overkant"), (5, "Gebruiksruimte Nergenshuizen")):
        cells = lines[number].split(";")
        cells[place] = f'"{name}"'
        lines[number] = ";".join(cells)
    # Two submissions of the same kind are enough of a picture of decisions that were taken in 2021.
    shutil.copy("raw/2021/names.csv", "raw/2024/names.csv")
    target.write_text("\n".join(lines), encoding="utf-8-sig")


def _picture(parts: list, command: str, name: str, width: int) -> None:
    from rich.console import Console

    console = Console(record=True, width=width, file=open(os.devnull, "w"))  # noqa: SIM115
    for part in parts:
        console.print(part, markup=False, highlight=False)
    svg = console.export_svg(title=f"hrmonitor {command}", unique_id=name)
    # The typeface that rich would fetch from outside.
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.S)
    (ROOT / f"docs/images/{name}.svg").write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    main()
