"""The fictional register of facilities, and which of them answer."""

from __future__ import annotations

import numpy as np
import pandas as pd

# Fictional care organisations and the provinces in which each works.
ORGANISATIONS = {
    "Stichting Noorderbaken": ("groningen", "friesland", "drenthe"),
    "Kompas Verslavingszorg": ("overijssel", "gelderland", "flevoland"),
    "De Veenbrug": ("utrecht", "flevoland"),
    "Stichting Zeewering": ("zeeland", "zuid_holland"),
    "Havenlicht Zorg": ("zuid_holland",),
    "Stichting Amstelkade": ("noord_holland",),
    "Zuiderpoort GGZ": ("noord_brabant", "limburg"),
    "Maasdal Zorggroep": ("limburg", "gelderland"),
}
MUNICIPALITIES = {
    "drenthe": ["Assen", "Emmen"],
    "flevoland": ["Almere", "Lelystad"],
    "friesland": ["Leeuwarden", "Drachten"],
    "gelderland": ["Arnhem", "Nijmegen", "Apeldoorn"],
    "groningen": ["Groningen"],
    "limburg": ["Maastricht", "Heerlen", "Venlo"],
    "noord_brabant": ["Eindhoven", "Tilburg", "'s-Hertogenbosch", "Breda"],
    "noord_holland": ["Amsterdam", "Haarlem", "Alkmaar"],
    "overijssel": ["Enschede", "Zwolle", "Deventer"],
    "utrecht": ["Utrecht", "Amersfoort"],
    "zeeland": ["Middelburg", "Vlissingen"],
    "zuid_holland": ["Rotterdam", "'s-Gravenhage", "Leiden", "Dordrecht"],
}
# Facilities are where people live: weights roughly follow the population of the provinces.
PROVINCE_WEIGHTS = {
    "drenthe": 2, "flevoland": 3, "friesland": 4, "gelderland": 11, "groningen": 5, "limburg": 9,
    "noord_brabant": 14, "noord_holland": 17, "overijssel": 7, "utrecht": 8, "zeeland": 3, "zuid_holland": 20,
}  # fmt: skip
KINDS_OF_NAME = {
    "dcr": "Gebruiksruimte",
    "oat": "Polikliniek",
    "hat": "Heroïne-unit",
    "nsp": "Spuitomruil",
}
ADJECTIVES = ["Groene", "Witte", "Oude", "Nieuwe", "Blauwe", "Gouden", "Stille", "Rode", "Lange", "Hoge"]
NOUNS = [
    "Haven", "Brug", "Vlonder", "Kade", "Sluis", "Molen", "Linde", "Toren", "Steiger", "Akker", "Poort",
    "Zwaluw", "Reiger", "Wilg", "Boei", "Terp", "Hoeve", "Duin",
]  # fmt: skip
# Open in 2018: 24 consumption rooms in 19 cities (domain.md S11); 17 heroin units in 16 cities (S12).
# The other sizes of the frame are not published and are assumed; raw/README.md says so.
OPEN_2021 = {"dcr": 22, "oat": 75, "hat": 17, "nsp": 60}
ANSWER_2021 = {"dcr": 17, "oat": 53, "hat": 17, "nsp": 29}
DCR_2018, DCR_CITIES_2018 = 24, 19


def make_register(rng: np.random.Generator) -> pd.DataFrame:
    """facility_id, name, aliases, organisation, service, province, municipality, opened, closed (ISO dates)."""
    names = [f"De {adjective} {noun}" for adjective in ADJECTIVES for noun in NOUNS]
    names = list(rng.permutation(names)) + [f"'t {noun}" for noun in NOUNS]
    rows = []
    for service in OPEN_2021:
        places = _places(service, rng)
        for number, (province, municipality) in enumerate(places, start=1):
            rows.append(_facility(service, number, names.pop(), province, municipality, rng))
    register = pd.DataFrame(rows)
    return _open_and_closed(register, rng)


def _places(service: str, rng: np.random.Generator) -> list[tuple[str, str]]:
    cities = [(province, city) for province, cities in MUNICIPALITIES.items() for city in cities]
    weights = np.array([PROVINCE_WEIGHTS[province] / len(MUNICIPALITIES[province]) for province, _ in cities])
    if service == "dcr":
        # 24 rooms that were open in 2018 in 19 cities: 19 cities once, five of them twice; and one room
        # that closed before 2018.
        chosen = rng.choice(len(cities), DCR_CITIES_2018, replace=False, p=weights / weights.sum())
        twice = rng.choice(chosen, DCR_2018 - DCR_CITIES_2018, replace=False)
        order = [*chosen, *twice, chosen[0]]
    elif service == "hat":
        chosen = rng.choice(len(cities), 16, replace=False, p=weights / weights.sum())
        order = [*chosen, chosen[0]]
    else:
        # Two to four more than are open: facilities close, and stay in the register.
        order = rng.choice(len(cities), OPEN_2021[service] + 3, p=weights / weights.sum()).tolist()
    return [cities[index] for index in order]


def _facility(service, number, proper_name, province, municipality, rng) -> dict:
    organisations = [name for name, provinces in ORGANISATIONS.items() if province in provinces]
    organisation = organisations[rng.integers(len(organisations))]
    name = f"{KINDS_OF_NAME[service]} {proper_name}"
    aliases = []
    if rng.random() < 0.35:
        initials = "".join(word[0] for word in proper_name.replace("'t", "Het").split())
        aliases.append(f"{ {'dcr': 'GR', 'oat': 'Poli', 'hat': 'HU', 'nsp': 'SO'}[service] } {initials} {municipality}")
    if rng.random() < 0.2:
        aliases.append(f"{organisation}, {proper_name}")
    return {
        "facility_id": f"NL-{service.upper()}-{number:03d}",
        "name": name,
        "aliases": "|".join(aliases),
        "organisation": organisation,
        "service": service,
        "province": province,
        "municipality": municipality,
    }


def _open_and_closed(register: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    years = rng.integers(1996, 2016, len(register))
    register["opened"] = [
        f"{year}-{month:02d}-01" for year, month in zip(years, rng.integers(1, 13, len(years)), strict=True)
    ]
    register["closed"] = ""
    dcr = register.index[register["service"] == "dcr"]
    register.loc[dcr[-1], "closed"] = "2016-06-30"
    # 24 rooms in 2018, 22 in 2021: two closed in between, in cities that keep another one.
    register.loc[dcr[DCR_CITIES_2018 : DCR_CITIES_2018 + 2], "closed"] = ["2019-03-31", "2020-09-30"]
    for service in ("oat", "nsp"):
        last = register.index[register["service"] == service][-3:]
        register.loc[last, "closed"] = ["2015-12-31", "2018-05-31", "2019-10-31"]
    return register


def frame_of_year(register: pd.DataFrame, year: int) -> pd.DataFrame:
    """The facilities that were open at some time in that year."""
    opened = register["opened"].str[:4].astype(int) <= year
    closed = register["closed"].replace("", "9999").str[:4].astype(int) >= year
    return register[opened & closed]


def who_answers(register: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The 116 facilities of 2021; which ones is chance, weighted so that provinces differ a little."""
    frame = frame_of_year(register, 2021)
    chosen = []
    for service, count in ANSWER_2021.items():
        stratum = frame[frame["service"] == service]
        weights = np.where(stratum["province"].isin(["zuid_holland", "limburg"]), 0.7, 1.0)
        picked = rng.choice(stratum.index, count, replace=False, p=weights / weights.sum())
        chosen.append(register.loc[sorted(picked)])
    return pd.concat(chosen)
