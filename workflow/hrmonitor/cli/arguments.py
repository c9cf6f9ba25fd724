"""The commands of `hrmonitor` and what each takes; `cli.main` runs them."""

from __future__ import annotations

import argparse

from hrmonitor.language import LANGUAGES


def argument(*names: str, **options) -> tuple[tuple[str, ...], dict]:
    """What `argparse.ArgumentParser.add_argument` takes, for a table."""
    return names, options


# Command -> what it does, and its arguments.
COMMANDS = {
    "new-study": (
        "start an empty study in a folder of its own, with the engine of this one",
        [
            argument("name", help="the new folder, such as ../libraries"),
            argument("--form", required=True, help="the questionnaire: an XLSForm, or a form that import-form takes"),
            argument("--register", default=None, help="CSV with every facility known"),
            argument("--year", type=int, default=None, help="year of the first round (the form's, else this year)"),
            argument("--language", default="en", help="language of labels that do not say theirs (en)"),
        ],
    ),
    "build": (
        "build a study that lies in a folder of its own, with the engine of this one",
        [
            argument("folder", help="the study's folder, such as examples/clients"),
            argument(
                "--only",
                nargs="+",
                default=[],
                metavar="RESULT",
                help="only these results of it, by their paths in it (all)",
            ),
            argument("--cores", type=int, default=4, help="how many processors to use (4)"),
        ],
    ),
    "new-round": (
        "start a round from the questionnaire of another",
        [
            argument("name", help="name of the new round, such as 2024"),
            argument("--from", dest="earlier", required=True, help="the round whose questionnaire is copied"),
        ],
    ),
    "check": (
        "read what is there for a round and say what is wrong with it",
        [
            argument("name", help="name of the round"),
            argument("--html", default=None, help="where to write the page (results/{round}/check.html)"),
            argument(
                "--language",
                default=None,
                choices=LANGUAGES,
                help="language of the workbook of decisions (the first of `languages`)",
            ),
            argument(
                "--decisions",
                action="store_true",
                help="write the workbook also when nothing is open, to change a decision",
            ),
        ],
    ),
    "decide": (
        "take over the workbook of decisions that `check` wrote and a person filled in",
        [
            argument("name", help="name of the round"),
            argument("--workbook", default=None, help="the filled workbook (raw/{round}/decisions.xlsx)"),
            argument("--who", default=None, help="who decided, if the workbook does not say so"),
        ],
    ),
    "forms": (
        "write a questionnaire as XLSForm, workbook, Word document and PDF",
        [
            argument("folder", help="the questionnaire's folder"),
            argument("out", help="where the forms go"),
        ],
    ),
    "import-form": (
        "bring a form of Kobo, LimeSurvey, Qualtrics, REDCap or SPSS in",
        [
            argument(
                "form", help="an .xlsx, .xls, .md or .csv XLSForm, an .lss, a .qsf, a REDCap dictionary, a .sav or .dta"
            ),
            argument("folder", help="the new questionnaire folder"),
            argument("--replace", action="store_true", help="put it in the place of the form that is there"),
            argument("--language", default="nl", help="language of labels that do not say theirs (nl)"),
        ],
    ),
    "inspect": (
        "say what a file is and what it holds",
        [
            argument("file"),
            argument("--tool", default="auto"),
        ],
    ),
    "coding-sheets": (
        "write the workbooks in which people code open answers",
        [
            argument("name", help="name of the round"),
            argument("--coders", type=int, default=2, help="how many people code (2)"),
            argument("--consensus", action="store_true", help="the answers on which the coders differ, instead"),
            argument("--out", default=None, help="the folder to write into (raw/{round}/coding/sheets)"),
            argument("--language", default="nl", choices=LANGUAGES, help="language of the sheets (nl)"),
        ],
    ),
    "other-answers": (
        'write the workbook in which a person decides on "other, namely"',
        [
            argument("name", help="name of the round"),
            argument("--out", default=None, help="the file to write (raw/{round}/other_answers.xlsx)"),
            argument("--language", default="nl", choices=LANGUAGES, help="language of the sheet (nl)"),
        ],
    ),
    "sbom": (
        "write the bill of materials of the locked packages, as CycloneDX JSON",
        [
            argument("--lock", default="requirements.txt", help="the lock with hashes (requirements.txt)"),
        ],
    ),
    "close": (
        "record the checksums of a round's raw files; a change then stops the build",
        [
            argument("name", help="name of the round"),
        ],
    ),
    "preregister": (
        "write down what a round's findings will be tested by, before its answers come in",
        [
            argument("name", help="name of the round"),
        ],
    ),
    "publish": (
        "record what goes out as an edition; later builds hide what the difference would tell",
        [
            argument("name", help="name of the edition, such as 2026-first"),
        ],
    ),
    "verify": (
        "compare results/ with the release on record in results.sha256",
        [
            argument("--update", action="store_true", help="record results/ as the release instead"),
        ],
    ),
}


def parser(description: str) -> argparse.ArgumentParser:
    """What parses a command line; the command's name goes to `command`."""
    whole = argparse.ArgumentParser(prog="hrmonitor", description=description)
    commands = whole.add_subparsers(required=True, metavar="command")
    for name, (does, arguments) in COMMANDS.items():
        one = commands.add_parser(name, help=does)
        one.set_defaults(command=name)
        for names, options in arguments:
            one.add_argument(*names, **options)
    return whole
