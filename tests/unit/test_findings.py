"""What is published of the answers: small cells, formulas, agreement."""

import numpy as np
import pandas as pd
from hrmonitor.disclosure.small_groups import suppress
from hrmonitor.files.spreadsheet import harmless
from hrmonitor.findings.confidential import without_hidden
from hrmonitor.tabulation.indicators import COLUMNS


def indicators(*counts):
    rows = [
        ("2021", service, "x", "yes", "share", n, 50, 0.5, 0.4, 0.6, "share", False, 0.1, 1.0, 0)
        for service, n in counts
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def test_a_small_cell_is_hidden_with_one_more_beside_it():
    table = suppress(indicators(("dcr", 2), ("oat", 9), ("nsp", 30), ("all", 41)), 3)
    assert list(table["suppressed"]) == [True, True, False, False]
    assert table.loc[table["suppressed"], ["n", "estimate", "ci_low", "ci_high", "se", "deff"]].isna().all(axis=None)


def test_large_cells_stay():
    assert not suppress(indicators(("dcr", 3), ("oat", 9), ("all", 12)), 3)["suppressed"].any()


def test_open_data_holds_no_formula():
    frame = harmless(pd.DataFrame({"a": ["=1+1", "-x", "@y", "ok", None], "n": [-1, 2, 3, 4, 5]}))
    assert list(frame["a"][:4]) == ["'=1+1", "'-x", "'@y", "ok"]
    assert list(frame["n"]) == [-1, 2, 3, 4, 5]


def test_beside_a_hidden_number_nothing_of_its_finding_is_told():
    findings = pd.DataFrame(
        {
            "finding": ["a", "a", "b", "c"],
            "estimate": [0.4, np.nan, 0.5, np.nan],
            "p": [0.1, np.nan, 0.2, np.nan],
            "n": [20, 3, 20, 0],
        }
    )
    beside = pd.DataFrame({"finding": ["a", "a", "b", "c"], "test": ["1", "2", "1", "1"]})
    assert without_hidden(beside, findings)["finding"].tolist() == ["b", "c"]
