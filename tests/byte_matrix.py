"""The project built in surroundings that differ in all that must not matter, and the bytes of every result compared.

`make reproduce` (Debian; as root it installs gcc and locales where they are missing) builds what is committed `BUILDS` times,
each two minutes of two cores, and writes docs/evidence/reproducibility.txt. `--targets` builds those files alone, for development.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

from hrmonitor.publication import release
from hrmonitor.resources import RESOURCES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "evidence" / "reproducibility.txt"
BUILDS = 8
# The first value of each is that of the first build, with which all others are compared.
FACTORS = {
    "cores": ("4", "1", "2"),
    "source": ("clone", "archive"),
    "folder": ("project", "met spaties & één", "deep/" * 20 + "project"),
    "time zone": ("UTC", "Pacific/Kiritimati", "America/St_Johns"),
    "locale": ("C.UTF-8", "tr_TR.UTF-8", "nl_NL.ISO-8859-1", "xx_XX (not there)"),
    "hash seed": ("random", "0", "4242"),
    "umask": ("022", "077", "002"),
    "user": ("builder", "Zoë (own settings)"),
    "clock": ("today", "+4000 days", "-2500 days"),
    "SOURCE_DATE_EPOCH": ("not set", "1", "4000000000"),
    "dates of files": ("of checkout", "1985", "2019"),
    "processor": ("own", "chosen by user"),
}
LOCALES = {"tr_TR.UTF-8": ("tr_TR", "UTF-8"), "nl_NL.ISO-8859-1": ("nl_NL", "ISO-8859-1")}
# Loaded before the C library, it shifts the time of day and leaves the clocks by which programs wait; libfaketime 0.9.10 shifts those
# too, and Python 3.11 then waits for ever.
CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *now) {
    int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(id, now);
    if (!code && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) now->tv_sec += 86400L * atol(getenv("DAYS_ON"));
    return code;
}
int gettimeofday(struct timeval *now, void *zone) {
    struct timespec exact;
    int code = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return code;
}
time_t time(time_t *now) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}
"""


def covering(builds: int) -> list[dict[str, str]]:
    """So many rows of values, the first all first values; each next one meets the most pairs of values that none has met."""
    draw = random.Random(1)
    rows = [{factor: values[0] for factor, values in FACTORS.items()}]
    met = pairs(rows[0])
    while len(rows) < builds:
        tried = [{factor: draw.choice(values) for factor, values in FACTORS.items()} for _ in range(3000)]
        rows.append(max(tried, key=lambda row: len(pairs(row) - met)))
        met |= pairs(rows[-1])
    return rows


def pairs(row: dict[str, str]) -> set[tuple]:
    return set(combinations(row.items(), 2))


def surroundings(values: dict[str, str], place: Path) -> dict[str, str]:
    """All variables of a build with those values of FACTORS; what has to lie on disk is made in `place`."""
    home = place / "home"
    home.mkdir(parents=True)
    name = values["locale"].split()[0]
    env = {
        "PATH": os.environ["PATH"], "HOME": str(home), "USER": values["user"], "LOGNAME": values["user"],
        "TZ": values["time zone"], "LC_ALL": name, "LANG": name, "PYTHONHASHSEED": values["hash seed"],
    }  # fmt: skip
    if name in LOCALES:
        env["LOCPATH"] = str(place / "locales")
        (place / "locales").mkdir()
        source, charmap = LOCALES[name]
        # It ends with 1 where it only warns.
        subprocess.run(
            ["localedef", "-i", source, "-f", charmap, place / "locales" / name], capture_output=True, check=False
        )
        if not (place / "locales" / name).exists():
            raise SystemExit(f"localedef makes no {name}: apt-get install locales")
    if "settings" in values["user"]:
        own_settings(home)
    if values["clock"] != "today":
        library = place / "clock.so"
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-x", "c", "-o", library, "-", "-ldl"], input=CLOCK.encode(), check=True
        )
        env |= {"LD_PRELOAD": str(library), "DAYS_ON": values["clock"].split()[0]}
    if values["SOURCE_DATE_EPOCH"] != "not set":
        env["SOURCE_DATE_EPOCH"] = values["SOURCE_DATE_EPOCH"]
    if values["processor"] != "own":
        env |= {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "AVX512_ICL", "OPENBLAS_NUM_THREADS": "2",
                "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-ERMS"}  # fmt: skip
    return env


