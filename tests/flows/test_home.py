"""What a phone opens: one answer of several services, whole where all answer, honest where one does not."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.flows.guild import found_guild, problem, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

HOME = "/v1/home"
DEPLOYMENT_SETTINGS = {"gateway": {"home_wait_ms": 1_500}}


async def whole(deployment: WholeDeployment, who: Persona, path: str) -> dict[str, Any]:
    """Once every service has answered in time: a busy machine's do not always."""
    answer = await deployment.eventually(lambda: who.get(path), lambda told: told.json()["missing"] == [])
    return well(answer)


async def test_a_members_home_is_who_they_are_and_where(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Potters")
    home = await whole(deployment, guild.founder, HOME)
    assert home["me"] == well(await guild.founder.get("/v1/me"))
    assert [one["union_id"] for one in home["memberships"]] == [guild.union["id"]]


async def test_a_home_in_a_union_is_what_each_service_says(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Masons")
    member = await guild.join("member")
    well(await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"))
    well(await member.act("PUT", f"{guild.path}/voice", {"leader": str(guild.founder.id)}))
    agreement = await guild.agree(guild.founder, member, 3)
    home = await deployment.eventually(
        lambda: member.get(f"{guild.path}/home"),
        lambda told: [one["id"] for one in told.json().get("work_due") or []] == [agreement],
    )
    assert home.status_code == 200
    told = await whole(deployment, member, f"{guild.path}/home")
    assert told["union"]["slug"] == guild.union["slug"]
    assert (told["membership"]["role"], told["membership"]["state"]) == ("member", "active")
    assert told["voice"]["leader_id"] == str(guild.founder.id)
    assert told["accounts"] == well(await member.get(f"{guild.path}/accounts"))["items"]
    assert told["projects"] == []
    by_slug = await whole(deployment, member, f"/v1/unions/{guild.union['slug']}/home")
    assert by_slug["membership"] == told["membership"]

    well(await member.act("POST", f"{guild.path}/agreements/{agreement}/deliveries", {"note": "Done."}))
    employers = await deployment.eventually(
        lambda: guild.founder.get(f"{guild.path}/home"),
        lambda answer: [one["id"] for one in answer.json()["work_due"] or []] == [agreement],
    )
    assert employers.json()["work_due"][0]["state"] == "delivered"
    assert (await whole(deployment, member, f"{guild.path}/home"))["work_due"] == []


async def test_a_stranger_sees_the_union_and_has_nothing_in_it(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Tanners")
    stranger = await deployment.persona("stranger")
    told = await whole(deployment, stranger, f"{guild.path}/home")
    assert told["union"]["name"] == "Guild of Tanners"
    nothing = ("membership", "accounts", "work_due", "projects", "voice")
    assert {told[name] for name in nothing} == {None}


async def test_who_may_not_ask_and_what_is_not_there(deployment: WholeDeployment) -> None:
    member = await deployment.persona("member")
    for path in (HOME, "/v1/unions/nobodys/home"):
        assert problem(await deployment.http.get(path)) == (401, "unauthenticated")
        forged = await deployment.http.get(path, headers={"authorization": "Bearer nonsense"})
        assert problem(forged) == (401, "unauthenticated")
        refused = await member.send("POST", path)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert problem(await member.get("/v1/unions/nobodys/home")) == (404, "union-not-found")


@pytest.mark.parametrize("how", ["hangs", "fails", "is away"])
async def test_a_service_that_does_not_answer_is_named_and_the_rest_is_there(
    deployment: WholeDeployment, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guild = await found_guild(deployment, f"Guild of {how.title()}")
    services = deployment.deployment.gateway._services  # type: ignore[union-attr]  # pyright: ignore

    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if how == "hangs":
            await asyncio.sleep(30)
        if how == "is away":
            raise OSError("no route")
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})

    monkeypatch.setitem(services, "graph", broken)
    answered: httpx.Response = await deployment.eventually(
        lambda: guild.founder.get(f"{guild.path}/home"), lambda answer: bool(answer.json().get("accounts"))
    )
    told = well(answered)
    assert told["missing"] == ["graph"]
    assert (told["standing"], told["voice"]) == (None, None)
    assert told["membership"]["role"] == "founder"
    assert answered.headers["cache-control"] == "no-store"
