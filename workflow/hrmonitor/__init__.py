"""Harm Reduction Monitor: from raw questionnaire exports to a report in which every number is computed."""

__version__ = "0.1.0"
