"""One request = one transaction, committed before the first byte of the answer (design, decision 5).

The route class begins, runs the handler, serialises its answer, stores it under its Idempotency-Key, commits,
and only then lets the answer go. Where the transaction recorded intents it settles them and answers with the
present state of what waited, or 202 where the settling takes longer than the setting.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Annotated, Any

import asyncpg
import structlog
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import exc as sqlalchemy_errors

from chassis import asgi_call, reading
from chassis.auth.declarations import without_declarations
from chassis.auth.dependencies import READING_METHODS, actor_of
from chassis.idempotency import IdempotencyScope, StoredAnswer, idempotency_scope, store_answer, stored_answer
from chassis.intents import Outcome, Settlement
from chassis.peers import PeerUnavailable
from chassis.prepared import prepared_handler
from chassis.problems import REFUSED_BY_LEDGER, UNAVAILABLE, Problem
from chassis.telemetry.trace import current_trace, trace_now
from chassis.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from chassis.service import Chassis

logger = structlog.get_logger(__name__)

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
ATTEMPTS_MAX = 4
CONTENTION = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
OUTAGES = (
    OSError,
    PeerUnavailable,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,  # no connection, no memory, no room on the disk
    sqlalchemy_errors.TimeoutError,
)


async def current_unit(request: Request) -> UnitOfWork:
    """The transaction of this request."""
    return request.state.unit


Unit = Annotated[UnitOfWork, Depends(current_unit)]


class TransactionRoute(APIRoute):
    """Every route of a service that touches its database."""

    def get_route_handler(self) -> Handler:
        declared, self.dependant = self.dependant, without_declarations(self.dependant)
        handle = prepared_handler(
            self.dependant, super().get_route_handler(), embeds_body=self._embed_body_fields
        )
        self.dependant = declared  # of it the document is made

        async def run(request: Request) -> Response:
            chassis: Chassis = request.app.state.chassis
            actor = await actor_of(request)
            current_trace.set(trace_now().acting(actor))
            fresh = await chassis.own_writes.wait(request.headers.get(reading.AFTER_HEADER))
            if request.method in READING_METHODS:
                response = await _read(chassis, handle, request, actor)
            else:
                response = await _write(chassis, handle, request, actor)
            if not fresh:
                response.headers[reading.STALE_HEADER] = "true"
            return response

        return run


async def _read(chassis: Chassis, handle: Handler, request: Request, actor: str) -> Response:
    unit = chassis.unit(actor, read_only=True)
    request.state.unit = unit
    try:
        return await handle(request)
    except Exception as error:
        raise _translated(error) from error
    finally:
        await unit.close()


async def _write(chassis: Chassis, handle: Handler, request: Request, actor: str) -> Response:
    scope = await _scope(request, actor)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        unit = chassis.unit(actor)
        request.state.unit = unit
        try:
            stored = (
                await stored_answer(unit, scope, chassis.settings.idempotency_kept_days) if scope else None
            )
            if stored is not None:
                break
            response = await handle(request)
            if unit.published:
                response.headers[reading.EVENT_HEADER] = reading.event_header(unit.published)
            if scope is not None and response.status_code < 400 and not _is_secret(request):
                await _keep(unit, scope, response)
            await unit.commit()
        except Exception as error:
            if attempt < ATTEMPTS_MAX and isinstance(_driver_error(error), CONTENTION):
                logger.info("request repeated", reason=repr(error), attempt=attempt)
                continue
            raise _translated(error) from error
        finally:
            await unit.close()
        if not unit.intents:
            return response
        return await _settled(chassis, request, response, unit)
    else:
        raise AssertionError("the last attempt raises or returns")
    return await _repeated(chassis, request, stored)


def keep_no_answer(request: Request) -> None:
    """The answer holds secrets: it is kept under no Idempotency-Key, and a repeat does it again."""
    request.state.is_answer_secret = True


def _is_secret(request: Request) -> bool:
    return getattr(request.state, "is_answer_secret", False)


async def _scope(request: Request, actor: str) -> IdempotencyScope | None:
    key = request.headers.get("idempotency-key")
    if request.method != "POST" or key is None or actor == "nobody":
        return None
    return idempotency_scope(actor, request.method, request.url.path, key, await request.body())


async def _keep(unit: UnitOfWork, scope: IdempotencyScope, response: Response) -> None:
    await store_answer(
        unit,
        scope,
        response.status_code,
        dict(response.headers),
        bytes(response.body),
        unit.intents[0].resource if unit.intents else None,
        [intent.id for intent in unit.intents],
    )


async def _settled(chassis: Chassis, request: Request, response: Response, unit: UnitOfWork) -> Response:
    settlements = await chassis.settler.wait([intent.id for intent in unit.intents])
    published = [*unit.published]
    for settlement in settlements:
        if settlement is not None:
            published += settlement.published
    present = await _present(request, unit.intents[0].resource, response.status_code, settlements)
    if published:
        present.headers[reading.EVENT_HEADER] = reading.event_header(published)
    return present


async def _repeated(chassis: Chassis, request: Request, stored: StoredAnswer) -> Response:
    if stored.resource is None:
        response = Response(stored.body, status_code=stored.status)
        response.headers.update(stored.headers)
        return response
    settlements = await chassis.settler.wait(stored.intent_ids)
    return await _present(request, stored.resource, stored.status, settlements)


async def _present(
    request: Request, resource: str, status: int, settlements: list[Settlement | None]
) -> Response:
    """The present state of what waited for intents: `status` once all are answered, 202 before."""
    for settlement in settlements:
        if settlement is not None and settlement.answer.outcome is Outcome.REFUSED:
            raise Problem(REFUSED_BY_LEDGER, {"code": settlement.answer.code, "resource": resource})
    headers = [
        (name, value)
        for name, value in request.headers.raw
        if name in (b"authorization", b"traceparent", b"host", b"x-request-id")
    ]
    answer = await asgi_call.call(request.app, "GET", resource, headers)
    waiting = any(settlement is None for settlement in settlements)
    response = Response(
        answer.content,
        status_code=answer.status_code if answer.status_code >= 400 else 202 if waiting else status,
        media_type=answer.headers.get("content-type", "application/json"),
    )
    response.headers["Location"] = resource
    if "etag" in answer.headers:
        response.headers["ETag"] = answer.headers["etag"]
    return response


def _driver_error(error: Exception) -> BaseException:
    """The driver's error beneath SQLAlchemy's."""
    if isinstance(error, sqlalchemy_errors.DBAPIError) and error.orig is not None:
        return error.orig.__cause__ or error.orig
    return error


def _translated(error: Exception) -> Exception:
    if isinstance(_driver_error(error), OUTAGES):
        logger.warning("request met an outage", reason=repr(error))
        return Problem(UNAVAILABLE, headers={"Retry-After": "1"})
    return error
