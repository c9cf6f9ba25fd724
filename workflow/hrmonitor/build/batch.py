"""Many small pieces of work in one job: those that must be made, in several processes.

To start Python and import what draws takes longer than to draw a figure. So one job draws all of them, and keeps those that it would
draw as they are: `RECORD` says what each was made from.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import traceback
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from hrmonitor.build.job import AGAIN, RECORDS, FaultError
from hrmonitor.errors import UserError
from hrmonitor.files.atomic import whole
from hrmonitor.files.checksums import sha256

RECORD = RECORDS.with_name("hrmonitor.pieces.json")


def digest_of(made_from: Mapping[str, object]) -> str:
    """A digest of what a piece is made from, in values that JSON has."""
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def to_make(made_from: Mapping[str, str], files: Mapping[str, Iterable[str]]) -> list[str]:
    """The pieces of which the digest of what they are made from is not the one on record, or of which a file is not as it was made."""
    try:
        record = json.loads(RECORD.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        record = {}
    return [piece for piece in made_from if record.get(piece) != _made(made_from[piece], files[piece])]


def put_on_record(made_from: Mapping[str, str], files: Mapping[str, Iterable[str]]) -> None:
    """Put on record what all pieces were made from, and what they are now."""
    record = {piece: _made(made_from[piece], files[piece]) for piece in made_from}
    RECORD.parent.mkdir(exist_ok=True)
    with whole(RECORD) as beside:
        beside.write_text(json.dumps(record), encoding="utf-8")


def _made(made_from: str, files: Iterable[str]) -> dict:
    return {"made_from": made_from, "files": {path: sha256(path) if Path(path).is_file() else None for path in files}}


def side_by_side(make: Callable[[str], None], pieces: list[str], processes: int) -> None:
    """Call `make` for each piece, in copies of this process; raises the error of the first that ends with a sentence for people.

    A copy is given its share as it begins and ends after it: none is left waiting for more when this process is killed.
    """
    context = multiprocessing.get_context("fork")
    # A pipe each, and no queue: its lock needs a folder that not every machine gives a program.
    pipes = [context.Pipe(duplex=False) for _ in range(min(processes, len(pieces)))]

    def work(share: list[str], errors) -> None:
        try:
            for piece in share:
                make(piece)
        except (UserError, OSError) as error:
            errors.send(error)
        except Exception:
            traceback.print_exc()
            raise SystemExit(1) from None

    workers = [
        context.Process(target=work, args=(pieces[place::processes], errors)) for place, (_, errors) in enumerate(pipes)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    for told, _ in pipes:
        if told.poll():
            raise told.recv()
    if any(worker.exitcode for worker in workers):
        raise FaultError(f"A process of this job was killed, or failed as told above: {AGAIN}.")
