"""The package's rooms lie in the order in which data walks through them, and its modules and functions stay of a size to be read."""

import ast
import re
from functools import cache
from pathlib import Path

import hrmonitor
import pytest

PACKAGE = Path(hrmonitor.__file__).parent
# A room imports only from those before it. This is the one place where the order is written down for programs.
ROOMS = (
    "declarations",
    "files",
    "build",
    "questionnaire",
    "forms",
    "project",
    "readers",
    "cleaning",
    "survey",
    "editions",
    "estimation",
    "themes",
    "tabulation",
    "disclosure",
    "response",
    "findings",
    "publication",
    "figures",
    "reporting",
    "simulation",
    "stages",
    "cli",
)
# May be imported from anywhere, and import from no room.
EVERYWHERE = ("errors", "language", "personal_data", "resources", "study", "unit")
LINES_OF_MODULE, LINES_OF_FUNCTION, PARAMETERS = 400, 60, 6
# Who is over a limit says why in a comment right above, or at the top of the module, that starts so.
REASON = {
    "module": f"# Over {LINES_OF_MODULE} lines: ",
    "function": f"# Over {LINES_OF_FUNCTION} lines: ",
    "parameters": f"# Over {PARAMETERS} parameters: ",
}


@cache
def parsed() -> dict[str, tuple[str, ast.Module]]:
    """Path within the package -> (text, syntax tree)."""
    texts = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    return {name: (text, ast.parse(text)) for name, text in sorted(texts.items())}


def room_of(path: str) -> str:
    return path.split("/")[0].removesuffix(".py")


def imported_rooms(tree: ast.Module) -> set[str]:
    """First part below hrmonitor of all that is imported, also within functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("hrmonitor.")}


def wrong_ways(files: dict[str, tuple[str, ast.Module]]) -> list[str]:
    found = []
    for path, (_, tree) in files.items():
        room = room_of(path)
        if room in ("__init__", "__main__"):
            continue
        allowed = {*EVERYWHERE, room}
        if room in ROOMS:
            allowed |= set(ROOMS[: ROOMS.index(room)])
        found += [f"{path} imports from {other}" for other in sorted(imported_rooms(tree) - allowed)]
    return found


def test_a_room_imports_only_from_rooms_before_it():
    assert {room_of(path) for path in parsed()} == {"__init__", "__main__", *ROOMS, *EVERYWHERE}
    assert wrong_ways(parsed()) == []


def test_an_import_from_a_later_room_is_seen():
    late = ast.parse("def f():\n    from hrmonitor.cli.main import main\n")
    assert wrong_ways({"files/atomic.py": ("", late)}) == ["files/atomic.py imports from cli"]
    assert wrong_ways({"errors.py": ("", ast.parse("import hrmonitor.files.atomic"))}) == [
        "errors.py imports from files"
    ]


@pytest.mark.parametrize("way", [r"\bparents\[\d", r"\bsys\.path\b", r"\.pth\b", r"\bPYTHONPATH\b"])
def test_no_module_looks_for_the_package_by_itself(way):
    assert [path for path, (text, _) in parsed().items() if re.search(way, text)] == []


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    given = function.args
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")]) + bool(given.vararg) + bool(given.kwarg)


def too_large(path: str, text: str, tree: ast.Module) -> list[str]:
    """What of that module is over a limit without a reason beside it."""
    lines, found = text.splitlines(), []
    if len(lines) > LINES_OF_MODULE and not any(line.startswith(REASON["module"]) for line in lines[:40]):
        found.append(f"{path}: module")
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)]) - 1
        above = first
        while above > 0 and lines[above - 1].lstrip().startswith("#"):
            above -= 1
        comments = [line.strip() for line in lines[above:first]]
        over = {
            "function": node.end_lineno - node.lineno + 1 > LINES_OF_FUNCTION,
            "parameters": parameters(node) > PARAMETERS,
        }
        found += [
            f"{path}: {node.name}, {what}"
            for what, is_over in over.items()
            if is_over and not any(comment.startswith(REASON[what]) for comment in comments)
        ]
    return found


def test_modules_and_functions_stay_of_a_size_to_be_read():
    found = {line for path, (text, tree) in parsed().items() for line in too_large(path, text, tree)}
    assert found == set(), "split it, or say why beside it"


def test_what_is_too_large_is_seen_and_a_reason_lets_it_pass():
    long = "def f():\n" + "    x = 1\n" * 60
    many = "@property\ndef g(a, b, c, *d, e, f, **g): ...\n"
    assert too_large("a.py", long, ast.parse(long)) == ["a.py: f, function"]
    assert too_large("a.py", many, ast.parse(many)) == ["a.py: g, parameters"]
    for text, what in ((long, "function"), (many, "parameters")):
        reasoned = f"{REASON[what]}it is one table.\n{text}"
        assert too_large("a.py", reasoned, ast.parse(reasoned)) == []
    lines = "x = 1\n" * 401
    assert too_large("a.py", lines, ast.parse(lines)) == ["a.py: module"]
    assert too_large("a.py", f"{REASON['module']}one grammar.\n{lines}", ast.parse("")) == []
