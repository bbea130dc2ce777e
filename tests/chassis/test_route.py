"""One request is one transaction, under its Idempotency-Key, with its events, before the first byte."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest

from chassis.unit_of_work import UnitOfWork
from tests.chassis.toy import PUBLIC_URL, Toy


async def test_state_event_act_and_answer_commit_together(toy: Toy) -> None:
    answer = await toy.post("/v1/counters/a/steps", {"by": 2})
    assert (answer.status_code, answer.json()["value"]) == (201, 2)
    assert answer.headers["guildhall-event"].startswith("agreement.paid/")
    assert await toy.count("outbox") == 1
    assert await toy.count("act_log") == 1


async def test_a_refusal_leaves_nothing(toy: Toy) -> None:
    answer = await toy.post("/v1/counters/a/steps", {"by": 101}, key="k")
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "/problems/too-high",
        "title": "Too high",
        "status": 409,
        "detail": "The counter would be 101.",
        "value": 101,
    }
    assert [await toy.count(name) for name in ("counters", "outbox", "idempotency_keys")] == [0, 0, 0]


async def test_the_commit_comes_before_the_first_byte(toy: Toy) -> None:
    order: list[str] = []
    commit = UnitOfWork.commit

    async def noted(unit: UnitOfWork) -> None:
        await commit(unit)
        order.append("commit")

    async def send(message: dict[str, object]) -> None:
        order.append(str(message["type"]))

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b'{"by": 1}', "more_body": False}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UnitOfWork, "commit", noted)
        await toy.app(
            {
                "type": "http",
                "method": "POST",
                "path": "/v1/counters/a/steps",
                "raw_path": b"/v1/counters/a/steps",
                "query_string": b"",
                "root_path": "",
                "scheme": "http",
                "headers": [
                    (b"authorization", f"Bearer {toy.token()}".encode()),
                    (b"content-type", b"application/json"),
                ],
            },
            receive,  # pyright: ignore[reportArgumentType] - an ASGI message in its plainest form
            send,  # pyright: ignore[reportArgumentType]
        )
    assert order.index("commit") < order.index("http.response.start")


async def test_the_same_key_has_one_effect_and_one_answer(toy: Toy) -> None:
    first = await toy.post("/v1/counters/a/steps", {"by": 2}, key="k")
    again = await toy.post("/v1/counters/a/steps", {"by": 2}, key="k")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("location", "guildhall-event", "content-type"):
        assert again.headers[name] == first.headers[name]
    assert await toy.count("outbox") == 1


async def test_a_key_is_one_actors_and_one_paths(toy: Toy) -> None:
    await toy.post("/v1/counters/a/steps", {"by": 1}, key="k")
    assert (await toy.post("/v1/counters/a/steps", {"by": 1}, key="k", member=2)).json()["value"] == 2
    assert (await toy.post("/v1/counters/b/steps", {"by": 1}, key="k")).json()["value"] == 1


async def test_a_key_with_another_body_is_refused(toy: Toy) -> None:
    await toy.post("/v1/counters/a/steps", {"by": 1}, key="k")
    answer = await toy.post("/v1/counters/a/steps", {"by": 2}, key="k")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/idempotency-key-reused")


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "é"])
async def test_a_malformed_key_is_refused(toy: Toy, key: str) -> None:
    headers = [(b"authorization", f"Bearer {toy.token()}".encode()), (b"idempotency-key", key.encode())]
    answer = await toy.client.post("/v1/counters/a/steps", json={"by": 1}, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/idempotency-key-malformed")


async def test_a_key_still_running_is_told_at_once(toy: Toy) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def wait(_: UnitOfWork) -> None:
        begun.set()
        await go_on.wait()

    toy.hooks.before_answer = wait
    first = asyncio.create_task(toy.post("/v1/counters/a/steps", {"by": 1}, key="k"))
    await begun.wait()
    second = await toy.post("/v1/counters/a/steps", {"by": 1}, key="k")
    go_on.set()
    assert (second.status_code, second.headers["retry-after"]) == (409, "1")
    assert second.json()["type"] == "/problems/request-in-progress"
    assert (await first).status_code == 201


def _fails(times: int, error: Callable[[], Exception]) -> Callable[[UnitOfWork], Awaitable[None]]:
    left = [times]

    async def fail(_: UnitOfWork) -> None:
        if left[0]:
            left[0] -= 1
            raise error()

    return fail


async def test_a_deadlock_is_tried_again(toy: Toy) -> None:
    toy.hooks.before_answer = _fails(3, lambda: asyncpg.DeadlockDetectedError("two waited"))
    answer = await toy.post("/v1/counters/a/steps", {"by": 1}, key="k")
    assert (answer.status_code, answer.json()["value"]) == (201, 1)
    assert await toy.count("outbox") == 1


async def test_an_outage_is_a_503_that_may_be_repeated(toy: Toy) -> None:
    toy.hooks.before_answer = _fails(1, lambda: asyncpg.ConnectionDoesNotExistError("gone"))
    answer = await toy.post("/v1/counters/a/steps", {"by": 1}, key="k")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert (await toy.post("/v1/counters/a/steps", {"by": 1}, key="k")).json()["value"] == 1


async def test_a_defect_is_a_500_without_its_text(toy: Toy) -> None:
    toy.hooks.before_answer = _fails(1, lambda: RuntimeError("secret"))
    transport = httpx.ASGITransport(toy.app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL) as client:
        headers = {"authorization": f"Bearer {toy.token()}"}
        answer = await client.post("/v1/counters/a/steps", json={"by": 1}, headers=headers)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert await toy.count("counters") == 0


async def test_a_body_over_the_limit_is_refused_before_it_is_read(toy: Toy) -> None:
    headers = {"authorization": f"Bearer {toy.token()}", "content-type": "application/json"}
    body = b" " * 1_048_577
    answer = await toy.client.post("/v1/counters/a/steps", content=body, headers=headers)
    assert (answer.status_code, answer.json()["limit_bytes"]) == (413, 1_048_576)


async def test_a_body_over_the_limit_in_chunks_is_refused(toy: Toy) -> None:
    async def chunks():
        for _ in range(300):
            yield b" " * 4_096

    headers = {"authorization": f"Bearer {toy.token()}", "content-type": "application/json"}
    answer = await toy.client.post("/v1/counters/a/steps", content=chunks(), headers=headers)
    assert answer.status_code == 413


async def test_a_malformed_body_is_a_422_that_says_where(toy: Toy) -> None:
    answer = await toy.post("/v1/counters/a/steps", {"by": "x"})
    assert (answer.status_code, answer.json()["faults"][0]["at"]) == (422, "body/by")


async def test_a_read_cannot_write(toy: Toy) -> None:
    unit = toy.chassis.unit("test", read_only=True)
    try:
        raw = await unit.raw()
        with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
            await raw.execute("INSERT INTO counters VALUES ('x', 1, 'no')")
    finally:
        await unit.close()


async def test_a_client_reads_its_own_writes(toy: Toy) -> None:
    published = (await toy.post("/v1/counters/a/steps", {"by": 7})).headers["guildhall-event"]
    answer = await toy.get("/v1/counters/a", **{"guildhall-after": published})
    assert toy.hooks.consumed == [7]
    assert "guildhall-stale" not in answer.headers


async def test_an_event_that_does_not_come_makes_the_answer_stale(toy: Toy) -> None:
    unknown = "agreement.paid/0195e0c2-0000-7000-8000-00000000dead"
    answer = await toy.get("/v1/counters/a", **{"guildhall-after": unknown})
    assert answer.headers["guildhall-stale"] == "true"


async def test_where_nothing_is_the_answer_tells_of_no_limit(toy: Toy) -> None:
    answer = await toy.client.get("/nowhere")
    assert (answer.status_code, "limit_bytes" in answer.json()) == (404, False)
