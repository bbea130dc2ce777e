"""A member's devices: seen, and revoked everywhere within a second, while the others go on."""

import time

import pytest

from tests.flows.guild import found_guild, problem, well
from tests.flows.replicas import gateway_replica, service_replica
from tests.flows.test_revocation import ME, SECOND, refused_within
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

DEVICES = "/v1/me/devices"


async def on_another_device(deployment: WholeDeployment, member: Persona) -> Persona:
    """The same wallet with a device key of its own."""
    other = deployment.stranger(f"{member.name}, elsewhere")
    other.wallet = member.wallet
    await other.sign_in()
    assert other.id == member.id
    return other


@pytest.fixture
async def member(deployment: WholeDeployment) -> Persona:
    return await deployment.persona("member")


async def test_devices_are_listed_and_the_one_that_asks_is_marked(
    deployment: WholeDeployment, member: Persona
) -> None:
    other = await on_another_device(deployment, member)
    listed = well(await member.get(DEVICES))["items"]
    marked = {one["key_id"]: one["is_this"] for one in listed}
    assert marked == {member.session["device_key_id"]: True, other.session["device_key_id"]: False}
    assert {one["sessions_count"] for one in listed} == {1}
    assert all(one["last_seen_at"] is not None for one in listed)


async def test_a_revoked_device_is_refused_everywhere_within_a_second_and_the_other_goes_on(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Locksmiths")
    member = await guild.join("member")
    lost = await on_another_device(deployment, member)
    backing = f"{guild.path}/backlinks/{guild.founder.id}"
    async with gateway_replica(deployment) as second, service_replica(deployment, "graph"):
        there = second.through(lost)
        assert (await there.act("PUT", backing)).status_code < 300
        gone = await member.act("DELETE", f"{DEVICES}/{lost.session['device_key_id']}")
        assert gone.status_code == 204, gone.text
        revoked_at = time.monotonic()
        await refused_within(lambda: there.get(ME), 401)
        await refused_within(lambda: lost.act("DELETE", backing), 401)
        assert time.monotonic() - revoked_at < SECOND
        assert (await member.get(ME)).status_code == 200
        assert (await member.act("DELETE", backing)).status_code == 204
        await second.close(there)
    refreshed = await deployment.http.post(
        "/v1/auth/refreshes", json={"refresh_token": lost.session["refresh_token"]}
    )
    assert problem(refreshed) == (401, "refresh-token-refused")
    again = await member.act("DELETE", f"{DEVICES}/{lost.session['device_key_id']}")
    assert again.status_code == 204, "a repeat changes nothing"
    assert len(well(await member.get(DEVICES))["items"]) == 1


async def test_a_revoked_key_is_never_certified_again(deployment: WholeDeployment, member: Persona) -> None:
    lost = await on_another_device(deployment, member)
    assert (await member.act("DELETE", DEVICES)).status_code == 204
    with pytest.raises(AssertionError, match="device-key-revoked"):
        await lost.sign_in()
    assert [one["is_this"] for one in well(await member.get(DEVICES))["items"]] == [True]


async def test_the_device_that_asks_may_revoke_itself(deployment: WholeDeployment, member: Persona) -> None:
    assert (await member.act("DELETE", f"{DEVICES}/{member.session['device_key_id']}")).status_code == 204
    await refused_within(lambda: member.get(ME), 401)


async def test_anothers_device_is_not_there_and_acts_are_signed(
    deployment: WholeDeployment, member: Persona
) -> None:
    other = await deployment.persona("other")
    path = f"{DEVICES}/{other.session['device_key_id']}"
    assert problem(await member.act("DELETE", path)) == (404, "device-key-not-found")
    assert problem(await member.act("DELETE", f"{DEVICES}/nobodys")) == (404, "device-key-not-found")
    for where in (path, DEVICES):
        assert (await member.send("DELETE", where)).status_code == 401, "a token alone revokes nothing"
    assert (await deployment.http.get(DEVICES)).status_code == 401
    assert (await other.get(ME)).status_code == 200
