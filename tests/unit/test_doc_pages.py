"""Pages in docs/ that are made from the code say what the code says."""

import ast
import importlib.util
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from hrmonitor.cli.main import main
from hrmonitor.project.config import Config
from hrmonitor.project.keys import schema_of
from hrmonitor.project.test_kinds import KINDS
from hrmonitor.questionnaire.statistics import STATISTICS

ROOT = Path(__file__).resolve().parents[2]


def maker(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / "generators" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_schema_and_the_page_of_config_are_in_step_with_its_classes():
    made, schema = maker("make_config_page"), schema_of(Config)
    for path, text in ((made.SCHEMA, made.schema_text(schema)), (made.PAGE, made.page(schema))):
        assert path.read_text(encoding="utf-8") == text, "run `.venv/bin/python docs/generators/make_config_page.py`"


def test_the_page_of_estimation_is_in_step_with_the_estimators():
    made = maker("make_estimation_page")
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), (
        "run `.venv/bin/python docs/generators/make_estimation_page.py`"
    )


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
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), (
        "run `.venv/bin/python docs/generators/make_hostile_page.py`"
    )


def test_the_pages_of_tables_and_figures_are_in_step_with_the_declarations():
    made = maker("make_declaration_pages")
    told = "run `.venv/bin/python docs/generators/make_declaration_pages.py`"
    assert made.TABLES.read_text(encoding="utf-8") == made.tables_page(), told
    assert made.FIGURES.read_text(encoding="utf-8") == made.figures_page(), told


def test_every_kind_of_test_and_every_statistic_is_explained():
    findings = (ROOT / "docs/methods/findings.md").read_text(encoding="utf-8")
    form = (ROOT / "docs/reference/questionnaire.md").read_text(encoding="utf-8")
    kinds = set(re.findall(r"`(\w+)`", findings))
    assert set(KINDS) - kinds == set()
    assert set(STATISTICS) - set(re.findall(r"`(\w+)`", form)) == set()


def pages() -> list[Path]:
    """Every Markdown page of the project, but for what git ignores (results, environments)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        return sorted(ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file())
    return sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "raw/README.md"])


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ +(.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(page: Path) -> list[str]:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        linked = page.parent / path if path else page
        if not linked.exists() or (anchor and linked.suffix == ".md" and anchor not in anchors(linked)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_relative_links_lead_somewhere(page):
    assert broken_links(page) == []


def test_every_page_in_docs_is_in_the_index():
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    linked = {(ROOT / "docs" / target.partition("#")[0]).resolve() for target in re.findall(r"\]\(([^)\s]+)\)", index)}
    missing = [page.relative_to(ROOT).as_posix() for page in ROOT.glob("docs/*/*.md") if page.resolve() not in linked]
    assert missing == []


def test_paths_of_pages_in_code_and_config_exist():
    """Comments and messages send people to docs/..., which may move."""
    places = [*ROOT.glob("workflow/**/*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py")]
    places += [*ROOT.glob("docs/generators/*.py"), *ROOT.glob("workflow/**/*.yaml"), *ROOT.glob("profiles/*/*.yaml")]
    places += [ROOT / "config.yaml", ROOT / "Makefile", ROOT / "raw/README.md"]
    named = {
        (place.relative_to(ROOT).as_posix(), path)
        for place in places
        for path in re.findall(r"\bdocs/[\w/-]+\.(?:md|txt|py|svg|png)\b", place.read_text(encoding="utf-8"))
    }
    assert len(named) > 20
    assert sorted((place, path) for place, path in named if not (ROOT / path).is_file()) == []


def test_the_page_of_findings_names_every_kind_of_test_with_its_keys():
    """One line a kind, or a pair of kinds that differ in direction: `name_above`, `_below` | the keys."""
    lines = (ROOT / "docs/methods/findings.md").read_text(encoding="utf-8").splitlines()
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


def test_every_dependency_is_explained():
    page = (ROOT / "docs/reference/dependencies.md").read_text(encoding="utf-8")
    explained = {name for row in re.findall(r"^\| ([^|]+) \|", page, re.M) for name in row.strip().split(", ")}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    lines += (ROOT / "requirements-dev.in").read_text(encoding="utf-8").splitlines()
    names = {re.match(r"[\w.-]*", line).group() for line in lines if not line.startswith(("#", "-"))} - {""}
    assert names - explained == set()
    assert explained - {"package", "---"} - names == set(), "explained, and not among the dependencies"


def test_every_command_is_on_its_page(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    commands = set(re.findall(r"^    ([a-z][a-z-]+)(?:\s|$)", capsys.readouterr().out, re.M))
    page = (ROOT / "docs/reference/command-line.md").read_text(encoding="utf-8")
    assert commands == set(re.findall(r"^\| `hrmonitor ([a-z-]+)", page, re.M))


def test_the_walk_of_an_answer_names_what_exists():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| ([^|]+) \| ([^|]+) \|", page, re.M)
    assert len(rows) > 15
    for functions, files in rows:
        code = "\n".join((ROOT / path).read_text(encoding="utf-8") for path in re.findall(r"`([^`]+)`", files))
        for function in re.findall(r"`([^`]+)`", functions):
            assert re.search(rf"^(?:def|class) {function}\b", code, re.M), f"{function} is not in {files}"


def test_the_table_of_rooms_has_every_room_in_its_order():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rooms = re.search(
        r"^ROOMS = (\(.*?\))", (ROOT / "tests/unit/test_rooms.py").read_text(encoding="utf-8"), re.M | re.S
    )
    listed = re.findall(r"^\| `(\w+)(?:/|\.py)` \|", page, re.M)
    anywhere = ("personal_data", "resources")  # rooms below no other
    assert [room for room in listed if room not in anywhere] == list(ast.literal_eval(rooms.group(1)))
    assert set(anywhere) <= set(listed)
