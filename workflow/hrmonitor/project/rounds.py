"""The files of a round: its exports, with the entry in config.yaml that says how to read each, and what people decided."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

# In the round's folder: where people decide (cli/decide). It is a form to fill in; its CSV files are the record, and the build reads those.
DECISIONS_WORKBOOK = "decisions.xlsx"
# The keys of a round under which people's decisions are kept: those on how its exports are read, and those on what answers mean.
READING_KEYS = ("columns", "absent", "notations")
DECISION_KEYS = (*READING_KEYS, "labels", "names", "other")


def exports_of(round_: dict) -> Iterator[tuple[str, str, dict]]:
    """(path, source, entry) of each export of a round as `config.check_config` gives it; an entry has the round's `labels` too.

    Sources are named from the round's folder on: the place means the same wherever the project stands.
    """
    home = PurePosixPath(round_["questionnaire"]).parent
    for path in round_["files"]:
        entry = next(entry for entry in round_["exports"] if fnmatch(path, entry["path"]))
        if round_.get("labels"):
            entry = {**entry, "labels": round_["labels"]}
        place = PurePosixPath(path)
        yield path, str(place.relative_to(home)) if place.is_relative_to(home) else str(place), entry


def decision_files(round_: dict) -> list[str]:
    """What people decided about a round: who was approached, `DECISION_KEYS`, coding."""
    coding = round_.get("coding", {})
    files = [round_.get(key) for key in ("contacts", *DECISION_KEYS)]
    files += [coding.get("themes"), *coding.get("coders", []), coding.get("consensus")]
    return [file for file in files if file]
