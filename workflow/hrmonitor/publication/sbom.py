"""The software bill of materials: CycloneDX 1.6 of the locked packages, the same bytes each time.

cyclonedx-py would write the address of a package index beside each package; the lock says all that is needed.
"""

from __future__ import annotations

import json
import re
from importlib import metadata
from pathlib import Path

from hrmonitor.errors import UserError

PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)")


def bill_of_materials(lock: str | Path) -> str:
    """CycloneDX JSON of a lock with hashes: name, version, purl, SHA-256 of the lock's files, and licence.

    Licences are those that the installed packages state; a package that is not installed has none.
    Raises `UserError` for a lock that cannot be read or that pins nothing.
    """
    try:
        text = Path(lock).read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{lock}: the lock cannot be read. Run this in the project's folder.") from error
    # A package begins at the margin; its hashes are on the lines below.
    blocks = re.split(r"\n(?=\S)", text)
    parts = [_component(match, block) for block in blocks if (match := PINNED.match(block))]
    if not parts:
        raise UserError(f"{lock}: no package is pinned there. Make it with `make lock`.")
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": sorted(parts, key=lambda part: part["name"]),
    }
    return json.dumps(bill, indent=2, ensure_ascii=False) + "\n"


def _component(match: re.Match, block: str) -> dict:
    name, version = re.sub(r"[-_.]+", "-", match.group(1)).lower(), match.group(2)
    purl = f"pkg:pypi/{name}@{version}"
    part = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    hashes = sorted(set(re.findall(r"--hash=sha256:([0-9a-f]{64})", block)))
    part["hashes"] = [{"alg": "SHA-256", "content": content} for content in hashes]
    licence = _licence(name)
    return {**part, "licenses": [licence]} if licence else part


def _licence(name: str) -> dict | None:
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if expression := about.get("License-Expression"):  # type: ignore[attr-defined]  # an email.message.Message; the protocol that typeshed gives it has no `get`
        return {"expression": expression}
    classified = [line.split(" :: ")[-1] for line in about.get_all("Classifier", []) if line.startswith("License :: ")]
    stated = (about.get("License") or "").strip().split("\n")[0]  # type: ignore[attr-defined]  # an email.message.Message; the protocol that typeshed gives it has no `get`
    named = ", ".join(classified) or stated
    return {"license": {"name": named}} if named else None
