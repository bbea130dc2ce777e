"""No float touches money."""

import ast
from collections.abc import Iterator

from tests.tidy.source_tree import SourceFile, Violation, dotted

MONEY_FOLDERS = (
    "events",
    "chassis/money.py",
    *(
        f"services/{service}/{layer}"
        for service in ("ledger", "market", "funding")
        for layer in ("domain", "use_cases", "store", "api", "consumers.py", "timers.py")
    ),
    *(f"services/identity/{layer}" for layer in ("domain", "use_cases")),
)
_TIMES = ("_seconds", "_ms", "_minutes", "_hours", "_days")


def _times(file: SourceFile) -> set[int]:
    """Annotations and values of what is named for a duration: a wait may be a fraction of a second."""
    found: set[int] = set()
    for node in file.nodes:
        match node:
            case ast.AnnAssign(target=target) if dotted(target).endswith(_TIMES):
                found |= {id(part) for part in ast.walk(node)}
            case ast.arg(arg=name, annotation=annotation) if annotation and name.endswith(_TIMES):
                found |= {id(part) for part in ast.walk(annotation)}
            case _:
                pass
    return found


def no_float_in_money_code(file: SourceFile) -> Iterator[Violation]:
    """No float literal, `float`, or true division where amounts are computed, kept or shown."""
    if not file.is_under(*MONEY_FOLDERS):
        return
    excused = _times(file)
    for node in file.nodes:
        if id(node) in excused:
            continue
        match node:
            case ast.Constant(value=float()):
                yield Violation(file.path, node.lineno, f"the float {node.value}")
            case ast.Name(id="float"):
                yield Violation(file.path, node.lineno, "names float")
            case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
                if not _divides_paths(node):
                    yield Violation(file.path, node.lineno, "true division makes a float; use divmod or //")
            case _:
                pass


def _divides_paths(node: ast.BinOp | ast.AugAssign) -> bool:
    """Paths are joined by the same sign: one side is a string or `Path(...)`."""
    sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
    return any(
        (isinstance(part, ast.Constant) and isinstance(part.value, str))
        or (isinstance(part, ast.Name) and part.id in {"Path", "__file__"})
        for side in sides
        for part in ast.walk(side)
    )
