"""Result tables, figures and the texts of `report/` and `resources/languages/` come in.

Out go the report, its technical annex, the slides and the summary in each language. Sentences are kept in the text files and numbers in
the tables: no number is computed or typed here, and everything from a form, a file or a respondent is escaped.
"""
