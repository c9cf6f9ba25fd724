"""The release on record, `results.sha256`: what the build read, what it made, and the commit that it was made from.

The file has the form of `sha256sum` (so `sha256sum --check results.sha256` reads it too): one line for each file that the
build reads and for each result, and the commit in a line that starts with `#`. It is not itself among the files that the
build reads, so that it can be committed after the build that it records.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from hrmonitor.errors import UserError
from hrmonitor.files.atomic import whole
from hrmonitor.files.checksums import sha256
from hrmonitor.project.rounds import DECISIONS_WORKBOOK

RECORD = "results.sha256"
COMMIT = "# commit "
UPDATE = ".venv/bin/hrmonitor verify --update"
# What a build reads. Documents and tests may change without making it another build.
SOURCES = ("Snakefile", "config.yaml", "requirements.txt", "profiles", "workflow", "report", "raw", "editions")
# Editors, spreadsheets and Python leave these beside the sources; the workbook of decisions is a form, not a source.
LITTER = (
    "__pycache__",
    ".ipynb_checkpoints",
    ".ruff_cache",
    ".DS_Store",
    "Thumbs.db",
    "desktop.ini",
    DECISIONS_WORKBOOK,
)


class ReleaseError(UserError):
    """The build and the release on record cannot be compared, or are not the same."""


def source_files(root: Path) -> dict[str, str]:
    """Path -> SHA-256 of each file that the build reads, sorted by path."""
    files = {}
    for source in SOURCES:
        place = root / source
        for path in [place] if place.is_file() else place.rglob("*"):
            inner = path.relative_to(root)
            if path.is_file() and not set(inner.parts) & set(LITTER) and not path.name.startswith("~$"):
                files[inner.as_posix()] = sha256(path)
    return dict(sorted(files.items()))


def digest_of(sources: dict[str, str]) -> str:
    """One SHA-256 for all files that the build reads (path -> SHA-256): that of their lines in the form of `sha256sum`."""
    lines = "".join(f"{digest}  {path}\n" for path, digest in sources.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def result_files(root: Path) -> dict[str, str]:
    """Path -> SHA-256 of each file under results/, logs aside, sorted by path."""
    results = root / "results"
    files = {path.relative_to(root): path for path in results.rglob("*") if path.is_file()}
    kept = {inner.as_posix(): sha256(path) for inner, path in files.items() if inner.parts[1] != "logs"}
    return dict(sorted(kept.items()))


def read_record(root: Path) -> tuple[str, dict[str, str]]:
    """(commit, path -> SHA-256) of the release on record; ("", {}) when there is none."""
    try:
        lines = (root / RECORD).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return "", {}
    commit = next((line.removeprefix(COMMIT) for line in lines if line.startswith(COMMIT)), "")
    pairs = [line.split("  ", 1) for line in lines if line and not line.startswith("#")]
    if any(len(pair) != 2 or len(pair[0]) != 64 for pair in pairs):
        raise ReleaseError(f"{RECORD}: a line is not a checksum and a path. Write it anew: {UPDATE}")
    return commit, {path: digest for digest, path in pairs}


def write_record(root: Path) -> int:
    """Record the build that stands in results/ as the release; gives the number of results.

    Raises `ReleaseError` without results, outside a clone, and when sources differ from their commit: the record would
    name a commit that does not hold what was built.
    """
    results = result_files(root)
    if not results:
        raise ReleaseError("results/ is empty: there is no build to record. Run `snakemake --cores 4` first.")
    commit, dirty = _from_git(root)
    if commit == "unknown" or dirty:
        raise ReleaseError(
            "a release is recorded from a clone in which the files that the build reads are committed. "
            "Commit them, build, and run this again."
        )
    head = [
        f"# The release on record. Compare a build with it: .venv/bin/hrmonitor verify. Write it anew: {UPDATE}",
        COMMIT + commit,
    ]
    lines = [f"{digest}  {path}" for path, digest in sorted((source_files(root) | results).items())]
    with whole(root / RECORD) as place:
        place.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    return len(results)


def commit_of(root: Path, sources: dict[str, str]) -> tuple[str, bool]:
    """(commit that last changed what the build reads, whether the files differ from it); ("unknown", False) if none is known.

    Files that equal those of the release on record have its commit. This holds in a clone, a shallow clone (where git
    takes its one commit for the last that changed anything) and a source archive alike, so all make the same bytes.
    """
    commit, recorded = read_record(root)
    if commit and sources == {path: digest for path, digest in recorded.items() if not path.startswith("results/")}:
        return commit, False
    return _from_git(root)


def _from_git(root: Path) -> tuple[str, bool]:
    commit = _git(root, "log", "-1", "--format=%H", "--", *SOURCES)
    return (commit, bool(_git(root, "status", "--porcelain", "--", *SOURCES))) if commit else ("unknown", False)


def _git(root: Path, *arguments: str) -> str:
    """What git says; nothing where it is not installed, refuses, or the folder is no clone of its own."""
    # A folder within somebody else's clone, such as an unpacked archive, has no commit of its own.
    if not (root / ".git").exists():
        return ""
    # Also in a clone of another user, which git does not read unless told to: who builds there runs its code anyway.
    command = ["git", "-c", "safe.directory=*", "-C", str(root), *arguments]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def commit_of_file(root: Path, path: str) -> tuple[str, str]:
    """(commit that last changed the file, its date as YYYY-MM-DD); raises `ReleaseError` if git does not know, or it was changed since."""
    found = _git(root, "log", "-1", "--format=%H %cs", "--", path).split()
    if len(found) != 2 or _git(root, "status", "--porcelain", "--", path):
        raise ReleaseError(
            f"the date of {path} is that of its commit, and it has none: needed are git, a clone (`git init` makes one of this folder), and "
            f"{path} committed as it is now (`git add {path}` and `git commit`). Then run this again."
        )
    return found[0], found[1]


def differences(
    recorded: dict[str, str], found: dict[str, str], inputs: dict[str, set[str]]
) -> list[tuple[str, str, list[str]]]:
    """(path, what is the matter, changed inputs) of each result that is not that of the record.

    `recorded` and `found`: path -> SHA-256 of sources and results. `inputs`: path of a result -> the files it is made from
    directly; the changed inputs are those sources, through all steps.
    """
    rows = []
    for path in sorted({path for path in recorded.keys() | found.keys() if path.startswith("results/")}):
        if recorded.get(path) == found.get(path):
            continue
        what = (
            "differs"
            if path in recorded and path in found
            else "is missing"
            if path in recorded
            else "is not on record"
        )
        behind = _upstream(path, inputs)
        rows.append((path, what, sorted(one for one in behind if recorded.get(one) != found.get(one))))
    return rows


def _upstream(path: str, inputs: dict[str, set[str]]) -> set[str]:
    """The files without inputs of their own behind a result."""
    found, todo = set(), [path]
    while todo:
        for one in inputs.get(todo.pop(), ()):
            if one not in found:
                found.add(one)
                todo.append(one)
    return {one for one in found if one not in inputs}


def read_summary(text: str) -> dict[str, set[str]]:
    """Result -> its direct inputs, from what `snakemake --detailed-summary` prints (columns parted by tabs)."""
    lines = [line.split("\t") for line in text.splitlines() if "\t" in line]
    if not lines:
        return {}
    head = lines[0]
    output, direct = head.index("output_file"), head.index("input-file(s)")
    return {line[output]: {one for one in line[direct].split(",") if one} for line in lines[1:] if len(line) > direct}
