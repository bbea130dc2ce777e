"""Founding unions, the directory, charters and their free time."""

import asyncio
import hashlib
import json

import pytest

from tests.services.identity.house import IdentityHouse, Member

PURPOSE = "Freelancers who work for each other."


async def test_a_name_and_a_purpose_found_a_union(house: IdentityHouse) -> None:
    founder = await house.member()
    response = await founder.act("POST", "/v1/unions", {"name": "Guild of Évora", "purpose": PURPOSE})
    assert response.status_code == 201
    union = response.json()
    assert union["slug"].startswith("guild-of-evora")
    assert response.headers["location"] == f"/v1/unions/{union['slug']}"
    assert union["founder"] == {"id": str(founder.id), "handle": founder.session["member"]["handle"]}
    assert union["members_count"] == 1
    assert union["token"] == {"symbol": "GOE", "scale": 6}
    assert (await house.get(f"/v1/unions/{union['slug']}")).json() == union
    assert (await house.get(f"/v1/unions/{union['id']}")).json() == union


async def test_founding_publishes_the_union_and_the_founders_membership(house: IdentityHouse) -> None:
    founder = await house.member()
    response = await founder.act("POST", "/v1/unions", {"name": "Published", "purpose": PURPOSE})
    union_id = response.json()["id"]
    assert [part.split("/")[0] for part in response.headers["guildhall-event"].split(", ")] == [
        "union",
        "membership",
    ]
    rows = await house.rows(
        "SELECT type, data FROM outbox WHERE key LIKE $1 ORDER BY position", f"{union_id}%"
    )
    events = {row["type"]: json.loads(row["data"]) for row in rows}
    assert events["union"]["parameters"]["joining_grant_minor"] == "250000000"
    assert events["union"]["token_symbol"] == "PBL"
    assert "token_symbol" not in events["union"]["parameters"]
    assert events["union"]["version"] == 1
    assert events["membership"]["role"] == "founder"


async def test_founding_is_a_signed_act_and_in_the_act_log(house: IdentityHouse) -> None:
    founder = await house.member()
    unsigned = await founder.ask("POST", "/v1/unions", {"name": "Unsigned", "purpose": PURPOSE})
    assert (unsigned.status_code, unsigned.json()["type"]) == (401, "/problems/act-unsigned")
    union = await founder.found("Signed")
    [act] = await house.rows("SELECT method, target_uri FROM signed_acts WHERE member_id = $1", founder.id)
    assert tuple(act) == ("POST", "https://guild.example/v1/unions")
    [row] = await house.rows(
        "SELECT actor, act_right FROM act_log WHERE subject = $1", f"unions/{union['id']}"
    )
    assert tuple(row) == (f"member:{founder.id}", "found_union")


async def test_the_same_idempotency_key_founds_one_union(house: IdentityHouse) -> None:
    founder = await house.member()
    body = {"name": "Only Once", "purpose": PURPOSE}
    first = await founder.act("POST", "/v1/unions", body, key="found-1")
    again = await founder.act("POST", "/v1/unions", body, key="found-1")
    assert first.json() == again.json()
    assert len(await house.rows("SELECT 1 FROM unions WHERE founder_id = $1", founder.id)) == 1


async def test_derived_slugs_are_numbered_also_when_they_are_wanted_at_the_same_moment(
    house: IdentityHouse,
) -> None:
    founders = [await house.member() for _ in range(4)]
    unions = await asyncio.gather(*(founder.found("Same Name") for founder in founders))
    assert {union["slug"] for union in unions} == {"same-name", "same-name-2", "same-name-3", "same-name-4"}


async def test_a_name_in_another_alphabet_gets_a_slug_too(house: IdentityHouse) -> None:
    union = await (await house.member()).found("Гильдия")
    assert union["slug"].startswith("union-")
    assert union["token"]["symbol"] == "GLD"


