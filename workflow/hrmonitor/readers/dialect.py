"""What a file as a whole tells about how it was written, when the file is read in parts.

One cell cannot tell whether 1,200 is a thousand or one; all cells of a file together can. Each such decision asks `over_file` for the
counts behind it: those of the file so far, or, once the file was read to its end, those of the whole file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hrmonitor.readers.column_notation import Notation


@dataclass
class Habits:
    """Counts by decision. Decisions look at which counts are above 0, not at how large they are.

    notations: what the parts so far decided on each column, by question and kind.
    doubtful: whether a later part showed what an earlier one could not know, so that the file must be read again.
    """

    counts: dict[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict)
    notations: dict[tuple[str, str], Notation] = field(default_factory=dict)
    doubtful: bool = False
    settled: bool = False

    def over_file(self, decision: tuple[str, ...], found: tuple[int, ...]) -> tuple[int, ...]:
        """The counts that decide, given those `found` in this part."""
        if self.settled:
            return self.counts.get(decision, found)
        before = self.counts.get(decision)
        now = found if before is None else tuple(map(sum, zip(before, found, strict=True)))
        if before is not None and list(map(bool, before)) != list(map(bool, now)):
            self.doubtful = True
        self.counts[decision] = now
        return now

    def keep(self, notations: list[Notation]) -> None:
        """What a part decided replaces what an earlier one did, but for its examples where this part has none."""
        for notation in notations:
            before = self.notations.get((notation.question, notation.kind))
            if before is not None and before.open and notation.open:
                notation.examples = notation.examples or before.examples
                notation.rows = before.rows or notation.rows
                notation.count += before.count
            self.notations[notation.question, notation.kind] = notation
