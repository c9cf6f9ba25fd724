"""The slides of a talk as a PowerPoint file that an institute can edit: title, method, a slide a finding, limits."""

from __future__ import annotations

import io
from pathlib import Path

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


def powerpoint(slides: dict, root: Path) -> bytes:
    """The .pptx of `brief.slides`. Figures come from `root` as PNG, with their alt text."""
    from pptx import Presentation
    from pptx.util import Cm

    slides = settable_in(slides)
    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(WIDTH), Cm(HEIGHT)
    lang = terms(slides["lang"])["language"]["locale"]

    def add(title: str, top: float = 0.9, size: int = 20):
        """A slide with a real title, which the outline and screen readers name."""
        slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
        _place(slide.shapes.title, top, 1.9)
        _write(slide.shapes.title, [(title, size, INK)], lang, bold=True)
        return slide

    # Over 6 parameters: what is written, where on the slide and in which look, as one reads them off a slide.
    def say(slide, lines: list[str], top: float, height: float, size: int, colour: str = TEXT, bullets: bool = False):
        box = slide.shapes.add_textbox(0, 0, 0, 0)
        _place(box, top, height)
        _write(box, [(f"• {line}" if bullets else line, size, colour) for line in lines], lang)

    first = add(slides["talk"], top=3.6, size=28)
    say(
        first,
        [f"{slides['title']} · {slides['year']}", ", ".join(slides["authors"])[:LONGEST_PROPERTY]],
        6.6,
        2.0,
        18,
        SOFT,
    )
    if slides["note"]:
        say(first, [slides["note"]], 9.8, 1.6, 14, AMBER)
    say(add(slides["method_title"]), slides["method"], 3.2, 8.5, 18, bullets=True)
    for finding in slides["findings"]:
        slide = add(finding["statement"], top=1.3, size=18)
        verdict = f"{finding['heading']}: {finding['verdict_short']}, {finding['tests']}"
        say(slide, [verdict], 0.5, 0.8, 14, TINT[finding["verdict"]])
        if finding["figure"]:
            _figure(slide, finding["figure"], root)
        say(slide, [number["full"] for number in finding["numbers"]], 10.8, 2.3, 12)
    say(add(slides["limits_title"]), slides["limits"], 3.2, 8.5, 18, bullets=True)
    for number, slide in enumerate(deck.slides, start=1):
        foot = [part for part in (slides["synthetic"], slides["title"], str(number)) if part]
        say(slide, [" · ".join(foot)], HEIGHT - 1.0, 0.7, 10, AMBER if slides["synthetic"] else SOFT)
    properties = deck.core_properties
    title = f"{slides['title']}: {slides['talk']}"
    properties.title, properties.author = title[:LONGEST_PROPERTY], ", ".join(slides["authors"])[:LONGEST_PROPERTY]
    properties.language = lang
    file = io.BytesIO()
    deck.save(file)
    return same_bytes(file.getvalue(), slides["year"])


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


def _figure(slide, figure: dict, root: Path) -> None:
    """The figure as large as it fits between title and text, in the middle."""
    from pptx.util import Cm

    picture = slide.shapes.add_picture(str(root / f"{figure['file']}.png"), 0, 0)
    scale = min(Cm(WIDTH - 2 * MARGIN) / picture.width, Cm(6.8) / picture.height)
    picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
    picture.left, picture.top = int((Cm(WIDTH) - picture.width) / 2), Cm(3.7)
    properties = picture._element.nvPicPr.cNvPr
    properties.set("name", figure["title"])
    properties.set("descr", figure["alt"])
