"""Lists of people: a link each, refused rows with their ground, who opened and joined, and what is kept."""

import asyncio
import base64
import csv
import io
import json
from datetime import timedelta

import pytest
from hypothesis import Phase, given
from hypothesis import seed as seed_of
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from services.identity.admission.domain.errors import InvitationListLimit
from services.identity.admission.domain.people_file import LINE_MAX
from services.identity.admission.use_cases.begin_list import Terms, begin_list
from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.admission.people import (
    begin,
    code_of,
    figures,
    fill,
    filled,
    kept,
    lists_of,
    sign_in_again,
    told,
)
from tests.services.identity.house import IdentityHouse

A_WHILE_SECONDS = 0.2


async def test_each_row_makes_a_link_by_which_one_person_joins(house: IdentityHouse) -> None:
    founder, invited, other = [await house.member() for _ in range(3)]
    union = await founder.found("Listed", parameters={"admission": "invitation"})
    path = await begin(founder, union)
    made = await filled(founder, path, ["Ada;ada@guild.example", "Grace;grace@guild.example"])
    assert [one["line"] for one in made["links"]] == [2, 3]
    assert made["refused"] == []
    link = made["links"][0]["link"]
    assert link.startswith(f"https://guild.example/unions/{union['slug']}#invitation=")
    code = code_of(made["links"][0])
    shown = (await house.get(f"/v1/unions/{union['id']}/invitations/{code}")).json()
    assert (shown["uses_left"], shown["by_founder"]) == (1, True)
    joined = await invited.join(union, code)
    assert joined.json()["by_founder_invitation"] is True
    assert told(await other.join(union, code)) == (409, "invitation-used-up")
    now = await figures(founder, path)
    assert (now["made_count"], now["opened_count"], now["joined_count"]) == (2, 1, 1)
    people = (await founder.ask("GET", f"{path}/people")).json()["items"]
    assert [(one["name"], one["member"] and one["member"]["id"]) for one in people] == [
        (None, str(invited.id)),
        ("Grace", None),
    ]


