"""Pages in docs/ that are made from the code say what the code says."""

import importlib.util
from pathlib import Path

import yaml
from hrmonitor.project.test_kinds import KINDS, with_kinds

ROOT = Path(__file__).resolve().parents[2]


def maker(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_config_is_in_step_with_the_schema():
    made = maker("make_config_page")
    schema = with_kinds(yaml.safe_load(made.SCHEMA.read_text(encoding="utf-8")))
    assert made.PAGE.read_text(encoding="utf-8") == made.page(schema), "run `.venv/bin/python docs/make_config_page.py`"


def test_the_page_of_estimation_is_in_step_with_the_estimators():
    made = maker("make_estimation_page")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run `.venv/bin/python docs/make_estimation_page.py`"


def test_r_was_asked_in_ten_designs_or_more_and_agrees():
    rows = [line.split("|") for line in maker("make_estimation_page").page().splitlines() if line.startswith("| ")]
    table = [row for row in rows if len(row) > 4 and "< 1e" in row[3]]
    assert len(table) >= 15
    for row in table:
        assert int(row[2]) >= 10
        assert float(row[3].removeprefix(" < ")) <= 1e-8
        assert float(row[4].removeprefix(" < ")) <= 1e-6


def test_the_page_of_hostile_input_is_in_step_with_the_cases():
    made = maker("make_hostile_page")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), "run `.venv/bin/python docs/make_hostile_page.py`"


def test_the_page_of_findings_names_every_kind_of_test_with_its_keys():
    """One line a kind, or a pair of kinds that differ in direction: `name_above`, `_below` | the keys."""
    lines = (ROOT / "docs" / "findings.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if line.startswith("| `")]
    for kind in KINDS.values():
        row = next(
            row
            for row in rows
            if f"`{kind.name}`" in row[1] or (f"`{kind.measure}_above`" in row[1] and "_below" in row[1])
        )
        if "the same" in row[2]:
            continue
        for key in (*kind.keys, *kind.optional):
            assert f"`{key}`" in row[2], (kind.name, key)
