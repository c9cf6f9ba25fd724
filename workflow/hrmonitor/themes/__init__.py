"""Themes in open answers: people code them, the software hands out, takes in, compares and counts.

`book` the themes · `coding` what coders saw · `sheets` their workbooks · `agreement` how alike they coded · `prevalence` what counts
after the consensus round, and at how many facilities · `saturation` whether more answers would bring more themes.
"""
