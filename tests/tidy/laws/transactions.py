"""One request, one batch or one timer is one transaction, opened and committed by the chassis."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.source_tree import SourceFile, Violation, calls, dotted, strings

_SESSION = re.compile(
    r"session|unit|transaction|connection|connect|begin|acquire|engine|pool|database", re.IGNORECASE
)
_SEPARATE = {"asynccontextmanager", "contextmanager", "fixture"}
_TRANSACTION_SQL = re.compile(r"^\s*(BEGIN|COMMIT|ROLLBACK|START TRANSACTION)\b", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending += ast.iter_child_nodes(node)


def _yields(function: Function) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own_nodes(function))


def _is_context_manager(function: Function) -> bool:
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if dotted(target).rsplit(".", 1)[-1] in _SEPARATE:
            return True
    return False


def no_session_in_a_yield_dependency(file: SourceFile) -> Iterator[Violation]:
    """FastAPI runs a `yield` dependency's exit after the answer has gone out: a COMMIT there is too late."""
    if file.is_under("tests", "bench"):  # a peer that is measured is written as others write
        return
    depended = {
        dotted(argument)
        for call, name in calls(file)
        if name.rsplit(".", 1)[-1] in {"Depends", "Security"}
        for argument in call.args
    }
    for function in file.nodes:
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) or not _yields(function):
            continue
        if function.name in depended:
            yield Violation(file.path, function.lineno, f"dependency {function.name} yields")
            continue
        if _is_context_manager(function):
            continue
        for node in _own_nodes(function):
            if isinstance(node, ast.With | ast.AsyncWith):
                opened = " ".join(ast.unparse(item.context_expr) for item in node.items)
                inside = any(isinstance(part, ast.Yield) for part in ast.walk(node))
                if inside and _SESSION.search(opened):
                    yield Violation(file.path, node.lineno, f"{function.name} yields inside `{opened}`")


def only_the_chassis_commits(file: SourceFile) -> Iterator[Violation]:
    """No `commit(` outside the chassis; services and the gateway neither begin nor roll back."""
    if file.is_under("chassis", "tests"):
        return
    forbidden = {"commit"}
    if file.is_under("services", "gateway"):
        forbidden |= {"begin", "begin_nested", "rollback", "transaction"}
    for node in file.nodes:
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in forbidden and not _is_other(node):
                yield Violation(file.path, node.lineno, f"calls {name}()")
            case _:
                pass
    if file.is_under("services", "gateway"):
        for line, text in strings(file):
            if _TRANSACTION_SQL.search(text) and not _is_sentence(text):
                yield Violation(file.path, line, f"speaks {text.split()[0]} to the database")


def _is_other(call: ast.Call) -> bool:
    """A `begin` of the domain, which takes arguments, or a transaction that can only read."""
    return bool(call.args) or any(
        word.arg == "readonly" and ast.unparse(word.value) == "True" for word in call.keywords
    )


def _is_sentence(text: str) -> bool:
    """A text for people that begins with the word: "Begin with a letter"."""
    words = text.split()
    return len(words) > 2 or not words[0].isupper()
