"""What one's device signed: of every service in one list, and each act as a file that proves itself."""

from base64 import b64decode
from datetime import timedelta
from typing import Any

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from chassis.device_acts.positions import SECONDS_MAX
from chassis.pages import encode_cursor
from guildhall.verify.acts import check_act
from tests.flows.guild import found_guild, problem, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


def acts_of(who: Persona) -> str:
    return f"/v1/me/devices/{who.device.key_id}/acts"


async def whole(deployment: WholeDeployment, who: Persona, path: str, **wanted: str | int) -> dict[str, Any]:
    """Once every service has answered in time: a busy machine's do not always."""
    return well(
        await deployment.eventually(
            lambda: who.get(path, **wanted), lambda told: told.json()["missing"] == []
        )
    )


async def test_what_a_device_signed_is_one_list_of_all_services(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Signers")
    member = await guild.join("member")
    well(await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
    await guild.agree(guild.founder, member, 3)

    told = await whole(deployment, guild.founder, acts_of(guild.founder))
    assert told["next_cursor"] is None
    accepted, *_ = [one for one in told["items"] if one["path"].endswith("/acceptance")]
    assert accepted["services"] == ["ledger", "market"], "passed on, and one row all the same"
    assert accepted["id"].startswith("market.")
    assert accepted["union"] == guild.union["slug"]
    [founded] = [one for one in told["items"] if one["path"] == "/v1/unions"]
    assert (founded["method"], founded["union"], founded["services"]) == ("POST", None, ["identity"])

    own = await whole(deployment, member, acts_of(member))
    assert {service for one in own["items"] for service in one["services"]} == {"identity", "graph", "market"}
    times = [one["signed_at"] for one in own["items"]]
    assert times == sorted(times, reverse=True)


async def test_its_pages_lose_nothing_and_repeat_nothing(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Pages")
    member = await guild.join("member")
    for _ in range(3):
        well(await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
        well(await member.act("PUT", f"{guild.path}/voice", {"leader": str(guild.founder.id)}))
        named = await member.act("PATCH", f"/v1/me/devices/{member.device.key_id}", {"name": "Loom"})
        assert named.status_code == 204
    every = (await whole(deployment, member, acts_of(member)))["items"]
    assert len(every) == 10
    paged: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await whole(deployment, member, acts_of(member), limit=3, **cursor)
        assert len(page["items"]) <= 3
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert paged == every


async def test_an_act_is_given_whole_with_its_certificate(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Files")
    body = {"leader": str(guild.founder.id)}
    member = await guild.join("member")
    well(await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
    well(await member.act("PUT", f"{guild.path}/voice", body))
    [row] = [
        one
        for one in (await whole(deployment, member, acts_of(member)))["items"]
        if one["path"].endswith("/voice")
    ]
    answer = await member.get(f"{acts_of(member)}/{row['id']}")
    assert answer.headers["content-disposition"].startswith("attachment")
    file = well(answer)
    assert (file["kind"], file["act"]["service"], file["act"]["method"]) == ("act", "graph", "PUT")
    assert orjson.loads(b64decode(file["act"]["body"])) == body
    assert file["act"]["target_uri"] == f"{deployment.public_url}{guild.path}/voice"
    assert file["certificate"]["issuer"] == member.wallet.address
    assert file["certificate"]["device_public_key"] == member.device.public_key


async def test_a_device_is_nobodys_but_its_members(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Strangers")
    member = await guild.join("member")
    [act, *_] = (await whole(deployment, member, acts_of(member)))["items"]
    for path in (acts_of(member), f"/v1/me/devices/{member.device.key_id}/certificates"):
        assert problem(await guild.founder.get(path)) == (404, "device-key-not-found")
        assert problem(await deployment.http.get(path)) == (401, "unauthenticated")
    assert problem(await guild.founder.get(f"{acts_of(member)}/{act['id']}")) == (404, "not-found")
    # Also under a device of the asker's own.
    assert problem(await guild.founder.get(f"{acts_of(guild.founder)}/{act['id']}")) == (404, "not-found")


async def test_what_is_asked_wrongly_is_refused(deployment: WholeDeployment) -> None:
    member = (await found_guild(deployment, "Guild of Questions")).founder
    for wanted in ("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=WzFd", "cursor=WyJ4IiwieCJd"):
        answer = await member.get(f"{acts_of(member)}?{wanted}")
        assert answer.status_code == 400, wanted
    nonce = "A" * 22
    for out_of_range in (
        (SECONDS_MAX + 1, nonce),
        (-1, nonce),
        (10**17, nonce),
        (1, "short"),
        (1, nonce + "\0"),
    ):
        answer = await member.get(acts_of(member), cursor=encode_cursor(out_of_range))
        assert problem(answer) == (400, "cursor-invalid"), out_of_range
    assert well(await member.get(acts_of(member), cursor=encode_cursor((SECONDS_MAX, nonce))))["items"]
    refused = await member.send("POST", acts_of(member))
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    for act in ("nobody.AAAAAAAAAAAAAAAAAAAAAA", "market.AAAAAAAAAAAAAAAAAAAAAA", "market.short", "x"):
        assert (await member.get(f"{acts_of(member)}/{act}")).status_code == 404, act


async def test_a_revoked_device_is_listed_apart_with_what_it_signed(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Thieves")
    lost = await guild.join("lost")
    phone = deployment.stranger("phone")
    phone.wallet = lost.wallet
    assert (await phone.act("DELETE", f"/v1/me/devices/{lost.device.key_id}")).status_code == 204
    [left] = well(await phone.get("/v1/me/devices"))["items"]
    assert (left["key_id"], left["revoked_at"]) == (phone.device.key_id, None)
    [gone] = well(await phone.get("/v1/me/devices", revoked="true"))["items"]
    assert gone["key_id"] == lost.device.key_id
    assert gone["revoked_at"] is not None
    told = await whole(deployment, phone, acts_of(lost))
    assert [one["path"] for one in told["items"]] == [f"{guild.path}/memberships"]


async def test_a_service_that_does_not_answer_is_named(
    deployment: WholeDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = await found_guild(deployment, "Guild of Silence")
    member = await guild.join("member")
    well(await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
    listed = (await whole(deployment, member, acts_of(member)))["items"]
    [backed] = [one for one in listed if one["services"] == ["graph"]]
    services = deployment.deployment.gateway._services  # type: ignore[union-attr]  # pyright: ignore

    async def away(scope: Scope, receive: Receive, send: Send) -> None:
        raise OSError("no route")

    monkeypatch.setitem(services, "graph", away)
    told = well(
        await deployment.eventually(
            lambda: member.get(acts_of(member)), lambda answer: answer.json()["missing"] == ["graph"]
        )
    )
    assert [one["path"] for one in told["items"]] == [f"{guild.path}/memberships"]
    assert problem(await member.get(f"{acts_of(member)}/{backed['id']}")) == (503, "unavailable")


async def test_the_file_is_verified_without_the_house(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Proofs")
    smith = await guild.join("smith")
    potter = await guild.join("potter", by_passkey=True)
    for member, is_signed in ((smith, True), (potter, False)):
        well(await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
        rows = (await whole(deployment, member, acts_of(member)))["items"]
        for row in rows:
            checked = check_act(well(await member.get(f"{acts_of(member)}/{row['id']}")))
            assert (checked.method, checked.is_signed) == (row["method"], is_signed)
            assert checked.target_uri == f"{deployment.public_url}{row['path']}"
    # The passkey was made with the first session; now it signs.
    deployment.clock.advance(timedelta(seconds=1))
    await potter.sign_in()
    deployment.clock.advance(timedelta(seconds=1))
    well(await potter.act("PUT", f"{guild.path}/voice", {"leader": str(guild.founder.id)}))
    [row, *_] = (await whole(deployment, potter, acts_of(potter)))["items"]
    checked = check_act(well(await potter.get(f"{acts_of(potter)}/{row['id']}")))
    assert (checked.issuer_kind, checked.is_signed) == ("passkey", True)
    paid = await guild.agree(guild.founder, smith, 2)
    assert paid
    accepted, *_ = [
        one
        for one in (await whole(deployment, guild.founder, acts_of(guild.founder)))["items"]
        if one["path"].endswith("/acceptance")
    ]
    for service in accepted["services"]:
        nonce = accepted["id"].partition(".")[2]
        file = well(await guild.founder.get(f"{acts_of(guild.founder)}/{service}.{nonce}"))
        assert check_act(file).key == guild.founder.wallet.address