async def test_a_slug_can_be_asked_for_once(house: IdentityHouse) -> None:
    founder = await house.member()
    assert (await founder.found("Asked", slug="asked-for"))["slug"] == "asked-for"
    refused = await founder.act("POST", "/v1/unions", {"name": "X1", "purpose": "P", "slug": "asked-for"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/slug-taken")


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"name": "X1", "purpose": "P", "slug": "admin"}, 400, "slug-refused"),
        ({"name": "X1", "purpose": "P", "slug": "No Spaces"}, 400, "slug-refused"),
        ({"name": "!!!", "purpose": "P"}, 400, "union-name-refused"),
        ({"name": "X1"}, 422, "malformed-body"),
        ({"name": "", "purpose": "P"}, 422, "malformed-body"),
        ({"name": "a\x00b", "purpose": "P"}, 422, "malformed-body"),
        ({"name": "X1", "purpose": "P", "founder_id": "me"}, 422, "malformed-body"),
        ({"name": "X1", "purpose": "P", "parameters": {"token_symbol": "ETH"}}, 400, "parameter-refused"),
        ({"name": "X1", "purpose": "P", "parameters": {"supply_minor": "0"}}, 400, "parameter-refused"),
        (
            {"name": "X1", "purpose": "P", "parameters": {"supply_minor": "9999999999999999999"}},
            400,
            "parameter-refused",
        ),
        ({"name": "X1", "purpose": "P", "parameters": {"preset": "other"}}, 422, "malformed-body"),
    ],
)
async def test_a_founding_outside_the_rules_is_refused(
    house: IdentityHouse, body: dict[str, object], status: int, problem: str
) -> None:
    refused = await (await house.member()).act("POST", "/v1/unions", body)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}")


async def test_token_and_genesis_can_be_chosen_at_founding(house: IdentityHouse) -> None:
    union = await (await house.member()).found(
        "Chosen", parameters={"token_symbol": "CHX", "supply_minor": "5000000000"}
    )
    charter = (await house.get(f"/v1/unions/{union['id']}/charter")).json()
    assert union["token"]["symbol"] == "CHX"
    assert charter["document"]["parameters"]["supply_minor"] == "5000000000"


