"""`python -m hrmonitor`, the same as the console script `hrmonitor`."""

from hrmonitor.cli.main import main

if __name__ == "__main__":
    main()
