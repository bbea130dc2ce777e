"""Invitations by e-mail: one to each address, paced, ended by one click, and the address is forgotten."""

import re
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest

from services.identity.admission.mailing import InvitationMailing
from tests.services.identity.admission.people import begin, figures, filled, kept, sign_in_again
from tests.services.identity.api.test_privacy import edit
from tests.services.identity.conftest import identity_house
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.offices.officers import Guild
from tests.support.mailbox import TAKEN, Mailbox, mailbox
from tests.support.postgres import Databases

SECOND = timedelta(seconds=1)


@pytest.fixture(scope="module")
async def box() -> AsyncGenerator[Mailbox]:
    async with mailbox() as made:
        yield made


@pytest.fixture(scope="module")
async def mailing_house(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory, box: Mailbox
) -> AsyncGenerator[IdentityHouse]:
    told = {"smtp_host": "127.0.0.1", "smtp_port": box.port, "smtp_security": "none", "notice_tries_max": 2}
    more = {"email_from": "union@guild.example", "invitation_emails_per_minute_max": 60}
    async with identity_house(databases, tmp_path_factory, **told, **more) as made:
        yield made


async def send_due(house: IdentityHouse) -> int:
    mailing: InvitationMailing = house.app.state.mailing
    count = await mailing.look(house.app.state.chassis)
    await mailing.settle()
    return count


