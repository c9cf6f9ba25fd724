"""Typed answers of all rounds, their questionnaires and published series come in.

Out go the tables of indicators, of changes between rounds and of our figures beside published ones, one row an estimate. The tables
still hold every cell: nothing here hides or rounds for publication, joins what the rounds asked differently, or computes a statistic of its own.
"""
