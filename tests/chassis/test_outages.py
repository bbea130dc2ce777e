"""Which failures are waited out, and which are tried and parked."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from chassis.outages import is_outage
from chassis.peers import PeerUnavailable


def raised_from(cause: BaseException) -> BaseException:
    error = RuntimeError("a handler failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        ConnectionResetError(),
        TimeoutError(),
        asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        asyncpg.AdminShutdownError(),
        asyncpg.CrashShutdownError(),
        asyncpg.CannotConnectNowError(),
        asyncpg.TooManyConnectionsError(),
        asyncpg.DiskFullError(),
        asyncpg.DeadlockDetectedError(),
        asyncpg.SerializationError(),
        asyncpg.LockNotAvailableError(),
        asyncpg.ReadOnlySQLTransactionError(),
        PoolTimeoutError("no connection within 10 seconds"),
        PeerUnavailable("identity", "status 503"),
        DBAPIError("select", None, asyncpg.AdminShutdownError()),
        raised_from(ConnectionResetError()),
        raised_from(DBAPIError("select", None, asyncpg.InterfaceError("connection is closed"))),
    ],
)
def test_what_passes_by_waiting_is_an_outage(error: BaseException) -> None:
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a rule"),
        KeyError("a defect"),
        asyncpg.UniqueViolationError(),
        asyncpg.CheckViolationError(),
        asyncpg.UndefinedTableError(),
        asyncpg.QueryCanceledError(),
        asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
        asyncpg.exceptions.DataError("invalid input"),
        IntegrityError("insert", None, asyncpg.UniqueViolationError()),
        raised_from(ValueError("a rule")),
    ],
)
def test_what_comes_again_whenever_it_is_tried_is_none(error: BaseException) -> None:
    assert not is_outage(error)
