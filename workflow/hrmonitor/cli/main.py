"""`hrmonitor`: what a researcher does before `snakemake`: start a round, make and read forms, check files.

Run it in the project's folder, as `.venv/bin/hrmonitor check 2024`.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hrmonitor.cli.arguments import parser
from hrmonitor.errors import ConfigError, QuestionnaireError, for_people

if TYPE_CHECKING:
    from hrmonitor.project.config import Config

# Of each table, so much is shown in the terminal.
ROWS, LETTERS = 25, 240


def main(arguments: list[str] | None = None) -> None:
    """Parse the command and run it; a mistake gives one message and exit code 1."""
    chosen = parser(__doc__.split("\n")[0]).parse_args(arguments)
    try:
        with for_people():
            try:
                RUN[chosen.command](chosen)
            except BrokenPipeError:
                raise
            except OSError as error:
                from hrmonitor.build.job import fault_of

                raise fault_of(error, again="run this again") from error
    except BrokenPipeError:
        # Whoever reads on, such as `head`, has read enough. Python would say so again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _config() -> dict:
    """What config.yaml says; from then on texts are about its unit."""
    import yaml

    from hrmonitor.unit import DEFAULT, speak_of

    try:
        config = yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("there is no config.yaml here. Run this in the project's folder.") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"config.yaml is no YAML that can be read ({error}).") from error
    # What is no word is refused with the other keys.
    unit = config.get("unit") if isinstance(config, dict) else None
    speak_of(unit if isinstance(unit, str) else DEFAULT, ".")
    return config


def _new_study(chosen: argparse.Namespace) -> None:
    from hrmonitor.build.code_digest import PACKAGE
    from hrmonitor.cli.new_study import start_study
    from hrmonitor.forms import import_form
    from hrmonitor.forms.imports.form import write_form

    form = import_form(chosen.form, chosen.language)
    engine = PACKAGE.parent.parent
    print(start_study(Path(chosen.name), form, chosen.register, chosen.year, engine, chosen.form, write_form))
    if form.left_out:
        print("Not carried over from the form:", *(f"  {line}" for line in form.left_out), sep="\n")


def _build(chosen: argparse.Namespace) -> None:
    from hrmonitor.build.code_digest import PACKAGE
    from hrmonitor.cli.build_study import build_study

    code = build_study(Path(chosen.folder), PACKAGE.parent.parent, chosen.cores, chosen.only)
    if code:
        sys.exit(code)


def _new_round(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.new_round import start

    print(start(chosen.name, chosen.earlier, _config()))


def _config_with(name: str, looking: bool = False) -> Config:
    """The checked config, in which the round has exports; `looking` as `check_config` takes it."""
    from hrmonitor.project.checks import check_config
    from hrmonitor.project.study_checks import check_study, unused

    config = _config()
    named = {str(key): block for key, block in (config.get("rounds") or {}).items()}
    if name not in named:
        raise ConfigError(f"config.yaml has no round {name!r}. Rounds: {', '.join(named)}.")
    checked = check_config(config, looking)
    if name in checked.waiting:
        wanted = " and ".join(entry["path"] for entry in named[name]["exports"])
        raise ConfigError(f"round {name} has no exports yet: no file is at {wanted}. Put them there.")
    claimed = config.get("findings") or {}
    for sentence in unused(check_study(checked), checked, claimed):
        print(sentence, file=sys.stderr)
    return checked


def _check(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.check_round import Table, as_html, look_at_round
    from hrmonitor.cli.decide import offer
    from hrmonitor.cli.hidden_tests import hidden_tests
    from hrmonitor.language import LANGUAGES

    config = _config_with(chosen.name, looking=True)
    tables, stops, reading = look_at_round(chosen.name, config)
    if not stops:
        # What cannot be built yet cannot be cleaned.
        tables.append(hidden_tests(reading, config))
    wanted = (chosen.language, *config.languages, "en")
    counts, offered = offer(reading, next(lang for lang in wanted if lang in LANGUAGES), chosen.decisions)
    rows = [[sheet, str(open_), str(decided)] for sheet, open_, decided in counts if open_ or decided]
    tables.append(Table("Decisions", ["about", "open", "on record"], rows, empty="Nothing is to be decided."))
    for table in tables:
        if not table.folded:
            _show(table)
    page = Path(chosen.html or f"results/{chosen.name}/check.html")
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(as_html(f"Check of round {chosen.name}", tables, stops), encoding="utf-8")
    print(f"The same as a page, with each column and its question: {page}")
    _say(*offered)
    if stops:
        raise ConfigError(f"round {chosen.name} cannot be built yet:\n" + "\n".join(f"- {stop}" for stop in stops))
    print(f"Round {chosen.name} can be built.")


def _decide(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.check_round import look_at_round
    from hrmonitor.cli.decide import decide

    reading = look_at_round(chosen.name, _config_with(chosen.name))[2]
    _say(*decide(reading, chosen.workbook, chosen.who))


def _show(table) -> None:
    from rich.console import Console

    console = Console()
    for part in as_text(table):
        console.print(part, soft_wrap=isinstance(part, str), markup=False, highlight=False)


def as_text(table) -> list:
    """What rich prints of a table of `checking`, cut to what a screen takes; strings are not broken into lines.

    What came out of files is text, never markup.
    """
    from rich.table import Table
    from rich.text import Text

    if not table.rows:
        return [Text.assemble((f"{table.title}: ", "bold"), table.empty), ""]
    shown = Table()
    for heading in table.headings:
        shown.add_column(heading, overflow="fold")
    for row in table.rows[:ROWS]:
        shown.add_row(
            *(Text(cell if len(cell) <= LETTERS else f"{cell[:LETTERS]} … (the page has all)") for cell in row)
        )
    more = len(table.rows) - ROWS
    below = [f"and {more} more: the page has all"] if more > 0 else []
    return [Text(table.title, style="bold"), shown, *below, *table.lines, ""]


def _say(*lines: str) -> None:
    """Lines that quote a file: a heading, a name of a sheet, a label or a remark may hold personal data."""
    from hrmonitor.personal_data import redacted

    for line in lines:
        print(redacted(line))


def _forms(chosen: argparse.Namespace) -> None:
    from hrmonitor.forms.exports.publish import advice, publish

    for path in publish(chosen.folder, chosen.out, _config().get("languages", ["en"])):
        print(path)
    _say(*(f"Note: {line}" for line in advice(chosen.folder)))


def _import_form(chosen: argparse.Namespace) -> None:
    from hrmonitor.forms import import_form
    from hrmonitor.forms.imports.form import write_form
    from hrmonitor.questionnaire.model import read_questionnaire

    form = import_form(chosen.form, chosen.language)
    with tempfile.TemporaryDirectory() as place:
        # A form with a mistake must not take the place of one without.
        write_form(form, place)
        try:
            questionnaire = read_questionnaire(place)
        except QuestionnaireError as error:
            # The sheets are those of the form that was given, not files that anybody has.
            message = re.sub(rf"{re.escape(place)}/(\w+)\.csv", rf"{chosen.form}, sheet \1", str(error))
            raise QuestionnaireError(message.replace(place, str(chosen.form))) from error
    write_form(form, chosen.folder, replace=chosen.replace)
    print(
        f"{chosen.folder}: {len(questionnaire.questions)} questions, {len(questionnaire.unanalysed)} that are not analysed"
    )
    if form.left_out:
        _say("Not carried over:", *(f"  {line}" for line in form.left_out))
    without = [question.name for question in questionnaire.answerable if not question.indicator and not question.pii
               and question.kind not in ("text", "date")]  # fmt: skip
    if without:
        _say(f"Without an indicator, and so not in the report: {', '.join(without)}.")
        print("The columns indicator, statistic and pii of survey.csv say what the report shows.")


def _coding_sheets(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.coding import coding_sheets, consensus_sheet
    from hrmonitor.project.checks import check_config

    config = check_config(_config())
    if chosen.consensus:
        lines = consensus_sheet(chosen.name, config, chosen.out, chosen.language)
    else:
        lines = coding_sheets(chosen.name, config, chosen.out, chosen.coders, chosen.language)
    _say(*lines)


def _other_answers(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.coding import other_answers
    from hrmonitor.project.checks import check_config

    _say(*other_answers(chosen.name, check_config(_config()), chosen.out, chosen.language))


def _sbom(chosen: argparse.Namespace) -> None:
    from hrmonitor.publication.sbom import bill_of_materials

    print(bill_of_materials(chosen.lock), end="")


def _close(chosen: argparse.Namespace) -> None:
    from hrmonitor.project.checks import check_config
    from hrmonitor.project.sealed_rounds import close, manifest_of

    rounds = check_config(_config()).rounds
    if chosen.name not in rounds:
        raise ConfigError(f"there is no round {chosen.name!r} with exports. Rounds: {', '.join(rounds)}.")
    print(f"{manifest_of(rounds[chosen.name])}: {close(rounds[chosen.name])} files. Round {chosen.name} is closed.")


def _preregister(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.preregister import preregister

    print(preregister(chosen.name, _config(), Path.cwd()))


def _publish(chosen: argparse.Namespace) -> None:
    from hrmonitor.cli.publish import publish
    from hrmonitor.project.checks import check_config

    print(publish(chosen.name, check_config(_config()), Path.cwd()))


def _verify(chosen: argparse.Namespace) -> None:
    from hrmonitor.publication import release

    root = Path.cwd()
    if chosen.update:
        print(f"{release.RECORD}: {release.write_record(root)} results recorded. Commit the file.")
        return
    commit, recorded = release.read_record(root)
    if not recorded:
        raise release.ReleaseError(
            f"there is no {release.RECORD} here to compare with. Run this in the project's folder, or write it: {release.UPDATE}"
        )
    sources, results = release.source_files(root), release.result_files(root)
    if not results:
        raise release.ReleaseError(
            "nothing has been built here yet. Build with `snakemake --cores 4`, and verify then."
        )
    on_record = {path for path in recorded if not path.startswith("results/")}
    same = results == {path: digest for path, digest in recorded.items() if path not in on_record}
    rows = [] if same else release.differences(recorded, sources | results, _inputs_of_results())
    for path, what, changed in rows:
        since = f"; of its inputs, changed since the release: {', '.join(changed)}" if changed else ""
        print(f"{path} {what}{since}")
    changed = sorted(path for path in on_record | sources.keys() if recorded.get(path) != sources.get(path))
    if changed:
        print(f"Files that the build reads, changed since commit {commit}: {', '.join(changed)}")
    compared = len(recorded) - len(on_record)
    if rows:
        raise release.ReleaseError(
            f"{len(rows)} results are not those of the release ({compared} on record). Build with `snakemake --cores 4` if you "
            f"have not; if the change is meant, commit it, build, and run: {release.UPDATE}"
        )
    print(f"{compared} results compared with the release of commit {commit}: differences 0")


def _inputs_of_results() -> dict[str, set[str]]:
    import subprocess

    from hrmonitor.publication.release import ReleaseError, read_summary

    run = subprocess.run(
        [sys.executable, "-m", "snakemake", "--detailed-summary"], capture_output=True, text=True, check=False
    )
    if run.returncode != 0:
        last = (run.stderr.strip() or "no reason given").splitlines()[-1]
        raise ReleaseError(
            f"results/ differs from the release, and Snakemake cannot say what it is made from ({last})."
        )
    return read_summary(run.stdout)


def _inspect(chosen: argparse.Namespace) -> None:
    from hrmonitor.readers import open_export

    export = open_export(chosen.file, {"tool": chosen.tool, "mode": "questionnaire"}, None)
    print(f"{chosen.file}: {export.tool}, {len(export.data)} submissions, {len(export.columns)} columns of answers")
    _say(*(f"  {fact}" for fact in export.facts), *(f"  column {column.heading}" for column in export.columns))


# One for each of `arguments.COMMANDS`.
RUN = {
    "new-study": _new_study,
    "build": _build,
    "new-round": _new_round,
    "check": _check,
    "decide": _decide,
    "forms": _forms,
    "import-form": _import_form,
    "inspect": _inspect,
    "coding-sheets": _coding_sheets,
    "other-answers": _other_answers,
    "sbom": _sbom,
    "close": _close,
    "preregister": _preregister,
    "publish": _publish,
    "verify": _verify,
}


if __name__ == "__main__":
    main()
