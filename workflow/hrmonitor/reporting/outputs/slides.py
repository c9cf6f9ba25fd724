"""The slides of a talk as a PowerPoint file that an institute can edit: title, overview, method, a slide a finding, limits, close.

A figure fills its slide, as a chart that PowerPoint draws where it is one of bars; what is said about it is in the notes of the speaker.
"""

from __future__ import annotations

import io
from pathlib import Path

from hrmonitor.figures.style import ink_on
from hrmonitor.language import settable_in, terms
from hrmonitor.reporting.outputs.office import LONGEST_PROPERTY, same_bytes

INK, TEXT, SOFT, AMBER = "0B4A72", "202020", "5A5A5A", "7A4B00"
TINT = {
    "supported": INK,
    "partly_supported": "8A5A00",
    "not_supported": "8C2D04",
    "contradicted": "5B1A00",
    "not_assessable": SOFT,
}
# 16:9, in centimetres.
WIDTH, HEIGHT, MARGIN = 25.4, 14.29, 1.3
# python-pptx's own template: its layout with a title only.
TITLE_ONLY = 5
# A part of a bar that is smaller has no room for its number.
LEAST_LABELLED = 0.06


class _Deck:
    """Slides that are added one after the other, each with a real title, which the outline and screen readers name."""

    def __init__(self, lang: str):
        from pptx import Presentation
        from pptx.util import Cm

        self.lang, self.made = lang, Presentation()
        self.made.slide_width, self.made.slide_height = Cm(WIDTH), Cm(HEIGHT)

    def add(self, title: str, top: float = 0.9, size: int = 20):
        slide = self.made.slides.add_slide(self.made.slide_layouts[TITLE_ONLY])
        _place(slide.shapes.title, top, 1.9)
        _write(slide.shapes.title, [(title, size, INK)], self.lang, bold=True)
        return slide

    # Over 6 parameters: what is written, where on the slide and in which look, as one reads them off a slide.
    def say(
        self, slide, lines: list[str], top: float, height: float, size: int, colour: str = TEXT, bullets: bool = False
    ):
        box = slide.shapes.add_textbox(0, 0, 0, 0)
        _place(box, top, height)
        _write(box, [(f"• {line}" if bullets else line, size, colour) for line in lines], self.lang)


def powerpoint(slides: dict, root: Path) -> bytes:
    """The .pptx of `brief.slides`. Figures that are no bars come from `root` as PNG, with their alt text."""
    slides = settable_in(slides)
    lang = terms(slides["lang"])["language"]["locale"]
    deck = _Deck(lang)
    authors = ", ".join(slides["authors"])[:LONGEST_PROPERTY]
    first = deck.add(slides["talk"], top=3.6, size=28)
    deck.say(first, [f"{slides['title']} · {slides['year']}", authors], 6.6, 2.0, 18, SOFT)
    if slides["note"]:
        deck.say(first, [slides["note"]], 9.8, 1.6, 14, AMBER)
    if slides["overview"]:
        _overview(deck.add(slides["overview_title"]), slides, lang)
    deck.say(deck.add(slides["method_title"]), slides["method"], 3.2, 8.5, 18, bullets=True)
    for finding in slides["findings"]:
        _finding(deck, slides, finding, root)
    deck.say(deck.add(slides["limits_title"]), slides["limits"], 3.2, 8.5, 18, bullets=True)
    deck.say(deck.add(slides["closing_title"]), slides["closing"], 3.2, 8.5, 18)
    for number, slide in enumerate(deck.made.slides, start=1):
        foot = [part for part in (slides["synthetic"], slides["title"], str(number)) if part]
        deck.say(slide, [" · ".join(foot)], HEIGHT - 1.0, 0.7, 10, AMBER if slides["synthetic"] else SOFT)
    properties = deck.made.core_properties
    properties.title, properties.author = f"{slides['title']}: {slides['talk']}"[:LONGEST_PROPERTY], authors
    properties.language = lang
    file = io.BytesIO()
    deck.made.save(file)
    return same_bytes(file.getvalue(), slides["year"])


def _finding(deck: _Deck, slides: dict, finding: dict, root: Path) -> None:
    """The claim with its verdict, the figure as large as the slide leaves room for, and the notes of the speaker."""
    figure = finding["figure"]
    slide = deck.add(finding["statement"], top=1.2, size=18)
    verdict = f"{finding['heading']}: {finding['verdict_short']}, {finding['tests']}"
    deck.say(slide, [verdict], 0.45, 0.7, 13, TINT[finding["verdict"]])
    if figure:
        told = figure["topic"] if figure["title"] == figure["topic"] else f"{figure['title']}. {figure['topic']}"
        deck.say(slide, [told], 2.75, 0.7, 12, SOFT)
        if figure["chart"]:
            _chart(slide, figure)
        else:
            _picture(slide, figure, root)
    else:
        deck.say(slide, [number["full"] for number in finding["numbers"]], 4.0, 8.5, 18)
    slide.notes_slide.notes_text_frame.text = "\n".join(_notes(slides, finding))


