"""Notices by e-mail: what was not read by then, to an address that was confirmed, until one click ends it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from tests.services.identity.notices.conftest import Telling

MINUTE = timedelta(minutes=1)


async def confirming(telling: Telling, code: str) -> httpx.Response:
    return await telling.member.act("POST", "/v1/me/email-address/confirmations", {"code": code})


async def test_an_address_is_told_once_its_reader_has_told_the_code(telling: Telling) -> None:
    code = await telling.code()
    (mail,) = telling.box.got
    assert (mail["To"], mail["From"]) == (telling.address, "union@guild.example")
    assert mail["Auto-Submitted"] == "auto-generated" and mail["List-Unsubscribe"] is None
    assert code in telling.box.text() and len(code) == 6
    await telling.happens()
    assert await telling.gathered() == 0
    assert (await confirming(telling, code)).json()["is_confirmed"]
    assert (await confirming(telling, code)).status_code == 200  # a repeat changes nothing
    assert await telling.gathered() == 0  # what happened before is not told there
    await telling.happens()
    assert await telling.gathered() == 1
    assert telling.box.got[-1]["Subject"] == "Guild of Heralds"


async def test_a_wrong_code_uses_up_a_try_and_the_last_one_the_code(telling: Telling) -> None:
    code = await telling.code()
    wrong = f"{(int(code) + 1) % 10**6:06}"
    for left in range(telling.house.settings.email_code_tries_max - 1, -1, -1):
        answer = await confirming(telling, wrong)
        assert (answer.status_code, answer.json()["tries_left"]) == (409, left), answer.text
        assert answer.json()["type"].endswith("/email-code-wrong")
    assert (await confirming(telling, code)).json()["type"].endswith("/email-code-used-up")
    assert not (await telling.channels())["email"]["is_confirmed"]
    await telling.later(timedelta(days=1))
    await telling.confirm()


async def test_a_code_expires(telling: Telling) -> None:
    code = await telling.code()
    await telling.later(timedelta(seconds=telling.house.settings.email_code_seconds))
    assert (await confirming(telling, code)).json()["type"].endswith("/email-code-used-up")


async def test_codes_are_limited_by_member_and_by_address(telling: Telling) -> None:
    target = "flooded@guild.example"
    for _ in range(telling.house.settings.email_codes_max):
        named = await telling.member.act("PUT", "/v1/me/email-address", {"address": target})
        assert named.status_code == 200
    mine = await telling.member.act("PUT", "/v1/me/email-address", {"address": "other@guild.example"})
    assert (mine.status_code, mine.json()["kind"]) == (429, "email_code_of_member")
    other = await telling.house.member()
    theirs = await other.act("PUT", "/v1/me/email-address", {"address": "Flooded@Guild.Example"})
    assert (theirs.status_code, theirs.json()["kind"]) == (429, "email_code_of_address")
    # Only the newest code is sent at all.
    assert await telling.send_due() == 1


@pytest.mark.parametrize(
    "address", ["", "ada", "ada@", "a b@guild.example", "ada@guild.example\r\nBcc: x@y.example"]
)
async def test_what_is_no_address_is_refused(telling: Telling, address: str) -> None:
    answer = await telling.member.act("PUT", "/v1/me/email-address", {"address": address})
    assert answer.status_code == 422
    assert (await telling.channels())["email"] is None


async def test_a_bearer_token_names_and_confirms_nothing(telling: Telling) -> None:
    named = await telling.member.ask("PUT", "/v1/me/email-address", {"address": telling.address})
    assert named.json()["type"].endswith("/act-unsigned")
    code = await telling.code()
    confirmed = await telling.member.ask("POST", "/v1/me/email-address/confirmations", {"code": code})
    assert confirmed.status_code == 401
    assert (await telling.member.ask("DELETE", "/v1/me/email-address")).status_code == 401


async def test_nothing_named_is_nothing_to_confirm(telling: Telling) -> None:
    assert (await confirming(telling, "123456")).json()["type"].endswith("/no-email-address")


async def test_what_happens_together_is_told_together_with_where_one_reads_on(telling: Telling) -> None:
    await telling.confirm()
    offer = UUID(int=5)
    for _ in range(3):
        await telling.happens(subject_id=offer)
    await telling.happens(kind="project.paid", subject="projects", subject_id=UUID(int=6))
    await telling.happens(kind="of.the.future")
    assert await telling.gathered() == 1
    assert await telling.gathered() == 0
    (mail,) = telling.box.got
    text = telling.box.text()
    assert mail["Subject"] == "2 things happened"
    assert "3 bids for your gig" in text and "Your project reached its target" in text
    slug = (await telling.house.rows("SELECT slug FROM unions WHERE id = $1", telling.union))[0]["slug"]
    assert f"https://guild.example/unions/{slug}/work/{offer}" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_what_was_read_by_then_is_not_told(telling: Telling) -> None:
    await telling.confirm()
    told_before = await telling.channels()
    made = await telling.happens()
    await telling.member.ask("PUT", "/v1/me/notices/read-mark", {"through": str(made)})
    assert await telling.gathered() == 1
    assert telling.box.got == []
    assert (await telling.channels())["email"]["told_at"] == told_before["email"]["told_at"]
    assert (await telling.house.rows("SELECT 1 FROM notice_addresses WHERE due_at IS NOT NULL")) == []


async def test_more_than_a_message_names_is_counted(telling: Telling) -> None:
    await telling.confirm()
    for _ in range(5):
        await telling.happens()
    await telling.gathered()
    assert telling.box.got[0]["Subject"] == "5 things happened"
    assert telling.box.text().count("bids for your gig") == 3
    assert "And 2 more: https://guild.example/notices" in telling.box.text()


async def test_a_member_is_told_in_their_language_once_a_day_and_not_in_their_quiet_hours(
    telling: Telling,
) -> None:
    await telling.confirm()
    clock = telling.house.clock
    begin = clock.now().strftime("%H:%M")
    until = (clock.now() + timedelta(hours=3)).strftime("%H:%M")
    await telling.choose(language="de", quiet_from=begin, quiet_until=until)
    await telling.happens()
    assert await telling.send_due(timedelta(hours=2)) == 0
    digest = (clock.now() + timedelta(hours=4)).strftime("%H:%M")
    await telling.choose(digest_at=digest)  # what waits is told by the new choice
    assert await telling.send_due(timedelta(hours=3)) == 0
    assert await telling.send_due(timedelta(hours=1)) == 1
    assert "bietet auf deinen Auftrag" in telling.box.text()


async def test_one_click_of_whoever_reads_there_ends_it_without_signing_in(telling: Telling) -> None:
    await telling.confirm()
    await telling.happens()
    await telling.gathered()
    url = str(telling.box.got[0]["List-Unsubscribe"]).strip("<>")
    assert url.removeprefix("https://guild.example/v1/email-unsubscriptions/").isascii()
    async with telling.house.http() as http:
        for _ in range(2):
            answer = await http.post(url, content="List-Unsubscribe=One-Click")
            assert answer.status_code == 204
    assert (await telling.channels())["email"] is None
    await telling.happens()
    assert await telling.gathered() == 0


async def test_another_address_takes_the_place_of_the_one_before_and_can_be_ended(telling: Telling) -> None:
    await telling.confirm()
    await telling.confirm("ada@elsewhere.example")
    await telling.happens()
    await telling.gathered()
    assert [mail["To"] for mail in telling.box.got] == ["ada@elsewhere.example"]
    for _ in range(2):
        assert (await telling.member.act("DELETE", "/v1/me/email-address")).status_code == 204
    assert (await telling.channels())["email"] is None


async def test_addresses_named_at_once_leave_one(telling: Telling) -> None:
    answers = await asyncio.gather(
        *(
            telling.member.act("PUT", "/v1/me/email-address", {"address": f"{name}@guild.example"})
            for name in ("a", "b", "c")
        )
    )
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    count = await telling.house.rows("SELECT 1 FROM notice_addresses WHERE member_id = $1", telling.member.id)
    assert len(count) == 1


async def test_a_server_that_refuses_is_tried_again_later_and_said_to_its_member(telling: Telling) -> None:
    await telling.confirm()
    telling.box.of_data = "451 4.3.0 Later"
    await telling.happens()
    assert await telling.gathered() == 1
    assert "Later" in (await telling.channels())["email"]["fault"]
    assert await telling.send_due() == 0
    telling.box.of_data = "250 OK"
    assert await telling.send_due(MINUTE) == 1
    assert "bids for your gig" in telling.box.text()
    shown = (await telling.channels())["email"]
    assert (shown["fault"], shown["told_at"] is None) == (None, False)


async def test_what_is_given_up_is_told_with_the_next(telling: Telling) -> None:
    await telling.confirm()
    telling.box.of_data = "554 5.7.1 No"
    await telling.happens()
    await telling.gathered()
    for _ in range(telling.house.settings.notice_tries_max - 1):
        assert await telling.send_due(timedelta(hours=1)) == 1
    assert await telling.send_due(timedelta(hours=12)) == 0
    telling.box.of_data = "250 OK"
    await telling.happens()
    await telling.gathered()
    assert telling.box.got[0]["Subject"] == "2 things happened"


@pytest.mark.parametrize(
    ("said", "is_gone"),
    [
        ("550 5.1.1 No such user", True),
        ("550 5.7.1 Relaying denied", False),
        ("451 4.7.1 Greylisted", False),
        ("550 Never heard of them", False),
    ],
)
async def test_an_address_that_is_none_has_to_be_confirmed_anew(
    telling: Telling, said: str, is_gone: bool
) -> None:
    await telling.confirm()
    telling.box.of_recipient = said
    await telling.happens()
    await telling.gathered()
    shown = (await telling.channels())["email"]
    assert (shown["is_confirmed"], said.partition(" ")[2] in shown["fault"]) == (not is_gone, True)


async def test_one_time_is_for_all_of_a_message(telling: Telling) -> None:
    await telling.confirm()
    telling.box.pause_seconds = 6
    await telling.happens()
    began = asyncio.get_running_loop().time()
    await telling.gathered()
    assert asyncio.get_running_loop().time() - began < 5
    assert "within 2 seconds" in (await telling.channels())["email"]["fault"]


async def test_what_happens_while_a_message_is_sent_is_told_afterwards(telling: Telling) -> None:
    await telling.confirm()
    telling.box.pause_seconds = 0.3
    await telling.happens()
    sending = asyncio.create_task(telling.gathered())
    await asyncio.sleep(0.1)
    await telling.happens(kind="project.paid", subject="projects")
    await sending
    assert await telling.gathered() == 1
    assert ["bids" in telling.box.text(n) for n in (0, 1)] == [True, False]


async def test_two_processes_send_a_message_once(telling: Telling) -> None:
    await telling.confirm()
    await telling.happens()
    telling.house.clock.advance(telling.house.settings.notice_gather)
    chassis, sending = telling.house.app.state.chassis, telling.house.app.state.telling
    counts = await asyncio.gather(*(sending.look(chassis) for _ in range(4)))
    await sending.settle()
    assert (sum(counts), len(telling.box.got)) == (1, 1)


async def test_a_crash_between_the_message_and_its_row_sends_it_again_under_the_same_id(
    telling: Telling,
) -> None:
    await telling.confirm()
    await telling.happens()
    await telling.gathered()
    await telling.house.rows(
        "UPDATE notice_addresses SET told_number = 0, due_at = $1, leased_until = $2",
        telling.house.clock.now(),
        telling.house.clock.now() + timedelta(seconds=22),
    )
    assert await telling.send_due(timedelta(seconds=21)) == 0
    assert await telling.send_due(timedelta(seconds=1)) == 1
    first, second = (mail["Message-ID"] for mail in telling.box.got)
    assert first == second
