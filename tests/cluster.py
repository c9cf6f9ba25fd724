"""The pipeline on a Slurm of its own, on this machine: same bytes as a local build, also when a job or the node is killed.

`make cluster-test`; needs root in a Debian (container), where it installs slurm-wlm and munge if they are missing. No part of the test
suite: it starts munged, slurmctld and slurmd, in a temporary folder, and ends them again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from endtoend.conftest import Project
from hrmonitor.publication.release import result_files

# Rounds, cleaning and estimates: a job of each kind that can spread.
TARGETS = [
    "results/indicators.csv",
    "results/2018/audit.csv",
    "results/2021/audit.csv",
]
CONF = """
ClusterName=test
SlurmctldHost={host}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
InactiveLimit=0
MinJobAge=300
NodeName={host} CPUs=2 RealMemory=6000 State=UNKNOWN
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


class Slurm:
    """The three daemons, in the foreground, with all that they keep in one folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        conf = str(folder / "slurm.conf")
        self.env = {**os.environ, "SLURM_CONF": conf, "PATH": f"{folder}:{os.environ['PATH']}"}
        # The executor takes Slurm's variables from its jobs, and with them where this Slurm's configuration is.
        (folder / "srun").write_text(f'#!/bin/sh\nSLURM_CONF={conf} exec {shutil.which("srun")} "$@"\n')
        (folder / "srun").chmod(0o755)
        self.processes: dict[str, subprocess.Popen] = {}

    def start(self) -> None:
        for name in ("state", "spool", "log"):
            (self.folder / name).mkdir()
        (self.folder / "slurm.conf").write_text(
            CONF.format(host=socket.gethostname(), folder=self.folder, ports=free_ports())
        )
        # Slurm 22.05 asks for a plugin even where nothing uses it; containers have the first kind's folders or can do without.
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=cgroup/v1\n")
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        self.daemon("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
                    f"--pid-file={self.folder}/munged.pid", f"--seed-file={self.folder}/munged.seed",
                    f"--log-file={self.folder}/log/munged.log")  # fmt: skip
        self.wait(lambda: (self.folder / "munge.socket").exists(), "munged")
        self.daemon("slurmctld", "-D")
        self.start_node()

    def start_node(self) -> None:
        self.daemon("slurmd", "-D")
        self.wait(lambda: self.ask("sinfo", "-h", "-o", "%T") in ("idle", "mixed", "allocated"), "slurmd")

    def kill_node(self) -> None:
        """slurmd and the jobs on it, at once, as when a machine loses power."""
        os.killpg(self.processes["slurmd"].pid, signal.SIGKILL)
        for step in self.steps():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(step, signal.SIGKILL)

    def steps(self) -> list[int]:
        """Process groups of the jobs on this node and of their shepherds: all that carry this Slurm's configuration and a job's number."""
        ours, found = f"SLURM_CONF={self.folder}/".encode(), set()
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                variables = (place / "environ").read_bytes()
                shepherd = (place / "comm").read_text().startswith("slurmstepd")
                if ours in variables and (shepherd or b"SLURM_JOB_ID=" in variables):
                    found.add(os.getpgid(int(place.name)))
        return sorted(found)

    def daemon(self, name: str, *arguments: str) -> None:
        log = open(self.folder / "log" / f"{name}.out", "ab")  # noqa: SIM115 - it is the daemon's
        program = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        self.processes[name] = subprocess.Popen(
            [program, *arguments], env=self.env, stdout=log, stderr=log, start_new_session=True
        )

    def wait(self, ready: Callable[[], bool], what: str) -> None:
        for _ in range(120):
            if ready():
                return
            time.sleep(0.5)
        logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in (self.folder / "log").iterdir())
        raise SystemExit(f"{what} does not come up:\n{logs}")

    def ask(self, *command: str) -> str:
        return subprocess.run(command, env=self.env, capture_output=True, text=True, check=False).stdout.strip()

    def stop(self) -> None:
        self.ask("scancel", "--state=RUNNING")
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("", 0))
        other.bind(("", 0))
        return one.getsockname()[1], other.getsockname()[1]


@contextlib.contextmanager
def slurm() -> Iterator[Slurm]:
    with tempfile.TemporaryDirectory(prefix="slurm_", ignore_cleanup_errors=True) as folder:
        one = Slurm(Path(folder))
        try:
            one.start()
            yield one
        finally:
            one.stop()


def snakemake(folder: Path, env: dict[str, str], *arguments: str) -> subprocess.Popen:
    log = open(folder / "snakemake.out", "wb")  # noqa: SIM115 - it is Snakemake's
    return subprocess.Popen(
        [sys.executable, "-m", "snakemake", *arguments, "--", *TARGETS], cwd=folder, env=env, stdout=log, stderr=log
    )


def on_cluster(one: Slurm, folder: Path, disturb: Callable[[Slurm, str], None] | None = None) -> tuple[float, int]:
    """Build in `folder` on the cluster; `disturb` is called once, with the first job that runs. Seconds and jobs submitted."""
    before = int(last_job(one))
    start = time.perf_counter()
    # The login node's own environment must not reach the jobs.
    build = snakemake(folder, one.env, "--workflow-profile", "profiles/slurm",
                      "--slurm-init-seconds-before-status-checks", "3", "--seconds-between-status-checks", "3")  # fmt: skip
    while build.poll() is None:
        running = one.ask("squeue", "-h", "-t", "RUNNING", "-o", "%i").split()
        if disturb and running:
            time.sleep(1)  # into the job's work
            disturb(one, running[0])
            disturb = None
        time.sleep(0.2)
    if build.returncode or disturb:
        logs = [folder / "snakemake.out", *sorted((folder / ".snakemake" / "slurm_logs").rglob("*.log"))[:2]]
        raise SystemExit("\n".join(path.read_text(errors="replace")[-3000:] for path in logs))
    return time.perf_counter() - start, int(last_job(one)) - before


def last_job(one: Slurm) -> str:
    return max(one.ask("squeue", "-h", "-t", "all", "-o", "%i").split(), key=int, default="0")


def log_of_jobs(one: Slurm, number: int) -> str:
    """Slurm's lines about the newest `number` jobs; RESTARTS counts how often it took up a job again itself."""
    columns = "JobID:8,Comment:45,State:13,TimeUsed:8,MinMemory:12,RestartCnt:12"
    head, *jobs = one.ask("squeue", "-t", "all", "-S", "i", "-O", columns).splitlines()
    return "\n".join(f"    {line.rstrip()}" for line in [head, *jobs[-number:]])


