"""Saturation: how many answers it takes until no new theme appears.

The answers are put into many random orders with the seed; in each, we count the themes seen so far (Guest, Namey and Chen, PLoS ONE
15(5): e0232076, 2020, look at new information against a run of answers in the same way).
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pandas as pd

from hrmonitor.themes.coding import PLACE

ORDERS = 999
SATURATION = ["round", "question", "answers", "themes", "low", "high", "complete"]
# Saturated: in 95 of 100 orders, the last tenth of the answers brings no theme that was not there before.
LAST_PART, SURE = 0.1, 0.95


def saturation_table(round_: str, settled: pd.DataFrame, seed: int) -> pd.DataFrame:
    """`SATURATION`: after so many answers to a question, the mean number of themes seen over all orders, the number in the
    lowest and highest 2.5 per cent of orders, and the share of orders in which all themes that occur have been seen.
    """
    rows = []
    for question, group in settled.groupby("question", sort=False):
        present = group.pivot(index=PLACE, columns="theme", values="present").to_numpy(dtype=bool)
        present = present[:, present.any(axis=0)]
        n, themes = present.shape
        if not themes:
            continue
        random = np.random.default_rng([seed, crc32(f"saturation/{round_}/{question}".encode())])
        # The answer at which each theme is first seen, from 1, in each order.
        first = np.array([present[random.permutation(n)].argmax(axis=0) + 1 for _ in range(ORDERS)])
        for answers in range(1, n + 1):
            seen = (first <= answers).sum(axis=1)
            low, high = np.quantile(seen, [0.025, 0.975], method="inverted_cdf")
            rows.append((round_, question, answers, seen.mean(), int(low), int(high), (seen == themes).mean()))
    return pd.DataFrame(rows, columns=SATURATION)


def summarise(table: pd.DataFrame) -> pd.DataFrame:
    """round, question, themes, answers, half, sure, saturated: after how many answers all themes had been seen in half and in 95 % of
    the orders, and whether that leaves the last tenth of the answers without a new theme.
    """
    rows = []
    for (round_, question), group in table.groupby(["round", "question"], sort=False):
        n = int(group["answers"].max())
        half, sure = (int(group.loc[group["complete"] >= share, "answers"].min()) for share in (0.5, SURE))
        themes = int(group["high"].max())
        rows.append((round_, question, themes, n, half, sure, sure <= (1 - LAST_PART) * n))
    return pd.DataFrame(rows, columns=["round", "question", "themes", "answers", "half", "sure", "saturated"])
