"""Write docs/reference/config.md from the schema of config.yaml: `.venv/bin/python docs/generators/make_config_page.py`."""

from pathlib import Path

import yaml
from hrmonitor.project.test_kinds import with_kinds
from hrmonitor.resources import RESOURCES

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = RESOURCES / "config.schema.yaml"
PAGE = ROOT / "docs" / "reference" / "config.md"


def page(schema: dict) -> str:
    """The schema as Markdown: a table of keys for the top level and one for each block."""
    parts = [
        "# config.yaml, key by key",
        "Generated from `workflow/hrmonitor/resources/config.schema.yaml` by `docs/generators/make_config_page.py`; edit the schema, not this page.",
        schema["description"],
        table(schema),
        "## estimation",
        table(schema["properties"]["estimation"]),
        "## imputation",
        table(schema["properties"]["imputation"]),
        "## disclosure",
        table(schema["properties"]["disclosure"]),
        "## report",
        table(schema["properties"]["report"]),
    ]
    for name in ("round", "export", "finding", "test", "figure"):
        parts += [f"## A {name}" if name != "export" else "## An export", table(schema["$defs"][name])]
    return "\n\n".join(parts) + "\n"


def table(block: dict) -> str:
    required = block.get("required", [])
    rows = ["| key | required | value | meaning |", "|---|---|---|---|"]
    for key, value in block["properties"].items():
        needed = "yes" if key in required else ""
        rows.append(f"| `{key}` | {needed} | {allowed(value)} | {value.get('description', '')} |")
    return "\n".join(rows)


def allowed(value: dict) -> str:
    if "enum" in value:
        return ", ".join(f"`{choice}`" for choice in value["enum"])
    if value.get("$ref", "").endswith("bilingual"):
        return "`en:` and `nl:`, text"
    if "oneOf" in value:
        return " or ".join(allowed(one) for one in value["oneOf"])
    kind = {"object": "block", "array": "list", "string": "text", "boolean": "`true` or `false`"}
    words = kind.get(value.get("type"), value.get("type", ""))
    limits = [f"{name} {value[key]}" for key, name in (("minimum", "from"), ("maximum", "to")) if key in value]
    return " ".join([words, *limits])


if __name__ == "__main__":
    PAGE.write_text(page(with_kinds(yaml.safe_load(SCHEMA.read_text(encoding="utf-8")))), encoding="utf-8")
