"""What a build does before its jobs: have the folder to itself, and see what is to be made again.

Snakemake's own lock stays behind when Snakemake is killed, and asks the user to take it away. This one is the kernel's, which takes it
away itself.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from hrmonitor.build.job import JOBS, RECORDS, SET_ASIDE, FaultError, read_record, state_of
from hrmonitor.files.checksums import sha256

LOCK = Path(".snakemake/hrmonitor.lock")
NEARLY_FULL = 10_000_000  # bytes


def begin() -> None:
    """Take the folder for this process until it ends, which closes the lock.

    Waits for jobs that outlive a killed build, since they still write. Raises `FaultError` when another build runs.
    """
    LOCK.parent.mkdir(exist_ok=True)
    lock = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.read(lock, 20).decode() or "not known"
        os.close(lock)
        raise FaultError(f"Another build runs in this folder (process {other}). Wait until it is done.") from None
    except OSError:
        os.close(lock)
        print("This file system has no locks: see to it that only one build runs in this folder.", file=sys.stderr)
        return
    os.truncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    with open(JOBS, "a") as jobs:
        try:
            fcntl.flock(jobs, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for the last jobs of a build that was killed.", file=sys.stderr)
            fcntl.flock(jobs, fcntl.LOCK_EX)


def no_place_to_write(*folders: Path) -> list[str]:
    """A sentence for each of those folders that cannot be written to, or hardly."""
    sentences = []
    for folder in folders:
        if folder.is_dir() and not os.access(folder, os.W_OK):
            sentences.append(f"{folder}/ cannot be written: make it writable before you build.")
        elif folder.is_dir() and shutil.disk_usage(folder).free < NEARLY_FULL:
            sentences.append(f"The disk of {folder}/ is full, or nearly: make room before you build.")
    return sentences


def date_back(sources: dict[str, str]) -> None:
    """Date results back that were made from other contents of the sources than these (path -> SHA-256), so that they are made again.

    Snakemake goes by the time of the last change, which misleads when a clock was wrong or a file was put back from an archive.
    """
    for place in RECORDS.glob("*.json"):
        output = unquote(place.stem)
        made_from = (read_record(output) or {}).get("made_from", {})
        if any(sources.get(path, digest) != digest for path, digest in made_from.items()):
            _make_again(output)


def distrust(outputs: Iterable[str]) -> list[str]:
    """Date results back that are not what a job wrote, or of which there is no record, so that they are made again; says which.

    Whoever deletes `.snakemake` deletes the records too: what then stands in results/ may be anybody's.
    """
    unknown, changed = 0, []
    for output in sorted(outputs):
        if not Path(output).is_file():
            continue
        record = read_record(output)
        if record is None:
            unknown += 1
        elif record.get("state") == state_of(output) or record["sha256"] == sha256(output):
            continue
        else:
            aside = SET_ASIDE / output
            aside.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(output, aside)
            changed.append(
                f"{output} is not as the build wrote it: damaged, or changed by hand. It is made again; what stood there is kept as {aside}."
            )
        _make_again(output)
    return [
        *changed,
        *(
            [f"Of {unknown} files in results/ there is no record of how they were made: they are made again."]
            if unknown
            else []
        ),
    ]


def _make_again(output: str) -> None:
    with suppress(OSError):  # not there, or not ours: Snakemake says so
        os.utime(output, (1, 1))


def back_from_the_future(results: Path, sources: Iterable[str]) -> list[str]:
    """Move the dates of results that lie ahead back together, in their order; gives a sentence for each source dated ahead.

    A clock was wrong, and Snakemake takes no output that is older than its input.
    """
    now = time.time()
    ahead = {path: date for path in results.rglob("*") if path.is_file() and (date := path.stat().st_mtime) > now}
    last = max(ahead.values(), default=now)
    for path, date in ahead.items():
        with suppress(OSError):
            os.utime(path, (date - last + now,) * 2)
    return [
        f"{path} is dated in the future: set the clock right, or give it today's date with: touch '{path}'"
        for path in sources
        if Path(path).stat().st_mtime > now
    ]


def changed_meanwhile(before: dict[str, str], after: dict[str, str]) -> str:
    """A sentence if the sources (path -> SHA-256) changed while the build ran: its results may be of both states."""
    changed = [path for path in sorted(before.keys() | after.keys()) if before.get(path) != after.get(path)]
    if not changed:
        return ""
    return f"Changed while the build ran: {', '.join(changed[:5])}. Run snakemake again, so that all results are made from the same files."
