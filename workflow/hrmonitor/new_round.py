"""`new-round`: a folder, the forms to send out, a block for config.yaml and a checklist."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from hrmonitor.errors import ConfigError
from hrmonitor.forms.publish import publish
from hrmonitor.questionnaire import SHEETS, read_questionnaire

BLOCK = """  # A new round. Correct what stands here when the files are in; docs/new-round.md walks through it.
  "{name}":
    year: {year}
    title:
      en: Harm reduction services, {name}
      nl: Harm-reductionvoorzieningen, {name}
    questionnaire: raw/{name}/questionnaire
    # Whom you approached, and decisions on names that the matcher cannot settle; leave a line out if there is no such file.
    # contacts: raw/{name}/contacts.csv
    # names: raw/{name}/names.csv
    exports:
      # `auto` looks at the file and says what it found; docs/config.md lists the tools.
      - path: raw/{name}/exports/*
        tool: auto
        mode: questionnaire
"""
CHECKLIST = """# Round {name}: checklist

1. [ ] Change `raw/{name}/questionnaire/survey.csv` and `choices.csv` where the questions change. Keep the names of questions that stay.
2. [ ] Make the forms again: `.venv/bin/python -m hrmonitor forms raw/{name}/questionnaire raw/{name}/forms`
3. [ ] Bring `raw/register.csv` up to date: facilities that opened or closed.
4. [ ] Send out what stands in `raw/{name}/forms`: the XLSForm (for KoboToolbox or ODK), the workbook, the Word document or the PDF.
5. [ ] Put the exports into `raw/{name}/exports/`, as they are.
6. [ ] `.venv/bin/python -m hrmonitor check {name}`, and mend what it names.
7. [ ] In `config.yaml`, let findings and figures point to round "{name}".
8. [ ] `snakemake --cores 4`, and read the report.
"""


def start(name: str, earlier: str, config: dict) -> str:
    """Make `raw/{name}/`, add the block to config.yaml; returns what was done, for the terminal.

    Nothing that exists is changed but config.yaml, which gets the block after the other rounds; if that cannot be done
    safely, the block is printed to be pasted. Raises `ConfigError` when the round or its folder is there already.
    """
    rounds = {str(key): block for key, block in (config.get("rounds") or {}).items()}
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ConfigError(f"{name!r} cannot be the name of a round: letters, digits, - and _ can.")
    if earlier not in rounds:
        raise ConfigError(f"config.yaml has no round {earlier!r}. Rounds: {', '.join(rounds)}.")
    folder = Path("raw", name)
    if name in rounds or folder.exists():
        raise ConfigError(f"round {name} is there already (in config.yaml or as {folder}). Choose another name.")
    source = Path(rounds[earlier]["questionnaire"])
    read_questionnaire(source)  # a form with a mistake is not worth copying
    (folder / "questionnaire").mkdir(parents=True)
    (folder / "exports").mkdir()
    for sheet in SHEETS:
        shutil.copyfile(source / f"{sheet}.csv", folder / "questionnaire" / f"{sheet}.csv")
    forms = publish(folder / "questionnaire", folder / "forms", list(config.get("languages", ["en"])))
    (folder / "CHECKLIST.md").write_text(CHECKLIST.format(name=name), encoding="utf-8")
    digits = re.search(r"\d{4}", name)
    block = BLOCK.format(name=name, year=digits.group() if digits else rounds[earlier]["year"])
    added = _add_block(Path("config.yaml"), block)
    lines = [
        f"{folder}/questionnaire: a copy of round {earlier}'s",
        *(f"{path}" for path in forms),
        f"{folder}/CHECKLIST.md: what to do next",
    ]
    if added:
        lines.append(f"config.yaml: round {name} is added. Put the exports into {folder}/exports before you build.")
    else:
        lines.append("config.yaml: paste this under `rounds:`\n" + block)
    return "\n".join(lines)


def _add_block(path: Path, block: str) -> bool:
    """Add the block at the end of `rounds:`, keeping all comments; False if the file does not look as expected."""
    text = path.read_text(encoding="utf-8")
    match = re.search(r"^rounds:[ \t]*\n((?:[ \t].*\n|[ \t]*\n)*)", text, re.M)
    if not match or not match.group(1).strip():
        return False
    end = match.start(1) + len(match.group(1).rstrip("\n")) + 1
    path.write_text(text[:end] + block + text[end:], encoding="utf-8")
    return True
