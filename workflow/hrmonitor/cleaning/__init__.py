"""The room where strings become typed answers, of one submission a facility.

In come responses as the readers give them (strings under the form's names) and what people decided (names, labels, other answers);
out go `facilities`, `audit`, `flow` and `submissions`. Nothing here reads an export or estimates anything, and no value is changed or
dropped without a line in the audit trail.
"""

from hrmonitor.cleaning.audit_trail import AUDIT_COLUMNS, SEVERITY
from hrmonitor.cleaning.clean import clean
from hrmonitor.cleaning.submissions import STATUSES, submissions_of
from hrmonitor.cleaning.typed_answers import _typed

__all__ = ["AUDIT_COLUMNS", "SEVERITY", "STATUSES", "_typed", "clean", "submissions_of"]
