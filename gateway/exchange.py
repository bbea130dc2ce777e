"""A member's token is exchanged at identity for one that one service takes (RFC 8693)."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from chassis.clock import Clock
from chassis.peers import Peers
from chassis.problems import UNAUTHENTICATED, Problem
from chassis.revocations.follower import RevocationFollower

REFUSED_KEPT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Exchanged:
    """An internal token and its member, or the refusal of the member's token; until `fresh_until` (epoch)."""

    token: bytes | None
    fresh_until: float
    member_id: str = ""
    session_id: UUID | None = None
    device_key_id: str = ""
    reason: str = ""

    def problem(self) -> Problem:
        """401 for a token that identity refused."""
        challenge = {"WWW-Authenticate": 'Bearer realm="guildhall", error="invalid_token"'}
        return Problem(UNAUTHENTICATED, {"reason": self.reason}, challenge)


class TokenExchange:
    """A bounded cache in front of identity; refusals are kept in a cache of their own."""

    def __init__(
        self,
        peers: Peers,
        clock: Clock,
        revocations: RevocationFollower,
        cache_max_count: int,
        margin_seconds: int,
    ) -> None:
        self._peers = peers
        self._revocations = revocations
        self._clock = clock
        self._max_count = cache_max_count
        self._margin_seconds = margin_seconds
        self._good: OrderedDict[bytes, Exchanged] = OrderedDict()
        self._bad: OrderedDict[bytes, Exchanged] = OrderedDict()
        self._asking: dict[bytes, asyncio.Future[Exchanged]] = {}

    def held(self, member_token: bytes, audience: str) -> Exchanged | None:
        """What is known of this token for this service, as long as it is fresh."""
        digest = _digest(member_token, audience)
        known = self._good.get(digest) or self._bad.get(digest)
        if known is None or known.fresh_until <= self._clock.now().timestamp():
            return None
        if known.session_id is not None and self._revocations.view.has_ended(
            known.session_id, known.device_key_id
        ):
            del self._good[digest]
            known = self._keep(digest, self._refused("the session has ended"))
        return known

    async def exchanged(self, member_token: bytes, audience: str) -> Exchanged:
        """The token for this service, or identity's refusal. Raises PeerUnavailable."""
        known = self.held(member_token, audience)
        if known is None:
            known = await self._ask_once(_digest(member_token, audience), member_token, audience)
        return known

    async def _ask_once(self, digest: bytes, member_token: bytes, audience: str) -> Exchanged:
        """Requests that want the same token wait for one exchange."""
        asking = self._asking.get(digest)
        if asking is None:
            asking = asyncio.ensure_future(self._ask(member_token, audience))
            self._asking[digest] = asking
            asking.add_done_callback(lambda _: self._asking.pop(digest, None))
        return self._keep(digest, await asyncio.shield(asking))

    def _keep(self, digest: bytes, exchanged: Exchanged) -> Exchanged:
        cache = self._good if exchanged.token is not None else self._bad
        cache[digest] = exchanged
        cache.move_to_end(digest)
        if cache is self._good:
            self._bad.pop(digest, None)
        else:
            self._good.pop(digest, None)
        while len(cache) > self._max_count:
            cache.popitem(last=False)
        return exchanged

    async def _ask(self, member_token: bytes, audience: str) -> Exchanged:
        answer = await self._peers.call(
            "identity",
            "POST",
            "/internal/token-exchange",
            {
                "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token": member_token.decode("latin-1"),
                "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
                "audience": audience,
            },
        )
        now = self._clock.now().timestamp()
        if not answer.ok:
            reason = answer.body.get("reason") or answer.body.get("detail") or "the token was refused"
            return self._refused(str(reason))
        fresh_until = now + answer.body["expires_in"] - self._margin_seconds
        token: str = answer.body["access_token"]
        claims = claims_of(token)
        return Exchanged(
            b"Bearer " + token.encode(),
            fresh_until,
            member_id=str(claims["sub"]),
            session_id=UUID(claims["sid"]),
            device_key_id=str(claims["cnf"]["jkt"]),
        )

    def _refused(self, reason: str) -> Exchanged:
        return Exchanged(None, self._clock.now().timestamp() + REFUSED_KEPT_SECONDS, reason=reason)


def _digest(member_token: bytes, audience: str) -> bytes:
    return hashlib.sha256(member_token + b"\0" + audience.encode()).digest()


def claims_of(token: str) -> dict[str, Any]:
    """What a token says, not verified: for one that came from identity itself, or that it has just taken."""
    claims = token.split(".")[1]
    return orjson.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
