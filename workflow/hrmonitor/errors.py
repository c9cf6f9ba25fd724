"""Errors that a user can act on, and how a script shows them: one message, no traceback."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path


class UserError(Exception):
    """A mistake in data or config. The message names the place, what was found and what to do."""


class ConfigError(UserError):
    """config.yaml asks for something that cannot be."""


class QuestionnaireError(UserError):
    """The questionnaire, or an expression in it, cannot be understood."""


class ReaderError(UserError):
    """An export cannot be read, or does not fit the questionnaire."""


class RegisterError(UserError):
    """The register of facilities is not usable, or a facility is not in it."""


class FrameError(UserError):
    """Those who answered do not fit the frame of their round: who they are, or how they were drawn."""


class ComparisonError(UserError):
    """Two rounds did not ask the same thing: what they found must not be joined.

    `reason` is one of `comparability.REASONS`; `detail` says in a few words what differs.
    """

    def __init__(self, message: str, reason: str = "", detail: str = ""):
        super().__init__(message)
        self.reason, self.detail = reason, detail


class PrivacyError(UserError):
    """Personal data stands where it would be published or logged."""


class CleaningError(UserError):
    """Answers cannot be brought into the form that the questionnaire prescribes."""


class DisclosureError(UserError):
    """What was published gives away what a facility or organisation answered."""


class DeclarationError(UserError):
    """A table or a figure is not declared, or not in full: nothing says how it is checked before it is published."""


class EstimationError(UserError):
    """The answers cannot carry the estimate that is asked for."""


def shown(error: UserError) -> str:
    """The message as it may stand on a screen or in a log: values and file names that it quotes may be anything."""
    # By its name: a change in how messages are masked reruns no rule.
    return f"{type(error).__name__}: {import_module('hrmonitor.personal_data').redacted(str(error))}"


@contextmanager
def for_people(log: Sequence[str] = ()) -> Iterator[None]:
    """Run a script's body; a `UserError` becomes one message on screen and in the log, exit code 1.

    `log` is Snakemake's `snakemake.log` (may be empty).
    """
    paths = [log] if isinstance(log, str) else list(log)
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("", encoding="utf-8")
    try:
        yield
    except UserError as error:
        message = shown(error)
        for path in paths:
            Path(path).write_text(message + "\n", encoding="utf-8")
        print(message, file=sys.stderr)
        sys.exit(1)
