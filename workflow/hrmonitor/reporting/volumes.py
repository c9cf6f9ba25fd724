"""Which chapter stands in which volume, and where its title is among the sentences."""

from __future__ import annotations

# Section (`sec-` and the name) -> the keys of its title.
SECTIONS: dict[str, dict[str, tuple[str, ...]]] = {
    "report": {
        "summary": ("front", "title"),
        "overview": ("front", "overview_title"),
        "portraits": ("portraits", "title"),
        "since": ("changes", "title"),
        "groups": ("groups", "title"),
        "words": ("own_words", "title"),
        "series": ("national", "short_title"),
        "recommendations": ("recommendations", "title"),
        "limits": ("limits", "title"),
        "how": ("how", "title"),
        "colophon": ("colophon", "title"),
        "sources": ("beside", "list_title"),
    },
    "annex": {
        "methods": ("methods", "title"),
        "data": ("data", "title"),
        "response": ("response_chapter", "title"),
        "tests": ("findings", "title"),
        "sensitivity": ("matrix", "title"),
        "themes": ("themes_chapter", "title"),
        "services": ("service_chapter", "title"),
        "national": ("national", "title"),
        "changes": ("changes", "title"),
        "side-by-side": ("groups", "tables_title"),
        "quality": ("quality", "title"),
        "completeness": ("quality", "completeness", "title"),
        "lines": ("quality", "lines", "title"),
        "comparability": ("comparability", "title"),
        "codebook": ("codebook", "title"),
        "published": ("published", "title"),
        "cross": ("cross", "title"),
        "glossary": ("glossary", "title"),
        "provenance": ("provenance", "title"),
    },
}
_VOLUME = {section: volume for volume, sections in SECTIONS.items() for section in sections}


def volume_of(section: str) -> str:
    """The volume that the section stands in; a finding has its place in the report."""
    return _VOLUME.get(section, "report")


def title_of(section: str, words: dict) -> str:
    found = words
    for key in SECTIONS[volume_of(section)][section]:
        found = found[key]
    return str(found)
