"""The questionnaire of a round: an XLSForm folder in; questions, options, skip logic and what two forms have in common out.

Everything that knows how a form is written stays in this room: later rooms ask `Questionnaire` and never open its sheets.
Nothing here sees an answer; conditions and calculations are compiled here and applied to answers in `cleaning`.
"""

from hrmonitor.questionnaire.model import Question, Questionnaire, read_questionnaire, read_validated

__all__ = ["Question", "Questionnaire", "read_questionnaire", "read_validated"]
