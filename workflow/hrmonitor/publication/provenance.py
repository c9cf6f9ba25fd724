"""What a build was made from: an RO-Crate by the Workflow Run profile, with inputs, results, checksums and software."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from hrmonitor.files.checksums import sha256
from hrmonitor.language import capital
from hrmonitor.publication.names import called

SOFTWARE = (
    "snakemake", "pandas", "numpy", "scipy", "pyarrow", "pyxform", "elementpath", "pyreadstat", "python-calamine", "rapidfuzz",
    "krippendorff", "matplotlib", "papermill", "jupytext", "pypandoc-binary", "typst", "frictionless", "rocrate",
)  # fmt: skip
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
# A run of a program, a run of a workflow, and a crate with a workflow. All three rest on RO-Crate 1.1.
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": ("Workflow RO-Crate", "1.0"),
}
# The context of RO-Crate 1.1 has no word for it.
EXTRA_TERMS = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
# What the crate's folder is to the project's.
TO_PROJECT = "../../"
# Not from `mimetypes`, which asks the machine and answers otherwise on the next.
MEDIA_TYPES = {
    "": "text/plain", ".smk": "text/plain", ".cff": "application/yaml",
    ".csv": "text/csv", ".html": "text/html", ".md": "text/markdown", ".txt": "text/plain", ".json": "application/json",
    ".xml": "application/xml", ".yaml": "application/yaml", ".pdf": "application/pdf", ".svg": "image/svg+xml", ".zip": "application/zip",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}  # fmt: skip
NO_CLOCK = (
    "Neither start nor end of the run is given, nor a machine or a person, so that the same files give the same bytes "
    "everywhere; datePublished is the year of the newest round."
)


class _Crate:
    """An RO-Crate under way. What is added first comes first in the file."""

    def __init__(self) -> None:
        from rocrate.rocrate import ROCrate

        self.made = ROCrate(version="1.1")
        self.made.metadata.extra_terms.update(EXTRA_TERMS)

    def add(self, identifier: str, kind: str | list[str], **properties):
        from rocrate.model import ContextEntity

        return self.made.add(ContextEntity(self.made, identifier, {"@type": kind, **properties}))

    def add_file(self, path: str, kind: str | list[str] = "File", **properties):
        form = MEDIA_TYPES.get(Path(path).suffix.lower(), "application/octet-stream")
        return self.add(
            TO_PROJECT + path, kind, name=path, sha256=sha256(path), contentSize=str(Path(path).stat().st_size),
            encodingFormat=form, **properties,
        )  # fmt: skip


# Over 6 parameters: each is a part of the build that the crate describes, and they meet nowhere else: one object of all would be taken
# apart again line by line below.
def crate(
    inputs: list[str],
    outputs: list[str],
    workflow: list[str],
    rules: list[str],
    year: int,
    engine: str,
    synthetic: bool,
    made_from: dict,
    publication: str,
    authors: list[str],
) -> dict:
    """The RO-Crate's JSON-LD. Files are described by path, size and SHA-256 and not copied: raw answers stay where they are.

    `workflow`: Snakefile first, then the files with its rules. `rules`: their names. `engine`: what set the pages.
    `publication` and `authors`: what it is called, and who made it. `made_from`: `commit` as `release.commit_of` gives it, `sources` the digest of all files that the build read.
    """
    crate_ = _Crate()
    files = {path: crate_.add_file(path) for path in sorted({*inputs, *outputs})}
    parts = [crate_.add_file(path) for path in workflow[1:]]
    main = _workflow(crate_, workflow[0], parts, rules, made_from["commit"][0])
    settings = _settings(crate_, engine, made_from)
    makers = crate_.add("#makers", "Organization", name=", ".join(authors))
    run = crate_.add(
        "#run", "CreateAction", name="A build: snakemake --cores 4",
        description=f"All results from the files under raw/ and config.yaml. {NO_CLOCK}",
        actionStatus="http://schema.org/CompletedActionStatus", agent=makers, instrument=main,
        object=[*(files[path] for path in sorted(set(inputs))), *settings], result=[files[path] for path in sorted(set(outputs))],
    )  # fmt: skip

    made = crate_.made
    made.name = f"{capital(called(publication))}: results"
    made.description = (
        "Results of the workflow in Snakefile. " + ("The answers are synthetic. " if synthetic else "") + NO_CLOCK
    )
    made.datePublished = str(year)
    made.license = crate_.add(CC_BY, "CreativeWork", name="Creative Commons Attribution 4.0 International")
    made.root_dataset["conformsTo"] = [
        crate_.add(profile, "CreativeWork", name=name, version=version) for profile, (name, version) in PROFILES.items()
    ]
    made.root_dataset["author"] = makers
    made.root_dataset["mainEntity"] = main
    made.root_dataset["mentions"] = run
    made.root_dataset["hasPart"] = [main, *parts, *files.values()]
    made.metadata["conformsTo"] = [
        {"@id": "https://w3id.org/ro/crate/1.1"},
        {"@id": "https://w3id.org/workflowhub/workflow-ro-crate/1.0"},
    ]
    return made.metadata.generate()


def _workflow(crate_: _Crate, snakefile: str, parts: list, rules: list[str], commit: str):
    """The Snakefile as the program that was run, with the software it needs and its rules as steps."""
    from rocrate.model.computerlanguage import get_lang

    software = [
        crate_.add(f"pkg:pypi/{name}@{metadata.version(name)}", "SoftwareApplication", name=name,
                   softwareVersion=metadata.version(name), **_home(name))
        for name in SOFTWARE
    ]  # fmt: skip
    steps = [
        crate_.add(f"#rule-{rule}", "HowToStep", name=rule, position=str(place)) for place, rule in enumerate(rules, 1)
    ]
    language = crate_.made.add(get_lang(crate_.made, "snakemake", metadata.version("snakemake")))
    return crate_.add_file(
        snakefile, ["File", "SoftwareSourceCode", "ComputationalWorkflow"], version=commit, hasPart=parts, step=steps,
        programmingLanguage=language, softwareRequirements=software,
        conformsTo={"@id": "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"},
    )  # fmt: skip


def _settings(crate_: _Crate, engine: str, made_from: dict) -> list:
    """What else the results depend on: the state of the code, and the program that set the pages."""
    commit, dirty = made_from["commit"]
    state = "files differ from the commit" if dirty else "files are those of the commit"
    facts = {
        "commit": commit,
        "state": "built outside a clone and not from a release on record" if commit == "unknown" else state,
        "sources_sha256": made_from["sources"],
        "engine": engine,
    }
    return [
        crate_.add(f"#{name}", "PropertyValue", name=name, propertyID=name, value=value)
        for name, value in facts.items()
    ]


def _home(name: str) -> dict[str, str]:
    """`url` of the package's sources or site as the package names it; nothing if it names none."""
    about = metadata.metadata(name)
    lines = about.get_all("Project-URL", [])
    named = {label.strip().lower(): url.strip() for label, url in (line.split(",", 1) for line in lines)}
    # Sources first: some give a package registry for their home.
    urls = [*(named.get(one) for one in ("repository", "source", "homepage")), about.get("Home-page")]  # type: ignore[attr-defined]  # an email.message.Message; the protocol that typeshed gives it has no `get`
    return next(({"url": url} for url in urls if url), {})
