"""The report's sections as Markdown, in one language: every number comes from the results.

`report/report.qmd` calls one method a section. Sentences are in `resources/text/`; whatever
comes from a form, a file or a respondent is escaped.
"""

from __future__ import annotations

from contextlib import chdir
from functools import cached_property
from importlib import metadata
from pathlib import Path

import pandas as pd
import yaml

from hrmonitor.cleaning.imputation_flags import drop_imputed
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.disclosure.suppressions import questions_with_hidden_counts
from hrmonitor.figures.captions import caption_of
from hrmonitor.files.checksums import sha256
from hrmonitor.language import escape_markdown, interval, join, number, percent, text
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import Config
from hrmonitor.project.keys import build
from hrmonitor.publication.release import commit_of, digest_of, source_files
from hrmonitor.questionnaire.model import Question, Questionnaire, read_validated
from hrmonitor.questionnaire.statistics import REGISTRATIONS
from hrmonitor.reporting.clusters import on_clusters
from hrmonitor.reporting.markdown import in_words
from hrmonitor.reporting.registered import told
from hrmonitor.survey import asked
from hrmonitor.tabulation.against_published import read_reference

SOFTWARE = (
    "snakemake",
    "pandas",
    "numpy",
    "scipy",
    "pyxform",
    "matplotlib",
    "krippendorff",
    "pypandoc-binary",
    "typst",
)


# What a survey must have for each part of the chapter on methods to be about it.
METHODS_NEED = ("", "", "", "findings", "coding")


