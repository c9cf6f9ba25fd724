"""One file of a survey tool comes in, one module a tool.

Out goes an `Export`: the cells as text, and for each column the question or option that it stands for. A module here only knows how
its tool writes files: it matches no labels by guesswork, converts no values and writes nothing.
"""
