"""Figures of small and strange data: nothing sticks out, nothing hidden is drawn, and what there is not is said, on a page and on a phone."""

import io
from importlib import import_module

import pandas as pd
import pytest
from hrmonitor.figures import coverage_map, style
from unit.test_figures import WHOLE, texts_inside

LONG = "Voorziening met een buitengewoon lange naam zonder enig einde " * 2
YEARS = {"year_then": 2017, "year_now": 2020, "now": "clients_now"}
SERIES = "series,year,value,low,high,run,edition,source,unit,label_en,label_nl\n"
ROUNDS = "round,year,indicator,category,statistic,unit,n,estimate,ci_low,ci_high,suppressed,joined,outcome,label_en,label_nl\n"
GROUPS = (
    "indicator,answer,statistic,group,group_en,group_nl,unit,n,estimate,ci_low,ci_high,suppressed,label_en,label_nl\n"
)
FLOW = "service,step,n\n"
MEDIANS = "service,moment,estimate,ci_low,ci_high,n,population,suppressed,unit\n"
THEMES = (
    "question,theme,place,estimate,ci_low,ci_high,n,agreement,suppressed,label_en,label_nl,question_en,question_nl\n"
)
# Kind -> data that it is drawn from, as CSV.
STRANGE = {
    "national_series": [
        SERIES + "a,2001,5,,,r,1,,persons,A,A\n",
        SERIES + f"a,2001,0,,,r,1,S,persons,{LONG},{LONG}\na,2002,0,,,r,1,{LONG},persons,{LONG},{LONG}\n",
        SERIES + "".join(f"s{n},{2000 + n},{n}e6,{n}e5,{n}e7,r{n},1,S,%,A,A\n" for n in range(1, 10)),
        SERIES + "a,2001,5,,,r,1,S,persons,A,A\na,2009,9,,,r,1,S,persons,A,A\na,2010,2,,,q,1,S,persons,A,A\n",
    ],
    "rounds": [
        ROUNDS + f"2018,2018,a,,share,,,,,,True,False,too_few_rounds,{LONG},{LONG}\n",
        ROUNDS + "".join(f"{n},{n},a,,mean,persons,9,{n}e6,{n}e5,{n}e7,False,True,rises,A,A\n" for n in range(2001, 2031)),
        ROUNDS + "".join(f"{n},{n},{letter},yes,share,share,9,1,0.5,1,False,{n > 1},no_trend_shown,{LONG},{LONG}\n" for letter in "abc" for n in (1, 2, 3)),
    ],
    "groups": [
        GROUPS + f"i,a,share,g,{LONG},{LONG},share,,,,,True,{LONG},{LONG}\n",
        GROUPS + "".join(f"i,a,share,g{n},{LONG},Group {n},share,9,0.5,0.1,1,False,{LONG},A\n" for n in range(30)),
        GROUPS + "".join(f"i,-,median,g{n},G{n},G{n},persons,99999,{n}e6,{n}e5,{n}e7,False,,\n" for n in (1, 2)),
        GROUPS + "i,-,mean,g,G,G,persons,5,0,,,False,,\n",
    ],
    "response_flow": [
        FLOW + "all,register,3\nall,approached,3\nall,submissions,0\nall,kept,0\n",
        FLOW + "".join(f"service_{n}_with_a_long_name,register,{10**n}\n" for n in range(7)),
        FLOW + "dcr,register,3\nall,register,3\n" + "".join(f"all,{step},99999\n" for step in ("duplicates", "test", "rejected", "no_consent", "empty", "out_of_frame")),
    ],
    "by_service": [
        MEDIANS + "dcr,then,,,,,22,True,persons\ndcr,now,0,0,0,3,22,False,persons\n",
        MEDIANS + f"all,then,1e9,1e8,1e10,5,5,False,{'x' * 60}\nall,now,2,1,3,5,9,False,{'x' * 60}\n",
    ],
    "paired_change": [
        "service,then,now,facilities,rounded_to\ndcr,5,5,3,5\n",
        "service,then,now,facilities,rounded_to\ndcr,1e7,5,300,5\nother_service_of_a_long_name,5,10,3,5\n",
    ],
    "cleaning_rules": ["severity,rule,n,place\nremoved,a_rule_that_nobody_knows_" + "x" * 80 + ",1,0\nflag,b,99999,2\n"],
    "completeness": [f"group,label_en,label_nl,answered,dont_know,no_answer,asked\ng,{LONG},{LONG},0,0,1,1\n"],
    "themes": [
        THEMES + f"q,t,0,,,,,,True,{LONG},{LONG},{LONG},{LONG}\n",
        THEMES + "q,t,0,0,0,0,5,1,False,T,T,Q,Q\nq,u,0,1,1,1,5,1,False,U,U,Q,Q\n",
    ],
}  # fmt: skip
CASES = [(kind, place) for kind, tables in STRANGE.items() for place in range(len(tables))]


