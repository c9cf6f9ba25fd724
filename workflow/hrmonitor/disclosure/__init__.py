"""Answers, the register and the tables to be published come in.

Out goes the list of cells that must be hidden, which holds no values, and tables with those cells blanked. Every rule comes from
`disclosure:` in config.yaml; a cell is shown only if no rule protects it and no other published cell gives it away
(docs/methods/disclosure.md has the rules), and nothing here writes to `results/`.
"""
