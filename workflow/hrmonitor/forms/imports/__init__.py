"""A survey tool's own form comes in, one module a format.

Out goes a `Form`: the sheets of an XLSForm, and `left_out`, the list of what could not be carried over. An importer never invents a
question, an option or a condition, and never reads answers.
"""
