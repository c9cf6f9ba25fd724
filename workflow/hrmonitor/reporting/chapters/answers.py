"""The findings one by one, as people read them: what was found, by whom, what published figures say, and what cannot be told.

A headline holds whatever the verdict; the verdict stands below it in words of its own. A sentence says no more than its test can carry.
"""

from __future__ import annotations

import pandas as pd

from hrmonitor.findings.verdicts import measure_of
from hrmonitor.language import FEW, capital, count_of, escape_markdown, in_fraction, join, listed, share_or_count
from hrmonitor.project.config import FindingTest
from hrmonitor.project.result_fields import FIELD
from hrmonitor.reporting.chapters import beside, groups
from hrmonitor.reporting.chapters.findings import of_those_who_know, sentence_on, tests_passed
from hrmonitor.reporting.markdown import counted, in_words, none, who
from hrmonitor.reporting.study_texts import filled, line, replaced
from hrmonitor.study import within

# In a sentence on a share, who gave the answer.
WHO = "{who}"


def chapter(story) -> str:
    """A chapter a finding, in their order; nothing where there are none."""
    groups = story.findings.groupby("finding", sort=False)
    return story._join([_finding(story, place, name, group) for place, (name, group) in enumerate(groups, start=1)])


def headline(story, name: str, group: pd.DataFrame) -> str:
    """What was found, in one line that is true under any verdict; the claim itself where no words or numbers are at hand."""
    section = story.study.of_finding(name, "headline")
    facts = _headline_facts(story, group, story.config.findings[name].tests)
    told = replaced(section.paragraphs[0], lambda field: facts.get((field.what, field.number))) if section else ""
    # A number that the headline names could not be had where a brace is left.
    return _statement(story, name) if not told or FIELD.search(told) else capital(told)


def share_in_words(story, test: FindingTest, share: float, low: float, high: float, n: int) -> str:
    """The sentence on a share, by its question and answers, without what is said of it once; empty where none was written."""
    template, more, _ = plain_words(story).get(key_of(test), "").partition(". ")
    return capital(f"{template}{more.rstrip()}".replace(WHO, who(share, low, high, n, story.lang)))


def plain_words(story, end: str = "") -> dict[str, str]:
    """What the share of a test says in plain words, by its question and answers: the parts `test 1`, … of findings.md. `end` is that of
    their names."""
    return {
        key_of(test): section.paragraphs[0]
        for name, finding in story.config.findings.items()
        for place, test in enumerate(finding.tests, start=1)
        if (section := story.study.of_finding(name, f"test {place}{end}"))
    }


def key_of(test: FindingTest) -> str:
    return f"{test.question}: {', '.join(test.categories)}" if test.categories else str(test.question)


def by_service(story, test: FindingTest, round_: str) -> dict[str, tuple[float, float, float, int]]:
    """Type of service -> share, interval and number of answers, largest share first; without types of which a part is hidden.

    Shares of several answers to one question are added up, which has no interval; of a question with several answers that may be
    ticked at once nothing can be added.
    """
    form, table = story.forms[round_], story.indicators
    question = form[test.question]
    if question.kind != "select_one" and len(test.categories or ()) > 1:
        return {}
    own = table[
        (table["round"] == round_) & (table["indicator"] == question.indicator) & (table["statistic"] == "share")
    ]
    own = own[own["category"].isin(list(test.categories or ())) & (own["service"] != "all")]
    found = {}
    for service, rows in own.groupby("service", sort=False):
        if len(rows) == len(test.categories or ()) and not rows["suppressed"].any() and rows["estimate"].notna().all():
            low, high = rows.iloc[0][["ci_low", "ci_high"]] if len(rows) == 1 else (float("nan"), float("nan"))
            found[str(service)] = (float(rows["estimate"].sum()), low, high, int(rows["n"].iloc[0]))
    return dict(sorted(found.items(), key=lambda item: -item[1][0]))


def _finding(story, place: int, name: str, group: pd.DataFrame) -> str:
    words, config = story.words["spread"], story.config.findings[name]
    tests = list(zip(group.to_dict("records"), config.tests, strict=True))
    figure = story.main_figure(name)
    first = group.iloc[0]
    verdict = words["verdict"].format(
        verdict=story.words["verdicts"][first["verdict"]], strength=words["strengths"][first["strength"]],
        tests=tests_passed(story, int(group["passed"].sum()), len(group)))  # fmt: skip
    return story._join([
        "::: {.spread}",
        f"# {place}. {headline(story, name, group)} {{#sec-{name.replace('_', '-')}}}",
        f"::: {{.claim}}\n{words['claim'].format(statement=_statement(story, name))}\\\n{verdict}\n:::",
        groups.whose(story, config.round),
        _read(story, tests, config.round, first["verdict"], figure),
        story.figure(figure) if figure else "",
        _reason(story, config.reason),
        beside.box(story, name),
        _policy(story, name, first["verdict"]),
        f"**{words['cannot_title']}.** {line(story, story.study.of_finding(name, 'cannot tell'), config.round) or words['cannot_any']}",
        ":::",
    ])  # fmt: skip


