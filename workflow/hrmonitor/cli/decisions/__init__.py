"""Decisions of people on a round, made in a workbook and kept in CSV files.

`check` writes the workbook (`workbook`), a person fills it in, `decide` reads it (`filled`) and takes it over into the
records (`records`, `round_keys`). What can be decided is declared in `kinds`, one `Sheet` (`sheet`) a kind.
"""
