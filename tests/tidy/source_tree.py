"""The tree as the laws see it: source files with their syntax, and what a violation says."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE_FOLDERS = ("guildhall", "services", "gateway", "events", "chassis", "bench", "chain")
CODE_FOLDERS = (*SOURCE_FOLDERS, "tests")
DOCUMENT_FOLDERS = ("docs", "services", "gateway", "bench", "chassis", "chain")


@dataclass(frozen=True)
class SourceFile:
    """One Python file; `path` is relative to the root, with slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, walked once for all laws."""
        return tuple(ast.walk(self.tree))

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/"))

    @property
    def name(self) -> str:
        return self.parts[-1]

    def is_under(self, *folders: str) -> bool:
        return any(self.path == folder or self.path.startswith(f"{folder}/") for folder in folders)


@dataclass(frozen=True, slots=True)
class Violation:
    """A line that breaks a law."""

    path: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


Law = Callable[[SourceFile], Iterator[Violation]]


@lru_cache
def sources(*folders: str) -> tuple[SourceFile, ...]:
    """Every Python file under the folders that exist, in path order."""
    return tuple(
        SourceFile(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    )


def code() -> tuple[SourceFile, ...]:
    """Every Python file of the house, tests included."""
    return sources(*CODE_FOLDERS)


def documents() -> list[Path]:
    """Every Markdown page of the tree."""
    return sorted(ROOT.glob("*.md")) + sorted(
        path for folder in DOCUMENT_FOLDERS for path in (ROOT / folder).rglob("*.md")
    )


def services() -> list[Path]:
    """The folders of the services."""
    return sorted(path for path in (ROOT / "services").iterdir() if (path / "__init__.py").exists())


def dotted(node: ast.AST) -> str:
    """`a.b.c` of a name or attribute chain; an empty string for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join((node.id, *reversed(names)))


def imported_names(file: SourceFile) -> dict[str, str]:
    """Local name -> what it was imported as, in full: {"datetime": "datetime.datetime"}."""
    found: dict[str, str] = {}
    for node in file.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                local = alias.asname or alias.name.split(".")[0]
                found[local] = alias.name if alias.asname else local
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                found[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return found


def imported_modules(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Every module named in an import, with its line; `from a import b` names a.b."""
    for node in file.nodes:
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def calls(file: SourceFile) -> Iterator[tuple[ast.Call, str]]:
    """Every call with the full name of what is called, as far as imports tell it."""
    names = imported_names(file)
    for node in file.nodes:
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            head, _, rest = name.partition(".")
            full = names.get(head, head)
            yield node, f"{full}.{rest}" if rest else full


def strings(file: SourceFile) -> Iterator[tuple[int, str]]:
    """Every string constant that is not a docstring or a bare string of documentation."""
    documentation = {
        id(node.value)
        for node in file.nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in file.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value
