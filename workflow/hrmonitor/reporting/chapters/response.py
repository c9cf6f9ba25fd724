"""The chapter on who answered and how well: outcome rates, non-response, mode effects, questions left open, and fills."""

from __future__ import annotations

import pandas as pd

from hrmonitor.cleaning.imputation_flags import RULE
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.language import capital, escape_markdown, headed, join, listed, number, percent, quoted, terms
from hrmonitor.reporting.markdown import counted, none
from hrmonitor.response.nonresponse import VARIABLES
from hrmonitor.response.rates import RATES
from hrmonitor.study import within

# How many questions the tables of mode effects and of gaps show.
SHOWN = 10


def chapter(story) -> str:
    """The chapter as Markdown. `story` is a `Story`; the tables are those of the rule `response`."""
    words = story.words["response_chapter"]
    year, named = story.config.rounds[story.latest].year, story.names_facilities(story.latest)
    return story._join(
        [
            story._heading(words["title"], "response"),
            words["intro"].format(year=year),
            _short(story, words["short"]),
            # Without a register nobody is known not to have answered.
            *(_outcomes(story, words["outcomes"], year) if named else []),
            *(_bias(story, words["bias"], year) if named else []),
            *(_modes(story, words["modes"], year) if story.compares_modes else []),
            *_items(story, words["items"], year),
            _fills(story, words["items"]),
        ]
    )


def flow(story) -> str:
    """From register to analysis: how many facilities at each step, in every round."""
    words, steps = story.words["data"], story.flow(story.latest)
    kept = steps[(steps["service"] == "all") & (steps["step"] == "kept")]["n"].sum()
    registered = story.in_frame()
    intro = words["intro"].format(
        kept=number(kept, story.lang),
        register=number(registered, story.lang),
        share=percent(kept / registered if registered else None, story.lang),
    )
    tables = [story._flow_table(round_) for round_ in story.config.rounds]
    return story._join([story._heading(words["title"], "data"), intro, story._figures("data"), *tables])


def _table_of(story, name: str, round_: str | None = None) -> pd.DataFrame:
    table = read_table(name, story.results / f"{name}.csv")
    return table[table["round"] == (round_ or story.latest)]


def _short(story, words: dict) -> str:
    """The chapter in four lines."""
    lines = []
    if story.names_facilities(story.latest):
        response = _table_of(story, "response").set_index(["group", "level", "statistic"])["estimate"]
        lines.append(words["response"].format(rr2=percent(response["all", "all", "RR2"], story.lang)))
        against = _table_of(story, "nonresponse")
        lines.append(words["everyone" if against.empty else "unlike" if _selective(story, against) else "alike"])
    if story.compares_modes:
        modes = _table_of(story, "mode_effects")
        questions = modes[modes["statistic"] != "not_tested"].drop_duplicates("question")
        facts = {"tested": number(len(questions), story.lang), "n": number(questions["differs"].sum(), story.lang)}
        told = "one_mode" if questions.empty else "modes" if questions["differs"].any() else "no_mode_effect"
        lines.append(words[told].format(**facts))
    lines.append(words["items"].format(missing=_gaps(story)[1]["any"]))
    return "\n".join(f"- {line}" for line in lines)


# --- outcome of the fieldwork ----------------------------------------------------------------------------------


def _outcomes(story, words: dict, year: int) -> list[str]:
    lang, response = story.lang, _table_of(story, "response")
    counts = response.set_index(["group", "level", "statistic"])["n"]
    rates = response.set_index(["group", "level", "statistic"])["estimate"]
    everyone = {
        name: counts["all", "all", name] for name in response["statistic"].unique() if ("all", "all", name) in counts
    }
    shown = {name: number(value, lang) if value else none(lang) for name, value in everyone.items()}
    refused = everyone["refusal"] + everyone["break_off"]
    shown |= {
        "refused": number(refused, lang) if refused else none(lang),
        "rr2": percent(rates["all", "all", "RR2"], lang),
    }
    sentences = [words["lead"].format(**shown)]
    if ("all", "all", "COOP1") in rates:
        sentences.append(words["cooperation"].format(coop=percent(rates["all", "all", "COOP1"], lang)))
    modes = response[(response["group"] == "mode") & (response["statistic"] == "facilities")]
    paragraphs = [" ".join(sentences)]
    if len(modes):
        parts = [counted(n, words["mode"][mode], lang) for mode, n in zip(modes["level"], modes["n"], strict=True)]
        paragraphs.append(words["modes"].format(modes=join(parts, lang)))
    paragraphs.append(words["rule"].format(e=f"*e* = {number(rates['all', 'all', 'e'], lang, 2)}"))
    flow = story.flow(story.latest).set_index(["service", "step"])["n"]
    outside = int(flow["all", "out_of_frame"])
    return [
        f"## {words['title']}",
        *paragraphs,
        _count_table(story, words, response, year),
        _rate_table(story, words, response, year),
        _disagreements(story, words, outside),
        _province_table(story, words, response, year),
        words["province_note"].format(minimum=number(story.config.disclosure.minimum_cell, lang)),
        *[
            _other_round(story, words, name)
            for name in story.config.rounds
            if name != story.latest and story.names_facilities(name)
        ],
    ]


