"""docs/config.md says what the schema says."""

import importlib.util
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_in_step_with_the_schema():
    spec = importlib.util.spec_from_file_location("make_config_page", ROOT / "docs" / "make_config_page.py")
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    schema = yaml.safe_load(maker.SCHEMA.read_text(encoding="utf-8"))
    assert maker.PAGE.read_text(encoding="utf-8") == maker.page(schema), (
        "run `.venv/bin/python docs/make_config_page.py`"
    )
