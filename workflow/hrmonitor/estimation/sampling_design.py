"""The sample of a round: which facilities of the register answered, in which strata, and what each stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from hrmonitor.errors import EstimationError
from hrmonitor.estimation import Design, poststratify, rake, sampled, stratified, trim
from hrmonitor.estimation.clusters import one_vote_each, with_clusters
from hrmonitor.project.config import Estimation
from hrmonitor.project.frame import LONELY, STRATUM, is_sample

# Answers are related where more than this share of them comes from organisations with so many facilities that answered.
RELATED, SEVERAL = 0.2, 3


@dataclass(frozen=True)
class EstimationSettings:
    """How to estimate; docs/methods/estimation.md explains each setting.

    confidence, seed; dont_know_in_base: whether "don't know" counts in the base of a share; share_interval: exact, wilson
    or clopper_pearson; quantile_interval: woodruff or bootstrap; variance: linearised or bootstrap; strata: service or
    service_province, a province being a stratum of its own from `minimum_stratum` answers; weights: design, poststratified
    or raked to `margins` (columns of the register), none above `trim` times the median (0: not trimmed); clusters: whether answers of one
    organisation (`respondent_group`) are taken to vary together: organisation, none, or auto (`clustering`). one_vote: whether every
    organisation weighs the same, in a repetition of the findings.
    """

    confidence: float
    seed: int
    dont_know_in_base: bool
    share_interval: str = Estimation.share_interval
    quantile_interval: str = Estimation.quantile_interval
    variance: str = Estimation.variance
    strata: str = Estimation.strata
    minimum_stratum: int = Estimation.minimum_stratum
    weights: str = Estimation.weights
    margins: tuple[str, ...] = Estimation.margins
    trim: float = Estimation.trim
    clusters: str = Estimation.clusters
    one_vote: bool = False

    def __post_init__(self) -> None:
        # Snakemake hands on lists; settings are keys of what is worked out once.
        object.__setattr__(self, "margins", tuple(self.margins))


def round_design(facilities: pd.DataFrame, frame: pd.DataFrame, settings: EstimationSettings) -> Design:
    """The design of a round's answers, in the order of `facilities` (`facility_id`).

    `frame` is the register of facilities open in the year, or what else the round speaks of (`project.frame`). Raises `EstimationError` when the weights cannot be adjusted as the
    settings ask.
    """
    if is_sample(frame):
        return drawn_design(facilities, frame)
    # Of a service that nobody of answered (a round may be about some only) nothing can be said.
    frame = frame[frame["service"].isin(facilities["service"].unique())]
    of = strata_of(facilities, frame, settings)
    design = stratified(facilities["facility_id"].map(of).to_numpy(dtype=str), of.value_counts().to_dict())
    if settings.one_vote:
        return one_vote_each(design, groups_of(facilities, frame).to_numpy(dtype=str))
    if settings.weights != "design":
        design = _fitted(design, facilities["facility_id"], frame.set_index("facility_id"), settings)
    clusters = clusters_of(facilities, frame, settings)
    return design if clusters is None else with_clusters(design, clusters)


def drawn_design(facilities: pd.DataFrame, frame: pd.DataFrame) -> Design:
    """The design that a sample brings along; of a part of those who answered, as a domain of it."""
    clusters = frame["cluster"] if "cluster" in frame else frame["facility_id"]
    weights, fpc = (frame[name].to_numpy(float) if name in frame else None for name in ("weight", "fpc"))
    lonely = str(frame[LONELY].iloc[0]) if len(frame) else "fail"
    whole = sampled(frame[STRATUM].to_numpy(str), clusters.to_numpy(str), weights, fpc, lonely)
    return whole.subset(pd.Index(frame["facility_id"]).get_indexer(pd.Index(facilities["facility_id"])))


def groups_of(facilities: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Who answered for each facility: its `respondent_group` in the register, else its organisation, else itself."""
    known = frame.set_index("facility_id")
    answered = facilities["facility_id"]
    groups = answered.astype("str")
    for column in ("organisation", "respondent_group"):
        if column in known:
            said = answered.map(known[column]).astype(object).fillna("").astype("str")
            groups = groups.where(said == "", said)
    return groups


