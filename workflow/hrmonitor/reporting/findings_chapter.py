"""A section a finding: the claim, the verdict and how far it holds, each test, what would overturn it, sensitivity, figures."""

from __future__ import annotations

import pandas as pd

from hrmonitor.findings import measure_of, telling
from hrmonitor.language import escape_markdown, interval, join, number, percent

# Tests whose thresholds and estimates are shares of facilities; those of the rest are numbers in the question's unit.
SHARES = ("share", "theme")
# The smallest p value that is written out.
LEAST_P = 0.001


def chapter(story) -> str:
    words = story.words["findings"]
    parts = [story._heading(words["title"], "findings"), words["intro"]]
    for place, (name, group) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        parts.append(_finding(story, place, name, group))
    return story._join(parts)


def _finding(story, place: int, name: str, group: pd.DataFrame) -> str:
    words, lang = story.words["findings"], story.lang
    config = story.config["findings"][name]
    statement = escape_markdown(config["statement"][lang])
    label = name.replace("_", "-")
    tests = list(zip(group.to_dict("records"), config["tests"], strict=True))
    rows = [
        [
            f"**{row}** {_test_in_words(story, test, config['round'])}",
            *_in_unit(story, one, test),
            number(one["n"], lang),
            _p(one["p_holm"], lang),
            words["passed"] if one["passed"] else words["failed"],
        ]
        for row, (one, test) in enumerate(tests, start=1)
    ]
    caption = words["caption"].format(number=place)
    return story._join([
        f"## {words['heading'].format(number=place)}: {words['short'].get(name, statement)} {{#sec-{label}}}",
        f"::: {{.claim}}\n{statement}\n:::",
        _verdict(story, group),
        story._table(words["columns"], rows, [46, 12, 16, 6, 9, 11], caption, f"tbl-{label}", "lrrrrl"),
        " ".join(_sentence(story, one, test, config["round"]) for one, test in tests),
        _overturn(story, tests),
        _sensitivity(story, name),
        story._figures(name),
    ])  # fmt: skip


def _verdict(story, group: pd.DataFrame) -> str:
    """The verdict with what it rests on: tests passed, facilities, and whether it survives the repetitions."""
    words, lang = story.words["findings"], story.lang
    verdict, least, most = group["verdict"].iloc[0], int(group["n"].min()), int(group["n"].max())
    behind = words["behind_one" if least == most else "behind_range"]
    return " ".join([
        f"**{story.words['verdicts'][verdict]}.**",
        words["because"][verdict].format(
            passed=number(int(group["passed"].sum()), lang), tests=story._plural("tests", len(group)),
            minimum=number(story.config["minimum_facilities"], lang)),
        behind.format(least=number(least, lang), most=number(most, lang)),
        words["strengths"][group["strength"].iloc[0]],
    ]).strip()  # fmt: skip


def _overturn(story, tests: list[tuple[dict, dict]]) -> str:
    """How far each test is from coming out otherwise: in facilities where they can be counted, else in its unit."""
    words, lang = story.words["overturn"], story.lang
    facts = []
    for place, (one, test) in enumerate(tests, start=1):
        if not pd.isna(one["overturn"]):
            facts.append(words["facilities"].format(
                number=place, facilities=story._plural("facilities", int(one["overturn"])), n=number(one["n"], lang)))  # fmt: skip
        elif "threshold" in test and one["n"]:
            end = one["ci_low"] if test["test"].endswith("_above") else one["ci_high"]
            distance = _shown(story, abs(end - test["threshold"]), test)
            facts.append(words["distance"].format(number=place, distance=distance))
    if not facts:
        return ""
    sentence = "; ".join(facts)
    return f"{words['lead']} {sentence[0].upper()}{sentence[1:]}."


def _sensitivity(story, name: str) -> str:
    """Which verdicts survive leaving out a mode or a large organisation, and the worst case."""
    words, lang = story.words["sensitivity"], story.lang
    again = story.sensitivity[story.sensitivity["finding"] == name]
    without = again[again["scenario"] != "worst_case"]
    too_few = without[~telling(again)[without.index]]
    without = without.drop(too_few.index)
    sentences = [words["lead"]]
    if len(without) and without["as_before"].all():
        sentences.append(words["same"].format(times=number(len(without), lang)))
    elif len(without):
        cases = [
            words["case"].format(verdict=story.words["verdicts"][row["verdict"]].lower(), **_left_out(story, row))
            for row in without[~without["as_before"]].to_dict("records")
        ]
        sentences.append(words["changed"].format(times=number(len(without), lang), cases=join(cases, lang)))
    sentences += [words["too_few"].format(**_left_out(story, row)) for row in too_few.to_dict("records")]
    worst = again.loc[again["scenario"] == "worst_case", "verdict"].iloc[0]
    if worst != "not_assessable":
        sentences.append(words["worst"].format(verdict=story.words["verdicts"][worst].lower()))
    return " ".join(sentences)


