"""What the package brings along besides code: sentences, fonts, page templates, the web page, captions, the schema of config.yaml."""

from importlib.resources import files
from pathlib import Path

# Pandoc, Typst and Matplotlib open these files themselves, so they must be files on disk; setup unpacks the package.
RESOURCES = Path(str(files(__name__)))
