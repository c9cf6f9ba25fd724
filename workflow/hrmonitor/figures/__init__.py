"""Figures: one module a kind, each with its declaration in `FIGURE` (`declarations/figures.py` says what that needs).

In come the tables that a kind asks for and its block of config.yaml; out come a matplotlib figure, its alt text and its description in
every language, all made from one frame. Nothing here estimates or hides anything.
"""
