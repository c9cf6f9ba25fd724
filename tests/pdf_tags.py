"""What a screen reader would miss in a PDF: reads the structure tree, not the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pikepdf


def elements(pdf: pikepdf.Pdf) -> list[tuple[str, pikepdf.Dictionary]]:
    """(tag, element) of the structure tree in reading order."""
    return list(_walk(pdf.Root.StructTreeRoot))


def _walk(node) -> Iterator[tuple[str, pikepdf.Dictionary]]:
    if not isinstance(node, pikepdf.Dictionary):
        return
    if "/S" in node:
        yield str(node.S).lstrip("/"), node
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        yield from _walk(child)


def _tags_within(node) -> set[str]:
    return {tag for tag, _ in _walk(node)}


def _pages_of(node, number: dict) -> list[int]:
    """Pages on which the content of an element stands."""
    found = []
    for part in [node, *[inner for _, inner in _walk(node)]]:
        if "/Pg" in part:
            found.append(number[part.Pg.objgen])
        children = part.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(child, pikepdf.Dictionary) and "/Pg" in child:
                found.append(number[child.Pg.objgen])
    return found


def faults(path: Path, lang: str) -> list[str]:
    """Each fault in words; an empty list for an accessible file."""
    found = []
    with pikepdf.open(path) as pdf:
        root = pdf.Root
        if "/StructTreeRoot" not in root or not root.get("/MarkInfo", {}).get("/Marked"):
            return ["not tagged"]
        if not str(root.get("/Lang", "")).startswith(lang):
            found.append(f"language is {root.get('/Lang')}, not {lang}")
        with pdf.open_metadata() as metadata:
            if not metadata.get("dc:title"):
                found.append("no title")
            if metadata.get("pdfuaid:part") != "1":
                found.append("does not claim PDF/UA-1")
            if (metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) != ("2", "A"):
                found.append("does not claim PDF/A-2a")
        if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
            found.append("shows its file name instead of its title")
        number = {page.objgen: place for place, page in enumerate(pdf.pages, start=1)}
        level, page, tree = 0, 1, elements(pdf)
        for tag, element in tree:
            if tag == "Figure" and not str(element.get("/Alt", "")).strip():
                found.append(f"a figure on page {_pages_of(element, number)[:1]} has no alt text")
            if tag == "Table" and "TH" not in _tags_within(element):
                found.append(f"a table on page {_pages_of(element, number)[:1]} has no header cells")
            if len(tag) == 2 and tag[0] == "H" and tag[1].isdigit():
                if int(tag[1]) > level + 1:
                    found.append(f"heading {tag} follows on H{level}")
                level = int(tag[1])
                here = min(_pages_of(element, number), default=page)
                if here < page:
                    found.append(f"a heading on page {here} is read after page {page}")
                page = max(page, here)
        if not level:
            found.append("no heading")
        with pdf.open_outline() as outline:
            if not outline.root or not all(item.title.strip() for item in outline.root):
                found.append("no bookmarks")
    return found