def own_settings(home: Path) -> None:
    """What people keep in their home folder and tools read there: a font of the report's name, Pandoc's abbreviations and
    template, the look of figures, IPython's start."""
    from fontTools.ttLib import TTFont

    files = {
        ".local/share/pandoc/abbreviations": "the\nde\n",
        ".local/share/pandoc/templates/default.typst": "$body$\n",
        ".config/matplotlib/matplotlibrc": "font.size: 20\nsavefig.dpi: 50\nsvg.fonttype: none\n",
        ".ipython/profile_default/startup/own.py": "import pandas\npandas.set_option('display.precision', 1)\n",
        ".config/pandas.ini": "",
    }
    for name, content in files.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(content, encoding="utf-8")
    font = TTFont(RESOURCES / "fonts" / "OpenSans-Regular.ttf")
    font["glyf"]["e"] = font["glyf"]["o"]
    (home / ".local/share/fonts").mkdir()
    font.save(home / ".local/share/fonts" / "OpenSans-Regular.ttf")


# Where the first is not given, git forbids what belongs to another user.
GIT = ["git", "-c", "safe.directory=*", "-C"]


def head() -> str:
    return subprocess.run([*GIT, ROOT, "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()


def sources(folder: Path, values: dict[str, str], commit: str) -> None:
    """What that commit holds, from git or from an archive, with the release on record that a published version has."""
    folder.mkdir(parents=True)
    if values["source"] == "clone":
        subprocess.run([*GIT, ROOT, "clone", "--quiet", "--no-hardlinks", ROOT, folder], check=True)
        subprocess.run([*GIT, folder, "checkout", "--quiet", "--detach", commit], check=True)
    else:
        archive = subprocess.run([*GIT, ROOT, "archive", commit], stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    lines = [f"{digest}  {path}\n" for path, digest in release.source_files(folder).items()]
    (folder / release.RECORD).write_text(f"{release.COMMIT}{commit}\n" + "".join(lines), encoding="utf-8")
    date_files(folder, values)


def date_files(folder: Path, values: dict[str, str]) -> None:
    if values["dates of files"] != "of checkout":
        moment = time.mktime((int(values["dates of files"]), 6, 1, 12, 0, 0, 0, 0, 0))
        for path in folder.rglob("*"):
            os.utime(path, (moment, moment), follow_symlinks=False)


def snakemake(folder: Path, env: dict[str, str], values: dict[str, str], targets: list[str]) -> None:
    """Build there; raises `SystemExit` with the end of what Snakemake said when it fails."""
    run = subprocess.run(
        [sys.executable, "-m", "snakemake", "--cores", values["cores"], *targets], cwd=folder, env=env,
        umask=int(values["umask"], 8), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(f"The build with {values} failed:\n{run.stdout.decode(errors='replace')[-6000:]}")


def differences(first: Path, other: Path) -> list[str]:
    """A line for each result that is not the same in both folders: its name and, of a text, the first line that differs."""
    one, two = release.result_files(first), release.result_files(other)
    found = []
    for path in sorted(one.keys() | two.keys()):
        if one.get(path) == two.get(path):
            continue
        if path not in one or path not in two:
            found.append(f"{path} is in {'the first build' if path in one else 'this build'} alone")
        else:
            found.append(f"{path} {first_difference(first / path, other / path)}")
    return found


def first_difference(one: Path, two: Path) -> str:
    try:
        lines = [path.read_text(encoding="utf-8").splitlines() for path in (one, two)]
    except UnicodeDecodeError:
        contents = one.read_bytes(), two.read_bytes()
        at = next((place for place, (a, b) in enumerate(zip(*contents, strict=False)) if a != b), "the end")
        return f"differs from byte {at}"
    for number, (a, b) in enumerate(zip(*lines, strict=False), start=1):
        if a != b:
            at = max(0, next((place for place, (c, d) in enumerate(zip(a, b, strict=False)) if c != d), 0) - 40)
            return f"line {number}: {a[at : at + 100]!r} in the first build, {b[at : at + 100]!r} in this one"
    return "has more lines in one of the two"


def page(rows: list[dict[str, str]], results: list[tuple[int, list[str]]], minutes: float) -> str:
    """The table, a column a build."""
    files, different = sum(number for number, _ in results), sum(len(found) for _, found in results)
    everything = {
        pair for a, b in combinations(FACTORS.items(), 2) for pair in _products(a, b)
    }  # fmt: skip
    met = set().union(*(pairs(row) for row in rows))
    values, seen = sum(map(len, FACTORS.values())), len(set().union(*(row.items() for row in rows)))
    table = [["build", *(str(place) for place in range(1, len(rows) + 1))], ["---"] * (len(rows) + 1)]
    for factor in FACTORS:
        shown = [row[factor].replace("deep/" * 20 + "project", "20 folders deep") for row in rows]
        table.append([factor, *shown])
    table.append(["files", *(str(number) for number, _ in results)])
    table.append(["differences", "first", *(str(len(found)) for _, found in results[1:])])
    details = [f"build {place}: {line}" for place, (_, found) in enumerate(results, 1) for line in found]
    return "\n".join(
        [
            "`make reproduce`",
            "",
            *("| " + " | ".join(line) + " |" for line in table),
            "",
            f"{len(rows)} builds in {minutes:.0f} minutes; {files - results[0][0]} files compared with those of the first build, "
            f"differences {different}. {seen} of {values} values occur, and {len(met)} of their {len(everything)} pairs in one build.",
            *details,
            "",
        ]
    )


def _products(a: tuple[str, tuple], b: tuple[str, tuple]) -> list[tuple]:
    return [((a[0], one), (b[0], other)) for one in a[1] for other in b[1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--builds", type=int, default=BUILDS)
    parser.add_argument("--targets", nargs="*", default=[], help="these results alone; the page is then not written")
    chosen = parser.parse_args()
    missing = [
        name
        for name, there in (("gcc", shutil.which("gcc")), ("locales", Path("/usr/share/i18n").exists()))
        if not there
    ]
    if missing:
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "libc6-dev", *missing], check=True
        )
    rows, results, start = covering(chosen.builds), [], time.perf_counter()
    commit = head()  # all builds are of this one, whatever is committed while they run
    with tempfile.TemporaryDirectory(prefix="bytes_", ignore_cleanup_errors=True) as place:
        for number, values in enumerate(rows, start=1):
            folder = Path(place, str(number), values["folder"])
            sources(folder, values, commit)
            snakemake(folder, surroundings(values, Path(place, str(number), "around")), values, chosen.targets)
            first = Path(place, "1", rows[0]["folder"])
            found = differences(first, folder)
            results.append((len(release.result_files(folder)), found))
            print(
                f"build {number} of {len(rows)}: {results[-1][0]} files, differences {len(found)}",
                *found,
                sep="\n  ",
                flush=True,
            )
            if folder != first:
                shutil.rmtree(Path(place, str(number)))
    text = page(rows, results, (time.perf_counter() - start) / 60)
    print(text)
    if not chosen.targets:
        PAGE.write_text(text, encoding="utf-8")
    if any(found for _, found in results):
        sys.exit(1)


if __name__ == "__main__":
    main()
