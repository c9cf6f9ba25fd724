"""The indicators of the two example studies equal what R's survey package computes from the exports (tests/reference_values/examples.R)."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from hrmonitor.cleaning import clean
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.project.checks import check_config
from hrmonitor.project.frame import frame_from, register_of, respondents_of
from hrmonitor.project.keys import plain
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.survey import Round, read_rounds
from hrmonitor.tabulation.indicators import estimate_round

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = pd.read_csv(
    ROOT / "tests/reference_values/examples.csv", dtype={"round": "str"}, keep_default_na=False, na_values=["NA"]
)
KEYS = ["round", "service", "indicator", "category", "statistic"]
NO_NAMES = pd.DataFrame(columns=["written", "service", "facility_id", "reason"])


def rounds_of(config, tmp_path: Path) -> dict[str, Round]:
    """The rounds of the study in this folder, read and cleaned as the build does."""
    paths, blocks = [], {}
    for name, block in config.rounds.items():
        form, entry = read_questionnaire(block.questionnaire), plain(block.exports[0])
        responses, notes, _ = read_export(entry["path"], form, entry, entry["path"])
        frame = frame_from({"frame": plain(block.frame)})
        cleaned = clean(
            responses,
            notes,
            form,
            register_of(),
            None,
            NO_NAMES,
            "",
            block.year,
            respondents=respondents_of(name, frame),
        )
        paths.append(tmp_path / f"{name}/facilities.parquet")
        paths[-1].parent.mkdir()
        cleaned["facilities"].to_parquet(paths[-1])
        blocks[name] = {"year": block.year, "questionnaire": block.questionnaire, "frame": plain(block.frame)}
    return read_rounds(blocks, paths, register_of())


@pytest.fixture(scope="module", params=["clients", "cities"])
def both(request, tmp_path_factory) -> tuple[str, pd.DataFrame, pd.DataFrame]:
    """(study, R's values, ours beside them), before anything is rounded or hidden."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT / "examples" / request.param)
        config = check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
        settings = EstimationSettings(
            confidence=config.confidence, seed=config.seed, dont_know_in_base=config.dont_know_in_base
        )
        rounds = rounds_of(config, tmp_path_factory.mktemp(request.param))
        ours = pd.concat([estimate_round(one, settings).assign(round=name) for name, one in rounds.items()])
    expected = EXPECTED[EXPECTED["study"] == request.param].reset_index(drop=True)
    ours["category"] = ours["category"].fillna("")
    return request.param, expected, expected[KEYS].merge(ours, on=KEYS, how="left", validate="one_to_one")


def test_estimates_and_their_errors_equal_r(both):
    study, expected, ours = both
    assert len(expected) > {"clients": 350, "cities": 200}[study]
    assert ours["estimate"].to_numpy(float) == pytest.approx(expected["estimate"].to_numpy(float), rel=1e-8, abs=1e-10)
    assert ours["se"].to_numpy(float) == pytest.approx(expected["se"].to_numpy(float), rel=1e-8, abs=1e-10)


# Shares of the small population of cities have exact intervals, which R has not.
@pytest.mark.parametrize("both", ["clients"], indirect=True)
def test_intervals_of_the_sample_equal_r(both):
    _, expected, ours = both
    known = expected["low"].notna().to_numpy()
    for end, limit in (("ci_low", "low"), ("ci_high", "high")):
        found = ours.loc[known, end].to_numpy(float)
        assert found == pytest.approx(expected.loc[known, limit].to_numpy(float), rel=1e-7, abs=1e-9)
