"""Data quality for people: what cleaning changed and why, second submissions, values nobody could read.

`chapter` is about all questions together; what follows it has every question.
"""

from __future__ import annotations

import re

import pandas as pd

from hrmonitor.cleaning import submissions_of
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.language import escape_markdown, join, listed, number, percent, quoted
from hrmonitor.reporting.chapters.codebook import questionnaire
from hrmonitor.reporting.markdown import counted, in_words

# Why a value was taken out or could not be read.
UNREAD = ("not_understood", "constraint", "unknown_option")
# Raw answers that can hold no name and no phone number.
BARE = re.compile(r"[\d\s.,:%/+−-]{1,6}")
SEVERITIES = ("info", "changed", "flag", "removed")


def chapter(story) -> str:
    words = story.words["quality"]
    return story._join([
        story._heading(words["title"], "quality"), words["intro"], *_per_round(story, words),
        # The table first: it can be broken over pages and fills the rest of one, which the figure, taller than most, would leave empty.
        _rules(story, words), story._figures("quality"),
        f"## {words['duplicates']['title']}", *_duplicates(story, words["duplicates"]),
        f"## {words['unread']['title']}", _unread(story, words["unread"]),
    ])  # fmt: skip


def every_question(story) -> str:
    """Every question with what is missing and what was changed, and the questionnaires of other rounds in full."""
    words = story.words["quality"]
    parts = [f"# {words['completeness']['title']} {{#sec-completeness}}", words["completeness"]["intro"]]
    parts += [_completeness(story, words["completeness"], round_) for round_ in story.config.rounds]
    lines = [_lines(story, words["lines"], round_) for round_ in story.config.rounds]
    if any(lines):
        parts += [f"# {words['lines']['title']} {{#sec-lines}}", words["lines"]["intro"], *lines]
    return story._join(parts)


def other_questionnaires(story) -> str:
    """The questionnaires that the codebook does not have in full."""
    words, parts = story.words["quality"], []
    for round_ in story.config.rounds:
        if round_ != story.latest:
            parts.append(
                f"# {words['questionnaire'].format(round=_title(story, round_))} {{#sec-questionnaire-{_slug(round_)}}}"
            )
            parts += questionnaire(story, round_, f"book-{_slug(round_)}")
    return story._join(parts)


def _audit(story, round_: str) -> pd.DataFrame:
    return read_table("audit", story.results / round_ / "audit.csv")


def _title(story, round_: str) -> str:
    return escape_markdown(story.config.rounds[round_].title[story.lang])


def _slug(round_: str) -> str:
    return round_.lower().replace("_", "-")


def _name(table: str, round_: str) -> str:
    return f"tbl-{table}-{_slug(round_)}"


# --- what cleaning did -----------------------------------------------------------------------------------------


def _per_round(story, words: dict) -> list[str]:
    """A sentence a round: how many lines the audit trail has, of which kinds. Kinds without a line are not named."""
    told = []
    for round_ in story.config.rounds:
        counts = _audit(story, round_)["severity"].value_counts()
        parts = [
            words["severities"][name][int(counts[name] != 1)].format(number(counts[name], story.lang))
            for name in SEVERITIES
            if name in counts
        ]
        total = int(counts.sum())
        told.append(words["sentence" if parts else "nothing"].format(
            round=_title(story, round_), lines=counted(total, "lines", story.lang), parts=join(parts, story.lang)))  # fmt: skip
    return told


def _rules(story, words: dict) -> str:
    """Each rule that left a line, in words, with its lines by round."""
    counts = {round_: _audit(story, round_)["rule"].value_counts() for round_ in story.config.rounds}
    together = pd.DataFrame(counts).fillna(0).astype("int64")
    together = together.assign(all=together.sum(axis=1)).rename_axis("rule").reset_index()
    together = together.sort_values(["all", "rule"], ascending=[False, True])
    rounds = list(counts)
    rows = [
        [f"**{story.words['figures']['rules'].get(one['rule'], one['rule'])}.** {words['rules'][one['rule']]}",
         *[number(one[round_], story.lang) for round_ in rounds]]
        for one in together.to_dict("records")
    ]  # fmt: skip
    if not rows:
        return ""
    years = [str(story.config.rounds[round_].year) for round_ in rounds]
    return story._table([words["rule"], *years], rows, [80, *[10] * len(rounds)], words["caption"], "tbl-rules",
                        "l" + "r" * len(rounds))  # fmt: skip


# --- second submissions ----------------------------------------------------------------------------------------


