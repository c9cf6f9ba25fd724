"""What roc-validator has to say of an RO-Crate, without a network."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import requests

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
# The library brings the context of RO-Crate 1.3 along; 1.1 gives these two another address.
NAMED_OTHERWISE = ("ComputationalWorkflow", "FormalParameter")


def breaches(folder: Path, monkeypatch) -> list[str]:
    """Each demand ("MUST") of the Workflow Run profile, and those that it rests on, that the crate in `folder` does not meet."""
    from rocrate_validator import models, services

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", _send)
    settings = models.ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="workflow-run-crate",
        requirement_severity=models.Severity.REQUIRED,
        no_cache=True,
    )
    return [str(issue.message) for issue in services.validate(settings).get_issues()]


def _send(_adapter, request, **_options) -> requests.Response:
    """The context from the library's folder; every other address is out of reach."""
    if request.url != CONTEXT:
        raise requests.ConnectionError(request.url)
    known = json.loads((resources.files("rocrate") / "data" / "ro-crate.jsonld").read_text(encoding="utf-8"))
    known["@context"] |= {name: f"https://bioschemas.org/{name}" for name in NAMED_OTHERWISE}
    answer = requests.Response()
    answer.status_code, answer.url, answer.request = 200, request.url, request
    answer.headers["Content-Type"] = "application/ld+json"
    answer._content = json.dumps(known).encode()
    return answer