async def test_each_address_gets_one_message_in_its_turn_and_is_forgotten(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    box.got.clear()
    founder, ada = await house.member(), await house.member()
    union = await founder.found("Heralds", parameters={"admission": "invitation"})
    path = await begin(founder, union, sends_email=True, language="de")
    rows = ["Ada;ada@guild.example", "Grace;grace@guild.example", "Nobody;"]
    made = await filled(founder, path, rows)
    assert [await send_due(house) for _ in range(2)] == [1, 0]
    [mail] = box.got
    assert (mail["To"], "Heralds" in mail["Subject"]) == ("ada@guild.example", True)
    text = box.text()
    assert "lädt dich zu Heralds ein" in text
    assert made["links"][0]["link"] in text
    assert [one["email"] for one in await kept(house, path)] == [None, "grace@guild.example", None]
    house.clock.advance(SECOND)
    assert await send_due(house) == 1
    now = await figures(founder, path)
    assert (now["waiting_count"], now["mailed_count"], now["opened_count"]) == (0, 2, 0)
    assert [one["email"] for one in await kept(house, path)] == [None] * 3
    [link] = re.findall(r"#invitation=(\S+)", box.text(0))
    assert (await ada.join(union, link)).status_code == 201


@pytest.mark.parametrize(("said", "name"), [("public", "Ada Lima"), ("unions", None), ("nobody", None)])
async def test_a_message_names_who_invites_as_they_show_themselves_to_anybody(
    mailing_house: IdentityHouse, box: Mailbox, said: str, name: str | None
) -> None:
    house = mailing_house
    box.got.clear()
    founder = await house.member()
    edited = await edit(founder, name="Ada Lima", privacy={"name": said})
    handle = edited.json()["handle"]
    path = await begin(founder, await founder.found(f"Named {said}"), sends_email=True)
    await filled(founder, path, [f";{said}@guild.example"])
    assert await send_due(house) == 1
    assert f"{name or handle} (@{handle}) invites you" in box.text()
    assert ("Lima" in box.text()) is (name is not None)


async def test_who_wants_no_invitations_gets_none_from_any_union(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    box.got.clear()
    founder, other = await house.member(), await house.member()
    path = await begin(founder, await founder.found("Loud"), sends_email=True)
    await filled(founder, path, ["Quiet;quiet@guild.example"])
    waiting = await begin(other, await other.found("Louder"), sends_email=True)
    assert await send_due(house) == 1
    [ends] = re.findall(
        r"<https://guild.example(/v1/email-unsubscriptions/\S+)>", box.got[0]["List-Unsubscribe"]
    )
    async with house.http() as http:
        assert (await http.post(ends)).status_code == 204
        assert (await http.post(ends)).status_code == 204
    await filled(other, waiting, ["Quiet;Quiet@guild.example"])
    house.clock.advance(SECOND)
    assert await send_due(house) == 0
    assert [one["email"] for one in await kept(house, waiting)] == [None]


async def test_who_says_so_before_their_turn_is_not_written_to(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    box.got.clear()
    founder = await house.member()
    path = await begin(founder, await founder.found("Turns"), sends_email=True)
    await filled(founder, path, ["A;a@guild.example", "B;b@guild.example"])
    [row] = await house.rows("SELECT row_key FROM invitees WHERE email = 'b@guild.example'")
    await house.rows("INSERT INTO email_stops VALUES ($1, $2) RETURNING 1", row["row_key"], house.clock.now())
    house.clock.advance(SECOND)
    assert await send_due(house) == 2
    assert [mail["To"] for mail in box.got] == ["a@guild.example"]
    people = (await founder.ask("GET", f"{path}/people")).json()["items"]
    assert people[1]["mail_fault"] == "this address wants no invitations"


async def test_what_no_server_takes_is_tried_again_and_given_up(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    founder = await house.member()
    path = await begin(founder, await founder.found("Refusing"), sends_email=True)
    await filled(founder, path, ["C;c@guild.example", "D;d@guild.example"])
    box.of_recipient = "550 5.1.1 no such user"
    assert await send_due(house) == 1
    assert [one["email"] for one in await kept(house, path)] == [None, "d@guild.example"]
    box.of_recipient = "451 try later"
    house.clock.advance(SECOND)
    assert await send_due(house) == 1
    assert (await figures(founder, path))["waiting_count"] == 1
    house.clock.advance(timedelta(seconds=house.settings.notice_retry_first_seconds * 2))
    await sign_in_again(founder)
    assert await send_due(house) == 1
    box.of_recipient = TAKEN
    now = await figures(founder, path)
    assert (now["waiting_count"], now["mailed_count"], now["not_mailed_count"]) == (0, 0, 2)


async def test_a_list_that_was_ended_writes_to_nobody_else(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    box.got.clear()
    founder = await house.member()
    path = await begin(founder, await founder.found("Ended Mail"), sends_email=True)
    await filled(founder, path, ["C;c@guild.example", "D;d@guild.example"])
    await founder.act("DELETE", path)
    await house.app.state.chassis.timer_runner.run_due()
    house.clock.advance(SECOND)
    assert await send_due(house) == 0
    assert box.got == []


async def faults(member: Member, path: str) -> list[str | None]:
    return [one["mail_fault"] for one in (await member.ask("GET", f"{path}/people")).json()["items"]]


async def test_a_list_writes_to_nobody_from_the_moment_that_it_is_over(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    box.got.clear()
    founder = await house.member()
    union = await founder.found("Over Mail")
    ended = await begin(founder, union, sends_email=True)
    expired = await begin(founder, union, sends_email=True, valid_seconds=2)
    await filled(founder, ended, ["C;c@guild.example"])
    await filled(founder, expired, ["D;d@guild.example", "E;e@guild.example"])
    await founder.act("DELETE", ended)
    assert await send_due(house) == 2
    assert [mail["To"] for mail in box.got] == ["d@guild.example"]
    assert await faults(founder, ended) == ["the list is over"]
    house.clock.advance(2 * SECOND)
    assert await send_due(house) == 1
    assert [mail["To"] for mail in box.got] == ["d@guild.example"]
    assert await faults(founder, expired) == [None, "the list is over"]
    assert [one["email"] for one in await kept(house, ended) + await kept(house, expired)] == [None] * 3


async def test_a_list_writes_to_nobody_once_its_maker_admits_nobody(
    mailing_house: IdentityHouse, box: Mailbox
) -> None:
    house = mailing_house
    box.got.clear()
    founder, officer = await house.member(), await house.member()
    union = await founder.found("Out Of Office")
    assert (await officer.join(union)).status_code == 201
    guild = Guild(house, union, founder, [officer])
    office = await guild.office(founder, admit=None)
    await guild.appoint(founder, office, officer)
    theirs = await begin(officer, union, sends_email=True)
    await filled(officer, theirs, ["C;c@guild.example", "D;d@guild.example"])
    assert await send_due(house) == 1
    assert (await guild.end(founder, office, officer)).status_code == 204
    house.clock.advance(SECOND)
    own = await begin(founder, union, sends_email=True)
    await filled(founder, own, ["E;e@guild.example"])
    assert await send_due(house) == 2
    assert [mail["To"] for mail in box.got] == ["c@guild.example", "e@guild.example"]
    assert await faults(founder, theirs) == [None, "who made the list admits nobody any more"]
    assert [one["email"] for one in await kept(house, theirs)] == [None, None]
