"""Two sentences a finding: how the claim became tests, and what speaks against it, with numbers of the results in them."""

from __future__ import annotations

from collections.abc import Mapping

from hrmonitor.language import escape_markdown
from hrmonitor.project.result_fields import FIELD, field_of
from hrmonitor.reporting.study_texts import share_of


def paragraph(story, name: str, numbers: Mapping[str, str]) -> str:
    """The sentences on the finding, "" where config.yaml has none. `numbers`: what braces about its tests stand for."""
    finding = story.config.findings[name]
    if finding.operationalised is None:
        return ""
    # Text and braces take turns; white space at their borders is kept, which escaping would drop.
    parts = FIELD.split(finding.operationalised[story.lang].strip())
    told = [
        _number(story, finding.round, part, numbers) if place % 2 else _escaped(part)
        for place, part in enumerate(parts)
    ]
    return f"{story.words['findings']['operationalised']} {''.join(told)}"


def _escaped(part: str) -> str:
    before, after = part[:1].isspace(), part[-1:].isspace()
    return f"{' ' if before else ''}{escape_markdown(part)}{' ' if after and part.strip() else ''}"


def _number(story, round_: str, written: str, numbers: Mapping[str, str]) -> str:
    field = field_of(written)
    assert field is not None  # the check of config.yaml refuses others
    return share_of(story, round_, field) if field.what == "share" else numbers[" ".join(written.split())]
