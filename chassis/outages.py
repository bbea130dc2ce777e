"""Which failures pass by waiting, and which will come again whenever the same is tried."""

from __future__ import annotations

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chassis.peers import PeerUnavailable

# SQLSTATE: lost connections, no resources, operator's shutdown, system errors, a standby after a failover,
# and what loses against another transaction.
_CLASSES = ("08", "53", "58")
_STATES = frozenset({"57P01", "57P02", "57P03", "57P05", "25006", "40001", "40P01", "55P03"})
_WAITABLE = (
    OSError,
    TimeoutError,
    PeerUnavailable,
    PoolTimeoutError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
)
_DEPTH_MAX = 8


def is_outage(error: BaseException) -> bool:
    """True for what is waited out: it, or what it was raised from, is a lost or refused connection."""
    cause: BaseException | None = error
    for _ in range(_DEPTH_MAX):
        if cause is None:
            return False
        if isinstance(cause, _WAITABLE) or _is_lost_connection(cause):
            return True
        cause = cause.orig if isinstance(cause, DBAPIError) else cause.__cause__
    return False


def _is_lost_connection(error: BaseException) -> bool:
    state = str(getattr(error, "sqlstate", None) or "")
    if state.startswith(_CLASSES) or state in _STATES:
        return True
    # What asyncpg says of a connection that the server's last words are still coming in on.
    if isinstance(error, asyncpg.InternalClientError) and "another operation" in str(error):
        return True
    # asyncpg says this of a connection that went away between two statements; its other interface errors
    # are mistakes of the caller.
    return type(error) is asyncpg.InterfaceError and "clos" in str(error)
