"""The auditor: attacks what was published, as somebody with the register, the form and all published files would.

It shares no code with the suppressor. `protected` works out from the answers what nobody may know; `published` reads what the files
say, in both languages; `attack` puts the two together and gives the verdicts.
"""

from hrmonitor.disclosure.audit.attack import COLUMNS, audit, refuse
from hrmonitor.disclosure.audit.protected import known, protected
from hrmonitor.disclosure.audit.published import PUBLISHED, read_published

__all__ = ["COLUMNS", "PUBLISHED", "audit", "known", "protected", "read_published", "refuse"]
