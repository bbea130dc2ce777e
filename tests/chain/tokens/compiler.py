"""Writes the tokens of tests beside their sources: `python -m tests.chain.tokens.compiler`."""

from pathlib import Path

from chain.compiler import write_artifacts

FOLDER = Path(__file__).parent
TOKENS = ("HostileToken", "Pieces")

if __name__ == "__main__":
    write_artifacts(TOKENS, FOLDER, FOLDER)
