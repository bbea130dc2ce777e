"""A file is held in mind: its size, its name, its functions' size."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.source_tree import SourceFile, Violation, strings

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
SAYS_NOTHING = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "misc", "stuff", "lib"}
# The chassis builds a service: there the noun is the thing itself.
SERVICE_MODULE = "chassis/service.py"

_MACHINE_PATH = re.compile(r"(?<![\w.])/(home|root|work|Users)/\w|[A-Z]:\\\\Users")


def files_are_short(file: SourceFile) -> Iterator[Violation]:
    """At most 400 lines; 200 is the rule."""
    count = file.text.count("\n")
    if count > FILE_LINES_MAX:
        yield Violation(file.path, count, f"has {count} lines; split it by meaning")


def functions_are_short(file: SourceFile) -> Iterator[Violation]:
    """At most 60 lines from `def` to the last one."""
    for node in file.nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = (node.end_lineno or node.lineno) - node.lineno + 1
            if count > FUNCTION_LINES_MAX:
                yield Violation(file.path, node.lineno, f"{node.name} has {count} lines")


def names_say_what_the_thing_is(file: SourceFile) -> Iterator[Violation]:
    """No utils, helpers, common, manager, misc; no service.py that takes everything in."""
    for part in (*file.parts[:-1], file.name.removesuffix(".py")):
        if part.removeprefix("test_") in SAYS_NOTHING:
            yield Violation(file.path, 1, f"the name {part} says nothing")
    if file.name == "service.py" and file.path != SERVICE_MODULE:
        yield Violation(file.path, 1, "service.py is where everything ends up; name the operation")


def modules_say_what_they_own(file: SourceFile) -> Iterator[Violation]:
    """A module with code begins with a docstring of at most six lines."""
    if not file.tree.body or file.is_under("tests/support") or "/versions/" in file.path:
        return
    text = ast.get_docstring(file.tree)
    if text is None:
        yield Violation(file.path, 1, "has no docstring that says what the file owns")
    elif text.count("\n") >= 8:
        yield Violation(file.path, 1, "its docstring is a page; say what the file owns")


def no_machine_of_ours(file: SourceFile) -> Iterator[Violation]:
    """No path of somebody's own machine in the tree."""
    for line, text in strings(file):
        if found := _MACHINE_PATH.search(text):
            yield Violation(file.path, line, f"names a folder of one machine: {found.group(0)}")
