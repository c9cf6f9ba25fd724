"""Woven Markdown and figures come in.

Out go files that people open: PDF, web page, Word document, slides, two-page summary. The same input gives the same bytes on every
machine, nothing is fetched from a network, and no text is added that the Markdown and the text files do not have.
"""
