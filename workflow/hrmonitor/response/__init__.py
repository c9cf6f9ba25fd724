"""The register, the contacts of the fieldwork and the submissions come in.

Out go final dispositions and outcome rates as AAPOR defines them, comparisons of respondents with the register, mode effects and
item nonresponse. Reasons and names of single facilities stay in `dispositions.csv`, which is not for publication, and imputed values
count as not answered.
"""