class Story:
    """All that the report says. `config` is what `check_config` gives, or the same in plain values, which is all that a notebook can be
    handed; without it config.yaml is read (quarto preview)."""

    def __init__(self, lang: str, root: str | Path = ".", config: Config | dict | None = None):
        self.lang, self.root = lang, Path(root)
        self.words = text(lang)
        if config is None:
            # Its paths begin where it stands; `quarto render` runs the cells in the folder of the document.
            with chdir(self.root):
                config = check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
        self.config = config if isinstance(config, Config) else build(Config, config)
        self.results = self.root / "results"

    # --- what it reads ---------------------------------------------------------------------------------

    @cached_property
    def forms(self) -> dict[str, Questionnaire]:
        return {name: read_validated(self.root / block.questionnaire) for name, block in self.config.rounds.items()}

    @cached_property
    def indicators(self) -> pd.DataFrame:
        return read_table("indicators", self.results / "indicators.csv")

    @cached_property
    def findings(self) -> pd.DataFrame:
        return read_table("findings", self.results / "findings.csv")

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        return read_table("sensitivity", self.results / "sensitivity.csv")

    @cached_property
    def tipping_points(self) -> pd.DataFrame:
        return read_table("tipping_points", self.results / "tipping_points.csv")

    @cached_property
    def test_units(self) -> pd.DataFrame:
        return read_table("test_units", self.results / "test_units.csv")

    @cached_property
    def changes(self) -> pd.DataFrame:
        return read_table("changes", self.results / "changes.csv")

    @cached_property
    def series(self) -> pd.DataFrame:
        return read_reference(self.root / self.config.report.reference, self.config.languages)

    @cached_property
    def facilities(self) -> dict[str, pd.DataFrame]:
        """What facilities answered: estimates may rest on filled gaps, counts of answers do not."""
        return {
            name: drop_imputed(pd.read_parquet(self.results / name / "facilities.parquet"))
            for name in self.config.rounds
        }

    def service_label(self, service: str) -> str:
        """The name of a type of service: that of the report's texts, else that of the newest form that has it, else its code."""
        if service in self.words["services"]:
            return self.words["services"][service]
        for form in reversed(self.forms.values()):
            if service in form["service"].codes:
                return escape_markdown(form["service"].choice(service).label(self.lang))
        return escape_markdown(service)

    def questions_with_hidden_counts(self, round_: str) -> set[str]:
        """Questions of a round whose counts are not repeated, because answers to them are hidden."""
        pattern = read_table("suppressions", self.results / "suppressions.csv")
        return questions_with_hidden_counts(pattern, round_)

    @cached_property
    def latest(self) -> str:
        """The round with the most findings: the one that the report is about."""
        rounds = [finding.round for finding in self.config.findings.values()]
        return max(self.config.rounds, key=lambda name: (rounds.count(name), self.config.rounds[name].year))

    def flow(self, round_: str) -> pd.DataFrame:
        return read_table("flow", self.results / round_ / "flow.csv")

    # --- sections --------------------------------------------------------------------------------------

    def summary(self) -> str:
        words = self.words["summary"]
        kept = self._kept()
        counts = self.findings.drop_duplicates("finding")["verdict"].value_counts()
        parts = [self._heading(words["title"], "summary")]
        if self.config.synthetic:
            parts.append(f"::: {{.synthetic}}\n**{words['synthetic_title']}** {words['synthetic']}\n:::")
        opening = words["intro_bare" if counts.empty else "intro"]
        parts.append(opening.format(kept=number(sum(kept.values()), self.lang), services=self._services_sentence(kept),
                                    year=self.config.rounds[self.latest].year))  # fmt: skip
        if counts.empty:
            return self._join([*parts, words["none"], self._figures("summary"), "::: {.contents}\n:::"])
        parts.append(f"{self._verdicts(counts, words)} {words['see']}")
        rows = []
        for place, (_, group) in enumerate(self.findings.groupby("finding", sort=False), start=1):
            first = group.iloc[0]
            rows.append([str(place), escape_markdown(first[f"statement_{self.lang}"]), f"**{self.words['verdicts'][first['verdict']]}**", words["strengths"][first["strength"]],
                         f"{number(group['passed'].sum(), self.lang)} / {number(len(group), self.lang)}", f"{number(group['n'].min(), self.lang)}"])  # fmt: skip
        parts.append(
            self._table(words["columns"], rows, [4, 46, 16, 14, 9, 11], words["caption"], "tbl-findings", "llllrr")
        )
        return self._join([*parts, self._figures("summary"), "::: {.contents}\n:::"])

    def background(self) -> str:
        words = self.words["background"]
        return self._join([self._heading(words["title"], "background"), *words["text"]])

    def methods(self) -> str:
        words = self.words["methods"]
        blocks = [self._heading(words["title"], "methods")]
        facts = {
            "confidence": percent(self.config.confidence, self.lang),
            "minimum_facilities": number(self.config.minimum_facilities, self.lang),
            "minimum_organisations": number(self.config.minimum_organisations, self.lang),
            "minimum_cell": number(self.config.disclosure.minimum_cell, self.lang),
            "questions": number(len(self.forms[self.latest].answerable), self.lang),
            "year": self.config.rounds[self.latest].year,
            "registered": f"{told(self)} ".lstrip(),
            "dont_know": words["dont_know_in" if self.config.dont_know_in_base else "dont_know_out"],
        }
        for choice in ("share_interval", "variance", "quantile_interval", "strata", "weights"):
            facts[choice] = words[choice][getattr(self.config.estimation, choice)].format(**facts)
        facts["clusters"] = on_clusters(self)
        facts["share_of_all"] = words["share_of_all"][self.config.estimation.share_interval]
        there = {
            "findings": bool(self.config.findings),
            "coding": bool(self.config.coded),
        }
        for part, needs in zip(words["parts"], METHODS_NEED, strict=True):
            if not there.get(needs, True):
                continue
            blocks += [f"## {part['title']}", *[paragraph.format(**facts) for paragraph in part["text"]]]
        return self._join(blocks)

    def data(self) -> str:
        words = self.words["data"]
        flow = self.flow(self.latest)
        kept, registered = (
            flow[(flow["service"] == "all") & (flow["step"] == step)]["n"].sum() for step in ("kept", "register")
        )
        parts = [self._heading(words["title"], "data")]
        parts.append(words["intro"].format(kept=number(kept, self.lang), register=number(registered, self.lang),
                                           share=percent(kept / registered, self.lang)))  # fmt: skip
        parts.append(self._figures("data"))
        for round_ in self.config.rounds:
            parts.append(self._flow_table(round_))
        return self._join(parts)

    def services(self) -> str:
        words = self.words["service_chapter"]
        parts = [self._heading(words["title"], "services"), words["intro"]]
        for service in [
            s for s in self.forms[self.latest]["service"].codes if (self.facilities[self.latest]["service"] == s).any()
        ]:
            parts.append(self._service(service))
        return self._join(parts)

    def _service(self, service: str) -> str:
        words = self.words["service_chapter"]
        flow = self.flow(self.latest).set_index(["service", "step"])["n"]
        label = self.service_label(service)
        parts = [f"## {label}"]
        parts.append(words["response"].format(kept=number(flow.get((service, "kept"), 0), self.lang),
                                              register=number(flow.get((service, "register"), 0), self.lang)))  # fmt: skip
        shared, own = self._questions_of(service)
        parts.append(self._number_table([*own, *shared], service, words["numbers"].format(service=label)))
        for question in own:
            if question.kind == "select_multiple" or (question.kind == "select_one" and len(question.codes) > 2):
                parts.append(self._share_table([question], service))
        simple = [question for question in own if question.kind == "select_one" and len(question.codes) <= 2]
        if simple:
            parts.append(self._share_table(simple, service))
        parts.append(self._figures(service))
        return self._join(parts)

    def limits(self) -> str:
        words = self.words["limits"]
        items = [item for item in words["items"] if self.config.synthetic or not item.get("synthetic")]
        return self._join(
            [
                self._heading(words["title"], "limits"),
                "\n".join(f"- **{item['title']}** {item['text']}" for item in items),
            ]
        )

    def provenance(self) -> str:
        words = self.words["provenance"]
        files = [path for block in self.config.rounds.values() for path in [*block.files, *block.decision_files]]
        files += [self.config.register, "config.yaml"]
        rows = [[escape_markdown(path), f"`{sha256(self.root / path)[:16]}`"] for path in files]
        software = [[name, metadata.version(name)] for name in SOFTWARE]
        sources = source_files(self.root)
        commit, dirty = commit_of(self.root, sources)
        state = words["no_commit" if commit == "unknown" else "changed" if dirty else "commit"]
        made_from = [
            state.format(commit=f"`{commit}`"),
            words["sources"].format(digest=f"`{digest_of(sources)[:16]}`"),
        ]
        return self._join([
            self._heading(words["title"], "provenance"), words["intro"], *made_from,
            self._table(words["columns"], rows, [70, 30], words["caption"], "tbl-inputs", "ll"),
            self._table(words["software_columns"], software, [70, 30], words["software_caption"], "tbl-software", "ll"),
        ])  # fmt: skip

    # --- pieces ----------------------------------------------------------------------------------------

    def _kept(self) -> dict[str, int]:
        return self.facilities[self.latest].groupby("service", sort=False).size().to_dict()

    def _services_sentence(self, kept: dict[str, int]) -> str:
        words = self.words["services_counted"]
        order = [code for code in self.forms[self.latest]["service"].codes if code in kept]
        return join(
            [
                f"{number(kept[code], self.lang)} {words[code][kept[code] != 1]}"
                if code in words
                else f"{self.service_label(code)} ({number(kept[code], self.lang)})"
                for code in order
            ],
            self.lang,
        )

    def _verdicts(self, counts: pd.Series, words: dict) -> str:
        """How the findings fared, in one sentence: all alike, or how many of each."""
        told, n = self.words["verdicts_plural"], in_words(int(counts.sum()), self.lang)
        if len(counts) == 1:
            return words["all_alike"].format(n=n, verdict=told[counts.index[0]])
        parts = [f"{in_words(counts[name], self.lang)} {told[name]}" for name in told if name in counts]
        return words["mixed"].format(n=n, verdicts=join(parts, self.lang))

    def _questions_of(self, service: str) -> tuple[list[Question], list[Question]]:
        """(shared number questions, questions that only this type of service was asked)."""
        facilities = self.facilities[self.latest]
        own, shared = [], []
        for question in self.forms[self.latest]:
            if not question.indicator:
                continue
            services = set(facilities.loc[asked(facilities, question.name), "service"])
            if services == {service}:
                own.append(question)
            elif service in services and not question.kind.startswith("select"):
                shared.append(question)
        return shared, own

    def _rows_of(self, question: Question, service: str) -> pd.DataFrame:
        table = self.indicators
        chosen = (
            (table["round"] == self.latest) & (table["service"] == service) & (table["indicator"] == question.indicator)
        )
        return table[chosen & (table["statistic"] != "share_bounds")]

    def _number_table(self, questions: list[Question], service: str, caption: str) -> str:
        words = self.words["service_chapter"]
        rows = []
        for question in questions:
            if question.kind.startswith("select"):
                continue
            # The question stands once, before the first of its statistics.
            label = escape_markdown(question.label(self.lang))
            for one in self._rows_of(question, service).to_dict("records"):
                digits = 1 if one["statistic"] != "total" and question.kind != "integer" else 0
                census = one["n"] == one["population"]
                rows.append([
                    label, words["registrations" if one["unit"] == REGISTRATIONS else "statistics"][one["statistic"]],
                    words["suppressed"] if one["suppressed"] else number(one["estimate"], self.lang, digits),
                    "–" if one["suppressed"] or census else interval(one["ci_low"], one["ci_high"], self.lang, digits, share=False),
                    "–" if one["suppressed"] else words["n_of"].format(n=number(one["n"], self.lang), total=number(one["population"], self.lang)),
                ])  # fmt: skip
                label = ""
        if not rows:
            return ""
        return self._table(words["columns"], rows, [44, 16, 12, 16, 12], caption, f"tbl-numbers-{service}", "llrrr")

    def _share_table(self, questions: list[Question], service: str) -> str:
        words = self.words["service_chapter"]
        rows = []
        for question in questions:
            for one in self._rows_of(question, service).to_dict("records"):
                label = question.choice(one["category"]).label(self.lang)
                if len(questions) > 1:
                    if one["category"] not in ("yes",):
                        continue
                    label = question.label(self.lang)
                census = one["n"] == one["population"]
                rows.append([
                    escape_markdown(label),
                    words["suppressed"] if one["suppressed"] else percent(one["estimate"], self.lang),
                    "–" if one["suppressed"] or census else interval(one["ci_low"], one["ci_high"], self.lang),
                    "–" if one["suppressed"] else words["n_of"].format(n=number(one["n"], self.lang), total=number(one["population"], self.lang)),
                ])  # fmt: skip
        if not rows:
            return ""
        title = questions[0].label(self.lang) if len(questions) == 1 else words["yes_questions"]
        name = questions[0].name.replace("_", "-")
        return self._table(
            words["share_columns"], rows, [52, 14, 18, 16], escape_markdown(title), f"tbl-{service}-{name}", "lrrr"
        )

    def _count(self, n: int) -> str:
        least = self.config.disclosure.minimum_cell
        return f"<{least}".replace("<", "\\<") if 0 < n < least else number(n, self.lang)

    def _flow_table(self, round_: str) -> str:
        words, steps = self.words["data"], self.words["figures"]["steps"]
        flow = self.flow(round_)
        order = list(dict.fromkeys(flow["step"]))
        wide = flow.pivot(index="service", columns="step", values="n").reindex(dict.fromkeys(flow["service"]))
        # A round may be about some types of service only: the others have no part in it.
        answering = [service for service in wide.index if service == "all" or wide.loc[service, "submissions"] > 0]
        if len(answering) == 2:
            answering.remove("all")
        wide = wide.loc[answering, [step for step in order if step in wide]]
        rows = [
            [self.service_label(service), *[number(n, self.lang) for n in wide.loc[service]]] for service in wide.index
        ]
        title = escape_markdown(self.config.rounds[round_].title[self.lang])
        return self._table([words["service"], *[steps[step] for step in wide]], rows, [22, *[10] * len(wide.columns)],
                           words["caption"].format(round=title), f"tbl-flow-{round_}", "l" + "r" * len(wide.columns))  # fmt: skip

    def _figures(self, section: str) -> str:
        parts = []
        for name, options in self.config.figures.items():
            if options.section != section:
                continue
            alt = (self.results / "figures" / f"{name}_{self.lang}.alt.txt").read_text(encoding="utf-8").strip()
            alt = alt.replace("\\", "\\\\").replace('"', '\\"')
            # Quarto runs its shortcodes in attributes too.
            alt = alt.replace("{{<", "{ {<")
            caption = escape_markdown(caption_of(self.results / "figures", name, self.lang, options.title[self.lang]))
            parts.append(
                f'![{caption}]({(self.results / "figures").as_posix()}/{name}_{self.lang}.svg){{#fig-{name.replace("_", "-")} alt="{alt}"}}'
            )
        return self._join(parts)

    def _heading(self, title: str, name: str) -> str:
        return f"# {title} {{#sec-{name}}}"

    def _join(self, parts: list[str]) -> str:
        return "\n\n".join(part for part in parts if part)

    def _table(
        self, header: list[str], rows: list[list[str]], widths: list[int], caption: str, name: str, align: str
    ) -> str:
        """A pipe table; the dashes give the relative widths of the columns."""
        dashes = []
        for width, side in zip(widths, align, strict=True):
            rule = "-" * max(3, width - 1)
            dashes.append(f"{rule}:" if side == "r" else f":{rule}")
        lines = [f"| {' | '.join(header)} |", f"|{'|'.join(dashes)}|"]
        lines += [
            f"| {' | '.join(cell.replace('|', chr(92) + '|') if chr(92) + '|' not in cell else cell for cell in row)} |"
            for row in rows
        ]
        return "\n".join(lines) + f"\n\n: {caption} {{#{name}}}"
