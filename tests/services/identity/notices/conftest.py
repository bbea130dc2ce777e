"""An identity that sends notices by e-mail and push, to servers of the tests' own."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.service import Chassis
from events.market import MarketNotice
from services.identity.notices.sending import NoticeSending
from services.identity.notices.use_cases.take_notices import take_notices
from tests.services.identity.conftest import identity_house
from tests.services.identity.house import IdentityHouse, Member
from tests.support.browser_push import PushBrowser
from tests.support.mailbox import Mailbox, mailbox
from tests.support.postgres import Databases

TOKEN_LIFE = timedelta(seconds=60)


class Telling:
    """A member with a union, in a house that tells them elsewhere, too."""

    def __init__(self, house: IdentityHouse, box: Mailbox) -> None:
        self.house = house
        self.box = box
        self.browser = PushBrowser()
        self.address = f"{uuid4().hex}@guild.example"
        self.member: Member
        self.union: UUID

    async def begin(self) -> None:
        self.member = await self.house.member()
        self.union = UUID((await self.member.found("Guild of Heralds"))["id"])

    async def happens(self, **changed: Any) -> UUID:
        asked: dict[str, Any] = {
            "union_id": self.union,
            "notice_id": self.house.app.state.chassis.ids.new(),
            "member_id": self.member.id,
            "kind": "bid.placed",
            "subject": "offers",
            "subject_id": uuid4(),
            "actor_id": self.member.id,
            "requested_at": self.house.clock.now(),
        }
        notice = MarketNotice.model_validate(asked | changed)
        async with self.house.unit() as unit:
            await take_notices(unit, [notice], self.house.settings.notice_gather)
        return notice.notice_id

    async def send_due(self, later: timedelta = timedelta(0)) -> int:
        """Returns how many messages were tried, `later` than now."""
        await self.later(later)
        telling: NoticeSending = self.house.app.state.telling
        chassis: Chassis = self.house.app.state.chassis
        count = await telling.look(chassis)
        await telling.settle()
        return count

    async def later(self, duration: timedelta) -> None:
        self.house.clock.advance(duration)
        if duration >= TOKEN_LIFE:
            assert (await self.member.sign_in()).status_code == 201

    async def gathered(self) -> int:
        return await self.send_due(self.house.settings.notice_gather)

    async def channels(self) -> dict[str, Any]:
        answer = await self.member.ask("GET", "/v1/me/notice-channels")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def code(self, address: str | None = None) -> str:
        body = {"address": address or self.address}
        named = await self.member.act("PUT", "/v1/me/email-address", body)
        assert named.status_code == 200, named.text
        assert await self.send_due() == 1
        return str(self.box.got[-1]["Subject"]).rsplit(" ", 1)[-1]

    async def confirm(self, address: str | None = None) -> None:
        told = {"code": await self.code(address)}
        answer = await self.member.act("POST", "/v1/me/email-address/confirmations", told)
        assert (answer.status_code, answer.json()["is_confirmed"]) == (200, True), answer.text
        self.box.got.clear()

    async def subscribe(self, url: str) -> None:
        answer = await self.member.act("PUT", "/v1/me/push-subscription", self.browser.subscription(url))
        assert answer.status_code == 204, answer.text

    async def choose(self, **changed: Any) -> None:
        present = await self.member.ask("GET", "/v1/me/notice-choice")
        wanted = {name: value for name, value in present.json().items() if name != "version"} | changed
        put = await self.member.ask(
            "PUT", "/v1/me/notice-choice", wanted, **{"if-match": present.headers["etag"]}
        )
        assert put.status_code == 200, put.text


@pytest.fixture(scope="module")
async def box() -> AsyncGenerator[Mailbox]:
    async with mailbox() as made:
        yield made


@pytest.fixture(scope="module")
async def telling_house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, box: Mailbox
) -> AsyncGenerator[IdentityHouse]:
    async with identity_house(
        databases,
        tmp_path_factory,
        smtp_host="127.0.0.1",
        smtp_port=box.port,
        smtp_security="none",
        email_from="union@guild.example",
        push_contact="operator@guild.example",
        egress_loopback_allowed=True,
        notice_timeout_seconds=2,
        notice_tries_max=3,
        notice_lines_max=3,
        email_codes_max=3,
        address_requests_max=10_000,
    ) as made:
        yield made


@pytest.fixture
async def telling(telling_house: IdentityHouse, box: Mailbox) -> AsyncGenerator[Telling]:
    made = Telling(telling_house, box)
    await made.begin()
    yield made
    box.of_recipient = box.of_data = "250 OK"
    box.pause_seconds = 0
    box.got.clear()
    # What this test left due is nothing to the next one.
    await telling_house.rows("DELETE FROM notice_addresses")