def _levels(story, response: pd.DataFrame) -> list[tuple[str, str]]:
    services = [
        code
        for code in story.forms[story.latest]["service"].codes
        if ("service", code) in set(zip(response["group"], response["level"], strict=True))
    ]
    return [*(("service", service) for service in services), *([("all", "all")] if len(services) > 1 else [])]


def _cell(story, value: float, hidden: bool, share: bool) -> str:
    if hidden:
        return story.words["service_chapter"]["suppressed"]
    return percent(value, story.lang) if share else number(value, story.lang)


def _row(story, response: pd.DataFrame, group: str, level: str, statistics: list[str], share: bool) -> list[str]:
    part = response[(response["group"] == group) & (response["level"] == level)].set_index("statistic")
    column = "estimate" if share else "n"
    return [
        _cell(story, part.loc[one, column], part.loc[one, "suppressed"], share) if one in part.index else "–"
        for one in statistics
    ]


def _count_table(story, words: dict, response: pd.DataFrame, year: int) -> str:
    """Dispositions by service; refusals and break-offs together, and rare outcomes only where there are any."""
    merged = response[response["statistic"].isin(["refusal", "break_off"])].groupby(["group", "level"], sort=False)
    both = merged[["n", "suppressed"]].agg({"n": "sum", "suppressed": "any"}).reset_index().assign(statistic="refused")
    table = pd.concat([response, both])
    statistics = [
        "facilities",
        "complete",
        "partial",
        "refused",
        "non_contact",
        "other",
        "not_attempted",
        "unknown",
        "not_eligible",
    ]
    rare = ("other", "unknown", "not_eligible")
    total = table[table["group"] == "all"].set_index("statistic")["n"]
    kept = [
        (name, head)
        for name, head in zip(statistics, words["columns"][1:], strict=True)
        if name not in rare or total[name] > 0
    ]
    rows = [
        [
            story.service_label(level),
            *_row(story, table, group, level, [name for name, _ in kept], False),
        ]
        for group, level in _levels(story, response)
    ]
    return story._table([words["columns"][0], *[head for _, head in kept]], rows, [28, *[12] * len(kept)],
                        words["caption"].format(year=year), "tbl-outcomes", "l" + "r" * len(kept))  # fmt: skip


def _rate_table(story, words: dict, response: pd.DataFrame, year: int) -> str:
    rates = [rate for rate in RATES if (response["statistic"] == rate).any()]
    rows = [
        [story.service_label(level), *_row(story, response, group, level, rates, True)]
        for group, level in _levels(story, response)
    ]
    return story._table([words["columns"][0], *rates], rows, [28, *[8] * len(rates)],
                        words["rates_caption"].format(year=year), "tbl-rates", "l" + "r" * len(rates))  # fmt: skip


def _provinces(story) -> dict[str, str]:
    """The words of the provinces; a form that leaves them to the register has none, and codes stay as they are."""
    form = story.forms[story.latest]
    asked = form["province"].choices if "province" in form.questions else ()
    return {choice.name: escape_markdown(choice.label(story.lang)) for choice in asked}


def _province_table(story, words: dict, response: pd.DataFrame, year: int) -> str:
    part = response[response["group"] == "province"]
    names = _provinces(story)
    rows = []
    for level in sorted(part["level"].unique(), key=lambda level: story.forms[story.latest].place("province", level)):
        of_level = part[part["level"] == level].set_index("statistic")
        answered = of_level.loc["RR2", "n"]
        label = words["other_provinces"] if level == "other" else names.get(level, escape_markdown(level))
        rows.append([label, number(of_level.loc["facilities", "n"], story.lang), number(answered, story.lang),
                     *_row(story, part, "province", level, ["RR2", "COOP1", "CON1", "REF1"], True)])  # fmt: skip
    return story._table(words["province_columns"], rows, [26, 12, 12, 8, 14, 14, 14],
                        words["province_caption"].format(year=year), "tbl-provinces", "lrrrrrr")  # fmt: skip


