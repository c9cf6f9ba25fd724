"""The register of facilities (the sampling frame), and which facility a written name means."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz, process

from hrmonitor.errors import RegisterError
from hrmonitor.files.distinct import distinct, replaced, whole_match
from hrmonitor.files.handmade_csv import read_frame

COLUMNS = ["facility_id", "name", "aliases", "organisation", "service", "province", "municipality", "opened", "closed"]
# Who answers for the facility, where that is not its organisation; a register may have this column.
RESPONDENT_GROUP = "respondent_group"
# The group (`rounds.{name}.group`) that the facility belongs to; needed where rounds of several groups share the register.
GROUP = "group"
OUT_OF_FRAME = "out_of_frame"
# In place of a place in the register: the name may mean several facilities, or none.
SEVERAL = -1


def read_register(path: str | Path) -> pd.DataFrame:
    """The register, all columns strings, one row a facility. Raises `RegisterError` naming row and column."""
    register = _read(path, COLUMNS, [RESPONDENT_GROUP, GROUP])
    doubled = register.index[register["facility_id"].duplicated()]
    if len(doubled):
        raise RegisterError(
            f"{path}, row {doubled[0] + 2}: facility_id {register['facility_id'][doubled[0]]!r} is duplicated."
        )
    for column in ("opened", "closed"):
        # Excel on the Continent writes 2024-02-01 back as 01-02-2024.
        texts = pd.Series(distinct(register[column]), dtype="str")
        dates = texts.str.replace(r"^(\d{1,2})[-.](\d{1,2})[-.](\d{4})$", _year_first, regex=True)
        register[column] = replaced(register[column], dict(zip(texts, dates, strict=True)))
        real = (
            dates.str.fullmatch(r"\d{4}-\d{2}-\d{2}")
            & pd.to_datetime(dates, format="%Y-%m-%d", errors="coerce").notna()
        )
        wrong = dates[~(real | ((column == "closed") & (dates == "")))]
        for row in register.index[register[column].isin(wrong)][:1]:
            raise RegisterError(
                f"{path}, row {row + 2}, {column}: {register[column][row]!r} is no date; write yyyy-mm-dd."
            )
    turned = register.index[(register["closed"] != "") & (register["closed"] < register["opened"])]
    if len(turned):
        raise RegisterError(
            f"{path}, row {turned[0] + 2}, closed: {register['closed'][turned[0]]} is before it opened. Correct one of the two."
        )
    return register


def _year_first(match: re.Match) -> str:
    day, month, year = match.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _read(path: str | Path, columns: list[str], optional: Sequence[str] = ()) -> pd.DataFrame:
    try:
        table = read_frame(path)
    except (OSError, csv.Error) as error:
        raise RegisterError(f"{path}: the file cannot be read ({error}). Save it as CSV in UTF-8.") from error
    table = table if len(table) else pd.DataFrame(columns=columns, dtype="str")
    missing = [column for column in columns if column not in table]
    if missing:
        raise RegisterError(f"{path}: the column {missing[0]!r} is missing. It needs: {', '.join(columns)}.")
    return table[[*columns, *(column for column in optional if column in table)]].copy()


def frame_of_year(register: pd.DataFrame, year: int) -> pd.DataFrame:
    """The facilities that were open at some time in `year`: the population of a round."""
    opened = register["opened"].str[:4].astype(int) <= year
    closed = register["closed"].replace("", "9999").str[:4].astype(int) >= year
    return register[opened & closed]


def of_group(register: pd.DataFrame, group: str | None) -> pd.DataFrame:
    """The facilities of a group; all of them for a round without one. Raises `RegisterError` where the register does not say, or has none."""
    if not group or register.empty:
        return register
    if GROUP not in register:
        raise RegisterError(
            f"The register has no column {GROUP!r}, and config.yaml has rounds of several groups. Add the column, with a code of `groups.names` for "
            "each facility."
        )
    own = register[register[GROUP] == group]
    if own.empty:
        raise RegisterError(
            f"The register has no facility whose {GROUP} is {group!r}. Codes that it has: {', '.join(sorted(set(register[GROUP])))}."
        )
    return own.reset_index(drop=True)


def read_contacts(path: str | Path, register: pd.DataFrame) -> pd.DataFrame:
    """facility_id, approached_on, outcome: who was approached. Raises `RegisterError` on an unknown facility."""
    contacts = _read(path, ["facility_id", "approached_on", "outcome"])
    unknown = contacts.index[~contacts["facility_id"].isin(register["facility_id"])]
    if len(unknown):
        raise RegisterError(
            f"{path}, row {unknown[0] + 2}: the register has no facility {contacts['facility_id'][unknown[0]]!r}. "
            "Correct it, or add the facility to the register."
        )
    return contacts


def read_decisions(path: str | Path, register: pd.DataFrame) -> pd.DataFrame:
    """written, service, facility_id, reason: a person's decisions on names; no facility_id means outside the frame.

    Raises `RegisterError` naming the row for an unknown facility, one of another service, and two decisions on one name.
    """
    decisions = _read(path, ["written", "service", "facility_id", "reason"])
    named = decisions["facility_id"] != ""
    unknown = decisions.index[named & ~decisions["facility_id"].isin(register["facility_id"])]
    if len(unknown):
        raise RegisterError(
            f"{path}, row {unknown[0] + 2}: the register has no facility {decisions['facility_id'][unknown[0]]!r}."
        )
    keys = pd.DataFrame({"written": decisions["written"].map(normal), "service": decisions["service"]})
    doubled = decisions.index[keys.duplicated()]
    if len(doubled):
        raise RegisterError(f"{path}, row {doubled[0] + 2}: an earlier row decides on this name. Keep one.")
    services = decisions["facility_id"].map(register.set_index("facility_id")["service"])
    other = decisions.index[named & (decisions["service"] != "") & (services != decisions["service"])]
    if len(other):
        one = decisions.loc[other[0]]
        raise RegisterError(
            f"{path}, row {other[0] + 2}: {one['facility_id']} is {services[other[0]]!r} in the register, and the answer says "
            f"{one['service']!r}. Correct the service in the answer or in the register, or choose another facility."
        )
    return decisions


def normal(name: str) -> str:
    """A name without accents, case, punctuation and double spaces; letters and digits of every script stay, and "+", which names an edition."""
    text = name.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        # Letters (L), marks that are vowels in some scripts (M) and numbers (N).
        text = "".join(
            one if unicodedata.category(one)[0] in "LMN" or one.isascii() else " "
            for one in text
            if not unicodedata.combining(one)
        ).casefold()
    return re.sub(r"(?:[^\w+\u0080-\U0010ffff]|_)+", " ", text).strip()


def normals(texts: Iterable[str]) -> list[str]:
    """`normal` of each text; those of single blanks, letters and digits of ASCII no Python looks at."""
    import pyarrow as pa
    from pyarrow import compute

    given = pa.array(texts, pa.large_string())
    plain = whole_match(given, "[A-Za-z0-9+]+(?: [A-Za-z0-9+]+)*")
    found = compute.ascii_lower(given).to_pylist()
    for place in compute.indices_nonzero(compute.invert(plain)).to_pylist():
        found[place] = normal(given[place].as_py())
    return found


def identifiers(register: pd.DataFrame, decisions: pd.DataFrame | None = None) -> set[str]:
    """By `normal`, everything by which a submission finds its facility: ids, names, aliases, and names that people decided on."""
    aliases = (alias for joined in distinct(register["aliases"]) if joined for alias in joined.split("|"))
    written = decisions["written"] if decisions is not None else ()
    texts = {*register["facility_id"].tolist(), *register["name"].tolist(), *aliases, *written}
    return {*normals(sorted(texts))} - {""}


def match_names(
    written: pd.DataFrame, frame: pd.DataFrame, decisions: pd.DataFrame, decisions_path: str
) -> pd.DataFrame:
    """The facility behind each written name.

    `written` has `source, row, name, service`; `frame` is the register of the year. Returns, on the same index,
    `facility_id` (or `out_of_frame`) and `how` (`exact`, `alias`, `alike` but for case, accents, signs and the place behind
    it, `decided`). A name that cannot be settled raises `RegisterError` with the nearest facilities and the line for the
    decisions file.
    """
    return Known(frame, decisions).match(written, decisions_path)


class Known:
    """The facilities of a year by the ways to write their names, and what people decided about names."""

    def __init__(self, frame: pd.DataFrame, decisions: pd.DataFrame):
        self.frame = frame
        self.decided = {
            (normal(row.written), row.service): row.facility_id or OUT_OF_FRAME for row in decisions.itertuples()
        }
        self.names = cache(lambda service: _Names(self.candidates(service)))

    @cached_property
    def by_id(self) -> pd.DataFrame:
        """The frame, indexed by facility."""
        return self.frame.set_index("facility_id")

    @cached_property
    def names_known(self) -> set[str]:
        """How facilities are named in the register, and what people decided on, by `normal`."""
        return {*normals(self.frame["name"].tolist()), *(written for written, _ in self.decided)}

    def match(self, written: pd.DataFrame, decisions_path: str) -> pd.DataFrame:
        """See `match_names`."""
        # Each distinct name once: a large round writes one many times.
        each = written.drop_duplicates(["name", "service"])
        written_as = zip(each["name"].tolist(), each["service"].tolist(), normals(each["name"].tolist()), strict=True)
        found = [self._find(*one) for one in written_as]
        unknown = [place for place, (facility, _) in enumerate(found) if facility is None]
        if unknown:
            one = next(each.iloc[unknown[:1]].itertuples())
            raise RegisterError(_unknown(one, self.candidates(one.service), decisions_path))
        matched = pd.DataFrame(found, columns=["facility_id", "how"])
        # The names of the register itself are those of facilities that are open.
        decided = {facility for facility, how in found if facility and how == "decided"} - {OUT_OF_FRAME}
        closed = sorted(facility for facility in decided if facility not in self.by_id.index)
        if closed:
            raise RegisterError(
                f"{decisions_path}: by its dates in the register, {closed[0]} was not open in the year of the round. Correct them, or leave "
                "facility_id empty: then the answer is outside the frame."
            )
        matched = matched.assign(**each[["name", "service"]].reset_index(drop=True))
        return written[["name", "service"]].merge(matched, how="left").set_index(written.index)[["facility_id", "how"]]

    def candidates(self, service: str) -> pd.DataFrame:
        return self.frame[self.frame["service"] == service] if service else self.frame

    def find(self, name: str, service: str) -> tuple[str | None, str]:
        """The facility and how it was found (exact, alias, alike, decided); None if undecided."""
        return self._find(name, service, normal(name))

    def _find(self, name: str, service: str, key: str) -> tuple[str | None, str]:
        if (key, service) in self.decided:
            return self.decided[key, service], "decided"
        return self.names(service).find(name, key)


class _Names:
    """The names of some facilities, looked up without going through them all."""

    def __init__(self, candidates: pd.DataFrame):
        self.candidates = candidates
        self.ids = candidates["facility_id"].tolist()
        self.written = candidates["name"].tolist()
        self.exact = _by_key(enumerate(self.normal))

    @cached_property
    def normal(self) -> list[str]:
        return normals(self.written)

    @cached_property
    def alias(self) -> dict[str, int]:
        return _by_key(
            (place, key)
            for place, joined in enumerate(self.candidates["aliases"].tolist())
            if joined
            for key in {normal(alias) for alias in joined.split("|") if alias}
        )

    @cached_property
    def longer(self) -> dict[str, int]:
        """The place is often written behind the name."""
        places = normals(self.candidates["municipality"].tolist())
        return _by_key((place, f"{self.normal[place]} {municipality}") for place, municipality in enumerate(places))

    def find(self, name: str, key: str) -> tuple[str | None, str]:
        if (place := self.exact.get(key, SEVERAL)) != SEVERAL:
            # Written as in the register but for case and accents.
            return self.ids[place], "exact" if self.written[place] == name else "alike"
        for by_key, how in ((self.alias, "alias"), (self.longer, "alike")):
            if (place := by_key.get(key, SEVERAL)) != SEVERAL:
                return self.ids[place], how
        # One letter may tell two facilities apart ("Reiger", "Steiger"): a misspelt name is for a person to decide on.
        return None, ""


def _by_key(pairs: Iterable[tuple[int, str]]) -> dict[str, int]:
    """key -> the place of the facility that it means, or `SEVERAL` where it may mean more than one, from (place, key)."""
    found: dict[str, int] = {}
    for place, key in pairs:
        if not key:  # a name of signs alone
            continue
        found[key] = SEVERAL if key in found else place
    return found


def unknown_names(written: pd.DataFrame, frame: pd.DataFrame, decisions: pd.DataFrame) -> pd.DataFrame:
    """All names at which `match_names` would stop, each once: `source row name service nearest line`.

    `nearest` names the likeliest facility; `line` is that decision for the file of decisions, to be judged by a person.
    """
    known = Known(frame, decisions)
    found = []
    for one in written.drop_duplicates(["name", "service"]).itertuples():
        if known.find(one.name, one.service)[0] is None:
            candidates = known.candidates(one.service)
            near = _nearest(one.name, candidates)
            found.append((one.source, one.row, one.name, one.service, "; ".join(near[:1]), _line(one, near)))
    return pd.DataFrame(found, columns=["source", "row", "name", "service", "nearest", "line"])


def _nearest(name: str, candidates: pd.DataFrame) -> list[str]:
    """The three facilities whose names are most like it, as "id name"."""
    if not name:
        return []
    names = dict(zip(candidates["facility_id"], candidates["name"].map(normal), strict=True))
    labels = candidates.set_index("facility_id")["name"]
    near = process.extract(normal(name), names, scorer=fuzz.ratio, limit=3)
    return [f"{facility} {labels[facility]}" for _, _, facility in near]


def _line(one, near: list[str]) -> str:
    written = one.name.replace('"', '""')
    return f'"{written}",{one.service},{near[0].split()[0] if near else ""},'


def _unknown(one, candidates: pd.DataFrame, decisions_path: str) -> str:
    near = _nearest(one.name, candidates)
    return (
        f"{one.source}, row {one.row}: the register has no facility {one.name!r}"
        f"{f' ({one.service})' if one.service else ''}. Nearest: {'; '.join(near) or 'none'}. "
        f"Add a line to {decisions_path}, for example {_line(one, near)} "
        "(leave facility_id empty if it is outside the frame)."
    )
