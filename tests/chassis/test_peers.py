"""What another service answers is definite, or it is said that it is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import httpx
import pytest

from chassis.peers import PeerAnswer, Peers, PeerUnavailable


@dataclass
class _Edge:
    """The way to one service that answers as it is told, or raises."""

    status_code: int = 200
    content: bytes = b"{}"
    error: Exception | None = None
    headers: list[Mapping[str, str]] = field(default_factory=list[Mapping[str, str]])

    def client(self, service: str) -> "_Edge":
        assert service == "ledger"
        return self

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> "_Edge":
        assert (method, url, timeout) == ("GET", "/x", 10)
        self.headers.append(headers or {})
        if self.error is not None:
            raise self.error
        return self


class _Tokens:
    def token_for(self, audience: str, *, member_id: UUID | None, intent_id: UUID | None) -> str:
        return f"{audience} {member_id} {intent_id}"


async def _call(edge: _Edge) -> PeerAnswer:
    return await Peers(edge, _Tokens(), 10).call("ledger", "GET", "/x")


async def test_an_answer_is_its_status_and_its_json() -> None:
    edge = _Edge(409, b'{"code": "no"}')
    answer = await _call(edge)
    assert (answer.status, answer.body, answer.ok) == (409, {"code": "no"}, False)
    assert edge.headers[0]["authorization"] == "Bearer ledger None None"


async def test_an_empty_answer_has_no_body() -> None:
    assert (await _call(_Edge(204, b""))).body is None


@pytest.mark.parametrize("status", [200, 404])
async def test_an_answer_that_is_no_json_is_no_definite_answer(status: int) -> None:
    with pytest.raises(PeerUnavailable, match=r"ledger does not answer: status .* no JSON"):
        await _call(_Edge(status, b"<html>a proxy's page</html>"))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
async def test_a_status_that_says_later_is_no_definite_answer(status: int) -> None:
    with pytest.raises(PeerUnavailable):
        await _call(_Edge(status))


@pytest.mark.parametrize("error", [TimeoutError(), OSError("gone"), httpx.ReadError("cut")])
async def test_a_call_that_breaks_is_no_definite_answer(error: Exception) -> None:
    with pytest.raises(PeerUnavailable):
        await _call(_Edge(error=error))