def _left_out(story, row: dict) -> dict[str, str]:
    words = story.words["sensitivity"]
    what = words["modes"].get(row["left_out"], words["organisation"].format(n=row["left_out"]))
    return {"what": what, "left": number(row["facilities"], story.lang)}


def _sentence(story, row: dict, test: dict, round_: str) -> str:
    """One sentence a test: what was found, and no more than that."""
    sentences = story.words["sentences"]
    if not row["n"] or pd.isna(row["estimate"]):
        return sentences["nothing"]
    shown, range_ = _in_unit(story, row, test)
    key = measure_of(test)
    if key in ("paired_change", "change", "difference", "slope"):
        key += "_up" if row["estimate"] >= 0 else "_down"
        shown = shown.lstrip("−")
    return sentences[key].format(
        estimate=shown, interval=range_, n=number(row["n"], story.lang), **_facts(story, test, round_)
    )


def _test_in_words(story, test: dict, round_: str) -> str:
    return story.words["tests"][test["test"]].format(**_facts(story, test, round_))


def _facts(story, test: dict, round_: str) -> dict[str, str]:
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
        if key in test:
            facts[key] = escape_markdown(form[test[key]].label(lang))
    if "categories" in test:
        labels = [form[test["question"]].choice(code).label(lang).lower() for code in test["categories"]]
        facts["categories"] = _either(story, labels)
    elif "question" in test:
        facts["categories"] = story.words["tests"]["its_mean"]
    if "threshold" in test:
        facts["threshold"] = _shown(story, test["threshold"], test)
    if "theme" in test:
        facts["theme"] = escape_markdown(_theme_label(story, test, round_))
        facts["alpha"] = number(test["min_alpha"], lang, 3)
    if "since" in test:
        facts["since"] = escape_markdown(story.config["rounds"][test["since"]]["title"][lang])
    for key in ("group", "against"):
        if key in test:
            facts[key] = _either(story, [_group_label(story, form, test["by"], code) for code in test[key]])
    if "series" in test:
        found = story.series[story.series["series"] == test["series"]]
        facts["series"] = escape_markdown(found[f"label_{lang}"].iloc[0])
        facts |= {"from": str(test["from"]), "to": str(test["to"])}
    return facts


def _group_label(story, form, by: str, code: str) -> str:
    if by == "mode":
        return story.words["sensitivity"]["modes"][code]
    if by == "service":
        return story.words["services"].get(code, code).lower()
    return form[by].choice(code).label(story.lang).lower()


def _either(story, labels: list[str]) -> str:
    quoted = [f"“{escape_markdown(label)}”" for label in labels]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {story.words['or']} {quoted[-1]}"


def _theme_label(story, test: dict, round_: str) -> str:
    book = pd.read_csv(story.root / story.config["rounds"][round_]["coding"]["themes"])
    found = book[(book["question"] == test["question"]) & (book["theme"] == test["theme"])]
    return str(found[f"label_{story.lang}"].iloc[0]).lower()


def _in_unit(story, row: dict, test: dict) -> tuple[str, str]:
    """Estimate and interval as a reader reads them: shares in per cent, their changes in percentage points, else numbers."""
    lang, measure = story.lang, measure_of(test)
    if measure in (*SHARES, "rises"):
        return percent(row["estimate"], lang), interval(row["ci_low"], row["ci_high"], lang)
    low, high = (_shown(story, row[key], test) for key in ("ci_low", "ci_high"))
    return _shown(story, row["estimate"], test), f"{low}–{high}"


def _shown(story, value: float, test: dict) -> str:
    """A number in the unit of the test's estimates."""
    measure = measure_of(test)
    if measure in SHARES:
        return percent(value, story.lang)
    if measure in ("change", "difference") and "categories" in test:
        return number(100 * value, story.lang, 1)
    return number(value, story.lang, 2 if measure == "ratio" else 1)


def _p(value: float, lang: str) -> str:
    if pd.isna(value):
        return "–"
    return f"\\< {number(LEAST_P, lang, 3)}" if value < LEAST_P else number(value, lang, 3)
