"""Weave: run the cells of the Quarto document and put what they show in their place.

Out comes plain Markdown, and the executed notebook without anything that changes from run to run.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def weave(document: Path, parameters: dict) -> tuple[str, dict]:
    """(Markdown, notebook) of `document` (a .qmd) run with `parameters` in the working directory.

    A cell that fails ends with papermill's `PapermillExecutionError`, which names the cell.
    """
    import jupytext
    import nbformat
    import papermill
    from traitlets.config import Config

    notebook = jupytext.reads(
        document.read_text(encoding="utf-8"), fmt={"extension": ".Rmd", "format_name": "rmarkdown"}
    )
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for cell in notebook.cells:
        if cell.cell_type == "code" and "tags: [parameters]" in cell.source.split("\n", 1)[0]:
            cell.metadata["tags"] = ["parameters"]
    with tempfile.TemporaryDirectory() as folder:
        # Jupyter writes its connection files into the home folder unless told otherwise.
        os.environ.update(JUPYTER_RUNTIME_DIR=folder, IPYTHONDIR=folder, JUPYTER_CONFIG_DIR=folder)
        # By sockets in that folder and no port: other users of the machine cannot reach it, and no network is needed.
        kernel = Config(KernelManager={"transport": "ipc", "connection_file": str(Path(folder, "kernel.json"))})
        source, executed = Path(folder, "source.ipynb"), Path(folder, "executed.ipynb")
        nbformat.write(notebook, source)
        # Killed when all cells have run, instead of asked to end: it has nothing to save, and takes a third of a second over it.
        papermill.execute_notebook(
            str(source),
            str(executed),
            parameters=parameters,
            progress_bar=False,
            log_output=False,
            config=kernel,
            shutdown_kernel="immediate",
        )
        ran = nbformat.read(executed, as_version=4)
    return _markdown(ran), _same_everywhere(ran, parameters)


def _markdown(notebook) -> str:
    parts = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif cell.cell_type == "code":
            shown = [output.get("data", {}) for output in cell.outputs]
            parts += ["".join(data["text/markdown"]) for data in shown if "text/markdown" in data]
        elif cell.cell_type == "raw":
            continue  # the YAML header is Quarto's
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _same_everywhere(notebook, parameters: dict):
    """The executed notebook without what differs from run to run and from machine to machine."""
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"]}
    for number, cell in enumerate(notebook.cells):
        tags = cell.metadata.get("tags", [])
        if "injected-parameters" in tags:
            # papermill lays this cell out with black where black happens to be installed.
            cell.source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
        cell.metadata = {"tags": tags}
        cell["id"] = f"cell-{number}"
    return notebook
