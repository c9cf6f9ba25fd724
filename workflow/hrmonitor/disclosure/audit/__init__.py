"""The auditor: attacks what was published, as somebody with the register, the form and all published files would.

It shares no code with the suppressor. `protected` works out from the answers what nobody may know; `published` reads what the files
say (`tables` the CSVs, `pages` the texts), in every language; `attack` puts the two together and gives the verdicts.
"""

from hrmonitor.disclosure.audit.attack import COLUMNS, audit, refuse
from hrmonitor.disclosure.audit.protected import Source, known, protected
from hrmonitor.disclosure.audit.published import Survey, read_published

__all__ = ["COLUMNS", "Source", "Survey", "audit", "known", "protected", "read_published", "refuse"]
