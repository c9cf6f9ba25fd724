"""One module a survey tool, each with a `READER`; `readers.registry` imports them.

In comes a file as the tool wrote it, out goes an `Export`: cells and what each column says it is. What answers mean is for later rooms.
"""

from pathlib import Path

# What `tool:` in config.yaml can be beside `auto`: the modules' names, so that config can be checked without importing them.
NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))
