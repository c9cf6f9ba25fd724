"""The front page of the monitor: the answer, all findings on one figure, and where everything else is."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from hrmonitor.declarations.public_files import DOCUMENTS
from hrmonitor.declarations.tables import public_tables
from hrmonitor.figures.captions import caption_of
from hrmonitor.language import escape_markdown, framed, join, number, percent, text
from hrmonitor.project.config import Config
from hrmonitor.reporting.markdown import synthetic_note
from hrmonitor.study import study

# The name of the page, and the kind of figure on it.
NAME, KIND = "index", "overview"
# Formats that people open; the others are what these are made from.
OPENED = ("html", "pdf", "docx", "pptx")


def overview_figure(config: Config) -> str | None:
    """The figure of all findings, where config.yaml has one."""
    return next((name for name, options in config.figures.items() if options.kind == KIND), None)


def front_page(config: Config, lang: str, findings: pd.DataFrame, figures: Path) -> str:
    """The page in Markdown. `findings` is results/findings.csv, `figures` the folder of the pictures."""
    words = framed(lang, config.framed_by)
    front = words["web"]["front"]
    parts = []
    if config.synthetic:
        parts.append(synthetic_note(words, study(lang)))
    parts += [f"# {front['answer']} {{#sec-answer .unnumbered}}", _answer(config, lang, findings, front)]
    name = overview_figure(config)
    if name:
        caption = escape_markdown(caption_of(figures, name, lang, config.figures[name].title[lang]))
        parts.append(f"![{caption}]({figures.as_posix()}/{name}_{lang}.svg){{#fig-{name.replace('_', '-')}}}")
    if len(findings):
        parts += [f"# {front['findings']} {{#sec-findings .unnumbered}}", *_findings(config, lang, findings, front)]
    parts += [
        f"# {front['documents']} {{#sec-documents .unnumbered}}",
        front["documents_intro"],
        _documents(lang, front),
    ]
    parts += [f"# {front['data']} {{#sec-data .unnumbered}}", front["data_intro"], _data(config, front)]
    parts += [f"# {front['cite']} {{#sec-cite .unnumbered}}", _citation(config, lang, front)]
    return "\n\n".join(parts) + "\n"


def _answer(config: Config, lang: str, findings: pd.DataFrame, front: dict) -> str:
    """How the findings fared, in one sentence, and what that says where the answers are made up."""
    if findings.empty:
        return front["none"]
    counts = findings.drop_duplicates("finding")["verdict"].value_counts()
    plural = text(lang)["verdicts_plural"]
    said = join([f"{number(counts[one], lang)} {plural[one]}" for one in plural if one in counts], lang)
    sentence = front["verdicts"].format(n=number(counts.sum(), lang), verdicts=said)
    own = study(lang).report.get("rehearsal on the front page")
    rehearsal = own.paragraphs[0] if own else front["rehearsal"]
    return f"{sentence} {rehearsal}" if config.synthetic else sentence


def _findings(config: Config, lang: str, findings: pd.DataFrame, front: dict) -> list[str]:
    """A line a finding, with the address of its place in the report."""
    verdicts, lines = text(lang)["verdicts"], []
    for place, (name, group) in enumerate(findings.groupby("finding", sort=False), start=1):
        claim = escape_markdown(config.findings[name].statement[lang])
        link = f"[{claim}](report_{lang}.html#sec-{name.replace('_', '-')})"
        passed = front["passed"].format(passed=number(group["passed"].sum(), lang), tests=number(len(group), lang))
        lines.append(f"| {place} | {link} | **{verdicts[group['verdict'].iloc[0]]}** ({passed}) |")
    head = f"| {' | '.join(front['columns'])} |\n|:--|:-------------------------|:--------------|"
    confidence = front["confidence"].format(percent(config.confidence, lang))
    return ["\n".join([head, *lines]) + f"\n\n: {front['caption']} {{#tbl-findings}}", confidence]


def _documents(lang: str, front: dict) -> str:
    lines = []
    for name, kinds in DOCUMENTS.items():
        links = [f"[{front['formats'][kind]}]({name}_{lang}.{kind})" for kind in OPENED if kind in kinds]
        if links and name != NAME:
            lines.append(f"- **{front['names'].get(name, name.capitalize())}**: {', '.join(links)}")
    return "\n".join(lines)


def _data(config: Config, front: dict) -> str:
    tables = ", ".join(
        f"[{name}.csv](../open_data/{name}.csv)" for name in public_tables(config.frames, bool(config.groups))
    )
    return f"{front['package']}\n\n{tables}."


def _citation(config: Config, lang: str, front: dict) -> str:
    report = config.report
    cited = f"{', '.join(report.authors)} ({config.newest_year}). {report.title[lang]}. {report.subtitle[lang]}."
    return f"{escape_markdown(cited)}\n\n{front['licence']}"
