"""Whether the findings were written down before the answers came in, as the preregistration of their rounds shows; else nothing is said."""

from __future__ import annotations

from pathlib import Path

from hrmonitor.language import escape_markdown, join, listed
from hrmonitor.project.preregistration import Difference, Registration, differences, read_registration


def told(story) -> str:
    """Sentences on each round whose findings were registered: since when, or what is tested otherwise now; "" without any."""
    words, sentences = story.words["registered"], []
    for registration in _registrations(story).values():
        facts = {
            "round": escape_markdown(story.config.rounds[registration.round].title[story.lang]),
            "date": _date(registration.committed, words),
            "commit": f"`{registration.commit[:12]}`",
        }
        other = differences(registration, story.config)
        if other:
            facts["differences"] = listed(_differences(story, other), story.lang)
        sentences.append(words["otherwise" if other else "as_registered"].format(**facts))
    return " ".join(sentences)


def since(story) -> str:
    """The date since when all findings stand as they are tested, the latest of their rounds; "" where one does not."""
    registrations = _registrations(story)
    rounds = {finding.round for finding in story.config.findings.values()}
    if not rounds or rounds - registrations.keys():
        return ""
    if any(differences(registrations[name], story.config) for name in rounds):
        return ""
    return _date(max(registrations[name].committed for name in rounds), story.words["registered"])


def _registrations(story) -> dict[str, Registration]:
    files = {name: round_.preregistration for name, round_ in story.config.rounds.items()}
    return {name: read_registration(Path(story.root) / file) for name, file in files.items() if file}


def _differences(story, found: list[Difference]) -> list[str]:
    """`finding 2: threshold of test 1, reason`: what is otherwise, by finding."""
    words = story.words["registered"]
    parts = []
    for name in dict.fromkeys(one.finding for one in found):
        keys = [
            words["of_test"].format(key=f"`{one.key}`", number=one.test) if one.test else f"`{one.key}`"
            for one in found
            if one.finding == name and one.key
        ]
        if name is None:
            parts.append(words["settings"].format(keys=join(keys, story.lang)))
        elif name not in story.config.findings:
            parts.append(words["gone"].format(name=f"`{name}`"))
        else:
            number = story.config.findings[name].number
            key = "changed" if keys else "new"
            parts.append(words[key].format(number=number, keys=join(keys, story.lang)))
    return parts


def _date(day: str, words: dict) -> str:
    """2024-03-01 as `1 March 2024`."""
    year, month, date = day.split("-")
    return f"{int(date)} {words['months'][int(month) - 1]} {year}"
