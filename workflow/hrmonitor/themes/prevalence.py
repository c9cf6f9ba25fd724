"""Which themes count for an answer once the coders have spoken to each other, and at how many facilities they are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hrmonitor.estimation import NONE, share
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design, sizes_of
from hrmonitor.themes.coding import PLACE, Coding

COLUMNS = ["round", "question", "theme", "service", "n", "population", "estimate", "ci_low", "ci_high", "agreement"]
SETTLED = ["round", *PLACE, "facility_id", "service", "theme", "present", "basis", "coders", "saw"]
# Where it was taken from that a theme is or is not in an answer.
BASES = ("consensus", "all_coders", "majority", "disputed", "one_coder")
QUOTES = ["round", "question", "themes", "quote"]


def adjudicate(round_: str, wide: pd.DataFrame, consensus: Coding | None, answers: pd.DataFrame) -> pd.DataFrame:
    """`SETTLED`: whether each theme is in each answer, on what basis, how many coders coded the answer and how many saw the theme.

    The consensus overrules the coders for the answers that it has. Else a theme is there when more than half of the coders who
    coded the answer saw it (with two coders: both); a theme that half of them saw is `disputed` and does not count.
    """
    coders = [column for column in wide if column.startswith("coder_")]
    marks = wide[coders].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    number, saw = (~np.isnan(marks)).sum(axis=1), np.nansum(marks, axis=1)
    table = wide.drop(columns=coders).assign(present=2 * saw > number, coders=number, saw=saw.astype(int))
    table["basis"] = np.select(
        [number == 1, (saw == 0) | (saw == number), 2 * saw == number],
        ["one_coder", "all_coders", "disputed"],
        "majority",
    )
    if consensus is not None:
        decided = consensus.marks.merge(answers[[*PLACE, "facility_id", "service"]], on=PLACE)
        counts = table[[*PLACE, "theme", "coders", "saw"]]
        decided = decided.merge(counts, on=[*PLACE, "theme"], how="left").fillna({"coders": 0, "saw": 0})
        decided = decided.rename(columns={"coded": "present"}).assign(basis="consensus")
        table = pd.concat([table, decided]).drop_duplicates([*PLACE, "theme"], keep="last")
    table = table.assign(round=round_).sort_values([*PLACE, "theme"], kind="stable")
    return table[SETTLED].astype({"present": "bool", "coders": "int64", "saw": "int64"}).reset_index(drop=True)


def estimate_themes(
    round_: str,
    book: pd.DataFrame,
    settled: pd.DataFrame,
    alphas: dict[tuple[str, str], float],
    frame: pd.DataFrame,
    settings: EstimationSettings,
) -> pd.DataFrame:
    """Prevalence of each theme by service and for all, in `COLUMNS`.

    The base is the facilities whose answer was coded; `frame` is the register of the year. The share of one type of service has the
    interval of the settings, that of all is weighted by type, as every share is (`estimation.share`). Nothing is hidden yet
    (`disclosure.theme_cells`).
    """
    rows = []
    population = sizes_of(frame)
    for question, theme in book[["question", "theme"]].itertuples(index=False):
        coded = settled[(settled["question"] == question) & (settled["theme"] == theme)]
        design = round_design(coded, frame, settings)
        present, services = coded["present"].to_numpy(dtype=float), coded["service"].to_numpy(dtype=str)
        alpha = alphas.get((question, theme), float("nan"))
        for service in [*population, "all"]:
            chosen = np.ones(len(coded), bool) if service == "all" else services == service
            size = sum(population.values()) if service == "all" else population[service]
            found = NONE
            if chosen.any():
                found = share(design.subset(chosen), present[chosen], settings.confidence, settings.share_interval)
            rows.append((round_, question, theme, service, found.n, size, found.value, found.low, found.high, alpha))
    return pd.DataFrame(rows, columns=COLUMNS)


def cleared_quotes(round_: str, codings: list[Coding], answers: pd.DataFrame, settled: pd.DataFrame) -> pd.DataFrame:
    """`QUOTES`: the answers that a person has cleared for the report, with the themes that they carry (apart by `|`).

    One yes is needed, and no no: whoever sees that an answer gives someone away can stop it. In the order of their keys,
    which says nothing about the facility.
    """
    said = pd.concat([coding.publish for coding in codings]) if codings else pd.DataFrame(columns=[*PLACE, "cleared"])
    cleared = said.groupby(PLACE)["cleared"].all()
    chosen = (
        answers.set_index(PLACE).loc[cleared.index[cleared.astype(bool)]].reset_index().sort_values(["question", "key"])
    )
    carried = settled[settled["present"]].groupby(PLACE)["theme"].agg("|".join).to_dict()
    rows = [
        (round_, one.question, carried.get((one.source, one.row, one.question), ""), one.text)
        for one in chosen.itertuples()
    ]
    return pd.DataFrame(rows, columns=QUOTES)
