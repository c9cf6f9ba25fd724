"""Tables that are too large to be held: written piece by piece, sorted on disk, read column by column."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd


def write_parquet(path: str | Path, pieces: Iterable[pd.DataFrame]) -> None:
    """One table of all pieces, each a row group. All have the columns of the first."""
    import pyarrow as pa
    from pyarrow import parquet

    writer = None
    try:
        for piece in pieces:
            table = pa.Table.from_pandas(piece, schema=writer and writer.schema, preserve_index=False)
            writer = writer or parquet.ParquetWriter(path, table.schema)
            writer.write_table(table)
    finally:
        if writer:
            writer.close()


def write_csv(path: str | Path, pieces: Iterable[pd.DataFrame]) -> None:
    """One CSV of all pieces under one heading."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        for number, piece in enumerate(pieces):
            piece.to_csv(file, index=False, header=number == 0, lineterminator="\n")


def parts_of(path: str | Path) -> Iterator[pd.DataFrame]:
    """The row groups of a table, indexed by the place of their rows in it."""
    from pyarrow import parquet

    start = 0
    with parquet.ParquetFile(path) as file:
        for number in range(file.num_row_groups):
            part = file.read_row_group(number, use_threads=False).to_pandas()
            yield part.set_axis(range(start, start + len(part)))
            start += len(part)


def number_of_parts(path: str | Path) -> int:
    from pyarrow import parquet

    return parquet.read_metadata(path).num_row_groups


def columns_of(path: str | Path) -> pd.DataFrame | Columns:
    """A table to take columns from: itself, or what gives its columns one by one if it was too large to be written at once."""
    return Columns(path) if number_of_parts(path) > 1 else pd.read_parquet(path)


class Columns:
    """A Parquet table that gives the columns which it is asked for, and holds none but those that every estimate asks for."""

    HELD = ("facility_id", "service")

    def __init__(self, path: str | Path):
        from pyarrow import parquet

        self.path, self.metadata = path, parquet.read_metadata(path)
        # What pandas wrote of the types of columns. It would look through all of them for the sake of one.
        self.types = json.loads(self.metadata.schema.to_arrow_schema().metadata[b"pandas"])
        self.held: dict[str, pd.Series] = {}

    def __getitem__(self, names: str | list[str]) -> pd.DataFrame | pd.Series:
        if isinstance(names, list):
            return self._read(names)
        if names in self.held:
            return self.held[names]
        column = self._read([names])[names]
        if names in self.HELD:
            self.held[names] = column
        return column

    def _read(self, names: list[str]) -> pd.DataFrame:
        from pyarrow import parquet

        # Text as categories: whatever is asked of it is asked once of each distinct text. The key has as many texts as rows.
        text = [name for name in names if name != "facility_id"]
        with parquet.ParquetFile(self.path, metadata=self.metadata, read_dictionary=text) as file:
            table = file.read(names, use_threads=False)
        types = {**self.types, "columns": [one for one in self.types["columns"] if one["name"] in names]}
        return table.replace_schema_metadata({"pandas": json.dumps(types)}).to_pandas()


class FrameSpool:
    """Frames put away on disk, to be taken up again in the same order."""

    def __init__(self, path: Path):
        self.path = path

    def put(self, frame: object) -> None:
        with self.path.open("ab") as file:
            pickle.dump(frame, file, protocol=pickle.HIGHEST_PROTOCOL)

    def __iter__(self) -> Iterator:
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            while file.peek(1):
                yield pickle.load(file)


class Piles:
    """Rows on piles by the range in which their key falls: each pile can then be sorted by itself.

    `bounds` are the keys at which a pile ends and the next one begins. What a frame adds to a pile is one Arrow batch: pickled frames
    cost so much each that time would grow with the square of their number.
    """

    def __init__(self, folder: Path, name: str, bounds: np.ndarray):
        self.bounds = np.asarray(bounds)
        self.paths = [folder / f"{name}_{number}.arrow" for number in range(len(self.bounds) + 1)]
        self.writers: dict = {}
        self.schema = None

    def put(self, frame: pd.DataFrame, key: pd.Series) -> None:
        import pyarrow as pa

        key = np.asarray(key)
        order = np.argsort(key, kind="stable")
        table = pa.Table.from_pandas(frame.iloc[order], schema=self.schema, preserve_index=False).combine_chunks()
        self.schema = table.schema
        ends = [0, *np.searchsorted(key[order], self.bounds), len(key)]
        for path, (start, end) in zip(self.paths, pairwise(ends), strict=True):
            if end > start:
                if path not in self.writers:
                    self.writers[path] = pa.ipc.new_stream(path, table.schema)
                self.writers[path].write_table(table.slice(start, end - start))

    def __iter__(self) -> Iterator[pd.DataFrame]:
        """Each pile as one frame, those that are empty left out."""
        import pyarrow as pa

        for path, writer in sorted(self.writers.items(), key=lambda item: self.paths.index(item[0])):
            writer.close()
            with pa.OSFile(str(path)) as file, pa.ipc.open_stream(file) as pile:
                frame = pile.read_pandas()
            path.unlink()
            yield frame
