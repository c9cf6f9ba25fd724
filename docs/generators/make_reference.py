"""Write reference.docx, whose styles the Word report takes over: python docs/generators/make_reference.py

Pandoc's own reference document with the report's fonts, colours and page. Run it again after a change here; the file is checked in.
"""

import io
import subprocess

import docx
import pypandoc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from hrmonitor.reporting.outputs.office import same_bytes
from hrmonitor.resources import RESOURCES

INK = RGBColor.from_string("0B4A72")
SIZES = {"Title": 25, "Subtitle": 13, "Author": 9, "Heading 1": 17, "Heading 2": 12.5, "Heading 3": 11}
SMALL = {"Image Caption": 9, "Table Caption": 9, "Compact": 8.5}


def font(style, name: str, size: float, colour=None, bold=None) -> None:
    style.font.name, style.font.size, style.font.bold = name, Pt(size), bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for key in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(key), name)
    if colour is not None:
        style.font.color.rgb = colour


pandoc = subprocess.run([pypandoc.get_pandoc_path(), "--print-default-data-file=reference.docx"], capture_output=True, check=True)  # fmt: skip
document = docx.Document(io.BytesIO(pandoc.stdout))
styles = document.styles
font(styles["Normal"], "Cambria", 10.5)
for name, size in SIZES.items():
    font(styles[name], "Calibri", size, INK, bold=name.startswith(("Title", "Heading")))
    styles[name].font.italic = False
    styles[name].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.LEFT
    styles[name].paragraph_format.keep_with_next = True
for name, size in SMALL.items():
    font(styles[name], "Calibri", size)
    styles[name].font.italic = False
styles["Table Caption"].paragraph_format.keep_with_next = True
for section in document.sections:
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.25)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.4)
for name, fill, bar in (("Synthetic Note", "FFF4DC", "E69F00"), ("Claim", "EAF3FA", "0B4A72")):
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    shade, line, sides = OxmlElement("w:shd"), OxmlElement("w:left"), OxmlElement("w:pBdr")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shade.set(qn(f"w:{key}"), value)
    for key, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", bar)):
        line.set(qn(f"w:{key}"), value)
    sides.append(line)
    style.paragraph_format.space_after = Pt(6)
    paragraph = style.element.get_or_add_pPr()
    # The order that Word's schema asks for: borders, shading, spacing.
    paragraph.insert(0, shade)
    paragraph.insert(0, sides)
# A thin line under each row and under the row of headings, as in the PDF.
table = styles["Table"].element
properties = table.find(qn("w:tblPr"))
if properties is None:
    properties = OxmlElement("w:tblPr")
    table.append(properties)
borders = OxmlElement("w:tblBorders")
for side, size, colour in (("top", 8, "0B4A72"), ("bottom", 4, "CDCDCD"), ("insideH", 2, "CDCDCD")):
    line = OxmlElement(f"w:{side}")
    for key, value in (("val", "single"), ("sz", str(size)), ("space", "0"), ("color", colour)):
        line.set(qn(f"w:{key}"), value)
    borders.append(line)
properties.append(borders)
file = io.BytesIO()
document.save(file)
(RESOURCES / "templates/reference.docx").write_bytes(same_bytes(file.getvalue(), 2021))
