"""Where the voice tree draws its members: everybody once, apart from each other, alike for the same tree."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.pages.web_files import WEB_FOLDER

pytestmark = pytest.mark.slow

LAYOUT = (WEB_FOLDER / "picture" / "layout.js").as_uri()
PROGRAM = f"""
import {{ layOut }} from "{LAYOUT}";
import {{ readFileSync }} from "node:fs";
const answers = JSON.parse(readFileSync(0, "utf8")).map((tree) =>
  layOut(tree).map(({{ id, parent, depth, x, y }}) => ({{ id, parent: parent?.id ?? null, depth, x, y }})));
console.log(JSON.stringify(answers));
"""


def tree_of(parents: list[int]) -> dict[str, Any]:
    """Member n + 1 speaks through a member before it."""
    nodes: list[dict[str, Any]] = [_node(0)]
    for number, drawn in enumerate(parents):
        node = _node(number + 1)
        nodes[drawn % len(nodes)]["children"].append(node)
        nodes.append(node)
    for node in reversed(nodes):
        node["speaks_for_count"] = sum(1 + child["speaks_for_count"] for child in node["children"])
    return nodes[0]


def _node(number: int) -> dict[str, Any]:
    return {"member_id": str(number), "speaks_for_count": 0, "folded_members_count": 0, "children": []}


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.integers(0, 10_000), max_size=120), min_size=1, max_size=10))
def test_everybody_is_drawn_once_below_whom_they_speak_through_and_apart(
    tmp_path_factory: pytest.TempPathFactory, node_program: str, forests: list[list[int]]
) -> None:
    script = tmp_path_factory.mktemp("layout") / "layout.mjs"
    script.write_text(PROGRAM)
    trees = [tree_of(parents) for parents in forests]
    first, again = (_laid_out(node_program, script, trees) for _ in range(2))
    assert first == again
    for parents, placed in zip(forests, first, strict=True):
        assert sorted(int(node["id"]) for node in placed) == list(range(len(parents) + 1))
        seen: dict[str, dict[str, Any]] = {}
        for node in placed:
            above = seen.get(node["parent"]) if node["parent"] is not None else None
            assert node["depth"] == (above["depth"] + 1 if above else 0)
            seen[node["id"]] = node
        places = {(round(node["x"], 3), round(node["y"], 3)) for node in placed}
        assert len(places) == len(placed), "no two stand in one place"


def _laid_out(program: str, script: Path, trees: list[dict[str, Any]]) -> Any:
    ended = subprocess.run(
        [program, str(script)],
        check=True,
        input=json.dumps(trees),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return json.loads(ended.stdout)
