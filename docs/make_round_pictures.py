"""Make the pictures of new-round.md by doing what it says, in a copy: run `python docs/make_round_pictures.py`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow"))


def main() -> None:
    from hrmonitor.checking import check_round
    from hrmonitor.config import check_config
    from hrmonitor.questionnaire import read_questionnaire
    from rich.console import Console
    from rich.table import Table

    with tempfile.TemporaryDirectory() as place:
        for name in ("config.yaml", "raw"):
            source = ROOT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, Path(place, name))
        os.chdir(place)
        interviews = Path("raw/2021/interviews.csv")
        text = interviews.read_text(encoding="utf-8-sig").replace('"clientstrend"', '"clientstrnd"', 1)
        interviews.write_text(text, encoding="utf-8-sig")
        import yaml

        tables, _ = check_round("2021", check_config(yaml.safe_load(Path("config.yaml").read_text(encoding="utf-8"))))
        console = Console(record=True, width=110, file=open(os.devnull, "w"))  # noqa: SIM115
        for table in tables[1:5]:
            shown = Table(title=table.title, title_justify="left", title_style="bold")
            for heading in table.headings:
                shown.add_column(heading, overflow="fold")
            for row in table.rows:
                shown.add_row(*row)
            console.print(shown if table.rows else f"{table.title}: {table.empty}", "")
        console.save_svg(str(ROOT / "docs/check.svg"), title="python -m hrmonitor check 2021", unique_id="check")
        form = read_questionnaire("raw/2021/questionnaire")
        _page(form, ROOT / "docs/questionnaire-page.png")


def _page(form, target: Path) -> None:
    import json

    import typst
    from hrmonitor.forms.publish import TEMPLATE, _blocks
    from hrmonitor.forms.words import TEXTS

    content = {"title": form.title, "lang": "nl", "guide": False, "words": TEXTS["nl"], "blocks": _blocks(form, "nl")}
    pages = typst.compile(
        str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=[str(TEMPLATE.parent / "fonts")], ignore_system_fonts=True,
        sys_inputs={"form": json.dumps(content, ensure_ascii=False)}, format="png", ppi=70,
    )  # fmt: skip
    target.write_bytes(pages[1] if isinstance(pages, list) else pages)


if __name__ == "__main__":
    main()
