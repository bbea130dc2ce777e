"""The list of a member's notices: kept once, told together, read up to a mark, forgotten in time."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest

from chassis.ids import IdSource
from events.market import MarketNotice
from services.identity.notices.use_cases.take_notices import take_notices
from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.house import IdentityHouse, Member

SUBJECT, ACTOR = UUID(int=7), UUID(int=8)


@pytest.fixture
async def member(house: IdentityHouse) -> Member:
    return await house.member()


@pytest.fixture
async def union(member: Member) -> UUID:
    return UUID((await member.found("Guild of Heralds"))["id"])


def asked_now(house: IdentityHouse, union: UUID, member: UUID, **changed: Any) -> MarketNotice:
    asked: dict[str, Any] = {
        "union_id": union,
        "notice_id": IdSource(house.clock).new(),
        "member_id": member,
        "kind": "bid.placed",
        "subject": "offers",
        "subject_id": SUBJECT,
        "actor_id": ACTOR,
        "requested_at": house.clock.now(),
    }
    house.clock.advance(timedelta(milliseconds=5))
    return MarketNotice.model_validate(asked | changed)


async def take(house: IdentityHouse, union: UUID, member: UUID, **changed: Any) -> UUID:
    notice = asked_now(house, union, member, **changed)
    async with house.unit() as unit:
        await take_notices(unit, [notice], house.settings.notice_gather)
    return notice.notice_id


async def listed(member: Member, query: str = "") -> dict[str, Any]:
    answer = await member.ask("GET", f"/v1/me/notices{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_notice_is_listed_with_its_union_and_told_live_to_its_member(
    house: IdentityHouse, member: Member, union: UUID
) -> None:
    made = await take(house, union, member.id)
    page = await listed(member)
    (item,) = page["items"]
    assert (item["id"], item["union_id"], item["union_name"]) == (str(made), str(union), "Guild of Heralds")
    assert (item["kind"], item["subject"], item["subject_id"]) == ("bid.placed", "offers", str(SUBJECT))
    assert (item["actor_id"], item["read_at"], page["unread_count"]) == (str(ACTOR), None, 1)
    told = await house.rows(
        "SELECT data FROM outbox WHERE type = 'notice.made' ORDER BY position DESC LIMIT 1"
    )
    event = orjson.loads(told[0]["data"])
    assert (event["member_id"], event["notice_id"]) == (str(member.id), str(made))
    assert str(ACTOR) not in told[0]["data"].decode()


async def test_what_happens_to_an_account_is_told_live_to_its_member(
    house: IdentityHouse, member: Member
) -> None:
    assert (await member.act("POST", "/v1/me/recovery-codes")).status_code == 201
    [item] = (await listed(member))["items"]
    assert (item["kind"], item["union_id"]) == ("account.codes_made", None)
    [told] = await house.rows(
        "SELECT key, data FROM outbox WHERE type = 'member.noticed' AND key = $1", str(member.id)
    )
    event = orjson.loads(told["data"])
    assert told["key"] == event["member_id"] == str(member.id)
    assert (event["notice_id"], event["kind"]) == (item["id"], "account.codes_made")


async def test_what_happens_again_before_it_is_read_is_one_notice(
    house: IdentityHouse, member: Member, union: UUID
) -> None:
    await take(house, union, member.id)
    other = await take(house, union, member.id, subject_id=UUID(int=9))
    again = await take(house, union, member.id, actor_id=UUID(int=10))
    page = await listed(member)
    assert [(item["id"], item["happened_count"]) for item in page["items"]] == [
        (str(again), 2),
        (str(other), 1),
    ]
    assert page["items"][0]["actor_id"] == str(UUID(int=10))
    assert page["unread_count"] == 2


async def test_what_is_asked_together_is_told_as_if_it_had_been_asked_in_turn(
    house: IdentityHouse, member: Member, union: UUID
) -> None:
    other_member = await house.member()
    before = await take(house, union, member.id, happened_count=4)
    notices = [
        asked_now(house, union, member.id, happened_count=2),
        asked_now(house, union, member.id, subject_id=UUID(int=9)),
        asked_now(house, union, other_member.id),
        asked_now(house, union, UUID(int=77)),
        asked_now(house, UUID(int=78), member.id),
        asked_now(house, union, member.id, actor_id=UUID(int=10), happened_count=3),
    ]
    async with house.unit() as unit:
        await take_notices(unit, notices, house.settings.notice_gather)
    page = await listed(member)
    assert [(item["id"], item["happened_count"], item["actor_id"]) for item in page["items"]] == [
        (str(notices[5].notice_id), 9, str(UUID(int=10))),
        (str(notices[1].notice_id), 1, str(ACTOR)),
    ]
    assert [item["id"] for item in (await listed(other_member))["items"]] == [str(notices[2].notice_id)]
    told = await house.rows("SELECT data FROM outbox WHERE type = 'notice.made' ORDER BY position")
    ids = [orjson.loads(row["data"])["notice_id"] for row in told]
    made = [before, notices[1].notice_id, notices[2].notice_id, notices[5].notice_id]
    assert ids[-4:] == [str(one) for one in made]


async def test_reading_goes_up_to_a_mark_and_what_comes_after_is_new(
    house: IdentityHouse, member: Member, union: UUID
) -> None:
    first = await take(house, union, member.id)
    second = await take(house, union, member.id, kind="work.paid")
    for _ in range(2):
        marked = await member.ask("PUT", "/v1/me/notices/read-mark", {"through": str(first)})
        assert marked.status_code == 204
    page = await listed(member)
    assert [(item["id"], item["read_at"] is None) for item in page["items"]] == [
        (str(second), True),
        (str(first), False),
    ]
    later = await take(house, union, member.id)
    assert [item["id"] for item in (await listed(member))["items"]] == [str(later), str(second), str(first)]


async def test_pages_are_the_whole_list(house: IdentityHouse, member: Member, union: UUID) -> None:
    made = [await take(house, union, member.id, subject_id=uuid4()) for _ in range(5)]
    seen: list[str] = []
    query = "?limit=2"
    while query:
        page = await listed(member, query)
        seen += [item["id"] for item in page["items"]]
        query = f"?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == [str(one) for one in reversed(made)]


async def test_each_member_has_their_own(house: IdentityHouse, member: Member, union: UUID) -> None:
    other = await house.member()
    mine = await take(house, union, member.id)
    await take(house, union, other.id)
    await other.ask("PUT", "/v1/me/notices/read-mark", {"through": "ffffffff-ffff-7fff-8fff-ffffffffffff"})
    page = await listed(member)
    assert ([item["id"] for item in page["items"]], page["unread_count"]) == ([str(mine)], 1)
    async with house.http() as http:
        assert (await http.get("/v1/me/notices")).status_code == 401


async def test_who_is_not_here_is_told_nothing(house: IdentityHouse, member: Member, union: UUID) -> None:
    before = await house.rows("SELECT count(*) AS n FROM outbox WHERE type = 'notice.made'")
    await take(house, union, uuid4())
    await take(house, uuid4(), member.id)
    assert (await listed(member))["items"] == []
    assert await house.rows("SELECT count(*) AS n FROM outbox WHERE type = 'notice.made'") == before


async def test_nobody_is_told_of_what_they_did_themselves_and_founders_of_who_joins(
    house: IdentityHouse, member: Member
) -> None:
    made = await member.found("Guild of Gates")
    assert (await listed(member))["items"] == []
    newcomer = await house.member()
    assert (await newcomer.join(made)).status_code == 201
    (item,) = (await listed(member))["items"]
    assert (item["kind"], item["actor_id"]) == ("member.joined", str(newcomer.id))


async def test_old_notices_are_forgotten(house: IdentityHouse, member: Member, union: UUID) -> None:
    await take(house, union, member.id)
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert await house.rows("SELECT 1 FROM notices WHERE member_id = $1", member.id)
    house.clock.advance(timedelta(days=house.settings.notice_kept_days, seconds=1))
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert not await house.rows("SELECT 1 FROM notices WHERE member_id = $1", member.id)


@pytest.mark.parametrize("body", [{}, {"through": "x"}, {"through": str(SUBJECT), "until": 1}])
async def test_a_mark_that_is_none_is_refused(member: Member, body: dict[str, Any]) -> None:
    refused = await member.ask("PUT", "/v1/me/notices/read-mark", body)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-body")
