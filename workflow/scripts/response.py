"""AAPOR outcome rates, non-response against the register, mode effects and item non-response of every round."""

from hrmonitor.build.job import job

with job(snakemake):
    from hrmonitor.declarations.csv_files import read_table, write_table
    from hrmonitor.estimation.sampling_design import EstimationSettings
    from hrmonitor.project.frame import register_of
    from hrmonitor.stages.response import response
    from hrmonitor.survey import read_rounds

    params, register = snakemake.params, register_of(*snakemake.input.register)
    tables, cases = response(
        read_rounds(params.rounds, snakemake.input.facilities, register),
        {
            name: read_table("submissions", path)
            for name, path in zip(params.rounds, snakemake.input.submissions, strict=True)
        },
        {name: round_["contacts"] for name, round_ in params.rounds.items()},
        register,
        read_table("suppressions", snakemake.input.suppressions),
        EstimationSettings(**params.settings),
        params.minimum_cell,
    )
    for name, path in zip(params.rounds, snakemake.output.dispositions, strict=True):
        write_table("dispositions", cases[name], path)
    for name, table in tables.items():
        write_table(name, table, snakemake.output[name])
