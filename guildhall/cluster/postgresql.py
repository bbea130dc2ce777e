"""Stands in for PostgreSQL's image: its server in the foreground, until it is told to stop or it ends.

`python -m guildhall.cluster.postgresql FOLDER ADDRESS PASSWORD_FILE postgres [-c NAME=VALUE]...`
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from guildhall.postgres.launcher import PostgresServer, ServerOptions
from guildhall.refusals import StartRefused

PORT = 5432
_LOOK_SECONDS = 0.1


def main(arguments: Sequence[str]) -> int:
    folder, address, password_file, program, *options = arguments
    settings = dict(pair.split("=", 1) for pair in options[1::2])
    if program != "postgres" or set(options[0::2]) - {"-c"}:
        raise StartRefused(f"PostgreSQL is told {' '.join(options)}: -c NAME=VALUE alone is known")
    server = PostgresServer(
        Path(folder),
        Path(password_file).read_text(),
        ServerOptions(port=PORT, address=address, settings=settings),
    )
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    server.start()
    while not told.wait(_LOOK_SECONDS):
        if not server.is_running():
            server.stop()
            return 1
    server.stop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except StartRefused as refusal:
        sys.stderr.write(f"postgres: {refusal.line}\n")
        sys.exit(1)