async def test_a_founder_founds_as_many_unions_as_the_setting_allows(house: IdentityHouse) -> None:
    founder = await house.member()
    for number in range(house.settings.unions_per_founder_max):
        await founder.found(f"Number {number}")
    refused = await founder.act("POST", "/v1/unions", {"name": "One More", "purpose": "P"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/unions-per-founder-reached")


async def test_the_directory_finds_by_the_beginning_of_the_name_in_pages(house: IdentityHouse) -> None:
    founder = await house.member()
    for name in ("Zebra One", "Zebra Two", "ZEBRA three"):
        await founder.found(name)
    first = await house.get("/v1/unions", search="zebra", limit=2)
    assert [union["name"] for union in first.json()["items"]] == ["Zebra One", "ZEBRA three"]
    assert 'rel="next"' in first.headers["link"]
    rest = await house.get("/v1/unions", search="zebra", limit=2, cursor=first.json()["next_cursor"])
    assert [union["name"] for union in rest.json()["items"]] == ["Zebra Two"]
    assert rest.json()["next_cursor"] is None
    assert (await house.get("/v1/unions", search="zebra%")).json()["items"] == []


@pytest.mark.parametrize(
    "cursor",
    ["x", "WzFd", "WyJhIiwiYiJd", "WyJhXHUwMDAwIiwiMDE5M2UwYzItN2MxZi03ZDZiLTlhOGMtNWYyZDNiMWE0ZTZmIl0"],
)
async def test_a_cursor_that_is_not_ours_is_refused(house: IdentityHouse, cursor: str) -> None:
    refused = await house.get("/v1/unions", cursor=cursor)
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/cursor-invalid")


@pytest.mark.parametrize("path", ["", "/charter", "/memberships"])
async def test_an_unknown_union_is_not_found(house: IdentityHouse, path: str) -> None:
    refused = await house.get(f"/v1/unions/no-such-union{path}")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/union-not-found")


async def test_anybody_can_recompute_the_charters_hash(house: IdentityHouse) -> None:
    union = await (await house.member()).found("Hashed — Ünïon")
    charter = (await house.get(f"/v1/unions/{union['slug']}/charter")).json()
    written = json.dumps(charter["document"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert charter["hash"] == union["charter_hash"] == hashlib.sha256(written.encode()).hexdigest()


async def amend(founder: Member, union: dict[str, str], body: object, etag: str = '"1"', **more: str):
    return await founder.act("PATCH", f"/v1/unions/{union['id']}/charter", body, **{"if-match": etag} | more)


async def test_the_founder_amends_alone_and_every_version_stays(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Amended")
    response = await amend(founder, union, {"purpose": "Better.", "parameters": {"review_seconds": 60}})
    assert response.status_code == 200
    assert response.headers["etag"] == '"2"'
    assert response.json()["document"]["parameters"]["review_seconds"] == 60
    present = (await house.get(f"/v1/unions/{union['id']}")).json()
    assert (present["charter_version"], present["purpose"]) == (2, "Better.")
    first = (await house.get(f"/v1/unions/{union['id']}/charter", version=1)).json()
    assert (first["hash"], first["in_force"]) == (union["charter_hash"], False)
    rows = await house.rows(
        "SELECT data FROM outbox WHERE type = 'union' AND key = $1 ORDER BY position", union["id"]
    )
    assert [json.loads(row["data"])["version"] for row in rows] == [1, 2]


async def test_an_amendment_that_changes_nothing_makes_no_version(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Unchanged")
    assert (await amend(founder, union, {"purpose": "Work together."})).json()["version"] == 1


async def test_an_amendment_needs_the_version_that_was_read(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Preconditions")
    without = await founder.act("PATCH", f"/v1/unions/{union['id']}/charter", {"purpose": "P"})
    assert (without.status_code, without.json()["type"]) == (428, "/problems/precondition-required")
    stale = await amend(founder, union, {"purpose": "P"}, '"7"')
    assert (stale.status_code, stale.json()["etag"]) == (412, '"1"')


async def test_only_the_founder_amends_and_only_signed(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Founders Alone")
    refused = await amend(member, union, {"purpose": "Mine."})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/founder-only")
    unsigned = await founder.ask(
        "PATCH", f"/v1/unions/{union['id']}/charter", {"purpose": "P"}, **{"if-match": '"1"'}
    )
    assert unsigned.json()["type"] == "/problems/act-unsigned"


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"parameters": {"supply_minor": "1"}}, 409, "parameter-fixed"),
        ({"parameters": {"token_symbol": "NEW"}}, 409, "parameter-fixed"),
        ({"parameters": {"joining_grant_minor": "20000000000000"}}, 400, "parameter-refused"),
        ({"parameters": {"review_seconds": 0}}, 422, "malformed-body"),
        ({"parameters": {"rake": 1}}, 422, "malformed-body"),
        ({"bylaws": "x" * 50_001}, 422, "malformed-body"),
        ({"values": ["x"] * 21}, 422, "malformed-body"),
        ({"name": "other"}, 422, "malformed-body"),
    ],
)
async def test_an_amendment_outside_the_rules_is_refused(
    house: IdentityHouse, body: dict[str, object], status: int, problem: str
) -> None:
    founder = await house.member()
    refused = await amend(founder, await founder.found("Limits"), body)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}")


async def test_a_charter_version_that_never_was_is_not_found(house: IdentityHouse) -> None:
    union = await (await house.member()).found("Versions")
    refused = await house.get(f"/v1/unions/{union['id']}/charter", version=9)
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/charter-version-not-found")


async def test_from_the_tenth_member_on_the_founder_no_longer_amends_alone(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Ten Members")
    members = [await house.member() for _ in range(9)]
    for member in members[:8]:
        assert (await member.join(union)).status_code == 201
    assert (await amend(founder, union, {"purpose": "Still free."})).status_code == 200
    assert (await members[8].join(union)).status_code == 201
    refused = await amend(founder, union, {"purpose": "Too late."}, '"2"')
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/charter-needs-decision")
    assert refused.json()["members"] == 10