def cancel(one: Slurm, job: str) -> None:
    print(f"   scancel {job}")
    one.ask("scancel", job)


def lose_the_node(one: Slurm, job: str) -> None:
    print(f"   kill -9 slurmd and job {job}")
    one.kill_node()
    one.wait(lambda: one.ask("sinfo", "-h", "-o", "%T").startswith("down"), "the controller's verdict on the node")
    one.start_node()


def main() -> None:
    # Ended from outside, the daemons still must be.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if not shutil.which("sbatch"):
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(["apt-get", "install", "-qq", "-y", "--no-install-recommends", "slurm-wlm", "munge"], check=True)
    with slurm() as one, tempfile.TemporaryDirectory() as place:
        here = Project.copy(Path(place, "local")).folder
        start = time.perf_counter()
        if snakemake(here, dict(os.environ), "--cores", "2").wait():
            raise SystemExit((here / "snakemake.out").read_text())
        wanted, local = result_files(here), time.perf_counter() - start
        print(f"local, 2 cores: {len(wanted)} files in {local:.0f} s")
        for name, disturb in (("cluster", None), ("a job cancelled", cancel), ("the node lost", lose_the_node)):
            there = Project.copy(Path(place, name.replace(" ", "_"))).folder
            seconds, jobs = on_cluster(one, there, disturb)
            found = result_files(there)
            different = sorted(path for path in wanted if found.get(path) != wanted[path])
            if different:
                raise SystemExit(f"{name}: not the bytes of the local build: {', '.join(different)}")
            print(f"{name}: the same {len(wanted)} files in {seconds:.0f} s, {jobs} jobs submitted")
            print(log_of_jobs(one, jobs), flush=True)


if __name__ == "__main__":
    main()
