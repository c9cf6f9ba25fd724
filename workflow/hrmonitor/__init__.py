"""Harm Reduction Monitor: from raw questionnaire exports to a report in which every number is computed."""

import csv

__version__ = "0.1.0"

# The `csv` module refuses a cell of more than 131,072 characters, which an open answer or a pasted document may have. The limit is one
# of the process; every process that imports this package is one of ours, and needs no other.
csv.field_size_limit(2**31 - 1)
