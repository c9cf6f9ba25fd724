"""The build as it is mostly done: one notebook from raw files to the text of the report, then Pandoc and Typst.

`python benchmarks/one_notebook.py SCRIPTS`, in a folder without results; SCRIPTS as in `one_process`. A cell runs a stage; the cells of
the documents follow with their own parameters, all in one kernel. What is made of the text runs after the notebook, in one process.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from hrmonitor.reporting.outputs.weave import _markdown
from one_process import given_to, run, scripts_in


def main(scripts: list[Path]) -> None:
    import nbformat
    import papermill
    from nbformat.v4 import new_code_cell, new_notebook

    woven = [script for script in scripts if ".weave" in script.name]
    before, after = [], []
    made = {str(output) for script in woven for output in given_to(script).output}
    for script in scripts:
        job = given_to(script)
        if script in woven:
            continue
        if made & set(map(str, job.input)):
            made |= set(map(str, job.output))
            after.append(script)
        else:
            before.append(script)
    notebook = new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    notebook.cells = [
        new_code_cell(
            f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom pathlib import Path\nfrom one_process import run"
        )
    ]
    notebook.cells += [new_code_cell(f"run(Path({str(script)!r}))") for script in before]
    parts = {}
    for script in woven:
        cells = _document(given_to(script))
        parts[script] = (len(notebook.cells), len(notebook.cells) + len(cells))
        notebook.cells += cells
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(JUPYTER_RUNTIME_DIR=folder, IPYTHONDIR=folder, JUPYTER_CONFIG_DIR=folder)
        source, executed = Path(folder, "source.ipynb"), Path(folder, "executed.ipynb")
        nbformat.write(notebook, source)
        papermill.execute_notebook(str(source), str(executed), progress_bar=False, log_output=False)
        ran = nbformat.read(executed, as_version=4)
    for script, (first, last) in parts.items():
        text = _markdown(new_notebook(cells=ran.cells[first:last]))
        Path(given_to(script).output.markdown).write_text(text, encoding="utf-8")
    for script in after:
        run(script)


def _document(job) -> list:
    """The cells of a document, after those of its parameters."""
    import jupytext
    from nbformat.v4 import new_code_cell

    text = Path(job.input.document).read_text(encoding="utf-8")
    cells = jupytext.reads(text, fmt={"extension": ".Rmd", "format_name": "rmarkdown"}).cells
    parameters = {"lang": job.wildcards.lang, "root": ".", "config": job.params.config}
    kept = [cell for cell in cells if "tags: [parameters]" not in cell.source]
    return [new_code_cell("\n".join(f"{name} = {value!r}" for name, value in parameters.items())), *kept]


if __name__ == "__main__":
    main(scripts_in(Path(sys.argv[1])))
