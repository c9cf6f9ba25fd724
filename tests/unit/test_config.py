"""config.yaml as typed blocks: optional keys can be left out, wrong ones are named, and what rules hand on is rebuilt whole."""

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from hrmonitor.declarations.figures import figures
from hrmonitor.errors import ConfigError
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Config
from hrmonitor.project.keys import build, keys_of, needed, plain
from hrmonitor.project.registries import figure_kinds, tools
from hrmonitor.readers.registry import READERS

ROOT = Path(__file__).resolve().parents[2]
RAW = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
BLOCKS = {
    (): Config,
    **{(section,): keys_of(Config)[section][1] for section in ("estimation", "imputation", "disclosure", "report")},
    **{("rounds", name): keys_of(Config)["rounds"][1].__args__[1] for name in RAW["rounds"]},
}


def optional_keys() -> list[tuple[str, ...]]:
    """The path of every optional key that the shipped config has; its rounds need the register (tests/unit/test_frames.py)."""
    return [
        (*path, key)
        for path, block in BLOCKS.items()
        for key, (part, _) in keys_of(block).items()
        if not needed(part) and key in at(RAW, path) and (*path, key) != ("register",)
    ]


def at(config: dict, path: tuple[str, ...]) -> dict:
    for key in path:
        config = config[key]
    return config


@pytest.fixture(autouse=True)
def in_the_project(monkeypatch):
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("path", optional_keys(), ids=".".join)
def test_an_optional_key_can_be_left_out(path):
    config = copy.deepcopy(RAW)
    del at(config, path[:-1])[path[-1]]
    if path[-1] == "coding":  # a test on its themes cannot be without
        for finding in config["findings"].values():
            finding["tests"] = [test for test in finding["tests"] if "theme" not in test]
            finding.pop("operationalised", None)  # it may name the test
    checked = check_config(config)
    block: object = checked
    for key in path[:-1]:
        block = block[key] if isinstance(block, dict) else getattr(block, key)
    part = keys_of(type(block))[path[-1]][0]
    default = part.default_factory() if callable(part.default_factory) else part.default
    assert getattr(block, part.name) == default


def test_most_optional_keys_are_tried():
    assert len(optional_keys()) > 20


def test_what_rules_hand_on_is_plain_and_is_rebuilt_whole():
    checked = check_config(RAW)
    handed_on = plain(checked)
    assert json.loads(json.dumps(handed_on)) == handed_on
    assert build(Config, handed_on) == checked


def test_enumerations_are_those_of_the_registries():
    assert set(tools()) == {"auto", *READERS}
    assert figure_kinds() == sorted(figures())


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("rouns",), {}, r"the top level: unknown key 'rouns'\. Did you mean 'rounds'\?"),
        (("rounds", "2021", "exports", 0, "delimitr"), ";", r"rounds\.2021\.exports\.0: unknown key 'delimitr'\. Did you mean 'delimiter'"),
        (("rounds", "2021", "files"), [], r"rounds\.2021: unknown key 'files'"),
        (("estimation", "variance"), "linear", r"estimation\.variance: 'linear' is not known\. Did you mean 'linearised'"),
        (("figures", "barriers", "questoin"), "x", r"figures\.barriers: unknown key 'questoin'\. Did you mean 'question'"),
        (("findings", "ghb_need", "tests", 0, "test"), "share_abov", r"tests\.0\.test: 'share_abov' is not known\. Did you mean 'share_above'"),
        (("report", "title"), {"en": "T"}, r"report\.title: the key 'nl' is missing"),
    ],
)  # fmt: skip
def test_a_wrong_key_or_value_is_named_with_the_nearest_that_is_right(path, value, says):
    config = copy.deepcopy(RAW)
    at(config, path[:-1])[path[-1]] = value
    with pytest.raises(ConfigError, match=says):
        check_config(config)


def test_the_name_of_the_facility_cannot_be_absent():
    config = copy.deepcopy(RAW)
    config["rounds"]["2021"]["exports"][0]["absent"] = ["facility_name"]
    with pytest.raises(
        ConfigError, match=r"rounds\.2021\.exports\[0\]\.absent: 'facility_name' cannot be absent.*columns:"
    ):
        check_config(config)


def without_contacts(config: dict) -> None:
    for round_ in config["rounds"].values():
        round_.pop("contacts")


def without_findings(config: dict) -> None:
    config["findings"], config["figures"] = {}, {}


def single_round(config: dict) -> None:
    del config["rounds"]["2018"]
    config["figures"] = {}


@pytest.mark.parametrize(
    "change", [without_contacts, without_findings, single_round], ids=lambda change: change.__name__
)
def test_all_rules_take_a_config_with_less_in_it(project, change):
    """Every rule's files and params are made; `-n` runs none."""
    for name in ("Snakefile", "workflow", "profiles", "requirements.txt"):
        (project / name).symlink_to(ROOT / name)
    config = copy.deepcopy(RAW)
    change(config)
    # What the study says of its findings goes with them.
    texts = () if config["findings"] else ("findings.md",)
    shutil.copytree(ROOT / "report", project / "report", ignore=shutil.ignore_patterns(*texts))
    (project / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "--cores", "1"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-2000:]
    assert "This was a dry-run" in run.stdout + run.stderr
