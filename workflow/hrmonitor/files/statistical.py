"""SPSS, Stata and SAS files: opened by pyreadstat, with encodings that are wrong and damaged files caught."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
from collections.abc import Callable

import pandas as pd

from hrmonitor.errors import ReaderError


def load(path: str, entry: dict, reader: Callable, program: str, **options):
    """(frame, metadata, facts) from pyreadstat; a declared encoding that is wrong is tried as Windows-1252."""
    if not _survives(path, reader, options):
        raise ReaderError(
            f"{path}: the {program} file is damaged: it stops the program that reads it. Save it again from {program}."
        )
    tried = []
    for encoding in (entry["encoding"],) if entry.get("encoding") else (None, "cp1252"):
        try:
            frame, meta = reader(path, encoding=encoding, **options)
            if not all(isinstance(name, str) for name in frame.columns):
                raise ValueError("its variables have no names that can be read")
            if encoding is None and _loses_text(path, reader, options, frame, meta):
                raise ValueError("its texts are not in the encoding that it declares")
        except Exception as error:  # pyreadstat raises a dozen kinds for damaged files
            tried.append(str(error))
            continue
        facts = [f"text in {meta.file_encoding or 'its own encoding'}"] if encoding is None else [
            f"text read as {encoding}" + ("" if entry.get("encoding") else "; the encoding that the file declares is wrong")
        ]  # fmt: skip
        return frame, meta, facts
    raise ReaderError(
        f"{path}: the {program} file cannot be read ({tried[0]}). Save it again from {program}, or set `encoding:`."
    )


def _loses_text(path: str, reader: Callable, options: dict, frame: pd.DataFrame, meta) -> bool:
    """ReadStat drops half a character at the end of a text, as there is where a file is not in UTF-8 as it says.

    A file that has other letters than ASCII in whole is in UTF-8; SPSS itself cut a label of it to its longest.
    """
    if (meta.file_encoding or "utf-8").lower() != "utf-8" or not all(map(str.isascii, _texts(frame, meta))):
        return False
    raw, raw_meta = reader(path, encoding="iso-8859-1", **options)
    return not all(map(str.isascii, _texts(raw, raw_meta)))


def _texts(frame: pd.DataFrame, meta) -> list[str]:
    cells = [cell for name in frame if not pd.api.types.is_numeric_dtype(frame[name]) for cell in frame[name].unique()]
    labels = [label for of in meta.variable_value_labels.values() for label in of.values()]
    return [text for text in (*meta.column_names_to_labels.values(), *labels, *cells) if isinstance(text, str)]


def _survives(path: str, reader: Callable, options: dict) -> bool:
    """Whether a process that reads the file lives: ReadStat, which pyreadstat wraps, can crash on a damaged file."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else None)
    process = context.Process(target=_read_quietly, args=(path, reader, options))
    process.start()
    process.join()
    return process.exitcode is not None and process.exitcode >= 0


def _read_quietly(path: str, reader: Callable, options: dict) -> None:
    # Nothing of the parent may run at the end of this process, and a crash needs no trace on the screen.
    faulthandler.disable()
    try:
        reader(path, **options)
    except Exception:  # the parent meets the same error, and has the words for it
        pass
    finally:
        os._exit(0)
