"""Tests in full, a section a finding: the claim, the verdict, how it became tests, each test, what would overturn it, other figures."""

from __future__ import annotations

import math

import pandas as pd

from hrmonitor.findings.confidential import is_hidden
from hrmonitor.findings.verdicts import measure_of
from hrmonitor.language import (
    between,
    capital,
    escape_markdown,
    headed,
    interval,
    listed,
    number,
    percent,
    quoted,
    share_or_count,
)
from hrmonitor.project.config import FindingTest
from hrmonitor.project.test_kinds import ABOVE, BELOW, kind_of
from hrmonitor.reporting.chapters import groups, operationalised
from hrmonitor.reporting.markdown import (
    WORDS,
    all_of,
    counted,
    digits_for,
    direction,
    in_words,
    none,
    share_of,
)
from hrmonitor.reporting.study_texts import line
from hrmonitor.study import within
from hrmonitor.themes.codebook import read_themes

# Tests whose thresholds and estimates are shares of facilities; those of the rest are numbers in the question's unit.
SHARES = ("share", "theme")
# The smallest p value that is written out.
LEAST_P = 0.001


def chapter(story) -> str:
    words = story.words["findings"]
    if story.findings.empty:
        return story._join([story._heading(words["title"], "tests"), words["none"]])
    parts = [story._heading(words["title"], "tests"), words["intro"]]
    for place, (name, group) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        parts.append(_finding(story, place, name, group))
    return story._join(parts)


def _finding(story, place: int, name: str, group: pd.DataFrame) -> str:
    words, lang = story.words["findings"], story.lang
    config = story.config.findings[name]
    statement = escape_markdown(config.statement[lang])
    label = name.replace("_", "-")
    tests = list(zip(group.to_dict("records"), config.tests, strict=True))
    rows = [
        [
            f"**{row}** {_test_in_words(story, test, config.round)}",
            *in_unit(story, one, test),
            number(one["n"], lang),
            _p(one["p_holm"], lang),
            "–" if is_hidden(one) else words["passed"] if one["passed"] else words["failed"],
        ]
        for row, (one, test) in enumerate(tests, start=1)
    ]
    caption = words["caption"].format(number=place)
    short = line(story, story.study.of_finding(name, "short name"), config.round)
    return story._join([
        f"## {headed(words['heading'].format(number=place), short or statement, lang)} {{#sec-tests-{label}}}",
        f"::: {{.claim}}\n{statement}\n:::",
        groups.whose(story, config.round),
        _verdict(story, group),
        operationalised.paragraph(story, name, _numbers(story, name, tests)),
        story._table(words["columns"], rows, [46, 12, 16, 6, 9, 11], caption, f"tbl-{label}", "lrrrrl"),
        "\n".join(_on_test(story, one, test, config.round) for one, test in tests),
        _overturn(story, tests),
        story._figures(name),
    ])  # fmt: skip


def _numbers(story, name: str, tests: list[tuple[dict, FindingTest]]) -> dict[str, str]:
    """What `{test 1}`, `{test 1 by clients}` and `{n 1}` of a sentence in config.yaml stand for."""
    if story.config.findings[name].operationalised is None:
        return {}
    units, numbers = story.table("test_units"), {}
    # None where a number of the finding is hidden.
    by_clients = units.loc[units["finding"] == name, "client_estimate"].tolist() or [None] * len(tests)
    hidden = story.words["service_chapter"]["suppressed"]
    for place, ((row, test), told) in enumerate(zip(tests, by_clients, strict=True), start=1):
        numbers[f"test {place}"] = hidden if is_hidden(row) else in_unit(story, row, test)[0]
        numbers[f"test {place} by clients"] = (
            hidden if pd.isna(told) else in_unit(story, {**row, "estimate": told}, test)[0]
        )
        numbers[f"n {place}"] = number(row["n"], story.lang)
    return numbers


