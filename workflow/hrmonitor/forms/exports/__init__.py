"""A `Questionnaire` comes in.

Out go the forms that people fill in or read: XLSForm, workbook, Word document, printed form. The forms say what the questionnaire
says, in its languages; nothing here adds a question or changes a condition, and no file that somebody has filled in is overwritten.
"""
