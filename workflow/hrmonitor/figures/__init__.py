"""Published tables come in, with the options of a figure in config.yaml; where a figure needs answers, it aggregates them here.

Out go, for each figure and language, the image, a short alt text, a full description, and the data that was drawn. A figure shows
nothing that disclosure control hides, and computes no estimate of its own. Each module is one kind of figure and declares it in `FIGURE`;
`declarations/figures.py` says what that needs.
"""
