"""The shipped answers, parts of them left out, through every stage that works on answers: what a small or unlucky round looks like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import yaml
from hrmonitor.cleaning import clean
from hrmonitor.cleaning.other_answers import read_other
from hrmonitor.declarations.checks import check
from hrmonitor.disclosure.audit import known, protected
from hrmonitor.disclosure.rounding import round_totals
from hrmonitor.disclosure.rules import Rules
from hrmonitor.disclosure.suppressions import find_pattern, hide, questions_with_hidden_counts
from hrmonitor.disclosure.theme_cells import hide_themes
from hrmonitor.estimation.sampling_design import EstimationSettings
from hrmonitor.files.handmade_csv import read_rows
from hrmonitor.findings.sensitivity import reassess
from hrmonitor.findings.verdicts import Least, assess, strengths, with_statements
from hrmonitor.project.config import check_config
from hrmonitor.project.register import frame_of_year, identifiers, read_contacts, read_decisions, read_register
from hrmonitor.questionnaire.model import read_questionnaire
from hrmonitor.readers import read_export
from hrmonitor.readers.privacy import protect
from hrmonitor.readers.round_decisions import exports_to_read
from hrmonitor.response.dispositions import dispositions
from hrmonitor.response.items import item_nonresponse
from hrmonitor.response.modes import compare_modes
from hrmonitor.response.nonresponse import compare
from hrmonitor.response.rates import response_table
from hrmonitor.survey import Round
from hrmonitor.tabulation.against_published import (
    answered_pairs,
    compare_with_published,
    own_counts,
    read_comparisons,
    read_derived,
    read_reference,
)
from hrmonitor.tabulation.changes import all_changes
from hrmonitor.tabulation.indicators import estimate_round
from hrmonitor.themes.agreement import agreement_table, confusion_table
from hrmonitor.themes.codebook import read_themes
from hrmonitor.themes.coding import answers_to_code, read_coding, side_by_side
from hrmonitor.themes.prevalence import adjudicate, cleared_quotes, estimate_themes
from hrmonitor.themes.saturation import saturation_table


@dataclass
class Survey:
    """The shipped survey as far as it does not depend on who answered."""

    config: dict
    register: pd.DataFrame
    responses: dict[str, pd.DataFrame]
    notes: dict[str, pd.DataFrame]
    forms: dict

    @classmethod
    def shipped(cls) -> Survey:
        """Read from the working directory, which must be the project's."""
        config = check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
        register, responses, notes, forms = read_register(config["register"]), {}, {}, {}
        for name, block in config["rounds"].items():
            forms[name] = form = read_questionnaire(block["questionnaire"])
            read = [read_export(path, form, entry, source)[:2] for path, source, entry in exports_to_read(block)]
            decided = identifiers(register, read_decisions(block["names"], register))
            raw, masked = protect(pd.concat([part[0] for part in read], ignore_index=True), form, decided)
            responses[name] = raw
            notes[name] = pd.concat([*[part[1] for part in read], masked], ignore_index=True)
        return cls(config, register, responses, notes, forms)

    def part(self, kept: dict[str, pd.Series]) -> Survey:
        """The survey with some of the submissions of each round."""
        return replace(self, responses={name: table[kept[name]] for name, table in self.responses.items()})


def analyse(survey: Survey) -> dict[str, pd.DataFrame]:
    """Every table of results, checked against its declaration, as the rules make them."""
    config, register = survey.config, survey.register
    settings = EstimationSettings(
        **{key: config[key] for key in ("confidence", "seed", "dont_know_in_base")}, **config["estimation"]
    )
    rules = Rules(**config["disclosure"])
    cleaned, coded, tables = {}, [], {}
    for name, block in config["rounds"].items():
        cleaned[name] = _clean(survey, name, block)
        if "coding" in block:
            coded.append(_themes(survey, name, block, cleaned[name], settings, rules))
    for table in coded[0] if coded else []:
        tables[table] = pd.concat([part[table] for part in coded], ignore_index=True)
    alphas = tables["themes"].loc[tables["themes"]["service"] == "all", ["round", "question", "theme", "agreement"]]
    basis = tables["theme_basis"].merge(alphas, how="left")
    rounds = {
        name: Round(name, block["year"], cleaned[name]["facilities"], frame_of_year(register, block["year"]), survey.forms[name], basis)
        for name, block in config["rounds"].items()
    }  # fmt: skip
    pattern, _ = find_pattern(list(rounds.values()), settings, rules)
    estimates = pd.concat([estimate_round(round_, settings) for round_ in rounds.values()], ignore_index=True)
    tables["suppressions"] = pattern
    tables["indicators"] = round_totals(hide(estimates, "indicators", pattern), 0)
    tables["changes"] = hide(all_changes(rounds, settings), "changes", pattern)
    reference = config["report"]["reference"]
    how = (config["findings"], rounds, read_reference(reference), settings, Least(config["minimum_facilities"], config["minimum_organisations"]))
    tables["findings"] = with_statements(assess(*how), config["findings"], config["languages"])
    tables["sensitivity"] = reassess(*how)
    tables["findings"]["strength"] = tables["findings"]["finding"].map(
        strengths(tables["findings"], tables["sensitivity"])
    )
    tables |= _response(survey, cleaned, pattern, settings, rules)
    ours = [tables["indicators"]]
    ours += [
        own_counts(name, one.facilities, one.frame, tables["indicators"], read_derived(reference))
        for name, one in rounds.items()
    ]
    every = pd.concat(ours, ignore_index=True)
    pairs, _ = answered_pairs(
        read_comparisons(reference), every, survey.forms, list(register["service"].unique()), read_derived(reference)
    )
    tables["against_published"] = compare_with_published(pairs, every, read_reference(reference), reference)
    known(list(rounds.values()))
    protected(list(rounds.values()), config["disclosure"], config["figures"])
    for name, table in tables.items():
        check(name, table)
    return tables


