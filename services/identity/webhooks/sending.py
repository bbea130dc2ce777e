"""From rows to endpoints: a process leases a webhook and sends it one event after the other.

A crash between an answer and its row sends once more, under the same id: at least once.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from chassis.egress.urls import UrlRefused
from chassis.ids import random_bytes
from services.identity.webhooks import metrics
from services.identity.webhooks.domain.delivery import Attempt, Delivery, Retries
from services.identity.webhooks.signing import signed_headers
from services.identity.webhooks.store.deliveries import next_due, waiting_figures
from services.identity.webhooks.store.webhooks import extend_lease, lease_due
from services.identity.webhooks.use_cases.note_attempt import Patience, note_attempt

if TYPE_CHECKING:
    from datetime import datetime

    from chassis.egress.client import EgressAnswer, EgressClient
    from chassis.service import Chassis
    from services.identity.settings import IdentitySettings
    from services.identity.webhooks.domain.webhook import Webhook

logger = structlog.get_logger(__name__)

LEASE_SLACK_SECONDS = 20
COUNTED_EVERY = timedelta(seconds=10)


class Sending:
    """`warnings`: what an operator should know. Only what is due makes it import the client."""

    def __init__(self, settings: IdentitySettings) -> None:
        self._settings = settings
        self._patience = Patience(
            Retries(
                settings.webhook_tries_max,
                settings.webhook_retry_first_seconds,
                settings.webhook_retry_longest_seconds,
            ),
            timedelta(seconds=settings.webhook_pause_max_seconds),
            timedelta(seconds=settings.webhook_failing_max_seconds),
        )
        self._lease = timedelta(seconds=settings.webhook_timeout_seconds + LEASE_SLACK_SECONDS)
        self._client: EgressClient | None = None
        self._rounds: set[asyncio.Task[None]] = set()
        self._woken = asyncio.Event()
        self._counted_at: datetime | None = None

    def warnings(self) -> list[str]:
        if self._settings.egress_loopback_allowed:
            return ["webhooks may be sent to this machine: IDENTITY_EGRESS_LOOPBACK_ALLOWED is for tests"]
        return []

    def wake(self) -> None:
        """Something new may be due."""
        self._woken.set()

    async def run(self, chassis: Chassis) -> None:
        """Until cancelled."""
        try:
            while True:
                self._woken.clear()
                try:
                    await self.look(chassis)
                except Exception as error:  # noqa: BLE001 - the rows are still due
                    logger.warning("webhooks wait", reason=repr(error))
                await self._rest()
        finally:
            await self.close()

    async def look(self, chassis: Chassis) -> int:
        """Begin a round for each webhook that is due, as many as may run; returns how many."""
        free = self._settings.webhooks_at_once_max - len(self._rounds)
        if free <= 0:
            return 0
        async with chassis.unit(f"service:{chassis.service}") as unit:
            raw = await unit.raw()
            leased = await lease_due(raw, unit.now, self._lease, free)
            if self._counted_at is None or unit.now - self._counted_at >= COUNTED_EVERY:
                self._counted_at = unit.now
                waiting, overdue = await waiting_figures(raw, unit.now)
                metrics.waiting_deliveries.set(waiting)
                metrics.overdue_seconds.set(overdue)
        for webhook in leased:
            task = asyncio.create_task(self._round(chassis, webhook), name=f"webhook {webhook.id}")
            self._rounds.add(task)
            task.add_done_callback(self._done)
        return len(leased)

    async def settle(self) -> None:
        """Until the rounds that run have ended."""
        while self._rounds:
            await asyncio.gather(*self._rounds, return_exceptions=True)

    async def close(self) -> None:
        for task in self._rounds:
            task.cancel()
        await self.settle()
        if self._client is not None:
            await self._client.close()
            self._client = None

    def _done(self, task: asyncio.Task[None]) -> None:
        self._rounds.discard(task)
        self._woken.set()
        if not task.cancelled() and task.exception() is not None:
            logger.warning("a webhook's round was broken off", reason=repr(task.exception()))

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._settings.webhook_poll_ms / 1_000):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _round(self, chassis: Chassis, webhook: Webhook) -> None:
        """Some of what is due to a webhook, in order; then its lease is given back."""
        present: Webhook | None = webhook
        for _ in range(self._settings.webhook_round_max):
            delivery = await self._next(chassis, present)
            if present is None or delivery is None:
                break
            attempt = await self._send(chassis, present, delivery)
            async with chassis.unit(f"service:{chassis.service}") as unit:
                chance = int.from_bytes(random_bytes(4)) / 2**32
                present = await note_attempt(unit, delivery, present, attempt, self._patience, chance)
        async with chassis.unit(f"service:{chassis.service}") as unit:
            await extend_lease(await unit.raw(), webhook.id, None)

    async def _next(self, chassis: Chassis, webhook: Webhook | None) -> Delivery | None:
        """What is due, and a lease that outlasts its sending; None also while the endpoint is left alone."""
        if webhook is None:
            return None
        async with chassis.unit(f"service:{chassis.service}") as unit:
            if webhook.paused_until is not None and webhook.paused_until > unit.now:
                return None
            raw = await unit.raw()
            await extend_lease(raw, webhook.id, unit.now + self._lease)
            return await next_due(raw, webhook.id, unit.now)

    async def _send(self, chassis: Chassis, webhook: Webhook, delivery: Delivery) -> Attempt:
        from chassis.egress.client import EgressFailed

        now = chassis.clock.now()
        try:
            headers = signed_headers(webhook.secrets_at(now), str(delivery.event_id), delivery.body, now)
            answer = await self._opened().post(webhook.url, delivery.body, headers)
        except (EgressFailed, UrlRefused) as failed:
            reason = failed.reason if isinstance(failed, EgressFailed) else failed.ground
            metrics.attempts_total.labels(outcome="no answer").inc()
            return Attempt(now, 0, error=reason)
        metrics.attempts_total.labels(outcome=f"{answer.status // 100}xx").inc()
        metrics.attempt_seconds.observe(answer.took_ms / 1_000)
        return Attempt(now, answer.took_ms, answer.status, None, _retry_after_seconds(answer))

    def _opened(self) -> EgressClient:
        from chassis.egress.client import EgressClient, EgressLimits

        if self._client is None:
            settings = self._settings
            self._client = EgressClient(
                EgressLimits(
                    settings.webhook_timeout_seconds,
                    settings.webhook_answer_max_bytes,
                    settings.webhooks_at_once_max,
                    settings.egress_loopback_allowed,
                )
            )
        return self._client


def _retry_after_seconds(answer: EgressAnswer) -> int | None:
    """Seconds alone: a date would make the pause depend on two clocks."""
    told = answer.headers.get("retry-after", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 9 else None
