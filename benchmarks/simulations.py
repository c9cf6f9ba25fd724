"""Do intervals and verdicts keep their promises? Writes docs/methods/simulations.md; `make simulations` runs it, some ten minutes.

python benchmarks/simulations.py [rounds]
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import yaml

ROOT = Path(__file__).resolve().parents[1]

from hrmonitor.estimation.sampling_design import EstimationSettings  # noqa: E402
from hrmonitor.project.config import check_config  # noqa: E402
from hrmonitor.project.register import read_register  # noqa: E402
from hrmonitor.questionnaire.model import read_questionnaire  # noqa: E402
from hrmonitor.simulation import coverage, verdicts  # noqa: E402

PAGE = ROOT / "docs" / "methods" / "simulations.md"
TEXT = """# Simulations

Made by `make simulations` (`benchmarks/simulations.py`); {rounds} rounds a column, seed {seed}.

## How often 95% intervals hold the truth

Each round draws a population of facilities and, by stratum, which of them answer; then it asks whether each interval holds the
population's own value. *small*: the four services as they answered in 2021. *one type*: 17 of 24 rooms. *large*: 500 of 4,000.
*skewed*: 105 of 210, numbers as skewed as those of syringes (standard deviation 0.95 on the log scale), shares near 0 and 1.
*full response*: a census, whose intervals are the value itself and so always hold it.

{coverage}

Mean over the intervals that are not exact: {means}. Lowest cell: {lowest}. With {rounds} rounds a cell is known to
about {error} (two standard errors).

The exact interval of a share needs no simulation: its coverage is summed over all samples, for every number of facilities that could
say yes. The table shows the lowest of these: {exact} or more.

Means, totals and ratios of few, skewed numbers fall short of 95% by some points, as they do in R, whose standard errors they share: the
interval is symmetric and the numbers are not. The median is the better summary there.

## How often findings come out supported

Rounds of the synthetic world with nothing to find (`flat`: as many facilities up as down) and with what the presentation of 2022 reports
(`published`). At which facilities what is true, and who answers, is drawn anew each round. False alarms are the supported
trend findings (1 to 4) of `flat`; findings 5 to 7 are no trends and true in both.

{verdicts}
"""


def main(rounds: int) -> None:
    config = check_config(yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8")))
    covered = pd.concat([coverage.simulate(world, rounds, config["seed"]) for world in coverage.WORLDS])
    round_ = config["rounds"]["2021"]
    settings = EstimationSettings(
        **{key: config[key] for key in ("confidence", "seed", "dont_know_in_base")}, **config["estimation"]
    )
    form, register = read_questionnaire(ROOT / round_["questionnaire"]), read_register(ROOT / config["register"])
    counts = pd.concat([
        verdicts.simulate(scenario, config["findings"], form, register, round_["year"], rounds, settings, config["minimum_facilities"])
        for scenario in ("flat", "published")
    ])  # fmt: skip
    sampled = covered[~covered["exact"]]
    means = sampled.groupby("design", sort=False)["coverage"].mean()
    page = TEXT.format(
        rounds=f"{rounds:,}",
        seed=config["seed"],
        coverage=_table(_wide(covered)),
        means=", ".join(f"{name} {mean:.1%}" for name, mean in means.items()),
        lowest=f"{sampled['coverage'].min():.1%}",
        error=f"{2 * (0.95 * 0.05 / rounds) ** 0.5:.1%}",
        exact=f"{covered.loc[covered['exact'], 'coverage'].min():.1%}",
        verdicts=_table(counts.drop(columns="rounds")),
    )
    PAGE.write_text(page, encoding="utf-8")
    print(page)


def _wide(covered: pd.DataFrame) -> pd.DataFrame:
    wide = covered.pivot(index="interval", columns="design", values="coverage")
    wide = wide.reindex(index=dict.fromkeys(covered["interval"]), columns=dict.fromkeys(covered["design"]))
    return wide.map(lambda share: "" if pd.isna(share) else f"{share:.1%}").reset_index()


def _table(frame: pd.DataFrame) -> str:
    rows = [list(frame.columns), ["---"] * len(frame.columns), *frame.astype(str).to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
