"""What a kind of decision is: its record, what a person sees of each case, and which decisions are possible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from hrmonitor.cli.decisions.reading import RoundReading
from hrmonitor.cli.decisions.records import Record

# What a record keeps of each decision beside the decision itself.
WHY = ("reason", "who", "when")
# A drop-down shows one line of this length.
LONGEST = 120
# Text by what it is about; `workbook.words` gives it.
Words = dict


class ChoiceError(ValueError):
    """A decision that is not possible; the message completes "cell E7: "."""


@dataclass(frozen=True)
class Option:
    """A possible decision: `value` is kept in the record, `text` is shown in the drop-down."""

    value: str
    text: str


def option(value: str, label: str) -> Option:
    """The option with its code in front: two options may have one label, never one code."""
    text = f"{value} – {flat(label)}" if flat(label) not in ("", value) else value
    return Option(value, text if len(text) <= LONGEST else f"{text[: LONGEST - 2]} …")


@dataclass(frozen=True)
class Item:
    """One case to decide on.

    keys: what identifies it in the record, one key a line (a heading of several files has several).
    shown: cells for the person, as the sheet's headings name them.
    present: the decision on record, None if there is none. reason, who, when: as on record.
    several: whether several options, separated by `|`, make a decision.
    blocks: whether the round cannot be built without a decision.
    """

    keys: tuple[tuple[str, ...], ...]
    shown: tuple[str | int, ...]
    options: tuple[Option, ...]
    suggestion: str = ""
    present: str | None = None
    reason: str = ""
    who: str = ""
    when: str = ""
    several: bool = False
    blocks: bool = False

    def on_record(self, present: str | None, row: Mapping[str, str]) -> Item:
        """The case with its decision, and with who decided, when and why as the record's line says it."""
        reason, who, when = (row.get(column, "") for column in WHY)
        return replace(self, present=present, reason=reason, who=who, when=when)

    @property
    def open(self) -> bool:
        return self.present is None

    def text_of(self, value: str | None) -> str:
        """A decision as the drop-down shows it; "" for None."""
        if value is None:
            return ""
        by_value = {one.value: one.text for one in self.options}
        parts = [part.strip() for part in value.split("|")] if self.several else [value]
        return " | ".join(by_value.get(part, part) for part in parts)

    def value_of(self, text: str) -> str:
        """The decision that a filled cell means. Raises `ChoiceError` when it is none of the options."""
        known = {flat(one.value).casefold(): one.value for one in self.options if one.value}
        known |= {flat(one.text).casefold(): one.value for one in self.options}
        whole = flat(text)
        if whole.casefold() in known:
            return known[whole.casefold()]
        parts = [part.strip() for part in whole.split("|") if part.strip()] if self.several else [whole]
        for part in parts:
            if part.casefold() not in known:
                several = " Several options are separated by |." if self.several else ""
                raise ChoiceError(f"“{part}” is not an option; choose from the list.{several}")
        return "|".join(dict.fromkeys(known[part.casefold()] for part in parts))


@dataclass(frozen=True)
class Sheet:
    """A kind of decision.

    name: what it is called in the code, in the texts, and as the key of the round in config.yaml.
    record: the file beside the questionnaire that keeps the decisions, unless config names another.
    key, value: the columns of the record that say what was decided on, and the decision.
    headings: of the cells that a person sees of an item, by their name in the texts; widths beside them.
    items: all cases of a round, those on record included.
    verify: reads the record as the build does; raises `UserError` when it cannot be right.
    same: two keys that `same` makes equal are one case.
    unique: whether two cases with one first cell of their key (the export) cannot have one decision, as columns and their questions.
    reason_needed: whether the build refuses a decision without a reason.
    """

    name: str
    record: str
    key: tuple[str, ...]
    value: str
    headings: dict[str, int]
    items: Callable[[RoundReading, Record, Words], list[Item]]
    verify: Callable[[str, RoundReading], object]
    same: Callable[[tuple[str, ...]], tuple[str, ...]] = field(default=lambda key: key)
    unique: bool = False
    reason_needed: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, self.value, *WHY)

    def id_of(self, item: Item) -> str:
        """What tells the item from all others, and nothing about a person; it stays when the workbook is written again."""
        return sha256(repr((self.name, *map(self.same, item.keys))).encode()).hexdigest()[:16]


def flat(text: str) -> str:
    return " ".join(text.split())
