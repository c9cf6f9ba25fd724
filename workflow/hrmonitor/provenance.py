"""What a build was made from: an RO-Crate with inputs, outputs, checksums and software."""

from __future__ import annotations

import hashlib
import json
import tempfile
from importlib import metadata
from pathlib import Path

SOFTWARE = (
    "snakemake", "pandas", "numpy", "scipy", "pyarrow", "pyxform", "elementpath", "pyreadstat", "python-calamine", "rapidfuzz",
    "krippendorff", "matplotlib", "papermill", "jupytext", "pypandoc-binary", "typst", "frictionless", "rocrate",
)  # fmt: skip


def sha256(path: str | Path) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def crate(inputs: list[str], outputs: list[str], year: int, engine: str, synthetic: bool, made_from: dict) -> dict:
    """The RO-Crate's JSON-LD. It carries no clock: `datePublished` is the year of the newest round.

    Files are described by path, size and SHA-256 and not copied.
    `made_from`: `commit` as `release.commit_of` gives it, `sources` the digest of all files that the build read.
    """
    from rocrate.model import ContextEntity
    from rocrate.rocrate import ROCrate

    made = ROCrate()
    made.name = "Harm Reduction Monitor: results"
    made.description = "Results of the workflow in Snakefile." + (" The answers are synthetic." if synthetic else "")
    made.datePublished = str(year)
    made.license = "https://creativecommons.org/licenses/by/4.0/"
    commit, dirty = made_from["commit"]
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
            "version": commit, "sha256": made_from["sources"], "comment": "files differ from the commit" if dirty else "files are those of the commit" if commit != "unknown" else "built outside a clone",
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
