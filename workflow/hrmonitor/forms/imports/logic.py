"""Other tools' conditions as XLSForm expressions. What has no equal stays as it is, and fails the check that follows."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""(?:(?P<text>"[^"]*"|'[^']*')|(?P<name>[A-Za-z_][\w.]*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>&&|\|\||==|!=|<>|>=|<=|[=<>!()+*/,-])|(?P<rest>\S))"""
)


def from_redcap(condition: str, multiple: set[str]) -> str:
    """`[sex] = '1' and [media(3)] = '1'` as `${sex} = '1' and selected(${media}, '3')`."""
    text = re.sub(r"\s+", " ", condition.replace("<>", "!=")).strip()
    # REDCap takes its operators in any case; what stands in quotation marks stays.
    parts = re.split(r"(\"[^\"]*\"|'[^']*')", text)
    parts[::2] = [re.sub(r"\b(AND|OR)\b", lambda word: word.group().lower(), part, flags=re.I) for part in parts[::2]]
    text = "".join(parts)

    def box(match: re.Match) -> str:
        name, code, sign, value = match.groups()
        ticked = f"selected(${{{name}}}, '{code}')"
        return ticked if (sign == "=") == (value == "1") else f"not({ticked})"

    text = re.sub(r"\[(\w+)\((\w+)\)\]\s*(!=|=)\s*['\"]?([01])['\"]?", box, text)
    text = re.sub(r"\[(\w+)\]\s*(!=|=)\s*\"([^\"]*)\"", r"[\1] \2 '\3'", text)
    return re.sub(r"\[(\w+)\]", r"${\1}", text)


def from_limesurvey(relevance: str, options: dict[str, tuple[str, str]], names: dict[str, str]) -> str:
    """`a.NAOK == "Y" && !is_empty(b)` as `${a} = 'Y' and ${b} != ''`.

    `options`: LimeSurvey's variable of a box -> (question, option); `names`: other variables -> question.
    """
    parts: list[str] = []
    tokens = [(match.lastgroup or "", match.group(match.lastgroup or 0)) for match in TOKEN.finditer(relevance)]
    place = 0
    while place < len(tokens):
        kind, token = tokens[place]
        ahead = [value for _, value in tokens[place : place + 6]]
        negated = token == "!" and ahead[1:2] == ["is_empty"]
        if negated or token == "is_empty":
            offset = 1 if negated else 0
            variable = ahead[offset + 2].split(".")[0] if len(ahead) > offset + 2 else ""
            parts.append(f"${{{names.get(variable, variable)}}} {'!=' if negated else '='} ''")
            place += offset + 4
            continue
        variable = token.split(".")[0]
        if kind == "name" and variable in options and len(ahead) > 2 and ahead[1] in ("==", "=", "!="):
            question, option = options[variable]
            ticked = f"selected(${{{question}}}, '{option}')"
            yes = (ahead[1] != "!=") == (ahead[2].strip("'\"") == "Y")
            parts.append(ticked if yes else f"not({ticked})")
            place += 3
            continue
        parts.append(_token(kind, token, names))
        place += 1
    return re.sub(r"\( | (?=\))", lambda match: match.group().strip(), " ".join(parts))


def _token(kind: str, token: str, names: dict[str, str]) -> str:
    same = {"&&": "and", "||": "or", "==": "=", "!": "not", "and": "and", "or": "or", "eq": "=", "ne": "!=", "<>": "!="}
    if token.lower() in same:
        return same[token.lower()]
    if kind == "name":
        variable = token.split(".")[0]
        return f"${{{names[variable]}}}" if variable in names else token
    if kind == "text":
        return f"'{token[1:-1]}'"
    return token


def from_qualtrics(logic: dict, places: dict[str, tuple[str, str | None]]) -> str:
    """Display logic of Qualtrics; an operator that has no equal is kept as a word that cannot be evaluated."""
    groups = []
    for key in sorted((key for key in logic if key.isdigit()), key=int):
        parts: list[str] = []
        for inner in sorted((key for key in logic[key] if key.isdigit()), key=int):
            term = logic[key][inner]
            joined = f" {str(term.get('Conjuction', term.get('Conjunction', 'And'))).lower()} " if parts else ""
            parts.append(joined + _qualtrics_term(term, places))
        groups.append("".join(parts))
    return " or ".join(f"({group})" for group in groups) if len(groups) > 1 else "".join(groups)


def _qualtrics_term(term: dict, places: dict[str, tuple[str, str | None]]) -> str:
    locator = re.match(
        r"q://(QID\d+)/Selectable(?:Choice|Answer)/(\d+)$", term.get("LeftOperand", "") or term.get("ChoiceLocator", "")
    )
    operator = term.get("Operator")
    question, option = places.get(f"{locator[1]}-{locator[2]}", ("", None)) if locator else ("", None)
    # Of a matrix, the locator names a row and no answer.
    if option is not None and operator in ("Selected", "NotSelected"):
        chosen = f"selected(${{{question}}}, '{option}')"
        return chosen if operator == "Selected" else f"not({chosen})"
    return f"{operator or 'unknown'}?"
