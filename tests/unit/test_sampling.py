"""The design of a round follows the register and the settings."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hrmonitor.errors import EstimationError
from hrmonitor.estimation import mean
from hrmonitor.estimation.sampling_design import EstimationSettings, round_design, strata_of

PLAIN = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)


def register() -> pd.DataFrame:
    """40 rooms: 20 in Utrecht, 14 in Limburg, 6 in Zeeland; 10 of oat, all in Utrecht."""
    rooms = ["utrecht"] * 20 + ["limburg"] * 14 + ["zeeland"] * 6
    frame = pd.DataFrame({"service": ["dcr"] * 40 + ["oat"] * 10, "province": [*rooms, *["utrecht"] * 10]})
    frame["facility_id"] = [f"F{i:02d}" for i in range(50)]
    frame["organisation"] = ["A", "B"] * 25
    return frame


def answers(*places) -> pd.DataFrame:
    return register().iloc[np.r_[places]].reset_index(drop=True)


# 12 of Utrecht, 6 of Limburg, 2 of Zeeland, 4 of oat.
ANSWERED = answers(slice(0, 12), slice(20, 26), slice(34, 36), slice(40, 44))


def test_strata_are_services_and_weights_what_each_stands_for():
    design = round_design(ANSWERED, register(), PLAIN)
    assert design.population == {"dcr": 40, "oat": 10}
    assert set(design.weights[:20]) == {2.0}
    assert set(design.weights[20:]) == {2.5}


def test_a_province_is_a_stratum_where_enough_answered_and_small_ones_are_joined_to_enough():
    by_province = replace(PLAIN, strata="service_province")
    strata = strata_of(ANSWERED, register(), by_province)
    # Two answers of Zeeland are too few alone, so Limburg, the next smallest, joins it.
    assert strata.value_counts().to_dict() == {"dcr/utrecht": 20, "dcr/other": 20, "oat/other": 10}
    finer = strata_of(ANSWERED, register(), replace(by_province, minimum_stratum=2))
    assert finer.value_counts().to_dict() == {"dcr/utrecht": 20, "dcr/limburg": 14, "dcr/zeeland": 6, "oat/utrecht": 10}


def test_nobody_is_left_without_a_stratum_that_answered():
    """Zeeland did not answer at all: its six facilities are represented by another province."""
    some = answers(slice(0, 12), slice(20, 26), slice(40, 44))
    design = round_design(some, register(), replace(PLAIN, strata="service_province", minimum_stratum=3))
    assert design.weights.sum() == pytest.approx(50)


def test_weights_are_fitted_to_the_register_within_each_service():
    fitted = round_design(
        ANSWERED, register(), replace(PLAIN, weights="poststratified", margins=("province",), minimum_stratum=2)
    )
    utrecht = (ANSWERED["province"] == "utrecht").to_numpy() & (ANSWERED["service"] == "dcr").to_numpy()
    assert fitted.weights[utrecht].sum() == pytest.approx(20)
    assert fitted.weights.sum() == pytest.approx(50)


def test_a_round_about_one_service_is_fitted_to_that_service():
    rooms = ANSWERED[ANSWERED["service"] == "dcr"].reset_index(drop=True)
    fitted = round_design(
        rooms, register(), replace(PLAIN, weights="raked", margins=("province", "organisation"), minimum_stratum=2)
    )
    assert fitted.weights.sum() == pytest.approx(40)


def test_weights_are_raked_to_several_columns_and_trimmed():
    settings = replace(PLAIN, weights="raked", margins=("province", "organisation"), minimum_stratum=2)
    fitted = round_design(ANSWERED, register(), settings)
    for service, organisation in (("dcr", "A"), ("dcr", "B"), ("oat", "B")):
        members = ((ANSWERED["service"] == service) & (ANSWERED["organisation"] == organisation)).to_numpy()
        size = ((register()["service"] == service) & (register()["organisation"] == organisation)).sum()
        assert fitted.weights[members].sum() == pytest.approx(size)
    trimmed = round_design(ANSWERED, register(), replace(settings, trim=1.2))
    assert trimmed.weights.max() <= 1.2 * np.median(fitted.weights) + 1e-9
    assert trimmed.weights.sum() == pytest.approx(50)


def test_fitting_to_what_goes_with_the_answers_narrows_the_interval():
    y = np.where(ANSWERED["province"] == "utrecht", 100.0, 10.0) + np.arange(24) % 3
    fitted = replace(PLAIN, weights="poststratified", margins=("province",), minimum_stratum=2)
    plain, better = (mean(round_design(ANSWERED, register(), settings), y, 0.95) for settings in (PLAIN, fitted))
    assert better.se < plain.se / 3


def test_what_cannot_be_fitted_is_told_with_its_key():
    with pytest.raises(EstimationError, match=r"estimation\.margins: the register has no column 'size'"):
        round_design(ANSWERED, register(), replace(PLAIN, weights="raked", margins=("size",)))
    with pytest.raises(EstimationError, match="takes one column"):
        round_design(
            ANSWERED, register(), replace(PLAIN, weights="poststratified", margins=("province", "organisation"))
        )
