"""Open answers and the workbooks of the people who coded them come in.

Out go coding sheets, agreement between coders, prevalence of themes and saturation. Software never assigns a theme to an answer;
it only hands out, reads back, compares and counts what people assigned.
"""
