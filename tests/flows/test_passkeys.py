"""Members who have a passkey and no wallet: everything that binds, they do, and no service asks for more."""

from datetime import timedelta
from uuid import uuid4

from tests.flows.guild import FOUNDERS_SHARE, GRANT, Guild, found_guild, problem, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


async def guild_of_passkeys(deployment: WholeDeployment, name: str) -> Guild:
    return await found_guild(deployment, name, by_passkey=True)


async def on_another_device(deployment: WholeDeployment, member: Persona) -> Persona:
    """The same passkey, synced to a device with a key of its own."""
    other = deployment.stranger(f"{member.name}, elsewhere")
    other.passkey = member.passkey
    await other.sign_in()
    assert other.id == member.id
    return other


async def test_they_found_join_back_and_pay(deployment: WholeDeployment) -> None:
    guild = await guild_of_passkeys(deployment, "Guild of Printers")
    member = await guild.join("member", by_passkey=True)
    await guild.act(member, "PUT", f"/backlinks/{guild.founder.id}")
    await guild.act(member, "PUT", "/voice", {"leader": str(guild.founder.id)})
    assert (await guild.read(member, "/voice"))["leader_id"] == str(guild.founder.id)
    ends = {"debit_account": f"members/{guild.founder.id}", "credit_account": f"members/{member.id}"}
    transfer = {"id": str(uuid4()), "code": "pay", **ends, **guild.money(7)}
    await guild.act(guild.founder, "POST", "/transfers", {"transfers": [transfer]})
    assert await guild.balance(member) == GRANT + 7
    assert await guild.balance(guild.founder) == FOUNDERS_SHARE - 7


async def test_what_they_sign_to_market_and_funding_debits_them_at_the_ledger(
    deployment: WholeDeployment,
) -> None:
    guild = await guild_of_passkeys(deployment, "Guild of Binders")
    employer, worker = await guild.join("employer", by_passkey=True), await guild.join("worker")
    agreement = await guild.agree(employer, worker, 100)
    await guild.deliver(worker, agreement)
    assert well(await guild.pay(employer, agreement))["state"] == "paid"
    project = await guild.propose(worker, 500, timedelta(days=3))
    await guild.pledge(employer, project, 20)
    assert await guild.balance(employer) == GRANT - 120


async def test_another_device_is_certified_by_the_passkeys_signature_and_pays_too(
    deployment: WholeDeployment,
) -> None:
    guild = await guild_of_passkeys(deployment, "Guild of Engravers")
    employer, worker = await guild.join("employer", by_passkey=True), await guild.join("worker")
    elsewhere = await on_another_device(deployment, employer)
    await guild.agree(elsewhere, worker, 10)
    assert await guild.balance(employer) == GRANT - 10
    devices = well(await employer.get("/v1/me/devices"))["items"]
    assert {one["key_id"] for one in devices} == {
        employer.session["device_key_id"],
        elsewhere.session["device_key_id"],
    }


async def test_a_wallets_member_adds_a_passkey_and_goes_on_by_it(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Founders")
    member, worker = await guild.join("member"), await guild.join("worker")
    added = deployment.stranger("the same device")
    added.device, added.passkey = member.device, deployment.authenticator()
    _, body = added.by_passkey(await added.http.post("/v1/auth/nonces"))
    made = well(await member.act("POST", "/v1/me/passkeys", body | {"name": "Phone"}))
    assert [own["name"] for own in well(await member.get("/v1/me/passkeys"))["items"]] == ["Phone"]
    await added.sign_in()
    assert added.id == member.id
    await guild.agree(added, worker, 10)
    removed = await member.act("DELETE", f"/v1/me/passkeys/{made['id']}")
    assert well(removed)["removed_at"] is not None
    await deployment.advance(timedelta(days=7, seconds=1))
    nonce = await added.http.post("/v1/auth/nonces")
    cookie = "; ".join(f"{name}={value}" for name, value in nonce.cookies.items())
    added.http.cookies.clear()
    path, body = added.by_passkey(nonce)
    refused = await added.http.post(f"/v1/auth/{path}", json=body, headers={"cookie": cookie})
    assert problem(refused) == (401, "passkey-unknown")


async def test_the_session_is_renewed_by_the_passkey_after_its_token_ended(
    deployment: WholeDeployment,
) -> None:
    guild = await guild_of_passkeys(deployment, "Guild of Bookmen")
    session = guild.founder.session["session_id"]
    await deployment.advance(timedelta(minutes=11))
    assert well(await guild.founder.get("/v1/me"))["session_id"] != session
