"""`publish`: put on record what goes out, with the answers that it was made of, so that later editions do not tell the difference."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

from hrmonitor.declarations.csv_files import read_table
from hrmonitor.declarations.public_files import covered
from hrmonitor.disclosure.audit import refuse, tables_of
from hrmonitor.editions import ANSWERS, CODED, FOLDER, FORM, REGISTER, EditionError, read_editions, write_edition
from hrmonitor.files.checksums import sha256
from hrmonitor.project.config import REGISTER as NAMED
from hrmonitor.project.config import Config
from hrmonitor.project.frame import register_of
from hrmonitor.project.keys import plain
from hrmonitor.project.sealed_rounds import close, manifest_of
from hrmonitor.publication.release import commit_of, digest_of, source_files
from hrmonitor.stages.disclosure_audit import disclosure_audit, survey_of
from hrmonitor.survey import read_rounds

NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
PROVENANCE = Path("results/provenance/ro-crate-metadata.json")
BUILD_AGAIN = "Build with `snakemake --cores 4`, and publish then."


def publish(name: str, config: Config, root: Path) -> str:
    """Write `editions/NAME/` and close the rounds that are open; gives what to tell.

    Raises `EditionError` when the name is taken or no name for a folder, or what stands in results/ is not what was built from the
    sources as they are; `DisclosureError` when the published files give something away.
    """
    folder = root / FOLDER / name
    if not NAME.fullmatch(name):
        raise EditionError(
            f"{name!r} is no name for an edition: use small letters, digits and hyphens, such as 2026-first."
        )
    if folder.exists():
        raise EditionError(
            f"{folder.relative_to(root)}: there is an edition of this name already. What went out stays on record; choose another name."
        )
    _refuse(config)
    published = _as_built(config, root)
    rounds = {
        one: {"year": round_.year, "questionnaire": round_.questionnaire} for one, round_ in config.rounds.items()
    }
    assert config.register is not None  # a round with a register names one
    register, coded = register_of(config.register), read_table("theme_basis", root / "results" / CODED)
    answers = read_rounds(rounds, [root / "results" / one / ANSWERS for one in rounds], register, coded)
    books = [round_.coding.themes for round_ in config.coded.values() if round_.coding]
    survey = survey_of(
        answers,
        set(register["facility_id"]),
        plain(config.figures),
        config.languages,
        books,
        config.report.reference,
        config.main_round,
    )
    said, found = disclosure_audit(
        root / "results", answers, survey, plain(config.disclosure), config.confidence, read_editions(root)
    )
    refuse(found)
    copies: dict[str, str | Path] = {
        REGISTER: config.register, CODED: root / "results" / CODED,
        **{f"{table}.csv": root / "results" / f"{table}.csv" for table in ("suppressions", "themes", "response", "nonresponse")},
    }  # fmt: skip
    for one, round_ in config.rounds.items():
        copies[f"{one}/{ANSWERS}"] = root / "results" / one / ANSWERS
        copies |= {f"{one}/{FORM}/{sheet.name}": sheet for sheet in sorted(Path(round_.questionnaire).glob("*.csv"))}
    about = {
        "published": date.today().isoformat(),
        "commit": commit_of(root, source_files(root))[0],
        "rounds": {one: round_.year for one, round_ in config.rounds.items()},
        "files": published,
    }
    closed = [one for one, round_ in config.rounds.items() if not manifest_of(round_).exists()]
    for one in closed:
        close(config.rounds[one])
    folder.parent.mkdir(exist_ok=True)
    write_edition(folder, about, copies, tables_of(said))
    also = f" Rounds now closed, so that no answer changes unnoticed: {', '.join(closed)}." if closed else ""
    return (
        f"{folder.relative_to(root)}: {len(published)} files are on record as edition {name}.{also} Later builds hide what the two editions together would tell. The "
        "record has answers of single facilities: keep it where raw/ is kept, and do not publish it."
    )


def _refuse(config: Config) -> None:
    """Raises `EditionError` for a study of which nobody works out what two editions tell together."""
    for one, round_ in config.rounds.items():
        if round_.framed_by != NAMED:
            raise EditionError(
                f"Round {one} has a frame of `kind: {round_.framed_by}`, and editions are kept of rounds with a register only: what two of them tell "
                "together is not worked out for other frames yet. Keep a copy of results/ by hand, and do not publish the round a second time."
            )
    if config.groups:
        raise EditionError(
            "config.yaml has `groups:`, and editions are kept of rounds of one group only: what two of them tell together is not worked out for several "
            "yet. Keep a copy of results/ by hand, and do not publish the rounds a second time."
        )


def _as_built(config: Config, root: Path) -> dict[str, str]:
    """Path -> SHA-256 of each public file; raises `EditionError` where one is not what the build made from the sources as they are."""
    try:
        crate = json.loads((root / PROVENANCE).read_text(encoding="utf-8"))["@graph"]
    except FileNotFoundError as error:
        raise EditionError(f"{PROVENANCE} is missing: nothing has been built here to the end. {BUILD_AGAIN}") from error
    settings = {one.get("name"): one.get("value") for one in crate if one.get("@type") == "PropertyValue"}
    if settings.get("sources_sha256") != digest_of(source_files(root)):
        raise EditionError(f"config.yaml, raw/, report/ or the code changed after results/ was built. {BUILD_AGAIN}")
    built = {one["name"]: one["sha256"] for one in crate if "sha256" in one}
    names = [f"results/{one}" for one in sorted(covered(list(config.figures), list(config.languages)))]
    there = {one: sha256(root / one) for one in names if (root / one).is_file()}
    for one, digest in there.items():
        if built.get(one, digest) != digest:
            raise EditionError(f"{one} is not as it was built: it was changed afterwards. Delete it. {BUILD_AGAIN}")
    return there