def _disagreements(story, words: dict, outside: int) -> str:
    cases = read_table("dispositions", story.results / story.latest / "dispositions.csv")
    remarks = cases["remarks"].str.split("|").explode()
    counts = remarks[remarks != ""].value_counts()
    sentences = [words["agree"]]
    if len(counts):
        told = (words["remarks"][remark].format(n=number(n, story.lang)) for remark, n in counts.items())
        parts = listed(told, story.lang)
        sentences = [
            words["disagree"].format(
                n=number((cases["remarks"] != "").sum(), story.lang),
                cases=capital(parts),
                round=story.latest,
            )
        ]
    if outside:
        sentences.append(words["outside"].format(n=number(outside, story.lang)))
    return " ".join(sentences)


def _other_round(story, words: dict, round_: str) -> str:
    response = _table_of(story, "response", round_)
    everyone = response[response["group"] == "all"].set_index("statistic")
    shown = {"facilities": counted(int(everyone.loc["facilities", "n"]), "facilities", story.lang)}
    for name in ("complete", "partial"):
        n = int(everyone.loc[name, "n"])
        shown[name] = number(n, story.lang) if n else none(story.lang)
    title = escape_markdown(story.config.rounds[round_].title[story.lang])
    return words["other_round"].format(title=title, rr2=percent(everyone.loc["RR2", "estimate"], story.lang), **shown)


# --- non-response ----------------------------------------------------------------------------------------------


def _bias(story, words: dict, year: int) -> list[str]:
    lang, table = story.lang, _table_of(story, "nonresponse")
    parts = [f"## {words['title']}"]
    if table.empty:
        return [*parts, words["none"]]
    single = table[table["level"] == ""].set_index(["variable", "statistic"])
    value = single["estimate"]
    least, sentences = 1 - story.config.confidence, []
    if (p := value.get(("service", "p_value"))) is not None and (
        table[table["variable"] == "service"]["level"].nunique() > 2
    ):
        sentences.append(words["service_differs" if p < least else "service_same"].format(p=_p(p, lang)))
    # None where no characteristic but the service has classes to compare.
    corrected = value[value.index.get_level_values("statistic") == "p_holm"].droplevel("statistic")
    differing = corrected[corrected < least]
    chosen = differing if len(differing) else corrected
    if len(chosen):
        variables = join([within(words["variables"][name], lang) for name in chosen.index], lang)
        p = differing.max() if len(differing) else corrected.min()
        sentences.append(
            words["within_some" if len(differing) else "within_none"].format(variables=variables, p=_p(p, lang))
        )
    for key, statistic in (("r_overall", "r_indicator"), ("r_within", "r_within_service")):
        chance = single.loc[("all", f"{statistic}_by_chance")]
        sentences.append(words[key].format(r=number(value["all", statistic], lang, 2), low=number(chance["ci_low"], lang, 2),
                                           high=number(chance["ci_high"], lang, 2)))  # fmt: skip
    closing = [words["selective" if _selective(story, table) else "representative"]]
    closing.append(words["bound"].format(bias=number(value["all", "maximal_bias"], lang, 2)))
    return [*parts, words["lead"], " ".join(sentences), " ".join(closing), _bias_table(story, words, table, year)]


def _selective(story, table: pd.DataFrame) -> bool:
    """Whether the register shows that within types of service some kinds of facilities answered less."""
    decisive = table[(table["statistic"] == "p_holm") | (table["statistic"] == "r_within_service_p_value")]
    return bool((decisive["estimate"] < 1 - story.config.confidence).any())


def _bias_table(story, words: dict, table: pd.DataFrame, year: int) -> str:
    lang = story.lang
    provinces = _provinces(story)
    labels = {
        **provinces,
        **story.study.services(lang),
        "other": story.words["response_chapter"]["outcomes"]["other_provinces"],
    }
    rows = []
    for variable in VARIABLES:
        part = table[(table["variable"] == variable) & (table["level"] != "")]
        wide = part.pivot(index="level", columns="statistic", values="estimate").reindex(part["level"].unique())
        if variable in ("service", "province"):
            wide = wide.loc[sorted(wide.index, key=lambda level: story.forms[story.latest].place(variable, level))]
        for level, one in wide.iterrows():
            rows.append([headed(words["variables"][variable], labels.get(level, escape_markdown(level)), lang),
                         *[percent(one[name], lang) for name in ("register", "answered", "weighted")],
                         number(one["standardised_difference_weighted"], lang, 2)])  # fmt: skip
    return story._table(
        words["columns"], rows, [52, 12, 12, 12, 12], words["caption"].format(year=year), "tbl-nonresponse", "lrrrr"
    )


def _p(p: float, lang: str) -> str:
    return f"\\< {number(0.001, lang, 3)}" if p < 0.001 else number(p, lang, 3 if p < 0.1 else 2)


# --- mode effects ----------------------------------------------------------------------------------------------


