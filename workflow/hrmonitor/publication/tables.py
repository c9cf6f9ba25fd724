"""The tables that rules hand on and people read: their columns, and what must hold of every row."""

from __future__ import annotations

import pandas as pd

from hrmonitor.errors import UserError

VERDICTS = ["supported", "partly_supported", "not_supported", "not_assessable"]
STRENGTHS = ["strong", "moderate", "weak", "none"]
COMPARABILITY = ["comparable", "by_crosswalk", "not_comparable"]
# Why a cell is hidden; a rounded one is shown in whole per cents.
REASONS = ["primary_count", "primary_dominance", "complementary", "rounded"]
STATUSES = ["kept", "duplicate", "test", "rejected", "no_consent", "empty", "out_of_frame"]


def check(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """`table` itself when it is what the table `name` must be; else `UserError` with column and row.

    Knows the tables of `_schemas`, which says what each must be.
    """
    from pandera.errors import SchemaError, SchemaErrors

    try:
        return _schemas()[name].validate(table)
    except (SchemaError, SchemaErrors) as error:
        raise UserError(f"table {name}: {error} This is a fault of the software or of the questionnaire.") from error


def _schemas() -> dict:
    import pandera.pandas as pa

    def text(*checks, nullable: bool = False) -> pa.Column:
        return pa.Column(None, list(checks), nullable=nullable)

    def interval(table: pd.DataFrame) -> pd.Series:
        known = table["estimate"].notna() & table["ci_low"].notna()
        inside = (table["ci_low"] <= table["estimate"] + 1e-9) & (table["estimate"] <= table["ci_high"] + 1e-9)
        return ~known | inside

    count = pa.Column(None, pa.Check.ge(0), nullable=True)
    number = pa.Column(float, nullable=True)
    estimate = {"estimate": number, "ci_low": number, "ci_high": number}
    precision = {"se": number, "deff": number}
    share = pa.Column(float, pa.Check.in_range(0, 1), nullable=True)
    suppression = text(pa.Check.isin(["", *REASONS]))
    around = pa.Check(interval, error="the estimate lies outside its interval")
    place = {"source": text(), "row": pa.Column(int, pa.Check.ge(1))}
    columns = {
        "submissions": {**place, "service": text(), "facility_id": text(), "status": text(pa.Check.isin(STATUSES))},
        "audit": {
            **place,
            **{name: text(nullable=True) for name in ("facility_id", "question", "raw", "clean", "rule")},
            "severity": text(pa.Check.isin(["info", "changed", "flag", "removed"])),
        },
        "flow": {"service": text(), "step": text(), "n": pa.Column(int, pa.Check.ge(0))},
        "indicators": {
            **{name: text() for name in ("round", "service", "indicator", "category", "statistic")},
            "n": count,
            "population": count,
            **estimate,
            "unit": text(nullable=True),
            "suppressed": pa.Column(bool),
            **precision,
            "imputed": pa.Column(int, pa.Check.ge(0)),
            "suppression": suppression,
        },
        "changes": {
            **{name: text() for name in ("indicator", "category", "service", "round_from", "round", "statistic")},
            "n": count,
            **estimate,
            "se": number,
            "unit": text(nullable=True),
            "suppressed": pa.Column(bool),
            "suppression": suppression,
        },
        "suppressions": {
            "table": text(pa.Check.isin(["indicators", "changes", "companions"])),
            **{name: text() for name in ("round_from", "round", "service", "indicator", "category", "statistic")},
            "reason": text(pa.Check.isin(REASONS)),
        },
        "disclosure_audit": {
            **{
                name: text()
                for name in ("round", "service", "indicator", "category", "statistic", "reason", "shown_in")
            },
            "width": pa.Column(float, nullable=True),
            "verdict": text(pa.Check.isin(["safe", "shown", "narrowed"])),
        },
        "themes": {
            **{name: text() for name in ("round", "question", "theme", "service")},
            "n": count,
            "population": count,
            **estimate,
            "agreement": number,
        },
        "theme_agreement": {
            **{name: text() for name in ("round", "question", "theme", "coder_a", "coder_b")},
            "statistic": text(pa.Check.isin(["alpha", "kappa", "percent_agreement"])),
            **estimate,
            "n": pa.Column(int, pa.Check.ge(0)),
        },
        "theme_confusion": {
            **{name: text() for name in ("round", "question", "coder_a", "coder_b", "theme_a", "theme_b")},
            "n": pa.Column(int, pa.Check.ge(1)),
        },
        "theme_saturation": {
            **{name: text() for name in ("round", "question")},
            "answers": pa.Column(int, pa.Check.ge(1)),
            "themes": pa.Column(float, pa.Check.ge(0)),
            **{name: pa.Column(int, pa.Check.ge(0)) for name in ("low", "high")},
            "complete": pa.Column(float, pa.Check.in_range(0, 1)),
        },
        "theme_basis": {
            "round": text(),
            **place,
            **{name: text() for name in ("question", "facility_id", "service", "theme")},
            "present": pa.Column(bool),
            "basis": text(pa.Check.isin(["consensus", "all_coders", "majority", "disputed", "one_coder"])),
        },
        "findings": {
            **{name: text() for name in ("finding", "statement_en", "statement_nl", "evidence", "test")},
            **estimate,
            "n": count,
            "passed": pa.Column(bool),
            "verdict": text(pa.Check.isin(VERDICTS)),
            "p": share,
            "p_holm": share,
            "overturn": count,
            "strength": text(pa.Check.isin(STRENGTHS)),
        },
        "comparability": {
            **{name: text() for name in ("indicator", "round_from", "round")},
            "status": text(pa.Check.isin(COMPARABILITY)),
            **{name: text() for name in ("reason", "detail", "services", "note_en", "note_nl")},
        },
        "against_published": {
            **{name: text() for name in ("round", "service", "indicator", "category", "statistic")},
            "n": count,
            "population": count,
            **estimate,
            "unit": text(),
            "suppressed": pa.Column(bool),
            "series": text(),
            "year": pa.Column(int),
            "edition": text(),
            **{name: number for name in ("published", "gap", "gap_share")},
            **{name: pa.Column(bool) for name in ("exact", "equal")},
            **{name: text() for name in ("explanation_en", "explanation_nl")},
        },
        "sensitivity": {
            **{name: text() for name in ("finding", "scenario", "left_out")},
            "facilities": count,
            "verdict": text(pa.Check.isin(VERDICTS)),
            "as_before": pa.Column(bool),
        },
        "dispositions": {
            **{name: text() for name in ("facility_id", "service", "province", "mode", "outcome")},
            "answered": share,
            "disposition": text(),
            "code": text(),
            "remarks": text(),
        },
        "response": {
            **{name: text() for name in ("round", "group", "level", "statistic")},
            "n": count,
            "population": count,
            "estimate": share,
            "suppressed": pa.Column(bool),
        },
        "nonresponse": {
            **{name: text() for name in ("round", "variable", "level", "statistic")},
            "n": count,
            "population": count,
            **estimate,
        },
        "mode_effects": {
            **{name: text() for name in ("round", "question", "category", "statistic")},
            "n_interview": count,
            "n_questionnaire": count,
            **estimate,
            "unit": text(nullable=True),
            "p_value": share,
            "p_holm": share,
            "differs": pa.Column(bool),
        },
        "item_nonresponse": {
            **{name: text() for name in ("round", "question", "kind", "service", "reason")},
            "n": count,
            "population": count,
            "estimate": share,
            "suppressed": pa.Column(bool),
        },
    }
    return {
        name: pa.DataFrameSchema(parts, checks=around if "ci_low" in parts else None, strict=True)
        for name, parts in columns.items()
    }
