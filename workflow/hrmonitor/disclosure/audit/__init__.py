"""The auditor: the published files come in, and the answers that nobody may work out from them.

Out goes a verdict for each protected quantity: how narrowly an attacker who has the register, the form and every published file can
bound it. The audit shares no code with the suppression that it checks, and it never takes a file as safe because it could not read it.
"""

from hrmonitor.disclosure.audit.attack import COLUMNS, SHOWN, audit, refuse
from hrmonitor.disclosure.audit.editions import read_earlier, tables_of
from hrmonitor.disclosure.audit.findings import told_by_tests
from hrmonitor.disclosure.audit.numbers import unexplained
from hrmonitor.disclosure.audit.protected import known, protected
from hrmonitor.disclosure.audit.published import Published, Survey, read_published
from hrmonitor.disclosure.audit.who_answered import told_of

__all__ = [
    "COLUMNS",
    "SHOWN",
    "Published",
    "Survey",
    "audit",
    "known",
    "protected",
    "read_earlier",
    "read_published",
    "refuse",
    "tables_of",
    "told_by_tests",
    "told_of",
    "unexplained",
]
