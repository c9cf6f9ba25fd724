"""The sentence of the chapter on methods on organisations: were their facilities taken to answer alike, and why."""

from __future__ import annotations

from hrmonitor.estimation.sampling_design import clustering, relatedness
from hrmonitor.language import number, percent
from hrmonitor.project.register import frame_of_year, read_register


def on_clusters(story) -> str:
    """Which way it was done in the round that the report is about."""
    words, setting = story.words["methods"]["clusters"], story.config.estimation.clusters
    register = read_register(story.root / story.config.register)
    frame = frame_of_year(register, story.config.rounds[story.latest].year)
    groups, related = relatedness(story.facilities[story.latest], frame)
    facts = {"share": percent(related, story.lang), "groups": number(groups, story.lang)}
    return words[clustering(groups, related, setting)].format(**facts)