def _verdict(story, group: pd.DataFrame) -> str:
    """The verdict with what it rests on: tests passed and facilities."""
    words, lang = story.words["findings"], story.lang
    verdict, least, most = group["verdict"].iloc[0], int(group["n"].min()), int(group["n"].max())
    behind = words["behind_one" if least == most else "behind_range"]
    behind = behind.format(least=number(least, lang), most=number(most, lang))
    if any(is_hidden(row) for row in group.to_dict("records")):
        return headed(f"**{story.words['verdicts'][verdict]}**", f"{words['hidden']} {behind}", lang)
    passed = tests_passed(story, int(group["passed"].sum()), len(group))
    return headed(f"**{story.words['verdicts'][verdict]}**", f"{passed}. {behind}", lang)


def tests_passed(story, passed: int, tests: int) -> str:
    """`both tests passed`, `two of three tests passed`: how a finding's tests came out, as part of a sentence."""
    words, lang = story.words["findings"]["tests_passed"], story.lang
    if tests == 1:
        return words["only" if passed else "not_one"]
    key = "all" if passed == tests else ("none", "one")[passed] if passed < 2 else "some"
    return words[key].format(
        passed=in_words(passed, lang), tests=counted(tests, "tests", lang), all=all_of(tests, "tests", lang)
    )


def _overturn(story, tests: list[tuple[dict, FindingTest]]) -> str:
    """How far each test is from coming out otherwise: in facilities where they can be counted, else in its unit."""
    words, lang = story.words["overturn"], story.lang
    facts = []
    for place, (one, test) in enumerate(tests, start=1):
        if not pd.isna(one["overturn"]):
            facts.append(words["facilities"].format(
                number=place, facilities=in_words(int(one["overturn"]), lang), n=number(one["n"], lang)))  # fmt: skip
        elif test.threshold is not None and one["n"] and not pd.isna(one["ci_low"]):
            end = one["ci_low"] if kind_of(test).direction == ABOVE else one["ci_high"]
            distance = shown(story, abs(end - test.threshold), test)
            facts.append(words["distance"].format(number=place, distance=distance))
    if not facts:
        return ""
    sentence = listed(facts, lang)
    return f"{words['lead']} {capital(sentence)}."


def _on_test(story, row: dict, test: FindingTest, round_: str) -> str:
    """What the test asks, what was found, and the same without those who do not know, where they count."""
    parts = [_asked(story, row, test), sentence_on(story, row, test, round_)]
    if row["n"] and not pd.isna(row.get("known_estimate")):
        parts.append(story.words["findings"]["known"].format(
            estimate=percent(row["known_estimate"], story.lang), interval=interval(row["known_low"], row["known_high"], story.lang),
            n=number(int(row["known_n"]), story.lang)))  # fmt: skip
    return f"- {' '.join(parts)}"


def of_those_who_know(story, row: dict, test: FindingTest) -> list[str]:
    """For a share that must be small, where a don't know must not pass for a no: the share among those that know."""
    known_n = row.get("known_n", math.nan)
    if kind_of(test).direction != BELOW or not 0 <= known_n < row["n"]:
        return []
    words, lang = story.words["findings"], story.lang
    if not known_n:
        return [words["nobody_knows"]]
    share = share_or_count(row["known_estimate"], int(known_n), lang)
    return [words["known_short"].format(estimate=share, n=number(known_n, lang))]


def _asked(story, row: dict, test: FindingTest) -> str:
    """What the test asks of the claim, and whether it passed."""
    words, why = story.words["findings"]["asked"], test.why
    return words["hidden" if is_hidden(row) else "passed" if row["passed"] else "failed"].format(
        why=escape_markdown(why if isinstance(why, str) else why[story.lang])
    )


