"""Write the JSON schema of config.yaml and docs/reference/config.md from its dataclasses: `.venv/bin/python docs/generators/make_config_page.py`."""

from pathlib import Path

import yaml
from hrmonitor.project.config import Config
from hrmonitor.project.keys import schema_of
from hrmonitor.resources import RESOURCES

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = RESOURCES / "config.schema.yaml"
PAGE = ROOT / "docs" / "reference" / "config.md"
MADE = "Generated from `workflow/hrmonitor/project/config.py` by `docs/generators/make_config_page.py`; edit the classes, not this "
# Of blocks that stand under many names or in a list: what one of them is called.
SINGULAR = {
    "RoundConfig": "A round", "Frame": "frame", "SampleDesign": "frame.design", "Export": "An export", "MissingCode": "A missing code", "AcceptedLoss": "An accepted loss", "Coding": "coding", "PersonsStudy": "An estimate of persons", "Finding": "A finding", "FindingTest": "A test", "PublishedSeries": "A published series",
    "FigureOptions": "A figure", "Groups": "groups", "Estimation": "estimation", "Imputation": "imputation", "Disclosure": "disclosure", "Report": "report",
}  # fmt: skip


def schema_text(schema: dict) -> str:
    """The schema as YAML, for editors that complete and check keys."""
    lines = yaml.safe_dump(schema, sort_keys=False, allow_unicode=True, width=140)
    return f"# {MADE}file.\n{lines}"


def page(schema: dict) -> str:
    """The schema as Markdown: a table of keys for the top level and one for each block."""
    parts = ["# config.yaml, key by key", f"{MADE}page.", schema["description"], table(schema)]
    for name, heading in SINGULAR.items():
        block = schema["$defs"][name]
        parts += [f"## {heading}", block["description"], table(block)]
    return "\n\n".join(parts) + "\n"


def table(block: dict) -> str:
    required = block.get("required", [])
    rows = ["| key | required | value | default | meaning |", "|---|---|---|---|---|"]
    for key, value in block["properties"].items():
        needed = "yes" if key in required else ""
        rows.append(f"| `{key}` | {needed} | {allowed(value)} | {default(value)} | {value.get('description', '')} |")
    return "\n".join(rows)


def default(value: dict) -> str:
    if value.get("default") in (None, []):
        return ""
    shown = yaml.safe_dump(value["default"], default_flow_style=True).removesuffix("\n").removesuffix("\n...")
    return f"`{shown}`"


def allowed(value: dict) -> str:
    if "enum" in value:
        return ", ".join(f"`{choice}`" for choice in value["enum"])
    if value.get("$ref", "").endswith("/Text"):
        return "`en:` and `nl:`, text"
    if "oneOf" in value:
        return " or ".join(allowed(one) for one in value["oneOf"])
    kind = {"object": "block", "array": "list", "string": "text", "boolean": "`true` or `false`"}
    words = "block" if "$ref" in value else kind.get(value.get("type", ""), value.get("type", ""))
    if "enum" in value.get("items", {}):
        words += f" of {allowed(value['items'])}"
    limits = [f"{name} {value[key]}" for key, name in (("minimum", "from"), ("maximum", "to")) if key in value]
    return " ".join([words, *limits])


if __name__ == "__main__":
    made = schema_of(Config)
    SCHEMA.write_text(schema_text(made), encoding="utf-8")
    PAGE.write_text(page(made), encoding="utf-8")
