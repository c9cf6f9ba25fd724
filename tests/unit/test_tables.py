"""Tables that are not what they must be are refused; the open data package is valid by frictionless' own word."""

import pandas as pd
import pytest
from hrmonitor.errors import UserError
from hrmonitor.publication.open_data import write_package
from hrmonitor.publication.tables import check

FLOW = pd.DataFrame({"service": ["dcr"], "step": ["kept"], "n": [17]})
FINDINGS = pd.DataFrame(
    [("f", "s", "s", "q", "share_above 0.5", 0.6, 0.5, 0.7, 20, True, "supported", 0.01, 0.02, 3, "strong")],
    columns=[
        "finding",
        "statement_en",
        "statement_nl",
        "evidence",
        "test",
        "estimate",
        "ci_low",
        "ci_high",
        "n",
        "passed",
        "verdict",
        "p",
        "p_holm",
        "overturn",
        "strength",
    ],
)


def test_right_tables_pass():
    assert check("flow", FLOW) is not None
    assert check("findings", FINDINGS) is not None


@pytest.mark.parametrize(
    ("name", "table", "word"),
    [
        ("flow", FLOW.assign(n=-1), "n"),
        ("flow", FLOW.assign(extra=1), "extra"),
        ("findings", FINDINGS.assign(verdict="maybe"), "verdict"),
        ("findings", FINDINGS.assign(estimate=0.9), "outside its interval"),
    ],
)
def test_wrong_tables_are_refused(name, table, word):
    with pytest.raises(UserError, match=word):
        check(name, table)


ABOUT = {"name": "test", "title": "T", "description": "D", "makers": "M", "synthetic": True}


def test_the_data_package_is_valid_and_a_broken_one_is_not(tmp_path):
    from frictionless import validate

    write_package(tmp_path, {"flow": FLOW.assign(note="=1+1")}, {"flow": "x"}, {}, ABOUT)
    assert validate(str(tmp_path / "datapackage.json")).valid
    (tmp_path / "flow.csv").write_text("service,step,n,note\ndcr,kept,many,\n", encoding="utf-8")
    assert not validate(str(tmp_path / "datapackage.json")).valid


def test_a_column_is_described_as_its_table_means_it(tmp_path):
    columns = {"n": {"description": "Facilities", "unit": "facilities"}, "flow.n": {"description": "After the step"}}
    tables = {"flow": FLOW, "other": FLOW}
    write_package(tmp_path, tables, {"flow": "x", "other": "y"}, columns, ABOUT)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert readme.index("| `n` | integer |  | After the step |") < readme.index("other.csv")
    assert "| `n` | integer | facilities | Facilities |" in readme


def test_only_synthetic_data_are_called_so(tmp_path):
    for synthetic in (True, False):
        write_package(tmp_path, {"flow": FLOW}, {"flow": "x"}, {}, ABOUT | {"synthetic": synthetic})
        for name in ("README.md", "CITATION.cff", "datapackage.json"):
            assert ("synthetic" in (tmp_path / name).read_text(encoding="utf-8")) == synthetic, name
