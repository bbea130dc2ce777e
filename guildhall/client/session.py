"""A member's session: sends requests, signs acts, renews its token, and reads what it has written."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from guildhall.client.answer import Answer, Unreachable
from guildhall.client.connections import Connections, path_as_sent
from guildhall.client.device_key import ActSigner, DeviceKey

FILE_MEDIA_TYPE = "application/octet-stream"
RENEW_BEFORE_SECONDS = 30
EVENTS_MAX = 8
EVENTS_KEPT_SECONDS = 5
WAIT_SECONDS_MAX = 2.0
WAIT_SECONDS = 0.1
PROOF_TOO_OLD = "insufficient-user-authentication"


@dataclass(frozen=True, slots=True)
class Tokens:
    """What identity gave: whom it stands for, and until when."""

    access_token: str
    expires_at: float
    refresh_token: str | None
    member_id: str
    handle: str

    @classmethod
    def of(cls, answer: Answer, now: float) -> "Tokens":
        given = answer.json()
        return cls(
            access_token=given["access_token"],
            expires_at=now + given["expires_in_seconds"],
            refresh_token=given.get("refresh_token"),
            member_id=given["member"]["id"],
            handle=given["member"]["handle"],
        )


SignInAgain = Callable[[], Awaitable[tuple[str, Tokens]]]


class Session:
    """One member on one device. Safe for concurrent requests in one event loop.

    `patience_seconds`: how long a request that may be repeated is repeated while the deployment is away or
    busy; what may be repeated is every method but POST, and a POST with an Idempotency-Key. `signer` may be
    set to another than the device: the wallet that opened the session.
    """

    def __init__(
        self,
        connections: Connections,
        device: DeviceKey,
        tokens: Tokens,
        *,
        public_url: str,
        sign_in_again: SignInAgain | None = None,
        now: Callable[[], float] = time.time,
        patience_seconds: float = 0,
    ) -> None:
        self.connections = connections
        self.device = device
        self.signer: ActSigner = device
        self.tokens = tokens
        self.public_url = public_url
        self._sign_in_again = sign_in_again
        self._now = now
        self._patience_seconds = patience_seconds
        self._renewing = asyncio.Lock()
        self._events: dict[str, float] = {}

    @property
    def member_id(self) -> str:
        return self.tokens.member_id

    async def get(self, path: str) -> Answer:
        return await self.request("GET", path, act=False)

    async def post(
        self, path: str, body: Any = None, *, act: bool = True, idempotency_key: str | None = None
    ) -> Answer:
        return await self.request("POST", path, body, act=act, idempotency_key=idempotency_key)

    async def put(
        self, path: str, body: Any = None, *, act: bool = True, if_match: str | None = None
    ) -> Answer:
        return await self.request("PUT", path, body, act=act, if_match=if_match)

    async def put_file(self, path: str, content: bytes, name: str) -> Answer:
        """Add a file to the list at `path`, under the SHA-256 digest of its content; repeating it is safe."""
        query = urlencode({"name": name})
        return await self.put(f"{path}/{sha256(content).hexdigest()}?{query}", content, act=False)

    async def patch(
        self, path: str, body: Any = None, *, act: bool = True, if_match: str | None = None
    ) -> Answer:
        return await self.request("PATCH", path, body, act=act, if_match=if_match)

    async def delete(self, path: str, body: Any = None, *, act: bool = True) -> Answer:
        return await self.request("DELETE", path, body, act=act)

    async def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        act: bool,
        idempotency_key: str | None = None,
        if_match: str | None = None,
    ) -> Answer:
        """Send a request as this member; `body` is a JSON value, or bytes as they are. Refusals are answers.

        Raises Unreachable, and Refused when the session cannot be renewed.
        """
        path = path_as_sent(path)
        more = {} if if_match is None else {"if-match": if_match}
        if isinstance(body, bytes):
            content = body
            more["content-type"] = FILE_MEDIA_TYPE
        else:
            content = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        repeatable = method != "POST" or idempotency_key is not None
        deadline = self._now() + self._patience_seconds
        wait_seconds = WAIT_SECONDS
        while True:
            try:
                answer = await self._send(method, path, content, act, idempotency_key, more)
                if not (repeatable and _asks_to_repeat(answer)) or self._now() >= deadline:
                    return answer
            except Unreachable:
                if not repeatable or self._now() >= deadline:
                    raise
            await asyncio.sleep(wait_seconds)
            wait_seconds = min(WAIT_SECONDS_MAX, wait_seconds * 2)

    def after(self, events: Iterable[str]) -> None:
        """Have the next requests wait until these events (of anybody's answer) have been consumed."""
        until = self._now() + EVENTS_KEPT_SECONDS
        for event in events:
            self._events[event] = until
        while len(self._events) > EVENTS_MAX:
            del self._events[next(iter(self._events))]

    async def sign_out(self) -> Answer:
        return await self.delete("/v1/auth/sessions/current", act=False)

    async def _send(
        self,
        method: str,
        path: str,
        content: bytes,
        act: bool,
        idempotency_key: str | None,
        more: dict[str, str],
    ) -> Answer:
        if self.tokens.expires_at - self._now() < RENEW_BEFORE_SECONDS:
            await self._renew(self.tokens)
        tokens = self.tokens
        answer = await self._send_once(method, path, content, act, idempotency_key, more)
        if answer.status == 401 and answer.problem == "unauthenticated":
            await self._renew(tokens)
            answer = await self._send_once(method, path, content, act, idempotency_key, more)
        if answer.problem == PROOF_TOO_OLD and self._sign_in_again is not None:
            await self._prove_again(self.tokens)
            answer = await self._send_once(method, path, content, act, idempotency_key, more)
        self.after(answer.events)
        return answer

    async def _send_once(
        self,
        method: str,
        path: str,
        content: bytes,
        act: bool,
        idempotency_key: str | None,
        more: dict[str, str],
    ) -> Answer:
        headers = {"authorization": f"Bearer {self.tokens.access_token}", **more}
        if idempotency_key is not None:
            headers["idempotency-key"] = idempotency_key
        if self._events:
            now = self._now()
            self._events = {event: until for event, until in self._events.items() if now < until}
            if self._events:
                headers["guildhall-after"] = ", ".join(self._events)
        if act:
            headers |= self.signer.sign(
                method=method,
                target_uri=f"{self.public_url}{path}",
                body=content,
                created_seconds=int(self._now()),
                idempotency_key=idempotency_key,
            )
        return await self.connections.request(method, path, headers, content)

    async def _prove_again(self, stale: Tokens) -> None:
        """By the member's own key, once, however many requests are refused for the age of its proof."""
        assert self._sign_in_again is not None
        async with self._renewing:
            if self.tokens is stale:
                self.public_url, self.tokens = await self._sign_in_again()

    async def _renew(self, stale: Tokens) -> None:
        """Renew once, however many requests find the token stale."""
        async with self._renewing:
            if self.tokens is not stale:
                return
            if stale.refresh_token is not None:
                body = json.dumps({"refresh_token": stale.refresh_token}).encode()
                answer = await self.connections.request("POST", "/v1/auth/refreshes", {}, body)
                if answer.is_ok or self._sign_in_again is None:
                    self.tokens = Tokens.of(answer.checked(), self._now())
                    return
            if self._sign_in_again is not None:
                self.public_url, self.tokens = await self._sign_in_again()


def _asks_to_repeat(answer: Answer) -> bool:
    return answer.status in {429, 502, 503, 504} or answer.problem == "request-in-progress"
