"""A small survey of two rounds with confidential cells of every kind, and its published files, to be weakened by tests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from hrmonitor.declarations.public_files import BESIDE_THE_TABLES
from hrmonitor.disclosure.audit import Survey, audit, known, protected, read_published
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern, questions_with_hidden_counts
from hrmonitor.disclosure.theme_cells import hide_themes
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.figures import paired_change
from hrmonitor.figures.data import Data
from hrmonitor.questionnaire.model import Questionnaire, read_questionnaire
from hrmonitor.reporting.chapters.codebook import questionnaire
from hrmonitor.reporting.story import Story
from hrmonitor.response.items import item_nonresponse
from hrmonitor.stages.changes import changes
from hrmonitor.stages.indicators import indicators
from hrmonitor.study import study
from hrmonitor.survey import Round
from hrmonitor.tabulation.changes import all_changes
from hrmonitor.tabulation.indicators import estimate_round
from hrmonitor.themes.prevalence import SETTLED, estimate_themes
from hrmonitor.unit import speak_of
from settings import small_config

SURVEY = """type,name,label::English (en),label::Nederlands (nl),relevant,indicator,statistic,unit,weighted_by
select_one service,service,Service?,Voorziening?,,,,,
select_one role,role,Your role?,Uw functie?,,role,share,,
text,role_other,Which?,Welke?,${role} = 'other',,,,
integer,clients,Clients?,Cliënten?,,clients,total mean median,persons,
integer,clients_then,Clients then?,Cliënten toen?,,clients_then,total,persons,
integer,syringes,Syringes?,Spuiten?,,syringes_distributed_year,total,syringes,
integer,overdoses,Overdoses?,Overdoses?,,overdoses,total,,
decimal,insured,Insured?,Verzekerd?,,insured,client_mean,%,clients
"""
CHOICES = """list_name,name,label::English (en),label::Nederlands (nl),missing
service,dcr,Room,Ruimte,
service,oat,Treatment,Behandeling,
service,hat,Heroin,Heroïne,
role,manager,Manager,Manager,
role,nurse,Nurse,Verpleegkundige,
role,physician,Physician,Arts,
role,other,Other,Anders,
"""
KEPT = {"dcr": (10, 12), "oat": (14, 20), "hat": (8, 8)}
SETTINGS = EstimationSettings(confidence=0.95, seed=1, dont_know_in_base=True)
RULES = Rules(sensitive=("role",))
NUMBERS = ("clients", "clients_then", "syringes", "overdoses", "insured")
BOOK = pd.DataFrame({"question": ["why"], "theme": ["stigma"], "label_en": ["Stigma"], "label_nl": ["Stigma"]})
# Indicators that are others divided by a number, as raw/reference/derived.csv has them.
DERIVED = {"pwid_reached": ("syringes_distributed_year", 520.0)}
FIGURES = {
    "roles": {"kind": "barriers", "round": "2021", "question": "role"},
    "pairs": {"kind": "paired_change", "round": "2021", "then": "clients_then", "now": "clients"},
}


def read_form(folder: Path) -> Questionnaire:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (
        ("survey", SURVEY),
        ("choices", CHOICES),
        ("settings", "form_title,form_id,version\nF,f,1\n"),
    ):
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return read_questionnaire(folder)


def register() -> pd.DataFrame:
    """Facilities of four organisations in turn; the first of each service answer."""
    rows = [
        (f"NL-{service}-{place:03}", service, "ABCD"[place % 4], "utrecht")
        for service, (_, size) in KEPT.items()
        for place in range(size)
    ]
    return pd.DataFrame(rows, columns=["facility_id", "service", "organisation", "province"])


@dataclass
class World:
    """Both rounds' answers; theme: whether it is in a facility's open answer of 2021."""

    form: Questionnaire
    frame: pd.DataFrame
    rounds: dict[str, pd.DataFrame]
    settled: pd.DataFrame

    def answered(self) -> list[Round]:
        return [
            Round(name, int(name), table, self.frame, self.form, self.settled) for name, table in self.rounds.items()
        ]

    def findings(self, folder: Path, rules: Rules = RULES) -> pd.DataFrame:
        """What the auditor says of the published files."""
        asked = rules.__dict__
        forms = dict.fromkeys(self.rounds, self.form)
        survey = Survey(forms, set(self.frame["facility_id"]), FIGURES, BOOK, ["en", "nl"], DERIVED)
        published = read_published(folder, survey, asked)
        targets = protected(self.answered(), asked, FIGURES)
        beside, least = known(self.answered(), asked), asked["minimum_spread"]
        return audit(targets, published, beside, forms, list(forms), SETTINGS.confidence, least)


def answers(frame: pd.DataFrame, roles: dict[str, list[str]], numbers: dict[str, np.ndarray]) -> pd.DataFrame:
    """The typed answers of the facilities of the services in `roles`; `numbers` in their order, NaN where there is none."""
    kept = pd.concat(
        [frame[frame["service"] == service].head(n) for service, (n, _) in KEPT.items() if service in roles]
    )
    table = kept[["facility_id", "service"]].reset_index(drop=True).assign(_mode="interview")
    table["role"] = [role for service in roles for role in roles[service]]
    table["role_other"] = pd.Series([None] * len(table), dtype="str")
    for name in NUMBERS:
        table[name] = pd.array(numbers[name][: len(table)], dtype="Float64")
    for name in ("service", "role", *NUMBERS):
        table[f"{name}__missing"] = pd.Series(np.where(table[name].isna(), "no_answer", None), dtype="str")
    table["role_other__missing"] = pd.Series(np.where(table["role"] == "other", None, "not_asked"), dtype="str")
    return table


def usual_world(form: Questionnaire) -> World:
    """Only rooms in 2018. Small roles, a dominant organisation, one facility that answered one round only, a theme of few."""
    frame = register()
    sizes = {service: n for service, (n, _) in KEPT.items()}
    number = np.arange(sum(sizes.values()))
    base = {
        "clients": 60 + 7.0 * (number % 9) + number,
        "clients_then": 64 + 6.0 * (number % 8) + number,
        "syringes": 900 + 37.0 * (number % 11),
        "overdoses": 5 + number % 6.0,
        "insured": 40 + 5.0 * (number % 7),
    }
    roles = {
        "dcr": ["manager"] * 4 + ["nurse"] * 4 + ["physician", "other"],
        "oat": ["manager"] * 7 + ["nurse"] * 7,
        "hat": ["manager"] * 4 + ["nurse"] * 4,
    }
    earlier = {name: values.copy() for name, values in base.items()}
    later = {name: values + number % 5 for name, values in base.items()}
    # In 2021 one room gives out nearly all syringes of the rooms; in 2018 another did not count its overdoses.
    later["syringes"][: sizes["dcr"]] = 10 + number[: sizes["dcr"]]
    later["syringes"][0] = 9000
    # And nearly all clients of rooms who are insured come to one of them.
    later["insured"][: sizes["dcr"]] = 1.0
    later["insured"][0] = 95.0
    earlier["overdoses"][3] = np.nan
    roles_then = {"dcr": ["manager"] * 5 + ["nurse"] * 5}
    rounds = {"2018": answers(frame, roles_then, earlier), "2021": answers(frame, roles, later)}
    named = {"dcr": 2, "oat": 8, "hat": 4}
    rows = [
        ("2021", "f", place, "why", one.facility_id, one.service, "stigma", False, "all_coders", 1, 0)
        for place, one in enumerate(rounds["2021"].itertuples())
    ]
    settled = pd.DataFrame(rows, columns=SETTLED)
    settled["present"] = settled.groupby("service").cumcount() < settled["service"].map(named)
    return World(form, frame, rounds, settled)


def few_roles_world(form: Questionnaire) -> World:
    """Roles of one or two at each service; of some categories the share of all services is shown beside a hidden part."""
    world = usual_world(form)
    roles = {
        "dcr": ["manager"] * 5 + ["nurse"] * 4 + ["physician"],
        "oat": ["manager"] * 9 + ["nurse"] * 4 + ["other"],
        "hat": ["manager"] * 4 + ["nurse"] * 2 + ["physician"] * 2,
    }
    world.rounds["2021"]["role"] = [role for service in KEPT for role in roles[service]]
    return world


def random_world(form: Questionnaire, seed: int) -> tuple[World, Rules]:
    """Owners, roles, numbers, gaps, themes and rules at random: from alike to one organisation with nearly all, from full to empty."""
    random = np.random.default_rng(seed)
    frame, n = register(), sum(n for n, _ in KEPT.values())
    share = random.dirichlet(np.full(random.integers(3, 7), random.choice([0.5, 1.0, 3.0])))
    frame["organisation"] = random.choice(list("ABCDEF")[: len(share)], len(frame), p=share)
    rounds = {}
    for name, asked in (("2018", list(KEPT) if random.random() < 0.5 else ["dcr"]), ("2021", list(KEPT))):
        likely = random.dirichlet([2.0, 1.5, 0.6, 0.4])
        roles = {
            service: list(random.choice(["manager", "nurse", "physician", "other"], KEPT[service][0], p=likely))
            for service in asked
        }
        numbers = {}
        for one in NUMBERS:
            values = np.round(random.lognormal(random.choice([1, 3]), random.choice([0.3, 1.0, 2.0, 3.0]), n))
            values[random.random(n) < random.choice([0.0, 0.3])] = 0
            values[random.random(n) < random.choice([0.0, 0.05, 0.3, 0.7])] = np.nan
            numbers[one] = values
        if random.random() < 0.2:
            numbers["overdoses"] *= random.choice([-1, 1], n)
        rounds[name] = answers(frame, roles, numbers)
    settled = usual_world(form).settled.assign(present=random.random(n) < random.choice([0.1, 0.5]))
    rules = Rules(
        minimum_cell=int(random.choice([2, 3, 5])),
        minimum_organisations=int(random.choice([1, 3])),
        p_percent=float(random.choice([5, 10, 40])),
        protection=float(random.choice([0, 10, 30])),
        rounding_base=int(random.choice([0, 0, 10])),
        sensitive=("role",) if random.random() < 0.3 else (),
    )
    return World(form, frame, rounds, settled), rules


def publish(
    folder: Path, world: World, rules: Rules = RULES, settings: EstimationSettings = SETTINGS
) -> dict[str, pd.DataFrame]:
    """Write the published set as the pipeline does; gives the tables before anything was hidden, and the pattern."""
    speak_of(root=".")
    for name in ("open_data", "figures", "report"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    rounds = {one.name: one for one in world.answered()}
    pattern, _ = find_pattern(world.answered(), settings, rules)
    write(pattern, folder / "suppressions.csv")
    bare = {
        "indicators": pd.concat(
            [estimate_round(round_, settings) for round_ in world.answered()],
            ignore_index=True,
        ),
        "changes": all_changes({round_.name: round_ for round_ in world.answered()}, settings),
        "themes": estimate_themes("2021", BOOK, world.settled, {}, world.frame, settings),
    }
    shown = {
        "indicators": indicators(rounds, pattern, settings, rules),
        "changes": changes(rounds, pattern, settings, rules),
    }
    organisations = world.frame.set_index("facility_id")["organisation"]
    shown["themes"] = hide_themes(bare["themes"], world.settled, organisations, rules, set())
    gaps = [
        item_nonresponse(name, table, world.form, rules.minimum_cell, questions_with_hidden_counts(pattern, name))
        for name, table in world.rounds.items()
    ]
    bare["item_nonresponse"] = pd.concat(
        [item_nonresponse(name, table, world.form, 1) for name, table in world.rounds.items()], ignore_index=True
    )
    shown["item_nonresponse"] = pd.concat(gaps, ignore_index=True)
    flow = [
        (round_, service, step, sum(n[place] for n in sizes))
        for round_ in world.rounds
        for asked in [[one for one in KEPT if (world.rounds[round_]["service"] == one).any()]]
        for service, sizes in [*((one, [KEPT[one]]) for one in asked), ("all", [KEPT[one] for one in asked])]
        for step, place in (("kept", 0), ("register", 1))
    ]
    shown["response_flow"] = pd.DataFrame(flow, columns=["round", "service", "step", "n"])
    for name in BESIDE_THE_TABLES:
        (folder / "open_data" / name).write_text("Words about the data.\n", encoding="utf-8")
    for name, table in shown.items():
        write(table, folder / "open_data" / f"{name}.csv")
    # Figures and pages are made from what was written, in ten digits.
    shown["indicators"]["estimate"] = [
        float(f"{value:.10g}") for value in shown["indicators"]["estimate"].astype(float)
    ]
    roles = shown["indicators"].query("indicator == 'role' and round == '2021' and statistic == 'share'")
    labels = {
        f"label_{lang}": [world.form["role"].choice(one).label(lang) for one in roles["category"]]
        for lang in ("en", "nl")
    }
    write(roles.assign(**labels), folder / "figures" / "roles.csv")
    for lang in ("en", "nl"):
        (folder / "figures" / f"roles_{lang}.long.txt").write_text(
            describe(roles.assign(**labels), lang), encoding="utf-8"
        )
    tables = {"facilities": world.rounds, "register": world.frame, "suppressions": pattern}
    data = Data({"2021": world.form}, tables, rules=rules)
    write(paired_change.table(data, FIGURES["pairs"]), folder / "figures" / "pairs.csv")
    for lang in ("en", "nl"):
        write_report(
            folder, world, shown["indicators"], questions_with_hidden_counts(pattern, "2021"), lang, rules.minimum_cell
        )
    return {**bare, "pattern": pattern}


def describe(roles: pd.DataFrame, lang: str) -> str:
    """What a screen reader is told of the figure of roles: nothing of a hidden cell."""
    services = study(lang).services(lang)
    return "".join(
        f"{services[one['service']]}, {one[f'label_{lang}'].lower()}: {100 * one['estimate']:.0f}% (n = {one['n']}).\n"
        for one in roles[~roles["suppressed"]].to_dict("records")
    )


def write(table: pd.DataFrame, path: Path) -> None:
    table.to_csv(path, index=False, float_format="%.10g", lineterminator="\n")


def write_report(folder: Path, world: World, indicators: pd.DataFrame, hidden: set[str], lang: str, least: int) -> None:
    """The tables of the report that repeat answers: numbers by type of service as Markdown and HTML, the codebook as Markdown."""
    tables = {}
    words = {
        "en": {"total": "total", "mean": "mean", "median": "median", "client_mean": "mean by clients"},
        "nl": {"total": "totaal", "mean": "gemiddelde", "median": "mediaan", "client_mean": "gemiddelde naar cliënten"},
    }
    decimal = {"en": "{:.0f}", "nl": "{:.0f}"}[lang]
    for service in KEPT:
        rows = []
        for one in indicators.query("round == '2021' and service == @service and unit != 'share'").to_dict("records"):
            shown = "–" if one["suppressed"] else decimal.format(one["estimate"])
            rows.append([world.form.by_indicator[one["indicator"]].label(lang), words[lang][one["statistic"]], shown])
        tables[f"tbl-numbers-{service}"] = rows
    markdown, html = [], []
    for name, rows in tables.items():
        markdown += [
            "| a | b | c |",
            "|:--|:--|--:|",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
            f": A table {{#{name}}}",
            "",
        ]
        cells = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        html.append(f'<table id="{name}"><tbody>{cells}</tbody></table>')
    story = Story(lang, config=small_config(least))
    story.forms, story.facilities, story.questions_with_hidden_counts = (
        {"2021": world.form},
        world.rounds,
        lambda round_: hidden,
    )
    story.indicators = indicators
    book = "\n\n".join(questionnaire(story, "2021", "book-2021"))
    (folder / "report" / f"report_{lang}.md").write_text("\n".join([*markdown, book, ""]), encoding="utf-8")
    (folder / "report" / f"report_{lang}.html").write_text(
        f"<html><body>{''.join(html)}</body></html>", encoding="utf-8"
    )
