"""Stages: each rule of the build as one function that can be called without Snakemake, in a notebook or a test.

In come rounds (`survey.read_rounds`), tables and typed settings; out come the tables of the stage, hidden cells already blank. Nothing is
estimated, hidden or read from config.yaml here: a stage puts functions of the rooms above into their order.
"""
