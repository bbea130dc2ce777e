"""What the pages of the repository promise: short decisions held by a check, paths that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

SCREEN_LINES_MAX = 60
DECISION_LINES_MAX = 40

_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_PATH = re.compile(r"^[\w.-]+(/[\w.-]+)*/?$")
_FOLDERS = ("guildhall", "services", "gateway", "events", "chassis", "bench", "tests", "docs")
_HELD = re.compile(r"^Held by: .+")


def _outside_fences(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def lost_paths(page: Path, root: Path) -> Iterator[str]:
    """Paths in code spans (from the root) and links (from the page) that lead nowhere."""
    text = _outside_fences(page.read_text(encoding="utf-8"))
    for span in _CODE_SPAN.findall(text):
        path, _, test = span.partition("::")
        named = path.split("/")[0] in _FOLDERS and "/" in path and _PATH.match(path)
        if named and not (root / path).exists():
            yield f"{page.relative_to(root)}: `{span}` is not in the tree"
        elif named and test and f"def {test}(" not in (root / path).read_text(encoding="utf-8"):
            yield f"{page.relative_to(root)}: `{span}` is no test of that file"
    for link in _LINK.findall(text):
        if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists():
            yield f"{page.relative_to(root)}: the link {link} leads nowhere"


def unheld_decisions(folder: Path) -> Iterator[str]:
    """Decisions that are too long, badly numbered, or do not end with the check that holds them."""
    pages = sorted(folder.glob("*.md"))
    for number, page in enumerate(pages, start=1):
        lines = page.read_text(encoding="utf-8").rstrip().splitlines()
        if not re.match(rf"^{number:04d}-[a-z0-9-]+\.md$", page.name):
            yield f"{page.name} is not number {number:04d}"
        if len(lines) > DECISION_LINES_MAX:
            yield f"{page.name} has {len(lines)} lines"
        paragraph: list[str] = []
        for line in reversed(lines):
            if not line.strip():
                break
            paragraph.insert(0, line)
        if not paragraph or not _HELD.match(paragraph[0]):
            yield f"{page.name} does not end with the check that holds it"


def unread_services(services: list[Path]) -> Iterator[str]:
    """Services without a README of one screen that says what they own."""
    for service in services:
        page = service / "README.md"
        if not page.exists():
            yield f"{service.name} has no README.md"
            continue
        text = page.read_text(encoding="utf-8")
        if text.count("\n") > SCREEN_LINES_MAX:
            yield f"{service.name}/README.md is longer than a screen"
        for word in ("owns", "accepts", "publishes", "consumes", "promises"):
            if not re.search(rf"\b{word}\b", text, re.IGNORECASE):
                yield f"{service.name}/README.md does not say what the service {word}"
