"""What of the processor, the home folder or the owner of the files could show in a result does not."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from byte_matrix import own_settings
from hrmonitor.build.environment import SAME_EVERYWHERE
from hrmonitor.estimation.changes import unpaired_change
from hrmonitor.publication.release import commit_of, source_files
from hrmonitor.reporting.outputs.typeset import run_pandoc

on_x86_64 = pytest.mark.skipif(
    (platform.system(), platform.machine()) != ("Linux", "x86_64"), reason="the bytes are promised on Linux on x86-64"
)


def pinned(code: str, **more: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, **SAME_EVERYWHERE, **more}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)


@on_x86_64
def test_numpy_takes_no_code_that_only_some_processors_have():
    code = """
from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__
print(len(__cpu_dispatch__), [name for name in __cpu_dispatch__ if __cpu_features__[name]])
"""
    known, taken = pinned(code).stdout.split(maxsplit=1)
    assert int(known) > 0
    assert taken.strip() == "[]"


@on_x86_64
def test_numpy_and_scipy_multiply_matrices_by_the_oldest_code():
    told = pinned("import numpy, scipy.linalg", OPENBLAS_VERBOSE="2").stderr
    # What OpenBLAS calls the kernels that it takes for Prescott.
    assert told.split("\n") == ["Core: Katmai", "Core: Katmai", ""]


@on_x86_64
def test_the_c_library_does_without_fused_multiplication():
    # With it the last digits are 097.
    assert pinned("import math; print(repr(math.exp(2.8264496191368043)))").stdout.strip() == "16.885404658927094"


def test_no_rounding_is_published_as_a_standard_error():
    # Nobody changed, and those who answered are all there are in the one stratum; 0.1 + 0.2 is not 0.3.
    answers = np.array([0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0])
    for size in range(len(answers), 40):
        found = unpaired_change({"dcr": answers}, {"dcr": answers}, {"dcr": size}, {"dcr": size}, {"dcr": size}, 0.95)
        assert found.se == 0.0


def test_another_edition_of_the_reports_font_is_not_taken(tmp_path):
    own_settings(tmp_path)
    code = """
from hrmonitor.figures.style import use_style
from matplotlib import font_manager
known = {font.fname for font in font_manager.fontManager.ttflist}
use_style()
print(len([name for name in known if "/share/fonts/OpenSans" in name]), font_manager.findfont("Open Sans"))
"""
    seen, taken = pinned(code, HOME=str(tmp_path), MPLCONFIGDIR=str(tmp_path / "cache")).stdout.split(maxsplit=1)
    assert int(seen) > 0
    assert Path(taken.strip()).parent.parts[-2:] == ("resources", "fonts")


def test_the_users_own_pandoc_files_are_not_read(tmp_path, monkeypatch):
    own_settings(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    source, target = tmp_path / "a.md", tmp_path / "a.txt"
    source.write_text("see the house\n", encoding="utf-8")
    run_pandoc("pandoc", source, target, {}, ["--to=native"])
    # Her abbreviations put a space there at which no line may end.
    assert "\\160" not in target.read_text(encoding="utf-8")


def test_a_clone_that_somebody_else_owns_has_its_commit(tmp_path, monkeypatch):
    git = ["git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.org"]
    (tmp_path / "config.yaml").write_text("rounds: {}\n", encoding="utf-8")
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "one"]):
        subprocess.run([*git, *command], check=True)
    mine = commit_of(tmp_path, source_files(tmp_path))
    # Git's own switch to try this without another user.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert len(mine[0]) == 40
    assert commit_of(tmp_path, source_files(tmp_path)) == mine