async def test_one_personal_link_and_two_members_at_once_admit_one(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("One Link", parameters={"admission": "invitation"})
    made = await filled(founder, await begin(founder, union), ["Ada;"])
    racers = [await house.member() for _ in range(4)]
    answers = await asyncio.gather(*(one.join(union, code_of(made["links"][0])) for one in racers))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_the_same_rows_once_more_give_the_same_links(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Again")
    path = await begin(founder, union)
    rows = ["Ada;ada@guild.example", "Grace;", "wrong;wrong", "Grace;"]
    first, again = [await filled(founder, path, rows) for _ in range(2)]
    assert [one["link"] for one in first["links"]] == [one["link"] for one in again["links"]]
    assert [one["is_new"] for one in first["links"] + again["links"]] == [True] * 3 + [False] * 3
    assert first["refused"] == again["refused"] == [{"line": 4, "ground": "email_malformed"}]
    assert (again["made_count"], again["refused_count"]) == (3, 1)
    assert first["table"] == again["table"]


async def test_the_same_rows_at_the_same_moment_make_one_link_each(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("At Once")
    path, other = await begin(founder, union), await begin(founder, union)
    rows = [f"p{number};p{number}@guild.example" for number in range(20)]
    answers = await asyncio.gather(*(fill(founder, to, rows) for to in (path, path, other, other)))
    assert [one.status_code for one in answers] == [200] * 4
    links = {one["link"] for answer in answers for one in answer.json()["links"]}
    assert len(links) == 20
    [row] = await house.rows("SELECT count(*) AS count FROM invitees WHERE union_id = $1", union["id"])
    assert row["count"] == 20


async def test_who_was_invited_or_has_joined_is_refused_by_another_list(house: IdentityHouse) -> None:
    founder, ada = await house.member(), await house.member()
    union = await founder.found("Known")
    path = await begin(founder, union)
    made = await filled(
        founder, path, ["Ada;ada@guild.example", "Grace;Grace@guild.example", "Ada;ADA@guild.example"]
    )
    assert made["refused"] == [{"line": 4, "ground": "twice"}]
    await ada.join(union, code_of(made["links"][0]))
    other = await begin(founder, union)
    later = await filled(founder, other, ["A;ada@guild.example", "G;grace@guild.example"])
    assert later["links"] == []
    assert [one["ground"] for one in later["refused"]] == ["joined_already", "invited_already"]
    refusals = (await founder.ask("GET", f"{other}/refusals?limit=1")).json()
    assert refusals["items"] == [{"line": 2, "ground": "joined_already"}]
    rest = await founder.ask("GET", f"{other}/refusals?limit=1&cursor={refusals['next_cursor']}")
    assert rest.json() == {"items": [{"line": 3, "ground": "invited_already"}], "next_cursor": None}
    [changed] = (await filled(founder, path, ["Other;other@guild.example"]))["refused"]
    assert changed == {"line": 2, "ground": "line_taken"}


async def test_a_list_makes_as_many_links_as_were_signed_for(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Full List")
    path = await begin(founder, union, rows_max=2)
    made = await filled(founder, path, ["a;", "b;", "c;"])
    assert len(made["links"]) == 2
    assert made["refused"] == [{"line": 4, "ground": "list_full"}]
    most = house.settings.invitation_list_rows_max
    wrong = await founder.act("POST", lists_of(union), {"rows_max": most + 1})
    assert (told(wrong), wrong.json()["bound"]) == ((409, "invitation-list-limit"), "rows_max")
    too_long = {"rows_max": 1, "valid_seconds": house.settings.invitation_seconds_max + 1}
    assert told(await founder.act("POST", lists_of(union), too_long)) == (409, "invitation-list-limit")


async def test_one_request_brings_so_many_rows(house: IdentityHouse) -> None:
    founder = await house.member()
    path = await begin(founder, await founder.found("Chunks"), rows_max=5_000)
    most = house.settings.invitation_list_chunk_rows_max
    refused = await fill(founder, path, ["a;"] * (most + 1))
    assert (told(refused), refused.json()["bound"]) == ((409, "invitation-list-limit"), "rows")
    assert told(await fill(founder, path, ["a"], header="x;y")) == (400, "people-file-unreadable")


async def test_rows_at_the_end_of_all_lines_are_taken_as_far_as_lines_are_counted(
    house: IdentityHouse,
) -> None:
    founder = await house.member()
    path = await begin(founder, await founder.found("Last Line"))
    assert (await filled(founder, path, ["a;"], line=LINE_MAX))["made_count"] == 1
    refused = await fill(founder, path, ["b;", "c;"], line=LINE_MAX)
    assert (told(refused), refused.json()["bound"]) == ((409, "invitation-list-limit"), "line")


@pytest.mark.parametrize("place", [(-1,), (-(2**63),), (2**63,), (10**40,), ("2",), (1, 2), ()])
async def test_a_forged_cursor_of_lines_is_refused(
    house: IdentityHouse, place: tuple[int | str, ...]
) -> None:
    founder = await house.member()
    path = await begin(founder, await founder.found(f"Forged {place}"))
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).rstrip(b"=").decode()
    for below in ("people", "refusals"):
        refused = await founder.ask("GET", f"{path}/{below}?cursor={cursor}")
        assert told(refused) == (400, "cursor-invalid")


async def test_only_who_admits_begins_fills_reads_and_ends_lists(house: IdentityHouse) -> None:
    founder, member, stranger = [await house.member() for _ in range(3)]
    union, other = await founder.found("Mine"), await stranger.found("Theirs")
    await member.join(union)
    path = await begin(founder, union)
    await filled(founder, path, ["Ada;ada@guild.example"])
    for who in (member, stranger):
        assert told(await who.act("POST", lists_of(union), {"rows_max": 1})) == (403, "founder-only")
        assert told(await fill(who, path, ["a;"])) == (403, "founder-only")
        assert told(await who.act("DELETE", path)) == (403, "founder-only")
        for below in ("", "/people", "/refusals"):
            assert told(await who.ask("GET", f"{path}{below}")) == (403, "founder-only")
        assert told(await who.ask("GET", lists_of(union))) == (403, "founder-only")
    crossing = path.replace(union["id"], other["id"])
    for below in ("", "/people", "/refusals"):
        assert told(await stranger.ask("GET", f"{crossing}{below}")) == (404, "invitation-list-not-found")
    assert told(await fill(stranger, crossing, ["a;"])) == (404, "invitation-list-not-found")
    assert (await house.get(path)).status_code == 401
    unsigned = await founder.ask("PUT", f"{path}/rows/2", {"header": "name", "records": "a"})
    assert told(unsigned) == (401, "act-unsigned")


async def test_names_are_kept_until_they_join_and_addresses_only_to_be_written_to(
    house: IdentityHouse,
) -> None:
    founder, ada = await house.member(), await house.member()
    union = await founder.found("Kept")
    path = await begin(founder, union, valid_seconds=50)
    made = await filled(founder, path, ["Ada;ada@guild.example", "Grace;grace@guild.example"])
    assert [(one["name"], one["email"]) for one in await kept(house, path)] == [
        ("Ada", None),
        ("Grace", None),
    ]
    await ada.join(union, code_of(made["links"][0]))
    assert [one["name"] for one in await kept(house, path)] == [None, "Grace"]
    acts = await house.rows("SELECT body FROM signed_acts WHERE target_uri LIKE '%/rows/%'")
    assert not any(b"ada@guild.example" in row["body"] for row in acts)
    log = await house.rows("SELECT changed FROM act_log WHERE subject LIKE '%invitation-lists%'")
    assert not any("guild.example" in row["changed"] for row in log)
    house.clock.advance(timedelta(seconds=50))
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert [(one["name"], one["row_key"]) for one in await kept(house, path)] == [(None, None)] * 2


async def test_a_list_that_was_ended_admits_nobody_and_takes_nobody(house: IdentityHouse) -> None:
    founder, ada, late = [await house.member() for _ in range(3)]
    union = await founder.found("Over", parameters={"admission": "invitation"})
    path = await begin(founder, union)
    made = await filled(founder, path, ["Ada;ada@guild.example", "Grace;"])
    assert (await ada.join(union, code_of(made["links"][0]))).status_code == 201
    for _ in range(2):
        ended = await founder.act("DELETE", path)
        assert ended.json()["ended_at"] is not None
    await house.app.state.chassis.timer_runner.run_due()
    assert told(await late.join(union, code_of(made["links"][1]))) == (409, "invitation-expired")
    assert told(await fill(founder, path, ["b;"])) == (409, "invitation-list-ended")
    assert all(one["name"] is None for one in await kept(house, path))
    again = await filled(founder, await begin(founder, union), ["Grace;"])
    assert len(again["links"]) == 1


async def test_an_expired_person_may_be_invited_anew(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Anew")
    path = await begin(founder, union, valid_seconds=10)
    await filled(founder, path, ["Ada;ada@guild.example"])
    house.clock.advance(timedelta(seconds=10))
    assert told(await fill(founder, path, ["Grace;"])) == (409, "invitation-list-ended")
    made = await filled(founder, await begin(founder, union), ["Ada;ada@guild.example"])
    assert len(made["links"]) == 1
    await sign_in_again(founder)


async def test_links_of_lists_leave_room_for_other_invitations(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Room")
    await filled(founder, await begin(founder, union), [f"p{number};" for number in range(10)])
    made = await founder.act("POST", f"/v1/unions/{union['id']}/invitations", {})
    assert made.status_code == 201


async def test_two_lists_at_once_count_each_other(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Raced Lists")
    settings = house.settings.model_copy(update={"invitation_lists_per_union_max": 1})
    terms = Terms(rows_max=1, valid_seconds=60, sends_email=False, language="en")
    async with house.unit() as first:
        await begin_list(first, settings, founder.id, union["id"], terms)

        async def late() -> None:
            async with house.unit() as second:
                await begin_list(second, settings, founder.id, union["id"], terms)

        waiting = asyncio.create_task(late())
        await asyncio.sleep(A_WHILE_SECONDS)
        assert not waiting.done()
    with pytest.raises(InvitationListLimit):
        await waiting


async def test_a_union_has_so_many_open_lists(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Many Lists")
    paths = [await begin(founder, union) for _ in range(house.settings.invitation_lists_per_union_max)]
    full = await founder.act("POST", lists_of(union), {"rows_max": 1})
    assert (full.status_code, full.json()["bound"]) == (409, "open_lists")
    await founder.act("DELETE", paths[0])
    await begin(founder, union)
    listed = (await founder.ask("GET", f"{lists_of(union)}?limit=200")).json()["items"]
    assert len(listed) == house.settings.invitation_lists_per_union_max + 1


async def test_without_a_mail_server_nothing_is_promised_to_be_sent(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("No Mail")
    refused = await founder.act("POST", lists_of(union), {"rows_max": 1, "sends_email": True})
    assert told(refused) == (409, "channel-off")


CELLS = st.text(max_size=30)
TABLES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30)


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_rows_come_in_all_are_links_or_refusals(house: IdentityHouse, seed: int) -> None:
    rows = _example(seed)
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    founder = await house.member()
    path = await begin(founder, await founder.found(f"Any Rows {seed}"))
    body = {"header": "name,email", "records": out.getvalue()}
    answer = (await founder.act("PUT", f"{path}/rows/2", body)).json()
    assert len(answer["links"]) + len(answer["refused"]) == len(rows)
    assert len(list(csv.reader(io.StringIO(answer["table"], newline="")))) == len(answer["links"])
    now = await figures(founder, path)
    assert (now["made_count"], now["refused_count"]) == (len(answer["links"]), len(answer["refused"]))


def _example(number: int) -> list[tuple[str, str]]:
    """Always the same for the same number."""
    found: list[list[tuple[str, str]]] = []

    @seed_of(number)
    @hypothesis_settings(max_examples=1, database=None, phases=[Phase.generate], deadline=None)
    @given(TABLES)
    def draw(rows: list[tuple[str, str]]) -> None:
        found.append(rows)

    draw()
    return found[-1]
