"""Weave: run the cells of the Quarto document and put what they show in their place.

Out comes plain Markdown, and the executed notebook without anything that changes from run to run. The cells run in this process: a
kernel, as Quarto starts one, takes longer to start than the cells take.
"""

from __future__ import annotations

import ast
from pathlib import Path

# As papermill marks the cell that says what a document can be given, and the one that gives it.
PARAMETERS, INJECTED = "parameters", "injected-parameters"


def weave(document: Path, parameters: dict) -> tuple[str, dict]:
    """(Markdown, notebook) of `document` (a .qmd) run with `parameters` in the working directory.

    Cells are Python without IPython's magic commands. Raises the error of a cell that fails, whose place it names `<cell-N>`.
    """
    import jupytext
    import nbformat

    notebook = jupytext.reads(
        document.read_text(encoding="utf-8"), fmt={"extension": ".Rmd", "format_name": "rmarkdown"}
    )
    cells = []
    for cell in notebook.cells:
        given = cell.cell_type == "code" and "tags: [parameters]" in cell.source.split("\n", 1)[0]
        cell.metadata = {"tags": [PARAMETERS] if given else []}
        cells.append(cell)
        if given:
            source = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            cells.append(nbformat.v4.new_code_cell(source, metadata={"tags": [INJECTED]}))
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook.cells = cells
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    _run([cell for cell in cells if cell.cell_type == "code"], parameters)
    return _markdown(notebook), notebook


def _run(cells: list, parameters: dict) -> None:
    """Run the cells one after another, and put into each what its last line is, in the forms that a kernel would show."""
    import nbformat
    from IPython.core.formatters import DisplayFormatter

    names: dict = {"__name__": "__main__"}
    for number, cell in enumerate(cells, start=1):
        cell.execution_count, cell.outputs = number, []
        if INJECTED in cell.metadata["tags"]:
            names |= parameters  # as they are: code cannot say everything
            continue
        place, tree = f"<{cell['id']}>", ast.parse(cell.source)
        last = ast.Expression(tree.body.pop().value) if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, place, "exec"), names)
        value = eval(compile(last, place, "eval"), names) if last else None
        if value is not None:
            data, metadata = DisplayFormatter().format(value)
            cell.outputs = [nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=number)]


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
