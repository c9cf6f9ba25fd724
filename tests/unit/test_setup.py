"""setup.sh makes .venv, finds one that cannot be used, and says in one line what is in the way, before anything is installed."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A project without dependencies and with a build backend of its own, so that an installation takes seconds and no network.
PYPROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n[project]\nname = "tiny"\nversion = "1"\n'
BACKEND = """
import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    with zipfile.ZipFile(f"{folder}/tiny-1-py3-none-any.whl", "w") as wheel:
        info = "tiny-1.dist-info/"
        wheel.writestr("tiny.py", "")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", f"tiny.py,,\\n{info}METADATA,,\\n{info}WHEEL,,\\n{info}RECORD,,\\n")
    return "tiny-1-py3-none-any.whl"
"""


def put_project(folder: Path) -> Path:
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "setup.sh", folder)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "backend.py").write_text(BACKEND)
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (folder / lock).write_text("# nothing\n")
    return folder


def setup(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run setup.sh there; without PYTHON in `environment` it finds the Python of the tests on PATH."""
    base = Path(sys.base_prefix, "bin")
    env = {**os.environ, "PATH": f"{base}{os.pathsep}{os.environ['PATH']}", **environment}
    env.pop("PYTHONPATH", None)
    return subprocess.run([folder / "setup.sh", *arguments], env=env, capture_output=True, text=True, check=False)


def stopped(run: subprocess.CompletedProcess) -> str:
    assert run.returncode == 1
    assert run.stderr.startswith("setup: ")
    assert run.stderr.count("\n") == 1
    return run.stderr


