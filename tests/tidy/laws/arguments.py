"""Clock, ids and randomness are passed in; the environment is read by settings alone."""

import ast
import re
from collections.abc import Iterator

from tests.tidy.source_tree import SourceFile, Violation, calls, imported_modules, strings

# Another process than the house: it speaks HTTP and imports nothing of the chassis, its clock included.
OUTSIDE = ("guildhall/demo", "guildhall/demo.py", "guildhall/client", "guildhall/client.py", "bench", "tests")

CLOCK_AND_IDS = ("chassis/clock.py", "chassis/ids.py")

_CLOCK_CALLS = {
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
    "time.time", "time.time_ns", "time.gmtime", "time.localtime",
}  # fmt: skip
_NAIVE_CALLS = {"datetime.datetime.utcnow", "datetime.datetime.utcfromtimestamp"}
_ID_CALLS = re.compile(r"^(uuid|uuid_utils(\.compat)?)\.uuid[1-8]$")
_CHANCE = {"random", "secrets", "numpy.random"}
_SQL_CLOCK = re.compile(
    r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|uuidv7|uuidv4|gen_random_uuid"
    r"|uuid_generate_v\d\w*)\s*\(|\b(CURRENT_TIMESTAMP|CURRENT_DATE|CURRENT_TIME|LOCALTIMESTAMP|LOCALTIME)\b",
)
_SQL_CLOCK_LOWER = re.compile(r"\b(current_timestamp|current_date|localtimestamp)\b", re.IGNORECASE)
_SQL_FUNCTIONS = {
    "now", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp", "transaction_timestamp",
    "statement_timestamp", "uuidv7", "uuidv4", "gen_random_uuid",
}  # fmt: skip


def no_clock_outside_the_clock(file: SourceFile) -> Iterator[Violation]:
    """`datetime.now` and its kin only in chassis/clock.py; a reading without a zone nowhere."""
    for call, name in calls(file):
        if name in _NAIVE_CALLS:
            yield Violation(file.path, call.lineno, f"calls {name}, which knows no zone")
        elif name in _CLOCK_CALLS and not file.is_under(*CLOCK_AND_IDS, *OUTSIDE):
            yield Violation(file.path, call.lineno, f"calls {name}")


def no_ids_outside_the_ids(file: SourceFile) -> Iterator[Violation]:
    """UUIDs are made by chassis/ids.py alone."""
    if file.is_under(*CLOCK_AND_IDS, *OUTSIDE):
        return
    for call, name in calls(file):
        if _ID_CALLS.match(name):
            yield Violation(file.path, call.lineno, f"calls {name}")


# Where chance is drawn to be handed on as an argument; trace ids decide nothing.
MAY_DRAW = ("chassis/ids.py", "chassis/telemetry/trace.py", "guildhall")


def no_chance_outside_its_source(file: SourceFile) -> Iterator[Violation]:
    """No `random`, `secrets` or `os.urandom` but where randomness is drawn to be passed in."""
    if file.is_under(*MAY_DRAW, *OUTSIDE):
        return
    for line, module in imported_modules(file):
        if any(module == name or module.startswith(f"{name}.") for name in _CHANCE):
            yield Violation(file.path, line, f"imports {module}")
    for call, name in calls(file):
        if name in {"os.urandom", "numpy.random.default_rng"}:
            yield Violation(file.path, call.lineno, f"calls {name}")


def no_clock_or_ids_in_sql(file: SourceFile) -> Iterator[Violation]:
    """The database makes no times and no ids: they come from Python as parameters. Tests may plant rows."""
    if file.is_under("tests"):
        return
    for line, text in strings(file):
        if found := _SQL_CLOCK.search(text) or _SQL_CLOCK_LOWER.search(text):
            yield Violation(file.path, line, f"SQL reads {found.group(0)}")
    for node in file.nodes:
        match node:
            case ast.Attribute(value=ast.Name(id="func"), attr=name) if name in _SQL_FUNCTIONS:
                yield Violation(file.path, node.lineno, f"SQL reads func.{name}")
            case _:
                pass


# Launchers hand an environment on to the processes that they start, or read where the machine keeps things.
MAY_READ_ENVIRONMENT: tuple[str, ...] = ()


def no_environment_outside_settings(file: SourceFile) -> Iterator[Violation]:
    """`os.environ` and `os.getenv` only in modules named settings.py."""
    if file.is_under("tests", "bench", *MAY_READ_ENVIRONMENT) or file.name == "settings.py":
        return
    for node in file.nodes:
        match node:
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "environb" | "getenv" | "putenv"):
                yield Violation(file.path, node.lineno, f"reads os.{node.attr}")
            case _:
                pass
    for line, module in imported_modules(file):
        if module in {"os.environ", "os.getenv", "os.environb"}:
            yield Violation(file.path, line, f"imports {module}")