def sentence_on(story, row: dict, test: FindingTest, round_: str) -> str:
    """One sentence a test: what was found, and no more than its interval says."""
    sentences, lang, n = story.words["sentences"], story.lang, int(row["n"])
    if is_hidden(row):
        return sentences["confidential"]
    if n and measure_of(test) == "rises" and pd.isna(row["estimate"]):
        return sentences["rises_nobody"].format(n=number(n, lang))
    if not n or pd.isna(row["estimate"]):
        return sentences["nothing"]
    if pd.isna(row["ci_low"]):
        return sentences["single" if n == 1 else "no_interval"]
    measure, facts = measure_of(test), _facts(story, test, round_) | {"n": number(n, lang)}
    estimate, low, high = row["estimate"], row["ci_low"], row["ci_high"]
    if measure in SHARES:
        how, share, range_ = share_of(estimate, low, high, n, lang)
        return capital(sentences[measure][how].format(share=share, interval=range_, **facts))
    if measure == "rises":
        return _rises(sentences, estimate, low, high, int(row["changers"]), lang)
    if measure == "ratio":
        return _ratio(sentences, estimate, low, high, facts, lang)
    # A level has one sentence; a change has one for each direction.
    if measure in sentences:
        return sentences[measure].format(
            **dict(zip(("estimate", "low", "high"), _in_unit_rounded(story, row, test, round_), strict=True)), **facts
        )
    way = direction(low, high)
    ends = (estimate, low, high)
    if way == "down":
        ends = (-estimate, -high, -low)
    shown = _in_unit_rounded(story, dict(zip(("estimate", "ci_low", "ci_high"), ends, strict=True)), test, round_)
    return sentences[f"{measure}_{way}"].format(**dict(zip(("estimate", "low", "high"), shown, strict=True)), **facts)


def _rises(sentences: dict, estimate: float, low: float, high: float, n: int, lang: str) -> str:
    rises = round(estimate * n)
    if n == 1:
        return sentences["rises_one"].format(which=sentences["which"]["up" if rises else "down"])
    told = [in_words(one, lang) if n <= WORDS else number(one, lang) for one in (rises, n - rises)]
    shown = [word if one else none(lang) for one, word in zip((rises, n - rises), told, strict=True)]
    verdict = sentences["balance"][direction(low, high, 0.5)]
    return sentences["rises"].format(n=number(n, lang), rises=shown[0], falls=shown[1], verdict=verdict)


def _ratio(sentences: dict, estimate: float, low: float, high: float, facts: dict[str, str], lang: str) -> str:
    """A ratio as a change in per cent, which is how people say it."""
    way = direction(low, high, 1.0)
    digits = max(0, min(1, digits_for(100 * low, 100 * high)))
    ends = {"up": (estimate - 1, low - 1, high - 1), "down": (1 - estimate, 1 - high, 1 - low)}.get(
        way, (0.0, 1 - low, high - 1)
    )
    shown = dict(zip(("estimate", "low", "high"), (percent(one, lang, digits) for one in ends), strict=True))
    return sentences[f"ratio_{way}"].format(**facts | shown)


def _in_unit_rounded(story, row: dict, test: FindingTest, round_: str) -> tuple[str, str, str]:
    """Estimate and ends of its interval, with the digits that the interval leaves them, the estimate with its unit."""
    lang = story.lang
    share = _of_shares(test)
    scale = 100 if share else 1
    low, high = scale * row["ci_low"], scale * row["ci_high"]
    digits = max(0, min(1, digits_for(low, high)))
    # As many digits as the ends of its interval have: figures and tables give the same number.
    estimate = number(scale * row["estimate"], lang, digits)
    question = test.now or test.question
    of_percents = bool(question) and story.forms[round_][question].unit == "%" and measure_of(test) != "median"
    if share or of_percents:
        estimate = story.words["sentences"]["points"].format(estimate)
    return estimate, number(low, lang, digits), number(high, lang, digits)


def _test_in_words(story, test: FindingTest, round_: str) -> str:
    return story.words["tests"][test.test].format(**_facts(story, test, round_))