def fake_python(folder: Path, version: str) -> str:
    """A program that says it is that Python, and can do nothing else."""
    folder.mkdir(exist_ok=True)
    program = folder / f"python{version}"
    program.write_text(f'#!/bin/sh\n[ "$1" = -c ] && echo {version}\n')
    program.chmod(0o755)
    return str(program)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project whose .venv setup.sh has made, in a folder with the worst of names; tests only read it."""
    folder = put_project(tmp_path_factory.mktemp("setup") / "mijn map" / "d'été" / ("lang" * 30))
    run = setup(folder, LC_ALL="C")
    assert run.returncode == 0, run.stderr
    return folder


def imports_it(folder: Path) -> bool:
    run = subprocess.run([folder / ".venv/bin/python", "-c", "import tiny"], env={"LC_ALL": "C"}, check=False)
    return run.returncode == 0


def copy_of(made: Path, folder: Path) -> Path:
    shutil.copytree(made, folder, symlinks=True)
    return folder


def test_it_works_in_a_folder_with_a_difficult_name_and_is_silent_when_all_is_there(made):
    assert imports_it(made)
    again = setup(made)
    assert (again.returncode, again.stderr, again.stdout) == (0, "", "")


def test_the_test_lock_comes_on_top(made, tmp_path):
    link = tmp_path / "linked"
    put_project(link)
    run = setup(link, "dev")
    assert run.returncode == 0, run.stderr
    assert (link / ".venv/.locked-dev").exists()
    assert setup(link, "dev").stderr == ""


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda venv: (venv / ".unfinished").touch(), "was left half made"),
        (lambda venv: (venv / "bin/python").unlink(), "has no Python that runs"),
        (lambda venv: None, "was made in another folder"),
    ],
    ids=["interrupted", "without a Python", "copied from elsewhere"],
)
def test_a_venv_that_cannot_be_used_is_made_anew(made, tmp_path, spoil, said):
    folder = copy_of(made, tmp_path / "copy")
    spoil(folder / ".venv")
    run = setup(folder)
    assert run.returncode == 0, run.stderr
    assert f"setup: .venv {said}; it is made anew." in run.stderr
    assert imports_it(folder)
    assert setup(folder).stderr == ""


def test_a_venv_without_pip_gets_one(tmp_path):
    folder = put_project(tmp_path / "project")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder / ".venv"], check=True)
    run = setup(folder)
    assert run.returncode == 0, run.stderr
    assert imports_it(folder)


def test_a_changed_lock_is_installed(made, tmp_path):
    folder = put_project(tmp_path / "project")
    assert setup(folder).returncode == 0
    (folder / "requirements.txt").write_text("hrmonitor-no-such-package==1 --hash=sha256:" + 64 * "0")
    said = stopped_after_a_start(setup(folder, PIP_NO_INDEX="1", PIP_FIND_LINKS="", PIP_CONFIG_FILE=os.devnull))
    assert "pip cannot install the packages of requirements.txt: " in said
    assert "hrmonitor-no-such-package" in said
    assert said.endswith(".venv/setup.log\n")


def stopped_after_a_start(run: subprocess.CompletedProcess) -> str:
    assert run.returncode == 1
    first, last = run.stderr.splitlines(keepends=True)
    assert first.startswith("setup: installing ")
    return last


def test_an_unsupported_python_is_refused_by_name(tmp_path):
    folder = put_project(tmp_path / "project")
    said = stopped(setup(folder, PYTHON=fake_python(tmp_path / "bin", "3.10")))
    assert "Python 3.11, 3.12 or 3.13 is needed" in said
    assert "is Python 3.10" in said
    assert "does not run" in stopped(setup(folder, PYTHON="/nowhere/python3.12"))
    assert not (folder / ".venv").exists()


def test_without_any_supported_python_it_says_so(tmp_path):
    folder = put_project(tmp_path / "project")
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "dirname", "cksum", "head", "flock"):
        if path := shutil.which(tool):
            (tools / tool).symlink_to(path)
    fake_python(tools, "3.9")
    (tools / "python3").symlink_to(tools / "python3.9")
    said = stopped(setup(folder, PATH=str(tools)))
    assert "none is on PATH" in said


def test_another_python_makes_the_venv_anew_and_an_unsupported_one_leaves_it(made, tmp_path):
    folder = copy_of(made, tmp_path / "copy")
    stopped(setup(folder, PYTHON=fake_python(tmp_path / "bin", "3.10")))
    assert (folder / ".venv/bin/python").exists()
    other = next(version for version in ("3.11", "3.12", "3.13") if version != ".".join(map(str, sys.version_info[:2])))
    run = setup(folder, PYTHON=fake_python(tmp_path / "bin", other))
    assert re.search(
        rf"^setup: \.venv is of Python 3\.\d+ and not {re.escape(other)}; it is made anew\.$", run.stderr, re.M
    )


def test_a_link_to_another_venv_is_never_deleted(made, tmp_path):
    folder = put_project(tmp_path / "project")
    (folder / ".venv").symlink_to(made / ".venv")
    assert setup(folder).stderr == ""  # same lock
    (folder / "requirements.txt").write_text("# other\n")
    assert "is a link to" in stopped(setup(folder))
    assert imports_it(made)


def test_the_supported_versions_are_those_of_the_package():
    text = (ROOT / "setup.sh").read_text()
    supported = re.search(r'^SUPPORTED="(.*?)"', text, re.M).group(1).split()
    low, high = re.fullmatch(
        r">=3\.(\d+),<3\.(\d+)", tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    ).groups()
    assert supported == [f"3.{minor}" for minor in range(int(low), int(high))]
    assert (
        re.search(r'^READABLE="Python (.*?)"', text, re.M).group(1) == f"{', '.join(supported[:-1])} or {supported[-1]}"
    )


@pytest.fixture
def elsewhere(tmp_path):
    """A folder with a copy of the package and a workflow that does no more than look at what is imported."""
    shutil.copytree(
        ROOT / "workflow/hrmonitor",
        tmp_path / "workflow/hrmonitor",
        ignore=shutil.ignore_patterns("__pycache__", "fonts"),
    )
    (tmp_path / "other").mkdir()
    shutil.copytree(tmp_path / "workflow/hrmonitor", tmp_path / "other/hrmonitor")
    (tmp_path / "workflow/rules").mkdir()
    shutil.copy(ROOT / "workflow/rules/package.smk", tmp_path / "workflow/rules")
    (tmp_path / "Snakefile").write_text('include: "workflow/rules/package.smk"\nrule all:\n    shell: "true"\n')
    return tmp_path


def dry_run(folder: Path, package: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "snakemake", "--dry-run", "--cores", "1", "--workflow-profile", "none"]
    env = {**os.environ, "PYTHONPATH": str(package)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_the_package_of_another_folder_will_do_while_it_is_the_same(elsewhere):
    (elsewhere / "other/hrmonitor/__pycache__").mkdir(exist_ok=True)
    (elsewhere / "other/hrmonitor/__pycache__/x.pyc").touch()
    run = dry_run(elsewhere, elsewhere / "other")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("changed", ["errors.py", "resources/languages/en/report.yaml", "readers/added.py"])
def test_the_package_of_another_folder_is_refused_when_it_differs(elsewhere, changed):
    with open(elsewhere / "workflow/hrmonitor" / changed, "a", encoding="utf-8") as file:
        file.write("# one line more\n")
    run = dry_run(elsewhere, elsewhere / "other")
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1 and "Traceback" not in run.stderr
    assert f"SetupError: {sys.executable} imports hrmonitor from {elsewhere / 'other/hrmonitor'}, " in run.stderr
    assert dry_run(elsewhere, elsewhere / "workflow").returncode == 0
