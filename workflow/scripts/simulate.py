"""Write the synthetic raw data anew, and beside the tests what the pipeline must find in them."""

from hrmonitor.build.job import job

with job(snakemake):
    import shutil
    import tempfile
    from pathlib import Path

    from hrmonitor.simulation import SCENARIOS, write_raw

    truth = Path("tests/ground_truth")
    write_raw(Path("raw"), "published", snakemake.params.seed, truth / "published")
    for scenario in SCENARIOS[1:]:
        with tempfile.TemporaryDirectory() as folder:
            for round_ in ("2018", "2021"):
                shutil.copytree(f"raw/{round_}/questionnaire", f"{folder}/{round_}/questionnaire")
            write_raw(Path(folder), scenario, snakemake.params.seed, truth / scenario)
