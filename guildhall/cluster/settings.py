"""The compose file's variables: the environment, else a file `.env` beside it, as an engine reads them."""

import os
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values


def compose_variables(folder: Path) -> Mapping[str, str]:
    """By name; those of the environment go first."""
    file = folder / ".env"
    said = dotenv_values(file) if file.exists() else {}
    return {name: value for name, value in said.items() if value is not None} | dict(os.environ)


def search_path() -> str:
    """Where this machine keeps its programs."""
    return os.environ.get("PATH", os.defpath)
