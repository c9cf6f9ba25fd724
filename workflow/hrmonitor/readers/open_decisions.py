"""What only a person can decide about a round, and where the decision is kept.

A decision that is open blocks the build. `check` lists them, and `decide` takes them over into the files that keep them.
"""

from __future__ import annotations

from dataclasses import dataclass

# Where each kind of decision is kept: config.yaml, or a CSV that config.yaml names.
KEPT_IN = {
    "notation": "`notations:` of the export in config.yaml",
    "label": "`labels:` of the round (question, written, option, reason)",
    "name": "`names:` of the round (written, service, facility_id, reason)",
    "column": "`columns:` of the export (column, question)",
    "other": "`other:` of the round (question, written, decision, reason)",
    "loss": "`accept:` of the round in config.yaml",
}
# So many values and rows are shown with a decision; the rest are counted.
SHOWN = 5


@dataclass(frozen=True)
class OpenDecision:
    """One thing to decide. Its texts come out of files: whoever shows them masks and escapes them.

    kind: a key of `KEPT_IN`. source: the file; "" for the whole round. question: its name; for kind `column`, "".
    written: what the file says (a value, a label, a heading, a name; for kind `notation`, the first examples).
    count: how many cells or submissions it is about. rows: the first of their row numbers.
    suggestion: what seems likeliest, "" where nothing does. possible: everything that can be decided; empty for free text.
    why: one sentence on what is open. line: the decision as it would be written into its file, with the suggestion.
    """

    kind: str
    source: str
    question: str
    written: str
    count: int
    rows: tuple[int, ...] = ()
    suggestion: str = ""
    possible: tuple[str, ...] = ()
    why: str = ""
    line: str = ""
    blocks: bool = True
