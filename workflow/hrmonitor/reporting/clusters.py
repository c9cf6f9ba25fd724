"""The sentence of the chapter on methods on organisations: were their facilities taken to answer alike, and why."""

from __future__ import annotations

from hrmonitor.estimation import Design
from hrmonitor.estimation.sampling_design import clustering, drawn_design, relatedness
from hrmonitor.language import number, percent
from hrmonitor.project.frame import frame_from, is_sample, register_of, units_of
from hrmonitor.project.register import of_group


def on_clusters(story) -> str:
    """Which way it was done in the round that the report is about."""
    words, setting = story.words["methods"]["clusters"], story.config.estimation.clusters
    block, facilities = story.config.rounds[story.latest], story.facilities[story.latest]
    register = register_of(story.config.register and story.root / story.config.register)
    register = of_group(register, block.group)
    frame = units_of(story.latest, block.year, frame_from({"frame": block.frame}), register, facilities)
    if is_sample(frame):
        return _on_sample(story, drawn_design(facilities, frame), "weight" in frame)
    groups, related = relatedness(facilities, frame)
    facts = {"share": percent(related, story.lang), "groups": number(groups, story.lang)}
    return words[clustering(groups, related, setting)].format(**facts)


def _on_sample(story, design: Design, weighted: bool) -> str:
    """How respondents were drawn: strata, units, weights."""
    words, strata, units = story.words["methods"], design.coded[0], design.units
    assert units is not None
    one = "drawn_clusters" if len(units.owner) < len(design.strata) else "drawn_plain"
    told = words["drawn" if len(strata) > 1 else one]
    told = told.format(strata=number(len(strata), story.lang), units=number(len(units.owner), story.lang))
    known = [] if units.endless else [words["known"]]
    return " ".join([words["weighted" if weighted else "not_weighted"], told, *known])
