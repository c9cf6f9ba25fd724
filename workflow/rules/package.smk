"""Before anything is imported from the package: that it is this folder's, and that Snakemake can start Python for the scripts."""

import os
import re
import shlex
import sys
from pathlib import Path

try:
    import hrmonitor
except ModuleNotFoundError as error:
    if error.name != "hrmonitor":
        raise
    hrmonitor = None


def end_without_setup(what: str) -> None:
    print(f"SetupError: {what}", file=sys.stderr)
    sys.exit(1)


def files_of(package: Path) -> dict[Path, bytes]:
    """Path within the package -> content, of code and what it brings along."""
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(package): path.read_bytes() for path in files}


def survives_a_shell(path: str) -> bool:
    ascii_letters = re.sub(r"[^\x00-\x7f]", "x", path)
    return shlex.quote(ascii_letters) == ascii_letters


INSTALL = (
    "run `make report`, or install this folder's: python -m pip install --no-deps --no-build-isolation --editable ."
)
if hrmonitor is None:
    end_without_setup(f"{sys.executable} has no package hrmonitor: {INSTALL}")

# A .venv may hold the package of another folder: its code would run here without a word. The same code from there will do.
IMPORTED, HERE = Path(hrmonitor.__file__).parent, Path(workflow.basedir, "workflow", "hrmonitor")
if not os.path.samefile(IMPORTED, HERE) and files_of(IMPORTED) != files_of(HERE):
    end_without_setup(f"{sys.executable} imports hrmonitor from {IMPORTED}, which is not this folder's: {INSTALL}")

# Snakemake puts the path of Python into the command of a script as it is, where a space or an apostrophe takes it apart. Seen from
# here, the folder's own name is not in it.
if not survives_a_shell(sys.executable):
    sys.executable = os.path.relpath(Path(os.path.realpath(sys.prefix), "bin", "python"))
if not survives_a_shell(sys.executable):
    end_without_setup(f"Snakemake cannot start {sys.executable}: give its folder a name without spaces and signs.")
