"""What a build was made from: an RO-Crate with inputs, outputs, checksums and software."""

from __future__ import annotations

import hashlib
import json
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

SOFTWARE = (
    "snakemake", "pandas", "numpy", "scipy", "pyarrow", "pyxform", "elementpath", "pyreadstat", "python-calamine", "rapidfuzz",
    "krippendorff", "matplotlib", "papermill", "jupytext", "pypandoc-binary", "typst", "frictionless", "rocrate",
)  # fmt: skip


def sha256(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def git_state() -> tuple[str, bool]:
    """(commit, whether files differ from it); ("unknown", False) outside a clone, such as in a source archive."""

    def git(*arguments: str) -> str | None:
        run = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)
        return run.stdout.strip() if run.returncode == 0 else None

    try:
        commit = git("rev-parse", "HEAD")
        return (commit, bool(git("status", "--porcelain"))) if commit else ("unknown", False)
    except FileNotFoundError:
        return "unknown", False


def crate(inputs: list[str], outputs: list[str], year: int, engine: str, synthetic: bool) -> dict:
    """The RO-Crate's JSON-LD. It carries no clock: `datePublished` is the year of the newest round.

    Files are described by path, size and SHA-256 and not copied.
    """
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    made = ROCrate()
    made.name = "Harm Reduction Monitor: results"
    made.description = "Results of the workflow in Snakefile." + (" The answers are synthetic." if synthetic else "")
    made.datePublished = str(year)
    made.license = "https://creativecommons.org/licenses/by/4.0/"
    commit, dirty = git_state()
    files = {}
    for path in sorted({*inputs, *outputs}):
        properties = {"sha256": sha256(path), "contentSize": str(Path(path).stat().st_size)}
        files[path] = made.add(ContextEntity(made, f"../../{path}", {"@type": "File", "name": path, **properties}))
    software = [
        made.add(ContextEntity(made, f"#software-{name}", {"@type": "SoftwareApplication", "name": name, "softwareVersion": metadata.version(name)}))
        for name in SOFTWARE
    ]  # fmt: skip
    workflow = made.add(
        ContextEntity(made, "#workflow", {
            "@type": ["SoftwareSourceCode", "ComputationalWorkflow"], "name": "Snakefile", "programmingLanguage": "Snakemake",
            "version": commit, "comment": "files differ from the commit" if dirty else "files are those of the commit" if commit != "unknown" else "built outside a clone",
        })
    )  # fmt: skip
    made.add(
        ContextEntity(made, "#run", {
            "@type": "CreateAction", "name": "snakemake --cores 4", "description": f"Typesetting engine: {engine}",
            "instrument": [workflow, *software], "object": [files[path] for path in sorted(set(inputs))],
            "result": [files[path] for path in sorted(set(outputs))],
        })
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        made.metadata.write(folder)
        return json.loads(Path(folder, "ro-crate-metadata.json").read_text(encoding="utf-8"))
