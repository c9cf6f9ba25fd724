"""The survey tools whose exports can be read, the surest to recognise first.

A new tool is a module in `readers/tools` that declares a `READER`, and a line here. The imports are written out: the digest of the code
behind a rule (`build.code_digest`) reads them, so that a change in a reader reruns the rules that read.
"""

from __future__ import annotations

from hrmonitor.readers.reader import Reader
from hrmonitor.readers.tools import (
    excel_form,
    google_forms,
    kobo,
    limesurvey,
    microsoft_forms,
    qualtrics,
    redcap,
    sas,
    spss,
    stata,
    surveymonkey,
    table,
    word_form,
)

READERS: dict[str, Reader] = {
    module.READER.name: module.READER
    for module in (
        qualtrics, kobo, limesurvey, surveymonkey, microsoft_forms, google_forms, redcap, spss, stata, sas, excel_form,
        word_form, table,
    )
}  # fmt: skip