def relatedness(facilities: pd.DataFrame, frame: pd.DataFrame) -> tuple[int, float]:
    """(organisations that answered, the share of the answers that come from organisations with `SEVERAL` or more)."""
    groups = groups_of(facilities, frame)
    return groups.nunique(), float((groups.map(groups.value_counts()) >= SEVERAL).mean()) if len(groups) else 0.0


def clustering(groups: int, related: float, setting: str) -> str:
    """What is done, by the setting: `related` or `asked` where answers of one organisation are taken to vary together, else why not."""
    if setting == "none":
        return "none"
    if groups < 2:  # of one organisation alone nothing can be said
        return "one"
    if setting == "organisation":
        return "asked"
    return "related" if related > RELATED else "unrelated"


def clusters_of(facilities: pd.DataFrame, frame: pd.DataFrame, settings: EstimationSettings) -> np.ndarray | None:
    """The organisation of each facility that answered; None where answers are taken for independent (`clustering`)."""
    if settings.clusters == "none" or is_sample(frame):
        return None
    chosen = clustering(*relatedness(facilities, frame), settings.clusters)
    return groups_of(facilities, frame).to_numpy(dtype=str) if chosen in ("related", "asked") else None


def _fitted(design: Design, answered: pd.Series, known: pd.DataFrame, settings: EstimationSettings) -> Design:
    """The weights fitted to the register as the settings ask."""
    margins, totals = [], []
    for column in settings.margins:
        if column not in known:
            raise EstimationError(
                f"config.yaml, estimation.margins: the register has no column {column!r}. It has: {', '.join(known)}."
            )
        # A margin within each type of service, so that no service is weighted by what holds for another.
        groups = known["service"] + "/" + known[column]
        groups = _joined(groups, answered, settings.minimum_stratum)
        margins.append(answered.map(groups).to_numpy(dtype=str))
        totals.append(groups.value_counts().to_dict())
    try:
        if settings.weights == "poststratified":
            if len(margins) != 1:
                raise EstimationError(
                    "config.yaml, estimation.margins: post-stratification takes one column; rake to several."
                )
            design = poststratify(design, margins[0], totals[0])
        else:
            design = rake(design, margins, totals)
        return trim(design, settings.trim) if settings.trim else design
    except EstimationError as error:
        raise EstimationError(f"estimation.weights: {error}") from error


def strata_of(facilities: pd.DataFrame, frame: pd.DataFrame, settings: EstimationSettings) -> pd.Series:
    """facility_id -> stratum, for every facility of the register that is open in the year."""
    known = frame.set_index("facility_id")
    if settings.strata == "service":
        return known["service"]
    return _joined(known["service"] + "/" + known["province"], facilities["facility_id"], settings.minimum_stratum)


def _joined(groups: pd.Series, answered: pd.Series, least: int) -> pd.Series:
    """The groups, those of a service (the part before the slash) with fewer than `least` answers made one."""
    service = groups.str.split("/").str[0]
    counts = answered.map(groups).value_counts().reindex(groups.unique(), fill_value=0).sort_values(kind="stable")
    small = set(counts.index[counts < least])
    for name in service.unique():
        own = [group for group in counts.index if group.split("/")[0] == name]
        joined = [group for group in own if group in small]
        # What is left over must be large enough itself, or the next smallest joins it.
        while joined and counts[joined].sum() < least and len(joined) < len(own):
            joined.append(next(group for group in own if group not in joined))
        small |= set(joined)
    return groups.mask(groups.isin(small), service + "/other")


def sizes_of(frame: pd.DataFrame) -> dict[str, float]:
    """Service -> number of facilities in the register; without end in a sample."""
    if is_sample(frame):
        return dict.fromkeys(frame["service"].unique(), float("inf"))
    return frame.groupby("service").size().astype(int).to_dict()