def decisions(submissions: pd.DataFrame, responses: pd.DataFrame, answered: pd.DataFrame) -> pd.Series:
    """What decided for each submission set aside as a duplicate, counted: `mode`, `answered` (more answers) or `first`.

    `submissions` is the round's table of that name, `answered` has `source row answered` (`cleaning.submissions_of`).
    """
    place = ["source", "row"]
    modes = responses[["_source", "_row", "_mode"]].set_axis([*place, "mode"], axis=1)
    all_ = submissions.merge(modes, on=place).merge(answered[[*place, "answered"]], on=place)
    kept = all_[all_["status"] == "kept"].set_index("facility_id")[["mode", "answered"]]
    second = all_[all_["status"] == "duplicate"].join(kept.add_suffix("_kept"), on="facility_id")
    why = pd.Series("first", index=second.index)
    why = why.mask(second["answered"] != second["answered_kept"], "answered").mask(
        second["mode"] != second["mode_kept"], "mode"
    )
    return why.value_counts()


def _duplicates(story, words: dict) -> list[str]:
    told = [words["rule"]]
    for round_, form in story.forms.items():
        responses = pd.read_parquet(story.results / round_ / "responses.parquet")
        submissions = read_table("submissions", story.results / round_ / "submissions.csv")
        why = decisions(submissions, responses, submissions_of(responses, form)[0])
        disagree = int((_audit(story, round_)["rule"] == "duplicate_disagrees").sum())
        if why.empty:
            told.append(words["none"].format(round=_title(story, round_)))
            continue
        parts = [
            words["decided"][name].format(in_words(why[name], story.lang)) for name in words["decided"] if name in why
        ]
        if len(why) == 1:
            # One reason is that of all: their number stands before it already.
            parts = [words["decided"][why.index[0]].format("").strip()]
        told.append(words["some"].format(round=_title(story, round_), n=counted(int(why.sum()), "submissions", story.lang),
                                         why=join(parts, story.lang)))  # fmt: skip
        if disagree:
            told[-1] += " " + words["disagree"].format(counted(disagree, "answers", story.lang))
    return told


# --- values that nobody could read -----------------------------------------------------------------------------


def _unread(story, words: dict) -> str:
    rows, least = [], story.config.disclosure.minimum_cell
    for round_, form in story.forms.items():
        audit = _audit(story, round_)
        audit = audit[audit["rule"].isin(UNREAD) & audit["question"].isin(list(form.questions))]
        for (question, rule), lines in audit.groupby(["question", "rule"], sort=False):
            shown = [quoted(one, story.lang) for one in _raw(lines["raw"], form[question], least)]
            rows.append([
                escape_markdown(form[question].label(story.lang)), str(story.config.rounds[round_].year),
                story.words["figures"]["rules"].get(rule, rule), listed(shown, story.lang) or words["not_shown"], number(len(lines), story.lang),
            ])  # fmt: skip
    if not rows:
        return words["none"]
    return story._join([words["intro"], story._table(words["columns"], rows, [40, 8, 24, 20, 8], words["caption"], "tbl-unread", "llllr")])  # fmt: skip


def _raw(raw: pd.Series, question, least: int) -> list[str]:
    """What was written, where it can name nobody: bare numbers, and words that several wrote; never open text."""
    if question.kind == "text" or question.pii:
        return []
    counts = raw[raw != ""].str.strip().value_counts(sort=False)
    return [escape_markdown(value) for value, n in counts.items() if BARE.fullmatch(value) or n >= least]


# --- every question, for the page ------------------------------------------------------------------------------


def _completeness(story, words: dict, round_: str) -> str:
    table = read_table("item_nonresponse", story.results / "item_nonresponse.csv")
    table = table[table["round"] == round_]
    services = list(dict.fromkeys(table["service"]))
    if not services:
        return ""
    table = table[table["service"] == ("all" if "all" in services else services[0])]
    form, rows = story.forms[round_], []
    for question, own in table.groupby("question", sort=False):
        by = own.set_index("reason")
        cells = []
        for reason in ("any", "dont_know", "refused", "no_answer"):
            hidden = reason in by.index and by["suppressed"][reason]
            # Without a number there is a dash.
            cells.append(
                story.words["service_chapter"]["suppressed"] if hidden else number(by["n"].get(reason), story.lang)
            )
        share = by["estimate"].get("any")
        hidden = "any" in by.index and by["suppressed"]["any"]
        applied = by["population"].get("any")
        rows.append([
            escape_markdown(form[question].label(story.lang)), number(applied, story.lang), *cells,
            percent(None if hidden or share is None else 1 - share, story.lang),
        ])  # fmt: skip
    return story._table(words["columns"], rows, [44, 10, 10, 10, 8, 8, 10], words["caption"].format(round=_title(story, round_)),
                        _name("completeness", round_), "lrrrrrr")  # fmt: skip


def _lines(story, words: dict, round_: str) -> str:
    audit, form = _audit(story, round_), story.forms[round_]
    rows = [
        [escape_markdown(form[question].label(story.lang)) if question in form.questions else words["submission"],
         story.words["figures"]["rules"].get(rule, rule), number(len(own), story.lang)]
        for (question, rule), own in audit.groupby(["question", "rule"], sort=False)
    ]  # fmt: skip
    if not rows:
        return ""
    return story._table(words["columns"], rows, [52, 36, 12], words["caption"].format(round=_title(story, round_)),
                        _name("lines", round_), "llr")  # fmt: skip