def _read(story, tests: list[tuple[dict, FindingTest]], round_: str, verdict: str, figure: str | None) -> str:
    """What the answers say: a sentence a test, the first share by type of service too; the figure is called."""
    words, lang = story.words["spread"], story.lang
    passed = tests_passed(story, sum(bool(row["passed"]) for row, _ in tests), len(tests))
    told = [words["because"][story.mood][verdict].format(tests_passed=passed)]
    split = False
    for row, test in tests:
        told += [_plain(story, row, test, round_), *of_those_who_know(story, row, test)]
        if measure_of(test) == "share" and not split:
            each = [_at(story, service, one) for service, one in by_service(story, test, round_).items()]
            split = len(each) > 1
            told += [words["by_service"].format(list=listed(each, lang))] if split else []
    # Two tests may hold one number against two thresholds, which the text says once.
    told = list(dict.fromkeys(told))
    if figure:
        told.append(words["figure"].format(figure=f"@{story.figure_id(figure)}"))
    return _sentences(told)


def _at(story, service: str, one: tuple[float, float, float, int]) -> str:
    return f"{within(story.service_label(service), story.lang)} {share_or_count(one[0], one[3], story.lang)}"


def _plain(story, row: dict, test: FindingTest, round_: str) -> str:
    """A test in plain words where they were written for its question, else in the words for its kind."""
    known = row["n"] and not pd.isna(row["estimate"]) and not pd.isna(row["ci_low"])
    if measure_of(test) == "share" and known:
        plain = plain_words(story).get(key_of(test))
        if plain:
            return plain.replace(WHO, who(row["estimate"], row["ci_low"], row["ci_high"], int(row["n"]), story.lang))
    return sentence_on(story, row, test, round_)


def _sentences(told: list[str]) -> str:
    """Sentences one after the other, each with a capital; one that is told in parts, as those of several reasons, goes on."""
    ended = [True, *(part.endswith((".", ":", "!", "?")) for part in told)]
    return " ".join(capital(part) if new else part for part, new in zip(told, ended, strict=False))


def _headline_facts(story, group: pd.DataFrame, tests: tuple[FindingTest, ...]) -> dict[tuple[str, int], str]:
    """(what, number of the test) -> what a brace of a headline stands for."""
    facts, lang = {}, story.lang
    for place, (row, test) in enumerate(zip(group.to_dict("records"), tests, strict=True), start=1):
        if not row["n"] or pd.isna(row["estimate"]):
            continue
        if measure_of(test) in ("share", "theme"):
            share, n = float(row["estimate"]), int(row["n"])
            few = n < FEW and count_of(share, n) is not None
            facts["in_words", place] = share_or_count(share, n, lang) if few else in_fraction(share, lang)
        elif measure_of(test) == "rises":
            rises = round(row["estimate"] * row["changers"])
            falls = int(row["changers"]) - rises
            facts["rises", place] = counted(rises, "facilities", lang)
            facts["falls", place] = in_words(falls, lang) if falls else none(lang)
    return facts


def _statement(story, name: str) -> str:
    return escape_markdown(story.config.findings[name].statement[story.lang])


def _reason(story, reason: str | dict) -> str:
    told = reason if isinstance(reason, str) else reason[story.lang]
    return story.words["spread"]["reason"].format(reason=escape_markdown(told)) if told.strip() else ""


def _policy(story, name: str, verdict: str) -> str:
    """Next steps only where the finding is supported; else what its verdict allows."""
    words = story.words["spread"]
    told = f"**{words['policy_title']}.** {words['policy'][story.mood][verdict]}"
    section = story.study.of_finding(name, "next steps")
    if verdict != "supported":
        return told
    steps = [f"- {filled(story, step, story.config.findings[name].round)}" for step in section.items] if section else []
    return story._join([told, "\n".join(steps)]) if steps else ""


def firmness(story) -> str:
    """What the strengths that occur mean, and where the repetitions are."""
    words, found = story.words["spread"]["firmness"], set(story.findings["strength"])
    told = [words[name] for name in ("strong", "moderate", "weak") if name in found]
    return " ".join([*told, words["see"].format(annex=story.link("sensitivity"))]) if told else ""


def verdicts(story) -> str:
    """How the findings fared, in one sentence: all alike, or how many of each."""
    counts = story.findings.drop_duplicates("finding")["verdict"].value_counts()
    told, words, lang = story.words["verdicts_plural"], story.words["front"]["facts"], story.lang
    n = int(counts.sum())
    if len(counts) == 1:
        every = (
            story.words["counting"]["all_findings"].format(in_words(n, lang))
            if n > 1
            else story.words["counting"]["one_finding"]
        )
        return words["all_alike"][story.mood].format(All=capital(every), every=every, verdict=told[counts.index[0]])
    of = story.words["figures"]["of_verdict"]
    parts = [of.format(n=in_words(counts[name], lang), verdict=told[name]) for name in told if name in counts]
    return words["mixed"][story.mood].format(n=in_words(n, lang), verdicts=join(parts, lang))
