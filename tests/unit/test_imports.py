"""A job starts in a fraction of a second because its script imports only what it uses: libraries that take long are imported where they are used."""

import json
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "workflow" / "scripts"
# What takes a tenth of a second or more to import, and what pulls such along.
SLOW = {
    "IPython", "docx", "elementpath", "frictionless", "jsonschema", "jupytext", "krippendorff", "lxml", "matplotlib", "nbformat", "openpyxl",
    "pandas", "pandera", "papermill", "phonenumbers", "pptx", "pyreadstat", "pyxform", "rocrate", "scipy.optimize", "scipy.special", "scipy.stats",
}  # fmt: skip
# What scripts have imported before they do anything: pandas, but for those of `OTHERS`.
USUAL = {"pandas"}
OTHERS = {
    "disclosure_audit": {"lxml", "pandas"},
    "engines_agree": set(),
    "figure": {"matplotlib", "pandas"},
    "front_page": {"lxml", "pandas"},
    "provenance": set(),
    "slides": {"matplotlib", "pandas"},
    "typeset": set(),
    "weave": {"jsonschema", "nbformat"},
    "web_page": {"lxml", "pandas"},
    "word": set(),
}
# A copy of a process that has imported nothing yet for each script; of the script, what it imports.
PROGRAM = """
import ast, json, os, sys
for script in sys.argv[2:]:
    if os.fork() == 0:
        tree = ast.parse(open(script, encoding="utf-8").read())
        body = [line for block in tree.body if isinstance(block, ast.With) for line in block.body]
        exec(compile(ast.Module([line for line in body if isinstance(line, ast.Import | ast.ImportFrom)], []), script, "exec"))
        print(json.dumps([os.path.basename(script)[:-3], sorted(set(sys.argv[1].split()) & sys.modules.keys())]), flush=True)
        os._exit(0)
    if os.wait()[1]:
        sys.exit(f"{script} cannot be imported")
"""


def test_a_script_imports_no_slow_library_before_it_uses_it():
    scripts = [str(path) for path in sorted(SCRIPTS.glob("*.py"))]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, " ".join(SLOW), *scripts], stdout=subprocess.PIPE, text=True, check=True
    )
    imported = {name: set(found) for name, found in map(json.loads, ran.stdout.splitlines())}
    assert imported.keys() == {Path(script).stem for script in scripts}
    assert {name: found for name, found in imported.items() if found != OTHERS.get(name, USUAL)} == {}
