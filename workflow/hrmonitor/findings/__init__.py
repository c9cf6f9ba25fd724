"""Findings: claims in config.yaml, each with the tests that would support it, against the answers.

In come the findings of config.yaml, the answers of the rounds and the published series; out go a table of tests with verdicts, and one of
repetitions that shows which verdicts survive. Nothing is printed or hidden here: words are for `reporting`, hiding for `disclosure`.
"""