def _facts(story, test: FindingTest, round_: str) -> dict[str, str]:
    """What the sentences of a test may name."""
    form, lang = story.forms[round_], story.lang
    names = (
        "threshold",
        "question",
        "categories",
        "now",
        "then",
        "theme",
        "alpha",
        "since",
        "group",
        "against",
        "series",
        "from",
        "to",
        "services",
    )
    facts = dict.fromkeys(names, "")
    for key in ("question", "now", "then"):
        if getattr(test, key):
            facts[key] = escape_markdown(form[getattr(test, key)].label(lang))
    words = story.words["sentences"]
    own = story.study.names
    facts["what"] = f" {counts}" if (counts := own.get("counted", {}).get(test.now)) else ""
    facts["figure"] = own.get("averaged", {}).get(test.now, words["any_figure"])
    if test.categories is not None:
        labels = [within(form[test.question].choice(code).label(lang), lang) for code in test.categories]
        facts["categories"] = _either(story, labels)
    elif test.question:
        facts["categories"] = story.words["tests"]["its_mean"]
    facts["threshold"] = shown(story, kind_of(test).threshold_of(test), test)
    if test.theme:
        facts["theme"] = escape_markdown(_theme_label(story, test, round_))
        facts["alpha"] = number(test.min_alpha, lang, 3)
    if test.since:
        facts["since"] = escape_markdown(story.config.rounds[test.since].title[lang])
    for key in ("group", "against"):
        if getattr(test, key):
            facts[key] = _either(story, [_group_label(story, form, test.by, code) for code in getattr(test, key)])  # type: ignore[arg-type]  # `project.test_kinds` wants `by` wherever `group` and `against` are
    if test.series:
        found = story.series[story.series["series"] == test.series]
        facts["series"] = escape_markdown(found[f"label_{lang}"].iloc[0])
        facts |= {"from": str(test.from_), "to": str(test.to)}
    return facts


def _group_label(story, form, by: str, code: str) -> str:
    if by == "mode":
        return story.words["sensitivity"]["modes"][code]
    if by == "service":
        return within(story.service_label(code), story.lang)
    return within(form[by].choice(code).label(story.lang), story.lang)


def _either(story, labels: list[str]) -> str:
    each = [quoted(escape_markdown(label), story.lang) for label in labels]
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} {story.words['or']} {each[-1]}"


def _theme_label(story, test: FindingTest, round_: str) -> str:
    book = read_themes(story.root / story.config.rounds[round_].coding.themes)
    found = book[(book["question"] == test.question) & (book["theme"] == test.theme)]
    return within(str(found[f"label_{story.lang}"].iloc[0]), story.lang)


def in_unit(story, row: dict, test: FindingTest) -> tuple[str, str]:
    """Estimate and interval as a reader reads them: shares in per cent, their changes in percentage points, else numbers."""
    lang, measure = story.lang, measure_of(test)
    if measure in (*SHARES, "rises"):
        n = row["changers"] if measure == "rises" else row["n"]
        return share_or_count(row["estimate"], n, lang), interval(row["ci_low"], row["ci_high"], lang)
    if pd.isna(row["ci_low"]):
        return shown(story, row["estimate"], test), "–"
    low, high = (shown(story, row[key], test) for key in ("ci_low", "ci_high"))
    return shown(story, row["estimate"], test), between(low, high, lang)


def shown(story, value: float, test: FindingTest) -> str:
    """A number in the unit of the test's estimates."""
    measure = measure_of(test)
    if measure in SHARES:
        return percent(value, story.lang)
    if _of_shares(test):
        return number(100 * value, story.lang, 1)
    return number(value, story.lang, 2 if measure == "ratio" else 1)


def _of_shares(test: FindingTest) -> bool:
    """Whether the test measures a difference of shares, which are printed in percentage points."""
    return measure_of(test) == "net" or (measure_of(test) in ("change", "difference") and test.categories is not None)


def _p(value: float, lang: str) -> str:
    if pd.isna(value):
        return "–"
    return f"\\< {number(LEAST_P, lang, 3)}" if value < LEAST_P else number(value, lang, 3)
