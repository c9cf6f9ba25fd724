"""What goes wrong between a true answer and a raw export; every injected error is written down.

A submission is a dict: facility_id, kind (kept, duplicate, test, empty, out_of_frame), mode, submitted,
answers (question -> text as the person gave it; `question/choice` -> "1" or "0"), and once it is in a
file: source and row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

VISIBLE = ""


@dataclass(frozen=True)
class Kind:
    """One kind of error: where it can strike, how it changes an answer, what cleaning should say of it."""

    name: str
    questions: tuple[str, ...]
    change: Callable[[str, dict, np.random.Generator], str | None]
    rule: str
    times: int
    modes: tuple[str, ...] = ("interview", "questionnaire")
    unseen_because: str = VISIBLE
    needs_answer: bool = True


def _pick(*forms: str) -> Callable:
    return lambda value, answers, rng: forms[rng.integers(len(forms))].format(value)


def _around(value: str, answers: dict, rng) -> str | None:
    middle = int(value)
    if middle < 6:
        return None
    form = ("{}-{}", "{} tot {}", "{} à {}")[rng.integers(3)]
    return form.format(middle - 2, middle + 2)


def _thousands(value: str, answers: dict, rng) -> str | None:
    return f"{int(value):,}".replace(",", ".") if int(value) >= 1000 else None


def _fraction(value: str, answers: dict, rng) -> str | None:
    share = float(value) / 100
    if not 0.02 <= share < 1:
        return None
    return f"{share:.4g}".replace(".", "," if rng.random() < 0.5 else ".")


def _decimal_comma(value: str, answers: dict, rng) -> str | None:
    return value.replace(".", ",") if "." in value else None


def _below_parts(*parts: str) -> Callable:
    def change(value: str, answers: dict, rng) -> str | None:
        if any(not answers.get(part, "").isdigit() for part in parts):
            return None
        total = sum(int(answers[part]) for part in parts)
        return str(total - 3) if total > 6 else None

    return change


def _day_first(value: str, answers: dict, rng) -> str:
    year, month, day = value.split("-")
    return f"{day}-{month}-{year}"


def _serial(value: str, answers: dict, rng) -> str:
    # Excel counts days from 30 December 1899.
    return str((np.datetime64(value) - np.datetime64("1899-12-30")).astype(int))


def _when(question: str, answer: str, text: str) -> Callable:
    """An answer to a question that the skip logic hides after `answer` to `question`."""
    return lambda value, answers, rng: text if answers.get(question) == answer else None


def _swap_digits(value: str, answers: dict, rng) -> str | None:
    return (
        value[::-1] if value.isdigit() and len(value) == 2 and value[0] != value[1] and value[1] not in "01" else None
    )


def _add(text: str) -> Callable:
    return lambda value, answers, rng: f"{value} {text}".strip()


KINDS_2021 = [
    Kind("number_with_words", ("clients_now", "clients_then"), _pick("ca. {}", "ongeveer {}", "± {}", "{} personen"), "number_with_words", 9),
    Kind("range", ("ghb_clients_now", "dcr_visitors_day", "clients_new_now"), _around, "range_midpoint", 6),
    Kind("thousands_point", ("nsp_syringes_out", "nsp_syringes_in"), _thousands, "thousands_point", 8),
    Kind("decimal_comma", ("age_mean", "cee_now", "cee_then"), _decimal_comma, "decimal_comma", 9),
    Kind("fraction_for_percent", ("injecting_now", "injecting_then", "age25_now"), _fraction, "percent_from_fraction", 8),
    Kind("dont_know_in_words", ("clients_new_now", "age25_now", "clients_men_pct"), _pick("weet niet", "Weet ik niet", "onbekend"), "missing_word", 9),
    Kind("not_applicable_in_words", ("nsp_machines", "hat_waiting", "ghb_clients_then"), _pick("n.v.t.", "nvt", "niet van toepassing"), "missing_word", 6),
    Kind("minus_nine", ("clients_new_now", "covid_closed_weeks"), _pick("-9"), "constraint", 3),
    Kind("nine_nine_nine", ("age50_then", "clients_men_pct"), _pick("999"), "constraint", 4),
    Kind("out_of_range", ("age_mean",), _pick("150", "5"), "constraint", 3),
    Kind("out_of_range_days", ("dcr_days_week",), _pick("9"), "constraint", 2),
    Kind("hidden_by_skip", ("covid_closed_weeks",), _when("covid_closed", "no", "4"), "skip_logic", 4, needs_answer=False),
    Kind("hidden_by_skip_ghb", ("ghb_clients_now",), _when("ghb_seen", "no", "3"), "skip_logic", 4, needs_answer=False),
    Kind("total_below_parts_dcr", ("dcr_places_total",), _below_parts("dcr_places_smoking", "dcr_places_injecting"), "total_of_parts", 2),
    Kind("total_below_parts_oat", ("oat_clients_total",), _below_parts("oat_clients_methadone", "oat_clients_buprenorphine"), "total_of_parts", 3),
    Kind("total_below_parts_hat", ("hat_patients",), _below_parts("hat_injecting", "hat_inhaling"), "total_of_parts", 2),
    Kind("date_day_first", ("interview_date",), _day_first, "date_day_first", 8),
    Kind("date_serial", ("interview_date",), _serial, "excel_serial_date", 4, modes=("questionnaire",)),
    Kind("no_number_at_all", ("clients_then", "dcr_visitors_day"), _pick("veel", "wisselend"), "not_understood", 4),
    Kind("plausible_slip", ("clients_men_pct",), _swap_digits, "", 3, unseen_because="a plausible number in range: nothing in the export tells it from the truth"),
    Kind("contact_in_text", ("remarks", "wishes_open"), _pick(
        "{} Mail gerust: f.devries@kompas.example", "{} Bel mij op 06-12345678", "{} U bereikt ons op +31 20 794 0800",
    ), "masked", 6, needs_answer=False),
]  # fmt: skip
# No errors: text is data, and must come through as it is.
ODD_TEXT = [
    '=SOM(A1:A9) staat er in ons overzicht', "#1 wens: rust", "<b>Meer</b> tijd & aandacht", 'Zij zegt: "kom binnen"; dat helpt',
    "Eerste regel\nTweede regel", "Fijn team 🙂", "+ meer personeel", "@allen: dank", '#read("/etc/passwd")', "`{python} 1+1`",
]  # fmt: skip


def inject(submissions: list[dict], kinds: list[Kind], rng: np.random.Generator) -> list[dict]:
    """Change answers in place; returns the errors (without source and row, which the export adds).

    Each answer is struck at most once, and only submissions that are kept.
    """
    errors, struck = [], set()
    candidates = [submission for submission in submissions if submission["kind"] == "kept"]
    for kind in kinds:
        left = kind.times
        for place in rng.permutation(len(candidates)):
            submission = candidates[place]
            question = kind.questions[left % len(kind.questions)]
            answers = submission["answers"]
            value = answers.get(question, "")
            if left == 0 or submission["mode"] not in kind.modes or (id(submission), question) in struck:
                continue
            if kind.needs_answer and not value:
                continue
            changed = kind.change(value, answers, rng)
            if changed is None or changed == value:
                continue
            answers[question] = changed
            struck.add((id(submission), question))
            left -= 1
            errors.append(
                {"submission": submission, "question": question, "raw": changed, "truth": value, "kind": kind.name,
                 "expected_rule": kind.rule, "visible": "false" if kind.unseen_because else "true", "reason": kind.unseen_because}
            )  # fmt: skip
        if left:
            raise ValueError(f"no room for {left} more of {kind.name}")
    return errors


def odd_texts(submissions: list[dict], rng: np.random.Generator) -> None:
    """Put text that looks like a formula, markup or code into remarks."""
    kept = [one for one in submissions if one["kind"] == "kept" and "@" not in one["answers"].get("remarks", "")]
    free = [one for one in kept if not any(mark in one["answers"].get("remarks", "") for mark in ("06-", "+31"))]
    for text, place in zip(ODD_TEXT, rng.permutation(len(free)), strict=False):
        free[place]["answers"]["remarks"] = text


def misspell_names(submissions: list[dict], register, rng: np.random.Generator) -> tuple[list[dict], list[dict]]:
    """Misspelt and abbreviated facility names; returns (errors, a person's decisions for names.csv)."""
    names = register.set_index("facility_id")
    errors, decisions = [], []
    kept = [one for one in submissions if one["kind"] in ("kept", "duplicate")]
    for number, place in enumerate(rng.permutation(len(kept))[:30]):
        submission = kept[place]
        facility = names.loc[submission["facility_id"]]
        name = facility["name"]
        if number < 3:
            written = f"{facility['organisation']} locatie {number + 1}"
            decisions.append({"written": written, "service": facility["service"], "facility_id": submission["facility_id"],
                              "reason": "Gebeld met de organisatie"})  # fmt: skip
        elif number < 12 and facility["aliases"]:
            written = facility["aliases"].split("|")[0]
        elif number < 18:
            written = name.lower()
        elif number < 24:
            middle = len(name) // 2 + int(rng.integers(0, 3))
            written = name[:middle] + name[middle + 1 :]
            decisions.append({"written": written, "service": facility["service"], "facility_id": submission["facility_id"],
                              "reason": "Schrijffout"})  # fmt: skip
        else:
            written = f"{name.replace('De ', 'de ')} ({facility['municipality']})"
        submission["answers"]["facility_name"] = written
        errors.append({"submission": submission, "question": "facility_name", "raw": written, "truth": name, "kind": "facility_name",
                       "expected_rule": "name_matched", "visible": "true", "reason": ""})  # fmt: skip
    return errors, decisions