def _modes(story, words: dict, year: int) -> list[str]:
    lang, table = story.lang, _table_of(story, "mode_effects")
    parts = [f"## {words['title']}"]
    tested = table[table["statistic"] != "not_tested"]
    if tested.empty:
        return [*parts, words["none"]]
    form = story.forms[story.latest]
    names = tested.drop_duplicates("question").sort_values("p_value", kind="stable")
    untested = table.loc[table["statistic"] == "not_tested", "question"].nunique()
    parts.append(words["lead"].format(tested=number(len(names), lang), untested=number(untested, lang)))
    differing = names[names["differs"]]
    if len(differing):
        questions = [quoted(escape_markdown(form[name].label(lang)), lang) for name in differing["question"]]
        parts.append(words["difference"].format(n=number(len(differing), lang), questions=join(questions, lang)))
    else:
        returned = int((story.facilities[story.latest]["_mode"] == "questionnaire").sum())
        parts.append(words["no_difference"].format(returned=number(returned, lang)))
    rows = []
    for name in names["question"].head(max(SHOWN // 2, len(differing))):
        question, part = form[name], tested[tested["question"] == name]
        strongest = part.loc[part["estimate"].abs().idxmax()]
        share = strongest["statistic"] == "share_difference"
        answer = question.choice(strongest["category"]).label(lang) if share else words["number"]
        scale = 100 if share else 1
        unit = (
            words["points"]
            if share
            else f" {story.study.units(story.words['figures']['units']).get(question.unit, question.unit)}".rstrip()
        )
        digits = 0 if share or question.kind == "integer" else 1
        rows.append([escape_markdown(question.label(lang)), escape_markdown(answer),
                     f"{number(strongest['estimate'] * scale, lang, digits)}{unit}",
                     _range(strongest["ci_low"] * scale, strongest["ci_high"] * scale, lang, digits),
                     _p(strongest["p_value"], lang), _p(strongest["p_holm"], lang)])  # fmt: skip
    return [
        *parts,
        story._table(
            words["columns"], rows, [40, 20, 12, 14, 8, 8], words["caption"].format(year=year), "tbl-modes", "llrrrr"
        ),
    ]


def _range(low: float, high: float, lang: str, digits: int) -> str:
    """An interval of a difference; with signs a dash between would not be read."""
    between = terms(lang)["language"]["to"]
    return f"{number(low, lang, digits)} {between} {number(high, lang, digits)}"


# --- questions without an answer -------------------------------------------------------------------------------


def _gaps(story) -> tuple[pd.DataFrame, dict[str, str]]:
    """Closed questions with their counts by reason, and the share of all their answers that is missing, by reason."""
    table = _table_of(story, "item_nonresponse")
    services = table["service"].unique()
    part = table[(table["service"] == ("all" if "all" in services else services[0])) & (table["kind"] != "text")]
    wide = part.pivot(index="question", columns="reason", values=["n", "population", "estimate"])
    wide = wide[wide["n", "any"].notna()]
    applied = wide["population", "any"].sum()
    reasons = ("any", "dont_know", "refused", "no_answer")
    return wide, {reason: percent(wide["n", reason].sum() / applied, story.lang, 1) for reason in reasons}


def _items(story, words: dict, year: int) -> list[str]:
    lang, form, minimum = story.lang, story.forms[story.latest], story.config.minimum_facilities
    wide, shares = _gaps(story)
    lead = words["lead"].format(missing=shares["any"], dont_know=shares["dont_know"], refused=shares["refused"],
                                no_answer=shares["no_answer"])  # fmt: skip
    often = wide[wide["population", "any"] >= minimum].sort_index(kind="stable")
    worst = often.sort_values(("estimate", "any"), ascending=False, kind="stable").head(SHOWN)
    rows = [
        [escape_markdown(form[name].label(lang)), number(one["population", "any"], lang),
         *[number(one["n", reason], lang) for reason in ("dont_know", "refused", "no_answer")],
         percent(one["estimate", "any"], lang)]
        for name, one in worst.iterrows()
    ]  # fmt: skip
    if not rows:
        return [f"## {words['title']}", lead]
    caption = words["caption"].format(year=year)
    return [
        f"## {words['title']}",
        f"{lead} {words['worst'].format(minimum=number(minimum, lang))}",
        story._table(words["columns"], rows, [48, 12, 12, 10, 10, 12], caption, "tbl-items", "lrrrrr"),
    ]


def _fills(story, words: dict) -> str:
    """How many gaps were filled, in all rounds together."""
    if story.config.imputation.method != "hot_deck":
        return words["not_imputed"]
    audits = [read_table("audit", story.results / round_ / "audit.csv") for round_ in story.config.rounds]
    filled = sum(int((audit["rule"] == RULE).sum()) for audit in audits)
    return words["imputed"].format(n=number(filled, story.lang))