def _place(shape, top: float, height: float) -> None:
    from pptx.util import Cm

    shape.left, shape.top, shape.width, shape.height = Cm(MARGIN), Cm(top), Cm(WIDTH - 2 * MARGIN), Cm(height)


def _write(shape, lines: list[tuple[str, int, str]], lang: str, bold: bool = False) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for place, (line, size, colour) in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment, paragraph.space_after = PP_ALIGN.LEFT, Pt(size / 2)
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(colour)
        run._r.get_or_add_rPr().set("lang", lang)


def _notes(slides: dict, finding: dict) -> list[str]:
    """What the speaker may say: the verdict, the numbers, all that the figure shows, and that it is made up where it is."""
    figure = finding["figure"] or {"facts": []}
    lines = [
        f"{finding['heading']}: {finding['verdict_short']}, {finding['tests']}.",
        *(number["full"] for number in finding["numbers"]),
    ]
    if figure["facts"]:
        lines += ["", slides["notes_title"], *figure["facts"]]
    return [*lines, *(["", slides["note"]] if slides["note"] else [])]


def _overview(slide, slides: dict, lang: str) -> None:
    """A table of the findings with their verdicts."""
    from pptx.util import Cm

    rows, columns = len(slides["overview"]) + 1, slides["overview_columns"]
    # A table grows with its text; many findings get smaller letters.
    size = 13 if rows <= 8 else max(7, 104 // rows)
    frame = slide.shapes.add_table(rows, len(columns), Cm(MARGIN), Cm(2.9), Cm(WIDTH - 2 * MARGIN), Cm(9.6))
    table, widths = frame.table, (1.2, 14.8, 3.6, 3.2)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        row.height = int(Cm(9.6) / rows)
    for place, heading in enumerate(columns):
        _write_cell(table.cell(0, place), heading, size, "FFFFFF", lang, True)
    for line, one in enumerate(slides["overview"], start=1):
        for place, key in enumerate(("number", "statement", "verdict_short", "tests")):
            colour = TINT[one["verdict"]] if key == "verdict_short" else TEXT
            _write_cell(table.cell(line, place), one[key], size, colour, lang, key == "verdict_short")


# Over 6 parameters: what is written, and its look, as one reads them off a slide.
def _write_cell(cell, line: str, size: int, colour: str, lang: str, bold: bool) -> None:
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Cm

    _write(cell, [(line, size, colour)], lang, bold)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    cell.margin_top = cell.margin_bottom = Cm(0.06)


def _chart(slide, figure: dict) -> None:
    """The figure's numbers as a bar chart of PowerPoint's own, with its data beside it to edit."""
    from pptx.chart.data import CategoryChartData
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
    from pptx.util import Cm, Pt

    chosen, data = figure["chart"], CategoryChartData(number_format="0%" if figure["chart"]["percent"] else "#,##0.0")
    data.categories = chosen["categories"]
    for one in chosen["series"]:
        data.add_series(one["name"], one["values"])
    form = XL_CHART_TYPE.BAR_STACKED if chosen["stacked"] else XL_CHART_TYPE.BAR_CLUSTERED
    frame = slide.shapes.add_chart(form, Cm(MARGIN), Cm(3.5), Cm(WIDTH - 2 * MARGIN), Cm(HEIGHT - 4.7), data)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", figure["title"])
    properties.set("descr", figure["alt"])
    chart = frame.chart
    chart.font.size = Pt(12)
    chart.has_title = False
    chart.has_legend = len(chosen["series"]) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    # The first row on top, as in the figure.
    chart.category_axis.reverse_order = True
    chart.category_axis.has_major_gridlines = chart.value_axis.has_major_gridlines = False
    chart.value_axis.visible, chart.value_axis.minimum_scale = False, 0
    if chosen["percent"]:
        chart.value_axis.maximum_scale = 1
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 45, not chosen["stacked"]
    if chosen["stacked"]:
        plot.overlap = 100
    else:
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = data.number_format, False
        plot.data_labels.font.size = Pt(11)
    for series, one in zip(plot.series, chosen["series"], strict=True):
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = RGBColor.from_string(one["colour"])
        if chosen["stacked"]:
            _label_parts(series, one)


def _label_parts(series, one: dict) -> None:
    """Numbers in the parts of a stacked bar that have room for one."""
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    ink = "FFFFFF" if ink_on(f"#{one['colour']}") == "white" else TEXT
    for place, value in enumerate(one["values"]):
        if value is not None and value >= LEAST_LABELLED:
            font = series.points[place].data_label.font
            font.size, font.color.rgb = Pt(11), RGBColor.from_string(ink)


def _picture(slide, figure: dict, root: Path) -> None:
    """The figure as large as it fits below the title, in the middle."""
    from pptx.util import Cm

    picture = slide.shapes.add_picture(str(root / f"{figure['file']}.png"), 0, 0)
    scale = min(Cm(WIDTH - 2 * MARGIN) / picture.width, Cm(HEIGHT - 4.8) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left, picture.top = int((Cm(WIDTH) - picture.width) / 2), Cm(3.5)
    properties = picture._element.nvPicPr.cNvPr
    properties.set("name", figure["title"])
    properties.set("descr", figure["alt"])
