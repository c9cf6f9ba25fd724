"""The clients of the same facilities then and now: what they add up to by type of service, from means of a few facilities of like size."""

import pandas as pd

from hrmonitor.declarations.figures import Figure
from hrmonitor.disclosure.rounding import averaged
from hrmonitor.disclosure.rules import Rules, dominance, too_few
from hrmonitor.figures import style
from hrmonitor.figures.data import Data
from hrmonitor.figures.dumbbells import MOMENTS, dumbbell, moments_legend
from hrmonitor.figures.sheet import Sheet, nothing
from hrmonitor.figures.tested import add_tests, tests_about, tests_in_words
from hrmonitor.language import headed, listed, number, percent
from hrmonitor.study import within

COLUMNS = ["service", "then", "now", "facilities", "rounded_to"]
# Means of a mark are multiples of one of these, the first that keeps what a single facility answered from following from them
# and a total.
STEPS = (5.0, 10.0, 20.0, 50.0, 100.0)


def table(data: Data, options: dict) -> pd.DataFrame:
    """`COLUMNS`: means of neighbouring facilities in each type of service, rounded, as nobody's own answer is shown.

    A type of service of which the sum then or now is hidden is left out, as is one whose marks would tell too much at any rounding.
    """
    facilities = data["facilities"][options["round"]]
    columns = ["service", options["then"], options["now"]]
    answers = facilities[columns].set_axis(["service", "then", "now"], axis=1)
    owners = facilities["facility_id"].map(data["register"].set_index("facility_id")["organisation"]).fillna("")
    answers = answers.astype({"then": float, "now": float}).assign(organisation=owners)
    answers = answers[~answers["service"].isin(_hidden(data, options))]

    def safe(run: pd.DataFrame) -> bool:
        return not too_few(run["organisation"], data.rules) and all(
            dominance(run[moment], run["organisation"], data.rules) == 0 for moment in ("then", "now")
        )

    found = [pd.DataFrame(columns=COLUMNS)]
    form = data.questionnaires[options["round"]]
    for _, own in sorted(answers.groupby("service"), key=lambda group: form.place("service", group[0])):
        for step in STEPS:
            marks = averaged(own.dropna(), "service", ["then", "now"], step, safe).assign(rounded_to=step)
            # A mark at nothing would not be on the figure.
            if len(marks) and (marks[["then", "now"]] > 0).all(axis=None) and _rest_kept(own, marks, step, data.rules):
                found.append(marks)
                break
    marks = pd.concat(found[1:] or found, ignore_index=True)
    if "findings" in data.tables:
        marks.attrs["tests"] = tests_about(data, options["round"], options["then"], options["now"])
    return marks


def _rest_kept(own: pd.DataFrame, marks: pd.DataFrame, step: float, rules: Rules) -> bool:
    """Whether the rounding of a service's marks leaves enough doubt about those that answered one of the two questions only.

    What these said is the total less all marks, up to half a step a facility.
    """
    pairs = own.dropna()
    for moment in ("then", "now"):
        rest = own[own[moment].notna() & ~own.index.isin(pairs.index)]
        few = rules.protection / 100 * rest[moment].sum() if too_few(rest["organisation"], rules) else 0.0
        needed = max(few, dominance(rest[moment], rest["organisation"], rules))
        off = abs(pairs[moment].sum() - (marks[moment] * marks["facilities"]).sum())
        if needed and off + needed > len(pairs) * step / 2:
            return False
    return True


def _hidden(data: Data, options: dict) -> set[str]:
    form = data.questionnaires[options["round"]]
    indicators = [form[options[moment]].indicator for moment in ("then", "now")]
    pattern = data["suppressions"]
    own = (pattern["table"] == "indicators") & (pattern["round"] == options["round"]) & (pattern["statistic"] == "sum")
    return set(pattern.loc[own & pattern["indicator"].isin(indicators), "service"])