def read(csv: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(csv), keep_default_na=True, na_values=[""])


@pytest.mark.parametrize(("narrow", "lang"), [(False, "en"), (True, "nl")])
@pytest.mark.parametrize(("kind", "place"), CASES)
def test_nothing_sticks_out(kind, place, narrow, lang):
    module, options = import_module(f"hrmonitor.figures.{kind}"), {**WHOLE, **YEARS, "narrow": narrow}
    table = read(STRANGE[kind][place])
    if kind == "national_series":
        table["source"] = table["source"].astype(object).fillna("")
    if kind == "groups":  # numbers have no answer
        table = table.astype({"label_en": object, "label_nl": object}).fillna({"label_en": "", "label_nl": ""})
    assert texts_inside(module.draw(table, options, lang)) == []
    assert isinstance(module.headline(table, options, lang), str)
    assert module.alt_text(table, options, lang)
    assert isinstance(module.description(table, options, lang), list)


@pytest.mark.parametrize("kind", STRANGE)
def test_without_data_a_figure_says_so(kind):
    module, options = import_module(f"hrmonitor.figures.{kind}"), {**WHOLE, **YEARS}
    empty = read(STRANGE[kind][0]).iloc[:0]
    drawn = [text.get_text() for text in module.draw(empty, options, "nl").findobj(style.mpl.text.Text)]
    assert style.words("nl")["no_rows"] in drawn
    assert module.headline(empty, options, "nl") == ""
    assert module.alt_text(empty, options, "nl") == style.words("nl")["no_rows"]


@pytest.mark.parametrize(
    ("shares", "classes"),
    [([0.5], 1), ([0.0, 1.0], 5), ([0.61, 0.63, 0.78], 4), ([0.5, 0.5], 1), ([1.0], 1), ([0.0], 1), ([], 1)],
)
def test_the_map_has_classes_as_fine_as_the_shares_differ(shares, classes):
    tiles = {f"p{place}": [place % 4, place // 4] for place in range(12)}
    provinces, options = list(tiles), {**WHOLE, "tiles": tiles}
    table = pd.DataFrame({"province": provinces, "share": [*shares, *[None] * (len(provinces) - len(shares))]})
    table["registered"], table["answered"] = 20, table["share"].astype(float) * 20
    for lang in ("en", "nl"):
        table[f"label_{lang}"] = provinces
    limits = coverage_map._classes(table)
    assert len(limits) - 1 == classes
    assert all(limits[0] <= share <= limits[-1] + 1e-9 for share in shares)
    assert texts_inside(coverage_map.draw(table, options, "en")) == []
    assert texts_inside(coverage_map.draw(table, {**options, "narrow": True}, "nl")) == []


def test_rounds_are_joined_where_they_asked_alike_and_told_by_their_trend():
    module = import_module("hrmonitor.figures.rounds")
    lines = "".join(
        f"{year},{year},a,yes,share,share,9,0.{n},0.{n - 1},0.{n + 1},False,{joined},rises,A,A\n"
        for n, year, joined in ((2, 2018, False), (4, 2021, False), (6, 2024, True))
    )
    table = read(ROUNDS + lines)
    axes = module.draw(table, WHOLE, "en").axes[0]
    joined = [line for line in axes.get_lines() if len(line.get_xdata()) == 2]
    assert len(joined) == 1
    words = style.words("en")["rounds_headline"]
    assert module.headline(table, WHOLE, "en") == words["told"].format(rises="1", falls="0")
    assert module.headline(table.assign(outcome="too_few_facilities"), WHOLE, "en") == words["not_yet"]
