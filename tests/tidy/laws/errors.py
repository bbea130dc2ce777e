"""Every fact that a domain states when it refuses has its line in the service's one table of problems."""

import ast
from collections.abc import Iterable, Iterator

from tests.tidy.source_tree import SourceFile, Violation, dotted

BASE = "DomainError"


def _classes(files: Iterable[SourceFile]) -> dict[str, tuple[SourceFile, ast.ClassDef, set[str]]]:
    found: dict[str, tuple[SourceFile, ast.ClassDef, set[str]]] = {}
    for file in files:
        for node in file.nodes:
            if isinstance(node, ast.ClassDef):
                bases = {dotted(base).rsplit(".", 1)[-1] for base in node.bases}
                found[node.name] = (file, node, bases)
    return found


def unmapped_errors(service: Iterable[SourceFile]) -> Iterator[Violation]:
    """Domain errors of one service that its api/problems.py does not name.

    A class that others derive from is a family: its members are named, not it.
    """
    files = list(service)
    classes = _classes(file for file in files if "domain" in file.parts)
    facts = {BASE}
    while more := {name for name, (_, _, bases) in classes.items() if bases & facts} - facts:
        facts |= more
    families = set[str]().union(*(bases for _, _, bases in classes.values())) if classes else set[str]()
    tables = [file for file in files if file.path.endswith("api/problems.py")]
    named = {
        node.id if isinstance(node, ast.Name) else node.attr
        for file in tables
        for node in file.nodes
        if isinstance(node, ast.Name | ast.Attribute)
    }
    for name in sorted(facts - families - named - {BASE}):
        file, node, _ = classes[name]
        yield Violation(file.path, node.lineno, f"{name} has no status in api/problems.py")
