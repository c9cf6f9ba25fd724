"""The caption of a figure: its headline, then what it is about."""

from __future__ import annotations

from pathlib import Path


def headline_of(folder: Path, name: str, lang: str) -> str:
    """What the figure's rule wrote as its title: the headline, or the topic where there is none."""
    return (folder / f"{name}_{lang}.title.txt").read_text(encoding="utf-8").strip()


def caption_of(folder: Path, name: str, lang: str, topic: str) -> str:
    """`Six in ten facilities saw no increase. Change in clients over three years`; the topic alone where nothing was found to say."""
    headline = headline_of(folder, name, lang)
    return topic if headline == topic else f"{headline}. {topic}"
