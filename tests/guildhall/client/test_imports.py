"""The client stands outside the house: it imports its few libraries and nothing that serves."""

import ast
import sys
from pathlib import Path

import guildhall.client

ALLOWED = {"httpx", "cryptography", "eth_hash", "eth_keys", "http_message_signatures"}


def test_the_client_imports_nothing_of_the_house() -> None:
    folder = Path(guildhall.client.__file__).parent
    files = sorted(folder.glob("**/*.py"))
    assert len(files) > 5
    for file in files:
        for node in ast.walk(ast.parse(file.read_text())):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0
                names = [str(node.module)]
            for name in names:
                root = name.partition(".")[0]
                is_own = name == "guildhall.client" or name.startswith("guildhall.client.")
                assert is_own or root in ALLOWED or root in sys.stdlib_module_names, f"{file.name}: {name}"