def _totals(table: pd.DataFrame) -> pd.DataFrame:
    """service then now n: what the marks of a service add up to, all of them together first where there are several."""
    sums = [
        {
            "service": service,
            "n": int(group["facilities"].sum()),
            **{moment: float((group[moment] * group["facilities"]).sum()) for moment in MOMENTS},
        }
        for service, group in table.groupby("service", sort=False)
    ]
    together = {"service": "all"} | {key: sum(one[key] for one in sums) for key in ("n", *MOMENTS)}
    return pd.DataFrame([together, *sums] if len(sums) > 1 else sums, columns=["service", "then", "now", "n"])


def _change(one, lang: str) -> str:
    """`−6%`, of a total then; nothing where it was nothing."""
    if not one["then"]:
        return ""
    shown = percent(one["now"] / one["then"] - 1, lang)
    return shown if one["now"] <= one["then"] or shown == percent(0, lang) else f"+{shown}"


def draw(table: pd.DataFrame, options: dict, lang: str):
    words, totals = style.words(lang), _totals(table)
    if totals.empty:
        return nothing(options, lang)
    sheet = Sheet(options, lang, ends=1.45)
    add_tests(sheet, table.attrs.get("tests", []), lang)
    moments_legend(sheet, options, lang)
    most, (left, right) = max(totals[list(MOMENTS)].max().max(), 1.0) * 1.04, sheet.lane
    for one in totals.to_dict("records"):
        end = f"{number(one['then'], lang)} › {number(one['now'], lang)} ({_change(one, lang)}; n\u00a0=\u00a0{number(one['n'], lang)})"
        rows = {moment: {"estimate": one[moment]} for moment in MOMENTS}
        sheet.row(
            style.service_label(one["service"], lang),
            end,
            dumbbell(rows, (left, right), most),
            "bold" if one["service"] == "all" else "normal",
        )
    ticks = style.mpl.ticker.MaxNLocator(4).tick_values(0, most)
    sheet.axis([(left + tick / most * (right - left), number(tick, lang)) for tick in ticks if 0 <= tick <= most])
    sheet.note(words["totals_note"])
    return sheet.figure()


def headline(table: pd.DataFrame, options: dict, lang: str) -> str:
    """How much what they count changed together, as a whole per cent."""
    totals = _totals(table)
    if totals.empty or not totals["then"].iloc[0]:
        return ""
    change = totals["now"].iloc[0] / totals["then"].iloc[0] - 1
    key = (
        "totals_same"
        if percent(abs(change), lang) == percent(0, lang)
        else "totals_more"
        if change > 0
        else "totals_fewer"
    )
    return style.words(lang)[key].format(
        change=percent(abs(change), lang), year=options["year_then"], what=style.counted_by(options["now"], lang)
    )


def alt_text(table: pd.DataFrame, options: dict, lang: str) -> str:
    totals = _totals(table)
    if totals.empty:
        return style.words(lang)["no_rows"]
    first = totals.iloc[0]
    return style.words(lang)["paired_alt"].format(
        n=number(first["n"], lang), then=number(first["then"], lang), now=number(first["now"], lang), change=_change(first, lang),
        year_then=options["year_then"], year_now=options["year_now"], what=style.counted_by(options["now"], lang),
    )  # fmt: skip


def description(table: pd.DataFrame, options: dict, lang: str) -> list[str]:
    words, lines = style.words(lang), tests_in_words(table.attrs.get("tests", []), lang)
    for service, group in table.groupby("service", sort=False):
        marks = [f"{number(one.then, lang)} → {number(one.now, lang)}" for one in group.itertuples()]
        n = number(group["facilities"].sum(), lang)
        head = f"{style.service_label(service, lang)} (n = {n}), {within(words['then'], lang)} → {within(words['now'], lang)}"
        lines.append(f"{headed(head, listed(marks, lang), lang)}.")
    return lines


FIGURE = Figure(
    name="paired_change",
    shows="Dumbbells: totals then and now of the facilities that answered both, by type of service, with the change that findings test",
    inputs=("facilities", "register", "suppressions", "findings"),
    options=("round", "then", "now", "year_then", "year_now"),
    numbers=("then", "now", "rounded_to"),
    audit="marks",
    table=table,
    draw=draw,
    alt_text=alt_text,
    description=description,
    headline=headline,
)
