"""Write docs/reference/tables.md and figures.md from the declarations: `.venv/bin/python docs/generators/make_declaration_pages.py`."""

from pathlib import Path

from hrmonitor.declarations.figures import Figure, figures
from hrmonitor.declarations.tables import Column, Table, tables
from hrmonitor.unit import DEFAULT, Unit, in_words

ROOT = Path(__file__).resolve().parents[2]
TABLES = ROOT / "docs" / "reference" / "tables.md"
FIGURES = ROOT / "docs" / "reference" / "figures.md"
TABLES_TEXT = """# Tables, column by column

Generated from `workflow/hrmonitor/resources/tables.yaml` by `docs/generators/make_declaration_pages.py`; edit the declaration, not this page.

Every table is checked against its declaration when it is written. `{{lang}}` stands for one column per language. A share is a number between 0 and 1.

## Public tables

These are in `results/open_data/`. [Disclosure control](../methods/disclosure.md) explains what is hidden in them.

{public}

## Other tables

These stay with the makers of the report.

{private}
"""
FIGURES_TEXT = """# Figures

Generated from the declarations in `workflow/hrmonitor/figures/` by `docs/generators/make_declaration_pages.py`; edit those, not this page.

A figure in `config.yaml` has a `kind`, a `title` in each language, a `section` of the report, and the options of its kind.
It is drawn in all languages, with a short alt text (`.alt.txt`), a full description (`.long.txt`) and its data (CSV); both texts are
made from the numbers. Estimates are shown with their interval and n, and hidden cells are marked as hidden. A note below the figure says how to read
it, and whether the data are synthetic. Colours can be told apart in greyscale and with any colour vision.

| kind | options | shows | made from |
|---|---|---|---|
{rows}

A new kind is a new module: see [CONTRIBUTING](../../CONTRIBUTING.md#a-figure).
"""


def tables_page() -> str:
    declared = tables().values()
    page = TABLES_TEXT.format(
        public="\n\n".join(_table(table) for table in declared if table.public),
        private="\n\n".join(_table(table) for table in declared if not table.public),
    )
    return in_words(page, "en", Unit(DEFAULT, ROOT))


def figures_page() -> str:
    return FIGURES_TEXT.format(rows="\n".join(_figure(figure) for figure in figures().values()))


def _table(table: Table) -> str:
    where = "{round}/" if table.one_a_round and not table.public else ""
    head = f"### {table.name}\n\n`{where}{table.name}.csv`: {table.description}"
    rows = ["| column | type | unit | meaning |", "|---|---|---|---|", *(_column(column) for column in table.columns)]
    return head + "\n\n" + "\n".join(rows)


def _column(column: Column) -> str:
    kind = column.type + (", may be blank" if column.gaps else "")
    values = f" One of {', '.join(f'`{value}`' for value in column.one_of if value)}." if column.one_of else ""
    meaning = column.description.replace("{language}", "that language").replace("|", "\\|")
    meaning = f"{meaning}." if meaning and not meaning.endswith(".") else meaning
    return f"| `{column.name}` | {kind} | {column.unit} | {(meaning + values).strip()} |"


def _figure(figure: Figure) -> str:
    options = [f"`{name}`" for name in figure.options] + [f"`{name}` (optional)" for name in figure.optional]
    return f"| `{figure.name}` | {', '.join(options)} | {figure.shows} | {', '.join(figure.inputs)} |"


if __name__ == "__main__":
    TABLES.write_text(tables_page(), encoding="utf-8")
    FIGURES.write_text(figures_page(), encoding="utf-8")
