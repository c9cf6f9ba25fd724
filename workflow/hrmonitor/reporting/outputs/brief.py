"""The findings in short, as plain data: for the two pages for policy officers and for the slides of a talk.

A number comes with a sentence that holds whatever the verdict; the verdict stands beside it in words of its own.
"""

from __future__ import annotations

from hrmonitor.declarations.csv_files import read_figure_data
from hrmonitor.figures.captions import headline_of
from hrmonitor.findings.confidential import is_hidden
from hrmonitor.findings.verdicts import measure_of
from hrmonitor.language import FEW, capital, interval, join, number, percent
from hrmonitor.project.config import Finding
from hrmonitor.project.keys import plain
from hrmonitor.reporting.chapters.answers import key_of, plain_words
from hrmonitor.reporting.chapters.findings import of_those_who_know, sentence_on, tests_passed
from hrmonitor.reporting.markdown import in_words
from hrmonitor.reporting.registered import since
from hrmonitor.reporting.story import Story
from hrmonitor.reporting.study_texts import facts


def policy_summary(story: Story) -> dict:
    """What `templates/summary.typ` sets: title, what was asked, a card a finding, what it means, how sure we are."""
    words, known = story.words["policy_summary"], _facts(story)
    cards = _cards(story)
    verdicts = [story.words["verdicts_plural"][name] for name in {card["verdict"]: None for card in cards}]
    supported = [card for card in cards if card["verdict"] == "supported"]
    steps = (story.study.of_finding(card["name"], "next step in the summary") for card in supported)
    meaning = [step.paragraphs[0] for step in steps if step]
    if not cards:
        means, after = "", ""
    elif not supported:
        means, after = words["means_none"], ""
    else:
        means, after = (
            (words["means"][story.mood] if meaning else ""),
            (words["means_rest"] if len(supported) < len(cards) else ""),
        )
    return {
        **_frame(story),
        "words": words,
        "synthetic": _one(story, "rehearsal in the summary", words["synthetic"]) if story.config.synthetic else "",
        "mark": story.words["slides"]["synthetic"] if story.config.synthetic else "",
        "asked": _said(_asked(story), known, words["without"][story.mood]),
        "outcome": _outcome(story, verdicts, known),
        "cards": cards,
        "means": means,
        "meaning": meaning,
        "means_after": after,
        # How firm the verdicts are stands before what the answers cannot show.
        "sure": [
            _in_mood(story, sentence).format(**known)
            for sentence in (*words["sure"][:-1], *([words["sure_claims"]] if cards else []), words["sure"][-1])
        ],
    }


def slides(story: Story) -> dict:
    """What `templates/slides.typ` and `deck` set: title, method, one slide a finding with its figure, limits."""
    words, known = story.words["slides"], _facts(story)
    findings = "verdicts" in known
    talk = (_one(story, "title of the talk", words["talk"]) if findings else words["talk_none"]).format(**known)
    return {
        **_frame(story),
        "talk": capital(talk),
        "synthetic": words["synthetic"] if story.config.synthetic else "",
        "note": _one(story, "rehearsal on the slides", words["note"]) if story.config.synthetic else "",
        "method_title": words["method_title"],
        "method": _said(
            [
                _in_mood(story, one)
                for one in (words["method"] if findings else [words["method"][0], words["method_none"]])
            ],
            known,
            words["without"][story.mood],
        ),
        "findings": [{**card, "figure": _figure(story, card["name"])} for card in _cards(story)],
        "overview_title": capital(words["overview_title"].format(**known)) if findings else "",
        "overview_columns": words["overview_columns"],
        "overview": _overview(story),
        "notes_title": words["notes_title"],
        "closing_title": words["closing_title"],
        "closing": [
            sentence.format(title=story.config.report.title[story.lang], lang=story.lang)
            for sentence in words["closing"]
        ],
        "limits_title": words["limits_title"],
        "limits": [
            _in_mood(story, sentence).format(**known)
            for sentence in (*words["limits"], *_own(story, "limits on the slides"), *words["next"])
        ],
    }


def _overview(story: Story) -> list[dict[str, str]]:
    """A line a finding: number, claim, verdict, and how many of its tests passed."""
    lang, rows = story.lang, []
    for place, (name, group) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        verdict = group["verdict"].iloc[0]
        rows.append({
            "number": number(place, lang), "statement": story.config.findings[name].statement[lang], "verdict": verdict,
            "verdict_short": story.words["verdicts"][verdict],
            "tests": story.words["figures"]["n_of"].format(n=number(group["passed"].sum(), lang), total=number(len(group), lang)),
        })  # fmt: skip
    return rows


def _said(sentences: list[str], facts: dict[str, str], without: dict[str, str]) -> list[str]:
    """The sentences with their facts; one that names a fact which this survey does not have gives way to that in `without`, or to none."""
    told = []
    for sentence in sentences:
        missing = next((name for name in without if name not in facts and f"{{{name}}}" in sentence), None)
        told.append(sentence if missing is None else without[missing])
    return [sentence.format(**facts) for sentence in told if sentence]


def _in_mood(story: Story, sentence: str | dict[str, str]) -> str:
    """The sentence; of one that reads otherwise where answers are made up, that form."""
    return sentence if isinstance(sentence, str) else sentence[story.mood]


def _outcome(story: Story, verdicts: list[str], facts: dict[str, str]) -> str:
    """How the findings fared: all alike, how many of each, or that there are none."""
    words = story.words["policy_summary"]
    if not verdicts:
        return words["outcome_none"]
    return words["outcome_all" if len(verdicts) == 1 else "outcome"][story.mood].format(verdict=verdicts[0], **facts)


