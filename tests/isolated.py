"""The build with the least that it needs: no rights, no network, and a project folder with only two places that can be written.

`make isolated` (as root on Linux, to give the rights up) builds what is committed twice, as anybody would and so, and compares the
bytes. The second build runs as a user that has no name, no home folder, no group and no capability, in a network namespace without a
route or an interface that is up, and on file systems that are all read-only but for `results/`, `.snakemake/` and a temporary folder,
which must be empty in the end. `--targets` builds those files alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import byte_matrix
from hrmonitor.publication import release

WRITTEN = ("results", ".snakemake")
USER = "61234"
TOOLS = ("unshare", "mount", "setpriv")
# Root's part. $1: project, $2: temporary folder, $3: what of root's home folder others must reach; then the command. All mounts end
# with the namespace.
INSIDE = f"""
set -eu
project=$1; temporary=$2; reached=$3; shift 3
if [ -n "$reached" ]; then
    mount --bind /root "$temporary"
    mount -t tmpfs -o mode=755 tmpfs /root
    for place in $reached; do
        mkdir "/root/$place"
        mount --bind "$temporary/$place" "/root/$place"
        mount -o remount,bind,ro "/root/$place"
    done
    umount "$temporary"
fi
for place in {" ".join(WRITTEN)}; do mount --bind "$project/$place" "$project/$place"; done
mount -t tmpfs -o mode=1777 tmpfs "$temporary"
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -o remount,bind,ro /
case $(grep -c . /proc/net/route) in 0|1) ;; *) echo "there is a route out of here"; exit 3;; esac
code=0
setpriv --reuid {USER} --regid {USER} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@" || code=$?
find "$temporary" /dev/shm -mindepth 1 | sed "s|^|left behind: |"
exit $code
"""
# What must be refused to the build; each prints a line when it is not.
ATTEMPTS = """
import os, socket
for place in ("config.yaml", "raw/here", "workflow/here", "/here", "/tmp/here", "/etc/here"):
    try:
        open(place, "a").close()
        print("could write", place)
    except OSError:
        pass
for address in (("192.0.2.1", 443), ("127.0.0.1", 80)):
    try:
        socket.create_connection(address, timeout=2)
        print("could connect to", *address)
    except ConnectionRefusedError:
        print("there is a network to", *address)
    except OSError:
        pass
try:
    os.setuid(0)
    print("could become root")
except OSError:
    pass
"""


def missing() -> str:
    """What this machine lacks for it; empty when nothing."""
    tools = [tool for tool in TOOLS if shutil.which(tool) is None]
    if tools:
        return f"no {', '.join(tools)}"
    if os.geteuid() != 0:
        return "not root, so there are no rights to give up"
    run = subprocess.run(
        ["unshare", "--net", "--mount", "mount", "-o", "remount,bind,ro", "/"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"no namespaces here: {run.stderr.strip()}" if run.returncode else ""


def of_root() -> set[str]:
    """The folders of root's home in which Python and its packages are, if they are there: others may not enter it."""
    chain = [Path(sys.executable)]
    while chain[-1].is_symlink():
        chain.append(chain[-1].parent / chain[-1].readlink())
    places = [*chain, Path(sys.prefix), Path(sys.base_prefix)]
    return {place.relative_to("/root").parts[0] for place in places if place.is_relative_to("/root")}


def isolated(
    project: Path, *command: str, env: dict[str, str] | None = None, umask: int = 0o022
) -> subprocess.CompletedProcess:
    """Run a command in `project` so, with variables and umask on top; `stdout` has both streams, and a line `left behind: ...` for
    each temporary file. The folder above the project gets a folder `temporary`."""
    temporary = project.parent / "temporary"
    temporary.mkdir(exist_ok=True)
    # What is mounted read-only is also not theirs, and what is theirs they can reach.
    for path in (project, *project.rglob("*")):
        os.chown(path, 0, 0, follow_symlinks=False)
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
    for path in (project.parent, *project.parents[1:]):
        if path.is_relative_to(tempfile.gettempdir()) and path != Path(tempfile.gettempdir()):
            path.chmod(0o755)
    for place in WRITTEN:
        (project / place).mkdir(exist_ok=True)
        for path in (project / place, *(project / place).rglob("*")):
            os.chown(path, int(USER), int(USER), follow_symlinks=False)
    env = {"LC_ALL": "C.UTF-8", "LOGNAME": "nobody", "HOME": "/nonexistent"} | (env or {}) | {
        "PATH": "/usr/bin:/bin", "TMPDIR": str(temporary),
        # Before it reads the Snakefile, Snakemake makes an empty folder in the user's cache.
        "XDG_CACHE_HOME": str(project / ".snakemake" / "cache"),
    }  # fmt: skip
    return subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", INSIDE, "sh", project, temporary, " ".join(of_root()), *command],
        cwd=project, env=env, umask=umask, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def permitted(project: Path) -> str:
    """What of ATTEMPTS is not refused to a command that runs so; empty when all is."""
    return isolated(project, sys.executable, "-c", ATTEMPTS).stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--targets", nargs="*", default=[])
    targets = parser.parse_args().targets
    if missing():
        raise SystemExit(f"This cannot be done here: {missing()}.")
    plain = byte_matrix.covering(1)[0]
    with tempfile.TemporaryDirectory(prefix="isolated_", ignore_cleanup_errors=True) as place:
        ordinary, project = Path(place, "ordinary"), Path(place, "isolated", "project")
        for folder in (ordinary, project):
            byte_matrix.sources(folder, plain | {"source": "archive"}, byte_matrix.head())
        if permitted(project):
            raise SystemExit(f"That is no isolation: {permitted(project)}")
        start = time.perf_counter()
        run = isolated(project, sys.executable, "-m", "snakemake", "--cores", "4", *targets)
        if run.returncode or "left behind" in run.stdout:
            raise SystemExit(run.stdout[-6000:])
        print(
            f"isolated: {len(release.result_files(project))} files in {time.perf_counter() - start:.0f} s, nothing left behind"
        )
        byte_matrix.snakemake(ordinary, dict(os.environ), plain, targets)
        found = byte_matrix.differences(ordinary, project)
        print(f"ordinary: {len(release.result_files(ordinary))} files, differences {len(found)}", *found, sep="\n  ")
        if found:
            sys.exit(1)


if __name__ == "__main__":
    main()
