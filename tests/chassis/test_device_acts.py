"""What one device signed is read by an index, in order, and by nobody but its member."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.auth.stored_acts import store_acts
from chassis.device_acts.reading import FIRST_LINES, LINES_AFTER, ActLine, act_of_device, acts_of_device
from chassis.signatures import SignedAct
from tests.chassis.toy import Toy

BEGUN = datetime(2027, 1, 1, tzinfo=UTC)


def act_at(second: int, device: str = "K") -> SignedAct:
    return SignedAct(
        key_id=device,
        nonce=secrets.token_urlsafe(16),
        created=BEGUN + timedelta(seconds=second),
        method="PUT",
        target_uri="https://guild.example/v1/unions/weavers/voice?now=1",
        content_digest="digest",
        idempotency_key=None,
        signature="signature",
        signature_input="input",
        body=b"{}",
    )


async def stored(toy: Toy, member_id: UUID, acts: list[SignedAct]) -> None:
    unit = toy.chassis.unit("tests")
    await store_acts(await unit.raw(), [(member_id, act) for act in acts], toy.clock.now())
    await unit.commit()
    await unit.close()


async def test_they_are_listed_from_the_newest_by_second_and_nonce(toy: Toy) -> None:
    member = uuid4()
    acts = [act_at(number // 3) for number in range(10)]
    await stored(toy, member, [*acts, act_at(99, "another")])
    unit = toy.chassis.unit("tests", read_only=True)
    every = await acts_of_device(unit, member, "K", None, 50)
    assert [(one.signed_at, one.nonce) for one in every] == sorted(
        ((act.created, act.nonce) for act in acts), reverse=True
    )
    assert (every[0].path, every[0].union) == ("/v1/unions/weavers/voice?now=1", "weavers")
    paged: list[ActLine] = []
    after: Any = None
    while rows := await acts_of_device(unit, member, "K", after, 3):
        paged += rows[:3]
        after = (int(paged[-1].signed_at.timestamp()), paged[-1].nonce)
    assert paged == list(every)
    await unit.close()


async def test_nobody_else_has_them(toy: Toy) -> None:
    member, act = uuid4(), act_at(1)
    await stored(toy, member, [act])
    unit = toy.chassis.unit("tests", read_only=True)
    kept = await act_of_device(unit, member, "K", act.nonce)
    assert kept is not None
    assert (kept.act, kept.stored_at) == (act, toy.clock.now())
    for asker, device, nonce in (
        (uuid4(), "K", act.nonce),
        (member, "L", act.nonce),
        (member, "K", "x" * 22),
    ):
        assert await act_of_device(unit, asker, device, nonce) is None
    assert await acts_of_device(unit, uuid4(), "K", None, 50) == []
    await unit.close()


async def test_an_act_outside_unions_is_in_none() -> None:
    for target in ("https://g.example/v1/unions", "https://g.example/v1/me/devices", "https://g.example/"):
        assert ActLine("n", BEGUN, BEGUN, "POST", target).union is None


@pytest.mark.parametrize("plan", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("goes_on", [False, True])
async def test_a_page_reads_no_more_than_it_shows(
    toy: Toy, started_toy: tuple[Toy, str], plan: str, *, goes_on: bool
) -> None:
    """The statements that run, as the first requests get them planned and as those after them do."""
    member = uuid4()
    await stored(toy, member, [act_at(number) for number in range(5_000)])
    values = f"'K', '{member}', 51"
    if goes_on:
        values += f", '{BEGUN + timedelta(seconds=2_500)}', 'a'"
    connection = await asyncpg.connect(started_toy[1])
    try:
        await connection.execute("ANALYZE signed_acts")
        await connection.execute(f"SET plan_cache_mode = {plan}")
        await connection.execute(f"PREPARE page AS {LINES_AFTER if goes_on else FIRST_LINES}")
        told = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE page ({values})")
    finally:
        await connection.close()
    assert "signed_acts_of_device" in told
    assert _rows_read(json.loads(told)[0]["Plan"]) < 200


def _rows_read(node: dict[str, Any]) -> float:
    below = max((_rows_read(child) for child in node.get("Plans", [])), default=0)
    return max(node["Actual Rows"] + node.get("Rows Removed by Filter", 0), below)
