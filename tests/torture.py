"""Builds that are killed, starved and deceived: after each fault a plain `snakemake` must end with the bytes of a quiet build.

`make torture`; at most 15 minutes, seeded. It works in a copy of this folder in a temporary place: a first build there is the
reference. Then, for a few random results at a time: they are deleted, a build of them starts, and Snakemake, its process group or one
of its jobs is ended with SIGKILL at a random moment, once or several times in a row, before a build may end and all bytes are compared.
The other faults follow in between. A full and a read-only disk are mounted over results/, which takes root; docs/evidence/torture.txt is the
report of a run.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from endtoend.conftest import Project
from hrmonitor.publication.release import result_files

ROOT = Path(__file__).resolve().parents[1]
# What each job makes, one job a row: every kind of writer, each cheap enough to be made many times.
JOBS = {
    "ingest": ["results/2018/responses.parquet", "results/2018/ingest.csv"],
    "ingest of many files": ["results/2021/responses.parquet", "results/2021/ingest.csv"],
    "clean": [f"results/2021/{name}" for name in ("facilities.parquet", "audit.csv", "flow.csv", "submissions.csv")],
    "figure": ["results/figures/barriers.csv"],
    "another figure": ["results/figures/clients_trend.csv", "results/figures/clients_trend_en.png"],
    "Typst": ["results/report/summary_en.pdf"],
    "slides": ["results/report/slides_nl.pptx", "results/report/slides_nl.pdf"],
    "Word": ["results/report/report_en.docx"],
    "web page": ["results/report/annex_nl.html"],
    "notebook": ["results/report/annex_en.md", "results/report/annex_en.ipynb"],
    "data package": ["results/open_data/datapackage.json", "results/open_data/codebook.csv"],
    "tables": ["results/against_published.csv"],
    "provenance": ["results/provenance/ro-crate-metadata.json"],
}
# For a short run.
CHEAP = ("ingest", "clean", "another figure")


class Broken(AssertionError):
    """A fault that was not repaired, not explained in a sentence, or that changed a byte."""


class Torture:
    """A project folder, the bytes it must have, and what was done to it."""

    def __init__(self, folder: Path, seed: int, jobs: tuple[str, ...] = tuple(JOBS)):
        self.folder, self.jobs = folder, jobs
        self.random = random.Random(seed)
        self.did: Counter[str] = Counter()
        self.said: Counter[str] = Counter()
        self.compared = self.different = self.lost = 0
        self.reference = result_files(folder)
        self.dates = {path: (folder / path).stat().st_mtime_ns for path in self.reference}

    def start(self, targets: list[str], said: str = "said.txt") -> subprocess.Popen:
        """A build of those targets, in a process group of its own; what it says goes to that file."""
        self.did["builds"] += 1
        with open(self.folder / said, "wb") as screen:
            return subprocess.Popen(
                [sys.executable, "-m", "snakemake", "--cores", "2", *targets],
                cwd=self.folder,
                # The copy runs its own package.
                env={**os.environ, "PYTHONPATH": str(self.folder / "workflow"), "COLUMNS": "500"},
                stdout=screen,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def screen(self, said: str = "said.txt") -> str:
        return (self.folder / said).read_text(encoding="utf-8", errors="replace")

    def build(self, targets: list[str]) -> None:
        """A plain build of all, or of those targets and of what a killed job took with it on the way to them."""
        gone = {path for path in self.reference if not (self.folder / path).exists()}
        if self.start(sorted({*targets, *gone}) if targets else []).wait():
            raise Broken(f"a plain build does not repair it:\n{self.screen()[-3000:]}")

    def refused(self, targets: list[str], sentence: str) -> None:
        self.must_say(self.start(targets), sentence)

    def must_say(self, build: subprocess.Popen, sentence: str, said: str = "said.txt") -> None:
        code = build.wait()
        screen = self.screen(said)
        if not code or not re.search(sentence, screen) or "Traceback" in screen:
            raise Broken(f"exit code {code}, and not the sentence {sentence!r}:\n{screen[-3000:]}")
        self.said[sentence] += 1

    def pick(self, jobs: list[str]) -> list[str]:
        """Delete what those jobs made; gives the paths."""
        targets = [path for job in jobs for path in JOBS[job]]
        for path in targets:
            (self.folder / path).unlink(missing_ok=True)
        return targets

    def compare(self) -> None:
        found = result_files(self.folder)
        different = sorted(
            path for path in self.reference.keys() | found.keys() if found.get(path) != self.reference.get(path)
        )
        self.compared += 1
        self.different += len(different)
        self.lost += sum(path not in found for path in different)
        if different:
            raise Broken(f"other bytes than a quiet build: {', '.join(different[:10])}")
        # Else each fault would be followed by all that comes after the results that were made anew.
        for path, date in self.dates.items():
            os.utime(self.folder / path, ns=(date, date))

    def run(self, what: str, fault: Callable[[Torture], None]) -> None:
        fault(self)
        self.compare()
        self.did[what] += 1


def descendants(process: int) -> list[int]:
    """Processes under this one, which are its jobs."""
    children: dict[int, list[int]] = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = place.read_text(errors="replace").rpartition(")")[2].split()[1]
            children.setdefault(int(parent), []).append(int(place.parent.name))
    found, todo = [], [process]
    while todo:
        found += children.get(todo[-1], [])
        todo += children.get(todo.pop(), [])
    return found


def wait_for(ready: Callable[[], object], build: subprocess.Popen, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while build.poll() is None and time.monotonic() < end:
        if ready():
            return True
        time.sleep(0.02)
    return False


# Faults. Each leaves a folder in which a plain build has ended.


def kills(torture: Torture, times: int, longest: float = 9) -> None:
    """SIGKILL at random moments, `times` builds in a row, before one may end."""
    dice = torture.random
    targets = torture.pick(dice.sample(torture.jobs, dice.randint(1, 3)))
    while times:
        build = torture.start(targets)
        with contextlib.suppress(subprocess.TimeoutExpired):
            build.wait(dice.uniform(0.2, longest))
        kind = dice.choice(("Snakemake", "Snakemake and all of its jobs", "a job"))
        if build.poll() is not None:  # too late
            targets += torture.pick(dice.sample(torture.jobs, 2))
            continue
        if kind == "a job":
            wait_for(partial(descendants, build.pid), build)
            victims = descendants(build.pid)
            if not victims:
                continue
            with contextlib.suppress(ProcessLookupError):
                os.kill(dice.choice(victims), signal.SIGKILL)
        elif kind == "Snakemake":
            build.kill()
        else:
            os.killpg(build.pid, signal.SIGKILL)
        build.wait()
        torture.did["kills"] += 1
        torture.did[f"kill -9 of {kind}"] += 1
        times -= 1
    torture.build(targets)


def two_builds(torture: Torture) -> None:
    targets = torture.pick(["ingest of many files", "clean"])
    builds = [torture.start(targets, screen) for screen in ("said.txt", "other.txt")]
    late = next(place for place, build in enumerate(builds) if build.wait() or place)
    if builds[1 - late].wait():
        raise Broken(f"neither of two builds ends:\n{torture.screen()}")
    torture.must_say(builds[late], "Another build runs in this folder", ("said.txt", "other.txt")[late])


def damaged(torture: Torture) -> None:
    """An intermediate that lost its tail, or that somebody saved with a line more; and something to be made from it."""
    path, job = torture.random.choice(
        [("results/2021/responses.parquet", "clean"), ("results/2021/ingest.csv", "clean")]
    )
    file = torture.folder / path
    content = file.read_bytes()
    cut = torture.random.randrange(len(content))
    file.write_bytes(torture.random.choice((content[:cut], content + b"\n")))
    targets = torture.pick([job])
    torture.build(targets)
    sentence = f"{path} is not as the build wrote it"
    if sentence not in torture.screen():
        raise Broken(f"not the sentence {sentence!r}:\n{torture.screen()[-3000:]}")
    torture.said[sentence] += 1


def while_ingest_reads(torture: Torture, disturb: Callable[[Path], object], besides: str = "") -> None:
    """Something happens to a raw file; afterwards somebody puts it back, with the old date. `besides` may be said too."""
    targets = torture.pick(["ingest of many files"])
    raw = torture.folder / "raw/2021/interviews.csv"
    with kept(raw):
        build = torture.start(targets)
        wait_for(lambda: works("ingest", build), build)
        disturb(raw)
        torture.must_say(build, f"{besides}was changed while it was read|Changed while the build ran")
    torture.build(targets)


def raw_file_changes(torture: Torture) -> None:
    def add_a_line(raw: Path) -> None:
        time.sleep(1.5)  # into the job
        with raw.open("ab") as file:
            file.write(b"\n")

    while_ingest_reads(torture, add_a_line)


def raw_file_vanishes(torture: Torture) -> None:
    while_ingest_reads(torture, Path.unlink, "went away during the build|")


def older_raw_file(torture: Torture) -> None:
    """Another content under an old date, as from an archive or a clock that is behind, must be noticed, and so must its end."""
    raw, targets = torture.folder / "raw/2021/names.csv", JOBS["clean"]
    before = (torture.folder / ".snakemake/hrmonitor").stat()
    with kept(raw):
        raw.write_bytes(raw.read_bytes() + b"\n")
        os.utime(raw, (1e9, 1e9))
        torture.build(targets)
        if (torture.folder / ".snakemake/hrmonitor").stat().st_mtime == before.st_mtime:
            raise Broken("a raw file with an old date was not taken up")
    torture.build(targets)


def results_from_the_future(torture: Torture) -> None:
    """The clock was a year ahead during a build: what changes afterwards must still be taken up."""
    future = time.time() + 365 * 86400
    for path in (torture.folder / "results").rglob("*"):
        os.utime(path, (future, future))
    older_raw_file(torture)


def raw_file_from_the_future(torture: Torture) -> None:
    targets = torture.pick(["clean"])
    raw = torture.folder / "raw/register.csv"
    with kept(raw):
        os.utime(raw, (time.time() + 86400,) * 2)
        torture.refused(targets, "raw/register.csv is dated in the future")
    torture.build(targets)


def full_disk(torture: Torture) -> None:
    """From the start, or filled up by something else while a job works."""
    with mounted(torture, "-t", "tmpfs", "-o", "size=200m", "tmpfs"):
        targets = torture.pick(["clean"])
        if torture.random.random() < 0.3:
            fill(torture)
            torture.refused(targets, "The disk of results/ is full")
        else:
            build = torture.start(targets)
            wait_for(lambda: works("clean", build), build)
            fill(torture)
            torture.must_say(build, "the disk is full")
        (torture.folder / "results" / "fill").unlink()
        torture.build(targets)


def fill(torture: Torture) -> None:
    with open(torture.folder / "results" / "fill", "wb") as file:
        free = shutil.disk_usage(torture.folder / "results").free - torture.random.choice((0, 4, 16)) * 1024
        os.posix_fallocate(file.fileno(), 0, free // 4096 * 4096)


def read_only(torture: Torture) -> None:
    targets = torture.pick(["clean"])
    results = torture.folder / "results"
    subprocess.run(["mount", "--bind", results, results], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", results], check=True)
        torture.refused(targets, "results/ cannot be written")
    finally:
        subprocess.run(["umount", results], check=True)
    torture.build(targets)


def works(rule: str, build: subprocess.Popen) -> bool:
    """Whether a job of that rule is at work."""
    for process in descendants(build.pid):
        with contextlib.suppress(OSError):
            if f".{rule}.py" in Path(f"/proc/{process}/cmdline").read_text():
                return True
    return False


@contextlib.contextmanager
def kept(file: Path) -> Iterator[None]:
    """Afterwards the file has its content and its date again."""
    content, date = file.read_bytes(), file.stat()
    try:
        yield
    finally:
        file.write_bytes(content)
        os.utime(file, ns=(date.st_atime_ns, date.st_mtime_ns))


@contextlib.contextmanager
def mounted(torture: Torture, *how: str) -> Iterator[None]:
    """results/ on a disk of its own, which ends with the same files as it began."""
    results, aside = torture.folder / "results", torture.folder / "results_aside"
    results.rename(aside)
    results.mkdir()
    subprocess.run(["mount", *how, results], check=True)
    try:
        shutil.copytree(aside, results, dirs_exist_ok=True)
        yield
        shutil.rmtree(aside)
        shutil.copytree(results, aside)
    finally:
        subprocess.run(["umount", results], check=True)
        results.rmdir()
        aside.rename(results)


OTHER_FAULTS = {
    "two builds at once": two_builds,
    "damaged intermediate": damaged,
    "raw file changes during the build": raw_file_changes,
    "raw file vanishes during the build": raw_file_vanishes,
    "raw file with another content and an old date": older_raw_file,
    "raw file from the future": raw_file_from_the_future,
    "results from the future": results_from_the_future,
}
AS_ROOT = {"full disk": full_disk, "read-only results/": read_only}


def report(torture: Torture, seed: int, seconds: float, whole: str) -> str:
    faults = {key: number for key, number in torture.did.items() if key not in ("builds", "kills")}
    rows = {
        "builds": torture.did["builds"],
        "faults, each repaired by a plain `snakemake`": sum(faults.values()),
        **{f"   {key}": number for key, number in sorted(faults.items())},
        "answered with one sentence, no traceback": torture.said.total(),
        f"comparisons of all {len(torture.reference)} files": torture.compared,
        "files with other bytes": torture.different,
        "lost": torture.lost,
        "whole build from the first table on, at the end": whole,
        "seconds": round(seconds),
    }
    return f"tests/torture.py, seed {seed}\n\n" + "".join(f"{key:<50}{number}\n" for key, number in rows.items())


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--kills", type=int, default=60)
    arguments.add_argument("--seconds", type=float, default=660, help="no new fault after this time")
    arguments.add_argument("--write", type=Path, help="file for the report")
    chosen = arguments.parse_args()
    # Ended from outside, what is mounted must still be given back.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="torture_", ignore_cleanup_errors=True) as place:
        folder = Project.copy(Path(place, "project"), results=True).folder
        print("building the reference", flush=True)
        subprocess.run([sys.executable, "-m", "snakemake", "--cores", "2"], cwd=folder, check=True, capture_output=True)
        torture = Torture(folder, chosen.seed)
        start = time.monotonic()
        others = list(OTHER_FAULTS.items())
        if os.geteuid() == 0:
            others += AS_ROOT.items()
        else:
            print("not root: no full and no read-only disk")
        whole = "not reached"
        try:
            for round_ in range(1000):
                left = chosen.kills - torture.did["kills"]
                if left <= 0 or time.monotonic() - start > chosen.seconds:
                    break
                what, fault = others[round_ % len(others)]
                times = min(torture.random.randint(2, 5), left)
                print(f"{time.monotonic() - start:5.0f} s  {times} kills, then: {what}", flush=True)
                kills(torture, times)
                torture.compare()
                torture.run(what, fault)
            print(f"{time.monotonic() - start:5.0f} s  all again, from the first table on", flush=True)
            torture.build(torture.pick(["ingest", "ingest of many files"]))
            torture.build([])
            torture.compare()
            whole = "same bytes"
        except Broken as error:
            print(error, file=sys.stderr)
        text = report(torture, chosen.seed, time.monotonic() - start, whole)
    print(text)
    if chosen.write:
        chosen.write.write_text(text, encoding="utf-8")
    return 0 if whole == "same bytes" else 1


if __name__ == "__main__":
    sys.exit(main())
