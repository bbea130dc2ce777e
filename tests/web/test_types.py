"""The page's code against the API that it uses: strict types, those of answers from its OpenAPI document."""

import subprocess

import httpx
import pytest

from tests.support.embedded import EmbeddedGuildhall
from tests.web.browser import HERE

pytestmark = pytest.mark.slow

SECONDS_MAX = 240


def test_the_page_is_typed_strictly_against_the_api_that_is_served(
    node_program: str, house: EmbeddedGuildhall
) -> None:
    document = HERE / "node_modules" / ".guildhall-api.json"
    document.write_bytes(httpx.get(f"{house.url}/openapi.json", timeout=30).content)
    _run(
        node_program, "node_modules/openapi-typescript/bin/cli.js", str(document), "-o", "guildhall-api.d.ts"
    )
    _run(node_program, "node_modules/typescript/bin/tsc", "-p", ".")


def _run(*command: str) -> None:
    ended = subprocess.run(
        command, check=False, cwd=HERE, capture_output=True, text=True, timeout=SECONDS_MAX
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
