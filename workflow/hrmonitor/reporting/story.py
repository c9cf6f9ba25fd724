"""What all chapters read and write with: the results, the sentences of one language, tables, figures, references between volumes.

`report/report.qmd` and `report/annex.qmd` call one function a chapter. Sentences are in `resources/languages/` and `report/study/`; whatever comes from a form, a
file or a respondent is escaped.
"""

from __future__ import annotations

import re
from contextlib import chdir
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml

from hrmonitor.cleaning.imputation_flags import drop_imputed
from hrmonitor.declarations.csv_files import read_table
from hrmonitor.declarations.public_files import VOLUMES
from hrmonitor.disclosure.suppressions import questions_with_hidden_counts
from hrmonitor.figures.captions import caption_of
from hrmonitor.language import escape_markdown, framed, join, number
from hrmonitor.project.checks import check_config
from hrmonitor.project.config import OF_FRAME, REGISTER, SAMPLE, Config
from hrmonitor.project.keys import build
from hrmonitor.questionnaire.model import Questionnaire, read_validated
from hrmonitor.questionnaire.statistics import REGISTRATIONS
from hrmonitor.reporting.volumes import title_of, volume_of
from hrmonitor.study import study, within
from hrmonitor.tabulation.against_published import read_reference
from hrmonitor.unit import speak_of


def _citation(found: re.Match) -> str:
    return f"[@{found.group(1).replace(chr(92), '')}]"


class Story:
    """All that a volume says. `config` is what `check_config` gives, or the same in plain values, which is all that a notebook can be
    handed; without it config.yaml is read (quarto preview)."""

    def __init__(
        self, lang: str, root: str | Path = ".", config: Config | dict | None = None, volume: str = VOLUMES[0]
    ):
        self.lang, self.root, self.volume = lang, Path(root), volume
        self.study = study(lang, root)
        if config is None:
            # Its paths begin where it stands; `quarto render` runs the cells in the folder of the document.
            with chdir(self.root):
                config = check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8")))
        self.config = config if isinstance(config, Config) else build(Config, config)
        self.results = self.root / "results"
        speak_of(self.config.unit, self.root)
        # As they are said of the frame of the round that the report is about.
        self.words = framed(lang, self.config.framed_by)

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

    def table(self, name: str) -> pd.DataFrame:
        return read_table(name, self.results / f"{name}.csv")

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
        """The name of a type of service: that of the study's names, else that of the newest form that has it, else its code."""
        if name := self.study.services(self.lang).get(service):
            return name
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
        return self.config.main_round

    def flow(self, round_: str) -> pd.DataFrame:
        return read_table("flow", self.results / round_ / "flow.csv")

    def names_facilities(self, round_: str) -> bool:
        """Whether a register knows who did not answer the round."""
        return self.config.rounds[round_].framed_by == REGISTER

    @property
    def compares_modes(self) -> bool:
        """Whether the ways of asking are compared, by a test that takes everybody to count alike."""
        return self.config.framed_by != SAMPLE

    def in_frame(self, service: str = "all") -> int | None:
        """How many there are, as the frame of the round that the report is about says; None where nobody knows."""
        steps = self.flow(self.latest).set_index(["service", "step"])["n"]
        found = [steps[service, step] for step in OF_FRAME if (service, step) in steps.index]
        return int(found[0]) if found else None

    @cached_property
    def of_registrations(self) -> str:
        """What a total of people counts, with a space before it, where the results have one."""
        said = self.words["service_chapter"]["of_registrations"]
        return f" {said}" if said and REGISTRATIONS in set(self.indicators["unit"]) else ""

    # --- pieces ----------------------------------------------------------------------------------------

    @property
    def mood(self) -> str:
        """How sentences are put: as of a survey that was held, or as of a rehearsal with made-up answers."""
        return "rehearsal" if self.config.synthetic else "real"

    def link(self, section: str, title: str = "") -> str:
        """A chapter by its name, which in the other volume is said with that of the volume. `title` where no words have it."""
        title = title or title_of(section, self.words)
        volume = volume_of(section)
        if volume == self.volume:
            return f"[{title}](#sec-{section})"
        file = f"{volume}_{self.lang}.html#sec-{section}"
        return self.words["elsewhere"].format(
            volume=within(self.words["volumes"][volume], self.lang), chapter=title, file=file
        )

    def cited(self, told: dict[str, str] | None) -> str:
        """A text of config.yaml in the language, escaped; what it cites, as `[@key]`, becomes a citation."""
        return re.sub(r"\\\[\\@([\w\\:-]+)\\\]", _citation, escape_markdown(told[self.lang])) if told else ""

    def _kept(self) -> dict[str, int]:
        return self.facilities[self.latest].groupby("service", sort=False).size().to_dict()

    def _services_sentence(self, kept: dict[str, int]) -> str:
        order = [code for code in self.forms[self.latest]["service"].codes if code in kept]
        return join(
            [
                f"{number(kept[code], self.lang)} {counted}"
                if (counted := self.study.name_of(code, "one" if kept[code] == 1 else "several"))
                else f"{self.service_label(code)} ({number(kept[code], self.lang)})"
                for code in order
            ],
            self.lang,
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

    def main_figure(self, finding: str) -> str | None:
        """The figure about a question that the finding's tests ask, else the first of its section; None where it has none."""
        asked = {test.question for test in self.config.findings[finding].tests if test.question}
        own = {name: one for name, one in self.config.figures.items() if one.section == finding}
        return next(
            iter([*(name for name, one in own.items() if asked & {one.question, *(one.questions or ())}), *own]), None
        )

    def figures(self, section: str) -> list[str]:
        """The names of a section's figures; in the annex without the one that the report shows of a finding."""
        shown = self.main_figure(section) if self.volume != VOLUMES[0] and section in self.config.findings else None
        return [name for name, one in self.config.figures.items() if one.section == section and name != shown]

    def figure(self, name: str) -> str:
        alt = (self.results / "figures" / f"{name}_{self.lang}.alt.txt").read_text(encoding="utf-8").strip()
        alt = alt.replace("\\", "\\\\").replace('"', '\\"')
        # Quarto runs its shortcodes in attributes too.
        alt = alt.replace("{{<", "{ {<")
        title = self.config.figures[name].title[self.lang]
        caption = escape_markdown(caption_of(self.results / "figures", name, self.lang, title))
        path = f"{(self.results / 'figures').as_posix()}/{name}_{self.lang}.svg"
        return f'![{caption}]({path}){{#{self.figure_id(name)} alt="{alt}"}}'

    def figure_id(self, name: str) -> str:
        return f"fig-{name.replace('_', '-')}"

    def _figures(self, section: str) -> str:
        """The section's figures, each called before it stands."""
        names = self.figures(section)
        if not names:
            return ""
        called = join([f"@{self.figure_id(name)}" for name in names], self.lang)
        return self._join([self.words["figures_called"].format(figures=called), *map(self.figure, names)])

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