def _clean(survey: Survey, name: str, block: dict) -> dict[str, pd.DataFrame]:
    return clean(
        survey.responses[name],
        survey.notes[name],
        survey.forms[name],
        survey.register,
        read_contacts(block["contacts"], survey.register),
        read_decisions(block["names"], survey.register),
        block["names"],
        block["year"],
        read_other(block["other"], survey.forms[name]) if "other" in block else None,
    )


def _themes(survey: Survey, name: str, block: dict, cleaned: dict, settings, rules: Rules) -> dict[str, pd.DataFrame]:
    files, register = block["coding"], survey.register
    book = read_themes(files["themes"])
    given = answers_to_code(name, book, survey.responses[name], cleaned["submissions"], register, settings.seed)
    # Coders' lines on answers that are left out would be on nothing.
    coders, consensus = (
        [_known_lines(path, book, given) for path in paths] for paths in (files["coders"], [files["consensus"]])
    )
    wide, _ = side_by_side(coders, given)
    settled = adjudicate(name, wide, consensus[0], given)
    agreement = agreement_table(name, book, wide, settings.confidence, settings.seed)
    alphas = agreement[agreement["statistic"] == "alpha"].set_index(["question", "theme"])["estimate"].to_dict()
    estimated = estimate_themes(name, book, settled, alphas, frame_of_year(register, block["year"]), settings)
    cleared_quotes(name, [*coders, *consensus], given, settled)
    return {
        "themes": hide_themes(estimated, settled, register.set_index("facility_id")["organisation"], rules, set()),
        "theme_agreement": agreement,
        "theme_confusion": confusion_table(name, book, wide),
        "theme_saturation": saturation_table(name, settled, settings.seed),
        "theme_basis": settled,
    }


def _known_lines(path: str, book: pd.DataFrame, given: pd.DataFrame):
    import tempfile

    lines = pd.DataFrame(read_rows(path))
    there = set(zip(given["source"], given["row"].astype(str), given["question"], strict=True))
    kept = [place in there for place in zip(lines["source"], lines["row"], lines["question"], strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        lines[kept].to_csv(Path(folder, "coder.csv"), index=False)
        return read_coding(str(Path(folder, "coder.csv")), book, given)


def _response(survey: Survey, cleaned: dict, pattern: pd.DataFrame, settings, rules: Rules) -> dict[str, pd.DataFrame]:
    parts: dict[str, list[pd.DataFrame]] = {}
    for name, block in survey.config["rounds"].items():
        form, facilities = survey.forms[name], cleaned[name]["facilities"]
        contacts = read_contacts(block["contacts"], survey.register)
        cases = dispositions(
            survey.register, block["year"], contacts, block["contacts"], cleaned[name]["submissions"], facilities, form
        )
        hidden, least = questions_with_hidden_counts(pattern, name), rules.minimum_cell
        made = {
            "response": response_table(name, cases, True, least),
            "nonresponse": compare(name, survey.register, cases, block["year"], settings.seed, least),
            "mode_effects": compare_modes(name, facilities, form, settings, least, hidden),
            "item_nonresponse": item_nonresponse(name, facilities, form, least, hidden),
        }
        for table, frame in made.items():
            parts.setdefault(table, []).append(frame)
    return {
        table: pd.concat([part for part in frames if len(part)] or frames, ignore_index=True)
        for table, frames in parts.items()
    }
