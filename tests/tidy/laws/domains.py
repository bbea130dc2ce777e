"""A domain is pure: frozen values and functions of their arguments."""

import ast
import sys
from collections.abc import Iterator

from tests.tidy.source_tree import SourceFile, Violation, calls, dotted, imported_modules

# What a domain may know of the chassis; the rest is web, database, bus or chain.
CHASSIS_FOR_DOMAINS = (
    "chassis.money", "chassis.errors", "chassis.ids", "chassis.clock", "chassis.daily", "chassis.retries",
    "chassis.rights.grants",
)  # fmt: skip
# Figures over millions of backlinks are computed on arrays.
LIBRARIES_FOR_DOMAINS = ("numpy", "scipy")
_OUTSIDE_WORLD = {
    "asyncio", "http", "socket", "sqlite3", "ssl", "subprocess", "threading", "urllib.request", "os", "time",
    "random", "secrets", "pathlib", "tempfile", "shutil",
}  # fmt: skip


def _is_domain(file: SourceFile) -> bool:
    return file.is_under("services") and "domain" in file.parts


def _is_named(module: str, names: tuple[str, ...] | set[str]) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in names)


def domains_import_values_only(file: SourceFile) -> Iterator[Violation]:
    """Standard library without the outside world, its own package's domain, and the chassis' value types."""
    if not _is_domain(file):
        return
    own = ".".join(file.parts[: file.parts.index("domain") + 1])
    whole = f"services.{file.parts[1]}.domain"  # of the service that a context is part of
    for line, module in imported_modules(file):
        top = module.split(".")[0]
        of_values = _is_named(module, (own, whole, *CHASSIS_FOR_DOMAINS, *LIBRARIES_FOR_DOMAINS))
        pure = top in sys.stdlib_module_names and not _is_named(module, _OUTSIDE_WORLD)
        if not (of_values or pure):
            yield Violation(file.path, line, f"a domain imports {module}")


def domains_are_frozen(file: SourceFile) -> Iterator[Violation]:
    """Dataclasses of a domain are frozen and slotted."""
    if not _is_domain(file):
        return
    for node in file.nodes:
        if not isinstance(node, ast.ClassDef):
            continue
        for decorator in node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if dotted(target).rsplit(".", 1)[-1] != "dataclass":
                continue
            given = (
                {word.arg for word in decorator.keywords if ast.unparse(word.value) == "True"}
                if isinstance(decorator, ast.Call)
                else set[str | None]()
            )
            if not {"frozen", "slots"} <= given:
                yield Violation(file.path, node.lineno, f"{node.name} is not frozen and slotted")


def domains_wait_for_nothing(file: SourceFile) -> Iterator[Violation]:
    """No coroutine and no print in a domain."""
    if not _is_domain(file):
        return
    for node in file.nodes:
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            yield Violation(file.path, node.lineno, "a domain waits for nothing")
    for call, name in calls(file):
        if name in {"print", "open", "input"}:
            yield Violation(file.path, call.lineno, f"a domain calls {name}")


CALLERS = ("chassis/peers.py", "chassis/network", "chassis/egress")


def services_are_called_in_one_place(file: SourceFile) -> Iterator[Violation]:
    """Calls between services and the one way out to what members name know an HTTP client; nothing else."""
    if not file.is_under("services", "chassis", "events") or file.is_under(*CALLERS):
        return
    for line, module in imported_modules(file):
        if _is_named(module, {"httpx", "aiohttp", "requests", "urllib.request"}):
            yield Violation(file.path, line, f"imports {module}")


EVENTS_MAY_IMPORT = ("pydantic", "events")


def events_import_only_pydantic(file: SourceFile) -> Iterator[Violation]:
    """What crosses the bus is read by strangers: Pydantic and the standard library are all it needs."""
    if not file.is_under("events"):
        return
    for line, module in imported_modules(file):
        if not _is_named(module, EVENTS_MAY_IMPORT) and module.split(".")[0] not in sys.stdlib_module_names:
            yield Violation(file.path, line, f"events import {module}")
