"""What surrounds a job: Snakemake's jobs and the files that they declare come in.

Out go locks, records of what was made from what, digests of the code that a rule uses, and errors of one sentence. Nothing here reads
an answer or knows what a result means.
"""
