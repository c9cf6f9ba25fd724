"""One file of a survey tool comes in, one module a tool; each declares a `READER`, and `readers.registry` lists them.

Out goes an `Export`: the cells as text, and for each column the question or option that it stands for. A module here only knows how
its tool writes files: it matches no labels by guesswork, converts no values and writes nothing.
"""

from pathlib import Path

# What `tool:` in config.yaml can be beside `auto`: the modules' names, so that config can be checked without importing them.
NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))
