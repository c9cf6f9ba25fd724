"""What printed forms say besides the questions, and skip logic in words."""

from __future__ import annotations

import re

from hrmonitor.questionnaire import Questionnaire

TEXTS = {
    "nl": {
        "questionnaire": "Vragenlijst", "guide": "Interviewleidraad", "only_if": "Alleen als", "and": " en ", "or": " of ", "not": "niet",
        "several": "meer antwoorden mogelijk", "one": "één antwoord", "number": "getal", "date": "datum (dd-mm-jjjj)", "is": "bij vraag {} is geantwoord: {}",
        "is_not": "bij vraag {} niet is geantwoord: {}", "answered": "vraag {} is beantwoord", "more": "bij vraag {} meer dan {} is geantwoord",
        "more_ticks": "bij vraag {} meer dan {} antwoorden zijn aangekruist", "namely": "namelijk",
        "no": "Nr.", "question": "Vraag", "answer": "Antwoord", "remark": "Toelichting", "page": "Bladzijde", "notes": "Aantekeningen",
        "how": "Kruis aan wat van toepassing is (□ meer antwoorden, ○ één antwoord) of schrijf uw antwoord op de lijn. Weet u iets niet, kruis dan 'weet niet' aan of laat het open.",
        "how_file": "Zet een x in de kolom Antwoord bij wat van toepassing is, of vul daar uw antwoord in. Schrijf bij 'anders' wat het is in de kolom Toelichting.",
        "guide_how": "Lees de vraag voor zoals zij er staat. Lees antwoorden alleen voor waar □ of ○ staat. Noteer de code in het systeem.",
    },
    "en": {
        "questionnaire": "Questionnaire", "guide": "Interview guide", "only_if": "Only if", "and": " and ", "or": " or ", "not": "not",
        "several": "several answers possible", "one": "one answer", "number": "number", "date": "date (dd-mm-yyyy)", "is": "the answer to question {} is: {}",
        "is_not": "the answer to question {} is not: {}", "answered": "question {} has an answer", "more": "the answer to question {} is more than {}",
        "more_ticks": "more than {1} answers to question {0} are ticked", "namely": "namely",
        "no": "No.", "question": "Question", "answer": "Answer", "remark": "Remark", "page": "Page", "notes": "Notes",
        "how": "Tick what applies (□ several answers, ○ one answer) or write your answer on the line. If you do not know, tick \"don't know\" or leave it open.",
        "how_file": "Put an x in the column Answer at what applies, or type your answer there. At \"other\", write what it is in the column Remark.",
        "guide_how": "Read each question as it stands. Read out answers only where □ or ○ stands. Enter the code in the system.",
    },
}  # fmt: skip
# Units stand in English in the form's own column; a Dutch page says them in Dutch.
UNITS = {
    "nl": {
        "persons": "personen", "years": "jaar", "places": "plaatsen", "days": "dagen", "hours": "uur", "weeks": "weken",
        "visits": "bezoeken", "syringes": "spuiten", "overdoses": "overdoses", "points": "punten", "machines": "automaten",
        "sessions": "sessies",
    }
}  # fmt: skip
EQUALS = re.compile(r"\$\{(\w+)\}\s*(=|!=)\s*'([^']*)'")
SELECTED = re.compile(r"(not\()?selected\(\s*\$\{(\w+)\}\s*,\s*'([^']*)'\s*\)(\))?")
MORE = re.compile(r"(count-selected\()?\$\{(\w+)\}\)?\s*>\s*(\d+)")


def condition(expression: str, questionnaire: Questionnaire, numbers: dict[str, int], lang: str) -> str | None:
    """Skip logic for a person, or None where it cannot be said simply."""
    words = TEXTS[lang]
    joined = []
    for group in re.split(r"\s+or\s+", expression):
        terms = [
            _term(part.strip().removeprefix("(").strip(), questionnaire, numbers)
            for part in re.split(r"\s+and\s+", group)
        ]
        if None in terms:
            return None
        named = {term[1] for term in terms if term[0] != "answered"}
        merged: dict[tuple[str, int], list[str]] = {}
        for key, number, value in terms:
            # "Has an answer" says nothing beside an answer that is named.
            if key != "answered" or number not in named:
                merged.setdefault((key, number), []).append(value if isinstance(value, str) else value.label(lang))
        parts = [words[key].format(number, words["or"].join(values)) for (key, number), values in merged.items()]
        joined.append(words["and"].join(parts))
    return words["or"].join(dict.fromkeys(joined))


def _term(term: str, questionnaire: Questionnaire, numbers: dict[str, int]):
    """(which wording, number of the question, value or choice), or None."""
    if match := MORE.match(term):
        name, key, code = match[2], "more_ticks" if match[1] else "more", match[3]
        return (key, numbers[name], code) if name in numbers else None
    if match := SELECTED.match(term):
        name, code, key = match[2], match[3], "is_not" if match[1] else "is"
    elif match := EQUALS.match(term):
        name, code, key = match[1], match[3], "is" if match[2] == "=" else "is_not"
    else:
        return None
    if name not in numbers:
        return None
    if code == "":
        return "answered", numbers[name], ""
    return key, numbers[name], questionnaire[name].choice(code)