def _frame(story: Story) -> dict:
    report = story.config.report
    return {
        "lang": story.lang,
        "title": report.title[story.lang],
        "subtitle": report.subtitle[story.lang],
        "authors": report.authors,
        "year": max(round_.year for round_ in story.config.rounds.values()),
    }


def _facts(story: Story) -> dict[str, str]:
    """What the sentences may name: those approached where contacts were noted, findings where there are any."""
    counts = story.findings.drop_duplicates("finding")["verdict"].value_counts()
    of = story.words["figures"]["of_verdict"]
    verdicts = [
        of.format(n=in_words(n, story.lang), verdict=story.words["verdicts_plural"][name]) for name, n in counts.items()
    ]
    known = facts(story)
    if day := since(story):
        known["registered"] = day
    if verdicts:
        known["verdicts"] = join(verdicts, story.lang)
    return known


def _own(story: Story, name: str) -> list[str]:
    """The paragraphs of the study's section, or the items where it is a list; none where it has no such section."""
    section = story.study.report.get(name)
    return (section.items if section.text.startswith("- ") else section.paragraphs) if section else []


def _one(story: Story, name: str, otherwise: str) -> str:
    """The study's sentence, or the engine's where the study has none."""
    return next(iter(_own(story, name)), otherwise)


def _asked(story: Story) -> list[str]:
    """What was asked, in the study's words where it has them, else in the engine's; then since when the tests are on record."""
    sentences = story.words["policy_summary"]["asked"][story.mood]
    own = _own(story, "asked in a rehearsal" if story.config.synthetic else "asked")
    return [*own, sentences[-1]] if own else sentences


def _cards(story: Story) -> list[dict]:
    words, lang = story.words["policy_summary"], story.lang
    cards = []
    for place, (name, group) in enumerate(story.findings.groupby("finding", sort=False), start=1):
        first, config = group.iloc[0], story.config.findings[name]
        numbers = _numbers(story, group.to_dict("records"), config)
        claim = story.study.of_finding(name, "in the summary")
        cards.append({
            "name": name,
            "number": words["claim"].format(number=place),
            "heading": story.words["slides"]["finding"].format(number=place),
            "statement": config.statement[lang],
            "claim": claim.paragraphs[0] if claim else config.statement[lang],
            "verdict": first["verdict"],
            "verdict_short": story.words["verdicts"][first["verdict"]],
            "verdict_words": f"{words['verdicts'][first['verdict']]} {words['strengths'][first['strength']]}".strip(),
            "tests": tests_passed(story, int(group["passed"].sum()), len(group)),
            "numbers": numbers,
        })  # fmt: skip
    return cards


def _numbers(story: Story, rows: list[dict], config: Finding) -> list[dict[str, str]]:
    """Shares with a sentence in plain words; for a finding that has none, or of few facilities, the report's sentence on its first test."""
    words, lang = story.words, story.lang
    plain = plain_words(story, " in the summary")
    found: dict[int, dict] = {}
    for place, (row, test) in enumerate(zip(rows, config.tests, strict=True)):
        sentence, measure = plain.get(key_of(test)), measure_of(test)
        # Of rises against falls the share is of those that report either.
        n = row["changers"] if measure == "rises" else row["n"]
        if sentence and measure in ("share", "rises") and n >= FEW and not is_hidden(row):
            shown = percent(row["estimate"], lang)
            facts = {
                "estimate": shown,
                "sentence": sentence.rstrip("."),
                "interval": interval(row["ci_low"], row["ci_high"], lang),
                "n": number(n, lang),
                "confidence": percent(story.config.confidence, lang),
            }
            short = words["policy_summary"]
            small = [short["margin"].format(**facts), short["answers"].format(**facts)]
            # A census has no interval.
            small = small if row["ci_low"] < row["ci_high"] else small[1:]
            sentence = " ".join([sentence, *of_those_who_know(story, row, test)])
            found[place] = {
                "estimate": shown,
                "sentence": sentence,
                "small": small,
                "full": words["slides"]["number"].format(**facts) + ".",
            }
    decisive = _decisive(rows, config)
    first = min(found, default=0) if decisive is None else decisive
    # What contradicts a finding is said in full: how many facilities report a rise, and how many a fall.
    if first not in found or (decisive is not None and measure_of(config.tests[first]) == "rises"):
        told = sentence_on(story, rows[first], config.tests[first], config.round).replace("\\", "")
        found[first] = {"estimate": "", "sentence": told, "small": [], "full": told}
    return [found.pop(first), *found.values()]


def _decisive(rows: list[dict], config: Finding) -> int | None:
    """The place of the test by which a finding is contradicted: its number is the one to show."""
    failed = [place for place, row in enumerate(rows) if not row["passed"] and config.tests[place].necessary]
    return failed[0] if rows[0]["verdict"] == "contradicted" and failed else None


def _figure(story: Story, name: str) -> dict | None:
    """The figure about a question that the finding's tests ask, else the first of its section."""
    chosen = story.main_figure(name)
    if chosen is None:
        return None
    # Draws with matplotlib's colours, which the summary has no need of.
    from hrmonitor.reporting.outputs.charts import chart_of

    folder, options = story.results / "figures", story.config.figures[chosen]
    file = folder / f"{chosen}_{story.lang}"
    table = read_figure_data(options.kind, folder / f"{chosen}.csv")
    return {
        "file": file.relative_to(story.root).as_posix(),
        "title": headline_of(folder, chosen, story.lang),
        "topic": options.title[story.lang],
        "alt": file.with_suffix(".alt.txt").read_text(encoding="utf-8").strip(),
        "facts": file.with_suffix(".long.txt").read_text(encoding="utf-8").splitlines(),
        "chart": chart_of(options.kind, table, plain(options), story.lang),
    }
