"""Requests that schemathesis makes from the merged document, sent through the gateway of a deployment.

Hypothesis runs in a thread of its own; the requests are sent in the loop that the deployment lives in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from schemathesis import checks as all_checks
from schemathesis.core.failures import Failure, FailureGroup

from guildhall.client import DeviceKey
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

all_checks.load_all_checks()
CHECKS: list[Any] = [
    *all_checks.CHECKS.get_by_names(
        [
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
        ]
    )
]
_OF_THE_MEMBER = frozenset({b"authorization", b"signature", b"signature-input", b"content-digest"})
_OF_THE_TRANSPORT = frozenset({"connection", "accept-encoding", "user-agent", "x-schemathesis-testcaseid"})


@dataclass(slots=True)
class Generated:
    """Sends what is generated, as a member when there is one; keeps what should not have been answered."""

    deployment: WholeDeployment
    loop: asyncio.AbstractEventLoop
    member: Persona | None = None
    known: Mapping[str, str] = field(default_factory=dict[str, str])
    """Path parameters that exist, so that requests get past 404."""
    faults: dict[str, str] = field(default_factory=dict[str, str])
    statuses: dict[int, int] = field(default_factory=dict[int, int])

    def try_all(
        self, document: Mapping[str, Any], examples: int, seed: int = 1, part: slice = slice(None)
    ) -> None:
        """Each operation of the document, or of a part of it: with requests that fit and some that do not."""
        schema = schemathesis.openapi.from_dict(dict(document))
        for found in list(schema.get_all_operations())[part]:
            operation: Any = found
            self._try(operation.ok(), examples, seed)
            if self.member is not None:
                asyncio.run_coroutine_threadsafe(self._stay_signed_in(self.member), self.loop).result(30)

    async def _stay_signed_in(self, member: Persona) -> None:
        """What was generated may have signed the member out, or revoked their device."""
        if (await member.get("/v1/me")).status_code == 401:
            member.device = DeviceKey.create()
            await member.sign_in()

    def said(self) -> str:
        return "\n\n".join(f"{label}: {fault}" for label, fault in self.faults.items())

    def _try(self, operation: Any, examples: int, seed: int) -> None:
        fixed = {name: value for name, value in self.known.items() if f"{{{name}}}" in operation.path}
        for mode in schemathesis.GenerationMode:
            try:
                strategy = operation.as_strategy(generation_mode=mode, path_parameters=fixed or None)
            except ValueError:
                continue
            self._run(operation.label, strategy, examples, seed)

    def _run(self, label: str, strategy: Any, examples: int, seed: int) -> None:
        @seeded(seed)
        @given(strategy)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=[
                HealthCheck.too_slow,
                HealthCheck.filter_too_much,
                HealthCheck.data_too_large,
            ],
        )
        def send(case: schemathesis.Case[Any]) -> None:
            answer = asyncio.run_coroutine_threadsafe(self._send(case), self.loop).result(30)
            self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
            try:
                case.validate_response(answer, checks=CHECKS)
            except (Failure, FailureGroup) as fault:
                said = "\n".join(str(one) for one in getattr(fault, "exceptions", [fault]))
                self.faults.setdefault(f"{label} {answer.status_code}", f"{said}\n{answer.text[:300]}")

        try:
            send()
        except Exception as error:  # noqa: BLE001 - an operation for which nothing can be generated
            if "Unsatisfiable" not in type(error).__name__:
                self.faults[f"{label} not sent"] = repr(error)[:500]

    async def _send(self, case: schemathesis.Case[Any]) -> httpx.Response:
        made = requests.Request(**case.as_transport_kwargs(base_url=self.deployment.public_url)).prepare()
        assert made.method is not None and made.url is not None
        body = made.body.encode() if isinstance(made.body, str) else (made.body or b"")
        assert isinstance(body, bytes)
        headers = [
            (_bytes(name), _bytes(value))
            for name, value in made.headers.items()
            if name.lower() not in (*_OF_THE_TRANSPORT, "accept")
        ]
        headers.append((b"accept", b"application/json"))  # a stream of events would not end
        url = httpx.URL(made.url)
        if self.member is not None:
            headers = self._signed(made.method, url, body, headers)
        return await self.deployment.http.request(made.method, url, content=body, headers=headers)

    def _signed(
        self, method: str, url: httpx.URL, body: bytes, headers: list[tuple[bytes, bytes]]
    ) -> list[tuple[bytes, bytes]]:
        """The headers, with the member's token and the signature of their device for those generated."""
        assert self.member is not None
        kept = [pair for pair in headers if pair[0].lower() not in _OF_THE_MEMBER]
        key = next((value for name, value in kept if name.lower() == b"idempotency-key"), None)
        signed = self.member.device.sign(
            method=method,
            target_uri=f"{self.member.public_url}{url.raw_path.decode()}",
            body=body,
            created_seconds=int(self.member.clock.now().timestamp()),
            idempotency_key=None if key is None else key.decode("latin-1"),
        )
        signed["authorization"] = f"Bearer {self.member.session['access_token']}"
        return kept + [(name.encode(), value.encode()) for name, value in signed.items()]


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
