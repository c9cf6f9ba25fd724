"""What is true at each facility, by scenario: the latent answers, before anyone makes a mistake.

`published` is the truth that the presentation of November 2022 reports, `reversed` has every trend the
other way, in `flat` ups and downs balance. Marks S.. point to the sources in the project's facts of the
field (raw/README.md lists them); what has no mark is assumed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from hrmonitor.questionnaire.expressions import compile_expression
from hrmonitor.questionnaire.model import Question, Questionnaire

SCENARIOS = ("published", "reversed", "flat")
TREND = ["strong_increase", "increase", "stable", "decrease", "strong_decrease", "dont_know"]
UP = [0.16, 0.52, 0.20, 0.06, 0.01, 0.05]
DOWN = [0.01, 0.06, 0.20, 0.52, 0.16, 0.05]
BALANCED = [0.06, 0.395, 0.04, 0.395, 0.06, 0.05]
# "Stagnated or decreased somewhat" (S5): mostly stable, more down than up.
SLIGHTLY_DOWN = [0.01, 0.11, 0.43, 0.35, 0.05, 0.05]
RISING = ["cee_trend", "age_trend", "som_trend", "ghb_trend", "psych_trend", "crack_trend", "painmed_trend"]

SELECT_ONE = {
    "respondent_role": {"manager": 0.45, "nurse": 0.2, "social_worker": 0.2, "physician": 0.07, "peer_worker": 0.03, "other": 0.05},
    "cee_seen": {"yes": 0.85, "no": 0.15},
    "cee_labour": {"hardly": 0.1, "part": 0.35, "most": 0.45, "dont_know": 0.1},
    "cee_uninsured": {"none": 0.05, "some": 0.35, "many": 0.5, "dont_know": 0.1},
    "language_barrier": {"none": 0.15, "some": 0.6, "many": 0.2, "dont_know": 0.05},
    "drug_main_then": {"heroin": 0.55, "crack": 0.4, "alcohol": 0.05},
    "drug_main_now": {"heroin": 0.4, "crack": 0.53, "alcohol": 0.04, "ghb": 0.03},
    "ghb_seen": {"yes": 0.62, "no": 0.38},
    "barriers_main": {"stigma": 0.35, "insurance": 0.2, "waiting_list": 0.15, "rules": 0.1, "documents": 0.1, "discrimination": 0.1},
    "registration_system": {"own": 0.35, "epd": 0.5, "paper": 0.1, "dont_know": 0.05},
    "delivers_national": {"regularly": 0.24, "sometimes": 0.26, "never": 0.42, "dont_know": 0.08},
    "monitoring_needed": {"strongly_agree": 0.38, "agree": 0.42, "neutral": 0.11, "disagree": 0.04, "strongly_disagree": 0.01, "dont_know": 0.04},
    "monitoring_frequency": {"quarter": 0.06, "year": 0.42, "two_years": 0.38, "less": 0.08, "dont_know": 0.06},
    # COVID-19 measures caused bottlenecks (S9).
    "covid_closed": {"yes": 0.22, "no": 0.78},
    "covid_effect": dict(zip(TREND, [0.01, 0.07, 0.3, 0.42, 0.14, 0.06], strict=True)),
    "dcr_alcohol": {"allowed": 0.2, "limited": 0.35, "forbidden": 0.45},
    "oat_dispensing": {"daily": 0.12, "several": 0.33, "weekly": 0.45, "less": 0.1},
    "oat_threshold": {"low": 0.4, "medium": 0.42, "high": 0.18},
    "oat_takehome": {"yes": 0.92, "no": 0.08},
    "nsp_rule": {"one_for_one": 0.15, "flexible": 0.55, "distribution": 0.3},
}  # fmt: skip
SOMATIC = {
    "som_copd": 0.66, "som_heart": 0.4, "som_liver": 0.45, "som_wounds": 0.3, "som_dental": 0.7, "som_mobility": 0.45,
    "som_diabetes": 0.3, "som_hiv": 0.1, "som_malnutrition": 0.35, "som_cognitive": 0.4,
}  # fmt: skip
# Share of facilities that tick an option; options not listed are ticked by 15 per cent.
SELECT_MULTIPLE = {
    "clients_trend_reasons": {"fewer_new": 0.6, "ageing_death": 0.62, "less_injecting": 0.3, "housing": 0.35, "migrants": 0.2, "covid": 0.3, "other": 0.06},
    "psych_problems": {"depression": 0.7, "anxiety": 0.6, "psychosis": 0.55, "trauma": 0.65, "intellectual": 0.5, "loneliness": 0.6, "none": 0},
    "somatic_care": {"nurse": 0.7, "gp": 0.3, "wound": 0.5, "hepatitis": 0.6, "lung": 0.2, "foot": 0.2, "dentist": 0.1, "referral": 0.8, "none": 0},
    "cee_countries": {"poland": 0.9, "romania": 0.6, "bulgaria": 0.5, "hungary": 0.25, "lithuania": 0.3, "latvia": 0.25, "other": 0.05},
    "drugs_then": {"heroin": 0.98, "crack": 0.9, "cocaine": 0.3, "alcohol": 0.75, "cannabis": 0.65, "benzodiazepines": 0.6, "amphetamine": 0.2, "ghb": 0.15, "pain_medication": 0.1, "methamphetamine": 0.04, "nps": 0.05, "other": 0},
    "drugs_now": {"heroin": 0.95, "crack": 0.96, "cocaine": 0.35, "alcohol": 0.78, "cannabis": 0.65, "benzodiazepines": 0.65, "amphetamine": 0.25, "ghb": 0.34, "pain_medication": 0.33, "methamphetamine": 0.12, "nps": 0.18, "other": 0.05},
    # Injecting is in decline (S6).
    "routes_then": {"injecting": 0.75, "chasing": 0.9, "smoking_pipe": 0.85, "snorting": 0.4, "swallowing": 0.6},
    "routes_now": {"injecting": 0.58, "chasing": 0.86, "smoking_pipe": 0.93, "snorting": 0.42, "swallowing": 0.62},
    "ghb_offer": {"information": 0.6, "counselling": 0.45, "detox": 0.2, "relapse": 0.25, "consumption": 0.1, "referral": 0.7, "none": 0, "other": 0.04},
    "barriers": {"stigma": 0.62, "discrimination": 0.36, "insurance": 0.45, "documents": 0.35, "waiting_list": 0.4, "distance": 0.18, "opening_hours": 0.15, "language": 0.4, "rules": 0.3, "costs": 0.25, "distrust": 0.42, "none": 0, "other": 0.06},
    "stigma_where": {"gp": 0.4, "hospital": 0.6, "pharmacy": 0.3, "mental_health": 0.5, "housing": 0.45, "police": 0.3, "benefits": 0.35, "neighbourhood": 0.55, "other": 0},
    "adaptations": {"hours": 0.35, "admission": 0.25, "smoking_places": 0.3, "somatic_care": 0.5, "older_clients": 0.35, "languages": 0.4, "outreach": 0.35, "ghb": 0.2, "materials": 0.4, "staff_training": 0.5, "other": 0.05},
    "adaptation_reasons": {"population": 0.6, "route": 0.42, "drug": 0.48, "covid": 0.4, "policy": 0.2, "finance": 0.2, "staff": 0.12, "other": 0.04},
    "registers": {"clients": 0.85, "visits": 0.6, "age": 0.7, "origin": 0.4, "drugs": 0.5, "routes": 0.25, "overdoses": 0.3, "syringes": 0.2, "none": 0},
    "delivers_to": {"ladis": 0.55, "municipality": 0.6, "health_service": 0.3, "umbrella": 0.2, "none": 0},
    "covid_measures": {"fewer_places": 0.55, "shorter_stay": 0.35, "takehome": 0.5, "protective": 0.85, "remote": 0.5, "vaccination": 0.3, "none": 0},
    "dcr_admission": {"age": 0.9, "pass": 0.75, "regional": 0.6, "opioid_crack": 0.8, "homeless": 0.35, "intake": 0.8, "rules": 0.9, "other": 0.05},
    "dcr_services": {"supervision": 1, "equipment": 0.95, "overdose_response": 0.95, "counselling": 0.8, "primary_care": 0.6, "training": 0.6, "oat": 0.25, "referral": 0.9, "meals": 0.9, "shower_laundry": 0.8, "phone_wifi": 0.6, "day_activities": 0.6},
    "nsp_materials": {"syringes": 1, "filters": 0.7, "water": 0.6, "spoons": 0.7, "swabs": 0.85, "acid": 0.6, "foil": 0.45, "pipes": 0.2, "condoms": 0.8, "containers": 0.75},
}  # fmt: skip
OTHER_TEXT = {
    "respondent_role": "Beleidsmedewerker", "clients_trend_reasons": "Verhuizing van de opvang", "cee_countries": "Oekraïne",
    "drugs_now": "Lachgas", "ghb_offer": "Groep voor naasten", "barriers": "Geen postadres", "adaptations": "Tuin ingericht",
    "adaptation_reasons": "Wens van bezoekers", "dcr_admission": "Geen overlast",
}  # fmt: skip
# What a person decided on them: question, written, decision, reason.
OTHER_DECISIONS = [
    ("barriers", "Geen postadres", "documents", "Zonder postadres geen inschrijving en geen documenten"),
    ("dcr_admission", "Geen overlast", "rules", "Staat in de huisregels"),
    ("drugs_now", "Lachgas", "new", "Volgende ronde eigen optie"),
    ("cee_countries", "Oekraïne", "new", "Volgende ronde eigen optie"),
    ("adaptations", "Tuin ingericht", "keep", "Past bij geen van de opties"),
    ("clients_trend_reasons", "Verhuizing van de opvang", "keep", "Past bij geen van de opties"),
]


def true_answers(
    questionnaire: Questionnaire, facilities: pd.DataFrame, scenario: str, rng: np.random.Generator, exact: bool = False
) -> pd.DataFrame:
    """One row a facility (index facility_id), typed answers as the pipeline should find them.

    `exact`: of a single choice, the scenario's shares hold to the facility rather than on average.

    Columns: facility_id, service, province, then the questions: codes, `question/choice` booleans, numbers,
    ISO dates, text. Answers to questions that were not relevant are missing.
    """
    columns = {name: facilities[name].to_numpy() for name in ("facility_id", "service", "province", "municipality")}
    columns["facility_name"] = facilities["name"].to_numpy()
    count = len(facilities)
    numbers = _numbers(columns["service"], scenario, rng)
    for question in questionnaire:
        if question.name in columns or question.pii or question.kind == "calculate":
            continue
        if question.kind == "select_one":
            columns[question.name] = _choose(question, scenario, count, rng, exact)
        elif question.kind == "select_multiple":
            for choice, ticked in _tick(question, scenario, count, rng).items():
                columns[f"{question.name}/{choice}"] = ticked
        elif question.kind in ("integer", "decimal"):
            columns[question.name] = numbers[question.name]
        elif question.kind == "date":
            columns[question.name] = _dates(question.name, count, rng)
        elif question.name.endswith("_other"):
            columns[question.name] = np.full(count, OTHER_TEXT[question.name.removesuffix("_other")], dtype=object)
        else:
            columns[question.name] = np.full(count, None, dtype=object)  # open text: `coding` writes it
    truth = pd.DataFrame(columns)
    return _only_relevant(truth, questionnaire)


def _choose(question: Question, scenario: str, count: int, rng, exact: bool) -> np.ndarray:
    shares = _shares(question.name, scenario)
    codes = list(shares) or [choice.name for choice in question.choices if choice.missing is None]
    weights = np.array(list(shares.values()) or [1.0] * len(codes))
    if exact:
        ends = np.round(np.cumsum(weights) / weights.sum() * count).astype(int)
        return rng.permutation(np.repeat(np.array(codes, dtype=object), np.diff(ends, prepend=0)))
    return rng.choice(np.array(codes, dtype=object), count, p=weights / weights.sum())


def _shares(name: str, scenario: str) -> dict[str, float]:
    if name == "consent":
        return {"yes": 1.0}
    if name == "clients_trend":
        shape = {"published": SLIGHTLY_DOWN, "reversed": UP, "flat": BALANCED}[scenario]
    elif name in RISING:
        shape = {"published": UP, "reversed": DOWN, "flat": BALANCED}[scenario]
    elif name == "injecting_trend":
        shape = {"published": DOWN, "reversed": UP, "flat": BALANCED}[scenario]
    elif name == "ghb_need_met":
        met = 0.25 if scenario == "published" else 0.76
        rest = 0.93 - met
        return {"fully": met, "partly": rest * 0.55, "hardly": rest * 0.35, "not_at_all": rest * 0.1, "dont_know": 0.07}
    elif name == "adapted":
        yes = 0.28 if scenario == "reversed" else 0.8
        return {"yes": yes, "no": 1 - yes}
    elif name in SOMATIC:
        many = SOMATIC[name] * (0.3 if scenario == "reversed" else 1)
        return {"none": (1 - many) * 0.2, "some": (1 - many) * 0.75, "many": many, "dont_know": (1 - many) * 0.05}
    else:
        return SELECT_ONE.get(name, {})
    return dict(zip(TREND, shape, strict=True))


def _tick(question: Question, scenario: str, count: int, rng) -> dict[str, np.ndarray]:
    shares = SELECT_MULTIPLE.get(question.name, {})
    ticks = {}
    for code in question.codes:
        share = shares.get(code, 0.15)
        if scenario == "reversed" and code in ("stigma", "discrimination") and question.name == "barriers":
            share = 0.08
        if scenario == "reversed" and code in ("population", "route", "drug") and question.name == "adaptation_reasons":
            share = 0.05
        ticks[code] = rng.random(count) < share
    # Whoever was asked ticks something: the option that is most often ticked.
    nothing = ~np.any(list(ticks.values()), axis=0)
    ticks[max(question.codes, key=lambda code: shares.get(code, 0.15))] |= nothing
    return ticks


# Over 60 lines: a table with a line a question. All lines draw from one stream of random numbers, and many build on a number drawn above
# (injecting now on injecting then), so that parts of it apart would have to hand each other most of what they draw.
def _numbers(service: np.ndarray, scenario: str, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Numbers by facility. Parts never exceed their totals here; contradictions are the mess's."""
    n = len(service)
    sign = {"published": 1, "reversed": -1, "flat": 0}[scenario]

    def whole(values, low=0):
        return np.maximum(np.round(values), low)

    def percent(values):
        return np.clip(np.round(values), 1, 99)

    size = pd.Series(service).map({"dcr": 120, "oat": 140, "hat": 42, "nsp": 110}).to_numpy()
    clients_then = whole(size * rng.lognormal(0, 0.55, n), 8)
    clients_now = whole(clients_then * rng.lognormal(-0.09 * sign, 0.14, n), 5)
    age50 = percent(rng.normal(48, 11, n))
    cee = np.clip(np.round(rng.lognormal(1.9, 0.6, n), 1), 1, 35)
    injecting = percent(rng.lognormal(2.4, 0.5, n))  # about 10 % inject (S14)
    ghb = whole(rng.lognormal(1.6, 0.7, n), 1)
    smoking = whole(rng.normal(14, 4, n), 4)  # mean 14 smoking and 5 injecting places (S14, 2010)
    injecting_places = whole(rng.normal(4, 2, n))
    oat_total = whole(rng.lognormal(4.6, 0.5, n), 15)
    buprenorphine = whole(oat_total * rng.uniform(0.05, 0.2, n))
    slots = whole(rng.normal(39, 9, n), 12)  # 668 slots at 17 units (S12): 39 a unit
    patients = whole(slots * rng.uniform(0.7, 1.0, n))
    inhaling = whole(patients * rng.uniform(0.6, 0.85, n))
    syringes = whole(rng.lognormal(8.3, 0.9, n), 200)  # about 240,000 through programmes (S22)
    return {
        "clients_then": clients_then,
        "clients_now": clients_now,
        "clients_men_pct": percent(rng.normal(78, 6, n)),  # 78 % men (S25)
        "clients_new_now": whole(clients_now * rng.uniform(0.01, 0.08, n)),  # 3 % new (S25)
        "age_mean": np.round(rng.normal(50, 3.5, n), 1),  # mean age 50 to 51 (S25)
        "age50_then": age50,
        "age50_now": percent(age50 + sign * 7 + rng.normal(0, 4, n)),
        "age25_now": percent(rng.lognormal(0.9, 0.5, n)),
        "cee_then": cee,
        "cee_now": np.clip(np.round(cee + sign * 0.5 * cee + rng.normal(0, 1.2, n), 1), 1, 60),
        "injecting_then": injecting,
        "injecting_now": percent(injecting * (1 - 0.25 * sign) * rng.lognormal(0, 0.15, n)),
        "ghb_clients_then": ghb,
        "ghb_clients_now": whole(ghb * (1 + 0.5 * sign) * rng.lognormal(0, 0.25, n), 1),
        "covid_closed_weeks": whole(rng.uniform(2, 20, n)),
        "dcr_places_smoking": smoking,
        "dcr_places_injecting": injecting_places,
        "dcr_places_total": smoking + injecting_places,
        "dcr_days_week": rng.choice([5.0, 6.0, 7.0], n, p=[0.2, 0.15, 0.65]),
        "dcr_hours_week": np.round(rng.normal(62, 16, n) * 2) / 2,
        "dcr_visitors_day": whole(rng.lognormal(3.1, 0.35, n), 5),  # 22 visitors a room (2010, S13)
        "dcr_registered": clients_now,
        "dcr_min_age": rng.choice([18.0, 21.0, 23.0], n, p=[0.6, 0.3, 0.1]),
        "dcr_overdoses_year": rng.poisson(1.2, n).astype(float),
        "oat_clients_total": oat_total,
        "oat_clients_methadone": oat_total - buprenorphine,
        "oat_clients_buprenorphine": buprenorphine,
        "oat_takehome_days": rng.choice([3.0, 7.0, 14.0], n, p=[0.25, 0.55, 0.2]),
        "hat_slots": slots,
        "hat_patients": patients,
        "hat_injecting": patients - inhaling,
        "hat_inhaling": inhaling,
        "hat_sessions_day": rng.choice([2.0, 3.0], n, p=[0.35, 0.65]),
        "hat_waiting": rng.poisson(1.5, n).astype(float),
        "nsp_syringes_out": syringes,
        "nsp_syringes_in": whole(syringes * rng.uniform(0.55, 0.95, n)),
        "nsp_points": whole(rng.uniform(1, 4, n)),
        "nsp_machines": rng.poisson(0.4, n).astype(float),
        # 10 syringes a person and week is the published rule (S35).
        "nsp_clients": whole(syringes / 200, 3),
    }


def _dates(name: str, count: int, rng) -> np.ndarray:
    if name == "dcr_opened":
        start, days = pd.Timestamp("1994-06-10"), 8000  # the first room opened then (S8)
    else:
        start, days = pd.Timestamp("2021-03-01"), 210
    return np.array(
        [(start + pd.Timedelta(days=int(day))).strftime("%Y-%m-%d") for day in rng.integers(0, days, count)],
        dtype=object,
    )


def _only_relevant(truth: pd.DataFrame, questionnaire: Questionnaire) -> pd.DataFrame:
    """Empty what the form would not have asked, in form order, as skips depend on answers before."""
    for question in questionnaire:
        if not question.relevant:
            continue
        hidden = ~compile_expression(question.relevant).holds(truth)
        for column in [c for c in truth.columns if c == question.name or c.startswith(f"{question.name}/")]:
            truth[column] = truth[column].astype(object).mask(hidden, None)
    return truth
