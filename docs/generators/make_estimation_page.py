"""Write docs/methods/estimation.md: how estimates are made, and how far they are from R: `.venv/bin/python docs/generators/make_estimation_page.py`."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "methods" / "estimation.md"
TEXT = """# Estimation

Made by `docs/generators/make_estimation_page.py`; change that, not this page. The code is `workflow/hrmonitor/estimation/`.

The facilities of a round are a small finite population (`raw/register.csv`), most of which answer. A round is a stratified
simple random sample of it without replacement; facilities that did not answer are taken as chosen at random within their
stratum, and the bounds (`share_bounds`) show what it would mean if they were not. Everybody answered: the interval is the value.

## What to choose, and when

All keys stand under `estimation:` in `config.yaml`; leave them out to get the default.

| key | default | choose another when |
|---|---|---|
| `share_interval` | `exact`: all numbers of facilities from which the answers could have come (hypergeometric) | `wilson` to compare with figures that others computed so; `clopper_pearson` when the register is only a part of those that the figures are about |
| `quantile_interval` | `woodruff` | `bootstrap` when a stratum has very few answers and many ties |
| `variance` | `linearised` (Taylor) | `bootstrap` (rescaled, seeded) to check it |
| `strata` | `service` | `service_province` when response differs between provinces and most provinces have five answers or more |
| `minimum_stratum` | 5 | larger for steadier weights |
| `weights` | `design`: N/n in each stratum | `poststratified` to one column of the register (`margins: [province]`), `raked` to several, when those that answered differ from the register; see the chapter on response |
| `trim` | 0: no trimming | 3 or so when raking gives single facilities weights far above the rest |

Within one type of service a share has the chosen interval. Over several types, or with adjusted weights, it has Wilson's interval at
the effective number of answers p(1 - p)/variance; with `clopper_pearson` that of Korn and Graubard. Means, totals, ratios and
differences have t intervals with answers less strata as degrees of freedom. A domain (facilities that see people who use GHB,
say) counts in its strata and is estimated over its own; its interval is a little wider than R's, by the square root of
(n_d / (n_d - H_d)) / (n / (n - H)), as R's cover too seldom in small domains ([simulations.md](simulations.md)).

## Statistics in the questionnaire

The column `statistic` names them: `share` for choices; `median`, `p10`, `p25`, `p75`, `p90`, `mean`, `total` and `client_mean` for
numbers. `client_mean` weights facilities by their clients: of a percentage it gives the percentage of clients rather than
the mean percentage of facilities. The column `weighted_by` names the question with the number of clients.
Each estimate in `results/indicators.csv` has its standard error (`se`) and design effect (`deff`: its variance over that of a simple
random sample of as many facilities).

## Between rounds

`results/changes.csv` has every indicator that two rounds asked alike ([comparability.md](comparability.md)): `change` between all
facilities that answered each round, its variance less the covariance of those that answered both (Tam 1984; Knottnerus and van Delden
2012); `paired_change` and `paired_ratio` at those that did. Changes of shares join the exact intervals of the two rounds (Zou and Donner
2008), as a share of none or all shows no variance of its own. Changes are stratified by
service with the weights of the design, whatever `strata` and `weights` say, as rounds may differ in these.

## Why our own code

`svy` 0.35 (the successor of `samplics`) was tried: on eleven of the designs below its means, totals, ratios and domain means equal R's to
1e-14 (the twelfth has a stratum with one answer, which it refuses until told what to do). It was left out because it takes some
10 ms an estimate, of which a report needs thousands and the simulations millions, brings polars and an engine of its own, and
still changes its interface between minor versions, while what a stratified sample of facilities needs of it is the hundred lines
of `estimation/design.py`. scipy has the distributions.

## Against R

R {r_version}, package survey 4.1.1, {lines} values over {designs} designs (`tests/reference_values/`: `make_designs.py` writes the samples, `survey.R`
computes the values, `tests/unit/test_estimation.py` compares them at every run of the tests). The table gives the largest relative
difference between R's values and ours.

{table}

Where R's own is not taken: the rule for quantiles (type 2 of Hyndman and Fan) is handed to `svyquantile`, as survey 4.1.1 gives the second
value where a share lies below the weight of the first; intervals of quantiles at a census, where R's leave out the estimate; intervals of
domain means and ratios (see above).
"""


def page() -> str:
    sys.path.insert(0, str(ROOT / "tests"))
    from reference_values.ours import designs, expected, ours

    samples = {data["name"]: data for data in designs()}
    worst: dict[tuple[str, str], dict[str, float]] = {}
    lines = expected()
    for line in lines:
        found = ours(samples[line["design"]], line["statistic"])
        group = line["statistic"].split("_")[0] if line["statistic"].startswith("quantile") else line["statistic"]
        own = worst.setdefault(group, {"designs": set(), "estimate": 0.0, "se": 0.0, "deff": 0.0})
        own["designs"].add(line["design"])
        for key, mine in (("estimate", found.value), ("se", found.se), ("deff", found.deff)):
            if line[key] not in ("NA", "NaN"):
                theirs = float(line[key])
                own[key] = max(own[key], abs(mine - theirs) / abs(theirs) if theirs else abs(mine))
    rows = ["| statistic | designs | estimate | standard error | design effect |", "|---|---|---|---|---|"]
    has_deff = {line["statistic"] for line in lines if line["deff"] not in ("NA", "NaN")}
    for name, own in worst.items():
        deff = _shown(own["deff"]) if name in has_deff else ""
        rows.append(
            f"| {name.replace('_', ' ')} | {len(own['designs'])} | {_shown(own['estimate'])} | {_shown(own['se'])} | {deff} |"
        )
    return TEXT.format(r_version="4.2.2", lines=len(lines), designs=len(samples), table="\n".join(rows))


def _shown(difference: float) -> str:
    """An upper bound that is the same on every machine: the last digits of floats are not."""
    bound = next((power for power in range(-14, 0) if difference <= 10.0**power), 0)
    return f"< 1e{max(bound, -12):d}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
