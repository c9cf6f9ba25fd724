"""One module a chapter: result tables come in, Markdown goes out.

A chapter picks the sentences that its numbers support from `resources/languages/{lang}/report.yaml` and fills them in. It holds no sentence of
its own, computes no estimate, and shows no cell that is hidden in the tables.
"""
