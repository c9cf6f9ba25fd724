"""What every job does around its work, so that a fault ends in one sentence and never in a wrong result.

A job holds the lock `JOBS` for as long as it lives, which a new build waits for. It checks that what it reads from results/ is what
another job wrote, and that no input changes while it works. At its end it puts on record what it made from what.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from hrmonitor.errors import UserError, for_people, shown
from hrmonitor.files.atomic import whole
from hrmonitor.files.checksums import sha256
from hrmonitor.unit import DEFAULT, speak_of

JOBS = Path(".snakemake/hrmonitor.jobs")
RECORDS = Path(".snakemake/hrmonitor")
SET_ASIDE = RECORDS / "set_aside"
# The process number of the Snakemake that started the job.
BUILD = "HRMONITOR_BUILD"
AGAIN = "run snakemake again"
# What can be done about an error of the disk; "again" says what is to be run again.
SENTENCES = {
    errno.ENOSPC: "the disk is full. Make room and {again}.",
    errno.EDQUOT: "your quota of disk space is used up. Make room and {again}.",
    errno.EROFS: "the disk is read-only. Make it writable and {again}.",
    errno.EACCES: "access is denied. Give yourself the rights to it and {again}.",
    errno.EIO: "the disk gives an error. Look after the disk, then {again}.",
    errno.ENOENT: "this file went away during the build. Put it back and {again}.",
}


class FaultError(UserError):
    """The machine, or somebody at work in the folder, stood in the way of a job."""


@contextmanager
def job(snakemake) -> Iterator[dict[str, str]]:
    """Run a script's body as a job of a build; a `UserError` or a fault of the disk becomes one message, exit code 1.

    Gives the SHA-256 of each input.
    """
    try:
        _hold_lock()
        with for_people(snakemake.log):
            try:
                speak_of(snakemake.config.get("unit", DEFAULT), ".")
                inputs = list(dict.fromkeys(str(path) for path in snakemake.input))
                before = {path: _state(path) for path in inputs}
                made_from = {path: sha256(path) for path in inputs}
                for path, digest in made_from.items():
                    _as_written(path, digest)
                yield made_from
                for path in inputs:
                    if _state(path) != before[path]:
                        raise FaultError(
                            f"{path}: this file was changed while it was read. Leave it alone and {AGAIN}."
                        )
                for path in snakemake.output:
                    record = {"sha256": sha256(str(path)), "state": state_of(str(path)), "made_from": made_from}
                    write_record(str(path), record)
            except OSError as error:
                raise fault_of(error) from error
    except OSError as error:
        # Not even the log can be written.
        print(shown(fault_of(error)), file=sys.stderr)
        sys.exit(1)
    finally:
        # Python would look through every library for garbage before it ends, a tenth of a second and more.
        gc.freeze()


def fault_of(error: OSError, again: str = AGAIN) -> FaultError:
    """What a user can do about it; raises the error itself when that is not known."""
    if error.errno not in SENTENCES:
        raise error
    return FaultError(f"{error.filename or 'results/'}: {SENTENCES[error.errno].format(again=again)}")


def write_record(output: str, record: dict) -> None:
    """Put on record what an output is and from what it was made: `sha256`, `state`, and `made_from`, path -> SHA-256."""
    place = _place(output)
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole(place) as beside:
        beside.write_text(json.dumps(record), encoding="utf-8")


def read_record(output: str) -> dict | None:
    """What is on record of an output; None if nothing is, or nothing that can be read."""
    try:
        return json.loads(_place(output).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _place(output: str) -> Path:
    return RECORDS / f"{quote(output, safe='')}.json"


def state_of(output: str) -> list[int]:
    """Size and time of the last change: while they are the same, nobody wrote to the file."""
    now = Path(output).stat()
    return [now.st_size, now.st_mtime_ns]


def _state(path: str) -> tuple[int, int, int]:
    now = Path(path).stat()
    return now.st_ino, now.st_size, now.st_mtime_ns


def _as_written(path: str, digest: str) -> None:
    """Raises `FaultError` if the file is not what a job wrote, after moving it out of the way, so that the next build makes it."""
    record = read_record(path)
    if record is None or record["sha256"] == digest:
        return
    aside = SET_ASIDE / path
    aside.parent.mkdir(parents=True, exist_ok=True)
    Path(path).replace(aside)
    raise FaultError(
        f"{path} was not as the build wrote it: damaged, or changed by hand. It is put aside as {aside}; "
        f"{AGAIN}, and it is made anew."
    )


def _hold_lock() -> None:
    """Hold `JOBS` together with the other jobs until this process ends; ends it if the build that started it is gone."""
    build = os.environ.get(BUILD)
    if build is None:  # a script started by hand
        return
    JOBS.parent.mkdir(exist_ok=True)
    file = os.open(JOBS, os.O_RDWR | os.O_CREAT, 0o666)  # closed by the end of the process
    with suppress(OSError):  # a file system without locks
        fcntl.flock(file, fcntl.LOCK_SH)
    try:
        os.kill(int(build), 0)
    except ProcessLookupError:
        sys.exit(f"The build that started this job (process {build}) is gone.")
    except PermissionError:
        pass
