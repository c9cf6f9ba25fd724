"""Which modules of the package a script uses, and a digest of them.

Snakemake reruns a rule when its script changes, but not when a module that the script imports changes. Each rule therefore
carries the digest of the modules behind its script as a parameter.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
# Parsing all files takes half a second of every call; a line that imports from hrmonitor can be read with a pattern:
# the module, and the names if there are any.
_IMPORTS = re.compile(r"^ *(?:import|from) +(hrmonitor[\w.]*)(?: +import +(?:\(([^)]*)\)|(.*)))?", re.M)


# What a module reads of the package's data, as far as it names the file: `RESOURCES / "tables.yaml"`.
_RESOURCES = re.compile(r'\bRESOURCES / "([\w./]+)"')


@cache
def modules() -> dict[str, Path]:
    """Name in an import -> file, for every module of the package."""
    root = PACKAGE.parent
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }


@cache
def imports_of(file: Path) -> frozenset[Path]:
    """The files of the package that `file` imports, with the `__init__` of every room on the way to them, and the data that it names."""
    if file.suffix != ".py":
        return frozenset()
    text, names = file.read_text(encoding="utf-8"), set()
    for module, *imported in _IMPORTS.findall(text):
        names |= {module, *(f"{module}.{name}" for name in re.findall(r"\w+", " ".join(imported)))}
    known = names & modules().keys()
    # Python runs the __init__ of every package above a module before the module itself.
    above = {".".join(name.split(".")[:depth]) for name in known for depth in range(1, name.count(".") + 1)}
    data = {PACKAGE / "resources" / name for name in _RESOURCES.findall(text)}
    return frozenset({modules()[name] for name in known | above} | {path for path in data if path.is_file()})


def modules_used_by(file: Path) -> set[Path]:
    """The files of the package behind `file`, directly or through each other, and `file` itself."""
    used: set[Path] = set()
    todo = [file]
    while todo:
        module = todo.pop()
        if module not in used:
            used.add(module)
            todo += imports_of(module)
    return used


@cache
def _named_bytes(file: Path) -> bytes:
    name = file.relative_to(PACKAGE).as_posix() if file.is_relative_to(PACKAGE) else file.name
    return name.encode() + file.read_bytes()


def digest_of_code(script: Path, *also: str) -> str:
    """Sixteen hexadecimal digits that change when `script`, a module behind it, or one behind the modules `also` changes.

    `also` names modules that the script imports by a name which is known only when it runs, such as `hrmonitor.figures.scale`.
    Raises `KeyError` for a name that is no module of the package.
    """
    used = modules_used_by(script)
    for name in ("hrmonitor.build.environment", *also):  # every job runs in that environment
        used |= modules_used_by(modules()[name])
    digest = hashlib.sha256()
    for file in sorted(used):
        digest.update(_named_bytes(file))
    return digest.hexdigest()[:16]
