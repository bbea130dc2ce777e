"""Runs: a frozen list, checked by its hash, posted in chunks, resumable, every refused line recorded."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson

from services.ledger.domain.runs import RunLine, line_transfer_id, lines_sha256
from services.ledger.use_cases.post_run_chunk import post_run_chunk
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    SLUG,
    LedgerHouse,
    account_of,
    member_id,
)

RUN, PROJECT = named("run"), named("project")


async def pledged(house: LedgerHouse, *amounts: int) -> None:
    """Members 1, 2, ... have pledged these amounts to a project."""
    body = {
        "kind": "escrow",
        "asset": "GLD",
        "resource": f"projects/{PROJECT}",
        "payees": ["treasury"],
        "exit_to": "contributors",
    }
    assert (await house.serve("funding", "PUT", f"/accounts/{PROJECT}", body)).status_code == 200
    for number, amount in enumerate(amounts, start=1):
        debit = {"asset": "GLD", "minor": str(amount), "to": f"projects/{PROJECT}"}
        content = orjson.dumps({"debit": debit})
        path = f"/v1/unions/{SLUG}/projects/{PROJECT}/pledges"
        act = {
            "method": "POST",
            "target_uri": f"http://localhost:8080{path}",
            "headers": house.signed(number, "POST", path, content),
            "body": base64.b64encode(content).decode(),
        }
        transfer = {
            "id": str(UUID(int=number)),
            "debit_account": f"members/{member_id(number)}",
            "credit_account": str(PROJECT),
            "asset": "GLD",
            "minor": str(amount),
            "code": "pledge",
            "act": act,
        }
        answer = await house.serve("funding", "POST", "/transfers", {"transfers": [transfer]})
        assert answer.json()["results"][0]["result"] == "posted"


def line(number: int, minor: int, **changed: str) -> dict[str, str]:
    return {
        "debit_account": str(PROJECT),
        "credit_account": f"members/{member_id(number)}",
        "asset": "GLD",
        "minor": str(minor),
        "code": "pledge_refund",
    } | changed


def announced(lines: list[dict[str, str]], **changed: Any) -> dict[str, Any]:
    frozen = [
        RunLine(
            sent["debit_account"], sent["credit_account"], sent["asset"], int(sent["minor"]), sent["code"]
        )
        for sent in lines
    ]
    return {"lines_count": len(lines), "lines_sha256": lines_sha256(frozen)} | changed


async def send(house: LedgerHouse, lines: list[dict[str, str]], **changed: Any) -> dict[str, Any]:
    answer = await house.serve("funding", "PUT", f"/runs/{RUN}", announced(lines, **changed))
    assert answer.status_code == 200, answer.text
    for chunk in range(0, len(lines), 1_000):
        body = {"lines": lines[chunk : chunk + 1_000]}
        answer = await house.serve("funding", "PUT", f"/runs/{RUN}/lines/{chunk // 1_000}", body)
        assert answer.status_code == 200, answer.text
    return answer.json()


async def read(house: LedgerHouse) -> dict[str, Any]:
    return (await house.serve("funding", "GET", f"/runs/{RUN}")).json()


async def test_a_run_refunds_everybody_and_tells_its_states(house: LedgerHouse) -> None:
    await pledged(house, 10, 20, 30)
    sent = await send(house, [line(1, 10), line(2, 20), line(3, 30)])
    assert sent["state"] == "posting"
    assert await house.run_timers() == 0  # it is due one moment later
    await finish(house)
    run = await read(house)
    assert (run["state"], run["posted_count"], run["refused_count"]) == ("finished", 3, 0)
    assert [await house.balance(account_of(number)) for number in (1, 2, 3)] == [GRANT_MINOR] * 3
    assert await house.balance(PROJECT) == 0
    assert [event["state"] for event in await house.published("run")] == [
        "collecting",
        "posting",
        "finished",
    ]
    ids = await house.rows("SELECT id FROM transfers ORDER BY sequence DESC LIMIT 1")
    assert ids[0]["id"] == line_transfer_id(RUN, 2)


async def finish(house: LedgerHouse) -> None:
    for _ in range(5):
        house.clock.advance(timedelta(seconds=1))
        await house.run_timers()


async def test_refused_lines_are_recorded_and_the_others_posted(house: LedgerHouse) -> None:
    await pledged(house, 10, 20, 30)
    lines = [line(1, 11), line(2, 20), line(4, 1), line(3, 30), line(1, 10, debit_account=str(named("no")))]
    await send(house, lines)
    await finish(house)
    run = await read(house)
    assert (run["state"], run["posted_count"], run["refused_count"]) == ("finished", 2, 3)
    first = (await house.serve("funding", "GET", f"/runs/{RUN}/refused-lines?limit=2")).json()
    assert first["items"] == [
        {"index": 0, "result": "contribution_exceeded"},
        {"index": 2, "result": "payee_not_permitted"},
    ]
    path = f"/runs/{RUN}/refused-lines?cursor={first['next_cursor']}"
    rest = (await house.serve("funding", "GET", path)).json()
    assert rest == {"items": [{"index": 4, "result": "debit_account_not_found"}], "next_cursor": None}


async def test_a_run_in_chunks_goes_on_where_it_stopped_and_may_stop_at_a_refusal(
    house: LedgerHouse,
) -> None:
    await pledged(house, 2_000)
    lines = [line(1, 1) for _ in range(1_500)]
    lines[500] = line(2, 1)
    await send(house, lines, refused_line_rule="stop")
    await finish(house)
    run = await read(house)
    assert (run["state"], run["posted_count"], run["refused_count"]) == ("stopped", 999, 1)
    assert await house.balance(PROJECT) == 1_001


async def test_two_chunks_are_two_entries_and_a_chunk_repeated_posts_once(house: LedgerHouse) -> None:
    await pledged(house, 1_001)
    await send(house, [line(1, 1) for _ in range(1_001)])
    await finish(house)
    counts = await house.rows("SELECT count FROM journal_entries ORDER BY number DESC LIMIT 2")
    assert [row["count"] for row in counts] == [1, 1_000]
    await house.rows("UPDATE runs SET state = 'posting', next_chunk = 0, posted_count = 0")
    async with house.unit() as unit:
        run = await post_run_chunk(unit, await house.union(unit), RUN)
    assert run is not None
    assert (run.posted_count, run.refused_count) == (1_000, 0)
    assert await house.balance(account_of(1)) == GRANT_MINOR


async def test_everything_may_be_sent_again_and_nothing_otherwise(house: LedgerHouse) -> None:
    await pledged(house, 10)
    lines = [line(1, 4), line(1, 6)]
    await send(house, lines)
    assert (await send(house, lines))["state"] == "posting"
    other_hash = announced([line(1, 5), line(1, 5)])
    answer = await house.serve("funding", "PUT", f"/runs/{RUN}", other_hash)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/run-exists-differently")
    answer = await house.serve("funding", "PUT", f"/runs/{RUN}/lines/0", {"lines": lines[::-1]})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/chunk-exists-differently")
    answer = await house.serve("market", "PUT", f"/runs/{RUN}", announced(lines))
    assert answer.status_code == 409
    await finish(house)
    assert (await send(house, lines))["state"] == "finished"
    assert await house.balance(PROJECT) == 0


async def test_lines_that_do_not_have_the_announced_hash_post_nothing(house: LedgerHouse) -> None:
    await pledged(house, 10)
    sent = await send(house, [line(1, 10)], lines_sha256="0" * 64)
    assert sent["state"] == "refused"
    await finish(house)
    assert await house.balance(PROJECT) == 10


async def test_what_is_no_run_is_refused(house: LedgerHouse) -> None:
    lines = [line(1, 1)]
    refused: list[tuple[str, str, dict[str, Any], int, str]] = [
        ("funding", "", announced(lines, lines_count=0), 422, "malformed-body"),
        ("funding", "", announced(lines, lines_count=1_000_001), 422, "run-too-long"),
        ("funding", "", announced(lines, lines_sha256="x"), 422, "malformed-body"),
        ("funding", "", announced(lines, refused_line_rule="maybe"), 422, "malformed-body"),
        ("funding", "/lines/0", {"lines": lines}, 404, "run-not-found"),
        ("graph", "", announced(lines), 403, "forbidden"),
        ("funding", "", announced(lines), 200, ""),
        ("market", "/lines/0", {"lines": lines}, 404, "run-not-found"),
        ("funding", "/lines/1", {"lines": lines}, 404, "chunk-out-of-bounds"),
        ("funding", "/lines/0", {"lines": lines * 2}, 422, "chunk-size-wrong"),
        ("funding", "/lines/0", {"lines": lines * 1_001}, 422, "malformed-body"),
        ("funding", "/lines/0", {"lines": []}, 422, "malformed-body"),
        ("funding", "/lines/0", {"lines": [line(1, 1, code="pay")]}, 422, "code-not-for-runs"),
        ("funding", "/lines/0", {"lines": [line(1, 1, code="pledge")]}, 422, "code-not-for-runs"),
        ("funding", "/lines/0", {"lines": [line(1, 1, debit_account="x")]}, 422, "bad-account-reference"),
    ]
    for service, tail, body, status, problem in refused:
        answer = await house.serve(service, "PUT", f"/runs/{RUN}{tail}", body)
        assert answer.status_code == status, answer.text
        assert not problem or answer.json()["type"] == f"/problems/{problem}"
    assert await house.count("run_lines") == 0


async def test_officers_watch_a_run_and_members_do_not(house: LedgerHouse) -> None:
    await house.serve("funding", "PUT", f"/runs/{RUN}", announced([line(1, 1)]))
    assert (await house.get(f"/runs/{RUN}", FOUNDER)).json()["state"] == "collecting"
    assert (await house.get(f"/runs/{RUN}/refused-lines", FOUNDER)).json()["items"] == []
    assert (await house.get(f"/runs/{RUN}", 1)).status_code == 403
    assert (await house.get(f"/runs/{RUN}", None)).status_code == 401
    assert (await house.serve("market", "GET", f"/runs/{RUN}")).status_code == 404
    assert (await house.get(f"/runs/{named('no run')}", FOUNDER)).status_code == 404
    assert (await house.act("PUT", f"/runs/{RUN}", announced([line(1, 1)]))).status_code == 403
    wrong = await house.get(f"/runs/{RUN}/refused-lines?cursor=WyJhIl0", FOUNDER)
    assert wrong.status_code == 400
