"""What `make bench` needs of the project, and what it says."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import builds
import one_process
import run
import simulations
from hrmonitor.simulation import coverage
from measuring import Row


@pytest.mark.parametrize("name", builds.CHANGES)
def test_the_line_that_a_benchmark_changes_is_there_once(tmp_path, name):
    file, old, new = builds.CHANGES[name]
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text((builds.ROOT / file).read_text(encoding="utf-8"), encoding="utf-8")
    builds.change(tmp_path, name)
    after = (tmp_path / file).read_text(encoding="utf-8")
    assert old not in after and after.count(new) == 1
    with pytest.raises(ValueError, match="0 times"):
        builds.change(tmp_path, name)


def test_a_result_that_differs_stops_the_benchmark_and_a_notebook_does_not(tmp_path):
    for folder, number, source in (("one", "1", "x"), ("other", "1", "y")):
        (tmp_path / folder / "results").mkdir(parents=True)
        (tmp_path / folder / "results" / "a.csv").write_text(number, encoding="utf-8")
        (tmp_path / folder / "results" / "a.ipynb").write_text(source, encoding="utf-8")
    builds.compare(tmp_path / "one", tmp_path / "other")
    (tmp_path / "other" / "results" / "a.csv").write_text("2", encoding="utf-8")
    with pytest.raises(ValueError, match=r"results/a\.csv"):
        builds.compare(tmp_path / "one", tmp_path / "other")


def test_a_job_runs_with_what_it_was_given_and_finds_the_folder_of_its_results(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "tmp1.copy.py"
    given = "from types import SimpleNamespace; snakemake = SimpleNamespace(output=['made/here.txt'], params='said')\n"
    body = "from pathlib import Path\nPath(snakemake.output[0]).write_text(snakemake.params)\n"
    script.write_text(given + one_process.MARK + body, encoding="utf-8")
    one_process.run(script)
    assert (tmp_path / "made" / "here.txt").read_text(encoding="utf-8") == "said"


def test_the_page_tells_targets_that_are_missed_with_the_reason_and_what_the_call_before_found():
    def found(*ratios):
        row = Row("cold build", "one process", list(ratios), [10.0, 20.0, 30.0], 1.8, "it starts twice").__dict__
        return {"machine": "m", "minutes": 1, "rows": {"builds": [row]}}

    missed = run.page(found(1.0, 1.9, 3.0), {})
    assert "| cold build | one process | 1.80 | 1.90 (1.00–3.00) |  | **not met** |" in missed
    assert "- cold build: it starts twice" in missed
    met = run.page(found(1.0, 1.7, 3.0), found(1.0, 1.9, 3.0))
    assert "| cold build | one process | 1.80 | 1.70 (1.00–3.00) | 1.90 (1.00–3.00) | met |" in met
    assert "| 20.0 (10.0–30.0) | 3 |" in met and "twice" not in met


def test_memory_is_that_of_the_process_and_not_of_the_larger_one_that_started_it():
    held = bytearray(300_000_000)
    code = "from measuring import peak_memory; before = peak_memory(); held = bytearray(100_000_000); assert held; print(peak_memory() - before)"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(run.__file__).parent, capture_output=True, text=True, check=True
    )
    assert len(held) == 300_000_000
    assert 90_000_000 < int(told.stdout) < 200_000_000


def test_the_page_of_simulations_names_each_cell_that_covers_too_seldom_or_too_often():
    covered = pd.DataFrame(
        [("small", "mean", False, 400, 0.95), ("gaps by value", "total", False, 400, 0.61), ("skewed", "mean", False, 400, 0.9),
         ("small", "share of dcr, exact (lowest)", True, 0, 0.965)],
        columns=coverage.COLUMNS,
    )  # fmt: skip
    at = pd.DataFrame(
        [("independent", "use_stagnated", 1, "share_above", 0, 200, 6)],
        columns=["world", "finding", "test", "measure", "beyond", "rounds", "passed"],
    )
    told = simulations.page(covered, at, at, at.assign(beyond=1, passed=150), at.head(0), seed=1)
    outside = told[told.index("### Cells outside") : told.index("## At the threshold")]
    assert "- *gaps by value*: total 61.0%. Why: who leaves" in outside
    assert "- *skewed*: mean 90.0%. Why: simulation error, or few, skewed numbers" in outside
    assert "*small*" not in outside
    assert "Highest: 3.0%" in told and "| 75.0% |" in told and "Not simulated." in told
