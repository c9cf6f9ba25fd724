"""What the report was made from and by: inputs with their checksums, the commit, the software."""

from __future__ import annotations

from importlib import metadata

from hrmonitor.files.checksums import sha256
from hrmonitor.language import escape_markdown
from hrmonitor.publication.release import commit_of, digest_of, source_files

SOFTWARE = (
    "snakemake",
    "pandas",
    "numpy",
    "scipy",
    "pyxform",
    "matplotlib",
    "krippendorff",
    "pypandoc-binary",
    "typst",
)


def chapter(story) -> str:
    words = story.words["provenance"]
    files = [path for block in story.config.rounds.values() for path in [*block.files, *block.decision_files]]
    files += [*([story.config.register] if story.config.register else []), "config.yaml"]
    rows = [[escape_markdown(path), f"`{sha256(story.root / path)[:16]}`"] for path in files]
    software = [[name, metadata.version(name)] for name in SOFTWARE]
    sources = source_files(story.root)
    commit, dirty = commit_of(story.root, sources)
    state = words["no_commit" if commit == "unknown" else "changed" if dirty else "commit"]
    made_from = [
        state.format(commit=f"`{commit}`"),
        words["sources"].format(digest=f"`{digest_of(sources)[:16]}`"),
    ]
    return story._join([
        story._heading(words["title"], "provenance"), words["intro"], *made_from,
        story._table(words["columns"], rows, [70, 30], words["caption"], "tbl-inputs", "ll"),
        story._table(words["software_columns"], software, [70, 30], words["software_caption"], "tbl-software", "ll"),
    ])  # fmt: skip
